"""Restore: a backup becomes a new spreadsheet. Its batches follow from the file alone, so that a killed run goes on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_builder import deployment as deployments
from crm_builder.deploy import journal, snapshots
from crm_builder.deploy.apply import Tell
from crm_builder.deploy.bring_back import as_made
from crm_builder.deploy.build import ensure_file
from crm_builder.deploy.gentle import by_number
from crm_builder.deploy.observe import state_of
from crm_builder.deploy.refill import add_foreign, foreign_requests, room_requests, sheet_requests
from crm_builder.deploy.snapshots import Snapshot
from crm_builder.deployment import Deployment
from crm_builder.errors import CrmError
from crm_builder.google import Client
from crm_builder.model import Workbook
from crm_builder.model.compare import differences
from crm_builder.plan import Order, assemble, things
from crm_builder.project import FILE_NAME, Project
from crm_builder.sheets import READ_FIELDS, Layout, read, read_ranges
from crm_builder.sheets.baseline import baseline_requests
from crm_builder.sheets.compile import compile_new
from crm_builder.sheets.progress import Batch, marked, marked_batches

Json = dict[str, Any]
_WHAT = "restore"


@dataclass
class Restore:
    """What is to be made. `deployment` is the one of the new spreadsheet, or of an interrupted run of the same file."""

    snapshot: Snapshot
    folder: Path
    file: Path
    deployment: Deployment
    batches: dict[Batch, list[Json]]
    sheets: int
    cells: int
    notes: list[str]
    spreadsheet_id: str = ""
    left: list[str] = field(default_factory=list)

    def write_description(self) -> bool:
        """Writes crm.toml where there is none. CrmError where the backup has none either."""
        path = self.folder / FILE_NAME
        if path.exists():
            return False
        if not self.snapshot.description:
            raise CrmError(f"there is no {path}, and the backup holds none; write one with `crm-builder new` first")
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(path.name + ".new")
        draft.write_text(self.snapshot.description, "utf-8")
        draft.replace(path)
        return True


def prepare_restore(file: Path, folder: Path, target: str, as_new: bool) -> Restore:
    """CrmError for a file that holds no values, or where there is a CRM already and no new one is asked for."""
    snapshot = snapshots.load(file)
    if not snapshot.values:
        raise CrmError(f"{file} was kept before something was added, without values; take another backup")
    batches = restore_batches(snapshot)
    digest = next(iter(batches)).digest
    deployment = _interrupted(folder, target, digest)
    if deployment is None:
        if not as_new and deployments.load(folder, target) is not None:
            raise CrmError(
                f"there is a CRM in {folder.resolve()} already: say --missing to bring back what is missing in it, or "
                "--new to make a new spreadsheet beside it"
            )
        deployment = deployments.new(target)
    sheets = len(snapshot.sheets) + len(snapshot.foreign)
    return Restore(snapshot, folder, file, deployment, batches, sheets, snapshots.cells_of(snapshot), _notes(snapshot))


def restore(project: Project, client: Client, todo: Restore, *, now: datetime, tell: Tell) -> Restore:
    """Makes the spreadsheet; batches that an interrupted run sent are not sent again."""
    former = deployments.load(project.folder, todo.deployment.target)
    if former is not None and former.key != todo.deployment.key:
        path = deployments.path_of(project.folder)
        path.with_name(f"deployment-{former.spreadsheet_id or former.key}.json").write_bytes(path.read_bytes())
    digest = next(iter(todo.batches)).digest
    journal.write(project.folder, now, _WHAT, digest=digest, result="begun", key=todo.deployment.key)
    if former is None or former.key != todo.deployment.key:
        deployments.save(project.folder, todo.deployment)
    deployment = ensure_file(project, client, deployments.load(project.folder, todo.deployment.target), tell)
    done = marked_batches(state_of(project, client, deployment).get("developerMetadata", ()))
    for batch, requests in todo.batches.items():
        if batch not in done:
            tell(f"restoring ({batch.number + 1}/{batch.total})")
            client.batch_update(deployment.spreadsheet_id, requests)
    tell("reading it back")
    state = state_of(project, client, deployment)
    wanted = sound(todo.snapshot.workbook)
    answer = client.get(deployment.spreadsheet_id, read_ranges(state, [wanted]), READ_FIELDS)
    todo.spreadsheet_id = deployment.spreadsheet_id
    todo.left = differences(wanted, read(answer, wanted).workbook)
    journal.write(project.folder, now, _WHAT, digest=digest, result="differs" if todo.left else "done")
    return todo


def restore_batches(snapshot: Snapshot) -> dict[Batch, list[Json]]:
    """All that makes the spreadsheet anew: sheets, people's own among them, then what was typed."""
    return marked(_requests(snapshot), snapshot.when)


