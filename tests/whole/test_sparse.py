"""CRMs that hold little or what they should not: nothing at all, one row in each table, text among the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.spine.computed_check import shown_errors
from tests.spine.conftest import copied
from tests.spine.reference import JALALI, number_of, to_jalali
from tests.whole.checks import business, wrong_computed
from tests.whole.crm import CLOCKS, PRESETS, Whole, Workshop, clock, entered
from tests.whole.sales_check import sales_of
from tests.whole.sales_check import wrong as wrong_sales
from tests.whole.stories import THERE, told, wrong_figures

GENERAL = "general"
TODAY = number_of(CLOCKS["autumn"])
# Who a row is for and what it says; dates in days from today, choices as list.key.
ROWS: dict[str, dict[str, Any]] = {
    "customers": {
        "id": "C-0001", "name": "Ada Marsh", "email": "ada@example.com", "phone": "0911", "region": "region.north",
        "lead_source": "lead_source.referral", "status": "customer_status.active", "first_contact": -5,
        "next_follow_up": -1,
    },
    "campaigns": {
        "id": "M-0001", "name": "Spring", "channel": "channel.email", "start": -20, "end": -3, "spend": 50,
        "impressions": 400, "clicks": 8, "sent": 90, "opens": 30, "conversions": 2, "revenue": 75,
    },
    "leads": {
        "id": "L-0001", "name": "Ben Ode", "phone": "0912", "contact_date": -3, "status": "lead_status.new",
        "source": "lead_source.referral", "next_action_date": 0, "customer": "Ada Marsh · C-0001",
    },
    "interactions": {"id": "I-0001", "date": -2, "customer": "Ada Marsh · C-0001"},
    "deals": {
        "id": "D-0001", "customer": "Ada Marsh · C-0001", "product": "product.1", "amount": 120, "owner": "team.1",
        "stage": "deal_stage.1", "expected_close": 6, "campaign": "Spring · M-0001",
    },
    "tasks": {"id": "T-0001", "title": "Call", "due": -4, "assignee": "team.1", "customer": "Ada Marsh · C-0001"},
    "feedback": {"id": "F-0001", "date": -1, "customer": "Ada Marsh · C-0001", "score": 4},
}  # fmt: skip
DATES = {
    "first_contact", "next_follow_up", "start", "end", "contact_date", "next_action_date", "date", "expected_close",
    "closed_on", "due",
}  # fmt: skip
# Where a number or a day belongs, and people wrote something else.
MISTAKES: dict[str, dict[str, Any]] = {
    "customers": {"id": "C-0002", "name": "Text", "first_contact": "long ago", "next_follow_up": "soon"},
    "campaigns": {
        "id": "M-0002", "name": "Text", "start": "spring", "end": "later", "spend": "much", "impressions": "many",
        "clicks": "few", "sent": "all", "opens": "some", "conversions": "none", "revenue": "unknown",
    },
    "leads": {"id": "L-0002", "name": "Text", "contact_date": "monday", "next_action_date": "soon"},
    "interactions": {"id": "I-0002", "date": "yesterday", "customer": "Nobody"},
    "deals": {
        "id": "D-0002", "customer": "Ada Marsh · C-0001", "amount": "a lot", "probability": "high",
        "stage": "deal_stage.1", "expected_close": "summer", "closed_on": "maybe", "created_at": "then",
        "stage_since": "since when",
    },
    "tasks": {"id": "T-0002", "title": "Text", "due": "one day", "done": "almost"},
    "feedback": {"id": "F-0002", "date": "today", "customer": "Ada Marsh · C-0001", "score": "good"},
}  # fmt: skip


@pytest.fixture(scope="module", params=["en", "fa"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def bare(workshop: Workshop, language: str, tmp_path: Path) -> Iterator[Whole]:
    """A CRM without rows, to be filled."""
    project = copied(workshop.empty(GENERAL, language), tmp_path / "crm")
    with entered(project, clock(language, "autumn")) as opened:
        yield opened


def written(crm: Whole, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is typed in the CRM's language and calendar."""
    found, jalali = {}, crm.project.settings.calendar == "jalali"
    for key, value in row.items():
        if key in DATES:
            number = isinstance(value, int)
            day = TODAY + value if number else value
            found[key + JALALI if jalali else key] = to_jalali(day) if jalali and number else day
        elif isinstance(value, str) and value.partition(".")[0] in crm.titles:
            name, _, choice = value.partition(".")
            titles = crm.titles[name]
            found[key] = [*titles.values()][int(choice)] if choice.isdecimal() else titles[choice]
        else:
            found[key] = value
    return found


def fill(crm: Whole, rows: Mapping[str, Mapping[str, Any]], number: int = 2) -> None:
    for table, row in rows.items():
        crm.type_rows(table, number, [written(crm, row)], "RAW")


def wrong(crm: Whole) -> list[str]:
    """Errors of any kind, and figures that are not what the rows say."""
    grids = crm.grids()
    sales = wrong_sales(crm, grids, sales_of(crm, grids))
    return [*crm.errors(), *shown_errors(grids), *wrong_computed(crm, grids), *wrong_figures(crm), *sales]


def test_the_six_trades_are_there() -> None:
    assert set(THERE) == set(PRESETS)


@pytest.mark.parametrize("at", CLOCKS)
def test_nothing_typed_yet(workshop: Workshop, language: str, at: str) -> None:
    with entered(workshop.empty(GENERAL, language), clock(language, at)) as crm:
        found = wrong(crm)
    assert not found, told(found)


def test_one_row_in_each_table(bare: Whole) -> None:
    fill(bare, ROWS)
    found = wrong(bare)
    assert not found, told(found)
    b = business(bare, bare.grids())
    assert (len(b.leads), len(b.open_now), len(b.won), len(b.tasks_open), b.leads_due, b.customers_due) == (
        1,
        1,
        0,
        1,
        1,
        1,
    )


@pytest.mark.parametrize("stage", ["won", "lost"])
def test_one_decided_deal(bare: Whole, stage: str) -> None:
    fill(bare, ROWS | {"deals": {**ROWS["deals"], "stage": f"deal_stage.{stage}", "closed_on": 0}})
    found = wrong(bare)
    assert not found, told(found)
    assert len(business(bare, bare.grids()).won) == (stage == "won")


@pytest.mark.parametrize("table", ROWS)
def test_one_row_in_one_table_alone(bare: Whole, table: str) -> None:
    fill(bare, {table: ROWS[table]})
    found = shown_errors(bare.grids())
    assert not found, told(found)


def test_text_among_the_numbers(bare: Whole) -> None:
    """It breaks nothing, and adds nothing to the figures of the rows beside it."""
    fill(bare, ROWS)
    names = (
        "kpi_new_leads",
        "kpi_pipeline",
        "kpi_tasks_overdue",
        "kpi_follow_ups_due",
        "kpi_satisfaction",
        "outcome_roi",
    )
    grids = bare.grids()
    before = {name: bare.named(grids, name) for name in names}
    fill(bare, MISTAKES, 3)
    grids = bare.grids()
    found = [*bare.errors(), *shown_errors(grids)]
    assert not found, told(found)
    assert {name: bare.named(grids, name) for name in names} == before


def test_nothing_but_text_where_numbers_belong(bare: Whole) -> None:
    fill(bare, MISTAKES)
    found = shown_errors(bare.grids())
    assert not found, told(found)
