"""Items of a view that people read or type into: text, link, field."""

from __future__ import annotations

from dataclasses import replace

from crm_builder.model import Area, Condition, Validation
from crm_builder.template.kit import near
from crm_builder.template.view_grid import text_height
from crm_builder.template.view_parts import Item, Made, View, strip

Rows = list[int | None]  # the pixels of each row; None = as the items beside it say


def text_rows(item: Item, view: View) -> Rows:
    """A row of the height that the text needs at its width, or `rows` rows as others say."""
    style, text = item.body.get("style", "paragraph"), item.body["text"]
    if "rows" in item.body:
        return [None] * item.body["rows"]
    if text.startswith("="):
        return [view.height(style)]
    return [max(view.height(style), text_height(text, view.grid.width(item.at, item.span), view.size(style)))]


def text(item: Item, row: int, heights: list[int], view: View) -> Made:
    body = item.body
    align = body.get("align", "")
    look = view.format(body.get("style", "paragraph"), item.path, body.get("type", ""), align=align)
    look = replace(look, **{key: body[key] for key in ("background", "color") if key in body})
    rows, name, link = body.get("rows", 1), body.get("name", ""), _link(item, view)
    return strip(view, item, row, body["text"], look, f"{item.path}.text", rows=rows, name=name, link=link)


def link_rows(item: Item, view: View) -> Rows:
    style, note = item.body.get("style", "link"), item.body.get("note", "")
    if "note" not in item.body:
        return [view.height(style)]
    width = view.grid.width(item.at, item.span, inside=True)
    return [view.height(style), max(view.height("link_note"), text_height(note, width, view.size("link_note")))]


def link(item: Item, row: int, heights: list[int], view: View) -> Made:
    """A name that leads to a sheet; with a sentence under it, both on a card."""
    body, path = item.body, item.path
    style, note, goal = body.get("style", "link"), body.get("note", ""), _link(item, view)
    if "note" not in body:
        return strip(view, item, row, body["text"], view.format(style, path), f"{path}.text", link=goal)
    keys = view.grid.keys(item.at, item.span, inside=True)
    made = edge(item, row, 2, view)
    made += strip(view, item, row, body["text"], view.card(style, path), f"{path}.text", keys=keys, link=goal)
    return made + strip(view, item, row + 1, note, view.card("link_note", path), f"{path}.note", keys=keys)


def edge(item: Item, row: int, rows: int, view: View) -> Made:
    """The narrow column before the content of a card; none in a view of plain columns."""
    whole, inside = view.grid.keys(item.at, item.span), view.grid.keys(item.at, item.span, inside=True)
    before = whole[: len(whole) - len(inside)]
    if not before:
        return Made()
    return strip(view, item, row, None, view.card("page", item.path), item.path, keys=before, rows=rows)


def _link(item: Item, view: View) -> str:
    key: str = item.body.get("link", "")
    if key and key not in view.kit.sheets:
        view.problem(f"there is no sheet `{key}` to lead to", f"{item.path}.link", near(key, view.kit.sheets))
        return ""
    return key


def field_rows(item: Item, view: View) -> Rows:
    return [view.height("field_label"), view.height("field_input")]


def field(item: Item, row: int, heights: list[int], view: View) -> Made:
    """A name, and under it the cell that people type into or choose in."""
    body, path = item.body, item.path
    keys = view.grid.keys(item.at, item.span)
    label = strip(view, item, row, body["title"], view.format("field_label", path), f"{path}.title", keys=keys)
    look = view.format("field_input", path, body.get("type", ""))
    content = strip(
        view, item, row + 1, body.get("value", ""), look, f"{path}.value", keys=keys,
        validation=_choices(item, view), name=body["name"],
    )  # fmt: skip
    return label + content + Made(free=(Area(view.key, keys[0], keys[-1], row + 1, row + 1),))


def _choices(item: Item, view: View) -> Validation | None:
    body, path = item.body, item.path
    message = view.kit.context.words["messages"]["field"]
    if "choices" in body and "from" in body:
        view.problem("`choices` and `from` both say what may be chosen", path, "keep one of them")
    if "choices" in body:
        value = body.get("value", "")
        if value and value not in body["choices"]:
            view.problem(f"`{value}` is none of the choices", f"{path}.value", near(value, body["choices"]))
        return Validation(Condition("one_of_list", tuple(body["choices"])), True, True, message)
    if "from" in body:
        area = view.kit.block_area(body["from"], view.file, f"{path}.from")
        return Validation(Condition("one_of_range", (area,)), True, True, message) if area else None
    return None
