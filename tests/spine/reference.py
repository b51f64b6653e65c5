"""What every computed cell has to show, worked out in plain Python from the typed cells alone.

Written from the meaning of the columns, with the standard library and jdatetime; nothing of crm_builder computes here.
A blank is None, a day is its number as a spreadsheet counts it (1899-12-30 is 0).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from statistics import quantiles
from typing import Any

import jdatetime

Row = Mapping[str, Any]  # typed values by column key; blanks left out
Table = Mapping[int, Row]  # by row number
JALALI = "_jalali"
EPOCH = date(1899, 12, 30)
_YEARS = range(1300, 1501)
_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

# The column that makes a row a row: where it is blank, every computed cell of the row is.
ANCHORS = {
    "customers": "name", "leads": "name", "interactions": "date", "deals": "customer", "campaigns": "name",
    "tasks": "title", "feedback": "date", "mail_templates": "key", "mail_log": "key", "suppressions": "email",
    "audit": "at",
}  # fmt: skip


PREFIXES = {"customers": "C", "campaigns": "M"}  # of the ids of the tables that others refer to


def number_of(day: date) -> int:
    return (day - EPOCH).days


def from_jalali(text: Any) -> int | None:
    """The day of 1405/08/30, written in any digits with / or -; None where that is no day of the years 1300 to 1500."""
    parts = re.fullmatch(r"([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})", str(text).translate(_LATIN))
    if not parts or int(parts[1]) not in _YEARS:
        return None
    try:
        return number_of(jdatetime.date(*map(int, parts.groups())).togregorian())
    except ValueError:
        return None


def to_jalali(day: float | None) -> str | None:
    if day is None:
        return None
    shown = jdatetime.date.fromgregorian(date=EPOCH + timedelta(days=int(day)))
    return f"{shown.year}/{shown.month:02}/{shown.day:02}".translate(_PERSIAN)


def day_of(row: Row, key: str) -> int | None:
    """A typed date: a day's number, or the Jalali text that stands in its place."""
    if row.get(key) is not None:
        return int(row[key])
    return from_jalali(row[key + JALALI]) if key + JALALI in row else None


@dataclass(frozen=True)
class Crm:
    """Everything typed into one CRM. `words` are the titles of the choices by list and key."""

    tables: Mapping[str, Table]
    words: Mapping[str, Mapping[str, str]]
    today: int

    def rows(self, table: str) -> list[Row]:
        """The rows of a table from top to bottom."""
        typed = self.tables.get(table, {})
        return [typed[number] for number in sorted(typed) if self.is_row(table, typed[number])]

    def is_row(self, table: str, row: Row) -> bool:
        return ANCHORS[table] in row or ANCHORS[table] + JALALI in row

    def last_row(self, table: str) -> int:
        return max((number for number, row in self.tables.get(table, {}).items() if self.is_row(table, row)), default=1)

    @cached_property
    def thresholds(self) -> dict[str, float]:
        return {row["key"]: row.get("value") for row in self.tables["settings"].values() if "key" in row}

    @cached_property
    def probabilities(self) -> dict[str, float]:
        """The usual probability of each stage."""
        rows = self.tables["lists"].values()
        return {row["deal_stage"]: row.get("deal_stage_probability", 0) for row in rows if "deal_stage" in row}

    def id_in(self, text: Any, table: str) -> str | None:
        """Whom a reference means: the id after the dot, else the first row of that very name."""
        if text is None:
            return None
        told = re.search(rf" · ({PREFIXES[table]}-[0-9A-Z]+)$", str(text))
        return told[1] if told else self._ids_by_name(table).get(str(text).casefold())

    def _ids_by_name(self, table: str) -> dict[str, str | None]:
        return {str(row["name"]).casefold(): row.get("id") for row in reversed(self.rows(table))}

    @cached_property
    def customers(self) -> dict[str, Row]:
        """By id; a customer whose name was deleted is still the one that others refer to."""
        typed = self.tables["customers"]
        return {typed[number]["id"]: typed[number] for number in sorted(typed, reverse=True) if "id" in typed[number]}

    @cached_property
    def won(self) -> list[Row]:
        return [row for row in self.rows("deals") if row.get("stage") == self.words["deal_stage"]["won"]]

    def by_reference(self, rows: Sequence[Row], column: str, table: str) -> dict[str, list[Row]]:
        groups: dict[str, list[Row]] = {}
        for row in rows:
            key = self.id_in(row.get(column), table)
            if key:
                groups.setdefault(key, []).append(row)
        return groups

    @cached_property
    def interactions_of(self) -> dict[str, list[Row]]:
        return self.by_reference(self.rows("interactions"), "customer", "customers")

    @cached_property
    def orders_of(self) -> dict[str, list[Row]]:
        return self.by_reference(self.won, "customer", "customers")

    @cached_property
    def feedback_of(self) -> dict[str, list[Row]]:
        found = self.by_reference(self.rows("feedback"), "customer", "customers")
        scored = {key: [row for row in rows if "score" in row] for key, rows in found.items()}
        return {key: rows for key, rows in scored.items() if rows}

    @cached_property
    def won_by_campaign(self) -> dict[str, list[Row]]:
        return self.by_reference(self.won, "campaign", "campaigns")

    def spellings(self, table: str, column: str) -> dict[str, int]:
        """How often each address or number stands in a table; capitals make no difference."""
        counts: dict[str, int] = {}
        for row in self.tables.get(table, {}).values():
            if column in row:
                text = str(row[column]).lower()
                counts[text] = counts.get(text, 0) + 1
        return counts

    @cached_property
    def customer_emails(self) -> dict[str, int]:
        return self.spellings("customers", "email")

    @cached_property
    def customer_phones(self) -> dict[str, int]:
        return self.spellings("customers", "phone")

    @cached_property
    def lead_emails(self) -> dict[str, int]:
        return self.spellings("leads", "email")

    @cached_property
    def lead_phones(self) -> dict[str, int]:
        return self.spellings("leads", "phone")

    @cached_property
    def limits(self) -> dict[str, list[float]]:
        """The fifths of all buyers: days since the last purchase, orders, total value."""
        bought = [rows for row in self.rows("customers") if (rows := self.orders_of.get(row.get("id", "")))]
        days = [self.today - day for rows in bought if (day := latest(rows, "closed_on")) is not None]
        return {
            "recency": fifths(days),
            "frequency": fifths([len(rows) for rows in bought]),
            "monetary": fifths([total(rows, "amount") for rows in bought]),
        }


