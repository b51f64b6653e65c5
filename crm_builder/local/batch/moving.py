"""insertRange and deleteRange, and the moving of a block of cells with everything that speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .carry import map_ranges, map_texts
from .dimensions import grow
from .ranges import COLUMNS, ROWS, Rect, dimension_of, known_rect, limits, rect, title_of
from .texts import BlockMove, carried_block, without_block

if TYPE_CHECKING:
    from ..book import Book

PLANES = ("entered", "format", "note", "validation", "extra")


def moved_block(book: Book, source: Rect, sheet_id: int, rows: int, columns: int, *, ranges: bool = False) -> None:
    """Moves the cells of a block; references that lie wholly in it, and named ranges, follow.

    `ranges` lets everything else that has its range inside the block follow too, as inserted cells demand.
    """
    move = BlockMove(source, title_of(book, source.sheet_id), title_of(book, sheet_id), rows, columns)
    map_texts(book, lambda text, home: carried_block(text, home, move))

    def carried(area: dict[str, Any]) -> dict[str, Any]:
        closed = "endRowIndex" in area and "endColumnIndex" in area
        if not closed or area["sheetId"] != source.sheet_id or not source.holds(known_rect(book, area)):
            return area
        return {
            "sheetId": sheet_id,
            "startRowIndex": area["startRowIndex"] + rows,
            "endRowIndex": area["endRowIndex"] + rows,
            "startColumnIndex": area["startColumnIndex"] + columns,
            "endColumnIndex": area["endColumnIndex"] + columns,
        }

    if ranges:
        map_ranges(book, carried)
    else:
        for named in book.doc.get("namedRanges", []):
            named["range"] = carried(named["range"])
    grid, target = book.grid(source.sheet_id), book.grid(sheet_id)
    for plane in PLANES:
        cells = grid.read(plane, *source.area)
        grid.fill(plane, *source.area, None)
        target.write(plane, source.r0 + rows, source.c0 + columns, cells)
    book.restructured()


def _insert(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    area, dimension = rect(book, body.get("range")), dimension_of(body.get("shiftDimension"))
    rows, columns = limits(book, area.sheet_id)
    grid = book.grid(area.sheet_id)
    if dimension == ROWS:
        used = _used(grid, area.c0, area.c1, ROWS)
        grow_by = used + area.height - rows if used > area.r0 else 0
        source = Rect(area.sheet_id, area.r0, area.c0, max(used, area.r0), area.c1)
        step = (area.height, 0)
    else:
        used = _used(grid, area.r0, area.r1, COLUMNS)
        grow_by = used + area.width - columns if used > area.c0 else 0
        source = Rect(area.sheet_id, area.r0, area.c0, area.r1, max(used, area.c0))
        step = (0, area.width)
    if grow_by > 0:
        grow(book, area.sheet_id, dimension, grow_by)
    if source.height and source.width:
        moved_block(book, source, area.sheet_id, *step, ranges=True)
    return {}


def _used(grid: Any, low: int, high: int, dimension: str) -> int:
    """Rows (of the columns low:high) or columns (of the rows low:high) up to which any cell holds anything."""
    last = 0
    for plane in PLANES:
        rows, columns = grid.extent(plane)
        if dimension == ROWS:
            cells = grid.read(plane, 0, low, rows, high)
            filled = [at for at, row in enumerate(cells, 1) if any(cell is not None for cell in row)]
        else:
            cells = grid.read(plane, low, 0, high, columns)
            filled = [at for row in cells for at, cell in enumerate(row, 1) if cell is not None]
        last = max(last, max(filled, default=0))
    return last


def _delete(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    area, dimension = rect(book, body.get("range")), dimension_of(body.get("shiftDimension"))
    rows, columns = limits(book, area.sheet_id)
    grid, title = book.grid(area.sheet_id), title_of(book, area.sheet_id)
    for plane in PLANES:
        grid.fill(plane, *area.area, None)
    map_texts(book, lambda text, home: without_block(text, home, area, title))
    map_ranges(book, lambda one: None if area.holds(known_rect(book, one)) and "endRowIndex" in one else one)
    if dimension == ROWS:
        source, step = Rect(area.sheet_id, area.r1, area.c0, rows, area.c1), (-area.height, 0)
    else:
        source, step = Rect(area.sheet_id, area.r0, area.c1, area.r1, columns), (0, -area.width)
    if source.height and source.width:
        moved_block(book, source, area.sheet_id, *step, ranges=True)
    else:
        book.restructured()
    return {}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"insertRange": _insert, "deleteRange": _delete}
)
