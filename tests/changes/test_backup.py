"""Backup and restore: every typed cell comes back as it was entered, into a new spreadsheet or where it is missing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_builder import deploy
from crm_builder.deploy import journal, snapshots
from crm_builder.deploy.restore import sound
from crm_builder.errors import CrmError
from crm_builder.model.compare import differences
from crm_builder.sheets.progress import mark_rows, marked_rows
from tests.changes.keeping import NICKNAME, Grids, Keeping, faulty_runs, type_rows
from tests.changes.user import User

HOSTILE = [
    {"id": "C-1", "name": "=1+1", "email": "+49 30 1234", "notes": "'quoted"},
    {"id": "C-2", "name": "007", "email": "1e5", "notes": "a\nb\tc"},
    {"id": "C-3", "name": "TRUE", "email": "22.11.2026", "notes": "👩‍👩‍👧 مشتری ✓"},
    {"id": "C-4", "name": "5%", "first_contact": 46348, "consent": True, "notes": "x" * 40_000},
    {"id": "C-5", "name": "#REF!", "first_contact": 46348.5, "consent": False, "notes": " "},
]


@pytest.fixture
def crm(crm_folder: Path, small_templates: Path) -> Keeping:
    return Keeping(crm_folder, small_templates)


def lived_in(crm: Keeping) -> Keeping:
    """A CRM with hostile cells, people's own columns, lines and sheets, titles of theirs, and a forgotten column."""
    crm.apply(NICKNAME)
    type_rows(crm, "customers", [row | {"nickname": f"nick {n}"} for n, row in enumerate(HOSTILE)])
    type_rows(crm, "feedback", [{"date": 46000 + n, "score": 1 + n % 5} for n in range(20)])
    crm.apply("")
    with crm.user() as (user, observed):
        customers, feedback = observed.layout.place("customers"), observed.layout.place("feedback")
        user.insert_column(customers.sheet_id, 2)
        user.type(customers.sheet_id, 0, 2, "My own")
        user.type(customers.sheet_id, 1, 2, "=A2&B2")
        user.retitle(customers.sheet_id, 0, customers.column("email") + 1, "Mail")
        user.insert_rows(feedback.sheet_id, 0, 2)
        user.type(feedback.sheet_id, 0, 0, "Above all")
        board = observed.layout.place("board")
        user.type(board.sheet_id, board.rows - 1, 30, "a note of mine")
        own = user.add_sheet("My sheet", 1)
        user.type_block(own, 0, 0, [["007", "=SUM(Customers!A:A)", "'=1+1"], [None, "22.11.2026", "x"]])
        user.add_named_range("my_place", own, (0, 0, 1, 1))
    return crm


def fresh(crm: Keeping, folder: Path) -> Keeping:
    return Keeping(folder, crm.templates)


def ours(grids: Grids) -> Grids:
    return {title: grid for title, grid in grids.items() if any(grid)}


def test_a_new_spreadsheet_has_every_cell_where_it_was(crm: Keeping, tmp_path: Path) -> None:
    lived_in(crm)
    before, observed = crm.grids(), crm.observed()
    file = crm.backup(tmp_path / "all.json.gz")
    other = fresh(crm, tmp_path / "other")
    other.restore(file)
    assert ours(other.grids()) == ours(before)
    assert differences(sound(observed.workbook), other.observed().workbook) == []
    assert other.observed().baseline == observed.baseline
    assert other.pending() == ()
    with other.user() as (user, _):
        assert {"my_place", "customers_nickname"} <= user.names().keys()
        titles = [sheet["properties"]["title"] for sheet in user.sheets().values()]
    assert titles.index("My sheet") == 1


def test_a_backup_changes_nothing_and_costs_four_calls(crm: Keeping) -> None:
    lived_in(crm)
    before = crm.grids()
    with crm.open() as (project, client, found):
        made = deploy.backup(project, client, found, None, crm.now)
        assert len(client.calls) == 4
    assert crm.grids() == before
    assert made.path.parent == snapshots.folder_of(crm.folder / ".crm")
    assert made.cells > 100


def test_a_restored_crm_goes_on_as_any_other(crm: Keeping, tmp_path: Path) -> None:
    file = lived_in(crm).backup(tmp_path / "all.json.gz")
    other = fresh(crm, tmp_path / "other")
    other.restore(file)
    again = Keeping(other.folder, crm.templates)
    before = again.grids()
    again.apply(NICKNAME.replace("nickname", "alias").replace("Nickname", "Alias"))
    again.undo()
    assert again.grids() == before


def test_there_is_a_crm_already(crm: Keeping, tmp_path: Path) -> None:
    file = crm.backup(tmp_path / "all.json.gz")
    with pytest.raises(CrmError, match="--missing"):
        crm.restore(file)


