"""Post with every name and time that the reference's oracle has.

usage: pyro_params.py ADDRESS NEW

NEW is the spool's new/, where the records come to lie. t/data/oracle/pyroscope
has what the reference's code makes of them. Where we differ: labels' names may
have dots and dashes; a label in front of a } that is missing, or without =,
stays; times that are no number of 64 bits are refused.
"""

import http.client
import json
import os
import re
import sys
import time
import urllib.parse

import form
from pyro import DATA, read
from requests import nanoseconds

OURS = {"app{a.b=c}": {"a.b": "c"}, "app{a-b=c}": {"a-b": "c"},
        "app{service.name=x}": {"service.name": "x"}, "app{a=b": {"a": "b"}}


def post(address, query):
    """The status, and the event of the record that was made, if one was."""
    host, port = address.rsplit(":", 1)
    before = set(os.listdir(sys.argv[2]))
    c = http.client.HTTPConnection(host, int(port))
    c.request("POST", "/ingest?" + urllib.parse.urlencode(query), b"a 1\n")
    status = c.getresponse().status
    c.close()
    made = set(os.listdir(sys.argv[2])) - before
    assert len(made) == (status == 200), (query, status, made)
    if not made:
        return status, None
    record = read(os.path.join(sys.argv[2], made.pop()))
    head, body = record.split(b"\n\n", 1)
    kind = [line for line in head.split(b"\n")
            if line.startswith(b"content-type: ")][0]
    request = form.Request(b"POST / HTTP/1.1\r\n" + kind, body)
    return status, json.loads(request.parts()[0].text())


def oracle(name):
    return json.loads(read(os.path.join(DATA, "oracle/pyroscope", name)))


def names():
    for case in oracle("keys.json"):
        status, event = post(sys.argv[1], {"name": case["in"]})
        labels = OURS.get(case["in"], case.get("labels"))
        if labels is None:
            assert status == 400, (case, status)
            continue
        assert status == 200, (case, status)
        tags = dict(form.split_tags(event["tags_profiler"]))
        if "app_name" in case:
            assert tags["app_name"] == case["app_name"], (case, tags)
        for key, value in labels.items():
            if value and not key.startswith("__"):
                assert tags.get(key) == value, (case, tags)


def times():
    for case in oracle("attime.json"):
        before = time.time_ns()
        status, event = post(sys.argv[1], {"name": "a", "from": case["in"],
                                           "until": case["in"]})
        after = time.time_ns()
        if status == 400:
            assert len(case["in"]) > 19, case
            continue
        start = nanoseconds(event["start"])
        assert event["end"] == event["start"], (case, event)
        if re.sub("[ _,]", "", case["in"]).isdigit():
            assert start == case["unix_ns"], (case, start)
        else:
            plus = case["now_plus_s"] * 10**9
            assert before <= start - plus <= after, (case, start)


names()
times()
