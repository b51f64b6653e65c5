"""Carries out the requests of spreadsheets.batchUpdate: one file a family of kinds, one table of all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..errors import ApiError, invalid
from . import (
    banding,
    cells,
    charts,
    dimensions,
    editing,
    filling,
    filters,
    looks,
    metadata,
    moving,
    names,
    paste,
    protection,
    rules,
    sheets,
    sorting,
    tables,
    validation,
)
from .values import cleaned, shown

if TYPE_CHECKING:
    from ..book import Book

Handler = Callable[["Book", dict[str, Any]], dict[str, Any]]
_FAMILIES = (
    *(sheets, dimensions, cells, validation, looks, sorting, moving, paste, filling, editing),
    *(names, protection, banding, rules, filters, metadata, charts, tables),
)
HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {kind: call for family in _FAMILIES for kind, call in family.TABLE.items()}
)


def apply(book: Book, requests: list[dict[str, Any]], check: bool = True) -> list[dict[str, Any]]:
    """Carries the requests out in order and returns their replies in place, {} where a kind has none.

    The bodies' fields and enums are checked before; here their meaning is. `check` off skips nothing but that a
    batch must not be empty. Raises ApiError with "Invalid requests[i].kind: …" at the first that cannot be done; the
    caller takes back what was done before it, for a batch is applied as a whole or not at all (documented).
    """
    if check and not requests:
        raise invalid("Must specify at least one request.")
    replies = []
    book.metadata_ids = None
    for at, request in enumerate(requests):
        kinds = [kind for kind, body in request.items() if body is not None]
        if len(kinds) != 1:
            raise invalid(f"Invalid requests[{at}]: No request set." if not kinds else _several(at, kinds))
        kind = kinds[0]
        handler = HANDLERS.get(kind)
        if handler is None:
            raise invalid(f"Invalid requests[{at}].{kind}: This kind of request is not supported by a local workspace.")
        if kind != "createDeveloperMetadata":
            book.metadata_ids = None
        try:
            replies.append(shown(handler(book, cleaned(request[kind]))))
        except ApiError as error:
            if error.status >= 500:  # told without the place (reported)
                raise
            message = f"Invalid requests[{at}].{kind}: {error.message}"
            raise ApiError(error.status, error.code, message, error.details) from error
    return replies


def _several(at: int, kinds: list[str]) -> str:
    return f"Invalid value at 'requests[{at}]' (oneof), oneof field 'kind' is already set. Cannot set '{kinds[1]}'"
