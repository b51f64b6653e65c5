"""Undo of a repair: what it mended is as people had it, and the cells that it emptied hold again what was in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.changes.keeping import Keeping, faulty_runs, type_rows

PEOPLE = [{"id": f"C-{n}", "name": name} for n, name in enumerate(("Berta", "Adam", "Carl", "Dora"), 1)]


@pytest.fixture
def crm(crm_folder: Path, small_templates: Path) -> Keeping:
    return Keeping(crm_folder, small_templates)


def typed_over(crm: Keeping) -> Keeping:
    """Values in a computed column, one of them a date, and one in the way of a helper sheet's formula."""
    type_rows(crm, "customers", PEOPLE)
    deals = [{"customer": f"{one['name']} · {one['id']}", "amount": 100, "stage": "Won"} for one in PEOPLE]
    type_rows(crm, "deals", deals)
    with crm.user() as (user, observed):
        place, figures = observed.layout.place("customers"), observed.layout.place("figures")
        for line, value in ((1, 5), (2, "2026-01-02"), (4, "much")):
            user.type(place.sheet_id, line, place.column("total_value"), value)
        area = (2, place.column("total_value"), 3, place.column("total_value") + 1)
        user.number_format(place.sheet_id, area, "yyyy-mm-dd", "DATE")
        user.type(figures.sheet_id, 3, figures.column("values_customer"), "in the way")
    return crm


def values(crm: Keeping) -> dict[str, Any]:
    names, total = crm.column("customers", "name"), crm.column("customers", "total_value")
    return {names[line]: value for line, value in total.items()}


def test_what_people_retitled_and_deleted_goes_back(crm: Keeping) -> None:
    type_rows(crm, "customers", PEOPLE)
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.retitle(place.sheet_id, 0, place.column("email"), "Mail")
        user.delete_column(place.sheet_id, place.column("notes"))
    before = crm.grids()
    crm.repair(everything=True)
    assert crm.grids() != before
    done = crm.undo()
    assert (done.what, done.lost, crm.grids()) == ("repair", [], before)


def test_values_typed_over_formulas_are_entered_again(crm: Keeping) -> None:
    typed_over(crm)
    before, formats = crm.grids(), crm.formats("Customers")
    crm.repair()
    assert values(crm) == {} and crm.grids() != before
    done = crm.undo()
    assert (done.emptied, done.entered, done.lost) == (4, 4, [])
    assert crm.grids() == before
    assert crm.formats("Customers") == formats and "DATE" in formats.values()


def test_a_header_typed_over_goes_back_with_what_was_below(crm: Keeping) -> None:
    type_rows(crm, "customers", PEOPLE)
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        for line, value in ((0, "My total"), (1, 5), (2, 6)):
            user.type(place.sheet_id, line, place.column("total_value"), value)
    before = crm.grids()
    crm.repair()
    assert crm.grids() != before
    crm.undo()
    assert crm.grids() == before


def test_values_find_their_rows_and_what_was_typed_since_stays(crm: Keeping) -> None:
    typed_over(crm)
    crm.repair()
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.sort(place.sheet_id, place.column("name"), descending=True)  # Dora, Carl, Berta, Adam
        user.type(place.sheet_id, 1, place.column("total_value"), "since")
        user.delete_rows(place.sheet_id, 4)
    done = crm.undo()
    assert values(crm) == {"Dora": "since", "Berta": 5}
    assert sorted(done.lost) == [
        "Customers: 1 cell of a row that is gone is not entered again",
        "Customers: 1 cell that people typed into since stays as it is",
    ]


@pytest.mark.parametrize("fault", ["before", "lost"])
def test_killed_at_any_call_the_next_undo_finishes(crm: Keeping, tmp_path: Path, fault: str) -> None:
    typed_over(crm)
    before = crm.grids()
    crm.repair()
    copies = faulty_runs(crm, tmp_path, fault, lambda one, http: one.undo(http))
    assert sum(copy.grids() == before for copy in copies) > 2
