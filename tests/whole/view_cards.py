"""What the cards and sentences of the views must say, from the reference's sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.whole.blocks_results import filled, report_figures, year_in_all
from tests.whole.blocks_time import KPIS
from tests.whole.business import Business, mean, percent, shown
from tests.whole.days import THIS_MONTH, Span

EMPTY = "–"


@dataclass(frozen=True)
class Rounded:
    """A number that is shown rounded; where it lies in the middle between two, either is right."""

    value: float
    places: int

    def is_near(self, found: Any) -> bool:
        number = isinstance(found, int | float) and not isinstance(found, bool)
        step = float(Decimal(1).scaleb(-self.places))
        return number and abs(found - self.value) <= step / 2 + 1e-9 and abs(round(found, self.places) - found) < 1e-9


@dataclass(frozen=True)
class Card:
    """A card by its title; `spark` names the figures that its small line draws."""

    title: str
    value: Any
    change: Rounded | None = None
    note: str | None = None
    spark: str = ""


def growth(now: float | None, before: float | None) -> Rounded | None:
    return Rounded(now / before - 1, 3) if before and now is not None else None


def points(now: float | None, before: float | None, times: int) -> Rounded | None:
    """Of percentages (times 100) and of average scores (times 1)."""
    return None if now is None or before is None else Rounded((now - before) * times, 1)


def _told(text: str, value: float | None, show: Callable[[float], str]) -> str | None:
    return None if value is None else text + show(value)


def dashboard(b: Business) -> list[Card]:
    now, before = dict(KPIS["now"](b)), dict(KPIS["before"](b))
    text = b.words["views"]["dashboard"]["texts"]
    was = text["before"]
    cards = [
        Card(
            text["new_leads"], now["new_leads"], growth(now["new_leads"], before["new_leads"]),
            _told(was, before["new_leads"], shown) if b.before else None, "kpis_year_leads",
        ),
        Card(
            text["conversion"], dash(now["conversion"]), points(now["conversion"], before["conversion"], 100),
            _told(text["before_points"], before["conversion"], percent), "kpis_year_conversion",
        ),
        Card(
            text["won"], now["won"], growth(now["won"], before["won"]),
            _told(was, before["won"], b.money.format) if b.before else None, "kpis_year_won",
        ),
        Card(
            text["average"], dash(now["average"]), growth(now["average"], before["average"]),
            _told(was, before["average"], lambda value: money(b, value)), "kpis_year_average",
        ),
        Card(
            text["pipeline"], now["pipeline"], growth(now["pipeline"], before["pipeline"]),
            filled(text["open_deals"], shown(now["open_deals"])), "kpis_year_pipeline",
        ),
        Card(
            text["follow_ups"], now["follow_ups_due"], None,
            filled(text["follow_ups_note"], shown(now["leads_due"]), shown(now["customers_due"])),
            "kpis_year_contacts",
        ),
        Card(
            text["tasks_overdue"], now["tasks_overdue"], None,
            filled(text["tasks_note"], shown(now["tasks_open"])), "kpis_year_tasks",
        ),
    ]  # fmt: skip
    if "feedback" in b.parts:
        one, other = mean(b.scores_in(b.period)), mean(b.scores_in(b.before))
        note, spark = _told(was, other, lambda value: shown(value, 1)), "kpis_year_contentment_satisfaction"
        cards.append(Card(text["satisfaction"], dash(one), points(one, other, 1), note, spark))
    return cards


def home(b: Business) -> list[Card]:
    text, week = b.words["views"]["home"]["texts"], Span(b.days.week, b.days.today)
    overdue = sum(late for _, late in b.tasks_open)
    open_deals = [row for row in b.crm.rows("deals") if row.get("stage") not in b.decided]
    figures = {
        "follow_ups": b.leads_due + b.customers_due,
        "overdue": overdue,
        "open_deals": len(open_deals),
        "new_leads": len(b.leads_in(week)),
    }
    return [Card(text[key], value, None, text[f"{key}_note"]) for key, value in figures.items()]


def greeting(b: Business) -> str:
    text = b.words["views"]["home"]["texts"]
    when = f"{b.days.digits(b.days.day_of_month)} {b.days.label(THIS_MONTH)}"
    return filled(text["today"], text[b.days.weekday] + text["comma"] + when)


def report(b: Business) -> list[Card]:
    now, before = dict(report_figures(b, b.report)), dict(report_figures(b, b.report_before))
    text, shared = b.words["views"]["report"]["texts"], b.words["views"]["dashboard"]["texts"]

    def counted(title: str, key: str, value: Callable[[float], Any] = lambda value: value) -> Card:
        note = shown(before[key]) if b.report_before else None
        return Card(title, value(now[key]), growth(now[key], before[key]), note)

    cards = [
        counted(shared["new_leads"], "new_leads"),
        Card(
            shared["conversion"], dash(now["conversion"]), points(now["conversion"], before["conversion"], 100),
            _told("", before["conversion"], percent),
        ),
        counted(text["deals"], "deals"),
        counted(text["tasks"], "tasks"),
        counted(text["contacts"], "contacts"),
    ]  # fmt: skip
    if b.internal:
        average, was = now["average"], before["average"]
        cards.append(counted(shared["won"], "won", b.money.format))
        value = EMPTY if average is None else money(b, average)
        cards.append(Card(text["average"], value, growth(average, was), _told("", was, shown)))
    else:
        cards.append(counted(text["new_customers"], "new_customers", shown))
        cards.append(counted(text["buyers"], "buyers", shown))
    if "feedback" in b.parts:
        one, other = mean(b.scores_in(b.report)), mean(b.scores_in(b.report_before))
        note = _told("", other, lambda value: shown(value, 1))
        cards.append(Card(shared["satisfaction"], dash(one), points(one, other, 1), note))
    return cards


def results(b: Business) -> list[Card]:
    now, before = dict(year_in_all(THIS_MONTH)(b)), dict(year_in_all(THIS_MONTH - 12)(b))
    titles, text = b.words["tables"]["campaigns"]["columns"], b.words["views"]["dashboard"]["texts"]

    def of_money(key: str) -> Card:
        note = _told(text["before"], before[key], lambda value: money(b, value, fine=key == "cac"))
        change = None if now[key] is None else growth(now[key], before[key])
        return Card(titles[key], dash(now[key]), change, note, f"outcomes_year_{key}")

    roi = Card(
        titles["roi"], dash(now["roi"]), points(now["roi"], before["roi"], 100),
        _told(text["before_points"], before["roi"], percent), "outcomes_year_roi",
    )  # fmt: skip
    return [of_money("spend"), of_money("revenue"), roi, of_money("cac")]


def dash(value: Any) -> Any:
    return EMPTY if value is None else value


def money(b: Business, value: float, *, fine: bool = False) -> str:
    """In the CRM's currency; money as small as the cost of a click has decimals where the currency has any."""
    places = 2 if fine and "$" in b.money else 0
    return b.money.replace("{:,.0f}", "{}").format(shown(value, places))


CARDS: dict[str, Callable[[Business], list[Card]]] = {
    "dashboard": dashboard, "home": home, "report": report, "results": results,
}  # fmt: skip


def compared(words: dict[str, str], days: str, before: str) -> str:
    """The days that a view is about, and those it compares with."""
    return filled(words["days_before" if before else "days"], days, before)


SENTENCES: dict[str, Callable[[Business], list[str]]] = {
    "dashboard": lambda b: [
        compared(
            b.words["views"]["dashboard"]["texts"], b.days.text(b.period), b.days.text(b.before) if b.before else ""
        )
    ],
    "home": lambda b: [greeting(b)],
    "report": lambda b: [
        compared(
            b.words["views"]["report"]["texts"],
            b.days.text(b.report),
            b.days.text(b.report_before) if b.report_before else "",
        )
    ],
    "results": lambda b: [],
}
