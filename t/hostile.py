"""Send requests that servers are known to read differently; say what came.

usage: hostile.py table
       hostile.py send ADDRESS OUT [FILE...]

table prints "NAME ANSWER" for each request: "taken"; the status of the one
answer before the connection ends; or "STATUS open" where the framing is sound
and it goes on (RFC 9112 strictly read; where that leaves a choice, ours). send
sends each to HOST:PORT with a request for /info behind it, writes "NAME ANSWER"
to standard output, and OUT/ID for each that was taken: the body meant, under
the profile's id. ANSWER is "odd ..." where there was more than one to it, or
none. Each body holds a whole request, which nobody may see. FILEs are sent
after those of the table.
"""

import concurrent.futures
import json
import os
import re
import socket
import sys

CRLF = b"\r\n"
WITHIN = b"POST /profiling/v1/input HTTP/1.1\r\nHost: within\r\n" \
    b"Content-Length: 0\r\n\r\n"
BEHIND = b"GET /info HTTP/1.1\r\nHost: behind\r\n\r\n"
EVENT = b'{"attachments":["a.pprof"],"tags_profiler":"service:hostile",' \
    b'"start":"2026-11-22T10:00:00Z","end":"2026-11-22T10:01:00Z",' \
    b'"family":"go","version":"4"}'
PART = b'--b0\r\nContent-Disposition: form-data; name="%s"; filename="%s"'
FORM = CRLF.join([
    PART % (b"event", b"event.json"), b"", EVENT,
    PART % (b"a.pprof", b"a.pprof"), b"", WITHIN, b"--b0--", b""])
TYPE = b"Content-Type: multipart/form-data; boundary=b0"
HOST = b"Host: a"
LENGTH = b"Content-Length: %d" % len(FORM)
CHUNKED = b"Transfer-Encoding: chunked"
POST = b"POST /profiling/v1/input HTTP/1.1"


def head(*fields, line=POST, host=HOST):
    lines = [line, TYPE] + ([host] if host else []) + list(fields)
    return CRLF.join(lines + [b"", b""])


def whole(*fields, **how):
    """A request with FORM as its body, by Content-Length."""
    return head(*fields, LENGTH, **how) + FORM


def chunks(*sizes, end=b"0\r\n\r\n"):
    """FORM in one chunk for each size line, but the last line's takes all."""
    out, rest = b"", FORM
    for size in sizes[:-1]:
        n = int(size, 16)
        out, rest = out + size + CRLF + rest[:n] + CRLF, rest[n:]
    last = sizes[-1] % len(rest) if b"%" in sizes[-1] else sizes[-1]
    return out + last + CRLF + rest + CRLF + end


def chunked(*sizes, end=b"0\r\n\r\n", fields=(CHUNKED,)):
    return head(*fields) + chunks(*sizes, end=end)


def framed(te):
    """The form in chunks, under this Transfer-Encoding."""
    return chunked(b"%x", fields=(b"Transfer-Encoding: " + te,))


def long(value):
    """The form by Content-Length, its value so."""
    return head(b"Content-Length:" + value) + FORM


