"""Damage of each kind: `status` finds exactly it, `repair` mends it, and nothing that people typed elsewhere changes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crm_builder import deploy, deployment
from crm_builder.cli import main
from crm_builder.errors import CrmError
from crm_builder.google import Client
from crm_builder.project import Project, load_project
from crm_builder.sheets import check_call
from tests.changes.faults import Counting, KillAfter, Killed
from tests.changes.typed import Typed, lost, typed_cells
from tests.changes.user import User
from tests.conftest import CLOCK

HEAD = 0  # the line of a table's header
ROWS = 12


@dataclass
class Crm:
    """A CRM with a few rows, a person who works in it, and what `status` and `repair` do in it."""

    project: Project
    http: Any
    id: str
    user: User

    @property
    def client(self) -> Client:
        return Client(self.http, check_call)

    @property
    def found(self) -> deployment.Deployment:
        found = deployment.load(self.project.folder, deploy.LOCAL)
        assert found
        return found

    def sheet(self, key: str) -> int:
        return self.project.layout.place(key).sheet_id

    def column(self, sheet: str, key: str) -> int:
        return self.project.layout.place(sheet).column(key)

    def typed(self) -> Typed:
        return typed_cells(self.client, self.id, self.project.rendered.workbook)

    def health(self, client: Client | None = None) -> deploy.Health:
        return deploy.examine(self.project, client or self.client, self.found)

    def damage(self) -> list[tuple[str, str]]:
        return [(one["damage"], one["id"]) for one in self.health().damage_data()]

    def repair(self, *things: str, everything: bool = False, http: Any = None) -> deploy.Applied:
        client = Client(http or self.http, check_call)
        prepared = deploy.prepare_repair(self.project, client, self.found, things, everything)
        return deploy.apply(
            self.project, client, self.found, prepared, now=CLOCK, tell=lambda text: None, what="repair"
        )

    def plan(self) -> deploy.Prepared:
        return deploy.prepare(self.project, self.client, self.found)

    def shown(self, sheet: str, column: str) -> list[Any]:
        """What a column shows, its header included."""
        place = self.health().seen.layout.place(sheet)
        index = place.column(column)
        lines = self.user.values(place.sheet_id)
        return [line[index] if index < len(line) else "" for line in lines]

    def rules(self, sheet: str) -> list[dict[str, Any]]:
        """The rules of a sheet, as they can be sent again."""
        held = json.dumps(self.user.sheets()[self.sheet(sheet)]["conditionalFormats"])
        return json.loads(held, object_hook=_sendable)

    def mended(self, before: Typed | None = None, gone: int = 0) -> None:
        """Repairs, and then all is well: nothing pending, nothing broken, typed cells as they were but for `gone`."""
        before = before or self.typed()
        done = self.repair()
        assert done.left == []
        health = self.health()
        assert (health.damage_lines(), health.plan.empty) == ([], True)
        assert not self.plan().batches
        differences = lost(before, self.typed())
        assert len(differences) == gone, differences


def _sendable(data: dict[str, Any]) -> dict[str, Any]:
    """Without what the service answers and does not want to be told."""
    return {name: part for name, part in data.items() if name not in ("backgroundColor", "foregroundColor")}


@pytest.fixture(scope="module")
def filled(small_crm: Callable[[str], Path], small_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CRM with customers and deals, and columns and cells of people's own."""
    folder = Path(shutil.copytree(small_crm("en"), tmp_path_factory.mktemp("filled") / "crm"))
    with opened(folder, small_templates) as crm:
        user, customers, deals = crm.user, crm.sheet("customers"), crm.sheet("deals")
        user.type_block(
            customers, 1, 0, [[f"C-{n}", f"Name {n}", f"n{n}@example.com", "Active"] for n in range(1, ROWS)]
        )
        user.type_block(deals, 1, 0, [[f"D-{n}", f"Name {n} · C-{n}", 100 * n, "Won"] for n in range(1, ROWS)])
        width = crm.user.size(customers)[1]
        user.send({"appendDimension": {"sheetId": customers, "dimension": "COLUMNS", "length": 1}})
        user.type_block(customers, 0, width, [["Mine"], ["x"], ["=A2"]])
        own = user.add_sheet("Notes")
        user.type_block(own, 0, 0, [["a", "=SUM(Deals!C2:C20)"]])
    return folder


@pytest.fixture
def crm(filled: Path, small_templates: Path, tmp_path: Path) -> Iterator[Crm]:
    folder = Path(shutil.copytree(filled, tmp_path / "crm"))
    with opened(folder, small_templates) as crm:
        yield crm


