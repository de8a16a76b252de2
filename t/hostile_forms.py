"""Upload forms that were made to do harm, and see what becomes of them.

usage: hostile_forms.py send ADDRESS OUT [MIB]
       hostile_forms.py look OUT OUTBOX SINK

send posts each to prof-recv at HOST:PORT, keeps OUT/ID.name and OUT/ID.body of
those answered 200, and prints "STATUS NAME MESSAGE". MIB is how large the
events and bombs are (4). look compares what was delivered: the names of files,
the attachments' bytes, the events' tags.
"""

import gzip
import http.client
import io
import json
import os
import sys
import zipfile
import zlib

NAMES = {
    "up": b"../../../../escape", "absolute": os.path.abspath("escape").encode(), "dot": b".",
    "dots": b"..", "empty": b"", "dash": b"-rf", "star": b"*",
    "hidden": b".profile", "slash": b"a/b/c", "back": b"..\\\\..\\\\escape",
    "percent": b"%2e%2e%2fescape", "quote": b'a\\"b', "space": b" ",
    "newline": b"a\nb", "return": b"a\rb", "nul": b"a\0b", "tab": b"a\tb",
    "escape": b"\x1b[31mred", "utf8": "профиль-配置.pprof".encode(),
    "right-to-left": "\u202egnp.exe".encode(), "broken": b"\xff\xfe\xc3",
    "overlong": b"\xc0\xae\xc0\xae/escape", "255": b"n" * 255,
    "256": b"n" * 256, "4096": b"n" * 4096, "event": b"event.json",
    "temporary": b".tmp", "device": b"CON", "semicolon": b"a;b=c",
}
SERVICES = {
    "up": "../../../escape", "absolute": os.path.abspath("escape"), "dots": "..",
    "dot": ".", "empty": "", "nul": "a\0b", "newline": "a\nb", "tab": "a\tb",
    "utf8": "служба", "4096": "s" * 4096, "hidden": ".s", "percent": "%2e%2e",
    "metrics": "metrics", "points": "points", "control": "a\x1b[2Jb",
}


def part(name, filename, body):
    return (b"--b0\r\nContent-Disposition: form-data; name=\"" + name +
            b"\"; filename=\"" + filename + b"\"\r\n\r\n" + body + b"\r\n")


def event(tags, **more):
    return json.dumps({
        "attachments": ["a.pprof"], "tags_profiler": tags,
        "start": "2026-11-22T10:00:00Z", "end": "2026-11-22T10:01:00Z",
        "family": "go", "version": "4", **more}).encode()


def form(event_body, name=b"a.pprof", body=b"profile"):
    return (part(b"event", b"event.json", event_body) +
            part(b"a.pprof", name, body) + b"--b0--\r\n")


