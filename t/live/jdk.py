"""Does a recording hold for the JDK's own jfr what it holds for us?

usage: jdk.py FILE
Compares `jfr summary` with `recording -e`, and each plain value of each event
of `jfr print --json` with `recording FILE EVENT FIELD ...`. The latter chunk
by chunk: the JDK converts times of later chunks by the clock of the first.
Prints what differs, or how much was compared; exits 1 when anything differs,
or when there was nothing to compare.
"""
import collections
import datetime
import json
import re
import struct
import subprocess
import sys
import tempfile

import jfr

JDK = "jfr"
AT_ONCE = 8         # fields that the tool takes


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True,
                          text=True).stdout


def summary(path):
    """Of each type that occurs: count and bytes, by the JDK and by us."""
    theirs, ours = collections.Counter(), collections.Counter()
    for line in output(JDK, "summary", path).splitlines():
        found = re.fullmatch(r" (\S+) +(\d+) +(\d+)", line)
        if found:
            theirs[found[1], "count"] += int(found[2])
            theirs[found[1], "bytes"] += int(found[3])
    for line in output("recording", "-e", path).splitlines():
        count, size, name = line.split(" ", 2)
        ours[name, "count"] += int(count)
        ours[name, "bytes"] += int(size)
    return theirs, ours


def duration(text):
    found = re.fullmatch(
        r"PT(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d+))?S)?", text)
    hours, minutes, sign, seconds, rest = found.groups(default="")
    ns = int(seconds or 0) * 10 ** 9 + int(rest.ljust(9, "0") or 0)
    return (int(hours or 0) * 3600 + int(minutes or 0) * 60) * 10 ** 9 + \
        (-ns if sign else ns)


def moment(text):
    found = re.fullmatch(r"(.{16})(?::(\d\d))?(?:\.(\d+))?(Z|[+-]..:..)", text)
    zone = "+00:00" if found[4] == "Z" else found[4]
    when = datetime.datetime.fromisoformat(
        "%s:%s%s" % (found[1], found[2] or "00", zone))
    return int(when.timestamp()) * 10 ** 9 + int(
        (found[3] or "0").ljust(9, "0"))


def single(number):
    """As a float has it."""
    return struct.pack(">f", float(number))


def canonical(value, base, notes):
    """A value as either prints it, in one form; at the ends of 63 bits what
    is beyond them."""
    if value in (None, "-"):
        return "-"
    if base == "boolean":
        return str(int(value))
    if base in ("float", "double"):
        return single(value).hex()
    if isinstance(value, str) and re.fullmatch(r"-?\d+ns", value) and notes:
        value = int(value[:-2])
    elif "jdk.jfr.Timespan" in notes:
        value = duration(value)
    elif "jdk.jfr.Timestamp" in notes:
        value = moment(value)
    if base == "long":
        value = int(value)
        if value < 0 and "jdk.jfr.Unsigned" in notes:
            value += 1 << 64
        value = max(-1 << 63, min((1 << 63) - 1, value))
    return str(value)


def printed(path):
    """Events by type, each a dictionary."""
    found = collections.defaultdict(list)
    everything = json.loads(output(JDK, "print", "--json", "--stack-depth",
                                   "1", path))
    for event in everything["recording"]["events"]:
        found[event["type"]].append(event["values"])
    return found


def plain_fields(chunk, name, events):
    """Those that are numbers and texts, but for texts with lines in them."""
    for field in chunk.named[name].fields:
        base = chunk.types[field.type].name
        if field.pooled or field.array or base not in (
                *jfr.WIDTH, *jfr.RAW, "java.lang.String"):
            continue
        if not any(re.search(r"[\t\r\n]", str(e[field.name]))
                   for e in events):
            yield field.name, base, [chunk.types[int(n["class"])].name
                                     for n in field.notes]


def values(chunk, path, wrong):
    compared = 0
    for name, events in printed(path).items():
        fields = list(plain_fields(chunk, name, events))
        for i in range(0, len(fields), AT_ONCE):
            some = fields[i:i + AT_ONCE]
            lines = output("recording", path, name,
                           *[f[0] for f in some])[:-1].split("\n")
            theirs = sorted([canonical(e[f], base, notes)
                             for f, base, notes in some] for e in events)
            ours = sorted([canonical(v, base, notes) for v, (_, base, notes)
                           in zip(line.split("\t"), some)] for line in lines)
            compared += len(events) * len(some)
            wrong += [(name, *pair) for pair in zip(theirs, ours)
                      if pair[0] != pair[1]]
            if len(theirs) != len(ours):
                wrong.append((name, len(theirs), len(ours)))
    return compared


def main(path):
    theirs, ours = summary(path)
    wrong = [(*key, theirs[key], ours[key])
             for key in sorted(set(theirs) | set(ours))
             if theirs[key] != ours[key]]
    compared = 0
    for chunk in jfr.chunks(jfr.load(path)):
        with tempfile.NamedTemporaryFile(suffix=".jfr") as file:
            file.write(chunk.data)
            file.flush()
            compared += values(chunk, file.name, wrong)
    for row in wrong[:20]:
        print(*row)
    print("%d types, %d values, %d wrong" % (len(theirs) // 2, compared,
                                             len(wrong)))
    return 1 if wrong or not theirs or not compared else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
