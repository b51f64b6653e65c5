"""Native tables: add, update, delete."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..blocks import Formula
from ..errors import invalid
from . import masks
from .conditions import VALIDATION, checked
from .ranges import Rect, known_rect, rect, sheet_of
from .values import found, fresh_id, paired

if TYPE_CHECKING:
    from ..book import Book

_FIELDS = ("name", "range", "rowsProperties", "columnProperties", "tableId")
_UNSPECIFIED = "COLUMN_TYPE_UNSPECIFIED"


def _tables(book: Book) -> list[dict[str, Any]]:
    return [table for sheet in book.doc["sheets"] for table in sheet.get("tables", [])]


def _check_place(book: Book, area: Rect, own: dict[str, Any] | None) -> None:
    sheet = sheet_of(book, area.sheet_id)
    others = [table for table in sheet.get("tables", []) if table is not own]
    taken = (
        ("a table", others),
        ("alternating background colors", sheet.get("bandedRanges", [])),
        ("a basic filter", [sheet["basicFilter"]] if "basicFilter" in sheet else []),
    )
    for words, items in taken:
        if any(area.meets(known_rect(book, item["range"])) for item in items):
            raise invalid(f"You cannot add a table to a range that already has {words}.")
    if any(area.meets(known_rect(book, merge)) for merge in sheet.get("merges", [])):
        raise invalid("You cannot add a table to a range with merged cells.")


def _checked(book: Book, new: dict[str, Any], table_id: str, own: dict[str, Any] | None) -> dict[str, Any]:
    name = new.get("name") or _free_name(book)
    if any(t["name"].casefold() == name.casefold() for t in _tables(book) if t is not own):
        raise invalid(f"A table with the name {name} already exists.")
    area = rect(book, new.get("range"))
    _check_place(book, area, own)
    out: dict[str, Any] = {"tableId": table_id, "name": name, "range": dict(new["range"])}
    out["range"] = {"sheetId": area.sheet_id} | {key: out["range"][key] for key in out["range"] if key != "sheetId"}
    if new.get("rowsProperties"):
        out["rowsProperties"] = paired(new["rowsProperties"], styles_only=True)
    out["columnProperties"] = _columns(book, area, new.get("columnProperties", []))
    return out


def _free_name(book: Book) -> str:
    taken = {table["name"] for table in _tables(book)}
    number = 1
    while f"Table{number}" in taken:
        number += 1
    return f"Table{number}"


def _columns(book: Book, area: Rect, sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Properties of every column; names come from the header cells, or are the first free "Column N" (reported)."""
    grid = book.grid(area.sheet_id)
    header = grid.read("entered", area.r0, area.c0, area.r0 + 1, area.c1)[0]
    if any(isinstance(cell, Formula) for cell in header):
        raise invalid("Formulas are not supported in a table header row.")
    given = {column.get("columnIndex", 0): column for column in sent}
    if len(given) < len(sent) or any(not 0 <= at < area.width for at in given):
        raise invalid("columnProperties must name each column of the table at most once.")
    taken = {column.get("columnName") for column in sent} | {_text(cell) for cell in header if cell is not None}
    free = (name for name in map("Column {}".format, range(1, area.width + len(taken) + 1)) if name not in taken)
    out = []
    for at in range(area.width):
        column = given.get(at, {})
        kind, rule = column.get("columnType", _UNSPECIFIED), column.get("dataValidationRule")
        if kind == "DROPDOWN" and not (rule or {}).get("condition"):
            raise invalid("Condition must be set for dropdown column type.")
        if kind != "DROPDOWN" and rule:
            raise invalid("Cannot set condition for non-dropdown column type.")
        shown = None if header[at] is None or (kind != _UNSPECIFIED and at in given) else _text(header[at])
        made: dict[str, Any] = {
            "columnIndex": at,
            "columnName": column.get("columnName") or shown or next(free),
        }
        if kind != _UNSPECIFIED:
            made["columnType"] = kind
        if rule:
            made["dataValidationRule"] = {"condition": checked(book, rule["condition"], VALIDATION, area.sheet_id)}
        out.append(made)
    names = [column["columnName"] for column in out]
    grid.write("entered", area.r0, area.c0, [names])
    book.changed(area.sheet_id, area.r0, area.c0, area.r0 + 1, area.c1)
    return out


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _add(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new, used = body.get("table", {}), {table["tableId"] for table in _tables(book)}
    table_id = new.get("tableId") or str(fresh_id({int(name) for name in used if name.isdigit()}))
    if table_id in used:
        raise invalid(f"Table with id {table_id} already exists.")
    made = _checked(book, new, table_id, None)
    sheet_of(book, made["range"]["sheetId"]).setdefault("tables", []).append(made)
    return {"addTable": {"table": copy.deepcopy(made)}}


def _update(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("table", {})
    own = found(_tables(book), "tableId", new.get("tableId"), "table")
    paths = masks.parse(body.get("fields"), "Table")
    masks.heads(paths, _FIELDS)
    merged = masks.merged(own, new, [path for path in paths if path != ("tableId",)])
    if merged["range"].get("sheetId", 0) != own["range"]["sheetId"]:
        raise invalid("A table cannot be moved to another sheet.")
    if any(path[0] == "columnProperties" for path in paths) and not all(
        column.get("columnName") for column in merged.get("columnProperties", [])
    ):
        raise invalid("Table header row cell must have a value.")
    made = _checked(book, merged, own["tableId"], own)
    own.clear()
    own.update(made)
    return {}


def _delete(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    """Takes the table and its cells' content away, and the conditional formats inside it (reported of the service)."""
    own = found(_tables(book), "tableId", body.get("tableId"), "table")
    area = known_rect(book, own["range"])
    sheet = sheet_of(book, area.sheet_id)
    sheet["tables"] = [table for table in sheet["tables"] if table is not own]
    for rule in sheet.get("conditionalFormats", []):
        rule["ranges"] = [one for one in rule["ranges"] if not area.holds(known_rect(book, one))]
    if "conditionalFormats" in sheet:
        sheet["conditionalFormats"] = [rule for rule in sheet["conditionalFormats"] if rule["ranges"]]
    grid = book.grid(area.sheet_id)
    for plane in ("entered", "format", "validation", "note", "extra"):
        grid.fill(plane, *area.area, None)
    book.changed(*area)
    return {}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"addTable": _add, "updateTable": _update, "deleteTable": _delete}
)
