"""Carries out what scripts write into cells: values as if typed, moments, formulas, formats, notes."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_builder.a1 import letters

from ...a1 import exceeds, written
from ...batch import apply
from ...batch.ranges import COLUMNS, ROWS, Rect, as_range
from ...formulas.text_format import format_value
from ...formulas.text_format_pattern import sections
from ...values import clear
from ...values_write import MAX_CHARACTERS, put
from ..objects import Scripted, ScriptError, mismatch
from .checks import check_editable, refused, violation
from .reading import filled
from .serials import DAY, MOMENT, serial

if TYPE_CHECKING:
    from ...book import Book
    from ..world import World

Rows = list[list[Any]]


def checked(owner: Scripted, name: str, given: Any, height: int, width: int) -> Rows:
    """The rows of a block that fits the range. ScriptError with the service's text where it does not."""
    if not isinstance(given, list) or not all(isinstance(row, list) for row in given):
        raise mismatch(owner, name, [given])
    _same("rows", len(given), height)
    for row in given:
        _same("columns", len(row), width)
        for value in row:
            check_value(owner, name, value)
    return [list(row) for row in given]


def _same(what: str, data: int, area: int) -> None:
    if data != area:
        raise ScriptError(
            f"The number of {what} in the data does not match the number of {what} in the range."
            f" The data has {data} but the range has {area}."
        )


def check_value(owner: Scripted, name: str, value: Any) -> None:
    """ScriptError for what no cell can hold."""
    if isinstance(value, str) and len(value) > MAX_CHARACTERS:
        text = f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell."
        raise ScriptError(text)
    if value is not None and not isinstance(value, str | int | float | datetime):
        raise mismatch(owner, name, [value])


def enter(world: World, book: Book, area: Rect, rows: Rows) -> None:
    """Writes values as if typed; a moment gets a date's format where the cell has none. ScriptError, and nothing is
    written, where cells are protected or their validation rejects."""
    grid = book.grid(area.sheet_id)
    if area.r1 > grid.rows or area.c1 > grid.columns:  # somebody has deleted rows since the write was noted
        raise exceeds(book, *area)
    check_editable(world, book, area)
    rules = grid.read("validation", *area.area)
    strict = any(rule and rule.get("strict") for row in rules for rule in row)
    before = [(plane, grid.read(plane, *area.area)) for plane in ("entered", "format")] if strict else []
    put(book, area.sheet_id, area.r0, area.c0, _typed(book, area, rows), "USER_ENTERED")
    wrong = refused(book, area, rules) if strict else None
    if wrong is not None:
        for plane, old in before:
            grid.write(plane, area.r0, area.c0, old)
        book.changed(*area)
        raise violation(wrong)


def _typed(book: Book, area: Rect, rows: Rows) -> Rows:
    """The rows as values of the REST interface; cells that get a moment have a format for it."""
    zone = book.doc["properties"].get("timeZone", "")
    grid = book.grid(area.sheet_id)
    shapes: Rows = []
    shaped = False
    made = []
    for r, row in enumerate(rows):
        line: list[Any] = []
        for c, value in enumerate(row):
            if value is None:
                line.append("")  # null empties a cell here; in the REST interface it would skip it
            elif isinstance(value, datetime):
                shapes = shapes or grid.read("format", *area.area)
                number = serial(value, zone)
                own = ((shapes[r][c] or {}).get("numberFormat") or {}).get("type", "")
                if own == "TEXT":
                    line.append(format_value(number, "DATE_TIME"))
                    continue
                if not own:
                    shape = DAY if number.is_integer() else MOMENT
                    shapes[r][c] = {**(shapes[r][c] or {}), "numberFormat": shape}
                    shaped = True
                line.append(number)
            elif isinstance(value, float) and not math.isfinite(value):
                line.append("#NUM!")
            else:
                line.append(value)
        made.append(line)
    if shaped:
        grid.write("format", area.r0, area.c0, shapes)
    return made


def append(world: World, book: Book, sheet_id: int, row: list[Any]) -> None:
    """Writes the values below the last row with content, on new rows and columns where the grid ends."""
    at, _ = filled(book, sheet_id)
    grid = book.grid(sheet_id)
    for dimension, missing in ((ROWS, at + 1 - grid.rows), (COLUMNS, len(row) - grid.columns)):
        if missing > 0:
            apply(book, [{"appendDimension": {"sheetId": sheet_id, "dimension": dimension, "length": missing}}])
    enter(world, book, Rect(sheet_id, at, 0, at + 1, len(row)), [row])


def empty(world: World, book: Book, area: Rect) -> None:
    """Takes values and formulas away; formats, notes and rules stay."""
    check_editable(world, book, area)
    title = book.sheet(area.sheet_id)["properties"]["title"]
    clear(book, written(title, *area.area))


def tick(world: World, book: Book, area: Rect, value: bool) -> None:
    """Checks or unchecks those of the cells that are checkboxes."""
    rules = book.grid(area.sheet_id).read("validation", *area.area)
    for r, row in enumerate(rules, area.r0):
        for c, rule in enumerate(row, area.c0):
            if rule and rule["condition"]["type"] == "BOOLEAN":
                given = [one.get("userEnteredValue", "") for one in rule["condition"].get("values", ())]
                wanted = (given[0] if value else (given[1:] or [""])[0]) if given else value
                enter(world, book, Rect(area.sheet_id, r, c, r + 1, c + 1), [[wanted]])


def cells(book: Book, area: Rect, rows: list[list[dict[str, Any]]], fields: str) -> None:
    """Writes CellData, all that `fields` names of them."""
    data = [{"values": row} for row in rows]
    apply(book, [{"updateCells": {"range": as_range(area), "rows": data, "fields": fields}}])


def number_format(pattern: str) -> dict[str, str] | None:
    """The NumberFormat of a pattern; None for the automatic one."""
    if pattern.casefold() in ("", "general"):
        return None
    first = sections(pattern)[0]
    kinds = {kind for kind, _ in first.tokens}
    signs = "".join(text.lower() for kind, text in first.tokens if kind == "date")
    if "text" in kinds and not kinds & {"digit", "date"}:
        return {"type": "TEXT", "pattern": "@"}
    if first.is_date:
        clock, day = any(sign in signs for sign in "hs"), any(sign in signs for sign in "yd")
        kind = "DATE_TIME" if clock and day else "TIME" if clock else "DATE"
    elif "pct" in kinds:
        kind = "PERCENT"
    elif "exp" in kinds:
        kind = "SCIENTIFIC"
    else:
        kind = "CURRENCY" if any(sign in pattern for sign in "$€£﷼") else "NUMBER"
    return {"type": kind, "pattern": pattern}


def name_of(row: int, column: int) -> str:
    return f"{letters(column)}{row + 1}"
