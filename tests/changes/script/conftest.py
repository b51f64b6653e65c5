"""The description that all of these tests begin with, and a spreadsheet without a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_builder import deployment as deployments
from crm_builder.google import Client
from crm_builder.local.transport import open_workspace
from crm_builder.project import Project, load_project
from crm_builder.sheets import check_call
from tests.changes.crm import description
from tests.changes.script.sheet import Sheet
from tests.conftest import CLOCK


@pytest.fixture(scope="module")
def described(small_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("described")
    (folder / "crm.toml").write_text(description() + "\n[google]\nweb = false\n", "utf-8")
    return load_project(folder, small_templates)


@pytest.fixture
def sheet(described: Project, tmp_path: Path) -> Iterator[Sheet]:
    with open_workspace(tmp_path / "workspace", CLOCK) as http:
        client = Client(http, check_call)
        deployment = deployments.new("local").with_spreadsheet(client.create_file("Test", "key")["id"])
        deployments.save(tmp_path, deployment)
        yield Sheet(described.at(tmp_path), http, deployment, client)
