"""spreadsheets.create: the whole Spreadsheet in the body is carried out on a blank one by the batch's own requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from . import blank
from .batch import apply
from .errors import ApiError, invalid
from .render import merged

if TYPE_CHECKING:
    from .book import Book
    from .workspace import Workspace

Json = dict[str, Any]

# Lists of a sheet and the request that adds one of their items under the name of the item.
_LISTS = (
    ("bandedRanges", "addBanding", "bandedRange"),
    ("protectedRanges", "addProtectedRange", "protectedRange"),
    ("filterViews", "addFilterView", "filter"),
    ("charts", "addChart", "chart"),
    ("slicers", "addSlicer", "slicer"),
    ("tables", "addTable", "table"),
)
_KNOWN = {name for name, _, _ in _LISTS} | {
    "properties",
    "data",
    "merges",
    "conditionalFormats",
    "basicFilter",
    "developerMetadata",
    "rowGroups",
    "columnGroups",
}


def blank_spreadsheet(workspace: Workspace, id: str, title: str) -> Book:
    """A new spreadsheet with one empty sheet."""
    book = workspace.create_book(id, {"properties": blank.properties(title), "sheets": [blank.first_sheet()]})
    book.add_grid(0, blank.ROWS, blank.COLUMNS)
    return book


def create(workspace: Workspace, id: str, body: Json) -> Book:
    """A new spreadsheet as the body describes it; sheets given replace the first one (recorded)."""
    unknown = set(body) - {
        "properties",
        "sheets",
        "namedRanges",
        "developerMetadata",
        "spreadsheetId",
        "spreadsheetUrl",
    }
    if unknown:
        raise invalid(f"Invalid spreadsheet: {min(unknown)} cannot be created in a local workspace.")
    wanted = {"title": "Untitled spreadsheet", **body.get("properties", {})}
    book = blank_spreadsheet(workspace, id, wanted["title"])
    if body.get("sheets"):
        book.doc["sheets"] = []
        book.drop_grid(0)
    requests: list[Json] = []
    looks = ("spreadsheetTheme", "defaultFormat")  # read-only afterwards, but taken on creation (documented)
    for name in looks:
        if name in wanted:
            book.doc["properties"][name] = merged(book.doc["properties"][name], wanted[name])
    own = {name: value for name, value in wanted.items() if name not in ("title", *looks)}
    if own:
        requests.append({"updateSpreadsheetProperties": {"properties": own, "fields": ",".join(own)}})
    sheets = _with_ids(body.get("sheets", []))
    requests += [{"addSheet": {"properties": sheet["properties"]}} for sheet in sheets]
    for sheet in sheets:
        requests += contents(sheet, sheet["properties"]["sheetId"])
    requests += [{"addNamedRange": {"namedRange": named}} for named in body.get("namedRanges", [])]
    requests += [_metadata({**entry, "location": {"spreadsheet": True}}) for entry in body.get("developerMetadata", [])]
    try:
        apply(book, requests, check=False)
    except ApiError as error:
        text = re.sub(r"^Invalid requests\[\d+\]\.\w+: ", "", error.message)
        raise ApiError(error.status, error.code, text, error.details) from error
    return book


def _with_ids(sheets: list[Json]) -> list[Json]:
    """Each sheet with an id; 0 for the first where none is given at all, the following numbers after."""
    used = {sheet["properties"]["sheetId"] for sheet in sheets if "sheetId" in sheet.get("properties", {})}
    done = []
    for at, sheet in enumerate(sheets):
        unknown = set(sheet) - _KNOWN
        if unknown:
            raise invalid(f"Invalid sheets[{at}]: {min(unknown)} cannot be created in a local workspace.")
        properties = dict(sheet.get("properties", {}))
        if "sheetId" not in properties:
            fresh = next(number for number in range(len(sheets) + len(used)) if number not in used)
            properties["sheetId"] = fresh
            used.add(fresh)
        properties["index"] = at
        properties.setdefault("title", f"Sheet{at + 1}")
        done.append({**sheet, "properties": properties})
    return done


def contents(sheet: Json, sheet_id: int) -> list[Json]:
    """The requests that fill one sheet; ranges without sheetId are on it."""
    requests: list[Json] = []
    for data in sheet.get("data", []):
        requests += _data(data, sheet_id)
    requests += [{"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}} for area in sheet.get("merges", [])]
    for at, rule in enumerate(sheet.get("conditionalFormats", [])):
        requests.append({"addConditionalFormatRule": {"rule": rule, "index": at}})
    for name, kind, item in _LISTS:
        requests += [{kind: {item: one}} for one in sheet.get(name, [])]
    if "basicFilter" in sheet:
        requests.append({"setBasicFilter": {"filter": sheet["basicFilter"]}})
    for group in sheet.get("rowGroups", []) + sheet.get("columnGroups", []):
        requests.append({"addDimensionGroup": {"range": group["range"]}})
    for entry in sheet.get("developerMetadata", []):
        requests.append(_metadata({**entry, "location": {"sheetId": sheet_id}}))
    return requests


def _data(data: Json, sheet_id: int) -> list[Json]:
    row, column = data.get("startRow", 0), data.get("startColumn", 0)
    requests: list[Json] = []
    if data.get("rowData"):
        start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
        requests.append({"updateCells": {"start": start, "rows": data["rowData"], "fields": "*"}})
    for name, dimension, first in (("rowMetadata", "ROWS", row), ("columnMetadata", "COLUMNS", column)):
        for at, one in enumerate(data.get(name, []), first):
            place = {"sheetId": sheet_id, "dimension": dimension, "startIndex": at, "endIndex": at + 1}
            own = {key: value for key, value in one.items() if key in ("pixelSize", "hiddenByUser")}
            if own:
                requests.append(
                    {"updateDimensionProperties": {"range": place, "properties": own, "fields": ",".join(own)}}
                )
            requests += [
                _metadata({**entry, "location": {"dimensionRange": place}})
                for entry in one.get("developerMetadata", [])
            ]
    return requests


def _metadata(entry: Json) -> Json:
    return {"createDeveloperMetadata": {"developerMetadata": entry}}
