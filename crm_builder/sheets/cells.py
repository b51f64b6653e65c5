"""Contents of cells, header cells and the formats of whole columns ↔ CellData, and the requests that write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm_builder.model import FIRST_DATA_ROW, HEADER_ROW, Cell, CellFormat, Scalar, Sheet, Validation
from crm_builder.sheets.conditions import Frame
from crm_builder.sheets.formats import encode_format, overlay
from crm_builder.sheets.formula_text import canonical
from crm_builder.sheets.layers import spans
from crm_builder.sheets.layout import Layout
from crm_builder.sheets.links import encode_link
from crm_builder.sheets.validation import encode_validation

Json = dict[str, Any]
_Look = tuple[CellFormat, Validation | None]  # what all cells of a column have beside their content

_GAP = 8  # rows: fewer empty ones cost less than a request of their own


def encode_value(value: Scalar | None, formula: str | None = None) -> Json:
    """CellData with the value as it is (a text that begins with `=` stays a text), or with the formula."""
    if formula is not None:
        return {"userEnteredValue": {"formulaValue": formula}}
    if value is None or value == "":
        return {}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    kind = "stringValue" if isinstance(value, str) else "numberValue"
    return {"userEnteredValue": {kind: value}}


def decode_value(data: Json) -> tuple[Scalar | None, str | None]:
    """(value, formula) that were entered into a cell."""
    entered = data.get("userEnteredValue", {})
    if "formulaValue" in entered:
        return None, canonical(entered["formulaValue"])
    for kind in ("stringValue", "numberValue", "boolValue"):
        if kind in entered:
            return (None if entered[kind] == "" else entered[kind]), None
    return None, None


def column_requests(sheet: Sheet, layout: Layout, defaults: CellFormat) -> list[Json]:
    """The workbook's own font everywhere, then format and validation of the data rows, then the header's format.

    A view has no header: its first row is one like the others.
    """
    place = layout.place(sheet.key)
    columns = sorted(sheet.columns, key=lambda column: place.column(column.key))
    head = place.line(HEADER_ROW)
    top = head if sheet.kind == "view" else place.line(FIRST_DATA_ROW)
    requests = _fill({"sheetId": place.sheet_id}, defaults, None, Frame(layout, sheet.key), CellFormat())
    looks: list[_Look] = [(column.format, column.validation) for column in columns]
    span = {"sheetId": place.sheet_id, "startRowIndex": top}
    requests += _painted(enumerate(looks), span, Frame(layout, sheet.key, top + 1), defaults)
    if sheet.kind != "view":
        span = {"sheetId": place.sheet_id, "startRowIndex": head, "endRowIndex": head + 1}
        looks = [(column.header, None) for column in columns]
        requests += _painted(enumerate(looks), span, Frame(layout, sheet.key), defaults)
    return requests


def added_rows(sheet: Sheet, layout: Layout, defaults: CellFormat, first: int, rows: int) -> list[Json]:
    """The same format and validation for `rows` that were added to a table, from row `first` (1-based) on: what the
    service gives rows at the end of a grid is nowhere documented."""
    place = layout.place(sheet.key)
    there = [column for column in sheet.columns if column.key in place.columns]
    looks = [(place.column(one.key), (one.format, one.validation)) for one in there]
    looks.sort(key=lambda look: look[0])
    span = {"sheetId": place.sheet_id, "startRowIndex": first - 1, "endRowIndex": first - 1 + rows}
    return _painted(looks, span, Frame(layout, sheet.key, first), defaults)


def _painted(looks: Iterable[tuple[int, _Look]], span: Json, frame: Frame, defaults: CellFormat) -> list[Json]:
    requests: list[Json] = []
    for one in spans(looks, (CellFormat(), None), lambda look: look[1] is None):
        there = overlay(defaults, one.under[0]) if one.under else defaults
        place = {**span, "startColumnIndex": one.start, "endColumnIndex": one.end}
        requests += _fill(place, overlay(defaults, one.look[0]), one.look[1], frame, there)
    return requests


def _fill(
    span: Json, cell_format: CellFormat, validation: Validation | None, frame: Frame, there: CellFormat
) -> list[Json]:
    """A whole format is set, since naming its parts takes more room than repeating what is `there` already."""
    requests: list[Json] = []
    cell: Json = {}
    fields: list[str] = []
    if cell_format != there:
        cell["userEnteredFormat"] = encode_format(cell_format)
        fields.append("userEnteredFormat")
    if validation is not None:
        rule = encode_validation(validation, frame)
        if validation.condition.kind != "one_of_list" and any(map(_is_formula, validation.condition.values)):
            # Documented to follow each cell of its range; of repeatCell that is said of entered formulas only.
            requests.append({"setDataValidation": {"range": span, "rule": rule}})
        else:
            cell["dataValidation"] = rule
            fields = [*fields, "dataValidation"]
    if cell:
        requests.insert(0, {"repeatCell": {"range": span, "cell": cell, "fields": ",".join(fields)}})
    return requests


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith("=")


def header_requests(sheet: Sheet, layout: Layout) -> list[Json]:
    """Titles, column formulas and notes of row 1."""
    columns = sorted(sheet.columns, key=lambda column: layout.place(sheet.key).column(column.key))
    cells = [_with_note(encode_value(column.title, column.formula), column.note) for column in columns]
    if not any(cells):
        return []
    noted = any(column.note for column in columns)
    fields = "userEnteredValue,note" if noted else "userEnteredValue"
    place = layout.place(sheet.key)
    return [update_cells(place.sheet_id, place.line(HEADER_ROW), 0, [cells], fields)]


def cell_requests(sheet: Sheet, layout: Layout) -> list[Json]:
    """Values, formulas and notes of the sheet's own cells; rows near each other share one request.

    The gaps between them are written empty, which they are: the sheet is new, and empty cells are no hindrance to a
    formula that fills them.
    """
    place = layout.place(sheet.key)
    rows: dict[int, dict[int, Json]] = {}
    for cell in sheet.cells:
        data = _with_note(_encode_cell(cell, layout), cell.note)
        if data:
            rows.setdefault(place.line(cell.row), {})[place.column(cell.column)] = data
    blocks: list[list[int]] = []
    for row in sorted(rows):
        if not blocks or row - blocks[-1][-1] > _GAP:
            blocks.append([])
        blocks[-1].append(row)
    return [_block(place.sheet_id, {row: rows[row] for row in block}) for block in blocks]


def _block(sheet_id: int, rows: dict[int, dict[int, Json]]) -> Json:
    top, left = min(rows), min(min(cells) for cells in rows.values())
    lines = []
    for row in range(top, max(rows) + 1):
        cells = rows.get(row, {})
        lines.append([cells.get(column, {}) for column in range(left, max(cells, default=left - 1) + 1)])
    noted = any("note" in cell for line in lines for cell in line)
    return update_cells(sheet_id, top, left, lines, "userEnteredValue,note" if noted else "userEnteredValue")


def _encode_cell(cell: Cell, layout: Layout) -> Json:
    if cell.link:
        return encode_value(None, encode_link(cell.link, str(cell.value), layout))
    return encode_value(cell.value, cell.formula)


def _with_note(data: Json, note: str) -> Json:
    return {**data, "note": note} if note else data


def update_cells(
    sheet_id: int, line: int, column: int, rows: Iterable[Iterable[Json]], fields: str = "userEnteredValue"
) -> Json:
    """The request that writes these CellData from a cell on; 0-based."""
    start = {"sheetId": sheet_id, "rowIndex": line, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": list(cells)} for cells in rows], "fields": fields}}
