"""Requests about rows and columns: insert, append, delete, move, their properties, their groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..blocks import Formula
from ..errors import invalid
from . import masks
from .carry import carry
from .edits import DELETE, INSERT, MOVE, Edit
from .ranges import COLUMNS, ROWS, Span, check_cells, check_columns, dimension_of, inside, limits, sheet_of, span

if TYPE_CHECKING:
    from ..book import Book

_INHERITED_PLANES = ("format", "validation")
_CHARACTER = 7  # about the width of one character of the default font, in pixels
_PADDING = 17


def structural(book: Book, edit: Edit) -> None:
    """Makes the edit: everything that speaks of the cells first, then the cells, then the results' freshness."""
    carry(book, edit)
    grid = book.grid(edit.sheet_id)
    if edit.kind == INSERT:
        grid.insert(edit.dimension, edit.start, edit.end)
    elif edit.kind == DELETE:
        grid.delete(edit.dimension, edit.start, edit.end)
    else:
        grid.move(edit.dimension, edit.start, edit.end, edit.destination)
    book.restructured()


def size_of(book: Book, sheet_id: int, dimension: str) -> int:
    return limits(book, sheet_id)[0 if dimension == ROWS else 1]


def grow(book: Book, sheet_id: int, dimension: str, count: int) -> None:
    """Adds empty rows or columns at the end. ApiError 400 beyond the limits of a spreadsheet."""
    rows, columns = limits(book, sheet_id)
    check_cells(book, count * (columns if dimension == ROWS else rows))
    if dimension == COLUMNS:
        check_columns(columns + count)
    old = rows if dimension == ROWS else columns
    structural(book, Edit(INSERT, sheet_id, dimension, old, old + count, old))


def shrink(book: Book, sheet_id: int, dimension: str, start: int, end: int) -> None:
    """Deletes rows or columns. ApiError 400 where nothing, or nothing but frozen ones, would be left."""
    size = size_of(book, sheet_id, dimension)
    noun = "row" if dimension == ROWS else "column"
    if end > size:
        raise invalid(
            f"Cannot delete a {noun} that doesn't exist. Tried to delete {noun} index {end - 1} "
            f"but there are only {size} {noun}s."
        )
    if end - start >= size:
        raise invalid(f"You can't delete all the {noun}s on the sheet.")
    properties = sheet_of(book, sheet_id)["properties"]["gridProperties"]
    frozen = properties.get("frozenRowCount" if dimension == ROWS else "frozenColumnCount", 0)
    if start <= frozen and end >= size:
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {noun}s.")
    structural(book, Edit(DELETE, sheet_id, dimension, start, end, size))


