"""An HTTP server, or proxy, that tells everybody all that it was told.

usage: echo.py [-n FD] DIR
writes DIR/address (HOST:PORT), and then a newline to FD
reads  DIR/status, what it answers; 500 if there is none
"""

import base64
import getopt
import http.server
import os
import signal
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = [f"{self.command} {self.path}"]
        for name, value in self.headers.items():
            said.append(f"{name}: {value}")
            if value.startswith("Basic "):
                said.append(base64.b64decode(value[6:]).decode())
        try:
            with open(f"{self.server.where}/status", encoding="utf-8") as file:
                status = int(file.read())
        except FileNotFoundError:
            status = 500
        body = " ".join(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("WWW-Authenticate", "Basic realm=echo")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_CONNECT = answer

    def log_message(self, *args):
        pass


def main():
    options, (where,) = getopt.getopt(sys.argv[1:], "n:")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.where = where
    with open(f"{where}/address", "w", encoding="utf-8") as file:
        file.write(f"127.0.0.1:{server.server_port}")
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    os.write(int(dict(options)["-n"]), b"\n")
    server.serve_forever()


main()
