"""Column widths, hidden columns and row heights ↔ dimension properties."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from crm_builder.model import HEADER_ROW, Sheet
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
        requests.append(update_dimension(place.sheet_id, "COLUMNS", indexes[0], indexes[-1] + 1, properties))
    return requests


def _run(position: int, look: tuple[int, int, bool]) -> tuple[int, int, bool]:
    """Equal for neighbours of equal look: an unbroken run has one difference between index and position."""
    return look[0] - position, look[1], look[2]


def set_heights(sheet: Sheet, layout: Layout) -> list[Json]:
    """Requests for all rows with a height of their own; neighbours alike share one."""
    place = layout.place(sheet.key)
    heights = sorted((place.line(row), height) for row, height in heights_of(sheet).items())
    requests = []
    for (_, height), group in groupby(enumerate(heights), key=lambda item: (item[1][0] - item[0], item[1][1])):
        lines = [line for _, (line, _) in group]
        requests.append(update_dimension(place.sheet_id, "ROWS", lines[0], lines[-1] + 1, {"pixelSize": height}))
    return requests


def heights_of(sheet: Sheet) -> dict[int, int]:
    """Pixels of all rows (1-based) with a height of their own, the header's among them."""
    header = {} if sheet.header_height is None else {HEADER_ROW: sheet.header_height}
    return dict(sheet.heights) | header


def update_dimension(sheet_id: int, dimension: str, start: int, end: int, properties: Json) -> Json:
    span = {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}
    return {
        "updateDimensionProperties": {"range": span, "properties": properties, "fields": ",".join(sorted(properties))}
    }


def decode_width(data: Json) -> tuple[int, bool]:
    """Width in pixels and whether it is hidden, of one entry of columnMetadata."""
    return data.get("pixelSize", DEFAULT_WIDTH), data.get("hiddenByUser", False)
