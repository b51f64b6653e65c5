"""What is forgotten keeps what it shows: formulas that lose their ground become the values of the moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_builder.model import Cell, Sheet, Workbook
from crm_builder.plan.changes import Change, Forget, Rename
from crm_builder.sheets.cells import encode_value, update_cells
from crm_builder.sheets.read import Observed

Json = dict[str, Any]
Grid = Sequence[Sequence[Any]]


def places_to_freeze(changes: Sequence[Change], workbook: Workbook) -> Iterator[tuple[str, str]]:
    """(sheet, column) of the computed columns that are forgotten; ("dashboard", "") for the whole of a view.

    The keys are those that the workbook, which is there now, has. A view with a pivot table is left: its cells cannot
    be written.
    """
    there = {sheet.key: sheet for sheet in workbook.sheets}
    former = {one.new.sheet: one.id.sheet for one in changes if isinstance(one, Rename) and one.id.kind == "sheet"}
    for change in changes:
        sheet = there.get(former.get(change.id.sheet, change.id.sheet))
        if not isinstance(change, Forget) or sheet is None:
            continue
        if change.id.kind == "column" and sheet.kind == "table":
            yield from ((sheet.key, key) for key in _computed(sheet) if key == change.id.key)
        elif change.id.kind == "sheet" and sheet.kind == "table":
            yield from ((sheet.key, key) for key in _computed(sheet))
        elif change.id.kind == "sheet" and sheet.kind == "view" and not sheet.pivots:
            yield sheet.key, ""


def _computed(sheet: Sheet) -> list[str]:
    return [column.key for column in sheet.columns if column.formula is not None]


def freeze_requests(
    shown: Mapping[tuple[str, str], Grid], entered: Mapping[str, Grid], observed: Observed
) -> list[Json]:
    """The requests that write what is shown, each grid from its first line on: a column's, or a whole sheet's.

    `entered`: of whole sheets what cells hold, {"formula": …} for a formula; those of people's own stay formulas.
    """
    requests = []
    for (sheet, column), rows in shown.items():
        place = observed.layout.place(sheet)
        left = place.column(column) if column else 0
        own = _own_formulas(() if column else entered.get(sheet, ()), sheet, observed)
        for line, index, block in _around(rows, own):
            cells = [[encode_value(value) for value in row] for row in block]
            requests.append(update_cells(place.sheet_id, line, left + index, cells))
    return requests


def _own_formulas(entered: Grid, sheet: str, observed: Observed) -> dict[int, list[int]]:
    """Line → columns of the formulas that people wrote into a sheet of ours."""
    place = observed.layout.place(sheet)
    applied = {(one.row, one.column): (one.formula, one.link) for one in _cells(sheet, observed.baseline)}
    ours = {
        (place.line(cell.row), place.columns[cell.column])
        for cell in _cells(sheet, observed.workbook)
        if observed.baseline is None or (cell.formula, cell.link) == applied.get((cell.row, cell.column))
    }
    found: dict[int, list[int]] = {}
    for line, row in enumerate(entered):
        for index, value in enumerate(row):
            if isinstance(value, Mapping) and (line, index) not in ours:
                found.setdefault(line, []).append(index)
    return found


def _cells(key: str, workbook: Workbook | None) -> list[Cell]:
    return [cell for sheet in workbook.sheets if sheet.key == key for cell in sheet.cells] if workbook else []


def _around(rows: Grid, kept: Mapping[int, Sequence[int]]) -> Iterator[tuple[int, int, Grid]]:
    """(line, column, rows) of as few blocks as can be, without the cells that are kept."""
    whole: list[Sequence[Any]] = []
    for line, row in enumerate(rows):
        if line not in kept:
            whole.append(row or [""])
            continue
        if whole:
            yield line - len(whole), 0, whole
            whole = []
        start = 0
        for index in (*kept[line], len(row)):
            if start < index:
                yield line, start, [row[start:index]]
            start = index + 1
    if whole:
        yield len(rows) - len(whole), 0, whole
