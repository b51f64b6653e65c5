"""A CRM whose description changes, whose people type, and which is taken back and restored: each as one short call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crm_builder import deploy, deployment
from crm_builder.deploy.entered import at, read_grids
from crm_builder.google import Client
from crm_builder.project import Project, load_project
from crm_builder.sheets import READ_FIELDS, STATE_FIELDS, Observed, check_call, read, read_ranges
from tests.changes.user import User
from tests.conftest import CLOCK

Grids = dict[str, list[list[Any]]]

NICKNAME = """
[[fields.customers]]
key = "nickname"
title = "Nickname"
type = "text"
"""
DELETED = '[changes]\ndelete = ["customers.nickname"]\n'


class Keeping:
    """One folder. `more` is what its crm.toml says beyond the first one; each call opens the workspace anew."""

    def __init__(self, folder: Path, templates: Path):
        self.folder, self.templates = folder, templates
        path = folder / "crm.toml"
        text = path.read_text("utf-8") if path.exists() else ""
        self.first = re.sub(r"^\[(parts|changes|lists)\]$", "", text, flags=re.M)  # all in them is a comment
        self.now: datetime = CLOCK

    def describe(self, more: str = "") -> None:
        (self.folder / "crm.toml").write_text(f"{self.first}\n{more}", "utf-8")

    @contextmanager
    def open(self, fault: Any = None) -> Iterator[tuple[Project, Client, deployment.Deployment]]:
        """`fault` makes an http object around the real one."""
        project, found = load_project(self.folder, self.templates), deployment.load(self.folder, deploy.LOCAL)
        assert found
        with deploy.open_target(self.folder, CLOCK) as http:
            yield project, Client(fault(http) if fault else http, check_call), found

    @contextmanager
    def user(self) -> Iterator[tuple[User, Observed]]:
        """Somebody at the sheet, and what they see."""
        with self.open() as (project, client, found):
            yield User(client, found.spreadsheet_id), _observed(project, client, found)

    def apply(self, more: str | None = None, fault: Any = None) -> deploy.Prepared:
        if more is not None:
            self.describe(more)
        with self.open(fault) as (project, client, found):
            prepared = deploy.prepare(project, client, found)
            assert not prepared.plan.refusals, prepared.plan.refusals
            done = deploy.apply(project, client, found, prepared, now=self._tick(), tell=_silent)
            assert done.left == [], done.left
        return prepared

    def undo(self, fault: Any = None) -> deploy.Undo:
        with self.open(fault) as (project, client, found):
            todo = deploy.prepare_undo(project, client, found)
            done = deploy.undo(project, client, found, todo, now=self._tick(), tell=_silent)
        assert done.applied and done.applied.left == [], done.applied.left
        return done

    def pending(self) -> tuple[Any, ...]:
        """The changes that a plan finds now."""
        with self.open() as (project, client, found):
            return deploy.prepare(project, client, found).plan.changes

    def backup(self, path: Path | None = None) -> Path:
        with self.open() as (project, client, found):
            return deploy.backup(project, client, found, path, self._tick()).path

    def restore(self, file: Path, fault: Any = None, as_new: bool = False) -> deploy.Restore:
        todo = deploy.prepare_restore(file, self.folder, deploy.LOCAL, as_new)
        todo.write_description()
        project = load_project(self.folder, self.templates)
        with deploy.open_target(self.folder, CLOCK) as http:
            client = Client(fault(http) if fault else http, check_call)
            done = deploy.restore(project, client, todo, now=self._tick(), tell=_silent)
        assert done.left == [], done.left
        return done

    def missing(self, file: Path, fault: Any = None) -> deploy.Missing:
        with self.open(fault) as (project, client, found):
            todo = deploy.prepare_missing(project, client, found, file)
            done = deploy.restore_missing(project, client, found, todo, now=self._tick(), tell=_silent)
        assert done.left == [], done.left
        return done

    def grids(self) -> Grids:
        """What was entered into every sheet, by its title; the notes of what was applied left out."""
        with self.open() as (_, client, found):
            sheets = client.get(found.spreadsheet_id, fields="sheets(properties(sheetId,title))")["sheets"]
            titles = {one["properties"].get("sheetId", 0): one["properties"]["title"] for one in sheets}
            grids = read_grids(client, found.spreadsheet_id, list(titles.values()))
        return {titles[number]: grid for number, grid in grids.items() if not titles[number].startswith("_crm")}

    def observed(self) -> Observed:
        with self.open() as (project, client, found):
            return _observed(project, client, found)

    def column(self, sheet: str, key: str) -> dict[int, Any]:
        """What is entered below the header of a column, by line."""
        observed = self.observed()
        place = observed.layout.place(sheet)
        grid = self.grids()[place.title]
        column = place.column(key)
        lines = range(place.line(1) + 1, len(grid))
        return {line: at(grid, line, column) for line in lines if at(grid, line, column) is not None}

    def _tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def _observed(project: Project, client: Client, found: deployment.Deployment) -> Observed:
    state = client.get(found.spreadsheet_id, fields=STATE_FIELDS)
    workbook = project.rendered.workbook
    return read(client.get(found.spreadsheet_id, read_ranges(state, [workbook]), READ_FIELDS), None, workbook)


def _silent(text: str) -> None:
    pass


def type_rows(keeping: Keeping, sheet: str, rows: list[dict[str, Any]], first: int = 1) -> None:
    """Rows below the header, RAW: a text stays a text."""
    with keeping.user() as (user, observed):
        place = observed.layout.place(sheet)
        requests = []
        for line, row in enumerate(rows, place.line(1) + first):
            for key, value in row.items():
                kind = "boolValue" if isinstance(value, bool) else "stringValue"
                kind = "numberValue" if isinstance(value, int | float) and not isinstance(value, bool) else kind
                start = {"sheetId": place.sheet_id, "rowIndex": line, "columnIndex": place.column(key)}
                cell = {"userEnteredValue": {kind: value}}
                requests.append(
                    {"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}}
                )
        user.send(*requests)
