"""From the bands of a view's file to lines of items: loops, parts, keys of each kind, and where each item stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_builder.template.kit import near
from crm_builder.template.view_parts import Item, View

_COMMON = frozenset({"kind", "span", "at", "part"})
_SELF_RENDERED = ("column",)  # its entries may hold loops of their own


@dataclass(frozen=True, slots=True)
class Band:
    """One strip: its heading and its items, line by line."""

    title: str
    path: str
    lines: tuple[tuple[Item, ...], ...]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that an item of one kind must have and may have."""

    needed: frozenset[str]
    allowed: frozenset[str]


def keys(needed: str, allowed: str = "") -> Keys:
    return Keys(frozenset(needed.split()), frozenset(f"{needed} {allowed}".split()) | _COMMON)


def bands(raw: Mapping[str, Any], view: View, kinds: Mapping[str, Keys]) -> Iterator[Band]:
    """The bands that are switched on, each as often as its loop says."""
    for number, band in enumerate(raw.get("band", ())):
        path = f"band[{number}]"
        if not view.kit.parts.get(band.get("part", ""), True):
            continue
        for outer in loop(band, view, path):
            extra = {"item": outer, "band": outer}
            title = view.kit.renderer.value(band.get("title", ""), view.file, f"{path}.title", **extra)
            items = [
                item
                for place, entry in enumerate(band.get("item", ()))
                for item in _items(entry, f"{path}.item[{place}]", view, kinds, outer)
            ]
            yield Band(title, path, tuple(_lines(items, view)))


def loop(entry: Mapping[str, Any], view: View, path: str) -> list[Mapping[str, Any]]:
    """The items that an entry stands for, `only` or all `except` some; each knows its number and how many they are."""
    if "for" not in entry:
        for key in ("only", "except"):
            if key in entry:
                view.problem(f"`{key}` chooses among the items of a loop", f"{path}.{key}", 'write `for = "…"` too')
        return [{}]
    name, loops = entry["for"], view.kit.context.loops
    if name not in loops:
        view.problem(f"there is no loop `{name}`", f"{path}.for", near(name, loops))
        return []
    known = {item.get("key", "") for item in loops[name]} | view.kit.switchable(name)
    for key in ("only", "except"):
        for number, word in enumerate(entry.get(key, ())):
            if word not in known:
                view.problem(f"`{name}` has no `{word}`", f"{path}.{key}[{number}]", near(word, known))
    by_key = {item.get("key", ""): item for item in loops[name]}
    chosen: Sequence[Mapping[str, Any]] = [by_key[key] for key in entry.get("only", by_key) if key in by_key]
    if "only" not in entry:
        chosen = [item for item in loops[name] if item.get("key", "") not in entry.get("except", ())]
    return [{**item, "number": number, "count": len(chosen)} for number, item in enumerate(chosen, 1)]


def _items(
    entry: Mapping[str, Any], path: str, view: View, kinds: Mapping[str, Keys], outer: Mapping[str, Any]
) -> Iterator[Item]:
    if not view.kit.parts.get(entry.get("part", ""), True):
        return
    kind = entry["kind"]
    if kind not in kinds:
        view.problem(f"unknown kind `{kind}`", f"{path}.kind", near(kind, kinds))
        return
    own = {key: value for key, value in entry.items() if key not in ("for", "only", "except")}
    faults = False
    for key in sorted(own.keys() - kinds[kind].allowed):
        view.problem(f"a {kind} has no `{key}`", f"{path}.{key}", near(key, kinds[kind].allowed - _COMMON))
    for key in sorted(kinds[kind].needed - own.keys()):
        view.problem(f"a {kind} needs `{key}`", path, f"add {key} = …")
        faults = True
    if faults:
        return
    for item in loop(entry, view, path):
        extra = {"item": item or outer, "band": outer}
        lists = {key for key in _SELF_RENDERED if isinstance(own.get(key), list)}
        flat = {key: value for key, value in own.items() if key not in lists}
        body = view.kit.renderer.value(flat, view.file, path, **extra)
        body |= {key: _entries(own[key], view, f"{path}.{key}", extra) for key in lists}
        at, span = _place(body, view, path)
        if span:
            yield Item(kind, path, body, at, span)


def _entries(
    entries: Sequence[Mapping[str, Any]], view: View, path: str, extra: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The columns of a list; `cells` of one with a loop stand once for each of its items."""
    made = []
    for number, entry in enumerate(entries):
        where = f"{path}[{number}]"
        if not view.kit.parts.get(entry.get("part", ""), True):
            continue
        own = {key: value for key, value in entry.items() if key not in ("for", "only", "except", "cells")}
        body: dict[str, Any] = view.kit.renderer.value(own, view.file, where, **extra)
        if "cells" in entry:
            body["cells"] = [
                cell
                for item in loop(entry, view, where)
                for cell in view.kit.renderer.value(
                    entry["cells"], view.file, f"{where}.cells", **{**extra, **({"item": item} if item else {})}
                )
            ]
        made.append(body)
    return made


def _place(body: Mapping[str, Any], view: View, path: str) -> tuple[int, int]:
    """(at, span) of an item; at 0 = where the line goes on. A span of 0 tells of a fault."""
    units = len(view.grid.units)
    span, at = body.get("span", body.get("reserve_columns", units)), body.get("at", 0)
    if isinstance(at, str):
        found = view.grid.unit_of(at) if view.grid.plain else None
        if found is None:
            own = [key for key, _ in view.grid.columns] if view.grid.plain else [f"1 to {units}"]
            view.problem(f"`{at}` is no column of this view", f"{path}.at", near(at, own))
            return 0, 0
        at = found
        span = min(span, units - at + 1) if "span" not in body and "reserve_columns" not in body else span
    least = {"span": (span, 1), "at": (at, 0), "rows": (body.get("rows", 1), 1)}
    for key, (value, lowest) in least.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < lowest:
            view.problem(f"`{key}` must be a whole number, 1 or more, not {value!r}", f"{path}.{key}")
            return 0, 0
    if max(at, 1) + span - 1 > units:
        view.problem(f"reaches to column {max(at, 1) + span - 1} of {units}", f"{path}.span", "make it narrower")
        return 0, 0
    return at, span


def _lines(items: Sequence[Item], view: View) -> Iterator[tuple[Item, ...]]:
    """Items side by side; a new line begins where the next one does not fit or says so by its place."""
    units = len(view.grid.units)
    line: list[Item] = []
    used = 0
    for item in items:
        at = item.at or used + 1
        back = bool(line) and at <= line[0].at  # an item that goes back to the beginning
        if back or used == units or at + item.span - 1 > units:
            yield tuple(line)
            line, used, at = [], 0, item.at or 1
        if at <= used:
            view.problem(
                f"overlaps the item before it, which reaches to column {used}",
                f"{item.path}.at",
                "say where it stands behind that one, or put it into a band of its own",
            )
            continue
        line.append(Item(item.kind, item.path, item.body, at, item.span))
        used = at + item.span - 1
    if line:
        yield tuple(line)
