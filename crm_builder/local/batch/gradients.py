"""The colour scale of a gradient rule."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..calc import effective
from ..entered import parse_entered
from .ranges import Rect
from .values import colour, theme_colour

if TYPE_CHECKING:
    from ..book import Book

_CHANNELS = ("red", "green", "blue")


def scale_of(
    book: Book, gradient: dict[str, Any], areas: list[Rect], base: tuple[int, int, int]
) -> Callable[[Any, int, int], dict[str, Any] | None]:
    """The format that the gradient gives a value: a background between the colours of the points around it.

    Values that are no numbers get None, as does everything where a point has no value.
    """
    numbers = sorted(
        value
        for area in areas
        for row in effective(book, area.sheet_id, *area.area)
        for value in row
        if type(value) is float
    )
    points = [
        (_position(book, gradient[name], numbers, base), _rgb(gradient[name]))
        for name in ("minpoint", "midpoint", "maxpoint")
        if name in gradient
    ]
    known: dict[float, dict[str, Any]] = {}

    def look(value: Any, row: int, column: int) -> dict[str, Any] | None:
        if type(value) is not float or any(at is None for at, _ in points):
            return None
        if value not in known:
            shade = colour(_between(value, points))  # type: ignore[arg-type]
            known[value] = {"backgroundColor": shade, "backgroundColorStyle": {"rgbColor": shade}}
        return known[value]

    return look


def _position(book: Book, point: dict[str, Any], numbers: list[float], base: tuple[int, int, int]) -> float | None:
    """The value at which a point lies; None where it cannot be told."""
    kind, text = point["type"], point.get("value", "")
    if not numbers:
        return None
    if kind == "MIN":
        return numbers[0]
    if kind == "MAX":
        return numbers[-1]
    value = book.engine.evaluate(text, base, base) if text.startswith("=") else parse_entered(text)[0]
    if type(value) is not float:
        return None
    if kind == "PERCENT":
        return numbers[0] + (numbers[-1] - numbers[0]) * value / 100
    if kind == "PERCENTILE":
        place = (len(numbers) - 1) * min(max(value, 0.0), 100.0) / 100
        low = int(place)
        high = min(low + 1, len(numbers) - 1)
        return numbers[low] + (numbers[high] - numbers[low]) * (place - low)
    return value


def _rgb(point: dict[str, Any]) -> dict[str, float]:
    style = point.get("colorStyle", {})
    return theme_colour(style["themeColor"]) if "themeColor" in style else style.get("rgbColor", {})


def _between(value: float, points: list[tuple[float, dict[str, float]]]) -> dict[str, float]:
    if value <= points[0][0]:
        return points[0][1]
    for (low, first), (high, last) in pairwise(points):
        if value <= high:
            share = 1.0 if high <= low else (value - low) / (high - low)
            return {name: first.get(name, 0) + (last.get(name, 0) - first.get(name, 0)) * share for name in _CHANNELS}
    return points[-1][1]
