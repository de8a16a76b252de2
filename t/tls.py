"""An HTTPS destination that answers 200 to every request.

usage: tls.py DIR CERT KEY [CLIENT_CA]
writes DIR/address (HOST:PORT) when it listens; for each request a line to
DIR/log, the TLS version and the subject of the client's certificate, or "-",
its X-Prof-Id to DIR/ids, and its target to DIR/targets.
"""

import http.server
import os
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        cert = self.connection.getpeercert()
        subject = cert["subject"][0][0][1] if cert else "-"
        with open(f"{sys.argv[1]}/log", "a", encoding="utf-8") as log:
            print(self.connection.version(), subject, file=log)
        with open(f"{sys.argv[1]}/ids", "a", encoding="utf-8") as ids:
            print(self.headers["X-Prof-Id"], file=ids)
        with open(f"{sys.argv[1]}/targets", "a", encoding="utf-8") as targets:
            print(self.path, file=targets)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass


def main():
    where, cert, key, *client_ca = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    if os.environ.get("TLS_OLD"):
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    if client_ca:
        context.load_verify_locations(client_ca[0])
        context.verify_mode = ssl.CERT_REQUIRED
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    os.makedirs(where, exist_ok=True)
    with open(f"{where}/address.new", "w", encoding="utf-8") as address:
        address.write(f"localhost:{server.server_port}\n")
    os.rename(f"{where}/address.new", f"{where}/address")
    server.serve_forever()


main()
