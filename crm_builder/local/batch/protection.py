"""Protected ranges: add, update, delete. The owner of a local workspace may edit everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..errors import invalid
from . import masks
from .names import named_range
from .ranges import sheet_of, stored
from .sheets import used_ids
from .values import chosen_id, found

if TYPE_CHECKING:
    from ..book import Book

_KEY = "protectedRangeId"
OWNER = "owner@example.com"  # who a local workspace belongs to
_FIELDS = (
    *("range", "namedRangeId", "tableId", "description", "warningOnly"),
    *("unprotectedRanges", "editors", "requestingUserCanEdit", _KEY),
)


def _checked(book: Book, new: dict[str, Any], number: int) -> dict[str, Any]:
    """The canonical protection, as recorded: falses left out, the owner always among the editors."""
    if "range" in new and "namedRangeId" in new and "range" not in _of_name(book, new):
        raise invalid("Only one of range and namedRangeId may be set.")
    if "range" not in new and "namedRangeId" not in new and "tableId" not in new:
        raise invalid("A protected range must have a range or a namedRangeId.")
    out: dict[str, Any] = {_KEY: number}
    if "namedRangeId" in new:
        out["range"] = dict(named_range(book, new["namedRangeId"])["range"])
        out["namedRangeId"] = new["namedRangeId"]
    else:
        out["range"] = stored(book, new["range"])
    if "unprotectedRanges" in new:
        whole = set(out["range"]) == {"sheetId"}
        if not whole:
            raise invalid("unprotectedRanges may only be set on a protected sheet.")
        out["unprotectedRanges"] = [stored(book, area, what="unprotectedRanges") for area in new["unprotectedRanges"]]
    if new.get("description"):
        out["description"] = new["description"]
    if new.get("warningOnly"):
        out["warningOnly"] = True
    out["requestingUserCanEdit"] = True
    editors = {key: value for key, value in new.get("editors", {}).items() if value}
    if out.get("warningOnly") and editors not in ({}, {"users": [OWNER]}):
        raise invalid("Editors cannot be set on a protected range that only warns.")
    others = [user for user in editors.get("users", []) if user != OWNER]
    out["editors"] = editors | {"users": [OWNER, *others]}
    return out


def _of_name(book: Book, new: dict[str, Any]) -> dict[str, Any]:
    own = named_range(book, new["namedRangeId"])
    return {"range": own["range"]} if new["range"] == own["range"] else {}


def _all(book: Book) -> list[dict[str, Any]]:
    return [item for sheet in book.doc["sheets"] for item in sheet.get("protectedRanges", [])]


def _add(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("protectedRange", {})
    number = chosen_id(new.get(_KEY), used_ids(book, "protectedRanges", _KEY), "Protected range with id")
    made = _checked(book, new, number)
    sheet_of(book, made["range"]["sheetId"]).setdefault("protectedRanges", []).append(made)
    asked = {key: value for key, value in new.get("editors", {}).items() if value}
    return {"addProtectedRange": {"protectedRange": made | {"editors": asked}}}  # recorded: the owner comes later


def _update(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("protectedRange", {})
    own = found(_all(book), _KEY, new.get(_KEY), "protected range")
    paths = masks.parse(body.get("fields"), "ProtectedRange")
    masks.heads(paths, _FIELDS)
    base = {key: value for key, value in own.items() if key != "requestingUserCanEdit"}
    merged = masks.merged(base, new, paths)
    if "namedRangeId" in new and any(path in ((), ("namedRangeId",)) for path in paths):
        merged.pop("range", None)
    elif "range" in new:
        merged.pop("namedRangeId", None)
    made = _checked(book, merged, own[_KEY])
    _remove(book, own)
    sheet_of(book, made["range"]["sheetId"]).setdefault("protectedRanges", []).append(made)
    return {}


def _remove(book: Book, own: dict[str, Any]) -> None:
    for sheet in book.doc["sheets"]:
        if any(item is own for item in sheet.get("protectedRanges", [])):
            sheet["protectedRanges"] = [item for item in sheet["protectedRanges"] if item is not own]


def _delete(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    _remove(book, found(_all(book), _KEY, body.get(_KEY, 0), "protected range"))
    return {}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"addProtectedRange": _add, "updateProtectedRange": _update, "deleteProtectedRange": _delete}
)
