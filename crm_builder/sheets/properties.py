"""Properties of the spreadsheet and of its sheets ↔ their JSON."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Sheet, Workbook
from crm_builder.sheets.formats import decode_colour, encode_colour
from crm_builder.sheets.layout import Layout

Json = dict[str, Any]

# The colours of a spreadsheet that nobody themed (recorded); they count as no theme.
_STANDARD = {
    "text": "#000000",
    "background": "#FFFFFF",
    "accent1": "#4285F4",
    "accent2": "#EA4335",
    "accent3": "#FBBC04",
    "accent4": "#34A853",
    "accent5": "#FF6D01",
    "accent6": "#46BDC6",
    "link": "#1155CC",
}
THEME_COLOURS = tuple(_STANDARD)


def encode_spreadsheet(workbook: Workbook) -> Json:
    data: Json = {"title": workbook.title, "locale": workbook.locale, "timeZone": workbook.time_zone}
    if workbook.theme:
        pairs = [{"colorType": name.upper(), "color": encode_colour(colour)} for name, colour in workbook.theme]
        data["spreadsheetTheme"] = {"primaryFontFamily": workbook.font or "Arial", "themeColors": pairs}
    return data


def update_spreadsheet(workbook: Workbook) -> Json:
    properties = encode_spreadsheet(workbook)
    return {"updateSpreadsheetProperties": {"properties": properties, "fields": ",".join(properties)}}


def decode_spreadsheet(data: Json) -> dict[str, Any]:
    """The arguments of a Workbook that its properties hold."""
    return {
        "title": data.get("title", ""),
        "locale": data.get("locale", ""),
        "time_zone": data.get("timeZone", ""),
        "theme": _decode_theme(data.get("spreadsheetTheme", {})),
    }


def _decode_theme(data: Json) -> tuple[tuple[str, str], ...]:
    pairs = {
        pair["colorType"].lower(): decode_colour({"colorStyle": pair["color"]}, "color") or "#000000"
        for pair in data.get("themeColors", ())
    }
    theme = {name: pairs[name] for name in THEME_COLOURS if name in pairs}
    return () if theme == _STANDARD else tuple(theme.items())


def encode_sheet(sheet: Sheet, layout: Layout) -> Json:
    """SheetProperties of a new sheet, its grid's size included."""
    place = layout.place(sheet.key)
    grid: Json = {"rowCount": sheet.rows, "columnCount": len(sheet.columns)}
    if sheet.frozen_rows:
        grid["frozenRowCount"] = place.line(sheet.frozen_rows) + 1
    if sheet.frozen_columns:
        grid["frozenColumnCount"] = sheet.frozen_columns
    if not sheet.gridlines:
        grid["hideGridlines"] = True
    data: Json = {"sheetId": place.sheet_id, "title": sheet.title, "index": place.index, "gridProperties": grid}
    if sheet.hidden:
        data["hidden"] = True
    if sheet.right_to_left:
        data["rightToLeft"] = True
    if sheet.tab_color:
        data["tabColorStyle"] = encode_colour(sheet.tab_color)
    return data


def add_sheet(sheet: Sheet, layout: Layout) -> Json:
    return {"addSheet": {"properties": encode_sheet(sheet, layout)}}


def decode_sheet(data: Json) -> dict[str, Any]:
    """The arguments of a Sheet that its properties hold."""
    grid = data.get("gridProperties", {})
    return {
        "title": data.get("title", ""),
        "rows": grid.get("rowCount", 0),
        "right_to_left": data.get("rightToLeft", False),
        "hidden": data.get("hidden", False),
        "gridlines": not grid.get("hideGridlines", False),
        "tab_color": decode_colour(data, "tabColor"),
        "frozen_rows": grid.get("frozenRowCount", 0),
        "frozen_columns": grid.get("frozenColumnCount", 0),
    }
