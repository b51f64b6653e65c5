"""Restore of what is missing: sheets, columns and rows of a backup that the CRM has no more; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_builder.deploy import journal, snapshots
from crm_builder.deploy.apply import Applied, Tell, apply, check_unchanged
from crm_builder.deploy.bring_back import Returning, as_made, begun_marks, begun_things, entered_units, id_of
from crm_builder.deploy.entered import Grid, at, read_grids
from crm_builder.deploy.entering import Entering
from crm_builder.deploy.gentle import labelled
from crm_builder.deploy.observe import Seen, heights, state_of
from crm_builder.deploy.plan import Prepared, batches_of
from crm_builder.deploy.refill import add_foreign, foreign_requests
from crm_builder.deploy.rows_back import GoneRows, append_requests, gone_rows
from crm_builder.deploy.snapshots import Snapshot
from crm_builder.deployment import Deployment
from crm_builder.errors import CrmError
from crm_builder.google import Client
from crm_builder.model import Workbook
from crm_builder.plan import Create, Id, Order, Wishes, assemble, compare, judge, things
from crm_builder.plan.order import with_new
from crm_builder.plan.repairs import homes_of
from crm_builder.plan.words import count
from crm_builder.project import Project
from crm_builder.sheets import READ_FIELDS, Layout, canonical, ids, read, read_ranges
from crm_builder.sheets.progress import marked_rows

Json = dict[str, Any]
_WHAT = "restore"


@dataclass
class Missing:
    """What is to come back: a plan for sheets and columns, rows by table, sheets of people's own by id."""

    snapshot: Snapshot
    prepared: Prepared
    returning: Returning
    rows: dict[str, int]
    foreign: list[str]
    told: list[str]
    begun: bool = False  # an interrupted run left something to be finished
    cells: int = 0
    lost: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.prepared.plan.changes or self.rows or self.foreign or self.begun)


def prepare_missing(
    project: Project, client: Client, deployment: Deployment, file: Path, from_another: bool = False
) -> Missing:
    """Four calls at most; nothing is changed. CrmError for a backup of another CRM, unless that is meant."""
    snapshot = snapshots.load(file)
    if not snapshot.values:
        raise CrmError(f"{file} was kept before something was added, without values; take another backup")
    told = _origin(project, deployment, snapshot, file, from_another)
    known = labelled(snapshot.workbook, snapshot.baseline, canonical(project.rendered.workbook))
    state = state_of(project, client, deployment)
    answer = client.get(deployment.spreadsheet_id, read_ranges(state, [known]), READ_FIELDS)
    seen = Seen(state, answer, read(answer, None, known))
    token = "restore:" + ids.digest(snapshot.when + snapshot.digest + snapshot.what)
    begun = _begun(state, seen.layout, token)
    grids = _tables(client, deployment, known, seen.layout)
    prepared = _plan(seen, snapshot, known, grids, token)
    created = {one.id for one in prepared.plan.changes if isinstance(one, Create)}
    homes = frozenset(one for one in created if one.kind in ("sheet", "column")) | begun
    returning = Returning(token, (snapshot,), known, homes)
    rows = {key: len(gone.lines) for key, gone in _gone(snapshot, returning, seen.layout, grids).items()}
    there = {sheet["properties"].get("sheetId", 0) for sheet in state["sheets"]}
    foreign = [one for one in snapshot.foreign if int(one) not in there]
    told += [f"{known.sheet(key).title}: {_rows(number)} back, below the others" for key, number in rows.items()]
    told += [f"{snapshot.foreign[one]['title']}: your own sheet comes back, without its looks" for one in foreign]
    held = [(one, _count(snapshot, one)) for one in sorted(homes)]
    told += [f"{count(number, 'cell')} in {_title(known, one)}" for one, number in held if number]
    told += _unsure(known, snapshot, seen.layout, homes, grids)
    return Missing(snapshot, prepared, returning, rows, foreign, told, bool(begun))


def _origin(project: Project, deployment: Deployment, snapshot: Snapshot, file: Path, from_another: bool) -> list[str]:
    """A warning where another CRM's rows come into this one. Backups of what this one was restored from are its own."""
    made = (entry for entry in journal.read(project.home) if entry.get("key") == deployment.key)
    former = {entry.get("of") for entry in made}
    if snapshot.spreadsheet_id in {deployment.spreadsheet_id, *former}:
        return []
    title = snapshot.workbook.title
    if not from_another:
        raise CrmError(
            f"{file} is a backup of another CRM, “{title}”; its rows would come among those of "
            f"“{project.settings.name}”. If that is meant, say --from-another; to have it as a CRM of its own, restore "
            "it in another folder"
        )
    return [f"! the backup is of another CRM, “{title}”; this one is “{project.settings.name}”"]


