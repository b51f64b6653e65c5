"""What is as described and yet broken: cells to be emptied, to accept again what they shall, formulas written anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crm_builder.model import HEADER_ROW, Cell, Sheet
from crm_builder.plan.changes import Mend
from crm_builder.sheets.cells import encode_value, update_cells
from crm_builder.sheets.change.looks import accept
from crm_builder.sheets.change.scene import Scene
from crm_builder.sheets.conditions import Frame
from crm_builder.sheets.layout import Place
from crm_builder.sheets.merges import Block, block_range

Json = dict[str, Any]


def mend_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Formulas first, then what stands in the way of them: nothing is cleared before it is written."""
    mends = [change for change in scene.changes if isinstance(change, Mend) and change.id.sheet == sheet.key]
    requests = [request for mend in mends if mend.what == "again" for request in _again(mend, sheet, scene)]
    for mend in mends:
        for block in _blocks(mend, sheet, scene):
            grid = block_range(scene.layout.place(sheet.key), block)
            if mend.what == "accept":
                validation = mend.thing.validation
                requests.append(accept(grid, validation, Frame(scene.layout, sheet.key, block.top + 1)))
            elif mend.what in ("clear", "compute"):
                requests.append({"updateCells": {"range": grid, "fields": "userEnteredValue"}})
    return requests


def _again(mend: Mend, sheet: Sheet, scene: Scene) -> Iterator[Json]:
    place, one = scene.layout.place(sheet.key), mend.id
    if one.kind == "column" and mend.thing.formula:
        yield _write(place, place.line(HEADER_ROW), one.key, mend.thing.formula)
    elif one.kind == "cell" and mend.thing.formula and mend.thing.row not in place.gone:
        yield _write(place, place.line(mend.thing.row), mend.thing.column, mend.thing.formula)
    elif one.kind == "item":
        line = scene.item_lines.get((sheet.key, one.key))
        cells: dict[str, Cell] = mend.thing
        for column, cell in cells.items():
            if line is not None and cell.formula and column in place.columns:
                yield _write(place, line, column, cell.formula)


def _write(place: Place, line: int, column: str, formula: str) -> Json:
    return update_cells(place.sheet_id, line, place.column(column), [[encode_value(None, formula)]])


def _blocks(mend: Mend, sheet: Sheet, scene: Scene) -> Iterator[Block]:
    """The spans in the final grid: rows that people deleted were given back, the header of a table above all others."""
    before = scene.observed.layout.place(scene.former_sheet(sheet.key))
    after = scene.layout.place(sheet.key)
    back = [] if after.gone else [before.line(row) for row in before.gone]
    top = after.line(HEADER_ROW + 1) - before.line(HEADER_ROW + 1) if sheet.kind == "table" else 0
    for column, first, last in mend.spans:
        if column not in after.columns:
            continue  # of people's own columns nothing is touched
        index = after.columns[column]
        if not back:
            yield Block(first + top, last + top, index, index + 1)
            continue
        for line in range(first, last):
            down = line + sum(one <= line for one in back)
            yield Block(down, down + 1, index, index + 1)
