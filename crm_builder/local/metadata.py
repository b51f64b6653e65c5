"""spreadsheets.developerMetadata: get and search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .batch.values import shown
from .errors import invalid, refuse
from .filters import entries, matching

if TYPE_CHECKING:
    from .book import Book


def get(book: Book, metadata_id: int) -> dict[str, Any]:
    """One piece of metadata. ApiError 404 "No developer metadata with ID …" (documented)."""
    for entry in entries(book):
        if entry["metadataId"] == metadata_id:
            return shown(entry)
    raise refuse("NOT_FOUND", f"No developer metadata with ID {metadata_id}")


def search(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    """What the data filters pick, each piece once with all the filters that picked it; {} where none is."""
    if not body.get("dataFilters"):
        raise invalid("Must specify at least one DataFilter.")
    found: dict[int, dict[str, Any]] = {}
    for data_filter in body["dataFilters"]:
        for entry in matching(book, data_filter):
            one = found.setdefault(entry["metadataId"], {"developerMetadata": shown(entry), "dataFilters": []})
            if data_filter not in one["dataFilters"]:
                one["dataFilters"].append(data_filter)
    return {"matchedDeveloperMetadata": list(found.values())} if found else {}
