"""What prof-metrics makes of profiles, by hand.

usage: metrics.py OUT [FACT...]

Each fact is a function below that is marked as one: it makes records, has them
turned into lines by prof-metrics and reads these with t/influx.py, which is
strict. OUT/FACT is "true", or what is wrong. t/data/oracle is what the
reference's own code makes of the same; where ours is to differ a fact of its
own says so.
"""

import gzip
import json
import os
import subprocess
import sys
import traceback

import form
import forms
import influx
import pprof
from forms import part, record

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
START, END = 1795341860000000000, 1795341864000000000
TIMES = {"start": "2026-11-22T10:04:20Z", "end": "2026-11-22T10:04:24Z"}
SECONDS = 4

# All other numbers are floats, for ever.
INTEGERS = set("""
prof_go_num_goroutine prof_go_blocked_time prof_go_mutex_delay_time
prof_go_lifetime_heap_objects prof_go_lifetime_heap_bytes
prof_jvm_uptime_nanoseconds prof_jvm_compilation_time prof_jvm_throws_total
prof_jvm_file_io_max_read_bytes prof_jvm_file_io_read_bytes
prof_jvm_file_io_max_read_time prof_jvm_file_io_read_time
prof_jvm_file_io_max_write_bytes prof_jvm_file_io_write_bytes
prof_jvm_file_io_max_write_time prof_jvm_file_io_write_time
prof_jvm_file_io_time prof_jvm_socket_io_max_read_bytes
prof_jvm_socket_io_read_bytes prof_jvm_socket_io_max_read_time
prof_jvm_socket_io_read_time prof_jvm_socket_io_max_write_bytes
prof_jvm_socket_io_write_bytes prof_jvm_socket_io_max_write_time
prof_jvm_socket_io_write_time prof_jvm_max_gc_pause_time
prof_jvm_gc_pause_time prof_jvm_lifetime_heap_objects
prof_jvm_lifetime_heap_bytes prof_jvm_threads_deadlocked
""".split())

facts = {}


def fact(function):
    facts[function.__name__] = function
    return function


def read(*path):
    with open(os.path.join(DATA, *path), "rb") as f:
        return f.read()


def oracle(*path):
    return json.loads(read("oracle", *path))


def run(stdin, *options, status=0):
    """The points that prof-metrics prints, and what it logs."""
    done = subprocess.run(["prof-metrics", *options, "-"], input=stdin,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == status, (done.returncode, done.stderr)
    return list(influx.points(done.stdout, strict=True)), done.stderr.decode()


def metric(parts, *options, noted=()):
    """The one metric of a form; noted: what the log says, no more."""
    points, log = run(record(parts, *options))
    assert log.count("\n") == len(noted), log
    for text in noted:
        assert text in log, log
    assert len(points) == 1, points
    assert points[0]["measurement"] == "profiling_metrics"
    return points[0]


def nothing(parts, *options):
    points, log = run(record(parts, *options))
    assert points == [] and log == "", (points, log)


def event(family, attachments, tags="service:s", **members):
    text = json.dumps({"attachments": attachments, "tags_profiler": tags,
                       **TIMES, "family": family, "version": "4", **members})
    return part("event", text, "event.json", "application/json")


def upload(family, files, tags="service:s", **members):
    """An upload of today: an event, and files by their names."""
    return [event(family, list(files), tags, **members)] + [
        part(name, content, "") for name, content in files.items()]


def values(point):
    return {k: f["value"] for k, f in point["fields"].items()}


def near(a, b):
    return a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b))


def same(got, expected, label):
    """Fields by name: numbers as they are to be, types too."""
    for name, value in expected.items():
        assert name in got, f"{label}: no {name}"
        ours = got[name]
        kind = "integer" if name in INTEGERS else "float"
        assert ours["type"] == kind, f"{label}: {name} is {ours['type']}"
        if kind == "integer":
            assert ours["value"] == value, f"{label}: {name}: {ours} {value}"
        else:
            assert near(ours["value"], value), f"{label}: {name}: {ours}"


def request(name):
    """The record of a recorded upload."""
    sent = form.Request(read("requests", name + ".http"))
    return record(sent.body, kind=sent.header("content-type"))


def requests():
    """Recorded uploads that the reference makes numbers of."""
    for file in sorted(os.listdir(os.path.join(DATA, "oracle/requests"))):
        points = oracle("requests", file).get("points") or []
        if points:
            assert len(points) == 1
            yield file.removesuffix(".json"), points[0]


GO_FILES = ["cpu", "block", "heap", "mutex", "goroutine"]


def go(*names, suffix=".pprof"):
    """Sample files of a Go program as it would send them."""
    return {n.replace("goroutine", "goroutines") + suffix:
            read("pprof", n + ".1.pprof") for n in names or GO_FILES}


