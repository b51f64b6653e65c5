"""Pivot tables of a view of plain columns, and the areas that charts take of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm_builder.model import Area, Cell, Pivot, PivotGroup, PivotValue
from crm_builder.template.kit import near
from crm_builder.template.parts import criterion
from crm_builder.template.view_items import Rows
from crm_builder.template.view_parts import Item, Made, View, strip

_SUMMARIES = ("sum", "count", "counta", "countunique", "average", "max", "min", "median")


def pivot_rows(item: Item, view: View) -> Rows:
    return [view.height("heading")] * ("head" in item.body) + [None] * item.body["rows"]


def pivot(item: Item, row: int, heights: list[int], view: View) -> Made:
    """The pivot's definition in its top left cell; the rows and columns that it may grow over stay free."""
    body, path = item.body, item.path
    made = Made()
    if not view.grid.plain:
        view.problem("a pivot needs plain columns", path, "list the view's columns with their widths")
        return made
    if "head" in body:
        look = view.format("heading", path)
        made += strip(view, item, row, body["head"]["title"], look, f"{path}.head.title")
        row += 1
    table = body["table"]
    if not view.kit.check_table(table, view.file, f"{path}.table"):
        return made
    faults = [
        key
        for kind in ("row", "group", "value", "filter")
        for number, entry in enumerate(body.get(kind, ()))
        for key in [entry["column"]]
        if not view.kit.check_column(key, table, view.file, f"{path}.{kind}[{number}].column")
    ]
    for number, value in enumerate(body["value"]):
        if value["summary"] not in _SUMMARIES:
            place = f"{path}.value[{number}].summary"
            view.problem(f"unknown summary `{value['summary']}`", place, near(value["summary"], _SUMMARIES))
            faults.append(value["summary"])
    for kind in ("row", "group"):
        for number, entry in enumerate(body.get(kind, ())):
            if not 0 <= entry.get("by", 0) < len(body["value"]):
                faults.append(kind)
                view.problem("there is no such value", f"{path}.{kind}[{number}].by", "count the values from 0")
    if faults:
        return made
    return made + Made(
        cells=tuple(_header(item, row, view)),
        pivots=(
            Pivot(
                key=body["key"],
                row=row,
                column=view.grid.keys(item.at, item.span)[0],
                source=Area(table, first_row=1),
                rows=tuple(_group(entry) for entry in body.get("row", ())),
                values=tuple(
                    PivotValue(entry["column"], entry["summary"], entry.get("title", "")) for entry in body["value"]
                ),
                columns=tuple(_group(entry) for entry in body.get("group", ())),
                filters=tuple(criterion(entry) for entry in body.get("filter", ())),
            ),
        ),
    )


def _header(item: Item, row: int, view: View) -> Iterator[Cell]:
    """The look of the rows in which the pivot writes its titles: one, or two where it has column groups."""
    for number in range(2 if item.body.get("group") else 1):
        for place, key in enumerate(view.grid.keys(item.at, item.span)):
            align = "start" if place == 0 else "right"  # as figures, in any language
            yield Cell(row + number, key, format=view.format("pivot_header", item.path, align=align))


def _group(raw: Mapping[str, Any]) -> PivotGroup:
    return PivotGroup(
        raw["column"], raw.get("title", ""), raw.get("descending", False), raw.get("totals", False), raw.get("by")
    )


def pivot_areas(key: str, view: View, path: str) -> dict[str, Area] | None:
    """By column of the source: where the pivot shows its groups and values, header and free rows included."""
    found = view.pivots.get(key)
    if found is None:
        view.problem(f"there is no pivot `{key}` above", path, near(key, view.pivots))
        return None
    made, last = found
    if made.columns:
        view.problem(f"the pivot `{key}` grows aside", path, "a chart needs one without column groups")
        return None
    keys = [name for name, _ in view.grid.columns]
    start = keys.index(made.column)
    names = [one.column for one in (*made.rows, *made.values)]
    return {
        name: Area(view.key, keys[start + number], None, made.row, last)
        for number, name in reversed(list(enumerate(names)))
        if start + number < len(keys)
    }
