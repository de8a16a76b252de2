"""Push sets of profiles to a prof-pyro that is killed now and then.

usage: pyro_sets.py push ADDRESSFILE CPU HEAP STOP   until there is a file STOP;
                                     prints "APP KIND" for each answer 200
       pyro_sets.py check ACKED NEW  is each of those in just one record of NEW,
                                     and none, answered or not, in two?
"""

import http.client
import json
import os
import sys

import form


def read(path):
    with open(path, "rb") as f:
        return f.read()


def push(address, cpu, heap, stop):
    bodies = {"cpu": read(cpu), "heap": read(heap)}
    app = 0
    while not os.path.exists(stop):
        app += 1
        for kind, body in bodies.items():
            try:
                host, port = read(address).decode().strip().rsplit(":", 1)
                c = http.client.HTTPConnection(host, int(port), timeout=5)
                c.request("POST", f"/ingest?name=app{app}&spyName=nodespy&"
                          "format=pprof&from=1&until=2", body)
                if c.getresponse().status == 200:
                    print(f"app{app} {kind}", flush=True)
                c.close()
            except (OSError, ValueError, http.client.HTTPException):
                pass


def event(path):
    head, body = read(path).split(b"\n\n", 1)
    kind = [line for line in head.split(b"\n")
            if line.startswith(b"content-type: ")][0]
    request = form.Request(b"POST / HTTP/1.1\r\n" + kind, body)
    return json.loads(request.parts()[0].text())


def check(acked, new):
    found = {}
    for name in os.listdir(new):
        e = event(os.path.join(new, name))
        app = dict(form.split_tags(e["tags_profiler"]))["app_name"]
        for kind in {"heap" if "inuse" in a else "cpu"
                     for a in e["attachments"]}:
            found.setdefault(f"{app} {kind}", []).append(name)
    lost = [a for a in read(acked).decode().splitlines() if a not in found]
    twice = {k: v for k, v in found.items() if len(v) > 1}
    print(f"{len(read(acked).splitlines())} answered, {len(found)} found, "
          f"{len(os.listdir(new))} records")
    assert not lost, f"lost: {lost}"
    assert not twice, f"twice: {twice}"


if sys.argv[1] == "push":
    push(*sys.argv[2:])
else:
    check(*sys.argv[2:])
