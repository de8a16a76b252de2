"""Compare what came of Pyroscope's clients with what they sent.

usage: pyro.py OUT TRIP

writes OUT/FACT for each function marked as a fact below: a line for every
request it does not hold for, then "N requests, M wrong". TRIP is a directory
that a trip of t/data/pyro through the programs has left:
    sent        what t/bin/send -q printed
    pyro.log    prof-pyro's log
    outbox/     what prof-ship delivered

t/data/oracle/pyroscope is what the reference's code makes of the same bytes.
Where we differ:
    names with dots in their labels, and gzipped JFR, are taken
    a profile stays one: the sample labels, by which the reference takes it
        apart, and its other sample types stay in it
    frames keep their lines and directories
"""

import base64
import gzip
import json
import os
import re
import subprocess
import sys

import facts
import form
import pprof
from requests import nanoseconds

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
ORACLE = os.path.join(DATA, "oracle/pyroscope")

# What the reference calls a sample type.
TYPES = {"cpu": "samples", "goroutines": "goroutine",
         "block_count": "contentions", "block_duration": "delay",
         "mutex_count": "contentions", "mutex_duration": "delay"}

FILES = {"pyro-go-1.0.2-cpu": ["cpu.pprof"],
         "pyro-go-1.0.2-goroutine": ["goroutines.pprof"],
         "pyro-go-1.0.2-heap": ["delta-heap.pprof"],
         "pyro-go-1.0.2-mutex": ["delta-mutex.pprof"],
         "pyro-go-1.0.2-block": ["delta-block.pprof"],
         "curl-ingest-groups": ["prof"],
         "curl-ingest-jfr-expect": ["auto.jfr"],
         "constructed-pyrojava-gzip": ["auto.jfr"],
         "pyro-node-0.4.13-wall": ["cpu.pprof"]}
NODE = ["cpu.pprof", "inuse_objects.pprof", "inuse_space.pprof"]
LANGUAGES = {"gospy": "golang", "nodespy": "nodejs", "javaspy": "java",
             "ebpfspy": "cpp", "pyroscope-rs": "rust"}


def read(path):
    with open(path, "rb") as f:
        return f.read()


def oracle(name):
    path = os.path.join(ORACLE, name + ".json")
    return json.loads(read(path)) if os.path.exists(path) else {"puts": None}


def outbox(where):
    """The delivered profiles: id to a dictionary of file name to bytes."""
    found = {}
    for at, _, files in os.walk(os.path.join(where, "outbox")):
        if "event.json" in files:
            found[os.path.basename(at).split("-", 1)[1]] = {
                name: read(os.path.join(at, name)) for name in files}
            found[os.path.basename(at).split("-", 1)[1]][""] = at
    return found


def logged(where):
    """The ids of what each request became, in order: lists, by remote."""
    found = {}
    for line in read(os.path.join(where, "pyro.log")).decode().splitlines():
        m = re.search(r' id=(\S+) msg="(part )?received" remote=(\S+) ', line)
        if m:
            found.setdefault(m[3], []).append(m[1])
    return list(found.values())


class Trip:
    def __init__(self, path, status, answer, ids, delivered):
        self.name = self.label = os.path.basename(path).removesuffix(".http")
        self.status, self.answer = status, answer
        self.sent = form.Request(read(path))
        self.is_push = "/push.v1" in self.sent.target
        self.ids = ids
        self.profiles = [delivered[i] for i in ids if i in delivered]
        self.events = [json.loads(p["event.json"]) for p in self.profiles]
        self.oracle = oracle(self.name)

    def tags(self, i=0):
        return dict(form.split_tags(self.events[i]["tags_profiler"]))

    def spy(self):
        m = re.search(r"spyName=([^&]*)", self.sent.target)
        return m[1] if m else None


def trips(where):
    lines = read(os.path.join(where, "sent")).decode().splitlines()
    ids, delivered = logged(where), outbox(where)
    assert len(ids) == len(lines), f"{len(lines)} sent, {len(ids)} in the log"
    found = [Trip(line.split(" ")[1], line.split(" ")[0],
                  line.split(" ", 2)[2], ids[i], delivered)
             for i, line in enumerate(lines)]
    extra = set(delivered) - {i for t in found for i in t.ids}
    assert not extra, f"delivered, but not received: {extra}"
    return found


# Bytes of a request.

