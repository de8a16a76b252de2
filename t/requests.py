"""Compare what a destination got with what clients sent and the reference says.

usage: requests.py OUT TRIP...

writes OUT/FACT for each function marked as a fact below: a line for every
request it does not hold for, then "N requests, M wrong". TRIP is a directory that a trip through the programs has left:
    prof.conf       the configuration used
    sent.TRANSPORT  what t/bin/send -q printed: STATUS FILE ANSWER
    sink/           what t/bin/sink kept
t/data/oracle/requests is what the reference's own code makes of the same
requests; the facts called wire_7_N are its mistakes, numbered as in
WIRE.md, section 7.
"""

import configparser
import datetime
import json
import os
import re
import sys

import facts
import form

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
TARGET = "/v1/upload/profiling?token=tkn_test&zone=a"

# Not sent on: of one connection, of framing, and secrets.
DROPPED = {"host", "content-length", "transfer-encoding", "connection",
           "keep-alive", "te", "trailer", "upgrade", "expect",
           "authorization", "cookie", "dd-api-key"}
OURS = {"host", "content-length", "x-prof-id", "x-datakit-version"}
FILLED = ["format", "language", "profiler", "attachments", "start", "end"]


class Trip:
    """One request's way from a client's bytes to the destination's."""

    def __init__(self, where, conf, transport, path, profile):
        self.name = os.path.basename(path).removesuffix(".http")
        self.label = f"{os.path.basename(where)} {transport} {self.name}"
        self.id = profile
        self.tags = list(conf["profile.tags"].items())
        self.host_tags = list(conf["global_host_tags"].items())
        self.sent = form.Request(read(path))
        self.logged = [line for line in log(where) if line[2] == profile]
        stem = os.path.join(where, "sink", profile + ".1.")
        self.got = form.Request(read(stem + "head"), read(stem + "body"))
        oracle = os.path.join(DATA, "oracle/requests", self.name + ".json")
        self.oracle = json.loads(read(oracle))
        self.sent_parts = self.sent.parts()
        self.got_parts = self.got.parts()
        self.sent_event = event_of(self.sent_parts)
        self.event = event_of(self.got_parts) or form.Members()

    def is_form(self):
        return self.sent_event is None

    def tags_field(self):
        return form.split_tags(self.event.get("tags_profiler") or "")


def read(path):
    with open(path, "rb") as f:
        return f.read()


def log(where):
    """The sink's log: lists of TIME STATUS ID N OPEN BYTES CRC METHOD TARGET."""
    text = read(os.path.join(where, "sink", "log")).decode()
    return [line.split(" ") for line in text.splitlines()]


def event_of(parts):
    events = [part for part in parts if part.is_event()]
    assert len(events) < 2, "two events"
    return form.members(events[0].text()) if events else None


def configuration(where):
    conf = configparser.ConfigParser(interpolation=None)
    conf.optionxform = str
    conf.read_dict({"profile.tags": {}, "global_host_tags": {}})
    conf.read(os.path.join(where, "prof.conf"))
    return conf


def trips(where):
    conf, found = configuration(where), []
    for name in sorted(os.listdir(where)):
        if not name.startswith("sent."):
            continue
        for line in read(os.path.join(where, name)).decode().splitlines():
            status, path, answer = line.split(" ", 2)
            assert status == "200", line
            profile = json.loads(answer)["content"]["ProfileID"]
            found.append(Trip(where, conf, name[len("sent."):], path,
                              profile))
    assert found, "nothing was sent"
    return found


# What the contract says must become of a request.

def client_tags(trip):
    """Its tags in its order: tags[], else the event's; fields fill gaps."""
    fields = [p for p in trip.sent_parts if p.is_field()]
    listed = [p.text() for p in fields if p.name == "tags[]"]
    if listed:
        tags = [form.split_tag(tag) for tag in listed]
    else:
        tags = form.split_tags(trip.sent_event.get("tags_profiler"))
    for field in fields:
        if re.fullmatch(r"tags\[\]|(types|data)\[.*\]", field.name):
            continue
        key, value = field.name, field.text()
        if key not in dict(tags):
            tags.append((key, value))
        tags = [(k, v or value) if k == key else (k, v) for k, v in tags]
    return tags


def expected_tags(trip):
    """The client's in its order, then ours as they are configured."""
    kept = []
    if not trip.is_form():
        kept = (trip.sent_event.get("sub_custom_tags") or "").split(",")
        kept = [form.split_tag(tag)[0] for tag in kept]
    ours = [(k, v) for k, v in trip.tags if k not in kept]
    tags = [(k, v) for k, v in client_tags(trip) if k not in dict(ours)]
    return tags + ours + [(k, v) for k, v in trip.host_tags
                          if k not in dict(tags + ours)]


