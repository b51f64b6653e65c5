"""A full repair leaves nothing broken, whatever people moved, sorted or merged in what is ours alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.changes.repair.mending import Crm, opened


@pytest.fixture
def persian(small_crm: Callable[[str], Path], small_templates: Path, tmp_path: Path) -> Iterator[Crm]:
    """A CRM with a calendar, a helper of nothing but values that formulas search through."""
    with opened(Path(shutil.copytree(small_crm("fa"), tmp_path / "crm")), small_templates) as crm:
        yield crm


def merged(crm: Crm) -> None:
    crm.user.merge(crm.sheet("calendar"), (2, 1, 4, 3))
    crm.user.merge(crm.sheet("customers"), (0, 3, 1, 5))


def sorted_with_an_empty_cell(crm: Crm) -> None:
    crm.user.clear(crm.sheet("calendar"), (3, 2, 4, 3))
    for helper in ("calendar", "figures"):
        crm.user.sort(crm.sheet(helper), 0, descending=True)


def moved(crm: Crm) -> None:
    crm.user.move_rows(crm.sheet("board"), 9, 7)
    crm.user.move_rows(crm.sheet("calendar"), 9, 7)


def renamed_and_gone(crm: Crm) -> None:
    crm.user.rename_named_range("lists_deal_stage", "mine")
    crm.user.delete_sheet(crm.sheet("lists"))


def test_a_full_repair_leaves_nothing_broken(persian: Crm) -> None:
    sheets = [persian.sheet(key) for key in ("calendar", "figures", "choices")]
    before = [persian.user.values(sheet) for sheet in sheets]
    for people in (merged, sorted_with_an_empty_cell, moved, renamed_and_gone):
        people(persian)
        persian.repair(everything=True)
        health = persian.health()
        assert (people.__name__, health.damage_lines(), health.diagnosis.plan.drift) == (people.__name__, [], ())
        assert persian.plan().plan.empty
        assert [persian.user.values(sheet) for sheet in sheets] == before