def _rows(number: int) -> str:
    return f"{count(number, 'row')} {'comes' if number == 1 else 'come'}"


def _gone(snapshot: Snapshot, returning: Returning, layout: Layout, grids: Mapping[int, Grid]) -> dict[str, GoneRows]:
    """The rows that are missing, by the table that has some."""
    found = {}
    for sheet in returning.workbook.sheets:
        if sheet.key in layout.places and sheet.key in snapshot.sheets and sheet.key not in returning.sheets:
            new = [one.key for one in returning.columns if one.sheet == sheet.key]
            gone = gone_rows(snapshot, sheet, layout.place(sheet.key), grids, new)
            if gone.lines:
                found[sheet.key] = gone
    return found


def restore_missing(
    project: Project, client: Client, deployment: Deployment, todo: Missing, *, now: datetime, tell: Tell
) -> Missing:
    """Brings it back. Killed anywhere, the next run does the rest: what is there already is not missing any more."""
    if not todo.empty:
        check_unchanged(project, client, deployment, todo.prepared)  # people were asked meanwhile
    done = Applied(todo.prepared.seen.observed)
    if todo.prepared.plan.changes:
        done = apply(project, client, deployment, todo.prepared, now=now, tell=tell, what=_WHAT)
    else:
        _end_former(project, now)
    if todo.empty:
        return todo
    todo.left = done.left
    token = todo.returning.token
    journal.write(project.home, now, _WHAT, digest=token, result="begun")
    tell("putting back what was typed")
    state = state_of(project, client, deployment)
    entering = _entering(client, deployment, todo, done.observed.layout, state)
    entering.send(client, deployment, state, token)
    todo.cells, todo.lost = entering.cells, entering.lost
    journal.write(project.home, now, _WHAT, digest=token, result="differs" if todo.left else "done")
    return todo


def _end_former(project: Project, now: datetime) -> None:
    """Notes the end of a run that was killed after its last call; one that makes a new spreadsheet goes on itself."""
    former = journal.interrupted(project.home)
    if former and former["what"] == _WHAT and "key" not in former:
        journal.write(project.home, now, _WHAT, digest=former.get("digest"), result="done")


def _entering(client: Client, deployment: Deployment, todo: Missing, layout: Layout, state: Json) -> Entering:
    """People's own sheets first, since formulas may speak of them."""
    snapshot, known = todo.snapshot, todo.returning.workbook
    grids = _tables(client, deployment, known, layout)
    gone = _gone(snapshot, todo.returning, layout, grids)
    back = replace(todo.returning, rows={key: set(one.lines) for key, one in gone.items()})
    entering, grown = Entering(), heights(state, layout)
    for one in todo.foreign:
        entering.add(_foreign(snapshot, one, state))
    entering.extend(entered_units(back, layout, state, grids))
    for key, one in gone.items():
        entering.add(append_requests(snapshot, known.sheet(key), one, known, layout, grids, grown))
    return entering


def _plan(seen: Seen, snapshot: Snapshot, known: Workbook, grids: Mapping[int, Grid], token: str) -> Prepared:
    """What is there, with the sheets and columns that are gone and all that stood on them."""
    there, former = things(seen.observed.workbook), things(known)
    gone = {
        one
        for one in former
        if one.kind in ("sheet", "column") and one not in there and not _as_own(one, seen, snapshot, known, grids)
    }
    homes = {one for one in there if one.kind in ("sheet", "column")}
    names = {name["name"] for name in seen.state.get("namedRanges", ())}
    more = {}
    for one, thing in former.items():
        needs = homes_of(one, thing)
        if one in there or (one.kind == "name" and one.key in names) or one.kind in ("workbook", "mark"):
            continue
        if one in gone or (needs & gone and needs <= homes | gone):
            more[one] = thing
    more = {one: thing for one, thing in more.items() if not one.sheet or _on_home(one, homes | gone)}
    now, was = Order.of(seen.observed.workbook), Order.of(known)
    order = Order(
        tuple(with_new(now.sheets, set(was.sheets), was.sheets)),
        {key: _both(now.columns, was.columns, key) for key in {*now.columns, *was.columns}},
        {key: _both(now.rules, was.rules, key) for key in {*now.rules, *was.rules}},
    )
    desired = assemble(there | more, order)
    desired = as_made(desired, snapshot, {sheet.key for sheet in seen.observed.workbook.sheets})
    plan = compare(seen.observed.workbook, seen.observed.workbook, desired, Wishes())
    plan = judge(plan, seen.observed.workbook, desired, Wishes(), {}, seen.taken, seen.occupied, seen.own)
    applied = seen.observed.baseline or desired
    batches = batches_of(plan, seen, desired, applied, seen.observed.former) if plan.changes else ()
    return Prepared(plan, seen, desired, begun_marks(batches, plan, token, seen.layout))


