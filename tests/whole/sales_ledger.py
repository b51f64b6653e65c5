"""The blocks of the helper `ledger` in plain Python: deals as rows, and grouped by everything that views group them by.

A block is a list of lines; what it shows below the last line is blank.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.spine.reference import day_of
from tests.whole.sales_base import AHEAD, Line, Sales, amount_of, average, best_first, ratio, valued


def bands(sales: Sales) -> list[Line]:
    limits = [sales.crm.thresholds[f"band_{key}"] for key in ("medium", "large", "top")]
    starts = [-(10**15), *limits]
    told = [limits[0], *limits]  # the lowest band is told by where it ends
    words = [sales.text("pivots", f"band_{key}") for key in ("first", "second", "third", "fourth")]
    return [(least, word + sales.price(limit)) for least, word, limit in zip(starts, words, told, strict=True)]


def won(sales: Sales) -> list[Line]:
    return [
        (
            *(deal.product, deal.region, deal.source, deal.owner, deal.amount, deal.day),
            None if deal.month is None else deal.month - sales.month + AHEAD,
        )
        for deal in sales.won
    ]


def bucket(sales: Sales, day: int | None) -> int:
    """When a deal is expected: 1 by the end of this month, 2 to 6 in the five after it, 7 later, 8 nobody knows."""
    if day is None:
        return 8
    return min(max(sales.month_of(day) - sales.month, 0), 6) + 1


def opened(sales: Sales) -> list[Line]:
    return [
        (
            *(deal.stage, deal.customer, deal.product, deal.region, deal.owner, deal.amount, deal.weighted),
            *(deal.expected, deal.shown, bucket(sales, deal.expected), deal.late(sales.crm.today), deal.days),
            *(int(sales.is_stuck(deal)), deal.row),
        )
        for deal in sales.open
    ]


def top_customers(sales: Sales) -> list[Line]:
    ordered = sorted(sales.buyers, key=lambda row: -row["total_value"])
    return [
        (row["name"], row["orders"], row["total_value"], sales.shown_day(row["last_purchase"])) for row in ordered[:10]
    ]


def slipping(sales: Sales) -> list[Line]:
    return [
        (deal.customer, deal.product, deal.amount, deal.shown, deal.late(sales.crm.today), deal.owner)
        for deal in sales.late[:10]
    ]


def sources(sales: Sales) -> list[Line]:
    values = valued((deal.source, deal.amount) for deal in sales.won)
    sold = [deal.source for deal in sales.won]
    asked = [sales.given(row.get("source")) for row in sales.crm.rows("leads")]
    titles = dict.fromkeys([*sales.listed("lead_source"), *sold])
    lines = [
        (title, asked.count(title), sold.count(title), value, ratio(value, asked.count(title)))
        for title in titles
        for value in [values.get(title, 0)]
    ]
    return best_first(lines, 3, 8)


def products(sales: Sales) -> list[Line]:
    values = valued((deal.product, deal.amount) for deal in sales.won)
    hoped = valued((deal.product, deal.amount) for deal in sales.open)
    sold, whole = [deal.product for deal in sales.won], sum(values.values())
    lines = [
        (title, sold.count(title), value, ratio(value, whole), hoped.get(title, 0))
        for title in dict.fromkeys([*values, *hoped])
        for value in [values.get(title, 0)]
    ]
    return best_first(lines, 2, 10)


def regions(sales: Sales) -> list[Line]:
    values = valued((deal.region, deal.amount) for deal in sales.won)
    hoped = valued((deal.region, deal.amount) for deal in sales.open)
    sold, whole = [deal.region for deal in sales.won], sum(values.values())
    living = [sales.given(row.get("region")) for row in sales.customers]
    lines = []
    for title in dict.fromkeys([*sales.listed("region"), *values, *hoped]):
        value = values.get(title, 0)
        there = valued((deal.product, deal.amount) for deal in sales.won if deal.region == title)
        best = min(there, key=lambda product: (-there[product], product.casefold())) if there else None
        lines.append(
            (
                *(title, living.count(title), sold.count(title), value, ratio(value, whole), hoped.get(title, 0)),
                *(best, None if best is None else there[best]),
            )
        )
    return best_first(lines, 3, 10)


def trend(sales: Sales) -> list[Line]:
    lines = []
    for month in range(sales.month - 12, sales.month + 1):
        amounts = [deal.amount for deal in sales.won if deal.month == month]
        lines.append((sales.month_name(month), len(amounts), sum(amounts), average(amounts)))
    return lines


def segments(sales: Sales) -> list[Line]:
    keys = ("total_value", "orders", "interactions")
    return [
        (title, *(average([row[key] for row in sales.in_segment(title)]) for key in keys))
        for title in sales.listed("segment")
    ]


def lost_now(sales: Sales) -> list[Line]:
    first, after = sales.first_day(sales.month), sales.first_day(sales.month + 1)
    return [
        (row["customer"], amount_of(row))
        for _, row in sales.deals
        if sales.is_stage(row, "lost") and first <= (day_of(row, "closed_on") or 0) < after
    ]


def facts(sales: Sales) -> list[tuple[str, str, float]]:
    """What it is, its name in the workbook, the figure."""
    stuck = [deal for deal in sales.open if sales.is_stuck(deal)]
    now = [deal for deal in sales.won if deal.month == sales.month]
    lost = lost_now(sales)
    return [
        ("won", "ledger_won_count", len(sales.won)),
        ("value", "ledger_won_value", _sum(sales.won)),
        ("buyers", "ledger_buyers", len(sales.buyers)),
        ("again", "ledger_again", sum(row["orders"] > 1 for row in sales.buyers)),
        ("open", "ledger_open_count", len(sales.open)),
        ("open_value", "ledger_open_value", _sum(sales.open)),
        ("weighted_value", "ledger_weighted_value", sum(deal.weighted for deal in sales.open)),
        ("stuck", "ledger_stuck_count", len(stuck)),
        ("stuck_value", "ledger_stuck_value", _sum(stuck)),
        ("slipping", "ledger_slipping_count", len(sales.late)),
        ("slipping_value", "ledger_slipping_value", _sum(sales.late)),
        ("won_now", "ledger_now_won", len(now)),
        ("won_now_value", "ledger_now_won_value", _sum(now)),
        ("lost_now", "ledger_now_lost", len(lost)),
        ("lost_now_value", "ledger_now_lost_value", sum(amount for _, amount in lost)),
    ]


def _sum(deals: Sequence[object]) -> float:
    return sum(deal.amount for deal in deals)


BLOCKS: dict[str, Callable[[Sales], list[Line]]] = {
    "bands": bands,
    "won": won,
    "open": opened,
    "top_customers": top_customers,
    "slipping": slipping,
    "sources": sources,
    "products": products,
    "regions": regions,
    "trend": trend,
    "segments": segments,
    "facts": lambda sales: [(what, figure) for what, _, figure in facts(sales)],
    "lost_now": lost_now,
}
