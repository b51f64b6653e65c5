"""Months and periods around a day, by datetime and jdatetime; a day is its number as a spreadsheet counts it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from tests.spine.reference import number_of
from tests.spine.test_periods import AROUND, choices, start
from tests.whole.crm import day

THIS_MONTH = 37  # its row among the months that the CRM knows
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Span:
    """All days from `start` to `end`, both included; none where it ends before it begins."""

    start: int
    end: int

    def __contains__(self, number: int | None) -> bool:
        return number is not None and self.start <= number <= self.end

    def __bool__(self) -> bool:
        return self.start <= self.end


@dataclass(frozen=True)
class Days:
    """What the calendar says of a day. `oldest` is where all time begins."""

    calendar: Any
    names: tuple[str, ...]  # of the months
    persian: bool  # digits
    today: int
    oldest: int

    def first(self, months: int, of: int = 1) -> int:
        """The first day of the month, quarter (3) or year (12) that is so many months away from today's."""
        return number_of(start(self.calendar, day(self.today), months, of))

    @cached_property
    def starts(self) -> list[int]:
        return [self.first(months) for months in AROUND]

    @cached_property
    def ends(self) -> list[int]:
        return [self.first(months + 1) - 1 for months in AROUND]

    def month(self, number: int | None) -> int:
        """The row of a day's month; 0 for a day before all of them, and for none."""
        return bisect_right(self.starts, number or 0)

    def span(self, month: int) -> Span:
        return Span(self.starts[month - 1], self.ends[month - 1])

    def number(self, month: int) -> int:
        """The month counted on from year to year, 0 being the first one of the year 0."""
        year, place, _ = self.calendar.parts(day(self.starts[month - 1]))
        return year * 12 + place - 1

    def short(self, month: int) -> str:
        return self.names[self.number(month) % 12]

    def label(self, month: int) -> str:
        return f"{self.short(month)} {self.digits(self.number(month) // 12)}"

    def digits(self, value: Any) -> str:
        return str(value).translate(_PERSIAN) if self.persian else str(value)

    def text(self, span: Span) -> str:
        return self.digits(" – ".join(self.calendar.text(day(number)) for number in (span.start, span.end)))

    @cached_property
    def week(self) -> int:
        now = day(self.today)
        return number_of(now - timedelta((now.weekday() - self.calendar.weekday) % 7))

    @property
    def weekday(self) -> str:
        return _WEEKDAYS[day(self.today).weekday()]

    @property
    def day_of_month(self) -> int:
        return self.calendar.parts(day(self.today))[2]

    @cached_property
    def periods(self) -> list[tuple[Span, Span]]:
        """Each period that people choose from with the one that it is compared with, in their order."""
        known = [tuple(map(number_of, one)) for one in choices(self.calendar, day(self.today))]
        known.append((self.oldest, self.today, self.oldest, self.oldest - 1))
        return [(Span(*one[:2]), Span(*one[2:])) for one in known]

    def period(self, titles: Mapping[str, str], title: str) -> tuple[Span, Span]:
        return self.periods[list(titles.values()).index(title)]
