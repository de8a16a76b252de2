"""Copies of a JFR recording that must be read as the recording is.

usage: jfr_copies.py make DIR FILE    copies that must give the same numbers,
                                      DIR/NAME.jfr; FILE may be gzip
       jfr_copies.py ticks FILE N     a copy with a clock of N ticks a second,
                                      to standard output
       jfr_copies.py spans FILE       the times among its metrics, in exact
                                      arithmetic, as t/bin/recording prints
       jfr_copies.py counts FILE STEP what is whole of each type of event when
                                      FILE is cut at every STEP bytes:
                                      "CUT COUNT NAME"
"""
import struct
import sys

from jfr import chunks, load


def move(chunk, types, order):
    """Put the fields of types into another order, by a function of lists."""
    for kind in types:
        fields = [e for e in kind.element[2] if e[0] == "field"]
        rest = [e for e in kind.element[2] if e[0] != "field"]
        kind.element[2][:] = rest + order(fields)
    ids = {kind.id for kind in types}
    for item in chunk.items:
        if item[0] in ids:
            item[1] = order(item[1])
    chunk.describe()


def keep(chunk, wanted):
    """Only the events whose type has a name that is wanted."""
    chunk.items = [i for i in chunk.items
                   if i[0] == 1 or wanted(chunk.types[i[0]].name)]


def without(chunk, name, fields):
    """A type of events without those fields."""
    kind = chunk.named[name]
    left = [f.name not in fields for f in kind.fields]
    assert not all(left), name
    move(chunk, [kind],
         lambda values: [v for v, stays in zip(values, left) if stays])


def renumber(chunk, number):
    """Other ids for all types."""
    ids = {i: number(i) for i in chunk.types}

    def elements(element):
        for pair in element[1]:
            if pair[0] == ("id" if element[0] == "class" else "class"):
                pair[1] = str(ids[int(pair[1])])
        for child in element[2]:
            elements(child)
    elements(chunk.tree)
    for item in chunk.items:
        if item[0] == 1:
            for pool in item[3]:
                pool[0] = ids[pool[0]]
        else:
            item[0] = ids[item[0]]
    chunk.describe()


def pools(chunk, place):
    """All constants in one checkpoint: before the events, or behind them."""
    points = [i for i in chunk.items if i[0] == 1]
    events = [i for i in chunk.items if i[0] != 1]
    chunk.items = points + events if place == "ahead" else events + points


def extra(chunk):
    """A type that nobody knows, before every field of the events."""
    def name(kind):
        return str(chunk.named[kind].id)
    odd, pooled = max(chunk.types) + 1, max(chunk.types) + 2
    fields = [["field", [["name", "t"], ["class",
                                         name("java.lang.String")]], []],
              ["field", [["name", "a"], ["class", name("long")],
                         ["dimension", "1"]], []],
              ["field", [["name", "d"], ["class", name("double")]], []]]
    chunk.classes.append(["class", [["name", "app.Odd"], ["id", str(odd)]],
                          fields])
    chunk.classes.append(["class", [["name", "app.OddEvent"],
                                    ["id", str(pooled)],
                                    ["superType", "jdk.jfr.Event"]], []])
    value = [(4, "odd \u20ac"), [1, -1, 1 << 62], b"\xff" * 8]
    events = [t for t in chunk.types.values() if t.event]
    for kind in events:
        kind.element[2].insert(0, ["field", [["name", "odd"],
                                             ["class", str(odd)]], []])
    ids = {kind.id for kind in events}
    for item in chunk.items:
        if item[0] in ids:
            item[1].insert(0, value)
    chunk.items.insert(0, [pooled, []])
    chunk.describe()


def forms(chunk):
    """Every text in another encoding, where that can have it."""
    turn = [0]

    def other(text):
        form, value = text
        if form < 3:
            return text
        turn[0] += 1
        form = (3, 4, 5)[turn[0] % 3]
        if form == 5 and any(ord(c) > 255 for c in value):
            form = 4
        return form, value

    def values(kind, found):
        for i, field in enumerate(kind.fields):
            inner = chunk.types[field.type]
            if field.pooled:
                continue
            each = found[i] if field.array else [found[i]]
            if inner.name == "java.lang.String":
                each = [other(v) for v in each]
                found[i] = each if field.array else each[0]
            elif inner.fields:
                for one in each:
                    values(inner, one)
    for item in chunk.items:
        if item[0] != 1:
            values(chunk.types[item[0]], item[1])
            continue
        for pool, constants in item[3]:
            if chunk.types[pool].name == "java.lang.String":
                for constant in constants:
                    constant[1] = other(constant[1])
            else:
                for constant in constants:
                    values(chunk.types[pool], constant[1])


def fresh(data):
    return chunks(data)[0].decode()


def jdk11(data):
    """No state in the header, one checkpoint, fewer fields."""
    c = fresh(data)
    c.minor, c.flags = 0, 1
    pools(c, "behind")
    without(c, "jdk.ThreadStart", ("stackTrace", "parentThread"))
    renumber(c, lambda i: i if i < 20 else i + 57)
    return c.encode()


