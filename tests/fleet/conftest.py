"""Fleets of small CRMs: a common crm.toml and a clients.toml in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crm_builder import deploy
from crm_builder.errors import ProblemsError
from crm_builder.fleet import Fleet, Result, Run, load_fleet, side_by_side
from tests.changes.conftest import make_templates
from tests.conftest import CLOCK

BASE = """\
[crm]
name = "Common"

[[team]]
name = "Maya Collins"
email = "maya@example.com"
role = "owner"

[[fields.customers]]
key = "nickname"
title = "Nickname"
type = "text"
"""


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_templates(tmp_path_factory.mktemp("fleet") / "templates")


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes clients.toml and its base, and gives the path of clients.toml."""

    def write(text: str, base: str | None = BASE) -> Path:
        if base is not None:
            (tmp_path / "crm.toml").write_text(base, "utf-8")
        path = tmp_path / "clients.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def clients(*keys: str) -> str:
    return "\n".join(f'[[client]]\nkey = "{key}"\n[client.crm]\nname = "Client {key}"\n' for key in keys)


@pytest.fixture
def problems(write: Write, templates: Path) -> Callable[..., list[str]]:
    """What is wrong with a clients.toml: "FILE:LINE: path: message (hint)" of each, the folder left out."""

    def found(text: str, base: str | None = BASE) -> list[str]:
        path = write(text, base)
        with pytest.raises(ProblemsError) as caught:
            load_fleet(path, templates)
        return [str(one).replace(f"{path.parent}/", "") for one in caught.value.problems]

    return found


class Farm:
    """A fleet in a folder, run as the commands do. `wrap`: key → what stands before that client's workspace."""

    def __init__(self, path: Path, templates: Path):
        self.path, self.templates = path, templates
        self.wrap: dict[str, Callable[[Any], Any]] = {}

    def run(self, what: str = "apply", *, jobs: int = 2, **options: Any) -> dict[str, Result]:
        fleet: Fleet = load_fleet(self.path, self.templates)
        run = Run(fleet, CLOCK, open_target=self._open, **options)
        done: list[Result] = []
        results = side_by_side(fleet.clients, getattr(run, what), jobs=jobs, stop=run.stop, done=done.append)
        assert {one.client.key for one in done} >= {one.client.key for one in results if one.state != "not begun"}
        assert [one.client.key for one in results] == [one.key for one in fleet.clients]
        return {one.client.key: one for one in results}

    def states(self, what: str = "apply", **options: Any) -> dict[str, str]:
        return {key: one.state for key, one in self.run(what, **options).items()}

    @contextmanager
    def _open(self, folder: Path, *arguments: Any, **options: Any) -> Iterator[Any]:
        with deploy.open_target(folder, *arguments, **options) as http:
            yield self.wrap.get(folder.name, lambda one: one)(http)


@pytest.fixture
def farm(write: Write, templates: Path) -> Callable[..., Farm]:
    return lambda text, base=BASE: Farm(write(text, base), templates)
