"""Banding ↔ BandedRange."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Banding
from crm_builder.sheets import ids
from crm_builder.sheets.areas import decode_range, encode_range
from crm_builder.sheets.formats import decode_colour, encode_colour
from crm_builder.sheets.layout import Layout, NotOursError

Json = dict[str, Any]


def encode_banding(banding: Banding, layout: Layout, sheet: str) -> Json:
    rows = {
        "firstBandColorStyle": encode_colour(banding.first),
        "secondBandColorStyle": encode_colour(banding.second),
    }
    if banding.header:
        rows["headerColorStyle"] = encode_colour(banding.header)
    return {
        "bandedRangeId": ids.banding_id(layout.place(sheet).stem, banding.key),
        "range": encode_range(banding.area, layout),
        "rowProperties": rows,
    }


def decode_banding(data: Json, layout: Layout, key: str) -> Banding:
    rows = data.get("rowProperties", {})
    first, second = decode_colour(rows, "firstBandColor"), decode_colour(rows, "secondBandColor")
    if first is None or second is None:
        raise NotOursError("banding of columns")
    return Banding(key, decode_range(data["range"], layout), first, second, decode_colour(rows, "headerColor"))


def add_banding(banding: Banding, layout: Layout, sheet: str) -> Json:
    return {"addBanding": {"bandedRange": encode_banding(banding, layout, sheet)}}
