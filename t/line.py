"""Read back what common/line wrote of hostile names, tags and texts.

usage: line.py [SEED]

Makes points of bytes that mean something to the protocol, has t/bin/line
write them, reads them with influx.py, and compares each with what line.h
promises of it. Exits 1 naming the first that differs.
"""

import random
import re
import subprocess
import sys

import influx

PIECES = [b" ", b",", b"=", b'"', b"\\", b"\n", b"\r", b"\t", b"\x7f", b"#",
          b"a", b"B", b"0", b"i", b"-", b"[", b"]", b"\xc3\xa4",
          b"\xf0\x9f\x98\x80", b"\xff", b"\xe2\x82", b"\xc2\x80"]
POINTS = 3000


def replaced(raw):
    """With U+FFFD for each byte that is no UTF-8."""
    text = raw.decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", "\ufffd", text)


def named(raw):
    """A name as a parser should see it."""
    raw = raw.rstrip(b"\\")
    return replaced(bytes(0x20 if b < 0x20 or b == 0x7F else b for b in raw))


def some(rng, most):
    return b"".join(rng.choice(PIECES) for _ in range(rng.randint(0, most)))


def word(raw):
    return raw.hex() or "-"


def field(rng):
    """A call's letter, what it is given, and how it should be read."""
    letter = rng.choice("ifbs")
    if letter == "i":
        number = rng.choice([0, -1, 2 ** 63 - 1, -2 ** 63,
                             rng.randint(-10 ** 9, 10 ** 9)])
        return letter, str(number), ("integer", number)
    if letter == "f":
        number = rng.choice([0.0, 1.0, 1e300, -5e-324, rng.random(),
                             rng.uniform(-1e9, 1e9), float("inf")])
        return letter, repr(number), ("float", number)
    if letter == "b":
        truth = rng.random() < 0.5
        return letter, "01"[truth], ("boolean", truth)
    raw = some(rng, 8)
    return letter, word(raw), ("string", replaced(raw))


def made(rng, calls):
    """Add the calls for a point, and return what should be read."""
    name = b"m" + some(rng, 5)
    calls.append(f"m {word(name)}")
    tags, fields = {}, {}
    for _ in range(rng.randint(0, 4)):
        key, value = some(rng, 3), some(rng, 6)
        calls.append(f"t {word(key)} {word(value)}")
        if named(key) and named(value):
            tags[named(key)] = named(value)
    for i in range(rng.randint(0, 4)):
        key = some(rng, 3)
        key = key and key + str(i).encode()
        letter, given, (kind, value) = field(rng)
        calls.append(f"{letter} {word(key)} {given}")
        if named(key) and value != float("inf"):
            fields[named(key)] = {"type": kind, "value": value}
    time = rng.randint(-2 ** 63, 2 ** 63 - 1)
    calls.append(f"e {time}")
    return {"measurement": named(name), "tags": tags, "fields": fields,
            "time": time}


def main(seed):
    rng = random.Random(seed)
    calls = []
    expected = [made(rng, calls) for _ in range(POINTS)]
    expected = [point for point in expected if point["fields"]]
    lines = subprocess.run(["line"], input="\n".join(calls).encode() + b"\n",
                           stdout=subprocess.PIPE, check=True).stdout
    count = 0
    for point in influx.points(lines, strict=True):
        if point != expected[count]:
            sys.exit(f"{point}\nis not\n{expected[count]}")
        count += 1
    if count != len(expected):
        sys.exit(f"{count} points of {len(expected)}")
    print(f"{count} points")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
