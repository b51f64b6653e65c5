"""Restore of what is missing: sheets, columns and rows of a backup that the CRM has no more; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_builder.deploy import snapshots
from crm_builder.deploy.apply import Applied, Tell, apply, check_unchanged
from crm_builder.deploy.bring_back import Returning, as_made, begun_marks, begun_things, bring_back, id_of
from crm_builder.deploy.entered import Grid, at, read_grids
from crm_builder.deploy.gentle import labelled
from crm_builder.deploy.observe import Seen, heights, state_of
from crm_builder.deploy.plan import Prepared, batches_of
from crm_builder.deploy.refill import add_foreign, count_of, foreign_requests
from crm_builder.deploy.rows_back import append_requests, gone_rows
from crm_builder.deploy.snapshots import Snapshot
from crm_builder.deployment import Deployment
from crm_builder.google import Client
from crm_builder.model import Workbook
from crm_builder.plan import Create, Id, Order, Wishes, assemble, compare, judge, things
from crm_builder.plan.order import with_new
from crm_builder.plan.repairs import homes_of
from crm_builder.project import Project
from crm_builder.sheets import READ_FIELDS, Layout, canonical, check_body, ids, read, read_ranges
from crm_builder.sheets.compile import pack_batches
from crm_builder.sheets.progress import marked_rows

Json = dict[str, Any]


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


def prepare_missing(project: Project, client: Client, deployment: Deployment, file: Path) -> Missing:
    """Four calls at most; nothing is changed."""
    snapshot = snapshots.load(file)
    known = labelled(snapshot.workbook, snapshot.baseline, canonical(project.rendered.workbook))
    state = state_of(project, client, deployment)
    answer = client.get(deployment.spreadsheet_id, read_ranges(state, [known]), READ_FIELDS)
    seen = Seen(state, answer, read(answer, None, known))
    token = "restore:" + ids.digest(snapshot.when + snapshot.digest + snapshot.what)
    begun = _begun(state, seen.layout, token)
    grids = _tables(client, deployment, known, snapshot, seen.layout)
    prepared = _plan(seen, snapshot, known, grids, token)
    created = {one.id for one in prepared.plan.changes if isinstance(one, Create)}
    homes = frozenset(one for one in created if one.kind in ("sheet", "column")) | begun
    rows = {}
    for sheet in known.sheets:
        if Id("sheet", sheet.key) not in homes and sheet.key in seen.layout.places and sheet.key in snapshot.sheets:
            lines, _, _ = gone_rows(snapshot, sheet, seen.layout.place(sheet.key), grids)
            if lines:
                rows[sheet.key] = len(lines)
    there = {sheet["properties"].get("sheetId", 0) for sheet in state["sheets"]}
    foreign = [one for one in snapshot.foreign if int(one) not in there]
    told = []
    if snapshot.spreadsheet_id != deployment.spreadsheet_id:
        told.append(f"! the backup is of another spreadsheet, “{known.title}”; this CRM is “{project.settings.name}”")
    told += [f"{known.sheet(key).title}: {count} rows come back, below the others" for key, count in rows.items()]
    told += [f"{snapshot.foreign[one]['title']}: your own sheet comes back, without its formats" for one in foreign]
    told += [f"{_count(snapshot, one)} cells in {_title(known, one)}" for one in sorted(homes) if _count(snapshot, one)]
    told += _unsure(known, snapshot, seen.layout, homes, grids)
    returning = Returning(token, (snapshot,), known, homes)
    return Missing(snapshot, prepared, returning, rows, foreign, told, bool(begun))


def restore_missing(
    project: Project, client: Client, deployment: Deployment, todo: Missing, *, now: datetime, tell: Tell
) -> Missing:
    """Brings it back. Killed anywhere, the next run does the rest: what is there already is not missing any more."""
    done = Applied(todo.prepared.seen.observed)
    if todo.prepared.plan.changes:
        check_unchanged(project, client, deployment, todo.prepared)  # people were asked meanwhile
        done = apply(project, client, deployment, todo.prepared, now=now, tell=tell, what="restore")
        todo.left = done.left
    layout = done.observed.layout
    state = state_of(project, client, deployment)
    if todo.foreign:
        tell("bringing back your own sheets")
        units = [_foreign(todo.snapshot, one, state) for one in todo.foreign]
        _send(client, deployment, units)
        todo.cells += sum(count_of(unit) for unit in units)
    if todo.returning.things:
        tell("putting back what was typed")
        entered, todo.lost = bring_back(client, deployment, todo.returning, layout, state)
        todo.cells += entered
    if todo.rows:
        tell("putting back rows")
        known = todo.returning.workbook
        tables = [sheet for sheet in known.sheets if sheet.key in todo.rows]
        titles = [layout.place(sheet.key).title for sheet in tables]
        grids = read_grids(client, deployment.spreadsheet_id, titles)
        grown = heights(state, layout)
        units = [append_requests(todo.snapshot, sheet, known, layout, grids, grown) for sheet in tables]
        _send(client, deployment, units)
        todo.cells += sum(count_of(unit) for unit in units)
    return todo


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
    plan = judge(plan, seen.observed.workbook, desired, Wishes(), {}, seen.taken)
    applied = seen.observed.baseline or desired
    batches = batches_of(plan, seen, desired, applied) if plan.changes else ()
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


def _tables(
    client: Client, deployment: Deployment, known: Workbook, snapshot: Snapshot, layout: Layout
) -> dict[int, Grid]:
    keys = [one.key for one in known.sheets if one.kind == "table" and one.key in layout.places]
    return read_grids(client, deployment.spreadsheet_id, [layout.place(key).title for key in keys])


def _foreign(snapshot: Snapshot, one: str, state: Json) -> list[Json]:
    """A sheet of people's own with all that is in it, made at once or not at all."""
    titles = [sheet["properties"]["title"] for sheet in state["sheets"]]
    return [add_foreign(snapshot, one, titles), *foreign_requests(snapshot, one)]


def _send(client: Client, deployment: Deployment, units: Sequence[list[Json]]) -> None:
    for batch in pack_batches([unit for unit in units if unit]):
        check_body({"requests": batch})
        client.batch_update(deployment.spreadsheet_id, batch)


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