def profile(types, *samples, **times):
    """A pprof of sample types {name: unit} and lists of values."""
    stacks = {(f"f{i}",): list(v) for i, v in enumerate(samples)}
    return pprof.encode(list(types.items()), stacks, **times)


# The reference's numbers.

@fact
def as_the_reference_of_requests():
    n = 0
    for name, theirs in requests():
        points, _ = run(request(name))
        expected = {f["key"]: f["value"] for f in theirs["fields"]}
        # goroutines_are_counted
        expected.pop("prof_go_num_goroutine", None)
        if expected:
            same(points[0]["fields"], expected, name)
            n += len(expected)
    assert n > 280, n


@fact
def as_the_reference_of_files():
    for file in sorted(os.listdir(os.path.join(DATA, "oracle/metrics"))):
        theirs = oracle("metrics", file)
        about = theirs["metadata"]
        files = {}
        for name, sample in theirs["inputs"].items():
            if sample.endswith(".jfr"):
                files[name] = gzip.decompress(read("jfr", sample + ".gz"))
            else:
                files[name] = read("pprof", sample)
        tags = ",".join(f"{k}:{about[k]}" for k in
                        ("host", "service", "env", "version"))
        got = metric(upload(theirs["language"], files, tags,
                            start=about["start"], end=about["end"]))
        point = theirs["points"][0]
        expected = {f["key"]: f["value"] for f in point["fields"]}
        expected.pop("prof_go_num_goroutine", None)
        same(got["fields"], expected, file)
        assert got["tags"] == point["tags"], file
        assert got["time"] == point["time_ns"], file
        extra = set(got["fields"]) - {f["key"] for f in point["fields"]}
        assert not extra, extra


@fact
def tags_and_times_as_the_reference():
    for name, theirs in requests():
        points, _ = run(request(name))
        if not points:
            continue
        tags = {k: v for k, v in theirs["tags"].items() if v}
        assert points[0]["tags"] == tags, name
        # Its floats lose the last digits: an_end_keeps_its_digits.
        assert abs(points[0]["time"] - theirs["time_ns"]) < 1000, name


# Where ours differ.

@fact
def goroutines_are_counted():
    for name, n in ("dd-go-1.43", 12), ("dd-go-1.41-form", 10):
        points, _ = run(request(name))
        got = points[0]["fields"]["prof_go_num_goroutine"]
        assert got == {"type": "integer", "value": n}, got
    theirs = oracle("metrics", "own-go-1.json")["pprof_summary"]
    got = metric(upload("go", go("goroutine")))
    assert values(got) == {"prof_go_num_goroutine":
                           theirs["goroutines.pprof"]["goroutine"]["Value"]}


@fact
def a_field_has_one_type():
    pairs = ('[["go_alloc_bytes_per_sec",%s],["go_max_gc_pause_time",%s],'
             '["go_num_goroutine",%s],["go_lifetime_heap_bytes",%s]]')
    for numbers in ("12", "12", "12", "12"), ("12.0", "1.2e1", "12.7", "1.2e1"):
        got = metric(upload("go", {"metrics.json": pairs % numbers}))
        assert {k: f["type"] for k, f in got["fields"].items()} == {
            "prof_go_alloc_bytes_per_sec": "float",
            "prof_go_alloc_bytes_total": "float",
            "prof_go_max_gc_pause_time": "float",
            "prof_go_num_goroutine": "integer",
            "prof_go_lifetime_heap_bytes": "integer"}
        # A float is cut off.
        assert values(got)["prof_go_num_goroutine"] == 12


@fact
def metrics_json_is_found_in_brackets():
    points, log = run(request("dd-go-1.41-form"))
    assert log == ""
    same(points[0]["fields"], {
        "prof_go_alloc_bytes_per_sec": 11479731.2,
        "prof_go_alloc_bytes_total": 11479731.2 * 5,
        "prof_go_gc_pause_time": 0.0003482104818628058,
        "prof_go_cpu_cores_gc_overhead": 0.0003482104818628058 / 5,
        "prof_go_max_gc_pause_time": 1202765}, "1.41")


@fact
def types_say_what_data_is():
    points, log = run(request("dd-go-1.26-form"))
    assert log == ""
    assert set(values(points[0])) == {
        "prof_go_lifetime_heap_objects", "prof_go_lifetime_heap_bytes",
        "prof_go_blocked_time", "prof_go_mutex_delay_time",
        "prof_go_num_goroutine", "prof_go_cpu_cores"}
    assert values(points[0])["prof_go_blocked_time"] == 5027995714
    assert values(points[0])["prof_go_mutex_delay_time"] == 27716379


