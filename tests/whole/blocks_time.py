"""What the blocks of the helpers `periods`, `movements` and `kpis` must hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from tests.spine.reference import day_of
from tests.spine.reference_columns import COLUMNS
from tests.whole.business import Business, largest, mean, number, share
from tests.whole.crm import Rows
from tests.whole.days import THIS_MONTH, Span

Block = Callable[[Business], Rows]
MONTHS = range(1, 50)


def grouped(rows: Iterable[tuple[Hashable, ...]], *, least: int = 0) -> Rows:
    """Key, count and sums of the other figures; keys that are numbers count from `least`."""
    groups: dict[Hashable, list[tuple[Any, ...]]] = {}
    for key, *figures in rows:
        if isinstance(key, str) or key >= least:
            groups.setdefault(key, []).append(tuple(figures))
    return [(key, len(found), *map(sum, zip(*found, strict=True))) for key, found in groups.items()]


def _named_days(b: Business) -> Rows:
    days = b.days
    return [
        ("month_number", days.number(THIS_MONTH)),
        ("month_now", THIS_MONTH),
        ("week", days.week),
        ("month", days.first(0)),
        ("month_before", days.first(-1)),
        ("month_second_before", days.first(-2)),
        ("quarter", days.first(0, 3)),
        ("quarter_before", days.first(-3, 3)),
        ("year", days.first(0, 12)),
        ("year_before", days.first(-12, 12)),
        ("year_second_before", days.first(-24, 12)),
        ("oldest", days.oldest),
    ]


def _span(b: Business, now: Span, before: Span) -> Rows:
    return [
        ("start", now.start), ("end", now.end), ("before_start", before.start), ("before_end", before.end),
        ("text", b.days.text(now)), ("before_text", b.days.text(before) if before else None),
    ]  # fmt: skip


PERIODS: dict[str, Block] = {
    "names": lambda b: list(enumerate(b.days.names)),
    "days": _named_days,
    "months": lambda b: [
        (b.days.span(m).start, b.days.span(m).end, b.days.label(m), b.days.short(m), b.days.number(m)) for m in MONTHS
    ],
    "choices": lambda b: [
        (title, now.start, now.end, before.start, before.end)
        for title, (now, before) in zip(b.words["periods"].values(), b.days.periods, strict=True)
    ],
    "chosen": lambda b: _span(b, b.period, b.before),
    "report": lambda b: _span(b, b.report, b.report_before),
}

MOVEMENTS: dict[str, Block] = {
    "won": lambda b: [
        (deal.day, deal.amount, deal.customer, deal.product, deal.region, b.days.month(deal.day)) for deal in b.won
    ],
    "open": lambda b: [(life.start, life.end, life.amount) for life in b.lives],
    "stages": lambda b: grouped((row.get("stage", b.unknown), number(row, "amount")) for row in b.crm.rows("deals")),
}


def month_figures(b: Business, month: int) -> dict[str, Any]:
    """Every figure of a month."""
    span = b.days.span(month)
    leads, won = b.leads_in(span), b.won_in(span)
    converted, amount = sum(lead.converted for lead in leads), sum(deal.amount for deal in won)
    return {
        "label": b.days.label(month),
        "short": b.days.short(month),
        "leads": len(leads),
        "converted": converted,
        "conversion": share(converted, len(leads)),
        "deals": len(won),
        "won": amount,
        "average": share(amount, len(won)),
        "pipeline": b.pipeline(span.end) if month <= THIS_MONTH else None,
        "contacts": sum(day in span for day in b.contacts),
        "tasks": sum(day in span for day in b.tasks_done),
    }


def _contentment(b: Business, month: int) -> tuple[Any, ...]:
    scores = b.scores_in(b.days.span(month))
    kinds = Counter("detractor" if score <= 3 else "promoter" if score >= 5 else "passive" for score in scores)
    shares = [share(kinds[kind], len(scores)) for kind in ("promoter", "passive", "detractor")]
    nps = (shares[0] - shares[2]) * 100 if scores else None
    return month, len(scores), mean(scores), *shares, nps


def _year(b: Business) -> Rows:
    keys = ("label", "short", "leads", "conversion", "won", "won_before", "average", "pipeline", "contacts", "tasks")
    months = [month_figures(b, m) | {"won_before": month_figures(b, m - 12)["won"]} for m in b.year(b.last_month)]
    return [tuple(one[key] for key in keys) for one in months]


def span_figures(b: Business, span: Span) -> Rows:
    leads, won = b.leads_in(span), b.won_in(span)
    converted, amount = sum(lead.converted for lead in leads), sum(deal.amount for deal in won)
    return [
        ("new_leads", len(leads)),
        ("converted", converted),
        ("conversion", share(converted, len(leads))),
        ("deals", len(won)),
        ("won", amount),
        ("average", share(amount, len(won))),
    ]


def _now(b: Business) -> Rows:
    return [
        *span_figures(b, b.period),
        ("open_deals", len(b.open_now)),
        ("pipeline", sum(life.amount for life in b.open_now)),
        ("leads_due", b.leads_due),
        ("customers_due", b.customers_due),
        ("follow_ups_due", b.leads_due + b.customers_due),
        ("tasks_open", len(b.tasks_open)),
        ("tasks_overdue", sum(overdue for _, overdue in b.tasks_open)),
    ]


def _before(b: Business) -> Rows:
    return [*span_figures(b, b.before), ("pipeline", b.pipeline(b.period.start - 1))]


def _scores(b: Business) -> Rows:
    now, before = b.scores_in(b.period), b.scores_in(b.before)
    return [
        ("count", len(now)),
        ("satisfaction", mean(now)),
        ("count_before", len(before)),
        ("satisfaction_before", mean(before)),
    ]


def _by_source(b: Business) -> Rows:
    return [one[:2] for one in grouped((lead.source, 1) for lead in b.leads_in(b.period))]


def _amounts(column: str) -> Block:
    return lambda b: [
        (key, amount) for key, _, amount in grouped((getattr(d, column), d.amount) for d in b.won_in(b.period))
    ]


def _ranking(list_key: str, block: Block, rows: int) -> Block:
    """All choices of a list and whatever else occurs, the largest first."""

    def ranked(b: Business) -> Rows:
        found = dict(block(b))
        return largest([(name, found.get(name, 0)) for name in b.ordered(list_key, found)], 1)[:rows]

    return ranked


def _funnel(b: Business) -> Rows:
    stages = {stage: (amount, count) for stage, count, amount in MOVEMENTS["stages"](b)}
    names = [name for name in b.ordered("deal_stage", stages) if name not in b.decided]
    return [(name, *stages.get(name, (0, 0))) for name in names][:12]


def _campaigns(b: Business) -> Rows:
    """The newest eight of those with a spend that ran in the twelve months of the trend, by their ROI."""
    first, found = b.days.span(b.last_month - 11).start, []
    for row in b.campaigns:
        start, end = day_of(row, "start"), day_of(row, "end")
        roi = COLUMNS["campaigns"]["roi"](b.crm, row)
        if roi is not None and start is not None and start <= b.period.end and (end is None or end >= first):
            found.append((row["name"], roi, start))
    return [one[:2] for one in largest(largest(found, 2)[:8], 1)]


def _by_member(b: Business) -> Rows:
    return grouped((name, int(overdue)) for name, overdue in b.tasks_open)


def _tasks(b: Business) -> Rows:
    found = {name: (overdue, count - overdue, count) for name, count, overdue in _by_member(b)}
    names = b.ordered("team", found)
    return [one[:3] for one in largest([(name, *found.get(name, (0, 0, 0))) for name in names], 3)[:10]]


def _by_month(rows: Callable[[Business], Iterable[tuple[Any, ...]]], *figures: int, least: int = 1) -> Block:
    """Grouped by the month of a day; `figures` are the places of what is shown beside the month, 1 being the count."""
    return lambda b: [
        tuple(group[at] for at in (0, *figures))
        for group in grouped(((b.days.month(day), *more) for day, *more in rows(b)), least=least)
    ]


KPIS: dict[str, Block] = {
    "leads_by_month": _by_month(lambda b: ((lead.day, int(lead.converted)) for lead in b.leads), 1, 2),
    "won_by_month": _by_month(lambda b: ((deal.day, deal.amount) for deal in b.won), 1, 2),
    "opened_by_month": _by_month(lambda b: ((life.start, life.amount) for life in b.lives), 2, least=0),
    "ended_by_month": _by_month(lambda b: ((life.end, life.amount) for life in b.lives if life.end), 2, least=0),
    "feedback_by_month": _by_month(
        lambda b: ((day, score, int(score >= 5), int(score <= 3)) for day, score in b.scores), 1, 2, 3, 4
    ),
    "contacts_by_month": _by_month(lambda b: ((day, 0) for day in b.contacts), 1),
    "tasks_by_month": _by_month(lambda b: ((day, 0) for day in b.tasks_done), 1),
    "monthly": lambda b: [(month, *month_figures(b, month).values()) for month in MONTHS],
    "contentment": lambda b: [_contentment(b, month) for month in MONTHS],
    "year": _year,
    "year_contentment": lambda b: [
        (b.days.short(m), _contentment(b, m)[2], _contentment(b, m)[-1]) for m in b.year(b.last_month)
    ],
    "now": _now,
    "before": _before,
    "scores": _scores,
    "leads_by_source": _by_source,
    "sources": _ranking("lead_source", _by_source, 10),
    "won_by_product": _amounts("product"),
    "products": _ranking("product", _amounts("product"), 8),
    "won_by_region": _amounts("region"),
    "regions": _ranking("region", _amounts("region"), 8),
    "funnel": _funnel,
    "campaigns": _campaigns,
    "tasks_by_member": _by_member,
    "tasks": _tasks,
}
