"""The basic filter and filter views: set, clear, add, update, delete, duplicate."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..errors import invalid
from . import masks
from .conditions import FILTER, checked
from .names import named_range
from .ranges import ROWS, Rect, known_rect, sheet_of, stored
from .sheets import used_ids
from .showing import shown_rows
from .sorting import sort_rows
from .values import chosen_id, found, fresh_id, paired

if TYPE_CHECKING:
    from ..book import Book

_KEY = "filterViewId"
_VIEW_FIELDS = ("title", "range", "namedRangeId", "tableId", "sortSpecs", "criteria", "filterSpecs", _KEY)


def _content(book: Book, new: dict[str, Any], area: dict[str, Any]) -> dict[str, Any]:
    """Sort order and criteria in both of their forms, criteria and filterSpecs (both are read back)."""
    bounds = known_rect(book, area)
    out: dict[str, Any] = {}
    if new.get("sortSpecs"):
        out["sortSpecs"] = [_sort_spec(spec, bounds) for spec in new["sortSpecs"]]
    specs = new.get("filterSpecs") or [
        {"columnIndex": int(key), "filterCriteria": value} for key, value in new.get("criteria", {}).items()
    ]
    made = {}
    for spec in specs:
        column = spec.get("columnIndex", 0)
        if not bounds.c0 <= column < bounds.c1:
            raise invalid(f"The filtered column {column} is outside of the range of the filter.")
        criteria = paired(spec.get("filterCriteria", {}))
        if "condition" in criteria:
            criteria["condition"] = checked(book, criteria["condition"], FILTER, bounds.sheet_id)
        made[column] = criteria
    if made:
        out["criteria"] = {str(column): criteria for column, criteria in sorted(made.items())}
        out["filterSpecs"] = [
            {"columnIndex": column, "filterCriteria": copy.deepcopy(made[column])} for column in sorted(made)
        ]
    return out


def _sort_spec(spec: dict[str, Any], bounds: Rect) -> dict[str, Any]:
    column = spec.get("dimensionIndex", 0)
    if not bounds.c0 <= column < bounds.c1:
        raise invalid(f"The sorted column {column} is outside of the range of the filter.")
    return {"dimensionIndex": column} | paired(spec)


def _set(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("filter", {})
    area = stored(book, new.get("range"), clip=True)
    bounds, sheet = known_rect(book, area), sheet_of(book, area["sheetId"])
    if any(bounds.meets(known_rect(book, table["range"])) for table in sheet.get("tables", [])):
        raise invalid("A basic filter cannot overlap a table.")
    made = {"range": area} | _content(book, new, area)
    show_rows(book, sheet["properties"]["sheetId"])
    sheet["basicFilter"] = made
    if "sortSpecs" in made and bounds.height > 1:
        sort_rows(book, Rect(bounds.sheet_id, bounds.r0 + 1, bounds.c0, bounds.r1, bounds.c1), made["sortSpecs"])
    if "criteria" in made:
        hide_rows(book, bounds, made["criteria"])
    return {}


def hide_rows(book: Book, bounds: Rect, criteria: dict[str, Any]) -> None:
    """Marks the rows below the header that a criterion does not show as hiddenByFilter."""
    own = book.grid(bounds.sheet_id).dimension(ROWS)
    for row, visible in shown_rows(book, bounds.sheet_id, bounds.r0 + 1, bounds.r1, criteria):
        if not visible:
            own[row] = own.get(row, {}) | {"hiddenByFilter": True}


def show_rows(book: Book, sheet_id: int) -> None:
    """Takes every hiddenByFilter away."""
    own = book.grid(sheet_id).dimension(ROWS)
    for row in [row for row, value in own.items() if "hiddenByFilter" in value]:
        own[row] = {key: value for key, value in own[row].items() if key != "hiddenByFilter"}
        if not own[row]:
            del own[row]


def _clear(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    sheet = sheet_of(book, body.get("sheetId"))
    sheet.pop("basicFilter", None)
    show_rows(book, sheet["properties"]["sheetId"])
    return {}


# -- filter views ------------------------------------------------------------------------------------------------------


def _checked_view(book: Book, new: dict[str, Any], number: int) -> dict[str, Any]:
    if "namedRangeId" in new:
        area = dict(named_range(book, new["namedRangeId"])["range"])
    elif "tableId" in new:
        tables = [table for sheet in book.doc["sheets"] for table in sheet.get("tables", [])]
        area = dict(found(tables, "tableId", new["tableId"], "table")["range"])
    else:
        area = stored(book, new.get("range"))
    out = {_KEY: number, "title": new.get("title") or _free_title(book, area["sheetId"]), "range": area}
    out |= {key: new[key] for key in ("namedRangeId", "tableId") if key in new}
    return out | _content(book, new, area)


def _free_title(book: Book, sheet_id: int) -> str:
    taken = {view["title"] for view in sheet_of(book, sheet_id).get("filterViews", [])}
    number = 1
    while f"Filter {number}" in taken:
        number += 1
    return f"Filter {number}"


def _views(book: Book) -> list[dict[str, Any]]:
    return [view for sheet in book.doc["sheets"] for view in sheet.get("filterViews", [])]


def _add_view(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("filter", {})
    number = chosen_id(new.get(_KEY), used_ids(book, "filterViews", _KEY), "Filter view with id")
    made = _checked_view(book, new, number)
    sheet_of(book, made["range"]["sheetId"]).setdefault("filterViews", []).append(made)
    return {"addFilterView": {"filter": made}}


def _update_view(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("filter", {})
    own = found(_views(book), _KEY, new.get(_KEY), "filter view")
    paths = masks.parse(body.get("fields"), "FilterView")
    named = masks.heads(paths, _VIEW_FIELDS)
    base = dict(own)
    if named & {"criteria", "filterSpecs"}:  # the two are one thing: what is sent replaces both
        base = {key: value for key, value in own.items() if key not in ("criteria", "filterSpecs")}
    made = _checked_view(book, masks.merged(base, new, [path for path in paths if path != (_KEY,)]), own[_KEY])
    own.clear()
    own.update(made)
    return {}


def _remove_view(book: Book, number: int) -> dict[str, Any]:
    own = found(_views(book), _KEY, number, "filter view")
    for sheet in book.doc["sheets"]:
        if any(view is own for view in sheet.get("filterViews", [])):
            sheet["filterViews"] = [view for view in sheet["filterViews"] if view is not own]
    return own


def _delete_view(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    _remove_view(book, body.get("filterId", 0))
    return {}


def _duplicate_view(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    own = found(_views(book), _KEY, body.get("filterId", 0), "filter view")
    made = copy.deepcopy(own)
    made[_KEY], made["title"] = fresh_id(used_ids(book, "filterViews", _KEY)), f"Copy of {own['title']}"
    sheet_of(book, made["range"]["sheetId"])["filterViews"].append(made)
    return {"duplicateFilterView": {"filter": made}}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {
        "setBasicFilter": _set,
        "clearBasicFilter": _clear,
        "addFilterView": _add_view,
        "updateFilterView": _update_view,
        "deleteFilterView": _delete_view,
        "duplicateFilterView": _duplicate_view,
    }
)
