"""Rows that come and go day by day: a sheet that grew is no change of anybody's."""

from __future__ import annotations

from dataclasses import replace

from crm_builder.model import Area, Sheet, Workbook
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
