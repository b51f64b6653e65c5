"""The local workspace over HTTP/1.1 on this computer: sockets, bodies, tokens and a log around the transport."""

from __future__ import annotations

import socket
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TextIO
from urllib.parse import urlencode

from crm_builder.errors import WorkspaceError

from . import access, oauth
from .errors import ApiError
from .exchange import Answer, Request, refusal
from .handler import Handler
from .transport import LocalTransport, open_workspace
from .workspace import Clock

HOST = "127.0.0.1"
_PATIENCE = 5.0  # seconds for an answer that its client does not take
_KEPT = 10_000  # entries of the log in memory
_SECRET = {"access_token", "oauth_token", "key", "code", "token", "refresh_token", "client_secret", "upload_id"}


@dataclass(frozen=True)
class Entry:
    """One answered request; bytes are those of the answer's content before it is compressed."""

    method: str
    path: str  # with the query, but for what is secret in it
    status: int
    bytes: int
    milliseconds: float

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status} {self.bytes} {self.milliseconds:.1f}"


class Server:
    """A running server: `url` is where it answers, `log` what it answered, `transport` the workspace under it."""

    def __init__(self, transport: LocalTransport, port: int, anonymous: bool, log_file: TextIO | None):
        self.transport = transport
        self.log: deque[Entry] = deque(maxlen=_KEPT)
        self.anonymous = anonymous
        self._log_file = log_file
        self._oauth = oauth.OAuth()
        self._writing = threading.Lock()
        try:
            self._http = _Http(port, self)
        except OSError as error:
            reason = error.strerror or str(error)
            text = f"no server can be started at {HOST}:{port}: {reason}; choose another port, or 0 for a free one"
            raise WorkspaceError(text) from error
        self.url = f"http://{HOST}:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), name="serve", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answers what is under way, then closes; a second time it does nothing."""
        self._http.shutdown()
        self._thread.join()
        self._http.end()

    def answer(self, request: Request) -> Answer:
        """The answer to one request, logged; what goes wrong inside is told as Google tells it, and on stderr."""
        start = time.perf_counter()
        try:
            answer = self._answered(request)
        except ApiError as error:
            answer = refusal(error)
        except WorkspaceError as error:
            print(f"error: {error}", file=sys.stderr)
            answer = refusal(ApiError(500, "INTERNAL", "Internal error encountered."))
        except Exception:
            traceback.print_exc()
            answer = refusal(ApiError(500, "INTERNAL", "Internal error encountered."))
        self._note(request, answer, (time.perf_counter() - start) * 1000)
        return answer

    def _answered(self, request: Request) -> Answer:
        if oauth.takes(request.path):
            return self._oauth.answer(request)
        self._check(request)
        return self.transport.answer(request, self._check)

    def _check(self, request: Request) -> None:
        access.check(request, self._oauth, self.anonymous)

    def _note(self, request: Request, answer: Answer, milliseconds: float) -> None:
        query = [pair for pair in request.query if pair[0] not in _SECRET]
        shown = "" if oauth.takes(request.path) or not query else "?" + urlencode(query)
        entry = Entry(request.method, request.path + shown, answer.status, len(answer.content), milliseconds)
        with self._writing:
            self.log.append(entry)
            if self._log_file is not None:
                with suppress(ValueError):  # closed while the last answers were under way
                    print(entry, file=self._log_file, flush=True)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, port: int, server: Server):
        self.owner = server
        self._open: dict[socket.socket, threading.Thread] = {}
        super().__init__((HOST, port), Handler)

    def process_request_thread(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        self._open[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            del self._open[request]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is no event."""
        if not isinstance(sys.exc_info()[1], OSError):
            traceback.print_exc()

    def end(self) -> None:
        """No new connections; those that are open read nothing more, and end with the answer under way."""
        self.server_close()
        for one, thread in list(self._open.items()):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RD)
            thread.join(_PATIENCE)


@contextmanager
def serve(
    folder: str | Path, port: int = 0, clock: Clock = None, anonymous: bool = False, log: TextIO | None = None
) -> Iterator[Server]:
    """A server for the workspace in a folder, made where it is missing; port 0 takes a free one.

    WorkspaceError where the workspace is held or broken, or the port is taken.
    """
    with open_workspace(folder, clock) as transport:
        server = Server(transport, port, anonymous, log)
        try:
            yield server
        finally:
            server.stop()
