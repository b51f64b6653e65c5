"""Which part answers a request: a REST call, a batch of them, an upload, or a page that stands for Google's consent."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, unquote

from . import batches, uploads
from .errors import ApiError, DriveError, invalid
from .exchange import Answer, Request, json_answer, refusal
from .payload import parsed
from .routes import answer, find
from .workspace import Workspace


class Dispatch:
    """Answers requests to a workspace, one after the other; every refusal is an answer."""

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self._uploads = uploads.Uploads()

    def answer(self, request: Request, check: Callable[[Request], None] = lambda part: None) -> Answer:
        """WorkspaceError only where the store itself fails. `check` is asked of each part of a batch."""
        try:
            if batches.takes(request.path):
                return batches.answer(request, self.answer, check)
            if uploads.takes(request.path):
                with self.workspace.request():
                    return self._uploads.answer(self.workspace, request)
            return self._call(_overridden(request))
        except ApiError as error:
            return refusal(error)

    def _call(self, request: Request) -> Answer:
        method, path = find(request.method, request.path)
        given = {name: unquote(value) for name, value in path.items()}
        with self.workspace.request():
            result = answer(self.workspace, method, given, list(request.query), _body(request, method.api))
            return result if isinstance(result, Answer) else json_answer(result)


def _overridden(request: Request) -> Request:
    """A GET too long for an address comes as a POST whose form is the query."""
    override = request.headers.get("x-http-method-override")
    if not override:
        return request
    try:
        form = parse_qsl(request.body.decode(), keep_blank_values=True)
    except ValueError as error:
        raise invalid(f"Invalid form: {error}") from error
    return Request(override, request.path, (*request.query, *form), request.headers)


def _body(request: Request, api: str) -> object:
    try:
        return parsed(request.body)
    except ApiError as error:
        if api != "drive":
            raise
        raise DriveError(400, "parseError", "Parse Error") from error