def test_a_second_spreadsheet_beside_the_first(crm: Keeping, tmp_path: Path) -> None:
    lived_in(crm)
    before = crm.grids()
    file = crm.backup(tmp_path / "all.json.gz")
    with crm.user() as (user, observed):
        first = user.id
        user.delete_rows(observed.layout.place("customers").sheet_id, 1, 5)
    done = crm.restore(file, as_new=True)
    assert done.spreadsheet_id != first
    assert ours(crm.grids()) == ours(before)
    assert list((crm.folder / ".crm").glob("deployment-*.json"))


@pytest.mark.parametrize("fault", ["before", "lost"])
def test_a_killed_restore_goes_on(crm: Keeping, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["crm_builder.sheets.progress"], "LIMIT_BYTES", 60_000)  # several batches
    before = ours(lived_in(crm).grids())
    file = crm.backup(tmp_path / "all.json.gz")
    (tmp_path / "empty").mkdir()
    runs = 0
    for copy in faulty_runs(fresh(crm, tmp_path / "empty"), tmp_path, fault, lambda one, http: one.restore(file, http)):
        runs += 1
        assert ours(copy.grids()) == before, runs
        with copy.open() as (_, client, _found):
            assert len(client.crm_files()) == 1
    assert runs > 5


def test_nothing_is_missing(crm: Keeping, tmp_path: Path) -> None:
    file = lived_in(crm).backup(tmp_path / "all.json.gz")
    before = crm.grids()
    done = crm.missing(file)
    assert done.empty and crm.grids() == before


def test_deleted_rows_come_back_below_and_nothing_is_overwritten(crm: Keeping, tmp_path: Path) -> None:
    file = lived_in(crm).backup(tmp_path / "all.json.gz")
    names = crm.column("customers", "name")
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.delete_rows(place.sheet_id, 2, 2)
        user.type(place.sheet_id, 1, place.column("name"), "changed since")
        user.type(place.sheet_id, 4, place.column("name"), "a new row")
        user.type(place.sheet_id, 4, place.column("id"), "C-9")
    done = crm.missing(file)
    assert done.rows == {"customers": 2}
    now = crm.column("customers", "name")
    assert now == {1: "changed since", 2: names[4], 3: names[5], 4: "a new row", 5: names[2], 6: names[3]}
    notes = crm.column("customers", "notes")
    assert notes[5] == HOSTILE[1]["notes"] and notes[6] == HOSTILE[2]["notes"]
    before = crm.grids()
    assert crm.missing(file).empty
    assert crm.grids() == before


def test_many_rows_make_the_grid_grow(crm: Keeping, tmp_path: Path) -> None:
    type_rows(crm, "customers", [{"id": f"C-{n}", "name": f"Name {n}"} for n in range(90)])
    file = crm.backup(tmp_path / "all.json.gz")
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.delete_rows(place.sheet_id, 1, 45)
        user.delete_rows(place.sheet_id, 50, place.rows - 45 - 50)
    crm.missing(file)
    assert sorted(crm.column("customers", "name").values()) == sorted(f"Name {n}" for n in range(90))
    with crm.user() as (user, observed):
        sizes = {key: user.size(place.sheet_id)[0] for key, place in observed.layout.places.items()}
    assert sizes["customers"] >= 91 and sizes["choices"] >= sizes["customers"]


def test_a_deleted_column_and_sheet_come_back(crm: Keeping, tmp_path: Path) -> None:
    file = lived_in(crm).backup(tmp_path / "all.json.gz")
    before = crm.grids()
    with crm.user() as (user, observed):
        customers, feedback = observed.layout.place("customers"), observed.layout.place("feedback")
        user.delete_column(customers.sheet_id, customers.column("notes"))
        user.delete_sheet(feedback.sheet_id)
        user.sort(customers.sheet_id, customers.column("name"))
        user.delete_sheet(next(key for key, one in user.sheets().items() if one["properties"]["title"] == "My sheet"))
    done = crm.missing(file)
    assert done.lost == []
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.sort(place.sheet_id, place.column("id"))
    after = crm.grids()
    assert after["Feedback"] == before["Feedback"]
    assert after["My sheet"] == before["My sheet"]
    assert crm.column("customers", "notes") == {n + 1: row["notes"] for n, row in enumerate(HOSTILE)}
    assert crm.pending() == ()


@pytest.mark.parametrize("fault", ["before", "lost"])
def test_a_killed_restore_of_what_is_missing_goes_on(
    crm: Keeping, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["crm_builder.deploy.entering"], "LIMIT_BYTES", 20_000)  # several batches
    file = lived_in(crm).backup(tmp_path / "all.json.gz")
    damaged(crm)
    whole = Keeping(Path(shutil.copytree(crm.folder, tmp_path / "whole")), crm.templates)
    assert whole.missing(file).lost == []
    expected, runs = whole.grids(), 0
    for copy in faulty_runs(crm, tmp_path, fault, lambda one, http: one.missing(file, http)):
        runs += 1
        assert copy.grids() == expected, runs
        assert copy.missing(file).empty and journal.interrupted(copy.folder / ".crm") is None
    assert runs > 4


