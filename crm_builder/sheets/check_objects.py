"""Checks of what lies on a sheet: merged areas, row heights, charts, pivot tables, slicers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from crm_builder.errors import Problem
from crm_builder.model import HEADER_ROW, Area, Chart, Pivot, Place, Series, Sheet
from crm_builder.sheets.check_parts import Checked, trouble_with_area, trouble_with_condition
from crm_builder.sheets.formula_text import keys_in
from crm_builder.sheets.merges import Block, block_of

_STACKABLE = ("area", "column", "bar", "combo")


def check_objects(sheet: Sheet, checked: Checked, path: str) -> Iterator[Problem]:
    yield from _merges(sheet, checked, f"{path}.merges")
    yield from _heights(sheet, f"{path}.heights")
    for chart in sheet.charts:
        yield from _chart(chart, sheet, checked, f"{path}.charts.{chart.key}")
    yield from _pivots(sheet, checked, path)
    for slicer in sheet.slicers:
        where = f"{path}.slicers.{slicer.key}"
        yield from _place(slicer.place, sheet, where)
        yield from trouble_with_area(slicer.area, checked, f"{where}.area")
        yield from _inside(slicer.column, slicer.area, checked, f"{where}.column")


def _merges(sheet: Sheet, checked: Checked, path: str) -> Iterator[Problem]:
    contents = {(cell.row, cell.column) for cell in sheet.cells}
    keys = [column.key for column in sheet.columns]
    taken: dict[tuple[int, int], str] = {}
    for area in sheet.merges:
        where = f"{path}.{area_text(area)}"
        faults = list(trouble_with_area(area, checked, where, sheet.key))
        if faults:
            yield from faults
            continue
        block = block_of(area, sheet)
        yield from _merge(block, sheet, where)
        over = {taken[place] for place in block.cells() if place in taken}
        for other in sorted(over):
            yield Problem(f"it overlaps {other}", path=where)
        taken |= dict.fromkeys(block.cells(), area_text(area))
        for row, column in block.cells():
            if (row, column) != (block.top, block.left) and (row + 1, keys[column]) in contents:
                yield Problem(
                    f"it covers the cell {keys[column]}[{row + 1}]", path=where, hint="only its first is seen"
                )


def _merge(block: Block, sheet: Sheet, path: str) -> Iterator[Problem]:
    if (block.bottom - block.top) * (block.right - block.left) < 2:
        yield Problem("one cell is nothing to merge", path=path)
    for noun, frozen, first, end in (
        ("rows", sheet.frozen_rows, block.top, block.bottom),
        ("columns", sheet.frozen_columns, block.left, block.right),
    ):
        if first < frozen < end:
            yield Problem(f"it holds frozen and other {noun}, which the service refuses", path=path)


def area_text(area: Area) -> str:
    """`a2:c3` for the columns a to c."""
    first, last = area.first_column or "", area.last_column or area.first_column or ""
    return f"{first}{area.first_row}:{last}{area.last_row or ''}"


def _heights(sheet: Sheet, path: str) -> Iterator[Problem]:
    rows = [row for row, _ in sheet.heights]
    if sheet.header_height is not None:
        rows.append(HEADER_ROW)
    for row, count in Counter(rows).items():
        if count > 1:
            yield Problem(f"row {row} has {count} heights", path=path)
        if not 1 <= row <= sheet.rows:
            yield Problem(f"row {row} does not lie in a grid of {sheet.rows}", path=path)
    for row, height in sheet.heights:
        if height < 1:
            yield Problem(f"row {row} has no height", path=path)


def _place(place: Place, sheet: Sheet, path: str) -> Iterator[Problem]:
    if place.column not in [column.key for column in sheet.columns]:
        yield Problem(f"there is no column {place.column!r}", path=f"{path}.place")
    if not 1 <= place.row <= sheet.rows:
        yield Problem(f"the sheet has {sheet.rows} rows, not {place.row}", path=f"{path}.place")
    if min(place.width, place.height) < 1 or min(place.dx, place.dy) < 0:
        yield Problem("it needs a size, and offsets of 0 or more", path=f"{path}.place")


def _chart(chart: Chart, sheet: Sheet, checked: Checked, path: str) -> Iterator[Problem]:
    yield from _place(chart.place, sheet, path)
    if not chart.series:
        yield Problem("a chart needs a series", path=path)
    named = [("domain", chart.domain), *((f"series[{index}]", one.area) for index, one in enumerate(chart.series))]
    faults = [fault for name, area in named for fault in trouble_with_area(area, checked, f"{path}.{name}")]
    yield from faults
    if not faults:
        heights = {name: _rows(area, checked) for name, area in named}
        for name, rows in heights.items():
            if rows != heights["domain"]:
                yield Problem(f"it has {rows} rows, the domain {heights['domain']}", path=f"{path}.{name}")
        for name, area in named:
            if len(_columns(area, checked)) > 1:
                yield Problem("it must be one column wide", path=f"{path}.{name}")
    yield from _kind(chart, path)
    for index, one in enumerate(chart.series):
        yield from _series(one, chart, f"{path}.series[{index}]")


def _kind(chart: Chart, path: str) -> Iterator[Problem]:
    if chart.kind == "pie":
        if len(chart.series) > 1:
            yield Problem("a pie shows one series", path=path)
        if chart.axis_title or chart.reversed:
            yield Problem("a pie has no axis", path=path)
    elif chart.hole:
        yield Problem(f"a {chart.kind} chart has no hole", path=path)
    if not 0 <= chart.hole < 1:
        yield Problem("a hole is a share from 0 to less than 1", path=path)
    if chart.stacked != "no" and chart.kind not in _STACKABLE:
        yield Problem(f"a {chart.kind} chart is never stacked", path=path)


def _series(series: Series, chart: Chart, path: str) -> Iterator[Problem]:
    kind = chart.kind if chart.kind != "combo" else series.kind or "column"
    if series.kind and chart.kind != "combo":
        yield Problem("only series of a combo chart have a kind of their own", path=path)
    if series.dashed and kind not in ("line", "area", "scatter"):
        yield Problem(f"a {kind} has no line to be dashed", path=path)
    if series.right_axis and chart.kind in ("bar", "pie"):
        yield Problem(f"a {chart.kind} chart has no right axis", path=path)
    if chart.kind == "pie" and (series.color or series.labels):
        yield Problem("a pie colours and labels its slices by itself", path=path, hint='use legend = "labels"')


def _rows(area: Area, checked: Checked) -> int:
    return (area.last_row or checked.sheets[area.sheet].rows) - area.first_row + 1


def _columns(area: Area, checked: Checked) -> list[str]:
    """The keys of the columns of an area that was found sound."""
    keys = checked.columns(area.sheet)
    if area.first_column is None:
        return keys
    return keys[keys.index(area.first_column) : keys.index(area.last_column or area.first_column) + 1]


def _pivots(sheet: Sheet, checked: Checked, path: str) -> Iterator[Problem]:
    filled = {(cell.row, cell.column) for cell in sheet.cells if cell.value is not None or cell.formula}
    for place, count in Counter((pivot.row, pivot.column) for pivot in sheet.pivots).items():
        if count > 1 or place in filled:
            yield Problem(f"the cell {place[1]}[{place[0]}] holds more than a pivot table", path=f"{path}.pivots")
    for pivot in sheet.pivots:
        yield from _pivot(pivot, sheet, checked, f"{path}.pivots.{pivot.key}")


def _pivot(pivot: Pivot, sheet: Sheet, checked: Checked, path: str) -> Iterator[Problem]:
    yield from _place(Place(pivot.row, pivot.column, 1, 1), sheet, path)
    yield from trouble_with_area(pivot.source, checked, f"{path}.source")
    if not pivot.values or not (pivot.rows or pivot.columns):
        yield Problem("a pivot table needs a value and a group", path=path)
    for name, held in (("rows", pivot.rows), ("columns", pivot.columns), ("values", pivot.values)):
        for index, one in enumerate(held):
            yield from _inside(one.column, pivot.source, checked, f"{path}.{name}[{index}]")
    titles = [value.title.casefold() for value in pivot.values]
    if not all(titles) or len(set(titles)) < len(titles):
        yield Problem("its values need titles that tell them apart", path=f"{path}.values")
    for group in (*pivot.rows, *pivot.columns):
        if group.by is not None and not 0 <= group.by < len(pivot.values):
            yield Problem(f"there is no value {group.by} to sort by", path=path)
    for column, count in Counter(one.column for one in pivot.filters).items():
        if count > 1:
            yield Problem(f"column {column!r} has {count} criteria", path=f"{path}.filters")
    for criterion in pivot.filters:
        where = f"{path}.filters.{criterion.column}"
        yield from _inside(criterion.column, pivot.source, checked, where)
        if criterion.condition is None or criterion.hidden:
            yield Problem("a pivot table is filtered by a condition, not by hidden values", path=where)
            continue
        if any(isinstance(value, str) and keys_in(value) for value in criterion.condition.values):
            yield Problem("a pivot table's filter knows no [column]", path=where)
        yield from trouble_with_condition(criterion.condition, "filter", sheet, checked, where)


def _inside(column: str, area: Area, checked: Checked, path: str) -> Iterator[Problem]:
    """Silent where the area itself is at fault: that is told already."""
    if not list(trouble_with_area(area, checked, path)) and column not in _columns(area, checked):
        yield Problem(f"column {column!r} is not in its source", path=path)