@contextmanager
def opened(folder: Path, templates: Path) -> Iterator[Crm]:
    project, found = load_project(folder, templates), deployment.load(folder, deploy.LOCAL)
    assert found
    with deploy.open_target(folder, CLOCK) as http:
        yield Crm(project, http, found.spreadsheet_id, User(Client(http, check_call), found.spreadsheet_id))


def test_a_crm_that_people_fill_is_well(crm: Crm) -> None:
    assert crm.damage() == []
    assert crm.health().well


def test_status_costs_three_calls(crm: Crm) -> None:
    client = crm.client
    assert crm.health(client).well
    assert [call.method for call in client.calls] == ["spreadsheets.get"] * 3


def test_pasting_cuts_a_rule_and_a_dropdown(crm: Crm) -> None:
    customers, name = crm.sheet("customers"), crm.column("customers", "name")
    status = crm.column("customers", "status")
    crm.user.paste(customers, (3, name, 5, name + 1), 7, status)
    assert crm.damage() == [
        ("lost_validation", "customers.status"),
        ("fragments", "customers.rule status_active"),
        ("fragments", "customers.rule status_inactive"),
        ("fragments", "customers.rule status_prospect"),
    ]
    crm.mended()


def piece_of(rule: dict[str, Any], line: int) -> dict[str, Any]:
    """Two rows of a rule's first column, its formula written for the first of them."""
    area = {**rule["ranges"][0], "startRowIndex": line, "endRowIndex": line + 2}
    text = re.sub(r"(\$[A-Z]+)2\b", rf"\g<1>{line + 1}", json.dumps(rule["booleanRule"]))
    return {"ranges": [area], "booleanRule": json.loads(text)}


def test_a_rule_in_many_pieces_among_rules_of_others(crm: Crm) -> None:
    customers = crm.sheet("customers")
    crm.user.add_rule(customers, (0, 0, 5, 1), '=$A1="x"')
    rules = crm.rules("customers")
    index, rule = next((n, one) for n, one in enumerate(rules) if "1000" in str(one))
    cut = {**rule, "ranges": [{**one, "endRowIndex": 6} for one in rule["ranges"]]}
    crm.user.send({"updateConditionalFormatRule": {"index": index, "rule": cut}})
    for at, line in ((0, 6), (2, 11), (len(rules), 16)):
        crm.user.send({"addConditionalFormatRule": {"index": at, "rule": piece_of(rule, line)}})
    assert crm.damage() == [("fragments", "customers.rule vip")]
    assert "lies in 4 pieces" in crm.health().damage_lines()[0]
    crm.mended()
    assert sorted(map(str, crm.rules("customers"))) == sorted(map(str, rules))


def test_a_copy_of_a_whole_rule_goes(crm: Crm) -> None:
    rule = next(one for one in crm.rules("deals") if "$" in str(one))
    crm.user.send({"addConditionalFormatRule": {"index": 0, "rule": piece_of(rule, 4)}})
    assert [kind for kind, _ in crm.damage()] == ["fragments"]
    crm.mended()


def test_a_value_in_a_computed_column(crm: Crm) -> None:
    customers, index = crm.sheet("customers"), crm.column("customers", "total_value")
    was = crm.shown("customers", "total_value")
    crm.user.type(customers, 4, index, 77)
    crm.user.type(customers, 5, index, "=1+1")
    crm.user.type(customers, 30, index, 5)
    assert crm.damage() == [("typed_over", "customers.total_value")]
    assert crm.health().damage_lines() == [
        "Customers: the column Total value: 3 values typed over it (I5:I6, I31); repair empties them"
    ]
    crm.mended(gone=3)
    assert crm.shown("customers", "total_value") == was


def test_a_computed_column_with_its_header_typed_over(crm: Crm) -> None:
    customers, index = crm.sheet("customers"), crm.column("customers", "total_value")
    was = crm.shown("customers", "total_value")
    crm.user.type_block(customers, 0, index, [["Sum"], [1], [2]])
    assert crm.health().damage_lines() == [
        "Customers: the column Sum: its formula is gone, 3 values typed over it (I1, I2:I3); "
        "repair puts it back in their place"
    ]
    crm.mended(gone=2)
    assert crm.shown("customers", "total_value") == was


def test_a_cleared_computed_column(crm: Crm) -> None:
    customers, index = crm.sheet("customers"), crm.column("customers", "label")
    crm.user.clear(customers, (0, index, 20, index + 1))
    assert crm.damage() == [("typed_over", "customers.label")]
    crm.mended()


