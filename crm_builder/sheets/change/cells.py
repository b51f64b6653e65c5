"""Cells and items that change: content, notes, looks and what they accept, each only where it differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crm_builder.model import Cell, CellFormat, Column, Sheet
from crm_builder.plan.changes import Id
from crm_builder.sheets.cells import encode_value, update_cells
from crm_builder.sheets.change.looks import accept, changed_names, paint
from crm_builder.sheets.change.scene import Scene
from crm_builder.sheets.conditions import Frame
from crm_builder.sheets.formats import overlay
from crm_builder.sheets.grid import Spot
from crm_builder.sheets.layout import Place
from crm_builder.sheets.links import encode_link
from crm_builder.sheets.merges import Block, block_range, placed_block
from crm_builder.sheets.paint import rectangles

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Write:
    """A cell before and after; None where there is none of ours."""

    before: Cell | None
    after: Cell | None
    column: str


def cell_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """All cells and items of one sheet that change, and those whose looks a change of their column went over."""
    place = scene.layout.place(sheet.key)
    writes = dict(_parted(sheet, place, scene))
    for spot, write in (*_cells(sheet, place, scene), *_items(sheet, place, scene)):
        covered = writes.get(spot)
        writes[spot] = replace(write, before=covered.before) if covered and write.before is None else write
    joined = {placed_block(area, scene.layout)[::2] for area in scene.made("merge", sheet=sheet.key).values()}
    contents, looks, rules = {}, {}, {}
    redone = {column.key: _redone(column, sheet, scene) for column in sheet.columns}
    for spot, write in _every_dressed(sheet, place, scene, writes):
        if fields := _fields(write):
            contents[spot] = fields
        names, look = _look(write, sheet, scene)
        if write.after and write.after.format:
            names |= redone[write.column][0] | (changed_names(scene.defaults, look) if spot in joined else frozenset())
        if names:
            looks |= dict.fromkeys(_merged(spot, sheet, scene), (names, look))
        before, after = (cell.validation if cell else None for cell in (write.before, write.after))
        if before != after or (after is not None and redone[write.column][1]):
            rules[spot] = after or sheet.column(write.column).validation
    requests = [_content(fields, block, writes, place, scene) for fields, block in rectangles(contents)]
    for (names, look), block in rectangles(looks):
        requests += paint(block_range(place, block), look, names)
    for rule, block in rectangles(rules):
        requests.append(accept(block_range(place, block), rule, Frame(scene.layout, sheet.key, block.top + 1)))
    return requests


def _cells(sheet: Sheet, place: Place, scene: Scene) -> Iterator[tuple[Spot, Write]]:
    for one, cell in scene.made("cell", sheet=sheet.key).items():
        if cell.row in place.gone:
            continue  # its line is that of another row
        before = scene.things_before.get(one)
        yield (place.line(cell.row), place.column(cell.column)), Write(before, cell, cell.column)
    for cell in scene.unmade("cell", sheet=sheet.key).values():
        if cell is not None and cell.column in place.columns and cell.row not in place.gone:
            yield (place.line(cell.row), place.column(cell.column)), Write(cell, None, cell.column)


def _parted(sheet: Sheet, place: Place, scene: Scene) -> Iterator[tuple[Spot, Write]]:
    """Cells of areas that are taken apart looked like the first one, and look like their columns again."""
    for area in scene.unmade("merge", sheet=sheet.key).values():
        if area is None or not {area.first_column, area.last_column} - {None} <= place.columns.keys():
            continue
        block = placed_block(area, scene.layout)
        first = scene.things_before.get(Id("cell", sheet.key, f"{place.column_key(block.left)} row {area.first_row}"))
        for line, index in block.cells():
            key = place.column_key(index)
            if first and first.format and (line, index) != (block.top, block.left) and key in place.columns:
                yield (line, index), Write(Cell(0, key, format=first.format), None, key)


def _items(sheet: Sheet, place: Place, scene: Scene) -> Iterator[tuple[Spot, Write]]:
    made = dict(scene.made("item", sheet=sheet.key))
    gone = scene.unmade("item", sheet=sheet.key)
    own = {column.key for column in sheet.columns}  # without those that are forgotten
    for one in (*made, *gone):
        line = scene.item_lines.get((sheet.key, one.key))
        if line is None:
            continue
        before: Mapping[str, Cell] = scene.thing_before(one) or {}
        after: Mapping[str, Cell] = made.get(one) or {}
        for column in {**before, **after}:
            if column in place.columns and column in own:
                yield (line, place.column(column)), Write(before.get(column), after.get(column), column)


def _every_dressed(
    sheet: Sheet, place: Place, scene: Scene, writes: Mapping[Spot, Write]
) -> Iterator[tuple[Spot, Write]]:
    yield from writes.items()
    for cell in sheet.cells:
        if cell.format is None and cell.validation is None:
            continue
        if cell.item:
            line = scene.item_lines.get((sheet.key, cell.item))
        else:
            line = None if cell.row in place.gone else place.line(cell.row)
        if line is not None and (line, place.column(cell.column)) not in writes:
            yield (line, place.column(cell.column)), Write(cell, cell, cell.column)


def _redone(column: Column, sheet: Sheet, scene: Scene) -> tuple[frozenset[str], bool]:
    """The attributes that were written over a whole column, and whether what it accepts was."""
    before = scene.column_before(sheet.key, column.key)
    changed = scene.former_defaults != scene.defaults or Id("column", sheet.key, column.key) in scene.updated
    if before is None or not changed:
        return frozenset(), False
    old, new = overlay(scene.former_defaults, before.format), overlay(scene.defaults, column.format)
    return changed_names(old, new), before.validation != column.validation


def _fields(write: Write) -> tuple[str, ...]:
    before, after = write.before or Cell(0, ""), write.after or Cell(0, "")
    content = (before.value, before.formula, before.link) != (after.value, after.formula, after.link)
    return ("userEnteredValue",) * content + ("note",) * (before.note != after.note)


def _content(fields: tuple[str, ...], block: Block, writes: Mapping[Spot, Write], place: Place, scene: Scene) -> Json:
    rows = [
        [_encode(writes[line, index].after, fields, scene) for index in range(block.left, block.right)]
        for line in range(block.top, block.bottom)
    ]
    return update_cells(place.sheet_id, block.top, block.left, rows, ",".join(fields))


def _encode(cell: Cell | None, fields: Iterable[str], scene: Scene) -> Json:
    if cell is None:
        return {}
    formula = encode_link(cell.link, str(cell.value), scene.layout) if cell.link else cell.formula
    data = encode_value(cell.value, formula) | ({"note": cell.note} if cell.note else {})
    return {name: data[name] for name in fields if name in data}


def _look(write: Write, sheet: Sheet, scene: Scene) -> tuple[frozenset[str], CellFormat]:
    column = sheet.column(write.column)
    was = scene.column_before(sheet.key, write.column) or column
    own = CellFormat()
    before = overlay(overlay(scene.former_defaults, was.format), (write.before and write.before.format) or own)
    after = overlay(overlay(scene.defaults, column.format), (write.after and write.after.format) or own)
    dressed = (write.before and write.before.format) or (write.after and write.after.format)
    return changed_names(before, after) if dressed else frozenset(), after


def _merged(spot: Spot, sheet: Sheet, scene: Scene) -> Iterable[Spot]:
    """All cells of a merged area look like its first: its lines are drawn whole."""
    for area in sheet.merges:
        block = placed_block(area, scene.layout)
        if (block.top, block.left) == spot:
            return block.cells()
    return (spot,)
