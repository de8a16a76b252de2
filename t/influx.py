"""Points as InfluxDB's line protocol has them, strictly.

usage: influx.py [-s] <LINES

Reads line protocol as its EBNF and its reference page define it, with nothing
of ours, and prints one JSON object a point:

    {"measurement": "m", "tags": {"k": "v"},
     "fields": {"k": {"type": "float", "value": 1.5}}, "time": 1}

type is float, integer, unsigned, string or boolean; time is in nanoseconds,
null where there is none. With -s what readers of the protocol do not agree
about is refused, too: tags that are not sorted by their bytes, comments and
empty lines, a point without time or line feed, a backslash in a text before
anything but a quote or a backslash.

Exits 0, or 1 at the first byte that is wrong, which standard error names:
"line 2 column 17: a tag has no value". The reader of other programs is
points(bytes, strict).
"""

import json
import re
import sys

CONTROL = set(range(0x20)) | {0x7F}
BOOLEANS = {b"t": True, b"T": True, b"true": True, b"True": True,
            b"TRUE": True, b"f": False, b"F": False, b"false": False,
            b"False": False, b"FALSE": False}
INTEGER = re.compile(rb"-?[0-9]+i")
UNSIGNED = re.compile(rb"[0-9]+u")
FLOAT = re.compile(rb"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
TIME = re.compile(rb"-?[0-9]+")


class Malformed(Exception):
    """What is wrong, at which offset of which text."""

    def __init__(self, text, at, why):
        line = text.count(b"\n", 0, at) + 1
        column = at - (text.rfind(b"\n", 0, at) + 1) + 1
        super().__init__(f"line {line} column {column}: {why}")


class Reader:
    """A text, and how far it was read."""

    def __init__(self, text, strict):
        self.text, self.strict, self.at = text, strict, 0

    def fail(self, why, at=None):
        raise Malformed(self.text, self.at if at is None else at, why)

    def peek(self):
        """The next byte as bytes; empty at the end."""
        return self.text[self.at:self.at + 1]

    def ended(self):
        """Does the line end here?"""
        return self.peek() in (b"", b"\n") or \
            self.text[self.at:self.at + 2] == b"\r\n"

    def spaces(self):
        begin = self.at
        while self.peek() == b" ":
            self.at += 1
        return self.at > begin

    def decode(self, raw, begin):
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            return self.fail("no UTF-8", begin + error.start)

    def name(self, what, special):
        """A measurement, key or tag value, up to an unescaped special byte."""
        begin, raw = self.at, bytearray()
        while self.peek() and self.peek() not in special:
            byte = self.text[self.at]
            if byte in CONTROL:
                break
            if byte == 0x5C and self.text[self.at + 1:self.at + 2] in special:
                self.at += 1
                byte = self.text[self.at]
            raw.append(byte)
            self.at += 1
        if not self.ended() and self.text[self.at] in CONTROL:
            self.fail(f"control byte in {what}")
        if not raw:
            self.fail(f"{what} is empty")
        if raw[-1] == 0x5C and self.text[self.at - 1] == 0x5C:
            self.fail(f"{what} ends with a backslash", self.at - 1)
        return self.decode(bytes(raw), begin)

    def tags(self):
        tags = {}
        last = None
        while self.peek() == b",":
            self.at += 1
            begin = self.at
            key = self.name("a tag key", (b",", b"=", b" "))
            if self.peek() != b"=":
                self.fail("a tag has no value")
            self.at += 1
            if key in tags:
                self.fail("a tag stands there twice", begin)
            if self.strict and last is not None and \
                    key.encode() < last.encode():
                self.fail("tags are not sorted", begin)
            tags[key] = self.name("a tag value", (b",", b"=", b" "))
            last = key
            if self.peek() == b"=":
                self.fail("= in a tag value")
        return tags

    def string(self):
        begin, raw = self.at, bytearray()
        self.at += 1
        while self.peek() != b'"':
            if not self.peek():
                self.fail("a text does not end", begin)
            byte = self.text[self.at]
            after = self.text[self.at + 1:self.at + 2]
            if byte == 0x5C and after in (b'"', b"\\"):
                self.at += 1
                byte = self.text[self.at]
            elif byte == 0x5C and self.strict:
                self.fail("backslash before an ordinary byte")
            raw.append(byte)
            self.at += 1
        self.at += 1
        return {"type": "string", "value": self.decode(bytes(raw), begin + 1)}

    def value(self):
        if self.peek() == b'"':
            return self.string()
        begin = self.at
        while not self.ended() and self.peek() not in (b",", b" "):
            self.at += 1
        raw = self.text[begin:self.at]
        if raw in BOOLEANS:
            return {"type": "boolean", "value": BOOLEANS[raw]}
        if INTEGER.fullmatch(raw):
            number, kind = int(raw[:-1]), "integer"
            good = -2 ** 63 <= number < 2 ** 63
        elif UNSIGNED.fullmatch(raw):
            number, kind = int(raw[:-1]), "unsigned"
            good = number < 2 ** 64
        elif FLOAT.fullmatch(raw):
            number, kind = float(raw), "float"
            good = abs(number) != float("inf")
        else:
            self.fail("no field value", begin)
        if not good:
            self.fail("a number is out of range", begin)
        return {"type": kind, "value": number}

    def fields(self):
        fields = {}
        while True:
            begin = self.at
            key = self.name("a field key", (b",", b"=", b" "))
            if self.peek() != b"=":
                self.fail("a field has no value")
            self.at += 1
            if key in fields:
                self.fail("a field stands there twice", begin)
            fields[key] = self.value()
            if self.peek() != b",":
                return fields
            self.at += 1

    def time(self):
        if self.ended():
            if self.strict:
                self.fail("no time")
            return None
        found = TIME.match(self.text, self.at)
        if not found:
            self.fail("no time")
        if not -2 ** 63 <= int(found.group()) < 2 ** 63:
            self.fail("the time is out of range")
        self.at = found.end()
        return int(found.group())

    def point(self):
        measurement = self.name("the measurement", (b",", b" "))
        tags = self.tags()
        if not self.spaces():
            self.fail("no fields")
        fields = self.fields()
        if not self.spaces() and not self.ended():
            self.fail("bytes behind a field value")
        time = self.time()
        self.spaces()
        if not self.ended():
            self.fail("bytes behind the time")
        return {"measurement": measurement, "tags": tags, "fields": fields,
                "time": time}

    def comment(self):
        while not self.ended():
            if self.text[self.at] in CONTROL - {0x09}:
                self.fail("control byte in a comment")
            self.at += 1

    def line(self):
        """A point, or None; with the end of its line."""
        point = None
        if not self.strict:
            self.spaces()
        if self.strict and (self.ended() or self.peek() == b"#"):
            self.fail("no point")
        if self.peek() == b"#":
            self.comment()
        elif not self.ended():
            point = self.point()
        if self.text[self.at:self.at + 2] == b"\r\n":
            self.at += 1
        if self.peek() == b"\n":
            self.at += 1
        elif self.strict:
            self.fail("the last line does not end")
        return point


def points(text, strict=False):
    """The points of a text (bytes), in order. Raises Malformed."""
    reader = Reader(text, strict)
    while reader.peek():
        point = reader.line()
        if point is not None:
            yield point


def main(args):
    if args not in ([], ["-s"]):
        sys.exit("usage: influx.py [-s] <LINES")
    try:
        for point in points(sys.stdin.buffer.read(), args == ["-s"]):
            print(json.dumps(point))
    except Malformed as why:
        sys.exit(str(why))


if __name__ == "__main__":
    main(sys.argv[1:])