@fact
def chunk_data_is_read():
    points, log = run(request("constructed-ddjava090"))
    assert log == ""
    expected = oracle("metrics", "own-busy-dd.jfr.json")["points"][0]
    same(points[0]["fields"], {f["key"]: f["value"]
                               for f in expected["fields"]}, "java 0.90")


@fact
def zstd_gives_what_plain_does():
    plain, _ = run(request("constructed-ddjava-off"))
    packed, log = run(request("constructed-ddjava-zstd"))
    assert log == "" and plain == packed


@fact
def an_end_keeps_its_digits():
    points, _ = run(request("constructed-libdd-dotnet-zstd"))
    assert points[0]["time"] == 1795341865046764370


@fact
def global_tags_go_before_the_profiles():
    tags = "host:theirs,service:s,env:e,version:"
    got = metric(upload("go", go("cpu"), tags,
                        sub_custom_tags="env:sub,more:a:b,empty:,c:d"),
                 "-g", "host=global", "-g", "rack=r7", "-t", "rack=tag",
                 "-t", "service=tag, with a comma", "-t", "env=tag")
    assert got["tags"] == {
        "language": "golang", "host": "global", "rack": "tag",
        "service": "tag, with a comma", "env": "sub", "more": "a:b",
        "c": "d"}, got["tags"]


@fact
def javascript_is_no_java():
    for name in "dd-js-5.132-tcp-gzip", "dd-js-4.8.1-form":
        points, log = run(request(name))
        assert log == "" and points[0]["tags"]["language"] == "nodejs"


# Today's tracers, and what they pack their files with.

TRACERS = {
    "python": ({"cpu-time": "nanoseconds", "cpu-samples": "count",
                "wall-time": "nanoseconds", "wall-samples": "count",
                "exception-samples": "count", "lock-acquire": "count",
                "lock-acquire-wait": "nanoseconds", "lock-release": "count",
                "lock-release-hold": "nanoseconds", "alloc-samples": "count",
                "alloc-space": "bytes", "heap-space": "bytes"},
               [2000000000, 1, 3000, 1, 8, 12, 34, 5, 56, 20, 4096, 78], {
                   "cpu_cores": 2 * 2 / SECONDS, "wall_time": 6000,
                   "exceptions_total": 16, "exceptions_per_sec": 4.0,
                   "lock_acquisitions_per_sec": 6.0,
                   "lock_acquisition_time": 68, "lock_hold_time": 112,
                   "allocs_per_sec": 10.0, "alloc_bytes_total": 8192,
                   "alloc_bytes_per_sec": 2048.0,
                   "lifetime_heap_bytes": 156}),
    "ruby": ({"cpu-time": "nanoseconds", "cpu-samples": "count",
              "wall-time": "nanoseconds", "alloc-samples": "count",
              "alloc-samples-unscaled": "count", "heap-live-samples": "count",
              "heap-live-size": "bytes", "timeline": "nanoseconds"},
             [1000000000, 1, 2000, 10, 5, 3, 4096, 7], {
                 "cpu_cores": .5, "wall_time": 4000, "allocs_per_sec": 5.0,
                 "lifetime_heap_objects": 6, "lifetime_heap_bytes": 8192}),
    "php": ({"sample": "count", "wall-time": "nanoseconds",
             "cpu-time": "nanoseconds", "alloc-samples": "count",
             "alloc-size": "bytes", "timeline": "nanoseconds",
             "exception-samples": "count", "socket-read-time": "nanoseconds",
             "socket-write-time": "nanoseconds",
             "file-io-read-time": "nanoseconds",
             "file-io-write-time": "nanoseconds", "socket-read-size": "bytes",
             "socket-write-size": "bytes", "file-io-read-size": "bytes",
             "file-io-write-size": "bytes"},
            [1, 2000, 1000000000, 10, 4096, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8], {
                "wall_time": 4000, "cpu_cores": .5, "allocs_per_sec": 5.0,
                "alloc_bytes_total": 8192, "alloc_bytes_per_sec": 2048.0,
                "exceptions_total": 16, "exceptions_per_sec": 4.0,
                "socket_io_read_time": 2, "socket_io_write_time": 4,
                "file_io_read_time": 6, "file_io_write_time": 8,
                "socket_io_read_bytes": 10, "socket_io_write_bytes": 12,
                "file_io_read_bytes": 14, "file_io_write_bytes": 16}),
    "dotnet": ({"wall": "nanoseconds", "cpu": "nanoseconds",
                "cpu-samples": "count", "exception": "count",
                "alloc-samples": "count", "alloc-size": "bytes",
                "lock-count": "count", "lock-time": "nanoseconds",
                "inuse-objects": "count", "inuse-space": "bytes",
                "request-time": "nanoseconds"},
               [2000, 1000000000, 1, 8, 10, 4096, 12, 34, 3, 4096, 9], {
                   "wall_time": 4000, "cpu_cores": .5,
                   "exceptions_total": 16, "exceptions_per_sec": 4.0,
                   "allocs_per_sec": 5.0, "alloc_bytes_total": 8192,
                   "alloc_bytes_per_sec": 2048.0, "locks_per_sec": 6.0,
                   "lock_acquisition_time": 68, "lifetime_heap_objects": 6,
                   "lifetime_heap_bytes": 8192, "request_time": 18}),
    "rust": ({"samples": "count", "cpu": "nanoseconds"}, [1, 1000000000],
             {"cpu_cores": .5}),
}