def jdk21(data):
    """Threads that are virtual, and ids beyond the small ones."""
    c = fresh(data)
    thread = c.named["java.lang.Thread"]
    boolean = str(c.named["boolean"].id)
    thread.element[2].append(["field", [["name", "virtual"],
                                        ["class", boolean]], []])
    for item in c.items:
        if item[0] == 1:
            for pool, constants in item[3]:
                if pool == thread.id:
                    for constant in constants:
                        constant[1].append(b"\0")
    c.describe()
    renumber(c, lambda i: i if i < 100 else 9000 - i)
    return c.encode()


def datadog(data):
    """Two chunks: JDK's, and one of a profiler that writes its own."""
    jdk, own = fresh(data), fresh(data)
    keep(jdk, lambda name: not name.startswith("datadog."))
    keep(own, lambda name: name.startswith("datadog."))
    for kind in [t for t in own.types.values() if t.event and
                 t.name.startswith("datadog.")]:
        without(own, kind.name, ("duration",))
        kind = own.named[kind.name]
        move(own, [kind], lambda v: v[:3] + v[:2:-1])
    own.minor, own.flags = 0, 1
    pools(own, "behind")
    renumber(own, lambda i: (i * 7 + 20) if i > 1 else i)
    return jdk.encode() + own.encode(pad=5, first=True)


def async_profiler(data):
    """Sizes of 1 or 5 bytes, metadata first, constants last."""
    c = fresh(data)
    c.minor, c.flags = 0, 1
    pools(c, "behind")
    return c.encode(pad=1, first=True)


def changed(data, change, **how):
    c = fresh(data)
    change(c)
    return c.encode(**how)


def variants(data):
    def events(c):
        return [t for t in c.types.values() if t.event]
    yield "same", changed(data, lambda c: None)
    yield "ahead", changed(data, lambda c: pools(c, "ahead"))
    yield "behind", changed(data, lambda c: pools(c, "behind"))
    yield "one", changed(data, lambda c: move(
        c, [c.named["jdk.FileRead"]], lambda v: v[::-1]))
    yield "reordered", changed(data, lambda c: move(
        c, events(c), lambda v: v[::-1]))
    yield "plain", changed(data, lambda c: None, plain=True)
    yield "extra", changed(data, extra)
    yield "forms", changed(data, forms)
    yield "odd-ids", changed(data, lambda c: renumber(
        c, lambda i: i if i < 2 else (i << 40) * (-1) ** i))
    yield "jdk11", jdk11(data)
    yield "jdk21", jdk21(data)
    yield "datadog", datadog(data)
    yield "async", async_profiler(data)


def span(chunk, kind, values):
    """The duration of an event in ns, by its annotation."""
    for field, value in zip(kind.fields, values):
        if field.name == "duration":
            units = [n.get("value", "NANOSECONDS") for n in field.notes
                     if chunk.types[int(n["class"])].name ==
                     "jdk.jfr.Timespan"]
            assert units == ["TICKS"], units
            return value * 1000000000 // chunk.clock
    return None


TIMES = (("file_io", "read", "jdk.FileRead"),
         ("file_io", "write", "jdk.FileWrite"),
         ("socket_io", "read", "jdk.SocketRead"),
         ("socket_io", "write", "jdk.SocketWrite"))


def spans(data):
    found = {}
    for chunk in chunks(data):
        for kind, values in chunk.decode().events():
            ns = span(chunk, kind, values)
            if ns is not None:
                found.setdefault(kind.name, []).append(ns)
    for what, way, name in TIMES:
        ns = found.get(name, [0])
        yield "prof_jvm_%s_max_%s_time" % (what, way), max(ns)
        yield "prof_jvm_%s_%s_time" % (what, way), sum(ns)
    yield "prof_jvm_file_io_time", sum(found.get("jdk.FileRead", []) +
                                       found.get("jdk.FileWrite", []))
    yield "prof_jvm_gc_pause_time", sum(found.get("jdk.GCPhasePause", []))
    yield "prof_jvm_max_gc_pause_time", max(found.get("jdk.GCPhasePause",
                                                      [0]))
    yield "prof_jvm_compilation_time", sum(found.get("jdk.Compilation", []))


def clocked(data, clock):
    out = b""
    for chunk in chunks(data):
        out += chunk.data[:56] + struct.pack(">q", clock) + chunk.data[64:]
    return out


def counts(data, step):
    (chunk,) = chunks(data)
    names = {0: "jdk.Metadata", 1: "jdk.CheckPoint"}
    names.update((t.id, t.name) for t in chunk.types.values())
    events, seen, i = [e[:2] for e in chunk.walk()], {}, 0
    for cut in range(step, len(data), step):
        while i < len(events) and events[i][0] <= cut:
            name = names[events[i][1]]
            seen[name] = seen.get(name, 0) + 1
            i += 1
        for name in sorted(seen):
            yield cut, seen[name], name


def main(argv):
    if argv[0] == "make":
        for name, data in variants(load(argv[2])):
            with open("%s/%s.jfr" % (argv[1], name), "wb") as file:
                file.write(data)
    elif argv[0] == "spans":
        for name, ns in spans(load(argv[1])):
            print(name, "%di" % ns)
    elif argv[0] == "counts":
        for row in counts(load(argv[1]), int(argv[2])):
            print(*row)
    elif argv[0] == "ticks":
        sys.stdout.buffer.write(clocked(load(argv[1]), int(argv[2])))
    else:
        sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
