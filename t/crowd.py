"""A crowd of clients that do a server no good, until SIGTERM.

usage: crowd.py ADDRESS IDLE SLOW

Opens IDLE connections to HOST:PORT that say nothing, SLOW that send a head and
as many that send a body by one byte a second, and every second ten that break
off in a body by a reset and ten by a half close. Who is thrown out comes back.
Writes "N open" when all the first ones are, and at the end "N KIND thrown
out", answered or not, for each kind of them: idle, head, body.
"""

import resource
import select
import signal
import socket
import struct
import sys
import time

HEAD = b"POST /profiling/v1/input HTTP/1.1\r\nHost: crowd\r\n" \
    b"Content-Type: multipart/form-data; boundary=b0\r\n"
BODY = HEAD + b"Content-Length: 100000\r\n\r\n--b0\r\n"
TURNS = 20     # of a second
ENDLESS = b"X: " + b"x" * 1000
RESET = struct.pack("ii", 1, 0)


class Client:
    """One that sends opening at once, and then drip, byte after byte."""

    def __init__(self, crowd, kind, opening, drip):
        self.crowd, self.kind = crowd, kind
        self.opening, self.drip = opening, drip
        self.comes()

    def comes(self):
        self.sock = self.crowd.connect()
        self.sock.sendall(self.opening)
        self.sock.setblocking(False)
        self.sent = 0
        self.crowd.watch(self)

    def comes_back(self):
        self.sock.close()
        self.comes()

    def goes_on(self):
        at = self.sent % len(self.drip)
        self.sent += 1
        try:
            self.sock.send(self.drip[at:at + 1])
        except OSError:
            pass


class Crowd:
    """All of them, and how many the server answered or closed."""

    def __init__(self, address, idle, slow):
        self.address = address
        self.poll, self.watched = select.epoll(), {}
        self.slow = []
        self.thrown = {"idle": 0, "head": 0, "body": 0}
        for _ in range(idle):
            Client(self, "idle", b"", b"")
        for _ in range(slow):
            self.slow.append(Client(self, "head", HEAD, ENDLESS))
            self.slow.append(Client(self, "body", BODY, b"x"))

    def connect(self):
        return socket.create_connection(self.address, 30)

    def watch(self, client):
        self.watched[client.sock.fileno()] = client
        self.poll.register(client.sock, select.EPOLLIN)

    def turn(self, number):
        """A part of a second: some drip, one or the other breaks off."""
        due = time.monotonic() + 1 / TURNS
        for client in self.slow[number % TURNS::TURNS]:
            client.goes_on()
        broken = self.connect()
        broken.sendall(BODY)
        if number % 2:
            broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        else:
            broken.shutdown(socket.SHUT_WR)
        while (left := due - time.monotonic()) > 0:
            for fd, _ in self.poll.poll(left):
                client = self.watched[fd]
                self.thrown[client.kind] += 1
                client.comes_back()
        broken.close()


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    over = []
    signal.signal(signal.SIGTERM, lambda *_: over.append(True))
    crowd = Crowd((host, int(port)), int(sys.argv[2]), int(sys.argv[3]))
    print(len(crowd.watched), "open", flush=True)
    number = 0
    while not over:
        crowd.turn(number)
        number += 1
    for kind, count in crowd.thrown.items():
        print(count, kind, "thrown out")


main()
