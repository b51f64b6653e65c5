"""Requests about the look of a block of cells: merging, unmerging, borders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..errors import invalid
from .ranges import Rect, as_range, known_rect, rect, sheet_of
from .values import paired

if TYPE_CHECKING:
    from ..book import Book

_PARTLY = "You must select all cells in a merged range to merge or unmerge them."
_SIDES = ("top", "bottom", "left", "right")


def _apart(book: Book, area: Rect) -> list[dict[str, Any]]:
    """The sheet's merges outside of the area. ApiError 400 where one reaches over its edge."""
    kept = []
    for merge in sheet_of(book, area.sheet_id).get("merges", []):
        known = known_rect(book, merge)
        if not area.meets(known):
            kept.append(merge)
        elif not area.holds(known):
            raise invalid(_PARTLY)
    return kept


def _merge(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    area, kind = rect(book, body.get("range")), body.get("mergeType", "MERGE_ALL")
    sheet = sheet_of(book, area.sheet_id)
    size = sheet["properties"]["gridProperties"]
    for noun, edge, low, high, crosses in (
        ("rows", size.get("frozenRowCount", 0), area.r0, area.r1, kind != "MERGE_ROWS"),
        ("columns", size.get("frozenColumnCount", 0), area.c0, area.c1, kind != "MERGE_COLUMNS"),
    ):
        if crosses and low < edge < high:
            raise invalid(f"You can't merge frozen and non-frozen {noun}")
    if any(area.meets(known_rect(book, table["range"])) for table in sheet.get("tables", [])):
        raise invalid("You can't merge cells that are part of a table")
    if _meets_pivot(book, area):
        raise invalid("You can't merge cells that are part of a pivot table")
    merges = _apart(book, area)
    if kind == "MERGE_ROWS":
        parts = [area._replace(r0=row, r1=row + 1) for row in range(area.r0, area.r1)]
    elif kind == "MERGE_COLUMNS":
        parts = [area._replace(c0=column, c1=column + 1) for column in range(area.c0, area.c1)]
    else:
        parts = [area]
    parts = [part for part in parts if part.height * part.width > 1]
    sheet["merges"] = merges + [as_range(part) for part in parts]
    grid = book.grid(area.sheet_id)
    for part in parts:  # only the first cell keeps its content (documented for merged cells)
        first = grid.read("entered", part.r0, part.c0, part.r0 + 1, part.c0 + 1)
        grid.fill("entered", *part.area, None)
        grid.write("entered", part.r0, part.c0, first)
    if parts:
        book.changed(*area)
    return {}


def _meets_pivot(book: Book, area: Rect) -> bool:
    grid = book.grid(area.sheet_id)
    anchors = grid.pivots_in(0, 0, area.r1, area.c1)  # their output goes down and to the right
    if not anchors:
        return False
    book.recalculate()
    sizes = dict(grid.spills())
    return any(
        area.meets(Rect(area.sheet_id, row, column, row + height, column + width))
        for row, column in anchors
        for height, width in [sizes.get((row, column), (1, 1))]
    )


def _unmerge(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    area = rect(book, body.get("range"))
    kept = _apart(book, area)
    sheet = sheet_of(book, area.sheet_id)
    sheet.pop("merges", None)
    if kept:
        sheet["merges"] = kept
    return {}


def _borders(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    area = rect(book, body.get("range"))
    grid = book.grid(area.sheet_id)
    edges = {
        "top": area._replace(r1=area.r0 + 1),
        "bottom": area._replace(r0=area.r1 - 1),
        "left": area._replace(c1=area.c0 + 1),
        "right": area._replace(c0=area.c1 - 1),
    }
    for side in _SIDES:
        if side in body:
            _set_border(grid, edges[side], (side,), body[side])
    if "innerHorizontal" in body and area.height > 1:
        _set_border(grid, area._replace(r1=area.r1 - 1), ("bottom",), body["innerHorizontal"])
        _set_border(grid, area._replace(r0=area.r0 + 1), ("top",), body["innerHorizontal"])
    if "innerVertical" in body and area.width > 1:
        _set_border(grid, area._replace(c1=area.c1 - 1), ("right",), body["innerVertical"])
        _set_border(grid, area._replace(c0=area.c0 + 1), ("left",), body["innerVertical"])
    return {}


def _set_border(grid: Any, area: Rect, sides: tuple[str, ...], border: dict[str, Any]) -> None:
    style = border.get("style", "STYLE_UNSPECIFIED")
    if style == "STYLE_UNSPECIFIED":
        raise invalid("A border must have a style.")
    made = paired(border)

    def changed(old: dict[str, Any] | None) -> dict[str, Any] | None:
        borders = {side: value for side, value in (old or {}).get("borders", {}).items() if side not in sides}
        if style != "NONE":
            borders |= {side: made for side in sides}
        out = {key: value for key, value in (old or {}).items() if key != "borders"}
        return (out | {"borders": borders} if borders else out) or None

    grid.update("format", *area.area, changed)


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"mergeCells": _merge, "unmergeCells": _unmerge, "updateBorders": _borders}
)
