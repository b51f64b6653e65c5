"""Rows and columns that come, go and move day by day: that a sheet grew, or what it says of areas, is no change."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from crm_builder.model import FIRST_DATA_ROW, Area, BasicFilter, Condition, FilterView, Sheet, Workbook
from crm_builder.plan.rewrite import Writer


def without_growth(observed: Workbook, baseline: Workbook | None) -> Workbook:
    """Areas that ended at the grid's end when they were made run to its end now."""
    planned = {sheet.key: sheet.rows for sheet in baseline.sheets} if baseline else {}
    grown = {
        sheet.key: planned[sheet.key] for sheet in observed.sheets if planned.get(sheet.key, sheet.rows) < sheet.rows
    }

    def area(one: Area) -> Area:
        end = grown.get(one.sheet)
        return replace(one, last_row=None) if end and one.last_row is not None and one.last_row >= end else one

    return Writer(area=area).workbook(observed) if grown else observed


def settled(found: Any, known: Any, sheet: str, tables: Collection[str]) -> Any:
    """A thing as it is found, without what rows and columns that come and move do to its areas.

    An area that is `known` to begin right below a table's header does so still, though people inserted rows there; and
    it begins with the column that is known to be its first, though they moved that behind its last one.
    """
    areas: set[Area] = set()

    def noted(area: Area) -> Area:
        areas.add(area)
        return area

    def put(area: Area) -> Area:
        first, last = area.first_column, area.last_column
        turned = replace(area, first_column=last, last_column=first) if last is not None else area
        for one in (area, turned):
            lower = one.sheet in tables and one.first_row > FIRST_DATA_ROW
            higher = replace(one, first_row=FIRST_DATA_ROW) if lower else one
            if one in areas or higher in areas:
                return one if one in areas else higher
        return area

    Writer(area=noted).thing(known, sheet)
    return Writer(area=put).thing(found, sheet) if areas else found


_REFERENCE = re.compile(r"\[[a-z]\w*\]|\$[A-Z]{1,3}(\d+)\b")


def is_shifted(found: BasicFilter | FilterView, base: BasicFilter | FilterView) -> bool:
    """Whether the formulas of a filter speak of a lower row than the first: it was pushed down by rows that people
    inserted, and each row is judged by another one."""
    if [one.column for one in found.criteria] != [one.column for one in base.criteria]:
        return False
    pairs = [(a.condition, b.condition) for a, b in zip(found.criteria, base.criteria, strict=True)]
    return all(a == b or (a and b and _shape(a) == _shape(b) and _rows(a)) for a, b in pairs)


def _shape(condition: Condition) -> tuple[Any, ...]:
    return condition.kind, tuple(_REFERENCE.sub("$", one) if isinstance(one, str) else one for one in condition.values)


def _rows(condition: Condition) -> bool:
    """Whether all cells that it speaks of stand in one row below the first."""
    found = {row for one in condition.values if isinstance(one, str) for row in _REFERENCE.findall(one)}
    return len(found) == 1 and all(row and int(row) > FIRST_DATA_ROW for row in found)


def rows_asked(base: Sheet | None, found: Sheet, wanted: Sheet) -> bool:
    """Whether the description asks for more rows than there are. No grid is ever made smaller."""
    return found.rows < wanted.rows and (base is None or base.rows < wanted.rows)


def with_usual_rows(base: Sheet | None, found: Sheet, wanted: Sheet) -> tuple[Sheet | None, Sheet]:
    """(base, wanted) whose rows say only what matters: rows asked for, or rows that a view or helper lost."""
    if rows_asked(base, found, wanted):
        return base, wanted
    if found.kind == "table" or found.rows >= wanted.rows:
        return base and replace(base, rows=found.rows), replace(wanted, rows=found.rows)
    return base and replace(base, rows=wanted.rows), wanted
