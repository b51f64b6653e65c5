"""What leaves the description and comes back to it is taken back with its data, wherever people have put it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.changes.crm import Crm, change, description, lines_of, make, opened

NICKNAME = '[[fields.customers]]\nkey = "nickname"\ntitle = "Nickname"\ntype = "text"\n'
OFF = "[parts]\nfeedback = false\n"


PERSIAN = {"language": "fa", "calendar": "jalali"}


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


def test_a_computed_column_is_made_again_beside_the_values_that_it_left(small_templates: Path, tmp_path: Path) -> None:
    with opened(make(tmp_path / "crm", small_templates, description(head=PERSIAN)), small_templates) as crm:
        number = crm.sheet("feedback")
        crm.user.type_block(number, 1, crm.column("feedback", "date_jalali"), [["1403/01/02"], ["1403/02/02"]])
        change(crm, description(OFF, PERSIAN))
        told = "\n".join(lines_of(change(crm, description(head=PERSIAN)).plan))
        assert "a column of your own has that title too, and stays" in told
        at = crm.column("feedback", "date")
        assert [line[at] for line in crm.user.values(number)[1:3]] == [45372, 45403]
        assert [line[at + 1] for line in crm.user.values(number)[1:3]] == [45372, 45403]


def test_a_list_that_the_templates_no_longer_have_keeps_its_choices(small_templates: Path, tmp_path: Path) -> None:
    others = Path(shutil.copytree(small_templates, tmp_path / "templates"))
    column = r'\[\[column\]\]\nkey = "status"\ntype = "choice"\nlist = "customer_status"\n'
    for name, part in (
        ("tables/customers.toml", column),
        ("lists.toml", r"\[customer_status\]\n(.+\n)*"),
    ):
        text, found = re.subn(part, "", (others / name).read_text("utf-8"))
        assert found == 1, name
        (others / name).write_text(text, "utf-8")
    with opened(make(tmp_path / "crm", small_templates, description()), small_templates) as crm:
        number, at = crm.sheet("lists"), crm.column("lists", "customer_status")
        crm.user.type(number, 5, at, "Typed by somebody")
        before = [line[at : at + 1] for line in crm.user.values(number)]
        crm.describe(None, others)
        assert crm.apply().left == []
        assert crm.prepare().plan.changes == ()
        assert [line[at : at + 1] for line in crm.user.values(number)] == before
        crm.describe(None, small_templates)
        assert crm.apply().left == []
        assert crm.prepare().plan.changes == ()
        assert crm.column("lists", "customer_status") == at
