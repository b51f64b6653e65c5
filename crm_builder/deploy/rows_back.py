"""Rows of a backup that a table has no more: found by their ids, entered below the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_builder.deploy.bring_back import id_of
from crm_builder.deploy.entered import Content, Grid, Spot, at, is_data, write
from crm_builder.deploy.matching import Rows, missing_rows
from crm_builder.deploy.number_formats import format_requests
from crm_builder.deploy.snapshots import Snapshot
from crm_builder.model import NumberFormat, Sheet, Workbook
from crm_builder.sheets import Layout
from crm_builder.sheets.layout import Place
from crm_builder.sheets.rows import add_rows, renewed_filter

Json = dict[str, Any]


@dataclass(frozen=True)
class GoneRows:
    """`lines`: those of the backup that are missing. `last`: the last line with data now. `columns`: those that people
    type into, and where each stood in the backup."""

    lines: Sequence[int]
    last: int
    columns: Mapping[str, int]


def gone_rows(
    snapshot: Snapshot, sheet: Sheet, place: Place, grids: Mapping[int, Grid], new: Collection[str] = ()
) -> GoneRows:
    """`new`: columns that were made a moment ago, by which no row is known."""
    known, grid = snapshot.sheets[sheet.key], grids.get(place.sheet_id, [])
    typed = [one.key for one in sheet.columns if one.formula is None and one.key in known["columns"]]
    typed = [key for key in typed if key in place.columns and sheet.kind == "table"]
    by = [key for key in typed if key not in new]
    old = Rows.of(snapshot.grid(sheet.key), known["header"], {key: known["columns"][key] for key in by})
    now = Rows.of(grid, place.shift, {key: place.column(key) for key in by})
    filled = [line for line, row in enumerate(grid) if any(map(is_data, row))]
    lines = missing_rows(old, now, id_of(sheet, by))
    return GoneRows(lines, max([now.last, *filled]), {key: known["columns"][key] for key in typed})


def append_requests(
    snapshot: Snapshot,
    sheet: Sheet,
    gone: GoneRows,
    workbook: Workbook,
    layout: Layout,
    grids: Mapping[int, Grid],
    grown: dict[str, int],
) -> list[Json]:
    """The missing rows of a table below its last one, in the order that they had; grids that are too short grow."""
    place, first = layout.place(sheet.key), gone.last + 1
    requests: list[Json] = []
    helpers = [one for one in workbook.sheets if one.kind == "helper" and any(cell.formula for cell in one.cells)]
    for one in (sheet, *(helper for helper in helpers if helper.key in layout.places)):
        more = first + len(gone.lines) - grown[one.key]
        if more > 0:
            requests += [*add_rows(one.key, more, layout), *renewed_filter(one, layout)]
            grown[one.key] += more
    pairs = {index: place.column(column) for column, index in gone.columns.items()}
    pairs |= _own_columns(snapshot, sheet, place, grids)
    grid, formats = snapshot.grid(sheet.key), snapshot.formats_of(snapshot.sheets[sheet.key]["sheet_id"])
    numbers: dict[Spot, NumberFormat | None] = {}
    for index, target in pairs.items():
        requests += _part(place.sheet_id, first, target, [at(grid, line, index) for line in gone.lines])
        spots = [(now, (line, index)) for now, line in enumerate(gone.lines, first)]
        numbers |= {(now, target): formats[spot] for now, spot in spots if spot in formats}
    return requests + format_requests(place.sheet_id, numbers)


def _own_columns(snapshot: Snapshot, sheet: Sheet, place: Place, grids: Mapping[int, Grid]) -> dict[int, int]:
    """Column then → column now, of people's own columns that have the same title in both."""
    known = snapshot.sheets[sheet.key]
    then = _own_titles(snapshot.grid(sheet.key), known["header"], set(known["columns"].values()))
    now = _own_titles(grids.get(place.sheet_id, []), place.line(1), set(place.columns.values()))
    return {index: now[title] for title, index in then.items() if title in now}


def _own_titles(grid: Grid, header: int, ours: set[int]) -> dict[str, int]:
    row = grid[header] if 0 <= header < len(grid) else []
    titles = [(content, index) for index, content in enumerate(row) if index not in ours and isinstance(content, str)]
    return {str(title): index for title, index in reversed(titles)}


def _part(sheet_id: int, line: int, column: int, contents: Sequence[Content]) -> list[Json]:
    """Without the empty ones at both ends."""
    held = [index for index, content in enumerate(contents) if content is not None]
    if not held:
        return []
    part = contents[held[0] : held[-1] + 1]
    return [write(sheet_id, line + held[0], column, [[content] for content in part])]
