"""Marks that people or their add-ons deleted: what is ours is known without them, and they are set again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crm_builder import deploy
from crm_builder.sheets import marks as marks_of
from crm_builder.sheets.baseline import SHEET_ID
from tests.changes.repair.mending import Crm
from tests.conftest import CLOCK

Which = Callable[[str, str], bool]  # (title of a sheet, value of a mark) → whether it goes
_FIELDS = (
    "developerMetadata,sheets(properties(sheetId,title),developerMetadata,data(columnMetadata(developerMetadata)))"
)
CASES: dict[str, Which] = {
    "all": lambda sheet, value: True,
    "a table's": lambda sheet, value: sheet == "Customers",
    "a column's": lambda sheet, value: (sheet, value) == ("Customers", "email"),
    "a view's column's": lambda sheet, value: (sheet, value) == ("Board", "edge_4"),
}


def marks(crm: Crm) -> list[tuple[str, str, str, int]]:
    """(title of the sheet, key, value, column) of each mark; the column is -1 for the sheet, whose title may be ""."""
    answer = crm.client.get(crm.id, fields=_FIELDS)
    found = [("", one, -1) for one in answer.get("developerMetadata", ())]
    for sheet in answer["sheets"]:
        title = sheet["properties"]["title"]
        found += [(title, one, -1) for one in sheet.get("developerMetadata", ())]
        for block in sheet.get("data", ()):
            for index, column in enumerate(block.get("columnMetadata", ())):
                found += [(title, one, index) for one in column.get("developerMetadata", ())]
    return sorted((title, one["metadataKey"], one["metadataValue"], index) for title, one, index in found)


def delete(crm: Crm, which: Which) -> None:
    gone = {(title, value) for title, _, value, _ in marks(crm) if which(title, value)}
    assert gone
    answer = crm.client.get(crm.id, fields=_FIELDS)
    holders: list[tuple[str, list[dict[str, Any]]]] = [("", answer.get("developerMetadata", []))]
    for sheet in answer["sheets"]:
        title = sheet["properties"]["title"]
        holders.append((title, sheet.get("developerMetadata", [])))
        for block in sheet.get("data", ()):
            holders += [(title, one.get("developerMetadata", [])) for one in block.get("columnMetadata", ())]
    ids = [one["metadataId"] for title, held in holders for one in held if (title, one["metadataValue"]) in gone]
    lookups = [{"developerMetadataLookup": {"metadataId": number}} for number in ids]
    crm.user.send(*({"deleteDeveloperMetadata": {"dataFilter": one}} for one in lookups))


def displace(crm: Crm) -> None:
    """What people do to sheets and columns, none of which is damage."""
    customers, board, figures = (crm.sheet(key) for key in ("customers", "board", "figures"))
    crm.user.delete_column(customers, crm.column("customers", "notes"))
    crm.user.move_column(customers, 1, 5)
    crm.user.insert_column(customers, 2, like_left=False)
    crm.user.insert_rows(customers, 0, 2)
    crm.user.rename_sheet(customers, "People")
    crm.user.insert_column(board, 3, like_left=True)
    crm.user.insert_rows(board, 2)
    crm.user.insert_column(figures, 1, like_left=True)


def kept(found: list[tuple[str, str, str, int]]) -> list[tuple[str, str, str, int]]:
    """Without the marks that say what was done, and not whose things are."""
    return [one for one in found if one[1] not in (marks_of.BATCH, marks_of.TURN, marks_of.SCRIPT)]


def of_places(found: list[tuple[str, str, str, int]]) -> list[tuple[str, str, str, int]]:
    """The marks that say what a sheet or column is, and not how many rows there were when it was said."""
    return [one for one in found if one[1] in (marks_of.SHEET, marks_of.COLUMN)]


@pytest.mark.parametrize("case", CASES)
def test_deleted_marks_are_told_and_set_again(crm: Crm, case: str) -> None:
    before, typed = marks(crm), crm.typed()
    delete(crm, CASES[case])
    assert crm.damage() == [("lost_marks", "workbook")]
    assert crm.health().plan.drift == ()
    crm.mended(typed)
    assert kept(marks(crm)) == kept(before)


def test_up_sets_all_marks_again_where_people_displaced_everything(crm: Crm) -> None:
    displace(crm)
    before, typed, drift = marks(crm), crm.typed(), crm.health().plan.drift
    delete(crm, CASES["all"])
    assert crm.health().plan.drift == drift
    outcome = deploy.up(crm.project, crm.http, sample_data=False, clock=CLOCK, tell=lambda text: None)
    assert (outcome.status, outcome.applied and outcome.applied.left) == ("changed", [])
    assert (crm.damage(), crm.health().plan.drift, crm.plan().batches) == ([], drift, ())
    assert (of_places(marks(crm)), crm.typed()) == (of_places(before), typed)


def test_without_marks_and_without_what_was_applied_last(crm: Crm) -> None:
    before, typed = marks(crm), crm.typed()
    delete(crm, CASES["all"])
    crm.user.delete_sheet(SHEET_ID)
    outcome = deploy.up(crm.project, crm.http, sample_data=False, clock=CLOCK, tell=lambda text: None)
    assert (outcome.status, outcome.applied and outcome.applied.left) == ("changed", [])
    assert (crm.damage(), crm.plan().batches) == ([], ())
    assert (kept(marks(crm)), crm.typed()) == (kept(before), typed)


def test_a_column_that_people_deleted_is_none_whose_mark_is_lost(crm: Crm) -> None:
    customers, index = crm.sheet("customers"), crm.column("customers", "notes")
    crm.user.delete_column(customers, index)
    crm.user.insert_column(customers, index)
    crm.user.type(customers, 0, index, "Notes")
    assert crm.health().well
    assert [(str(one.id), one.difference.name) for one in crm.health().plan.drift] == [("customers.notes", "")]


def test_a_copy_of_a_sheet_is_not_taken_for_the_one_without_marks(crm: Crm) -> None:
    customers = crm.sheet("customers")
    crm.user.duplicate_sheet(customers, "Copy")
    typed = crm.typed()
    delete(crm, CASES["a table's"])
    assert crm.health().seen.layout.place("customers").sheet_id == customers
    crm.mended(typed)
