"""The http object for google-api-python-client that answers from a local workspace instead of the network."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any

import httplib2

from .dispatch import Dispatch
from .exchange import Answer, Request, request_of
from .workspace import Clock, Workspace


class LocalTransport:
    """Stands where httplib2.Http stands; a context manager that holds the workspace until it is closed."""

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self._dispatch = Dispatch(workspace)
        self._turn = threading.Lock()  # one request after the other, whichever thread brings it

    def __enter__(self) -> LocalTransport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets the request that is under way end, then closes the workspace."""
        with self._turn:
            self.workspace.close()

    def answer(self, request: Request, check: Callable[[Request], None] = lambda part: None) -> Answer:
        """Answers one request. Raises WorkspaceError only where the store itself fails.

        `check`: ApiError for a part of a batch that is not allowed.
        """
        with self._turn:
            return self._dispatch.answer(request, check)

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: dict[str, str] | None = None,
        redirections: int = 1,
        connection_type: Any = None,
    ) -> tuple[httplib2.Response, bytes]:
        """Answers one REST call, whatever host the address names. Refusals are answers, not exceptions.

        Raises WorkspaceError only where the store itself fails.
        """
        content = body.encode() if isinstance(body, str) else body or b""
        answer = self.answer(request_of(method, uri, headers or {}, content))
        response = httplib2.Response({**answer.headers, "status": str(answer.status)})
        response.reason = HTTPStatus(answer.status).phrase
        return response, answer.content


def open_workspace(folder: str | Path, clock: Clock = None) -> LocalTransport:
    """Opens, and makes where it is missing, the workspace in a folder; to be closed, or used with `with`.

    `clock` is an aware instant at which time stands, a function that gives one, or None for the system's clock.
    Raises WorkspaceError when another process holds the workspace, or it is broken, foreign or of a newer version.
    """
    return LocalTransport(Workspace(Path(folder), clock))
