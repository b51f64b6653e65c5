"""What goes along with a structural edit: every GridRange and every formula that a spreadsheet holds outside its cells.

`map_ranges` and `map_texts` walk all of them; `carry` does both for rows or columns inserted, deleted or moved.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..blocks import Formula
from ..formulas.references import DeleteDimension, InsertDimension, MoveDimension, relative_copy, shift
from .conditions import map_condition
from .edits import Edit
from .pivots import map_pivot, map_pivot_texts
from .ranges import COLUMNS, ROWS

if TYPE_CHECKING:
    from ..book import Book

RangeMap = Callable[[dict[str, Any]], dict[str, Any] | None]
TextMap = Callable[[str, str], str]  # formula, title of the sheet it stands on -> formula

_DEAD = object()
_BOUNDS = frozenset({"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"})
_PLANES_AT_A_TIME = 4096


def map_ranges(book: Book, change: RangeMap, cover: RangeMap | None = None) -> None:
    """Every GridRange becomes change(range); where that is None its owner goes, a named range stays as a broken one.

    `cover`, where given, is the change of ranges that lie over an area instead of looking at its cells.
    """
    cover = cover or change
    for sheet in book.doc["sheets"]:
        _map_rules(sheet, cover)
        for key in ("bandedRanges", "filterViews", "tables"):
            _map_owners(sheet, key, cover)
        _map_protections(sheet, cover)
        _map_merges(sheet, change)
        if "basicFilter" in sheet:
            _map_owner(sheet["basicFilter"], cover) or sheet.pop("basicFilter")
        for chart in sheet.get("charts", []):
            chart["spec"] = _mapped(chart["spec"], change)
        for slicer in sheet.get("slicers", []):
            area = change(slicer["spec"].pop("dataRange", {"sheetId": -1}))
            if area is not None and area["sheetId"] != -1:
                slicer["spec"]["dataRange"] = area
    _map_names(book, change)
    for _, grid in book.grids():
        _update_plane(grid, "extra", lambda value: map_pivot(value, change))


def map_texts(book: Book, change: TextMap) -> None:
    """Every formula, in cells, validations, filters and conditional formats, becomes change(formula, home)."""
    for sheet in book.doc["sheets"]:
        title = sheet["properties"]["title"]
        for rule in sheet.get("conditionalFormats", []):
            map_rule_texts(rule, lambda text, home=title: change(text, home))
        for owner in [*sheet.get("filterViews", []), *([sheet["basicFilter"]] if "basicFilter" in sheet else [])]:
            for spec in owner.get("filterSpecs", []):
                map_condition(spec.get("filterCriteria", {}).get("condition"), lambda t, home=title: change(t, home))
            for criteria in owner.get("criteria", {}).values():
                map_condition(criteria.get("condition"), lambda text, home=title: change(text, home))
        if not book.has_grid(sheet["properties"]["sheetId"]):
            continue
        grid = book.grid(sheet["properties"]["sheetId"])
        for (row, column), text in grid.formulas().items():
            new = change(text, title)
            if new != text:
                grid.write("entered", row, column, [[type_of_formula(new)]])
        _update_plane(grid, "validation", lambda rule, home=title: _validation(rule, lambda t: change(t, home)))
        _update_plane(grid, "extra", lambda value, home=title: map_pivot_texts(value, lambda t: change(t, home)))


def carry(book: Book, edit: Edit) -> None:
    """Carries everything but the cells over a structural edit; to be called before the grid itself is edited."""
    title = next(s["properties"]["title"] for s in book.doc["sheets"] if s["properties"]["sheetId"] == edit.sheet_id)
    kinds = {"insert": InsertDimension, "delete": DeleteDimension, "move": MoveDimension}
    place = (title, edit.dimension, edit.start, edit.end)
    made = kinds[edit.kind](*place, edit.destination) if edit.kind == "move" else kinds[edit.kind](*place)
    later = _anchor_rules(book, edit)
    if edit.kind != "insert" or edit.start < edit.size:  # no formula speaks of cells beyond the grid's end
        map_texts(book, lambda text, home: shift(text, made, home))
    for rule, along, across in later:
        _step(rule, along, across, edit)
    map_ranges(book, edit.range, edit.area)
    for sheet in book.doc["sheets"]:
        _carry_places(sheet, edit)


def type_of_formula(text: str) -> str:
    return Formula(text)


def map_rule_texts(rule: dict[str, Any], change: Callable[[str], str]) -> None:
    """Every formula of a conditional format rule becomes change(formula)."""
    map_condition(rule.get("booleanRule", {}).get("condition"), change)
    for point in rule.get("gradientRule", {}).values():
        if str(point.get("value", "")).startswith("="):
            point["value"] = change(point["value"])


def _validation(rule: dict[str, Any] | None, change: Callable[[str], str]) -> dict[str, Any] | None:
    if not rule or not any(v.get("userEnteredValue", "").startswith("=") for v in rule["condition"].get("values", [])):
        return rule
    out = copy.deepcopy(rule)
    map_condition(out["condition"], change)
    return out


def _update_plane(grid: Any, plane: str, change: Callable[[Any], Any]) -> None:
    """Applies change to a shared plane, writing only where something became different."""
    rows, columns = grid.extent(plane)
    known: dict[int, tuple[Any, Any]] = {}
    for top in range(0, rows, _PLANES_AT_A_TIME):
        end = min(top + _PLANES_AT_A_TIME, rows)
        touched = False
        for row in grid.read(plane, top, 0, end, columns):
            for value in row:
                if value is not None and id(value) not in known:
                    known[id(value)] = (value, change(value))
                    touched = touched or known[id(value)][1] != value
                elif value is not None:
                    touched = touched or known[id(value)][1] is not known[id(value)][0]
        if touched:
            grid.update(plane, top, 0, end, columns, lambda value: change(value) if value is not None else None)


# -- ranges ------------------------------------------------------------------------------------------------------------


def _map_owner(owner: dict[str, Any], change: RangeMap) -> bool:
    if "range" not in owner:
        return True
    area = change(owner["range"])
    if area is None:
        return False
    owner["range"] = area
    return True


def _map_owners(sheet: dict[str, Any], key: str, change: RangeMap) -> None:
    if key in sheet:
        sheet[key] = [owner for owner in sheet[key] if _map_owner(owner, change)]


def _map_rules(sheet: dict[str, Any], change: RangeMap) -> None:
    for rule in sheet.get("conditionalFormats", []):
        rule["ranges"] = [area for old in rule["ranges"] if (area := change(old)) is not None]
    if "conditionalFormats" in sheet:
        sheet["conditionalFormats"] = [rule for rule in sheet["conditionalFormats"] if rule["ranges"]]


def _map_protections(sheet: dict[str, Any], change: RangeMap) -> None:
    for owner in sheet.get("protectedRanges", []):
        if "unprotectedRanges" in owner:
            owner["unprotectedRanges"] = [new for old in owner["unprotectedRanges"] if (new := change(old)) is not None]
    _map_owners(sheet, "protectedRanges", change)


def _map_merges(sheet: dict[str, Any], change: RangeMap) -> None:
    if "merges" not in sheet:
        return
    areas = [area for old in sheet["merges"] if (area := change(old)) is not None]
    sheet["merges"] = [area for area in areas if _cells(area) > 1]


def _cells(area: dict[str, int]) -> int:
    return (area["endRowIndex"] - area["startRowIndex"]) * (area["endColumnIndex"] - area["startColumnIndex"])


def _map_names(book: Book, change: RangeMap) -> None:
    kept = []
    for named in book.doc.get("namedRanges", []):
        if _map_owner(named, change):
            kept.append(named)
        else:  # not shown any more, but its name stays taken (reported of the service)
            broken = {key: named[key] for key in ("namedRangeId", "name")}
            book.state.setdefault("broken", []).append(broken)
    if "namedRanges" in book.doc:
        book.doc["namedRanges"] = kept


def _mapped(value: Any, change: RangeMap) -> Any:
    """A chart's spec with every range changed; what has lost all of its ranges goes, out of a list as a whole."""
    if isinstance(value, list):
        items = [(item, _mapped(item, change)) for item in value]
        return [new for item, new in items if new is not _DEAD and not _lost(item, new)]
    if not isinstance(value, dict):
        return value
    if "sheetId" in value and _BOUNDS & value.keys():
        area = change(value)
        return _DEAD if area is None else area
    out = {key: _mapped(item, change) for key, item in value.items()}
    if value.get("sources") and not out["sources"]:
        return _DEAD
    if out.get("sourceRange") is _DEAD:
        return _DEAD
    return {key: item for key, item in out.items() if item is not _DEAD}