def damaged(crm: Keeping) -> None:
    """Rows, a column and two sheets are deleted, one of them of people's own."""
    with crm.user() as (user, observed):
        customers, feedback = observed.layout.place("customers"), observed.layout.place("feedback")
        user.delete_rows(customers.sheet_id, 2, 2)
        user.delete_column(customers.sheet_id, customers.column("notes"))
        user.delete_sheet(feedback.sheet_id)
        user.delete_sheet(next(key for key, one in user.sheets().items() if one["properties"]["title"] == "My sheet"))


def test_cells_of_rows_that_come_back_are_not_told_as_lost(crm: Keeping, tmp_path: Path) -> None:
    file = lived_in(crm).backup(tmp_path / "all.json.gz")
    damaged(crm)
    done = crm.missing(file)
    assert (done.rows, done.lost) == ({"customers": 2}, [])
    assert sorted(crm.column("customers", "notes").values()) == sorted(row["notes"] for row in HOSTILE)


def test_a_backup_of_another_crm_is_refused_unless_it_is_meant(crm: Keeping, tmp_path: Path) -> None:
    type_rows(crm, "customers", [{"id": "C-1", "name": "Berta"}])
    former = crm.backup(tmp_path / "former.json.gz")
    other = fresh(crm, tmp_path / "other")
    other.restore(former)
    type_rows(other, "customers", [{"id": "C-2", "name": "Adam"}], 2)
    file = other.backup(tmp_path / "other.json.gz")
    before = crm.grids()
    with pytest.raises(CrmError, match=r"another CRM.*--from-another"):
        crm.missing(file)
    assert crm.grids() == before
    assert crm.missing(file, from_another=True).rows == {"customers": 1}
    assert crm.column("customers", "name") == {1: "Berta", 2: "Adam"}
    assert other.missing(former).empty, "what a CRM was restored from is its own"


def test_invented_rows_stay_marked_as_written(crm: Keeping, tmp_path: Path) -> None:
    with crm.open() as (project, client, found):
        client.batch_update(found.spreadsheet_id, [mark_rows("feedback", "sample:feedback:0", project.layout)])
    file = crm.backup(tmp_path / "all.json.gz")
    other = fresh(crm, tmp_path / "other")
    other.restore(file)
    with crm.user() as (user, observed):
        user.delete_sheet(observed.layout.place("feedback").sheet_id)
    crm.missing(file)
    for one in (other, crm):
        with one.open() as (project, client, found):
            sheets = deploy.observe.state_of(project, client, found)["sheets"]
        assert {"sample:feedback:0"} <= {name for sheet in sheets for name in marked_rows(sheet)}


def test_a_row_that_comes_back_is_noted_in_the_journal(crm: Keeping, tmp_path: Path) -> None:
    type_rows(crm, "customers", [{"id": "C-1", "name": "Berta"}])
    file = crm.backup(tmp_path / "all.json.gz")
    with crm.user() as (user, observed):
        user.delete_rows(observed.layout.place("customers").sheet_id, 1)
    crm.missing(file)
    steps = [(entry["what"], entry.get("result")) for entry in journal.read(crm.folder / ".crm")]
    assert steps[-2:] == [("restore", "begun"), ("restore", "done")]


def test_somebody_who_moves_a_column_meanwhile_stops_it(crm: Keeping, tmp_path: Path) -> None:
    type_rows(crm, "customers", [{"id": "C-1", "name": "Berta"}])
    file = crm.backup(tmp_path / "all.json.gz")
    with crm.user() as (user, observed):
        user.delete_rows(observed.layout.place("customers").sheet_id, 1)
    with crm.open() as (project, client, found):
        todo = deploy.prepare_missing(project, client, found, file)
        place = todo.prepared.seen.layout.place("customers")
        User(client, found.spreadsheet_id).move_column(place.sheet_id, place.column("name"), 6)
        with pytest.raises(deploy.StaleError):
            deploy.restore_missing(project, client, found, todo, now=crm.now, tell=print)
    assert crm.column("customers", "name") == {}


def test_a_persian_crm(small_crm: Callable[[str], Path], small_templates: Path, tmp_path: Path) -> None:
    crm = Keeping(Path(shutil.copytree(small_crm("fa"), tmp_path / "crm")), small_templates)
    type_rows(crm, "customers", [{"id": "C-1", "name": "سارا", "notes": "۱۲۳"}])
    before = crm.grids()
    file = crm.backup(tmp_path / "all.json.gz")
    other = fresh(crm, tmp_path / "other")
    other.restore(file)
    assert ours(other.grids()) == ours(before)


def test_a_large_table_goes_in_several_requests(crm: Keeping, tmp_path: Path) -> None:
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.add_rows(place.sheet_id, 3000)
        user.type_block(place.sheet_id, 1, 0, [[f"C-{n}", f"Name {n}"] for n in range(2500)])
    before = crm.grids()
    file = crm.backup(tmp_path / "all.json.gz")
    other = fresh(crm, tmp_path / "other")
    other.restore(file)
    assert ours(other.grids()) == ours(before)
