"""Uploads to Drive: content alone, content with metadata, and the resumable kind, which comes in pieces."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from . import drive, drive_v2, media
from .discovery import document, known_parameters
from .errors import ApiError, DriveError
from .exchange import Answer, Request, json_answer
from .multipart import parts_of
from .payload import parsed
from .schema import checked, parameters

if TYPE_CHECKING:
    from .workspace import Workspace

Json = dict[str, Any]
_PATH = re.compile(r"/(?:resumable/)?upload/drive/(v[23])/files(?:/([^/:]+))?\Z")
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)\Z")
_MOST_UNDER_WAY = 100
_DEFAULT_TYPE = "application/octet-stream"
_METHODS = {("v3", False): "POST", ("v3", True): "PATCH", ("v2", False): "POST", ("v2", True): "PUT"}


@dataclass
class _UnderWay:
    """A resumable upload that has begun: the request that began it, what has come of the content."""

    request: Request
    metadata: Json
    kind: str
    content: bytearray = field(default_factory=bytearray)


def takes(path: str) -> bool:
    return _PATH.match(path) is not None


class Uploads:
    """The uploads of one workspace; those under way are lost when it is closed, as they are at Google after a week."""

    def __init__(self) -> None:
        self._under_way: dict[str, _UnderWay] = {}

    def answer(self, workspace: Workspace, request: Request) -> Answer:
        """ApiError for every refusal."""
        id = request.asked("upload_id")
        if id:
            return self._continue(workspace, request, id)
        found = _PATH.match(request.path)
        version, file_id = found.groups() if found else ("", None)
        if request.method != _METHODS.get((version, bool(file_id))):
            raise ApiError(404, "NOT_FOUND", f"The requested URL {request.path} was not found on this server.")
        kind = request.asked("uploadType") or "media"
        content_type = request.headers.get("content-type", _DEFAULT_TYPE)
        if kind == "multipart":
            metadata, content_type, content = _related(content_type, request.body)
            return _finish(workspace, request, metadata, content_type, content)
        if kind == "resumable":
            return self._begin(request)
        if kind != "media":
            raise DriveError(400, "badRequest", f"Invalid upload type: {kind}", "uploadType")
        return _finish(workspace, request, {}, content_type, request.body)

    def _begin(self, request: Request) -> Answer:
        kind = request.headers.get("x-upload-content-type", _DEFAULT_TYPE)
        while len(self._under_way) >= _MOST_UNDER_WAY:
            del self._under_way[next(iter(self._under_way))]
        id = secrets.token_urlsafe(32)
        self._under_way[id] = _UnderWay(replace(request, body=b""), _metadata(request.body), kind)
        host = request.headers.get("host", "www.googleapis.com")
        scheme = "https" if host.endswith("googleapis.com") else "http"
        place = f"{scheme}://{host}{request.path}?{urlencode([*request.query, ('upload_id', id)])}"
        return Answer(200, headers={"location": place, "x-guploader-uploadid": id})

    def _continue(self, workspace: Workspace, request: Request, id: str) -> Answer:
        """A piece with its place in Content-Range; 308 with what has come so far until the last one is there."""
        upload = self._under_way.get(id)
        if upload is None:
            raise ApiError(404, "NOT_FOUND", "There is no such upload: it has ended, or never began.")
        if request.method == "DELETE":
            del self._under_way[id]
            return Answer(499)
        given = _RANGE.match(request.headers.get("content-range", ""))
        total = len(request.body) if given is None else given.group(3)
        if given is None:
            upload.content[:] = request.body
        elif given.group(1):
            start = int(given.group(1))
            if start > len(upload.content) or int(given.group(2)) - start + 1 != len(request.body):
                raise DriveError(400, "badRequest", "Failed to parse Content-Range header.")
            upload.content[start:] = request.body
        if total == "*" or len(upload.content) < int(total):
            so_far = {"range": f"bytes=0-{len(upload.content) - 1}"} if upload.content else {}
            return Answer(308, headers=so_far)
        done = _finish(workspace, upload.request, upload.metadata, upload.kind, bytes(upload.content))
        del self._under_way[id]
        return done


def _related(content_type: str, body: bytes) -> tuple[Json, str, bytes]:
    """Metadata, type and content of a multipart/related body."""
    try:
        parts = parts_of(content_type, body)
    except ValueError as error:
        raise DriveError(400, "badContent", f"Malformed multipart body: {error}.") from error
    if len(parts) != 2:
        raise DriveError(400, "badContent", "Malformed multipart body.")
    (_, metadata), (headers, content) = parts
    if headers.get("content-transfer-encoding", "").lower() == "base64":
        content = media.from_base64(content)
    return _metadata(metadata), headers.get("content-type", _DEFAULT_TYPE), content


def _metadata(text: bytes) -> Json:
    try:
        return checked("drive", "File", parsed(text))
    except ApiError as error:
        raise DriveError(400, "parseError", "Parse Error") from error


def _finish(workspace: Workspace, request: Request, metadata: Json, kind: str, content: bytes) -> Answer:
    """Creates or changes the file of the request with the content."""
    found = _PATH.match(request.path)
    version, id = found.groups() if found else ("", None)
    methods = document("drive")["resources"]["files"]["methods"]
    declared = {**document("drive")["parameters"], **methods["update" if id else "create"]["parameters"]}
    given = [pair for pair in request.query if pair[0] not in ("uploadType", "upload_id")]
    query = parameters("drive", declared, given, known_parameters("drive") | {"convert"})
    if version == "v2":  # the older service converts where it is asked to, the newer where the kind wanted says so
        query.pop("fields", None)
        if request.asked("convert").lower() == "true":
            metadata = {**metadata, "mimeType": media.SPREADSHEET}
    kind = kind.partition(";")[0].strip().lower()
    if id:
        file = media.replace(workspace, id, metadata, query, kind, content)
    else:
        file = media.create(workspace, metadata, query, kind, content)
    return json_answer(drive_v2.shown(drive.found(workspace, file["id"])) if version == "v2" else file)
