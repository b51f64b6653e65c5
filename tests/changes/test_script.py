"""The bound script's way into a spreadsheet: made once, written where it differs, nobody's own work lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httplib2
import pytest

from crm_builder import deployment as deployments
from crm_builder.deploy.script import CREATING, PreparedScript, Pushed, plan_script, push, script_files
from crm_builder.deploy.script_mark import mark_requests, read_mark
from crm_builder.deploy.script_try import read_try
from crm_builder.errors import CrmError, LoginError, LostAnswer
from crm_builder.google import Client
from crm_builder.google.retry import Retrying
from crm_builder.google.wire import Unanswered, Wire
from crm_builder.local import scripts_versions
from crm_builder.local.server import serve
from crm_builder.local.transport import open_workspace
from crm_builder.project import Project, load_project
from crm_builder.script import MANIFEST, ScriptFile, ScriptProject, WebApp
from crm_builder.settings.values import Google
from crm_builder.sheets import check_call
from tests.changes.crm import description
from tests.changes.faults import KillAfter, Killed
from tests.conftest import CLOCK

SWITCHED_OFF = "User has not enabled the Apps Script API. Enable it by visiting https://script.google.com/home/usersettings then retry."
NO_SCOPE = "Request had insufficient authentication scopes."


class Losing:
    """The first request of a kind takes effect, and its answer is lost: as the REST client tells it."""

    def __init__(self, http: Any, method: str, ends: str):
        self.http, self.method, self.ends, self.lost = http, method, ends, False

    def request(self, uri: str, method: str = "GET", **more: Any) -> Any:
        answer = self.http.request(uri, method=method, **more)
        if method == self.method and uri.partition("?")[0].endswith(self.ends) and not self.lost:
            self.lost = True
            raise LostAnswer(0, "", "timed out")
        return answer


class Refusing:
    """Every call to the script service is refused: 403 with this message."""

    def __init__(self, http: Any, message: str):
        self.http, self.message = http, message

    def request(self, uri: str, method: str = "GET", **more: Any) -> Any:
        if "/v1/projects" not in uri:
            return self.http.request(uri, method=method, **more)
        error = {"code": 403, "message": self.message, "status": "PERMISSION_DENIED"}
        return httplib2.Response({"status": "403"}), json.dumps({"error": error}).encode()


@dataclass
class Sheet:
    """A spreadsheet in a workspace, and what its folder remembers."""

    project: Project
    transport: Any
    deployment: deployments.Deployment
    client: Client

    def over(self, http: Any) -> Client:
        self.client = Client(http, check_call)
        return self.client

    @property
    def metadata(self) -> list[dict[str, Any]]:
        client = Client(self.transport, check_call)
        return client.get(self.deployment.spreadsheet_id, fields="developerMetadata").get("developerMetadata", [])

    def plan(self, **asked: Any) -> PreparedScript:
        self.client.calls.clear()
        return plan_script(self.project, self.client, self.deployment, self.metadata, **asked)

    def up(self, **asked: Any) -> tuple[PreparedScript, Pushed]:
        """Plans, pushes, and writes the mark as a batch does."""
        prepared = self.plan(**asked)
        pushed = push(self.project, self.client, self.deployment, prepared, lambda text: None)
        self.deployment = pushed.deployment
        assert deployments.load(self.project.folder, self.deployment.target) == self.deployment
        if pushed.mark and (requests := mark_requests(pushed.mark, self.metadata)):
            self.client.batch_update(self.deployment.spreadsheet_id, requests)
        return prepared, pushed

    def calls(self) -> list[str]:
        return [call.method for call in self.client.calls]

    def projects(self) -> list[str]:
        return list(self.transport.workspace.documents("script"))

    def files(self) -> dict[str, str]:
        got = self.client.call(self.client.script.projects().getContent(scriptId=self.deployment.script))
        return {file["name"]: file["source"] for file in got["files"]}

    def people(self, **sources: str | None) -> None:
        """People write files in the script editor; None deletes one."""
        files = {**self.files(), **sources}
        body = [
            {"name": name, "type": "JSON" if name == MANIFEST else "SERVER_JS", "source": text}
            for name, text in files.items()
            if text is not None
        ]
        update = self.client.script.projects().updateContent(scriptId=self.deployment.script, body={"files": body})
        self.client.call(update)

    def describe(self, change: Callable[[ScriptProject], ScriptProject]) -> None:
        """Another script is desired from now on."""
        desired = change(self.project.script)
        self.project = replace(self.project)
        self.project.__dict__["script"] = desired

    def desires(self) -> bool:
        """Whether all of ours is there as it is desired."""
        there = self.files()
        return all(there.get(file.name) == file.source for file in self.project.script.files)


@pytest.fixture(scope="module")
def described(small_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("described")
    (folder / "crm.toml").write_text(description(), "utf-8")
    return load_project(folder, small_templates)


@pytest.fixture
def sheet(described: Project, tmp_path: Path) -> Iterator[Sheet]:
    with open_workspace(tmp_path / "workspace", CLOCK) as http:
        client = Client(http, check_call)
        deployment = deployments.new("local").with_spreadsheet(client.create_file("Test", "key")["id"])
        deployments.save(tmp_path, deployment)
        yield Sheet(described.at(tmp_path), http, deployment, client)


def with_file(name: str, source: str) -> Callable[[ScriptProject], ScriptProject]:
    """The project with that file instead of one of its name."""
    return lambda script: replace(
        script,
        files=(*(file for file in script.files if file.name != name), ScriptFile(name, "SERVER_JS", source)),
    )


def without_file(name: str) -> Callable[[ScriptProject], ScriptProject]:
    return lambda script: replace(script, files=tuple(file for file in script.files if file.name != name))


def test_a_new_script_takes_two_calls_and_a_plan_after_it_none(sheet: Sheet) -> None:
    prepared = sheet.plan()
    assert (prepared.status, prepared.lines, sheet.calls()) == ("create", [("+", "script: new")], [])
    sheet.up()
    assert sheet.calls() == ["projects.create", "projects.updateContent", "spreadsheets.batchUpdate"]
    assert sheet.desires() and sheet.projects() == [sheet.deployment.script]
    assert (sheet.plan().status, sheet.calls()) == ("unchanged", [])


def test_the_mark_is_small_and_tells_whose_script_it_is(sheet: Sheet) -> None:
    sheet.up()
    mark = read_mark(sheet.metadata)
    assert (mark.id, mark.spreadsheet) == (sheet.deployment.script, sheet.deployment.spreadsheet_id)
    assert mark.digest == sheet.project.script.digest
    (text,) = [one["metadataValue"] for one in sheet.metadata]
    assert len(text) < 150 + 40 * len(sheet.project.script.files)


def test_another_machine_goes_on_by_the_mark(sheet: Sheet) -> None:
    sheet.up()
    script, sheet.deployment = sheet.deployment.script, replace(sheet.deployment, script="")
    assert (sheet.plan().status, sheet.plan().id) == ("unchanged", script)


def test_files_of_people_are_kept_and_ours_change(sheet: Sheet) -> None:
    sheet.up()
    sheet.people(Mine="function mine() {}")
    sheet.describe(with_file("Menu", "function menuItems() {}"))
    sheet.describe(without_file("Text"))
    prepared, _ = sheet.up()
    assert prepared.lines == [("~", "script Menu"), ("-", "script Text")] and prepared.plan.foreign == ("Mine",)
    assert sheet.files()["Mine"] == "function mine() {}" and "Text" not in sheet.files()
    assert sheet.desires() and sheet.plan().status == "unchanged"


def test_a_file_of_ours_that_people_edited_is_refused_with_what_they_would_lose(sheet: Sheet) -> None:
    sheet.up()
    edited = sheet.files()["Menu"] + "// for Maya\n"
    sheet.people(Menu=edited)
    assert sheet.plan().status == "unchanged"  # nothing of ours is to be written
    sheet.describe(with_file("Text", "function filled() {}"))
    before = sheet.files()
    prepared, pushed = sheet.up()
    (refusal,) = prepared.plan.refusals
    assert (prepared.status, refusal.name) == ("refused", "Menu") and "-// for Maya" in refusal.diff
    assert "Menu" in pushed.note and "--overwrite-script" in pushed.note and sheet.files() == before
    sheet.up(overwrite=True)
    assert sheet.desires() and sheet.plan().status == "unchanged"


def test_what_people_edited_can_be_put_back_at_any_time(sheet: Sheet) -> None:
    sheet.up()
    sheet.people(Menu="// for Maya", Mine="// theirs")
    prepared, _ = sheet.up(overwrite=True)
    assert prepared.lines == [("~", "script Menu")] and sheet.desires() and "Mine" in sheet.files()


def test_a_login_without_the_scopes_of_scripts_asks_for_nothing(sheet: Sheet) -> None:
    prepared, pushed = sheet.up(permitted=False)
    assert (prepared.status, sheet.calls(), sheet.projects()) == ("disabled", [], [])
    assert "crm-builder login" in pushed.note and "script = false" in pushed.note
    sheet.up()
    assert sheet.plan(permitted=False).status == "unchanged"  # somebody else has made it


def test_a_folder_for_clasp_names_the_script_on_google(sheet: Sheet) -> None:
    files = script_files(sheet.project)
    assert {"appsscript.json", "Config.js", "Main.js"} <= files.keys() and ".clasp.json" not in files
    deployments.save(sheet.project.folder, replace(deployments.new("google"), script="1abc"))
    assert json.loads(script_files(sheet.project)[".clasp.json"])["scriptId"] == "1abc"
    off = replace(sheet.project, settings=replace(sheet.project.settings, google=Google(script=False)))
    assert script_files(off) == {}


def test_an_edit_that_makes_what_is_desired_anyway_is_no_matter(sheet: Sheet) -> None:
    sheet.up()
    sheet.people(Menu="function menuItems() {}\r\n")
    sheet.describe(with_file("Menu", "function menuItems() {}"))
    prepared, _ = sheet.up()
    assert (prepared.status, prepared.lines) == ("update", [])
    assert sheet.calls() == ["projects.getContent", "spreadsheets.batchUpdate"]
    assert sheet.plan().status == "unchanged"


def test_a_manifest_that_the_editor_wrote_anew_is_the_same(sheet: Sheet) -> None:
    sheet.up()
    sheet.people(**{MANIFEST: json.dumps(dict(reversed(json.loads(sheet.files()[MANIFEST]).items())))})
    sheet.describe(with_file("Menu", "function menuItems() {}"))
    assert sheet.plan().lines == [("~", "script Menu")]


def test_deleted_files_come_back_only_when_people_say_so(sheet: Sheet) -> None:
    sheet.up()
    sheet.people(Menu=None)
    sheet.describe(with_file("Text", "function filled() {}"))
    prepared, _ = sheet.up()
    assert [one.deleted for one in prepared.plan.refusals] == [True] and "Menu (deleted)" in prepared.note
    sheet.up(overwrite=True)
    assert sheet.desires()


def test_a_file_that_is_not_needed_any_more_stays_where_people_edited_it(sheet: Sheet) -> None:
    sheet.up()
    sheet.people(Menu="// ours no more")
    sheet.describe(without_file("Menu"))
    prepared, _ = sheet.up()
    assert prepared.plan.foreign == ("Menu",) and sheet.files()["Menu"] == "// ours no more"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_killed_at_any_call_the_next_run_goes_on_or_asks(sheet: Sheet, number: int, when: str) -> None:
    sheet.over(KillAfter(sheet.transport, number, when))
    with pytest.raises(Killed):
        sheet.up()
    sheet.deployment = deployments.load(sheet.project.folder, "local")
    sheet.over(sheet.transport)
    prepared, pushed = sheet.up()
    if number == 1:  # nobody can know whether it was made
        assert prepared.status == "unknown" and "--script ID" in pushed.note and "--new-script" in pushed.note
        assert len(sheet.projects()) == (when == "after")
        sheet.up(**({"script_id": sheet.projects()[0]} if when == "after" else {"anew": True}))
    assert len(sheet.projects()) == 1 and sheet.desires() and sheet.plan().status == "unchanged"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_described_anew_after_a_kill_nothing_is_taken_for_edits(sheet: Sheet, number: int) -> None:
    sheet.up()
    sheet.describe(with_file("Menu", "// two"))
    sheet.describe(without_file("Text"))
    sheet.over(KillAfter(sheet.transport, number))
    with pytest.raises(Killed):
        sheet.up()
    sheet.over(sheet.transport)
    sheet.describe(with_file("Menu", "// three"))
    sheet.describe(with_file("Text", "// back"))
    prepared, _ = sheet.up()
    assert prepared.status == "update" and sheet.desires() and sheet.plan().status == "unchanged"


def test_a_creation_without_an_answer_is_noted_and_never_repeated(sheet: Sheet) -> None:
    sheet.over(Losing(sheet.transport, "POST", "/v1/projects"))
    _, pushed = sheet.up()
    assert sheet.deployment.script == CREATING and "--script ID" in pushed.note and "--new-script" in pushed.note
    for _ in range(2):
        assert sheet.up()[0].status == "unknown"
    assert len(sheet.projects()) == 1
    sheet.up(script_id=sheet.projects()[0])
    assert len(sheet.projects()) == 1 and sheet.desires() and sheet.plan().status == "unchanged"


def test_a_new_script_is_made_where_people_say_so(sheet: Sheet) -> None:
    sheet.up()
    former = sheet.deployment.script
    sheet.up(anew=True)
    assert sheet.deployment.script != former and len(sheet.projects()) == 2
    assert read_mark(sheet.metadata).id == sheet.deployment.script and sheet.plan().status == "unchanged"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_new_script_that_was_asked_for_survives_a_kill(sheet: Sheet, number: int, when: str) -> None:
    sheet.up()
    sheet.transport.workspace.drop_document("script", sheet.deployment.script)
    sheet.over(KillAfter(sheet.transport, number, when))
    with pytest.raises(Killed):
        sheet.up(anew=True)
    sheet.deployment = deployments.load(sheet.project.folder, "local")
    sheet.over(sheet.transport)
    if number == 1:
        sheet.describe(with_file("Menu", "function menuItems() {}"))
        assert "--new-script" in sheet.plan().note
        sheet.up(**({"script_id": sheet.projects()[0]} if when == "after" else {"anew": True}))
    else:
        sheet.up()
    assert len(sheet.projects()) == 1 and sheet.desires() and sheet.plan().status == "unchanged"


def test_of_two_machines_that_make_one_at_once_the_second_is_told(sheet: Sheet) -> None:
    other = replace(sheet.deployment)
    sheet.up()
    first, sheet.deployment = sheet.deployment.script, other
    prepared = PreparedScript("create")  # planned before the first was marked
    pushed = push(sheet.project, sheet.client, other, prepared, lambda text: None)  # its batch is refused
    second, sheet.deployment = pushed.deployment.script, pushed.deployment
    _, told = sheet.up()
    assert second in told.note and "two menus" in told.note
    assert sheet.deployment.script == read_mark(sheet.metadata).id == first
    assert (sheet.plan().status, sheet.plan().note) == ("unchanged", "")


@pytest.mark.parametrize("number", [2, 3])
def test_a_new_script_that_a_kill_left_unmarked_is_the_one_asked_for_again(sheet: Sheet, number: int) -> None:
    sheet.up()
    sheet.over(KillAfter(sheet.transport, number, "before"))
    with pytest.raises(Killed):
        sheet.up(anew=True)
    sheet.deployment = deployments.load(sheet.project.folder, "local")
    sheet.over(sheet.transport)
    sheet.up(anew=True)
    assert len(sheet.projects()) == 2 and read_mark(sheet.metadata).id == sheet.deployment.script
    assert sheet.desires() and sheet.plan().status == "unchanged"


def test_a_new_script_is_made_where_the_one_that_a_kill_left_is_gone(sheet: Sheet) -> None:
    sheet.up()
    sheet.over(KillAfter(sheet.transport, 2, "before"))
    with pytest.raises(Killed):
        sheet.up(anew=True)
    sheet.deployment = deployments.load(sheet.project.folder, "local")
    sheet.over(sheet.transport)
    sheet.transport.workspace.drop_document("script", sheet.deployment.script)
    sheet.transport.workspace.db.commit()
    assert sheet.up(anew=True)[0].status == "create" and len(sheet.projects()) == 2
    assert sheet.desires() and sheet.plan().status == "unchanged"


class Unsent:
    """A creation of a project that is never sent: its login does not hold, or the run is to end."""

    def __init__(self, http: Any, error: Exception):
        self.http, self.error = http, error

    def request(self, uri: str, method: str = "GET", **more: Any) -> Any:
        if method == "POST" and uri.partition("?")[0].endswith("/v1/projects"):
            raise self.error
        return self.http.request(uri, method=method, **more)


@pytest.mark.parametrize("error", [LoginError("it is over"), RuntimeError("the run is to end")])
def test_a_creation_that_was_not_sent_is_done_by_the_next_run(sheet: Sheet, error: Exception) -> None:
    sheet.over(Unsent(sheet.transport, error))
    with pytest.raises(type(error)):
        sheet.up()
    sheet.deployment = deployments.load(sheet.project.folder, "local")
    sheet.over(sheet.transport)
    assert sheet.up()[0].status == "create"
    assert len(sheet.projects()) == 1 and sheet.plan().status == "unchanged"


@pytest.mark.parametrize(("message", "told"), [(SWITCHED_OFF, "home/usersettings"), (NO_SCOPE, "crm-builder login")])
def test_without_permission_only_the_script_is_left_out(sheet: Sheet, message: str, told: str) -> None:
    sheet.over(Refusing(sheet.transport, message))
    _, pushed = sheet.up()
    assert told in pushed.note and pushed.mark is None and sheet.deployment.script == ""
    sheet.over(sheet.transport)
    sheet.up()
    sheet.describe(with_file("Menu", "function menuItems() {}"))
    sheet.over(Refusing(sheet.transport, message))
    assert sheet.plan().status == "disabled" and told in sheet.plan().note
    sheet.over(sheet.transport)
    sheet.up()
    assert sheet.desires() and len(sheet.projects()) == 1


def test_a_script_of_another_file_is_not_written_into(sheet: Sheet) -> None:
    other = sheet.client.create_file("Other", "other")["id"]
    body = {"title": "Theirs", "parentId": other}
    theirs = sheet.client.call(sheet.client.script.projects().create(body=body))["scriptId"]
    with pytest.raises(CrmError, match="not bound to the spreadsheet"):
        sheet.plan(script_id=theirs)


def test_a_copy_of_the_spreadsheet_does_not_write_into_the_original(sheet: Sheet) -> None:
    sheet.up()
    original = sheet.deployment.script
    copy = sheet.client.call(sheet.client.drive.files().copy(fileId=sheet.deployment.spreadsheet_id, body={}))["id"]
    sheet.deployment = replace(sheet.deployment, spreadsheet_id=copy, script="")
    deployments.save(sheet.project.folder, sheet.deployment)
    prepared, _ = sheet.up()
    assert prepared.status == "unknown" and "is a copy" in prepared.note
    (own,) = set(sheet.projects()) - {original}
    sheet.up(script_id=own)
    assert sheet.deployment.script == own and sheet.plan().status == "unchanged"


def test_a_script_that_is_gone_is_told(sheet: Sheet) -> None:
    sheet.up()
    sheet.transport.workspace.drop_document("script", sheet.deployment.script)
    sheet.transport.workspace.db.commit()
    sheet.describe(with_file("Menu", "function menuItems() {}"))
    prepared, _ = sheet.up()
    assert prepared.status == "unknown" and "--new-script" in prepared.note
    sheet.up(anew=True)
    assert sheet.desires() and sheet.plan().status == "unchanged"


def test_switched_off_nothing_is_asked(sheet: Sheet) -> None:
    settings = replace(sheet.project.settings, google=Google(script=False))
    sheet.project = replace(sheet.project, settings=settings)
    prepared, _ = sheet.up()
    assert (prepared.status, sheet.calls(), sheet.projects()) == ("off", [], [])


class Cut:
    """The connection ends before the answer to the first creation of a project is read."""

    def __init__(self, wire: Wire):
        self.wire, self.cuts = wire, 0

    def request(self, uri: str, method: str = "GET", **more: Any) -> Any:
        answer = self.wire.request(uri, method=method, **more)
        if (method, uri.partition("?")[0][-12:]) == ("POST", "/v1/projects") and not self.cuts:
            self.cuts += 1
            raise Unanswered("connection reset")
        return answer


def test_the_same_through_sockets(described: Project, tmp_path: Path) -> None:
    waits: list[float] = []
    with serve(tmp_path / "workspace", clock=CLOCK, anonymous=True) as server, closing(Wire(server.url)) as wire:
        cut = Cut(wire)
        client = Client(Retrying(cut, sleep=waits.append), check_call)
        deployment = deployments.new("local").with_spreadsheet(client.create_file("Test", "key")["id"])
        deployments.save(tmp_path, deployment)
        sheet = Sheet(described.at(tmp_path), server.transport, deployment, client)
        _, lost = sheet.up()
        assert cut.cuts == 1 and len(sheet.projects()) == 1 and "--script ID" in lost.note
        sheet.up(script_id=sheet.projects()[0])
        assert sheet.desires() and sheet.plan().status == "unchanged"
        sheet.people(Mine="// theirs", Menu="// edited")
        sheet.describe(web)
        assert sheet.up()[0].status == "refused"
        _, pushed = sheet.up(overwrite=True)
        assert sheet.desires() and sheet.files()["Mine"] == "// theirs" and published(sheet)[0] == [1]
        assert pushed.mark.deployment and sheet.plan().status == "unchanged" and len(sheet.projects()) == 1


# -- the web app


def web(script: ScriptProject) -> ScriptProject:
    manifest = next(file for file in script.files if file.name == MANIFEST)
    source = json.loads(manifest.source) | {"webapp": {"access": "ANYONE", "executeAs": "USER_DEPLOYING"}}
    files = (ScriptFile(MANIFEST, "JSON", json.dumps(source)), *(one for one in script.files if one != manifest))
    return replace(script, files=files, web_app=WebApp("ANYONE"))


def published(sheet: Sheet) -> tuple[list[int], list[tuple[str, int]]]:
    """The numbers of the versions, and (id, version) of each deployment but the head."""
    script = sheet.deployment.script
    versions = sheet.client.call(sheet.client.script.projects().versions().list(scriptId=script, pageSize=500))
    listed = sheet.client.call(sheet.client.script.projects().deployments().list(scriptId=script))["deployments"]
    return [one["versionNumber"] for one in versions.get("versions", [])], [
        (one["deploymentId"], one["deploymentConfig"]["versionNumber"])
        for one in listed
        if "versionNumber" in one["deploymentConfig"]
    ]


def test_a_web_app_is_published_and_keeps_its_address(sheet: Sheet) -> None:
    sheet.describe(web)
    _, first = sheet.up()
    assert published(sheet) == ([1], [(first.mark.deployment, 1)])
    assert (sheet.plan().status, sheet.calls()) == ("unchanged", [])
    sheet.describe(with_file("Menu", "function menuItems() {}"))
    _, second = sheet.up()
    assert published(sheet) == ([1, 2], [(first.mark.deployment, 2)])
    assert second.mark.deployment == first.mark.deployment != ""


def test_no_version_is_made_where_the_last_one_holds_the_same(sheet: Sheet) -> None:
    sheet.describe(web)
    _, first = sheet.up()
    forgotten = replace(first.mark, deployment="", version=0, published="")
    sheet.client.batch_update(sheet.deployment.spreadsheet_id, mark_requests(forgotten, sheet.metadata))
    _, second = sheet.up()
    assert published(sheet) == ([1], [(first.mark.deployment, 1)]) and second.mark == first.mark


@pytest.mark.parametrize("ends", ["/versions", "/deployments"])
def test_what_was_made_without_an_answer_is_found_again(sheet: Sheet, ends: str) -> None:
    sheet.describe(web)
    sheet.over(Losing(sheet.transport, "POST", ends))
    _, pushed = sheet.up()
    assert published(sheet) == ([1], [(pushed.mark.deployment, 1)])


def test_at_the_end_of_the_versions_the_script_is_written_and_people_are_told(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts_versions, "MOST_VERSIONS", 2)
    sheet.up()
    for _ in range(2):
        versions = sheet.client.script.projects().versions()
        sheet.client.call(versions.create(scriptId=sheet.deployment.script, body={}))
    sheet.describe(web)
    _, pushed = sheet.up()
    assert "delete old ones" in pushed.note and sheet.desires() and published(sheet)[1] == []


@pytest.mark.parametrize("content", ["{", '{"x": 1}', "5", "[" * 40_000], ids=["cut", "other", "a number", "deep"])
def test_a_note_that_cannot_be_read_is_as_a_lost_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "script.json").write_text(content, "utf-8")
    assert read_try(SimpleNamespace(home=tmp_path)) is None
