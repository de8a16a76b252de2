"""Send requests, as they lie in files, over TLS.

usage: https.py [-c CERT] [-k] [-n N] [-p] [-s STEP] [-w FILE]
           HOST:PORT CA FILE...
       -c  CERT.pem and CERT.key are shown
       -k  all on one connection, one after the other
       -n  a file holds so many requests
       -p  all on one connection, at once: pipelined
       -s  bytes of a TLS record (16384)
       -w  stop in the middle of a request, make FILE, and go on when that is
           gone
Prints "STATUS BODY" for each answer.
"""

import getopt
import http.client
import os
import socket
import ssl
import sys
import time


class Wrapped:
    """What http.client reads an answer from: a file that it must not close."""

    def __init__(self, stream):
        self.stream = stream

    def makefile(self, *args):
        return self

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def close(self):
        pass


def connect(address, ca, cert):
    host, port = address.removeprefix("https://").rsplit(":", 1)
    context = ssl.create_default_context(cafile=ca)
    context.set_alpn_protocols(["http/1.1"])
    if cert:
        context.load_cert_chain(f"{cert}.pem", f"{cert}.key")
    plain = socket.create_connection((host, int(port)), 30)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    tls = context.wrap_socket(plain, server_hostname=host)
    return tls, Wrapped(tls.makefile("rb"))


def send(tls, content, step, wait):
    for at in range(0, len(content), step):
        if wait and at >= len(content) // 2:
            with open(wait, "w", encoding="utf-8"):
                pass
            while os.path.exists(wait):
                time.sleep(0.02)
            wait = None
        tls.sendall(content[at : at + step])


def pipeline(tls, content):
    """As much as goes, with pauses: nothing is read before all is sent."""
    tls.setblocking(False)
    at, since = 0, time.monotonic()
    while at < len(content) and time.monotonic() - since < 30:
        try:
            at += tls.send(content[at : at + 65536])
            since = time.monotonic()
        except ssl.SSLWantWriteError:
            time.sleep(0.01)
    tls.setblocking(True)


def show(stream):
    answer = http.client.HTTPResponse(stream)
    answer.begin()
    print(answer.status, answer.read().decode().strip(), flush=True)


def main():
    options, rest = getopt.getopt(sys.argv[1:], "c:kn:ps:w:")
    given = dict(options)
    step = int(given.get("-s", 16384))
    address, ca, *files = rest
    contents = []
    for name in files:
        with open(name, "rb") as file:
            contents.append(file.read())
    if "-p" in given:
        tls, stream = connect(address, ca, given.get("-c"))
        pipeline(tls, b"".join(contents))
        for _ in range(len(contents) * int(given.get("-n", 1))):
            show(stream)
        return
    tls = None
    for content in contents:
        if tls is None or "-k" not in given:
            tls, stream = connect(address, ca, given.get("-c"))
        send(tls, content, step, given.get("-w"))
        show(stream)


main()
