"""What the tests of several rooms share: a CRM described in a temporary folder, and a fixed clock."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from crm_builder import assets, deploy
from crm_builder.project import load_project
from crm_builder.settings import write_new
from crm_builder.template import catalog, read

settings.register_profile("project", deadline=None)  # a busy machine is no failure
settings.load_profile("project")

CLOCK = datetime(2026, 11, 22, 9, tzinfo=UTC)
TEAM = ("Maya Collins <maya@example.com>", "Omid Rahimi <omid@example.com>")


@pytest.fixture
def clock() -> datetime:
    return CLOCK


@pytest.fixture
def describe(tmp_path: Path) -> Callable[..., Path]:
    """Writes a new crm.toml and gives its folder: `describe("fa", more="[parts]\\ncampaigns = false")`."""

    def write(language: str = "en", folder: str = "crm", more: str = "", templates: Path | None = None) -> Path:
        source = read(templates or assets.folder("templates"))
        path = write_new(
            tmp_path / folder, catalog(source), language=language, name="Test", members=TEAM, templates=templates
        )
        if more:
            path.write_text(path.read_text("utf-8") + "\n" + more, "utf-8")
        return path.parent

    return write


Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Gives the folder of a name, made by the function where no process of this test run has made it; to be copied."""
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "once"
    home.mkdir(exist_ok=True)

    def folder(name: str, make: Callable[[Path], None]) -> Path:
        place = home / name
        with FileLock(home / f"{name}.lock"):  # who is second waits, and finds it made
            if not place.is_dir():
                draft = home / f"{name}.{os.getpid()}"
                make(draft)
                draft.rename(place)
        return place

    return folder


@pytest.fixture
def provisioned(once: Once, tmp_path: Path) -> Callable[..., Path]:
    """The folder of a CRM as `up` made it at CLOCK, without rows: a copy, the workspace included."""

    def copy(language: str = "en", folder: str = "crm") -> Path:
        def make(draft: Path) -> None:
            write_new(draft, catalog(read(assets.folder("templates"))), language=language, name="Test", members=TEAM)
            with deploy.open_target(draft, CLOCK) as http:
                deploy.up(load_project(draft), http, sample_data=False, clock=CLOCK, tell=lambda text: None)

        return Path(shutil.copytree(once(f"provisioned-{language}", make), tmp_path / folder))

    return copy


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: they are shared out whole, and one that began last would run alone at the end."""
    items.sort(key=lambda item: not {"whole", "xlsx", "spine"} & set(item.path.parts))
