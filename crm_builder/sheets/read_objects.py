"""What lies on a sheet beside its cells' contents: merged areas, pivot tables, row heights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


def read_merges(data: Iterable[Json], layout: Layout, known: Iterable[Area] | None, add: Add) -> tuple[Area, ...]:
    """All merged areas of a view; elsewhere (`known` is given) those that we know, and the others are users'."""
    ours = None if known is None else set(known)
    found = []
    for index, area in enumerate(decode_merges(data, layout)):
        if area is None or (ours is not None and area not in ours):
            add("merge", str(index))
        else:
            found.append(area)
    return tuple(found)


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
