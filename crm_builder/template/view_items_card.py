"""The card of a view: a name, a large number, how it changed, a small line of its past."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Area
from crm_builder.template.kit import near
from crm_builder.template.view_items import Rows, edge
from crm_builder.template.view_parts import Item, Made, View, strip

_BETTER = ("up", "down", "none")
_SMALL = ("change", "spark")


def parts_of(body: dict[str, Any]) -> list[str]:
    """The rows that a card has content for, from top to bottom."""
    below = [key for key in ("change", "note") if body.get(key)]
    return ["title", "value", *(["change"] if below else []), *(["spark"] if body.get("spark") else [])]


def card_rows(item: Item, view: View) -> Rows:
    """`parts` are the rows that the cards of a band have together, so that all are of one height."""
    return [view.height(f"card_{part}") for part in item.body["parts"]]


def card(item: Item, row: int, heights: list[int], view: View) -> Made:
    body, path = item.body, item.path
    if body.get("size", "") not in ("", "small"):
        view.problem(f"a card's size is `small` or left out, not `{body['size']}`", f"{path}.size")
    for key in _SMALL:
        if body.get("size") == "small" and key in body:
            view.problem(f"a small card has no `{key}`", f"{path}.{key}", 'leave out `size = "small"`')
    if body.get("better", "none") not in _BETTER:
        view.problem(f"unknown `{body['better']}`", f"{path}.better", near(body["better"], _BETTER))
    keys = view.grid.keys(item.at, item.span, inside=True)
    made = edge(item, row, len(body["parts"]), view)
    for number, part in enumerate(body["parts"]):
        made += _ROWS[part](item, row + number, keys, view)
    return made


def _title(item: Item, row: int, keys: tuple[str, ...], view: View) -> Made:
    look = view.card("card_title", item.path)
    return strip(view, item, row, item.body["title"], look, f"{item.path}.title", keys=keys)


def _value(item: Item, row: int, keys: tuple[str, ...], view: View) -> Made:
    body = item.body
    style = "card_value_narrow" if item.span <= view.kit.look["grid"]["narrow"] else "card_value"
    look = view.card(body.get("style", style), item.path, body.get("type", ""))
    return strip(view, item, row, body["value"], look, f"{item.path}.value", keys=keys, name=body.get("name", ""))


def _change(item: Item, row: int, keys: tuple[str, ...], view: View) -> Made:
    """The change at the beginning, the note after it; one of them alone has the row for itself."""
    body, path = item.body, item.path
    change, note = body.get("change", ""), body.get("note", "")
    share = len(view.grid.keys(item.at, 1, inside=True)) if change and note else len(keys) if change else 0
    first, rest = keys[:share], keys[share:]
    made = Made()
    if first:
        look = view.card("card_change", path, body.get("change_type", "change_percent"))
        made += strip(view, item, row, change, look, f"{path}.change", keys=first)
        made += Made(changes=((body.get("better", "none"), Area(view.key, first[0], None, row, row)),))
    if rest:
        made += strip(view, item, row, note, view.card("note", path), f"{path}.note", keys=rest)
    return made


def _spark(item: Item, row: int, keys: tuple[str, ...], view: View) -> Made:
    look = view.card("card_spark", item.path)
    return strip(view, item, row, item.body.get("spark", ""), look, f"{item.path}.spark", keys=keys)


_ROWS = {"title": _title, "value": _value, "change": _change, "spark": _spark}
