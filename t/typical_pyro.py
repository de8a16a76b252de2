"""Requests for t/bench: a CPU profile and a 5 MB tree of stacks of the program
of t/typical.py, as a client of prof-pyro posts them and, the same bytes, as a
form for prof-recv.

usage: typical_pyro.py DIR

reads:  DIR/cpu.pprof, typical.py's
writes: DIR/pprof.pyro, DIR/pprof.recv, DIR/tree.pyro, DIR/tree.recv
"""

import os
import random
import sys

import forms
import typical

TREE = 5000000
QUERY = "name=shop.cpu%7Benv=prod%7D&spyName=pyspy&from=1&until=11&format="
EVENT = ('{"attachments":["auto.pprof"],"tags_profiler":"service:shop",'
         '"start":"2026-11-22T10:00:00Z","end":"2026-11-22T10:00:10Z",'
         '"family":"python","version":"4"}')


def node(depth):
    name = random.choice(typical.NAMES).encode()
    below = [node(depth - 1)
             for _ in range(random.randint(1, 4) if depth else 0)]
    return (bytes([len(name)]) + name + bytes([not depth, len(below)]) +
            b"".join(below))


def tree():
    tops, size = [], 0
    while size < TREE:
        tops.append(node(8))
        size += len(tops[-1])
    assert len(tops) < 128 * 128
    return bytes([0, 0, len(tops) & 127 | 128, len(tops) >> 7]) + \
        b"".join(tops)


def write(name, target, kind, body):
    with open(os.path.join(sys.argv[1], name), "wb") as f:
        f.write(f"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                f"{kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        f.write(body)


with open(os.path.join(sys.argv[1], "cpu.pprof"), "rb") as cpu:
    profiles = {"pprof": cpu.read(), "tree": tree()}
for kind, profile in profiles.items():
    write(kind + ".pyro", "/ingest?" + QUERY + kind,
          "application/octet-stream", profile)
    write(kind + ".recv", "/profiling/v1/input",
          f"multipart/form-data; boundary={forms.BOUNDARY}",
          forms.body([forms.part("event", EVENT, "event.json"),
                      forms.part("auto", profile, "auto.pprof")]))
