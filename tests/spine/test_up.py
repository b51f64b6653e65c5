"""`up` as a story: what it costs, what a second run does, and that it never harms a CRM that is there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crm_builder import deploy, deployment
from crm_builder.errors import CrmError, WorkspaceError
from crm_builder.google import Client
from crm_builder.plan import Forget, Id
from crm_builder.project import Project, load_project
from crm_builder.sheets import canonical, check_call

MEGABYTES_2 = 2_000_000


def up(project: Project, clock: datetime, sample_data: bool = False) -> deploy.Outcome:
    with deploy.open_target(project.folder, clock) as http:
        return deploy.up(project, http, sample_data=sample_data, clock=clock, tell=lambda text: None)


def batch(project: Project, clock: datetime, *requests: dict[str, Any]) -> None:
    """What a user might do in the sheet."""
    found = deployment.load(project.folder, deploy.LOCAL)
    assert found
    with deploy.open_target(project.folder, clock) as http:
        Client(http, check_call).batch_update(found.spreadsheet_id, requests)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_complete_crm_costs_four_calls_two_for_its_script_and_two_for_its_web_app(
    describe: Callable[..., Path], clock: datetime, language: str
) -> None:
    outcome = up(load_project(describe(language)), clock)
    assert outcome.status == "created"
    methods = [call.method for call in outcome.calls]
    assert methods == [
        "files.list",
        "files.create",
        "projects.create",
        "projects.updateContent",
        "projects.versions.create",
        "projects.deployments.create",
        "spreadsheets.batchUpdate",
        "spreadsheets.get",
    ]
    assert max(call.bytes_sent for call in outcome.calls) <= MEGABYTES_2
    # The advice is about requests. Reading everything back answers more, as plain text; the service sends it packed.
    assert max(call.bytes_received for call in outcome.calls) <= 2.25 * MEGABYTES_2


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("more", ["", "[parts]\ncampaigns = false\nfeedback = false\nmail = false\naudit = false"])
def test_what_is_read_back_is_the_model_that_was_sent(
    describe: Callable[..., Path], clock: datetime, language: str, more: str
) -> None:
    folder = describe(language)
    if more:
        text = (folder / "crm.toml").read_text("utf-8")
        (folder / "crm.toml").write_text(text.replace("[parts]", more), "utf-8")
    project = load_project(folder)
    assert up(project, clock).workbook == canonical(project.rendered.workbook)


def test_a_second_run_finds_nothing_to_do_in_two_calls(describe: Callable[..., Path], clock: datetime) -> None:
    project = load_project(describe())
    first = up(project, clock, sample_data=True)
    second = up(project, clock, sample_data=True)
    assert second.status == "unchanged"
    assert second.spreadsheet_id == first.spreadsheet_id
    assert second.rows == {}
    assert [call.method for call in second.calls] == ["spreadsheets.get", "spreadsheets.get"]


def test_sample_data_can_come_later(provisioned: Callable[..., Path], clock: datetime) -> None:
    project = load_project(provisioned())
    outcome = up(project, clock, sample_data=True)
    assert outcome.status == "unchanged"
    assert sum(outcome.rows.values()) > 1500


def test_sample_data_never_goes_over_rows_of_the_user(provisioned: Callable[..., Path], clock: datetime) -> None:
    project = load_project(provisioned())
    place = project.layout.place("leads")
    cell = {"sheetId": place.sheet_id, "rowIndex": 4, "columnIndex": 1}
    value = [{"values": [{"userEnteredValue": {"stringValue": "mine"}}]}]
    batch(project, clock, {"updateCells": {"start": cell, "rows": value, "fields": "userEnteredValue"}})
    with pytest.raises(CrmError, match="there are rows in: Leads; nothing was written"):
        up(project, clock, sample_data=True)


def test_what_people_changed_in_the_sheet_stays(provisioned: Callable[..., Path], clock: datetime) -> None:
    project = load_project(provisioned())
    leads, tasks = project.layout.place("leads"), project.layout.place("tasks")
    title = {"sheetId": leads.sheet_id, "title": "My leads"}
    batch(
        project,
        clock,
        {"updateSheetProperties": {"properties": title, "fields": "title"}},
        {"deleteSheet": {"sheetId": tasks.sheet_id}},
        {"addSheet": {"properties": {"title": "Mine", "index": 0}}},
    )
    outcome = up(project, clock)
    assert outcome.status == "unchanged"
    assert outcome.plan
    drift = {(str(one.id), one.difference.name) for one in outcome.plan.drift}
    assert {("leads", "title"), ("tasks", "")} <= drift
    assert [call.method for call in outcome.calls] == ["spreadsheets.get", "spreadsheets.get"]


def test_sample_data_goes_into_no_crm_whose_plan_is_refused(provisioned: Callable[..., Path], clock: datetime) -> None:
    folder = provisioned()
    project = load_project(folder)
    place = project.layout.place("deals")
    cell = {"sheetId": place.sheet_id, "rowIndex": 1, "columnIndex": place.column("amount")}
    value = [{"values": [{"userEnteredValue": {"numberValue": 1200}}]}]
    batch(project, clock, {"updateCells": {"start": cell, "rows": value, "fields": "userEnteredValue"}})
    text = (folder / "crm.toml").read_text("utf-8")
    (folder / "crm.toml").write_text(text.replace('currency = "USD"', 'currency = "IRT"'), "utf-8")
    outcome = up(load_project(folder), clock, sample_data=True)
    assert outcome.status == "refused"
    assert outcome.rows == {}
    assert not any(call.method == "spreadsheets.batchUpdate" for call in outcome.calls)
    assert not outcome.sample_calls


def test_sample_data_goes_where_the_columns_stand_now(provisioned: Callable[..., Path], clock: datetime) -> None:
    project = load_project(provisioned())
    place = project.layout.place("feedback")
    area = {"sheetId": place.sheet_id, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    batch(project, clock, {"insertDimension": {"range": area}})
    outcome = up(project, clock, sample_data=True)
    found = deployment.load(project.folder, deploy.LOCAL)
    assert found
    with deploy.open_target(project.folder, clock) as http:
        rows = Client(http, check_call).values_get(found.spreadsheet_id, f"'{place.title}'")
    assert len(rows) == outcome.rows["feedback"] + 1
    scores = {row[place.column("score") + 1] for row in rows[1:]}
    assert place.column("score") >= 2
    assert scores <= {1, 2, 3, 4, 5}
    assert not any(row[2] for row in rows)


def test_two_at_once_one_is_told(describe: Callable[..., Path], clock: datetime) -> None:
    project = load_project(describe())
    with deploy.open_target(project.folder, clock), pytest.raises(WorkspaceError, match="in use"):
        up(project, clock)
    assert up(project, clock).status == "created"


def test_a_damaged_deployment_file_is_told(describe: Callable[..., Path], clock: datetime) -> None:
    project = load_project(describe())
    deployment.path_of(project.folder).parent.mkdir()
    deployment.path_of(project.folder).write_text("{", "utf-8")
    with pytest.raises(WorkspaceError, match="is damaged"):
        up(project, clock)


@pytest.mark.parametrize("content", ["[" * 40_000, '{"key": "k", "target": "local", "spreadsheet_id": "\\ud800"}'])
def test_a_deployment_file_that_nothing_can_be_read_of_is_damaged(tmp_path: Path, content: str) -> None:
    path = deployment.path_of(tmp_path)
    path.parent.mkdir()
    path.write_text(content, "utf-8")
    with pytest.raises(WorkspaceError, match="is damaged"):
        deployment.load(tmp_path, "local")


def test_a_file_whose_creation_was_not_noted_is_found_again(provisioned: Callable[..., Path], clock: datetime) -> None:
    project = load_project(provisioned())
    first = deployment.load(project.folder, deploy.LOCAL)
    assert first
    path = deployment.path_of(project.folder)
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "spreadsheet_id": ""}), "utf-8")
    second = up(project, clock)
    assert second.spreadsheet_id == first.spreadsheet_id
    assert [call.method for call in second.calls] == ["files.list", "spreadsheets.get", "spreadsheets.get"]


def test_a_lost_deployment_file_loses_no_crm(provisioned: Callable[..., Path], clock: datetime) -> None:
    project = load_project(provisioned())
    first = deployment.load(project.folder, deploy.LOCAL)
    assert first
    deployment.path_of(project.folder).unlink()
    second = up(project, clock)
    assert (second.status, second.spreadsheet_id) == ("unchanged", first.spreadsheet_id)


def test_a_crm_that_is_gone_is_told(provisioned: Callable[..., Path], clock: datetime) -> None:
    project = load_project(provisioned())
    shutil.rmtree(project.folder / ".crm" / "workspace")
    with pytest.raises(CrmError, match="is gone from the local target"):
        up(project, clock)


def test_a_part_switched_off_is_forgotten_and_not_deleted(provisioned: Callable[..., Path], clock: datetime) -> None:
    folder = provisioned()
    text = (folder / "crm.toml").read_text("utf-8")
    (folder / "crm.toml").write_text(text.replace("[parts]", "[parts]\naudit = false"), "utf-8")
    outcome = up(load_project(folder), clock)
    assert outcome.status == "changed"
    assert outcome.plan
    assert Forget(Id("sheet", "audit"), "Audit") in outcome.plan.changes
    with deploy.open_target(folder, clock) as http:
        sheets = Client(http, check_call).get(outcome.spreadsheet_id, fields="sheets.properties.title")["sheets"]
    assert "Audit" in {sheet["properties"]["title"] for sheet in sheets}


def test_custom_fields_lists_and_colours_of_the_description_arrive(
    describe: Callable[..., Path], clock: datetime
) -> None:
    more = """
[[fields.customers]]
key = "birthday"
title = "Birthday"
type = "date"
[[fields.customers]]
key = "size"
title = "Size"
type = "choice"
choices = ["Small", "Large"]
required = true
[lists.lead_source]
choices = [{ key = "website", title = "Our site", color = "#123456" }, "Radio"]
"""
    project = load_project(describe(more=more))
    outcome = up(project, clock)
    customers = outcome.workbook.sheet("customers")
    assert customers.column("birthday").title == "Birthday"
    size = customers.column("size").validation
    assert size and size.condition.values == ("Small", "Large")
    assert {"missing_size", "lead_source_website"} <= {rule.key for rule in customers.rules}
    column = [cell.value for cell in outcome.workbook.sheet("lists").cells if cell.column == "lead_source"]
    assert column == ["Our site", "Radio"]
