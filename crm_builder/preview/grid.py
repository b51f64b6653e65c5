"""One sheet of a spreadsheet's JSON as what there is to draw: shown rows and columns, sizes, merges, charts' places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
Place = tuple[int, int]

ROWS_SHOWN = 1000
COLUMNS_SHOWN = 200
SPARE_ROWS = 10  # empty rows drawn below the data
SPARE_COLUMNS = 3
WIDTH = 100  # pixels, where nothing is said
HEIGHT = 21
CHART = (600, 371)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged cell: where its content lies, and how many shown rows and columns it covers."""

    source: Place
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The room a chart takes, in pixels from the corner of its cell."""

    title: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet's geometry. All indexes are 0-based and absolute; `rows` and `columns` list what is shown, in order."""

    cells: Sequence[Sequence[Json]]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    more_rows: int  # rows with data that are not shown
    more_columns: int
    hidden_columns: frozenset[int]
    frozen_rows: int
    frozen_columns: int
    widths: Mapping[int, int]
    heights: Mapping[int, int]
    merges: Mapping[Place, Merge]
    covered: frozenset[Place]
    filter_row: int  # -1 = no filter
    filter_columns: range
    charts: Mapping[Place, tuple[Chart, ...]]

    def cell(self, row: int, column: int) -> Json:
        """The CellData there, {} where there is none."""
        line = self.cells[row] if row < len(self.cells) else ()
        return line[column] if column < len(line) else {}

    def width(self, column: int) -> int:
        return self.widths.get(column, WIDTH)

    def height(self, row: int) -> int:
        return self.heights.get(row, HEIGHT)


def grid_of(sheet: Json) -> Grid:
    """The geometry of one entry of `sheets`. A sheet without grid data is an empty grid of its own size."""
    size = sheet.get("properties", {}).get("gridProperties", {})
    blocks = sheet.get("data", [])
    cells = _cells(blocks)
    row_count = max(size.get("rowCount", 0), len(cells)) or 1
    column_count = max(size.get("columnCount", 0), max(map(len, cells), default=0)) or 1
    frozen_rows = min(size.get("frozenRowCount", 0), row_count)
    frozen_columns = min(size.get("frozenColumnCount", 0), column_count)

    hidden_rows, heights = _dimension(blocks, "rowMetadata", "startRow", HEIGHT)
    hidden_columns, widths = _dimension(blocks, "columnMetadata", "startColumn", WIDTH)
    merges = sheet.get("merges", [])
    charts = [chart.get("position", {}).get("overlayPosition", {}) for chart in sheet.get("charts", [])]
    data_rows, data_columns = _extent(cells, merges)
    with_charts = [
        (
            place.get("anchorCell", {}).get("rowIndex", 0) + place.get("heightPixels", CHART[1]) // HEIGHT + 1,
            place.get("anchorCell", {}).get("columnIndex", 0) + place.get("widthPixels", CHART[0]) // WIDTH + 1,
        )
        for place in charts
    ]
    last_row = max([data_rows, *(row for row, _ in with_charts)])
    last_column = max([data_columns, *(column for _, column in with_charts)])

    wanted_rows = range(min(row_count, max(last_row + SPARE_ROWS, frozen_rows)))
    open_rows = [row for row in wanted_rows if row not in hidden_rows]
    wanted_columns = range(min(column_count, max(last_column + SPARE_COLUMNS, frozen_columns)))
    open_columns = [column for column in wanted_columns if column not in hidden_columns]
    rows, columns = tuple(open_rows[:ROWS_SHOWN]), tuple(open_columns[:COLUMNS_SHOWN])
    placed, covered = _merges(merges, rows, columns)
    filtered = sheet.get("basicFilter", {}).get("range")
    return Grid(
        cells=cells,
        rows=rows,
        columns=columns,
        more_rows=sum(row < data_rows for row in open_rows[ROWS_SHOWN:]),
        more_columns=sum(column < data_columns for column in open_columns[COLUMNS_SHOWN:]),
        hidden_columns=frozenset(hidden_columns),
        frozen_rows=frozen_rows,
        frozen_columns=frozen_columns,
        widths=widths,
        heights=heights,
        merges=placed,
        covered=covered,
        filter_row=-1 if filtered is None else filtered.get("startRowIndex", 0),
        filter_columns=range(
            (filtered or {}).get("startColumnIndex", 0), (filtered or {}).get("endColumnIndex", column_count)
        ),
        charts=_charts(sheet.get("charts", []), rows, columns),
    )


