"""Place ↔ EmbeddedObjectPosition: where charts and slicers float."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Place
from crm_builder.sheets.layout import Layout, NotOursError

Json = dict[str, Any]

DEFAULT_WIDTH, DEFAULT_HEIGHT = 600, 371  # documented for positions that say no size


def encode_position(place: Place, layout: Layout, sheet: str) -> Json:
    held = layout.place(sheet)
    anchor = {"sheetId": held.sheet_id, "rowIndex": place.row - 1, "columnIndex": held.column(place.column)}
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
    return Place(
        anchor.get("rowIndex", 0) + 1,
        layout.by_id(anchor.get("sheetId", 0)).column_key(anchor.get("columnIndex", 0)),
        overlay.get("widthPixels", DEFAULT_WIDTH),
        overlay.get("heightPixels", DEFAULT_HEIGHT),
        overlay.get("offsetXPixels", 0),
        overlay.get("offsetYPixels", 0),
    )
