"""A small real CellStore in memory, for tests of the formula room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crm_builder.formulas.scan import read_a1
from crm_builder.local.formulas.cells import NamedRange, Table
from crm_builder.local.formulas.registry import Cell
from crm_builder.local.formulas.values import Array, Value


class MemoryStore:
    """Entered values, formulas and results of a few sheets."""

    def __init__(self, sheets: Mapping[str, int] | None = None, rows: int = 1000, columns: int = 26):
        self.time_zone = "Asia/Tehran"
        self._sheets = dict(sheets or {"Sheet1": 0})
        self.sizes = {sheet_id: (rows, columns) for sheet_id in self._sheets.values()}
        self.entered: dict[Cell, Value] = {}
        self.texts: dict[Cell, str] = {}
        self.results: dict[Cell, Value] = {}
        self.filled: dict[Cell, Table] = {}
        self.covers: dict[Cell, tuple[int, int]] = {}
        self.named: dict[str, NamedRange] = {}
        self.stored_dirty: set[Cell] = set()
        self.written: list[Cell] = []

    # ---- what a person does ----

    def put(self, where: str, content: Value | list[list[Value]]) -> tuple[int, int, int, int, int]:
        """Enters a value, a formula text or a block of them; returns the rectangle for invalidate()."""
        a1 = read_a1(where)
        assert a1 is not None and a1.first.row is not None and a1.first.column is not None, where
        sheet_id = self._sheets[a1.sheet] if a1.sheet else 0
        rows = content if isinstance(content, list) else [[content]]
        bottom, right_end = a1.first.row + len(rows), a1.first.column + len(rows[0])
        for down, row in enumerate(rows):
            for right, value in enumerate(row):
                cell = (sheet_id, a1.first.row + down, a1.first.column + right)
                self.entered.pop(cell, None)
                if self.texts.pop(cell, None) is not None:
                    height, width = self._drop_result(cell)
                    bottom, right_end = max(bottom, cell[1] + height), max(right_end, cell[2] + width)
                if isinstance(value, str) and value.startswith("="):
                    self.texts[cell] = value
                elif value is not None:
                    self.entered[cell] = float(value) if type(value) is int else value
        return sheet_id, a1.first.row, a1.first.column, bottom, right_end

    def get(self, where: str) -> Value:
        return self.block(where)[0][0]

    def block(self, where: str) -> Array:
        a1 = read_a1(where)
        assert a1 is not None
        last = a1.last or a1.first
        sheet_id = self._sheets[a1.sheet] if a1.sheet else 0
        assert a1.first.row is not None and a1.first.column is not None
        assert last.row is not None and last.column is not None
        return self.values(sheet_id, a1.first.row, a1.first.column, last.row + 1, last.column + 1)

    def _drop_result(self, cell: Cell) -> tuple[int, int]:
        rows, columns = self.covers.pop(cell, (1, 1))
        for row in range(cell[1], cell[1] + rows):
            for column in range(cell[2], cell[2] + columns):
                self.results.pop((cell[0], row, column), None)
        return rows, columns

    # ---- CellStore ----

    def sheets(self) -> Mapping[str, int]:
        return self._sheets

    def size(self, sheet_id: int) -> tuple[int, int]:
        return self.sizes[sheet_id]

    def extent(self, sheet_id: int) -> tuple[int, int]:
        rows = columns = 0
        for kept in (self.entered, self.texts, self.results):
            for sheet, row, column in kept:
                if sheet == sheet_id:
                    rows, columns = max(rows, row + 1), max(columns, column + 1)
        return rows, columns

    def names(self) -> Mapping[str, NamedRange]:
        return self.named

    def values(self, sheet_id: int, r0: int, c0: int, r1: int, c1: int) -> Array:
        results, entered = self.results, self.entered
        return [
            [results.get((sheet_id, row, column), entered.get((sheet_id, row, column))) for column in range(c0, c1)]
            for row in range(r0, r1)
        ]

    def formulas(self) -> Iterable[tuple[Cell, str]]:
        return list(self.texts.items())

    def tables(self) -> Iterable[tuple[Cell, Table]]:
        return list(self.filled.items())

    def spills(self) -> Mapping[Cell, tuple[int, int]]:
        return self.covers

    def entered_in(self, sheet_id: int, r0: int, c0: int, r1: int, c1: int, but: Cell) -> Cell | None:
        return min(
            (
                cell
                for kept in (self.entered, self.texts)
                for cell in kept
                if cell[0] == sheet_id and r0 <= cell[1] < r1 and c0 <= cell[2] < c1 and cell != but
            ),
            default=None,
        )

    def write_result(self, cell: Cell, array: Array) -> None:
        self.written.append(cell)
        self._drop_result(cell)
        if (len(array), len(array[0])) != (1, 1):
            self.covers[cell] = len(array), len(array[0])
        for down, row in enumerate(array):
            for right, value in enumerate(row):
                assert value is None or type(value) in (bool, float, str) or hasattr(value, "kind"), value
                if value is not None:
                    self.results[cell[0], cell[1] + down, cell[2] + right] = value

    def dirty(self) -> set[Cell]:
        return set(self.stored_dirty)

    def set_dirty(self, cells: set[Cell]) -> None:
        self.stored_dirty = set(cells)
