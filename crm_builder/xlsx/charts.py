"""Charts: a ChartSpec as a chart of XlsxWriter's, of the same kind, colours, size and place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_builder.xlsx.book import Area, Book, value_of
from crm_builder.xlsx.formats import Formats, colour_of

Json = Mapping[str, Any]

_TYPES = {
    "LINE": "line", "AREA": "area", "STEPPED_AREA": "area", "COLUMN": "column", "BAR": "bar", "SCATTER": "scatter",
}  # fmt: skip
_LEGENDS = {
    "TOP_LEGEND": "top", "BOTTOM_LEGEND": "bottom", "LEFT_LEGEND": "left", "RIGHT_LEGEND": "right",
    "INSIDE_LEGEND": "overlay_right", "LABELED_LEGEND": "right",
}  # fmt: skip
_SIZE = (600, 371)  # pixels, where nothing is said (documented)
_GRID = "#E5E7EB"
_ACCENTS = [f"ACCENT{number}" for number in range(1, 7)]


def write_charts(
    workbook: Any, worksheet: Any, book: Book, sheet: Json, formats: Formats, living: Sequence[Area]
) -> list[str]:
    """Writes the charts of a sheet; gives the titles of those of another kind.

    `living`: areas that formulas fill. Others cannot grow, and their empty rows at the end are not drawn.
    """
    left_out = []
    for one in sheet.get("charts", ()):
        spec = one.get("spec", {})
        place = one.get("position", {}).get("overlayPosition")
        chart = None if place is None else _chart(workbook, book, _trimmed(spec, book, living), formats)
        if chart is None:
            left_out.append(str(spec.get("title", "")))
            continue
        anchor = place.get("anchorCell", {})
        chart.set_size(
            {"width": place.get("widthPixels", _SIZE[0]), "height": place.get("heightPixels", _SIZE[1])},
        )
        options = {
            "x_offset": place.get("offsetXPixels", 0),
            "y_offset": place.get("offsetYPixels", 0),
            "object_position": 2,  # moves with the cells
            "description": spec.get("altText", "") or spec.get("title", ""),
        }
        worksheet.insert_chart(anchor.get("rowIndex", 0), anchor.get("columnIndex", 0), chart, options)
    return left_out


def _chart(workbook: Any, book: Book, spec: Json, formats: Formats) -> Any:
    if "pieChart" in spec:
        chart = _pie(workbook, book, spec["pieChart"], formats)
    elif "basicChart" in spec:
        chart = _basic(workbook, book, spec["basicChart"], spec, formats)
    else:
        return None
    if chart is None:
        return None
    ink = _ink(spec, formats)
    title = "\n".join(part for part in (spec.get("title"), spec.get("subtitle")) if part)
    font: dict[str, Any] = {"size": 11, "bold": True, "color": ink, **_family(spec)}
    chart.set_title({"name": title, "name_font": font, "overlay": False} if title else {"none": True})
    background = colour_of(spec.get("backgroundColorStyle"), formats.theme, spec.get("backgroundColor"))
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": background or "#FFFFFF"}})
    chart.show_hidden_data()
    return chart


def _trimmed(spec: Json, book: Book, living: Sequence[Area]) -> Json:
    """The spec without the rows at the end in which no source has anything."""
    boxes = [box for one in _sources(spec) for box in [book.box(one)] if box]
    if not boxes or len({(box.top, box.bottom) for box in boxes}) > 1:
        return spec
    if any(box.meets(area) for box in boxes for area in living):
        return spec
    filled = max(
        (
            row + 1
            for box in boxes
            for row in range(box.top, box.bottom)
            if value_of(book.by_title[box.sheet.lower()].cell(row, box.left)) not in (None, "")
        ),
        default=0,
    )
    end = max(filled, boxes[0].top + 2)
    return spec if end >= boxes[0].bottom else _ending(spec, end)


def _sources(value: Any) -> Iterator[Json]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from inner if key == "sources" else _sources(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _sources(inner)


def _ending(value: Any, end: int) -> Any:
    """The same with all sources ending before a row."""
    if isinstance(value, Mapping):
        return {
            key: [{**one, "endRowIndex": end} for one in inner] if key == "sources" else _ending(inner, end)
            for key, inner in value.items()
        }
    return [_ending(inner, end) for inner in value] if isinstance(value, list) else value


def _ink(spec: Json, formats: Formats) -> str:
    form = spec.get("titleTextFormat", {})
    return colour_of(form.get("foregroundColorStyle"), formats.theme, form.get("foregroundColor")) or "#3C4043"


def _family(spec: Json) -> dict[str, Any]:
    return {"name": spec["fontName"]} if spec.get("fontName") else {}


def _source(data: Json, book: Book) -> Area | None:
    sources = data.get("sourceRange", {}).get("sources", ())
    return book.box(sources[0]) if len(sources) == 1 else None


def _cells(area: Area, headers: int) -> list[Any]:
    """XlsxWriter's list of a range, without its header."""
    return [area.sheet, min(area.top + headers, area.bottom - 1), area.left, area.bottom - 1, area.right - 1]


def _pie(workbook: Any, book: Book, pie: Json, formats: Formats) -> Any:
    domain, values = _source(pie.get("domain", {}), book), _source(pie.get("series", {}), book)
    if domain is None or values is None:
        return None
    hole = float(pie.get("pieHole", 0))
    chart = workbook.add_chart({"type": "doughnut" if hole else "pie"})
    header = _headers(book, values)
    points = max(1, values.bottom - values.top - header)
    colours = [formats.theme.get(name, "#4285F4") for name in _ACCENTS]
    series: dict[str, Any] = {
        "categories": _cells(domain, header),
        "values": _cells(values, header),
        "points": [{"fill": {"color": colours[index % len(colours)]}} for index in range(min(points, 24))],
    }
    labelled = pie.get("legendPosition") == "LABELED_LEGEND" and not hole  # rings cannot have theirs outside
    if labelled:
        series["data_labels"] = {"category": True, "percentage": True, "position": "outside_end"}
    chart.add_series(series)
    if hole:
        chart.set_hole_size(max(10, min(90, round(hole * 100))))
    _legend(chart, pie.get("legendPosition"), labelled)
    return chart


