"""Provisioning as short stories: the only place where description, requests and REST calls meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from crm_builder import deployment as deployments
from crm_builder.a1 import quote
from crm_builder.deployment import Deployment
from crm_builder.errors import CrmError, RestError
from crm_builder.google import Call, Client
from crm_builder.model import Workbook
from crm_builder.model.compare import differences
from crm_builder.project import Project, RowSet, day_text, now_of, row_batches, row_sets, sample_rows
from crm_builder.sheets import READ_FIELDS, Layout, Observed, canonical, check_call, read, read_ranges
from crm_builder.sheets.marks import SHEET, values_of
from crm_builder.sheets.progress import marked_batches, marked_rows

Json = dict[str, Any]
Tell = Callable[[str], None]
Status = Literal["created", "finished", "unchanged", "differs"]

LOCAL = "local"
NOT_FOUND = 404
_WHOLE_ROWS = 300  # a sheet of at most so many rows is read whole for the file; of longer ones what lies below is alike
_STATE_FIELDS = (
    "spreadsheetId,developerMetadata(metadataId,metadataKey,metadataValue),"
    "sheets(properties(sheetId,title,gridProperties(rowCount)),developerMetadata(metadataId,metadataKey,metadataValue))"
)


@dataclass
class Outcome:
    """What one run of `up` did."""

    status: Status
    name: str
    target: str
    spreadsheet_id: str
    workbook: Workbook
    rows: dict[str, int] = field(default_factory=dict)  # sample rows written in this run, by table
    differences: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    sample_calls: list[Call] = field(default_factory=list)


def open_target(folder: Path, clock: datetime | None) -> Any:
    """The http object of the local workspace in the folder, as a context manager; WorkspaceError where it is taken."""
    from crm_builder.local.transport import open_workspace  # late: only commands that need it pay for it

    return open_workspace(folder / deployments.FOLDER / "workspace", clock)


def up(project: Project, http: Any, *, sample_data: bool, clock: datetime | None, tell: Tell) -> Outcome:
    """Makes the CRM, finishes one that was interrupted, or says how an existing one differs; changes no existing one.

    A kill leaves one of these behind, and the next run goes on from each: nothing, a key without a file, an empty file
    that is found by its key, a file with its first batches, a complete CRM with some of its sample rows.
    """
    client = Client(http, check_call)
    deployment = _ensure_file(project, client, deployments.load(project.folder, LOCAL), tell)
    fresh = any(call.method == "files.create" for call in client.calls)
    state = {} if fresh else _state(project, client, deployment)
    made = _build(project, client, deployment, state, tell)
    tell("reading it back")
    observed = observe(project, client, deployment, state)
    different = [*differences(canonical(project.rendered.workbook), observed.workbook), *_more_sheets(project, state)]
    if made and different:
        raise CrmError("what was written reads back differently; please report this:\n" + "\n".join(different[:20]))
    status: Status = ("created" if fresh else "finished") if made else "differs" if different else "unchanged"
    name, target, place = project.settings.name, deployment.target, deployment.spreadsheet_id
    outcome = Outcome(status, name, target, place, observed.workbook, differences=different)
    outcome.calls = list(client.calls)
    if sample_data and not different:
        _refuse_moved(project, observed.layout)
        outcome.rows = _fill(project, client, deployment, state, clock, tell)
        outcome.sample_calls = client.calls[len(outcome.calls) :]
    if deployments.load(project.folder, LOCAL) != deployment:
        raise CrmError(f"{deployments.path_of(project.folder)} was changed or removed meanwhile; run `up` again")
    return outcome


def _state(project: Project, client: Client, deployment: Deployment) -> Json:
    """The marks and titles of an existing spreadsheet. CrmError where it is gone."""
    try:
        return client.get(deployment.spreadsheet_id, fields=_STATE_FIELDS)
    except RestError as error:
        if error.status != NOT_FOUND:
            raise
        path = deployments.path_of(project.folder)
        raise CrmError(
            f"the spreadsheet of this CRM is gone from the {deployment.target} target; bring it back, or, if that was "
            f"meant, remove {path} and run `up` again for a new one"
        ) from error


def _more_sheets(project: Project, state: Mapping[str, Any]) -> list[str]:
    """Sheets with our mark that the description does not have (any more)."""
    known = project.layout.places
    marked = [
        key for sheet in state.get("sheets", ()) for _, key in values_of(sheet.get("developerMetadata", ()), SHEET)
    ]
    return [f"sheets.{key}: is not in the description" for key in marked if key not in known]


def observe(project: Project, client: Client, deployment: Deployment, state: Mapping[str, Any]) -> Observed:
    """The workbook as it stands; `state` tells the present titles of an existing one."""
    workbook, layout = project.rendered.workbook, project.layout
    if marked_batches(state.get("developerMetadata", ())):
        layout = _present(layout, state)
        workbook = replace(workbook, sheets=tuple(sheet for sheet in workbook.sheets if sheet.key in layout.places))
    answer = client.get(deployment.spreadsheet_id, read_ranges(layout, workbook), READ_FIELDS)
    return read(answer, project.rendered.workbook)


def look(project: Project, http: Any, spreadsheet_id: str) -> dict[str, str]:
    """The pages that show the CRM as it stands: file name → HTML."""
    from crm_builder import preview  # late: only commands that show something pay for it

    client = Client(http, check_call)
    sheets = client.get(spreadsheet_id, fields=preview.PLAN)["sheets"]
    titles = [sheet["properties"]["title"] for sheet in sheets if not sheet["properties"].get("hidden")]
    get = client.values.batchGet(spreadsheetId=spreadsheet_id, ranges=[quote(title) for title in titles])
    answers = client.call(get)["valueRanges"]
    filled = {title: len(one.get("values", ())) for title, one in zip(titles, answers, strict=True)}
    ranges = preview.ranges(sheets, filled)
    answer = client.get(spreadsheet_id, ranges, preview.FIELDS)
    return preview.render(answer, project.rendered.context.words.get("preview", {}), filled)


def workbook_file(project: Project, http: Any, spreadsheet_id: str, clock: datetime | None) -> dict[str, bytes | str]:
    """The CRM as a file for Excel and LibreOffice, and the notes on what differs in it: file name → content.

    Its formulas keep to the day of `clock` where one is given, so that they say the same on every day.
    """
    from crm_builder import xlsx  # late: only a build pays for it

    client = Client(http, check_call)
    sheets = client.get(spreadsheet_id, fields="sheets(properties(title,gridProperties(rowCount)))")["sheets"]
    titles = [sheet["properties"]["title"] for sheet in sheets]
    get = client.values.batchGet(spreadsheetId=spreadsheet_id, ranges=[quote(title) for title in titles])
    ranges = []
    for sheet, found in zip(sheets, client.call(get)["valueRanges"], strict=True):
        rows = sheet["properties"]["gridProperties"]["rowCount"]
        read = rows if rows <= _WHOLE_ROWS else min(rows, len(found.get("values", ())) + 1)
        ranges.append(f"{quote(sheet['properties']['title'])}!1:{read}")
    answer = client.get(spreadsheet_id, ranges, xlsx.FIELDS)
    now = now_of(clock).astimezone(ZoneInfo(project.settings.time_zone))
    words = project.rendered.context.words.get("xlsx", {})
    return xlsx.workbook_files(answer, words, now, clock is not None, day_text(project, now.date()))


def _present(layout: Layout, state: Mapping[str, Any]) -> Layout:
    """The layout with the titles that the sheets have now, without those that are gone."""
    titles = {sheet["properties"].get("sheetId", 0): sheet["properties"]["title"] for sheet in state["sheets"]}
    places = {
        key: replace(place, title=titles[place.sheet_id])
        for key, place in layout.places.items()
        if place.sheet_id in titles
    }
    return Layout(places)


def _ensure_file(project: Project, client: Client, found: Deployment | None, tell: Tell) -> Deployment:
    """The deployment with an existing spreadsheet; what a former run created is found, not made again."""
    files: list[Json] = []
    if found is None:
        found = _former(project, client) or deployments.new(LOCAL)
        deployments.save(project.folder, found)
    elif not found.spreadsheet_id:
        files = client.find_files(found.key)
    if found.spreadsheet_id:
        return found
    if not files:
        tell("creating the spreadsheet")
        files = [client.create_file(project.settings.name, found.key)]
    deployment = found.with_spreadsheet(files[0]["id"])
    deployments.save(project.folder, deployment)
    return deployment


def _former(project: Project, client: Client) -> Deployment | None:
    """The CRM that the workspace holds although its deployment file is gone. CrmError where it holds several."""
    files = client.crm_files()
    if len(files) > 1:
        names = ", ".join(f"{file['name']} ({file['id']})" for file in files)
        path = deployments.path_of(project.folder)
        raise CrmError(f"{path} is gone and the workspace holds several CRMs: {names}; put the file back")
    return Deployment(files[0]["key"], LOCAL, files[0]["id"]) if files else None


def _build(project: Project, client: Client, deployment: Deployment, state: Mapping[str, Any], tell: Tell) -> bool:
    """Sends the batches that are not there yet; each carries its own mark, so that none is sent twice."""
    done = marked_batches(state.get("developerMetadata", ()))
    if done and not done & project.batches.keys():
        if len(done) == next(iter(done)).total:
            return False  # complete, by another description
        raise CrmError(
            "an earlier run with another description was interrupted; put the former crm.toml back and run `up` again, "
            f"or remove {project.folder / deployments.FOLDER} to start anew"
        )
    missing = {batch: requests for batch, requests in project.batches.items() if batch not in done}
    for batch, requests in missing.items():
        tell(f"building the workbook ({batch.number + 1}/{batch.total})")
        client.batch_update(deployment.spreadsheet_id, requests)
    return bool(missing)


def _fill(
    project: Project,
    client: Client,
    deployment: Deployment,
    state: Mapping[str, Any],
    clock: datetime | None,
    tell: Tell,
) -> dict[str, int]:
    """Writes the sample rows that are not there yet. CrmError where somebody else's rows stand in their place."""
    there = {name for sheet in state.get("sheets", ()) for name in marked_rows(sheet)}
    missing = row_sets(project, sample_rows(project, now_of(clock)), there, _heights(project, state))
    if missing and marked_batches(state.get("developerMetadata", ())):
        _refuse_taken(project, client, deployment, state, missing)
    for batch in row_batches(missing):
        tell("writing sample data")
        client.batch_update(deployment.spreadsheet_id, batch)
    written: dict[str, int] = {}
    for one in missing:
        written[one.table] = written.get(one.table, 0) + one.rows
    return written


