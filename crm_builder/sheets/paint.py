"""What lies on cells beside their content: formats and validation, written over whole rectangles of cells alike."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, TypeVar

from crm_builder.model import CellFormat, Sheet, Validation
from crm_builder.sheets.conditions import Frame
from crm_builder.sheets.formats import encode_format, overlay
from crm_builder.sheets.layout import Layout
from crm_builder.sheets.merges import Block, block_range, placed_block
from crm_builder.sheets.validation import encode_validation

Json = dict[str, Any]
Look = TypeVar("Look", bound=Hashable)


def rectangles(cells: Mapping[tuple[int, int], Look]) -> list[tuple[Look, Block]]:
    """Cells alike as few blocks: runs of a row first, then equal runs below each other."""
    found: list[tuple[Look, Block]] = []
    open_runs: dict[tuple[Look, int, int, int], int] = {}  # (look, left, right, bottom) → index of the block
    for look, row, left, right in _runs(cells):
        index = open_runs.pop((look, left, right, row), len(found))
        if index == len(found):
            found.append((look, Block(row, row, left, right)))
        found[index] = (look, found[index][1]._replace(bottom=row + 1))
        open_runs[(look, left, right, row + 1)] = index
    return found


def _runs(cells: Mapping[tuple[int, int], Look]) -> list[tuple[Look, int, int, int]]:
    runs: list[tuple[Look, int, int, int]] = []
    for (row, column), look in sorted(cells.items(), key=lambda item: item[0]):
        if runs and runs[-1][1] == row and runs[-1][3] == column and runs[-1][0] == look:
            runs[-1] = (look, row, runs[-1][2], column + 1)
        else:
            runs.append((look, row, column, column + 1))
    return runs


def format_requests(sheet: Sheet, layout: Layout, defaults: CellFormat) -> list[Json]:
    """Formats over the columns' own. All cells of a merged area get that of its first: its lines are drawn whole."""
    place = layout.place(sheet.key)
    under = {column.key: overlay(defaults, column.format) for column in sheet.columns}
    merged = {(block.top, block.left): block for block in (placed_block(area, layout) for area in sheet.merges)}
    painted: dict[tuple[int, int], CellFormat] = {}
    for cell in sheet.cells:
        if cell.format is not None:
            row, column = place.line(cell.row), place.column(cell.column)
            block = merged.get((row, column), Block(row, row + 1, column, column + 1))
            painted |= dict.fromkeys(block.cells(), overlay(under[cell.column], cell.format))
    return [
        {
            "repeatCell": {
                "range": block_range(place, block),
                "cell": {"userEnteredFormat": encode_format(look)},
                "fields": "userEnteredFormat",
            }
        }
        for look, block in rectangles(painted)
    ]


def validation_requests(sheet: Sheet, layout: Layout) -> list[Json]:
    """Validation over the columns' own. A formula is written for the first row and follows each further one."""
    place = layout.place(sheet.key)
    held: dict[tuple[int, int], Validation] = {
        (place.line(cell.row), place.column(cell.column)): cell.validation for cell in sheet.cells if cell.validation
    }
    return [
        {
            "setDataValidation": {
                "range": block_range(place, block),
                "rule": encode_validation(rule, Frame(layout, sheet.key, block.top + 1)),
            }
        }
        for rule, block in rectangles(held)
    ]
