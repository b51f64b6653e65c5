"""What the views of sales show, formula by formula in reading order: cards, notes, columns of lists, the board."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tests.whole import sales_ledger, sales_outlook, sales_rfm
from tests.whole.sales_base import Line, Open, Sales, grouped, percent, ratio

Shown = tuple[str | None, list[Any]]  # the text above a formula, None where it does not matter; its cells downward
BOARD = 20  # deals of a stage
MAILS = 100  # people that the list of mail addresses shows
ADDRESSES = 500


def figures(sales: Sales) -> dict[str, Any]:
    """Every named figure of the helper sheets, by name."""
    named = [*sales_ledger.facts(sales), *sales_rfm.limits(sales), *sales_rfm.facts(sales), *sales_outlook.facts(sales)]
    return {name: figure for _, name, figure in named}


def analysis(sales: Sales) -> list[Shown]:
    has = figures(sales)
    ledger = {key: block(sales) for key, block in sales_ledger.BLOCKS.items()}
    orders = [line[5] for line in sales_rfm.segments(sales)]
    counts = {key: len(sales.listed(key)) + 1 for key in ("lead_source", "product", "region")}
    by_source = ledger["sources"][: min(counts["lead_source"], 8)]
    by_product = ledger["products"][: min(counts["product"], 10)]
    by_region = ledger["regions"][: min(counts["region"], 10)]

    def said(key: str, figure: Any) -> Shown:
        return sales.text("analysis", key), [figure]

    return [
        said("won_value", has["ledger_won_value"]),
        said("average", ratio(has["ledger_won_value"], has["ledger_won_count"])),
        said("buyers", has["ledger_buyers"]),
        said("again", ratio(has["ledger_again"], has["ledger_buyers"])),
        (None, [sales.text("analysis", "won_note", grouped(has["ledger_won_count"]))]),
        (None, [sales.text("analysis", "again_note", grouped(has["ledger_again"]))]),
        *_list(sales, "analysis", ("month", "deals", "value"), ledger["trend"], (0, 1, 2)),
        *_list(sales, "analysis", ("customer", "orders", "value", "last"), ledger["top_customers"]),
        *_list(sales, "analysis", ("customer", "product", "amount", "expected", "late", "owner"), ledger["slipping"]),
        *_list(sales, "analysis", ("source", "leads", "deals", "won_value", "per_lead"), by_source),
        *_list(sales, "analysis", ("product", "deals", "won_value", "share", "open"), by_product),
        *_list(sales, "analysis", ("region", "customers", "deals", "won_value", "open"), by_region, (0, 1, 2, 3, 5)),
        *_list(sales, "analysis", ("region", "best_product", "best_value", "region_value"), by_region, (0, 6, 7, 3)),
        *_list(
            sales,
            "analysis",
            ("segment", "average_value", "average_order", "average_orders", "contacts"),
            [(*line, order) for line, order in zip(ledger["segments"], orders, strict=True)],
            (0, 1, 4, 2, 3),
        ),
    ]


def segments(sales: Sales) -> list[Shown]:
    has, lines = figures(sales), sales_rfm.segments(sales)
    value = {line[0]: line[3] for line in lines}
    count = {line[0]: line[1] for line in lines}
    best = sum(value[sales.title("segment", key)] for key in ("vip", "loyal"))
    risk = sales.title("segment", "at_risk")
    people = sales_rfm.mail(sales)
    limits = sales.crm.thresholds
    parts = (
        sales.price(limits["vip_value"]),
        *(whole(limits[key]) for key in ("at_risk_days", "loyal_orders", "new_days", "inactive_days")),
    )
    keys = {title: key for key, title in sales.crm.words["segment"].items()}
    rules = [sales.text("segments", f"rule_{keys[title]}", *parts) for title in sales.listed("segment")]

    def share(part: float, of: float, note: str) -> str | None:
        return sales.text("segments", note, percent(part / of)) if of else None

    return [
        (sales.text("segments", "customers"), [has["rfm_customers"]]),
        (sales.text("segments", "buyers"), [has["ledger_buyers"]]),
        (sales.text("segments", "best") % tuple(sales.title("segment", key) for key in ("vip", "loyal")), [best]),
        (sales.text("segments", "risk"), [value[risk]]),
        (None, [share(has["ledger_buyers"], has["rfm_customers"], "buyers_note")]),
        (None, [share(best, has["rfm_value"], "best_note")]),
        (None, [sales.text("segments", "risk_note", grouped(count[risk]))]),
        *_list(sales, "segments", ("segment", "count", "share", "value", "value_share", "order", "score"), lines),
        *((None, [rule]) for rule in rules),
        *_columns([sales.text("segments", "recency"), *map(str, range(1, 6))], sales_rfm.matrix(sales)),
        (sales.text("segments", "reached"), [len(people)]),
        (None, [", ".join(line[1] for line in people[:ADDRESSES]) or None]),
        *_list(sales, "segments", ("name", "email", "last", "consent"), people[:MAILS]),
        (None, [sales.text("segments", "more", grouped(len(people) - MAILS)) if len(people) > MAILS else None]),
    ]


def forecast(sales: Sales) -> list[Shown]:
    has = figures(sales)
    outlook = {key: block(sales) for key, block in sales_outlook.BLOCKS.items()}
    coming = [line[3] for line in outlook["months"][-3:] if line[3] is not None]
    a_day, goal = has["outlook_velocity_day"], has["outlook_target"]
    open_note = (grouped(has["ledger_open_count"]), sales.price(has["ledger_open_value"]))
    won_note = (grouped(has["outlook_won"]), grouped(has["outlook_decided"]))

    def said(key: str, figure: Any) -> Shown:
        return sales.text("forecast", key), [figure]

    def note(key: str, *parts: Any) -> Shown:
        return None, [sales.text("forecast", key, *parts)]

    owners = outlook["owners"][: min(len(sales.listed("team")) + 1, 8)]
    products = outlook["products"][: min(len(sales.listed("product")) + 1, 8)]
    record = ("won", "lost", "rate", "actual", "days")
    return [
        said("weighted", has["ledger_weighted_value"]),
        said("win_rate", has["outlook_win_rate"]),
        said("cycle", has["outlook_cycle"]),
        note("weighted_note", *open_note),
        note("win_rate_note", *won_note) if has["outlook_decided"] else (None, [None]),
        said("velocity", has["outlook_velocity_month"]),
        said("month", has["ledger_now_won_value"]),
        said("next", sum(coming) if coming else None),
        (None, [None]) if a_day is None else note("velocity_note", sales.price(a_day)),
        note("month_note", percent(has["ledger_now_won_value"] / goal)) if goal else note("month_free"),
        note("next_note") if coming else note("next_none"),
        *_list(
            sales,
            "forecast",
            ("column_month", "actual", "target", "reached", "forecast"),
            outlook["months"],
            (0, 1, 4, 5, 3),
        ),
        *_list(sales, "forecast", ("expected", "deals", "value", "weighted_value"), outlook["pipeline"]),
        *_list(sales, "forecast", ("owner", *record), owners),
        *_list(sales, "forecast", ("product", *record), products),
    ]


def pipeline(sales: Sales) -> list[Shown]:
    has, text = figures(sales), lambda key, *parts: sales.text("pipeline", key, *parts)
    decided = [sales.title("deal_stage", key) for key in ("won", "lost")]
    stages = [title for title in sales.listed("deal_stage") if title not in decided]
    board = {stage: board_order(deal for deal in sales.open if deal.stage == stage) for stage in stages}
    other = sum(deal.stage not in stages for deal in sales.open)
    stuck_note = (grouped(has["ledger_stuck_count"]), whole(sales.crm.thresholds["stuck_days"]))
    return [
        (text("open"), [has["ledger_open_value"]]),
        (text("stuck_deals"), [has["ledger_stuck_value"]]),
        (text("won"), [has["ledger_now_won_value"]]),
        (text("lost"), [has["ledger_now_lost_value"]]),
        (None, [text("deals", grouped(has["ledger_open_count"]))]),
        (None, [text("stuck_note", *stuck_note)]),
        (None, [text("deals", grouped(has["ledger_now_won"]))]),
        (None, [text("deals", grouped(has["ledger_now_lost"]))]),
        *((None, [_board_head(sales, deals)]) for deals in board.values()),
        *((None, [_board_card(sales, deal) for deal in deals[:BOARD]]) for deals in board.values()),
        *((None, [text("more", len(deals) - BOARD) if len(deals) > BOARD else None]) for deals in board.values()),
        (None, [text("other", other) if other else None]),
    ]


def board_order(deals: Iterable[Open]) -> list[Open]:
    """The largest first, of equal ones the one further up."""
    return sorted(deals, key=lambda deal: (-deal.amount, deal.row))


def _board_head(sales: Sales, deals: Sequence[Open]) -> str:
    if not deals:
        return sales.text("pipeline", "none")
    return f"{sales.text('pipeline', 'deals', grouped(len(deals)))} · {sales.price(sum(d.amount for d in deals))}"


def _board_card(sales: Sales, deal: Open) -> str:
    days = "" if deal.days is None else " · " + sales.text("pipeline", "days", deal.days)
    return f"{'⚠ ' if sales.is_stuck(deal) else ''}{deal.customer}\n{sales.price(deal.amount)}{days}"


def whole(number: float) -> str:
    """A number as it stands in a text."""
    return f"{number:g}"


def _list(
    sales: Sales, view: str, heads: Sequence[str], lines: Sequence[Line], columns: Sequence[int] | None = None
) -> list[Shown]:
    """The columns of a list, under the titles that the view's texts give them."""
    places = range(len(heads)) if columns is None else columns
    return _columns([sales.text(view, key) for key in heads], [[line[at] for at in places] for line in lines])


def _columns(heads: Sequence[str], lines: Sequence[Sequence[Any]]) -> list[Shown]:
    return [(head, [line[at] for line in lines]) for at, head in enumerate(heads)]


VIEWS: dict[str, Callable[[Sales], list[Shown]]] = {
    "analysis": analysis,
    "segments": segments,
    "forecast": forecast,
    "pipeline": pipeline,
}
