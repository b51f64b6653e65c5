"""Charts and slicers of a view: what floats over its cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_builder.model import Area, Chart, Place, Series, Slicer
from crm_builder.template.kit import near
from crm_builder.template.view_items import Rows
from crm_builder.template.view_items_pivot import pivot_areas
from crm_builder.template.view_parts import Item, Made, View

_KINDS = ("line", "area", "column", "bar", "combo", "pie", "scatter")
_SERIES_KINDS = ("line", "column", "area")
_STACKED = ("no", "yes", "percent")
_LEGENDS = ("none", "top", "bottom", "left", "right", "labels")
_ACROSS = ("line", "area", "column", "combo")  # their figures stand side by side, in reading order


def chart_rows(item: Item, view: View) -> Rows:
    return [None] * item.body.get("rows", 12)


def chart(item: Item, row: int, heights: list[int], view: View) -> Made:
    body, path = item.body, item.path
    kind, faults = body["chart"], False
    for key, known in (("chart", _KINDS), ("stacked", _STACKED), ("legend", _LEGENDS)):
        if key in body and body[key] not in known:
            view.problem(f"unknown `{body[key]}`", f"{path}.{key}", near(body[key], known))
            faults = True
    areas = _areas(body, path, view)
    wanted = [(body["label"], f"{path}.label")]
    wanted += [(one["column"], f"{path}.series[{number}].column") for number, one in enumerate(body["series"])]
    for key, place in wanted:
        if areas is not None and key not in areas:
            view.problem(f"`{body['from']}` has no column `{key}`", place, near(key, areas))
            faults = True
    if areas is None or faults:
        return Made()
    several = len(body["series"]) > 1
    made = Chart(
        key=body.get("key", body["from"].removeprefix("pivot:")),
        title=body.get("title", ""),
        subtitle=body.get("subtitle", ""),
        description=body.get("description", ""),
        kind=kind,
        place=_place(item, row, heights, view),
        domain=areas[body["label"]],
        series=tuple(
            _series(one, kind, areas, number, view, f"{path}.series[{number}]")
            for number, one in enumerate(body["series"])
        ),
        stacked=body.get("stacked", "no"),
        legend=body.get("legend", "labels" if kind == "pie" else "top" if several else "none"),
        axis_title=body.get("axis_title", ""),
        reversed=view.kit.right_to_left and kind in _ACROSS,
        hole=float(body.get("hole", 0)),
        ink=view.kit.look["charts"]["ink"],
        font=view.kit.look["charts"]["font"],
        background=view.kit.look["charts"]["background"],
    )
    return Made(charts=(made,))


def _areas(body: Mapping[str, Any], path: str, view: View) -> dict[str, Area] | None:
    """The chart's areas by column, each with its header: of a helper's block that has a height, or of a pivot."""
    source = body["from"]
    if source.startswith("pivot:"):
        return pivot_areas(source.removeprefix("pivot:"), view, f"{path}.from")
    block = view.kit.blocks.get(source)
    if block is None:
        view.problem(f"there is no block `{source}`", f"{path}.from", near(source, view.kit.blocks))
        return None
    if block.height is None:
        view.problem(f"the block `{source}` has no end", f"{path}.from", "give the block a `height`")
        return None
    return {column: Area(block.sheet, f"{block.key}_{column}", None, 1, 1 + block.height) for column in block.columns}


def _series(raw: Mapping[str, Any], kind: str, areas: Mapping[str, Area], number: int, view: View, path: str) -> Series:
    if raw.get("kind", "line") not in _SERIES_KINDS:
        view.problem(f"unknown `{raw['kind']}`", f"{path}.kind", near(raw["kind"], _SERIES_KINDS))
    order = view.kit.look["charts"]["colours"]
    usual = "" if kind == "pie" else order[number % len(order)]  # a pie colours its slices in an order of its own
    color = raw.get("color", usual)
    return Series(
        areas[raw["column"]],
        _colour(color, view, f"{path}.color") if color else None,
        raw.get("kind"),
        raw.get("right_axis", False),
        raw.get("dashed", False),
        raw.get("labels", False),
    )


def _colour(color: str, view: View, path: str) -> str | None:
    """`accent`, the name of a colour of look.toml, or `#RRGGBB`."""
    if color.startswith("#"):
        return color
    values = view.kit.context.values
    known = {"accent": values["accent"], **values["colours"]}
    known |= {name: pair["color"] for name, pair in values["choices"].items() if name not in known}
    if color not in known:
        view.problem(f"unknown colour `{color}`", path, near(color, known))
    return known.get(color)


def _place(item: Item, row: int, heights: list[int], view: View) -> Place:
    return Place(row, view.grid.keys(item.at, item.span)[0], view.grid.width(item.at, item.span), sum(heights))


def slicer_rows(item: Item, view: View) -> Rows:
    return [None] * item.body.get("rows", 2)


def slicer(item: Item, row: int, heights: list[int], view: View) -> Made:
    """A control over one column of a table; it filters the charts and pivots of its sheet that stand on that table."""
    body, path = item.body, item.path
    table = body["table"]
    if not view.kit.check_table(table, view.file, f"{path}.table"):
        return Made()
    if not view.kit.check_column(body["column"], table, view.file, f"{path}.column"):
        return Made()
    area = Area(table, first_row=1)
    key = body.get("key", f"{table}_{body['column']}")
    return Made(slicers=(Slicer(key, body["title"], _place(item, row, heights, view), area, body["column"]),))