def _lost(old: Any, new: Any) -> bool:
    """True for a series or domain of a list that has lost its data."""
    return isinstance(old, dict) and any(key in old and key not in new for key in ("series", "domain", "data"))


# -- places ------------------------------------------------------------------------------------------------------------


def _anchor_rules(book: Book, edit: Edit) -> list[tuple[dict[str, Any], int, int]]:
    """A rule's formulas are written for the first cell of its first range: rewrites them for the one that will be it.

    Where that cell is new (inserted before everything) the step back is to be made afterwards: it is returned.
    """
    later = []
    key, other = ("startRowIndex", "startColumnIndex")[:: 1 if edit.dimension == ROWS else -1]
    for sheet in book.doc["sheets"]:
        if sheet["properties"]["sheetId"] != edit.sheet_id:
            continue
        for rule in sheet.get("conditionalFormats", []):
            left = [(old, new) for old in rule["ranges"] if (new := edit.area(old)) is not None]
            if not left:
                continue
            anchor, (old, new) = rule["ranges"][0], left[0]
            origin = edit.origin(new.get(key, 0))
            across = old.get(other, 0) - anchor.get(other, 0)
            along = (old.get(key, 0) if origin is None else origin) - anchor.get(key, 0)
            _step(rule, along, across, edit)
            if origin is None:
                later.append((rule, -edit.count, 0))
    return later