def _append(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    dimension, length = dimension_of(body.get("dimension")), body.get("length", 0)
    if length < 1:
        raise invalid("length must be greater than zero.")
    grow(book, body.get("sheetId", 0), dimension, length)
    return {}


def _insert(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    rows = span(book, body.get("range"), closed=True)
    size, before = size_of(book, rows.sheet_id, rows.dimension), body.get("inheritFromBefore", False)
    if rows.start > size:
        noun = "rows" if rows.dimension == ROWS else "columns"
        raise invalid(f"range.startIndex[{rows.start}] is beyond the grid, which has {size} {noun}.")
    if before and rows.start == 0:
        raise invalid("inheritFromBefore cannot be true when range.startIndex is 0.")
    count = rows.end - rows.start
    height, width = limits(book, rows.sheet_id)
    check_cells(book, count * (width if rows.dimension == ROWS else height))
    if rows.dimension == COLUMNS:
        check_columns(width + count)
    structural(book, Edit(INSERT, rows.sheet_id, rows.dimension, rows.start, rows.end, size))
    model = rows.start - 1 if before else rows.end
    if model < size + count:
        _inherit(book, rows, model)
    return {}


def _inherit(book: Book, rows: Span, model: int) -> None:
    """New rows or columns take size, formats and validations of the one beside them."""
    grid = book.grid(rows.sheet_id)
    own = grid.dimension(rows.dimension)
    if "pixelSize" in own.get(model, {}):
        for at in range(rows.start, rows.end):
            own[at] = own.get(at, {}) | {"pixelSize": own[model]["pixelSize"]}
    count = rows.end - rows.start
    for plane in _INHERITED_PLANES:
        if rows.dimension == ROWS:
            line = grid.read(plane, model, 0, model + 1, grid.columns)[0]
            if any(cell is not None for cell in line):
                grid.write(plane, rows.start, 0, [list(line) for _ in range(count)])
        else:
            column = grid.read(plane, 0, model, grid.extent(plane)[0], model + 1)
            if any(cell[0] is not None for cell in column):
                grid.write(plane, 0, rows.start, [cell * count for cell in column])


def _delete(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    rows = span(book, body.get("range"))
    shrink(book, rows.sheet_id, rows.dimension, rows.start, rows.end)
    return {}


def _move(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    rows = inside(book, span(book, body.get("source"), "source"), "source")
    destination, size = body.get("destinationIndex", 0), size_of(book, rows.sheet_id, rows.dimension)
    if not 0 <= destination <= size:
        raise invalid(f"destinationIndex[{destination}] must be between 0 and {size}.")
    if rows.start < destination < rows.end:
        raise invalid("destinationIndex cannot lie inside the source.")
    if destination not in (rows.start, rows.end):
        _check_merges(book, rows, destination)
        structural(book, Edit(MOVE, rows.sheet_id, rows.dimension, rows.start, rows.end, size, destination))
    return {}


def _check_merges(book: Book, moved: Span, destination: int) -> None:
    """Rows or columns neither leave a merged area that goes beyond them nor come between its own."""
    axis = "Row" if moved.dimension == ROWS else "Column"
    for one in sheet_of(book, moved.sheet_id).get("merges", ()):
        start, end = one[f"start{axis}Index"], one[f"end{axis}Index"]
        torn = start < moved.end and moved.start < end and not (moved.start <= start and end <= moved.end)
        if torn or start < destination < end:
            raise invalid(f"You can't move {axis.lower()}s out of a part of a merged cell, or into one.")


def _update_properties(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    rows = inside(book, span(book, body.get("range")))
    wanted = masks.heads(masks.parse(body.get("fields"), "DimensionProperties"), ("hiddenByUser", "pixelSize"))
    properties = body.get("properties", {})
    if "pixelSize" in wanted and properties.get("pixelSize", 0) < 0:
        raise invalid("properties.pixelSize must not be negative.")
    own = book.grid(rows.sheet_id).dimension(rows.dimension)
    for at in range(rows.start, rows.end):
        kept = {key: value for key, value in own.get(at, {}).items() if key not in wanted}
        new = kept | {key: value for key, value in properties.items() if key in wanted and value}
        if new:
            own[at] = new
        else:
            own.pop(at, None)
    return {}


def _auto_resize(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    """Columns become as wide as their longest text (measured in characters), rows return to the default height."""
    rows = inside(book, span(book, body.get("dimensions"), "dimensions"), "dimensions")
    book.recalculate()
    grid = book.grid(rows.sheet_id)
    own = grid.dimension(rows.dimension)
    for at in range(rows.start, rows.end):
        kept = {key: value for key, value in own.get(at, {}).items() if key != "pixelSize"}
        if rows.dimension == COLUMNS:
            planes = [grid.read(plane, 0, at, grid.extent(plane)[0], at + 1) for plane in ("entered", "result")]
            longest = max((_written(cell[0]) for cells in planes for cell in cells), default=0)
            kept["pixelSize"] = longest * _CHARACTER + _PADDING if longest else 100
        if kept:
            own[at] = kept
        else:
            own.pop(at, None)
    return {}


def _written(value: Any) -> int:
    """Characters an entered value shows; a formula's text is not shown."""
    if value is None or isinstance(value, Formula):
        return 0
    return len(f"{value:g}") if isinstance(value, float) else len(str(value))


# -- groups ------------------------------------------------------------------------------------------------------------


def _groups(book: Book, rows: Span) -> list[dict[str, Any]]:
    return sheet_of(book, rows.sheet_id).get("rowGroups" if rows.dimension == ROWS else "columnGroups", [])


def _depths(groups: list[dict[str, Any]], size: int) -> list[int]:
    depths = [0] * size
    for group in groups:
        for at in range(group["range"]["startIndex"], min(group["range"]["endIndex"], size)):
            depths[at] += 1
    return depths


def _regroup(book: Book, rows: Span, change: Callable[[int], int]) -> list[dict[str, Any]]:
    """Groups are runs of rows at least as deep as their depth: changes the depths, then reads the runs again."""
    sheet = sheet_of(book, rows.sheet_id)
    old = _groups(book, rows)
    depths = _depths(old, size_of(book, rows.sheet_id, rows.dimension))
    for at in range(rows.start, rows.end):
        depths[at] = change(depths[at])
    collapsed = {(g["range"]["startIndex"], g["range"]["endIndex"], g["depth"]) for g in old if g.get("collapsed")}
    found = []
    for depth in range(1, max(depths, default=0) + 1):
        start = None
        for at, deep in enumerate([*depths, 0]):
            if deep >= depth and start is None:
                start = at
            elif deep < depth and start is not None:
                area = {"sheetId": rows.sheet_id, "dimension": rows.dimension, "startIndex": start, "endIndex": at}
                group = {"range": area, "depth": depth}
                found.append(group | {"collapsed": True} if (start, at, depth) in collapsed else group)
                start = None
    key = "rowGroups" if rows.dimension == ROWS else "columnGroups"
    sheet[key] = found
    if not found:
        del sheet[key]
    return found


def _add_group(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    rows = inside(book, span(book, body.get("range")))
    found = _regroup(book, rows, lambda depth: depth + 1)
    side = "rowGroupControlAfter" if rows.dimension == ROWS else "columnGroupControlAfter"
    sheet_of(book, rows.sheet_id)["properties"]["gridProperties"][side] = True  # as recorded after the first group
    return {"addDimensionGroup": {"dimensionGroups": found}}


def _delete_group(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    rows = inside(book, span(book, body.get("range")))
    depths = _depths(_groups(book, rows), size_of(book, rows.sheet_id, rows.dimension))
    if not all(depths[rows.start : rows.end]):
        raise invalid("There is no group over the whole of the range.")
    found = _regroup(book, rows, lambda depth: depth - 1)
    return {"deleteDimensionGroup": {"dimensionGroups": found} if found else {}}


def _update_group(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    wanted = body.get("dimensionGroup", {})
    rows = inside(book, span(book, wanted.get("range")))
    masks.heads(masks.parse(body.get("fields"), "DimensionGroup"), ("collapsed",))
    for group in _groups(book, rows):
        place = group["range"]["startIndex"], group["range"]["endIndex"], group["depth"]
        if place == (rows.start, rows.end, wanted.get("depth", 1)):
            group.pop("collapsed", None)
            if wanted.get("collapsed"):
                group["collapsed"] = True
            own = book.grid(rows.sheet_id).dimension(rows.dimension)
            for at in range(rows.start, rows.end):  # collapsing a group hides what it spans (documented)
                kept = {key: value for key, value in own.get(at, {}).items() if key != "hiddenByUser"}
                own[at] = kept | ({"hiddenByUser": True} if wanted.get("collapsed") else {})
            return {}
    raise invalid("There is no group with that range and depth.")


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {
        "appendDimension": _append,
        "insertDimension": _insert,
        "deleteDimension": _delete,
        "moveDimension": _move,
        "updateDimensionProperties": _update_properties,
        "autoResizeDimensions": _auto_resize,
        "addDimensionGroup": _add_group,
        "deleteDimensionGroup": _delete_group,
        "updateDimensionGroup": _update_group,
    }
)
