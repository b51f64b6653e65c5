"""Column widths, hidden columns and row heights ↔ dimension properties."""

from __future__ import annotations

from typing import Any

from crm_builder.model import HEADER_ROW, Sheet
from crm_builder.sheets.layers import spans
from crm_builder.sheets.layout import Layout

Json = dict[str, Any]

DEFAULT_WIDTH = 100  # pixels of a column that nobody changed


def set_widths(sheet: Sheet, layout: Layout) -> list[Json]:
    """Requests for all columns that are not as a new sheet has them."""
    place = layout.place(sheet.key)
    looks = sorted((place.column(column.key), (column.width, column.hidden)) for column in sheet.columns)
    requests = []
    for span in spans(looks, (DEFAULT_WIDTH, False), lambda look: not look[1]):
        width, hidden = span.look
        properties: Json = {"pixelSize": width}
        if hidden:
            properties["hiddenByUser"] = True
        requests.append(update_dimension(place.sheet_id, "COLUMNS", span.start, span.end, properties))
    return requests


def set_heights(sheet: Sheet, layout: Layout) -> list[Json]:
    """Requests for all rows with a height of their own."""
    place = layout.place(sheet.key)
    heights = sorted((place.line(row), height) for row, height in heights_of(sheet).items())
    return [
        update_dimension(place.sheet_id, "ROWS", span.start, span.end, {"pixelSize": span.look})
        for span in spans(heights, 0, bool)
    ]


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
