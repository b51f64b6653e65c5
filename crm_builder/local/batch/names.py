"""Named ranges: add, update, delete.

One that has lost all of its cells is broken: no answer shows it, yet its name and id stay taken (reported of the
service) until it is deleted by its id, or is given a range again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..errors import invalid
from . import masks
from .carry import map_texts
from .ranges import stored
from .texts import with_name
from .values import found, fresh_id

if TYPE_CHECKING:
    from ..book import Book

_NAME = re.compile(r"[^\W\d]\w*\Z")
_CELL_LIKE = re.compile(r"(?:[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|true|false)\Z", re.IGNORECASE)
_LONGEST = 250


def _check_name(book: Book, name: str | None, but: str | None = None) -> None:
    if not name or len(name) > _LONGEST or not _NAME.match(name) or _CELL_LIKE.match(name):
        raise invalid("The name given to this range is invalid")
    taken = {n["name"].casefold() for n in book.doc.get("namedRanges", []) if n["namedRangeId"] != but}
    taken |= {broken["name"].casefold() for broken in _broken(book) if broken["namedRangeId"] != but}
    if name.casefold() in taken:
        raise invalid(f"Cannot add named range with name {name}, a named range with that name already exists.")


def _broken(book: Book) -> list[dict[str, Any]]:
    return book.state.get("broken", [])


def named_range(book: Book, named_range_id: str | None) -> dict[str, Any]:
    """The named range with that id. ApiError 400 where there is none."""
    return found(book.doc.get("namedRanges", []), "namedRangeId", named_range_id, "named range")


def _add(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("namedRange", {})
    _check_name(book, new.get("name"))
    own = book.doc.setdefault("namedRanges", [])
    used = {item["namedRangeId"] for item in [*own, *_broken(book)]}
    name_id = new.get("namedRangeId") or _fresh(used)
    if name_id in used:
        raise invalid(f"Cannot add named range with id {name_id}, a named range with that id already exists.")
    made = {"namedRangeId": name_id, "name": new["name"], "range": stored(book, new.get("range"))}
    own.append(made)
    book.restructured()
    return {"addNamedRange": {"namedRange": made}}


def _fresh(used: set[str]) -> str:
    return str(fresh_id({int(name) for name in used if name.isdigit()}))


def _update(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("namedRange", {})
    own = _any_named_range(book, new.get("namedRangeId"))
    wanted = masks.heads(masks.parse(body.get("fields"), "NamedRange"), ("name", "range", "namedRangeId"))
    if "name" in wanted:
        _check_name(book, new.get("name"), own["namedRangeId"])
    if "range" in wanted:
        own["range"] = stored(book, new.get("range"))
        if own in _broken(book):
            _broken(book).remove(own)
            book.doc.setdefault("namedRanges", []).append(own)
        for sheet in book.doc["sheets"]:  # a protection of the named range goes where the name goes
            for protected in sheet.get("protectedRanges", []):
                if protected.get("namedRangeId") == own["namedRangeId"]:
                    protected["range"] = dict(own["range"])
    if "name" in wanted and new["name"] != own["name"]:
        _rename(book, own["name"], new["name"])
        own["name"] = new["name"]
    book.restructured()
    return {}


def _rename(book: Book, old: str, new: str) -> None:
    """Formulas go on speaking of the range by its new name."""
    map_texts(book, lambda text, home: with_name(text, old, new))


def _any_named_range(book: Book, named_range_id: str | None) -> dict[str, Any]:
    """As named_range(), broken ones included: those have no range."""
    listed = [*book.doc.get("namedRanges", []), *_broken(book)]
    return found(listed, "namedRangeId", named_range_id, "named range")


def _delete(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    own = _any_named_range(book, body.get("namedRangeId"))
    (_broken(book) if own in _broken(book) else book.doc["namedRanges"]).remove(own)
    for sheet in book.doc["sheets"]:
        for item in [*sheet.get("protectedRanges", []), *sheet.get("filterViews", [])]:
            if item.get("namedRangeId") == own["namedRangeId"]:
                del item["namedRangeId"]
    book.restructured()
    return {}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"addNamedRange": _add, "updateNamedRange": _update, "deleteNamedRange": _delete}
)
