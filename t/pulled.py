"""What prof-pull has made.

usage: pulled.py list RECORD...
       pulled.py take DIR RECORD...
       pulled.py chain TYPE LOG KEPT RECORD...
       pulled.py sum NAME TYPE FUNCTION RECORD...

list   a line a record: ID REMOTE ATTACHMENTS START END TAGS OWN, after its
       form, event and header were looked at
take   write the attachments to DIR/ID.NAME, and say so
sum    add up what attachments of that name have of a sample type, on stacks
       with that function
chain  see that the deltas of one target lie side by side, each where the one
       before it ended, from the first profile that the target's log (of
       target.py) has to the one that is kept, and add up to what it grew by;
       no value is negative. A line says how many there are.

Each RECORD is a file of one record or several. Exits 1 with what is wrong.
"""

import json
import os
import re
import sys

import form
import pprof


def when(text):
    """RFC 3339 with any fraction as ns."""
    import datetime
    whole, fraction = re.fullmatch(r"(.{19})(?:\.(\d+))?Z", text).groups()
    seconds = datetime.datetime.fromisoformat(whole + "+00:00").timestamp()
    return int(seconds) * 10**9 + int((fraction or "0").ljust(9, "0"))


class Record:
    def __init__(self, data):
        head, _, rest = data.partition(b"\n\n")
        lines = head.decode().split("\n")
        assert lines[0] == "prof-record 1", lines[0]
        self.lines = [tuple(line.split(": ", 1)) for line in lines[1:]]
        length = int(self.one("length"))
        self.size = len(head) + 2 + length
        assert self.one("kind") == "profile" and self.one("source") == "pull"
        self.id = self.one("id")
        request = form.Request(
            b"POST / HTTP/1.1\r\nContent-Type: " +
            self.one("content-type").encode(), rest[:length])
        *self.parts, event = request.parts()
        assert event.name == "event" and event.filename == "event.json"
        self.event = json.loads(event.content)
        assert [p.filename for p in self.parts] == self.event["attachments"]
        assert all(p.name == p.filename for p in self.parts)
        assert (self.event["format"], self.event["profiler"],
                self.event["language"]) == ("pprof", "pprof", "golang")
        self.start = when(self.event["start"])
        self.end = when(self.event["end"])
        headers = [v for n, v in self.lines if n == "header"]
        assert headers[0] == f"X-Datakit-UnixNano: {self.start}", headers
        assert headers[1].startswith("X-Datakit-Version: prof/"), headers

    def one(self, name):
        values = [v for n, v in self.lines if n == name]
        assert len(values) == 1, f"{name}: {values}"
        return values[0]

    def profile(self, name):
        for part in self.parts:
            if part.filename == name:
                return pprof.Profile(part.content)
        return None


def records(files):
    for file in files:
        with open(file, "rb") as f:
            data = f.read()
        while data:
            record = Record(data)
            yield record
            data = data[record.size:]


def show(files):
    for r in sorted(records(files), key=lambda r: r.id):
        print(r.id, r.one("remote"), ",".join(r.event["attachments"]),
              r.event["start"], r.event["end"], r.event["tags_profiler"] or "-",
              r.event.get("sub_custom_tags", "-"))


def take(where, files):
    for r in records(files):
        for part in r.parts:
            name = os.path.join(where, f"{r.id}.{part.filename}")
            with open(name, "wb") as f:
                f.write(part.content)
            print(name)


def chain(kind, log, kept, files):
    value = "alloc_objects" if kind in ("heap", "allocs") else "contentions"
    with open(log) as f:
        seen = [line.split() for line in f]
    seen = {int(s[5]): int(s[6]) for s in seen
            if s[1].endswith("/" + kind) and len(s) == 7}
    with open(kept, "rb") as f:
        last = pprof.Profile(f.read())
    deltas = [(r, r.profile(f"delta-{kind}.pprof")) for r in records(files)]
    deltas = sorted((d.time, d, r) for r, d in deltas if d)
    assert deltas, "no delta"
    at = deltas[0][1].time - deltas[0][1].duration
    assert at in seen, f"{at} was never fetched"
    grown = 0
    for end, d, r in deltas:
        assert d.least() >= 0, f"{r.id}: {d.least()}"
        assert end - d.duration == at, f"{r.id}: from {end - d.duration}, " \
            f"and the one before to {at}"
        assert d.total(value) == seen[end] - seen[at], r.id
        # The event goes by the first of its profiles.
        assert r.parts[0].name != f"delta-{kind}.pprof" or (
            r.start, r.end) == (at // 1000 * 1000, end // 1000 * 1000), r.id
        grown += d.total(value)
        at = end
    assert at == last.time, f"kept is {last.time}, the last delta's {at}"
    print(f"{len(deltas)} deltas of {len(seen)} profiles, {grown} in all")


def add_up(name, kind, function, files):
    profiles = [r.profile(name) for r in records(files)]
    print(sum(p.total(kind, function) for p in profiles if p))


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    try:
        if command == "chain":
            chain(rest[0], rest[1], rest[2], rest[3:])
        elif command == "sum":
            add_up(*rest[:3], rest[3:])
        elif command == "take":
            take(rest[0], rest[1:])
        else:
            show(rest)
    except AssertionError as e:
        sys.exit(f"pulled.py: {e}")