def sound(workbook: Workbook) -> Workbook:
    """The workbook without what speaks of columns of people's own, by numbers that hold only in its sheet."""
    found = {one: thing for one, thing in things(workbook).items() if not by_number(one, thing)}
    return assemble(found, Order.of(workbook))


def _requests(snapshot: Snapshot) -> list[Json]:
    workbook = as_made(sound(snapshot.workbook), snapshot, ())
    layout = Layout.plan(workbook)
    titles = [sheet.title for sheet in workbook.sheets]
    requests = compile_new(workbook, layout)
    requests += baseline_requests(snapshot.baseline or workbook, None, [*titles, *_titles(snapshot)])
    places = {sheet.key: layout.place(sheet.key).sheet_id for sheet in workbook.sheets}
    order = sorted(snapshot.foreign, key=lambda one: snapshot.foreign[one]["index"])
    numbers = {one: _free(int(one), places.values()) for one in order}
    moved = replace(
        snapshot,
        foreign={str(numbers[one]): snapshot.foreign[one] for one in order},
        values=snapshot.values | {str(numbers[one]): snapshot.values.get(one, []) for one in order},
    )
    count = len(workbook.sheets) + 1
    for number, one in enumerate(moved.foreign):
        request = add_foreign(moved, one)
        properties = request["addSheet"]["properties"]
        properties["index"] = min(properties["index"], count + number)
        requests.append(request)
    for sheet in snapshot.workbook.sheets:
        requests += room_requests(snapshot, sheet, places[sheet.key])
    new_ids = {place["sheet_id"]: places[key] for key, place in snapshot.sheets.items()} | {
        int(old): new for old, new in numbers.items()
    }
    for name in snapshot.names:
        number = new_ids.get(name["range"].get("sheetId", 0))
        if number is not None:
            area = {**name["range"], "sheetId": number}
            requests.append({"addNamedRange": {"namedRange": {"name": name["name"], "range": area}}})
    for sheet in workbook.sheets:
        requests += sheet_requests(snapshot, sheet, places[sheet.key])
    for one in moved.foreign:
        requests += foreign_requests(moved, one)
    return requests


def _titles(snapshot: Snapshot) -> list[str]:
    return [one["title"] for one in snapshot.foreign.values()]


def _free(number: int, taken: Collection[int]) -> int:
    """The id of a sheet of people's own, where it had the one that a sheet of ours has now another."""
    used = set(taken)
    while number in used:
        number += 1
    return number


def _interrupted(folder: Path, target: str, digest: str) -> Deployment | None:
    """The deployment of a run of the same backup that did not come to its end."""
    last = journal.interrupted(folder)
    found = deployments.load(folder, target)
    if last is None or last.get("what") != _WHAT or last.get("digest") != digest or not last.get("key"):
        return None
    return found if found is not None and found.key == last.get("key") else Deployment(last["key"], target)


def _notes(snapshot: Snapshot) -> list[str]:
    notes = []
    for sheet in snapshot.workbook.sheets:
        places = snapshot.sheets[sheet.key]
        filled = {places["columns"][one.key] for one in sheet.columns if one.formula is not None}
        over = sum(
            content is not None
            for line, row in enumerate(snapshot.grid(sheet.key))
            for index, content in enumerate(row)
            if index in filled and line > places["header"]
        )
        if over:
            notes.append(f"{sheet.title}: {over} cells typed over computed columns are left out, so that these work")
    return notes
