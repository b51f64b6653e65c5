"""What holds for a CRM with its script and its team whatever the way to its cloud: the same assertions on both."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from crm_builder import deploy, deployment
from crm_builder.deploy.beside import UNSAID, Ways
from crm_builder.deployment import GOOGLE
from crm_builder.google import Call, Client
from crm_builder.model.compare import differences
from crm_builder.project import Project
from crm_builder.script import ScriptFile
from crm_builder.sheets import canonical, check_call
from tests.changes.crm import CUSTOMERS, Crm
from tests.conftest import CLOCK
from tests.contract.conftest import Way
from tests.faults.world import Descriptions, moved

OTHERS = {"type": "user", "role": "commenter", "emailAddress": "accountant@example.com"}


@dataclass
class Person:
    """Somebody at a computer with a folder; each command is a client of its own."""

    folder: Path
    way: Way
    descriptions: Descriptions

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.calls: list[Call] = []

    @property
    def client(self) -> Client:
        return Client(self.way.http, check_call)

    @property
    def deployment(self) -> Any:
        return deployment.load(self.folder, GOOGLE)

    def project(self, described: Project) -> Project:
        shutil.copy(described.folder / "crm.toml", self.folder / "crm.toml")
        return moved(described, self.folder)

    def up(self, described: Project | None = None, ways: Ways = UNSAID) -> deploy.Outcome:
        project = self.project(described or self.descriptions.before)
        done = deploy.up(project, self.way.http, sample_data=False, clock=CLOCK, tell=lambda text: None, ways=ways)
        self.calls = done.calls
        return done

    def make(self) -> Person:
        """A CRM with a few rows. The cloud holds others of the same name."""
        assert self.up(ways=Ways(anew=True)).status == "created"
        made = self.calls
        self.crm().fill()
        self.calls = made
        return self

    def crm(self) -> Crm:
        return Crm.of(self.folder, self.descriptions.templates, self.way.http, self.deployment)

    def plan(self, described: Project) -> deploy.Prepared:
        return deploy.prepare(self.project(described), self.client, self.deployment)

    def apply(self, described: Project) -> deploy.Applied:
        client, project = self.client, self.project(described)
        prepared = deploy.prepare(project, client, self.deployment)
        done = deploy.apply(project, client, self.deployment, prepared, now=CLOCK, tell=lambda text: None)
        self.calls = client.calls
        return done

    def undo(self, described: Project) -> deploy.Undo:
        client, project = self.client, self.project(described)
        todo = deploy.prepare_undo(project, client, self.deployment)
        return deploy.undo(project, client, self.deployment, todo, now=CLOCK, tell=lambda text: None)

    def people(self) -> dict[str, str]:
        """Address → role of everybody who may use the spreadsheet."""
        client = self.client
        asked = client.drive.permissions().list(
            fileId=self.deployment.spreadsheet_id, fields="permissions(emailAddress,role)"
        )
        return {one["emailAddress"]: one["role"] for one in client.call(asked)["permissions"]}

    def files(self) -> dict[str, str]:
        """The files of the script by their names."""
        client = self.client
        got = client.call(client.script.projects().getContent(scriptId=self.deployment.script))
        return {one["name"]: one["source"] for one in got["files"]}

    def scripts(self) -> list[str]:
        """The scripts that are bound to the spreadsheet, whoever made them."""
        found = self.way.transport.workspace.documents("script")
        return [id for id, one in found.items() if one["parentId"] == self.deployment.spreadsheet_id]

    def names(self) -> list[str]:
        crm = self.crm()
        column = crm.column("customers", "name")
        return [line[column] for line in crm.user.values(crm.sheet("customers"))[1 : 1 + len(CUSTOMERS)]]


@pytest.fixture
def person(way: Way, tmp_path: Path, descriptions: Descriptions) -> Person:
    return Person(tmp_path / "crm", way, descriptions)


def names_of(files: Any) -> dict[str, str]:
    return {file.name: file.source for file in files}


def test_create(person: Person) -> None:
    """From nothing to a CRM with script, web app and team in at most 10 calls."""
    done = person.up(ways=Ways(anew=True))
    assert done.status == "created"
    assert [call.method for call in person.calls] == [
        "files.list", "files.create", "batch", "permissions.list", "projects.create", "projects.updateContent",
        "projects.versions.create", "projects.deployments.create", "spreadsheets.batchUpdate", "spreadsheets.get",
    ]  # fmt: skip
    assert len(person.calls) <= 10 and all(call.status == 200 for call in person.calls)
    assert [file["id"] for file in person.client.find_files(person.deployment.key)] == [done.spreadsheet_id]


def test_read(person: Person) -> None:
    """What is there is what is described, and nothing is wrong with it."""
    person.make()
    project = person.project(person.descriptions.before)
    health = deploy.examine(project, person.client, person.deployment)
    assert health.well
    seen = person.plan(person.descriptions.before).seen
    assert not differences(canonical(project.rendered.workbook), seen.observed.workbook)
    assert person.names() == [one["name"] for one in CUSTOMERS]


def test_plan_changes_nothing(person: Person) -> None:
    person.make()
    prepared = person.plan(person.descriptions.after)
    assert [(type(one).__name__, str(one.id)) for one in prepared.plan.changes if one.id.kind == "column"] == [
        ("Update", "customers.tier"), ("Create", "customers.nickname"),
    ]  # fmt: skip
    assert prepared.beside.lines == [
        ("~", "script Config"),  # it names the team
        ("+", "script Later"),
        ("-", "vera@example.com loses access (was editor)"),
        ("+", "share with Nils Berg <nils@example.com> as editor"),
    ]
    assert person.plan(person.descriptions.after).plan.digest == prepared.plan.digest
    assert not person.plan(person.descriptions.before).pending


def test_apply_and_converge(person: Person) -> None:
    """After a change nothing is left to do, in two calls, whether one says apply or up; no row is lost."""
    person.make()
    done = person.apply(person.descriptions.after)
    assert not done.left
    assert person.names() == [one["name"] for one in CUSTOMERS]
    person.apply(person.descriptions.after)
    assert [call.method for call in person.calls] == ["spreadsheets.get"] * 2
    assert person.up(person.descriptions.after).status == "unchanged"
    assert len(person.calls) == 2


def test_undo(person: Person) -> None:
    """A change of the workbook is taken back with what was typed into it."""
    person.make()
    before = person.plan(person.descriptions.before).seen.observed.workbook
    person.apply(person.descriptions.after)
    assert not person.undo(person.descriptions.after).lost
    assert not differences(before, person.plan(person.descriptions.before).seen.observed.workbook)
    assert person.names() == [one["name"] for one in CUSTOMERS]


def test_script_push(person: Person) -> None:
    """One bound script; files of people stay; what is edited of ours is refused until people say otherwise."""
    person.make()
    before, after = person.descriptions.before, person.descriptions.after
    assert person.files() == names_of(before.script.files)
    body = {
        "files": [
            {"name": one.name, "type": one.type, "source": one.source}
            for one in (*before.script.files, ScriptFile("Mine", "SERVER_JS", "function mine() {}\n"))
        ]
    }
    client = person.client
    client.call(client.script.projects().updateContent(scriptId=person.deployment.script, body=body))
    person.apply(after)
    assert person.files() == names_of(after.script.files) | {"Mine": "function mine() {}\n"}
    assert person.scripts() == [person.deployment.script]
    for file in body["files"]:
        file["source"] += "// edited\n" if file["type"] != "JSON" else ""
    client.call(client.script.projects().updateContent(scriptId=person.deployment.script, body=body))
    edited = person.files()
    refused = person.up(before)
    assert any("--overwrite-script" in one for one in refused.told)
    assert person.files() == edited
    person.up(before, Ways(overwrite_script=True))
    assert {name: text for name, text in person.files().items() if name != "Mine"} == names_of(before.script.files)
    assert person.files()["Mine"] == "function mine() {}\n// edited\n"


def test_share(person: Person) -> None:
    """Roles follow the team; the owner and whom people invited themselves are left alone."""
    person.make()
    ours = {"owner@example.com": "owner", "maya@example.com": "writer", "omid@example.com": "reader"}
    assert person.people() == ours | {"vera@example.com": "writer"}
    client = person.client
    invite = client.drive.permissions().create(fileId=person.deployment.spreadsheet_id, body=OTHERS)
    client.call(invite)
    person.apply(person.descriptions.after)
    assert person.people() == ours | {"nils@example.com": "writer", OTHERS["emailAddress"]: "commenter"}


def test_another_machine_goes_on(person: Person, tmp_path: Path) -> None:
    """From a folder that knows nothing: the CRM is named once, and nothing is made again."""
    person.make()
    other = replace(person, folder=tmp_path / "other")
    assert other.up(ways=Ways(spreadsheet=person.deployment.spreadsheet_id)).status == "unchanged"
    assert (other.deployment.key, other.scripts()) == (person.deployment.key, [person.deployment.script])
    other.apply(person.descriptions.after)
    assert not person.plan(person.descriptions.after).pending
