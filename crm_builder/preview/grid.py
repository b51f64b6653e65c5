"""One sheet of a spreadsheet's JSON as what there is to draw: shown rows and columns, sizes, merges, floats' places."""

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
CHART = (600, 371)  # pixels of a chart and of a slicer without a size of its own
SLICER = (250, 44)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged cell: where its content lies, and how many shown rows and columns it covers."""

    source: Place
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Float:
    """A chart or slicer that lies over the cells, and its room in pixels from the corner of its cell."""

    json: Json
    slicer: bool
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
    floats: Mapping[Place, tuple[Float, ...]]
    borders: Mapping[Place, Json]  # of the cells that have any
    page: bool  # made to be seen as a whole: no gridlines, with merged cells or charts

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
    floats = [(item, False) for item in sheet.get("charts", [])] + [(item, True) for item in sheet.get("slicers", [])]
    data_rows, data_columns = _extent(cells, merges)
    last_row, last_column = data_rows, data_columns
    for item, slicer in floats:
        place = item.get("position", {}).get("overlayPosition")
        if place is None:
            continue
        anchor, (width, height) = place.get("anchorCell", {}), SLICER if slicer else CHART
        down = place.get("offsetYPixels", 0) + place.get("heightPixels", height)
        across = place.get("offsetXPixels", 0) + place.get("widthPixels", width)
        last_row = max(last_row, _reach(anchor.get("rowIndex", 0), down, heights, HEIGHT, hidden_rows))
        last_column = max(last_column, _reach(anchor.get("columnIndex", 0), across, widths, WIDTH, hidden_columns))

    page = bool(size.get("hideGridlines") and (merges or sheet.get("charts")))
    spare_rows, spare_columns = (1, 0) if page else (SPARE_ROWS, SPARE_COLUMNS)  # a page ends where its content ends
    wanted_rows = range(min(row_count, max(last_row + spare_rows, frozen_rows)))
    open_rows = [row for row in wanted_rows if row not in hidden_rows]
    wanted_columns = range(min(column_count, max(last_column + spare_columns, frozen_columns)))
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
        floats=_floats(floats, rows, columns, placed, widths, heights),
        borders=_borders(cells),
        page=page,
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


def _borders(cells: Sequence[Sequence[Json]]) -> dict[Place, Json]:
    return {
        (row, column): borders
        for row, line in enumerate(cells)
        for column, cell in enumerate(line)
        if cell and (borders := (cell.get("effectiveFormat") or cell.get("userEnteredFormat") or {}).get("borders"))
    }


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


def _reach(start: int, pixels: int, sizes: Mapping[int, int], usual: int, hidden: set[int]) -> int:
    """The index after the last row or column that something of so many pixels covers."""
    at = start
    while pixels > 0 and at < start + COLUMNS_SHOWN:
        pixels -= 0 if at in hidden else sizes.get(at, usual)
        at += 1
    return at


def _floats(
    floats: Sequence[tuple[Json, bool]],
    rows: Sequence[int],
    columns: Sequence[int],
    merges: Mapping[Place, Merge],
    widths: Mapping[int, int],
    heights: Mapping[int, int],
) -> dict[Place, tuple[Float, ...]]:
    """Charts and slicers at the drawn cell under their corner: the first one of a merged cell stands for all of it."""
    out: dict[Place, tuple[Float, ...]] = {}
    for item, slicer in floats:
        position = item.get("position", {}).get("overlayPosition")
        if position is None:
            continue
        anchor, usual = position.get("anchorCell", {}), SLICER if slicer else CHART
        down = next((at for at, row in enumerate(rows) if row >= anchor.get("rowIndex", 0)), None)
        across = next((at for at, column in enumerate(columns) if column >= anchor.get("columnIndex", 0)), None)
        if down is None or across is None:
            continue
        x, y = position.get("offsetXPixels", 0), position.get("offsetYPixels", 0)
        for (row, column), merge in merges.items():
            top, left = rows.index(row), columns.index(column)
            if top <= down < top + merge.rows and left <= across < left + merge.columns:
                x += sum(widths.get(at, WIDTH) for at in columns[left:across])
                y += sum(heights.get(at, HEIGHT) for at in rows[top:down])
                down, across = top, left
                break
        one = Float(
            json=item,
            slicer=slicer,
            x=x,
            y=y,
            width=min(4000, position.get("widthPixels", usual[0])),
            height=min(4000, position.get("heightPixels", usual[1])),
        )
        place = rows[down], columns[across]
        out[place] = (*out.get(place, ()), one)
    return out
