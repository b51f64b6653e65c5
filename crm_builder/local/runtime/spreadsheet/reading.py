"""What scripts read of cells: values with moments, texts as shown, and how far a sheet is filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...a1 import Area
from ...calc import effective
from ...formulas.values import FormulaError
from ...render import rows_of_values, shown_formats
from .serials import moments

if TYPE_CHECKING:
    from ...batch.ranges import Rect
    from ...book import Book
    from ...grid import Grid
    from .stillness import Widths

_DATES = frozenset({"DATE", "TIME", "DATE_TIME"})
_ROWS_AT_A_TIME = 256


def values(book: Book, area: Rect, widths: Widths) -> list[list[Any]]:
    """Values as getValues gives them: moments where the format shows one, "" for blanks, errors as their text."""
    if not widths.is_still(book, area):
        book.recalculate()
    rows = effective(book, *area)
    shapes = shown_formats(book, Area(*area))
    moment = moments(book.doc["properties"].get("timeZone", ""))
    dates: dict[int, bool] = {id(None): False}  # by identity: the formats live as long as the list above
    for row, formats in zip(rows, shapes, strict=True):
        for at, value in enumerate(row):
            if value is None:
                row[at] = ""
            elif type(value) is float:
                shape = formats[at]
                dated = dates.get(id(shape))
                if dated is None:
                    dated = dates[id(shape)] = (shape.get("numberFormat") or {}).get("type") in _DATES
                if dated:
                    row[at] = moment(value)
            elif type(value) is FormulaError:
                row[at] = value.kind
    return rows


def texts(book: Book, area: Rect) -> list[list[str]]:
    """Cells as people see them."""
    return rows_of_values(book, Area(*area))


def formulas(book: Book, area: Rect) -> list[list[str]]:
    """The text of each formula, "" where there is none."""
    rows = [[""] * area.width for _ in range(area.height)]
    for (r, c), text in book.grid(area.sheet_id).formulas_in(*area.area):
        rows[r - area.r0][c - area.c0] = text
    return rows


def filled(book: Book, sheet_id: int) -> tuple[int, int]:
    """Rows and columns up to which there is content: what was entered, FALSE included, formulas, and whatever they
    spill, an empty text included, as the service counts them (reported)."""
    book.recalculate()
    grid = book.grid(sheet_id)
    rows = max(grid.extent("entered")[0], grid.extent("result")[0])
    width = max(grid.extent("entered")[1], grid.extent("result")[1])
    while rows and not any(map(any, _marks(grid, max(rows - 1, 0), 0, rows, width))):
        rows -= 1
    columns = 0
    for top in range(0, rows, _ROWS_AT_A_TIME):
        base = columns
        for row in _marks(grid, top, base, min(top + _ROWS_AT_A_TIME, rows), width):
            last = next((at for at in range(len(row) - 1, -1, -1) if row[at]), -1)
            columns = max(columns, base + last + 1)
    return rows, columns


def _marks(grid: Grid, r0: int, c0: int, r1: int, c1: int) -> list[list[bool]]:
    entered, results = grid.read("entered", r0, c0, r1, c1), grid.read("result", r0, c0, r1, c1)
    return [
        [(value is not None and value != "") or result is not None for value, result in zip(row, given, strict=True)]
        for row, given in zip(entered, results, strict=True)
    ]
