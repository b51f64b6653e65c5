"""The axes of a chart: their rooms, ticks and labels, laid out here so that nothing depends on installed fonts."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_builder.preview.charts.numbers import Style, free_ticks, ticks
from crm_builder.preview.charts.palette import GRID, QUIET, Palette
from crm_builder.preview.charts.sizes import LINE, SIZE, cut, fits, width, wrap

Json = dict[str, Any]

GAP = 6  # pixels between an axis and its labels
ANGLE = 40  # degrees of labels that have no room beside each other
_CONFIG: Json = {
    "view": {"stroke": None},
    "axis": {
        "title": None,
        "ticks": False,
        "domain": False,
        "grid": False,
        "labelColor": QUIET,
        "labelFontSize": SIZE,
        "labelPadding": GAP,
        "labelOverlap": False,
        "labelLimit": 0,
        "labelBound": False,
        "labelFlush": False,
        "gridColor": GRID,
    },
}


@dataclass(frozen=True, slots=True)
class Figures:
    """An axis of numbers: where its ticks are and what they are called."""

    at: tuple[float, ...]
    names: tuple[str, ...]

    @property
    def room(self) -> float:
        return max(map(width, self.names), default=0) + GAP + 2

    def encoding(self, palette: Palette, orient: str, grid: bool) -> Json:
        """The axis part of an encoding."""
        return {
            "orient": orient,
            "values": list(self.at),
            "grid": grid,
            "labelExpr": named(self.at, [palette.text(name) for name in self.names]),
        }

    def scale(self, reverse: bool = False) -> Json:
        domain = [self.at[0], self.at[-1]]
        return {"domain": domain, "nice": False, "zero": False, "clamp": True, "reverse": reverse}


def figures_of(values: Sequence[float], style: Style, count: int, window: Mapping[str, Any], free: bool) -> Figures:
    """An axis for numbers. A chart of lines may leave zero out where its numbers lie far from it; bars never do."""
    far = free and values and min(values) > 0 and max(values) - min(values) < max(values) * 0.3
    own = [float(window[name]) for name in ("viewWindowMin", "viewWindowMax") if name in window]
    if len(own) == 2 and own[0] < own[1]:
        at = [tick for tick in free_ticks(own, count) if own[0] <= tick <= own[1]]
        at = sorted({own[0], *at, own[1]})
    else:
        at = free_ticks(values, count) if far else ticks([*values, *own], count)
    if not style.percent and at[1] - at[0] < 1 and all(value == int(value) for value in values):
        at = ticks([*values, *own], max(1, int(max(values, default=1) - min([0.0, *values]))))  # whole things
    unit = max(map(abs, at))
    return Figures(tuple(at), tuple(style.write(tick, unit) for tick in at))


def named(values: Sequence[float], names: Sequence[str]) -> str:
    """A Vega expression that gives each tick its name; the names are placeholders, never texts of people."""
    return f"{json.dumps(list(names))}[indexof({json.dumps(list(values))}, datum.value)]"


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels under a chart: which are shown, on which lines, at what angle, and the room they need."""

    at: tuple[int, ...]
    lines: tuple[tuple[str, ...], ...]
    angle: int
    room: float

    def encoding(self, palette: Palette, orient: str, turned: bool = False) -> Json:
        """The axis part of an encoding. `turned`: the domain runs from right to left."""
        axis: Json = {
            "orient": orient,
            "values": list(self.at),
            "labelExpr": named(self.at, [palette.text(*lines, centred=orient != "bottom") for lines in self.lines]),
            "labelAngle": 0,
        }
        if self.angle:
            angle = self.angle if turned else -self.angle
            axis |= {"labelAngle": angle, "labelAlign": "left" if turned else "right", "labelBaseline": "middle"}
        return axis


def labels_under(texts: Sequence[str], room: float, height: float, ordered: bool) -> Labels:
    """Labels of a domain along the bottom. Those of a line may be thinned out: they follow from each other."""
    step = room / max(1, len(texts))
    widest = max(map(width, texts), default=0)
    every = tuple(range(len(texts)))
    if dates := _months(texts):
        return _thinned(dates, step)
    if widest + 5 <= step:
        return Labels(every, tuple((text,) for text in texts), 0, LINE + GAP)
    if all(fits(text, step - 8, 2) for text in texts):
        return _wrapped(texts, every, step - 8, 2)
    if ordered or all(any(char.isdigit() for char in text) for text in texts):
        return _thinned([(text, "") for text in texts], step)
    if all(fits(text, step - 8, 3) for text in texts):
        return _wrapped(texts, every, step - 8, 3)
    each = max(1, math.ceil((LINE + 2) / step))
    some = every[::each]
    slope = math.sin(math.radians(ANGLE))
    longest = min(widest, (height * 0.42 - LINE) / slope)
    lines = tuple((cut(texts[at], longest),) for at in some)
    return Labels(some, lines, ANGLE, longest * slope + LINE + GAP)


def _months(texts: Sequence[str]) -> list[tuple[str, str]]:
    """(month, year) of labels that all end with a year; none where one does not."""
    pairs = [tuple(text.rsplit(" ", 1)) for text in texts]
    if len(texts) > 1 and all(len(pair) == 2 and len(pair[1]) == 4 and pair[1].isdigit() for pair in pairs):
        return [(pair[0], pair[-1]) for pair in pairs]
    return []


def _thinned(pairs: Sequence[tuple[str, str]], step: float) -> Labels:
    """As many labels as have room, with the year below the first one of each. They are counted from the end: the last
    point is the one that is read."""
    widest = max(width(part) for pair in pairs for part in pair)
    each = max(1, math.ceil((widest + 7) / step))
    some = tuple(sorted(range(len(pairs) - 1, -1, -each)))
    lines, before = [], ""
    for at in some:
        name, year = pairs[at]
        lines.append((name, year) if year != before else (name,))
        before = year
    return Labels(some, tuple(lines), 0, LINE * max(map(len, lines)) + GAP)


def _wrapped(texts: Sequence[str], every: tuple[int, ...], room: float, most: int) -> Labels:
    lines = tuple(tuple(wrap(text, room, most)) for text in texts)
    return Labels(every, lines, 0, LINE * max(map(len, lines)) + GAP)


def frame(inner: tuple[float, float], padding: Mapping[str, float], layers: Sequence[Json], **more: Any) -> Json:
    """A whole specification of a plot of `inner` size; nothing in it is measured by the library."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": round(inner[0], 1),
        "height": round(inner[1], 1),
        "padding": {side: round(padding.get(side, 0), 1) for side in ("left", "right", "top", "bottom")},
        "autosize": {"type": "none"},
        "background": None,
        "config": _CONFIG,
        "layer": list(layers),
        **more,
    }