def body(trip):
    """Without Content-Encoding, but as compressed as the profile is."""
    return trip.sent.body


def sent_files(trip):
    """The profiles in a request, as their client made them."""
    if trip.is_push:
        return pushed(trip)
    if "multipart" in (trip.sent.header("content-type") or ""):
        return [p.content for p in trip.sent.parts()
                if p.name in ("profile", "jfr")]
    return [body(trip)]


def pushed(trip):
    message = trip.sent.body
    kind = trip.sent.header("content-type")
    if trip.sent.header("content-encoding") == "gzip":
        message = gzip.decompress(message)
    if "json" in kind:
        return [base64.b64decode(sample["rawProfile"])
                for series in json.loads(message)["series"]
                for sample in series["samples"]]
    if "grpc-web" in kind:
        message = message[5:]
    return [raw for _, series in pprof.fields(message)
            for n, sample in pprof.fields(series) if n == 2
            for m, raw in pprof.fields(sample) if m == 1]


# Stacks of a profile.

def profile(path):
    """Sample types; and {(stack, labels): values}, lines cut off the frames."""
    say = ["pprof", "sums", path], ["pprof", "stacks", path]
    sums, stacks = (subprocess.run(args, check=True, text=True,
                                   capture_output=True).stdout for args in say)
    types = [line.split("/")[0] for line in sums.splitlines()
             if re.fullmatch(r"\S+/\S* -?\d+", line)]
    found = {}
    for line in stacks.splitlines():
        m = re.fullmatch(r"(.*?)((?: \{[^{}]*\})*) \[([-0-9 ]*)\]", line)
        frames = [re.sub(r":-?\d+$", "", f) for f in m[1].split(";")]
        text = [part for part in re.findall(r"\{([^{}]*)\}", m[2])
                if "=[" not in part]
        key = (";".join(frames), frozenset(" ".join(text).split()))
        values = [int(v) for v in m[3].split()]
        before = found.get(key, [0] * len(values))
        found[key] = [a + b for a, b in zip(before, values)]
    return types, found


def base(stack):
    """Frames by the base names of their files, as the oracle has Node's."""
    return ";".join(f.rsplit("/", 1)[-1] for f in stack.split(";"))


def differences(put, own, paths):
    """What of a put is not in these profiles."""
    kind = put["app_name"].rsplit(".", 1)[1]
    kind = TYPES.get(kind, kind)
    want = {}
    for line in put["collapsed"]:
        stack, value = line.rsplit(" ", 1)
        want[base(stack)] = want.get(base(stack), 0) + int(value)
    labels = {f"{k}={v}" for k, v in put["labels"].items()
              if k != "__name__" and k not in own}
    for path in paths:
        types, stacks = profile(path)
        if kind not in types:
            continue
        got, at = {}, types.index(kind)
        for (stack, text), values in stacks.items():
            if text == labels and values[at] != 0:
                got[base(stack)] = got.get(base(stack), 0) + values[at]
        if got != want:
            yield f"{put['app_name']} {labels}: {got}, not {want}"
        if sum(got.values()) != put["samples_total"]:
            yield f"{put['app_name']}: total {sum(got.values())}"
        return
    yield f"no {kind} in {paths}"


fact = facts.Facts()


@fact
def delivered_once(trip):
    if trip.status != "200":
        yield f"answered {trip.status} {trip.answer}"
    if len(trip.profiles) != len(trip.ids) or len(set(trip.ids)) != \
       len(trip.ids) or not trip.ids:
        yield f"{trip.ids} were received, {len(trip.profiles)} delivered"
    if trip.is_push and len(trip.ids) != len(sent_files(trip)):
        yield f"{len(trip.ids)} records of {len(sent_files(trip))} profiles"


@fact
def answers(trip):
    want = ""
    if trip.is_push and "json" in trip.sent.header("content-type"):
        want = "{}"
    if trip.answer != want:
        yield f"the answer is {trip.answer!r}"


@fact
def file_names(trip):
    """The reference's names; the outbox adds what opens a gzipped JFR."""
    want = FILES.get(trip.name, ["auto.pprof"])
    if trip.spy() == "nodespy" and trip.name not in FILES:
        want = NODE
    for event, files in zip(trip.events, trip.profiles):
        names = sorted(n.removesuffix(".gz") for n in files
                       if n not in ("", "event.json"))
        if event["attachments"] != want or names != want:
            yield f"{event['attachments']} and {names}, not {want}"


