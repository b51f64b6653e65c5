"""Slicer ↔ its JSON."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Slicer
from crm_builder.sheets import ids
from crm_builder.sheets.areas import column_at, decode_range, encode_block, offset_in
from crm_builder.sheets.layout import Layout, NotOursError
from crm_builder.sheets.positions import decode_position, encode_position

Json = dict[str, Any]


def encode_slicer(slicer: Slicer, layout: Layout, sheet: str) -> Json:
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
    spec = data.get("spec", {})
    if "dataRange" not in spec:
        raise NotOursError("a slicer of nothing")
    return Slicer(
        key,
        spec.get("title", ""),
        decode_position(data.get("position", {}), layout),
        decode_range(spec["dataRange"], layout),
        column_at(spec["dataRange"], spec.get("columnIndex", 0), layout),
    )


def add_slicer(slicer: Slicer, layout: Layout, sheet: str) -> Json:
    return {"addSlicer": {"slicer": encode_slicer(slicer, layout, sheet)}}
