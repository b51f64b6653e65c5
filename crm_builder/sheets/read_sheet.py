"""One sheet of an answer → Sheet, and what is foreign on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from crm_builder.model import Area, BasicFilter, Cell, CellFormat, Column, ConditionalRule, Sheet, Validation
from crm_builder.sheets import banding, charts, filters, ids, marks, properties, protections, slicers
from crm_builder.sheets.cells import decode_value
from crm_builder.sheets.conditions import Frame
from crm_builder.sheets.dimensions import decode_width
from crm_builder.sheets.formats import decode_format, difference, overlay, settle
from crm_builder.sheets.grid import Grid
from crm_builder.sheets.layout import FOREIGN, Layout, NotOursError, Place
from crm_builder.sheets.links import decode_link
from crm_builder.sheets.marks import Contents
from crm_builder.sheets.merges import grid_block
from crm_builder.sheets.read_objects import read_heights, read_merges, read_pivots
from crm_builder.sheets.rules import decode_rule, rule_digest
from crm_builder.sheets.validation import decode_validation

Json = dict[str, Any]
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something without a mark of ours: it is counted and never touched. `sheet` is a key of ours, or empty."""

    kind: str  # sheet, column, name, banding, view, protection, rule, filter, chart, slicer, pivot, merge, table
    key: str  # foreign:<id>, or foreign:<index> where the service gives no id
    title: str = ""
    sheet: str = ""


