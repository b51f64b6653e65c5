"""What leaves the description and comes back to it is taken back with its data, wherever people have put it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.changes.crm import Crm, change, description, make, opened

NICKNAME = '[[fields.customers]]\nkey = "nickname"\ntitle = "Nickname"\ntype = "text"\n'
OFF = "[parts]\nfeedback = false\n"


@pytest.fixture
def crm(small_templates: Path, tmp_path: Path) -> Iterator[Crm]:
    with opened(make(tmp_path / "crm", small_templates, description(NICKNAME)), small_templates) as crm:
        crm.user.type(crm.sheet("customers"), 1, crm.column("customers", "nickname"), "Addie")
        crm.user.type_block(crm.sheet("feedback"), 1, 0, [["2026-01-02", 4, "fine"]])
        yield crm


def test_a_part_off_and_on_again(crm: Crm) -> None:
    number = crm.sheet("feedback")
    change(crm, description(NICKNAME + OFF))
    assert "feedback" not in crm.marks()
    crm.user.rename_sheet(number, "Old feedback")
    crm.user.type(number, 2, 2, "typed meanwhile")
    change(crm, description(NICKNAME))
    assert crm.sheet("feedback") == number
    assert crm.user.values(number)[2][2] == "typed meanwhile"


def test_a_field_forgotten_and_described_again(crm: Crm) -> None:
    at = crm.column("customers", "nickname")
    change(crm, description())
    crm.user.move_column(crm.sheet("customers"), at, 0)
    change(crm, description(NICKNAME))
    assert crm.column("customers", "nickname") == 0
    assert crm.user.values(crm.sheet("customers"))[1][0] == "Addie"


def test_a_forgotten_sheet_and_its_copy(crm: Crm) -> None:
    number = crm.sheet("feedback")
    copy = crm.user.duplicate_sheet(number, "Copy")
    change(crm, description(NICKNAME + OFF))
    assert "feedback" not in {key for key, (sheet, _) in crm.marks().items() if sheet == number}
    change(crm, description(NICKNAME))
    assert crm.user.title(copy) == "Copy"
    assert crm.user.title(number) == "Feedback"