def _refuse_moved(project: Project, present: Layout) -> None:
    """CrmError where a column stands elsewhere than planned: a column of the user's own is no difference, but it moves
    ours, and rows are written by the planned layout."""
    planned = project.layout.places
    moved = [place.title for key, place in present.places.items() if place.columns != planned[key].columns]
    if moved:
        titles = ", ".join(sorted(moved))
        raise CrmError(f"columns were added or moved in: {titles}; no sample data was written")


def _heights(project: Project, state: Mapping[str, Any]) -> dict[str, int]:
    """The rows of each sheet's grid: as they are now, or as they were planned for one that was just made."""
    now = {
        sheet["properties"].get("sheetId", 0): sheet["properties"]["gridProperties"]["rowCount"]
        for sheet in state.get("sheets", ())
    }
    return {key: now.get(place.sheet_id, place.rows) for key, place in project.layout.places.items()}


def _refuse_taken(
    project: Project, client: Client, deployment: Deployment, state: Mapping[str, Any], sets: Sequence[RowSet]
) -> None:
    """CrmError where any of the rows that are to be written is not empty."""
    layout = _present(project.layout, state)
    ranges = [f"{quote(layout.place(one.table).title)}!{one.first_row}:{one.first_row + one.rows - 1}" for one in sets]
    answer = client.call(client.values.batchGet(spreadsheetId=deployment.spreadsheet_id, ranges=ranges))
    taken = {one.table for one, found in zip(sets, answer["valueRanges"], strict=True) if found.get("values")}
    if taken:
        titles = ", ".join(layout.place(table).title for table in sorted(taken))
        raise CrmError(f"sample data is for an empty CRM, and there are rows in: {titles}; nothing was written")
