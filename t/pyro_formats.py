"""Post every file of t/data/formats, and look at what came of it.

usage: pyro_formats.py post ADDRESS    prints a line for each
       pyro_formats.py facts OUT TRIP  as pyro.py does; TRIP/sent has the lines

t/data/oracle/pyroscope and formats.json have what the reference's code makes
of them. Where we differ: a line of groups without a count is refused, not
skipped; so is a trie that ends where a child is to come; a count below zero
stays what it is; the value of a tree's root is that of the stack without
frames.
"""

import http.client
import json
import os
import sys

import facts
import form
from pyro import DATA, oracle, outbox, profile, read
from requests import nanoseconds

def cases():
    """Name, format, bytes, and the collapsed text expected; None: refused."""
    for name in sorted(os.listdir(os.path.join(DATA, "formats"))):
        if name.endswith(("trie", "tree")):
            puts = oracle("fmt-" + name)["puts"]
            yield (name, name.split(".")[1],
                   read(os.path.join(DATA, "formats", name)),
                   [line for line in puts[0]["collapsed"] if line])
    for case in json.loads(read(os.path.join(DATA, "formats/formats.json"))):
        for kind in ("trie", "tree"):
            if kind + "_hex" in case:
                yield (case["name"], kind, bytes.fromhex(case[kind + "_hex"]),
                       expected(case, kind))
        if "text" in case:
            yield (case["name"], case["name"].split(":")[0],
                   case["text"].encode(), expected(case, "text"))


def expected(case, kind):
    if "error" in case or "panic" in case or case["name"] in (
            "groups: no count", "trie: root with a value"):
        return None
    if kind == "text":
        return case["collapsed"].splitlines()
    if case["name"] == "tree: root self value":
        return [" 7"]
    return case.get(kind + "_decoded_in_order", case.get("decoded")) or []


def post(address):
    """Each as an eBPF agent's and as another's; a connection for each."""
    host, port = address.rsplit(":", 1)
    for i, (name, kind, data, want) in enumerate(cases()):
        for spy in ("ebpfspy", "pyspy"):
            c = http.client.HTTPConnection(host, int(port))
            c.request("POST", f"/ingest?name=case{i}.cpu{{k=v}}&format={kind}"
                      f"&from=1795341719&until=1795341729&spyName={spy}", data)
            answer = c.getresponse()
            print(json.dumps([f"case{i}", name, spy, want, answer.status,
                              answer.read().decode()]))
            c.close()


fact = facts.Facts()


class Case:
    def __init__(self, line, delivered):
        self.app, self.what, self.spy, self.want, self.status, self.answer = \
            json.loads(line)
        self.label = f"{self.what} ({self.spy})"
        self.profiles = [p for p in delivered if dict(form.split_tags(
            p["event"]["tags_profiler"]))["app_name"] == self.app + ".cpu" and
            f"spy_name:{self.spy}," in p["event"]["tags_profiler"]]


@fact
def case_answered(case):
    """What the reference refuses is 422 with a reason, and nothing is kept."""
    want = (422, 0) if case.want is None else (200, 1)
    if (case.status, len(case.profiles)) != want:
        yield f"{case.status}, {len(case.profiles)} delivered, not {want}"
    if case.want is None and not json.loads(
            case.answer)["error"]["message"]:
        yield f"the reason is {case.answer}"


@fact
def case_stacks(case):
    """The reference's stacks and counts, as text or as pprof."""
    if case.want is None or not case.profiles:
        return
    want = {}
    for line in case.want:
        stack, value = line.rsplit(" ", 1)
        value = int(value) - (int(value) >> 63 << 64)
        want[stack.rstrip(";")] = want.get(stack.rstrip(";"), 0) + value
    want = {k: v for k, v in want.items() if v}
    files = case.profiles[0]
    if case.spy == "ebpfspy":
        got = dict((line.rsplit(" ", 1)[0], int(line.rsplit(" ", 1)[1]))
                   for line in files["prof"].decode().splitlines())
    else:
        types, stacks_got = profile(os.path.join(files[""], "auto.pprof"))
        got = {k[0]: v[0] for k, v in stacks_got.items()}
        if types != ["samples"]:
            yield f"types are {types}"
    if got != want:
        yield f"{got}, not {want}"


@fact
def case_event(case):
    if case.want is None or not case.profiles:
        return
    event = case.profiles[0]["event"]
    want = (("cpp", "collapse", ["prof"]) if case.spy == "ebpfspy" else
            ("python", "pprof", ["auto.pprof"]))
    if (event["language"], event["format"], event["attachments"]) != want:
        yield f"the event is {event}"
    if (nanoseconds(event["start"]), nanoseconds(event["end"])) != \
       (1795341719 * 10**9, 1795341729 * 10**9):
        yield f"times are {event['start']}, {event['end']}"


def main():
    if sys.argv[1] == "post":
        post(sys.argv[2])
        return
    delivered = list(outbox(sys.argv[3]).values())
    for p in delivered:
        p["event"] = json.loads(p["event.json"])
    lines = read(os.path.join(sys.argv[3], "sent")).decode().splitlines()
    fact.say(sys.argv[2], [Case(line, delivered) for line in lines])


if __name__ == "__main__":
    main()