def _cells(blocks: Sequence[Json]) -> list[list[Json]]:
    """All blocks of grid data as rows that begin at A1."""
    out: list[list[Json]] = []
    for block in blocks:
        top, left = block.get("startRow", 0), block.get("startColumn", 0)
        for offset, row in enumerate(block.get("rowData", [])):
            values = row.get("values", [])
            if not values:
                continue
            while len(out) <= top + offset:
                out.append([])
            line = out[top + offset]
            line.extend({} for _ in range(left + len(values) - len(line)))
            line[left : left + len(values)] = values
    return out


def _dimension(blocks: Sequence[Json], name: str, start: str, usual: int) -> tuple[set[int], dict[int, int]]:
    """Hidden indexes, and sizes in pixels where they are not the usual one."""
    hidden, sizes = set(), {}
    for block in blocks:
        for index, entry in enumerate(block.get(name, []), block.get(start, 0)):
            if entry.get("hiddenByUser") or entry.get("hiddenByFilter"):
                hidden.add(index)
            if entry.get("pixelSize", usual) != usual:
                sizes[index] = max(2, min(2000, entry["pixelSize"]))
    return hidden, sizes


def _filled(cell: Json) -> bool:
    """Whether somebody would miss this cell: an unticked checkbox or an empty formula result is nothing to see."""
    if not cell:
        return False
    if cell.get("note") or "formulaValue" in cell.get("userEnteredValue", {}):
        return True
    effective = cell.get("effectiveValue") or cell.get("userEnteredValue") or {}
    if effective.get("boolValue") is False and "dataValidation" in cell:
        return False
    return bool(cell.get("formattedValue")) or any(value != "" for value in effective.values())


def _extent(cells: Sequence[Sequence[Json]], merges: Sequence[Json]) -> Place:
    """(rows, columns) up to which there is something to see."""
    rows = columns = 0
    for row, line in enumerate(cells, 1):
        last = next((at for at in range(len(line), 0, -1) if _filled(line[at - 1])), 0)
        if last:
            rows, columns = row, max(columns, last)
    for merge in merges:
        if merge.get("startRowIndex", 0) < rows:
            rows, columns = max(rows, merge.get("endRowIndex", 0)), max(columns, merge.get("endColumnIndex", 0))
    return rows, columns


def _merges(
    merges: Sequence[Json], rows: Sequence[int], columns: Sequence[int]
) -> tuple[dict[Place, Merge], frozenset[Place]]:
    """Merged cells at their first shown cell, and the cells they cover."""
    placed: dict[Place, Merge] = {}
    covered: set[Place] = set()
    for merge in merges:
        top, left = merge.get("startRowIndex", 0), merge.get("startColumnIndex", 0)
        inside = [row for row in rows if top <= row < merge.get("endRowIndex", top + 1)]
        across = [column for column in columns if left <= column < merge.get("endColumnIndex", left + 1)]
        if inside and across:
            placed[inside[0], across[0]] = Merge((top, left), len(inside), len(across))
            covered.update((row, column) for row in inside for column in across)
    return placed, frozenset(covered - placed.keys())


def _charts(charts: Sequence[Json], rows: Sequence[int], columns: Sequence[int]) -> dict[Place, tuple[Chart, ...]]:
    out: dict[Place, tuple[Chart, ...]] = {}
    for chart in charts:
        position = chart.get("position", {}).get("overlayPosition")
        if position is None:
            continue
        anchor = position.get("anchorCell", {})
        row = next((row for row in rows if row >= anchor.get("rowIndex", 0)), None)
        column = next((column for column in columns if column >= anchor.get("columnIndex", 0)), None)
        if row is None or column is None:
            continue
        room = Chart(
            title=str(chart.get("spec", {}).get("title", "")),
            x=position.get("offsetXPixels", 0),
            y=position.get("offsetYPixels", 0),
            width=min(4000, position.get("widthPixels", CHART[0])),
            height=min(4000, position.get("heightPixels", CHART[1])),
        )
        out[row, column] = (*out.get((row, column), ()), room)
    return out
