"""Compares every figure of sales that a CRM shows with the reference: helper sheets, views, pivot tables, charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from crm_builder.a1 import quote
from crm_builder.model import Sheet
from tests.spine.computed_check import same
from tests.spine.conftest import MONEY, Grid
from tests.whole.crm import Whole
from tests.whole.sales_base import Sales
from tests.whole.sales_charts import BLOCKS, charts
from tests.whole.sales_pivots import PIVOTS
from tests.whole.sales_views import VIEWS, figures

CHARTED = (*VIEWS, "pivots")
CHOSEN = "segment_chosen"  # the field of the view Segments
NAMED = {"pipeline": ("deal_stage", ("won", "lost")), "segments": ("segment", ())}  # views that name a list's choices


def sales_of(crm: Whole, grids: Mapping[str, Grid]) -> Sales:
    settings = crm.project.settings
    [[chosen]] = crm.named(grids, CHOSEN)
    money = MONEY[settings.language].replace("{:,.0f}", "{}")
    return Sales(crm.crm(grids), crm.words, settings.calendar == "jalali", money, chosen)


def wrong(crm: Whole, grids: Mapping[str, Grid], sales: Sales) -> list[str]:
    """Every figure that is not as it should be; empty for a CRM in which all are right."""
    return [
        *wrong_blocks(crm, grids, sales),
        *wrong_names(crm, grids, sales),
        *wrong_views(crm, grids, sales),
        *wrong_titles(crm, sales),
        *wrong_pivots(crm, grids, sales),
        *wrong_charts(crm, sales),
    ]


def wrong_choice(crm: Whole, grids: dict[str, Grid], sales: Sales, segment: str) -> list[str]:
    """What is wrong once somebody has chosen that segment in the field of its view."""
    crm.choose(CHOSEN, segment)
    keys = ("rfm", "segments")
    answer = crm.client.call(
        crm.client.values.batchGet(
            spreadsheetId=crm.id,
            ranges=[quote(crm.sheet(key).title) for key in keys],
            valueRenderOption="UNFORMATTED_VALUE",
        )
    )
    read = {key: found.get("values", []) for key, found in zip(keys, answer["valueRanges"], strict=True)}
    chosen = replace(sales, chosen=segment)
    after = {**grids, **read}
    return [*wrong_blocks(crm, after, chosen), *wrong_names(crm, after, chosen), *wrong_views(crm, after, chosen)]


def wrong_blocks(crm: Whole, grids: Mapping[str, Grid], sales: Sales) -> Iterator[str]:
    for helper, reference in BLOCKS.items():
        yield from _missing(f"block of {helper}", _blocks(crm, helper), reference)
        for key, block in reference.items():
            yield from _wrong_lines(f"{helper}_{key}", crm.named(grids, f"{helper}_{key}"), block(sales))


def _blocks(crm: Whole, helper: str) -> set[str]:
    """The names of whole blocks are those that say where they end."""
    names = crm.project.rendered.workbook.names
    return {one.name.removeprefix(f"{helper}_") for one in names if one.area.sheet == helper and one.area.last_column}


def wrong_names(crm: Whole, grids: Mapping[str, Grid], sales: Sales) -> Iterator[str]:
    """The named figures of the helper sheets stand where their names say."""
    expected = figures(sales)
    names = {
        one.name
        for one in crm.project.rendered.workbook.names
        if one.area.sheet in BLOCKS and one.area.first_row == one.area.last_row
    }
    yield from _missing("named figure", names, expected)
    for name in names & expected.keys():
        found = crm.named(grids, name)
        if not same(found[0][0] if found else None, expected[name]):
            yield f"{name}: {found} instead of {expected[name]!r}"


def wrong_views(crm: Whole, grids: Mapping[str, Grid], sales: Sales) -> Iterator[str]:
    for key, reference in VIEWS.items():
        sheet, expected = crm.sheet(key), reference(sales)
        found = list(_formulas(crm, sheet, grids[key]))
        if len(found) != len(expected):
            yield f"{key}: {len(found)} formulas instead of {len(expected)}"
            continue
        for (place, above, cells), (title, values) in zip(found, expected, strict=True):
            if title is not None and above != title:
                yield f"{key} {place}: under {above!r} instead of {title!r}"
            yield from _wrong_lines(f"{key} {place} {title or ''}", [(one,) for one in cells], [(v,) for v in values])


def _formulas(crm: Whole, sheet: Sheet, grid: Grid) -> Iterator[tuple[str, Any, list[Any]]]:
    """Every formula of a view in reading order: its place, what stands above it, and the cells that are its own."""
    cells = {(cell.row, crm.place(sheet.key, cell.column)): cell for cell in sheet.cells}
    for row, column in sorted(cells):
        if cells[row, column].formula is None:
            continue
        last = row
        while (below := cells.get((last + 1, column))) and below.formula is None and below.value is None:
            last += 1
        shown = [_cell(grid, at, column) for at in range(row - 1, last + 1)]
        yield f"row {row} column {column + 1}", shown[0], shown[1:]


def wrong_titles(crm: Whole, sales: Sales) -> Iterator[str]:
    """The choices that a view writes out stand in the order of their list, those apart that have no place there."""
    for view, (list_key, without) in NAMED.items():
        apart = [sales.title(list_key, key) for key in without]
        expected = [title for title in sales.listed(list_key) if title not in apart]
        cells = sorted(crm.sheet(view).cells, key=lambda cell: (cell.row, crm.place(view, cell.column)))
        found = [cell.value for cell in cells if cell.value in expected and cell.validation is None]
        if found[-len(expected) :] != expected:  # further up, a title of a card may be the same word
            yield f"{view}: {found} instead of {expected}"


def wrong_pivots(crm: Whole, grids: Mapping[str, Grid], sales: Sales) -> Iterator[str]:
    """Each pivot table fills what it should and nothing else, down to the end of the sheet and up to the next one."""
    for sheet in crm.sheets:
        yield from _missing(f"pivot of {sheet.key}", {pivot.key for pivot in sheet.pivots}, _own(sheet))
        keys = [column.key for column in sheet.columns]
        for pivot in sheet.pivots:
            first = keys.index(pivot.column)
            end = next(at for at in range(first, len(keys)) if keys[at].endswith("_gap"))
            lines = PIVOTS[pivot.key](sales)
            too_wide = max(map(len, lines)) > end - first
            if too_wide:
                yield f"pivot {pivot.key}: {max(map(len, lines))} columns in a room of {end - first}"
            rows = range(pivot.row, len(grids[sheet.key]) + 1)
            found = [tuple(_cell(grids[sheet.key], row, at) for at in range(first, end)) for row in rows]
            padded = [(*line, *[None] * (end - first - len(line))) for line in lines]
            yield from _wrong_lines(f"pivot {pivot.key}", _trimmed(found), padded)


def _own(sheet: Sheet) -> set[str]:
    return set(PIVOTS) if sheet.key == "pivots" else set()


def wrong_charts(crm: Whole, sales: Sales) -> Iterator[str]:
    titles = {(sheet.key, chart.key): chart.title for sheet in crm.sheets for chart in sheet.charts}
    drawn = crm.charts(CHARTED, tuple(BLOCKS))
    found = {(view, titles[view, key]): data for (view, key), data in drawn.items()}
    expected = charts(sales)
    yield from _missing("chart", found, expected)
    for key in found.keys() & expected.keys():
        labels, series = expected[key]
        if list(found[key].labels) != labels:
            yield f"chart {key}: {found[key].labels} instead of {labels}"
        if [one.name for one in found[key].series] != [name for name, _ in series]:
            yield f"chart {key}: series {[one.name for one in found[key].series]}"
        for one, (name, values) in zip(found[key].series, series, strict=False):
            yield from _wrong_lines(f"chart {key} {name}", [(v,) for v in one.values], [(v,) for v in values])


def _missing(what: str, found: Any, expected: Any) -> Iterator[str]:
    yield from (f"{what} {key}: nobody has written down what it means" for key in set(found) - set(expected))
    yield from (f"{what} {key}: is not there" for key in set(expected) - set(found))


def _wrong_lines(name: str, found: Any, expected: Any) -> Iterator[str]:
    found, expected = _trimmed(found), _trimmed(expected)
    if len(found) != len(expected):
        yield f"{name}: {len(found)} rows instead of {len(expected)}: {found[-1:]} … {expected[-1:]}"
    for number, (one, other) in enumerate(zip(found, expected, strict=False), 1):
        if len(one) != len(other) or not all(map(same, one, other)):
            yield f"{name} line {number}: {one} instead of {other}"


def _trimmed(lines: Any) -> list[Any]:
    """Without blank lines at the end."""
    rows = list(lines)
    while rows and all(value in (None, "") for value in rows[-1]):
        rows.pop()
    return rows


def _cell(grid: Grid, row: int, column: int) -> Any:
    """What a cell shows, rows counted from 1; None where the answer does not reach it."""
    cells = grid[row - 1] if 0 < row <= len(grid) else []
    return cells[column] if column < len(cells) and cells[column] != "" else None