def test_another_formula_of_their_own_stays(crm: Crm) -> None:
    crm.user.type(crm.sheet("customers"), 0, crm.column("customers", "label"), '={"Label";"own"}')
    crm.user.type(crm.sheet("board"), 0, 0, "Mine")
    assert crm.health().well
    assert crm.repair().snapshot is None
    crm.repair("customers.label")
    assert [one.id.key for one in crm.health().plan.drift if one.id.kind == "column"] == []


def test_some_rows_lost_their_dropdown(crm: Crm) -> None:
    customers, index = crm.sheet("customers"), crm.column("customers", "status")
    crm.user.validate(customers, (3, index, 6, index + 1), ["a", "b"])
    crm.user.validate(customers, (8, index, 9, index + 1), None)
    assert crm.health().damage_lines() == [
        "Customers: the column Status: 4 cells lost what they accept (D4:D6, D9); repair sets it again"
    ]
    crm.mended()


def test_the_first_row_lost_its_dropdown(crm: Crm) -> None:
    index = crm.column("customers", "status")
    crm.user.insert_rows(crm.sheet("customers"), 1)
    crm.user.validate(crm.sheet("customers"), (1, index, 2, index + 1), None)
    assert ("lost_validation", "customers.status") in crm.damage()
    crm.mended()


def test_a_dropdown_of_their_own_for_a_whole_column_stays(crm: Crm) -> None:
    customers, index = crm.sheet("customers"), crm.column("customers", "status")
    crm.user.validate(customers, (1, index, crm.user.size(customers)[0], index + 1), ["a"])
    assert crm.health().well
    assert [one.difference.name for one in crm.health().plan.drift] == ["validation"]
    crm.repair("Customers.Status")
    assert crm.health().plan.drift == ()


def test_a_field_of_a_view_lost_its_dropdown(crm: Crm) -> None:
    board = crm.sheet("board")
    area = crm.user.names()["board_stage"]["range"]
    line, index = area["startRowIndex"], area["startColumnIndex"]
    crm.user.validate(board, (line, index, line + 1, index + 1), None)
    assert [kind for kind, _ in crm.damage()] == ["lost_validation"]
    crm.mended()


@pytest.mark.parametrize("name", ["customers_name", "deals_amount", "crm_today", "lists_deal_stage"])
def test_a_deleted_name(crm: Crm, name: str) -> None:
    was = crm.user.values(crm.sheet("board"))
    crm.user.delete_named_range(name)
    assert crm.damage() == [("broken_name", f"name {name}")]
    crm.mended()
    assert crm.user.values(crm.sheet("board")) == was


@pytest.mark.parametrize("helper", ["figures", "choices"])
def test_a_deleted_helper(crm: Crm, helper: str) -> None:
    sheets = {key: crm.user.values(crm.sheet(key)) for key in ("board", "customers", "deals", helper)}
    crm.user.delete_sheet(crm.sheet(helper))
    assert crm.damage() == [("missing", helper)]
    crm.mended()
    assert {key: crm.user.values(crm.sheet(key)) for key in sheets} == sheets


def test_a_deleted_computed_column(crm: Crm) -> None:
    was = crm.shown("customers", "total_value")
    crm.user.delete_column(crm.sheet("customers"), crm.column("customers", "total_value"))
    assert crm.damage() == [("missing", "customers.total_value")]
    crm.mended()
    assert crm.shown("customers", "total_value") == was


def test_a_deleted_column_of_a_helper_and_cleared_cells(crm: Crm) -> None:
    figures = crm.sheet("figures")
    was = crm.user.values(crm.sheet("board"))
    crm.user.delete_column(figures, 6)
    crm.user.clear(figures, (1, 1, 3, 2))
    assert crm.damage() == [
        ("missing", "figures.cell facts_value row 2"),
        ("missing", "figures.cell facts_value row 3"),
        ("missing", "figures.stages_amount"),
    ]
    crm.mended()
    assert crm.user.values(crm.sheet("board")) == was


@pytest.mark.parametrize("line", [1, 2])
def test_a_deleted_row_of_a_helper(crm: Crm, line: int) -> None:
    was = {key: crm.user.values(crm.sheet(key)) for key in ("board", "figures", "customers")}
    crm.user.delete_rows(crm.sheet("figures"), line)
    assert crm.damage() == [("lost_rows", "figures")]
    crm.mended()
    assert {key: crm.user.values(crm.sheet(key)) for key in was} == was