def fifths(values: Sequence[float]) -> list[float]:
    """The 20th, 40th, 60th and 80th percentile; between two values in proportion."""
    if len(values) < 2:
        return [*values] * 4
    return [round(limit, 6) for limit in quantiles(values, n=5, method="inclusive")]


def latest(rows: Sequence[Row], key: str) -> int | None:
    return max((day for row in rows if (day := day_of(row, key)) is not None), default=None)


def total(rows: Sequence[Row], key: str) -> float:
    return sum(row.get(key, 0) for row in rows)


def mean(rows: Sequence[Row], key: str) -> float | None:
    return total(rows, key) / len(rows) if rows else None


def newest_first(rows: Sequence[Row]) -> list[Row]:
    """By closing day, those without one last; of one day the one furthest down."""
    return sorted(reversed(rows), key=lambda row: -(day_of(row, "closed_on") or 0))


Block = list[tuple[Any, ...]]


def _last_products(crm: Crm) -> Block:
    numbers = {id(row): number for number, row in crm.tables.get("deals", {}).items()}
    referring = [(crm.id_in(row.get("customer"), "customers"), row) for row in newest_first(crm.won)]
    return [(key, row.get("product"), day_of(row, "closed_on") or 0, numbers[id(row)]) for key, row in referring if key]


@cache
def _years() -> Block:
    """Year, number of its first day, days."""
    firsts = [jdatetime.date(year, 1, 1) for year in _YEARS]
    return [(first.year, number_of(first.togregorian()), 366 if first.isleap() else 365) for first in firsts]


# Blocks of the helper sheets; all but last_product and the calendar's stand in any order. In `orders`, 0 stands for a
# last day that nobody wrote down.
BLOCKS: dict[str, Callable[[Crm], Block]] = {
    "facts": lambda crm: [("today", crm.today)],  # more of them depend on what the workbook has
    "interactions": lambda crm: [(k, len(rows), latest(rows, "date")) for k, rows in crm.interactions_of.items()],
    "orders": lambda crm: [
        (k, len(rows), total(rows, "amount"), latest(rows, "closed_on") or 0) for k, rows in crm.orders_of.items()
    ],
    "last_product": _last_products,
    "satisfaction": lambda crm: [(k, mean(rows, "score")) for k, rows in crm.feedback_of.items()],
    "campaigns": lambda crm: [(k, len(rows), total(rows, "amount")) for k, rows in crm.won_by_campaign.items()],
    "customer_emails": lambda crm: list(crm.customer_emails.items()),
    "customer_phones": lambda crm: list(crm.customer_phones.items()),
    "lead_emails": lambda crm: list(crm.lead_emails.items()),
    "lead_phones": lambda crm: list(crm.lead_phones.items()),
    "years": lambda crm: _years(),
    "starts": lambda crm: [(first, days, year) for year, first, days in _years()],
}
