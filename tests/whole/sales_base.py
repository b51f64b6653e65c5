"""What the figures of sales are counted from, in plain Python: won and open deals, months, titles and their texts.

Written from the meaning of the figures, with the standard library and jdatetime; nothing of crm_builder computes here.
A blank is None. A day is its number as a spreadsheet counts it, a month one number that counts on from year to year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

import jdatetime

from tests.spine.reference import EPOCH, JALALI, Crm, Row, day_of, number_of, to_jalali
from tests.spine.reference_columns import COLUMNS

_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
Line = tuple[Any, ...]
AHEAD = 37  # the place of this month among the months that the workbook knows


@dataclass(frozen=True)
class Won:
    """One won deal. `month` is None where nobody noted the day."""

    row: int
    product: str
    region: str
    source: str
    owner: str
    amount: float
    day: int | None
    month: int | None


@dataclass(frozen=True)
class Open:
    """One deal that is neither won nor lost."""

    row: int
    stage: str
    customer: str
    product: str
    region: str
    owner: str
    amount: float
    weighted: float
    expected: int | None
    shown: Any  # the expected day as people see it
    days: int | None  # in its stage

    def late(self, today: int) -> int:
        return max(today - self.expected, 0) if self.expected is not None else 0


@dataclass(frozen=True)
class Sales:
    """The rows of one CRM and the words it speaks. `chosen` is the segment that the field of its view names."""

    crm: Crm
    words: Mapping[str, Any]
    jalali: bool
    money: str  # "${}"
    chosen: str = ""

    # ---- words ----

    def text(self, view: str, key: str, *parts: Any) -> str:
        """A text of a view; the parts stand for %s, or for %1, %2 …"""
        said: str = self.words["views"][view]["texts"][key]
        for number, part in enumerate(parts, 1):
            said = said.replace("%s" if "%s" in said else f"%{number}", str(part))
        return said

    def title(self, list_key: str, key: str) -> str:
        return self.crm.words[list_key][key]

    def given(self, text: Any) -> str:
        """What somebody wrote, or that nobody did."""
        return str(text) if text not in (None, "") else self.text("analysis", "none")

    def listed(self, list_key: str) -> list[str]:
        """The titles of a list in the order of the sheet that keeps it."""
        rows = self.crm.tables["lists"]
        return [rows[number][list_key] for number in sorted(rows) if list_key in rows[number]]

    def price(self, amount: float) -> str:
        return self.money.format(grouped(amount))

    # ---- months ----

    def month_of(self, day: int) -> int:
        shown = EPOCH + timedelta(days=day)
        one = jdatetime.date.fromgregorian(date=shown) if self.jalali else shown
        return one.year * 12 + one.month - 1

    def first_day(self, month: int) -> int:
        year, place = divmod(month, 12)
        return number_of(jdatetime.date(year, place + 1, 1).togregorian() if self.jalali else date(year, place + 1, 1))

    def month_name(self, month: int) -> str:
        year, place = divmod(month, 12)
        name = self.words["months"]["jalali" if self.jalali else "gregorian"][place]
        return f"{name} {str(year).translate(_PERSIAN) if self.jalali else year}"

    @property
    def month(self) -> int:
        """This month."""
        return self.month_of(self.crm.today)

    # ---- deals ----

    def customer(self, row: Row) -> Row:
        return self.crm.customers.get(self.crm.id_in(row.get("customer"), "customers") or "", {})

    def is_stage(self, row: Row, *keys: str) -> bool:
        return row.get("stage") in [self.title("deal_stage", key) for key in keys]

    @cached_property
    def deals(self) -> list[tuple[int, Row]]:
        typed = self.crm.tables["deals"]
        return [(number, typed[number]) for number in sorted(typed) if self.crm.is_row("deals", typed[number])]

    @cached_property
    def won(self) -> list[Won]:
        return [self._won(number, row) for number, row in self.deals if self.is_stage(row, "won")]

    def _won(self, number: int, row: Row) -> Won:
        buyer, day = self.customer(row), day_of(row, "closed_on")
        return Won(
            number,
            self.given(row.get("product")),
            self.given(buyer.get("region")),
            self.given(buyer.get("lead_source")),
            self.given(row.get("owner")),
            amount_of(row),
            day,
            None if day is None else self.month_of(day),
        )

    @cached_property
    def open(self) -> list[Open]:
        return [self._open(number, row) for number, row in self.deals if not self.is_stage(row, "won", "lost")]

    def _open(self, number: int, row: Row) -> Open:
        return Open(
            number,
            str(row.get("stage", "")),
            re.sub(r" · C-[0-9A-Z]+$", "", str(row["customer"])),
            self.given(row.get("product")),
            self.given(self.customer(row).get("region")),
            self.given(row.get("owner")),
            amount_of(row),
            COLUMNS["deals"]["weighted"](self.crm, row),
            day_of(row, "expected_close"),
            row.get("expected_close" + JALALI) if self.jalali else row.get("expected_close"),
            COLUMNS["deals"]["days_in_stage"](self.crm, row),
        )

    def is_stuck(self, deal: Open) -> bool:
        return deal.days is not None and deal.days > self.crm.thresholds["stuck_days"]

    @cached_property
    def late(self) -> list[Open]:
        """Slipping deals, the largest first."""
        late = [deal for deal in self.open if deal.late(self.crm.today) > 0]
        return sorted(late, key=lambda deal: (-deal.amount, deal.row))

    # ---- customers ----

    def of_customer(self, key: str, row: Row) -> Any:
        """What a computed column of the customers says."""
        return COLUMNS["customers"][key](self.crm, row)

    @cached_property
    def customers(self) -> list[dict[str, Any]]:
        """Every customer with what is computed of them that sales are about."""
        keys = (
            *("segment", "orders", "total_value", "interactions", "last_purchase"),
            *("recency_score", "frequency_score", "monetary_score"),
        )
        return [{**row, **{key: self.of_customer(key, row) for key in keys}} for row in self.crm.rows("customers")]

    @cached_property
    def buyers(self) -> list[dict[str, Any]]:
        return [row for row in self.customers if row["orders"] > 0]

    def in_segment(self, title: str) -> list[dict[str, Any]]:
        return [row for row in self.customers if row["segment"] == title]

    def shown_day(self, day: int | None) -> Any:
        return to_jalali(day) if self.jalali else day


def amount_of(row: Row) -> float:
    amount = row.get("amount")
    return amount if isinstance(amount, int | float) else 0


def ratio(above: float, below: float) -> float | None:
    return above / below if below else None


def average(values: Sequence[float]) -> float | None:
    return ratio(sum(values), len(values))


def grouped(number: float) -> str:
    """1,234: no decimals, a half goes away from zero."""
    return f"{Decimal(repr(number)).quantize(Decimal(1), ROUND_HALF_UP):,}"


def percent(share: float) -> str:
    return f"{(Decimal(repr(share)) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def valued(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The total of each title, in the order in which the titles come first."""
    found: dict[str, float] = {}
    for title, amount in pairs:
        found[title] = found.get(title, 0) + amount
    return found


def best_first(lines: Iterable[Line], at: int, most: int) -> list[Line]:
    """The lines with the highest figures, of equal ones the first by title."""
    return sorted(lines, key=lambda line: (-line[at], line[0].casefold()))[:most]
