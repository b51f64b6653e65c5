"""Small shared pieces of request handling: colours in Google's steps, fresh ids, answers as Google shows them."""

from __future__ import annotations

import copy
import json
import math
import secrets
import struct
from collections.abc import Collection, Iterable
from typing import Any

from ..errors import invalid

# The theme of a spreadsheet that nobody changed (recorded in spreadsheetTheme.themeColors).
_THEME = {
    "TEXT": "000000",
    "BACKGROUND": "ffffff",
    "ACCENT1": "4285f4",
    "ACCENT2": "ea4335",
    "ACCENT3": "fbbc04",
    "ACCENT4": "34a853",
    "ACCENT5": "ff6d01",
    "ACCENT6": "46bdc6",
    "LINK": "1155cc",
}
THEME_COLOURS = frozenset(_THEME)
_ZEROS = {"sheetId", "offsetXPixels", "offsetYPixels"}
_CHANNELS = ("red", "green", "blue")


def colour(rgb: dict[str, Any]) -> dict[str, float]:
    """A Color as it is read back: 255 steps a channel, cut downwards (recorded: 0.5 is 0.49803922), zeros left out.

    ApiError 400 for a channel outside 0 to 1.
    """
    out: dict[str, float] = {}
    for name in _CHANNELS:
        share = rgb.get(name) or 0
        if not 0 <= share <= 1:
            raise invalid(f"Invalid color: {name} must be between 0 and 1, it is {share}.")
        step = math.floor(share * 255 + 1e-4)
        if step:
            out[name] = 1 if step == 255 else _single(step / 255)
    return out


def _single(number: float) -> float:
    """The shortest decimal that stands for the number in single precision: 0.49803922 for 127/255."""
    packed = struct.pack("f", number)
    for digits in range(1, 10):
        short = float(f"{number:.{digits}g}")
        if struct.pack("f", short) == packed:
            return short
    return number


def theme_colour(name: str) -> dict[str, float]:
    """The colour a theme name stands for in a spreadsheet of the default theme."""
    text = _THEME[name]
    return colour({key: int(text[at : at + 2], 16) / 255 for key, at in zip(_CHANNELS, (0, 2, 4), strict=True)})


def paired(value: Any, *, styles_only: bool = False) -> Any:
    """A copy in which every colour has its style and every style its colour, both as read back (recorded).

    Where both are sent the style wins (documented). An empty style takes the colour away. `styles_only` is for objects
    whose colours are styles alone (tables).
    """
    if isinstance(value, list):
        return [paired(item, styles_only=styles_only) for item in value]
    if not isinstance(value, dict):
        return value
    out: dict[str, Any] = {}
    for key, item in value.items():
        if key.endswith(("ColorStyle", "colorStyle")) and isinstance(item, dict):
            style = style_of(item)
            if style:
                out[key] = style
                if not styles_only:
                    out[key.removesuffix("Style")] = _shown_colour(style)
        elif key.endswith(("Color", "color")) and isinstance(item, dict):
            style = style_of(value.get(key + "Style") or {"rgbColor": item})
            if key + "Style" in value and not style_of(value[key + "Style"] or {}):
                continue
            out[key] = _shown_colour(style)
            out[key + "Style"] = style
        elif key == "rgbColor":
            out[key] = colour(item)
        else:
            out[key] = paired(item, styles_only=styles_only)
    return out


def style_of(style: dict[str, Any]) -> dict[str, Any]:
    """A ColorStyle as it is read back; {} where it says nothing."""
    if style.get("themeColor"):
        if style["themeColor"] not in _THEME:
            raise invalid(f"Invalid color style: {style['themeColor']}")
        return {"themeColor": style["themeColor"]}
    if style.get("rgbColor") is not None:
        return {"rgbColor": colour(style["rgbColor"])}
    return {}


def _shown_colour(style: dict[str, Any]) -> dict[str, float]:
    return theme_colour(style["themeColor"]) if "themeColor" in style else dict(style["rgbColor"])


def without_false(value: dict[str, Any], *keys: str) -> dict[str, Any]:
    """A copy without those of its keys that hold false, 0 or "", which answers leave out (recorded)."""
    return {key: item for key, item in value.items() if item or key not in keys}


def shown(value: Any) -> Any:
    """A deep copy as an answer shows it: sheetId 0 is left out of ranges and positions, never of sheets (recorded);
    so are the zeros of anchor cells and of a table's columns (reported), but not those of ranges and filters."""
    if isinstance(value, list):
        return [shown(item) for item in value]
    if not isinstance(value, dict):
        return copy.copy(value)
    keep = "title" in value and "sheetType" in value
    out = {key: shown(item) for key, item in value.items() if keep or key not in _ZEROS or item}
    columns = out.get("columnProperties")  # of a table; those of a banded range are one object
    for one in (out.get("anchorCell"), *(columns if isinstance(columns, list) else ())):
        for key in ("rowIndex", "columnIndex"):
            if one and one.get(key) == 0:
                del one[key]
    return out


def cleaned(value: Any) -> Any:
    """The value without nulls, which count as absent; a copy only where there are any."""
    return _without_nulls(value) if "null" in json.dumps(value) else value


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def fresh_id(used: Collection[int]) -> int:
    """A positive 31-bit id that is not in use."""
    while (number := secrets.randbelow(2**31 - 1) + 1) in used:
        pass
    return number


def chosen_id(wanted: int | None, used: Collection[int], what: str) -> int:
    """The id that was asked for, a fresh one where none was. ApiError 400 where it is taken or negative."""
    if wanted is None:
        return fresh_id(used)
    if wanted < 0:
        raise invalid(f"{what} must be greater than or equal to 0, it is {wanted}.")
    if wanted in used:
        raise invalid(f"{what} {wanted} already exists.")
    return wanted


def found(items: Iterable[dict[str, Any]], key: str, wanted: Any, what: str) -> dict[str, Any]:
    """The item whose key has that value. ApiError 400 "No <what> with id: …" where there is none."""
    for item in items:
        if item.get(key) == wanted:
            return item
    raise invalid(f"No {what} with id: {wanted}")
