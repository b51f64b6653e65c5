"""Ranges of cells as formulas see them: lazy, read once for each evaluation, with indexes for look-ups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_builder.formulas.scan import A1, cell_name, quoted_title
from crm_builder.local.formulas.cells import CellStore, NamedRange
from crm_builder.local.formulas.values import Array, FormulaError, reference_error

Rect = tuple[int, int, int, int, int]  # sheet id, r0, c0, r1, c1; half-open and closed to the grid

UNKEPT = 64  # ranges of so many cells are read anew: a sheet full of small formulas would keep as many of them
NO_SUCH_SHEET = "Unresolved sheet name '{}'."
NO_SUCH_CELL = reference_error("Reference does not exist.")


class Range:
    """A rectangle of one sheet. Where it is open-ended, `values` reaches only as far as the sheet holds anything (at
    least one cell); `rows` and `columns` are the true size, the rest is blank."""

    __slots__ = ("_indexes", "_reader", "_values", "area", "c0", "c1", "r0", "r1", "sheet_id")

    def __init__(self, reader: Reader, area: NamedRange):
        self._reader = reader
        self.area = area
        self.sheet_id, self.r0, self.c0, self.r1, self.c1 = reader.closed(area)
        self._values: Array | None = None
        self._indexes: dict[Any, Any] = {}

    @property
    def rows(self) -> int:
        return self.r1 - self.r0

    @property
    def columns(self) -> int:
        return self.c1 - self.c0

    @property
    def values(self) -> Array:
        if self._values is None:
            rows, columns = self.held
            self._values = self._reader.store.values(self.sheet_id, self.r0, self.c0, self.r0 + rows, self.c0 + columns)
        return self._values

    @property
    def held(self) -> tuple[int, int]:
        """Rows and columns that `values` has."""
        r1, c1 = self.r1, self.c1
        if self.area[3] is None:
            r1 = max(self.r0 + 1, min(r1, self._reader.extent(self.sheet_id)[0]))
        if self.area[4] is None:
            c1 = max(self.c0 + 1, min(c1, self._reader.extent(self.sheet_id)[1]))
        return r1 - self.r0, c1 - self.c0

    def index(self, key: Any, build: Callable[[Array], Any]) -> Any:
        """Something derived from the values, built once: `key` says what it is."""
        if key not in self._indexes:
            self._indexes[key] = build(self.values)
        return self._indexes[key]

    def part(self, r0: int, c0: int, r1: int | None, c1: int | None) -> Range | FormulaError:
        """A rectangle given relative to the first cell, None for the own end; #REF! where it leaves the sheet."""
        area = (
            self.sheet_id,
            self.r0 + r0,
            self.c0 + c0,
            self.area[3] if r1 is None else self.r0 + r1,
            self.area[4] if c1 is None else self.c0 + c1,
        )
        return self._reader.range(area) if self._reader.on_sheet(area) else NO_SUCH_CELL

    def at(self, row: int, column: int) -> Any:
        """The value at absolute indices."""
        return self._reader.store.values(self.sheet_id, row, column, row + 1, column + 1)[0][0]


