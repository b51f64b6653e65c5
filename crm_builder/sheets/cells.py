"""Cells, header cells and the formats of whole columns ↔ CellData, and the requests that write them."""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from crm_builder.model import Cell, CellFormat, Column, Scalar, Sheet, Validation
from crm_builder.sheets.conditions import Frame
from crm_builder.sheets.formats import encode_format, mask, overlay
from crm_builder.sheets.formula_text import canonical
from crm_builder.sheets.layout import Layout
from crm_builder.sheets.validation import encode_validation

Json = dict[str, Any]


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

    Neighbours alike share one request.
    """
    place = layout.place(sheet.key)
    columns = sorted(sheet.columns, key=lambda column: place.column(column.key))
    requests = _fill({"sheetId": place.sheet_id}, defaults, None, Frame(layout, sheet.key))
    for (cell_format, validation), first, last in _spans(columns, lambda one: (one.format, one.validation)):
        span = {"sheetId": place.sheet_id, "startRowIndex": 1, "startColumnIndex": first, "endColumnIndex": last}
        requests += _fill(span, cell_format, validation, Frame(layout, sheet.key))
    for (header,), first, last in _spans(columns, lambda one: (one.header,)):
        span = {"sheetId": place.sheet_id, "startRowIndex": 0, "endRowIndex": 1}
        span |= {"startColumnIndex": first, "endColumnIndex": last}
        requests += _fill(span, header, None, Frame(layout, sheet.key))
    return requests


def _spans(columns: list[Column], look: Any) -> list[tuple[tuple[Any, ...], int, int]]:
    """Runs of columns that look alike: (look, first index, index after the last)."""
    spans, start = [], 0
    for key, group in groupby(columns, key=look):
        end = start + len(list(group))
        spans.append((key, start, end))
        start = end
    return spans


def _fill(span: Json, cell_format: CellFormat, validation: Validation | None, frame: Frame) -> list[Json]:
    requests: list[Json] = []
    cell: Json = {}
    fields = mask(cell_format)
    if fields:
        cell["userEnteredFormat"] = encode_format(cell_format)
    if validation is not None:
        rule = encode_validation(validation, frame)
        if validation.condition.kind == "custom_formula":
            # Documented to follow each cell of its range; of repeatCell that is said of entered formulas only.
            requests.append({"setDataValidation": {"range": span, "rule": rule}})
        else:
            cell["dataValidation"] = rule
            fields = [*fields, "dataValidation"]
    if cell:
        requests.insert(0, {"repeatCell": {"range": span, "cell": cell, "fields": ",".join(fields)}})
    return requests


def header_requests(sheet: Sheet, layout: Layout) -> list[Json]:
    """Titles, column formulas and notes of row 1."""
    columns = sorted(sheet.columns, key=lambda column: layout.place(sheet.key).column(column.key))
    cells = [_with_note(encode_value(column.title, column.formula), column.note) for column in columns]
    if not any(cells):
        return []
    noted = any(column.note for column in columns)
    fields = "userEnteredValue,note" if noted else "userEnteredValue"
    return [_update(layout.place(sheet.key).sheet_id, 0, 0, [cells], fields)]


class _Run(NamedTuple):
    """Neighbouring cells of one row that are written alike."""

    row: int
    column: int
    fields: tuple[str, ...]
    cells: list[Json]


def cell_requests(sheet: Sheet, layout: Layout, defaults: CellFormat) -> list[Json]:
    """The sheet's own cells: neighbours in a row become one row, rows of one shape below each other one request."""
    place = layout.place(sheet.key)
    formats = {column.key: overlay(defaults, column.format) for column in sheet.columns}
    runs: list[_Run] = []
    for cell in sorted(sheet.cells, key=lambda one: (one.row, place.column(one.column))):
        row, column = cell.row - 1, place.column(cell.column)
        fields, data = _encode_cell(cell, formats[cell.column])
        last = runs[-1] if runs else None
        if last and (last.row, last.column + len(last.cells), last.fields) == (row, column, fields):
            last.cells.append(data)
        else:
            runs.append(_Run(row, column, fields, [data]))
    blocks: dict[tuple[int, int, int, tuple[str, ...]], list[_Run]] = {}
    for run in runs:
        # A block is known by its last row, so that the next row finds it.
        above = blocks.pop((run.row - 1, run.column, len(run.cells), run.fields), [])
        blocks[(run.row, run.column, len(run.cells), run.fields)] = [*above, run]
    return [
        _update(place.sheet_id, block[0].row, block[0].column, [run.cells for run in block], ",".join(block[0].fields))
        for block in sorted(blocks.values(), key=lambda block: (block[0].row, block[0].column))
    ]


def _encode_cell(cell: Cell, under: CellFormat) -> tuple[tuple[str, ...], Json]:
    """The fields that are written, and the cell; its format lies over the column's."""
    data, fields = encode_value(cell.value, cell.formula), ["userEnteredValue"]
    if cell.format is not None:
        data["userEnteredFormat"] = encode_format(overlay(under, cell.format))
        fields.append("userEnteredFormat")
    if cell.note:
        fields.append("note")
    return tuple(fields), _with_note(data, cell.note)


def _with_note(data: Json, note: str) -> Json:
    return {**data, "note": note} if note else data


def _update(sheet_id: int, row: int, column: int, rows: list[list[Json]], fields: str) -> Json:
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": cells} for cells in rows], "fields": fields}}
