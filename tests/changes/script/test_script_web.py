"""The script's web app: versions used again, and one address for ever."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from crm_builder.deploy.script_mark import mark_requests
from crm_builder.deploy.script_try import read_try
from crm_builder.local import scripts_versions
from crm_builder.script import MANIFEST, ScriptFile, ScriptProject, WebApp
from tests.changes.script.sheet import Losing, Sheet, with_file


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
    made = ["create", "updateContent", "versions.create", "deployments.create"]
    assert sheet.calls() == [*(f"projects.{one}" for one in made), "spreadsheets.batchUpdate"]
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
