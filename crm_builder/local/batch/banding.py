"""Banded ranges (alternating colours): add, update, delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..errors import invalid
from . import masks
from .ranges import known_rect, sheet_of, stored
from .sheets import used_ids
from .values import chosen_id, found, paired

if TYPE_CHECKING:
    from ..book import Book

_KEY = "bandedRangeId"
_FIELDS = ("range", "rowProperties", "columnProperties", _KEY)
_OVERLAP = "You cannot add alternating background colors to a range that already has alternating background colors."


def _checked(book: Book, new: dict[str, Any], number: int) -> dict[str, Any]:
    out: dict[str, Any] = {_KEY: number, "range": stored(book, new.get("range"))}
    for key in ("rowProperties", "columnProperties"):
        if new.get(key):
            out[key] = paired(new[key])
            for colour in ("firstBandColor", "secondBandColor"):
                if colour not in out[key]:
                    raise invalid(f"{key}.{colour} is required.")
    if "rowProperties" not in out and "columnProperties" not in out:
        raise invalid("A banded range must have rowProperties or columnProperties.")
    area = known_rect(book, out["range"])
    sheet = sheet_of(book, area.sheet_id)
    taken = [item for item in sheet.get("bandedRanges", []) if item[_KEY] != number] + sheet.get("tables", [])
    if any(area.meets(known_rect(book, item["range"])) for item in taken):
        raise invalid(_OVERLAP)
    return out


def _all(book: Book) -> list[dict[str, Any]]:
    return [item for sheet in book.doc["sheets"] for item in sheet.get("bandedRanges", [])]


def _add(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("bandedRange", {})
    number = chosen_id(new.get(_KEY), used_ids(book, "bandedRanges", _KEY), "Banded range with id")
    made = _checked(book, new, number)
    sheet_of(book, made["range"]["sheetId"]).setdefault("bandedRanges", []).append(made)
    return {"addBanding": {"bandedRange": made}}


def _update(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("bandedRange", {})
    own = found(_all(book), _KEY, new.get(_KEY), "banded range")
    paths = masks.parse(body.get("fields"), "BandedRange")
    masks.heads(paths, _FIELDS)
    made = _checked(book, masks.merged(own, paired(new), paths), own[_KEY])
    _remove(book, own)
    sheet_of(book, made["range"]["sheetId"]).setdefault("bandedRanges", []).append(made)
    return {}


def _remove(book: Book, own: dict[str, Any]) -> None:
    for sheet in book.doc["sheets"]:
        if any(item is own for item in sheet.get("bandedRanges", [])):
            sheet["bandedRanges"] = [item for item in sheet["bandedRanges"] if item is not own]


def _delete(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    _remove(book, found(_all(book), _KEY, body.get(_KEY, 0), "banded range"))
    return {}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"addBanding": _add, "updateBanding": _update, "deleteBanding": _delete}
)
