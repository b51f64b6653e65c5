"""Each call of a whole `up` and of a whole `apply`, hit by each fault in turn: what is at Google in the end is the same.

CRM_BUILDER_ALL_FAULTS=1 tries every fault at every call; without it, one of those that are alike, another one at each
call.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_builder import deployment
from crm_builder.deploy.beside import UNSAID, Ways
from crm_builder.deployment import GOOGLE
from crm_builder.google import logins
from tests.faults.cloud import Fault, Line
from tests.faults.kinds import ALL, BY_NAME, HOURS
from tests.faults.world import LOGIN, SECRETS, Descriptions, Made, Run, World, is_told, opened

# Every request of the two commands, by method and what its path ends with: those of the faults are taken from it.
ASKED = {
    "up": (
        ("POST", "/token"), ("GET", "/files"), ("POST", "/files"), ("POST", "/batch/drive/v3"), ("GET", "/permissions"),
        ("POST", "/v1/projects"), ("PUT", "/content"), ("POST", "/versions"), ("POST", "/deployments"),
        ("POST", ":batchUpdate"), ("GET", ""),
    ),
    "apply": (
        ("POST", "/token"), ("GET", ""), ("GET", ""), ("GET", ""), ("GET", "/content"), ("GET", "/permissions"),
        ("GET", ""), ("POST", "/batch/drive/v3"), ("GET", "/permissions"), ("PUT", "/content"),
        ("GET", "/versions"), ("POST", "/versions"), ("GET", "/deployments"), ("PUT", ""), ("GET", ""),
        ("POST", ":batchUpdate"),
    ),
}  # fmt: skip
_OF_A_READ = {  # it is simply asked again, whatever became of it
    "lost after": "refused once", "lost before": "refused once", "lost for long, before": "refused once",
    "lost for hours, before": "refused for hours", "lost for hours, after": "refused for hours", "final once": "final",
}  # fmt: skip


def cases() -> Iterator[tuple[str, int, str]]:
    """(command, number of the call from 1, name of the fault)."""
    for command, asked in ASKED.items():
        for n, (method, path) in enumerate(asked, 1):
            met: dict[str, list[str]] = {}
            for fault in ALL:
                alike = _OF_A_READ.get(fault.alike, fault.alike) if method == "GET" else fault.alike
                if fault.only in path or os.environ.get("CRM_BUILDER_ALL_FAULTS"):
                    met.setdefault(alike, []).append(fault.name)
            for kind, names in enumerate(met.values()):
                every = os.environ.get("CRM_BUILDER_ALL_FAULTS")
                if not every and (n + kind) % 2:
                    continue  # each kind at every other call; the whole of it where all is asked for
                chosen = names if every else [names[n // 2 % len(names)]]
                yield from ((command, n, name) for name in chosen)


def named(case: tuple[str, int, str]) -> str:
    command, n, name = case
    return f"{command}, call {n}: {name}"


@pytest.fixture
def world(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[World]:
    made.copy(request.getfixturevalue("case")[0], tmp_path / "world")
    with opened(tmp_path / "world", monkeypatch) as opened_world:
        yield opened_world


def go(world: World, command: str, described: Descriptions, line: Line, ways: Ways = UNSAID) -> Run:
    if command == "up":
        return world.up(described.before, line, ways)
    return world.apply(described.after, line)


@pytest.mark.parametrize("command", ASKED)
def test_the_calls_are_those_that_are_hit(command: str, made: Made) -> None:
    asked = made.asked[command]
    assert len(asked) == len(ASKED[command])
    for (method, path), (expected, end) in zip(asked, ASKED[command], strict=True):
        assert method == expected and path.endswith(end)


@pytest.mark.parametrize("case", list(cases()), ids=named)
def test_the_end_is_the_same(case: tuple[str, int, str], world: World, made: Made, descriptions: Descriptions) -> None:
    command, n, name = case
    fault, project = BY_NAME[name], descriptions.before if command == "up" else descriptions.after
    line = world.line(n, fault)
    run = go(world, command, descriptions, line)
    shown = run.shown
    assert line.hits or fault.only
    assert run.error is None or is_told(run.error), shown
    if run.error is not None or run.told != made.told[command]:
        run = again(world, command, descriptions, made, fault)
        shown += run.shown
    assert world.state(project) == made.states[command]
    found = deployment.load(world.folder, GOOGLE)
    scripts = list(world.cloud.transport.workspace.documents("script"))
    assert found and [found.script] == scripts
    for secret in {*SECRETS, *world.tokens} - {""}:
        assert secret not in shown


def again(world: World, command: str, descriptions: Descriptions, made: Made, fault: Fault) -> Run:
    """What a person does: mends what they were told to mend, waits, and runs the same command again."""
    world.time.now += 2 * HOURS
    logins.save(LOGIN)
    for _ in range(2):
        run = go(world, command, descriptions, world.line())
        assert run.error is None, f"{fault.name}: {run.shown}"
        if not any("--new-script" in one for one in run.told):
            return run
        scripts = list(world.cloud.transport.workspace.documents("script"))
        ways = Ways(script=scripts[0]) if scripts else Ways(new_script=True)
        run = go(world, command, descriptions, world.line(), ways)
        assert run.error is None, f"{fault.name}: {run.shown}"
    return run
