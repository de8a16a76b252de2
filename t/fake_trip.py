"""Test requests.py on trips that are made up.

usage: fake_trip.py DIR

For each damage below a trip is made in DIR that is as the contract wants it
but for that; the fact that must notice it is seen to. Exits 1 where one does
not, or where one complains of a trip that is right.
"""

import json
import os
import shutil
import sys

import form
import requests


def plain(value):
    """A value of form.members as json.dump takes it."""
    if isinstance(value, form.Members):
        return {k: plain(v) for k, v in value}
    if isinstance(value, tuple):
        return float(value[1]) if "." in value[1] else int(value[1])
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value


class Shipped(requests.Trip):
    """A request and what will be written for it."""

    def __init__(self, conf, path, profile):
        self.name = os.path.basename(path).removesuffix(".http")
        self.id = profile
        self.tags = list(conf["profile.tags"].items())
        self.host_tags = list(conf["global_host_tags"].items())
        self.sent = form.Request(requests.read(path))
        self.sent_parts = self.sent.parts()
        self.sent_event = requests.event_of(self.sent_parts)
        self.oracle = json.loads(requests.read(os.path.join(
            requests.DATA, "oracle/requests", self.name + ".json")))
        self.target = requests.TARGET
        self.times = 1
        self.headers = [(n, v) for n, v in self.sent.headers
                        if n.lower() not in requests.DROPPED]
        self.headers += [("X-Prof-Id", profile),
                         ("X-Datakit-Version", "prof/0.1")]
        self.parts = [[p.headers, p.content, p.is_event()]
                      for p in self.sent_parts]
        self.json = plain(self.sent_event) if self.sent_event else {}
        self.json["tags_profiler"] = ",".join(
            f"{k}:{v}" for k, v in requests.expected_tags(self))
        self.fill()
        if self.is_form():
            self.parts.append([[(
                "Content-Disposition",
                'form-data; name="event"; filename="event.json"')], b"", True])

    def fill(self):
        fields = {p.name: p.text() for p in self.sent_parts if p.is_field()}
        names = [p.filename for p in self.sent_parts
                 if p.filename and not p.is_event()]
        names = [p.name[5:-1] if p.filename == "pprof-data" else p.filename
                 for p in self.sent_parts if p.filename in names]
        theirs = self.oracle["event_if_rewritten"]
        known = theirs["format"] != "unknown"
        for key, value in (
                ("format", theirs["format"] if known
                 else fields.get("format", "pprof")),
                ("language", self.oracle["language_any_of"][-1]),
                ("profiler", requests.expected_profiler(self)),
                ("attachments", names),
                ("start", theirs["start"]), ("end", theirs["end"])):
            self.json.setdefault(key, value)

    def body(self):
        boundary = self.sent.header("content-type").split("boundary=")[1]
        out = b""
        for headers, content, is_event in self.parts:
            if is_event:
                content = json.dumps(self.json).encode()
            out += b"--" + boundary.encode() + b"\r\n"
            for name, value in headers:
                out += f"{name}: {value}\r\n".encode()
            out += b"\r\n" + content + b"\r\n"
        return out + b"--" + boundary.encode() + b"--\r\n"

    def write(self, where):
        head = [f"POST {self.target} HTTP/1.1", "Host: 127.0.0.1:1"]
        head += [f"{n}: {v}" for n, v in self.headers]
        head.append(f"Content-Length: {len(self.body())}")
        stem = os.path.join(where, "sink", self.id + ".1.")
        with open(stem + "head", "w", encoding="latin-1", newline="") as f:
            f.write("\r\n".join(head) + "\r\n\r\n")
        with open(stem + "body", "wb") as f:
            f.write(self.body())
        with open(os.path.join(where, "sink", "log"), "a") as f:
            for n in range(self.times):
                f.write(f"1.000 200 {self.id} {n + 1} 1 0 0 POST x\n")


def as_reference(trip):
    trip.json = trip.oracle["event_if_rewritten"]


def shuffle(trip):
    tags = trip.json["tags_profiler"].split(",")
    trip.json["tags_profiler"] = ",".join(sorted(tags))


def swap(trip):
    trip.parts.reverse()


def one_bit(trip):
    for part in trip.parts:
        if not part[2] and len(part[1]) > 20:
            part[1] = part[1][:-1] + bytes([part[1][-1] ^ 1])


def lose_part(trip):
    trip.parts.remove([p for p in trip.parts if not p[2]][0])


