"""Conditional formats, colour scales and alternating colours of a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from crm_builder.xlsx.book import Area, Book, Sheet
from crm_builder.xlsx.conditions import formula_of
from crm_builder.xlsx.formats import Formats, colour_of
from crm_builder.xlsx.writer import Home, Untranslatable

Json = Mapping[str, Any]
_POINTS = {"MIN": "min", "MAX": "max", "NUMBER": "num", "PERCENT": "percent", "PERCENTILE": "percentile"}


def write_conditional(
    worksheet: Any, book: Book, sheet: Sheet, formats: Formats, empties: Sequence[Area], now: datetime | None
) -> list[tuple[Area, str, str]]:
    """Writes the rules in their order, the first being the strongest, and the bands below all of them.

    Gives what could not be written: area, reason and the rule's own formula.
    """
    left_out = []
    for rule in sheet.json.get("conditionalFormats", ()):
        areas = [sheet.area(box) for box in rule.get("ranges", ())]
        if not areas:
            continue
        first = areas[0]
        try:
            if "gradientRule" in rule:
                options = _scale(rule["gradientRule"], formats.theme)
            else:
                boolean = rule["booleanRule"]
                home = Home(book, sheet.title, first.top, first.left, empties, now)
                criteria = f"={formula_of(boolean['condition'], home)}"
                options = {"type": "formula", "criteria": criteria, "format": formats.change(boolean.get("format", {}))}
        except Untranslatable as error:
            values = rule.get("booleanRule", {}).get("condition", {}).get("values", ({},))
            left_out.append((first, str(error), str(values[0].get("userEnteredValue", ""))))
            continue
        _write(worksheet, areas, options)
    for band in sheet.json.get("bandedRanges", ()):
        _write_band(worksheet, sheet, band, formats)
    return left_out


def _write(worksheet: Any, areas: Sequence[Area], options: Mapping[str, Any]) -> None:
    ranges = {"multi_range": " ".join(one.text(absolute=False, sheet=False) for one in areas)} if areas[1:] else {}
    first = areas[0]
    worksheet.conditional_format(first.top, first.left, first.bottom - 1, first.right - 1, {**options, **ranges})


def _scale(rule: Json, theme: Mapping[str, str]) -> dict[str, Any]:
    """XlsxWriter's options of a GradientRule."""
    points = [("min", rule.get("minpoint")), ("mid", rule.get("midpoint")), ("max", rule.get("maxpoint"))]
    found = [(name, point) for name, point in points if point]
    out: dict[str, Any] = {"type": f"{len(found)}_color_scale"}
    for name, point in found:
        kind = _POINTS.get(str(point.get("type")))
        if kind is None:
            raise Untranslatable(str(point.get("type")))
        out[f"{name}_color"] = colour_of(point.get("colorStyle"), theme, point.get("color")) or "#FFFFFF"
        if kind not in ("min", "max"):
            out[f"{name}_type"] = kind
            out[f"{name}_value"] = float(point.get("value", 0))
    return out


def _write_band(worksheet: Any, sheet: Sheet, band: Json, formats: Formats) -> None:
    """Alternating colours of rows. They lie under a cell's own colour: a column with such a cell is left out."""
    area = sheet.area(band.get("range", {}))
    rows = band.get("rowProperties", {})

    def colour(name: str) -> str | None:
        return colour_of(rows.get(f"{name}ColorStyle"), formats.theme, rows.get(f"{name}Color"))

    header = colour("header")
    top = area.top + (header is not None)
    if top >= area.bottom:
        return
    for index, name in enumerate(("firstBand", "secondBand")):
        tone = colour(name)
        if tone is None or tone == "#FFFFFF":
            continue
        parity = (top + 1 + index) % 2
        options = {"type": "formula", "criteria": f"=MOD(ROW(),2)={parity}", "format": formats.of({"bg_color": tone})}
        for left, right in _uncoloured(sheet, area, top):
            worksheet.conditional_format(top, left, area.bottom - 1, right, options)


def _uncoloured(sheet: Sheet, area: Area, top: int) -> Iterator[tuple[int, int]]:
    """Runs of columns in which no cell below the header has a colour of its own: first and last column of each."""
    coloured = {
        column for row, column, cell in sheet.each()
        if row >= top and "backgroundColorStyle" in cell.get("userEnteredFormat", {})
    }  # fmt: skip
    start = None
    for column in range(area.left, area.right + 1):
        free = column < area.right and column not in coloured
        if free and start is None:
            start = column
        elif not free and start is not None:
            yield start, column - 1
            start = None


def header_colours(sheet: Sheet, formats: Formats) -> dict[int, tuple[range, str]]:
    """Row of each band's header → the columns and their colour, for cells without one of their own."""
    out = {}
    for band in sheet.json.get("bandedRanges", ()):
        area, rows = sheet.area(band.get("range", {})), band.get("rowProperties", {})
        if tone := colour_of(rows.get("headerColorStyle"), formats.theme, rows.get("headerColor")):
            out[area.top] = (range(area.left, area.right), tone)
    return out