@fact
def untouched(trip):
    """pprof and JFR pass byte for byte."""
    sent = sent_files(trip)
    got = [data for p in trip.profiles for name, data in sorted(p.items())
           if name not in ("", "event.json")]
    if "groups" in trip.name:
        return
    if "heap" in trip.name and trip.spy() == "nodespy":
        return
    for file in sent:
        if file not in got:
            yield f"none of {[len(f) for f in got]} bytes is what was sent"


@fact
def stacks(trip):
    """As the reference's puts."""
    for put in trip.oracle["puts"] or []:
        own = re.search(r"\{(.*)\}", put["normalized_key"])[1]
        own = {pair.split("=")[0] for pair in own.split(",")} - \
            {"controller", "vehicle", "kind", "worker"}
        paths = [os.path.join(p[""], name) for p in trip.profiles
                 for name in p if name.endswith(".pprof")]
        if trip.name != "curl-ingest-groups":
            yield from differences(put, own, paths)
        elif "\n".join(put["collapsed"]) + "\n" != "".join(sorted(
                trip.profiles[0]["prof"].decode().splitlines(True))):
            yield f"prof is {trip.profiles[0]['prof']}"


@fact
def node_heap(trip):
    """Each of its two types has a file, with all the stacks it had."""
    if "heap" not in trip.name or trip.spy() != "nodespy":
        return
    path = os.path.join(trip.profiles[0][""], ".sent")
    with open(path, "wb") as f:
        f.write(sent_files(trip)[0])
    types, stacks_sent = profile(path)
    for at, kind in enumerate(types):
        kinds, got = profile(os.path.join(trip.profiles[0][""],
                                        kind + ".pprof"))
        want = {k: [v[at]] for k, v in stacks_sent.items() if v[at] != 0}
        if kinds != [kind] or got != want:
            yield f"{kind} is {kinds} {got}, not {want}"


@fact
def times(trip):
    """from and until; Node.js' 10 s before the CPU profile's from."""
    m = re.search(r"from=(\d+).*until=(\d+)", trip.sent.target)
    if trip.is_push or not m:
        return
    start, end = int(m[1]) * 10**9, int(m[2]) * 10**9
    if trip.spy() == "nodespy":
        start, end = start - 10 * 10**9, start
    event = trip.events[0]
    got = nanoseconds(event["start"]), nanoseconds(event["end"])
    if got != (start, end):
        yield f"{got}, not {(start, end)}"
    for put in trip.oracle["puts"] or []:
        if trip.spy() != "nodespy" and got != (put["start_ns"],
                                               put["end_ns"]):
            yield f"{got}, the reference's {put['start_ns']}"


@fact
def event_words(trip):
    for i, event in enumerate(trip.events):
        spy = trip.tags(i).get("spy_name")
        want = ("pyroscope", LANGUAGES.get(spy, "unknown"),
                "jfr" if "jfr" in trip.sent.target else
                "collapse" if "groups" in trip.name else "pprof")
        got = (event["profiler"], event["language"], event["format"])
        if got != want:
            yield f"{got}, not {want}"


@fact
def tags(trip):
    """The listener's, what the client says, its labels, its application."""
    for i, event in enumerate(trip.events):
        got = form.split_tags(event["tags_profiler"])
        names = [k for k, _ in got]
        if len(set(names)) != len(names) or any(n.startswith("__")
                                                for n in names):
            yield f"tags are {names}"
        want = {"env": "dev", "team": "ops"}
        if not trip.is_push:
            want.update(app_name=re.search(r"name=([\w.-]*)",
                                           trip.sent.target)[1],
                        spy_name=trip.spy())
            want["service"] = want["app_name"].removesuffix(".cpu")
        else:
            want["service"] = trip.tags(i)["service_name"]
        for put in trip.oracle["puts"] or []:
            for key, value in put["labels"].items():
                if key in ("region", "k"):
                    want[key] = value
        for key, value in want.items():
            if trip.tags(i).get(key) != value:
                yield f"{key} is {trip.tags(i).get(key)!r}, not {value!r}"
        if event.get("sub_custom_tags") != "team:ops":
            yield f"sub_custom_tags is {event.get('sub_custom_tags')}"


if __name__ == "__main__":
    fact.say(sys.argv[1], trips(sys.argv[2]))
