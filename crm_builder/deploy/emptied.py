"""Cells that a repair emptied get back what was in them, but for those that people typed into since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm_builder.deploy.bring_back import CellsBack, Grids, lines_now
from crm_builder.deploy.entered import Grid, at
from crm_builder.deploy.entering import Entering
from crm_builder.deploy.refill import cells_requests
from crm_builder.deploy.snapshots import Snapshot
from crm_builder.model import Workbook
from crm_builder.sheets import Layout
from crm_builder.sheets.layout import Place

Cleared = Mapping[str, Sequence[int]]  # by column, the lines of the snapshot that were emptied


def emptied_sheets(run: Sequence[Snapshot], layout: Layout) -> set[str]:
    """The sheets in which such cells are, of those that are there."""
    return {sheet for snapshot in run for sheet, *_ in snapshot.cleared if sheet in layout.places}


def emptied_count(run: Sequence[Snapshot]) -> int:
    """How many cells were emptied: an apply that was interrupted counts them first."""
    return max(sum(end - first for _, _, first, end in snapshot.cleared) for snapshot in run)


def emptied_units(run: Sequence[Snapshot], workbook: Workbook, layout: Layout, grids: Grids) -> Entering:
    """What enters them again; of several snapshots the first that has a cell counts."""
    entering = Entering()
    for key in sorted(emptied_sheets(run, layout)):
        place, back = layout.place(key), CellsBack()
        for snapshot in run:
            if key in snapshot.sheets:
                _cells(snapshot, workbook, place, grids.get(place.sheet_id, []), back)
        entering.add(cells_requests(place.sheet_id, back.cells, back.formats))
        entering.lost += back.told(place.title)
    return entering


def _cells(source: Snapshot, workbook: Workbook, place: Place, grid: Grid, back: CellsBack) -> None:
    known, former = source.sheets[place.key], source.grid(place.key)
    formats, cleared = source.formats_of(known["sheet_id"]), _cleared(source, place)
    lines = _lines(source, workbook, cleared, place, grid)
    for key, emptied in cleared.items():
        for line in emptied:
            content, now = at(former, line, known["columns"][key]), lines.get(line)
            if content is None:
                continue
            if now is None or now >= place.rows:
                back.homeless += 1
                continue
            spot = now, place.column(key)
            there = at(grid, *spot)
            if there is None and spot not in back.cells:
                back.enter(spot, content, (line, known["columns"][key]), formats)
            elif there is not None and there != content:
                back.taken += 1


def _cleared(source: Snapshot, place: Place) -> dict[str, list[int]]:
    columns = source.sheets[place.key]["columns"].keys() & place.columns.keys()
    found: dict[str, list[int]] = {}
    for sheet, column, first, end in source.cleared:
        if sheet == place.key and column in columns:
            found.setdefault(column, []).extend(range(first, end))
    return found


def _lines(source: Snapshot, workbook: Workbook, cleared: Cleared, place: Place, grid: Grid) -> Mapping[int, int]:
    """Line then → line now: of a table by its rows, of other sheets by the rows of the template."""
    known, sheet = source.sheets[place.key], workbook.sheet(place.key)
    if sheet.kind == "table":
        return lines_now(source, sheet, cleared.keys(), place, grid)
    rows = {line: int(row) for row, line in known["lines"].items()}
    emptied = {line for lines in cleared.values() for line in lines}
    return {line: place.line(rows.get(line, line - known.get("shift", 0) + 1)) for line in emptied}
