"""A CRM at Google to make and to change: its description before and after, the runs of a person, and what comes of them."""

from __future__ import annotations

import json
import logging
import shutil
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crm_builder import deploy, deployment, google
from crm_builder.deploy import build
from crm_builder.deploy.beside import UNSAID, Ways
from crm_builder.deployment import GOOGLE
from crm_builder.errors import CrmError
from crm_builder.google import Budget, Client, logins
from crm_builder.google.logins import Login
from crm_builder.local import scripts_store as stored
from crm_builder.local.transport import open_workspace
from crm_builder.local.workspace import Workspace
from crm_builder.model import Workbook
from crm_builder.project import Project, load_project
from crm_builder.script import ScriptFile
from crm_builder.sheets import check_call, read_ranges
from crm_builder.sheets.marks import TURN
from tests.changes.crm import HEAD
from tests.conftest import CLOCK
from tests.faults.cloud import Cloud, Line
from tests.google.faulty import Time

SECRETS = ("GOCSPX-the-client-secret", "1//the-refresh-token", "ya29.the-first-token")
PAST = 1.0
LOGIN = Login(
    "main", "client-id", SECRETS[0], SECRETS[1], tuple(sorted(google.SCRIPT)), 1_700_000_000.0, SECRETS[2], PAST
)
BEFORE = """
[[fields.customers]]
key = "tier"
title = "Tier"
type = "choice"
choices = [{ title = "Gold" }, { title = "Silver" }]
"""
AFTER = """
[[fields.customers]]
key = "tier"
title = "Tier"
type = "choice"
choices = [{ title = "Platinum", was = "Gold" }, { title = "Silver" }]

[[fields.customers]]
key = "nickname"
title = "Nickname"
type = "text"
"""
TEAM = {"Maya Collins": "maya", "Omid Rahimi": "omid", "Vera Lund": "vera"}
TEAM_AFTER = {"Maya Collins": "maya", "Omid Rahimi": "omid", "Nils Berg": "nils"}


def described(fields: str, team: dict[str, str]) -> str:
    head = "\n".join(f'{key} = "{value}"' for key, value in HEAD.items())
    people = "\n".join(
        f'[[team]]\nname = "{name}"\nemail = "{mail}@example.com"\nrole = "{role}"'
        for (name, mail), role in zip(team.items(), ("owner", "viewer", "editor"), strict=True)
    )
    return f"[crm]\n{head}\n{people}\n{fields}"


@dataclass
class Descriptions:
    """What is described before and after, each read once; the projects of other folders are `at` them."""

    before: Project
    after: Project
    templates: Path

    @classmethod
    def of(cls, folder: Path, templates: Path) -> Descriptions:
        made = []
        for name, fields, team in (("before", BEFORE, TEAM), ("after", AFTER, TEAM_AFTER)):
            (folder / name).mkdir(parents=True)
            (folder / name / "crm.toml").write_text(described(fields, team), "utf-8")
            made.append(load_project(folder / name, templates).on(GOOGLE, "main"))
        before, after = made
        _ = before.batches, after.wishes
        script = after.script
        menu = ScriptFile("Later", "SERVER_JS", "function later() {}\n")
        after.__dict__["script"] = replace(script, files=(*script.files, menu))
        return cls(before, after, templates)


def moved(project: Project, folder: Path) -> Project:
    """The project in another folder, with what was computed of it."""
    there = project.at(folder)
    there.__dict__.update(
        {key: project.__dict__[key] for key in ("batches", "script", "wishes") if key in project.__dict__}
    )
    return there


@dataclass
class Run:
    """What one command of a person came to. `shown` is all that people and files get to see of it."""

    error: BaseException | None = None
    told: tuple[str, ...] = ()
    status: str = ""
    methods: list[str] = field(default_factory=list)
    shown: str = ""


@dataclass
class World:
    """One folder of a person and the cloud: runs go through the real connection, over a line that may fail."""

    folder: Path
    cloud: Cloud
    time: Time = field(default_factory=Time)
    patch: Any = None
    tokens: set[str] = field(default_factory=set)

    def run(self, what: Callable[..., Any], project: Project, line: Line, **more: Any) -> Run:
        told: list[str] = []
        heard = Heard()
        shutil.copy(project.folder / "crm.toml", self.folder / "crm.toml")
        done = Run()
        self.patch.setattr("crm_builder.google.wire.Wire", lambda root="", timeout=0: line)
        self.patch.setitem(build.ensure_file.__kwdefaults__, "pause", self.time.sleep)
        budget = Budget(clock=self.time.clock, sleep=self.time.sleep)
        calls: list[Any] = []
        with heard.listening():
            try:
                with google.connect(
                    "main",
                    tell=told.append,
                    budget=budget,
                    clock=self.time.clock,
                    sleep=self.time.sleep,
                    random=lambda: 0.5,
                ) as http:
                    done.status, done.told = what(moved(project, self.folder), http, told.append, calls, **more)
            except Exception as error:
                done.error = error
        self.tokens |= line.tokens
        done.methods = [call.method for call in calls]
        error = "".join(traceback.format_exception(done.error)) + repr(vars(done.error)) if done.error else ""
        done.shown = "".join([error, *told, *done.told, repr(calls), heard.text(), *self._files()])
        return done

    def _files(self) -> Iterator[str]:
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path.suffix in (".json", ".jsonl", ".toml"):
                yield path.read_text("utf-8")

    def line(self, n: int = 0, fault: Any = None) -> Line:
        return Line(self.cloud, self.time, n, fault)

    def up(self, project: Project, line: Line, ways: Ways = UNSAID) -> Run:
        return self.run(_up, project, line, ways=ways)

    def apply(self, project: Project, line: Line) -> Run:
        return self.run(_apply, project, line)

    def state(self, project: Project) -> str:
        return state_of(self.cloud, project.rendered.workbook)


