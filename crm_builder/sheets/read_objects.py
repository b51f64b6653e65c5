"""What lies on a sheet beside its cells' contents: merged areas, pivot tables, row heights."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from crm_builder.model import HEADER_ROW, Area, Pivot
from crm_builder.sheets.grid import Grid
from crm_builder.sheets.layout import Layout, NotOursError, Place
from crm_builder.sheets.marks import Contents
from crm_builder.sheets.merges import decode_merges
from crm_builder.sheets.offsets import pivot_offsets
from crm_builder.sheets.pivots import anchor_of, decode_pivot, pivot_digest

Json = dict[str, Any]
Add = Callable[[str, str], None]  # notes something foreign: kind, number


def read_merges(
    data: Iterable[Json], layout: Layout, known: Collection[Area], every: bool, add: Add
) -> tuple[Area, ...]:
    """Of a view `every` merged area; elsewhere those that we know, and the others are users'."""
    found = []
    for index, area in enumerate(decode_merges(data, layout)):
        one = area and _as_known(area, layout, known)
        if one is None or not (every or one in known):
            add("merge", str(index))
        else:
            found.append(one)
    return tuple(found)


def _as_known(area: Area, layout: Layout, known: Collection[Area]) -> Area:
    """The area. Where people deleted the columns beside it, one of some columns reads as one of all that are there."""
    if area.first_column is not None or area in known:
        return area
    place = layout.place(area.sheet)
    first, last = (place.column_key(index) for index in place.ends)
    named = replace(area, first_column=first, last_column=None if first == last else last)
    return named if named in known else area


def read_heights(grid: Grid, place: Place, marked: Iterable[Contents]) -> tuple[tuple[int, int], ...]:
    """Pixels of the rows that were given a height; all others are as high as their content."""
    rows = sorted({row for contents in marked for row in contents.heights} - {HEADER_ROW} - place.gone)
    return tuple((row, grid.heights[place.line(row)]) for row in rows if place.line(row) in grid.heights)


def read_pivots(
    grid: Grid,
    place: Place,
    layout: Layout,
    marks: Iterable[tuple[str, str, str]],
    written: Mapping[str, tuple[int, ...]],
    add: Add,
) -> tuple[Pivot, ...]:
    """Pivot tables carry no number: they are known by their cell and, where that has changed, by what they sum up.

    `written` are the offsets with which they were written last.
    """
    found: dict[int, Pivot] = {}
    counted: dict[int, tuple[int, ...]] = {}
    for index, (line, column, cell) in enumerate(grid.having("pivotTable")):
        try:
            row = place.row_to(line)
            found[index] = decode_pivot(cell["pivotTable"], layout, "", row, place.column_key(column))
            counted[index] = pivot_offsets(cell["pivotTable"])
        except NotOursError:
            add("pivot", str(index))
    keys: dict[int, str] = {}
    free = {key: (cell, digest) for key, cell, digest in marks}
    for same in (0, 1):
        for index, pivot in found.items():
            if index in keys:
                continue
            looks = (anchor_of(pivot), pivot_digest(pivot))
            key = next((key for key, known in free.items() if known[same] == looks[same]), None)
            if key is not None:
                del free[key]
                keys[index] = key
    for index in found.keys() - keys.keys():
        add("pivot", str(index))
    ours = (
        replace(found[index], key=key, untouched=written.get(f"pivot {key}") == counted[index])
        for index, key in keys.items()
    )
    return tuple(sorted(ours, key=lambda pivot: pivot.key))
