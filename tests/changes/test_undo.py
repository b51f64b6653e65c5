"""Undo: the latest apply goes back, its deletions come back with their values, and nothing that people did since goes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from crm_builder.errors import CrmError
from crm_builder.model.compare import differences
from tests.changes.keeping import DELETED, NICKNAME, Keeping, type_rows

PEOPLE = [
    {"id": "C-1", "name": "Berta", "nickname": "B", "status": "Active"},
    {"id": "C-2", "name": "Adam", "nickname": "A"},
    {"id": "C-3", "name": "Carl"},
    {"id": "C-4", "name": "Dora", "nickname": "=1+1"},
]


@pytest.fixture
def crm(crm_folder: Path, small_templates: Path) -> Keeping:
    return Keeping(crm_folder, small_templates)


def nicknames(crm: Keeping) -> dict[str, Any]:
    names, nick = crm.column("customers", "name"), crm.column("customers", "nickname")
    return {names[line]: content for line, content in nick.items()}


def without(people: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name != key} for one in people]


def test_there_is_nothing_to_undo_in_a_new_crm(crm: Keeping) -> None:
    with pytest.raises(CrmError, match="nothing to undo"):
        crm.undo()


def test_an_added_column_without_data_goes(crm: Keeping) -> None:
    type_rows(crm, "customers", without(PEOPLE, "nickname"))
    before = crm.grids()
    crm.apply(NICKNAME)
    crm.undo()
    assert crm.grids() == before
    assert len(crm.pending()) > 0, "crm.toml still describes it"
    crm.describe()
    assert crm.pending() == ()


def test_an_added_column_with_data_stays_as_peoples_own(crm: Keeping) -> None:
    crm.apply(NICKNAME)
    type_rows(crm, "customers", PEOPLE)
    before = crm.grids()
    done = crm.undo()
    assert crm.grids() == before
    assert len(done.kept) == 1 and "Nickname" in done.kept[0]
    crm.describe()
    assert "nickname" not in crm.observed().layout.place("customers").columns
    assert crm.pending() == ()


def test_a_deleted_column_comes_back_with_its_values(crm: Keeping) -> None:
    crm.apply(NICKNAME)
    type_rows(crm, "customers", PEOPLE)
    before = crm.grids()
    crm.apply(DELETED)
    assert crm.grids() != before
    done = crm.undo()
    assert done.entered == 3
    assert crm.grids() == before
    crm.describe(NICKNAME)
    assert crm.pending() == ()


def test_the_values_find_their_rows_after_a_sort_and_new_rows(crm: Keeping) -> None:
    crm.apply(NICKNAME)
    type_rows(crm, "customers", PEOPLE)
    expected = nicknames(crm)
    crm.apply(DELETED)
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.sort(place.sheet_id, place.column("name"), descending=True)
        user.insert_rows(place.sheet_id, 2, 2)
        user.retitle(place.sheet_id, 2, place.column("name"), "New one")
    done = crm.undo()
    assert nicknames(crm) == expected == {"Berta": "B", "Adam": "A", "Dora": "=1+1"}
    assert done.lost == []
    assert "New one" in crm.column("customers", "name").values()


def test_values_of_rows_that_people_deleted_are_told_of(crm: Keeping) -> None:
    crm.apply(NICKNAME)
    type_rows(crm, "customers", PEOPLE)
    crm.apply(DELETED)
    with crm.user() as (user, observed):
        user.delete_rows(observed.layout.place("customers").sheet_id, 1)
    done = crm.undo()
    assert nicknames(crm) == {"Adam": "A", "Dora": "=1+1"}
    assert len(done.lost) == 1 and "1 cell of a row" in done.lost[0]


def test_boxes_numbers_and_formulas_come_back_as_they_were(crm: Keeping) -> None:
    field = NICKNAME.replace('"text"', '"number"')
    box = NICKNAME.replace('"text"', '"checkbox"').replace("nickname", "box").replace("Nickname", "Box")
    crm.apply(field + box)
    rows = [{"id": f"C-{n}", "name": f"N{n}", "nickname": n / 3, "box": n % 2 == 0} for n in range(6)]
    type_rows(crm, "customers", rows)
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.type(place.sheet_id, 3, place.column("nickname"), "=ROW()*2")
    before = crm.grids()
    crm.apply('[changes]\ndelete = ["customers.nickname", "customers.box"]\n')
    assert crm.undo().entered == 12
    assert crm.grids() == before


def test_a_change_of_the_templates_goes_back(crm: Keeping, tmp_path: Path) -> None:
    type_rows(crm, "customers", without(PEOPLE, "nickname"))
    before, observed = crm.grids(), crm.observed()
    former, crm.templates = crm.templates, Path(shutil.copytree(crm.templates, tmp_path / "templates"))
    for name, old, new in (
        ("tables/customers.toml", "[total_value]>1000", "[total_value]>2000"),
        ("tables/customers.toml", '[[column]]\nkey = "notes"\ntype = "long_text"\n', ""),
        ("tables/deals.toml", 'tab = "green"', 'tab = "red"'),
        ("views/board.toml", "span = 3\ntitle", "span = 4\ntitle"),
        ("workbook.toml", "header_height = 40", "header_height = 50"),
        ("workbook.toml", 'version = "1"', 'version = "2"'),
    ):
        path = crm.templates / name
        text = path.read_text("utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), "utf-8")
    assert len(crm.apply().plan.changes) > 5
    crm.undo()
    assert crm.pending(), "the templates still describe it"
    crm.templates = former
    assert crm.pending() == ()
    assert crm.grids() == before
    assert differences(observed.workbook, crm.observed().workbook) == []


def test_rows_without_ids_are_known_by_what_is_in_them(crm: Keeping) -> None:
    field = NICKNAME.replace("customers", "deals")
    crm.apply(field)
    rows = [{"customer": f"Customer {n}", "amount": n * 10, "nickname": f"deal {n}"} for n in range(1, 6)]
    type_rows(crm, "deals", rows)
    crm.apply(DELETED.replace("customers", "deals"))
    with crm.user() as (user, observed):
        place = observed.layout.place("deals")
        user.sort(place.sheet_id, place.column("amount"), descending=True)
        user.type(place.sheet_id, 1, place.column("amount"), 55)  # the row of customer 5, edited since
    crm.undo()
    customers, nick = crm.column("deals", "customer"), crm.column("deals", "nickname")
    pairs = {customers[line]: text for line, text in nick.items() if line != 1}
    assert pairs.items() >= {f"Customer {n}": f"deal {n}" for n in range(1, 5)}.items()


def test_a_forgotten_column_becomes_ours_again_where_people_moved_it(crm: Keeping) -> None:
    crm.apply(NICKNAME)
    type_rows(crm, "customers", PEOPLE)
    expected = nicknames(crm)
    crm.apply("")
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        index = next(at for at, text in enumerate(user.values(place.sheet_id)[0]) if text == "Nickname")
        user.move_column(place.sheet_id, index, 1)
    crm.undo()
    assert nicknames(crm) == expected
    crm.describe(NICKNAME)
    assert crm.pending() == ()


def test_a_renamed_key_goes_back(crm: Keeping) -> None:
    crm.apply(NICKNAME)
    type_rows(crm, "customers", PEOPLE)
    before, expected = crm.grids(), nicknames(crm)
    crm.apply(NICKNAME.replace('"nickname"', '"alias"\nwas = "nickname"'))
    assert "alias" in crm.observed().layout.place("customers").columns
    crm.undo()
    assert nicknames(crm) == expected
    assert crm.grids() == before
    crm.describe(NICKNAME)
    assert crm.pending() == ()


LISTS = """
[lists.customer_status]
extend = true
choices = [{ key = "active", title = "%s" }]
"""


def test_a_choices_title_goes_back_in_the_list_and_in_the_cells(crm: Keeping) -> None:
    type_rows(crm, "customers", without(PEOPLE, "nickname"))
    before = crm.grids()
    crm.apply(LISTS % "Regular")
    assert crm.column("customers", "status") == {1: "Regular"}
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.type(place.sheet_id, 3, place.column("status"), "Regular")
    crm.undo()
    assert crm.column("customers", "status") == {1: "Active", 3: "Active"}
    lists = crm.grids()["Lists"]
    assert lists == before["Lists"]
    crm.describe()
    assert crm.pending() == ()


def test_a_choice_that_came_and_is_in_use_stays(crm: Keeping) -> None:
    crm.apply('[lists.customer_status]\nextend = true\nchoices = [{ title = "VIP" }]\n')
    type_rows(crm, "customers", [{"id": "C-1", "name": "Berta", "status": "VIP"}])
    done = crm.undo()
    assert crm.column("customers", "status") == {1: "VIP"}
    assert any("VIP" in line for line in done.kept)


def test_what_people_retitled_since_stays(crm: Keeping) -> None:
    crm.apply(NICKNAME)
    crm.apply(NICKNAME.replace("Nickname", "Alias"))
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.retitle(place.sheet_id, 0, place.column("nickname"), "How we call them")
    crm.undo()
    assert crm.observed().workbook.sheet("customers").column("nickname").title == "How we call them"


def test_undo_twice_takes_back_the_one_before(crm: Keeping) -> None:
    type_rows(crm, "customers", without(PEOPLE, "nickname"))
    first = crm.grids()
    crm.apply(NICKNAME)
    second = crm.grids()
    crm.apply(NICKNAME.replace("Nickname", "Alias"))
    crm.undo()
    assert crm.grids() == second
    crm.undo()
    assert crm.grids() == first
    with pytest.raises(CrmError, match="nothing to undo"):
        crm.undo()


def test_what_was_applied_again_after_an_undo_can_be_undone_again(crm: Keeping) -> None:
    before = crm.grids()
    for _ in range(2):
        crm.apply(NICKNAME)
        crm.undo()
    assert crm.grids() == before


FEEDBACK = [{"date": 46000 + n, "score": n % 10, "comment": f"line {n}"} for n in range(30)]
NO_FEEDBACK = '[parts]\nfeedback = false\n[changes]\ndelete = ["feedback"]\n'


def with_feedback(crm: Keeping) -> None:
    type_rows(crm, "feedback", FEEDBACK)
    with crm.user() as (user, observed):
        place = observed.layout.place("feedback")
        user.insert_column(place.sheet_id, 1)
        user.type(place.sheet_id, 0, 1, "My own")
        user.type(place.sheet_id, 3, 1, "=C4*2")
        user.insert_rows(place.sheet_id, 0)
        user.type(place.sheet_id, 0, 0, "A line above all")


def test_a_deleted_sheet_comes_back_with_all_its_rows(crm: Keeping) -> None:
    with_feedback(crm)
    before = crm.grids()
    crm.apply(NO_FEEDBACK)
    assert "Feedback" not in crm.grids()
    crm.undo()
    assert crm.grids() == before
    crm.describe()
    assert crm.pending() == ()


def test_a_forgotten_sheet_becomes_ours_again(crm: Keeping) -> None:
    with_feedback(crm)
    before = crm.grids()
    crm.apply("[parts]\nfeedback = false\n")
    assert "feedback" not in crm.observed().layout.places
    crm.undo()
    assert "feedback" in crm.observed().layout.places
    assert crm.grids() == before
    crm.describe()
    assert crm.pending() == ()


def test_a_sheet_that_came_goes_only_without_data(crm: Keeping) -> None:
    crm.apply(NO_FEEDBACK)
    crm.apply("")
    type_rows(crm, "feedback", FEEDBACK[:1])
    done = crm.undo()
    assert "Feedback" in crm.grids() and len(done.kept) == 1
    crm.describe(NO_FEEDBACK)
    assert "feedback" not in crm.observed().layout.places
