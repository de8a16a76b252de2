"""Targets for prof-pull: one server that behaves as the path says.

usage: target.py [-c CERT -k KEY [-a CA]] [-n FD] DIR [SOCKET]

Writes DIR/address, HOST:PORT of loopback (with SOCKET it listens there too),
then a newline to FD, and a line in DIR/log for each request before it is
answered. With CERT and KEY it speaks TLS, with CA to those alone who have a
certificate of it. As a proxy it answers itself.

    TIME PATH QUERY AUTHORIZATION X-TEST

in unix seconds; "-" where there is none; of http://no.host/ only the path. A request for /NAME/.../TYPE is
answered as NAME has it, and with what follows in the path it is another
target. DIR/NAME.TYPE or DIR/NAME holds the name instead, where there is such a
file: so a target changes while it is being pulled. Names:

    ok          a profile of that type; what grows grows with each request,
                and DIR/log has its time and total behind the line
    still       as ok, but it does not grow
    restart     as ok, but it begins anew with this request
    plain       as ok, not compressed
    delta       one that is a delta already (it has a duration)
    refuse-N    status N, with a sentence
    hang        nothing, for ever
    head        the head alone, then nothing for ever
    reset       the connection ends at once
    other       a goroutine profile, whatever was asked for
    text, html  a page, with status 200
    empty       nothing, with status 200
    cut         gzip that is cut short
    short       fewer bytes than Content-Length says
    bomb        gzip of 12 MiB of zeros
    large-N     a profile of N bytes, followed by anything; exact-N: in all
    chunked-N   as large-N, without a Content-Length
    flip        gzip with a wrong checksum
    to-host, to-port, to-scheme, to-file
                a redirect elsewhere
    to-same     a redirect to ok, on the same host
    to-loop     a redirect to itself
    locked      401 unless Authorization or X-Test is there
"""

import argparse
import asyncio
import gzip
import os
import signal
import ssl
import time

import pprof

HEAP = [("alloc_objects", "count"), ("alloc_space", "bytes"),
        ("inuse_objects", "count"), ("inuse_space", "bytes")]
LOCKS = [("contentions", "count"), ("delay", "nanoseconds")]
TYPES = {"heap": HEAP, "allocs": HEAP, "mutex": LOCKS, "block": LOCKS,
         "goroutine": [("goroutine", "count")],
         "threadcreate": [("threadcreate", "count")],
         "profile": [("samples", "count"), ("cpu", "nanoseconds")]}
GROWING = ("heap", "allocs", "mutex", "block")

totals = {}             # of what grows, by path


def profile(path, kind, step=1, duration=0):
    """A profile; and what of it grows, in all."""
    types = TYPES[kind]
    now = time.time_ns()
    if kind not in GROWING:
        return pprof.encode(types, {("main.f", "main.main"): [1] * len(types)},
                            now, 1 if kind == "profile" else 0), 1
    total = totals[path] = totals.get(path, 100) + step
    samples = {("main.f", "main.main"): [total, total * 64] + [7, 448] * (
        kind in ("heap", "allocs")),
        # Seen once, long ago: it is in no delta.
        ("main.g", "main.main"): [9, 9] + [0, 0] * (
            kind in ("heap", "allocs"))}
    return pprof.encode(types, samples, now, duration), total, now


def head(status, length, *more):
    lines = [f"HTTP/1.1 {status} Said", "Content-Type: text/plain", *more]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join(lines + ["", ""]).encode()


def page(status, text, *more):
    return head(status, len(text), *more) + text.encode()


def whole(body):
    return head(200, len(body)) + body


def chunked(body):
    out = head(200, None, "Transfer-Encoding: chunked")
    for at in range(0, len(body), 65536):
        piece = body[at:at + 65536]
        out += b"%x\r\n%s\r\n" % (len(piece), piece)
    return out + b"0\r\n\r\n"


def filled(body, length):
    """With an unknown field behind it, length bytes in all."""
    pad = length - len(body) - 1 - 4
    return body + b"\xfa\x01" + bytes([pad & 0x7f | 0x80, pad >> 7 & 0x7f |
                                       0x80, pad >> 14]) + bytes(pad)


