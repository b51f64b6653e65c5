"""A script whose making or writing is cut short: the next run goes on, or asks; none is made twice unasked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_builder import deployment as deployments
from crm_builder.deploy.script import CREATING, PreparedScript, push
from crm_builder.deploy.script_mark import read_mark
from crm_builder.errors import LoginError
from tests.changes.faults import KillAfter, Killed
from tests.changes.script.sheet import Losing, Sheet, with_file, without_file


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_killed_at_any_call_the_next_run_goes_on_or_asks(sheet: Sheet, number: int, when: str) -> None:
    sheet.over(KillAfter(sheet.transport, number, when))
    with pytest.raises(Killed):
        sheet.up()
    sheet.deployment = deployments.load(sheet.project.folder, "local")
    sheet.over(sheet.transport)
    prepared, pushed = sheet.up()
    if number == 1:  # nobody can know whether it was made
        assert prepared.status == "unknown" and "--script ID" in pushed.note and "--new-script" in pushed.note
        assert len(sheet.projects()) == (when == "after")
        sheet.up(**({"script_id": sheet.projects()[0]} if when == "after" else {"anew": True}))
    assert len(sheet.projects()) == 1 and sheet.desires() and sheet.plan().status == "unchanged"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_described_anew_after_a_kill_nothing_is_taken_for_edits(sheet: Sheet, number: int) -> None:
    sheet.up()
    sheet.describe(with_file("Menu", "// two"))
    sheet.describe(without_file("Text"))
    sheet.over(KillAfter(sheet.transport, number))
    with pytest.raises(Killed):
        sheet.up()
    sheet.over(sheet.transport)
    sheet.describe(with_file("Menu", "// three"))
    sheet.describe(with_file("Text", "// back"))
    prepared, _ = sheet.up()
    assert prepared.status == "update" and sheet.desires() and sheet.plan().status == "unchanged"


def test_a_creation_without_an_answer_is_noted_and_never_repeated(sheet: Sheet) -> None:
    sheet.over(Losing(sheet.transport, "POST", "/v1/projects"))
    _, pushed = sheet.up()
    assert sheet.deployment.script == CREATING and "--script ID" in pushed.note and "--new-script" in pushed.note
    for _ in range(2):
        assert sheet.up()[0].status == "unknown"
    assert len(sheet.projects()) == 1
    sheet.up(script_id=sheet.projects()[0])
    assert len(sheet.projects()) == 1 and sheet.desires() and sheet.plan().status == "unchanged"


def test_a_new_script_is_made_where_people_say_so(sheet: Sheet) -> None:
    sheet.up()
    former = sheet.deployment.script
    sheet.up(anew=True)
    assert sheet.deployment.script != former and len(sheet.projects()) == 2
    assert read_mark(sheet.metadata).id == sheet.deployment.script and sheet.plan().status == "unchanged"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_new_script_that_was_asked_for_survives_a_kill(sheet: Sheet, number: int, when: str) -> None:
    sheet.up()
    sheet.transport.workspace.drop_document("script", sheet.deployment.script)
    sheet.over(KillAfter(sheet.transport, number, when))
    with pytest.raises(Killed):
        sheet.up(anew=True)
    sheet.deployment = deployments.load(sheet.project.folder, "local")
    sheet.over(sheet.transport)
    if number == 1:
        sheet.describe(with_file("Menu", "function menuItems() {}"))
        assert "--new-script" in sheet.plan().note
        sheet.up(**({"script_id": sheet.projects()[0]} if when == "after" else {"anew": True}))
    else:
        sheet.up()
    assert len(sheet.projects()) == 1 and sheet.desires() and sheet.plan().status == "unchanged"


def test_of_two_machines_that_make_one_at_once_the_second_is_told(sheet: Sheet) -> None:
    other = replace(sheet.deployment)
    sheet.up()
    first, sheet.deployment = sheet.deployment.script, other
    prepared = PreparedScript("create")  # planned before the first was marked
    pushed = push(sheet.project, sheet.client, other, prepared, lambda text: None)  # its batch is refused
    second, sheet.deployment = pushed.deployment.script, pushed.deployment
    _, told = sheet.up()
    assert second in told.note and "two menus" in told.note
    assert sheet.deployment.script == read_mark(sheet.metadata).id == first
    assert (sheet.plan().status, sheet.plan().note) == ("unchanged", "")


@pytest.mark.parametrize("number", [2, 3])
def test_a_new_script_that_a_kill_left_unmarked_is_the_one_asked_for_again(sheet: Sheet, number: int) -> None:
    sheet.up()
    sheet.over(KillAfter(sheet.transport, number, "before"))
    with pytest.raises(Killed):
        sheet.up(anew=True)
    sheet.deployment = deployments.load(sheet.project.folder, "local")
    sheet.over(sheet.transport)
    sheet.up(anew=True)
    assert len(sheet.projects()) == 2 and read_mark(sheet.metadata).id == sheet.deployment.script
    assert sheet.desires() and sheet.plan().status == "unchanged"


def test_a_new_script_is_made_where_the_one_that_a_kill_left_is_gone(sheet: Sheet) -> None:
    sheet.up()
    sheet.over(KillAfter(sheet.transport, 2, "before"))
    with pytest.raises(Killed):
        sheet.up(anew=True)
    sheet.deployment = deployments.load(sheet.project.folder, "local")
    sheet.over(sheet.transport)
    sheet.transport.workspace.drop_document("script", sheet.deployment.script)
    sheet.transport.workspace.db.commit()
    assert sheet.up(anew=True)[0].status == "create" and len(sheet.projects()) == 2
    assert sheet.desires() and sheet.plan().status == "unchanged"


class Unsent:
    """A creation of a project that is never sent: its login does not hold, or the run is to end."""

    def __init__(self, http: Any, error: Exception):
        self.http, self.error = http, error

    def request(self, uri: str, method: str = "GET", **more: Any) -> Any:
        if method == "POST" and uri.partition("?")[0].endswith("/v1/projects"):
            raise self.error
        return self.http.request(uri, method=method, **more)


@pytest.mark.parametrize("error", [LoginError("it is over"), RuntimeError("the run is to end")])
def test_a_creation_that_was_not_sent_is_done_by_the_next_run(sheet: Sheet, error: Exception) -> None:
    sheet.over(Unsent(sheet.transport, error))
    with pytest.raises(type(error)):
        sheet.up()
    sheet.deployment = deployments.load(sheet.project.folder, "local")
    sheet.over(sheet.transport)
    assert sheet.up()[0].status == "create"
    assert len(sheet.projects()) == 1 and sheet.plan().status == "unchanged"
