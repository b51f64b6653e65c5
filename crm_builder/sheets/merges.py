"""Merged areas ↔ GridRanges, and the requests that merge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from crm_builder.model import Area, Sheet
from crm_builder.sheets.areas import decode_range, encode_range
from crm_builder.sheets.layout import Layout

Json = dict[str, Any]


class Block(NamedTuple):
    """A rectangle of cells, 0-based and half-open."""

    top: int
    bottom: int
    left: int
    right: int

    def cells(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for row in range(self.top, self.bottom) for column in range(self.left, self.right))

    def meets(self, other: Block) -> bool:
        rows = self.top < other.bottom and other.top < self.bottom
        return rows and self.left < other.right and other.left < self.right


def block_of(area: Area, sheet: Sheet) -> Block:
    """The cells of an area of a sheet as it is described. KeyError for a column that the sheet does not have."""
    order = {column.key: index for index, column in enumerate(sheet.columns)}
    bottom = sheet.rows if area.last_row is None else area.last_row
    if area.first_column is None:
        return Block(area.first_row - 1, bottom, 0, len(order))
    left, right = order[area.first_column], order[area.last_column or area.first_column] + 1
    return Block(area.first_row - 1, bottom, left, right)


def merge_requests(sheet: Sheet, layout: Layout) -> list[Json]:
    """Equal areas of one row that stand below each other are merged by one request."""
    runs: list[list[Area]] = []
    last: dict[tuple[str | None, str | None], list[Area]] = {}
    for area in sorted(sheet.merges, key=lambda one: one.first_row):
        columns = (area.first_column, area.last_column)
        above = last.get(columns)
        if area.last_row == area.first_row and above and above[-1].last_row == area.first_row - 1:
            above.append(area)
            continue
        runs.append([area])
        if area.last_row == area.first_row:
            last[columns] = runs[-1]
    return [_merge(run, layout) for run in runs]


def _merge(run: list[Area], layout: Layout) -> Json:
    grid = encode_range(run[0], layout)
    if len(run) == 1:
        return {"mergeCells": {"range": grid, "mergeType": "MERGE_ALL"}}
    return {"mergeCells": {"range": {**grid, "endRowIndex": run[-1].last_row}, "mergeType": "MERGE_ROWS"}}


def decode_merges(data: Iterable[Json], layout: Layout) -> tuple[Area, ...]:
    """The merged areas, from top to bottom and from the first column to the last."""
    ordered = sorted(data, key=lambda grid: (grid.get("startRowIndex", 0), grid.get("startColumnIndex", 0)))
    return tuple(decode_range(grid, layout) for grid in ordered)


def grid_block(grid: Json) -> Block:
    """The cells of a merge as the service answers it: all four bounds, but for zeros."""
    return Block(
        grid.get("startRowIndex", 0), grid.get("endRowIndex", 0), grid.get("startColumnIndex", 0),
        grid.get("endColumnIndex", 0),
    )  # fmt: skip
