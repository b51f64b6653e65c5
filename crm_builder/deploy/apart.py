"""Areas that people merged over cells of ours: a repair takes them apart, as only the first of merged cells is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm_builder.deploy.observe import Seen
from crm_builder.model import HEADER_ROW, Cell, Workbook
from crm_builder.plan import Create, Id, Mend, Plan, Update
from crm_builder.sheets.deep import address
from crm_builder.sheets.layout import Place
from crm_builder.sheets.merges import Block, grid_block, placed_block
from crm_builder.sheets.owned import sheet_id_of

Spot = tuple[int, int]


def apart(plan: Plan, base: Workbook, seen: Seen) -> Iterator[Mend]:
    """What is to be taken apart, so that the cells that the plan writes can be seen."""
    merges = {sheet_id_of(sheet): sheet.get("merges", ()) for sheet in seen.state.get("sheets", ())}
    for sheet in base.sheets:
        place = seen.layout.places.get(sheet.key)
        blocks = [grid_block(grid) for grid in merges.get(place.sheet_id, ())] if place else []
        if place is None or not blocks:
            continue
        known = {
            placed_block(area, seen.layout)
            for area in sheet.merges
            if {area.first_column, area.last_column} - {None} <= place.columns.keys()
        }
        spots = set(_written(plan, place, seen.observed.item_lines))
        for block in blocks:
            hidden = set(block.cells()) - {(block.top, block.left)}
            if block not in known and hidden & spots:
                ends = [(place.column_key(at), block.top, block.bottom) for at in (block.left, block.right - 1)]
                yield Mend(Id("sheet", sheet.key), "apart", len(hidden & spots), tuple(ends), (_address(block),))


def _address(block: Block) -> str:
    return f"{address(block.left, block.top)}:{address(block.right - 1, block.bottom - 1)}"


def _written(plan: Plan, place: Place, items: Mapping[tuple[str, str], int]) -> Iterator[Spot]:
    for change in plan.changes:
        if change.id.sheet != place.key or not isinstance(change, Create | Update):
            continue
        for line, column in _cells(change.id, change.thing, place, items):
            if line is not None and column in place.columns:
                yield line, place.columns[column]


def _cells(one: Id, thing: Any, place: Place, items: Mapping[tuple[str, str], int]) -> Iterator[tuple[int | None, str]]:
    if one.kind == "cell":
        yield (None if thing.row in place.gone else place.line(thing.row)), thing.column
    elif one.kind == "column" and (thing.title or thing.formula) and not place.headless:
        yield place.line(HEADER_ROW), one.key
    elif one.kind == "item":
        cells: Mapping[str, Cell] = thing
        yield from ((items.get((one.sheet, one.key)), column) for column in cells)
