"""NamedRange ↔ its JSON, and which names the service takes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from crm_builder.model import NamedRange, Workbook
from crm_builder.sheets import ids
from crm_builder.sheets.areas import decode_range, encode_range
from crm_builder.sheets.layout import Layout

Json = dict[str, Any]

MAX_NAME = 250
_SHAPE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*([Cc][0-9]*)?|[Cc][0-9]*|true|false", re.IGNORECASE)


def encode_name(name: NamedRange, layout: Layout) -> Json:
    return {"namedRangeId": ids.name_id(name.name), "name": name.name, "range": encode_range(name.area, layout)}


def decode_name(data: Json, layout: Layout) -> NamedRange:
    return NamedRange(data["name"], decode_range(data.get("range", {}), layout), data.get("namedRangeId", ""))


def id_of(name: NamedRange) -> str:
    """The id that the name has in the spreadsheet."""
    return name.number or ids.name_id(name.name)


def numbered(workbook: Workbook) -> Workbook:
    """The workbook whose names tell their ids, which they keep when they are called otherwise."""
    return replace(workbook, names=tuple(replace(name, number=id_of(name)) for name in workbook.names))


def add_name(name: NamedRange, layout: Layout) -> Json:
    return {"addNamedRange": {"namedRange": encode_name(name, layout)}}


def trouble_with(name: str) -> str:
    """Why a name cannot be used; empty when it can."""
    if len(name) > MAX_NAME:
        return f"the name has {len(name)} characters; {MAX_NAME} is the most"
    if not _SHAPE.fullmatch(name):
        return "a name holds ASCII letters, digits and _ only, and begins with a letter or _"
    if _CELL.fullmatch(name):
        return "the name reads like a cell or a truth value"
    return ""