def _on_home(one: Id, homes: set[Id]) -> bool:
    return one.kind == "sheet" or Id("sheet", one.sheet) in homes


def _both(now: Mapping[str, Sequence[str]], was: Mapping[str, Sequence[str]], key: str) -> tuple[str, ...]:
    return tuple(with_new(now.get(key, ()), set(was.get(key, ())), was.get(key, ())))


def _as_own(one: Id, seen: Seen, snapshot: Snapshot, known: Workbook, grids: Mapping[int, Grid]) -> bool:
    """Whether it is there, and people's own since the description dropped it."""
    if one.kind == "sheet" or one.sheet not in seen.layout.places:
        numbers = {sheet["properties"].get("sheetId", 0) for sheet in seen.state["sheets"]}
        return snapshot.sheets.get(one.sheet, {}).get("sheet_id") in numbers and one.sheet not in seen.layout.places
    place, title = seen.layout.place(one.sheet), known.sheet(one.sheet).column(one.key).title
    grid, ours = grids.get(place.sheet_id, []), set(place.columns.values())
    titles = {at(grid, place.line(1), index) for index in range(place.width) if index not in ours}
    return bool(title) and title in titles


def _begun(state: Json, layout: Layout, token: str) -> frozenset[Id]:
    """The sheets and columns that an interrupted run of this backup made."""
    keys = {place.sheet_id: key for key, place in layout.places.items()}
    found = set()
    for sheet in state["sheets"]:
        key = keys.get(sheet["properties"].get("sheetId", 0))
        if key:
            found |= begun_things(key, token, marked_rows(sheet), layout.place(key).columns)
    return frozenset(found)


def _tables(client: Client, deployment: Deployment, known: Workbook, layout: Layout) -> dict[int, Grid]:
    keys = [one.key for one in known.sheets if one.kind == "table" and one.key in layout.places]
    return read_grids(client, deployment.spreadsheet_id, [layout.place(key).title for key in keys])


def _foreign(snapshot: Snapshot, one: str, state: Json) -> list[Json]:
    """A sheet of people's own with all that is in it, made at once or not at all."""
    titles = [sheet["properties"]["title"] for sheet in state["sheets"]]
    return [add_foreign(snapshot, one, int(one), titles), *foreign_requests(snapshot, one, int(one))]


def _count(snapshot: Snapshot, one: Id) -> int:
    known = snapshot.sheets.get(one.sheet)
    if known is None:
        return 0
    grid = snapshot.grid(one.sheet)
    if one.kind == "sheet":
        return sum(content is not None for row in grid for content in row)
    index = known["columns"].get(one.key)
    lines = range(known["header"] + 1, len(grid))
    return 0 if index is None else sum(at(grid, line, index) is not None for line in lines)


def _title(workbook: Workbook, one: Id) -> str:
    sheet = workbook.sheet(one.sheet)
    return sheet.title if one.kind == "sheet" else f"{sheet.title}, column {sheet.column(one.key).title or one.key}"


def _unsure(
    known: Workbook, snapshot: Snapshot, layout: Layout, homes: frozenset[Id], grids: Mapping[int, Grid]
) -> list[str]:
    """Tables whose rows have no ids: which of them are missing cannot be said."""
    found = []
    for sheet in known.sheets:
        place = layout.places.get(sheet.key)
        plain = sheet.kind == "table" and not any(cell.item for cell in sheet.cells)
        if place is None or not plain or Id("sheet", sheet.key) in homes or sheet.key not in snapshot.sheets:
            continue
        if id_of(sheet, [*place.columns]) is None and len(grids.get(place.sheet_id, [])) < len(
            snapshot.grid(sheet.key)
        ):
            found.append(f"{sheet.title}: its rows have no ids, so that none are brought back")
    return found
