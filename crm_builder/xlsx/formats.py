"""Formats of cells in XlsxWriter's words, and one Format object for each that differs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

_HORIZONTAL = {"LEFT": "left", "CENTER": "center", "RIGHT": "right"}
_VERTICAL = {"TOP": "top", "MIDDLE": "vcenter", "BOTTOM": "bottom"}
_DIRECTION = {"LEFT_TO_RIGHT": 1, "RIGHT_TO_LEFT": 2}
_LINES = {"DOTTED": 4, "DASHED": 3, "SOLID": 1, "SOLID_MEDIUM": 2, "SOLID_THICK": 5, "DOUBLE": 6}
_USUAL = {
    "TEXT": "@", "NUMBER": "#,##0.00", "PERCENT": "0.00%", "CURRENCY": "#,##0.00", "DATE": "yyyy-mm-dd",
    "TIME": "hh:mm:ss", "DATE_TIME": "yyyy-mm-dd hh:mm:ss", "SCIENTIFIC": "0.00E+00",
}  # fmt: skip
_PATTERN = re.compile(r'("[^"]*"|\\.|\[[^\]]*\]|_.|\*.)|([^\x00-\x7F]+)|(am/pm|a/p)', re.IGNORECASE)


def colour_of(style: Json | None, theme: Mapping[str, str], plain: Json | None = None) -> str | None:
    """`#RRGGBB` of a ColorStyle, or of the older Color beside it; None where neither is said."""
    if style and "themeColor" in style:
        return theme.get(str(style["themeColor"]))
    color = (style or {}).get("rgbColor", plain)
    if color is None:
        return None
    return "#" + "".join(f"{round(float(color.get(part, 0)) * 255):02X}" for part in ("red", "green", "blue"))


def theme_of(spreadsheet: Json) -> dict[str, str]:
    """The colours that a ThemeColorType stands for."""
    colours = spreadsheet.get("properties", {}).get("spreadsheetTheme", {}).get("themeColors", ())
    return {str(one.get("colorType")): colour_of(one.get("color"), {}) or "#000000" for one in colours}


def number_pattern(form: Json | None) -> str | None:
    """Excel's pattern of a NumberFormat: the same language, but letters beyond ASCII are quoted."""
    if not form or form.get("type") in (None, "NUMBER_FORMAT_TYPE_UNSPECIFIED"):
        return None
    pattern = form.get("pattern") or _USUAL.get(str(form["type"]))
    if pattern is None:
        return None

    def fitted(match: re.Match[str]) -> str:
        kept, foreign, half = match.groups()
        if foreign:
            return f'"{foreign}"'
        return half.upper() if half else kept

    return _PATTERN.sub(fitted, pattern)


def properties_of(form: Json, theme: Mapping[str, str], formula: bool = False) -> dict[str, Any]:
    """XlsxWriter's properties of a CellFormat. `formula`: of a cell with one, which the format `@` would make text."""
    out: dict[str, Any] = dict(_text(form.get("textFormat", {}), theme))
    pattern = number_pattern(form.get("numberFormat"))
    if pattern and not (formula and pattern == "@"):
        out["num_format"] = pattern
    background = colour_of(form.get("backgroundColorStyle"), theme, form.get("backgroundColor"))
    if background:
        out["bg_color"] = background
    if align := _HORIZONTAL.get(form.get("horizontalAlignment", "")):
        out["align"] = align
    out["valign"] = _VERTICAL.get(form.get("verticalAlignment", ""), "bottom")
    if form.get("wrapStrategy") == "WRAP":
        out["text_wrap"] = True
    if way := _DIRECTION.get(form.get("textDirection", "")):
        out["reading_order"] = way
    rotation = form.get("textRotation", {})
    if rotation.get("vertical"):
        out["rotation"] = 270
    elif rotation.get("angle"):
        out["rotation"] = rotation["angle"]
    for side, line in form.get("borders", {}).items():
        if style := _LINES.get(line.get("style", "")):
            out[side] = style
            out[f"{side}_color"] = colour_of(line.get("colorStyle"), theme, line.get("color")) or "#000000"
    return out


def changes_of(form: Json, theme: Mapping[str, str]) -> dict[str, Any]:
    """What a conditional format changes: colours and the style of letters."""
    out = {name: value for name, value in _text(form.get("textFormat", {}), theme).items() if "font_" not in name}
    ink = form.get("textFormat", {})
    if color := colour_of(ink.get("foregroundColorStyle"), theme, ink.get("foregroundColor")):
        out["font_color"] = color
    background = colour_of(form.get("backgroundColorStyle"), theme, form.get("backgroundColor"))
    if background:
        out["bg_color"] = background
    return out


def _text(form: Json, theme: Mapping[str, str]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if family := form.get("fontFamily"):
        out["font_name"] = str(family).split(",")[0].strip().title() if "," in family else family
    if size := form.get("fontSize"):
        out["font_size"] = size
    if color := colour_of(form.get("foregroundColorStyle"), theme, form.get("foregroundColor")):
        out["font_color"] = color
    for name, ours in (("bold", "bold"), ("italic", "italic"), ("strikethrough", "font_strikeout")):
        if form.get(name):
            out[ours] = True
    if form.get("underline"):
        out["underline"] = 1
    return out


class Formats:
    """The Format objects of one workbook; equal properties share one."""

    def __init__(self, workbook: Any, spreadsheet: Json):
        self._workbook = workbook
        self._made: dict[str, Any] = {}
        self.theme = theme_of(spreadsheet)
        default = spreadsheet.get("properties", {}).get("defaultFormat", {})
        self.usual = properties_of({"textFormat": default.get("textFormat", {})}, self.theme)

    def cell(self, form: Json, formula: bool = False, **more: Any) -> Any:
        """Of a CellFormat over the spreadsheet's own."""
        return self.of({**self.usual, **properties_of(form, self.theme, formula), **more})

    def change(self, form: Json) -> Any:
        """Of a conditional format."""
        return self.of(changes_of(form, self.theme))

    def of(self, properties: Mapping[str, Any]) -> Any:
        key = json.dumps(properties, sort_keys=True)
        if key not in self._made:
            self._made[key] = self._workbook.add_format(dict(properties))
        return self._made[key]
