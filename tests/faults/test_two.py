"""Two people, each with a folder of their own, at one CRM at the same moment: one wins, the other says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crm_builder import deploy, deployment
from crm_builder.deploy.beside import Ways
from crm_builder.deployment import GOOGLE
from crm_builder.errors import WorkspaceError
from crm_builder.google import Client, logins
from crm_builder.sheets import check_call
from tests.conftest import CLOCK
from tests.faults.test_sweep import ASKED
from tests.faults.world import LOGIN, Descriptions, Made, World, opened

LOOKED = 4  # from this call of an apply on, both planned upon what was there before


@pytest.fixture
def first(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made.copy("apply", tmp_path / "world")
    with opened(tmp_path / "world", monkeypatch) as world:
        yield world


@pytest.fixture
def second(first: World, descriptions: Descriptions) -> World:
    """Another folder that has taken up the same CRM."""
    world = replace(first, folder=first.folder.parent / "other", tokens=set())
    world.folder.mkdir()
    found = deployment.load(first.folder, GOOGLE)
    assert found
    run = world.up(descriptions.before, world.line(), Ways(spreadsheet=found.spreadsheet_id))
    assert (run.error, run.status) == (None, "unchanged")
    logins.save(LOGIN)  # the token is over once more: that is the first call
    return world


@pytest.mark.parametrize("n", range(1, len(ASKED["apply"]) + 1))
def test_a_whole_apply_at_every_call_of_another(
    n: int, first: World, second: World, made: Made, descriptions: Descriptions
) -> None:
    """The second has all of its turn right before the n-th call of the first."""
    theirs = []
    line = first.line(n)
    line.before = lambda: theirs.append(second.apply(descriptions.after, second.line()))
    mine = first.apply(descriptions.after, line)
    assert [run.error for run in theirs] == [None]
    if n >= LOOKED:
        assert isinstance(mine.error, deploy.StaleError), mine.shown
        assert "run it again" in str(mine.error)
    else:
        assert mine.error is None or isinstance(mine.error, deploy.StaleError), mine.shown
    again = first.apply(descriptions.after, first.line())
    assert (again.error, again.status) == (None, "unchanged"), again.shown
    assert first.state(descriptions.after) == made.states["apply"]
    assert second.apply(descriptions.after, second.line()).status == "unchanged"


def test_both_planned_upon_the_same_state(first: World, second: World, made: Made, descriptions: Descriptions) -> None:
    """Two plans that were agreed to: the one that is carried out later is refused as a whole."""
    http = first.cloud.transport
    found = deployment.load(first.folder, GOOGLE)
    assert found
    plans = []
    for world in (first, second):
        project = descriptions.after.at(world.folder)
        project.__dict__["script"] = descriptions.after.script
        client = Client(http, check_call)
        plans.append((project, client, deploy.prepare(project, client, found)))
    (winner, client, prepared), (loser, other, stale) = plans
    assert prepared.plan.digest == stale.plan.digest
    deploy.apply(winner, client, found, prepared, now=CLOCK, tell=lambda text: None)
    with pytest.raises(deploy.StaleError, match="changed"):
        deploy.apply(loser, other, found, stale, now=CLOCK, tell=lambda text: None)
    assert first.state(descriptions.after) == made.states["apply"]


def test_two_commands_in_one_folder(first: World) -> None:
    """The second is told who is at it, and sends nothing."""
    with (
        deploy.open_target(first.folder, CLOCK, GOOGLE, "main"),
        pytest.raises(WorkspaceError, match="is in use by process"),
        deploy.open_target(first.folder, CLOCK, GOOGLE, "main"),
    ):
        pass


@pytest.mark.parametrize("n", range(4, len(ASKED["up"]) + 1))
def test_a_whole_up_at_every_call_of_another(
    n: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Made, descriptions: Descriptions
) -> None:
    """The file is there and nothing else; another machine goes on with it. Two scripts at once cannot be prevented, as
    nothing lists them; people are told which one to delete."""
    with opened(tmp_path / "world", monkeypatch) as first:
        second = replace(first, folder=first.folder.parent / "other", tokens=set())
        second.folder.mkdir()
        theirs = []

        def go_on() -> None:
            found = deployment.load(first.folder, GOOGLE)
            assert found
            ways = Ways(spreadsheet=found.spreadsheet_id)
            theirs.append(second.up(descriptions.before, second.line(), ways))

        line = first.line(n)
        line.before = go_on
        mine = first.up(descriptions.before, line)
        assert [run.error for run in theirs] == [None], theirs[0].shown
        assert mine.error is None or isinstance(mine.error, deploy.StaleError), mine.shown
        told = []
        for world in (first, second, first):
            run = world.up(descriptions.before, world.line())
            assert run.error is None, run.shown
            told += run.told
        assert world.up(descriptions.before, world.line()).status == "unchanged"
        workspace = first.cloud.transport.workspace
        scripts = list(workspace.documents("script"))
        found = [deployment.load(one.folder, GOOGLE) for one in (first, second)]
        assert len({one.script for one in found if one} - {""}) == 1
        if len(scripts) > 1:
            (doubled,) = set(scripts) - {one.script for one in found if one}
            assert any(doubled in one for one in told), told
            with workspace.request():
                workspace.drop_document("script", doubled)
        assert first.state(descriptions.before) == made.states["up"]
