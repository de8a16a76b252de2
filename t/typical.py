"""An upload of a Go program as dd-trace-go sends them, 74 KB of it, for
t/bench: stacks of a program with some hundred functions, made up.

usage: typical.py DIR

writes: DIR/upload.body, a form with the boundary of t/forms.py; DIR/cpu.pprof
        and DIR/heap.pprof, its two large files
"""

import gzip
import os
import random
import sys

import forms
import metrics
import pprof

random.seed(74)
PACKAGES = [f"{host}/{name}/{part}" for host in
            ("github.com/acme", "golang.org/x", "google.golang.org/grpc")
            for name in ("shop", "net", "store", "http2", "encoding")
            for part in ("internal/cart", "transport", "codec", "pool")]
NAMES = [f"{random.choice(PACKAGES)}.(*{a}{b}).{c}{d}" for a in
         ("Server", "Client", "Conn", "Index") for b in ("Reader", "Pool", "")
         for c in ("Serve", "Handle", "decode", "Write", "flush", "next",
                   "get", "Close", "find", "run")
         for d in ("", "Locked", "Slow", "All", ".func1", "One")] + [
    f"runtime.{a}{b}" for a in ("gc", "malloc", "scan", "m", "park", "chan")
    for b in ("gc", "Start", "object", "call", "work", "recv", "send")]


def stacks(n, depth, width):
    """n stacks that share their roots, as those of a program do."""
    children = {}
    found = {}
    while len(found) < n:
        stack = ("runtime.goexit",)
        for _ in range(random.randint(depth // 3, depth)):
            at = children.setdefault(stack, [])
            if len(at) < width and random.random() < .35 or not at:
                at.append(random.choice(NAMES))
            stack += (random.choice(at),)
        found[tuple(reversed(stack))] = None
    return list(found)


def packed(types, n, depth, most):
    samples = {s: [random.randint(1, most) * k for k in
                   ((1, 10000000) if len(types) == 2 else (1, 512, 1, 256))]
               for s in stacks(n, depth, 4)}
    if len(types) == 1:
        samples = {s: v[:1] for s, v in samples.items()}
    return gzip.compress(pprof.encode(types, samples, metrics.START, 60 * 10
                                      ** 9), 6)


def main(out):
    delay = [("contentions", "count"), ("delay", "nanoseconds")]
    files = {
        "cpu.pprof": packed([("samples", "count"), ("cpu", "nanoseconds")],
                            405, 40, 30),
        "delta-heap.pprof": packed(
            [("alloc_objects", "count"), ("alloc_space", "bytes"),
             ("inuse_objects", "count"), ("inuse_space", "bytes")],
            212, 30, 99999),
        "delta-mutex.pprof": packed(delay, 40, 16, 9999),
        "delta-block.pprof": packed(delay, 40, 16, 9999),
        "goroutines.pprof": packed([("goroutine", "count")], 60, 14, 9),
        "metrics.json": b'[["go_alloc_bytes_per_sec",12433464],'
                        b'["go_allocs_per_sec",536.2],'
                        b'["go_gc_pause_time",0.0003],["go_gcs_per_sec",1.2]]',
    }
    body = forms.body(metrics.upload("go", files, "service:shop,env:prod,"
                                     "version:1.2.3,runtime:go"))
    for name, content in (("upload.body", body),
                          ("cpu.pprof", files["cpu.pprof"]),
                          ("heap.pprof", files["delta-heap.pprof"])):
        with open(os.path.join(out, name), "wb") as f:
            f.write(content)


if __name__ == "__main__":
    main(sys.argv[1])
