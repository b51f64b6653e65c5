"""Rows of helpers that people deleted: they come back before something new is to stand in one of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from crm_builder.model import HEADER_ROW, Workbook
from crm_builder.plan import Change, Create, Id, Mend, Plan, Wishes, compare
from crm_builder.plan.diff import finished
from crm_builder.plan.repairs import homes_of
from crm_builder.plan.things import things
from crm_builder.sheets import Layout
from crm_builder.sheets.places import without_gone_rows


def compare_with_rows(
    baseline: Workbook | None, observed: Workbook, desired: Workbook, wishes: Wishes, layout: Layout
) -> tuple[Plan, Workbook | None, Workbook]:
    """The plan, with both workbooks as they read back where rows are gone that do not come back.

    With its rows a helper gets back all that stood there: otherwise it would calculate with half of its cells.
    """
    was, aim = (book and without_gone_rows(book, layout) for book in (baseline, desired))
    plan = compare(was, observed, aim or desired, wishes)
    coming = _short(plan, observed, layout)
    if not coming or wishes.repairs == "all":
        return plan, was, aim or desired
    rest = with_rows(layout, coming)
    was, aim = (book and without_gone_rows(book, rest) for book in (baseline, desired))
    plan = compare(was, observed, aim or desired, wishes)
    known = things(was or aim or desired)
    broken = {one.id for one in plan.drift if one.id in known and homes_of(one.id, known[one.id]) & coming}
    broken |= {one.id for one in plan.drift if Id("sheet", one.id.sheet) in coming}
    plan = compare(was, observed, aim or desired, replace(wishes, repairs=frozenset(wishes.repairs) | broken))
    mends = tuple(Mend(one, "rows", len(layout.place(one.sheet).gone)) for one in sorted(coming))
    assert plan.observed is not None and plan.baseline is not None
    changes = (*mends, *plan.changes)
    plan = finished(changes, plan.drift, plan.refusals, plan.observed, plan.baseline, aim or desired, plan.held)
    return plan, was, aim or desired


def _short(plan: Plan, observed: Workbook, layout: Layout) -> set[Id]:
    helpers = {sheet.key for sheet in observed.sheets if sheet.kind == "helper"}
    short = {key: place.gone for key, place in layout.places.items() if key in helpers and place.gone}
    return {Id("sheet", key) for key, gone in short.items() if any(_stands(one, key, gone) for one in plan.changes)}


def _stands(change: Change, sheet: str, gone: Collection[int]) -> bool:
    """Whether something new is to stand in one of these rows."""
    if not isinstance(change, Create):
        return False
    one, thing = change.id, change.thing
    if one.kind == "name":
        return thing.area.sheet == sheet and thing.area.first_row in gone
    if one.sheet != sheet or one.kind not in ("cell", "column"):
        return False
    return (thing.row if one.kind == "cell" else HEADER_ROW) in gone


def with_rows(layout: Layout, coming: Collection[Id]) -> Layout:
    """The layout in which no row of these sheets is missing."""
    keys = {one.sheet for one in coming}
    places = layout.places.items()
    return Layout({key: replace(place, gone=frozenset()) if key in keys else place for key, place in places})
