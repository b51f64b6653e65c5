"""Protection ↔ ProtectedRange."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Protection
from crm_builder.sheets import ids
from crm_builder.sheets.areas import decode_range, encode_range
from crm_builder.sheets.layout import Layout, NotOursError

Json = dict[str, Any]


def encode_protection(protection: Protection, layout: Layout, sheet: str) -> Json:
    data: Json = {
        "protectedRangeId": ids.protection_id(layout.place(sheet).stem, protection.key),
        "range": encode_range(protection.area, layout),
        "description": protection.description,
    }
    if protection.warning_only:
        data["warningOnly"] = True
    return data


def decode_protection(data: Json, layout: Layout, key: str) -> Protection:
    if "range" not in data:
        raise NotOursError("a protection of a named range or a table")
    return Protection(
        key,
        decode_range(data["range"], layout),
        data.get("description", ""),
        warning_only=data.get("warningOnly", False),
    )


def add_protection(protection: Protection, layout: Layout, sheet: str) -> Json:
    return {"addProtectedRange": {"protectedRange": encode_protection(protection, layout, sheet)}}
