"""Which method of the three services is answered by what; everything else is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from . import copying, create, drive, exports, fields, media, metadata, permissions, scripts, spreadsheets, values
from .book import Book
from .discovery import Method, known_parameters, methods
from .errors import ApiError, invalid, refuse
from .schema import checked, parameters
from .workspace import Workspace, new_file_id

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One checked REST call."""

    workspace: Workspace
    path: dict[str, str]
    query: Json
    body: Json

    @property
    def book(self) -> Book:
        return self.workspace.book(self.path["spreadsheetId"])


def _create(call: Call) -> Json:
    id = new_file_id()
    book = create.create(call.workspace, id, call.body)
    drive.record(call.workspace, id, book.doc["properties"]["title"])
    return spreadsheets.get(book, {"fields": call.query.get("fields", "")})


def _file(call: Call) -> Any:
    if call.query.get("alt") == "media":
        return media.download(call.workspace, call.path["fileId"])
    return drive.get(call.workspace, call.path["fileId"], call.query)


def _of_permission(call: Call) -> dict[str, str]:
    return {"file_id": call.path["fileId"], "id": call.path["permissionId"]}


_SHEETS: Mapping[str, Callable[[Call], Any]] = {
    "sheets.spreadsheets.create": _create,
    "sheets.spreadsheets.get": lambda call: spreadsheets.get(call.book, call.query),
    "sheets.spreadsheets.getByDataFilter": lambda call: spreadsheets.get_by_filter(call.book, call.body, call.query),
    "sheets.spreadsheets.batchUpdate": lambda call: spreadsheets.batch_update(call.book, call.body, call.query),
    "sheets.spreadsheets.sheets.copyTo": lambda call: copying.copy_to(
        call.workspace, call.path["spreadsheetId"], call.path["sheetId"], call.body
    ),
    "sheets.spreadsheets.developerMetadata.get": lambda call: metadata.get(call.book, int(call.path["metadataId"])),
    "sheets.spreadsheets.developerMetadata.search": lambda call: metadata.search(call.book, call.body),
    "sheets.spreadsheets.values.get": lambda call: values.get(call.book, call.path["range"], call.query),
    "sheets.spreadsheets.values.update": lambda call: values.update(
        call.book, call.path["range"], call.body, {**call.query, "majorDimension": call.body.get("majorDimension")}
    ),
    "sheets.spreadsheets.values.append": lambda call: values.append(
        call.book, call.path["range"], call.body, {**call.query, "majorDimension": call.body.get("majorDimension")}
    ),
    "sheets.spreadsheets.values.clear": lambda call: values.clear(call.book, call.path["range"]),
    "sheets.spreadsheets.values.batchGet": lambda call: values.batch_get(
        call.book, call.query.get("ranges", []), call.query
    ),
    "sheets.spreadsheets.values.batchUpdate": lambda call: values.batch_update(call.book, call.body),
    "sheets.spreadsheets.values.batchClear": lambda call: values.batch_clear(call.book, call.body.get("ranges", [])),
    "sheets.spreadsheets.values.batchGetByDataFilter": lambda call: values.batch_get_by_filter(call.book, call.body),
    "sheets.spreadsheets.values.batchUpdateByDataFilter": lambda call: values.batch_update_by_filter(
        call.book, call.body
    ),
    "sheets.spreadsheets.values.batchClearByDataFilter": lambda call: values.batch_clear_by_filter(
        call.book, call.body
    ),
}
_DRIVE: Mapping[str, Callable[[Call], Any]] = {
    "drive.files.create": lambda call: drive.create(call.workspace, call.body, call.query),
    "drive.files.get": lambda call: _file(call),
    "drive.files.export": lambda call: exports.export(call.workspace, call.path["fileId"], call.query),
    "drive.files.list": lambda call: drive.listing(call.workspace, call.query),
    "drive.files.update": lambda call: drive.update(call.workspace, call.path["fileId"], call.body, call.query),
    "drive.files.copy": lambda call: drive.copy(call.workspace, call.path["fileId"], call.body, call.query),
    "drive.files.delete": lambda call: drive.delete(call.workspace, call.path["fileId"]),
    "drive.about.get": lambda call: permissions.about(call.query),
    "drive.comments.list": lambda call: drive.comments(call.workspace, call.path["fileId"], call.query),
    "drive.permissions.create": lambda call: permissions.create(
        call.workspace, call.path["fileId"], call.body, call.query
    ),
    "drive.permissions.list": lambda call: permissions.listing(call.workspace, call.path["fileId"], call.query),
    "drive.permissions.get": lambda call: permissions.get(call.workspace, **_of_permission(call), query=call.query),
    "drive.permissions.update": lambda call: permissions.update(
        call.workspace, **_of_permission(call), body=call.body, query=call.query
    ),
    "drive.permissions.delete": lambda call: permissions.delete(call.workspace, **_of_permission(call)),
}
HANDLERS: Mapping[str, Callable[[Call], Any]] = MappingProxyType({**_SHEETS, **_DRIVE, **scripts.HANDLERS})

