"""Numbers on a chart: round steps for an axis, and short forms in the digits and words of the page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_PERSIAN = frozenset("۰۱۲۳۴۵۶۷۸۹")
_ARABIC_SIGNS = str.maketrans(",.%-", "٬٫٪\u2212")
_STEPS = (1, 2, 2.5, 5, 10)
_SHORT = ((1e9, "billions"), (1e6, "millions"), (1e3, "thousands"))


@dataclass(frozen=True, slots=True)
class Style:
    """How the numbers of one axis are written."""

    words: Mapping[str, str]
    digits: str
    percent: bool = False

    def write(self, value: float, unit: float = 0) -> str:
        """A number in at most three significant digits after its unit; `unit` is that of a whole axis, 0 = its own."""
        if self.percent:
            return self._local(f"{_plain(value * 100, 1)}%")
        for size, word in _SHORT:
            if abs(unit or value) >= size * (10 if size == 1e3 else 1):
                return self._local(_plain(value / size, 1 if abs(value) >= 10 * size else 2), word)
        return self._local(_plain(value, 0 if abs(value) >= 1000 else 2))

    def _local(self, text: str, word: str = "") -> str:
        if self.digits != "0123456789":
            text = text.translate(str.maketrans("0123456789", self.digits)).translate(_ARABIC_SIGNS)
        if not word or not any(char in self.digits and char != self.digits[0] for char in text):
            return text  # zero has no unit
        return self.words[word].replace("{number}", text)


def style_of(shown: Iterable[str], words: Mapping[str, str]) -> Style:
    """The style that the cells of a series have: their digits, and whether they are percentages."""
    texts = [text for text in shown if text]
    digits = words["digits"]
    if any(char in _PERSIAN for text in texts for char in text):
        digits = "۰۱۲۳۴۵۶۷۸۹"
    elif any(char.isascii() and char.isdigit() for text in texts for char in text):
        digits = "0123456789"
    percent = bool(texts) and all(text.rstrip(" \u200f\u200e").endswith(("%", "٪")) for text in texts)
    return Style(words, digits, percent)


def _plain(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def ticks(values: Sequence[float], count: int) -> list[float]:
    """Round values from below the least to above the largest number, zero included, about `count` of them."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        return [0.0, 1.0]
    step = _step((high - low) / max(1, count))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(at * step, 12) for at in range(first, last + 1)]


def free_ticks(values: Sequence[float], count: int) -> list[float]:
    """Round values around the numbers, where zero need not be seen."""
    low, high = min(values), max(values)
    if low == high:
        low, high = low - max(1, abs(low) / 2), high + max(1, abs(high) / 2)
    step = _step((high - low) / max(1, count))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(at * step, 12) for at in range(first, last + 1)]


def _step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return next(size * one for one in _STEPS if size * one >= rough * 0.999)


def buckets(values: Sequence[float], size: float) -> tuple[list[float], list[int]]:
    """Edges and counts of a histogram; without a size, about as many buckets as Sturges' rule names."""
    low, high = min(values), max(values)
    step = size if size > 0 else _step(max((high - low), 1e-9) / (math.ceil(math.log2(len(values))) + 1))
    first = math.floor(low / step)
    total = min(200, max(1, math.floor(high / step) - first + 1))
    counts = [0] * total
    for value in values:
        counts[min(total - 1, math.floor(value / step) - first)] += 1
    return [round((first + at) * step, 12) for at in range(total + 1)], counts
