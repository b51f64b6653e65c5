"""Which changes are safe: a table of cases over typed changes, and what is made of the unsafe ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crm_builder.model import Workbook
from crm_builder.plan.cases import CASES, WHOLE
from crm_builder.plan.changes import Change, Create, Id, Plan, Refusal, Update, Wishes
from crm_builder.plan.choices import home_of
from crm_builder.plan.diff import finished
from crm_builder.plan.order import with_new
from crm_builder.plan.result import leaves, result_of
from crm_builder.plan.rewrite import needs_of
from crm_builder.plan.scene import Scene, Values
from crm_builder.plan.things import Order, assemble, things

_FORMULAS = {"formula", "condition", "validation"}  # properties that speak of names


def needed(plan: Plan, baseline: Workbook | None, desired: Workbook) -> set[tuple[str, str]]:
    """(sheet, column) whose values must be read to judge the plan, under the keys that the spreadsheet has now.

    An empty column stands for the whole sheet. Header rows are not meant.
    """
    scene = Scene(plan, desired, Wishes())
    reads = {read for change in plan.changes for case in (*CASES, *WHOLE) for read in case.reads(scene, change)}
    return {scene.former(*read) for read in reads}


def judge(
    plan: Plan,
    baseline: Workbook | None,
    desired: Workbook,
    wishes: Wishes,
    values: Values,
    taken: Collection[str] = (),
    occupied: Collection[tuple[str, str]] = (),
    own: Collection[tuple[str, str]] = (),
) -> Plan:
    """The plan with a refusal for each change that is not safe. `values`: what `needed` asked for, row by row.
    `taken`: the titles of people's own sheets. `occupied`: (kind, sheet) where people have one that ours would cover.
    `own`: (sheet, title) of their own columns; sheets by the keys that they have now.

    Where a refused change shapes the whole workbook, nothing else is left of the plan.
    """
    titles = frozenset(title.casefold() for title in taken)
    columns = frozenset((sheet, title.casefold()) for sheet, title in own)
    scene = Scene(plan, desired, wishes, values, titles, columns, frozenset(occupied))
    whole = tuple(
        verdict
        for change in plan.changes
        for case in WHOLE
        if isinstance(verdict := case.verdict(scene, change), Refusal)
    )
    observed, base = _sides(plan)
    if whole:
        refusals = (*plan.refusals, *whole)
        return finished((), plan.drift, refusals, observed, base, desired, plan.held | {one.id for one in whole})
    kept, refusals, held = _verdicts(scene)
    kept = [change for change in kept if change.id not in held and home_of(change) not in held]
    while lost := _without_ground(kept, observed, desired):
        refusals += [_groundless(one, missing) for one, missing in lost.items() if not leaves(missing, None, held)]
        held |= lost.keys()
        kept = [change for change in kept if change.id not in held]
    return finished(tuple(kept), plan.drift, tuple(refusals), observed, base, desired, frozenset(held))


def _verdicts(scene: Scene) -> tuple[list[Change], list[Refusal], set[Id]]:
    """The changes that are safe, all refusals, and what is held with them."""
    kept, refusals, held = [], list(scene.plan.refusals), set(scene.plan.held)
    for change in scene.plan.changes:
        for case in CASES:
            verdict = case.verdict(scene, change)
            if isinstance(verdict, Refusal):
                refusals.append(verdict)
                held |= {change.id} | case.along(scene, change)
                break
            if verdict is not None:
                change = verdict
        else:
            kept.append(change)
    return kept, refusals, held


def _sides(plan: Plan) -> tuple[Workbook, Workbook]:
    assert plan.observed is not None and plan.baseline is not None, "a plan that compare() made"
    return plan.observed, plan.baseline


def _without_ground(changes: Sequence[Change], observed: Workbook, desired: Workbook) -> dict[Id, Id]:
    """Changes that speak of a sheet, a column or a name that is not there, and is not made either: of which one."""
    result = result_of(observed, desired, changes)
    there = {Id("sheet", sheet.key) for sheet in result.sheets}
    there |= {Id("column", sheet.key, column.key) for sheet in result.sheets for column in sheet.columns}
    named = {name.name for name in result.names}
    names = {name.name: name.area for name in desired.names if name.name not in named}
    found = {}
    for change in changes:
        if not isinstance(change, Create | Update) or change.id.kind in ("workbook", "mark", "sheet"):
            continue
        needs = needs_of(change.thing, change.id.sheet)
        ground = {Id("sheet", sheet) for sheet in needs.sheets}
        ground |= {Id("column", *pair) for pair in needs.columns if not pair[1].startswith("foreign:")}
        missing = sorted(ground - there - {change.id})
        if isinstance(change, Create) or _FORMULAS & {one.name.rpartition(".")[2] for one in change.differences}:
            for name in sorted(needs.words & names.keys()):
                area = names[name]
                homes = (Id("sheet", area.sheet), Id("column", area.sheet, area.first_column or ""))
                missing.append(next((one for one in homes if one not in there), Id("name", "", name)))
        if missing:
            found[change.id] = missing[0]
    return found


def _groundless(one: Id, missing: Id) -> Refusal:
    way = f"bring it back with `repair {missing}`, or take `{one}` out of the description"
    return Refusal(one, f"it speaks of `{missing}`, which is not there any more", 0, way)


def baseline_after(plan: Plan, baseline: Workbook | None, desired: Workbook) -> Workbook:
    """What to note as applied last: the desired workbook, but for what was refused, which stays as it was."""
    observed, base = _sides(plan)
    if any(refusal.id.kind == "mark" for refusal in plan.refusals):
        return baseline or observed
    if not plan.held:
        return desired
    held = set(plan.held)
    former, wanted = things(base), things(desired)
    kept: dict[Id, Any] = {one: thing for one, thing in wanted.items() if not leaves(one, thing, held)}
    kept |= {one: thing for one, thing in former.items() if leaves(one, thing, held)}
    return assemble(kept, _order(base, desired))


def _order(base: Workbook, desired: Workbook) -> Order:
    was, aim = Order.of(base), Order.of(desired)

    def both(left: Mapping[str, Sequence[str]], right: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        keys = {*left, *right}
        return {key: tuple(with_new(right.get(key, ()), set(left.get(key, ())), left.get(key, ()))) for key in keys}

    return replace(
        aim,
        sheets=tuple(with_new(aim.sheets, set(was.sheets), was.sheets)),
        columns=both(was.columns, aim.columns),
        rules=both(was.rules, aim.rules),
    )
