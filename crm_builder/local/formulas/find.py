"""Finds a key in one column or row of cells: indexes are built once for each range."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import re2

from crm_builder.local.formulas.arrays import read
from crm_builder.local.formulas.query.patterns import PatternError, compiled, covers, readable
from crm_builder.local.formulas.ranges import Range
from crm_builder.local.formulas.values import Array, FormulaError, Value, equality_key, rank, sort_key

Finder = Callable[[Value], int]  # the 0-based position of a key, -1 when there is none


def finder(area: Any, line: int, by_rows: bool, mode: int, wildcards: bool, last: bool) -> Finder:
    """A Finder over one column (`by_rows`) or row of a Range or Array.

    mode 0: equal; -1: equal or the greatest smaller one; 1: equal or the smallest greater one.
    last: of several the last position, else the first. wildcards: `*`, `?` and `~` in a text key.
    """

    def build(array: Array) -> list[Value]:
        return [row[line] for row in array] if by_rows else array[line]

    if type(area) is Range:
        keep = area.index
    else:
        held: dict[Any, Any] = {}
        array = read(area)

        def keep(key: Any, make: Callable[[Array], Any]) -> Any:
            if key not in held:
                held[key] = make(array)
            return held[key]

    def positions() -> dict[object, int]:
        return keep(("positions", line, by_rows, last), lambda array: _positions(build(array), last))

    exact: dict[object, int] = positions()

    def find(key: Value) -> int:
        if type(key) is str:
            found = exact.get(key.lower(), -1)
            if found < 0 and wildcards and has_wildcards(key):
                return keep(("pattern", line, by_rows, last, key), lambda array: _search(build(array), key, last))
            return found
        return -1 if key is None else exact.get(equality_key(key), -1)

    if mode == 0:
        return find

    def nearest(key: Value) -> int:
        if key is None:
            key = 0.0
        found = find(key)
        if found >= 0:
            return found
        ordered = keep(("ordered", line, by_rows), lambda array: _ordered(build(array)))
        keys, places = ordered.get(rank(key), ([], []))
        wanted = sort_key(key)[1]
        place = bisect_right(keys, wanted) - 1 if mode < 0 else bisect_left(keys, wanted)
        return places[place] if 0 <= place < len(places) else -1

    return nearest


def _positions(values: list[Value], last: bool) -> dict[object, int]:
    found: dict[object, int] = {}
    pairs = enumerate(values) if last else zip(range(len(values) - 1, -1, -1), reversed(values), strict=True)
    for position, value in pairs:
        if value is not None and type(value) is not FormulaError:
            found[value.lower() if type(value) is str else equality_key(value)] = position
    return found


def _ordered(values: list[Value]) -> dict[int, tuple[list[Any], list[int]]]:
    """The keys of each kind in ascending order, with their positions."""
    kinds: dict[int, list[tuple[Any, int]]] = {}
    for position, value in enumerate(values):
        if value is not None and type(value) is not FormulaError:
            order, key = sort_key(value)
            kinds.setdefault(order, []).append((key, position))
    result = {}
    for order, pairs in kinds.items():
        pairs.sort()
        result[order] = ([key for key, _ in pairs], [position for _, position in pairs])
    return result


def has_wildcards(text: str) -> bool:
    return "*" in text or "?" in text or "~" in text


@lru_cache(maxsize=4096)
def wildcard(text: str) -> Callable[[str], bool]:
    """The test of a text with `*`, `?` and `~` before a sign that stands for itself; letters in any case."""
    text = readable(text)
    parts: list[str] = []
    position = 0
    while position < len(text):
        sign = text[position]
        if sign == "~" and text[position + 1 : position + 2] in ("*", "?", "~"):
            position += 1
            parts.append(re2.escape(text[position]))
        else:
            parts.append({"*": ".*", "?": "."}.get(sign) or re2.escape(sign))
        position += 1
    try:
        return partial(covers, compiled("".join(parts), any_case=True))
    except PatternError:  # too long for RE2
        return lambda _: False


def _search(values: list[Value], text: str, last: bool) -> int:
    match = wildcard(text)
    found = [position for position, value in enumerate(values) if type(value) is str and match(value)]
    return (found[-1] if last else found[0]) if found else -1
