"""Restore: a backup becomes a new spreadsheet. Its batches follow from the file alone, so that a killed run goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
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
from crm_builder.deploy.refill import add_foreign, foreign_requests, room_requests, sheet_parts
from crm_builder.deploy.sending import send
from crm_builder.deploy.snapshot_file import DAMAGE
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
from crm_builder.sheets.progress import Batch, mark_rows, marked, marked_batches

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


def prepare_restore(file: Path, folder: Path, target: str, as_new: bool, account: str = "") -> Restore:
    """CrmError for a file that holds no values, or where there is a CRM already and no new one is asked for."""
    snapshot = snapshots.load(file)
    if not snapshot.values:
        raise CrmError(f"{file} was kept before something was added, without values; take another backup")
    try:
        batches = restore_batches(snapshot)
    except DAMAGE as error:
        raise CrmError(f"{file} is damaged: what it holds is no workbook") from error
    digest = next(iter(batches)).digest
    deployment = _interrupted(folder, target, digest, account)
    if deployment is None:
        if not as_new and deployments.load(folder, target) is not None:
            raise CrmError(
                f"there is a CRM in {folder.resolve()} already: say --missing to bring back what is missing in it, or "
                "--new to make a new spreadsheet beside it"
            )
        deployment = deployments.new(target, account)
    sheets = len(snapshot.sheets) + len(snapshot.foreign)
    return Restore(snapshot, folder, file, deployment, batches, sheets, snapshots.cells_of(snapshot), _notes(snapshot))


def restore(project: Project, client: Client, todo: Restore, *, now: datetime, tell: Tell) -> Restore:
    """Makes the spreadsheet; batches that an interrupted run sent are not sent again."""
    former = deployments.load(project.folder, todo.deployment.target)
    if former is not None and former.key != todo.deployment.key:
        path = deployments.path_of(project.folder, project.target)
        path.with_name(f"deployment-{former.spreadsheet_id or former.key}.json").write_bytes(path.read_bytes())
    digest = next(iter(todo.batches)).digest
    key, origin = todo.deployment.key, todo.snapshot.spreadsheet_id
    journal.write(project.home, now, _WHAT, digest=digest, result="begun", key=key, of=origin)
    if former is None or former.key != key:
        deployments.save(project.folder, todo.deployment)
    deployment, _ = ensure_file(project, client, deployments.load(project.folder, project.target), tell, anew=True)
    done = marked_batches(state_of(project, client, deployment).get("developerMetadata", ()))
    for batch, requests in todo.batches.items():
        if batch not in done:
            tell(f"restoring ({batch.number + 1}/{batch.total})")
            send(client, deployment.spreadsheet_id, requests)
    tell("reading it back")
    state = state_of(project, client, deployment)
    wanted = sound(todo.snapshot.workbook)
    answer = client.get(deployment.spreadsheet_id, read_ranges(state, [wanted]), READ_FIELDS)
    todo.spreadsheet_id = deployment.spreadsheet_id
    todo.left = differences(wanted, read(answer, wanted).workbook)
    journal.write(project.home, now, _WHAT, digest=digest, result="differs" if todo.left else "done")
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
    places = {sheet.key: layout.place(sheet.key).sheet_id for sheet in workbook.sheets}
    own = _own_sheets(snapshot, places.values())
    titles = [*(sheet.title for sheet in workbook.sheets), *(one["title"] for one in snapshot.foreign.values())]
    requests = compile_new(workbook, layout)
    requests += baseline_requests(snapshot.baseline or workbook, None, titles)
    for index, (former, number) in enumerate(own.items(), len(workbook.sheets) + 1):
        request = add_foreign(snapshot, former, number)
        properties = request["addSheet"]["properties"]
        properties["index"] = min(properties["index"], index)
        requests.append(request)
    for sheet in snapshot.workbook.sheets:
        requests += room_requests(snapshot, sheet, places[sheet.key])
        requests += [mark_rows(sheet.key, name, layout) for name in snapshot.sheets[sheet.key].get("marks", ())]
    requests += _name_requests(snapshot, places, own)
    for sheet in workbook.sheets:
        requests += [one for part in sheet_parts(snapshot, sheet, places[sheet.key]) for one in part]
    for former, number in own.items():
        requests += foreign_requests(snapshot, former, number)
    return requests


def _own_sheets(snapshot: Snapshot, taken: Collection[int]) -> dict[str, int]:
    """The sheets of people's own in their order, with the id that each gets: its own, where no other sheet has it."""
    used, numbers = set(taken), {}
    for one in sorted(snapshot.foreign, key=lambda one: snapshot.foreign[one]["index"]):
        number = int(one)
        while number in used:
            number += 1
        used.add(number)
        numbers[one] = number
    return numbers


def _name_requests(snapshot: Snapshot, places: Mapping[str, int], own: Mapping[str, int]) -> Iterator[Json]:
    """Named ranges of people's own."""
    numbers = {place["sheet_id"]: places[key] for key, place in snapshot.sheets.items()}
    numbers |= {int(former): number for former, number in own.items()}
    for name in snapshot.names:
        number = numbers.get(name["range"].get("sheetId", 0))
        if number is not None:
            area = {**name["range"], "sheetId": number}
            yield {"addNamedRange": {"namedRange": {"name": name["name"], "range": area}}}


def _interrupted(folder: Path, target: str, digest: str, account: str) -> Deployment | None:
    """The deployment of a run of the same backup that did not come to its end."""
    last = journal.interrupted(deployments.home(folder, target))
    found = deployments.load(folder, target)
    if last is None or last.get("what") != _WHAT or last.get("digest") != digest or not last.get("key"):
        return None
    return (
        found
        if found is not None and found.key == last.get("key")
        else Deployment(last["key"], target, account=account)
    )


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
