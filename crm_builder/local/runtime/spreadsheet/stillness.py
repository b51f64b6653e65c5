"""Which cells hold the same whether or not formulas are calculated first: most of a table is typed, and calculating all
that depends on ten thousand rows takes longer than reading them.

A cell is still where no formula stands in it or above it in its column, and none to the left of it spills that far. How
wide a formula spills is taken from its last result: one that grows wider than that is seen a calculation later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...batch.ranges import Rect
    from ...book import Book
    from ...grid import Grid


class Widths:
    """How many columns the formulas of a sheet fill. A change of rows may take results away: noted before it."""

    def __init__(self) -> None:
        self._known: dict[int, dict[int, int]] = {}  # sheet id → column of the formula → columns it fills

    def note(self, book: Book, sheet_id: int) -> None:
        grid = book.grid(sheet_id)
        known = self._known.setdefault(sheet_id, {})
        for (row, column), _ in grid.formulas_in(0, 0, grid.rows, grid.columns):
            known[column] = max(known.get(column, 0), _width(grid, row, column) or 0)

    def forget(self, sheet_id: int) -> None:
        """To be called where formulas may be others, or in other columns, than before."""
        self._known.pop(sheet_id, None)

    def is_still(self, book: Book, area: Rect) -> bool:
        """Whether the cells can be read without a calculation."""
        grid = book.grid(area.sheet_id)
        if grid.pivots():
            return False
        known = self._known.get(area.sheet_id, {})
        for (row, column), _ in grid.formulas_in(0, 0, area.r1, area.c1):
            width = _width(grid, row, column) or known.get(column)
            if not width or column + width > area.c0:
                return False
        return True


def _width(grid: Grid, row: int, column: int) -> int | None:
    """The columns that the formula fills, None where it has given nothing yet, or a blank."""
    size = grid.read("spill", row, column, row + 1, column + 1)[0][0]
    if size is not None:
        return size[1]
    return None if grid.read("result", row, column, row + 1, column + 1)[0][0] is None else 1
