"""Names, columns, rows and sheets that people deleted: what others need comes back, the rest when it is named."""

from __future__ import annotations

import pytest

from crm_builder import deploy
from tests.changes.repair.mending import Crm


@pytest.mark.parametrize("name", ["customers_name", "deals_amount", "crm_today", "lists_deal_stage"])
def test_a_deleted_name(crm: Crm, name: str) -> None:
    was = crm.user.values(crm.sheet("board"))
    crm.user.delete_named_range(name)
    assert crm.damage() == [("broken_name", f"name {name}")]
    crm.mended()
    assert crm.user.values(crm.sheet("board")) == was


@pytest.mark.parametrize("helper", ["figures", "choices"])
def test_a_deleted_helper(crm: Crm, helper: str) -> None:
    sheets = {key: crm.user.values(crm.sheet(key)) for key in ("board", "customers", "deals", helper)}
    crm.user.delete_sheet(crm.sheet(helper))
    assert crm.damage() == [("missing", helper)]
    crm.mended()
    assert {key: crm.user.values(crm.sheet(key)) for key in sheets} == sheets


def test_a_deleted_computed_column(crm: Crm) -> None:
    was = crm.shown("customers", "total_value")
    crm.user.delete_column(crm.sheet("customers"), crm.column("customers", "total_value"))
    assert crm.damage() == [("missing", "customers.total_value")]
    crm.mended()
    assert crm.shown("customers", "total_value") == was


def test_a_deleted_column_of_a_helper_and_cleared_cells(crm: Crm) -> None:
    figures = crm.sheet("figures")
    was = crm.user.values(crm.sheet("board"))
    crm.user.delete_column(figures, 6)
    crm.user.clear(figures, (1, 1, 3, 2))
    assert crm.damage() == [
        ("missing", "figures.cell facts_value row 2"),
        ("missing", "figures.cell facts_value row 3"),
        ("missing", "figures.stages_amount"),
    ]
    crm.mended()
    assert crm.user.values(crm.sheet("board")) == was


def test_a_deleted_row_of_a_view_that_is_named(crm: Crm) -> None:
    """It is inserted again: in its place stands a pivot table now."""
    pivots = crm.sheet("pivots")
    was = crm.user.values(pivots)
    crm.user.delete_rows(pivots, 5)
    assert crm.damage() == []
    assert crm.repair("pivots").left == []
    assert crm.user.values(pivots) == was
    assert not crm.plan().batches


def test_cells_that_accept_something_else_below_a_header_of_people(crm: Crm) -> None:
    customers, column = crm.sheet("customers"), crm.column("customers", "status")
    crm.user.retitle(customers, 0, column, "Mine")
    crm.user.validate(customers, (3, column, 5, column + 1), ["a"])
    assert crm.damage() == [("lost_validation", "customers.status")]
    assert crm.repair(everything=True).left == []
    assert (crm.damage(), crm.health().plan.drift) == ([], ())


def test_row_colours_in_whose_place_people_have_their_own(crm: Crm) -> None:
    customers = crm.sheet("customers")
    ours = crm.user.sheets()[customers]["bandedRanges"][0]["bandedRangeId"]
    crm.user.delete_banding(ours)
    own = crm.user.add_banding(customers, (2, 0, 5, 2))
    prepared = deploy.prepare_repair(crm.project, crm.client, crm.found, ("customers.banding customers",))
    assert [str(one.id) for one in prepared.plan.refusals] == ["customers.banding customers"]
    assert not prepared.plan.changes
    assert [one["bandedRangeId"] for one in crm.user.sheets()[customers]["bandedRanges"]] == [own]


@pytest.mark.parametrize("line", [1, 2])
def test_a_deleted_row_of_a_helper(crm: Crm, line: int) -> None:
    was = {key: crm.user.values(crm.sheet(key)) for key in ("board", "figures", "customers")}
    crm.user.delete_rows(crm.sheet("figures"), line)
    assert crm.damage() == [("lost_rows", "figures")]
    crm.mended()
    assert {key: crm.user.values(crm.sheet(key)) for key in was} == was


def test_a_deleted_row_of_a_helper_above_a_value_typed_over(crm: Crm) -> None:
    figures = crm.sheet("figures")
    was = crm.user.values(figures)
    line, index = crm.user.find(figures, "C-3")
    crm.user.type(figures, line, index, "oops")
    crm.user.delete_rows(figures, 2)
    assert [kind for kind, _ in crm.damage()] == ["typed_over", "lost_rows"]
    crm.mended(gone=1)
    assert crm.user.values(figures) == was


def test_the_last_row_of_a_helper_deleted(crm: Crm) -> None:
    was = crm.user.values(crm.sheet("figures"))
    crm.user.delete_rows(crm.sheet("figures"), 3)
    assert {kind for kind, _ in crm.damage()} == {"missing", "broken_name"}
    crm.mended()
    assert crm.user.values(crm.sheet("figures")) == was


def test_a_name_that_people_deleted_after_it_broke(crm: Crm) -> None:
    sheet, area = crm.sheet("figures"), crm.user.names()["crm_today"]
    crm.user.delete_sheet(sheet)
    crm.user.send({"deleteNamedRange": {"namedRangeId": area["namedRangeId"]}})
    crm.mended()


def test_a_deleted_column_comes_back_where_formulas_need_it(crm: Crm) -> None:
    deals = crm.sheet("deals")
    crm.user.delete_column(deals, crm.column("deals", "amount"))
    assert crm.damage() == [("missing", "deals.amount")]
    assert "formulas need it" in crm.health().damage_lines()[0]
    crm.mended()


def test_a_deleted_column_that_nothing_needs_stays_away(crm: Crm) -> None:
    crm.user.delete_column(crm.sheet("customers"), crm.column("customers", "notes"))
    assert crm.health().well
    assert crm.repair().snapshot is None
    assert crm.health().plan.drift
    crm.repair("customers.notes")
    assert crm.health().plan.drift == ()


def test_a_deleted_table_comes_back_empty_where_formulas_need_it(crm: Crm) -> None:
    crm.user.delete_sheet(crm.sheet("deals"))
    assert crm.damage() == [("missing", "deals")]
    crm.mended()


def test_a_deleted_view_stays_away_until_it_is_named(crm: Crm) -> None:
    was = crm.user.values(crm.sheet("board"))
    crm.user.delete_sheet(crm.sheet("board"))
    crm.user.delete_sheet(crm.sheet("feedback"))
    assert crm.health().well
    crm.repair("board")
    assert [str(one.id) for one in crm.health().plan.drift] == ["feedback"]
    assert crm.user.values(crm.sheet("board")) == was
