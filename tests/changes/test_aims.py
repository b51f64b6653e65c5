"""What counts columns, or was called otherwise before, is found and written again wherever people put it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.changes.keeping import Keeping

RENAMED = """
[[fields.deals]]
key = "spot"
title = "Place"
type = "text"
"""
RENAMED_AGAIN = RENAMED.replace('key = "spot"', 'key = "town"\nwas = "spot"')


@pytest.fixture
def crm(small_crm: Callable[[str], Path], small_templates: Path, tmp_path: Path) -> Keeping:
    return Keeping(Path(shutil.copytree(small_crm("en"), tmp_path / "crm")), small_templates)


def move(crm: Keeping, sheet: str, column: str, before: int) -> None:
    with crm.user() as (user, observed):
        place = observed.layout.place(sheet)
        user.move_column(place.sheet_id, place.column(column), before)


def slicer(crm: Keeping) -> tuple[str, str | None]:
    (found,) = crm.observed().workbook.sheet("pivots").slicers
    return found.column, found.area.first_column


@pytest.mark.parametrize(("column", "before"), [("id", 7), ("customer_id", 1)])
def test_a_slicer_whose_column_people_took_out_of_its_range(crm: Keeping, column: str, before: int) -> None:
    move(crm, "deals", column, before)
    crm.apply(RENAMED)
    assert slicer(crm) == ("stage", None)
    crm.undo()
    assert slicer(crm) == ("stage", None)
    crm.describe()
    assert crm.pending() == ()


def test_a_name_that_was_called_otherwise_comes_back_with_its_column(crm: Keeping) -> None:
    crm.apply(RENAMED)
    crm.apply(RENAMED_AGAIN)
    with crm.user() as (user, observed):
        user.delete_sheet(observed.layout.place("deals").sheet_id)
    crm.repair(everything=True)
    crm.describe(RENAMED_AGAIN.replace('was = "spot"\n', ""))
    assert crm.pending() == ()
    assert "deals_town" in {name.name for name in crm.observed().workbook.names}
