"""Charts, pivot tables, slicers and merged areas for property tests, in canonical form."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from crm_builder.model import Area, Cell, Chart, Criterion, Pivot, PivotGroup, PivotValue, Place, Series, Sheet, Slicer
from tests.sheets import strategies as some

WIDE = 4  # columns that stand free of merged areas on the left of a sheet

places = st.builds(
    Place,
    st.integers(1, some.ROWS),
    st.sampled_from(some.COLUMNS),
    st.integers(1, 900),
    st.integers(1, 900),
    st.integers(0, 30),
    st.integers(0, 30),
)
columns = st.sampled_from(some.COLUMNS)
heights = st.dictionaries(st.integers(2, some.ROWS), st.sampled_from((21, 30, 64)), max_size=12).map(
    lambda found: tuple(sorted(found.items()))
)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    kind = draw(st.sampled_from(("line", "area", "column", "bar", "combo", "pie", "scatter")))
    pie, combo = kind == "pie", kind == "combo"
    sheet, top = draw(st.sampled_from(some.SHEETS)), draw(st.integers(1, 30))
    bottom = draw(some.maybe(st.integers(top, some.ROWS - 1)))

    def area() -> Area:
        return Area(sheet, draw(columns), None, top, bottom)

    def series() -> Series:
        if pie:
            return Series(area())
        shape = draw(st.sampled_from(("line", "column", "area"))) if combo else None
        return Series(
            area(),
            draw(some.maybe(some.colours)),
            shape,
            right_axis=kind != "bar" and draw(st.booleans()),
            dashed=(shape or kind) in ("line", "area", "scatter") and draw(st.booleans()),
            labels=draw(st.booleans()),
        )

    stackable = kind in ("area", "column", "bar", "combo")
    legends = ("none", "top", "bottom", "left", "right")
    return Chart(
        draw(some.keys),
        draw(some.texts),
        kind,
        draw(places),
        area(),
        tuple(series() for _ in range(1 if pie else draw(st.integers(1, 3)))),
        subtitle=draw(some.texts),
        description=draw(some.texts),
        stacked=draw(st.sampled_from(("no", "yes", "percent"))) if stackable else "no",
        legend=draw(st.sampled_from((*legends, "labels") if pie else legends)),
        axis_title="" if pie else draw(some.texts),
        reversed=not pie and draw(st.booleans()),
        hole=draw(st.sampled_from((0, 0.55))) if pie else 0,
        ink=draw(some.maybe(some.colours)),
        font=draw(some.maybe(st.just("Vazirmatn"))),
        background=draw(some.maybe(some.colours)),
    )


@st.composite
def blocks(draw: st.DrawFn, sheet: str | None = None) -> tuple[Area, tuple[str, ...]]:
    """An area and the columns inside of it."""
    area = draw(some.areas(sheet))
    if area.first_column is None:
        return area, some.COLUMNS
    first = some.COLUMNS.index(area.first_column)
    return area, some.COLUMNS[first : some.COLUMNS.index(area.last_column or area.first_column) + 1]


@st.composite
def slicers(draw: st.DrawFn, sheet: str | None = None) -> Slicer:
    area, inside = draw(blocks(sheet))
    return Slicer(draw(some.keys), draw(some.texts), draw(places), area, draw(st.sampled_from(inside)))


@st.composite
def pivots(draw: st.DrawFn, sheet: str | None = None) -> Pivot:
    area, inside = draw(blocks(sheet))
    column = st.sampled_from(inside)
    summary = st.sampled_from(("sum", "count", "counta", "countunique", "average", "max", "min", "median"))
    titles = draw(st.lists(some.keys, min_size=1, max_size=3, unique=True))
    values = tuple(PivotValue(draw(column), draw(summary), title) for title in titles)
    by = some.maybe(st.integers(0, len(values) - 1))
    groups = st.lists(
        st.builds(PivotGroup, column, some.texts, st.booleans(), st.booleans(), by), min_size=1, max_size=2
    )
    conditions = some.conditions("filter").filter(
        lambda one: not any("[" in value for value in one.values if isinstance(value, str))
    )
    return Pivot(
        draw(some.keys),
        draw(st.integers(1, some.ROWS)),
        draw(columns),
        area,
        tuple(draw(groups)),
        values,
        draw(st.just(()) | groups.map(tuple)),
        tuple(Criterion(key, draw(conditions)) for key in sorted(draw(st.sets(column, max_size=2)))),
    )


@st.composite
def merges(draw: st.DrawFn, sheet: str) -> tuple[Area, ...]:
    """Areas beside and below each other, right of the first columns and below the first rows."""
    rows = sorted(draw(st.sets(st.integers(4, some.ROWS), max_size=6)))
    found = []
    for top, below in pairwise(rows):
        edges = sorted(draw(st.sets(st.integers(WIDE, len(some.COLUMNS)), min_size=2, max_size=3)))
        high = draw(st.integers(1, below - top))
        for left, right in pairwise(edges):
            if high * (right - left) > 1:
                first, last = some.COLUMNS[left], some.COLUMNS[right - 1]
                found.append(Area(sheet, first, None if last == first else last, top, top + high - 1))
    return tuple(found)


@st.composite
def cells(draw: st.DrawFn, first_row: int) -> tuple[Cell, ...]:
    """Cells left of the merged areas, each holding something."""
    texts = some.texts.filter(bool)
    free = st.tuples(st.integers(first_row, some.ROWS), st.sampled_from(some.COLUMNS[:WIDE]))
    found = []
    for row, column in sorted(draw(st.sets(free, max_size=8))):
        look = draw(some.maybe(some.formats))
        rule = draw(some.maybe(some.validations))
        kind = draw(st.sampled_from(("value", "formula", "link")))
        if kind == "formula":
            found.append(Cell(row, column, formula="=A1&1", format=look, validation=rule))
        else:
            link = draw(st.sampled_from(some.SHEETS)) if kind == "link" else ""
            found.append(Cell(row, column, draw(texts), format=look, note=draw(some.texts), validation=rule, link=link))
    return tuple(found)


def decked(sheet: Sheet, draw: st.DrawFn) -> dict[str, object]:
    """What may lie on a sheet beside its columns: arguments for `replace`."""
    contents = draw(cells(1 if sheet.kind == "view" else 2))
    filled = {(cell.row, cell.column) for cell in contents}
    merged = draw(merges(sheet.key))
    free = pivots("two").filter(lambda pivot: pivot.column in some.COLUMNS[:WIDE] and pivot.row > 1)
    pivoted = draw(
        st.lists(free, max_size=2, unique_by=(lambda one: one.key, lambda one: (one.row, one.column))).map(
            lambda found: tuple(pivot for pivot in found if (pivot.row, pivot.column) not in filled)
        )
    )
    return {
        "cells": contents,
        "merges": merged,
        "heights": draw(heights),
        "pivots": pivoted,
        "charts": tuple(draw(st.lists(charts(), max_size=2, unique_by=lambda one: one.key))),
        "slicers": tuple(draw(st.lists(slicers(sheet.key), max_size=2, unique_by=lambda one: one.key))),
    }
