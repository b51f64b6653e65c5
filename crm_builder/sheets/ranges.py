"""Which cells to ask for: what is known of a sheet, not all of it, since each cell answers with its whole format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_builder.a1 import letters, quote
from crm_builder.model import Sheet, Workbook
from crm_builder.sheets import baseline, marks
from crm_builder.sheets.dimensions import heights_of
from crm_builder.sheets.layout import Layout
from crm_builder.sheets.merges import Block, block_of, block_range, grid_block
from crm_builder.sheets.owned import anchors, columns_moved, contents_of, own_sheets
from crm_builder.sheets.properties import encode_sheet
from crm_builder.sheets.unmarked import Names

Json = dict[str, Any]

_GAP = 3  # rows: fewer between two cells of a column are read along
_MORE = 20  # lines that are read beyond what is known where people may have displaced it
_UNKNOWN = 60  # lines of a table that is ours and not known, or below items, where people add their own


def read_ranges(state: Json, known: Sequence[Workbook]) -> list[str]:
    """The `ranges` that `read` needs, in A1 notation, by an answer to STATE_FIELDS.

    The rows of what is known of a table, and some more where its items may have been moved; of views and helpers their
    top, and below it the cells that are known, or all of it where something stands elsewhere than is known.
    """
    ours, _ = own_sheets(state, known, {sheet.key for book in known for sheet in book.sheets})
    names, ranges = Names(state, known), []
    for key, sheet in ours.items():
        pairs = [(one, book) for book in known for one in book.sheets if one.key == key]
        ranges += _ranges(sheet, pairs, names)
    held = baseline.sheet_of(state["sheets"])
    if held:
        width = min(baseline.columns_of(held), baseline.WIDTH)
        ranges.append(f"{quote(held['properties']['title'])}!A1:{letters(width - 1)}")
    return ranges


def state_of(workbook: Workbook, layout: Layout) -> Json:
    """What an answer to STATE_FIELDS would say of a workbook that was just made; enough to ask for its cells."""
    sheets: list[Json] = []
    for sheet in workbook.sheets:
        texts = {marks.SHEET: sheet.key, marks.CONTENTS: marks.encode_contents(marks.contents_of(sheet))}
        metadata = [{"metadataKey": key, "metadataValue": text} for key, text in texts.items()]
        sheets.append(
            {
                "properties": encode_sheet(sheet, layout),
                "developerMetadata": metadata,
                "merges": [block_range(layout.place(sheet.key), block_of(area, sheet)) for area in sheet.merges],
            }
        )
    size = {"columnCount": baseline.WIDTH}
    sheets.append({"properties": {"sheetId": baseline.SHEET_ID, "title": baseline.TITLE, "gridProperties": size}})
    return {"sheets": sheets}


def _ranges(sheet: Json, known: Sequence[tuple[Sheet, Workbook]], names: Names) -> list[str]:
    title, contents = quote(sheet["properties"]["title"]), contents_of(sheet, [one for one, _ in known])
    size = sheet["properties"].get("gridProperties", {})
    rows = size.get("rowCount", 1)
    if not known:
        return [f"{title}!1:{min(rows, _UNKNOWN)}" if contents.kind == "table" else f"{title}!1:{rows}"]
    deepest = max(_deepest(one) for one, _ in known)
    grown = max(0, min(rows - (contents.rows or rows), _MORE))
    if contents.kind == "table":
        shifts = [line - (row - 1) for one, book in known for row, line in anchors(sheet, names, one, book)]
        above = min(max(0, *shifts), _UNKNOWN) if shifts else grown
        items = _UNKNOWN if any(cell.item for one, _ in known for cell in one.cells) else 0
        return [f"{title}!1:{min(rows, deepest + above + items)}"]
    if any(_displaced(sheet, one, book, names) for one, book in known):
        return [f"{title}!1:{min(rows, deepest + _MORE + grown)}"]
    top = min(max(_ground(one) for one, _ in known), _GAP, rows)
    inserted = grown if grown < _MORE else 0  # more of them were added at the end, as tables grow
    places = {(row + more, column) for one, _ in known for row, column in _held(one) for more in range(inserted + 1)}
    blocks = _blocks({place for place in places if top <= place[0] < rows})
    high = max(max(heights_of(one), default=1) for one, _ in known)
    if high > top:
        blocks.insert(0, Block(top, min(rows, high), 0, 1))  # a row's height is told beside its cells
    return [f"{title}!1:{top}", *(f"{title}!{_a1(block)}" for block in blocks)]


def _displaced(sheet: Json, known: Sheet, workbook: Workbook, names: Names) -> bool:
    """Whether rows or columns stand elsewhere than is known, as far as it shows without looking into cells."""
    size, contents = sheet["properties"].get("gridProperties", {}), contents_of(sheet, [known])
    if size.get("columnCount", len(known.columns)) != len(known.columns):
        return True
    if known.kind == "view" and contents.rows and size.get("rowCount") != contents.rows:
        return True
    if size.get("rowCount", known.rows) != known.rows:
        return True  # rows may have been pushed below the last one that is known, and not only been added there
    if any(line != row - 1 for row, line in anchors(sheet, names, known, workbook)):
        return True
    if columns_moved(sheet, names, known, workbook):
        return True
    # One more of them than is known may be what people moved, beside what a repair brought back.
    return {grid_block(grid) for grid in sheet.get("merges", ())} != {block_of(area, known) for area in known.merges}


def _ground(sheet: Sheet) -> int:
    """The first row that shows the looks of whole columns."""
    dressed = {cell.row for cell in sheet.cells if cell.format or cell.validation}
    dressed |= {row + 1 for area in sheet.merges for row, _ in block_of(area, sheet).cells()}
    return next(row for row in range(2, len(dressed) + 3) if row not in dressed or row == sheet.rows)


def _held(sheet: Sheet) -> set[tuple[int, int]]:
    """The places (0-based) of cells and pivot tables."""
    order = {column.key: index for index, column in enumerate(sheet.columns)}
    return {(one.row - 1, order[one.column]) for one in (*sheet.cells, *sheet.pivots)}


def _deepest(sheet: Sheet) -> int:
    rows = [row + 1 for row, _ in _held(sheet)]
    return max([*rows, *heights_of(sheet), _ground(sheet) if sheet.kind == "table" else 1])


def _blocks(cells: set[tuple[int, int]]) -> list[Block]:
    """Runs down a column, joined with equal runs of the columns beside it."""
    runs: list[Block] = []
    for row, column in sorted(cells, key=lambda place: (place[1], place[0])):
        if runs and runs[-1].left == column and row - runs[-1].bottom <= _GAP:
            runs[-1] = runs[-1]._replace(bottom=row + 1)
        else:
            runs.append(Block(row, row + 1, column, column + 1))
    joined: list[Block] = []
    for run in sorted(runs):
        if joined and (joined[-1].top, joined[-1].bottom, joined[-1].right) == (run.top, run.bottom, run.left):
            joined[-1] = joined[-1]._replace(right=run.right)
        else:
            joined.append(run)
    return joined


def _a1(block: Block) -> str:
    return f"{letters(block.left)}{block.top + 1}:{letters(block.right - 1)}{block.bottom}"
