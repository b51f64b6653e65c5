"""One sheet of an answer → Sheet, and what is foreign on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from crm_builder.model import (
    FIRST_DATA_ROW,
    HEADER_ROW,
    Area,
    BasicFilter,
    CellFormat,
    Column,
    Sheet,
    Slicer,
    Validation,
)
from crm_builder.sheets import banding, charts, filters, ids, marks, properties, protections, slicers
from crm_builder.sheets.cells import decode_value
from crm_builder.sheets.conditions import Frame
from crm_builder.sheets.dimensions import decode_width
from crm_builder.sheets.formats import decode_format, difference, settle
from crm_builder.sheets.grid import Grid
from crm_builder.sheets.items import item_lines
from crm_builder.sheets.layout import FOREIGN, Layout, NotOursError, Place
from crm_builder.sheets.merges import grid_block
from crm_builder.sheets.offsets import slicer_offsets
from crm_builder.sheets.owned import contents_of
from crm_builder.sheets.read_cells import Spot, dressed, known_spots, read_cells
from crm_builder.sheets.read_objects import read_heights, read_merges, read_pivots
from crm_builder.sheets.read_rules import read_rules
from crm_builder.sheets.validation import decode_validation

Json = dict[str, Any]
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something without a mark of ours: it is counted and never touched. `sheet` is a key of ours, or empty."""

    kind: str  # sheet, row, column, name, banding, view, protection, rule, filter, chart, slicer, pivot, merge, table
    key: str  # foreign:<id>, or foreign:<index> where the service gives no id
    title: str = ""
    sheet: str = ""


