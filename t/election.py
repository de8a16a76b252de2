"""Whom prof-pull asks who is elected, scripted; and a wire to be cut.

usage: election.py [-n FD] dataway|gateway DIR
       election.py [-n FD] wire DIR HOST:PORT
       election.py seen LOG
       election.py evenly LOG INTERVAL
       election.py owners LOG

dataway, gateway and wire write DIR/address, HOST:PORT of loopback, and then a
newline to FD; DIR/log has a line for each request, "TIME PATH ID STATUS".

dataway  /v1/election and /v1/election/heartbeat. DIR/interval holds the
         seconds it wants between questions (1), and it names another as soon
         as it has not heard of one for just that long. DIR/token holds a token
         that it wants to see.
gateway  as much of etcd's JSON gateway as an election needs: leases, ranges,
         transactions. DIR/auth holds user:password if one has to log in.
wire     passes on what comes to another address; stop it, and it is cut.

DIR/mode makes the first two answer otherwise: 500, text, list, unknown, zero,
negative, huge, words, other (another id), slow, hang, large, defeat, success;
gateway knows 500, text, list, hang, large and logout (a token is good for seven questions).

seen     who has pulled, by the log of t/target.py, in turn: "a b a", and how
         long nobody did in between: "NAME SECONDS" a line, whose sum is the
         time between two names
evenly   each path of that log is pulled in each interval, by whomsoever: none
         twice within half of it, none left out for two
owners   "PATH NAME" a line: who has pulled each path last
"""

import argparse
import asyncio
import base64
import json
import os
import sys
import time
import urllib.parse


