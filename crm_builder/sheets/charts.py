"""Chart ↔ EmbeddedChart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crm_builder.model import Area, Chart, Series
from crm_builder.sheets import ids
from crm_builder.sheets.areas import decode_range, encode_range
from crm_builder.sheets.formats import decode_colour, encode_colour
from crm_builder.sheets.layout import Layout, NotOursError
from crm_builder.sheets.positions import decode_position, encode_position

Json = dict[str, Any]

_BASIC = {kind: kind.upper() for kind in ("line", "area", "column", "bar", "combo", "scatter")}
_BASIC_BACK = {theirs: ours for ours, theirs in _BASIC.items()}
_LEGENDS = {place: f"{place.upper()}_LEGEND" for place in ("top", "bottom", "left", "right")}
_LEGENDS |= {"none": "NO_LEGEND", "labels": "LABELED_LEGEND"}
_LEGENDS_BACK = {theirs: ours for ours, theirs in _LEGENDS.items()}
_STACKED = {"yes": "STACKED", "percent": "PERCENT_STACKED"}
_STACKED_BACK = {theirs: ours for ours, theirs in _STACKED.items()}
_DASHED = {"type": "MEDIUM_DASHED", "width": 2}
_WHOLE_LINES = ("SOLID", "LINE_DASH_TYPE_UNSPECIFIED")
_TEXTS = (("title", "title"), ("subtitle", "subtitle"), ("altText", "description"), ("fontName", "font"))


def canonical_chart(chart: Chart, area: Callable[[Area], Area]) -> Chart:
    """A chart as reading gives it back; `area` does the same for an area.

    Only pies have a legend of labels: in other charts each series carries its own.
    """
    labelled = chart.legend == "labels" and chart.kind != "pie"
    return replace(
        chart,
        domain=area(chart.domain),
        series=tuple(_canonical_series(one, chart, area(one.area), labelled) for one in chart.series),
        legend="none" if labelled else chart.legend,
        hole=round(chart.hole, 4),
        ink=_upper(chart.ink),
        background=_upper(chart.background),
    )


def _canonical_series(series: Series, chart: Chart, area: Area, labelled: bool) -> Series:
    kind = series.kind or ("column" if chart.kind == "combo" else None)
    return replace(series, area=area, color=_upper(series.color), kind=kind, labels=series.labels or labelled)


def _upper(colour: str | None) -> str | None:
    return colour.upper() if colour else None


def encode_chart(chart: Chart, layout: Layout, sheet: str) -> Json:
    chart = canonical_chart(chart, lambda area: area)
    spec: Json = {name: getattr(chart, field) for name, field in _TEXTS if getattr(chart, field)}
    if chart.ink:
        spec["titleTextFormat"] = {"foregroundColorStyle": encode_colour(chart.ink)}
        if chart.subtitle:
            spec["subtitleTextFormat"] = spec["titleTextFormat"]
    if chart.background:
        spec["backgroundColorStyle"] = encode_colour(chart.background)
    # The sources stand on hidden sheets, and by default hidden rows and columns are not drawn (documented).
    spec["hiddenDimensionStrategy"] = "SHOW_ALL"
    if chart.kind == "pie":
        spec["pieChart"] = _encode_pie(chart, layout)
    else:
        spec["basicChart"] = _encode_basic(chart, layout)
    position = encode_position(chart.place, layout, sheet)
    return {"chartId": ids.chart_id(layout.place(sheet).stem, chart.key), "spec": spec, "position": position}


def _encode_pie(chart: Chart, layout: Layout) -> Json:
    data: Json = {
        "legendPosition": _LEGENDS[chart.legend],
        "domain": _encode_source(chart.domain, layout),
        "series": _encode_source(chart.series[0].area, layout),
    }
    return data | {"pieHole": chart.hole} if chart.hole else data


def _encode_basic(chart: Chart, layout: Layout) -> Json:
    figures = _axis_of_figures(chart.kind)
    domain: Json = {"domain": _encode_source(chart.domain, layout)}
    if chart.reversed:
        domain["reversed"] = True
    data: Json = {
        "chartType": _BASIC[chart.kind],
        "legendPosition": _LEGENDS[chart.legend],
        "headerCount": 1,
        "domains": [domain],
        "series": [_encode_series(series, figures, layout) for series in chart.series],
    }
    if chart.axis_title:
        data["axis"] = [{"position": figures, "title": chart.axis_title}]
        if chart.ink:
            data["axis"][0]["format"] = {"foregroundColorStyle": encode_colour(chart.ink)}
    if chart.stacked != "no":
        data["stackedType"] = _STACKED[chart.stacked]
    return data


def _axis_of_figures(kind: str) -> str:
    """Bars lie: their figures run along the bottom. It is an error to name another axis (documented)."""
    return "BOTTOM_AXIS" if kind == "bar" else "LEFT_AXIS"


def _encode_series(series: Series, figures: str, layout: Layout) -> Json:
    data: Json = {
        "series": _encode_source(series.area, layout),
        "targetAxis": "RIGHT_AXIS" if series.right_axis else figures,
    }
    if series.kind:
        data["type"] = _BASIC[series.kind]
    if series.color:
        data["colorStyle"] = encode_colour(series.color)
    if series.dashed:
        data["lineStyle"] = _DASHED
    if series.labels:
        data["dataLabel"] = {"type": "DATA"}
    return data


def _encode_source(area: Area, layout: Layout) -> Json:
    return {"sourceRange": {"sources": [encode_range(area, layout)]}}


def decode_chart(data: Json, layout: Layout, key: str) -> Chart:
    """The chart; NotOursError for one of a kind or with sources that the model cannot express."""
    spec = data.get("spec", {})
    common: Json = {field: spec.get(name, "") for name, field in _TEXTS}
    common |= {
        "key": key,
        "place": decode_position(data.get("position", {}), layout),
        "font": spec.get("fontName"),
        "ink": decode_colour(spec.get("titleTextFormat", {}), "foregroundColor"),
        "background": decode_colour(spec, "backgroundColor"),
    }
    if "pieChart" in spec:
        return _decode_pie(spec["pieChart"], layout, common)
    if "basicChart" in spec:
        return _decode_basic(spec["basicChart"], layout, common)
    raise NotOursError("a chart of another kind")


def _decode_pie(data: Json, layout: Layout, common: Json) -> Chart:
    return Chart(
        **common,
        kind="pie",
        domain=_decode_source(data.get("domain", {}), layout),
        series=(Series(_decode_source(data.get("series", {}), layout)),),
        legend=_LEGENDS_BACK.get(data.get("legendPosition", ""), "none"),
        hole=round(data.get("pieHole", 0), 4),
    )


def _decode_basic(data: Json, layout: Layout, common: Json) -> Chart:
    kind, domains = _BASIC_BACK.get(data.get("chartType", "")), data.get("domains", [])
    if kind is None or len(domains) != 1:
        raise NotOursError("a chart of another kind")
    figures = _axis_of_figures(kind)
    titles = {axis.get("position"): axis.get("title", "") for axis in data.get("axis", ())}
    return Chart(
        **common,
        kind=kind,
        domain=_decode_source(domains[0].get("domain", {}), layout),
        series=tuple(_decode_series(one, kind, layout) for one in data.get("series", ())),
        stacked=_STACKED_BACK.get(data.get("stackedType", ""), "no"),
        legend=_LEGENDS_BACK.get(data.get("legendPosition", ""), "none"),
        axis_title=titles.get(figures, ""),
        reversed=domains[0].get("reversed", False),
    )


def _decode_series(data: Json, kind: str, layout: Layout) -> Series:
    return Series(
        _decode_source(data.get("series", {}), layout),
        color=decode_colour(data, "color"),
        kind=_BASIC_BACK.get(data.get("type", "COLUMN")) if kind == "combo" else None,
        right_axis=data.get("targetAxis") == "RIGHT_AXIS",
        dashed=data.get("lineStyle", {}).get("type", "SOLID") not in _WHOLE_LINES,
        labels=data.get("dataLabel", {}).get("type") == "DATA",
    )


def _decode_source(data: Json, layout: Layout) -> Area:
    sources = data.get("sourceRange", {}).get("sources", [])
    if len(sources) != 1:
        raise NotOursError("figures from several places")
    return decode_range(sources[0], layout)


def add_chart(chart: Chart, layout: Layout, sheet: str) -> Json:
    return {"addChart": {"chart": encode_chart(chart, layout, sheet)}}
