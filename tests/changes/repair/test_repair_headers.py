"""The header row of a table that people delete or empty: damage it stays, whatever is applied, until it is mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crm_builder import deploy
from crm_builder.project import load_project
from tests.changes.repair.mending import HEAD, Crm
from tests.conftest import CLOCK

FIELD = '\n[[fields.customers]]\nkey = "nickname"\ntitle = "Nickname"\ntype = "text"\n'


def test_a_deleted_header_comes_back_above_the_rows(crm: Crm) -> None:
    customers = crm.sheet("customers")
    was = crm.user.values(customers)
    crm.user.delete_rows(customers, HEAD)
    assert crm.damage() == [("lost_header", "customers")]
    assert crm.repair().left == []
    assert crm.health().well
    was[HEAD].remove("Mine")
    assert crm.user.values(customers) == was


def apply(crm: Crm, templates: Path, more: str) -> None:
    """Describes more, and applies it."""
    path = crm.project.folder / "crm.toml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    crm.project = load_project(crm.project.folder, templates)
    prepared = crm.plan()
    assert prepared.plan.changes
    done = deploy.apply(crm.project, crm.client, crm.found, prepared, now=CLOCK, tell=lambda text: None)
    assert not done.left


def body(crm: Crm) -> list[list[Any]]:
    """What people typed into the table, by the columns that it began with."""
    return [line[:8] for line in crm.user.values(crm.sheet("customers")) if line and str(line[0]).startswith("C-")]


def test_an_apply_before_the_repair_of_a_deleted_header(crm: Crm, small_templates: Path) -> None:
    was, typed = crm.shown("customers", "total_value"), body(crm)
    crm.user.delete_rows(crm.sheet("customers"), HEAD)
    apply(crm, small_templates, FIELD)
    assert crm.damage() == [("lost_header", "customers")]
    assert "its header is empty" in crm.health().damage_lines()[0]
    assert crm.health().told.drift == ()
    crm.mended()
    assert crm.health().plan.drift == ()
    assert (crm.shown("customers", "total_value"), body(crm)) == (was, typed)
    assert crm.shown("customers", "nickname")[HEAD] == "Nickname"


def test_an_emptied_header_is_written_again_but_for_what_people_call_otherwise(crm: Crm) -> None:
    customers = crm.sheet("customers")
    was = crm.user.values(customers)
    crm.user.clear(customers, (HEAD, 0, HEAD + 1, crm.user.size(customers)[1] - 1))
    crm.user.type(customers, HEAD, 2, "Mail")
    assert crm.damage() == [("lost_header", "customers")]
    crm.mended()
    was[HEAD][2] = "Mail"
    assert crm.user.values(customers) == was
    assert [(str(one.id), one.difference.name) for one in crm.health().plan.drift] == [("customers.email", "title")]


def test_a_header_that_is_gone_while_a_row_is_frozen_again(crm: Crm) -> None:
    customers, typed = crm.sheet("customers"), body(crm)
    crm.user.delete_rows(customers, HEAD)
    crm.user.freeze(customers, 1)
    assert crm.damage() == [("lost_header", "customers")]
    assert crm.repair().left == []
    assert crm.health().well
    assert (body(crm), crm.shown("customers", "id")[HEAD]) == (typed, "ID")


@pytest.mark.parametrize("column", [0, 4])
def test_one_title_that_people_emptied_is_theirs(crm: Crm, column: int) -> None:
    crm.user.clear(crm.sheet("customers"), (HEAD, column, HEAD + 1, column + 1))
    assert crm.health().well
