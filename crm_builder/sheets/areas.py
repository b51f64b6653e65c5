"""Area ↔ GridRange (0-based, half-open, missing = unbounded) and Area ↔ absolute A1 notation."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from crm_builder.a1 import column_index, letters, quote
from crm_builder.model import HEADER_ROW, Area
from crm_builder.sheets.layout import Layout, NotOursError, Place

Json = dict[str, Any]


def encode_range(area: Area, layout: Layout) -> Json:
    """A GridRange that is open wherever the area is. Where people moved its last row or column before the first, the
    ends change places: the service refuses any other order."""
    place = layout.place(area.sheet)
    grid: Json = {"sheetId": place.sheet_id}
    top, bottom = _lines(area, place)
    if top or bottom is not None:
        grid["startRowIndex"] = top
    if bottom is not None:
        grid["endRowIndex"] = bottom + 1
    if area.first_column is not None:
        first, last = _columns(area, place)
        grid["startColumnIndex"], grid["endColumnIndex"] = first, last + 1
    return grid


def encode_block(area: Area, layout: Layout) -> Json:
    """A GridRange whose columns are always named, so that columns inside of it can be counted from its first."""
    place = layout.place(area.sheet)
    first, last = (0, place.width - 1) if area.first_column is None else _columns(area, place)
    grid = encode_range(area, layout)
    top, _ = _lines(area, place)
    return grid | {"startRowIndex": top, "startColumnIndex": first, "endColumnIndex": last + 1}


def offset_in(area: Area, column: str, layout: Layout) -> int:
    """How many columns of the area's block stand before that column."""
    place = layout.place(area.sheet)
    return place.column(column) - (0 if area.first_column is None else _columns(area, place)[0])


def column_at(grid: Json, offset: int, layout: Layout) -> str:
    """The key of the column that stands so far inside a GridRange."""
    return layout.by_id(grid.get("sheetId", 0)).column_key(grid.get("startColumnIndex", 0) + offset)


def decode_range(grid: Json, layout: Layout) -> Area:
    """The area of a GridRange. An end that equals the grid's is read as open: the service may close open ranges.

    Lines that people inserted at its edges are left out; NotOursError where it holds no other.
    """
    place = layout.by_id(grid.get("sheetId", 0))
    return _area(
        place,
        grid.get("startRowIndex", 0),
        grid.get("endRowIndex"),
        grid.get("startColumnIndex", 0),
        grid.get("endColumnIndex"),
    )


def decode_source(grid: Json, layout: Layout) -> Area:
    """The area that a pivot table or a slicer reads, which begins at the header: also where people deleted that."""
    area, place = decode_range(grid, layout), layout.by_id(grid.get("sheetId", 0))
    return replace(area, first_row=HEADER_ROW) if place.headless and not grid.get("startRowIndex", 0) else area


def encode_a1(area: Area, layout: Layout) -> str:
    """`'Title'!$A$2:$A` (open) or `'Title'!$A$2:$B$9`."""
    place = layout.place(area.sheet)
    first, last = (0, place.width - 1) if area.first_column is None else _columns(area, place)
    top, bottom = _lines(area, place)
    end = "" if bottom is None else f"${bottom + 1}"
    return f"{quote(place.title)}!${letters(first)}${top + 1}:${letters(last)}{end}"


_A1 = re.compile(r"(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?\$?([A-Za-z]{1,3})\$?(\d+)?(?::\$?([A-Za-z]{1,3})\$?(\d+)?)?")


def decode_a1(text: str, layout: Layout, home: str) -> Area:
    """The area of an A1 range; one without a title stands on sheet `home`."""
    match = _A1.fullmatch(text)
    if not match:
        raise NotOursError(f"range {text!r}")
    quoted, plain, left, top, right, bottom = match.groups()
    title = quoted.replace("''", "'") if quoted else plain
    place = layout.by_title(title) if title else layout.place(home)
    first_row = int(top) - 1 if top else 0
    if right is None:
        last_row: int | None = first_row + 1 if top else None
    else:
        last_row = int(bottom) if bottom else None
    return _area(place, first_row, last_row, column_index(left), column_index(right or left) + 1)


def _columns(area: Area, place: Place) -> tuple[int, int]:
    first = place.column(area.first_column or "")
    last = first if area.last_column is None else place.column(area.last_column)
    return min(first, last), max(first, last)


def _lines(area: Area, place: Place) -> tuple[int, int | None]:
    first = place.line(area.first_row)
    if area.last_row is None:
        return first, None
    last = place.line(area.last_row)
    return min(first, last), max(first, last)


def _area(place: Place, top: int, bottom: int | None, left: int, right: int | None) -> Area:
    first_row = place.row_from(top)
    last_row = None if bottom is None or bottom >= place.rows else place.row_to(bottom - 1)
    if last_row is not None and last_row < first_row:
        if first_row not in place.lines or place.line(first_row) != top or place.line(last_row) != (bottom or 0) - 1:
            raise NotOursError(f"lines {top} to {bottom} of {place.key}")
        first_row, last_row = last_row, first_row
    right = place.width if right is None else right
    first_own, last_own = place.ends
    if first_own < last_own and left <= first_own and right > last_own:  # whatever columns others added beside ours
        return Area(place.key, None, None, first_row, last_row)
    first, last = place.column_key(left), place.column_key(right - 1)
    return Area(place.key, first, None if last == first else last, first_row, last_row)
