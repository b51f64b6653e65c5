"""One view's file → its sheet: bands of cards, lists, charts, pivots on a grid, from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crm_builder.errors import Problem
from crm_builder.model import Area, CellFormat, Column, Condition, ConditionalRule, NamedRange, Protection, Sheet
from crm_builder.template import view_flow as flow
from crm_builder.template.kit import Kit
from crm_builder.template.parts import style_format
from crm_builder.template.view_grid import make_grid, text_height
from crm_builder.template.view_items import Rows, field, field_rows, link, link_rows, text, text_rows
from crm_builder.template.view_items_card import card, card_rows, parts_of
from crm_builder.template.view_items_chart import chart, chart_rows, slicer, slicer_rows
from crm_builder.template.view_items_list import list_, list_rows
from crm_builder.template.view_items_pivot import pivot, pivot_rows
from crm_builder.template.view_parts import Item, Made, View, strip


@dataclass(frozen=True, slots=True)
class _Kind:
    """What makes a kind of item: its keys, the pixels of its rows, and the item itself."""

    keys: flow.Keys
    rows: Callable[[Item, View], Rows]
    make: Callable[[Item, int, list[int], View], Made]


_KINDS: Mapping[str, _Kind] = {
    "text": _Kind(flow.keys("text", "style rows type name link align background color"), text_rows, text),
    "link": _Kind(flow.keys("text link", "style note"), link_rows, link),
    "field": _Kind(flow.keys("title name", "value choices from type"), field_rows, field),
    "card": _Kind(
        flow.keys("title value", "type style change change_type better note spark name size"), card_rows, card
    ),
    "list": _Kind(flow.keys("rows column", "rule row_height"), list_rows, list_),
    "chart": _Kind(
        flow.keys(
            "chart from label series", "key title subtitle description rows stacked legend hole axis_title"
        ),
        chart_rows, chart,
    ),
    "slicer": _Kind(flow.keys("title table column", "key rows"), slicer_rows, slicer),
    "pivot": _Kind(
        flow.keys("key table value rows", "row group filter head reserve_columns"), pivot_rows, pivot
    ),
}  # fmt: skip
_KEYS = {name: kind.keys for name, kind in _KINDS.items()}
# The colours of a figure that changed: (better, sign) → style.
_SIGNS = {
    ("up", "number_greater"): "better",
    ("up", "number_less"): "worse",
    ("down", "number_greater"): "worse",
    ("down", "number_less"): "better",
}


@dataclass(frozen=True, slots=True)
class ViewSheet:
    """The sheet of a view, its names, and where in its file the content of each cell stands."""

    sheet: Sheet
    names: tuple[NamedRange, ...]
    paths: Mapping[tuple[str, int], str]


@dataclass(slots=True)
class _Page:
    """The sheet as it grows downwards: the pixels of its rows so far, and what stands in them."""

    heights: list[int]
    made: Made

    @property
    def next(self) -> int:
        return len(self.heights) + 1


def view_sheet(key: str, raw: Mapping[str, Any], kit: Kit) -> ViewSheet:
    file = f"views/{key}.toml"
    columns = kit.renderer.value(raw.get("columns", "grid"), file, "columns")
    view = View(key, file, make_grid(columns, kit.look["grid"]), kit)
    if isinstance(columns, str) and columns != "grid":
        view.problem(f"`{columns}` is no grid", "columns", 'write "grid", or list the columns with their widths')
    words = kit.context.words.get("views", {}).get(key, {})
    if "title" not in words:
        kit.problem(
            f"no words for the view `{key}`", f"words/{kit.context.words['code']}", f"views.{key}", "add its title"
        )
    page = _Page([], Made())
    _headline(page, words, view)
    for band in flow.bands(raw, view, _KEYS):
        view = _band(page, band, view)
    page.heights.append(kit.look["heights"]["gap"])
    return _finish(key, raw, words, page, view)


def _headline(page: _Page, words: Mapping[str, str], view: View) -> None:
    """The view's own title, and the sentence under it."""
    width = view.grid.width(1, len(view.grid.units))
    for word, style in (("title", "title"), ("note", "subtitle")):
        if words.get(word):
            whole = Item("text", word, {"text": words[word]}, 1, len(view.grid.units))
            page.made += strip(view, whole, page.next, words[word], view.format(style, word), word)
            page.heights.append(max(view.height(style), text_height(words[word], width, view.size(style))))


def _band(page: _Page, band: flow.Band, view: View) -> View:
    """Adds a band to the page; the view knows its pivots from then on."""
    if not band.lines:
        return view
    page.heights.append(view.height("gap"))
    if band.title:
        whole = Item("text", band.path, {}, 1, len(view.grid.units))
        path = f"{band.path}.title"
        page.made += strip(view, whole, page.next, band.title, view.format("heading", path), path)
        page.heights.append(view.height("heading"))
    for number, line in enumerate(_levelled(band)):
        if number:
            page.heights.append(view.height("gap"))
        view = _line(page, line, view)
    return view


