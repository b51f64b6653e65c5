"""Script projects of a local workspace, through the real client library: files, versions, deployments, refusals."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from googleapiclient.discovery import build_from_document

from crm_builder.local.discovery import document
from crm_builder.local.scripts_functions import functions
from crm_builder.local.scripts_versions import MOST_DEPLOYMENTS, MOST_VERSIONS
from tests.local.conftest import refused

MANIFEST = {"timeZone": "Europe/London", "oauthScopes": ["https://www.googleapis.com/auth/spreadsheets.currentonly"]}
WEB = {"webapp": {"access": "ANYONE_ANONYMOUS", "executeAs": "USER_DEPLOYING"}}


def manifest(**more) -> dict:
    return {"name": "appsscript", "type": "JSON", "source": json.dumps(MANIFEST | more)}


def code(name="Main", source="function onOpen() {}\n") -> dict:
    return {"name": name, "type": "SERVER_JS", "source": source}


class Same:
    """The http object of the script client: the workspace of the running test."""

    transport = None

    def request(self, *arguments, **named):
        return self.transport.request(*arguments, **named)


@pytest.fixture(scope="session")
def projects() -> SimpleNamespace:
    http = Same()
    return SimpleNamespace(http=http, api=build_from_document(document("script"), http=http).projects())


@pytest.fixture
def script(local, projects) -> SimpleNamespace:
    """A new project bound to the spreadsheet of the test."""
    projects.http.transport = local.transport
    made = projects.api.create(body={"title": "CRM", "parentId": local.id}).execute()
    return SimpleNamespace(api=projects.api, id=made["scriptId"], made=made, local=local)


def push(script, *files) -> dict:
    return script.api.updateContent(scriptId=script.id, body={"files": list(files)}).execute()


def test_a_project_is_bound_to_its_spreadsheet_and_begins_with_a_manifest(script):
    assert script.made["title"] == "CRM" and script.made["parentId"] == script.local.id
    assert script.api.get(scriptId=script.id).execute() == script.made
    (only,) = script.api.getContent(scriptId=script.id).execute()["files"]
    assert (only["name"], only["type"], only["functionSet"]) == ("appsscript", "JSON", {})
    assert json.loads(only["source"])["runtimeVersion"] == "V8"


def test_every_call_makes_another_project(script):
    again = script.api.create(body={"title": "CRM", "parentId": script.local.id}).execute()
    assert again["scriptId"] != script.id


def test_the_files_of_an_update_replace_all_others(script):
    push(script, manifest(), code("Old"), {"name": "Page", "type": "HTML", "source": "<p>"})
    answer = push(script, code("New", "function one(a, b = 2) {}"), manifest())
    assert [file["name"] for file in answer["files"]] == ["New", "appsscript"]
    assert script.api.getContent(scriptId=script.id).execute() == answer
    new = answer["files"][0]
    assert new["functionSet"] == {"values": [{"name": "one", "parameters": ["a", "b"]}]}
    assert new["createTime"] == new["updateTime"] == "2026-10-30T08:15:00.000Z"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "Project contents must include a manifest file named appsscript."),
        ([code()], "Project contents must include a manifest file named appsscript."),
        ([manifest(), code(), {"name": "Main", "type": "HTML", "source": ""}], "A file with this name already exists in the current project: Main"),
        ([manifest(), code("")], "Request contains an invalid argument."),
        ([manifest(), code("a//b")], "Request contains an invalid argument."),
        ([manifest(), {"name": "data", "type": "JSON", "source": "{}"}], "Request contains an invalid argument."),
        ([{"name": "appsscript", "type": "SERVER_JS", "source": "{}"}], "Request contains an invalid argument."),
        ([manifest(filePushOrder=[])], '"appsscript.json" has errors: Invalid manifest: unknown fields: [filePushOrder].'),
        ([manifest(webapp={"access": "ALL"})], '"appsscript.json" has errors: Invalid manifest: webapp.access: "ALL".'),
        ([manifest(timeZone="Europe/Nowhere")], '"appsscript.json" has errors: Invalid manifest: timeZone: Europe/Nowhere.'),
        ([manifest(oauthScopes=["mail"])], '"appsscript.json" has errors: Invalid manifest: oauthScopes: mail.'),
    ],
)  # fmt: skip
def test_files_that_no_project_can_have_are_refused(script, files, message):
    before = push(script, manifest(), code())
    error = refused(script.api.updateContent(scriptId=script.id, body={"files": files}))
    assert (error["code"], error["message"]) == (400, message)
    assert script.api.getContent(scriptId=script.id).execute() == before


def test_bodies_are_checked_against_the_discovery_document(script):
    error = refused(script.api.updateContent(scriptId=script.id, body={"files": [{"titel": "x"}]}))
    assert error["status"] == "INVALID_ARGUMENT" and 'Unknown name "titel"' in error["message"]


def test_a_parent_must_be_a_spreadsheet_of_the_workspace(script):
    assert refused(script.api.create(body={"parentId": "none"}))["status"] == "NOT_FOUND"
    folder = script.local.files.create(body={"mimeType": "application/vnd.google-apps.folder"}).execute()["id"]
    assert refused(script.api.create(body={"parentId": folder}))["code"] == 400
    assert refused(script.api.create(body={"title": "alone"}))["code"] == 501
    assert refused(script.api.get(scriptId="none"))["code"] == 404


def test_versions_keep_the_files_of_their_moment(script):
    push(script, manifest(), code(source="function one() {}"))
    first = script.api.versions().create(scriptId=script.id, body={"description": "one"}).execute()
    push(script, manifest(), code(source="function two() {}"))
    second = script.api.versions().create(scriptId=script.id, body={}).execute()
    assert (first["versionNumber"], first["description"], second["versionNumber"]) == (1, "one", 2)
    assert script.api.versions().get(scriptId=script.id, versionNumber=1).execute() == first
    assert script.api.versions().list(scriptId=script.id).execute() == {"versions": [first, second]}
    kept = script.api.getContent(scriptId=script.id, versionNumber=1).execute()["files"]
    assert kept[1]["source"] == "function one() {}"
    assert refused(script.api.versions().get(scriptId=script.id, versionNumber=3))["code"] == 404


def test_versions_end_at_their_limit_and_come_in_pages(script):
    for _ in range(MOST_VERSIONS):
        script.api.versions().create(scriptId=script.id, body={}).execute()
    error = refused(script.api.versions().create(scriptId=script.id, body={}))
    assert error["message"] == "Cannot create more versions: Script has reached the limit of 200 versions."
    page = script.api.versions().list(scriptId=script.id, pageSize=150).execute()
    rest = script.api.versions().list(scriptId=script.id, pageSize=150, pageToken=page["nextPageToken"]).execute()
    assert (len(page["versions"]), len(rest["versions"])) == (150, 50) and "nextPageToken" not in rest


def deploy(script, number) -> dict:
    body = {"versionNumber": number, "manifestFileName": "appsscript", "description": "web"}
    return script.api.deployments().create(scriptId=script.id, body=body).execute()


def test_a_web_app_keeps_its_address_when_another_version_takes_over(script):
    push(script, manifest(**WEB), code())
    for _ in range(2):
        script.api.versions().create(scriptId=script.id, body={}).execute()
    made = deploy(script, 1)
    (point,) = made["entryPoints"]
    assert point["webApp"]["url"] == f"https://script.google.com/macros/s/{made['deploymentId']}/exec"
    assert point["webApp"]["entryPointConfig"] == WEB["webapp"]
    config = {"scriptId": script.id, "versionNumber": 2, "manifestFileName": "appsscript"}
    same = {"scriptId": script.id, "deploymentId": made["deploymentId"]}
    moved = script.api.deployments().update(**same, body={"deploymentConfig": config}).execute()
    assert moved["entryPoints"] == made["entryPoints"] and moved["deploymentConfig"]["versionNumber"] == 2
    assert script.api.deployments().get(**same).execute() == moved
    assert script.api.deployments().delete(**same).execute() == {}
    assert refused(script.api.deployments().get(**same))["code"] == 404


def test_without_a_web_app_in_the_manifest_there_is_no_address(script):
    push(script, manifest(), code())
    script.api.versions().create(scriptId=script.id, body={}).execute()
    assert "entryPoints" not in deploy(script, 1)


def test_every_project_has_a_deployment_that_nobody_can_change(script):
    push(script, manifest(**WEB))
    (head,) = script.api.deployments().list(scriptId=script.id).execute()["deployments"]
    assert head["entryPoints"][0]["webApp"]["url"].endswith("/dev") and "versionNumber" not in head["deploymentConfig"]
    same = {"scriptId": script.id, "deploymentId": head["deploymentId"]}
    body = {"deploymentConfig": {"versionNumber": 1}}
    assert (
        refused(script.api.deployments().update(**same, body=body))["message"]
        == "Read-only deployments may not be modified."
    )
    assert refused(script.api.deployments().delete(**same))["message"] == "Read-only deployments may not be deleted."


def test_deployments_end_at_their_limit_and_need_a_version(script):
    assert refused(script.api.deployments().create(scriptId=script.id, body={"versionNumber": 1}))["code"] == 404
    assert refused(script.api.deployments().create(scriptId=script.id, body={}))["code"] == 400
    script.api.versions().create(scriptId=script.id, body={}).execute()
    for _ in range(MOST_DEPLOYMENTS):
        deploy(script, 1)
    error = refused(script.api.deployments().create(scriptId=script.id, body={"versionNumber": 1}))
    assert error["message"] == "Scripts may only have up to 20 versioned deployments at a time."


def test_a_copied_spreadsheet_has_a_script_of_its_own_and_a_deleted_one_none(script, monkeypatch):
    push(script, manifest(), code())
    made = []
    monkeypatch.setattr("crm_builder.local.scripts_store.new_script_id", lambda: made.append("copy") or "copy")
    copy = script.local.files.copy(fileId=script.local.id, body={}).execute()["id"]
    assert made and script.api.get(scriptId="copy").execute()["parentId"] == copy
    push(script, manifest())
    assert len(script.api.getContent(scriptId="copy").execute()["files"]) == 2
    script.local.files.delete(fileId=script.local.id).execute()
    assert refused(script.api.get(scriptId=script.id))["code"] == 404
    assert script.api.get(scriptId="copy").execute()["title"] == "CRM"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("function a() { function b() {} }\nasync function c() {}", ["a", "c"]),
        ("// function a() {}\n/* function b() {} */ const s = 'function c() {}'; function d() {}", ["d"]),
        ("const p = /[/}]function/; function a(/* x */) {}", ["a"]),
        ("const t = `function a() {}`; const half = 4 / 2 / 1; function b() {}", ["b"]),
        ("const f = () => { return /}/; }; function a() {}", ["a"]),
    ],
)
def test_functions_at_the_top_are_listed(source, names):
    assert [one["name"] for one in functions(source)] == names