def expected_profiler(trip):
    """The event's own, by tags, by signs of Datadog's tracers, or unknown."""
    if not trip.is_form() and trip.sent_event.get("profiler"):
        return trip.sent_event.get("profiler")
    tags = dict(expected_tags(trip))
    datadog = any(p.name == "tags[]" for p in trip.sent_parts) or \
        any(n.lower().startswith(("dd-", "datadog-"))
            for n, _ in trip.sent.headers)
    return tags.get("library_type") or tags.get("profiler") or \
        ("ddtrace" if datadog else "unknown")


def rewritten(trip):
    return trip.is_form() or expected_tags(trip) != client_tags(trip)


# Each yields a sentence for every request it does not hold for.

fact = facts.Facts()


@fact
def delivered_once(trip):
    if [line[1] for line in trip.logged] != ["200"]:
        yield f"the log says {trip.logged}"


@fact
def addressed(trip):
    if (trip.got.method, trip.got.target) != ("POST", TARGET):
        yield f"went to {trip.got.method} {trip.got.target}"
    if trip.got.header("x-prof-id") != trip.id:
        yield f"X-Prof-Id is {trip.got.header('x-prof-id')}, not {trip.id}"


@fact
def headers(trip):
    want = sorted((n.lower(), v) for n, v in trip.sent.headers
                  if n.lower() not in DROPPED)
    got = sorted((n.lower(), v) for n, v in trip.got.headers
                 if n.lower() not in OURS)
    if got != want:
        yield f"headers are {got}, not {want}"
    version = trip.got.header("x-datakit-version") or ""
    if not re.fullmatch(r"prof/[0-9][^ ]*", version):
        yield f"X-Datakit-Version is {version!r}"


@fact
def attachments(trip):
    """Every part but the event is what it was, in the order it was."""
    want = [p for p in trip.sent_parts if not p.is_event()]
    got = [p for p in trip.got_parts if not p.is_event()]
    if [(p.headers, p.content) for p in got] != \
       [(p.headers, p.content) for p in want]:
        yield f"{[p.headers for p in got]} are not {[p.headers for p in want]}"
    for part in trip.got_parts:
        if part.length not in (None, str(len(part.content))):
            yield f"part {part.name} has {len(part.content)} bytes, says " \
                  f"{part.length}"


@fact
def event_in_place(trip):
    """The event stands where it stood, under the headers it had."""
    if trip.is_form():
        return
    want = [p.headers for p in trip.sent_parts]
    got = [p.headers for p in trip.got_parts]
    if got != want:
        yield f"parts are {got}, not {want}"


@fact
def event_keys(trip):
    """Every key of the client's event has the value and place it had."""
    keys = trip.event.keys()
    if len(set(keys)) != len(keys):
        yield f"keys stand there twice: {keys}"
    if trip.is_form():
        return
    sent = trip.sent_event
    if keys[:len(sent)] != sent.keys():
        yield f"keys were {sent.keys()}, are {keys}"
    for key, value in sent:
        if key != "tags_profiler" and trip.event.get(key) != value:
            yield f"{key} was {value}, is {trip.event.get(key)}"


@fact
def untouched(trip):
    """What needs no other tags goes out byte for byte."""
    if not rewritten(trip) and trip.got.body != trip.sent.body:
        yield "the body is another"


@fact
def event_complete(trip):
    for key in FILLED if rewritten(trip) else []:
        if not trip.event.get(key):
            yield f"{key} is {trip.event.get(key)!r}"


@fact
def tags(trip):
    want, got = expected_tags(trip), trip.tags_field()
    if got != want:
        yield f"tags are {got}, not {want}"


@fact
def tags_as_reference(trip):
    """A client's tag has the value that the reference finds."""
    metadata = trip.oracle["metadata"]
    ours = {k for k, _ in trip.tags + trip.host_tags}
    for key, value in trip.tags_field():
        if key not in ours and metadata.get(key) != value:
            yield f"{key} is {value!r}, the reference's {metadata.get(key)!r}"
    lost = set(metadata) - {k for k, _ in trip.tags_field()}
    if not trip.is_form():
        lost -= set(trip.sent_event.keys())
    lost = {k for k in lost if not re.fullmatch(r"types\[.*\]", k)}
    if lost:
        yield f"tags that the reference has are not there: {lost}"


@fact
def times(trip):
    for key in ("start", "end"):
        ns = nanoseconds(trip.event.get(key))
        if ns != trip.oracle[key + "_ns"]:
            yield f"{key} is {ns}, the reference's {trip.oracle[key + '_ns']}"


