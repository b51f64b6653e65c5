"""What people typed, entered again: into a whole sheet that was made anew, or into single columns and rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crm_builder.a1 import runs
from crm_builder.deploy.entered import Content, Grid, Spot, at, write
from crm_builder.deploy.number_formats import Formats, format_requests
from crm_builder.deploy.snapshots import Snapshot
from crm_builder.model import HEADER_ROW, Sheet

Json = dict[str, Any]
_LINES = 1000  # lines of a sheet that are entered with one request
_REQUESTS = 1000  # small requests that go together: each part gets a mark, and a sheet has room for few


def room_requests(snapshot: Snapshot, sheet: Sheet, sheet_id: int) -> list[Json]:
    """A sheet just made gets the lines and columns that people had inserted, so that all stands where it stood."""
    known, grid = snapshot.sheets[sheet.key], snapshot.grid(sheet.key)
    requests = [_insert(sheet_id, "ROWS", line) for line in _own_lines(known, sheet)]
    width = len(sheet.columns)
    for added, index in enumerate(own_columns(snapshot, sheet.key)):
        if index < width + added:
            requests.append(_insert(sheet_id, "COLUMNS", index))
        else:
            requests.append({"appendDimension": {"sheetId": sheet_id, "dimension": "COLUMNS", "length": 1}})
    last = known["lines"].get(str(sheet.frozen_rows), sheet.frozen_rows - HEADER_ROW + max(known["header"], 0))
    held = {"frozenRowCount": last + 1 if sheet.frozen_rows else 0, "frozenColumnCount": sheet.frozen_columns}
    if requests and any(held.values()):
        data = {"sheetId": sheet_id, "gridProperties": held}
        fields = ",".join(f"gridProperties.{name}" for name in held)
        requests.append({"updateSheetProperties": {"properties": data, "fields": fields}})
    more = len(grid) + (known["header"] < 0) - sheet.rows
    if more > 0:
        requests.append({"appendDimension": {"sheetId": sheet_id, "dimension": "ROWS", "length": more}})
    return requests


def without_room(snapshot: Snapshot, sheet: Sheet) -> Sheet:
    """The sheet as it is made first: without the lines and columns that people had inserted."""
    lines, columns = _own_lines(snapshot.sheets[sheet.key], sheet), own_columns(snapshot, sheet.key)
    return replace(
        sheet,
        rows=max(1, sheet.rows - len(lines)),
        frozen_columns=sheet.frozen_columns - sum(index < sheet.frozen_columns for index in columns),
    )


def own_columns(snapshot: Snapshot, key: str) -> list[int]:
    """The columns of people's own that stand among ours or hold something."""
    known = snapshot.sheets[key]
    ours = set(known["columns"].values())
    width = max([index + 1 for index in ours] + [len(row) for row in snapshot.grid(key)])
    return [index for index in range(width) if index not in ours]


def _own_lines(known: Json, sheet: Sheet) -> list[int]:
    """The lines that people inserted: above a table's header, or between the rows of a view."""
    lines = sorted(known["lines"].values())
    if sheet.kind == "table" or not lines:
        return list(range(max(known["header"], 0)))
    return [line for line in range(lines[-1]) if line not in set(lines)]


def _insert(sheet_id: int, dimension: str, index: int) -> Json:
    span = {"sheetId": sheet_id, "dimension": dimension, "startIndex": index, "endIndex": index + 1}
    return {"insertDimension": {"range": span, "inheritFromBefore": index > 0}}


def sheet_parts(snapshot: Snapshot, sheet: Sheet, sheet_id: int) -> list[list[Json]]:
    """All that people typed into one sheet of ours, for one that was just made; never under what a formula fills.

    In parts that follow from the snapshot alone, values before their number formats.
    """
    if sheet.kind == "table":
        blocks = [[request] for request in _table_requests(snapshot, sheet, sheet_id)]
    else:
        blocks = _parts(cells_requests(sheet_id, _own_cells(snapshot, sheet), {}))
    return [*blocks, *_parts(format_requests(sheet_id, _formats(snapshot, sheet)))]


def _parts(requests: Sequence[Json]) -> list[list[Json]]:
    return [list(requests[start : start + _REQUESTS]) for start in range(0, len(requests), _REQUESTS)]


