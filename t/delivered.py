"""Hold what the sink got against what the load client has receipts for.

usage: delivered.py RECEIPTS SINK [DUPLICATES [metrics|- [OUTBOX]]]

RECEIPTS are t/bin/load's, SINK is t/bin/sink's directory. Exits 1 unless:
    every id with a receipt was delivered (answered 200 by the sink) with the
    number that it has a receipt for;
    every delivered body is whole: its event says its number, its attachment
    is the one made from that number;
    where metrics are asked for, there is one of each of the profiles, with
    its number and an id of its own;
    what was delivered twice was the same both times;
    and it was no more than DUPLICATES times, if that is given;
    OUTBOX, the directory of a destination of type file, has them too, once
    each, and nothing that is not whole.
"""

import collections
import glob
import json
import os
import re
import sys

import form


def read(path):
    with open(path, "rb") as f:
        return f.read()


def check_whole(number, attachment):
    size = len(attachment)
    whole = b"".join(b"%07x %07x\n" % (number & 0xfffffff, line)
                     for line in range((size + 15) // 16))[:size]
    assert attachment == whole, f"attachment of {number} is damaged"


def number_in(event):
    tags = dict(form.split_tags(json.loads(event)["tags_profiler"]))
    return int(tags["number"])


def number_of(head, body):
    """The number that a delivered upload was made from."""
    boundary = form.Request(head, body).header("content-type")
    boundary = b"--" + boundary.split("boundary=")[1].encode()
    before, *parts, after = (b"\r\n" + body).split(b"\r\n" + boundary)
    assert (before, after) == (b"", b"--\r\n"), "no whole form"
    event, _, attachment = [part.split(b"\r\n\r\n", 1)[1] for part in parts]
    number = number_in(event)
    check_whole(number, attachment)
    return number


def kept(outbox, wrong):
    """The numbers of the profiles in an outbox, by id."""
    numbers = {}
    for path in glob.glob(os.path.join(outbox, "*-*-*", "*", "*-*", "")):
        profile = path.split("/")[-2].split("-", 1)[1]
        if profile in numbers:
            wrong.append(f"{profile}: twice in the outbox")
        try:
            numbers[profile] = number_in(read(path + "event.json"))
            check_whole(numbers[profile], read(path + "cpu.pprof"))
        except Exception as e:
            wrong.append(f"{path}: {e!r}")
    return numbers


def metric_number(body):
    """The number of the upload that a delivered metric was made of."""
    return int(re.fullmatch(rb"profiling_metrics,\S*service=load\S* "
                            rb"prof_go_num_goroutine=(\d+)i \d+\n",
                            body).group(1))


def main():
    receipts = [line.split()[:2] for line in read(sys.argv[1]).splitlines()]
    receipts = {profile.decode(): int(number) for profile, number in receipts}
    sink, wrong = sys.argv[2], []
    numbers, metrics, times = {}, {}, collections.Counter()
    bodies = collections.defaultdict(set)

    for line in read(os.path.join(sink, "log")).decode().splitlines():
        _, status, profile, nth, _, _, crc, _, target = line.split(" ")
        if status != "200":
            continue
        times[profile] += 1
        bodies[profile].add(crc)
        stem = os.path.join(sink, f"{profile}.{nth}.")
        try:
            if target.startswith("/v1/write/metric"):
                metrics[profile] = metric_number(read(stem + "body"))
            else:
                numbers[profile] = number_of(read(stem + "head"),
                                             read(stem + "body"))
        except Exception as e:
            wrong.append(f"{profile}.{nth}: {e!r}")

    for profile, number in receipts.items():
        if profile not in times:
            wrong.append(f"{profile}: answered 200, never delivered")
        elif numbers.get(profile) != number:
            wrong.append(f"{profile}: sent as {number}, delivered as "
                         f"{numbers.get(profile)}")
    if sys.argv[5:]:
        files = kept(sys.argv[5], wrong)
        wrong += [f"{profile}: sent as {number}, in the outbox as "
                  f"{files.get(profile)}" for profile, number in receipts.items()
                  if files.get(profile) != number]
    if (sys.argv[4:5] == ["metrics"] and
            sorted(metrics.values()) != sorted(numbers.values())):
        wrong.append("metrics are not those of the profiles")
    wrong += [f"{profile}: delivered in {len(crcs)} forms"
              for profile, crcs in bodies.items() if len(crcs) > 1]
    twice = sum(times.values()) - len(times)
    if len(sys.argv) > 3 and twice > int(sys.argv[3]):
        wrong.append(f"{twice} duplicates")

    print("\n".join(wrong[:20]))
    print(f"{len(receipts)} receipts, {len(numbers)} delivered, "
          f"{len(metrics)} metrics, {twice} twice, {len(wrong)} wrong")
    sys.exit(1 if wrong or not receipts else 0)


if __name__ == "__main__":
    main()
