"""Bars beside the names of a domain that runs down, as a Vega-Lite specification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_builder.preview.charts.axes import GAP, Labels, figures_of, frame
from crm_builder.preview.charts.numbers import style_of
from crm_builder.preview.charts.palette import INK, Palette
from crm_builder.preview.charts.plot import points_of, rows_of, rule, scale_of
from crm_builder.preview.charts.series import ChartData
from crm_builder.preview.charts.sizes import LINE, SIZE, fits, width, wrap

Json = dict[str, Any]


def bars(
    data: ChartData,
    basic: Mapping[str, Any],
    size: tuple[float, float],
    words: Mapping[str, str],
    palette: Palette,
    right_to_left: bool,
) -> Json:
    """Bars beside the names of a domain that runs down; in a right-to-left sheet they begin at the right."""
    rows = rows_of(data, basic, words, palette)
    count = max(1, len(data.labels))
    room = min(size[0] * 0.42, max(map(width, data.labels), default=0) + GAP + 4)
    labelled = any(row.labels for row in rows)
    axis = scale_of(rows, False, basic, size[0] / 2.2) or scale_of(rows, True, basic, size[0] / 2.2)
    if axis is None:
        axis = figures_of([], style_of((), words), 2, {}, False)
    beyond = max((width(label) for row in rows for label in row.labels), default=0) + 8 if labelled else 12.0
    beyond = max(beyond, width(axis.names[-1]) / 2 + 2)
    near, far = ("right", "left") if right_to_left else ("left", "right")
    padding = {near: room, far: beyond, "top": 4.0, "bottom": 4.0 if labelled else LINE + GAP}
    inner = size[0] - room - beyond
    height = max(20.0, size[1] - padding["top"] - padding["bottom"])
    step = height / count
    most = max(1, min(3, int((step - 2) / LINE)))
    each = max(1, -(-int(LINE) // max(1, int(step))))
    shown = tuple(range(0, len(data.labels), each))
    lines = tuple(
        (data.labels[at],)
        if fits(data.labels[at], room - GAP - 2, 1)
        else tuple(wrap(data.labels[at], room - GAP - 2, most))
        for at in shown
    )
    names = Labels(shown, lines, 0, room)
    order = list(range(count))
    turned = bool((basic.get("domains") or [{}])[0].get("reversed"))
    down: Json = {
        "field": "i",
        "type": "ordinal",
        "scale": {
            "domain": order[::-1] if turned else order,
            "type": "band",
            "paddingInner": 0.35,
            "paddingOuter": 0.15,
        },
        "axis": {**names.encoding(palette, near), "labelColor": INK},
    }
    figures = {**axis.encoding(palette, "bottom", not labelled), "labels": not labelled}
    along_it: Json = {
        "field": "y",
        "type": "quantitative",
        "scale": axis.scale(right_to_left),
        "axis": figures,
    }
    place = {"y": down, "x": along_it}
    lanes = list(range(len(rows)))
    grouped = basic.get("stackedType", "NOT_STACKED") not in ("STACKED", "PERCENT_STACKED") and len(rows) > 1
    offset: Json = {"yOffset": {"field": "s", "type": "ordinal", "scale": {"domain": lanes}}} if grouped else {}
    layers: list[Json] = []
    for lane, row in enumerate(rows):
        values = list(points_of(row, lane, through=True))
        own = {**place, **offset, "x2": {"field": "b"}, "color": {"field": "c", "type": "nominal", "scale": None}}
        layers.append({"data": {"values": values}, "mark": {"type": "bar"}, "encoding": own})
    for lane, row in enumerate(rows):
        texts = [
            {"i": at, "y": max(row.end[at] or 0, 0), "s": lane, "t": palette.text(row.labels[at])}
            for at in range(len(row.labels))
            if row.end[at] is not None and row.labels[at]
        ]
        if texts and (step / (len(rows) if grouped else 1)) >= LINE - 3:
            mark = {"type": "text", "dx": -6 if right_to_left else 6, "fontSize": SIZE, "color": INK}
            mark |= {"align": "right" if right_to_left else "left", "baseline": "middle"}
            own = {**place, **offset, "text": {"field": "t", "type": "nominal"}}
            layers.append({"data": {"values": texts}, "mark": mark, "encoding": own})
    base = {**along_it, "field": "z"}
    layers.append({"data": {"values": [{"z": 0}]}, "mark": rule(), "encoding": {"x": base}})
    return frame((inner, height), padding, layers)
