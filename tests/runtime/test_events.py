"""Edits by people: what is typed, and what onEdit and the triggers for edits are told of it."""

from __future__ import annotations

from typing import Any

import pytest

from crm_builder.errors import RunError
from tests.runtime.conftest import Stage

TELL = """
function onEdit(e) {
  return { ...e, authMode: String(e.authMode), source: e.source.getId(), user: e.user.getEmail(),
    range: [e.range.getSheet().getName(), e.range.getA1Notation(), e.range.rowStart, e.range.columnEnd] };
}
function onOpen(e) { return [Object.keys(e).sort(), String(e.authMode)]; }
function installed(e) { return [e.triggerUid, String(e.authMode), e.value, Session.getEffectiveUser().getEmail()]; }
function install() { ScriptApp.newTrigger('installed').forSpreadsheet(SpreadsheetApp.getActive()).onEdit().create(); }
"""


@pytest.mark.parametrize(
    ("before", "typed", "values"),
    [
        (None, "text", {"value": "text"}),
        (None, 5, {"value": "5"}),
        (5, "7.5", {"oldValue": "5", "value": "7.5"}),
        (False, True, {"oldValue": "FALSE", "value": "TRUE"}),
        (None, "11/22/2026", {"value": "46348"}),
        ("old", None, {"oldValue": "old"}),
        ("old", "", {"oldValue": "old"}),
        (None, "=1+1", {"value": "=1+1"}),
    ],
)  # fmt: skip
def test_a_single_cell(stage: Stage, before: Any, typed: Any, values: dict[str, str]) -> None:
    stage.push("")
    runtime = stage.runtime()
    if before is not None:
        runtime.edit("Rows", "B2", before)
    stage.push(TELL)
    outcome = runtime.edit("Rows", "B2", typed)
    where = {"range": ["Rows", "B2", 2, 2], "source": stage.id, "authMode": "LIMITED", "user": "owner@example.com"}
    assert outcome.value == {**where, **values}


def test_a_pasted_block_has_no_values(stage: Stage) -> None:
    stage.push(TELL)
    outcome = stage.runtime().edit("Rows", "B2", [["a", 1], ["b", None]])
    assert outcome.value["range"] == ["Rows", "B2:C3", 2, 3] and not {"value", "oldValue"} & outcome.value.keys()
    assert stage.cells() == [[], ["", "a", "1"], ["", "b"]]


def test_a_paste_at_the_edge_makes_the_grid_grow(stage: Stage) -> None:
    stage.push(TELL)
    assert stage.runtime().edit("Rows", "A1000", [["a"], ["b"]]).value["range"][1] == "A1000:A1001"


def test_a_deleted_cell_is_empty(stage: Stage) -> None:
    stage.push(TELL)
    runtime = stage.runtime()
    runtime.edit("Rows", "A1:B2", "x")
    runtime.edit("Rows", "A1:B2", None)
    assert stage.cells() == []


def test_a_simple_trigger_knows_no_other_user_than_the_owner(stage: Stage) -> None:
    stage.push(TELL)
    assert stage.runtime(user="b@example.com").edit("Rows", "A1", 1).value["user"] == ""


def test_an_installed_trigger_runs_as_who_made_it(stage: Stage) -> None:
    stage.push(TELL)
    runtime = stage.runtime()
    assert runtime.run("install").ok
    (id,) = runtime.triggers()
    outcome = runtime.edit("Rows", "A1", "x", user="b@example.com")
    assert [one.value for one in outcome.then] == [[id, "FULL", "x", "owner@example.com"]]
    assert "triggerUid" not in outcome.value


def test_opening(stage: Stage) -> None:
    stage.push(TELL)
    assert stage.runtime().open().value == [["authMode", "source", "user"], "LIMITED"]


def test_a_script_without_the_function_is_left_alone(stage: Stage) -> None:
    stage.push("function other() {}")
    outcome = stage.runtime().edit("Rows", "A1", "x")
    assert outcome.ok and stage.cells() == [["x"]]


def test_writes_of_a_script_are_no_edits(stage: Stage) -> None:
    stage.push("function onEdit(e) { e.range.setValue('again'); console.log('once'); }")
    assert stage.runtime().edit("Rows", "A1", "x").log == ("once",)
    assert stage.cells() == [["again"]]


def test_cells_that_are_not_there(stage: Stage) -> None:
    stage.push(TELL)
    with pytest.raises(RunError, match="no cells Nowhere!A1 to type into"):
        stage.runtime().edit("Nowhere", "A1", 1)
