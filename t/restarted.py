"""Upload without pause while a server is restarted, and count what failed.

usage: restarted.py ADDRESS KIND THREADS SECONDS

KIND is "new", a connection for each upload, none of which may fail; or "kept",
connections that are used again: an upload that fails on one before any of the
answer has come is sent once more, on a new one, as every HTTP library does.
Prints "UPLOADS FAILED AGAIN" and, on standard error, why some failed.
"""

import http.client
import socket
import sys
import threading
import time

BODY = (b"--b\r\nContent-Disposition: form-data; name=\"event\"; "
        b"filename=\"event.json\"\r\n\r\n{}\r\n--b--\r\n")
HEAD = {"Content-Type": "multipart/form-data; boundary=b"}


class Unix(http.client.HTTPConnection):
    """A connection to a socket in the file system."""

    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


def connection(address):
    if address.startswith("unix:"):
        return Unix(address[5:])
    return http.client.HTTPConnection(address, timeout=30)


class Client(threading.Thread):
    def __init__(self, address, kept, until):
        super().__init__()
        self.address, self.kept, self.until = address, kept, until
        self.uploads = self.again = 0
        self.failed = []
        self.open = None

    def once(self):
        if self.open is None:
            self.open = connection(self.address)
        self.open.request("POST", "/profiling/v1/input", BODY, HEAD)
        answer = self.open.getresponse()
        answer.read()
        if answer.status != 200:
            raise OSError(f"status {answer.status}")
        if not self.kept or answer.will_close:
            self.close()

    def close(self):
        if self.open is not None:
            self.open.close()
        self.open = None

    def upload(self):
        used = self.open is not None
        try:
            self.once()
        except (OSError, http.client.HTTPException):
            self.close()
            if not used:
                raise
            self.again += 1
            self.once()

    def run(self):
        while time.monotonic() < self.until:
            self.uploads += 1
            try:
                self.upload()
            except (OSError, http.client.HTTPException) as e:
                self.failed.append(repr(e))
                self.close()
        self.close()


def main():
    address, kind, threads, seconds = sys.argv[1:]
    until = time.monotonic() + float(seconds)
    clients = [Client(address, kind == "kept", until)
               for _ in range(int(threads))]
    for c in clients:
        c.start()
    for c in clients:
        c.join()
    failed = [why for c in clients for why in c.failed]
    for why in sorted(set(failed)):
        print(failed.count(why), why, file=sys.stderr)
    print(sum(c.uploads for c in clients), len(failed),
          sum(c.again for c in clients))


if __name__ == "__main__":
    main()
