"""What sample rows are made of: raw values, rows that make their columns on demand, and streams of random numbers."""

from __future__ import annotations

import datetime as dt
import random
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, Union

T = TypeVar("T")
Value = str | float | bool | dt.date | dt.datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a list, with its place in the list."""

    list: str
    key: str
    place: int
    title: str


@dataclass(frozen=True, slots=True)
class Word:
    """A text and how it is written in Latin letters."""

    text: str
    latin: str


Raw = Union[Value, Choice, Word, "Row"]
Make = Callable[["Row"], Raw]


class Row:
    """One row in the making: a column is made when it is first asked for."""

    __slots__ = ("cells", "label", "makers", "parent", "table")

    def __init__(self, table: str, makers: Mapping[str, Make], parent: Row | None, cells: dict[str, Raw]) -> None:
        self.table = table
        self.makers = makers
        self.parent = parent
        self.cells = cells
        self.label = ""

    def at(self, path: Sequence[str]) -> Raw:
        """The value of a column, or, by way of references, of a column of another row; None where one is empty."""
        value: Raw = self
        for name in path:
            if not isinstance(value, Row):
                return None
            cells = value.cells
            if name not in cells:
                cells[name] = value.makers[name](value)
            value = cells[name]
        return value


class Stream:
    """Random numbers of one column. Only `random.random()` is used: its sequence is the same in every Python."""

    def __init__(self, seed: int, name: str) -> None:
        self.next = random.Random(seed * 2**32 + zlib.crc32(name.encode())).random

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.next()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + int(self.next() * (high - low + 1))

    def bell(self) -> float:
        """About a normal number: mean 0, deviation 1, never beyond 3."""
        return 2 * (self.next() + self.next() + self.next() - 1.5)

    def one(self, values: Sequence[T], weights: Sequence[float]) -> T:
        """One of the values. The last weight holds for all values that have none; all zero = all alike."""
        odds = [weights[min(place, len(weights) - 1)] if weights else 1 for place in range(len(values))]
        point = self.next() * sum(odds)
        for value, weight in zip(values, odds, strict=True):
            point -= weight
            if point < 0:
                return value
        return values[-1]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        left = list(values)
        return [left.pop(int(self.next() * len(left))) for _ in values]


class Pick:
    """How raw values are read: as text, as the key of a branch."""

    @staticmethod
    def text(value: Raw, form: str = "") -> str | None:
        """A value inside a text; `form` is "latin", "initial", "month" or ""."""
        if value is None:
            return None
        if form == "latin":
            return value.latin if isinstance(value, Word) else str(plain(value))
        if form == "month":
            return str(value.month) if isinstance(value, dt.date) else None
        shown = plain(value)
        if isinstance(shown, float) and shown.is_integer():
            shown = int(shown)
        text = str(shown).lower() if isinstance(shown, bool) else str(shown)
        return text[:1] if form == "initial" else text

    @staticmethod
    def branch(value: Raw, form: str = "") -> str:
        """The key that a value has among branches; "" for an empty one."""
        if isinstance(value, Choice):
            return value.key
        return Pick.text(value, form) or ""


def plain(value: Raw) -> Value:
    """What a cell shows."""
    if isinstance(value, Choice):
        return value.title
    if isinstance(value, Word):
        return value.text
    if isinstance(value, Row):
        return value.label
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def rounded(amount: float) -> float:
    """A price as people make prices: two figures and a half (1,250; 62,500,000), whole numbers."""
    step = 0.5
    while amount >= step * 200:
        step *= 10
    return float(round(amount / step) * step) if step > 1 else float(round(amount))