TAKEN = "taken"
N = b"%d" % len(FORM)
CASES = [
    # The request line (RFC 9112, 3).
    ("plain", TAKEN, whole()),
    ("two-spaces", 400, whole(line=POST.replace(b" ", b"  ", 1))),
    ("tab-for-space", 400, whole(line=POST.replace(b" ", b"\t", 1))),
    ("space-in-front", 400, whole(line=b" " + POST)),
    ("space-behind", 400, whole(line=POST + b" ")),
    ("no-version", 400, whole(line=POST[:-9])),
    ("version-small", 400, whole(line=POST[:-8] + b"http/1.1")),
    ("version-1.10", 400, whole(line=POST + b"0")),
    ("version-2", 505, whole(line=POST[:-3] + b"2.0")),
    ("version-0.9", 505, whole(line=POST[:-3] + b"0.9")),
    ("empty-line-before", TAKEN, CRLF + whole()),
    ("blank-line-before", 400, b" \r\n" + whole()),
    ("absolute-target", TAKEN,
     whole(line=b"POST http://a/profiling/v1/input HTTP/1.1")),
    ("asterisk-target", "404 open", whole(line=b"POST * HTTP/1.1")),
    ("authority-target", 400, whole(line=b"POST a:80 HTTP/1.1")),
    ("relative-target", 400, whole(line=b"POST input HTTP/1.1")),
    ("fragment", 400, whole(line=POST[:-9] + b"#x HTTP/1.1")),
    ("space-in-target", 400, whole(line=POST[:-9] + b"?a b HTTP/1.1")),
    ("nul-in-target", 400, whole(line=POST[:-9] + b"?a\0b HTTP/1.1")),
    ("esc-in-target", 400, whole(line=POST[:-9] + b"?a\x1bb HTTP/1.1")),
    ("8-bit-target", 400, whole(line=POST[:-9] + b"?\xc3\xa9 HTTP/1.1")),
    ("long-target", 431,
     whole(line=POST[:-9] + b"?" + b"a" * 20000 + b" HTTP/1.1")),
    ("method-token", "405 open", whole(line=b"P!ST" + POST[4:])),
    ("method-no-token", 400, whole(line=b"P(ST" + POST[4:])),
    ("method-small", "405 open", whole(line=b"post" + POST[4:])),
    # Fields (5).
    ("no-colon", 400, whole(b"Nothing")),
    ("no-name", 400, whole(b": a")),
    ("space-in-name", 400, whole(b"A b: c")),
    ("space-before-colon", 400, whole(b"A : b")),
    ("tab-before-colon", 400, whole(b"A\t: b")),
    ("8-bit-name", 400, whole(b"\xc3\xa9: b")),
    ("8-bit-value", TAKEN, whole(b"A: \xc3\xa9")),
    ("empty-value", TAKEN, whole(b"A:")),
    ("tabs-around-value", TAKEN, whole(b"A:\t b\tc \t")),
    ("del-in-value", 400, whole(b"A: b\x7f")),
    ("esc-in-value", 400, whole(b"A: \x1b")),
    ("cr-in-value", 400, whole(b"A: b\rContent-Length: 0")),
    ("cr-at-end", 400, whole(b"A: b\r")),
    ("lf-alone", 400, whole(b"A: b\nB: c")),
    ("cr-cr-lf", 400, head(LENGTH)[:-2] + b"\r\r\n" + FORM),
    ("fold-first", 400, whole(host=None, line=POST + b"\r\n a: b")),
    ("fold-length", 400, head(b"Content-Length:\r\n " + N) + FORM),
    ("fold-coding", 400, head(b"Transfer-Encoding:\r\n chunked")
     + chunks(b"%x")),
    # Host (3.2).
    ("no-host", 400, whole(host=None)),
    ("no-host-1.0", TAKEN, whole(host=None, line=POST[:-1] + b"0")),
    ("two-hosts", 400, whole(HOST)),
    ("two-hosts-differ", 400, whole(b"Host: b")),
    ("empty-host", TAKEN, whole(host=b"Host:")),
    ("host-list", 400, whole(host=b"Host: a, b")),
    ("host-space", 400, whole(host=b"Host: a b")),
    ("host-path", 400, whole(host=b"Host: a/b")),
    ("host-user", 400, whole(host=b"Host: a@b")),
    # Content-Length (6.2). Equal ones may be refused, and are.
    ("length-zeros", TAKEN, long(b" 000" + N)),
    ("length-tab", TAKEN, long(b"\t" + N + b"\t")),
    ("length-none", "400 open", head(b"Content-Length: 0")),
    ("length-empty", 400, long(b"")),
    ("length-hex", 400, long(b" 0x%x" % len(FORM))),
    ("length-fraction", 400, long(b" " + N + b".0")),
    ("length-exponent", 400, long(b" " + N + b"e0")),
    ("length-plus", 400, long(b" +" + N)),
    ("length-minus", 400, long(b" -" + N)),
    ("length-space", 400, long(b" " + N[:1] + b" " + N[1:])),
    ("length-semicolon", 400, long(b" " + N + b";")),
    ("length-comma", 400, long(b" " + N + b",")),
    ("length-quoted", 400, long(b' "' + N + b'"')),
    ("length-2^63", 400, long(b" 9223372036854775808")),
    ("length-2^64", 400, long(b" %d" % (2 ** 64 + len(FORM)))),
    ("length-10^40", 400, long(b" 1" + b"0" * 40)),
    ("length-twice", 400, whole(LENGTH)),
    ("length-twice-differ", 400, whole(b"Content-Length: 0")),
    ("length-name-small", TAKEN, head(LENGTH.lower()) + FORM),
    # Transfer-Encoding (6.1). What is not just chunked is no coding of ours.
    ("chunked", TAKEN, framed(b"chunked")),
    ("chunked-large", TAKEN, framed(b"CHUNKED")),
    ("chunked-tabs", TAKEN, framed(b"\tchunked \t")),
    ("chunked-twice", 501, framed(b"chunked, chunked")),
    ("chunked-two-fields", 400, chunked(b"%x", fields=(CHUNKED, CHUNKED))),
    ("chunked-identity", 501, framed(b"chunked, identity")),
    ("identity-chunked", 501, framed(b"identity, chunked")),
    ("gzip-chunked", 501, framed(b"gzip, chunked")),
    ("chunked-comma", 501, framed(b"chunked,")),
    ("comma-chunked", 501, framed(b",chunked")),
    ("chunked-quoted", 501, framed(b'"chunked"')),
    ("chunked-parameter", 501, framed(b"chunked;q=1")),
    ("chunked-vt", 400, framed(b"\x0bchunked")),
    ("chunked-nul", 400, framed(b"chunked\0")),
    ("coding-empty", 501, framed(b"")),
    ("chunked-length", 400, chunked(b"%x", fields=(CHUNKED, LENGTH))),
    ("length-chunked", 400, chunked(b"%x", fields=(LENGTH, CHUNKED))),
    ("chunked-length-0", 400,
     chunked(b"%x", fields=(b"Content-Length: 0", CHUNKED))),
    ("chunked-1.0", 400,
     head(CHUNKED, line=POST[:-1] + b"0") + chunks(b"%x")),
    # Chunks (7.1). Extensions may be refused, and are.
    ("chunks", TAKEN, chunked(b"1", b"A", b"%x")),
    ("size-zeros", TAKEN, chunked(b"000%x")),
    ("size-large", TAKEN, chunked(b"%X")),
    ("size-17-digits", TAKEN, chunked(b"%017x")),
    ("size-40-digits", 400, chunked(b"%040x")),
    ("size-space-behind", 400, chunked(b"%x ")),
    ("size-space-before", 400, chunked(b" %x")),
    ("size-tab", 400, chunked(b"%x\t")),
    ("size-plus", 400, chunked(b"+%x")),
    ("size-minus", 400, chunked(b"-%x")),
    ("size-0x", 400, chunked(b"0x%x")),
    ("size-g", 400, chunked(b"%xg")),
    ("size-empty", 400, chunked(b"")),
    ("size-semicolon", 400, chunked(b"%x;")),
    ("extension", 400, chunked(b"%x;a=b")),
    ("extension-quoted", 400, chunked(b'%x;a="\r\n"')),
    ("extension-lf", 400, chunked(b"%x;a\nb")),
    ("size-2^64", 400, chunked(b"10000000000000000")),
    ("size-2^64-1", 413, chunked(b"ffffffffffffffff")),
    ("size-too-small", 400, chunked(b"1")),
    ("size-lf", 400, head(CHUNKED) + chunks(b"%x").replace(CRLF, b"\n", 1)),
    ("size-cr", 400, head(CHUNKED) + chunks(b"%x").replace(CRLF, b"\r", 1)),
    ("chunk-no-crlf", 400, head(CHUNKED)
     + chunks(b"%x").replace(b"--b0--\r\n\r\n", b"--b0--\r\n")),
    ("chunk-lf", 400, head(CHUNKED)
     + chunks(b"%x").replace(b"--b0--\r\n\r\n", b"--b0--\r\n\n")),
    ("end-000", TAKEN, chunked(b"%x", end=b"000\r\n\r\n")),
    ("end-lf", 400, chunked(b"%x", end=b"0\n\n")),
    ("end-lf-last", 400, chunked(b"%x", end=b"0\r\n\n")),
    ("trailer", TAKEN, chunked(b"%x", end=b"0\r\nA: b\r\n\r\n")),
    ("trailer-length", TAKEN,
     chunked(b"%x", end=b"0\r\nContent-Length: 3\r\n\r\n")),
    ("trailer-coding", TAKEN,
     chunked(b"%x", end=b"0\r\n" + CHUNKED + b"\r\n\r\n")),
    ("trailer-fold", 400, chunked(b"%x", end=b"0\r\nA: b\r\n c\r\n\r\n")),
    ("trailer-no-colon", 400, chunked(b"%x", end=b"0\r\nA\r\n\r\n")),
    ("trailer-cr", 400, chunked(b"%x", end=b"0\r\nA: b\rc\r\n\r\n")),
    ("trailer-long", 400,
     chunked(b"%x", end=b"0\r\nA: " + b"b" * 5000 + b"\r\n\r\n")),
    # Others.
    ("expect-else", 417, whole(b"Expect: 200-ok")),
    ("expect-1.0", TAKEN,
     whole(b"Expect: 100-continue", line=POST[:-1] + b"0")),
    ("upgrade-h2c", TAKEN, whole(b"Connection: Upgrade, HTTP2-Settings",
                                 b"Upgrade: h2c", b"HTTP2-Settings: AA")),
    ("connection-length", TAKEN, whole(b"Connection: Content-Length")),
    ("connection-close", TAKEN, whole(b"Connection: close")),
    ("tls-hello", 400, bytes.fromhex("160301006a0100006603030102")),
    ("socks", 400, b"\x05\x01\x00"),
    ("proxy-line", 400, b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + whole()),
    ("http-0.9", 400, b"GET /\r\n"),
]


