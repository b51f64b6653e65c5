"""Sparklines: the marker text that stands for one in a cell, drawn as a small inline SVG."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from crm_builder.preview import dark
from crm_builder.preview.text import attribute

MARK = "\u2063sparkline:"
_COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}|[A-Za-z]{3,24}")
_INK = "#5f6368"
_LARGEST = 1e150  # the difference of two numbers must still be one


def parse(text: str) -> tuple[list[Any], dict[str, Any]] | None:
    """Data and options of a marker, None where the text is none or cannot be read."""
    if not text.startswith(MARK):
        return None
    try:
        value = json.loads(text[len(MARK) :])
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not isinstance(value.get("data"), list):
        return None
    options = value.get("options") or {}
    if isinstance(options, list):  # the shape of a two-column range
        options = {str(pair[0]): pair[1] for pair in options if isinstance(pair, list) and len(pair) == 2}
    if not isinstance(options, dict):
        return None
    return value["data"], {str(key).lower(): option for key, option in options.items()}


def svg(data: Sequence[Any], options: Mapping[str, Any], width: float, height: float) -> str:
    """The drawing, `width` × `height` pixels. Options are named as SPARKLINE names them."""
    points = _points(data)
    kind = str(options.get("charttype", "line")).lower()
    draw = {"bar": _bar, "column": _column, "winloss": _winloss}.get(kind, _line)
    shapes = draw(points, options, width, height) if points else ""
    if options.get("rtl") is True:
        shapes = f'<g transform="matrix(-1 0 0 1 {width:g} 0)">{shapes}</g>'
    label = attribute(", ".join(f"{y:g}" for _, y in points[:60]))
    name = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'  # nothing drawn, nothing to say
    return (
        f'<svg class="spark" {name} width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}">{shapes}</svg>'
    )


def _number(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and -_LARGEST < value < _LARGEST
    return float(value) if usable else None


def _points(data: Sequence[Any]) -> list[tuple[float, float]]:
    """(x, y) of every number: a list, one row or column of a range, or a range of x beside y."""
    rows = [row if isinstance(row, list) else [row] for row in data]
    if rows and len(rows) == 2 and all(len(row) > 2 for row in rows):
        rows = [list(pair) for pair in zip(*rows, strict=False)]
    if len(rows) > 1 and all(len(row) == 2 for row in rows):
        pairs = [(_number(x), _number(y)) for x, y in rows]
        return [(x, y) for x, y in pairs if x is not None and y is not None]
    flat = [_number(value) for row in rows for value in row]
    return [(float(index), y) for index, y in enumerate(y for y in flat if y is not None)]


def _ink(options: Mapping[str, Any], *names: str, default: str = _INK) -> str:
    for name in names:
        value = options.get(name)
        if isinstance(value, str) and _COLOUR.fullmatch(value):
            return value
    return default


def _bounds(values: Sequence[float], options: Mapping[str, Any], low: str, high: str) -> tuple[float, float]:
    bottom, top = _number(options.get(low)), _number(options.get(high))
    bottom = min(values) if bottom is None else bottom
    top = max(values) if top is None else top
    return (bottom, top) if top > bottom else (bottom - max(1.0, abs(bottom)), bottom + max(1.0, abs(bottom)))


def _line(points: list[tuple[float, float]], options: Mapping[str, Any], width: float, height: float) -> str:
    x0, x1 = _bounds([x for x, _ in points], options, "xmin", "xmax")
    y0, y1 = _bounds([y for _, y in points], options, "ymin", "ymax")
    stroke = min(12.0, max(0.5, _number(options.get("linewidth")) or 1.5))
    pad = stroke + 1
    place = [
        (pad + (x - x0) / (x1 - x0) * (width - 2 * pad), height - pad - (y - y0) / (y1 - y0) * (height - 2 * pad))
        for x, y in points
    ]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in place)
    return (
        f'<polyline fill="none" {_paint("stroke", _ink(options, "color"))} stroke-width="{stroke:g}" '
        f'stroke-linejoin="round" stroke-linecap="round" points="{way}"/>'
    )


def _bar(points: list[tuple[float, float]], options: Mapping[str, Any], width: float, height: float) -> str:
    values = [max(0.0, y) for _, y in points]
    whole = max(_number(options.get("max")) or 0.0, 0.0) or sum(values) or 1.0
    inks = (_ink(options, "color1", "color"), _ink(options, "color2", default="#dadce0"))
    out, at = [], 0.0
    for index, value in enumerate(values):
        length = min(value / whole * width, width - at)
        out.append(_box(at, height * 0.2, length, height * 0.6, inks[index % 2]))
        at += length
    return "".join(out)


def _column(points: list[tuple[float, float]], options: Mapping[str, Any], width: float, height: float) -> str:
    values = [y for _, y in points]
    bottom, top = _bounds([*values, 0.0], options, "ymin", "ymax")
    step = width / len(values)
    zero = height - (min(max(0.0, bottom), top) - bottom) / (top - bottom) * height
    out = []
    for index, value in enumerate(values):
        level = height - (min(max(value, bottom), top) - bottom) / (top - bottom) * height
        ink = _mark(index, values, options)
        out.append(_box(index * step + step * 0.15, min(level, zero), step * 0.7, max(abs(level - zero), 0.5), ink))
    return "".join(out)


def _winloss(points: list[tuple[float, float]], options: Mapping[str, Any], width: float, height: float) -> str:
    values = [y for _, y in points]
    step = width / len(values)
    return "".join(
        _box(i * step + step * 0.15, 0 if y > 0 else height / 2, step * 0.7, height / 2, _mark(i, values, options))
        for i, y in enumerate(values)
        if y
    )


def _mark(index: int, values: Sequence[float], options: Mapping[str, Any]) -> str:
    """The colour of one column: first, last, highest, lowest and negative ones may have their own."""
    value = values[index]
    names = [
        name
        for name, holds in (
            ("firstcolor", index == 0),
            ("lastcolor", index == len(values) - 1),
            ("highcolor", value == max(values)),
            ("lowcolor", value == min(values)),
            ("negcolor", value < 0),
        )
        if holds
    ]
    return _ink(options, *names, "color")


def _box(x: float, y: float, width: float, height: float, ink: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}" {_paint("fill", ink)}/>'


def _paint(name: str, ink: str) -> str:
    """The colour as an attribute, and as a style where the dark page has another one."""
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", ink):
        return f'{name}="{ink}"'
    light, deep = ink.lower(), dark.mark(ink.lower())
    return f'{name}="{ink}"' + ("" if light == deep else f' style="{name}:light-dark({light},{deep})"')
