"""Compares what a CRM shows with the reference: every computed column, helper block, chart and cell of its views."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.spine.computed_check import same, wrong_blocks, wrong_choices, wrong_columns
from tests.spine.conftest import MONEY, Grid
from tests.spine.reference import day_of
from tests.spine.test_periods import CALENDARS
from tests.whole.blocks_results import OUTCOMES, SUMMARY
from tests.whole.blocks_time import KPIS, MOVEMENTS, PERIODS, Block
from tests.whole.business import Business
from tests.whole.crm import Rows, Whole
from tests.whole.days import Days

HELPERS: dict[str, dict[str, Block]] = {
    "periods": PERIODS, "movements": MOVEMENTS, "kpis": KPIS, "outcomes": OUTCOMES, "summary": SUMMARY,
}  # fmt: skip
# Grouped passes whose order means nothing: what is shown of them is looked up or sorted.
UNORDERED = {
    "movements.stages", "kpis.leads_by_month", "kpis.won_by_month", "kpis.opened_by_month", "kpis.ended_by_month",
    "kpis.feedback_by_month", "kpis.contacts_by_month", "kpis.tasks_by_month", "kpis.leads_by_source",
    "kpis.won_by_product", "kpis.won_by_region", "kpis.tasks_by_member", "outcomes.by_month",
}  # fmt: skip
LOOKS = {"kpis.line", "kpis.bars"}  # how small charts are drawn; no figures
GUARDS = "intact"  # a block of zeros, unless something is broken
DAYS = {"customers": "first_contact", "leads": "contact_date", "deals": "closed_on", "tasks": "due"}


def business(crm: Whole, grids: Mapping[str, Grid]) -> Business:
    """The reference for what stands in the CRM and is chosen in its fields."""
    given, settings = crm.crm(grids), crm.project.settings
    names = crm.words["months"][crm.project.rendered.context.calendar["periods"]["months"]]
    known = [day for table, key in DAYS.items() for row in given.rows(table) if (day := day_of(row, key)) is not None]
    days = Days(
        CALENDARS["fa" if settings.calendar == "jalali" else "en"],
        tuple(names),
        settings.digits == "persian",
        given.today,
        min([given.today, *known]),
    )
    (period,), (report,) = ([row[0] for row in crm.named(grids, f"{name}_period")] for name in ("dashboard", "report"))
    (audience,) = (row[0] for row in crm.named(grids, "report_audience"))
    return Business(
        given,
        days,
        crm.words,
        MONEY[settings.language],
        frozenset(crm.parts),
        *days.period(crm.words["periods"], period),
        *days.period(crm.words["periods"], report),
        audience == crm.words["views"]["report"]["texts"]["managers"],
    )


def wrong_computed(crm: Whole, grids: Mapping[str, Grid]) -> list[str]:
    """The computed columns of the tables: RFM scores, segments and all; the figures behind them; the dropdowns."""
    return [*wrong_columns(crm, grids), *wrong_blocks(crm, grids), *wrong_choices(crm, grids)]


def wrong_helpers(crm: Whole, grids: Mapping[str, Grid], b: Business) -> Iterator[str]:
    for helper, references in HELPERS.items():
        if helper not in grids:
            continue
        blocks = crm.blocks(helper)
        yield from (f"{helper}.{name} is not in the workbook" for name in references.keys() - blocks.keys())
        for name in blocks:
            place = f"{helper}.{name}"
            if place in LOOKS:
                continue
            found = crm.named(grids, f"{helper}_{name}")
            if name == GUARDS:
                yield from (f"{place}: {row}" for row in found if row[1] != 0)
            elif name not in references:
                yield f"{place} has no reference"
            else:
                yield from differing(place, found, references[name](b), ordered=place not in UNORDERED)


def differing(place: str, found: Rows, expected: Rows, *, ordered: bool = True) -> Iterator[str]:
    if not ordered:
        found, expected = (sorted(rows, key=lambda row: str(row[0]).removesuffix(".0")) for rows in (found, expected))
    if len(found) != len(expected):
        yield f"{place}: {len(found)} rows instead of {len(expected)}: {found[-2:]} … {expected[-2:]}"
    for at, (one, other) in enumerate(zip(found, expected, strict=False), 1):
        if len(one) != len(other) or not all(map(same, one, other)):
            yield f"{place} row {at}: {one} instead of {other}"


def column(crm: Whole, b: Business, block: str, key: str, memory: dict[str, Rows]) -> list[Any]:
    """One column of a block's reference; `block` is helper.block."""
    helper, _, name = block.partition(".")
    if block not in memory:
        memory[block] = HELPERS[helper][name](b)
    at = crm.blocks(helper)[name].index(key)
    return [row[at] for row in memory[block]]


Lookup = Callable[[str, str], list[Any]]


def lookup(crm: Whole, b: Business) -> Lookup:
    memory: dict[str, Rows] = {}
    return lambda block, key: column(crm, b, block, key, memory)
