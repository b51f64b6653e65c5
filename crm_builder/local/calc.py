"""The spreadsheet as the formula engine sees it (formulas.engine.CellStore)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from .blocks import Formula
from .formulas.values import FormulaError

if TYPE_CHECKING:
    from .book import Book
    from .formulas.cells import Table

Cell = tuple[int, int, int]
_ROWS_AT_A_TIME = 4096
_NOWHERE = -1  # the sheet of a named range without cells
_FAR = FormulaError("#NUM!", "The result is not a number that a cell can hold.")


class Cells:
    """Values, formulas and names of one Book; results go back into it."""

    def __init__(self, book: Book):
        self._book = book

    @property
    def time_zone(self) -> str:
        return self._book.doc["properties"].get("timeZone", "Etc/GMT")

    def sheets(self) -> Mapping[str, int]:
        return {s["properties"]["title"]: s["properties"]["sheetId"] for s in self._book.doc["sheets"]}

    def size(self, sheet_id: int) -> tuple[int, int]:
        grid = self._book.grid(sheet_id)
        return grid.rows, grid.columns

    def extent(self, sheet_id: int) -> tuple[int, int]:
        grid = self._book.grid(sheet_id)
        entered, result = grid.extent("entered"), grid.extent("result")
        return max(entered[0], result[0]), max(entered[1], result[1])

    def names(self) -> Mapping[str, tuple[int, int, int, int | None, int | None]]:
        found: dict[str, tuple[int, int, int, int | None, int | None]] = {}
        for named in self._book.state.get("broken", ()):
            found[named["name"]] = (_NOWHERE, 0, 0, None, None)
        for named in self._book.doc.get("namedRanges", []):
            area = named["range"]
            found[named["name"]] = (
                area.get("sheetId", 0),
                area.get("startRowIndex", 0),
                area.get("startColumnIndex", 0),
                area.get("endRowIndex"),
                area.get("endColumnIndex"),
            )
        return found

    def values(self, sheet_id: int, r0: int, c0: int, r1: int, c1: int) -> list[list[Any]]:
        return effective(self._book, sheet_id, r0, c0, r1, c1)

    def formulas(self) -> Iterable[tuple[Cell, str]]:
        for sheet_id, grid in self._book.grids():
            for (row, column), text in grid.formulas().items():
                yield (sheet_id, row, column), text

    def tables(self) -> Iterable[tuple[Cell, Table]]:
        from .pivot_tables import pivot_tables  # which reads cells by way of this module

        return pivot_tables(self._book)

    def spills(self) -> Mapping[Cell, tuple[int, int]]:
        return {(sheet_id, *anchor): size for sheet_id, grid in self._book.grids() for anchor, size in grid.spills()}

    def entered_in(self, sheet_id: int, r0: int, c0: int, r1: int, c1: int, but: Cell) -> Cell | None:
        grid = self._book.grid(sheet_id)
        rows, columns = grid.extent("entered")
        end, right = min(r1, rows), min(c1, columns)
        for top in range(r0, end, _ROWS_AT_A_TIME):
            cells = grid.read("entered", top, c0, min(top + _ROWS_AT_A_TIME, end), right)
            for r, row in enumerate(cells, top):
                for c, value in enumerate(row, c0):
                    if value is not None and (sheet_id, r, c) != but:
                        return sheet_id, r, c
        return next(((sheet_id, *at) for at in grid.pivots_in(r0, c0, r1, c1) if (sheet_id, *at) != but), None)

    def write_result(self, cell: Cell, array: list[list[Any]]) -> None:
        sheet_id, row, column = cell
        kept = [[_FAR if type(value) is float and not isfinite(value) else value for value in line] for line in array]
        self._book.grid(sheet_id).set_result(row, column, kept)

    def dirty(self) -> set[Cell]:
        return set(self._book.dirty)

    def set_dirty(self, cells: set[Cell]) -> None:
        self._book.dirty = set(cells)


def effective(book: Book, sheet_id: int, r0: int, c0: int, r1: int, c1: int) -> list[list[Any]]:
    """Effective values: what was entered, or what the formula there, or one spilling there, gave.

    An entered empty text blocks a spill (recorded) but counts as blank.
    """
    grid = book.grid(sheet_id)
    entered = grid.read("entered", r0, c0, r1, c1)
    results = grid.read("result", r0, c0, r1, c1)
    for row, given in zip(entered, results, strict=True):
        for at, value in enumerate(row):
            if value is None or type(value) is Formula:
                row[at] = given[at]
            elif value == "" and type(value) is str:
                row[at] = None
    return entered
