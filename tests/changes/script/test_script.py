"""The bound script's way into a spreadsheet: made once, written where it differs, nobody's own work lost."""

from __future__ import annotations

import json
from dataclasses import replace

from crm_builder import deployment as deployments
from crm_builder.deploy.script import script_files
from crm_builder.deploy.script_mark import read_mark
from crm_builder.script import MANIFEST
from crm_builder.settings.values import Google
from tests.changes.script.sheet import Sheet, with_file, without_file


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