PACKED = {"as it is": lambda data: data, "gzip": gzip.compress,
          "lz4": forms.lz4, "zstd": forms.zstd,
          "gzip in lz4": lambda data: forms.lz4(gzip.compress(data))}


def typed(point, language, fields):
    """Just these fields, floats as floats."""
    expected = {f"prof_{language}_{k}": {
        "type": "float" if isinstance(v, float) else "integer", "value": v}
        for k, v in fields.items()}
    assert point["fields"] == expected, point["fields"]
    assert point["tags"]["language"] == language
    assert point["time"] == END


@fact
def tracers_of_today():
    for language, (types, row, fields) in TRACERS.items():
        data = profile(types, row, row)
        for how, pack in PACKED.items():
            got = metric(upload(language, {
                "code-provenance.json": pack(b"{}"),
                "metrics.json": pack(b'[["x",1]]'),
                "profile.pprof": pack(data)}))
            typed(got, language, fields)


@fact
def node_sends_several_files():
    wall = profile({"sample": "count", "wall": "nanoseconds",
                    "cpu": "nanoseconds"}, [1, 2000, 2000000000])
    space = profile({"inuse_objects": "count", "inuse_space": "bytes",
                     "alloc_objects": "count", "alloc_space": "bytes"},
                    [3, 4096, 8, 16])
    events = profile({"timeline": "nanoseconds"}, [7])
    for pack in PACKED.values():
        got = metric(upload("node", {
            "space.pprof": pack(space), "wall.pprof": pack(wall),
            "events.pprof": pack(events)}, "runtime:nodejs"))
        typed(got, "nodejs", {
            "wall_time": 2000, "cpu_cores": .5, "lifetime_heap_objects": 3,
            "lifetime_heap_bytes": 4096, "allocs_per_sec": 2.0,
            "alloc_bytes_total": 16, "alloc_bytes_per_sec": 4.0})


@fact
def node_of_old():
    got = metric([part("format", "pprof"), part("tags[]", "runtime:nodejs"),
                  part("recording-start", TIMES["start"]),
                  part("recording-end", TIMES["end"]),
                  part("types[0]", "wall"), part("types[1]", "space"),
                  part("data[0]", gzip.compress(profile(
                      {"sample": "count", "wall": "microseconds"}, [1, 2])),
                       "wall.pb.gz"),
                  part("data[1]", gzip.compress(profile(
                      {"objects": "count", "space": "bytes"}, [3, 4])),
                       "space.pb.gz")])
    typed(got, "nodejs", {"wall_time": 2000, "lifetime_heap_objects": 3,
                          "lifetime_heap_bytes": 4})


@fact
def ruby_of_old():
    types, row, fields = TRACERS["ruby"]
    got = metric([part("version", "3"), part("family", "ruby"),
                  part("start", TIMES["start"]), part("end", TIMES["end"]),
                  part("tags[]", "language:ruby"),
                  part("data[rubyprofile.pprof]",
                       gzip.compress(profile(types, row, row)),
                       "rubyprofile.pprof.gz")])
    typed(got, "ruby", fields)


@fact
def python_of_old():
    types, row, fields = TRACERS["python"]
    data = gzip.compress(profile(types, row, row))
    form_044 = [part("runtime", "CPython"), part("format", "pprof"),
                part("recording-start", TIMES["start"]),
                part("recording-end", TIMES["end"]),
                part("type", "cpu+alloc+exceptions"),
                part("tags[]", "service:s"),
                part("chunk-data", data, "profile.pb.gz")]
    form_117 = [event("python", ["auto.pprof"]),
                part("auto", data, "auto.pprof", "application/octet-stream")]
    for parts in form_044, form_117:
        typed(metric(parts), "python", fields)
    for name in "auto", "main", "prof", "profile", "chunk-data", "x.pprof":
        typed(metric([event("python", [name]), part(name, data, "")]),
              "python", fields)
    nothing([event("python", ["other"]), part("other", data, "other.bin")])


