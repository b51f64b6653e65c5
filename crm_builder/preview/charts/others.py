"""Charts without a domain along an edge: pies and clouds of points, and histograms as what they are, columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from crm_builder.preview.charts.axes import GAP, figures_of, frame
from crm_builder.preview.charts.numbers import buckets, style_of
from crm_builder.preview.charts.palette import PAPER, Palette
from crm_builder.preview.charts.series import ChartData, Series
from crm_builder.preview.charts.sizes import LINE

Json = dict[str, Any]

SLICES = 60


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of a pie: its name, share and real colour."""

    name: str
    shown: str
    share: float
    colour: str


def slices_of(data: ChartData, palette: Palette) -> list[Slice]:
    """The parts of a pie; what is not above zero has none. A colour stays with its row."""
    values = data.series[0].values if data.series else ()
    whole = sum(value for value in values if value and value > 0)
    out = []
    for at, value in enumerate(values):
        if value and value > 0:
            name = data.labels[at] if at < len(data.labels) else ""
            out.append(Slice(name, data.series[0].shown[at], value / whole, palette.accent(at)))
    return out[:SLICES]


def pie(data: ChartData, given: Mapping[str, Any], size: tuple[float, float], palette: Palette) -> Json:
    """The ring or disc alone; its parts are named beside it."""
    values = [
        {"i": at, "v": one.share, "c": palette.colour(one.colour)} for at, one in enumerate(slices_of(data, palette))
    ]
    radius = max(10.0, min(size) / 2 - 4)
    mark = {"type": "arc", "outerRadius": radius, "innerRadius": radius * min(0.9, given.get("pieHole", 0) or 0)}
    if len(values) > 1:
        mark |= {"stroke": PAPER, "strokeWidth": 1.5}
    theta = {"field": "v", "type": "quantitative", "stack": True, "scale": {"domain": [0, 1]}}
    order = {"field": "i", "type": "quantitative"}
    color = {"field": "c", "type": "nominal", "scale": None}
    layer = {"data": {"values": values}, "mark": mark, "encoding": {"theta": theta, "order": order, "color": color}}
    return frame(size, {}, [layer])


def cloud(
    data: ChartData,
    basic: Mapping[str, Any],
    size: tuple[float, float],
    words: Mapping[str, str],
    palette: Palette,
) -> Json:
    """A scatter chart: a point for each pair of numbers."""
    given = basic.get("series", [])
    turned = bool((basic.get("domains") or [{}])[0].get("reversed"))
    values = [
        {"x": x, "y": y, "c": palette.colour(palette.given(given[one.at], one.at))}
        for one in data.series
        for x, y in zip(data.positions, one.values, strict=True)
        if x is not None and y is not None
    ]
    windows = {axis.get("position"): axis.get("viewWindowOptions", {}) for axis in basic.get("axis", [])}
    shown = [text for one in data.series for text in one.shown]
    across = figures_of(
        [one["x"] for one in values],
        style_of(data.labels, words),
        max(2, min(6, int(size[0] / 90))),
        windows.get("BOTTOM_AXIS", {}),
        free=True,
    )
    up = figures_of(
        [one["y"] for one in values],
        style_of(shown, words),
        max(2, min(5, int(size[1] / 45))),
        windows.get("LEFT_AXIS", {}),
        free=True,
    )
    near, far = ("right", "left") if turned else ("left", "right")
    padding = {near: max(up.room, across.room / 2), far: across.room / 2 + 4, "top": 9.0, "bottom": LINE + GAP}
    inner = size[0] - padding[near] - padding[far], max(20.0, size[1] - padding["top"] - padding["bottom"])
    encoding = {
        "x": {
            "field": "x",
            "type": "quantitative",
            "scale": across.scale(turned),
            "axis": across.encoding(palette, "bottom", True),
        },
        "y": {
            "field": "y",
            "type": "quantitative",
            "scale": up.scale(),
            "axis": up.encoding(palette, near, True),
        },
        "color": {"field": "c", "type": "nominal", "scale": None},
    }
    mark = {"type": "point", "filled": True, "size": 40, "opacity": 0.8}
    return frame(inner, padding, [{"data": {"values": values}, "mark": mark, "encoding": encoding}])


def histogram(data: ChartData, given: Mapping[str, Any], words: Mapping[str, str]) -> tuple[ChartData, Json]:
    """The counts of a histogram as a column chart, and that chart's specification."""
    numbers = [value for one in data.series for value in one.values if value is not None]
    if not numbers:
        return replace(data, kind="COLUMN", labels=(), series=()), {}
    edges, _ = buckets(numbers, float(given.get("bucketSize", 0) or 0))
    style = style_of((text for one in data.series for text in one.shown), words)
    names = tuple(f"{style.write(low)} – {style.write(high)}" for low, high in pairwise(edges))
    series = []
    for one in data.series:
        counts = [0.0] * len(names)
        for value in one.values:
            if value is not None:
                counts[min(len(names) - 1, int((value - edges[0]) / (edges[1] - edges[0]) + 1e-9))] += 1
        plain = replace(style, percent=False)
        series.append(Series(one.name, tuple(counts), tuple(plain.write(count) for count in counts), one.at))
    colours = [
        {"colorStyle": one["barColorStyle"]} if "barColorStyle" in one else {} for one in given.get("series", [])
    ]
    return replace(data, kind="COLUMN", labels=names, series=tuple(series)), {
        "series": colours,
        "stackedType": "STACKED",
        "legendPosition": given.get("legendPosition", ""),
    }
