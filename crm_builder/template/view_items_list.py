"""The list of a view: named columns under a header, filled by formulas or cell by cell, with thin lines between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm_builder.model import Area, CellFormat, Condition, ConditionalRule
from crm_builder.template.formulas import columns_in
from crm_builder.template.kit import near
from crm_builder.template.parts import style_format
from crm_builder.template.view_items import Rows
from crm_builder.template.view_parts import Item, Made, View, strip


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a list, and the sheet's columns that it lies over."""

    body: Mapping[str, Any]
    path: str
    keys: tuple[str, ...]


def list_rows(item: Item, view: View) -> Rows:
    height = item.body.get("row_height", view.height("list_cell"))
    return [view.height("list_header"), *[height] * item.body["rows"]]


def list_(item: Item, row: int, heights: list[int], view: View) -> Made:
    columns = _columns(item, view)
    made = Made()
    for column in columns:
        made += _column(column, item, row, view)
    first, last = row + 1, row + item.body["rows"]
    return made + Made(rules=(*_rules(item, columns, first, last, view), *_colours(columns, first, last, view)))


def _columns(item: Item, view: View) -> list[_Column]:
    columns, at = [], item.at
    for number, body in enumerate(item.body["column"]):
        path, span = f"{item.path}.column[{number}]", body.get("span", 1)
        if at + span > item.at + item.span:
            view.problem(
                f"reaches beyond the list's {item.span} columns", f"{path}.span", "the spans add up to too much"
            )
            break
        inner = at + span < item.at + item.span  # its lines go on to the next column
        columns.append(_Column(body, path, view.grid.keys(at, span, after=inner)))
        at += span
    return columns


def _column(column: _Column, item: Item, row: int, view: View) -> Made:
    body, path, rows = column.body, column.path, item.body["rows"]
    kind, align = body.get("type", ""), body.get("align", "")
    align = align or view.kit.types.get(kind, {}).get("align", "")
    header = view.format("list_header", path, align=align)
    look = view.format(body.get("style", "list_cell"), path, kind, align=align)
    made = strip(view, item, row, body.get("title", ""), header, f"{path}.title", keys=column.keys)
    cells = body.get("cells", [])
    if ("formula" in body) == ("cells" in body):
        view.problem("a column of a list has either a `formula` or `cells`", path, "give it one of them")
    if len(cells) > rows:
        view.problem(f"has {len(cells)} cells, and the list {rows} rows", f"{path}.cells", "give the list more rows")
    for number in range(rows):
        content: Any = body.get("formula") if number == 0 and "formula" in body else None
        place = f"{path}.formula"
        if number < len(cells):
            content, place = cells[number], f"{path}.cells[{number}]"
        made += strip(view, item, row + 1 + number, content, look, place, keys=column.keys)
    return made


def _rules(item: Item, columns: list[_Column], first: int, last: int, view: View) -> list[ConditionalRule]:
    by_key = {column.body["key"]: column for column in columns}
    made = []
    for number, rule in enumerate(item.body.get("rule", ())):
        path = f"{item.path}.rule[{number}]"
        wanted = rule.get("columns", list(by_key))
        words = {f"{path}.columns": wanted, f"{path}.when": columns_in(rule["when"])}
        unknown = [(place, key) for place, keys in words.items() for key in keys if key not in by_key]
        for place, key in unknown:
            view.problem(f"`{key}` is no column of this list", place, near(key, by_key))
        if rule["style"] not in view.kit.styles:
            view.problem(f"unknown style `{rule['style']}`", f"{path}.style", near(rule["style"], view.kit.styles))
        elif not unknown:
            when = rule["when"]
            for key, column in by_key.items():
                when = when.replace(f"[{key}]", f"[{column.keys[0]}]")
            areas = tuple(_area(by_key[key], first, last, view) for key in wanted)
            key = f"{columns[0].keys[0]}_{first}_{number}"
            made.append(_rule(key, areas, Condition("custom_formula", (when,)), view.kit.styles[rule["style"]]))
    return made


def _colours(columns: list[_Column], first: int, last: int, view: View) -> list[ConditionalRule]:
    """A choice has the colour here that it has in its table."""
    made = []
    for column in columns:
        key = column.body.get("list", "")
        if key and key not in view.kit.lists:
            view.problem(f"unknown list `{key}`", f"{column.path}.list", near(key, view.kit.lists))
        for choice in view.kit.lists[key].choices if key in view.kit.lists else ():
            if choice.colours:
                background, color = choice.colours
                made.append(
                    _rule(
                        f"{column.keys[0]}_{first}_{choice.key}",
                        (_area(column, first, last, view),),
                        Condition("text_eq", (choice.title,)),
                        {"background": background, "color": color},
                    )
                )
    return made


def _area(column: _Column, first: int, last: int, view: View) -> Area:
    return Area(view.key, column.keys[0], column.keys[-1], first, last)


def _rule(key: str, areas: tuple[Area, ...], condition: Condition, style: Mapping[str, Any]) -> ConditionalRule:
    look: CellFormat = style_format({name: value for name, value in style.items() if name in _RULE})
    return ConditionalRule(key, areas, condition, look)


_RULE = ("background", "color", "bold", "italic", "strikethrough")  # what a conditional format may set
