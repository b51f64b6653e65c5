"""The tools of these tests: a person's edits, what they typed, and faults between us and the service."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crm_builder import deploy, deployment
from crm_builder.google import Client
from crm_builder.project import Project, load_project
from crm_builder.sheets import check_call
from tests.changes.faults import Counting, KillAfter, Killed, LoseAnswer
from tests.changes.typed import Asked, Typed, lost, typed_cells
from tests.changes.user import User
from tests.conftest import CLOCK


@dataclass
class Crm:
    project: Project
    http: object
    client: Client
    id: str
    user: User

    def sheet(self, key: str) -> int:
        return self.project.layout.place(key).sheet_id

    def typed(self) -> Typed:
        return typed_cells(self.client, self.id, self.project.rendered.workbook)


@pytest.fixture
def crm(crm_folder: Path, small_templates: Path) -> Iterator[Crm]:
    project = load_project(crm_folder, small_templates)
    found = deployment.load(crm_folder, deploy.LOCAL)
    assert found
    with deploy.open_target(crm_folder, CLOCK) as http:
        client = Client(http, check_call)
        yield Crm(project, http, client, found.spreadsheet_id, User(client, found.spreadsheet_id))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_nobody_typed_anything_into_a_new_crm(
    small_crm: Callable[[str], Path], small_templates: Path, tmp_path: Path, language: str
) -> None:
    folder = Path(shutil.copytree(small_crm(language), tmp_path / "crm"))
    project, found = load_project(folder, small_templates), deployment.load(folder, deploy.LOCAL)
    assert found
    with deploy.open_target(folder, CLOCK) as http:
        typed = typed_cells(Client(http, check_call), found.spreadsheet_id, project.rendered.workbook)
    assert {one.key for one in typed.values()} == {sheet.key for sheet in project.rendered.workbook.sheets}
    assert [column.cells for one in typed.values() for column in one.columns if column.cells] == []


def fill(crm: Crm) -> None:
    """Two customers, a deal, and a column of their own."""
    user, customers, deals = crm.user, crm.sheet("customers"), crm.sheet("deals")
    user.type_block(customers, 1, 0, [["C-1", "Ann", "ann@example.com", "Active"], ["C-2", "Ben"]])
    user.type_block(deals, 1, 0, [["D-1", "Ann · C-1", 500, "Won"]])
    user.insert_column(customers, 2)
    user.type_block(customers, 0, 2, [["Mine"], ["x"], ["y"]])


def test_a_persons_cells_are_found_and_everything_else_computes(crm: Crm) -> None:
    fill(crm)
    typed = crm.typed()
    customers = typed[crm.sheet("customers")]
    cells = {column.key: column.cells for column in customers.columns if column.cells}
    assert cells["name"] == {1: "Ann", 2: "Ben"}
    assert cells[""] == {0: "Mine", 1: "x", 2: "y"}
    assert [column.cells for column in typed[crm.sheet("deals")].columns if column.key == "amount"] == [{1: 500.0}]
    row, column = crm.user.find(crm.sheet("board"), "$500")
    assert (row, column) > (0, 0)
    assert crm.user.values(crm.sheet("pivots"))[-1] == ["Won", 500]


def test_a_row_above_the_header_is_a_persons(crm: Crm) -> None:
    """Names begin at the grid's first row still."""
    fill(crm)
    crm.user.move_rows(crm.sheet("customers"), 2, 0)
    typed = crm.typed()[crm.sheet("customers")]
    assert typed.header == 1
    assert {column.key: column.cells for column in typed.columns if column.key == "name"} == {
        "name": {0: "Ben", 2: "Ann"}
    }


def test_what_we_insert_move_and_forget_loses_nothing(crm: Crm) -> None:
    fill(crm)
    before, customers = crm.typed(), crm.sheet("customers")
    crm.user.move_column(customers, 1, 6)  # one of ours
    crm.user.insert_column(customers, 0)
    crm.user.rename_sheet(customers, "People")
    mark = next(one.mark for one in before[customers].columns if one.key == "email")
    forget = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": mark}}}}
    crm.user.send(forget)
    assert lost(before, crm.typed()) == []


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda user, id: user.type(id, 1, 1, "Anna"), "Customers.name: 'Ann' in row 2 became 'Anna'"),
        (lambda user, id: user.delete_column(id, 2), "Customers: 1 columns of their own, and then 0"),
        (lambda user, id: user.insert_rows(id, 2), "Customers.id: 'C-2' in row 3 became None"),
        (lambda user, id: user.type(id, 8, 4, "Active"), "Customers.status: 'Active' came in row 9"),
        (lambda user, id: user.delete_sheet(id), "Customers: the sheet is gone"),
    ],
)
def test_what_is_lost_is_seen(crm: Crm, edit: Callable[[User, int], None], words: str) -> None:
    fill(crm)
    before = crm.typed()
    edit(crm.user, crm.sheet("customers"))
    assert words in lost(before, crm.typed())


