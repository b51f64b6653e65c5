"""The workbook as it stands once changes are made: what is there, with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from crm_builder.model import BasicFilter, Column, ConditionalRule, FilterView, Workbook
from crm_builder.plan.changes import Change, Create, Delete, Forget, Id, Kind, Move, Update
from crm_builder.plan.order import moved, with_new
from crm_builder.plan.rewrite import needs_of
from crm_builder.plan.things import Order, Things, assemble, things


def result_of(observed: Workbook, desired: Workbook, changes: Iterable[Change]) -> Workbook:
    """What is forgotten or deleted is in it no more, with all that stood on it."""
    changes = tuple(changes)
    found, wanted = things(observed), things(desired)
    found |= {change.id: change.thing for change in changes if isinstance(change, Create | Update)}
    leaving = {change.id for change in changes if isinstance(change, Forget | Delete)}
    kept = {one: _labelled(thing, wanted.get(one)) for one, thing in found.items() if not leaves(one, thing, leaving)}
    if any(one.kind in ("sheet", "column") for one in leaving):
        kept = _without_gone(kept, wanted)
    return assemble(kept, _order(observed, desired, changes))


def _without_gone(kept: Things, wanted: Things) -> Things:
    """What people aimed at a column that goes loses that part, or is again as described, or goes too."""
    there = {(one.sheet, one.key) for one in kept if one.kind == "column"}
    result = {}
    for one, thing in kept.items():
        for held in (thing, _trimmed(thing, there), wanted.get(one)):
            if held is not None and (one.kind == "column" or _grounded(held, one.sheet, there)):
                result[one] = held
                break
        else:
            if one in wanted:
                result[one] = thing
    return result


def _grounded(thing: Any, sheet: str, there: set[tuple[str, str]]) -> bool:
    return all(pair in there or pair[1].startswith("foreign:") for pair in needs_of(thing, sheet).columns)


def _trimmed(thing: Any, there: set[tuple[str, str]]) -> Any:
    if isinstance(thing, BasicFilter | FilterView):
        sheet = thing.area.sheet
        criteria = tuple(one for one in thing.criteria if (sheet, one.column) in there)
        return replace(thing, criteria=criteria, sort=tuple(one for one in thing.sort if (sheet, one.column) in there))
    if isinstance(thing, ConditionalRule):
        areas = tuple(area for area in thing.areas if _grounded(area, area.sheet, there))
        return replace(thing, areas=areas) if areas else None
    return None


def leaves(one: Id, thing: Any, leaving: set[Id]) -> bool:
    """Whether a thing goes, by itself or with the sheet or column that it stands on."""
    if one in leaving or (one.sheet and Id("sheet", one.sheet) in leaving):
        return True
    if one.kind == "item" and thing:
        return all(Id("column", one.sheet, column) in leaving for column in thing)
    return one.kind == "cell" and Id("column", one.sheet, thing.column) in leaving


def _labelled(thing: Any, wanted: Any) -> Any:
    """A column with the labels that no sheet shows."""
    if isinstance(thing, Column) and isinstance(wanted, Column):
        return replace(thing, type=wanted.type, list=wanted.list)
    return thing


def _order(observed: Workbook, desired: Workbook, changes: Sequence[Change]) -> Order:
    now, aim = Order.of(observed), Order.of(desired)

    def order(kind: Kind, sheet: str, found: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
        own = [change for change in changes if change.id.kind == kind and sheet in ("", change.id.sheet)]
        keys = list(found)
        for change in own:
            if isinstance(change, Move):
                keys = moved(keys, _key(change.id), change.after)
        return tuple(with_new(keys, {_key(change.id) for change in own if isinstance(change, Create)}, wanted))

    sheets = order("sheet", "", now.sheets, aim.sheets)
    return Order(
        sheets,
        {key: order("column", key, now.columns.get(key, ()), aim.columns.get(key, ())) for key in sheets},
        {key: order("rule", key, now.rules.get(key, ()), aim.rules.get(key, ())) for key in sheets},
    )


def _key(one: Id) -> str:
    return one.sheet if one.kind == "sheet" else one.key
