"""Rows of data → cells of a table's typed columns: dates in the CRM's calendar, everything else as it is.

Computed columns are never written: even an empty text under a spilled formula would block it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crm_builder.data.calendars import date_text
from crm_builder.errors import CrmError
from crm_builder.model import Scalar

Value = str | float | bool | date | datetime | None
_DAY_ZERO = datetime(1899, 12, 30)  # serial 0 of a spreadsheet


@dataclass(frozen=True, slots=True)
class Entry:
    """How a column takes its values: the key data names it by, its key in the sheet, whether dates go in as text."""

    source: str
    column: str
    calendar: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Rows for neighbouring columns of one sheet; a cell that is None stays as it is."""

    sheet: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Scalar | None, ...], ...]


def serial(value: date | datetime) -> float:
    """The date as a spreadsheet's serial number: days since 1899-12-30, the time as a fraction."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    passed = moment.replace(tzinfo=None) - _DAY_ZERO
    return passed.days + passed.seconds / 86400


def blocks(
    sheet: str,
    order: Sequence[str],
    entries: Sequence[Entry],
    rows: Sequence[Mapping[str, Value]],
    calendar: Mapping[str, Any],
    digits: str,
) -> tuple[Block, ...]:
    """The rows as blocks, one for each run of neighbouring typed columns. `order`: all of the sheet's column keys.

    CrmError where a row names a column that takes no data.
    """
    by_column = {entry.column: entry for entry in entries}
    known = {entry.source for entry in entries}
    unknown = sorted({key for row in rows for key in row} - known)
    if unknown:
        raise CrmError(f"{sheet} takes no data for: {', '.join(unknown)}; its columns are: {', '.join(sorted(known))}")
    made = []
    for run in _runs(order, by_column):
        content = tuple(
            tuple(_scalar(row.get(by_column[key].source), by_column[key], calendar, digits) for key in run)
            for row in rows
        )
        made.append(Block(sheet, run, content))
    return tuple(made)


def _runs(order: Sequence[str], wanted: Mapping[str, Entry]) -> list[tuple[str, ...]]:
    runs: list[tuple[str, ...]] = []
    run: list[str] = []
    for key in order:
        if key in wanted:
            run.append(key)
        elif run:
            runs.append(tuple(run))
            run = []
    return [*runs, tuple(run)] if run else runs


def _scalar(value: Value, entry: Entry, calendar: Mapping[str, Any], digits: str) -> Scalar | None:
    if isinstance(value, datetime | date):
        return date_text(value, calendar, digits) if entry.calendar else serial(value)
    return value
