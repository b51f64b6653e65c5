"""Developer metadata: create, update, delete.

Entries of the spreadsheet and of sheets lie in the document with their location; those of a row or column lie with
that row or column, so that they move and die with it, and their location is read off their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..errors import invalid
from ..filters import matching
from . import masks
from .ranges import COLUMNS, ROWS, inside, sheet_of, span
from .values import chosen_id

if TYPE_CHECKING:
    from ..book import Book

BUDGET = 30_000  # characters of keys and values, for the spreadsheet and for each sheet (documented)
_FIELDS = ("metadataKey", "metadataValue", "visibility", "location")
_UNSPECIFIED = "DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED"


def location(book: Book, place: dict[str, Any] | None) -> dict[str, Any]:
    """The canonical location. ApiError 400: none or several, no such sheet, not one single row or column."""
    places = ("spreadsheet", "sheetId", "dimensionRange")
    set_ones = [key for key in places if place and place.get(key) is not None and place[key] is not False]
    if len(set_ones) != 1 or place is None:
        raise invalid("Exactly one of spreadsheet, sheetId and dimensionRange must be set in the location.")
    if set_ones == ["spreadsheet"]:
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if set_ones == ["sheetId"]:
        return {"locationType": "SHEET", "sheetId": sheet_of(book, place["sheetId"])["properties"]["sheetId"]}
    asked = place["dimensionRange"]
    if "endIndex" not in asked or ("startIndex" not in asked and asked["endIndex"] != 1):
        raise invalid("DimensionRange must specify both a startIndex and an endIndex")
    rows = inside(book, span(book, asked, "dimensionRange"), "dimensionRange")
    if rows.end - rows.start != 1:
        raise invalid("DimensionRange must represent a single row or column")
    where = {
        "sheetId": rows.sheet_id,
        "dimension": rows.dimension,
        "startIndex": rows.start,
        "endIndex": rows.end,
    }
    return {"locationType": "ROW" if rows.dimension == ROWS else "COLUMN", "dimensionRange": where}


def put(book: Book, entry: dict[str, Any]) -> None:
    """Stores an entry that has its canonical location. ApiError 400 where the budget of the place is spent."""
    where = entry["location"]
    bare = {key: value for key, value in entry.items() if key != "location"}
    if "spreadsheet" in where:
        book.doc.setdefault("developerMetadata", []).append(entry)
    elif "sheetId" in where:
        sheet_of(book, where["sheetId"]).setdefault("developerMetadata", []).append(entry)
    else:
        place = where["dimensionRange"]
        own = book.grid(place["sheetId"]).dimension(place["dimension"])
        properties = own.get(place["startIndex"], {})
        listed = [*properties.get("developerMetadata", []), bare]
        own[place["startIndex"]] = properties | {"developerMetadata": listed}
    _check_budget(book, where)


def _sheet_id(where: dict[str, Any]) -> int | None:
    return where["dimensionRange"]["sheetId"] if "dimensionRange" in where else where.get("sheetId")


def _check_budget(book: Book, where: dict[str, Any]) -> None:
    sheet_id = _sheet_id(where)
    spent = sum(len(entry["metadataKey"]) + len(entry.get("metadataValue", "")) for entry in kept_with(book, sheet_id))
    if spent > BUDGET:
        place = "spreadsheet" if sheet_id is None else f"sheet with id {sheet_id}"
        raise invalid(f"The developer metadata of the {place} would hold {spent} characters; the limit is {BUDGET}.")


def kept_with(book: Book, sheet_id: int | None) -> Iterator[dict[str, Any]]:
    """The entries of one sheet, its rows and columns included, as they are kept; None: those of the spreadsheet."""
    yield from (book.doc if sheet_id is None else sheet_of(book, sheet_id)).get("developerMetadata", [])
    if sheet_id is not None and book.has_grid(sheet_id):
        grid = book.grid(sheet_id)
        for dimension in (ROWS, COLUMNS):
            for properties in grid.dimension(dimension).values():
                yield from properties.get("developerMetadata", [])


def _remove(book: Book, entry: dict[str, Any]) -> None:
    where, number = entry["location"], entry["metadataId"]
    if "dimensionRange" in where:
        place = where["dimensionRange"]
        own = book.grid(place["sheetId"]).dimension(place["dimension"])
        at = place["startIndex"]
        kept = [item for item in own[at]["developerMetadata"] if item["metadataId"] != number]
        own[at] = {key: value for key, value in own[at].items() if key != "developerMetadata"}
        if kept:
            own[at] = own[at] | {"developerMetadata": kept}
        elif not own[at]:
            del own[at]
        return
    owner = book.doc if "spreadsheet" in where else sheet_of(book, where["sheetId"])
    owner["developerMetadata"] = [item for item in owner["developerMetadata"] if item["metadataId"] != number]
    if not owner["developerMetadata"]:
        del owner["developerMetadata"]


def _checked(book: Book, new: dict[str, Any], number: int) -> dict[str, Any]:
    if not new.get("metadataKey"):
        raise invalid("developerMetadata.metadataKey must be set.")
    if new.get("visibility", _UNSPECIFIED) == _UNSPECIFIED:
        raise invalid("developerMetadata.visibility must be set.")
    out = {"metadataId": number, "metadataKey": new["metadataKey"]}
    if new.get("metadataValue"):
        out["metadataValue"] = new["metadataValue"]
    return out | {"location": location(book, new.get("location")), "visibility": new["visibility"]}


def _create(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("developerMetadata", {})
    if book.metadata_ids is None:
        places = [None, *(sheet["properties"]["sheetId"] for sheet in book.doc["sheets"])]
        book.metadata_ids = {entry["metadataId"] for place in places for entry in kept_with(book, place)}
    made = _checked(book, new, chosen_id(new.get("metadataId"), book.metadata_ids, "Developer metadata with id"))
    put(book, made)
    book.metadata_ids.add(made["metadataId"])
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def _update(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new, paths = body.get("developerMetadata", {}), masks.parse(body.get("fields"), "DeveloperMetadata")
    masks.heads(paths, _FIELDS)
    changed = []
    picked = {entry["metadataId"]: entry for one in body.get("dataFilters", []) for entry in matching(book, one)}
    for entry in picked.values():
        made = _checked(book, masks.merged(entry, new, [path[:1] for path in paths]), entry["metadataId"])
        _remove(book, entry)
        put(book, made)
        changed.append(made)
    return {"updateDeveloperMetadata": {"developerMetadata": changed}}


def _delete(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    gone = matching(book, body.get("dataFilter", {}))
    for entry in gone:
        _remove(book, entry)
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": gone} if gone else {}}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"createDeveloperMetadata": _create, "updateDeveloperMetadata": _update, "deleteDeveloperMetadata": _delete}
)
