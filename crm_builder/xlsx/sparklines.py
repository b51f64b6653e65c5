"""Sparklines: Google's options in XlsxWriter's words; a bar, which Excel's sparklines lack, becomes a data bar."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crm_builder.xlsx.book import MARK, Area

_TYPES = {"line": "line", "column": "column", "winloss": "win_loss"}
_NAMED = {
    "black": "#000000", "blue": "#0000FF", "gray": "#808080", "green": "#008000", "grey": "#808080",
    "orange": "#FFA500", "purple": "#800080", "red": "#FF0000", "white": "#FFFFFF", "yellow": "#FFFF00",
}  # fmt: skip
_USUAL = "#5F6368"
_POINTS = {
    "highcolor": ("high_point", "high_color"),
    "lowcolor": ("low_point", "low_color"),
    "firstcolor": ("first_point", "first_color"),
    "lastcolor": ("last_point", "last_color"),
    "negcolor": ("negative_points", "negative_color"),
}


def read_mark(text: str) -> tuple[list[list[Any]], dict[str, Any]]:
    """Data and options in the value of a cell with a sparkline."""
    value = json.loads(text[len(MARK) :])
    return value["data"], {str(key).lower(): option for key, option in (value.get("options") or {}).items()}


def figures_of(data: Sequence[Sequence[Any]]) -> list[float | None]:
    """One series: of two columns the second, as the first tells where its figures lie."""
    if len(data) > 1 and all(len(row) == 2 for row in data):
        return [row[1] for row in data]
    return [value for row in data for value in row]


def is_series(area: Area) -> bool:
    """Whether Excel can draw the range itself: one row or one column."""
    return area.bottom - area.top == 1 or area.right - area.left == 1


def write_sparkline(
    worksheet: Any, row: int, column: int, source: Area, figures: Sequence[float | None], options: Mapping[str, Any]
) -> float | None:
    """Draws into the cell. Gives the number that the cell has to hold for a bar, None for every other kind."""
    kind = str(options.get("charttype", "line")).lower()
    if kind == "bar":
        return _write_bar(worksheet, row, column, figures, options)
    out: dict[str, Any] = {
        "range": source.text(),
        "type": _TYPES.get(kind, "line"),
        "series_color": _colour(options.get("color")),
        "show_hidden": True,
    }
    if kind == "line":
        out["weight"] = float(options.get("linewidth") or 1.5)
    if options.get("rtl") is True:
        out["reverse"] = True
    for name, ours in (("ymin", "min"), ("ymax", "max")):
        if isinstance(options.get(name), int | float):
            out[ours] = options[name]
    for name, (shown, coloured) in _POINTS.items():
        if options.get(name):
            out[shown], out[coloured] = True, _colour(options[name])
    worksheet.add_sparkline(row, column, out)
    return None


def _write_bar(
    worksheet: Any, row: int, column: int, figures: Sequence[float | None], options: Mapping[str, Any]
) -> float | None:
    value = next((one for one in figures if one is not None), None)
    most = options.get("max")
    worksheet.conditional_format(
        row, column, row, column,
        {
            "type": "data_bar",
            "bar_only": True,
            "bar_solid": True,
            "bar_no_border": True,
            "bar_color": _colour(options.get("color1")),
            "bar_direction": "right" if options.get("rtl") is True else "left",
            "min_type": "num",
            "min_value": 0,
            "max_type": "num",
            "max_value": most if isinstance(most, int | float) and most > 0 else max(value or 0, 1),
        },
    )  # fmt: skip
    return value


def _colour(value: Any) -> str:
    text = str(value or "").strip().lower()
    if text.startswith("#"):
        return f"#{''.join(c * 2 for c in text[1:])}" if len(text) == 4 else text[:7].upper()
    return _NAMED.get(text, _USUAL)