class SheetReader:
    """Decodes one sheet; collects what is foreign on it."""

    def __init__(self, data: Json, place: Place, layout: Layout, known: Sheet | None, defaults: CellFormat):
        self.data, self.place, self.layout, self.known, self.defaults = data, place, layout, known, defaults
        self.grid = Grid(data.get("data", []))
        self.foreign: list[Foreign] = []
        self.rule_indexes: dict[str, int] = {}
        texts = marks.values_of(data.get("developerMetadata", ()), marks.CONTENTS)
        self.contents = marks.decode_contents(texts[0][1] if texts else "")
        self.known_contents = marks.contents_of(known) if known else Contents(self.contents.kind)
        self.view = self.contents.kind == "view"
        self.covered: set[tuple[int, int]] = set()  # cells of merged areas but for the first, which holds the content
        merged: set[tuple[int, int]] = set()
        for block in map(grid_block, data.get("merges", ())):
            merged.update(block.cells())
            self.covered.update(set(block.cells()) - {(block.top, block.left)})
        self.dressed = merged | _dressed(known, place)

    def sheet(self) -> Sheet:
        columns = tuple(self._column(key, index) for key, index in sorted(self.place.columns.items(), key=_second))
        rules = self._rules()
        self._count()
        return Sheet(
            key=self.place.key,
            kind=self.contents.kind,
            columns=columns,
            header_height=self.grid.heights.get(0) if self.contents.header_height else None,
            heights=read_heights(self.grid, self.contents, self.known_contents),
            cells=self._cells(columns),
            rules=rules,
            banding=self._things("banding", "bandedRanges", "bandedRangeId", ids.banding_id, banding.decode_banding),
            filter=self._filter(),
            views=self._things("views", "filterViews", "filterViewId", ids.view_id, filters.decode_view),
            protections=self._things(
                "protections", "protectedRanges", "protectedRangeId", ids.protection_id, protections.decode_protection
            ),
            merges=read_merges(self.data.get("merges", ()), self.layout, self._known_merges(), self._add),
            charts=self._things("charts", "charts", "chartId", ids.chart_id, charts.decode_chart),
            pivots=read_pivots(self.grid, self.place, self.layout, self._pivot_marks(), self._add),
            slicers=self._things("slicers", "slicers", "slicerId", ids.slicer_id, slicers.decode_slicer),
            **properties.decode_sheet(self.data["properties"]),
        )

    def _known_merges(self) -> tuple[Area, ...] | None:
        if self.view:
            return None
        return self.known.merges if self.known else ()

    def _pivot_marks(self) -> list[tuple[str, str, str]]:
        known = {key: (key, cell, digest) for key, cell, digest in self.known_contents.pivots}
        return list((known | {one[0]: one for one in self.contents.pivots}).values())

    def _column(self, key: str, index: int) -> Column:
        known = next((column for column in self.known.columns if column.key == key), None) if self.known else None
        known = known or Column(key)
        width, hidden = decode_width(self.grid.columns.get(index, {}))
        ground = self.grid.ground(index, self.dressed, self.contents.kind != "table", 0 if self.view else 1)
        cell_format, validation = known.format, known.validation
        if ground is not None:
            cell = self.grid.cell(*ground)
            cell_format, validation = settle(self._format(cell), known.format), self._validation(cell, ground[0])
        if self.view:
            return Column(key, width=width, hidden=hidden, format=cell_format, validation=validation)
        head = self.grid.cell(0, index)
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
        )

    def _validation(self, cell: Json, row: int) -> Validation | None:
        if "dataValidation" not in cell:
            return None
        try:
            return decode_validation(cell["dataValidation"], Frame(self.layout, self.place.key, row + 1))
        except NotOursError:
            return None  # of a kind that no template can ask for: to be replaced by the column's own

    def _format(self, cell: Json) -> CellFormat:
        return difference(decode_format(cell.get("userEnteredFormat", {})), self.defaults)

    def _cells(self, columns: tuple[Column, ...]) -> tuple[Cell, ...]:
        by_key = {column.key: column for column in columns}
        known = {(cell.row, cell.column): cell for cell in self.known.cells} if self.known else {}
        found = []
        for row, index, data in self.grid.filled():
            key = self.place.column_key(index)
            if (row == 0 and not self.view) or key not in by_key or (row, index) in self.covered:
                continue
            if self.contents.kind == "table" and (row + 1, key) not in known:
                continue  # what users typed
            value, formula = decode_value(data)
            under = overlay(self.defaults, by_key[key].format)
            before = known.get((row + 1, key))
            own = decode_format(data.get("userEnteredFormat", {}))
            own = difference(settle(own, before.format) if before and before.format else own, under)
            validation = self._validation(data, row)
            link = decode_link(formula, self.layout)
            cell = Cell(
                row + 1,
                key,
                link[1] if link else value,
                None if link else formula,
                None if own == CellFormat() else own,
                data.get("note", ""),
                None if validation == by_key[key].validation else validation,
                link[0] if link else "",
            )
            if cell != Cell(row + 1, key):
                found.append(cell)
        return tuple(found)

    def _things(
        self,
        kind: str,
        field_name: str,
        id_name: str,
        derive: Callable[[str, str], int],
        decode: Callable[[Json, Layout, str], Thing],
    ) -> tuple[Thing, ...]:
        """Things that the service knows by number: ours are those whose number follows from a key of ours."""
        keys = {*getattr(self.contents, kind), *getattr(self.known_contents, kind)}
        by_id = {derive(self.place.key, key): key for key in keys}
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

    def _rules(self) -> tuple[ConditionalRule, ...]:
        """Rules carry no number: they are known by where and when they hold."""
        keys: dict[str, list[str]] = {}
        for key, digest in dict([*self.known_contents.rules, *self.contents.rules]).items():
            keys.setdefault(digest, []).append(key)
        found = []
        for index, data in enumerate(self.data.get("conditionalFormats", ())):
            try:
                rule = decode_rule(data, self.layout)
                matching = keys.get(rule_digest(rule), [])
                if not matching:
                    raise NotOursError("a rule that nobody knows")
                found.append(decode_rule(data, self.layout, matching.pop(0)))
                self.rule_indexes[found[-1].key] = index
            except NotOursError:
                self._add("rule", str(index))
        return tuple(found)

    def _filter(self) -> BasicFilter | None:
        data = self.data.get("basicFilter")
        if not data:
            return None
        try:
            if not (self.contents.filter or self.known_contents.filter):
                raise NotOursError("a filter that somebody else set")
            return filters.decode_basic_filter(data, self.layout)
        except NotOursError:
            self._add("filter", "0")
            return None

    def _count(self) -> None:
        ours = set(self.place.columns.values())
        for index in range(self.place.width):
            if index not in ours:
                head = self.grid.cell(0, index)
                shown = head.get("effectiveValue", {}).get("stringValue") or decode_value(head)[0] or ""
                self._add("column", str(index), str(shown))
        for data in self.data.get("tables", ()):
            self._add("table", str(data.get("tableId", 0)))

    def _add(self, kind: str, number: str, title: str = "") -> None:
        self.foreign.append(Foreign(kind, FOREIGN + number, title, self.place.key))


def _dressed(known: Sheet | None, place: Place) -> set[tuple[int, int]]:
    """The cells (0-based) that were given a look of their own."""
    if known is None:
        return set()
    return {
        (cell.row - 1, place.columns[cell.column])
        for cell in known.cells
        if (cell.format or cell.validation) and cell.column in place.columns
    }


def _second(pair: tuple[str, int]) -> int:
    return pair[1]