def nanoseconds(text):
    m = re.fullmatch(r"(.*T\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)",
                     text or "")
    if not m:
        return None
    whole = datetime.datetime.fromisoformat(m[1] + m[3].replace("Z", "+00:00"))
    return int(whole.timestamp()) * 10**9 + int((m[2] or "0").ljust(9, "0"))


@fact
def language(trip):
    """As the reference, where that is not random (WIRE.md 7.6)."""
    want = trip.oracle["language_any_of"]
    if rewritten(trip) and len(want) == 1 and trip.event.get("language") != want[0]:
        yield f"language is {trip.event.get('language')}, not {want[0]}"


@fact
def profile_format(trip):
    """As the reference, where that knows one (WIRE.md 7.14)."""
    want = trip.oracle["event_if_rewritten"]["format"]
    if rewritten(trip) and want != "unknown" and trip.event.get("format") != want:
        yield f"format is {trip.event.get('format')}, not {want}"


@fact
def profiler(trip):
    """As expected_profiler, where that is not in the event."""
    want = expected_profiler(trip)
    if rewritten(trip) and trip.event.get("profiler") != want:
        yield f"profiler is {trip.event.get('profiler')}, not {want}"


# Where the reference is wrong and we differ. Each also says when the sample
# no longer shows the mistake, for then it would prove nothing.

def reference(trip):
    return trip.oracle["event_if_rewritten"]


@fact
def wire_7_5(trip):
    """The reference loses keys of the event, and the profiler's name."""
    ours, theirs = set(trip.event.keys()), set(reference(trip))
    if trip.is_form() or not rewritten(trip):
        return
    if not {"family"} <= ours - theirs:
        yield f"keys are {ours}, the reference's {theirs}"
    if reference(trip)["profiler"] != "" or not trip.event.get("profiler"):
        yield f"profiler is {trip.event.get('profiler')!r}"


@fact
def wire_7_6_language(trip):
    """Node.js is java or nodejs at random; here it is nodejs."""
    if "java" in trip.oracle["language_any_of"] and \
       len(trip.oracle["language_any_of"]) == 2:
        if rewritten(trip) and trip.event.get("language") != "nodejs":
            yield f"language is {trip.event.get('language')}"
    elif trip.name.startswith("dd-js"):
        yield "the reference is sure"


@fact
def wire_7_6_order(trip):
    """The reference's tags come sorted or at random, not as they were."""
    want = [key for key, _ in client_tags(trip) if key not in dict(trip.tags)]
    got = [key for key, _ in trip.tags_field()]
    theirs = [key for key, _ in form.split_tags(
        reference(trip)["tags_profiler"])]
    if got[:len(want)] != want:
        yield f"tags were {want}, are {got}"
    if len(want) > 3 and [k for k in theirs if k in want] == want:
        yield "the reference keeps their order"


@fact
def wire_7_12(trip):
    """The event lists itself among the attachments."""
    if not trip.is_form() and \
       "event.json" not in reference(trip)["attachments"]:
        yield "the reference does not"
    if "event.json" in (trip.event.get("attachments") or ()):
        yield f"attachments are {trip.event.get('attachments')}"


@fact
def wire_7_13(trip):
    """Keys of the event become tags, and those of arrays fall apart."""
    if trip.is_form():
        return
    theirs = {k for k, _ in form.split_tags(reference(trip)["tags_profiler"])}
    if not {"start", "end"} <= theirs:
        yield "the reference's do not"
    before = {k for k, _ in client_tags(trip)}
    after = {k for k, _ in trip.tags_field()}
    ours = {k for k, _ in trip.tags + trip.host_tags}
    if after - before - ours:
        yield f"tags that nobody sent: {after - before - ours}"


@fact
def wire_7_14(trip):
    """Forms have no format, attachments no name; own formats are unknown."""
    theirs, event = reference(trip), trip.event
    if trip.is_form():
        want = dict((p.name, p.text()) for p in trip.sent_parts
                    if p.is_field()).get("format", "pprof")
    else:
        want = trip.sent_event.get("format")
        if want in (None, "jfr"):
            return
    if theirs["format"] != "unknown" or event.get("format") != want:
        yield f"format is {event.get('format')}, not {want}; the " \
              f"reference's {theirs['format']}"
    for name in event.get("attachments") or ():
        if re.match(r"data\[|pprof-data$|$", name):
            yield f"attachments are {event.get('attachments')}"


def main():
    out, places = sys.argv[1], sys.argv[2:]
    fact.say(out, [trip for where in places for trip in trips(where)])


if __name__ == "__main__":
    main()
