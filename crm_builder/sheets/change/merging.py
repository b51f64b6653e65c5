"""Merged areas that come and go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crm_builder.model import Area, Sheet
from crm_builder.plan.changes import Mend
from crm_builder.sheets.areas import encode_range
from crm_builder.sheets.change.scene import Scene
from crm_builder.sheets.layout import Place
from crm_builder.sheets.merges import Block, block_range, placed_block

Json = dict[str, Any]


def apart_requests(scene: Scene) -> list[Json]:
    """Areas of people's own over cells that are to be written, where they stand before anything moves."""
    requests = []
    for mend in scene.changes:
        if isinstance(mend, Mend) and mend.what == "apart":
            place = scene.observed.layout.place(mend.id.sheet)
            (first, top, bottom), (last, _, _) = mend.spans
            block = Block(top, bottom, place.column(first), place.column(last) + 1)
            requests.append({"unmergeCells": {"range": block_range(place, block)}})
    return requests


def unmerge_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Exactly the areas that we joined, before anything is written into them."""
    return [{"unmergeCells": {"range": encode_range(area, scene.layout)}} for area in _parted(sheet, scene)]


def _parted(sheet: Sheet, scene: Scene) -> Iterator[Area]:
    place = scene.layout.place(sheet.key)
    for area in scene.unmade("merge", sheet=sheet.key).values():
        columns = {area.first_column, area.last_column} - {None} if area else set()
        if area is not None and _stands(area, place) and columns <= place.columns.keys():
            yield area


def merge_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Areas are joined once their first cell is written, which is the one that keeps its content. What people joined
    or moved into their way is taken apart: the service refuses areas that overlap in part."""
    place = scene.layout.place(sheet.key)
    made = [
        area
        for area in scene.made("merge", sheet=sheet.key).values()
        if _stands(area, place) and place.adjoin(area.first_row, area.last_row or area.first_row)
    ]
    ways = [placed_block(area, scene.layout) for area in made]
    requests = [
        {"unmergeCells": {"range": block_range(place, block)}}
        for block in _unmoved(sheet, scene)
        if any(block.meets(way) and not _holds(way, block) for way in ways)
    ]
    return requests + [
        {"mergeCells": {"range": encode_range(area, scene.layout), "mergeType": "MERGE_ALL"}} for area in made
    ]


def _unmoved(sheet: Sheet, scene: Scene) -> Iterator[Block]:
    """What is merged now where neither columns nor rows above move."""
    former = scene.former_sheet(sheet.key)
    before, after = scene.observed.layout.place(former), scene.layout.place(sheet.key)
    if before.width == after.width and not scene.shifts[sheet.key].stirred and before.lines == after.lines:
        apart = {placed_block(area, scene.layout) for area in _parted(sheet, scene)}
        yield from (block for block in scene.observed.merged.get(former, ()) if block not in apart)


def _holds(outer: Block, inner: Block) -> bool:
    rows = outer.top <= inner.top and inner.bottom <= outer.bottom
    return rows and outer.left <= inner.left and inner.right <= outer.right


def _stands(area: Area, place: Place) -> bool:
    """Whether its rows are there. Where people deleted one, its line is that of the next, whose cells would vanish."""
    return not {area.first_row, area.last_row} & place.gone
