"""Batches: several calls in one HTTP request, each answered by itself, in order."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from .errors import ApiError, DriveError, refuse
from .exchange import Answer, Request, refusal, request_of
from .multipart import joined, parts_of, split_head

_MOST = 100  # calls in one batch (documented)
_PATHS = {"/batch": ("/drive/v3/", "/v1/"), "/batch/drive/v3": ("/drive/v3/",)}


def takes(path: str) -> bool:
    return path in _PATHS


def answer(request: Request, call: Callable[[Request], Answer], check: Callable[[Request], None]) -> Answer:
    """The answers of all calls, in one body; one that is refused stops no other. DriveError for a body of none.

    `check`: ApiError for a call that its token does not allow; a part without a token has that of the whole (guides of
    batches: headers of the outer request apply to each call).
    """
    if request.method != "POST":
        raise refuse("NOT_FOUND", f"The requested URL {request.path} was not found on this server.")
    try:
        parts = parts_of(request.headers.get("content-type", ""), request.body)
    except ValueError as error:
        text = f"Failed to parse batch request, error: {error}. Received batch body: {len(request.body)} bytes"
        raise DriveError(400, "badRequest", text) from error
    if len(parts) > _MOST:
        text = f"The batch request, containing {len(parts)} calls, exceeds the maximum of {_MOST} calls."
        raise DriveError(400, "badRequest", text)
    done = []
    for headers, content in parts:
        one = _one(request, content, call, check)
        told = {"Content-Type": "application/http"}
        if "content-id" in headers:
            told["Content-ID"] = "<response-" + headers["content-id"].removeprefix("<")
        done.append((told, _written(one)))
    boundary = f"batch_{secrets.token_urlsafe(24)}"
    return Answer(200, joined(boundary, done), {"content-type": f"multipart/mixed; boundary={boundary}"})


def _one(outer: Request, content: bytes, call: Callable[[Request], Answer], check: Callable[[Request], None]) -> Answer:
    try:
        inner = _read(content)
    except ValueError:
        return refusal(DriveError(400, "badRequest", "Failed to parse batch request: a part is no HTTP request."))
    if inner.path.startswith("/v4/"):
        # Sheets takes no part in batches (reported).
        return refusal(ApiError(501, "UNIMPLEMENTED", "Operation is not implemented, or supported, or enabled."))
    if not inner.path.startswith(_PATHS[outer.path]):
        return refusal(DriveError(404, "notFound", f"{inner.path} is no call that this batch takes."))
    if "authorization" in outer.headers:
        inner = replace(inner, headers={"authorization": outer.headers["authorization"], **inner.headers})
    try:
        check(inner)
    except ApiError as error:
        return refusal(error)
    return call(inner)


def _read(content: bytes) -> Request:
    """The call of one part: a request line, headers, a body. ValueError where it is none."""
    line, _, rest = content.lstrip(b"\r\n").partition(b"\n")
    method, uri, *_ = line.decode("latin-1").split()
    return request_of(method, uri, *split_head(rest))


def _written(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name.title()}: {value}" for name, value in answer.headers.items()]
    lines.append(f"Content-Length: {len(answer.content)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.content
