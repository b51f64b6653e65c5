"""copyPaste and cutPaste: a block of cells elsewhere, whole or only some of what its cells hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..blocks import Formula
from ..calc import effective
from ..errors import invalid
from ..formulas.references import relative_copy
from ..formulas.values import FormulaError
from .moving import moved_block
from .ranges import Rect, as_range, beyond_grid, cell_of, known_rect, limits, rect, sheet_of
from .rule_ranges import paste_rules
from .showing import check_shown
from .validation import adapted_rule

if TYPE_CHECKING:
    from ..book import Book

Plane = list[list[Any]]
# What each paste type takes along of a cell.
_TAKES = {
    "PASTE_NORMAL": ("entered", "format", "note", "validation", "extra"),
    "PASTE_VALUES": ("values",),
    "PASTE_FORMAT": ("format",),
    "PASTE_NO_BORDERS": ("entered", "format", "note", "validation", "extra"),
    "PASTE_FORMULA": ("entered",),
    "PASTE_DATA_VALIDATION": ("validation",),
    "PASTE_CONDITIONAL_FORMATTING": (),
}
_WITH_RULES = ("PASTE_NORMAL", "PASTE_NO_BORDERS", "PASTE_FORMAT", "PASTE_CONDITIONAL_FORMATTING")
_WITH_MERGES = ("PASTE_NORMAL", "PASTE_NO_BORDERS", "PASTE_FORMAT")


def _copy_paste(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    source, target = rect(book, body.get("source"), "source"), rect(book, body.get("destination"), "destination")
    kind = body.get("pasteType", "PASTE_NORMAL")
    turned = body.get("pasteOrientation", "NORMAL") == "TRANSPOSE"
    height, width = (source.width, source.height) if turned else (source.height, source.width)
    # A destination that is no multiple of the source gets the source once (documented).
    fits = target.height % height == 0 and target.width % width == 0
    down, across = (target.height // height, target.width // width) if fits else (1, 1)
    area = Rect(target.sheet_id, target.r0, target.c0, target.r0 + height * down, target.c0 + width * across)
    _check_room(book, area)
    check_shown(book, source, area)
    planes = _taken(book, source, kind)
    _write(book, source, area, planes, kind, turned)
    places = [(area.r0 + row * height, area.c0 + column * width) for row in range(down) for column in range(across)]
    if kind in _WITH_RULES and not turned:
        paste_rules(book, source, area, places)
    if kind in _WITH_MERGES and not turned:
        for place in places:
            _copy_merges(book, source, area.sheet_id, *place)
    return {}


def _check_room(book: Book, area: Rect) -> None:
    rows, columns = limits(book, area.sheet_id)
    if area.r1 > rows or area.c1 > columns:
        raise beyond_grid(book, area)


def _taken(book: Book, source: Rect, kind: str) -> dict[str, Plane]:
    if kind not in _TAKES:
        raise invalid(f"Unknown pasteType: {kind}")
    if "values" in _TAKES[kind]:
        book.recalculate()
        rows = effective(book, *source)
        return {"entered": [[v.kind if isinstance(v, FormulaError) else v for v in row] for row in rows]}
    grid = book.grid(source.sheet_id)
    planes = {plane: grid.read(plane, *source.area) for plane in _TAKES[kind]}
    if kind == "PASTE_NO_BORDERS":
        planes["format"] = [[_without_borders(look) for look in row] for row in planes["format"]]
    return planes


def _without_borders(look: dict[str, Any] | None) -> dict[str, Any] | None:
    return {key: value for key, value in (look or {}).items() if key != "borders"} or None


def _write(book: Book, source: Rect, area: Rect, planes: dict[str, Plane], kind: str, turned: bool) -> None:
    grid = book.grid(area.sheet_id)
    for plane, cells in planes.items():
        lines = []
        for row in range(area.height):
            line = []
            for column in range(area.width):
                at = (column, row) if turned else (row, column)
                r, c = at[0] % source.height, at[1] % source.width
                steps = area.r0 + row - source.r0 - r, area.c0 + column - source.c0 - c
                line.append(_adapted(plane, cells[r][c], *steps))
            lines.append(line)
        grid.write(plane, area.r0, area.c0, lines)
    if "entered" in planes:
        book.changed(*area)


def _adapted(plane: str, value: Any, rows: int, columns: int) -> Any:
    if plane == "entered" and isinstance(value, Formula):
        return Formula(relative_copy(value, rows, columns))
    if plane == "validation" and value is not None:
        return adapted_rule(value, rows, columns)
    return value


def _copy_merges(book: Book, source: Rect, sheet_id: int, row: int, column: int) -> None:
    rows, columns = row - source.r0, column - source.c0
    inside = [
        known
        for one in sheet_of(book, source.sheet_id).get("merges", [])
        if source.holds(known := known_rect(book, one))
    ]
    area = Rect(sheet_id, row, column, row + source.height, column + source.width)
    target = sheet_of(book, sheet_id)
    kept = [one for one in target.get("merges", []) if not area.meets(known_rect(book, one))]
    made = [
        as_range(Rect(sheet_id, one.r0 + rows, one.c0 + columns, one.r1 + rows, one.c1 + columns)) for one in inside
    ]
    if kept or made:
        target["merges"] = kept + made
    else:
        target.pop("merges", None)


def _cut_paste(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    source = rect(book, body.get("source"), "source")
    sheet_id, row, column = cell_of(book, body.get("destination"), "destination")
    kind = body.get("pasteType", "PASTE_NORMAL")
    area = Rect(sheet_id, row, column, row + source.height, column + source.width)
    _check_room(book, area)
    if kind in ("PASTE_NORMAL", "PASTE_NO_BORDERS"):
        _copy_merges(book, source, sheet_id, row, column)
        if source != area:
            paste_rules(book, source, area, [(row, column)], cut=True)
        moved_block(book, source, sheet_id, row - source.r0, column - source.c0)
        if kind == "PASTE_NO_BORDERS":
            book.grid(sheet_id).update("format", *area.area, _without_borders)
    else:
        planes = _taken(book, source, kind)
        _clear(book, source)  # all of the source is cut, whatever of it is pasted (documented)
        _write(book, source, area, planes, kind, False)
    if source != area:
        own = sheet_of(book, source.sheet_id)
        kept = [
            one
            for one in own.get("merges", [])
            if not source.holds(known_rect(book, one)) or area.holds(known_rect(book, one))
        ]
        own.pop("merges", None)
        if kept:
            own["merges"] = kept
    return {}


def _clear(book: Book, area: Rect) -> None:
    for plane in _TAKES["PASTE_NORMAL"]:
        book.grid(area.sheet_id).fill(plane, *area.area, None)
    book.changed(*area)


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"copyPaste": _copy_paste, "cutPaste": _cut_paste}
)
