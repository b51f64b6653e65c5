"""What the makers of sample values know of the world they are in, and how they read columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Protocol

from .sample_values import Choice, Raw, Row, Stream


class World(Protocol):
    """What makers may ask for; see sample.py."""

    team: list[str]
    unit: float
    today: dt.date
    first_day: dt.date
    weekend: set[int]
    slow_months: set[int]
    used: set[str]

    def choices(self, key: str) -> list[Choice]: ...
    def stream(self, name: str) -> Stream: ...
    def deal(self, pool: str, branch: str) -> str | None: ...
    def rows(self, table: str) -> list[Row]: ...
    def draw_row(self, table: str, weight: str, chance: float) -> Row | None: ...


class Build:
    """The makers of one column: they share its stream."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.stream = world.stream(name)


def column(name: str) -> Callable[[Row], Raw]:
    path = tuple(name.partition(":")[0].split("."))
    return lambda row: row.at(path)


def many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
