"""What the blocks of the helpers `outcomes` and `summary` must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.spine.reference import Row, day_of, to_jalali
from tests.spine.reference_columns import COLUMNS
from tests.whole.blocks_time import Block, grouped, month_figures, span_figures
from tests.whole.business import Business, Won, largest, mean, number, share, shown
from tests.whole.crm import Rows
from tests.whole.days import THIS_MONTH, Span

# Each rate: what is above and below the line, and which campaigns it is taken over.
RATES = {
    "ctr": ("clicks", "impressions"),
    "open_rate": ("opens", "sent"),
    "conversion_rate": ("conversions", "clicks"),
    "cpc": ("spend", "clicks"),
    "cac": ("spend", "conversions"),
}


@dataclass(frozen=True)
class Campaign:
    row: Row
    name: str
    channel: str
    start: int
    month: int
    spend: float
    revenue: float

    def counted(self, rate: str) -> tuple[float, float]:
        """What the campaign adds below and above the line of a rate: nothing where the table does not show that rate."""
        above, below = RATES[rate]
        if number(self.row, below) <= 0 or above not in self.row:
            return 0, 0
        return number(self.row, below), number(self.row, above)

    @property
    def sums(self) -> tuple[float, ...]:
        return (self.spend, self.revenue, *(part for rate in RATES for part in self.counted(rate)))


def campaigns(b: Business) -> list[Campaign]:
    found = []
    for row in b.campaigns:
        start = day_of(row, "start") or 0
        money = number(row, "spend"), number(row, "revenue")
        found.append(Campaign(row, row["name"], row.get("channel", b.unknown), start, b.days.month(start), *money))
    return found


def rates(found: Iterable[Campaign]) -> tuple[Any, ...]:
    """Spend, revenue, ROI and the rates of some campaigns together."""
    found = list(found)
    spend, revenue = sum(one.spend for one in found), sum(one.revenue for one in found)
    lines = [[sum(part) for part in zip((0, 0), *(one.counted(rate) for one in found), strict=True)] for rate in RATES]
    return spend, revenue, share(revenue - spend, spend), *(share(above, below) for below, above in lines)


def _channels(b: Business) -> list[tuple[str, list[Campaign]]]:
    """The one that brought most first, of equal ones by name."""
    found: dict[str, list[Campaign]] = {}
    for one in campaigns(b):
        found.setdefault(one.channel, []).append(one)
    return sorted(found.items(), key=lambda item: (-sum(one.revenue for one in item[1]), item[0].lower()))


def _newest(b: Business) -> Rows:
    """Ten, by their start; of one day the one furthest down first."""
    columns, found = COLUMNS["campaigns"], []
    for one in sorted(reversed(campaigns(b)), key=lambda one: -one.start)[:10]:
        day = day_of(one.row, "start")
        start = to_jalali(day) if "start_jalali" in one.row else day
        figures = [columns[key](b.crm, one.row) for key in (*RATES, "roi")]
        found.append((one.name, one.row.get("channel"), start, one.row.get("spend"), one.row.get("revenue"), *figures))
    return found


def year_in_all(last: int) -> Callable[[Business], list[tuple[str, Any]]]:
    """Spend, revenue, conversions that were paid for, ROI and CAC of the campaigns of twelve months together."""

    def figures(b: Business) -> list[tuple[str, Any]]:
        found = [one for one in campaigns(b) if last - 12 < one.month <= last]
        spend, revenue, roi, *_, cac = rates(found)
        gained = sum(one.counted("cac")[0] for one in found)
        return [("spend", spend), ("revenue", revenue), ("conversions", gained), ("roi", roi), ("cac", cac)]

    return figures


OUTCOMES: dict[str, Block] = {
    "all": lambda b: [(one.name, one.channel, one.start, one.month, *one.sums) for one in campaigns(b)],
    "by_month": lambda b: [
        (month, *sums) for month, _, *sums in grouped(((one.month, *one.sums) for one in campaigns(b)), least=1)
    ],
    "year": lambda b: [
        (b.days.label(m), b.days.short(m), *rates(one for one in campaigns(b) if one.month == m))
        for m in b.year(THIS_MONTH)
    ],
    "by_channel": lambda b: [
        (channel, len(found), *map(sum, zip(*(one.sums for one in found), strict=True)))
        for channel, found in _channels(b)
    ],
    "channels": lambda b: [(channel, len(found), *rates(found)) for channel, found in _channels(b)[:8]],
    "newest": _newest,
    "now": year_in_all(THIS_MONTH),
    "before": lambda b: [(f"{key}_before", value) for key, value in year_in_all(THIS_MONTH - 12)(b)],
}


def report_figures(b: Business, span: Span) -> Rows:
    deals = b.won_in(span)
    return [
        *span_figures(b, span),
        ("tasks", sum(day in span for day in b.tasks_done)),
        ("contacts", sum(day in span for day in b.contacts)),
        ("new_customers", sum(day in span for day in b.days_of("customers", "first_contact"))),
        ("buyers", len({deal.customer for deal in deals if deal.customer})),
    ]


def _scores(b: Business) -> Rows:
    now, before = b.scores_in(b.report), b.scores_in(b.report_before)
    return [("count", len(now)), ("satisfaction", mean(now)), ("count", len(before)), ("satisfaction", mean(before))]


def _year(b: Business) -> Rows:
    months = [month_figures(b, month) for month in b.year(b.days.month(b.report.end))]
    sales = "won" if b.internal else "deals"
    return [(one["short"], one[sales], one["leads"], one["converted"]) for one in months]


def _by(key: Callable[[Business, Won], str], at: int) -> Block:
    """Deals of the report's period, grouped; those with the largest figure at that place first, then by name."""

    def ranked(b: Business) -> Rows:
        found = grouped((key(b, deal), deal.amount) for deal in b.won_in(b.report))
        return largest(sorted(found, key=lambda one: one[0].lower()), at)

    return ranked


