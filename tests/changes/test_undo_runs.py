"""Undo and its runs: interrupted ones are finished, interrupted applies go back as a whole, and what the command says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from crm_builder.cli import main
from crm_builder.deploy import journal, snapshots
from tests.changes.faults import Counting, KillAfter, Killed
from tests.changes.keeping import DELETED, NICKNAME, Keeping, faulty_runs, type_rows
from tests.changes.test_undo import PEOPLE, with_feedback


@pytest.fixture
def crm(crm_folder: Path, small_templates: Path) -> Keeping:
    return Keeping(crm_folder, small_templates)


@pytest.mark.parametrize("fault", ["before", "lost"])
def test_disturbed_at_any_call_the_next_undo_finishes(
    crm: Keeping, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_builder.deploy.entering.LIMIT_BYTES", 6_000)  # several batches
    with_feedback(crm)
    crm.apply(NICKNAME)
    type_rows(crm, "customers", PEOPLE)
    before = crm.grids()
    crm.apply('[parts]\nfeedback = false\n[changes]\ndelete = ["feedback", "customers.nickname"]\n')
    runs = 0
    for copy in faulty_runs(crm, tmp_path, fault, lambda one, http: one.undo(http)):
        runs += 1
        assert copy.grids() == before, runs
    assert runs > 5


def test_an_interrupted_apply_is_undone_as_a_whole(crm: Keeping, tmp_path: Path) -> None:
    crm.apply(NICKNAME)
    type_rows(crm, "customers", PEOPLE)
    before = crm.grids()
    crm.describe(DELETED)
    counted: list[Counting] = []
    copy = Keeping(Path(shutil.copytree(crm.folder, tmp_path / "copy")), crm.templates)
    copy.apply(fault=lambda http: counted.append(Counting(http)) or counted[0])
    with pytest.raises(Killed):
        crm.apply(fault=lambda http: KillAfter(http, counted[0].writes[-1], "after"))
    assert journal.interrupted(crm.folder / ".crm")
    crm.apply()
    assert not journal.interrupted(crm.folder / ".crm")
    crm.undo()
    assert crm.grids() == before


def test_the_oldest_snapshots_go_and_those_that_people_asked_for_stay(crm: Keeping) -> None:
    asked = crm.backup()
    for number in range(4):
        crm.apply(NICKNAME.replace("Nickname", f"Name {number}"))
    own = sorted(snapshots.folder_of(crm.folder / ".crm").glob("*-apply*.json.gz"))
    assert len(own) == 4
    snapshots.prune(crm.folder / ".crm", 2)
    assert sorted(snapshots.folder_of(crm.folder / ".crm").iterdir()) == sorted([asked, *own[2:]])


def test_the_command_asks_and_says_that_the_description_stays(crm: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_BUILDER_TEMPLATES", str(crm.templates))
    monkeypatch.setenv("CRM_BUILDER_CLOCK", crm.now.isoformat())
    crm.apply(NICKNAME)
    asked = CliRunner().invoke(main, ["undo", "-C", str(crm.folder)])
    assert asked.exit_code == 1 and "--yes" in asked.stderr
    done = CliRunner().invoke(main, ["undo", "-C", str(crm.folder), "--yes"])
    assert done.exit_code == 0
    again = f"`crm-builder plan -C {crm.folder}` will show it again"
    assert f"crm.toml still describes the change: put crm.toml back, or {again}" in done.stdout


def test_the_command_tells_what_a_repair_emptied(crm: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_BUILDER_TEMPLATES", str(crm.templates))
    monkeypatch.setenv("CRM_BUILDER_CLOCK", crm.now.isoformat())
    type_rows(crm, "customers", [{"id": "C-1", "name": "Berta"}])
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.type(place.sheet_id, 1, place.column("total_value"), 7)
    crm.repair()
    with crm.user() as (user, observed):
        user.type(place.sheet_id, 1, place.column("total_value"), 8)
    done = CliRunner().invoke(main, ["undo", "-C", str(crm.folder), "--yes", "--json"])
    assert done.exit_code == 0, done.output
    assert "1 cell that it emptied" in done.stderr
    told = json.loads(done.stdout)
    assert (told["entered"], told["lost"]) == (0, ["Customers: 1 cell that people typed into since stays as it is"])