@fact
def go_packed():
    plain = metric(upload("go", go()))
    assert len(plain["fields"]) == 6
    for pack in forms.lz4, forms.zstd:
        files = {k: pack(v) for k, v in go().items()}
        files["metrics.json"] = pack(b'[["go_gcs_per_sec",1.5]]')
        got = metric(upload("go", files))
        assert got["fields"].pop("prof_go_gcs_per_sec")["value"] == 1.5
        assert got == plain


# Go, by what its files are called and hold.

@fact
def metrics_json_goes_before_pprof():
    own = {"go_cpu_cores": 1.5, "go_blocked_time": 2, "go_num_goroutine": 3,
           "go_mutex_delay_time": 4, "go_lifetime_heap_objects": 5,
           "go_lifetime_heap_bytes": 6, "go_cpu_cores_gc_overhead": .25,
           "go_alloc_bytes_total": 8.5, "go_alloc_bytes_per_sec": 9.5,
           "go_gc_pause_time": .5, "go_frees_per_sec": -1.5}
    for name in "metrics.json", "metrics":
        got = metric(upload("go", {name: json.dumps(list(own.items())),
                                   **go()}))
        assert values(got) == {f"prof_{k}": v for k, v in own.items()}


@fact
def metrics_json_that_is_wrong_costs_its_numbers():
    plain = metric(upload("go", go()))
    for text, why in (("[[", "no JSON"), ("", "no JSON"),
                      ('{"a":1}', "not an array of pairs"),
                      ('[["go_gcs_per_sec","x"],3]', "not an array of pairs"),
                      ('[["go_num_goroutine",1e300]]', "out of range"),
                      ("[" * 5000, "no JSON")):
        got = metric(upload("go", {"metrics.json": text, **go()}),
                     noted=[f'part=\\"metrics.json\\"'.replace("\\", "")])
        assert got == plain, text
    points, log = run(record(upload("go", {"metrics.json": "[[", **go()})))
    assert 'reason="no JSON"' in log, log
    got = metric(upload("go", {
        "metrics.json": '[["go_gcs_per_sec",2],["go_frees_per_sec"],7]'}),
        noted=["not an array of pairs"])
    assert values(got) == {"prof_go_gcs_per_sec": 2}


@fact
def names_say_what_a_go_profile_is():
    delay = profile({"contentions": "count", "delay": "nanoseconds"}, [1, 23])
    for name, field in (("delta-mutex.pprof", "prof_go_mutex_delay_time"),
                        ("delta-block.pprof", "prof_go_blocked_time"),
                        ("MUTEX", "prof_go_mutex_delay_time")):
        assert values(metric(upload("go", {name: delay}))) == {field: 23}
        got = metric([event("go", ["x"]), part(name, delay, "x.pprof")])
        assert values(got) == {field: 23}


@fact
def types_decide_where_names_do_not():
    sums = oracle("metrics", "own-go-1.json")["pprof_summary"]
    files = {"a.pprof": read("pprof", "cpu.1.pprof"),
             "b.pprof": read("pprof", "heap.1.pprof"),
             "c.pprof": read("pprof", "goroutine.1.pprof"),
             "d.pprof": read("pprof", "threadcreate.1.pprof")}
    heap = sums["heap.pprof"]
    assert values(metric(upload("go", files))) == {
        "prof_go_cpu_cores": sums["cpu.pprof"]["cpu"]["Value"] / 4e9,
        "prof_go_lifetime_heap_objects": heap["inuse_objects"]["Value"],
        "prof_go_lifetime_heap_bytes": heap["inuse_space"]["Value"],
        "prof_go_num_goroutine":
            sums["goroutines.pprof"]["goroutine"]["Value"]}
    # These two have the same types.
    nothing(upload("go", {"x.pprof": read("pprof", "mutex.1.pprof")}))


@fact
def leaked_goroutines_are_not_all():
    goroutines = {"goroutine": "count"}
    leaks = {"goroutineleak.pprof": profile(goroutines, [3])}
    nothing(upload("go", leaks))
    got = metric(upload("go", {**leaks, "goroutines.pprof":
                               profile(goroutines, [15])}))
    assert values(got) == {"prof_go_num_goroutine": 15}


@fact
def an_execution_trace_is_passed_over():
    got = metric(upload("go", {"go.trace": os.urandom(5000), **go("cpu")}))
    assert list(values(got)) == ["prof_go_cpu_cores"]


# Units, times, what is wrong.

