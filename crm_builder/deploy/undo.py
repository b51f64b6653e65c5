"""Undo: the latest apply is taken back as a plan of its own, and what it deleted is entered again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from crm_builder.deploy import journal, snapshots
from crm_builder.deploy.apply import Applied, Tell, check_unchanged, send_all
from crm_builder.deploy.bring_back import Returning, as_made, begun_marks, entered_units, read_for
from crm_builder.deploy.emptied import emptied_count, emptied_sheets, emptied_units
from crm_builder.deploy.entered import read_grids
from crm_builder.deploy.frozen import Frozen, find_frozen
from crm_builder.deploy.gentle import aimed, entitled, gentle, labelled
from crm_builder.deploy.observe import Seen, state_of, values_of, with_adopted
from crm_builder.deploy.plan import Prepared, batches_of
from crm_builder.deploy.snapshots import Snapshot
from crm_builder.deploy.untouched import untouched
from crm_builder.deployment import Deployment
from crm_builder.errors import CrmError
from crm_builder.google import Client
from crm_builder.model import Workbook
from crm_builder.plan import Delete, Forget, Id, Order, Plan, Wishes, assemble, compare, judge, needed, things
from crm_builder.plan.renames import rename
from crm_builder.plan.result import leaves
from crm_builder.project import Project
from crm_builder.sheets import FOREIGN, READ_FIELDS, Layout, canonical, ids, read, read_ranges
from crm_builder.sheets.former import former_after


@dataclass
class Undo:
    """What is to be taken back. `names` are the files of its snapshots: several where an apply was interrupted.

    `emptied` counts the cells that a repair emptied, `entered`, once done, those that were entered again. `kept` says
    what stays although it came with the apply, `lost` what could not be put back.
    """

    names: list[str]
    when: str
    what: str
    prepared: Prepared
    returning: Returning
    shown: Plan
    emptied: int = 0
    kept: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    entered: int = 0
    applied: Applied | None = None


def prepare_undo(project: Project, client: Client, deployment: Deployment) -> Undo:
    """The plan that takes back the latest apply that is not taken back yet. CrmError where there is none."""
    names = journal.latest_run(project.home)
    if not names:
        raise CrmError("there is nothing to undo: no change of this CRM is left that could be taken back")
    run = [_load(project.home, name) for name in names]
    first, last = run[0], run[-1]
    if first.spreadsheet_id != deployment.spreadsheet_id:
        raise CrmError("the latest change was made to another spreadsheet than this CRM has now; nothing was changed")
    result = _result(run)
    wanted = labelled(aimed(first.workbook, first.baseline), first.baseline, last.result)
    frozen, seen = find_frozen(client, deployment, run, wanted, _observe(project, client, deployment, result, wanted))
    made = _plan(client, deployment, first, seen, frozen, result, wanted)
    token = "undo:" + ids.digest(names[0])
    returning = Returning(token, tuple(reversed(run)), wanted, frozenset(_gone(made, result, run)))
    prepared = replace(made, plan=replace(made.plan, refusals=()), batches=begun_marks(made.batches, made.plan, token))
    shown, emptied = _shown(prepared.plan, run), emptied_count(run)
    return Undo(names, first.when, last.what, prepared, returning, shown, emptied, [*frozen.kept, *_kept(made)])


def undo(project: Project, client: Client, deployment: Deployment, todo: Undo, *, now: datetime, tell: Tell) -> Undo:
    """Carries it out. Killed anywhere, the next undo finds what is done and does the rest.

    StaleError where the sheet was changed since it was looked at.
    """
    done = todo.applied = Applied(todo.prepared.seen.observed)
    if todo.prepared.plan.changes:
        tell("keeping a snapshot of what is there")
        done.snapshot = snapshots.keep(project, client, deployment, todo.prepared, now, "undo")
    check_unchanged(project, client, deployment, todo.prepared)  # people were asked meanwhile
    name = done.snapshot.name if done.snapshot else None
    journal.write(project.home, now, "undo", undoes=todo.names, result="begun", snapshot=name)
    if todo.prepared.batches:
        send_all(client, deployment, todo.prepared, done, tell)
    if todo.returning.things or todo.emptied:
        tell("putting back what was typed")
        _enter(project, client, deployment, todo, done.observed.layout)
    result = "differs" if done.left else "done"
    journal.write(project.home, now, "undo", undoes=todo.names, result=result)
    return todo


def _enter(project: Project, client: Client, deployment: Deployment, todo: Undo, layout: Layout) -> None:
    """What people had typed comes back, each cell once."""
    back, run = todo.returning, todo.returning.snapshots[::-1]
    state = state_of(project, client, deployment)
    keys = read_for(back, layout) | emptied_sheets(run, layout)
    grids = read_grids(client, deployment.spreadsheet_id, sorted(layout.place(key).title for key in keys))
    entering = entered_units(back, layout, state, grids)
    entering.extend(emptied_units(run, back.workbook, layout, grids))
    entering.send(client, deployment, state, back.token)
    todo.entered, todo.lost = entering.cells, entering.lost


def _load(home: Path, name: str) -> Snapshot:
    path = snapshots.folder_of(home) / name
    if not path.exists():
        raise CrmError(f"the snapshot {path} is gone, so that what followed it cannot be taken back")
    snapshot = snapshots.load(path)
    if snapshot.result is None:
        raise CrmError(f"{path} does not say what followed it")
    return snapshot


def _result(run: list[Snapshot]) -> Workbook:
    """What the last apply led to, with all that any of them left to people."""
    result = run[-1].result
    assert result is not None
    for snapshot in run[:-1]:
        assert snapshot.result is not None
        there, forgotten = things(result), set(snapshot.forgotten)
        found = {one: thing for one, thing in things(snapshot.result).items() if leaves(one, thing, forgotten)}
        result = assemble(found | there, Order.of(result))
    return result


def _forgotten(run: list[Snapshot]) -> set[Id]:
    return {one for snapshot in run for one in snapshot.forgotten}


def _observe(project: Project, client: Client, deployment: Deployment, result: Workbook, wanted: Workbook) -> Seen:
    """What is there; what was forgotten is ours again."""
    state = state_of(project, client, deployment)
    answer = client.get(deployment.spreadsheet_id, read_ranges(state, [result, wanted]), READ_FIELDS)
    return Seen(state, answer, read(answer, None, wanted, state))


def _plan(
    client: Client,
    deployment: Deployment,
    first: Snapshot,
    seen: Seen,
    frozen: Frozen,
    result: Workbook,
    wanted: Workbook,
) -> Prepared:
    adopted = _with_titles(with_adopted(result, seen.observed, wanted), result)
    result = _without_names_of_copies(adopted, seen.observed.workbook)
    result = frozen.in_base(result, seen.observed.workbook)
    names = {former: new for former, new in first.renames if former.kind in ("sheet", "column", "item")}
    back = {
        new if former.kind == "sheet" else replace(new, sheet=former.sheet): former for former, new in names.items()
    }
    renamed = rename(result, seen.observed.workbook, wanted, Wishes(back))
    base = renamed.baseline or result
    wanted = entitled(gentle(wanted, base, renamed.observed), base, renamed.observed)
    wanted = as_made(wanted, first, {sheet.key for sheet in base.sheets})
    present = {change.new: change.id for change in renamed.changes}
    came = _came(base, renamed.observed, wanted, present)
    deletes = untouched(client, deployment, seen, result, came)
    wishes = Wishes(back, deletes, frozenset({"currency"}))
    plan = compare(result, seen.observed.workbook, wanted, wishes)
    values = values_of(client, deployment, seen.layout, needed(plan, result, wanted))
    values |= {(one.sheet, one.key): [] for one in frozen.computing}
    plan = judge(plan, result, wanted, wishes, values, seen.taken, seen.occupied, seen.own)
    plan = frozen.in_plan(plan, wanted)
    changes = (replace(one, cells=0) if isinstance(one, Delete) and one.id in deletes else one for one in plan.changes)
    plan = replace(plan, changes=tuple(changes))
    applied = first.baseline or canonical(first.workbook)
    former = former_after(first.former or seen.observed.former, plan, applied, seen.observed, {}, {})
    return Prepared(plan, seen, wanted, batches_of(plan, seen, wanted, applied, former))


def _with_titles(workbook: Workbook, result: Workbook) -> Workbook:
    """The workbook with the titles that the apply led to, so that those that people gave since to what it left to them
    are told from ours."""
    titles = {(sheet.key, one.key): one.title for sheet in result.sheets for one in sheet.columns if not one.formula}
    sheets = []
    for sheet in workbook.sheets:
        known = ((one, titles.get((sheet.key, one.key), "")) for one in sheet.columns)
        columns = tuple(replace(one, title=title) if title and not one.formula else one for one, title in known)
        sheets.append(replace(sheet, columns=columns))
    return replace(workbook, sheets=tuple(sheets))


def _without_names_of_copies(result: Workbook, found: Workbook) -> Workbook:
    """The workbook without the names that stand on columns of people's own now: on the copies of values that computed
    columns left when they were forgotten. They are to stand on the columns that come back."""
    own = {name.name for name in found.names if (name.area.first_column or "").startswith(FOREIGN)}
    return replace(result, names=tuple(name for name in result.names if name.name not in own))


def _came(base: Workbook, found: Workbook, wanted: Workbook, present: Mapping[Id, Id]) -> dict[Id, Id]:
    """The sheets and columns that came with the apply, and under which keys they are there now."""
    was, now, aims = things(base), things(found), things(wanted)
    came = [one for one in now if one in was and one not in aims and one.kind in ("sheet", "column")]
    sheets = {one.sheet: present.get(one, one).sheet for one in now if one.kind == "sheet"}
    gone = {one.sheet for one in came if one.kind == "sheet"}
    return {
        one: replace(present.get(one, one), sheet=sheets[one.sheet])
        for one in came
        if one.kind == "sheet" or one.sheet not in gone
    }


def _gone(prepared: Prepared, result: Workbook, run: list[Snapshot]) -> set[Id]:
    """The sheets and columns that the apply deleted, under the keys that they had."""
    plan = prepared.plan
    was = things(plan.baseline) if plan.baseline else things(result)
    aims, forgotten = things(prepared.desired), _forgotten(run)
    return {
        one
        for one in aims
        if one.kind in ("sheet", "column") and one not in was and not leaves(one, aims[one], forgotten)
    }


def _kept(prepared: Prepared) -> list[str]:
    plan = prepared.plan
    found = things(plan.observed) if plan.observed else {}
    kept = [
        f"{getattr(found.get(change.id), 'title', '') or change.id} is in use by people: it stays, as your own"
        for change in plan.changes
        if isinstance(change, Forget) and change.id.kind in ("sheet", "column")
    ]
    for one in plan.refusals:
        cells = f" ({one.cells} cells)" if one.cells else ""
        kept.append(f"{one.id} stays as it is: {one.reason}{cells}")
    return kept


def _shown(plan: Plan, run: list[Snapshot]) -> Plan:
    """The plan to be told, without the small things that were left to people: they are theirs now."""
    forgotten = _forgotten(run)
    return replace(plan, drift=tuple(one for one in plan.drift if one.id not in forgotten))