class Server:
    def __init__(self, where):
        self.where = where
        self.log = open(os.path.join(where, "log"), "a", buffering=1)

    def setting(self, name, default=""):
        try:
            with open(os.path.join(self.where, name)) as f:
                return f.read().strip()
        except FileNotFoundError:
            return default

    async def serve(self, reader, writer):
        try:
            while True:
                await self.one(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        writer.close()

    async def one(self, reader, writer):
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        fields = {k.lower(): v.strip() for k, _, v in (
            line.partition(":") for line in lines[1:] if line)}
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        path, _, query = lines[0].split(" ")[1].partition("?")
        mode = self.setting("mode")
        if mode == "hang":
            print(f"{time.monotonic():.3f} {path} - hang", file=self.log)
            await reader.read()
            raise ConnectionError
        if mode == "slow":
            await asyncio.sleep(2.5)
        status, text, who = self.answer(mode, path, query, fields, body)
        print(f"{time.monotonic():.3f} {path} {who} {status}", file=self.log)
        text = {"text": "<html>", "list": "[1, 2]",
                "large": '{"a": "' + "x" * (1 << 21) + '"}'}.get(mode, text)
        if mode == "500":
            status = 500
        writer.write(f"HTTP/1.1 {status} Said\r\nContent-Type: text/plain\r\n"
                     f"Content-Length: {len(text)}\r\n\r\n{text}".encode())
        await writer.drain()


class Dataway(Server):
    leader, until = None, 0

    def answer(self, mode, path, query, fields, body):
        asked = dict(urllib.parse.parse_qsl(query))
        who, now = asked["id"], time.monotonic()
        interval = float(self.setting("interval", "1"))
        token = self.setting("token")
        if token and asked.get("token") != token:
            return 403, '{"error_code": "no token"}', who
        if now >= self.until and path == "/v1/election" and mode != "defeat":
            self.leader = who
        elected = who == self.leader and mode != "defeat"
        if elected:
            self.until = now + interval
        elif mode == "defeat":
            self.leader = "somebody"
        content = {"status": "success" if elected else "defeat",
                   "namespace": asked["namespace"], "id": who,
                   "incumbency_id": self.leader, "error_msg": "",
                   "interval": int(interval)}
        if mode == "success":
            content |= {"status": "success", "incumbency_id": who}
        content |= {
            "unknown": {"status": "perhaps"}, "zero": {"interval": 0},
            "negative": {"interval": -5}, "huge": {"interval": 10 ** 12},
            "words": {"interval": "soon"}, "other": {"id": "not-you"},
        }.get(mode, {})
        return 200, json.dumps({"content": content}), who


def plain(text):
    return base64.b64decode(text or "").decode()


def coded(text):
    return base64.b64encode(text.encode()).decode()


class Gateway(Server):
    revision, uses, leases, keys, token = 1, 0, {}, {}, None

    def expire(self):
        now = time.monotonic()
        for lease in [i for i, (end, _) in self.leases.items() if end <= now]:
            self.revoke(lease)

    def revoke(self, lease):
        self.leases.pop(lease, None)
        for key in [k for k, v in self.keys.items() if v["lease"] == lease]:
            del self.keys[key]

    def within(self, ask):
        first, end = plain(ask["key"]), plain(ask.get("range_end"))
        return [(k, v) for k, v in sorted(self.keys.items())
                if k == first or (end and first <= k < end)]

    def holds(self, c):
        field = {"CREATE": "create_revision", "MOD": "mod_revision"}[
            c["target"]]
        return all(v[field] == int(c[field])
                   for _, v in self.within(c) or [("", {field: 0})])

    def put(self, p):
        key, lease = plain(p["key"]), int(p["lease"])
        old = self.keys.get(key)
        self.keys[key] = {
            "value": plain(p["value"]), "lease": lease,
            "create_revision": old["create_revision"] if old
            else self.revision, "mod_revision": self.revision}

    def txn(self, ask):
        good = all(self.holds(c) for c in ask["compare"])
        puts = [s["request_put"] for s in ask["success"]] if good else []
        if any(int(p["lease"]) not in {0, *self.leases} for p in puts):
            return {"error": "lease not found", "code": 5,
                    "message": "lease not found"}
        self.revision += 1
        for p in puts:
            self.put(p)
        return {"succeeded": True} if good else {}

    def lease(self, verb, ask):
        if verb == "grant":
            self.revision += 1
            self.leases[self.revision] = time.monotonic() + int(
                ask["TTL"]), int(ask["TTL"])
            return {"ID": str(self.revision), "TTL": ask["TTL"]}
        lease = int(ask["ID"])
        if verb == "revoke":
            self.revoke(lease)
            return {}
        if lease not in self.leases:
            return {"result": {"ID": ask["ID"]}}
        seconds = self.leases[lease][1]
        self.leases[lease] = time.monotonic() + seconds, seconds
        return {"result": {"ID": ask["ID"], "TTL": str(seconds)}}

    def range(self, ask):
        return {"kvs": [{"key": coded(k), "value": coded(v["value"]),
                         **{f: str(v[f]) for f in v if f != "value"}}
                        for k, v in self.within(ask)]}

    def login(self, ask):
        if f'{ask["name"]}:{ask["password"]}' != self.setting("auth"):
            return {"error": "wrong", "message": "authentication failed, "
                    f'invalid {ask["password"]}', "code": 3}
        self.token = f"token-{time.monotonic()}"
        return {"token": self.token}

    def answer(self, mode, path, query, fields, body):
        ask = json.loads(body)
        self.expire()
        part = path.split("/")[2:]
        said = None
        if part == ["auth", "authenticate"]:
            said = self.login(ask)
        elif self.setting("auth"):
            if fields.get("authorization", "") != self.token:
                said = {"error": "invalid token", "code": 16,
                        "message": "invalid auth token"}
            self.uses += 1
            if mode == "logout" and self.uses % 7 == 0:
                self.token = None
        if said is None:
            said = (self.lease(part[1], ask) if part[0] == "lease" else
                    self.txn(ask) if part[1] == "txn" else self.range(ask))
        said["header"] = {"revision": str(self.revision)}
        return 400 if "error" in said else 200, json.dumps(said), "-"


class Wire(Server):
    async def serve(self, reader, writer):
        host, port = options.rest[1].rsplit(":", 1)
        to_reader, to_writer = await asyncio.open_connection(host, int(port))
        await asyncio.gather(self.copy(reader, to_writer),
                             self.copy(to_reader, writer))

    async def copy(self, reader, writer):
        try:
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()


async def run(server):
    tcp = await asyncio.start_server(server.serve, "127.0.0.1",
                                     int(server.setting("port", "0")))
    port = tcp.sockets[0].getsockname()[1]
    for name, text in (("port", port), ("address", f"127.0.0.1:{port}")):
        with open(os.path.join(server.where, name + ".new"), "w") as f:
            print(text, file=f)
        os.rename(os.path.join(server.where, name + ".new"),
                  os.path.join(server.where, name))
    if options.n is not None:
        os.write(options.n, b"\n")
        os.close(options.n)
    asyncio.get_running_loop().add_signal_handler(15, os._exit, 0)
    await tcp.serve_forever()


def pulls(log):
    """(time, path, who) of each request, in order."""
    with open(log) as f:
        return sorted((float(t), path, who) for t, path, _, _, who, *_ in (
            line.split() for line in f))


def seen(log):
    turns = []
    for at, _, who in pulls(log):
        if not turns or turns[-1][0] != who:
            turns.append([who, at, at])
        turns[-1][2] = at
    print(*(who for who, _, _ in turns))
    for (_, _, end), (who, start, _) in zip(turns, turns[1:]):
        print(f"{who} {start - end:.3f}")


def evenly(log, interval):
    interval, times = float(interval), {}
    for at, path, who in pulls(log):
        times.setdefault(path, []).append((at, who))
    last = max(t[-1][0] for t in times.values())
    for path, pulled in times.items():
        for (a, x), (b, y) in zip(pulled, pulled[1:] + [(last, "the end")]):
            assert y == "the end" or b - a > interval / 2, \
                f"{path}: {x} and {y}, {b - a:.3f} s apart"
            assert b - a < 2.5 * interval, \
                f"{path}: not between {x} and {y}, {b - a:.3f} s apart"
    print(len(times), "paths", sum(map(len, times.values())), "pulls")


def owners(log):
    for path, who in sorted({path: who for _, path, who in
                             pulls(log)}.items()):
        print(path, who)


parser = argparse.ArgumentParser()
parser.add_argument("-n", type=int)
parser.add_argument("what")
parser.add_argument("rest", nargs="+")
options = parser.parse_args()
tools = {"seen": seen, "evenly": evenly, "owners": owners}
if options.what in tools:
    tools[options.what](*options.rest)
else:
    os.makedirs(options.rest[0], exist_ok=True)
    kind = {"dataway": Dataway, "gateway": Gateway, "wire": Wire}
    sys.exit(asyncio.run(run(kind[options.what](options.rest[0]))))
