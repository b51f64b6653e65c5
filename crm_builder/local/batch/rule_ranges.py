"""What pasting does to conditional format rules: their ranges get holes, and further ranges.

Cells that are pasted bring their rules along and lose those that they had. So a rule over a column is in pieces after
some pastes, as people know it from the service.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..formulas.references import relative_copy
from .carry import map_rule_texts
from .ranges import Rect, as_range, known_rect, sheet_of

if TYPE_CHECKING:
    from ..book import Book

Rule = dict[str, Any]


def paste_rules(book: Book, source: Rect, area: Rect, places: Sequence[tuple[int, int]], *, cut: bool = False) -> None:
    """Gives the pasted area the rules of its source, which stands there once for each of the places (row, column).

    A rule of the same sheet gets a further range, one of another sheet is copied. `cut` takes the rules of the source.
    """
    rules = sheet_of(book, source.sheet_id).get("conditionalFormats", [])
    taken = [(rule, _parts(book, rule, source, area.sheet_id, places)) for rule in rules]
    if source.sheet_id == area.sheet_id:
        for rule, parts in taken:
            if cut or not _there(book, rule, area, parts):
                _reshape(book, rule, [source, area] if cut else [area], parts)
    else:
        for rule in sheet_of(book, area.sheet_id).get("conditionalFormats", []):
            _reshape(book, rule, [area], [])
        copied = [_copied(book, rule, parts) for rule, parts in taken if parts]
        if copied:
            sheet_of(book, area.sheet_id).setdefault("conditionalFormats", []).extend(copied)
        if cut:
            for rule in rules:
                _reshape(book, rule, [source], [])
    for sheet_id in {source.sheet_id, area.sheet_id}:
        sheet = sheet_of(book, sheet_id)
        if "conditionalFormats" in sheet:
            sheet["conditionalFormats"] = [rule for rule in sheet["conditionalFormats"] if rule["ranges"]]


def _parts(book: Book, rule: Rule, source: Rect, sheet_id: int, places: Sequence[tuple[int, int]]) -> list[Rect]:
    """Where the rule holds after the paste, as far as it holds in the source."""
    shared = [_shared(known, source) for one in rule["ranges"] if (known := known_rect(book, one)).meets(source)]
    steps = [(row - source.r0, column - source.c0) for row, column in places]
    return [
        Rect(sheet_id, one.r0 + rows, one.c0 + columns, one.r1 + rows, one.c1 + columns)
        for rows, columns in steps
        for one in shared
    ]


def _shared(one: Rect, other: Rect) -> Rect:
    return Rect(
        one.sheet_id,
        *(max(one.r0, other.r0), max(one.c0, other.c0)),
        *(min(one.r1, other.r1), min(one.c1, other.c1)),
    )


def _there(book: Book, rule: Rule, area: Rect, parts: list[Rect]) -> bool:
    """True where the rule holds in the pasted area just as it will."""
    held = [_shared(known, area) for one in rule["ranges"] if (known := known_rect(book, one)).meets(area)]
    return _within(parts, held) and _within(held, parts)


def _within(parts: list[Rect], others: list[Rect]) -> bool:
    left = parts
    for hole in others:
        left = [piece for part in left for piece in without(part, hole)]
    return not left


def _reshape(book: Book, rule: Rule, holes: list[Rect], parts: list[Rect]) -> None:
    """Takes the holes out of the rule's ranges and adds the parts; its formulas are those of its first cell."""
    base = known_rect(book, rule["ranges"][0])
    ranges = list(rule["ranges"])
    for hole in holes:
        ranges = [piece for one in ranges for piece in _pieces(book, one, hole)]
    rule["ranges"] = ranges + [as_range(part) for part in parts]
    if rule["ranges"]:
        first = known_rect(book, rule["ranges"][0])
        _step(rule, first.r0 - base.r0, first.c0 - base.c0)


def _pieces(book: Book, grid_range: dict[str, Any], hole: Rect) -> list[dict[str, Any]]:
    """What is left of a range; sides that were open stay open."""
    known = known_rect(book, grid_range)
    if not known.meets(hole):
        return [grid_range]
    found = []
    for piece in without(known, hole):
        one = as_range(piece)
        if piece.r1 == known.r1 and "endRowIndex" not in grid_range:
            del one["endRowIndex"]
        if piece.c1 == known.c1 and "endColumnIndex" not in grid_range:
            del one["endColumnIndex"]
        found.append(one)
    return found


def without(one: Rect, hole: Rect) -> list[Rect]:
    """The cells of a block that are not in another one: above, left, right, below."""
    if not one.meets(hole):
        return [one]
    top, bottom = max(one.r0, hole.r0), min(one.r1, hole.r1)
    left, right = max(one.c0, hole.c0), min(one.c1, hole.c1)
    pieces = (
        one._replace(r1=top),
        one._replace(r0=top, r1=bottom, c1=left),
        one._replace(r0=top, r1=bottom, c0=right),
        one._replace(r0=bottom),
    )
    return [piece for piece in pieces if piece.height > 0 and piece.width > 0]


def _copied(book: Book, rule: Rule, parts: list[Rect]) -> Rule:
    base = known_rect(book, rule["ranges"][0])
    made = copy.deepcopy(rule)
    made["ranges"] = [as_range(part) for part in parts]
    _step(made, parts[0].r0 - base.r0, parts[0].c0 - base.c0)
    return made


def _step(rule: Rule, rows: int, columns: int) -> None:
    if rows or columns:
        map_rule_texts(rule, lambda text: relative_copy(text, rows, columns))
