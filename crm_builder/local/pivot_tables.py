"""Pivot tables as the formula engine computes them: their source read and filtered, their output and its formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .batch.matching import test_of
from .formulas.graph import Facts, facts
from .formulas.parse import parse
from .formulas.ranges import Range, Reader, Rect
from .formulas.text_format import format_value
from .formulas.values import Array, TooLarge, Value, reference_error, to_text
from .pivots import Definition, Formats, Source, parsed, tabulated
from .pivots.layout import PERCENT

if TYPE_CHECKING:
    from .book import Book
    from .formulas.session import Session

Json = dict[str, Any]
Cell = tuple[int, int, int]
_NO_SOURCE = reference_error("The source of the pivot table does not exist.")
_BOUNDS = ("startRowIndex", "startColumnIndex", "endRowIndex", "endColumnIndex")


def pivot_tables(book: Book) -> Iterator[tuple[Cell, PivotTable]]:
    """Every pivot table of the spreadsheet by its anchor, with the slicers that filter it."""
    if not book.interner.pivots:
        return
    for sheet_id, grid in book.grids():
        for (row, column), table in grid.pivots().items():
            cell = (sheet_id, row, column)
            yield cell, PivotTable(book, cell, table, tuple(_slicers(book, sheet_id, _source_of(book, table))))


def _slicers(book: Book, sheet_id: int, source: Json | None) -> Iterator[Json]:
    """What the slicers of a sheet set for pivot tables of a source: a slicer acts on its sheet's tables of the same
    range unless told not to (documented, as is that it does so by default)."""
    for slicer in book.sheet(sheet_id).get("slicers", []):
        spec = slicer["spec"]
        criteria = spec.get("filterCriteria")
        if criteria and source and spec.get("applyToPivotTables", True):
            area = spec.get("dataRange")
            if area and _closed(book, area) == _closed(book, source):
                yield {"columnOffsetIndex": spec.get("columnIndex", 0), "filterCriteria": criteria}


def _source_of(book: Book, table: Json) -> Json | None:
    """The range of the source; None where it, or its sheet, was deleted."""
    source = table.get("source")
    return source if source and source["sheetId"] in dict(book.grids()) else None


def _closed(book: Book, area: Json) -> tuple[int, int, int, int, int]:
    grid = book.grid(area["sheetId"])
    r0, c0, r1, c1 = (area.get(name) for name in _BOUNDS)
    return (
        *(area["sheetId"], r0 or 0, c0 or 0),
        *(grid.rows if r1 is None else r1, grid.columns if c1 is None else c1),
    )


def number_formats(book: Book, table: Json) -> Callable[[int, int], Json | None]:
    """The number format that a cell of the output has from its source column: that of the first row under its name."""
    formats = Formats(parsed(table))
    known: dict[int | str | None, Json | None] = {}

    def number_format(row: int, column: int) -> Json | None:
        source = formats.source(row, column)
        if source not in known:
            known[source] = _number_format(book, table, source)
        return known[source]

    return number_format


def _number_format(book: Book, table: Json, offset: int | str | None) -> Json | None:
    if offset == PERCENT:
        return {"type": "PERCENT"}
    source = _source_of(book, table)
    if not isinstance(offset, int) or source is None:
        return None
    row, column = source.get("startRowIndex", 0) + 1, source.get("startColumnIndex", 0) + offset
    cell = book.grid(source["sheetId"]).read("format", row, column, row + 1, column + 1)[0][0]
    return (cell or {}).get("numberFormat")


@dataclass(frozen=True)
class PivotTable:
    """One pivot table (formulas.cells.Table)."""

    book: Book
    cell: Cell
    table: Json
    slicers: tuple[Json, ...]

    @cached_property
    def text(self) -> str:
        """The definition, the slicers and the formats, in which totals and filtered values are written."""
        return json.dumps([self.table, self.slicers, self._formats])

    @cached_property
    def _definition(self) -> Definition:
        return parsed(self.table)

    @cached_property
    def _filters(self) -> list[Json]:
        return [*self.table.get("filterSpecs", []), *self.slicers]

    @cached_property
    def _used(self) -> list[int]:
        parts = (*self._definition.rows, *self._definition.columns, *self._definition.figures)
        return sorted({part.offset for part in parts} | {one.get("columnOffsetIndex", 0) for one in self._filters})

    def facts(self, reader: Reader) -> Facts:
        """It reads its source and what its conditions refer to; relative days make it depend on the clock."""
        reads: set[Rect] = set()
        volatile = dynamic = False
        area = self._range(reader)
        if area is not None:
            reads.add(reader.closed(area.area))
        for spec in self._filters:
            condition = spec.get("filterCriteria", {}).get("condition", {})
            for value in condition.get("values", []):
                volatile |= "relativeDate" in value
                text = value.get("userEnteredValue", "")
                if text.startswith(("=", "+")):
                    found = facts(parse("=" + text[1:]), self.cell[0], reader)
                    reads |= found.reads
                    volatile |= found.volatile
                    dynamic |= found.dynamic or spec in self.slicers  # a slicer's formula is read row by row
        return Facts(frozenset(reads), volatile, dynamic, spills=True)

    def result(self, session: Session) -> Array:
        """The output from the anchor on."""
        area = self._range(session.reader)
        if area is None:
            return [[_NO_SOURCE]]
        try:
            return tabulated(self._definition, self._source(area))
        except TooLarge as refused:
            return [[refused.error]]

    def _range(self, reader: Reader) -> Range | None:
        source = _source_of(self.book, self.table)
        if source is None:
            return None
        r0, c0, r1, c1 = (source.get(name) for name in _BOUNDS)
        rows, columns = reader.size(source["sheetId"])
        area = (source["sheetId"], r0 or 0, c0 or 0, *(None if r1 == rows else r1, None if c1 == columns else c1))
        return reader.range(area) if reader.on_sheet(area) else None

    def _source(self, area: Range) -> Source:
        """The rows below the first. Blank rows count as others do; of those below the last filled one, one is read:
        it makes the same blank item as all of them."""
        values = area.values
        held = len(values[0])
        names = [_name(value) for value in values[0]] + [""] * (area.columns - held)
        rows = values[1:]
        if area.rows > len(values):
            rows = [*rows, [None] * held]
        columns: dict[int, list[Value]] = {
            offset: [row[offset] for row in rows] if offset < held else [None] * len(rows)
            for offset in self._used
            if 0 <= offset < area.columns
        }
        kept: list[bool] | None = None
        for spec in self._filters:
            offset = spec.get("columnOffsetIndex", 0)
            if offset in columns:
                shown = self._kept(spec, columns[offset], area, offset)
                kept = shown if kept is None else [one and two for one, two in zip(kept, shown, strict=True)]
        if kept is not None:
            columns = {
                offset: [value for value, keep in zip(column, kept, strict=True) if keep]
                for offset, column in columns.items()
            }
        return Source(names, columns, len(rows) if kept is None else sum(kept), self._show)

    # ---- filters ----

    def _kept(self, spec: Json, values: list[Value], area: Range, offset: int) -> list[bool]:
        """Which rows a filter leaves: visibleValues unless visibleByDefault, a slicer's hiddenValues; the condition."""
        criteria = spec.get("filterCriteria", {})
        slicer = spec in self.slicers
        listed = frozenset(criteria.get("hiddenValues" if slicer else "visibleValues", []))
        kept = [True] * len(values)
        if slicer or not criteria.get("visibleByDefault"):
            known: dict[Any, bool] = {}
            for at, value in enumerate(values):
                key = (type(value), value)
                if key not in known:
                    known[key] = bool(listed & self._texts(offset, value)) is not slicer
                kept[at] = known[key]
        condition = criteria.get("condition")
        if condition is None:
            return kept
        row, column = area.r0 + 1, area.c0 + offset
        if slicer:
            base = (area.sheet_id, row, column)
            test = test_of(self.book, condition, base, (row, column, row + len(values), column + 1))
            places = [(row + at, column) for at in range(len(values))]
        else:  # references stand still, written for the pivot table's own sheet (documented)
            own = self.cell[1:]
            test = test_of(self.book, condition, self.cell, (*own, own[0] + 1, own[1] + 1))
            places = [own] * len(values)
        return [keep and test(value, *at) for keep, value, at in zip(kept, values, places, strict=True)]

    def _texts(self, offset: int, value: Value) -> frozenset[str]:
        """The texts by which a filter's list may name a value: as it is shown, or without a format."""
        return frozenset((self._show(offset, value), _name(value)))

    def _show(self, offset: int, value: Value) -> str:
        numbers = self._formats[offset] or {}
        return format_value(value, numbers.get("type", ""), numbers.get("pattern", ""))

    @cached_property
    def _formats(self) -> dict[int, Json | None]:
        return {offset: _number_format(self.book, self.table, offset) for offset in self._used}


def _name(value: Value) -> str:
    text = to_text(value)
    return text if isinstance(text, str) else text.kind
