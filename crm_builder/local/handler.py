"""One connection: requests are read from it, whole and unpacked, answers written to it in one piece."""

from __future__ import annotations

import gzip
import re
import zlib
from http.server import BaseHTTPRequestHandler
from typing import Any

from .errors import ApiError, invalid
from .exchange import Answer, Request, json_answer, refusal, request_of

_LARGEST = 64 * 2**20  # bytes of a body, unpacked
_LONGEST_LINE = 1024
_MOST_DIGITS = 100  # of a length; Python reads no number of thousands of them
_WORTH_PACKING = 1024  # bytes
_HOSTS = ("127.0.0.1", "localhost", "[::1]")
# What a header may hold, but for tabs (RFC 9110, 5.5): a line break in one would begin a header of its own.
_PRINTABLE = re.compile(r"[ -~]*")
_ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


class _BadBody(Exception):
    """A body that cannot be read: the connection cannot go on, for nobody knows where the next request begins."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


class Handler(BaseHTTPRequestHandler):
    """`server.owner` is the Server that answers."""

    protocol_version = "HTTP/1.1"
    server_version = "crm-builder"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60.0  # seconds without a byte, either way: a client that only waits holds a thread

    def _any(self) -> None:
        try:
            body = self._whole_body()
        except _BadBody as error:
            self.close_connection = True
            code = "INVALID_ARGUMENT" if error.status == 400 else ""
            self._write(refusal(ApiError(error.status, code, str(error))))
            return
        try:
            request = request_of(self.command, self.path, dict(self.headers.items()), body)
        except ValueError:
            self._write(refusal(invalid("The request target is no address.")))
            return
        self._write(self._answer(request))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _any

    def _answer(self, request: Request) -> Answer:
        owner: Any = self.server.owner  # type: ignore[attr-defined]
        host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
        # A page of another site that has its name lead here would send that name.
        if host not in _HOSTS and not host.endswith((".googleapis.com", ".google.com")):
            return refusal(ApiError(403, "PERMISSION_DENIED", f"This server does not answer for the host {host}."))
        if request.method == "OPTIONS":  # no page of any site is let in: nothing about origins is answered
            return Answer(204, headers={"allow": _ALLOWED})
        if request.method == "HEAD":
            request = Request("GET", request.path, request.query, request.headers, request.body)
        answer: Answer = owner.answer(request)
        return answer

    def _whole_body(self) -> bytes:
        try:
            return self._body()
        except TimeoutError:
            raise _BadBody(408, "The rest of the body did not come in time.") from None

    def _body(self) -> bytes:
        coding = self.headers.get("Transfer-Encoding", "").strip().lower()
        if coding and coding != "identity":
            if coding != "chunked":
                raise _BadBody(501, f"The transfer coding {coding} is not known.")
            body = self._chunks()
        else:
            length = self.headers.get("Content-Length", "0").strip() or "0"
            if not length.isdecimal():
                raise _BadBody(400, "The Content-Length is no number.")
            if len(length) > _MOST_DIGITS or int(length) > _LARGEST:
                raise _too_large()
            body = self.rfile.read(int(length))
            if len(body) < int(length):
                raise _BadBody(400, "The body ends too early.")
        return _unpacked(body, self.headers.get("Content-Encoding", "").strip().lower())

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            line = self.rfile.readline(_LONGEST_LINE).partition(b";")[0].strip()
            try:
                size = int(line, 16)
            except ValueError:
                raise _BadBody(400, "A chunk of the body has no size.") from None
            if size < 0 or len(body) + size > _LARGEST:
                raise _too_large()
            if size == 0:
                break
            body += self.rfile.read(size)
            if self.rfile.readline(_LONGEST_LINE).strip():
                raise _BadBody(400, "A chunk of the body is longer than it says.")
        while self.rfile.readline(_LONGEST_LINE).strip():  # trailers
            pass
        return bytes(body)

    def _write(self, answer: Answer) -> None:
        if not all(_PRINTABLE.fullmatch(value) for value in answer.headers.values()):
            answer = refusal(invalid("The answer would need a header with characters that no header can have."))
        content, headers = answer.content, dict(answer.headers)
        packs = "gzip" in self.headers.get("Accept-Encoding", "") and len(content) >= _WORTH_PACKING
        if packs:
            content = gzip.compress(content, 1, mtime=0)
            headers["content-encoding"] = "gzip"
        headers["vary"] = "Accept-Encoding"
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header("-".join(part.capitalize() for part in name.split("-")), value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and answer.status != 204:
            self.wfile.write(content)
        self.wfile.flush()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """The owner keeps the log."""

    def log_message(self, format: str, *args: object) -> None:
        """What is wrong with a request is told to who sent it."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """A request that is none, in the same form as every other refusal."""
        self.close_connection = True
        text = message or "Bad Request"
        self._written_without_request(json_answer({"error": {"code": code, "message": text}}, code))

    def _written_without_request(self, answer: Answer) -> None:
        head = f"HTTP/1.1 {answer.status} Error\r\nContent-Type: application/json; charset=UTF-8\r\n"
        head += f"Content-Length: {len(answer.content)}\r\nConnection: close\r\n\r\n"
        self.wfile.write(head.encode() + answer.content)
        self.wfile.flush()


def _unpacked(body: bytes, coding: str) -> bytes:
    if coding in ("", "identity"):
        return body
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise _BadBody(415, f"The content coding {coding} is not known.")
    packed = zlib.decompressobj(zlib.MAX_WBITS | 32)  # either kind, as its head says
    try:
        text = packed.decompress(body, _LARGEST)
    except zlib.error:
        raise _BadBody(400, f"The body is not {coding}.") from None
    if packed.unconsumed_tail:
        raise _too_large()
    if not packed.eof:
        raise _BadBody(400, "The packed body ends too early.")
    return text


def _too_large() -> _BadBody:
    return _BadBody(413, f"Request payload size exceeds the limit: {_LARGEST} bytes.")
