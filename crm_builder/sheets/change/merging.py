"""Merged areas that come and go."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Area, Sheet
from crm_builder.sheets.areas import encode_range
from crm_builder.sheets.change.scene import Scene
from crm_builder.sheets.layout import Place

Json = dict[str, Any]


def unmerge_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Exactly the areas that we joined, before anything is written into them."""
    place = scene.layout.place(sheet.key)
    return [
        {"unmergeCells": {"range": encode_range(area, scene.layout)}}
        for area in scene.unmade("merge", sheet=sheet.key).values()
        if area is not None
        and _stands(area, place)
        and {area.first_column, area.last_column} - {None} <= place.columns.keys()
    ]


def merge_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Areas are joined once their first cell is written, which is the one that keeps its content."""
    return [
        {"mergeCells": {"range": encode_range(area, scene.layout), "mergeType": "MERGE_ALL"}}
        for area in scene.made("merge", sheet=sheet.key).values()
        if _stands(area, scene.layout.place(sheet.key))
    ]


def _stands(area: Area, place: Place) -> bool:
    """Whether its rows are there. Where people deleted one, its line is that of the next, whose cells would vanish."""
    return not {area.first_row, area.last_row} & place.gone
