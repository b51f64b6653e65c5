"""The http object for google-api-python-client that answers from a local workspace instead of the network."""

from __future__ import annotations

import json
import math
import threading
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httplib2

from .errors import ApiError, invalid
from .routes import answer, find
from .workspace import Clock, Workspace

_JSON = "application/json; charset=UTF-8"
_DEEPEST = 100  # levels of a body, the limit of protocol buffers' JSON parsers (documented)
_TOO_DEEP = "Invalid JSON payload received. Message too deep. Max recursion depth reached."
_NESTING = (dict, list)


class LocalTransport:
    """Stands where httplib2.Http stands; a context manager that holds the workspace until it is closed."""

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self._turn = threading.Lock()  # one request after the other, whichever thread brings it

    def __enter__(self) -> LocalTransport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.workspace.close()

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
        parts = urlsplit(uri)
        query = parse_qsl(parts.query, keep_blank_values=True)
        override = {name.lower(): value for name, value in (headers or {}).items()}.get("x-http-method-override")
        if override:  # a GET too long for an address: the client sends its query as a form
            method = override
            query += parse_qsl(_decoded(body), keep_blank_values=True)
            body = None
        with self._turn:
            try:
                found, path = find(method, parts.path)
                given = {name: unquote(value) for name, value in path.items()}
                with self.workspace.request():
                    result = answer(self.workspace, found, given, query, _parsed(body))
                    content = b"" if result is None else _encoded(result)
                return _response(204 if result is None else 200), content
            except ApiError as error:
                return _response(error.status), _encoded(error.body())


def open_workspace(folder: str | Path, clock: Clock = None) -> LocalTransport:
    """Opens, and makes where it is missing, the workspace in a folder; to be closed, or used with `with`.

    `clock` is an aware instant at which time stands, a function that gives one, or None for the system's clock.
    Raises WorkspaceError when another process holds the workspace, or it is broken, foreign or of a newer version.
    """
    return LocalTransport(Workspace(Path(folder), clock))


def _decoded(body: str | bytes | None) -> str:
    return body.decode() if isinstance(body, bytes) else body or ""


def _parsed(body: str | bytes | None) -> Any:
    try:
        text = _decoded(body)
        if not text.strip():
            return None
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_object)
        _check_depth(value)
        if "\\u" in text:
            plain = json.dumps(value, ensure_ascii=False)
            plain.encode()  # half a surrogate pair is no text and cannot be kept
            if "\\u0000" in plain.replace("\\\\", ""):
                raise ValueError("A text must not contain the character U+0000.")
        return value
    except RecursionError as error:
        raise invalid(_TOO_DEEP) from error
    except ValueError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"Unexpected token: {name}")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"Number out of range: {text if len(text) < 40 else text[:40] + '…'}")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f'Duplicate name "{twice}" in one object.')
    return made


def _check_depth(value: Any) -> None:
    """ApiError 400 for a value deeper than any body is; level by level, so that depth costs no stack."""
    level = [value]
    for _ in range(_DEEPEST + 1):
        lists: list[Any] = []
        for item in level:
            if type(item) is dict:
                lists += [inner for inner in item.values() if type(inner) in _NESTING]
            elif type(item) is list:
                lists += [inner for inner in item if type(inner) in _NESTING]
        if not lists:
            return
        level = lists
    raise invalid(_TOO_DEEP)


def _encoded(value: Any) -> bytes:
    # A number that is none cannot get here: bodies with one are refused, and results with one are #NUM!.
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _response(status: int) -> httplib2.Response:
    response = httplib2.Response({"status": str(status), "content-type": _JSON})
    response.reason = HTTPStatus(status).phrase
    return response