def _table_requests(snapshot: Snapshot, sheet: Sheet, sheet_id: int) -> list[Json]:
    grid = snapshot.grid(sheet.key)
    header, ours = snapshot.sheets[sheet.key]["header"], snapshot.sheets[sheet.key]["columns"].values()
    requests = []
    for first, last in _spans(snapshot, sheet):
        rows = [[at(grid, line, index) for index in range(first, last + 1)] for line in range(len(grid))]
        if header < 0:  # people deleted the header, and the new sheet has one
            requests += _block(sheet_id, 1, first, rows)
        elif first in ours:
            requests += _block(sheet_id, 0, first, rows[:header])
            requests += _block(sheet_id, header + 1, first, rows[header + 1 :])
        else:
            requests += _block(sheet_id, 0, first, rows)
    return requests


def _formats(snapshot: Snapshot, sheet: Sheet) -> Formats:
    """Those of the cells that are entered, where they are entered."""
    known = snapshot.sheets[sheet.key]
    found = snapshot.formats_of(known["sheet_id"])
    if sheet.kind != "table":
        own = _own_cells(snapshot, sheet)
        return {spot: number for spot, number in found.items() if spot in own}
    typed = {index for first, last in _spans(snapshot, sheet) for index in range(first, last + 1)}
    down = 1 if known["header"] < 0 else 0
    return {(line + down, index): number for (line, index), number in found.items() if index in typed}


def _spans(snapshot: Snapshot, sheet: Sheet) -> Iterator[tuple[int, int]]:
    """(first, last) of neighbouring columns that people type into, ours and theirs apart."""
    places = snapshot.sheets[sheet.key]["columns"]
    typed = {places[column.key] for column in sheet.columns if column.formula is None}
    for group in (typed, own_columns(snapshot, sheet.key)):
        yield from ((run[0], run[-1]) for run in runs(group))


def _own_cells(snapshot: Snapshot, sheet: Sheet) -> dict[Spot, Content]:
    """What people typed into a view or a helper, by place."""
    known = snapshot.sheets[sheet.key]
    lines = {int(row): line for row, line in known["lines"].items()}
    places, header = known["columns"], known["header"]
    ours = {(lines.get(cell.row, cell.row - HEADER_ROW + header), places[cell.column]) for cell in sheet.cells}
    ours |= {(header, places[column.key]) for column in sheet.columns if column.title or column.formula}
    filled = {places[column.key] for column in sheet.columns if column.formula is not None}
    return {
        (line, index): content
        for line, row in enumerate(snapshot.grid(sheet.key))
        for index, content in enumerate(row)
        if content is not None and (line, index) not in ours and index not in filled
    }


def foreign_requests(snapshot: Snapshot, former: str, number: int) -> list[Json]:
    """All that was typed into a sheet of people's own, for one that was just made under an id that may be another."""
    grid = snapshot.values.get(former, [])
    width = max(map(len, grid), default=0)
    rows = [[at(grid, line, index) for index in range(width)] for line in range(len(grid))]
    return [*_block(number, 0, 0, rows), *format_requests(number, snapshot.formats_of(former))]


def add_foreign(snapshot: Snapshot, former: str, number: int, taken: Collection[str] = ()) -> Json:
    """The request that makes such a sheet."""
    known = snapshot.foreign[former]
    title = known["title"]
    used = {one.casefold() for one in taken}
    title = next(one for one in (title, *(f"{title} {n}" for n in range(2, 999))) if one.casefold() not in used)
    grid = snapshot.values.get(former, [])
    size = {
        "rowCount": max(known["rows"], len(grid)),
        "columnCount": max(known["columns"], *(len(row) for row in grid), 1),
    }
    properties = {"sheetId": number, "title": title, "index": known["index"], "gridProperties": size}
    return {"addSheet": {"properties": properties | ({"hidden": True} if known["hidden"] else {})}}


def cells_requests(sheet_id: int, cells: Mapping[Spot, Content], formats: Formats) -> list[Json]:
    """Single cells with their number formats; neighbours below each other share one request."""
    lines: dict[int, list[int]] = {}
    for line, index in cells:
        lines.setdefault(index, []).append(line)
    requests = [
        write(sheet_id, run[0], index, [[cells[line, index]] for line in run])
        for index, found in lines.items()
        for run in runs(found)
    ]
    return requests + format_requests(sheet_id, formats)


def count_of(requests: Sequence[Json]) -> int:
    """How many cells these enter."""
    return sum(
        bool(cell)
        for request in requests
        if "updateCells" in request
        for row in request["updateCells"]["rows"]
        for cell in row.get("values", ())
    )


def _block(sheet_id: int, line: int, column: int, rows: Grid) -> list[Json]:
    parts = ((start, rows[start : start + _LINES]) for start in range(0, len(rows), _LINES))
    return [write(sheet_id, line + start, column, part) for start, part in parts]
