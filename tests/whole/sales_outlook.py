"""The blocks of the helper `outlook` in plain Python: win rate, days to win, velocity, the trend and what it foretells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tests.spine.reference import EPOCH, day_of, number_of
from tests.spine.reference_columns import COLUMNS
from tests.whole.sales_base import AHEAD, Line, Sales, amount_of, average, best_first, ratio
from tests.whole.sales_ledger import bucket


@dataclass(frozen=True)
class Decided:
    """A deal won or lost in the last twelve months. `cycle`: days from entering to winning it."""

    product: str
    owner: str
    won: bool
    value: float
    cycle: int | None


def decided(sales: Sales) -> list[Decided]:
    today = EPOCH + timedelta(days=sales.crm.today)
    last = 28 if (today.month, today.day) == (2, 29) else today.day
    year_ago = number_of(today.replace(year=today.year - 1, day=last))
    return [
        Decided(
            sales.given(row.get("product")),
            sales.given(row.get("owner")),
            won,
            amount_of(row) if won else 0,
            COLUMNS["deals"]["cycle_days"](sales.crm, row),
        )
        for _, row in sales.deals
        if sales.is_stage(row, "won", "lost") and year_ago < (day_of(row, "closed_on") or 0) <= sales.crm.today
        for won in [sales.is_stage(row, "won")]
    ]


def closed(sales: Sales) -> list[Line]:
    return [(deal.product, deal.owner, int(deal.won), deal.value, deal.cycle) for deal in decided(sales)]


def first_month(sales: Sales) -> int:
    """The first full month that the trend looks at."""
    months = [deal.month for deal in sales.won if deal.month is not None]
    return max(sales.month - 12, min(months)) if months else sales.month


def facts(sales: Sales) -> list[tuple[str, str, float | None]]:
    """What it is, its name in the workbook, the figure."""
    deals = decided(sales)
    won = [deal for deal in deals if deal.won]
    rate, worth = ratio(len(won), len(deals)), ratio(sum(deal.value for deal in won), len(won))
    cycle = average([deal.cycle for deal in won if deal.cycle is not None])
    a_day = len(sales.open) * (rate or 0) * worth / cycle if worth is not None and cycle else None
    return [
        ("decided", "outlook_decided", len(deals)),
        ("won", "outlook_won", len(won)),
        ("win_rate", "outlook_win_rate", rate),
        ("cycle", "outlook_cycle", cycle),
        ("average", "outlook_average", worth),
        ("velocity_day", "outlook_velocity_day", a_day),
        ("velocity_month", "outlook_velocity_month", None if a_day is None else a_day * 30),
        ("target", "outlook_target", target(sales)),
        ("first_month", "outlook_first_month", first_month(sales) - sales.month + AHEAD),
    ]


def target(sales: Sales) -> float:
    return sales.crm.thresholds["monthly_target"] or 0


def pipeline(sales: Sales) -> list[Line]:
    names = [sales.month_name(sales.month + ahead) for ahead in range(6)]
    names += [sales.text("forecast", "later"), sales.text("forecast", "undated")]
    lines = []
    for number, name in enumerate(names, 1):
        deals = [deal for deal in sales.open if bucket(sales, deal.expected) == number]
        lines.append(
            (name, len(deals), sum(deal.amount for deal in deals), sum(deal.weighted for deal in deals)),
        )
    return lines


def months(sales: Sales) -> list[Line]:
    now, first = sales.month, first_month(sales)
    won = {month: sum(deal.amount for deal in sales.won if deal.month == month) for month in range(now - 12, now + 1)}
    full = range(first, now)
    line = straight_line(full, [won[month] for month in full]) if len(full) >= 3 else None
    lines = []
    for month in range(now - 12, now + 4):
        trend = max(0, line(month)) if line and month >= first else None
        actual, goal = won.get(month), target(sales)
        reached = ratio(actual, goal) if actual is not None else None
        forecast = trend if month >= now else None
        lines.append((sales.month_name(month), actual, trend, forecast, goal or None, reached))
    return lines


def straight_line(places: Sequence[int], values: Sequence[float]) -> Callable[[int], float]:
    """The line with the least squares of distances."""
    middle, level = sum(places) / len(places), sum(values) / len(values)
    spread = sum((place - middle) ** 2 for place in places)
    slope = sum((place - middle) * (value - level) for place, value in zip(places, values, strict=True)) / spread
    return lambda place: level + slope * (place - middle)


def _by(column: str) -> Callable[[Sales], list[Line]]:
    def lines(sales: Sales) -> list[Line]:
        groups: dict[str, list[Decided]] = {}
        for deal in decided(sales):
            groups.setdefault(getattr(deal, column), []).append(deal)
        return best_first([(title, *_record(deals)) for title, deals in groups.items()], 4, 8)

    return lines


def _record(deals: Sequence[Decided]) -> Line:
    won = sum(deal.won for deal in deals)
    cycle = average([deal.cycle for deal in deals if deal.cycle is not None])
    return won, len(deals) - won, won / len(deals), sum(deal.value for deal in deals), cycle


BLOCKS: dict[str, Callable[[Sales], list[Line]]] = {
    "closed": closed,
    "facts": lambda sales: [(what, figure) for what, _, figure in facts(sales)],
    "pipeline": pipeline,
    "months": months,
    "owners": _by("owner"),
    "products": _by("product"),
}