def test_a_deleted_row_of_a_helper_above_a_value_typed_over(crm: Crm) -> None:
    figures = crm.sheet("figures")
    was = crm.user.values(figures)
    line, index = crm.user.find(figures, "C-3")
    crm.user.type(figures, line, index, "oops")
    crm.user.delete_rows(figures, 2)
    assert [kind for kind, _ in crm.damage()] == ["typed_over", "lost_rows"]
    crm.mended(gone=1)
    assert crm.user.values(figures) == was


def test_the_last_row_of_a_helper_deleted(crm: Crm) -> None:
    was = crm.user.values(crm.sheet("figures"))
    crm.user.delete_rows(crm.sheet("figures"), 3)
    assert {kind for kind, _ in crm.damage()} == {"missing", "broken_name"}
    crm.mended()
    assert crm.user.values(crm.sheet("figures")) == was


def test_a_name_that_people_deleted_after_it_broke(crm: Crm) -> None:
    sheet, area = crm.sheet("figures"), crm.user.names()["crm_today"]
    crm.user.delete_sheet(sheet)
    crm.user.send({"deleteNamedRange": {"namedRangeId": area["namedRangeId"]}})
    crm.mended()


def test_a_value_where_a_formula_of_a_view_spills(crm: Crm) -> None:
    board = crm.sheet("board")
    was = crm.user.values(board)
    line, index = crm.user.find(board, "Proposal")
    crm.user.type(board, line + 1, index, "oops")
    assert [kind for kind, _ in crm.damage()] == ["typed_over"]
    crm.mended(gone=1)
    assert crm.user.values(board) == was


def test_a_value_where_a_formula_of_a_helper_spills(crm: Crm) -> None:
    figures = crm.sheet("figures")
    was = crm.user.values(figures)
    line, index = crm.user.find(figures, "C-3")
    crm.user.type(figures, line, index + 1, "oops")
    crm.user.type(figures, line + 1, index, "oops")
    assert [kind for kind, _ in crm.damage()] == ["typed_over"]
    crm.mended(gone=2)
    assert crm.user.values(figures) == was


def test_a_deleted_column_comes_back_where_formulas_need_it(crm: Crm) -> None:
    deals = crm.sheet("deals")
    crm.user.delete_column(deals, crm.column("deals", "amount"))
    assert crm.damage() == [("missing", "deals.amount")]
    assert "formulas need it" in crm.health().damage_lines()[0]
    crm.mended()


def test_a_deleted_column_that_nothing_needs_stays_away(crm: Crm) -> None:
    crm.user.delete_column(crm.sheet("customers"), crm.column("customers", "notes"))
    assert crm.health().well
    assert crm.repair().snapshot is None
    assert crm.health().plan.drift
    crm.repair("customers.notes")
    assert crm.health().plan.drift == ()


def test_a_deleted_table_comes_back_empty_where_formulas_need_it(crm: Crm) -> None:
    crm.user.delete_sheet(crm.sheet("deals"))
    assert crm.damage() == [("missing", "deals")]
    crm.mended()


def test_a_deleted_view_stays_away_until_it_is_named(crm: Crm) -> None:
    was = crm.user.values(crm.sheet("board"))
    crm.user.delete_sheet(crm.sheet("board"))
    crm.user.delete_sheet(crm.sheet("feedback"))
    assert crm.health().well
    crm.repair("board")
    assert [str(one.id) for one in crm.health().plan.drift] == ["feedback"]
    assert crm.user.values(crm.sheet("board")) == was


def test_a_deleted_header_comes_back_above_the_rows(crm: Crm) -> None:
    customers = crm.sheet("customers")
    was = crm.user.values(customers)
    crm.user.delete_rows(customers, HEAD)
    assert crm.damage() == [("lost_header", "customers")]
    assert crm.repair().left == []
    assert crm.health().well
    was[HEAD].remove("Mine")
    assert crm.user.values(customers) == was


def test_damage_in_a_table_with_rows_above_its_header(crm: Crm) -> None:
    customers = crm.sheet("customers")
    crm.user.insert_rows(customers, 0, 2)
    crm.user.type(customers, 0, 0, "All our customers")
    assert crm.damage() == []
    crm.user.type(customers, 6, crm.column("customers", "total_value"), 77)
    crm.user.validate(customers, (3, 3, 6, 4), None)
    assert crm.health().damage_lines() == [
        "Customers: the column Status: 3 cells lost what they accept (D4:D6); repair sets it again",
        "Customers: the column Total value: 1 value typed over it (I7); repair empties them",
    ]
    crm.mended(gone=1)
    assert crm.user.values(customers)[0] == ["All our customers"]


