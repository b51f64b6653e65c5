"""Data filters: areas and developer metadata picked by A1 range, GridRange or metadata lookup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .a1 import Area, from_grid_range, parse
from .errors import invalid

if TYPE_CHECKING:
    from .book import Book

Json = dict[str, Any]
ROW, COLUMN, SHEET, SPREADSHEET = "ROW", "COLUMN", "SHEET", "SPREADSHEET"
_DIMENSION = {"ROWS": ROW, "COLUMNS": COLUMN}
_FIELDS = ("metadataId", "metadataKey", "metadataValue", "visibility")
_ANY: Json = {}


def entries(book: Book, only: Json = _ANY) -> Iterator[Json]:
    """Every piece of developer metadata, complete with its location, rows' and columns' included.

    `only`: fields that it must hold; the rest is not even put together, as there are thousands and few are wanted.
    """
    for entry in book.doc.get("developerMetadata", []):
        if _holds(entry, only):
            yield _entry(entry, {"locationType": SPREADSHEET, "spreadsheet": True})
    for sheet in book.doc["sheets"]:
        sheet_id = sheet["properties"]["sheetId"]
        for entry in sheet.get("developerMetadata", []):
            if _holds(entry, only):
                yield _entry(entry, {"locationType": SHEET, "sheetId": sheet_id})
        if book.has_grid(sheet_id):
            for dimension in _DIMENSION:
                yield from dimension_entries(book, sheet_id, dimension, only)


def dimension_entries(book: Book, sheet_id: int, dimension: str, only: Json = _ANY) -> Iterator[Json]:
    """The metadata of one sheet's rows or columns, in order; `only` as in entries()."""
    for at, properties in sorted(book.grid(sheet_id).dimension(dimension).items()):
        for entry in properties.get("developerMetadata", []):
            if _holds(entry, only):
                yield _entry(entry, dimension_location(sheet_id, dimension, at))


def _holds(entry: Json, only: Json) -> bool:
    for name in only:  # noqa: SIM110 - thousands of times, and all() would make a generator each
        if entry.get(name) != only[name]:
            return False
    return True


def dimension_location(sheet_id: int, dimension: str, at: int) -> Json:
    place = {"sheetId": sheet_id, "dimension": dimension, "startIndex": at, "endIndex": at + 1}
    return {"locationType": _DIMENSION[dimension], "dimensionRange": place}


def _entry(entry: Json, location: Json) -> Json:
    return {**{name: value for name, value in entry.items() if name != "location"}, "location": location}


def matching(book: Book, data_filter: Json) -> list[Json]:
    """The metadata one data filter picks. ApiError 400 for a filter without a choice, or with a contradiction."""
    lookup = data_filter.get("developerMetadataLookup")
    if lookup is not None:
        _check(lookup)
        only = {name: lookup[name] for name in _FIELDS if name in lookup}
        return [entry for entry in entries(book, only) if _fits(lookup, entry)]
    area = _area(book, data_filter)
    return [entry for entry in entries(book) if _meets(entry["location"], area)]


def areas_of(book: Book, filters: list[Json]) -> list[tuple[Area, list[Json]]]:
    """The areas the filters pick, each once, with the filters that picked it."""
    found: dict[Area, list[Json]] = {}
    for data_filter in filters:
        if "developerMetadataLookup" in data_filter:
            areas = [_located(book, entry["location"]) for entry in matching(book, data_filter)]
        else:
            areas = [_area(book, data_filter)]
        for area in areas:
            held = found.setdefault(area._replace(single=False), [])
            if data_filter not in held:
                held.append(data_filter)
    return list(found.items())


def _area(book: Book, data_filter: Json) -> Area:
    if data_filter.get("a1Range"):
        return parse(book, data_filter["a1Range"])
    if "gridRange" in data_filter:
        return from_grid_range(book, data_filter["gridRange"])
    raise invalid("Invalid DataFilter: one of a1Range, gridRange, developerMetadataLookup must be set.")


def _located(book: Book, location: Json) -> Area:
    kind = location["locationType"]
    if kind == SPREADSHEET:
        raise invalid("Developer metadata of the whole spreadsheet names no range.")
    if kind == SHEET:
        return from_grid_range(book, {"sheetId": location["sheetId"]})
    place = location["dimensionRange"]
    names = ("startRowIndex", "endRowIndex") if kind == ROW else ("startColumnIndex", "endColumnIndex")
    bounds = dict(zip(names, (place["startIndex"], place["endIndex"]), strict=True))
    return from_grid_range(book, {"sheetId": place["sheetId"], **bounds})


def _check(lookup: Json) -> None:
    location = lookup.get("metadataLocation") or {}
    if location.get("spreadsheet") and lookup.get("locationMatchingStrategy") == "INTERSECTING_LOCATION":
        raise invalid(
            "DeveloperMetadataLookup.spreadsheet is true, but locationMatchingStrategy was specified as INTERSECTING"
        )
    place = location.get("dimensionRange")
    if place is not None:
        if "startIndex" not in place or "endIndex" not in place:
            raise invalid("DimensionRange must specify both a startIndex and an endIndex")
        if place["endIndex"] - place["startIndex"] != 1:
            raise invalid("DimensionRange must represent a single row or column")


def _fits(lookup: Json, entry: Json) -> bool:
    location = entry["location"]
    kind = lookup.get("locationType")
    if kind and kind != "DEVELOPER_METADATA_LOCATION_TYPE_UNSPECIFIED" and kind != location["locationType"]:
        return False
    wanted = lookup.get("metadataLocation")
    if not wanted:
        return True
    if wanted.get("spreadsheet"):
        return location["locationType"] == SPREADSHEET
    wide = lookup.get("locationMatchingStrategy") != "EXACT_LOCATION"
    if "dimensionRange" in wanted:
        place = {"sheetId": 0, **wanted["dimensionRange"]}
        if "dimensionRange" in location:
            return place == location["dimensionRange"]
        return wide and location.get("sheetId") == place["sheetId"]
    sheet_id = wanted.get("sheetId", 0)
    if location["locationType"] == SHEET:
        return location["sheetId"] == sheet_id
    return wide and location.get("dimensionRange", {}).get("sheetId") == sheet_id


def _meets(location: Json, area: Area) -> bool:
    if location["locationType"] == SPREADSHEET:
        return False
    if location["locationType"] == SHEET:
        return location["sheetId"] == area.sheet_id
    place = location["dimensionRange"]
    low, high = (area.r0, area.r1) if place["dimension"] == "ROWS" else (area.c0, area.c1)
    return place["sheetId"] == area.sheet_id and low <= place["startIndex"] < high
