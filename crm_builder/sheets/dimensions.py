"""Column widths, hidden columns and the height of the header row ↔ dimension properties."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from crm_builder.model import Sheet
from crm_builder.sheets.layout import Layout

Json = dict[str, Any]

DEFAULT_WIDTH = 100  # pixels of a column that nobody changed


def set_widths(sheet: Sheet, layout: Layout) -> list[Json]:
    """Requests for all columns that are not as a new sheet has them; neighbours alike share one."""
    place = layout.place(sheet.key)
    looks = sorted((place.column(column.key), column.width, column.hidden) for column in sheet.columns)
    requests = []
    for (_, width, hidden), group in groupby(enumerate(looks), key=lambda item: _run(item[0], item[1])):
        if (width, hidden) == (DEFAULT_WIDTH, False):
            continue
        indexes = [look[0] for _, look in group]
        properties: Json = {"pixelSize": width}
        if hidden:
            properties["hiddenByUser"] = True
        requests.append(_update(place.sheet_id, "COLUMNS", indexes[0], indexes[-1] + 1, properties))
    return requests


def _run(position: int, look: tuple[int, int, bool]) -> tuple[int, int, bool]:
    """Equal for neighbours of equal look: an unbroken run has one difference between index and position."""
    return look[0] - position, look[1], look[2]


def set_header_height(sheet: Sheet, layout: Layout) -> list[Json]:
    if sheet.header_height is None:
        return []
    return [_update(layout.place(sheet.key).sheet_id, "ROWS", 0, 1, {"pixelSize": sheet.header_height})]


def _update(sheet_id: int, dimension: str, start: int, end: int, properties: Json) -> Json:
    span = {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}
    return {
        "updateDimensionProperties": {"range": span, "properties": properties, "fields": ",".join(sorted(properties))}
    }


def decode_width(data: Json) -> tuple[int, bool]:
    """Width in pixels and whether it is hidden, of one entry of columnMetadata."""
    return data.get("pixelSize", DEFAULT_WIDTH), data.get("hiddenByUser", False)