@fact
def units_are_honoured():
    for word, factor in (("ns", 1), ("nanoseconds", 1), ("us", 1e3),
                         ("microseconds", 1e3), ("ms", 1e6),
                         ("milliseconds", 1e6), ("s", 1e9), ("seconds", 1e9)):
        data = profile({"cpu-time": word, "wall-time": word}, [2, 3])
        assert values(metric(upload("python", {"x.pprof": data}))) == {
            "prof_python_cpu_cores": 2 * factor / 4e9,
            "prof_python_wall_time": 3 * factor}, word
    for word, factor in (("bytes", 1), ("B", 1), ("kB", 1024), ("KB", 1024),
                         ("kilobytes", 1024), ("MB", 1 << 20),
                         ("GB", 1 << 30)):
        data = profile({"heap-space": word}, [3])
        assert values(metric(upload("python", {"x.pprof": data}))) == {
            "prof_python_lifetime_heap_bytes": 3 * factor}, word


@fact
def an_unknown_unit_is_taken_as_it_is():
    data = profile({"alloc-space": "pages", "cpu-time": "nanoseconds"},
                   [8, 4000000000])
    got = metric(upload("python", {"x.pprof": data}),
                 noted=["unknown unit, taken as it is"])
    assert values(got) == {"prof_python_alloc_bytes_total": 8,
                           "prof_python_alloc_bytes_per_sec": 2,
                           "prof_python_cpu_cores": 1}


@fact
def a_sum_out_of_range_is_none():
    data = profile({"cpu-time": "seconds", "wall-time": "ns"}, [1 << 62, 7])
    got = metric(upload("python", {"x.pprof": data}), noted=["out of range"])
    assert values(got) == {"prof_python_wall_time": 7}
    data = profile({"wall-time": "ns"}, [1 << 62], [1 << 62])
    run(record(upload("python", {"x.pprof": data})))
    points, log = run(record(upload("python", {"x.pprof": data})))
    assert points == [] and "part not used" in log, log


@fact
def without_a_duration_there_are_no_rates():
    data = profile({"cpu-time": "ns", "wall-time": "ns",
                    "alloc-samples": "count"}, [1, 2, 3])
    for end in TIMES["start"], "2026-11-22T10:04:19Z", "1678-01-01T00:00:00Z":
        got = metric(upload("python", {"x.pprof": data}, end=end))
        assert values(got) == {"prof_python_wall_time": 2}, end


@fact
def collapsed_text_has_no_numbers():
    text = b"main;f 3\nmain;g 4"
    nothing([event("python", ["main.txt"]), part("main", text, "main.txt")])
    nothing([event("python", ["main"]), part("main", text)])
    nothing([event("python", ["main"]), part("main", gzip.compress(text))])


@fact
def a_language_without_numbers_has_none():
    nothing(upload("cpp", {"cpu.pprof": read("pprof", "cpu.1.pprof")}))
    nothing(upload("x", {"cpu.pprof": read("pprof", "cpu.1.pprof")}))
    nothing(upload("go", {"x.txt": "x"}))


@fact
def a_malformed_part_costs_its_own_numbers():
    bad = {"cut short": read("pprof", "cpu.1.pprof")[:3000],
           "garbage": b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" * 9,
           "nothing": b"", "zeros": bytes(999),
           "a wrong sum": read("pprof", "cpu.1.pprof")[:-1] + b"x",
           "cut zstd": forms.zstd(b"x" * 999)[:-9],
           "no pprof in zstd": forms.zstd(b"hello, world")}
    plain = metric(upload("go", go("block", "heap", "mutex", "goroutine")))
    assert len(plain["fields"]) == 5
    for what, data in bad.items():
        got = metric(upload("go", {**go(), "cpu.pprof": data}),
                     noted=['part="cpu.pprof" reason="'])
        assert got == plain, what


@fact
def a_malformed_recording_costs_its_own_numbers():
    points, log = run(record(upload("java", {"main.jfr": b"FLR\0" + bytes(99)}))
                      + record(upload("go", go("cpu"))))
    assert [p["tags"]["language"] for p in points] == ["golang"]
    assert 'part="main.jfr"' in log


@fact
def a_broken_event_costs_its_tags():
    parts = [part("event", '{"family":"go", "start', "event.json"),
             *upload("go", go("heap"))[1:]]
    points, log = run(record(parts, "-t", "language=go"))
    assert 'part="event.json"' in log, log
    assert points[0]["tags"] == {"language": "go"}, points
    assert len(points[0]["fields"]) == 2


def limited(lines, parts, *options):
    with open("limits.conf", "w") as f:
        f.write("[metrics]\n" + lines + "\n")
    return run(record(parts), "-c", "limits.conf", *options)