def lose_event(trip):
    trip.parts = [p for p in trip.parts if not p[2]]


def late(trip):
    trip.json["end"] = trip.json["end"].replace("26-", "27-", 1)


def set_to(key, value):
    def damage(trip):
        trip.json[key] = value
    return damage


def leave_out(key):
    def damage(trip):
        trip.json.pop(key, None)
    return damage


def retag(old, new):
    def damage(trip):
        trip.json["tags_profiler"] = trip.json["tags_profiler"].replace(
            old, new)
    return damage


def unheader(*names):
    def damage(trip):
        trip.headers = [h for h in trip.headers if h[0].lower() not in names]
    return damage


# Name, what it does, and the fact that must notice. None: it is right.
DAMAGES = {
    "right": (lambda trip: None, None),
    "twice": (lambda trip: setattr(trip, "times", 2), "delivered_once"),
    "elsewhere": (lambda trip: setattr(trip, "target", "/x"), "addressed"),
    "other-id": (unheader("x-prof-id"), "addressed"),
    "header-lost": (unheader("accept-encoding", "dd-evp-origin"), "headers"),
    "header-more": (lambda trip: trip.headers.append(("Expect", "")),
                    "headers"),
    "bit": (one_bit, "attachments"),
    "part-lost": (lose_part, "attachments"),
    "event-lost": (lose_event, "event_keys"),
    "swapped": (swap, "event_in_place"),
    "key-lost": (leave_out("family"), "event_keys"),
    "key-changed": (set_to("family", "x"), "event_keys"),
    "touched": (lambda trip: None, "untouched"),
    "unfilled": (leave_out("language"), "event_complete"),
    "tag-lost": (retag("team:red", ""), "tags"),
    "tag-ours": (retag("env:prod", "env:test"), "tags"),
    "tag-theirs": (retag("service:", "service:x"), "tags_as_reference"),
    "late": (late, "times"),
    "language": (set_to("language", "java"), "language"),
    "random": (set_to("language", "java"), "wire_7_6_language"),
    "format": (set_to("format", "unknown"), "profile_format"),
    "profiler": (set_to("profiler", ""), "profiler"),
    "shuffled": (shuffle, "wire_7_6_order"),
    "listed": (set_to("attachments", ["event.json"]), "wire_7_12"),
    "leaked": (retag("team:red", "team:red,start:1"), "wire_7_13"),
    "nameless": (set_to("attachments", ["data[0]"]), "wire_7_14"),
    "reference-5": (as_reference, "wire_7_5"),
    "reference-12": (as_reference, "wire_7_12"),
    "reference-13": (as_reference, "wire_7_13"),
    "reference-14": (as_reference, "wire_7_14"),
}


# One of each kind.
SAMPLES = ["dd-js-5.132-tcp-gzip", "dd-js-4.8.1-form", "dd-go-1.43",
           "dd-go-1.41-form", "constructed-ddpy044", "constructed-ddpy117",
           "constructed-libdd-python-zstd", "constructed-pyspy",
           "constructed-ddjava-gzip", "curl-collapsed", "curl-asprof-jfr-gz"]


CONF = """[profile.tags]
env = prod
team = red
[global_host_tags]
host = web-1
rack = r7
"""


def make(where, damage, text):
    os.makedirs(os.path.join(where, "sink"))
    with open(os.path.join(where, "prof.conf"), "w") as f:
        f.write(text)
    conf = requests.configuration(where)
    with open(os.path.join(where, "sent.fake"), "w") as sent:
        for n, name in enumerate(SAMPLES):
            path = os.path.join(requests.DATA, "requests", name + ".http")
            profile = f"019e1f0c-6d3a-7c41-9a5e-{n:012x}"
            answer = json.dumps({"content": {"ProfileID": profile}})
            print(200, path, answer, file=sent)
            trip = Shipped(conf, path, profile)
            damage(trip)
            trip.write(where)


def main():
    missed = 0
    for name, (damage, noticed_by) in DAMAGES.items():
        where = os.path.join(sys.argv[1], name)
        # Without tags of ours nothing was to be written anew.
        make(where, damage, CONF if name != "touched" else "")
        trips = requests.trips(where)
        noticed = {check.__name__ for check in requests.fact
                   for trip in trips for _ in check(trip)}
        if noticed_by not in noticed if noticed_by else noticed:
            print(f"{name}: noticed by {noticed}, not {noticed_by}")
            missed += 1
        shutil.rmtree(where)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
