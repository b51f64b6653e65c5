"""The content of files: tables of text become spreadsheets, everything else is kept as it came."""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import io
import secrets
from typing import TYPE_CHECKING, Any

from . import blank, drive
from .errors import ApiError, DriveError
from .exchange import Answer
from .values_write import cells_of, put
from .workspace import SPREADSHEET

if TYPE_CHECKING:
    from .workspace import Workspace

Json = dict[str, Any]
_SEPARATORS = {"text/csv": ",", "text/tab-separated-values": "\t", "text/tsv": "\t"}
_GOOGLE = "application/vnd.google-apps."
_LARGEST = 20 * 2**20  # bytes kept as they came; a workspace is no place for films
_MOST_CELLS = 10_000_000  # of a spreadsheet (documented)


def create(workspace: Workspace, metadata: Json, query: Json, kind: str, content: bytes) -> Json:
    """files.create with content of a type; the answer to it. DriveError where the type cannot become what is wanted."""
    wanted = metadata.get("mimeType", kind)
    rows = _rows(wanted, kind, content)
    made = drive.create(workspace, {**metadata, "mimeType": wanted}, {**query, "fields": "*"})
    _put(workspace, made["id"], rows, content)
    return drive.get(workspace, made["id"], query)


def replace(workspace: Workspace, id: str, metadata: Json, query: Json, kind: str, content: bytes) -> Json:
    """files.update with content; what a spreadsheet held before is gone (recorded)."""
    file = drive.found(workspace, id)
    rows = _rows(file["mimeType"], kind, content)
    drive.update(workspace, id, {**metadata, "mimeType": file["mimeType"]}, query)
    _put(workspace, id, rows, content)
    return drive.get(workspace, id, query)


def download(workspace: Workspace, id: str) -> Answer:
    """files.get with alt=media. DriveError 403 for Google's own kinds, which have no content but an export."""
    file = drive.found(workspace, id)
    if file["mimeType"].startswith(_GOOGLE):
        text = "Only files with binary content can be downloaded. Use Export with Docs Editors files."
        raise DriveError(403, "fileNotDownloadable", text, "alt")
    kept = workspace.document(drive.CONTENT, id)
    return Answer(200, base64.b64decode(kept["data"]) if kept else b"", {"content-type": file["mimeType"]})


def from_base64(content: bytes) -> bytes:
    try:
        return base64.b64decode(content)
    except binascii.Error as error:
        raise DriveError(400, "badContent", "The content is not base64.") from error


def _rows(wanted: str, kind: str, content: bytes) -> list[list[str]] | None:
    """The rows of a table of text that is to become a spreadsheet, None for content to be kept."""
    if wanted == SPREADSHEET:
        if kind not in _SEPARATORS:
            text = f"A local workspace makes spreadsheets of CSV and TSV only, not of {kind}."
            raise DriveError(400, "badRequest", text)
        return _table(content, _SEPARATORS[kind])
    if wanted.startswith(_GOOGLE):
        raise DriveError(400, "badRequest", "Bad Request: content of this type cannot become a file of that kind.")
    if len(content) > _LARGEST:
        raise DriveError(413, "uploadTooLarge", f"A local workspace keeps contents of at most {_LARGEST} bytes.")
    return None


def _table(content: bytes, separator: str) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")  # what spreadsheet programs write that know no UTF-8
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise DriveError(400, "badRequest", f"The table cannot be read: {error}.") from error


def _put(workspace: Workspace, id: str, rows: list[list[str]] | None, content: bytes) -> None:
    file = drive.found(workspace, id)
    if rows is not None:
        _fill(workspace, id, file["name"], rows)
        return
    workspace.put_document(drive.CONTENT, id, {"data": base64.b64encode(content).decode()})
    sums = {f"{name}Checksum": hashlib.new(name, content).hexdigest() for name in ("md5", "sha1", "sha256")}
    named = {"originalFilename": file["name"], "size": str(len(content)), "quotaBytesUsed": str(len(content))}
    workspace.put_file({**file, **sums, **named})


def _fill(workspace: Workspace, id: str, name: str, rows: list[list[str]]) -> None:
    """A spreadsheet of one sheet that bears the file's name and holds the rows; time zone as recorded."""
    height, width = max(len(rows), blank.ROWS), max(blank.COLUMNS, *map(len, rows), 0)
    if height * width > _MOST_CELLS:
        raise DriveError(400, "badRequest", f"The table has more than {_MOST_CELLS} cells.")
    workspace.delete_book(id)
    sheet = blank.first_sheet()
    sheet["properties"] |= {"sheetId": secrets.randbelow(2**31 - 1) + 1, "title": name}
    properties = {**blank.properties(name), "timeZone": "America/Los_Angeles"}
    book = workspace.create_book(id, {"properties": properties, "sheets": [sheet]})
    book.add_grid(sheet["properties"]["sheetId"], height, width)
    try:
        put(book, sheet["properties"]["sheetId"], 0, 0, cells_of({"values": rows}), "USER_ENTERED")
    except ApiError as error:
        raise DriveError(error.status, "badRequest", error.message) from error
