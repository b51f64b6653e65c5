"""Place ↔ EmbeddedObjectPosition: where charts and slicers float."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Place
from crm_builder.sheets import layout as layouts
from crm_builder.sheets.layout import Layout, NotOursError

Json = dict[str, Any]

DEFAULT_WIDTH, DEFAULT_HEIGHT = 600, 371  # documented for positions that say no size


def encode_position(place: Place, layout: Layout, sheet: str) -> Json:
    held = layout.place(sheet)
    anchor = {"sheetId": held.sheet_id, "rowIndex": held.line(place.row), "columnIndex": held.column(place.column)}
    overlay: Json = {"anchorCell": anchor, "widthPixels": place.width, "heightPixels": place.height}
    for name, offset in (("offsetXPixels", place.dx), ("offsetYPixels", place.dy)):
        if offset:
            overlay[name] = offset
    return {"overlayPosition": overlay}


def decode_position(data: Json, layout: Layout) -> Place:
    """The place; zeros are left out in answers (reported). NotOursError for a chart that has a sheet of its own."""
    if "overlayPosition" not in data:
        raise NotOursError("a sheet of its own")
    overlay = data["overlayPosition"]
    anchor = overlay.get("anchorCell", {})
    held = layout.by_id(anchor.get("sheetId", 0))
    return Place(
        _row(held, anchor.get("rowIndex", 0)),
        held.column_key(anchor.get("columnIndex", 0)),
        overlay.get("widthPixels", DEFAULT_WIDTH),
        overlay.get("heightPixels", DEFAULT_HEIGHT),
        overlay.get("offsetXPixels", 0),
        overlay.get("offsetYPixels", 0),
    )


def _row(held: layouts.Place, index: int) -> int:
    """The row at that line, or else the nearest one: people may drag a chart over a line of theirs."""
    try:
        return held.row_to(index)
    except NotOursError:
        return held.row_from(index)
