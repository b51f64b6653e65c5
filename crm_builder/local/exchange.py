"""One HTTP request and its answer, as plain values: what the transport and the server hand to the dispatch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .errors import ApiError
from .payload import encoded

JSON_TYPE = "application/json; charset=UTF-8"


@dataclass(frozen=True)
class Request:
    """A request: the path still encoded, names of headers in small letters, the body without any encoding."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def asked(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return dict(self.query).get(name, default)


@dataclass(frozen=True)
class Answer:
    """An answer; headers are those beside Content-Length."""

    status: int
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def request_of(method: str, uri: str, headers: Mapping[str, str], body: bytes) -> Request:
    """The request for an address, or for a path with its query."""
    parts = urlsplit(uri)
    small = {name.lower(): value for name, value in headers.items()}
    return Request(method, parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True)), small, body)


def json_answer(value: Any, status: int = 200) -> Answer:
    """200 with the value, or 204 for None."""
    if value is None:
        return Answer(204)
    return Answer(status, encoded(value), {"content-type": JSON_TYPE})


def refusal(error: ApiError) -> Answer:
    """The answer that tells a refusal in Google's form."""
    return Answer(error.status, encoded(error.body()), {"content-type": JSON_TYPE, **error.headers})
