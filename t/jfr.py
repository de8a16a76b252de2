"""Take a JFR recording apart, and put it together again.

It knows nothing of common/jfr: both must come to the same.
"""
import gzip
import struct

HEADER = struct.Struct(">4sHHqqqqqqqi")
WIDTH = {"short": 2, "char": 2, "int": 4, "long": 8}
RAW = {"boolean": 1, "byte": 1, "float": 4, "double": 8}


class Input:
    def __init__(self, data, at, plain):
        self.data, self.at, self.plain = data, at, plain

    def raw(self, n):
        self.at += n
        return self.data[self.at - n:self.at]

    def integer(self, width):
        if self.plain:
            return int.from_bytes(self.raw(width), "big", signed=True)
        value = 0
        for shift in range(0, 63, 7):
            byte = self.data[self.at]
            self.at += 1
            if shift == 56:
                value |= byte << 56
                break
            value |= (byte & 0x7f) << shift
            if byte < 0x80:
                break
        sign = 1 << 8 * width - 1
        return (value & (sign * 2 - 1) ^ sign) - sign

    def text(self):
        form = self.raw(1)[0]
        if form == 2:
            return form, self.integer(8)
        if form in (3, 5):
            coding = "utf-8" if form == 3 else "latin-1"
            return form, self.raw(self.integer(4)).decode(coding)
        if form == 4:
            units = [self.integer(2) & 0xffff for _ in range(self.integer(4))]
            return form, b"".join(u.to_bytes(2, "big")
                                  for u in units).decode("utf-16-be")
        return form, None

    def element(self, names):
        name = names[self.integer(4)]
        pairs = [[names[self.integer(4)], names[self.integer(4)]]
                 for _ in range(self.integer(4))]
        return [name, pairs,
                [self.element(names) for _ in range(self.integer(4))]]