def _levelled(band: flow.Band) -> Iterator[list[Item]]:
    """The band's lines; all its cards have the rows that any of them needs, so that they are of one height."""
    cards = [item for line in band.lines for item in line if item.kind == "card"]
    needed = {part for item in cards for part in parts_of(dict(item.body))}
    parts = [part for part in ("title", "value", "change", "spark") if part in needed]
    for line in band.lines:
        yield [replace(item, body={**item.body, "parts": parts}) if item.kind == "card" else item for item in line]


def _line(page: _Page, line: list[Item], view: View) -> View:
    """Items side by side: a row is as high as the one that needs most."""
    wishes = [_KINDS[item.kind].rows(item, view) for item in line]
    first, heights = page.next, []
    for number in range(max(len(wish) for wish in wishes)):
        heights.append(
            max((wish[number] or 0 for wish in wishes if number < len(wish)), default=0) or view.height("row")
        )
    page.heights += heights
    for item, wish in zip(line, wishes, strict=True):
        made = _KINDS[item.kind].make(item, first, heights[: len(wish)], view)
        page.made += made
        last = first + len(wish) - 1
        view = replace(view, pivots={**view.pivots, **{one.key: (one, last) for one in made.pivots}})
    return view


def _finish(key: str, raw: Mapping[str, Any], words: Mapping[str, str], page: _Page, view: View) -> ViewSheet:
    kit, made = view.kit, page.made
    tab = kit.context.values["choices"].get(raw.get("tab", ""), {})
    look = style_format(kit.styles["page"])
    sheet = Sheet(
        key=key,
        title=words.get("title", key),
        kind="view",
        columns=tuple(Column(name, "", width, format=look) for name, width in view.grid.columns),
        rows=len(page.heights),
        right_to_left=kit.right_to_left,
        gridlines=False,
        tab_color=tab.get("color"),
        frozen_rows=raw.get("frozen_rows", 0),
        cells=tuple(
            cell for cell in made.cells if cell.value is not None or cell.formula or cell.format != CellFormat()
        ),
        merges=made.merges,
        heights=tuple(enumerate(page.heights, 1)),
        rules=(*_change_rules(made, kit), *made.rules),
        charts=made.charts,
        pivots=made.pivots,
        slicers=made.slicers,
        protections=tuple(_protections(view, made.free)),
    )
    for what, keys in (("chart", [one.key for one in made.charts]), ("slicer", [one.key for one in made.slicers])):
        for twice in sorted({one for one in keys if keys.count(one) > 1}):
            view.problem(f"two {what}s are called `{twice}`", "band", "give each a `key` of its own")
    return ViewSheet(sheet, made.names, {(column, row): path for column, row, path in made.paths})


def _change_rules(made: Made, kit: Kit) -> Iterator[ConditionalRule]:
    """Green or red by what is better; the sign stands in the number itself."""
    for (better, sign), style in _SIGNS.items():
        areas = tuple(area for one, area in made.changes if one == better)
        if areas:
            look = {name: value for name, value in kit.styles[style].items() if name in ("color", "background", "bold")}
            yield ConditionalRule(f"{better}_{sign}", areas, Condition(sign, (0.0,)), style_format(look))


def _protections(view: View, free: tuple[Area, ...]) -> Iterator[Protection]:
    """A warning over everything but the fields: the rows between them whole, and what lies beside them."""
    text = view.kit.context.words["messages"]["protected_view"]
    keys = [key for key, _ in view.grid.columns]
    rows = sorted({area.first_row for area in free})
    areas: list[Area] = []
    above = 1
    for row in rows:
        if above < row:
            areas.append(Area(view.key, None, None, above, row - 1))
        start = 0
        for area in sorted(
            (one for one in free if one.first_row == row), key=lambda one: keys.index(one.first_column or "")
        ):
            begin = keys.index(area.first_column or "")
            if start < begin:
                areas.append(Area(view.key, keys[start], keys[begin - 1], row, row))
            start = keys.index(area.last_column or area.first_column or "") + 1
        if start < len(keys):
            areas.append(Area(view.key, keys[start], keys[-1], row, row))
        above = row + 1
    areas.append(Area(view.key, None, None, above, None))
    for number, area in enumerate(areas, 1):
        yield Protection(f"{view.key}_view_{number}", area, text)


def doubled_sheets(files: Mapping[str, Any]) -> Iterator[Problem]:
    """Two files of different folders with the same name: a sheet is known by its key alone."""
    first: dict[str, str] = {}
    for path in files:
        key = path.partition("/")[2]
        if first.setdefault(key, path) != path:
            yield Problem(f"`{first[key]}` has this name too", f"templates/{path}.toml", hint="rename one of the files")