class Answers:
    """The answers on a connection, one by one, until it ends."""

    def __init__(self, sock):
        self.sock, self.bytes = sock, b""

    def more(self):
        got = self.sock.recv(65536)
        self.bytes += got
        return got != b""

    def one(self):
        """(status, body), or None at the end, which may be a reset."""
        try:
            while b"\r\n\r\n" not in self.bytes:
                if not self.more():
                    return None
            top, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", top)
            want = int(length[1]) if length else 0
            while len(self.bytes) < want:
                if not self.more():
                    return None
        except ConnectionError:
            return None
        body, self.bytes = self.bytes[:want], self.bytes[want:]
        return int(top[9:12]), body

    def all(self):
        """Those before the connection ends, or that to BEHIND."""
        out = []
        while (answer := self.one()) is not None:
            out.append(answer)
            if b"endpoints" in answer[1] or len(out) > 3:
                break
        return [answer for answer in out if answer[0] != 100]


def verdict(answers, out):
    """What came in a word; the body that was taken goes to out."""
    statuses = [status for status, _ in answers]
    last = b"endpoints" in answers[-1][1] if answers else False
    if len(answers) - last != 1:
        return f"odd {statuses}"
    if statuses[0] != 200:
        return f"{statuses[0]} open" if last else statuses[0]
    id = json.loads(answers[0][1])["content"]["ProfileID"]
    with open(os.path.join(out, id), "wb") as file:
        file.write(FORM)
    return TAKEN


def send(address, out, case):
    """The request whole; where nothing comes of it the client breaks off."""
    name, _, request = case
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), 10) as sock:
        sock.settimeout(10)
        try:
            sock.sendall(request + BEHIND)
            sock.shutdown(socket.SHUT_WR)
        except ConnectionError:
            pass
        try:
            return f"{name} {verdict(Answers(sock).all(), out)}"
        except TimeoutError:
            return f"{name} odd, nothing in 10 s"


def main():
    if sys.argv[1] == "table":
        for name, answer, _ in CASES:
            print(name, answer)
        return
    address, out, *files = sys.argv[2:]
    for path in files:
        with open(path, "rb") as file:
            CASES.append((os.path.basename(path), None, file.read()))
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        for line in pool.map(lambda case: send(address, out, case), CASES):
            print(line)


main()
