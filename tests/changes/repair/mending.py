"""A CRM in which things break: a person who works in it, and what `status` and `repair` do in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_builder import deploy, deployment
from crm_builder.google import Client
from crm_builder.project import Project, load_project
from crm_builder.sheets import check_call
from tests.changes.typed import Typed, lost, typed_cells
from tests.changes.user import User
from tests.conftest import CLOCK

HEAD = 0  # the line of a table's header
ROWS = 12


@dataclass
class Crm:
    """A CRM with a few rows, a person who works in it, and what `status` and `repair` do in it."""

    project: Project
    http: Any
    id: str
    user: User

    @property
    def client(self) -> Client:
        return Client(self.http, check_call)

    @property
    def found(self) -> deployment.Deployment:
        found = deployment.load(self.project.folder, deploy.LOCAL)
        assert found
        return found

    def sheet(self, key: str) -> int:
        return self.project.layout.place(key).sheet_id

    def column(self, sheet: str, key: str) -> int:
        return self.project.layout.place(sheet).column(key)

    def typed(self) -> Typed:
        return typed_cells(self.client, self.id, self.project.rendered.workbook)

    def health(self, client: Client | None = None) -> deploy.Health:
        return deploy.examine(self.project, client or self.client, self.found)

    def damage(self) -> list[tuple[str, str]]:
        return [(one["damage"], one["id"]) for one in self.health().damage_data()]

    def repair(self, *things: str, everything: bool = False, http: Any = None) -> deploy.Applied:
        client = Client(http or self.http, check_call)
        prepared = deploy.prepare_repair(self.project, client, self.found, things, everything)
        return deploy.apply(
            self.project, client, self.found, prepared, now=CLOCK, tell=lambda text: None, what="repair"
        )

    def plan(self) -> deploy.Prepared:
        return deploy.prepare(self.project, self.client, self.found)

    def shown(self, sheet: str, column: str) -> list[Any]:
        """What a column shows, its header included."""
        place = self.health().seen.layout.place(sheet)
        index = place.column(column)
        lines = self.user.values(place.sheet_id)
        return [line[index] if index < len(line) else "" for line in lines]

    def rules(self, sheet: str) -> list[dict[str, Any]]:
        """The rules of a sheet, as they can be sent again."""
        held = json.dumps(self.user.sheets()[self.sheet(sheet)]["conditionalFormats"])
        return json.loads(held, object_hook=_sendable)

    def mended(self, before: Typed | None = None, gone: int = 0) -> None:
        """Repairs, and then all is well: nothing pending, nothing broken, typed cells as they were but for `gone`."""
        before = before or self.typed()
        done = self.repair()
        assert done.left == []
        health = self.health()
        assert (health.damage_lines(), health.plan.empty) == ([], True)
        assert not self.plan().batches
        differences = lost(before, self.typed())
        assert len(differences) == gone, differences


def _sendable(data: dict[str, Any]) -> dict[str, Any]:
    """Without what the service answers and does not want to be told."""
    return {name: part for name, part in data.items() if name not in ("backgroundColor", "foregroundColor")}


@contextmanager
def opened(folder: Path, templates: Path) -> Iterator[Crm]:
    project, found = load_project(folder, templates), deployment.load(folder, deploy.LOCAL)
    assert found
    with deploy.open_target(folder, CLOCK) as http:
        yield Crm(project, http, found.spreadsheet_id, User(Client(http, check_call), found.spreadsheet_id))
