"""Which cells to ask for: what is known of a sheet, not all of it, since each cell answers with its whole format."""

from __future__ import annotations

from crm_builder.a1 import letters, quote
from crm_builder.model import Sheet, Workbook
from crm_builder.sheets.dimensions import heights_of
from crm_builder.sheets.layout import Layout, Place
from crm_builder.sheets.merges import Block, block_of

_GAP = 3  # rows: fewer between two cells of a column are read along


def read_ranges(layout: Layout, known: Workbook) -> list[str]:
    """The `ranges` that `read` needs, in A1 notation.

    The rows of what is known of a table; of views and helpers their top, and below it the cells that are known.
    """
    return [text for sheet in known.sheets for text in _ranges(sheet, layout.place(sheet.key))]


def _ranges(sheet: Sheet, place: Place) -> list[str]:
    title = quote(place.title)
    dressed = {cell.row for cell in sheet.cells if cell.format or cell.validation}
    dressed |= {row + 1 for area in sheet.merges for row, _ in block_of(area, sheet).cells()}
    ground = next(row for row in range(2, len(dressed) + 3) if row not in dressed or row == sheet.rows)
    held = [(one.row, place.columns[one.column]) for one in (*sheet.cells, *sheet.pivots)]
    deepest = max(heights_of(sheet), default=1)  # a row's height is told beside its cells
    if sheet.kind == "table":
        return [f"{title}!1:{max([ground, deepest, *(row for row, _ in held)])}"]
    top = min(ground, _GAP)
    blocks = _blocks({(row - 1, column) for row, column in held if row > top})
    if deepest > top:
        blocks.insert(0, Block(top, deepest, 0, 1))
    return [f"{title}!1:{top}", *(f"{title}!{_a1(block)}" for block in blocks)]


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
