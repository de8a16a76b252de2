"""HTTP requests and forms as Python's own parsers see them.

The programs under test are compared with these, so nothing here may share a
line with them. Standard library only.
"""

import email.parser
import email.policy
import json


class Request:
    """Bytes of one request, or a head and a body that stand apart."""

    def __init__(self, head, body=None):
        if body is None:
            head, body = head.split(b"\r\n\r\n", 1)
            framed = True
        else:
            head, framed = head.removesuffix(b"\r\n\r\n"), False
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, self.version = lines[0].split(" ")
        self.headers = [tuple(part.strip() for part in line.split(":", 1))
                        for line in lines[1:]]
        if framed and "chunked" in (self.header("transfer-encoding") or ""):
            body = unchunk(body)
        self.body = body

    def header(self, name):
        """The value of a header that stands there once, or None."""
        values = [v for n, v in self.headers if n.lower() == name.lower()]
        assert len(values) < 2, f"{name} stands there {len(values)} times"
        return values[0] if values else None

    def parts(self):
        """The form's parts, in order."""
        head = f"Content-Type: {self.header('content-type')}\r\n\r\n"
        parser = email.parser.BytesParser(policy=email.policy.HTTP)
        message = parser.parsebytes(head.encode("latin-1") + self.body)
        assert message.is_multipart(), "not a form"
        assert not message.defects, message.defects
        return [Part(part) for part in message.get_payload()]


class Part:
    def __init__(self, message):
        assert not message.defects, message.defects
        self.name = message.get_param("name", header="content-disposition")
        self.filename = message.get_filename()
        # A part's own Content-Length may have to change with it.
        self.headers = [(n, v) for n, v in message.items()
                        if n.lower() != "content-length"]
        self.length = message["content-length"]
        self.content = message.get_payload(decode=True)

    def is_event(self):
        return self.name in ("event", "event.json")

    def is_field(self):
        return self.filename is None and not self.is_event()

    def text(self):
        return self.content.decode()


def unchunk(body):
    out = b""
    while True:
        size, body = body.split(b"\r\n", 1)
        n = int(size, 16)
        if n == 0:
            return out
        out += body[:n]
        assert body[n:n + 2] == b"\r\n", "a chunk does not end where it says"
        body = body[n + 2:]


def members(text):
    """A JSON object as a list of (key, value), numbers as they are written."""
    def number(digits):
        return ("number", digits)
    return json.loads(text, object_pairs_hook=Members, parse_int=number,
                      parse_float=number)


class Members(list):
    """The members of an object, in order, duplicates and all."""

    def keys(self):
        return [key for key, _ in self]

    def get(self, key):
        for k, value in self:
            if k == key:
                return value
        return None


def split_tags(text):
    """"k:v,k2:v2" to a list of (key, value); the first colon splits."""
    return [split_tag(tag) for tag in text.split(",") if tag]


def split_tag(tag):
    key, colon, value = tag.partition(":")
    return (key, value) if key else (tag, "")