class Reader:
    """Reads a CellStore for formulas, and keeps what it read until told that it changed."""

    def __init__(self, store: CellStore):
        self.store = store
        self.forget_structure()

    def forget_structure(self) -> None:
        """Sheets, names or grids changed."""
        sheets = self.store.sheets()
        self._sheet_ids = {title.lower(): sheet_id for title, sheet_id in sheets.items()}
        self._titles = {sheet_id: title for title, sheet_id in sheets.items()}
        self._names: dict[str, NamedRange] = {name.lower(): area for name, area in self.store.names().items()}
        self.forget_values()

    def forget_values(self) -> None:
        """Any value may have changed."""
        self._ranges: dict[NamedRange, Range] = {}
        self._extents: dict[int, tuple[int, int]] = {}
        self._sizes: dict[int, tuple[int, int]] = {}
        self.reads: set[Rect] | None = None

    def forget(self, rect: Rect) -> None:
        """Values in the rectangle changed."""
        sheet_id, r0, c0, r1, c1 = rect
        before = self._extents.pop(sheet_id, None)
        resized = before is not None and before != self.extent(sheet_id)
        for area, found in list(self._ranges.items()):
            if area[0] != sheet_id:
                continue
            opened = area[3] is None or area[4] is None
            if (opened and resized) or (found.r0 < r1 and r0 < found.r1 and found.c0 < c1 and c0 < found.c1):
                del self._ranges[area]

    def extent(self, sheet_id: int) -> tuple[int, int]:
        if sheet_id not in self._extents:
            self._extents[sheet_id] = self.store.extent(sheet_id)
        return self._extents[sheet_id]

    def size(self, sheet_id: int) -> tuple[int, int]:
        if sheet_id not in self._sizes:
            self._sizes[sheet_id] = self.store.size(sheet_id)
        return self._sizes[sheet_id]

    def title(self, sheet_id: int) -> str:
        return self._titles.get(sheet_id, "")

    def cell_name(self, sheet_id: int, row: int, column: int) -> str:
        """`Customers!B2`."""
        return f"{quoted_title(self.title(sheet_id))}!{cell_name(row, column)}"

    def sheet_id(self, title: str) -> int | None:
        return self._sheet_ids.get(title.lower())

    def name(self, name: str) -> NamedRange | None:
        """The cells of a named range, in any case of letters; None when there is none of that name.

        A range that ends with the grid counts as open-ended: the service may hand an open one back closed.
        """
        area = self._names.get(name.lower())
        if area is None or area[0] not in self._titles:
            return None
        rows, columns = self.size(area[0])
        r1, c1 = area[3], area[4]
        if r1 is not None and r1 >= rows and area[1] < rows - 1:
            r1 = None
        if c1 is not None and c1 >= columns and area[2] < columns - 1:
            c1 = None
        return area[0], area[1], area[2], r1, c1

    def broken(self, name: str) -> bool:
        """True for a named range that has lost all of its cells."""
        return name.lower() in self._names and self.name(name) is None

    def area(self, a1: A1, home: int, down: int = 0, right: int = 0) -> NamedRange | FormulaError:
        """The cells of a reference on the sheet `home`, its relative parts moved; #REF! outside of the sheet."""
        sheet_id: int | None = home
        if a1.sheet is not None:
            sheet_id = self.sheet_id(a1.sheet)
            if sheet_id is None:
                return reference_error(NO_SUCH_SHEET.format(a1.sheet))
        assert sheet_id is not None
        first, last = a1.first, a1.last or a1.first
        r0, r1 = _ordered(_moved(first.row, first.fixed_row, down), _moved(last.row, last.fixed_row, down))
        c0, c1 = _ordered(
            _moved(first.column, first.fixed_column, right), _moved(last.column, last.fixed_column, right)
        )
        area = (sheet_id, r0, c0, r1, c1)
        return area if self.on_sheet(area) else NO_SUCH_CELL

    def closed(self, area: NamedRange) -> Rect:
        """The rectangle of an area, cut at the end of the grid."""
        rows, columns = self.size(area[0])
        r1, c1 = area[3], area[4]
        return (
            area[0],
            area[1],
            area[2],
            rows if r1 is None else min(r1, rows),
            columns if c1 is None else min(c1, columns),
        )

    def range(self, area: NamedRange) -> Range:
        """The Range of an area; the same one as long as nothing in it changed, unless it is small."""
        if self.reads is not None:
            self.reads.add(self.closed(area))
        found = self._ranges.get(area)
        if found is None:
            found = Range(self, area)
            if found.rows * found.columns > UNKEPT:
                self._ranges[area] = found
        return found

    def on_sheet(self, area: NamedRange) -> bool:
        """Whether the area begins on its sheet and holds a cell."""
        _, r0, c0, r1, c1 = self.closed(area)
        return 0 <= r0 < r1 and 0 <= c0 < c1


def _moved(index: int | None, fixed: bool, by: int) -> int | None:
    return index if index is None or fixed else index + by


def _ordered(one: int | None, two: int | None) -> tuple[int, int | None]:
    """The half-open span between two ends: `A5:B` is open at its end, `B:B` begins at 0 and is open."""
    if one is None or two is None:
        return (one or 0) if two is None else two, None
    return min(one, two), max(one, two) + 1
