"""A page that the script showed, in a browser on this computer: google.script.run asks the script here."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from math import isfinite
from typing import TYPE_CHECKING, Any

from .outcome import Outcome

if TYPE_CHECKING:
    from .runtime import Runtime

HOST = "127.0.0.1"
_MOST = 1_000_000  # bytes of one question
_PATIENCE = 10  # seconds for a request that does not come whole
# The part of google.script that pages see (developers.google.com/apps-script/guides/html/reference/run): handlers are
# kept by the runner that they were given to; any other name is a function of the script.
_SHIM = """<script>
(() => {
  const ask = async (name, given, good, bad) => {
    try {
      const answer = await fetch('call', { method: 'POST', body: JSON.stringify({ name, given }) });
      const told = await answer.json();
      if (told.error) bad(new Error(told.error));
      else good(told.value);
      if (told.open) location.reload();
    } catch (error) {
      bad(error);
    }
  };
  const run = (good, bad) => new Proxy({}, { get: (_, name) => {
    if (name === 'withSuccessHandler') return (handler) => run(handler, bad);
    if (name === 'withFailureHandler') return (handler) => run(good, handler);
    return (...given) => void ask(name, given, good, bad);
  } });
  const close = () => { document.body.replaceChildren(); window.close(); };
  const host = { close, editor: { focus() {} }, setHeight() {}, setWidth() {} };
  window.google = { script: { run: run(() => {}, (error) => console.error(error)), host } };
})();
</script>"""


class PageServer:
    """Serves the last page of a run; `url` is the only address that answers, and nobody can guess it.

    One question after the other, as a Runtime runs one function at a time. OSError where the port is taken.
    """

    def __init__(self, runtime: Runtime, outcome: Outcome, port: int = 0):
        self.runtime, self._page = runtime, runtime.shown_page(outcome)
        self._path = f"/{secrets.token_urlsafe(16)}/"
        self._http = HTTPServer((HOST, port), _handler(self))
        self.url = f"http://{HOST}:{self._http.server_port}{self._path}"

    def serve(self) -> None:
        """Answers until `close` is called from another thread, or KeyboardInterrupt."""
        self._http.serve_forever()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def is_here(self, path: str, host: str) -> bool:
        return host == f"{HOST}:{self._http.server_port}" and path.startswith(self._path)

    def answered(self, path: str, host: str, body: bytes | None) -> tuple[int, str, bytes]:
        """(status, content type, content) of a request; `body` None for a GET.

        Names of other hosts are refused: somebody else's page could have made one of them lead here.
        """
        if not self.is_here(path, host):
            return 404, "text/plain", b"not here"
        if body is None:
            return 200, "text/html; charset=utf-8", (_SHIM + self._page.content).encode()
        try:
            asked = json.loads(body, parse_constant=_finite, parse_float=_finite)
            name, given = str(asked["name"]), list(asked["given"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return 400, "text/plain", b"no question"
        outcome = self.runtime.call_page(name, *given)
        opened = any(one["kind"] in ("dialog", "sidebar") for one in outcome.shown)
        if opened:
            self._page = self.runtime.shown_page(outcome)
        told = {"value": outcome.value, "error": outcome.error, "open": opened}
        return 200, "application/json", json.dumps(told).encode()


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is no number")
    return number


def _handler(server: PageServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE

        def do_GET(self) -> None:
            self._send(None)

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            size = int(length) if length.isascii() and length.isdigit() and len(length) < 10 else _MOST + 1
            if not server.is_here(self.path, self.headers.get("Host", "")):
                self.send_error(404)
                return
            if size > _MOST:
                self.send_error(413)
                return
            self._send(self.rfile.read(size))

        def _send(self, body: bytes | None) -> None:
            status, kind, content = server.answered(self.path, self.headers.get("Host", ""), body)
            self.send_response(status)
            for name, value in (
                ("Content-Type", kind),
                ("Content-Length", str(len(content))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer"),
            ):
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):  # who asked has gone
                self.wfile.write(content)

        def log_message(self, *given: Any) -> None:
            """Nothing: the address is a secret."""

    return Handler
