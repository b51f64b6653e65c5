"""What an undo aims at: the workbook as it was, but for what people changed, filled or took into use since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crm_builder.model import Workbook
from crm_builder.plan import Id, Order, assemble, things
from crm_builder.plan.diff import COUNTING
from crm_builder.plan.properties import compare_three, properties, with_properties
from crm_builder.plan.repairs import homes_of
from crm_builder.plan.rewrite import needs_of
from crm_builder.sheets import FOREIGN

_HEAD = {"title", "formula"}  # of a column these are one thing


def labelled(workbook: Workbook, *known: Workbook | None) -> Workbook:
    """The workbook with the labels of columns that no sheet shows, as other workbooks know them."""
    labels: dict[tuple[str, str], tuple[str, str]] = {}
    for book in reversed([one for one in known if one]):
        for sheet in book.sheets:
            labels |= {(sheet.key, one.key): (one.type, one.list) for one in sheet.columns if one.type or one.list}
    sheets = []
    for sheet in workbook.sheets:
        pairs = [(one, labels.get((sheet.key, one.key), (one.type, one.list))) for one in sheet.columns]
        columns = [replace(one, type=type_, list=list_) for one, (type_, list_) in pairs]
        sheets.append(replace(sheet, columns=tuple(columns)))
    return replace(workbook, sheets=tuple(sheets))


def by_number(one: Id, thing: Any) -> bool:
    """Whether a thing speaks of a column of people's own, which has no key but its number, and that changes."""
    if one.kind in ("workbook", "mark", "sheet", "column"):
        return False
    return any(column.startswith(FOREIGN) for _, column in needs_of(thing, one.sheet).columns)


def aimed(workbook: Workbook, applied: Workbook | None) -> Workbook:
    """The workbook whose pivot tables and slicers speak of the columns that they were applied with, where nobody but
    columns that came, went or moved made them speak of others."""
    if applied is None:
        return workbook
    aims, was = things(workbook), things(applied)
    for one in aims.keys() & was.keys():
        names = COUNTING.get(one.kind, ())
        if names and aims[one].untouched and homes_of(one, was[one]) <= aims.keys():
            aims[one] = replace(aims[one], **{name: getattr(was[one], name) for name in names})
    return assemble(aims, Order.of(workbook))


def entitled(wanted: Workbook, base: Workbook, found: Workbook) -> Workbook:
    """The workbook whose sheets keep the titles that they have now where people gave the former to another sheet."""
    aims, was, now = ({sheet.key: sheet.title for sheet in side.sheets} for side in (wanted, base, found))
    stay = {title.casefold(): key for key, title in now.items() if aims.get(key) in (None, title, was.get(key))}
    sheets = (
        replace(one, title=now[one.key])
        if one.key in now and stay.get(one.title.casefold(), one.key) != one.key
        else one
        for one in wanted.sheets
    )
    return replace(wanted, sheets=tuple(sheets))


def gentle(wanted: Workbook, base: Workbook, found: Workbook) -> Workbook:
    """`wanted` without what people changed since: there it asks for what the apply led to, which makes it drift."""
    aims, was, now = things(wanted), things(base), things(found)
    for one in aims.keys() & was.keys() & now.keys():
        asked, _ = compare_three(one.kind, was[one], now[one], aims[one], False)
        former = properties(was[one])
        own = {each.name for each in asked if each.before != former.get(each.name)}
        if one.kind == "column" and own & _HEAD:
            own |= _HEAD
        if own:
            aims[one] = with_properties(aims[one], {name: former.get(name) for name in own}, was[one])
    return assemble(aims, Order.of(wanted))
