"""What came with an apply goes with its undo only where people left nothing in it, on it, or looking at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_builder.sheets import Observed
from tests.changes.crm import description, make
from tests.changes.keeping import NICKNAME, Keeping
from tests.changes.user import User

PERSIAN = {"language": "fa", "calendar": "jalali"}
DATES = "".join(
    f'[[fields.customers]]\nkey = "{key}"\ntitle = "{key.title()}"\ntype = "date"\n' for key in ("first", "second")
)
OFF = '[parts]\nfeedback = false\n[changes]\ndelete = ["feedback"]\n'
Edit = Callable[[User, int, int], object]  # sheet id, index of a column that came


@pytest.fixture
def crm(crm_folder: Path, small_templates: Path) -> Keeping:
    return Keeping(crm_folder, small_templates)


def spot(observed: Observed, sheet: str, column: str) -> tuple[int, int]:
    place = observed.layout.place(sheet)
    return place.sheet_id, place.column(column)


def used_beside(user: User, sheet: int, column: int) -> None:
    user.insert_column(sheet, 0)
    user.type(sheet, 1, 0, f"={'ABCDEFGHIJKLMN'[column + 1]}2&1")


EDITS: dict[str, Edit] = {
    "a title": lambda user, sheet, column: user.retitle(sheet, 0, column, "My remarks"),
    "a note": lambda user, sheet, column: user.note(sheet, 2, column, "call her back"),
    "a formula elsewhere": used_beside,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_a_column_stays_for(crm: Keeping, edit: Edit) -> None:
    crm.apply(NICKNAME)
    with crm.user() as (user, observed):
        sheet, column = spot(observed, "customers", "nickname")
        edit(user, sheet, column)
        size = user.size(sheet)
    before = crm.grids()
    assert len(crm.undo().kept) == 1
    assert crm.grids() == before
    with crm.user() as (user, _):
        assert user.size(sheet) == size


SHEET_EDITS: dict[str, Edit] = {
    "a title": EDITS["a title"],
    "a note": EDITS["a note"],
    "a chart": lambda user, sheet, column: user.add_chart(sheet, (0, 0, 5, 2)),
}


@pytest.mark.parametrize("edit", SHEET_EDITS.values(), ids=SHEET_EDITS.keys())
def test_a_sheet_stays_for(crm: Keeping, edit: Edit) -> None:
    crm.apply(OFF)
    crm.apply("")
    with crm.user() as (user, observed):
        edit(user, *spot(observed, "feedback", "comment"))
    before = crm.grids()
    assert len(crm.undo().kept) == 1
    assert crm.grids() == before


def test_formulas_over_several_columns_do_not_hold_one_of_them(crm: Keeping) -> None:
    crm.apply(NICKNAME)
    with crm.user() as (user, observed):
        sheet, _ = spot(observed, "customers", "nickname")
        user.insert_column(sheet, 0)
        user.type(sheet, 1, 0, "=COUNTA(B2:Z2)")
    assert crm.undo().kept == []
    assert "nickname" not in crm.observed().layout.place("customers").columns


def test_a_title_that_people_gave_to_what_was_left_to_them_stays(crm: Keeping) -> None:
    crm.apply(NICKNAME)
    crm.apply("")
    with crm.user() as (user, observed):
        sheet = observed.layout.place("customers").sheet_id
        user.retitle(sheet, *user.find(sheet, "Nickname"), "Mine now")
    before = crm.grids()
    crm.undo()
    assert "nickname" in crm.observed().layout.place("customers").columns
    assert crm.grids() == before


def test_two_dates_in_the_jalali_calendar_go_with_their_protections(small_templates: Path, tmp_path: Path) -> None:
    crm = Keeping(make(tmp_path / "crm", small_templates, description(head=PERSIAN)), small_templates)
    before = crm.grids()
    crm.apply(DATES)
    assert crm.undo().kept == []
    assert crm.grids() == before
    crm.describe()
    assert crm.pending() == ()
