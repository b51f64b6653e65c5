"""The properties of one thing, compared on three sides: what was applied last, what is there, what is described."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from crm_builder.model import Area, Cell, CellFormat, Place
from crm_builder.plan.changes import Difference, Kind

_ABSENT = object()
_CONTENT = ("value", "formula", "link")
# Properties that mean something only together: they are taken from one side.
_TOGETHER = {
    "cell": dict.fromkeys(_CONTENT, "content"),
    "column": {"title": "head", "formula": "head"},  # a computed title is the first value of its formula
    "chart": {
        **dict.fromkeys(("place.row", "place.column", "place.dx", "place.dy"), "at"),
        **dict.fromkeys(("place.width", "place.height"), "size"),
        **dict.fromkeys(("kind", "domain", "series"), "data"),
    },
    "slicer": {
        **dict.fromkeys(("place.row", "place.column", "place.dx", "place.dy"), "at"),
        **dict.fromkeys(("place.width", "place.height"), "size"),
        **dict.fromkeys(("area", "column"), "data"),
    },
    "pivot": dict.fromkeys(("row", "column"), "at"),
}


def properties(thing: Any) -> dict[str, Any]:
    """The properties by name: `title`, `format.bold`, of an item `phone.value`. Where an item stands is none."""
    if isinstance(thing, Area):  # a merge is what it is called by
        return {}
    if isinstance(thing, dict):
        return {
            f"{column}.{name}": value
            for column, cell in thing.items()
            for name, value in properties(cell).items()
            if name not in ("row", "column")
        }
    if isinstance(thing, tuple):  # heights and marks: (key, value)
        return {"value": thing[1]}
    return dict(_of_dataclass(thing))


def _of_dataclass(thing: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(thing):
        if not field.compare:
            continue
        value = getattr(thing, field.name)
        if field.name in ("format", "header") and (value is None or isinstance(value, CellFormat)):
            value = value or CellFormat()
        if isinstance(value, CellFormat | Place):
            yield from ((f"{field.name}.{name}", part) for name, part in _of_dataclass(value))
        else:
            yield field.name, value


def with_properties(thing: Any, values: Mapping[str, Any], like: Any = None) -> Any:
    """The thing with other values of some properties. `like`: where cells of an item that were not there yet stand."""
    if isinstance(thing, dict):
        cells = dict(thing)
        for name, value in values.items():
            column, _, own = name.partition(".")
            cell = cells.get(column) or Cell(_row(thing, like), column, item=_item(thing, like))
            cells[column] = with_properties(cell, {own: value})
        return {column: cell for column, cell in cells.items() if cell != Cell(cell.row, cell.column)}
    if isinstance(thing, tuple):
        return (thing[0], values["value"]) if "value" in values else thing
    own: dict[str, Any] = {}
    for name, value in values.items():
        field, _, part = name.partition(".")
        if not part:
            own[field] = value
            continue
        held = own.get(field, getattr(thing, field)) or CellFormat()
        own[field] = replace(held, **{part: value})
    if isinstance(thing, Cell) and own.get("format", thing.format) == CellFormat():
        own["format"] = None
    return replace(thing, **own) if is_dataclass(thing) else thing


def compare_three(
    kind: Kind, base: Any, found: Any, wanted: Any, mend: bool | Collection[str]
) -> tuple[tuple[Difference, ...], tuple[Difference, ...]]:
    """(what the description asks for, what people changed) of a thing that is there and described.

    `base` None: it was never applied, so that all that differs is asked for. `mend`: what people changed goes, of
    all properties or of these.
    """
    asked: list[Difference] = []
    drift: list[Difference] = []
    sides = _sides(kind, base, found, wanted)
    for names in _groups(kind, sides):
        was, now, aim = (tuple(side.get(name, _blank(name)) for name in names) for side in sides)
        if now == aim:
            continue
        typed = kind in ("cell", "item") and _is_content(names[0])
        goes = mend if isinstance(mend, bool) else not set(mend).isdisjoint(names)
        if goes or (aim != was and (now == was or not typed)):
            asked += _differences(names, now, aim)
        else:
            drift += _differences(names, was, now)
    return tuple(asked), tuple(drift)


def _sides(kind: Kind, base: Any, found: Any, wanted: Any) -> tuple[dict[str, Any], ...]:
    now, aim = properties(found), properties(wanted)
    if base is not None:
        return properties(base), now, aim
    # Only the content of a cell can have been typed where nothing of ours was yet.
    cell = kind in ("cell", "item")
    return {name: _blank(name) if cell and _is_content(name) else _ABSENT for name in aim}, now, aim


def _groups(kind: Kind, sides: tuple[dict[str, Any], ...]) -> list[list[str]]:
    together = _TOGETHER.get("cell" if kind == "item" else kind, {})
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for side in reversed(sides) for name in side):
        column, _, own = name.partition(".") if kind == "item" else ("", "", name)
        groups.setdefault(f"{column}.{together[own]}" if own in together else name, []).append(name)
    return list(groups.values())


def _is_content(name: str) -> bool:
    return name.rpartition(".")[2] in _CONTENT


def _blank(name: str) -> Any:
    return "" if name.rpartition(".")[2] in ("note", "link") else None


def _differences(names: list[str], before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[Difference]:
    for name, left, right in zip(names, before, after, strict=True):
        if left != right:
            yield Difference(name, left, right)


def _row(*items: Mapping[str, Cell] | None) -> int:
    return next((cell.row for item in items if item for cell in item.values()), 0)


def _item(*items: Mapping[str, Cell] | None) -> str:
    return next((cell.item for item in items if item for cell in item.values()), "")
