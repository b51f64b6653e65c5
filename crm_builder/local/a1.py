"""A1 notation as the values calls take and answer it: titles in quotes, open ranges, named ranges, R1C1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm_builder.a1 import column_index, letters

from .errors import invalid

if TYPE_CHECKING:
    from .book import Book

_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?([0-9]{1,7})?\Z")
_R1C1 = re.compile(r"R([0-9]+)?C([0-9]+)?\Z", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_QUOTED = re.compile(r"'((?:[^']|'')*)'(?:!(.*))?\Z", re.DOTALL)


class Area(NamedTuple):
    """A rectangle of one sheet, half-open, 0-based, inside the grid; `single` where one cell was named, without ":"."""

    sheet_id: int
    r0: int
    c0: int
    r1: int
    c1: int
    single: bool = False


class Bounds(NamedTuple):
    """A range as written, not yet laid on a grid: None is open."""

    r0: int | None
    c0: int | None
    r1: int | None
    c1: int | None
    single: bool = False


def quoted(title: str) -> str:
    """A title as answers write it: in quotes where it is no plain word, or reads like a cell (recorded)."""
    if _PLAIN.match(title) and not _reads_as_cell(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def _reads_as_cell(title: str) -> bool:
    found = _CELL.match(title)
    return bool(found and found.group(1) and found.group(2)) or bool(_R1C1.match(title))


def written(title: str, r0: int, c0: int, r1: int, c1: int) -> str:
    """A range as answers write it: one cell without ":"."""
    first = f"{letters(c0)}{r0 + 1}"
    last = f"{letters(c1 - 1)}{r1}"
    return f"{quoted(title)}!{first}" + ("" if first == last else f":{last}")


def parse_bounds(text: str) -> Bounds | None:
    """The part of a range after the title, or None where it is none."""
    first, colon, last = text.partition(":")
    ends = [_end(first), _end(last) if colon else _end(first)]
    if ends[0] is None or ends[1] is None:
        return None
    (r0, c0), (r1, c1) = ends[0], ends[1]
    if not colon and (r0 is None or c0 is None):
        return None
    if (r0 is None) != (r1 is None) and (c0 is None or c1 is None):
        return None  # "A:3" names neither columns nor rows
    rows, columns = _ordered(r0, r1), _ordered(c0, c1)
    return Bounds(rows[0], columns[0], rows[1], columns[1], not colon)


def _end(text: str) -> tuple[int | None, int | None] | None:
    found = _CELL.match(text)
    if found and text:
        letters, digits = found.groups()
        if digits and int(digits) == 0:
            return None
        return (int(digits) - 1 if digits else None), (column_index(letters) if letters else None)
    found = _R1C1.match(text)
    if found and all(found.groups()):
        row, column = int(found.group(1)), int(found.group(2))
        return (row - 1, column - 1) if row and column else None
    return None


def _ordered(first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """Half-open, in order; "A5:B" has rows 5 to the end, "A:B5" rows 1 to 5 (documented)."""
    if first is not None and last is not None:
        return min(first, last), max(first, last) + 1
    if first is None and last is not None:
        return 0, last + 1
    return first, None


def parse(book: Book, text: str) -> Area:
    """The area a range names. ApiError 400 "Unable to parse range: …", or "… exceeds grid limits …"."""
    sheet_id, bounds = _resolved(book, text)
    grid = book.grid(sheet_id)
    r0, c0 = bounds.r0 or 0, bounds.c0 or 0
    r1 = grid.rows if bounds.r1 is None else bounds.r1
    c1 = grid.columns if bounds.c1 is None else bounds.c1
    if r0 >= grid.rows or c0 >= grid.columns:
        raise exceeds(book, sheet_id, r0, c0, max(r1, r0 + 1), max(c1, c0 + 1))
    return Area(sheet_id, r0, c0, min(r1, grid.rows), min(c1, grid.columns), bounds.single)


def exceeds(book: Book, sheet_id: int, r0: int, c0: int, r1: int, c1: int) -> Exception:
    """The error of a range that leaves the grid (recorded text)."""
    grid, title = book.grid(sheet_id), book.sheet(sheet_id)["properties"]["title"]
    where = written(title, r0, c0, r1, c1)
    return invalid(f"Range ({where}) exceeds grid limits. Max rows: {grid.rows}, max columns: {grid.columns}")


def _resolved(book: Book, text: str) -> tuple[int, Bounds]:
    whole = Bounds(None, None, None, None)
    wrong = invalid(f"Unable to parse range: {text}")
    found = _QUOTED.match(text)
    if found:
        title, rest = found.group(1).replace("''", "'"), found.group(2)
    elif "!" in text:
        title, _, rest = text.rpartition("!")
    else:  # a bare name wins over a sheet of the same title (recorded)
        named = _named(book, text)
        if named is not None:
            return named
        bounds = parse_bounds(text)
        if bounds is not None:
            return book.doc["sheets"][0]["properties"]["sheetId"], bounds
        title, rest = text, None
    sheet_id = _sheet_id(book, title)
    bounds = whole if rest is None else parse_bounds(rest)
    if bounds is None and rest:  # a named range after its own sheet's title is taken too (recorded)
        named = _named(book, rest)
        bounds = named[1] if named is not None and named[0] == sheet_id else None
    if sheet_id is None or bounds is None or not book.has_grid(sheet_id):
        raise wrong
    return sheet_id, bounds


def _sheet_id(book: Book, title: str) -> int | None:
    properties = [sheet["properties"] for sheet in book.doc["sheets"]]
    for known in properties:
        if known["title"] == title:
            return known["sheetId"]
    return next((known["sheetId"] for known in properties if known["title"].casefold() == title.casefold()), None)


def _named(book: Book, text: str) -> tuple[int, Bounds] | None:
    for named in book.doc.get("namedRanges", []):
        if named["name"].casefold() == text.casefold():
            area = named["range"]
            return area.get("sheetId", 0), Bounds(
                area.get("startRowIndex"),
                area.get("startColumnIndex"),
                area.get("endRowIndex"),
                area.get("endColumnIndex"),
            )
    return None


def from_grid_range(book: Book, area: dict) -> Area:
    """The area of a GridRange; what is open reaches to the end of the grid. ApiError 400 without such a sheet."""
    sheet_id = area.get("sheetId", 0)
    grid = book.grid(sheet_id)
    r0, c0 = area.get("startRowIndex", 0), area.get("startColumnIndex", 0)
    r1, c1 = area.get("endRowIndex", grid.rows), area.get("endColumnIndex", grid.columns)
    if r0 < 0 or c0 < 0 or r1 <= r0 or c1 <= c0:
        raise invalid(f"Invalid GridRange: rows {r0} to {r1}, columns {c0} to {c1}")
    if r0 >= grid.rows or c0 >= grid.columns:
        raise exceeds(book, sheet_id, r0, c0, r1, c1)
    return Area(sheet_id, r0, c0, min(r1, grid.rows), min(c1, grid.columns))