def bombs(size):
    """name, bytes: so many zeros and more in each compression, and nested."""
    zeros = b"\0" * (1 << 20)
    packer, out = zlib.compressobj(9, zlib.DEFLATED, 31), b""
    for _ in range(size):
        out += packer.compress(zeros)
    out += packer.flush()
    yield "gzip", out
    yield "gzip-twice", gzip.compress(out)
    yield "gzip-torn", out[:len(out) // 2]
    yield "gzip-many", gzip.compress(b"") * 100000
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("main.jfr", "w") as member:
            for _ in range(size):
                member.write(zeros)
    yield "zip", file.getvalue()
    # A frame of zstd: RLE blocks of 128 KiB each (RFC 8878, 3.1.1.2).
    block = ((1 << 17) << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    last = ((1 << 17) << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    frame = b"\x28\xb5\x2f\xfd\x00\x58" + block * (size * 8 - 1) + last
    yield "zstd", frame
    yield "gzip-zstd", gzip.compress(frame)
    # One of lz4 that claims 2^62 bytes (its frame format, content size).
    yield "lz4", bytes.fromhex("04224d18 6c40 0000000000000040 5d 00000000")


def uploads(mib):
    """name, body of a request."""
    plain = event("service:shop,runtime:go")
    for name, value in NAMES.items():
        yield "name." + name, form(plain, value)
    for name, value in SERVICES.items():
        yield "service." + name, form(event(f"service:{value},runtime:go"))
    tags = ",".join(f"key{i}:value{i}" for i in range(100000))
    yield "tags.many", form(event("service:shop," + tags))
    yield "tags.commas", form(event(",,,service:shop,,,:,a:,:b,,"))
    yield "tags.control", form(event("service:shop,a\n:b\0,c:\x1b[m\x7f"))
    yield "tags.long", form(event("service:shop,k:" + "v" * (mib << 18)))
    yield "tags.number", form(event(7))
    yield "tags.list", form(event(["service:shop", None, 7]))
    yield "event.flat", form(event("service:shop", **{
        f"k{i}": i for i in range(mib << 16)}))
    yield "event.list", form(event("service:shop", more=[0] * (mib << 18)))
    deep = b"[" * (mib << 19) + b"]" * (mib << 19)
    yield "event.deep", form(plain[:-1] + b',"deep":' + deep + b"}")
    yield "event.twice", form(plain[:-1] + b"," + plain[1:])
    yield "event.number", form(plain[:-1] + b',"n":' + b"9" * 100000 + b"}")
    yield "event.string", form(plain[:-1] + b',"s":"' + b"\\u0000" * 9 + b'"}')
    yield "event.surrogate", form(plain[:-1] + b',"s":"\\ud800"}')
    yield "event.torn", form(plain[:-5])
    yield "event.empty", form(b"")
    yield "event.utf8", form(plain[:-1] + b',"s":"\xff\xfe"}')
    for name, value in bombs(mib * 64):
        yield "bomb." + name, form(plain, b"a.pprof", value)
        yield "bomb.jfr." + name, form(plain.replace(b"a.pprof", b"a.jfr"),
                                       b"a.jfr", value)


def send(address, out, mib):
    host, port = address.rsplit(":", 1)
    for name, body in uploads(mib):
        link = http.client.HTTPConnection(host, int(port), timeout=60)
        link.request("POST", "/profiling/v1/input", body, {
            "Content-Type": "multipart/form-data; boundary=b0"})
        answer = link.getresponse()
        said = json.loads(answer.read())
        link.close()
        if answer.status != 200:
            print(answer.status, name, said["error"]["message"])
            continue
        print(answer.status, name)
        stem = os.path.join(out, said["content"]["ProfileID"])
        with open(stem + ".name", "w") as file:
            file.write(name)
        with open(stem + ".body", "wb") as file:
            file.write(body)


def attachment(body):
    """The bytes of a form's second part."""
    second = body.index(b"\r\n--b0\r\n")
    start = body.index(b"\r\n\r\n", second + 2) + 4
    return body[start:body.rindex(b"\r\n--b0--")]


def look(out, outbox, sink):
    """Every profile is a directory of two files, the second as it was sent."""
    found = {}
    for top, _, files in os.walk(outbox):
        if any(name.endswith(".line") for name in files):
            continue
        if files:
            found[os.path.basename(top).split("-", 1)[1]] = top, files
    for entry in os.listdir(out):
        if not entry.endswith(".body"):
            continue
        id = entry[:-5]
        with open(os.path.join(out, id + ".name")) as file:
            name = file.read()
        with open(os.path.join(out, entry), "rb") as file:
            sent = attachment(file.read())
        with open(os.path.join(sink, id + ".1.body"), "rb") as file:
            assert attachment(file.read()) == sent, name
        top, files = found.pop(id)
        assert top.count("/") == outbox.count("/") + 3, top
        assert len(files) == 2 and "event.json" in files, (name, files)
        other = next(file for file in files if file != "event.json")
        assert all(c.isalnum() or c in "._-%" for c in other), other
        assert other[0] != "." and len(other) <= 255, other
        with open(os.path.join(top, other), "rb") as file:
            assert file.read() == sent, name
    assert not found, found


def main():
    if sys.argv[1] == "send":
        send(sys.argv[2], sys.argv[3], int((sys.argv + [4])[4]))
    else:
        look(*sys.argv[2:])


main()
