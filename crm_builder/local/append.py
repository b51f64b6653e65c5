"""Where values.append writes: the table that a range lies in, or the last one it holds.

A table is a block of filled cells with an empty row or column, or the grid's edge, around it; results of formulas
count as filled (recorded).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .a1 import Area
from .calc import effective

if TYPE_CHECKING:
    from .book import Book


def place_of_append(book: Book, area: Area) -> tuple[Area | None, int, int]:
    """The table, or None, and the row and column at which appended values begin."""
    book.recalculate()
    rows = _filled(book, area.sheet_id)
    start = _start(rows, area)
    if start is None:
        return None, area.r0, area.c0
    r0, c0, r1, c1 = _block(rows, *start)
    return Area(area.sheet_id, r0, c0, r1, c1), r1, c0


def _filled(book: Book, sheet_id: int) -> list[int]:
    """A number a row, whose bit c tells that column c is filled."""
    grid = book.grid(sheet_id)
    sizes = grid.extent("entered"), grid.extent("result")
    values = effective(book, sheet_id, 0, 0, max(size[0] for size in sizes), max(size[1] for size in sizes))
    bits = [1 << c for c in range(max((len(row) for row in values), default=0))]
    return [
        sum(bit for bit, value in zip(bits, row, strict=True) if value is not None and value != "") for row in values
    ]


def _mask(c0: int, c1: int) -> int:
    return ((1 << max(c1, 0)) - 1) & ~((1 << max(c0, 0)) - 1)


def _start(rows: list[int], area: Area) -> tuple[int, int] | None:
    """A filled cell of the table meant: the last row of the range with any, else one around its first cell."""
    inside = _mask(area.c0, area.c1)
    for row in range(min(area.r1, len(rows)) - 1, area.r0 - 1, -1):
        if rows[row] & inside:
            return row, (rows[row] & inside).bit_length() - 1
    for row in range(max(area.r0 - 1, 0), min(area.r0 + 2, len(rows))):
        near = rows[row] & _mask(area.c0 - 1, area.c0 + 2)
        if near:
            found = row, near.bit_length() - 1
            r0, c0, r1, c1 = _block(rows, *found)
            if r0 <= area.r0 < r1 and c0 <= area.c0 < c1:
                return found
    return None


def _block(rows: list[int], row: int, column: int) -> tuple[int, int, int, int]:
    """The smallest rectangle around the cell with no filled cell touching it from outside."""
    r0, c0, r1, c1 = row, column, row + 1, column + 1
    grown = True
    while grown:
        grown = False
        near = _mask(c0 - 1, c1 + 1)
        while r1 < len(rows) and rows[r1] & near:
            r1, grown = r1 + 1, True
        while r0 > 0 and rows[r0 - 1] & near:
            r0, grown = r0 - 1, True
        held = 0
        for bits in rows[max(r0 - 1, 0) : r1 + 1]:
            held |= bits
        while held >> c1 & 1:
            c1, grown = c1 + 1, True
        while c0 > 0 and held >> (c0 - 1) & 1:
            c0, grown = c0 - 1, True
    return r0, c0, r1, c1
