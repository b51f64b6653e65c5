"""Number formats that single cells have of their own, such as a date typed among texts: kept, and set again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from crm_builder.a1 import runs
from crm_builder.deploy.entered import Grid, Spot
from crm_builder.model import CellFormat, NumberFormat, Sheet
from crm_builder.sheets.formats import decode_format, encode_format, settle
from crm_builder.sheets.layout import Place

Json = dict[str, Any]
Formats = Mapping[Spot, NumberFormat | None]  # None: the cell has none, although its column has one
Span = Sequence[Any]  # column, first line, the line after the last, kind ("" for none), pattern


def numbers_in(grid: Grid, ours: Collection[Spot] = ()) -> set[Spot]:
    """The cells whose look a number format decides: those with numbers and formulas. `ours` are left out."""
    held = ((line, index, content) for line, row in enumerate(grid) for index, content in enumerate(row))
    spots = {(line, index) for line, index, content in held if isinstance(content, int | float | Mapping)}
    return {spot for spot in spots.difference(ours) if not isinstance(grid[spot[0]][spot[1]], bool)}


def formats_apart(spots: Collection[Spot], formats: Mapping[Spot, Json], sheet: Sheet, place: Place) -> Formats:
    """Of these cells those that are shown otherwise than their column."""
    columns = {place.columns[one.key]: one.format for one in sheet.columns if one.key in place.columns}
    found: dict[Spot, NumberFormat | None] = {}
    for spot in spots:
        under = columns.get(spot[1], CellFormat())
        number = _decoded(formats.get(spot), under)
        if number != under.number:
            found[spot] = number
    return found


def formats_all(spots: Collection[Spot], formats: Mapping[Spot, Json]) -> Formats:
    """The same of a sheet of people's own, whose columns have none."""
    return {spot: _decoded(formats[spot], CellFormat()) for spot in spots if spot in formats}


def _decoded(data: Json | None, under: CellFormat) -> NumberFormat | None:
    return None if data is None else _number(data.get("type", ""), data.get("pattern", ""), under)


@cache
def _number(kind: str, pattern: str, under: CellFormat) -> NumberFormat | None:
    data = {"type": kind, "pattern": pattern}
    return settle(decode_format({"numberFormat": data}), under).number


def spans_of(formats: Formats) -> list[Span]:
    """As they are written into a file."""
    spans = []
    for index, number, first, end in _runs(formats):
        spans.append([index, first, end, *((number.kind, number.pattern) if number else ("", ""))])
    return spans


def formats_of(spans: Sequence[Span]) -> Formats:
    return {
        (line, index): NumberFormat(kind, pattern) if kind else None
        for index, first, end, kind, pattern in spans
        for line in range(first, end)
    }


def format_requests(sheet_id: int, formats: Formats) -> list[Json]:
    """The requests that set them, and nothing else of how the cells look."""
    requests = []
    for index, number, first, end in _runs(formats):
        area = {"sheetId": sheet_id, "startColumnIndex": index, "endColumnIndex": index + 1}
        area |= {"startRowIndex": first, "endRowIndex": end}
        cell = {"userEnteredFormat": encode_format(CellFormat(number=number)) if number else {}}
        requests.append({"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredFormat.numberFormat"}})
    return requests


def _runs(formats: Formats) -> Iterator[tuple[int, NumberFormat | None, int, int]]:
    """(column, format, first line, the line after the last) of neighbours below each other that are alike."""
    lines: dict[tuple[int, NumberFormat | None], list[int]] = {}
    for (line, index), number in formats.items():
        lines.setdefault((index, number), []).append(line)
    for (index, number), found in lines.items():
        yield from ((index, number, run[0], run[-1] + 1) for run in runs(found))
