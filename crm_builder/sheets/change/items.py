"""Items of a table: which row of the grid each one stands in, and the choices of people that follow a new title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from crm_builder.model import Area, Cell, Column, Sheet, Workbook
from crm_builder.plan.changes import Create, Id, Update
from crm_builder.plan.choices import home_of
from crm_builder.sheets.change.looks import data_range
from crm_builder.sheets.change.one_by_one import one_by_one
from crm_builder.sheets.change.scene import Scene

Json = dict[str, Any]


def lines_for_items(scene: Scene) -> dict[tuple[str, str], int]:
    """The grid index of every item, new ones below what is filled in the columns that they write."""
    lines = dict(scene.item_lines)
    filled = {(_new_sheet(sheet, scene), column): line for (sheet, column), line in scene.observed.filled_lines.items()}
    for change in scene.of("item"):
        if not isinstance(change, Create) or (change.id.sheet, change.id.key) in lines:
            continue
        sheet, columns = change.id.sheet, list(change.thing)
        top = scene.layout.place(sheet).below
        line = max([top, *(filled[sheet, column] + 1 for column in columns if (sheet, column) in filled)])
        lines[sheet, change.id.key] = line
        filled |= {(sheet, column): line for column in columns}
    return lines


def _new_sheet(former: str, scene: Scene) -> str:
    return next((new.sheet for new, old in scene.former.items() if old == Id("sheet", former)), former)


def retitled(scene: Scene) -> list[str]:
    """The sheets whose items get other titles. They are known by these: half done, one would be taken for another."""
    pairs = ((change.id, change.thing) for change in scene.of("item") if isinstance(change, Update))
    return list(dict.fromkeys(one.sheet for one, item in pairs if _title(scene.thing_before(one)) != _title(item)))


def value_requests(home: Sheet, scene: Scene) -> list[Json]:
    """Where people chose a choice that has another title now, the new one; two that change places included."""
    titles: dict[str, dict[str, str]] = {}
    for one, item in scene.made("item", sheet=home.key).items():
        old, new = _title(scene.thing_before(one)), _title(item)
        if old and new and old != new:
            titles.setdefault(one.key.partition("/")[0], {})[old] = new
    requests = [
        request
        for chosen, changed in titles.items()
        for sheet, column in _taking(scene.result, chosen)
        for request in _replaced(sheet, column, changed, scene)
    ]
    for name, changed in _own_titles(home, scene).items():
        requests += _replaced(home, home.column(name), changed, scene)
    return requests


def _own_titles(home: Sheet, scene: Scene) -> dict[str, dict[str, str]]:
    """Column → former title → title of the choices that columns of the sheet have of their own."""
    titles: dict[str, dict[str, str]] = {}
    for change in scene.of("item", sheet=home.key):
        if column := home_of(change):
            former, title = (one.key.partition("/")[2] for one in (change.id, change.new))
            titles.setdefault(column.key, {})[former] = title
    return titles


def _replaced(sheet: Sheet, column: Column, changed: Mapping[str, str], scene: Scene) -> Iterator[Json]:
    now = {old: old for old in changed}
    for old, title in one_by_one(changed, dict(now), lambda title: f"{title} (crm_builder)"):
        yield _replace(sheet, column, now[old], title, scene)
        now[old] = title


def _title(item: Mapping[str, Cell] | None) -> str:
    value = next(iter(item.values())).value if item else None
    return value if isinstance(value, str) else ""


def _taking(workbook: Workbook, chosen: str) -> Iterator[tuple[Sheet, Column]]:
    return (
        (sheet, column)
        for sheet in workbook.sheets
        for column in sheet.columns
        if chosen and sheet.kind == "table" and column.list == chosen and column.formula is None
    )


def _replace(sheet: Sheet, column: Column, old: str, new: str, scene: Scene) -> Json:
    grid = data_range(sheet, scene.layout.place(sheet.key), column.key)
    return {"findReplace": {"find": old, "replacement": new, "range": grid, "matchCase": True, "matchEntireCell": True}}


def with_item_rows(area: Area, scene: Scene) -> Area:
    """The area of a cell that belongs to an item, on the row where that item stands; any other as it is."""
    if area.last_row != area.first_row or area.sheet not in scene.layout.places:
        return area
    for cell in scene.result.sheet(area.sheet).cells:
        if cell.item and (cell.row, cell.column) == (area.first_row, area.first_column):
            line = scene.item_lines.get((area.sheet, cell.item))
            if line is not None:
                row = line + 1 - scene.layout.place(area.sheet).shift
                return replace(area, first_row=row, last_row=row)
    return area
