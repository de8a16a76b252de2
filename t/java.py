"""Are lines of metrics what the reference's own code makes of a request?

usage: java.py HOST NAME ... <LINES
A line on standard input for each NAME of t/data/requests, in that order. Every
field, its type and value, the tags and the time must be those of
t/data/oracle/requests. The reference could not read two of the requests: they
have the recording of another one. Its host is overridden by ours, HOST.
"""
import json
import os
import re
import sys

ORACLE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "data/oracle/requests/%s.json")
# zstd is newer than the reference; nor does it look at chunk-data.
SAME = {"constructed-ddjava-zstd": "constructed-ddjava-lz4",
        "constructed-ddjava090": "curl-asprof-jfr"}


def oracle(name):
    with open(ORACLE % name, encoding="utf-8") as file:
        return json.load(file)


def parsed(line):
    """Tags, fields as (type, value), and time; there are no escapes."""
    head, fields, time = line.rstrip("\n").split(" ")
    name, *tags = head.split(",")
    assert name == "profiling_metrics", name
    found = {}
    for field in fields.split(","):
        key, value = field.split("=")
        whole = re.fullmatch(r"(-?\d+)i", value)
        found[key] = ("int64", int(whole[1])) if whole else \
            ("float64", float(value))
    return dict(tag.split("=") for tag in tags), found, int(time)


def expected(name, host):
    own, other = oracle(name), oracle(SAME.get(name, name))
    tags = {key: own["metadata"][key] for key in ("service", "env", "version")}
    tags.update(language="java", host=host)
    fields = {f["key"]: (f["type"], f["value"])
              for f in other["points"][0]["fields"]}
    return tags, fields, own["end_ns"]


def main(host, names):
    lines = sys.stdin.readlines()
    wrong = 0
    if len(lines) != len(names):
        print(len(lines), "lines, not", len(names))
        wrong = 1
    for name, line in zip(names, lines):
        got, want = parsed(line), expected(name, host)
        for one, other in zip(got, want):
            if one != other:
                print(name, one, "is not", other)
                wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