@fact
def each_limit_costs_the_numbers_beyond_it():
    files = go()
    whole, _ = limited("", upload("go", files))
    bomb = gzip.compress(bytes(64 << 20), 9)
    for lines, changed, why in (
            ("samples = 20", {}, "samples"),
            ("", {"cpu.pprof": bomb}, "ratio"),
            ("ratio = 1000000", {"cpu.pprof": bomb}, "part not used"),
            ("ratio = 1000000\ninflated_mb = 1", {"cpu.pprof": bomb},
             "limit")):
        points, log = limited(lines, upload("go", {**files, **changed}))
        assert why in log, (lines, log)
        assert "prof_go_cpu_cores" not in points[0]["fields"], lines
        got = points[0]["fields"]
        assert got == {k: whole[0]["fields"][k] for k in got}
        assert "prof_go_mutex_delay_time" in got
    points, log = limited("depth = 2", upload("go", go("cpu")), "-P")
    assert len(points) == 2 and "too deep" in log, log
    points, log = limited("output_bytes = 4096", upload(
        "go", files, pad="x" * 5000), "-P")
    assert points == whole and "over output_bytes" in log, log


# The point of the profile itself.

@fact
def the_profile_point_says_what_is_known():
    tags = ("service:shop,env:e,host:h,version:1.2.3,runtime-id:id-1,"
            "process_id:77,runtime_os:linux,runtime_arch:amd64,"
            "runtime_version:1.19,runtime_compiler:gc,runtime:go,"
            "profiler_version:v1,library_ver:2,pid:8,http_route:/a,"
            "base_service:base,container_host:c,project:p,status:ok,"
            "endpoint:/x,http_method:GET,http_status_code:200,http_url:u,"
            "operation:op,span_type:web,resource:r,trace_id:t,span_id:s,"
            "parent_id:q")
    parts = upload("go", go("cpu"), tags, start="2026-11-22T10:04:20.5Z")
    body = record(parts, "-i", "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11",
                  "-H", "DD-EVP-ORIGIN: dd-trace-go", "-t", "team=red")
    points, log = run(body, "-P")
    assert log == "" and len(points) == 2
    got = points[1]
    assert got["measurement"] == "profile"
    assert got["time"] == START + 500000000
    host = os.uname().nodename
    assert got["tags"] == {
        "base_service": "base", "container_host": "c",
        "dk_fingerprint": host, "endpoint": "/x", "env": "e", "host": "h",
        "http_method": "GET", "http_route": "/a", "http_status_code": "200",
        "http_url": "u", "language": "golang", "operation": "op",
        "project": "p", "service": "shop", "source_type": "ddtrace",
        "span_type": "web", "status": "ok", "version": "1.2.3"}, got["tags"]
    fields = values(got)
    message = json.loads(fields.pop("message"))
    assert message["tags_profiler"] == tags + ",team:red"
    assert message["profiler"] == "ddtrace"
    assert fields == {
        "duration": 3500000, "start": (START + 500000000) // 1000,
        "end": END // 1000, "resource": "r", "trace_id": "t", "span_id": "s",
        "parent_id": "q", "format": "pprof", "profiler": "ddtrace",
        "profiler_version": "v1", "library_ver": "2", "runtime": "go",
        "runtime_os": "linux", "runtime_arch": "amd64",
        "runtime_version": "1.19", "runtime_compiler": "gc",
        "runtime_id": "id-1", "pid": "8", "process_id": "77",
        "profile_id": "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11",
        "__file_size": len(go("cpu")["cpu.pprof"])}, fields
    assert all(got["fields"][k]["type"] == "integer" for k in
               ("duration", "start", "end", "__file_size"))


@fact
def the_profile_point_leaves_out_what_is_not():
    points, _ = run(record(upload("x", {"a.bin": b"x"}, "")), "-P")
    got = points[0]
    assert got["measurement"] == "profile"
    assert set(got["tags"]) == {"dk_fingerprint"}, got
    assert set(got["fields"]) == {"duration", "start", "end", "profile_id",
                                  "__file_size", "message"}, got


def labelled(*rows):
    """A pprof of samples (value, {label: text or number})."""
    strings = ["", "cpu", "nanoseconds"]

    def text(s):
        if s not in strings:
            strings.append(s)
        return strings.index(s)

    out = pprof.message(1, pprof.number(1, 1) + pprof.number(2, 2))
    for value, labels in rows:
        sample = pprof.message(2, pprof.varint(value))
        for key, v in labels.items():
            sample += pprof.message(3, pprof.number(1, text(key)) + (
                pprof.number(2, text(v)) if isinstance(v, str) else
                pprof.number(3, v)))
        out += pprof.message(2, sample)
    return out + b"".join(pprof.message(6, s.encode()) for s in strings)


