"""One walk over all keys that a thing names: to write other keys into it, or to know which ones it needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from crm_builder.model import (
    Area,
    Banding,
    BasicFilter,
    Cell,
    Chart,
    Column,
    Condition,
    ConditionalRule,
    Criterion,
    FilterView,
    NamedRange,
    Pivot,
    PivotGroup,
    PivotValue,
    Place,
    Protection,
    Sheet,
    Slicer,
    SortKey,
    Validation,
    Workbook,
)

_QUOTED = re.compile(r"(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')")
_KEY = re.compile(r"\[([a-z][a-z0-9_]*)\]")
_WORD = re.compile(r"(?<![\w$.\[])[A-Za-z_]\w*(?![\w(.!\]])")

Keyed = TypeVar("Keyed", Criterion, SortKey, PivotGroup, PivotValue, Place)


def _same(value: Any) -> Any:
    return value


def _same_column(sheet: str, column: str) -> str:
    return column


@dataclass(frozen=True, slots=True)
class Writer:
    """What becomes of sheet keys, of (sheet, column) keys, of names in formulas, and then of each area."""

    sheet: Callable[[str], str] = _same
    column: Callable[[str, str], str] = _same_column
    name: Callable[[str], str] = _same
    area: Callable[[Area], Area] = _same

    def thing(self, thing: Any, sheet: str) -> Any:
        """A thing of that sheet with other keys in it. Its own key stays, but for columns and the places of cells."""
        match thing:
            case Column():
                return replace(
                    thing,
                    key=self.column(sheet, thing.key),
                    formula=self._formula(thing.formula),
                    validation=self._validation(thing.validation, sheet),
                )
            case Cell():
                return replace(
                    thing,
                    column=self.column(sheet, thing.column),
                    formula=self._formula(thing.formula),
                    validation=self._validation(thing.validation, sheet),
                    link=self.sheet(thing.link) if thing.link else "",
                )
            case ConditionalRule():
                areas = tuple(self.to_area(area) for area in thing.areas)
                return replace(thing, areas=areas, condition=self._condition(thing.condition, sheet))
            case Banding() | Protection() | NamedRange():
                return replace(thing, area=self.to_area(thing.area))
            case BasicFilter() | FilterView():
                return replace(
                    thing,
                    area=self.to_area(thing.area),
                    criteria=self._criteria(thing.criteria, thing.area.sheet),
                    sort=tuple(self._keyed(key, thing.area.sheet) for key in thing.sort),
                )
            case Chart():
                return replace(
                    thing,
                    place=self._keyed(thing.place, sheet),
                    domain=self.to_area(thing.domain),
                    series=tuple(replace(one, area=self.to_area(one.area)) for one in thing.series),
                )
            case Pivot():
                source = thing.source.sheet
                return replace(
                    thing,
                    column=self.column(sheet, thing.column),
                    source=self.to_area(thing.source),
                    rows=tuple(self._keyed(one, source) for one in thing.rows),
                    columns=tuple(self._keyed(one, source) for one in thing.columns),
                    values=tuple(self._keyed(one, source) for one in thing.values),
                    filters=self._criteria(thing.filters, source),
                )
            case Slicer():
                return replace(
                    thing,
                    place=self._keyed(thing.place, sheet),
                    area=self.to_area(thing.area),
                    column=self.column(thing.area.sheet, thing.column),
                )
            case Area():
                return self.to_area(thing)
            case dict():  # an item
                return {self.column(sheet, key): self.thing(cell, sheet) for key, cell in thing.items()}
        return thing

    def workbook(self, workbook: Workbook) -> Workbook:
        return replace(
            workbook,
            sheets=tuple(self._sheet(sheet) for sheet in workbook.sheets),
            names=tuple(replace(self.thing(name, ""), name=self.name(name.name)) for name in workbook.names),
        )

    def _sheet(self, sheet: Sheet) -> Sheet:
        lists = (
            "columns",
            "cells",
            "rules",
            "banding",
            "views",
            "protections",
            "merges",
            "charts",
            "pivots",
            "slicers",
        )
        written: dict[str, Any] = {
            name: tuple(self.thing(thing, sheet.key) for thing in getattr(sheet, name)) for name in lists
        }
        return replace(sheet, key=self.sheet(sheet.key), filter=self.thing(sheet.filter, sheet.key), **written)

    def to_area(self, area: Area) -> Area:
        first, last = (key and self.column(area.sheet, key) for key in (area.first_column, area.last_column))
        return self.area(Area(self.sheet(area.sheet), first, last, area.first_row, area.last_row))

    def _keyed(self, one: Keyed, sheet: str) -> Keyed:
        return replace(one, column=self.column(sheet, one.column))

    def _criteria(self, criteria: tuple[Criterion, ...], sheet: str) -> tuple[Criterion, ...]:
        written = (self._keyed(one, sheet) for one in criteria)
        return tuple(
            replace(one, condition=self._condition(one.condition, sheet)) if one.condition else one for one in written
        )

    def _validation(self, validation: Validation | None, sheet: str) -> Validation | None:
        return validation and replace(validation, condition=self._condition(validation.condition, sheet))

    def _condition(self, condition: Condition, sheet: str) -> Condition:
        values = []
        for value in condition.values:
            if isinstance(value, Area):
                values.append(self.to_area(value))
            elif isinstance(value, str) and value.startswith("=") and condition.kind != "one_of_list":
                code = _in_code(value, lambda text: _KEY.sub(lambda m: f"[{self.column(sheet, m[1])}]", text))
                values.append(self._formula(code))
            else:
                values.append(value)
        return Condition(condition.kind, tuple(values))

    def _formula(self, formula: str | None) -> str | None:
        return formula and _in_code(formula, lambda code: _WORD.sub(lambda match: self.name(match[0]), code))


@dataclass(frozen=True, slots=True)
class Needs:
    """What a thing names: sheets, columns as (sheet, column), and words of formulas that could be names."""

    sheets: frozenset[str]
    columns: frozenset[tuple[str, str]]
    words: frozenset[str]


def needs_of(thing: Any, sheet: str) -> Needs:
    """All that a thing of that sheet needs, its own sheet and column included."""
    sheets, columns, words = {sheet} - {""}, set(), set()

    def column(on: str, key: str) -> str:
        columns.add((on, key))
        return key

    def noted(into: set[str]) -> Callable[[str], str]:
        def note(key: str) -> str:
            into.add(key)
            return key

        return note

    Writer(noted(sheets), column, noted(words)).thing(thing, sheet)
    return Needs(frozenset(sheets), frozenset(columns), frozenset(words))


def _in_code(formula: str, change: Callable[[str], str]) -> str:
    pieces = _QUOTED.split(formula)
    return "".join(piece if index % 2 else change(piece) for index, piece in enumerate(pieces))