BY_CUSTOMER = _by(lambda b, deal: deal.customer or b.unknown, 2)
BY_PRODUCT = _by(lambda b, deal: deal.product, 2)
BY_REGION = _by(lambda b, deal: deal.region, 1)


def _top(b: Business) -> Rows:
    if not b.internal:
        return [(name, count, None) for name, count, _ in BY_REGION(b)[:5]]
    names = {key: row["name"] for key, row in b.crm.customers.items()}
    return [(names.get(key, b.unknown), count, amount) for key, count, amount in BY_CUSTOMER(b)[:5]]


def _products(b: Business) -> Rows:
    at, found = (2 if b.internal else 1), BY_PRODUCT(b)
    whole = sum(one[at] for one in found)
    shares = [(name, count, share((count, amount)[at - 1], whole)) for name, count, amount in found]
    return sorted(shares, key=lambda one: (-(one[2] or 0), one[0].lower()))[:5]


def _campaigns(b: Business) -> Rows:
    """The five newest that ran on a day of the period, one without an end until today."""
    found = []
    for one in campaigns(b):
        end = day_of(one.row, "end")
        if one.start and one.start <= b.report.end and (end is None or end >= b.report.start):
            money = (one.row.get("spend"), COLUMNS["campaigns"]["roi"](b.crm, one.row)) if b.internal else (None, None)
            counts = (one.row.get("channel"), one.row.get("clicks"), one.row.get("conversions"))
            found.append((one.name, *counts, *money, one.start))
    return [one[:6] for one in largest(found, 6)[:5]]


def filled(text: str, *values: str) -> str:
    """A sentence with its figures: `%1`, `%2`, or `%s` for a single one."""
    for at, value in enumerate(values, 1):
        text = text.replace("%s" if "%s" in text else f"%{at}", value)
    return text


def _sentences(b: Business) -> Sequence[tuple[str, str | None]]:
    text = b.words["views"]["report"]["texts"]
    now, before = dict(report_figures(b, b.report)), dict(report_figures(b, b.report_before))
    change = ""
    if before["won"]:
        kind = "more" if now["won"] > before["won"] else "less" if now["won"] < before["won"] else "as_before"
        change = filled(text[kind], shown(abs(now["won"] / before["won"] - 1) * 100).replace(",", ""))
    parts = [filled(text["sentence_leads"], shown(now["new_leads"]), shown(now["converted"]))]
    if b.internal:
        parts.append(filled(text["sentence_won"], shown(now["deals"]), b.money.format(now["won"])) + change + ".")
    else:
        parts.append(filled(text["sentence_deals"], shown(now["deals"]), shown(now["buyers"])))
    if scores := b.scores_in(b.report):
        parts.append(filled(text["sentence_satisfaction"], shown(sum(scores) / len(scores), 1)))
    return [("change", change or None), ("sentence", b.days.digits(" ".join(parts)))]


SUMMARY: dict[str, Block] = {
    "audience": lambda b: [("internal", b.internal)],
    "now": lambda b: report_figures(b, b.report),
    "before": lambda b: report_figures(b, b.report_before),
    "scores": _scores,
    "year": _year,
    "by_customer": BY_CUSTOMER,
    "by_product": BY_PRODUCT,
    "by_region": BY_REGION,
    "top": _top,
    "products": _products,
    "campaigns": _campaigns,
    "words": _sentences,
}
