"""Slicer ↔ its JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crm_builder.model import Area, Slicer
from crm_builder.sheets import ids
from crm_builder.sheets.areas import column_at, decode_source, encode_block, offset_in
from crm_builder.sheets.layout import Layout, NotOursError
from crm_builder.sheets.positions import decode_position, encode_position

Json = dict[str, Any]


def encode_slicer(slicer: Slicer, layout: Layout, sheet: str) -> Json:
    """Over all columns where its own is out of its area by now: the service refuses such a slicer."""
    grid = encode_block(slicer.area, layout)
    if not 0 <= offset_in(slicer.area, slicer.column, layout) < grid["endColumnIndex"] - grid["startColumnIndex"]:
        slicer = replace(slicer, area=_whole(slicer.area))
    spec: Json = {
        "dataRange": encode_block(slicer.area, layout),
        "columnIndex": offset_in(slicer.area, slicer.column, layout),
        "applyToPivotTables": True,
    }
    if slicer.title:
        spec["title"] = slicer.title
    position = encode_position(slicer.place, layout, sheet)
    return {"slicerId": ids.slicer_id(layout.place(sheet).stem, slicer.key), "spec": spec, "position": position}


def decode_slicer(data: Json, layout: Layout, key: str) -> Slicer:
    """One whose column people took out of its range counts as one over all columns, as it is written again."""
    spec = data.get("spec", {})
    if "dataRange" not in spec:
        raise NotOursError("a slicer of nothing")
    grid, index = spec["dataRange"], spec.get("columnIndex", 0)
    area, width = decode_source(grid, layout), layout.by_id(grid.get("sheetId", 0)).width
    first = grid.get("startColumnIndex", 0)
    if index >= grid.get("endColumnIndex", width) - first:
        area, index = _whole(area), min(index, width - 1 - first)
    position = decode_position(data.get("position", {}), layout)
    return Slicer(key, spec.get("title", ""), position, area, column_at(grid, index, layout))


def _whole(area: Area) -> Area:
    return replace(area, first_column=None, last_column=None)


def add_slicer(slicer: Slicer, layout: Layout, sheet: str) -> Json:
    return {"addSlicer": {"slicer": encode_slicer(slicer, layout, sheet)}}
