"""What a cell looks like beyond its own format: alternating colours and conditional formats.

An overlay is put together in this order: the colours of bands lie under the cell's own format, conditional
formats lie over it; of several rules that apply, the first in the list that sets a property sets it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .batch.gradients import scale_of
from .batch.matching import test_of
from .batch.ranges import Rect, known_rect
from .batch.values import theme_colour
from .calc import effective

if TYPE_CHECKING:
    from .book import Book

Format = dict[str, Any]
_NOTHING: Format = {}
_WHOLE = ("color", "colorstyle", "numberformat")  # taken as one, never mixed


def effective_formats(book: Book, sheet_id: int, r0: int, c0: int, r1: int, c1: int) -> list[list[Format]]:
    """Each cell's userEnteredFormat over its band's colour and under its conditional formats; {} where there is none.

    The default format of the spreadsheet is not part of it. Equal overlays are one shared dictionary: do not change
    them. Formulas are brought up to date before.
    """
    book.recalculate()
    view = Rect(sheet_id, r0, c0, r1, c1)
    sheet = book.sheet(sheet_id)
    own = book.grid(sheet_id).read("format", *view.area)
    rules = _applied(book, sheet, view)
    bands = [_band(book, item, key) for key in ("bandedRanges", "tables") for item in sheet.get(key, [])]
    bands = [(area, colour_at) for area, colour_at in bands if area.meets(view)]
    known: dict[Any, Format] = {}
    out = []
    for row, formats in enumerate(own, r0):
        hits = rules.get(row, {})
        line = []
        for column, entered in enumerate(formats, c0):
            over = hits.get(column, ())
            under: Format | None = None
            for area, colour_at in bands:
                if area.r0 <= row < area.r1 and area.c0 <= column < area.c1:
                    under = colour_at(row, column)
            if not over and under is None:
                line.append(entered or _NOTHING)
                continue
            key = id(entered), id(under), tuple(id(one) for one in over)
            if key not in known:
                layers = [one for one in (under, entered, *reversed(over)) if one]
                made: Format = {}
                for layer in layers:
                    made = overlaid(made, layer)
                known[key] = made
            line.append(known[key])
        out.append(line)
    return out


def overlaid(under: Format, over: Format) -> Format:
    """Both formats, `over` where both say something; colours are taken whole."""
    out = dict(under)
    for name, value in over.items():
        if isinstance(value, dict) and not name.lower().endswith(_WHOLE) and isinstance(out.get(name), dict):
            out[name] = overlaid(out[name], value)
        else:
            out[name] = value
    return out


# -- conditional formats -----------------------------------------------------------------------------------------------


def _applied(book: Book, sheet: dict[str, Any], view: Rect) -> dict[int, dict[int, tuple[Format, ...]]]:
    """By row and column: the formats of the rules that apply to a cell of the view, first rule first."""
    found: dict[int, dict[int, tuple[Format, ...]]] = {}
    values: list[list[Any]] | None = None
    for rule in sheet.get("conditionalFormats", []):
        areas = [known_rect(book, area) for area in rule["ranges"]]
        parts = [part for area in areas if (part := _cut(area, view)) is not None]
        if not parts:
            continue
        if values is None:
            values = effective(book, view.sheet_id, *view.area)
        base = (view.sheet_id, areas[0].r0, areas[0].c0)
        bounds = (
            *(min(part.r0 for part in parts), min(part.c0 for part in parts)),
            *(max(part.r1 for part in parts), max(part.c1 for part in parts)),
        )
        format_at = _format_at(book, rule, areas, base, bounds)
        seen: set[tuple[int, int]] = set()
        for part in parts:
            for row in range(part.r0, part.r1):
                line, given = found.setdefault(row, {}), values[row - view.r0]
                for column in range(part.c0, part.c1):
                    if len(parts) > 1:
                        if (row, column) in seen:
                            continue
                        seen.add((row, column))
                    look = format_at(given[column - view.c0], row, column)
                    if look is not None:
                        line[column] = (*line.get(column, ()), look)
    return found


def _format_at(
    book: Book, rule: dict[str, Any], areas: list[Rect], base: tuple[int, int, int], bounds: tuple[int, int, int, int]
) -> Callable[[Any, int, int], Format | None]:
    if "gradientRule" in rule:
        return scale_of(book, rule["gradientRule"], areas, base)
    look = rule["booleanRule"].get("format", {})
    test = test_of(book, rule["booleanRule"]["condition"], base, bounds)
    return lambda value, row, column: look if test(value, row, column) else None


def _cut(area: Rect, view: Rect) -> Rect | None:
    if not area.meets(view):
        return None
    return Rect(
        view.sheet_id,
        max(area.r0, view.r0),
        max(area.c0, view.c0),
        min(area.r1, view.r1),
        min(area.c1, view.c1),
    )


# -- alternating colours -----------------------------------------------------------------------------------------------


def _band(book: Book, item: dict[str, Any], key: str) -> tuple[Rect, Callable[[int, int], Format | None]]:
    """The cells of a banded range or table, and the colour each of them has from it."""
    area = known_rect(book, item["range"])
    by_row = item.get("rowProperties" if key == "bandedRanges" else "rowsProperties", {})
    by_column = item.get("columnProperties", {}) if key == "bandedRanges" else {}
    looks = {
        (side, name): {"backgroundColor": _colour(of[name + "Style"]), "backgroundColorStyle": of[name + "Style"]}
        for side, of in (("row", by_row), ("column", by_column))
        for name in ("headerColor", "footerColor", "firstBandColor", "secondBandColor")
        if name + "Style" in of
    }
    # Headers and footers before bands, first bands before second ones, rows before columns (documented).
    places = [
        [("row", "headerColor"), ("column", "headerColor"), ("row", "footerColor"), ("column", "footerColor")],
        [("row", "firstBandColor"), ("column", "firstBandColor")],
        [("row", "secondBandColor"), ("column", "secondBandColor")],
    ]
    ordered = [place for group in places for place in group if place in looks]

    def colour_at(row: int, column: int) -> Format | None:
        here = {
            ("row", _place(row - area.r0, area.height, by_row)),
            ("column", _place(column - area.c0, area.width, by_column)),
        }
        return next((looks[place] for place in ordered if place in here), None)

    return area, colour_at


def _place(at: int, size: int, properties: dict[str, Any]) -> str:
    header = "headerColorStyle" in properties
    if header and at == 0:
        return "headerColor"
    if "footerColorStyle" in properties and at == size - 1:
        return "footerColor"
    return "secondBandColor" if (at - header) % 2 else "firstBandColor"


def _colour(style: dict[str, Any]) -> dict[str, float]:
    return theme_colour(style["themeColor"]) if "themeColor" in style else style.get("rgbColor", {})
