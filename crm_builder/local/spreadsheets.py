"""spreadsheets: create, get, getByDataFilter, batchUpdate, and sheets.copyTo's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import fields
from .a1 import Area, parse
from .batch import apply
from .batch.values import shown
from .errors import invalid
from .filters import areas_of, dimension_entries
from .render import CELL_FIELDS, rows_of_cells

if TYPE_CHECKING:
    from .book import Book

Json = dict[str, Any]
_PIXELS = {"ROWS": 21, "COLUMNS": 100}


def batch_update(book: Book, body: Json, query: Json | None = None) -> Json:
    """Carries the requests out, all or none; includeSpreadsheetInResponse brings the spreadsheet along.

    A field mask decides about grid data where there is one, and then responseIncludeGridData nothing (documented).
    """
    answer: Json = {"spreadsheetId": book.id, "replies": apply(book, body.get("requests", []))}
    mask = fields.parse((query or {}).get("fields", ""), "sheets", "BatchUpdateSpreadsheetResponse")
    if body.get("includeSpreadsheetInResponse") and fields.wants(mask, "updatedSpreadsheet"):
        part = fields.below(mask, "updatedSpreadsheet")
        areas = [parse(book, text) for text in body.get("responseRanges", [])]
        grids = fields.wants(part, "sheets", "data") if mask else bool(body.get("responseIncludeGridData"))
        answer["updatedSpreadsheet"] = describe(book, areas or None, grids, part)
    return fields.cut(answer, mask)


def get(book: Book, query: Json) -> Json:
    """spreadsheets.get; a field mask decides about grid data where there is one (documented)."""
    if query.get("commentsViewMode") == "COMMENTS_VIEW_MODE_INCLUDED":
        raise invalid("A local workspace keeps no comments.")
    mask = fields.parse(query.get("fields", ""), "sheets", "Spreadsheet")
    areas = [parse(book, text) for text in query.get("ranges", [])]
    grids = fields.wants(mask, "sheets", "data") if mask else bool(query.get("includeGridData"))
    return describe(book, areas or None, grids, mask)


def get_by_filter(book: Book, body: Json, query: Json) -> Json:
    mask = fields.parse(query.get("fields", ""), "sheets", "Spreadsheet")
    areas = [area for area, _ in areas_of(book, body.get("dataFilters", []))]
    grids = fields.wants(mask, "sheets", "data") if mask else bool(body.get("includeGridData"))
    return describe(book, areas if body.get("dataFilters") else None, grids, mask)


def describe(book: Book, areas: list[Area] | None, grids: bool, mask: fields.Mask) -> Json:
    """The spreadsheet as an answer: only the sheets the areas are on, with grid data where it is wanted.

    What the mask leaves out is not made in the first place where there is much of it: sheets and their cells.
    """
    wanted = None if areas is None else {area.sheet_id for area in areas}
    part = fields.below(mask, "sheets")
    sheets = []
    for sheet in book.doc["sheets"]:
        sheet_id = sheet["properties"]["sheetId"]
        if wanted is not None and sheet_id not in wanted:
            continue
        kept = {name: value for name, value in sheet.items() if value not in ([], {}) and fields.wants(part, name)}
        one = shown(kept)
        grid = book.grid(sheet_id) if book.has_grid(sheet_id) else None
        if grid is not None and "properties" in one:
            size = {"rowCount": grid.rows, "columnCount": grid.columns}
            one["properties"]["gridProperties"] = {**one["properties"].get("gridProperties", {}), **size}
        one = fields.cut(one, part)
        if grid is not None and grids:
            own = [area for area in areas or () if area.sheet_id == sheet_id]
            own = own or [Area(sheet_id, 0, 0, grid.rows, grid.columns)]
            one["data"] = [grid_data(book, area, fields.below(part, "data")) for area in own]
        sheets.append(one)
    answer: Json = {"spreadsheetId": book.id, "properties": shown(book.doc["properties"]), "sheets": sheets}
    for name, value in book.doc.items():
        if name not in answer and value not in ([], {}):
            answer[name] = shown(value)
    if "developerMetadata" in answer:
        place = {"locationType": "SPREADSHEET", "spreadsheet": True}
        answer["developerMetadata"] = [{**entry, "location": place} for entry in answer["developerMetadata"]]
    answer["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    return {
        name: value if name == "sheets" else fields.cut(value, fields.below(mask, name))
        for name, value in answer.items()
        if fields.wants(mask, name)
    }


def grid_data(book: Book, area: Area, mask: fields.Mask) -> Json:
    """One GridData: start left out where it is 0, rows and columns with their metadata (recorded)."""
    data: Json = {}
    if area.r0:
        data["startRow"] = area.r0
    if area.c0:
        data["startColumn"] = area.c0
    if fields.wants(mask, "rowData", "values"):
        cells = fields.below(mask, "rowData", "values")
        if any(fields.wants(cells, name) for name in CELL_FIELDS):
            rows = rows_of_cells(book, _filled_part(book, area), cells)
        else:  # asked for what no cell here has: empty cells are answered, as many as there are
            rows = fields.cut(rows_of_cells(book, _filled_part(book, area), {}), {"values": cells})
        if rows:
            data["rowData"] = rows
    for name, dimension, low, high in (
        ("rowMetadata", "ROWS", area.r0, area.r1),
        ("columnMetadata", "COLUMNS", area.c0, area.c1),
    ):
        if fields.wants(mask, name):
            data[name] = _dimension(book, area.sheet_id, dimension, low, high, fields.below(mask, name))
    return fields.cut(data, {**mask, "rowData": {}}) if mask and "*" not in mask else data


def _filled_part(book: Book, area: Area) -> Area:
    """Without the rows below anything that is stored, so that an empty grid costs nothing."""
    book.recalculate()
    grid = book.grid(area.sheet_id)
    rows = max(grid.extent(plane)[0] for plane in ("entered", "result", "format", "note", "validation", "extra"))
    for banded in book.sheet(area.sheet_id).get("bandedRanges", []):
        rows = max(rows, banded["range"].get("endRowIndex", grid.rows))
    return area._replace(r1=max(area.r0, min(area.r1, rows)))


def _dimension(book: Book, sheet_id: int, dimension: str, low: int, high: int, mask: fields.Mask) -> list[Json]:
    sparse = book.grid(sheet_id).dimension(dimension)
    located: dict[int, list[Json]] = {}
    for entry in dimension_entries(book, sheet_id, dimension) if fields.wants(mask, "developerMetadata") else ():
        located.setdefault(entry["location"]["dimensionRange"]["startIndex"], []).append(entry)
    usual: Json = {"pixelSize": _PIXELS[dimension]}
    listed = []
    for at in range(low, high):
        if at not in sparse and at not in located:
            listed.append(usual)
            continue
        one = dict(usual)
        for name, value in sparse.get(at, {}).items():
            if name != "developerMetadata" and value is not False:
                one[name] = value
        if at in located:
            one["developerMetadata"] = shown(located[at])
        listed.append(one)
    return listed
