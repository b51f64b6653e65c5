"""Spreadsheets in other formats: the first sheet as text, the whole as a file for Excel."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from . import drive, spreadsheets
from .a1 import Area
from .errors import DriveError
from .exchange import Answer
from .render import rows_of_values, trimmed
from .workspace import SPREADSHEET

if TYPE_CHECKING:
    from .book import Book
    from .workspace import Workspace

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What Google offers, with its own short names (recorded).
TYPES = {
    "application/x-vnd.oasis.opendocument.spreadsheet": "ods",
    "text/tab-separated-values": "tsv",
    "application/pdf": "pdf",
    XLSX: "xlsx",
    "text/csv": "csv",
    "application/zip": "zip",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}


def export(workspace: Workspace, id: str, query: dict[str, Any]) -> Answer:
    """files.export. DriveError for what has no export, and for the formats that only Google makes."""
    kind = query.get("mimeType")
    if not kind:
        raise DriveError(400, "required", "Required parameter: mimeType", "mimeType")
    file = drive.found(workspace, id)
    if file["mimeType"] != SPREADSHEET:
        raise DriveError(403, "fileNotExportable", "Export only supports Docs Editors files.")
    if kind not in TYPES:
        raise DriveError(400, "badRequest", "The requested conversion is not supported.", "convertTo")
    book = workspace.book(id)
    if kind == "text/csv":
        return Answer(200, _lines(book, ","), {"content-type": "text/csv"})
    if kind == "text/tab-separated-values":
        return Answer(200, _lines(book, "\t"), {"content-type": kind})
    if kind == XLSX:
        return Answer(200, _workbook(book, workspace.now()), {"content-type": kind})
    text = f"The requested conversion is not supported: a local workspace makes no {TYPES[kind]}."
    raise DriveError(400, "badRequest", text, "convertTo")


def _lines(book: Book, separator: str) -> bytes:
    """The first sheet as it is shown: rows of one width, no line break at the end (recorded)."""
    sheet_id = book.doc["sheets"][0]["properties"]["sheetId"]
    if not book.has_grid(sheet_id):
        return b""
    book.recalculate()
    grid = book.grid(sheet_id)
    rows, columns = (max(pair) for pair in zip(grid.extent("entered"), grid.extent("result"), strict=True))
    kept = trimmed(rows_of_values(book, Area(sheet_id, 0, 0, rows, columns)))
    width = max(map(len, kept), default=0)
    out = io.StringIO(newline="")
    wide = [[*row, *[""] * (width - len(row))] for row in kept]
    if separator == "\t":  # no quotes there: a tab or line break inside a cell becomes a space
        wide = [[" ".join(str(value).splitlines()).replace("\t", " ") for value in row] for row in wide]
        return "\r\n".join("\t".join(row) for row in wide).encode()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(wide)
    return out.getvalue().removesuffix("\r\n").encode()


def _workbook(book: Book, now: datetime) -> bytes:
    """The whole as a file for Excel, with a sheet that tells what differs in it."""
    from crm_builder import xlsx  # late: few ask for it

    local = now.astimezone(ZoneInfo(book.doc["properties"].get("timeZone", "Etc/GMT")))
    whole = spreadsheets.get(book, {"fields": xlsx.FIELDS})
    content = xlsx.workbook_files(whole, None, local, False, local.date().isoformat())[xlsx.WORKBOOK]
    return content if isinstance(content, bytes) else content.encode()
