"""A CRM to measure: its description in a folder, the client of its workspace, where its columns are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crm_builder import assets, deploy
from crm_builder.a1 import letters, quote
from crm_builder.google import Client
from crm_builder.project import Project, load_project
from crm_builder.settings import write_new
from crm_builder.sheets import check_call
from crm_builder.template import catalog, read

CLOCK = datetime(2026, 11, 22, 9, tzinfo=UTC)  # a fixed one: every run does the same
TEAM = ("Maya Collins <maya@example.com>", "Omid Rahimi <omid@example.com>")


def describe(folder: Path, language: str, templates: Path | None = None) -> Project:
    """Writes a new crm.toml with everything at its default and reads it."""
    source = read(templates or assets.folder("templates"))
    write_new(folder, catalog(source), language=language, name="Benchmark", members=TEAM, templates=templates)
    return load_project(folder, templates)


@contextmanager
def client_of(folder: Path) -> Iterator[Client]:
    """A client of the folder's workspace. Its services are built already, which takes half a second once."""
    with deploy.open_target(folder, CLOCK) as http:
        client = Client(http, check_call)
        client.sheets.spreadsheets().values()
        yield client


def cells(project: Project, table: str, column: str, first_row: int, last_row: int | None = None) -> str:
    """A1 notation of a column's cells from one 1-based row to another, or of one cell."""
    place = project.layout.place(table)
    letter = letters(place.column(column))
    return f"{quote(place.title)}!{letter}{first_row}:{letter}{last_row or first_row}"
