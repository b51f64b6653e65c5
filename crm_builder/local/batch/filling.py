"""autoFill: going on with a series, or repeating what there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..blocks import Formula
from ..errors import invalid
from ..formulas.references import relative_copy
from .ranges import ROWS, Rect, beyond_grid, dimension_of, limits, rect
from .showing import check_shown

if TYPE_CHECKING:
    from ..book import Book

_NUMBERED = re.compile(r"(.*?)(\d+)\Z", re.DOTALL)
_DATES = ("DATE", "DATE_TIME")


def continued(values: list[Any], count: int, *, dated: bool, alternate: bool = False) -> list[Any]:
    """The next `count` values of a series: steps of numbers and dates, numbered texts, otherwise the same again.

    A single number is repeated, with `alternate` it is counted on; a single date goes on by a day (documented).
    Formulas are repeated as they are: the caller adapts them.
    """
    step = _step(values, dated or alternate)
    if step is not None:
        return [values[-1] + step * (at + 1) for at in range(count)]
    numbered = [_NUMBERED.match(value) if type(value) is str else None for value in values]
    if all(numbered) and len({match.group(1) for match in numbered if match}) == 1:
        numbers = [float(match.group(2)) for match in numbered if match]
        step = _step(numbers, True)
        if step is not None and numbered[0] is not None:
            stem = numbered[0].group(1)
            return [f"{stem}{int(numbers[-1] + step * (at + 1))}" for at in range(count)]
    return [values[at % len(values)] for at in range(count)]


def _step(values: list[Any], alone: bool) -> float | None:
    if not values or any(type(value) is not float for value in values):
        return None
    if len(values) == 1:
        return 1.0 if alone else None
    steps = {round(after - before, 9) for before, after in pairwise(values)}
    return steps.pop() if len(steps) == 1 else None


def _auto_fill(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    if ("range" in body) == ("sourceAndDestination" in body):
        raise invalid("Exactly one of range and sourceAndDestination must be set.")
    alternate = body.get("useAlternateSeries", False)
    if "sourceAndDestination" in body:
        wanted = body["sourceAndDestination"]
        source, length = rect(book, wanted.get("source"), "source"), wanted.get("fillLength", 0)
        if length:
            _fill(book, source, dimension_of(wanted.get("dimension")), length, alternate)
        return {}
    area = rect(book, body["range"])
    filled = _filled(book, area)
    if filled is None:
        return {}
    if filled.r1 < area.r1:
        _fill(book, filled._replace(r0=area.r0, c0=area.c0, c1=area.c1), "ROWS", area.r1 - filled.r1, alternate)
    elif filled.c1 < area.c1:
        _fill(book, filled._replace(r0=area.r0, c0=area.c0, r1=area.r1), "COLUMNS", area.c1 - filled.c1, alternate)
    return {}


def _filled(book: Book, area: Rect) -> Rect | None:
    """The smallest block from the area's first cell on that holds everything entered in it."""
    cells = book.grid(area.sheet_id).read("entered", *area.area)
    places = [(r, c) for r, row in enumerate(cells, 1) for c, cell in enumerate(row, 1) if cell is not None]
    if not places:
        return None
    return area._replace(r1=area.r0 + max(r for r, _ in places), c1=area.c0 + max(c for _, c in places))


def _fill(book: Book, source: Rect, dimension: str, length: int, alternate: bool) -> None:
    """Fills `length` rows or columns after the source, or before it where it is negative."""
    rows, count = dimension == ROWS, abs(length)
    if rows:
        low = source.r1 if length > 0 else source.r0 - count
        target = source._replace(r0=low, r1=low + count)
    else:
        low = source.c1 if length > 0 else source.c0 - count
        target = source._replace(c0=low, c1=low + count)
    height, width = limits(book, source.sheet_id)
    if target.r0 < 0 or target.c0 < 0:
        raise invalid("fillLength reaches over the edge of the grid.")
    if target.r1 > height or target.c1 > width:
        raise beyond_grid(book, target)
    check_shown(book, source, target)
    grid = book.grid(source.sheet_id)
    size = source.height if rows else source.width
    for plane in ("entered", "format", "validation"):
        lines = grid.read(plane, *source.area)
        lines = [list(line) for line in zip(*lines, strict=True)] if rows else lines
        lines = [line if length > 0 else line[::-1] for line in lines]
        if plane == "entered":
            looks = grid.read("format", *source.area)
            kinds = [list(line) for line in zip(*looks, strict=True)] if rows else looks
            new = [
                _next(line, kind, count, size, length, rows, alternate) for line, kind in zip(lines, kinds, strict=True)
            ]
        else:
            new = [[line[at % size] for at in range(count)] for line in lines]
        new = [line if length > 0 else line[::-1] for line in new]
        grid.write(plane, target.r0, target.c0, [list(line) for line in zip(*new, strict=True)] if rows else new)
    book.changed(*target)


def _next(
    line: list[Any], looks: list[Any], count: int, size: int, length: int, rows: bool, alternate: bool
) -> list[Any]:
    dated = any((look or {}).get("numberFormat", {}).get("type") in _DATES for look in looks)
    out = continued(line, count, dated=dated, alternate=alternate)
    for at, value in enumerate(out):
        if isinstance(value, Formula):
            step = (at // size + 1) * size if length > 0 else -(at // size + 1) * size
            out[at] = Formula(relative_copy(value, step if rows else 0, 0 if rows else step))
    return out


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType({"autoFill": _auto_fill})
