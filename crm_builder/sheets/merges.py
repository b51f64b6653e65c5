"""Merged areas ↔ GridRanges, and the requests that merge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from crm_builder.model import Area, Sheet
from crm_builder.model.once import once
from crm_builder.sheets.areas import decode_range, encode_range
from crm_builder.sheets.layout import Layout, NotOursError, Place

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
    order = _order(sheet)
    bottom = sheet.rows if area.last_row is None else area.last_row
    if area.first_column is None:
        return Block(area.first_row - 1, bottom, 0, len(order))
    left, right = order[area.first_column], order[area.last_column or area.first_column] + 1
    return Block(area.first_row - 1, bottom, left, right)


@once
def _order(sheet: Sheet) -> dict[str, int]:
    return {column.key: index for index, column in enumerate(sheet.columns)}


def placed_block(area: Area, layout: Layout) -> Block:
    """The cells of an area where they stand in the grid."""
    place = layout.place(area.sheet)
    bottom = place.rows if area.last_row is None else place.line(area.last_row) + 1
    if area.first_column is None:
        return Block(place.line(area.first_row), bottom, 0, place.width)
    left, right = place.column(area.first_column), place.column(area.last_column or area.first_column) + 1
    return Block(place.line(area.first_row), bottom, left, right)


def merge_requests(sheet: Sheet, layout: Layout) -> list[Json]:
    """Equal areas of one row that stand below each other are merged by one request."""
    line = layout.place(sheet.key).line
    runs: list[list[Area]] = []
    last: dict[tuple[str | None, str | None], list[Area]] = {}
    for area in sorted(sheet.merges, key=lambda one: one.first_row):
        columns = (area.first_column, area.last_column)
        above = last.get(columns)
        if area.last_row == area.first_row and above and line(above[-1].first_row) == line(area.first_row) - 1:
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
    whole = {**grid, "endRowIndex": grid["startRowIndex"] + len(run)}
    return {"mergeCells": {"range": whole, "mergeType": "MERGE_ROWS"}}


def decode_merges(data: Iterable[Json], layout: Layout) -> list[Area | None]:
    """The merged areas, from top to bottom and from the first column to the last; None for one on lines not ours."""
    ordered = sorted(data, key=lambda grid: (grid.get("startRowIndex", 0), grid.get("startColumnIndex", 0)))
    return [_decode(grid, layout) for grid in ordered]


def _decode(grid: Json, layout: Layout) -> Area | None:
    try:
        return decode_range(grid, layout)
    except NotOursError:
        return None


def block_range(place: Place, block: Block) -> Json:
    """The GridRange of a block; `grid_block` is the way back."""
    return {
        "sheetId": place.sheet_id,
        "startRowIndex": block.top,
        "endRowIndex": block.bottom,
        "startColumnIndex": block.left,
        "endColumnIndex": block.right,
    }


def grid_block(grid: Json) -> Block:
    """The cells of a merge as the service answers it: all four bounds, but for zeros."""
    return Block(
        grid.get("startRowIndex", 0), grid.get("endRowIndex", 0), grid.get("startColumnIndex", 0),
        grid.get("endColumnIndex", 0),
    )  # fmt: skip