def _step(rule: dict[str, Any], along: int, across: int, edit: Edit) -> None:
    if along or across:
        drow, dcol = (along, across) if edit.dimension == ROWS else (across, along)
        map_rule_texts(rule, lambda text: relative_copy(text, drow, dcol))


def _carry_places(sheet: dict[str, Any], edit: Edit) -> None:
    """Positions of charts and slicers, groups, frozen rows and columns, and the columns that filters speak of."""
    rows = edit.dimension == ROWS
    for item in [*sheet.get("charts", []), *sheet.get("slicers", [])]:
        anchor = item.get("position", {}).get("overlayPosition", {}).get("anchorCell")
        if anchor is not None and anchor.get("sheetId", 0) == edit.sheet_id:
            key = "rowIndex" if rows else "columnIndex"
            at = edit.index(anchor.get(key, 0))
            anchor[key] = min(edit.start, edit.size_after - 1) if at is None else at
    if sheet["properties"]["sheetId"] != edit.sheet_id:
        return
    groups = "rowGroups" if rows else "columnGroups"
    if groups in sheet:
        kept = []
        for group in sheet[groups]:
            after = edit.span(group["range"]["startIndex"], group["range"]["endIndex"])
            if after is not None:
                kept.append(group | {"range": group["range"] | {"startIndex": after[0], "endIndex": after[1]}})
        sheet[groups] = kept
    size, frozen = sheet["properties"]["gridProperties"], "frozenRowCount" if rows else "frozenColumnCount"
    size["rowCount" if rows else "columnCount"] = edit.size_after
    if size.get(frozen) and edit.kind == "insert" and edit.start < size[frozen]:
        size[frozen] += edit.count
    elif size.get(frozen) and edit.kind == "delete":
        size[frozen] -= max(0, min(size[frozen], edit.end) - edit.start)
        if not size[frozen]:
            del size[frozen]
    if edit.dimension == COLUMNS:
        for owner in [*sheet.get("filterViews", []), *([sheet["basicFilter"]] if "basicFilter" in sheet else [])]:
            _carry_filter(owner, edit)


def _carry_filter(owner: dict[str, Any], edit: Edit) -> None:
    if "criteria" in owner:
        moved = ((edit.index(int(key)), value) for key, value in owner["criteria"].items())
        owner["criteria"] = {str(at): value for at, value in moved if at is not None}
    for key, field in (("filterSpecs", "columnIndex"), ("sortSpecs", "dimensionIndex")):
        if key in owner:
            pairs = [(edit.index(item.get(field, 0)), item) for item in owner[key]]
            owner[key] = [item | {field: at} for at, item in pairs if at is not None]