class Output:
    def __init__(self, plain=False):
        self.data, self.plain = bytearray(), plain

    def integer(self, value, width):
        if self.plain:
            self.data += value.to_bytes(width, "big", signed=True)
            return
        value &= (1 << 8 * width) - 1
        for _ in range(8):
            if value < 0x80:
                break
            self.data.append(value & 0x7f | 0x80)
            value >>= 7
        self.data.append(value)

    def text(self, form, value):
        self.data.append(form)
        if form == 2:
            self.integer(value, 8)
        elif form in (3, 5):
            raw = value.encode("utf-8" if form == 3 else "latin-1")
            self.integer(len(raw), 4)
            self.data += raw
        elif form == 4:
            raw = value.encode("utf-16-be")
            self.integer(len(raw) // 2, 4)
            for i in range(0, len(raw), 2):
                self.integer(raw[i] << 8 | raw[i + 1], 2)

    def element(self, element, names):
        def index(name):
            return names.setdefault(name, len(names))
        name, pairs, children = element
        self.integer(index(name), 4)
        self.integer(len(pairs), 4)
        for key, value in pairs:
            self.integer(index(key), 4)
            self.integer(index(value), 4)
        self.integer(len(children), 4)
        for child in children:
            self.element(child, names)


class Field:
    def __init__(self, element):
        self.element = element
        pairs = dict(element[1])
        self.name = pairs["name"]
        self.type = int(pairs["class"])
        self.pooled = pairs.get("constantPool") == "true"
        self.array = int(pairs.get("dimension", "0")) > 0
        self.notes = [dict(child[1]) for child in element[2]
                      if child[0] == "annotation"]


class Type:
    def __init__(self, element):
        pairs = dict(element[1])
        self.element = element
        self.id = int(pairs["id"])
        self.name = pairs["name"]
        self.event = pairs.get("superType") == "jdk.jfr.Event"
        self.fields = [Field(e) for e in element[2] if e[0] == "field"]


class Chunk:
    """events: [type, values]; pools: [flag, [[type, [[key, value]]]]]."""

    def __init__(self, data):
        (_, self.major, self.minor, self.size, _, metadata, self.start,
         self.duration, self.start_ticks, self.clock,
         self.flags) = HEADER.unpack_from(data)
        self.data, self.plain = data[:self.size], not self.flags & 1
        at = Input(self.data, metadata, self.plain)
        at.integer(4)
        self.stamp = [at.integer(8) for _ in range(4)][1:]
        names = [at.text()[1] for _ in range(at.integer(4))]
        self.tree = at.element(names)
        self.describe()

    def describe(self):
        self.classes = next(e for e in self.tree[2] if e[0] == "metadata")[2]
        types = [Type(e) for e in self.classes if e[0] == "class"]
        self.types = {t.id: t for t in types}
        self.named = {t.name: t for t in types}

    def walk(self):
        """Each event: where it ends, its type, and where its fields are."""
        at = Input(self.data, HEADER.size, self.plain)
        while at.at < self.size:
            begin = at.at
            size, kind = at.integer(4), at.integer(8)
            yield begin + size, kind, at
            at.at = begin + size

    def decode(self):
        self.items = []
        for _, kind, at in self.walk():
            if kind == 0:
                continue
            if kind == 1:
                stamps = [at.integer(8) for _ in range(3)][:2]
                flag = at.raw(1)[0]
                pools = []
                for _ in range(at.integer(4)):
                    pool = at.integer(8)
                    pools.append([pool, [[at.integer(8),
                                          self.value(at, pool)]
                                         for _ in range(at.integer(4))]])
                self.items.append([1, stamps, flag, pools])
            else:
                self.items.append([kind, self.fields(at, self.types[kind])])
        return self

    def events(self):
        """The type, and the values, of each event that was decoded."""
        for item in self.items:
            if item[0] != 1:
                yield self.types[item[0]], item[1]

    def fields(self, at, kind):
        values = []
        for field in kind.fields:
            def one():
                if field.pooled:
                    return at.integer(8)
                return self.value(at, field.type)
            values.append([one() for _ in range(at.integer(4))]
                          if field.array else one())
        return values

    def value(self, at, kind):
        name = self.types[kind].name
        if name in WIDTH:
            return at.integer(WIDTH[name])
        if name in RAW:
            return at.raw(RAW[name])
        if name == "java.lang.String":
            return at.text()
        return self.fields(at, self.types[kind])

    def put_fields(self, out, kind, values):
        for field, value in zip(kind.fields, values):
            if field.array:
                out.integer(len(value), 4)
            for one in value if field.array else [value]:
                if field.pooled:
                    out.integer(one, 8)
                else:
                    self.put(out, field.type, one)

    def put(self, out, kind, value):
        name = self.types[kind].name
        if name in WIDTH:
            out.integer(value, WIDTH[name])
        elif name in RAW:
            out.data += value
        elif name == "java.lang.String":
            out.text(*value)
        else:
            self.put_fields(out, self.types[kind], value)

    def encode(self, plain=False, pad=4, first=False):
        """pad: bytes of a size; first: metadata comes before the events."""
        body = bytearray(HEADER.size)
        at = {0: 0, 1: 0}

        def event(kind, fill):
            out = Output(plain)
            out.integer(kind, 8)
            fill(out)
            at[kind] = len(body)
            if plain:
                body.extend(struct.pack(">i", len(out.data) + 4))
            elif pad == 1 and len(out.data) < 127:
                body.append(len(out.data) + 1)
            else:
                n = max(pad, 4)
                size = len(out.data) + n
                body.extend(size >> 7 * i & 0x7f | (i < n - 1) << 7
                            for i in range(n))
            body.extend(out.data)

        def metadata(out):
            names, tree = {}, Output(plain)
            tree.element(self.tree, names)
            for stamp in self.stamp:
                out.integer(stamp, 8)
            out.integer(len(names), 4)
            for name in names:
                out.text(4 if pad == 4 else 3, name)
            out.data += tree.data

        def checkpoint(item):
            def fill(out):
                for stamp in item[1]:
                    out.integer(stamp, 8)
                out.integer(at[1] - len(body) if at[1] else 0, 8)
                out.data.append(item[2])
                out.integer(len(item[3]), 4)
                for pool, constants in item[3]:
                    out.integer(pool, 8)
                    out.integer(len(constants), 4)
                    for key, value in constants:
                        out.integer(key, 8)
                        self.put(out, pool, value)
            return fill

        if first:
            event(0, metadata)
        for item in self.items:
            if item[0] == 1:
                event(1, checkpoint(item))
            else:
                event(item[0], lambda out, item=item: self.put_fields(
                    out, self.types[item[0]], item[1]))
        if not first:
            event(0, metadata)
        HEADER.pack_into(body, 0, b"FLR\0", self.major, self.minor, len(body),
                         at[1], at[0], self.start, self.duration,
                         self.start_ticks, self.clock,
                         self.flags & ~1 | (not plain))
        return bytes(body)


def load(path):
    with open(path, "rb") as file:
        data = file.read()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def chunks(data):
    found = []
    while data:
        found.append(Chunk(data))
        data = data[found[-1].size:]
    return found
