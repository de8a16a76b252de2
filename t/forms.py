"""Uploads and records made as tracers make them, and what is compressed as
Python's standard library cannot: a frame of stored blocks is a valid one.
"""

import os
import subprocess

BOUNDARY = "0123456789abcdef"
BLOCK = 65536


def part(name, content, filename=None, kind=None):
    """One part of a form. filename "": as name."""
    if filename == "":
        filename = name
    head = f'Content-Disposition: form-data; name="{name}"'
    if filename is not None:
        head += f'; filename="{filename}"'
    if kind is not None:
        head += f"\r\nContent-Type: {kind}"
    if isinstance(content, str):
        content = content.encode()
    return head.encode() + b"\r\n\r\n" + content


def body(parts):
    line = b"--" + BOUNDARY.encode()
    return b"".join(line + b"\r\n" + p + b"\r\n" for p in parts) + \
        line + b"--\r\n"


def record(content, *options, kind=None):
    """A record of a body (bytes or parts), as t/bin/record makes it."""
    if not isinstance(content, bytes):
        content = body(content)
        kind = f"multipart/form-data; boundary={BOUNDARY}"
    command = ["record", *(["-C", kind] if kind else []), *options]
    return subprocess.run(command, input=content, stdout=subprocess.PIPE,
                          check=True, env=os.environ).stdout


def blocks(data):
    return [data[at:at + BLOCK] for at in range(0, len(data), BLOCK)]


def lz4(data):
    """A frame of version 1, independent blocks of at most 64 KiB, no sums;
    its header's is that of these two bytes."""
    out = b"\x04\x22\x4d\x18\x60\x40\x82"
    for block in blocks(data):
        out += (len(block) | 1 << 31).to_bytes(4, "little") + block
    return out + bytes(4)


def zstd(data):
    """A frame with a window of 128 KiB and raw blocks."""
    out = b"\x28\xb5\x2f\xfd\x00\x38"
    pieces = blocks(data) or [b""]
    for i, block in enumerate(pieces):
        last = i == len(pieces) - 1
        out += (len(block) << 3 | last).to_bytes(3, "little") + block
    return out
