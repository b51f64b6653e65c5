"""A CRM whose description changes, whose people type, and which is taken back and restored: each as one short call."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from crm_builder import deploy, deployment
from crm_builder.deploy.entered import at, read_formats, read_grids
from crm_builder.deploy.number_formats import numbers_in
from crm_builder.google import Client
from crm_builder.project import Project, load_project
from crm_builder.sheets import READ_FIELDS, STATE_FIELDS, Observed, check_call, read, read_ranges
from tests.changes.faults import Counting, KillAfter, Killed, LoseAnswer
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

    def repair(self, fault: Any = None, everything: bool = False) -> deploy.Applied:
        with self.open(fault) as (project, client, found):
            prepared = deploy.prepare_repair(project, client, found, everything=everything)
            done = deploy.apply(project, client, found, prepared, now=self._tick(), tell=_silent, what="repair")
        assert done.left == [], done.left
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

    def missing(self, file: Path, fault: Any = None, from_another: bool = False) -> deploy.Missing:
        with self.open(fault) as (project, client, found):
            todo = deploy.prepare_missing(project, client, found, file, from_another)
            done = deploy.restore_missing(project, client, found, todo, now=self._tick(), tell=_silent)
        assert done.left == [], done.left
        return done

    def grids(self) -> Grids:
        """What was entered into every sheet, by its title; the notes of what was applied left out."""
        with self.open() as (_, client, found):
            titles = _titles(client, found)
            grids = read_grids(client, found.spreadsheet_id, list(titles.values()))
        return {titles[number]: grid for number, grid in grids.items() if not titles[number].startswith("_crm")}

    def formats(self, sheet: str) -> dict[tuple[int, int], str]:
        """The kinds of the number formats of the cells of a sheet that hold numbers or formulas."""
        with self.open() as (_, client, found):
            (grid,) = read_grids(client, found.spreadsheet_id, [sheet]).values()
            spots = numbers_in(grid)
            (formats,) = read_formats(client, found.spreadsheet_id, {sheet: spots}).values()
        return {spot: number["type"] for spot, number in formats.items() if spot in spots}

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


def _titles(client: Client, found: deployment.Deployment) -> dict[int, str]:
    sheets = client.get(found.spreadsheet_id, fields="sheets(properties(sheetId,title))")["sheets"]
    return {one["properties"].get("sheetId", 0): one["properties"]["title"] for one in sheets}


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


def faulty_runs(crm: Keeping, folder: Path, fault: str, action: Callable[[Keeping, Any], Any]) -> Iterator[Keeping]:
    """A copy of the CRM for each REST call of the action: disturbed at that call, then done again undisturbed.

    `fault`: killed `before` or `after` the call, or its answer is `lost`. A run that left no trace is not done again.
    """
    for call in count(1):
        copy = Keeping(Path(shutil.copytree(crm.folder, folder / f"{fault}{call}")), crm.templates)
        copy.first, copy.now = crm.first, crm.now
        made: list[Counting] = []
        trace = _trace(copy)

        def disturbed(http: Any, call: int = call, made: list[Counting] = made) -> Counting:
            made.append(LoseAnswer(http, call) if fault == "lost" else KillAfter(http, call, fault))
            return made[0]

        try:
            action(copy, disturbed)
            return
        except (Killed, TimeoutError):
            if not made[0].writes and _trace(copy) == trace:
                continue
            action(copy, None)
        yield copy
        shutil.rmtree(copy.folder)


def _trace(crm: Keeping) -> dict[str, int]:
    """The files beside the workspace and their sizes."""
    home = crm.folder / ".crm"
    files = (path for path in home.rglob("*") if path.is_file() and "workspace" not in path.parts)
    return {str(path): path.stat().st_size for path in files}