class Server:
    def __init__(self, where):
        self.where = where
        self.log = open(os.path.join(where, "log"), "a", buffering=1)

    def name(self, path, kind):
        name = path.split("/")[1]
        for file in f"{name}.{kind}", name:
            try:
                with open(os.path.join(self.where, file)) as f:
                    return f.read().strip()
            except FileNotFoundError:
                pass
        return name

    def grown(self, path, kind, name, note):
        if name == "restart":
            totals[path] = 0
        body, total, *at = profile(
            path, kind, 0 if name == "still" else 3,
            5 if name == "delta" else 0)
        if at:
            note += f" {at[0]} {total}"
        if name != "plain":
            body = gzip.compress(body, 1, mtime=0)
        return body, note

    def answer(self, path, kind, name, fields):
        """The bytes of an answer, and what the log has of it."""
        note = ""
        word, _, size = name.partition("-")
        if name in ("ok", "still", "restart", "plain", "delta", "locked"):
            if name == "locked" and not (
                    {"authorization", "x-test"} & set(fields)):
                return page(401, "who are you?"), note
            if kind not in TYPES:
                return page(404, "Unknown profile\n"), note
            body, note = self.grown(path, kind, name, note)
            return whole(body), note
        body = profile(path, kind if kind in TYPES else "goroutine")[0]
        small = gzip.compress(body, 1, mtime=0)
        if word == "refuse":
            return page(int(size), "no, said the target\nand more"), note
        if word in ("large", "exact"):
            return whole(filled(body, int(size))), note
        if word == "chunked":
            return chunked(filled(body, int(size))), note
        if word == "to":
            return page(302, "", "Location: " + {
                "host": f"http://localhost:{self.port}/ok/{kind}",
                "port": "http://127.0.0.1:1/ok",
                "scheme": f"https://127.0.0.1:{self.port}/ok/{kind}",
                "file": "file:///etc/passwd",
                "same": f"/ok/debug/pprof/{kind}",
                "loop": path}[size]), note
        return {
            "other": lambda: whole(profile(path, "goroutine")[0]),
            "head": lambda: head(200, 100),
            "text": lambda: page(200, "this is no profile at all\n"),
            "html": lambda: page(200, "<!DOCTYPE html><p>hello"),
            "empty": lambda: page(200, ""),
            "cut": lambda: whole(small[:-9]),
            "short": lambda: head(200, len(small) + 1) + small,
            "bomb": lambda: whole(gzip.compress(bytes(12 << 20), 1)),
            "flip": lambda: whole(small[:-8] + bytes([small[-8] ^ 1]) +
                                  small[-7:]),
        }[name](), note

    async def serve(self, reader, writer):
        try:
            while await self.one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        writer.close()

    async def one(self, reader, writer):
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        target = lines[0].split(" ")[1].removeprefix("http://no.host")
        fields = {k.lower(): v.strip() for k, _, v in (
            line.partition(":") for line in lines[1:] if line)}
        path, _, query = target.partition("?")
        kind = path.rsplit("/", 1)[-1]
        name = self.name(path, kind)
        note, out = "", b""
        if name not in ("hang", "reset"):
            out, note = self.answer(path, kind, name, fields)
        print(f"{time.time():.6f}", path, query or "-",
              fields.get("authorization", "-").replace(" ", ":"),
              fields.get("x-test", "-") + note, file=self.log)
        if kind == "profile" and name not in ("hang", "reset"):
            await asyncio.sleep(float(query.partition("=")[2] or 0))
        writer.write(out)
        await writer.drain()
        if name in ("hang", "head"):
            await reader.read()
        return name not in ("hang", "head", "reset", "short")


def secure():
    if options.c is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.c, options.k)
    if options.a:
        context.load_verify_locations(options.a)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


async def main(where, socket=None):
    server = Server(where)
    tcp = await asyncio.start_server(server.serve, "127.0.0.1", 0,
                                     ssl=secure())
    server.port = tcp.sockets[0].getsockname()[1]
    if socket:
        await asyncio.start_unix_server(server.serve, socket)
    with open(os.path.join(where, "address.new"), "w") as f:
        print(f"127.0.0.1:{server.port}", file=f)
    os.rename(os.path.join(where, "address.new"),
              os.path.join(where, "address"))
    if options.n is not None:
        os.write(options.n, b"\n")
        os.close(options.n)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, os._exit, 0)
    await tcp.serve_forever()


parser = argparse.ArgumentParser()
parser.add_argument("-a")
parser.add_argument("-c")
parser.add_argument("-k")
parser.add_argument("-n", type=int)
parser.add_argument("dir")
parser.add_argument("socket", nargs="?")
options = parser.parse_args()
asyncio.run(main(options.dir, options.socket))