@fact
def most_samples_say_what_the_request_was():
    a = {"trace endpoint": "GET /a", "span id": 11, "trace id": "aa"}
    b = {"trace endpoint": "GET /b", "local root span id": "22"}
    data = labelled((5, a), (9, b), (7, a), (10, {}))
    points, _ = run(record(upload("go", {"cpu.pprof": data})), "-P")
    fields = values(points[1])
    assert points[1]["tags"]["endpoint"] == "GET /a"
    assert [fields.get(k) for k in ("resource", "span_id", "trace_id")] == \
        ["GET /a", "11", "aa"]
    data = labelled((5, a), (19, b))
    points, _ = run(record(upload("go", {"cpu.pprof": data})), "-P")
    fields = values(points[1])
    assert [fields.get(k) for k in ("resource", "span_id", "trace_id")] == \
        ["GET /b", "22", None]
    points, _ = run(request("dd-js-5.132-tcp-gzip"), "-P")
    assert points[1]["tags"]["endpoint"] == "GET"


# Lines that come back as they were.

HOSTILE = ["a b", "a,b", "a=b", 'a"b"', "a\\b", "a\\\\ b", "\u00fcml\u00e4ut",
           "\U0001f600", "a'b", "#a", "a\\,b", "i", "1i", "t", "a\tb"]


@fact
def hostile_texts_come_back():
    for i, text in enumerate(HOSTILE):
        tags = f"service:{text},host:{text},env:{text}"
        parts = upload("go", go("cpu"), tags)
        if "," in text:
            parts = upload("go", go("cpu"), "")
        key = text.replace("=", "_")
        options = [] if "\t" in text else ["-t", f"odd={text}", "-g",
                                           f"{key}=k"]
        points, log = run(record(parts, *options), "-P")
        assert log == ""
        # A name holds no control byte, and no record does.
        plain = text.replace("\t", " ")
        got = points[0]["tags"]
        if options:
            assert got["odd"] == text and got[key] == "k", (text, got)
        if "," not in text:
            assert got["service"] == got["host"] == got["env"] == plain
            assert points[1]["tags"]["service"] == plain
            message = json.loads(values(points[1])["message"])
            assert f"service:{text}," in message["tags_profiler"], message


@fact
def line_breaks_in_tags_come_as_spaces():
    points, log = run(record(upload(
        "go", go("cpu"), "service:a\nb,host:h\r\n",
        sub_custom_tags="x\ny:1\n2")), "-P")
    assert log == ""
    assert points[0]["tags"]["service"] == "a b"
    assert points[0]["tags"]["x y"] == "1 2"
    assert "a\nb" in json.loads(values(points[1])["message"])["tags_profiler"]


# By hand.

@fact
def a_bare_profile_has_its_own_times():
    theirs = oracle("metrics", "own-go-1.json")["pprof_summary"]
    points, log = run(read("pprof", "cpu.1.pprof"), "-p")
    assert log == ""
    assert points[0]["time"] == 1795341865046764370
    assert points[0]["tags"] == {"language": "golang"}
    seconds = theirs["cpu.pprof"]["cpu"]["Value"] / 1e9
    assert near(values(points[0])["prof_go_cpu_cores"], seconds / 4.12243528)
    points, _ = run(forms.zstd(read("pprof", "heap.1.pprof")), "-p")
    assert values(points[0])["prof_go_lifetime_heap_bytes"] == 14467958
    done = subprocess.run(["prof-metrics", "-p",
                           os.path.join(DATA, "pprof/mutex.1.pprof"),
                           os.path.join(DATA, "jfr/busy-dd.jfr.gz")],
                          stdout=subprocess.PIPE, check=True)
    mutex, java = influx.points(done.stdout, strict=True)
    assert values(mutex) == {"prof_go_mutex_delay_time": 3030608099}
    assert values(java)["prof_jvm_alloc_bytes_total"] == 2327040
    assert java["time"] == 1795342170290085678
    for language, (types, row, _) in TRACERS.items():
        if language != "rust":
            points, _ = run(profile(types, row, time=START, duration=4), "-p")
            assert points[0]["tags"]["language"] == language, language


@fact
def what_is_no_profile_exits_100():
    for data in b"", b"hello", bytes(99), gzip.compress(b"x"), \
            profile({"x": "count"}, [1]):
        points, log = run(data, "-p", status=100)
        assert points == [] and log.count("no metrics, ever") == 1, log


@fact
def a_stream_goes_on_behind_a_bad_record():
    good = record(upload("go", go("cpu")))
    damaged = good.replace(b"family", b"fAmily")
    points, log = run(good + damaged + record(b"x", "-k", "metric") + good,
                      status=100)
    assert len(points) == 2
    assert "crc32c does not match" in log and "not a profile" in log, log
    points, log = run(good + good[:-1], status=100)
    assert len(points) == 1 and "cut short" in log, log
    points, _ = run(b"")
    assert points == []


def main(out, names):
    os.makedirs(out, exist_ok=True)
    for name in names or facts:
        try:
            facts[name]()
            said = "true"
        except Exception:
            said = traceback.format_exc()
        with open(os.path.join(out, name), "w") as f:
            f.write(said + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