class SheetReader:
    """Decodes one sheet; collects what is foreign on it. `known` is the sheet as applied, then as wanted, if it is."""

    def __init__(
        self, data: Json, grid: Grid, layout: Layout, place: Place, known: Sequence[Sheet], defaults: CellFormat
    ):
        self.data, self.grid, self.place, self.layout = data, grid, place, layout
        self.known, self.defaults = known, defaults
        self.foreign: list[Foreign] = []
        self.contents = contents_of(data, known)
        self.marked = [self.contents, *(marks.contents_of(sheet) for sheet in known)]
        self.view = self.contents.kind == "view"
        self.items: dict[str, int] = {}
        if self.contents.kind == "table":
            self.items = item_lines(place, self.grid, known)
        self.spots = known_spots(place, known, self.items)
        self.covered: set[Spot] = set()  # cells of merged areas but for the first, which holds the content
        merged: set[Spot] = set()
        for block in map(grid_block, data.get("merges", ())):
            merged.update(block.cells())
            self.covered.update(set(block.cells()) - {(block.top, block.left)})
        self.dressed = merged | dressed(self.spots)
        digests = [pair for contents in self.marked for pair in contents.rules]
        self.rules = read_rules(data.get("conditionalFormats", ()), layout, digests, known)

    def sheet(self) -> Sheet:
        columns = tuple(self._column(key, index) for key, index in sorted(self.place.columns.items(), key=_second))
        cells, others = read_cells(
            self.grid, self.layout, self.place, self.contents.kind, columns, self.spots, self.covered, self.defaults,
            self._validation,
        )  # fmt: skip
        for index in self.rules.foreign:
            self._add("rule", str(index))
        for line in sorted(others):
            self._add("row", str(line))
        self._count()
        held = properties.decode_sheet(self.data["properties"])
        return Sheet(
            key=self.place.key,
            kind=self.contents.kind,
            columns=columns,
            header_height=self.grid.heights.get(self.place.line(HEADER_ROW)) if self.contents.header_height else None,
            heights=read_heights(self.grid, self.place, self.marked),
            cells=cells,
            rules=self.rules.rules,
            banding=self._things("banding", "bandedRanges", "bandedRangeId", ids.banding_id, banding.decode_banding),
            filter=self._filter(),
            views=self._things("views", "filterViews", "filterViewId", ids.view_id, filters.decode_view),
            protections=self._things(
                "protections", "protectedRanges", "protectedRangeId", ids.protection_id, protections.decode_protection
            ),
            merges=read_merges(self.data.get("merges", ()), self.layout, self._known_merges(), self.view, self._add),
            charts=self._things("charts", "charts", "chartId", ids.chart_id, charts.decode_chart),
            pivots=read_pivots(self.grid, self.place, self.layout, self._pivot_marks(), self._written, self._add),
            slicers=self._slicers(),
            **(held | {"frozen_rows": self._frozen(held["frozen_rows"])}),
        )

    @property
    def _written(self) -> dict[str, tuple[int, ...]]:
        return dict(self.contents.offsets)

    def _slicers(self) -> tuple[Slicer, ...]:
        counted = {one.get("slicerId", 0): slicer_offsets(one) for one in self.data.get("slicers", ())}
        return tuple(
            replace(one, untouched=self._written.get(f"slicer {one.key}") == counted[self._slicer_id(one.key)])
            for one in self._things("slicers", "slicers", "slicerId", ids.slicer_id, slicers.decode_slicer)
        )

    def _slicer_id(self, key: str) -> int:
        return ids.slicer_id(self.place.stem, key)

    def covered_to(self, column: int) -> int:
        """The last line of a column at which a merged area hides what its cell holds; -1 where none does."""
        return max((line for line, index in self.covered if index == column), default=-1)

    def _frozen(self, count: int) -> int:
        try:
            return self.place.row_to(count - 1) if count else 0
        except NotOursError:
            return 0  # lines that people put above all of ours

    def _known_merges(self) -> set[Area]:
        return {area for sheet in self.known for area in sheet.merges}

    def _pivot_marks(self) -> list[tuple[str, str, str]]:
        return list({one[0]: one for contents in reversed(self.marked) for one in contents.pivots}.values())

    def _column(self, key: str, index: int) -> Column:
        known = next((one for sheet in self.known for one in sheet.columns if one.key == key), Column(key))
        width, hidden = decode_width(self.grid.columns.get(index, {}))
        top = HEADER_ROW if self.view else FIRST_DATA_ROW
        common = self.contents.kind != "table"
        # Below the rows of a view or helper are those that people added, with looks of their own.
        end = self.place.line(self.known[0].rows) + 1 if common and self.known else self.place.rows
        ground = self.grid.ground(index, self.dressed, common, range(self.place.line(top), end))
        cell_format, validation = known.format, known.validation
        if ground is not None:
            cell = self.grid.cell(*ground)
            cell_format, validation = settle(self._format(cell), known.format), self._validation(cell, ground[0])
        if self.view:
            return Column(key, width=width, hidden=hidden, format=cell_format, validation=validation)
        head = self._head(index)
        value, formula = decode_value(head)
        if formula is not None:
            title = head.get("effectiveValue", {}).get("stringValue", known.title)
        else:
            title = value if isinstance(value, str) else str(value or "")
        return Column(
            key,
            title,
            width,
            note=head.get("note", ""),
            hidden=hidden,
            formula=formula,
            format=cell_format,
            header=settle(self._format(head), known.header),
            validation=validation,
            type=known.type,
            list=known.list,
        )

    def _head(self, index: int) -> Json:
        """The header's cell of a column; nothing where people deleted the header."""
        if self.place.headless:
            return {}
        return self.grid.cell(self.place.line(HEADER_ROW), index)

    def _validation(self, cell: Json, row: int) -> Validation | None:
        if "dataValidation" not in cell:
            return None
        try:
            return decode_validation(cell["dataValidation"], Frame(self.layout, self.place.key, row + 1))
        except NotOursError:
            return None  # of a kind that no template can ask for, or broken: to be replaced by the column's own

    def _format(self, cell: Json) -> CellFormat:
        return difference(decode_format(cell.get("userEnteredFormat", {})), self.defaults)

    def _things(
        self,
        kind: str,
        field_name: str,
        id_name: str,
        derive: Callable[[str, str], int],
        decode: Callable[[Json, Layout, str], Thing],
    ) -> tuple[Thing, ...]:
        """Things that the service knows by number: ours are those whose number follows from a key of ours."""
        keys = {key for contents in self.marked for key in getattr(contents, kind)}
        by_id = {derive(self.place.stem, key): key for key in keys}
        found = {}
        for data in self.data.get(field_name, ()):
            number = data.get(id_name, 0)
            try:
                if number not in by_id:
                    raise NotOursError(str(number))
                found[by_id[number]] = decode(data, self.layout, by_id[number])
            except NotOursError:
                title = data.get("title", data.get("description", data.get("spec", {}).get("title", "")))
                self._add(kind.removesuffix("s"), str(number), title)
        return tuple(thing for _, thing in sorted(found.items()))

    def _filter(self) -> BasicFilter | None:
        data = self.data.get("basicFilter")
        if not data:
            return None
        try:
            if not any(contents.filter for contents in self.marked):
                raise NotOursError("a filter that somebody else set")
            return filters.decode_basic_filter(data, self.layout)
        except NotOursError:
            self._add("filter", "0")
            return None

    def _count(self) -> None:
        ours = set(self.place.columns.values())
        for index in range(self.place.width):
            if index not in ours:
                head = self._head(index)
                shown = head.get("effectiveValue", {}).get("stringValue") or decode_value(head)[0] or ""
                self._add("column", str(index), str(shown))
        for data in self.data.get("tables", ()):
            self._add("table", str(data.get("tableId", 0)))

    def _add(self, kind: str, number: str, title: str = "") -> None:
        self.foreign.append(Foreign(kind, FOREIGN + number, title, self.place.key))


def _second(pair: tuple[str, int]) -> int:
    return pair[1]
