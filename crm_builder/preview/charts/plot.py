"""Charts over a domain along the bottom: lines, areas, columns, or several of them, as Vega-Lite specifications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm_builder.preview.charts.axes import Figures, Labels, figures_of, frame, labels_under
from crm_builder.preview.charts.numbers import Style, style_of
from crm_builder.preview.charts.palette import INK, QUIET, Palette
from crm_builder.preview.charts.series import ChartData
from crm_builder.preview.charts.sizes import LINE, SIZE, width

Json = dict[str, Any]

_DASHES = {"DOTTED": [1, 4], "MEDIUM_DASHED": [5, 4], "MEDIUM_DASHED_DOTTED": [6, 4, 1, 4], "LONG_DASHED": [9, 5]}
_DASHES |= {"LONG_DASHED_DOTTED": [9, 5, 1, 5], "CUSTOM": [4, 4]}
_SHORT = 9  # letters of a cell's text that is short enough to stand beside its point


@dataclass(frozen=True, slots=True)
class Row:
    """One series of a chart, ready to be drawn: where each of its points begins and ends."""

    kind: str  # LINE, AREA, COLUMN …
    right: bool
    colours: tuple[str, ...]  # placeholders, one a point
    start: tuple[float, ...]
    end: tuple[float | None, ...]
    labels: tuple[str, ...]  # texts beside the points, none = no labels
    style: Style
    given: Mapping[str, Any]


def rows_of(data: ChartData, basic: Mapping[str, Any], words: Mapping[str, str], palette: Palette) -> list[Row]:
    """The series with their stacking done."""
    given = [*basic.get("series", []), *({} for _ in data.series)]  # a histogram may say nothing of its series
    mode = basic.get("stackedType", "NOT_STACKED")
    count = len(data.labels) or max((len(one.values) for one in data.series), default=0)
    totals = [sum(abs(one.values[at] or 0) for one in data.series) for at in range(count)]
    above, below = [0.0] * count, [0.0] * count
    out = []
    for one in data.series:
        number, own = one.at, given[one.at]
        kind = data.kind if data.kind != "COMBO" else own.get("type", "LINE")
        style = style_of(one.shown, words)
        values: list[float | None] = [*one.values]
        if mode == "PERCENT_STACKED":
            values = [None if v is None else v / (totals[at] or 1) for at, v in enumerate(values)]
            style = replace(style, percent=True)
        start = [0.0] * count
        if mode in ("STACKED", "PERCENT_STACKED") and kind not in ("LINE", "SCATTER"):
            for at, value in enumerate(values):
                heap = above if (value or 0) >= 0 else below
                start[at] = heap[at]
                heap[at] += value or 0
                values[at] = heap[at] if value is not None or "AREA" in kind else None
        points = {point.get("index", 0): point for point in own.get("styleOverrides", [])}
        colours = tuple(palette.colour(palette.given({**own, **points.get(at, {})}, number)) for at in range(count))
        labels: tuple[str, ...] = ()
        if own.get("dataLabel", {}).get("type") in ("DATA", "CUSTOM"):
            pairs = zip(one.shown, one.values, strict=True)
            labels = tuple(_label(text, value, style) for text, value in pairs)
        out.append(
            Row(kind, own.get("targetAxis") == "RIGHT_AXIS", colours, tuple(start), tuple(values), labels, style, own)
        )
    return out


def _label(text: str, value: float | None, style: Style) -> str:
    if value is None:
        return ""
    return text if len(text) <= _SHORT else style.write(value)


def along(
    data: ChartData,
    basic: Mapping[str, Any],
    size: tuple[float, float],
    words: Mapping[str, str],
    palette: Palette,
) -> Json:
    """Lines, areas and columns over a domain that runs along the bottom."""
    rows = rows_of(data, basic, words, palette)
    turned = bool((basic.get("domains") or [{}])[0].get("reversed"))
    axes = {right: scale_of(rows, right, basic, size[1]) for right in (False, True)}
    near, far = ("right", "left") if turned else ("left", "right")
    padding = {near: axes[False].room if axes[False] else 4.0, far: axes[True].room if axes[True] else 10.0}
    ordered = all(row.kind in ("LINE", "AREA", "STEPPED_AREA") for row in rows)
    inner = size[0] - padding[near] - padding[far]
    labels = labels_under(data.labels, inner, size[1], ordered)
    overhang = _overhang(labels, inner / max(1, len(data.labels)))
    padding = {
        side: max(room, overhang if not labels.angle or side == near else 10.0) for side, room in padding.items()
    }
    inner = size[0] - padding[near] - padding[far]
    padding |= {"top": LINE + 6 if any(row.labels for row in rows) else 9.0, "bottom": labels.room}
    height = max(20.0, size[1] - padding["top"] - padding["bottom"])

    order = list(range(len(data.labels)))
    spread = any(row.kind == "COLUMN" for row in rows)
    scale: Json = {"domain": order[::-1] if turned else order, "type": "band"}
    scale |= {"paddingInner": 0.3, "paddingOuter": 0.15} if spread else {"padding": 0}
    across: Json = {
        "field": "i",
        "type": "ordinal",
        "scale": scale,
        "axis": labels.encoding(palette, "bottom", turned),
    }
    grouped = [row for row in rows if row.kind == "COLUMN"]
    if basic.get("stackedType", "NOT_STACKED") not in ("STACKED", "PERCENT_STACKED") and len(grouped) > 1:
        lanes = list(range(len(grouped)))
        offset: Json = {"field": "s", "type": "ordinal", "scale": {"domain": lanes[::-1] if turned else lanes}}
    else:
        offset = {}
    slot = inner / max(1, len(order))
    sides = []
    for right, axis in axes.items():
        if axis is None:
            continue
        up: Json = {
            "field": "y",
            "type": "quantitative",
            "scale": axis.scale(),
            "axis": axis.encoding(palette, far if right else near, not right or axes[False] is None),
        }
        layers: list[Json] = []
        own = [row for row in rows if row.right == right]
        for row in sorted(own, key=lambda row: ("COLUMN", "AREA", "STEPPED_AREA", "LINE").index(row.kind)):
            lane = grouped.index(row) if row in grouped else 0
            layers += _marks(row, lane, {"x": across, "y": up}, offset if row in grouped else {}, basic)
        if axis.at[0] <= 0 <= axis.at[-1] and not (right and axes[False]):
            base = {**up, "field": "z"}
            layers.append({"data": {"values": [{"z": 0}]}, "mark": rule(), "encoding": {"y": base}})
        for row in own:
            lanes_shown = len(grouped) if offset else 1
            layers += _beside(row, {"x": across, "y": up}, slot / lanes_shown, palette, offset, grouped)
        sides.append({"layer": layers})
    return frame((inner, height), padding, sides, resolve={"scale": {"y": "independent"}})


def scale_of(rows: Sequence[Row], right: bool, basic: Mapping[str, Any], height: float) -> Figures | None:
    own = [row for row in rows if row.right == right]
    if not own:
        return None
    values = [value for row in own for value in (*row.start, *row.end) if value is not None]
    lines = all(row.kind == "LINE" for row in own)
    if lines:
        values = [value for row in own for value in row.end if value is not None]
    position = "RIGHT_AXIS" if right else "LEFT_AXIS"
    window = next((a.get("viewWindowOptions", {}) for a in basic.get("axis", []) if a.get("position") == position), {})
    return figures_of(values, own[0].style, max(2, min(5, int(height / 45))), window, lines)


def _overhang(labels: Labels, step: float) -> float:
    """Pixels by which the first or last label reaches out of its own slot."""
    if not labels.lines:
        return 0.0
    if labels.angle:
        return max(10.0, width(labels.lines[0][0]) * 0.766 - step / 2)
    edge = max(width(line) for lines in (labels.lines[0], labels.lines[-1]) for line in lines)
    return max(4.0, (edge - step) / 2 + 2)


def rule() -> Json:
    return {"type": "rule", "color": QUIET, "strokeWidth": 1, "opacity": 0.6}


def points_of(row: Row, lane: int, through: bool) -> Iterator[Json]:
    """The drawn points; a gap begins a new part of the line unless the chart draws through gaps."""
    part = 0
    for at, value in enumerate(row.end):
        if value is None:
            part += not through
            continue
        yield {"i": at, "y": value, "b": row.start[at], "s": lane, "p": part, "c": row.colours[at]}


def _marks(row: Row, lane: int, place: Json, offset: Json, basic: Mapping[str, Any]) -> list[Json]:
    values = list(points_of(row, lane, bool(basic.get("interpolateNulls"))))
    if not values:
        return []
    data: Json = {"data": {"values": values}}
    if row.kind == "COLUMN":
        own: Json = {**place, "y2": {"field": "b"}, "color": {"field": "c", "type": "nominal", "scale": None}}
        if offset:
            own["xOffset"] = offset
        return [{**data, "mark": {"type": "bar", "cornerRadiusEnd": 0}, "encoding": own}]
    shape = "monotone" if basic.get("lineSmoothing") else "step" if row.kind == "STEPPED_AREA" else "linear"
    ink = row.colours[0]
    line: Json = {"type": "line", "color": ink, "strokeWidth": 2, "interpolate": shape}
    line |= {"strokeCap": "round", "strokeJoin": "round"}
    style = row.given.get("lineStyle", {})
    if dash := _DASHES.get(style.get("type", "")):
        line["strokeDash"] = dash
    if style.get("width"):
        line["strokeWidth"] = max(1, min(8, style["width"]))
    parts: Json = {**place, "detail": {"field": "p", "type": "nominal"}}
    out: list[Json] = []
    if "AREA" in row.kind:
        stacked = basic.get("stackedType", "NOT_STACKED") != "NOT_STACKED"
        area = {"type": "area", "color": ink, "opacity": 0.75 if stacked else 0.18, "interpolate": shape}
        out.append({**data, "mark": area, "encoding": {**parts, "y2": {"field": "b"}}})
    out.append({**data, "mark": line, "encoding": parts})
    alone = [one for one in values if sum(other["p"] == one["p"] for other in values) == 1]
    if dots := values if row.given.get("pointStyle", {}).get("size") else alone:
        dot = {"type": "point", "filled": True, "color": ink, "size": 30, "opacity": 1}
        out.append({"data": {"values": dots}, "mark": dot, "encoding": place})
    return out


def _beside(
    row: Row, place: Json, slot: float, palette: Palette, offset: Json, grouped: Sequence[Row]
) -> Iterator[Json]:
    """The figures beside the points. Where they would touch each other: the highest and the last only."""
    if not row.labels:
        return
    widest = max(map(width, row.labels), default=0)
    filled = [at for at, value in enumerate(row.end) if value is not None and row.labels[at]]
    if not filled:
        return
    if widest + 4 > slot:
        filled = sorted({max(filled, key=lambda at: row.end[at] or 0), filled[-1]})
        if len(filled) == 2 and (filled[1] - filled[0]) * slot < widest + 4:
            filled = filled[1:]
    lane = grouped.index(row) if row in grouped else 0
    values = [{"i": at, "y": row.end[at], "s": lane, "t": palette.text(row.labels[at])} for at in filled]
    own: Json = {**place, "text": {"field": "t", "type": "nominal"}}
    if offset and row in grouped:
        own["xOffset"] = offset
    mark = {"type": "text", "dy": -8, "fontSize": SIZE, "color": INK, "baseline": "alphabetic"}
    yield {"data": {"values": values}, "mark": mark, "encoding": own}
