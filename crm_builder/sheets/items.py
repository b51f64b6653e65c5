"""Items of a table, such as the choices of a list, found by their leading cell wherever people put their row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_builder.model import Cell, Scalar, Sheet
from crm_builder.sheets.cells import decode_value
from crm_builder.sheets.grid import Grid
from crm_builder.sheets.layout import Place

Content = tuple[Scalar | None, str | None]


@dataclass(frozen=True)
class _Item:
    """An item as one workbook knows it: its leading column, what stands there, and in which row."""

    column: str
    content: Content
    row: int


def known_cells(known: Sequence[Sheet]) -> dict[str, dict[str, Cell]]:
    """item → column → cell; of what several workbooks know, what the first says."""
    cells: dict[str, dict[str, Cell]] = {}
    for sheet in known:
        for cell in sheet.cells:
            if cell.item:
                cells.setdefault(cell.item, {}).setdefault(cell.column, cell)
    return cells


def item_lines(place: Place, grid: Grid, known: Sequence[Sheet]) -> dict[str, int]:
    """item → 0-based line; without those that are not there.

    First by the texts that were applied, then by those that are wanted. An item whose text people changed is the one
    that stands in its place still, as long as all of its neighbours stand in theirs.
    """
    contents = _contents(place, grid)
    lines: dict[str, int] = {}
    taken: set[tuple[str, int]] = set()
    for sheet in known:
        for item, one in _leading(sheet).items():
            if item in lines:
                continue
            alike = contents.get(one.column, {}).get(one.content, ())
            there = [line for line in alike if (one.column, line) not in taken]
            if there:
                usual = place.line(one.row)
                lines[item] = usual if usual in there else there[0]
                taken.add((one.column, lines[item]))
    for sheet in known[:1]:
        lines |= _retitled(place, _leading(sheet), contents, lines, taken)
    return lines


def item_rows(known: Sequence[Sheet], lines: Mapping[str, int]) -> dict[tuple[int, str], int]:
    """(line, column) of a cell of an item → the row that the cell is known by."""
    cells = known_cells(known)
    return {(lines[item], column): cell.row for item in lines for column, cell in cells.get(item, {}).items()}


def _leading(sheet: Sheet) -> dict[str, _Item]:
    order = {column.key: index for index, column in enumerate(sheet.columns)}
    leading: dict[str, _Item] = {}
    for cell in sorted((one for one in sheet.cells if one.item), key=lambda one: order[one.column]):
        leading.setdefault(cell.item, _Item(cell.column, _content(cell.value, cell.formula), cell.row))
    return leading


def _content(value: Scalar | None, formula: str | None) -> Content:
    return (float(value) if isinstance(value, int) and not isinstance(value, bool) else value), formula


def _contents(place: Place, grid: Grid) -> dict[str, dict[Content, list[int]]]:
    """column → content → the lines that hold it."""
    found: dict[str, dict[Content, list[int]]] = {}
    for line, index, cell in grid.filled():
        content = _content(*decode_value(cell))
        if line >= place.below and content != (None, None):
            found.setdefault(place.column_key(index), {}).setdefault(content, []).append(line)
    return found


def _retitled(
    place: Place,
    leading: Mapping[str, _Item],
    contents: Mapping[str, Mapping[Content, list[int]]],
    lines: Mapping[str, int],
    taken: set[tuple[str, int]],
) -> dict[str, int]:
    moved = {one.column for item, one in leading.items() if item in lines and lines[item] != place.line(one.row)}
    found = {}
    for item, one in leading.items():
        line = place.line(one.row)
        filled = any(line in there for there in contents.get(one.column, {}).values())
        if item not in lines and filled and one.column not in moved and (one.column, line) not in taken:
            found[item] = line
    return found