def _up(project: Project, http: Any, tell: Any, calls: list[Any], ways: Ways = UNSAID) -> tuple[str, tuple[str, ...]]:
    done = deploy.up(project, http, sample_data=False, clock=CLOCK, tell=tell, ways=ways)
    calls += done.calls
    return done.status, done.told


def _apply(project: Project, http: Any, tell: Any, calls: list[Any]) -> tuple[str, tuple[str, ...]]:
    client = Client(http, check_call)
    found = deployment.load(project.folder, GOOGLE)
    assert found
    try:
        prepared = deploy.prepare(project, client, found)
        done = deploy.apply(project, client, found, prepared, now=CLOCK, tell=tell)
    finally:
        calls += client.calls
    assert not done.left, done.left
    return "changed" if prepared.pending else "unchanged", done.told


class Heard(logging.Handler):
    """Everything that is logged, at every level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def text(self) -> str:
        return "".join(record.getMessage() for record in self.records)

    @contextmanager
    def listening(self) -> Iterator[None]:
        root = logging.getLogger()
        level = root.level
        root.setLevel(logging.DEBUG)
        root.addHandler(self)
        try:
            yield
        finally:
            root.removeHandler(self)
            root.setLevel(level)


def state_of(cloud: Cloud, workbook: Workbook) -> str:
    """Everything that is at Google, as text that is equal where the same came of it: the ids that Google chooses are
    named by their order, and the turns that were taken are left out. `workbook`: whose cells are read."""
    client = Client(cloud.transport, check_call)
    workspace = cloud.transport.workspace
    files = [file["id"] for file in client.call(client.drive.files().list(fields="files(id)"))["files"]]
    books = [_book(client, id, workbook) for id in files]
    people = []
    for id in files:
        mask = "permissions(role,type,emailAddress)"
        people.append(client.call(client.drive.permissions().list(fileId=id, fields=mask))["permissions"])
    scripts = list(workspace.documents("script").values())
    pages = [stored.deployments(workspace, one["scriptId"]) for one in scripts]
    contents = [
        {"files": sorted(_source(client, one["scriptId"])), "title": one["title"], "of": one["parentId"]}
        | {"page": [_served(workspace, one["scriptId"], each) for each in shown]}
        for one, shown in zip(scripts, pages, strict=True)
    ]
    text = json.dumps(
        {"books": books, "people": [sorted(map(json.dumps, one)) for one in people], "scripts": contents}, indent=0,
        sort_keys=True, ensure_ascii=False,
    )  # fmt: skip
    shown = [each["deploymentId"] for page in pages for each in page]
    for kind, ids in (("file", files), ("script", [one["scriptId"] for one in scripts]), ("page", shown)):
        for number, id in enumerate(ids):
            text = text.replace(id, f"{kind} {number}")
    return text


def _served(workspace: Workspace, script: str, page: dict[str, Any]) -> list[tuple[str, str]]:
    """What the page shows, whatever the number of its version: two machines may each make one of the same files."""
    number = page["deploymentConfig"]["versionNumber"]
    return sorted((one["name"], one["source"]) for one in stored.version_files(workspace, script, number))


def _source(client: Client, id: str) -> list[tuple[str, str]]:
    got = client.call(client.script.projects().getContent(scriptId=id))
    return [(one["name"], one["source"]) for one in got["files"]]


def _book(client: Client, id: str, workbook: Workbook) -> Any:
    book = client.get(id, fields="*")
    marks = book.pop("developerMetadata", [])
    kept = [one for one in marks if one["metadataKey"] != TURN]
    cells = client.get(id, read_ranges(book, [workbook]), "sheets.data")
    return {**book, "marks": sorted(json.dumps(one, sort_keys=True) for one in kept), "cells": cells}


@dataclass
class Made:
    """What comes of each command where nothing goes wrong: what is at Google then, what people are told, what was
    asked, as (method, path). `copy` makes the world in which a command is to run."""

    folder: Path
    states: dict[str, str]
    told: dict[str, tuple[str, ...]]
    asked: dict[str, list[tuple[str, str]]]

    def copy(self, command: str, target: Path) -> None:
        if command == "apply":
            shutil.copytree(self.folder / "first", target)


@contextmanager
def opened(folder: Path, patch: Any) -> Iterator[World]:
    """The world in a folder: `cloud/` and `crm/` in it; somebody is logged in, with a token that is over."""
    crm = folder / "crm"
    crm.mkdir(parents=True, exist_ok=True)
    patch.setenv("CRM_BUILDER_CONFIG", str(folder / "config"))
    patch.delenv("CRM_BUILDER_GOOGLE_ENDPOINT", raising=False)
    logins.save(LOGIN)
    with open_workspace(folder / "cloud", CLOCK) as transport:
        yield World(crm, Cloud(transport), patch=patch)


def is_told(error: BaseException | None) -> bool:
    """Whether it is an error that people can mend, in a sentence."""
    return isinstance(error, CrmError) and 20 < len(str(error)) < 1000 and "Traceback" not in str(error)
