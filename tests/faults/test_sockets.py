"""The same over real sockets: a server in front of the workspace that breaks off, keeps silent and cuts answers."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm_builder import deploy, google
from crm_builder.google import Budget, Limits, logins, wire
from tests.conftest import CLOCK
from tests.faults.cloud import Cloud
from tests.faults.world import LOGIN, Descriptions, Made, World, moved, opened
from tests.google.faulty import Asked, Break, Say, Silence, Time, faulty

_PLENTY = Limits(100_000, 100_000, 100_000, 100_000)
_AWAY = {"error": {"code": 503, "message": "The service is currently unavailable.", "status": "UNAVAILABLE"}}


def forwarded(cloud: Cloud, asked: Asked) -> Say:
    response, content = cloud.answer(asked.path, asked.method, asked.body, asked.headers)
    headers = {name: value for name, value in response.items() if name in ("content-type", "retry-after")}
    return Say(int(response.status), content, headers)


def _reset_before(cloud: Cloud, asked: Asked) -> Any:
    return Break(effect=False)


def _reset_after(cloud: Cloud, asked: Asked) -> Any:
    forwarded(cloud, asked)
    return Break(effect=True)


def _cut(cloud: Cloud, asked: Asked) -> Any:
    said = forwarded(cloud, asked)
    said.cut = len(said.body) // 2
    return said


def _cut_gzip(cloud: Cloud, asked: Asked) -> Any:
    said = forwarded(cloud, asked)
    packed = gzip.compress(said.body)
    return Say(said.status, packed[: len(packed) // 2], {**said.headers, "content-encoding": "gzip"})


def _away(cloud: Cloud, asked: Asked) -> Any:
    return Say(503, _AWAY)


@pytest.mark.parametrize("fault", [_reset_before, _reset_after, _cut, _cut_gzip, _away])
def test_every_call_fails_once(
    fault: Callable[[Cloud, Asked], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    made: Made,
    descriptions: Descriptions,
) -> None:
    """But for the creation of the script, which nobody may repeat without a look of people."""
    with opened(tmp_path / "world", monkeypatch) as world:
        met: set[tuple[str, str]] = set()

        def step(asked: Asked) -> Any:
            request = asked.method, asked.path.partition("?")[0]
            if request in met or request[1] == "/v1/projects":
                return forwarded(world.cloud, asked)
            met.add(request)
            return fault(world.cloud, asked)

        with faulty(step) as server:
            assert up(world, server.url, monkeypatch, descriptions).status == "created"
        assert len(met) >= 8  # those of a look after a lost answer among them
        assert world.state(descriptions.before) == made.states["up"]


def test_a_service_that_never_answers_the_first_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Made, descriptions: Descriptions
) -> None:
    """What it was asked to build it has built."""
    monkeypatch.setattr(wire.Wire.__init__, "__defaults__", ("", 1.0))
    with opened(tmp_path / "world", monkeypatch) as world:
        silent: list[str] = []

        def step(asked: Asked) -> Any:
            said = forwarded(world.cloud, asked)
            if asked.path.endswith(":batchUpdate?alt=json") and not silent:
                silent.append(asked.path)
                return Silence()
            return said

        with faulty(step) as server:
            up(world, server.url, monkeypatch, descriptions)
        assert silent
        assert world.state(descriptions.before) == made.states["up"]


def up(world: World, url: str, monkeypatch: pytest.MonkeyPatch, descriptions: Descriptions) -> deploy.Outcome:
    monkeypatch.setenv(google.ENDPOINT, url)
    logins.save(LOGIN)
    time = Time()
    monkeypatch.setitem(deploy.build.ensure_file.__kwdefaults__, "pause", time.sleep)
    shutil.copy(descriptions.before.folder / "crm.toml", world.folder / "crm.toml")
    with google.connect("main", budget=Budget(_PLENTY), clock=time.clock, sleep=time.sleep, random=lambda: 0.5) as http:
        project = moved(descriptions.before, world.folder)
        return deploy.up(project, http, sample_data=False, clock=CLOCK, tell=lambda text: None)
