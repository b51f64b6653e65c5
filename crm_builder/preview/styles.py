"""Cell formats as CSS: declarations of one format, and short class names shared by all cells that look alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crm_builder.preview import dark

Json = Mapping[str, Any]

# The colours of the service's standard theme, for a ThemeColor that the workbook does not define.
_THEME = {
    "TEXT": "#000000",
    "BACKGROUND": "#ffffff",
    "ACCENT1": "#4285f4",
    "ACCENT2": "#ea4335",
    "ACCENT3": "#fbbc04",
    "ACCENT4": "#34a853",
    "ACCENT5": "#ff6d01",
    "ACCENT6": "#46bdc6",
    "LINK": "#1155cc",
}
_LINES = {
    "DOTTED": "1px dotted",
    "DASHED": "1px dashed",
    "SOLID": "1px solid",
    "SOLID_MEDIUM": "2px solid",
    "SOLID_THICK": "3px solid",
    "DOUBLE": "3px double",
}
_VERTICAL = {"TOP": "top", "MIDDLE": "middle"}
_ALIGN = {"LEFT": "left", "CENTER": "center", "RIGHT": "right"}
_FONT = re.compile(r"[\w][\w .-]{0,60}")
_OWN_PADDING = {"top": 2, "right": 3, "bottom": 2, "left": 3}  # what every cell has where nothing was set


def rgb(color: Json) -> str:
    """A Color ({red, green, blue} from 0 to 1, missing = 0) as `#rrggbb`."""
    parts = (color.get(name) or 0 for name in ("red", "green", "blue"))
    return "#" + "".join(f"{min(255, max(0, round(float(part) * 255))):02x}" for part in parts)


def theme_of(spreadsheet: Json) -> dict[str, str]:
    """The workbook's theme colours over the standard ones."""
    pairs = spreadsheet.get("properties", {}).get("spreadsheetTheme", {}).get("themeColors", [])
    own = {p.get("colorType"): p.get("color", {}).get("rgbColor", {}) for p in pairs}
    return _THEME | {name: rgb(color) for name, color in own.items() if name in _THEME}


def css_string(text: str) -> str:
    """Any text as a CSS string literal."""
    return '"' + "".join(char if char.isalnum() or char in " -_" else f"\\{ord(char):x} " for char in text) + '"'


def colour(holder: Json, name: str, theme: Mapping[str, str]) -> str | None:
    """The colour `name` of a holder that has `<name>Style` or the older `<name>`; None where neither is set."""
    style = holder.get(name + "Style")
    if style and "rgbColor" in style:
        return rgb(style["rgbColor"])
    if style and style.get("themeColor") in theme:
        return theme[style["themeColor"]]
    return rgb(holder[name]) if name in holder else None


def edge(borders: Json, side: str, theme: Mapping[str, str]) -> str:
    """The line on one side of a cell as a CSS border value, empty where there is none."""
    border = borders.get(side)
    if not border or border.get("style", "SOLID") not in _LINES:
        return ""
    ink = colour(border, "color", theme) or "#000000"
    return f"{_LINES[border.get('style', 'SOLID')]} {ink}"


def border_css(name: str, value: str) -> list[str]:
    """Declarations of a border line that edge() named, for the light and the dark page."""
    ink = value.rpartition(" ")[2]
    return [f"{name}:{value}", *dark.either(f"{name}-color", ink, dark.line(ink))[1:]]


def font_of(text_format: Json) -> str | None:
    """A font-family value for a TextFormat, with the page's own fonts behind it; None where no usable font is named."""
    name = text_format.get("fontFamily")
    return f"{css_string(name)},var(--font)" if name and _FONT.fullmatch(name) else None


def text_css(text: Json, theme: Mapping[str, str], paper: str = "#ffffff") -> list[str]:
    """Declarations of a TextFormat on a background."""
    out: list[str] = []
    ground = dark.paper(paper) if paper != "#ffffff" else dark.PAPER
    ink = colour(text, "foregroundColor", theme)
    if ink and ink != "#000000":
        out += dark.either("color", ink, dark.ink(ink, ground))
    elif dark.contrast(dark.INK, ground) < dark.READABLE:
        out.append(f"color:{dark.ink(dark.LIGHT_INK, ground)}")  # a strong background that stays as it is
    if font := font_of(text):
        out.append(f"font-family:{font}")
    if size := text.get("fontSize"):
        out.append(f"font-size:{max(1, min(400, float(size))):g}pt")
    if text.get("bold"):
        out.append("font-weight:700")
    if text.get("italic"):
        out.append("font-style:italic")
    lines = [word for key, word in (("underline", "underline"), ("strikethrough", "line-through")) if text.get(key)]
    if lines:
        out.append("text-decoration:" + " ".join(lines))
    return out


def cell_css(form: Json, theme: Mapping[str, str]) -> list[str]:
    """Declarations of a CellFormat, all but its borders. Sides are physical: a sheet's direction does not turn them."""
    paper = colour(form, "backgroundColor", theme) or "#ffffff"
    out = text_css(form.get("textFormat", {}), theme, paper)
    if paper != "#ffffff":
        out += [*dark.either("background-color", paper, dark.paper(paper)), "border-color:transparent"]
    if side := _ALIGN.get(form.get("horizontalAlignment", "")):
        out.append(f"text-align:{side}")
    if level := _VERTICAL.get(form.get("verticalAlignment", "")):
        out.append(f"vertical-align:{level}")
    if form.get("wrapStrategy") == "WRAP":
        out += ["white-space:pre-wrap", "overflow-wrap:anywhere"]
    padding = form.get("padding")
    if padding and dict(padding) != _OWN_PADDING:
        sides = (int(padding.get(side, 0)) for side in ("top", "right", "bottom", "left"))
        out.append("padding:" + " ".join(f"{max(0, min(200, side))}px" for side in sides))
    rotation = form.get("textRotation", {})
    if rotation.get("vertical"):
        out.append("writing-mode:vertical-rl;text-orientation:upright")
    return out


class Styles:
    """Declarations seen so far, each under a short class name. One per page."""

    def __init__(self, theme: Mapping[str, str]):
        self.theme = theme
        self._formats: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def format(self, form: Json) -> str:
        """A format's declarations as one text; equal formats are worked out once."""
        key = repr(form)
        if key not in self._formats:
            self._formats[key] = ";".join(cell_css(form, self.theme))
        return self._formats[key]

    def name(self, declarations: str) -> str:
        """The class for these declarations, empty for none."""
        if not declarations:
            return ""
        return self._names.setdefault(declarations, f"s{len(self._names)}")

    def sheet(self) -> str:
        """All classes as CSS text."""
        return "\n".join(f".{name}{{{declarations}}}" for declarations, name in self._names.items())