def test_tastes_stay_but_for_what_is_named(crm: Crm) -> None:
    customers = crm.sheet("customers")
    crm.user.rename_sheet(customers, "People")
    crm.user.resize(customers, 2, 300)
    crm.user.retitle(customers, 0, 2, "Mail")
    crm.user.recolour(customers, (0, 0, 1, 3))
    crm.user.move_column(customers, 1, 5)
    crm.user.type(customers, 4, crm.column("customers", "total_value"), 77)
    drift = crm.health().plan.drift
    crm.mended(gone=1)
    assert crm.health().plan.drift == drift
    crm.repair("customers.email")
    assert crm.health().plan.drift == tuple(one for one in drift if one.id.key != "email")
    crm.repair(everything=True)
    assert crm.health().plan.drift == ()


def test_what_is_pending_stays_pending(crm: Crm, small_templates: Path) -> None:
    path = crm.project.folder / "crm.toml"
    path.write_text(path.read_text("utf-8").replace('name = "Test"', 'name = "Other"'), "utf-8")
    crm.project = load_project(crm.project.folder, small_templates)
    crm.user.delete_sheet(crm.sheet("figures"))
    pending = crm.plan().plan.changes
    assert pending
    assert crm.damage() == [("missing", "figures")]
    crm.repair()
    assert crm.damage() == []
    assert crm.plan().plan.changes == pending


def all_at_once(crm: Crm) -> int:
    """Damage of every kind; how many typed values have to go."""
    user, customers, deals = crm.user, crm.sheet("customers"), crm.sheet("deals")
    user.insert_rows(customers, 0)
    user.type(customers, 6, crm.column("customers", "total_value"), 77)
    user.paste(customers, (4, 1, 6, 2), 8, 3)
    user.delete_column(deals, crm.column("deals", "weighted"))
    user.clear(deals, (0, 0, 1, 1))
    user.delete_named_range("customers_email")
    user.delete_sheet(crm.sheet("figures"))
    user.rename_sheet(deals, "Orders")
    return 1


def test_damage_of_every_kind_at_once(crm: Crm) -> None:
    gone = all_at_once(crm)
    assert {kind for kind, _ in crm.damage()} == {
        *("typed_over", "fragments", "lost_validation", "missing", "broken_name")
    }
    crm.mended(gone=gone)


def test_a_repair_that_is_killed_anywhere_is_finished_by_the_next(crm: Crm, small_templates: Path) -> None:
    gone = all_at_once(crm)
    before = crm.typed()
    folder = crm.project.folder
    counting = Counting(crm.http)
    shutil.copytree(folder, folder.parent / "counted")
    with opened(folder.parent / "counted", small_templates) as other:
        counting = Counting(other.http)
        other.repair(http=counting)
    for number in range(1, counting.count + 1):
        copy = Path(shutil.copytree(folder, folder.parent / f"killed{number}"))
        with opened(copy, small_templates) as other:
            with pytest.raises(Killed):
                other.repair(http=KillAfter(other.http, number))
            other.mended(before, gone)


def test_things_that_are_not_there(crm: Crm) -> None:
    with pytest.raises(CrmError, match=r"nothing here is called `customers.emial`; did you mean `customers.email`"):
        crm.repair("customers.emial")
    with pytest.raises(CrmError, match="`crm-builder status` lists"):
        crm.repair("zzzzzz")


# -- the commands


@pytest.fixture
def cli(crm: Crm, small_templates: Path) -> Callable[..., Result]:
    def run(*arguments: str) -> Result:
        crm.http.close()
        options = ["-C", str(crm.project.folder), "--templates", str(small_templates), "--clock", CLOCK.isoformat()]
        return CliRunner().invoke(main, [arguments[0], *options, *arguments[1:]], catch_exceptions=False)

    return run


def test_status_and_repair_as_commands(crm: Crm, cli: Callable[..., Result]) -> None:
    crm.user.type(crm.sheet("customers"), 4, crm.column("customers", "total_value"), 77)
    told = cli("status")
    assert told.exit_code == 3
    assert "! Customers: the column Total value: 1 value typed over it (I5)" in told.output
    assert "mend it:  crm-builder repair" in told.output
    data = json.loads(cli("status", "--json").stdout)
    assert (data["well"], [one["places"] for one in data["damage"]]) == (False, [["I5"]])
    refused = cli("repair")
    assert refused.exit_code == 1
    assert "1 cell that people filled would be emptied; say --yes" in refused.output
    done = cli("repair", "--yes")
    assert done.exit_code == 0
    assert "1 typed value goes (I5)" in done.output
    assert "1 change made" in done.output
    assert cli("status").exit_code == 0
    assert cli("repair", "customers", "--all").exit_code == 2