def test_what_was_asked_for_is_not_lost(crm: Crm) -> None:
    fill(crm)
    before = crm.typed()
    crm.user.type(crm.sheet("customers"), 1, 4, "Customer")
    crm.user.delete_column(crm.sheet("customers"), 3)
    asked = Asked(["customers.email"], {("customers", "status"): {"Active": "Customer"}})
    assert lost(before, crm.typed(), asked) == []


def test_every_edit_of_a_person_is_taken(crm: Crm) -> None:
    fill(crm)
    user, customers, deals = crm.user, crm.sheet("customers"), crm.sheet("deals")
    user.insert_rows(customers, 2, 2, like_above=True)
    user.delete_rows(customers, 2)
    user.move_rows(customers, 1, 4)
    user.add_rows(customers, 5)
    user.hide_column(customers, 3)
    user.hide_row(customers, 7)
    user.resize(customers, 1, 300)
    user.sort(customers, 1, descending=True)
    user.filter(customers, 4, ["Active"])
    user.filter(customers, 4, [])
    user.retitle(customers, 0, 1, "Who")
    user.note(customers, 1, 1, "hello")
    user.recolour(customers, (1, 1, 2, 2))
    user.number_format(customers, (1, 9, 9, 10), "0.00")
    user.validate(customers, (1, 4, 3, 5), ["a", "b"])
    user.paste(customers, (1, 0, 3, 5), 10, 0)
    user.cut(customers, (10, 0, 12, 5), 14, 0)
    user.merge(customers, (20, 3, 21, 5))
    user.unmerge(customers, (20, 3, 21, 5))
    user.clear(customers, (14, 0, 16, 5))
    own = user.add_sheet("Mine", 1)
    user.type_block(own, 0, 0, [["a", 1], ["b", "=Deals!C2*2"]])
    chart = user.add_chart(own, (0, 0, 2, 2), 3, 3)
    user.move_chart(chart, own, 5, 1)
    user.delete_chart(chart)
    user.add_rule(deals, (1, 0, 9, 3), '=$A2="x"')
    user.delete_rule(deals, 0)
    user.add_named_range("my_range", own, (0, 0, 2, 1))
    user.rename_named_range("my_range", "our_range")
    user.delete_named_range("our_range")
    user.delete_filter_view(user.add_filter_view("All", deals, (0, 0, 5, 3)))
    user.unprotect(user.protect(own, (0, 0, 1, 1)))
    user.delete_banding(user.add_banding(own, (0, 0, 2, 2)))
    user.move_sheet(deals, 0)
    user.hide_sheet(own)
    user.recolour_tab(deals)
    user.freeze(deals, 2)
    user.clear_filter(deals)
    copy = user.duplicate_sheet(deals, "Copy of deals")
    user.delete_sheet(copy)
    user.move_column(deals, 0, 3)
    assert user.values(own)[1][1] == 1000
    assert user.values(own, "FORMULA")[1][1] == "=Deals!B2*2"


def test_killed_and_lost_calls(crm: Crm) -> None:
    own = crm.sheet("lists")

    def rename(http: object, title: str) -> str:
        user = User(Client(http, check_call), crm.id)
        try:
            user.rename_sheet(own, title)
        except (Killed, TimeoutError) as error:
            return f"{type(error).__name__}, {crm.user.title(own)}"
        return crm.user.title(own)

    counting = Counting(crm.http)
    assert rename(counting, "One") == "One"
    assert (counting.count, counting.writes) == (1, [1])
    assert rename(KillAfter(crm.http, 1, "before"), "Two") == "Killed, One"
    assert rename(KillAfter(crm.http, 1), "Three") == "Killed, Three"
    assert rename(KillAfter(crm.http, 2), "Four") == "Four"
    assert rename(LoseAnswer(crm.http, 1), "Five") == "TimeoutError, Five"
