"""What the tests of several rooms share: a CRM described in a temporary folder, and a fixed clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from crm_builder import assets
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: they are shared out whole, and one that began last would run alone at the end."""
    items.sort(key=lambda item: not {"whole", "xlsx", "spine"} & set(item.path.parts))