def _headers(book: Book, area: Area) -> int:
    """A pie says nothing of headers: Google takes text above numbers for one."""
    first = value_of(book.by_title[area.sheet.lower()].cell(area.top, area.left))
    return int(isinstance(first, str) and area.bottom - area.top > 1)


def _legend(chart: Any, position: Any, labelled: bool = False) -> None:
    place = _LEGENDS.get(str(position))
    if place is None or (labelled and position == "LABELED_LEGEND"):
        chart.set_legend({"none": True})
    else:
        chart.set_legend({"position": place})


def _basic(workbook: Any, book: Book, basic: Json, spec: Json, formats: Formats) -> Any:
    kind = str(basic.get("chartType"))
    combined = kind == "COMBO"
    if not combined and kind not in _TYPES:
        return None
    domain = _source(basic["domains"][0].get("domain", {}), book) if basic.get("domains") else None
    groups: dict[str, Any] = {}
    headers = basic.get("headerCount", 0)
    for index, one in enumerate(basic.get("series", ())):
        own = _TYPES.get(str(one.get("type", "COLUMN" if combined else kind)))
        area = _source(one.get("series", {}), book)
        if own is None or area is None:
            return None
        right = one.get("targetAxis") == "RIGHT_AXIS"
        chart = groups.setdefault(own, workbook.add_chart(_options(own, basic)))
        chart.add_series(_series(one, own, area, domain, headers, index, right, formats))
    if not groups:
        return None
    order = sorted(groups, key=["area", "column", "bar", "scatter", "line"].index)
    first = groups[order[0]]
    for other in order[1:]:
        first.combine(groups[other])
    _axes(first, [groups[name] for name in order], basic, spec, formats)
    _legend(first, basic.get("legendPosition"))
    return first


def _options(kind: str, basic: Json) -> dict[str, str]:
    options = {"type": kind}
    if kind == "scatter":
        options["subtype"] = "marker_only"
    elif basic.get("stackedType") == "STACKED":
        options["subtype"] = "stacked"
    elif basic.get("stackedType") == "PERCENT_STACKED":
        options["subtype"] = "percent_stacked"
    return options


def _series(
    one: Json, kind: str, area: Area, domain: Area | None, headers: int, index: int, right: bool, formats: Formats
) -> dict[str, Any]:
    plain = formats.theme.get(_ACCENTS[index % len(_ACCENTS)], "#4285F4")
    colour = colour_of(one.get("colorStyle"), formats.theme, one.get("color")) or plain
    out: dict[str, Any] = {"values": _cells(area, headers)}
    if domain is not None:
        out["categories"] = _cells(domain, headers)
    if headers:
        out["name"] = [area.sheet, area.top, area.left]
    if right:
        out["y2_axis"] = True
    if kind == "line":
        line: dict[str, Any] = {"color": colour, "width": 2.25}
        if "DASHED" in str(one.get("lineStyle", {}).get("type")):
            line["dash_type"] = "dash"
        out |= {"line": line, "marker": {"type": "none"}}
    elif kind == "scatter":
        out["marker"] = {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": colour}}
    else:
        out["fill"] = {"color": colour, **({"transparency": 65} if kind == "area" else {})}
        if kind == "area":
            out["line"] = {"color": colour, "width": 2}
        else:
            out["gap"] = 60
    if one.get("dataLabel", {}).get("type") == "DATA":
        out["data_labels"] = {"value": True}
    return out


def _axes(chart: Any, parts: list[Any], basic: Json, spec: Json, formats: Formats) -> None:
    """Bars lie: XlsxWriter's x axis is the one of the figures there, and the first category is at the bottom."""
    kind = str(basic.get("chartType"))
    titles = {str(axis.get("position")): axis.get("title", "") for axis in basic.get("axis", ())}
    lying = kind == "BAR"
    font = {"color": "#5F6368", "size": 9, **_family(spec)}

    def named(position: str) -> dict[str, Any]:
        return {"name": titles[position], "name_font": {**font, "bold": False}} if titles.get(position) else {}

    labelled = any(one.get("dataLabel", {}).get("type") == "DATA" for one in basic.get("series", ()))
    backwards = bool(basic.get("domains") and basic["domains"][0].get("reversed"))
    grid = {"visible": True, "line": {"color": _GRID, "width": 0.75}}
    categories = {
        "num_font": font,
        "line": {"color": "#BDC1C6"},
        "major_tick_mark": "none",
        "label_position": "low",
        "reverse": backwards != lying,
        **named("LEFT_AXIS" if lying else "BOTTOM_AXIS"),
    }
    figures = {
        "num_font": font,
        "line": {"none": True},
        "major_tick_mark": "none",
        "major_gridlines": grid,
        **({"label_position": "none"} if labelled and lying else {}),  # each bar says its own figure
        **named("BOTTOM_AXIS" if lying else "LEFT_AXIS"),
    }
    if lying and not backwards:
        categories["crossing"] = "max"  # the figures stay at the foot although the categories run downwards
    chart.set_x_axis(figures if lying else categories)
    chart.set_y_axis(categories if lying else figures)
    for part in parts:
        part.set_y2_axis({"num_font": font, "line": {"none": True}, "major_tick_mark": "none", **named("RIGHT_AXIS")})