# The field of the service's own message that holds the body; it begins the paths of errors (recorded: data.values).
_BODY_FIELDS = {
    "sheets.spreadsheets.create": "spreadsheet",
    "sheets.spreadsheets.values.update": "data",
    "sheets.spreadsheets.values.append": "values",
}
# Methods that cut their answer themselves, because a mask also decides what is computed.
_OWN_MASK = frozenset(
    {
        "sheets.spreadsheets.create",
        "sheets.spreadsheets.get",
        "sheets.spreadsheets.getByDataFilter",
        "sheets.spreadsheets.batchUpdate",
    }
    | set(_DRIVE)
)
_MEDIA = {"drive.files.get": ("media",), "drive.files.export": ("media",)}
_READS = frozenset(
    {
        "sheets.spreadsheets.getByDataFilter",
        "sheets.spreadsheets.developerMetadata.search",
        "sheets.spreadsheets.values.batchGetByDataFilter",
    }
)


def find(http_method: str, path: str) -> tuple[Method, dict[str, str]]:
    """The method a still encoded path belongs to, with its path parameters. ApiError 404 for a path of no method."""
    for method in methods():
        found = method.pattern.match(path) if method.http_method == http_method else None
        if found:
            return method, found.groupdict()
    raise refuse("NOT_FOUND", f"The requested URL {path} was not found on this server.")


def answer(workspace: Workspace, method: Method, path: dict[str, str], query: list[tuple[str, str]], body: Any) -> Any:
    """Carries one call out; the JSON of the answer, None for no content, an Answer where it is no JSON.

    ApiError for every refusal.
    """
    handler = HANDLERS.get(method.id)
    if handler is None:
        raise ApiError(501, "UNIMPLEMENTED", f"A local workspace does not answer {method.id}.")
    declared = {name: kind for name, kind in method.parameters.items() if name not in path}
    lenient = known_parameters("drive") if method.api == "drive" else frozenset()
    clean = parameters(method.api, declared, query, lenient)
    if clean.get("alt", "json") not in ("json", *_MEDIA.get(method.id, ())):
        raise invalid(f"A local workspace answers in JSON only, not alt={clean['alt']}.")
    if method.id == "sheets.spreadsheets.developerMetadata.get" and not path["metadataId"].lstrip("-").isdecimal():
        raise refuse("INVALID_ARGUMENT", f"Invalid value at 'metadata_id' (TYPE_INT32), \"{path['metadataId']}\"")
    checked_body = checked(method.api, method.request, body, _BODY_FIELDS.get(method.id, "")) if method.request else {}
    mask = {}
    if clean.get("fields") and method.id not in _OWN_MASK:
        mask = fields.parse(clean["fields"], method.api, method.response)
    result = handler(Call(workspace, path, clean, checked_body))
    if method.http_method != "GET" and method.id not in _READS and "spreadsheetId" in path:
        workspace.book(path["spreadsheetId"]).was_changed = True
    return fields.cut(result, mask) if mask else result
