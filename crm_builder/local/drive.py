"""Drive files: create, get, list, copy, update, delete, for the files of a local workspace."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import fields, permissions
from .create import blank_spreadsheet
from .drive_query import matches, parse
from .errors import DriveError
from .scripts_store import copy_projects, drop_projects
from .workspace import SPREADSHEET, new_file_id

if TYPE_CHECKING:
    from .workspace import Workspace

Json = dict[str, Any]
_SHORT = ("kind", "id", "name", "mimeType")  # what an answer holds without a field mask (recorded)
_WRITABLE = ("name", "description", "starred", "trashed", "appProperties", "properties", "parents", "mimeType")
_ORDERS: dict[str, Callable[[Json], Any]] = {
    "createdTime": lambda file: file["createdTime"],
    "folder": lambda file: file["mimeType"] != FOLDER,
    "name": lambda file: file["name"],
    "name_natural": lambda file: re.sub(r"\d+", lambda n: n.group().zfill(20), file["name"].casefold()),
    "quotaBytesUsed": lambda file: int(file.get("quotaBytesUsed", 0)),
    "starred": lambda file: not file.get("starred"),
    # One person works here: whoever changed a file last is its owner, who has seen it then.
    **dict.fromkeys(
        ("modifiedTime", "modifiedByMeTime", "recency", "sharedWithMeTime", "viewedByMeTime"),
        lambda file: file["modifiedTime"],
    ),
}
ROOT = "root"
CONTENT = "media"  # the kind of the documents that hold the contents of files
FOLDER = "application/vnd.google-apps.folder"
_PAGE, _LARGEST_PAGE = 100, 1000
_PROPERTY = 124  # bytes of UTF-8 (documented)


def create(workspace: Workspace, body: Json, query: Json) -> Json:
    """files.create: a spreadsheet is made with its first sheet; other kinds are a name and properties only."""
    _only_writable(body, ("id", "createdTime", "modifiedTime", "kind"))
    kind = body.get("mimeType", "application/octet-stream")
    id = body.get("id") or new_file_id()
    if workspace.file(id) is not None:
        raise DriveError(409, "fileIdInUse", "A file already exists with the provided ID.")
    file = _new(workspace, id, body.get("name", "Untitled"), kind, body)
    workspace.put_file(file)
    if kind == SPREADSHEET:
        blank_spreadsheet(workspace, id, file["name"])
    return _answer(file, query)


def record(workspace: Workspace, id: str, title: str) -> None:
    """The file of a spreadsheet that spreadsheets.create made."""
    workspace.put_file(_new(workspace, id, title, SPREADSHEET, {}))


def _new(workspace: Workspace, id: str, name: str, kind: str, body: Json) -> Json:
    now = workspace.stamp()
    return {
        "kind": "drive#file",
        "id": id,
        "name": name,
        "mimeType": kind,
        "createdTime": now,
        "modifiedTime": now,
        "trashed": bool(body.get("trashed")),
        "parents": _parents(workspace, body.get("parents") or [ROOT]),
        "ownedByMe": True,
        "version": "1",
        **{key: body[key] for key in ("description", "starred") if key in body},
        **{key: _kept(body[key]) for key in ("appProperties", "properties") if key in body},
        **({"webViewLink": _link(id)} if kind == SPREADSHEET else {}),
    }


def _link(id: str) -> str:
    return f"https://docs.google.com/spreadsheets/d/{id}/edit"


def _kept(properties: Json) -> Json:
    """Without the entries set to null, which take an entry away (documented)."""
    return {key: value for key, value in properties.items() if value is not None}


def _parents(workspace: Workspace, parents: list[str]) -> list[str]:
    for parent in parents:
        if parent != ROOT and (workspace.file(parent) or {}).get("mimeType") != FOLDER:
            raise _missing(parent)
    return parents


def get(workspace: Workspace, id: str, query: Json) -> Json:
    return _answer(found(workspace, id), query)


def update(workspace: Workspace, id: str, body: Json, query: Json) -> Json:
    """files.update: metadata only; a null entry of appProperties or properties is taken away (documented)."""
    file = found(workspace, id)
    _only_writable(body, ())
    if "parents" in body:
        raise DriveError(
            403,
            "fieldNotWritable",
            "The parents field is not directly writable in update requests."
            " Use the addParents and removeParents parameters instead.",
        )
    if body.get("mimeType", file["mimeType"]) != file["mimeType"]:
        raise DriveError(400, "invalid", "The mimeType of a file cannot be changed.")
    changed = {**file, **{key: value for key, value in body.items() if key in _WRITABLE}}
    for key in ("appProperties", "properties"):
        if key in body:
            changed[key] = _kept({**file.get(key, {}), **body[key]})
    removed = set(filter(None, query.get("removeParents", "").split(",")))
    added = [parent for parent in query.get("addParents", "").split(",") if parent]
    kept = [parent for parent in file["parents"] if parent not in removed]
    changed["parents"] = list(dict.fromkeys(kept + _parents(workspace, added))) or [ROOT]
    changed["modifiedTime"] = workspace.stamp()
    changed["version"] = str(int(file["version"]) + 1)
    workspace.put_file(changed)
    if "name" in body and file["mimeType"] == SPREADSHEET:
        workspace.book(id).doc["properties"]["title"] = body["name"]
    return _answer(changed, query)


def delete(workspace: Workspace, id: str) -> None:
    """files.delete: at once and for good, not into the bin (documented)."""
    file = found(workspace, id)
    workspace.drop_file(id)
    workspace.drop_document(CONTENT, id)
    if file["mimeType"] == SPREADSHEET:
        workspace.delete_book(id)
        drop_projects(workspace, id)


def copy(workspace: Workspace, id: str, body: Json, query: Json) -> Json:
    """files.copy: another file with the same content; appProperties are copied with it (documented)."""
    source = found(workspace, id)
    _only_writable(body, ())
    name = body.get("name", f"Copy of {source['name']}")
    own = {key: {**source.get(key, {}), **body.get(key, {})} for key in ("appProperties", "properties")}
    made = {**body, **{key: value for key, value in own.items() if value}}
    file = _new(workspace, new_file_id(), name, source["mimeType"], made)
    workspace.put_file(file)
    if source["mimeType"] == SPREADSHEET:
        workspace.copy_book(id, file["id"]).doc["properties"]["title"] = name
        copy_projects(workspace, id, file["id"])
    return _answer(file, query)


def comments(workspace: Workspace, id: str, query: Json) -> Json:
    """comments.list: nobody comments on the files of a local workspace. Without fields it is refused (documented)."""
    found(workspace, id)
    if not query.get("fields"):
        raise DriveError(400, "required", "The 'fields' parameter is required for this method.", "fields")
    mask = fields.parse(query["fields"], "drive", "CommentList")
    return fields.cut({"kind": "drive#commentList", "comments": []}, mask)


def listing(workspace: Workspace, query: Json) -> Json:
    """files.list with q, orderBy, pageSize and pageToken; the file changed last first."""
    mask = fields.parse(query.get("fields", ""), "drive", "FileList")
    test = parse(query.get("q", ""))
    files = [file for file in workspace.files() if matches(test, file)]
    for key in reversed(query.get("orderBy", "").split(",") if query.get("orderBy") else []):
        name, _, direction = key.strip().partition(" ")
        if name not in _ORDERS or direction not in ("", "desc"):
            raise DriveError(400, "invalid", f"Sorting by {key} is not supported.", "orderBy")
        files.sort(key=_ORDERS[name], reverse=bool(direction))
    size = query.get("pageSize", _PAGE)
    if not 1 <= size <= _LARGEST_PAGE:
        text = f"Invalid value '{size}'. Values must be within the range: [1, {_LARGEST_PAGE}]"
        raise DriveError(400, "invalidParameter", text, "pageSize")
    start = _start(query.get("pageToken", ""))
    page = files[start : start + size]
    answer: Json = {"kind": "drive#fileList", "incompleteSearch": False}
    if start + size < len(files):
        answer["nextPageToken"] = f"from-{start + size}"
    if query.get("fields"):
        return fields.cut({**answer, "files": [permissions.shown(file) for file in page]}, mask)
    return {**answer, "files": [{name: file[name] for name in _SHORT} for file in page]}


def _start(token: str) -> int:
    if not token:
        return 0
    if not token.startswith("from-") or not token[5:].isdecimal():
        raise DriveError(400, "invalid", "Invalid Value", "pageToken")
    return int(token[5:])


def found(workspace: Workspace, id: str) -> Json:
    """The stored file. DriveError 404 where there is none."""
    file = workspace.file(id)
    if file is None:
        raise _missing(id)
    return file


def _missing(id: str) -> DriveError:
    return DriveError(404, "notFound", f"File not found: {id}.", "fileId")


def _only_writable(body: Json, also: tuple[str, ...]) -> None:
    for kind in ("appProperties", "properties"):
        for key, value in body.get(kind, {}).items():
            if len(f"{key}{value or ''}".encode()) > _PROPERTY:
                text = f"A property must not exceed {_PROPERTY} bytes, key and value together: {key}"
                raise DriveError(400, "invalid", text, kind)
    for name in body:
        if name not in _WRITABLE and name not in also:
            raise DriveError(400, "invalid", f"A local workspace cannot set the field {name} of a file.", name)


def _answer(file: Json, query: Json) -> Json:
    mask = fields.parse(query.get("fields", ""), "drive", "File")
    if query.get("fields"):
        return fields.cut(permissions.shown(file), mask)
    return {name: file[name] for name in _SHORT}
