"""A specification drawn by the library, and its SVG made ours: known parts only, real texts and colours put in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from crm_builder.preview import dark
from crm_builder.preview.charts.palette import GRID, INK, PAPER, QUIET, Palette
from crm_builder.preview.charts.sizes import LINE
from crm_builder.preview.styles import Styles
from crm_builder.preview.text import attribute, direction

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_SHAPES = {"g", "path", "rect", "line", "text"}
_NUMBERS = {
    *("transform", "d", "x", "y", "x1", "y1", "x2", "y2", "width", "height", "stroke-width", "stroke-dasharray"),
    *("opacity", "fill-opacity", "stroke-opacity", "font-size"),
}
_WORDS = {"text-anchor", "stroke-linecap", "stroke-linejoin"}
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_SAFE = re.compile(r"[A-Za-z0-9 ,.()+-]*")
_OWN = {INK: "var(--chart-ink)", QUIET: "var(--chart-quiet)", GRID: "var(--chart-grid)", PAPER: "var(--paper)"}


class CannotDraw(Exception):
    """The library is missing, or it did not draw this chart."""


def draw(specification: Mapping[str, Any], palette: Palette, styles: Styles) -> str:
    """The inner elements of the SVG. CannotDraw where there is none."""
    try:
        import vl_convert  # late: only a page with charts pays for it

        text = vl_convert.vegalite_to_svg(json.dumps(specification), allowed_base_urls=[])
        root = ElementTree.fromstring(text)
    except ImportError as error:
        raise CannotDraw("vl-convert-python is not installed") from error
    except (ValueError, ElementTree.ParseError) as error:
        raise CannotDraw(str(error)) from error
    return "".join(_element(child, palette, styles) for child in root)


def _element(node: ElementTree.Element, palette: Palette, styles: Styles) -> str:
    name = node.tag.removeprefix(_NAMESPACE)
    if name not in _SHAPES or node.get("display") == "none" or node.get("class") == "background":
        return ""
    inner = _text(node.text or "", palette) if name == "text" else ""
    inner += "".join(_element(child, palette, styles) for child in node)
    if name in ("g", "text") and not inner:
        return ""
    attributes = _attributes(node, palette, styles)
    if name == "g" and not attributes:
        return inner
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def _attributes(node: ElementTree.Element, palette: Palette, styles: Styles) -> str:
    out, classes = [], []
    for key, value in node.items():
        if key in ("fill", "stroke"):
            if value in ("none", "transparent"):
                out.append(f'{key}="none"')
            else:
                classes.append(styles.name(";".join(_colour(key, value, palette))))
        elif key in _NUMBERS or key in _WORDS:
            short = _NUMBER.sub(lambda found: f"{round(float(found[0]), 1):g}", value)
            if _SAFE.fullmatch(short) and short not in ("translate(0,0)", ""):
                out.append(f'{key}="{short}"')
    if classes:
        out.insert(0, f'class="{" ".join(classes)}"')
    return "".join(f" {one}" for one in out)


def _colour(name: str, value: str, palette: Palette) -> list[str]:
    if value in _OWN:
        return [f"{name}:{_OWN[value]}"]
    number = int(value[3:], 16) if re.fullmatch(r"#fe[0-9a-f]{4}", value) else -1
    if not 0 <= number < len(palette.colours):
        return [f"{name}:var(--chart-ink)"]
    real = palette.colours[number]
    return dark.either(name, real, dark.mark(real))


def _text(token: str, palette: Palette) -> str:
    """The real text of a placeholder. Each line keeps its own direction inside the drawing's."""
    if not re.fullmatch(r"@\d+", token):
        return ""
    lines, centred = palette.texts[int(token[1:])]
    shown = [f"\u2068{attribute(line)}\u2069" if direction(line) == "rtl" else attribute(line) for line in lines]
    if len(shown) == 1:
        return shown[0]
    first = -LINE * (len(shown) - 1) / 2 if centred else 0
    return "".join(f'<tspan x="0" dy="{LINE if at else first:g}">{line}</tspan>' for at, line in enumerate(shown))
