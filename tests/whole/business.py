"""What the business did, counted from the typed rows alone; the views' figures are made of these sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from tests.spine.reference import Crm, Row, day_of
from tests.spine.reference_columns import COLUMNS
from tests.whole.days import THIS_MONTH, Days, Span


@dataclass(frozen=True)
class Won:
    """A won deal; `day` is 0 where nobody noted when."""

    day: int
    amount: float
    customer: str | None
    product: str
    region: str


@dataclass(frozen=True)
class Life:
    """From which day to which a deal was open; `end` 0: it still is."""

    start: int
    end: int
    amount: float


@dataclass(frozen=True)
class Lead:
    day: int | None
    source: str
    converted: bool


@dataclass(frozen=True)
class Business:
    """The rows of a CRM, and what people chose in the fields of its views."""

    crm: Crm
    days: Days
    words: Mapping[str, Any]
    money: str
    parts: frozenset[str]
    period: Span
    before: Span
    report: Span
    report_before: Span
    internal: bool  # the report is for the house, not for clients

    def text(self, view: str, key: str) -> str:
        return self.words["views"][view]["texts"][key]

    @property
    def unknown(self) -> str:
        return self.text("dashboard", "not_given")

    def choice(self, list_key: str, key: str) -> str:
        return self.crm.words[list_key][key]

    def choices(self, list_key: str) -> list[str]:
        """What the sheet of lists offers, from top to bottom."""
        rows = self.crm.tables["lists"]
        return [rows[number][list_key] for number in sorted(rows) if list_key in rows[number]]

    def ordered(self, list_key: str, found: Iterable[str]) -> list[str]:
        """The choices of a list, and behind them what else occurs."""
        return list(dict.fromkeys([*self.choices(list_key), *sorted(found, key=str.lower)]))

    @cached_property
    def leads(self) -> list[Lead]:
        converted = self.choice("lead_status", "converted")
        return [
            Lead(day_of(row, "contact_date"), row.get("source", self.unknown), row.get("status") == converted)
            for row in self.crm.rows("leads")
        ]

    def leads_in(self, span: Span) -> list[Lead]:
        return [lead for lead in self.leads if lead.day in span]

    @cached_property
    def won(self) -> list[Won]:
        region = COLUMNS["deals"]["region"]
        return [
            Won(
                day_of(row, "closed_on") or 0,
                number(row, "amount"),
                self.crm.id_in(row.get("customer"), "customers"),
                row.get("product", self.unknown),
                region(self.crm, row) or self.unknown,
            )
            for row in self.crm.won
        ]

    def won_in(self, span: Span) -> list[Won]:
        return [deal for deal in self.won if deal.day in span]

    @cached_property
    def decided(self) -> tuple[str, str]:
        return self.choice("deal_stage", "won"), self.choice("deal_stage", "lost")

    @cached_property
    def lives(self) -> list[Life]:
        """A deal that was closed before somebody wrote it down was open on no day; without a day of closing, nobody knows."""
        found = []
        for row in self.crm.rows("deals"):
            created, closed = day_of(row, "created_at") or 0, day_of(row, "closed_on") or 0
            if row.get("stage") not in self.decided:
                found.append(Life(created, 0, number(row, "amount")))
            elif closed:
                found.append(Life(min(created, closed), closed, number(row, "amount")))
        return found

    def pipeline(self, day: int) -> float:
        """The money that was open on the evening of a day."""
        return sum(life.amount for life in self.lives if life.start <= day and (not life.end or life.end > day))

    @cached_property
    def open_now(self) -> list[Life]:
        return [life for life in self.lives if not life.end]

    @cached_property
    def scores(self) -> list[tuple[int | None, float]]:
        return [(day_of(row, "date"), row["score"]) for row in self.crm.rows("feedback") if "score" in row]

    def scores_in(self, span: Span) -> list[float]:
        return [score for day, score in self.scores if day in span]

    def days_of(self, table: str, key: str, where: Callable[[Row], bool] = lambda row: True) -> list[int]:
        found = (day_of(row, key) for row in self.crm.rows(table) if where(row))
        return [day for day in found if day is not None]

    @cached_property
    def contacts(self) -> list[int]:
        return self.days_of("interactions", "date")

    @cached_property
    def tasks_done(self) -> list[int]:
        """By the day they were due."""
        return self.days_of("tasks", "due", lambda row: row.get("done") is True)

    @cached_property
    def tasks_open(self) -> list[tuple[str, bool]]:
        """Assignee, and whether it is overdue."""
        rows = [row for row in self.crm.rows("tasks") if row.get("done") is not True]
        return [(row.get("assignee", self.unknown), 0 < (day_of(row, "due") or 0) < self.crm.today) for row in rows]

    @cached_property
    def leads_due(self) -> int:
        over = {self.choice("lead_status", key) for key in ("converted", "lost")}
        days = self.days_of("leads", "next_action_date", lambda row: row.get("status") not in over)
        return sum(day <= self.crm.today for day in days)

    @cached_property
    def customers_due(self) -> int:
        idle = self.choice("customer_status", "inactive")
        days = self.days_of("customers", "next_follow_up", lambda row: row.get("status") != idle)
        return sum(day <= self.crm.today for day in days)

    @cached_property
    def campaigns(self) -> list[Row]:
        return self.crm.rows("campaigns") if "campaigns" in self.parts else []

    def year(self, last: int) -> range:
        """Twelve months up to that one."""
        return range(last - 11, last + 1)

    @property
    def last_month(self) -> int:
        """The month in which the dashboard's period ends."""
        return self.days.month(self.period.end)

    @property
    def now_month(self) -> int:
        return THIS_MONTH


def number(row: Row, key: str) -> float:
    value = row.get(key, 0)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def mean(values: Sequence[float]) -> float | None:
    return share(sum(values), len(values))


def rounded(value: float, places: int = 0) -> Decimal:
    """Halves away from zero, as people round."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def shown(value: float, places: int = 0) -> str:
    return f"{rounded(value, places):,}"


def percent(value: float) -> str:
    return f"{rounded(value * 100, 1)}%"


def largest(figures: Sequence[tuple[Any, ...]], at: int) -> list[tuple[Any, ...]]:
    """By one of their figures, the largest first; equal ones stay in their order."""
    return sorted(figures, key=lambda one: -one[at])
