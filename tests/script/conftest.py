"""The script of a CRM in each language, rendered once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from crm_builder import assets
from crm_builder.project import Project, load_project
from crm_builder.settings import write_new
from crm_builder.template import catalog, read
from tests.conftest import TEAM

NAME = 'Tea & <img src=x onerror="boom()"> Co'


@pytest.fixture(scope="session")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Project]:
    """`crm("fa")`, `crm(more="[google]\\nmail = false")`: a project with a name that would do harm unescaped."""

    @cache
    def make(language: str = "en", more: str = "") -> Project:
        folder = tmp_path_factory.mktemp("script")
        write_new(folder, catalog(read(assets.folder("templates"))), language=language, name=NAME, members=TEAM)
        path = folder / "crm.toml"
        text, head = path.read_text("utf-8"), "\n" + more.partition("\n")[0] + "\n"
        there = bool(more) and head in text  # a section stands in a file once
        path.write_text(text.replace(head, "\n" + more, 1) if there else f"{text}\n{more}", "utf-8")
        return load_project(folder)

    return make


@pytest.fixture(scope="session")
def sources() -> Path:
    return assets.folder("appsscript")
