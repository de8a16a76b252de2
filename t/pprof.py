"""pprof as Python writes and reads it, for tests: what the programs under test
make is compared with this, so nothing here may share a line with them.
Fields and wire types are those of google/pprof's proto/profile.proto.
"""

import gzip


def varint(n):
    n &= (1 << 64) - 1
    out = bytearray()
    while n > 0x7f:
        out.append(n & 0x7f | 0x80)
        n >>= 7
    return bytes(out + bytes([n]))


def number(field, n):
    return varint(field << 3) + varint(n) if n else b""


def message(field, content):
    return varint(field << 3 | 2) + varint(len(content)) + content


def encode(types, samples, time=0, duration=0, start=0x400000):
    """types: (type, unit) pairs; samples: {stack: values} with a stack a tuple
    of function names, leaf first. start: where the program is in memory."""
    strings = [""]

    def text(s):
        if s not in strings:
            strings.append(s)
        return strings.index(s)

    out = b"".join(message(1, number(1, text(t)) + number(2, text(u)))
                   for t, u in types)
    names = []
    for stack, values in samples.items():
        names += [n for n in stack if n not in names]
        out += message(2, message(1, b"".join(
            varint(names.index(n) + 1) for n in stack)) + message(
                2, b"".join(varint(v) for v in values)))
    out += message(3, number(1, 1) + number(2, start) + number(
        3, start + 0x100000) + number(5, text("/bin/program")))
    for i, name in enumerate(names, 1):
        out += message(4, number(1, i) + number(2, 1) + number(
            3, start + i) + message(4, number(1, i) + number(2, i)))
        out += message(5, number(1, i) + number(2, text(name)))
    out += b"".join(message(6, s.encode()) for s in strings)
    return out + number(9, time) + number(10, duration)


def read_varint(data, at):
    n = shift = 0
    while True:
        n |= (data[at] & 0x7f) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return n, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        else:
            assert key & 7 == 2, f"wire type {key & 7}"
            length, at = read_varint(data, at)
            value, at = data[at:at + length], at + length
            assert len(value) == length, "cut short"
        yield key >> 3, value


def signed(n):
    return n - (1 << 64) if n >> 63 else n


def numbers(values):
    out = []
    for value in values:
        at = 0
        if isinstance(value, int):
            out.append(value)
            continue
        while at < len(value):
            n, at = read_varint(value, at)
            out.append(n)
    return out


class Profile:
    """types: [(type, unit)]; samples: [(names of functions, leaf first, with
    those that are inlined, values)]; time and duration in ns."""

    def __init__(self, data):
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        every = list(fields(data))
        strings = [v.decode() for f, v in every if f == 6]
        tables = {4: {}, 5: {}}
        for field, value in every:
            if field in tables:
                row = list(fields(value))
                tables[field][dict(row).get(1, 0)] = row
        names = {n: strings[dict(row).get(2, 0)]
                 for n, row in tables[5].items()}
        frames = {n: [names[dict(fields(v)).get(1, 0)]
                      for f, v in row if f == 4]
                  for n, row in tables[4].items()}
        self.types = []
        self.samples = []
        self.time = self.duration = 0
        for field, value in every:
            if field == 1:
                pair = dict(fields(value))
                self.types.append((strings[pair.get(1, 0)],
                                   strings[pair.get(2, 0)]))
            elif field == 2:
                inside = list(fields(value))
                self.samples.append((
                    [name for n in numbers(v for f, v in inside if f == 1)
                     for name in frames[n]],
                    [signed(n) for n in numbers(
                        v for f, v in inside if f == 2)]))
            elif field == 9:
                self.time = value
            elif field == 10:
                self.duration = value

    def total(self, name, function=None):
        at = [t for t, _ in self.types].index(name)
        return sum(values[at] for stack, values in self.samples
                   if function is None or function in stack)

    def least(self):
        """The least value of any sample."""
        return min((min(v) for _, v in self.samples), default=0)
