"""Merged areas that come and go."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Sheet
from crm_builder.sheets.areas import encode_range
from crm_builder.sheets.change.scene import Scene

Json = dict[str, Any]


def unmerge_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Exactly the areas that we joined, before anything is written into them."""
    columns = scene.layout.place(sheet.key).columns
    return [
        {"unmergeCells": {"range": encode_range(area, scene.layout)}}
        for area in scene.unmade("merge", sheet=sheet.key).values()
        if area is not None and {area.first_column, area.last_column} - {None} <= columns.keys()
    ]


def merge_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Areas are joined once their first cell is written, which is the one that keeps its content."""
    return [
        {"mergeCells": {"range": encode_range(area, scene.layout), "mergeType": "MERGE_ALL"}}
        for area in scene.made("merge", sheet=sheet.key).values()
    ]
