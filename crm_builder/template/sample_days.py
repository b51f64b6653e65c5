"""How sample dates and stamps are made: days between days, with growth, slow months and weekends."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from .sample_values import Make, Raw, Row, Stream
from .sample_world import Build, World, column, many

_DAY = dt.timedelta(days=1)
_STAYS = 0.12  # of the days drawn on a weekend, how many stay there
MOMENT = re.compile(r"([a-z_][a-z0-9_.]*)(?: *([+-]) *(\d+))?")


def moments(told: Any, world: World) -> Callable[[Row], list[dt.date]]:
    """Days such as "today - 30" or "customer.first_contact"; empty columns fall away."""
    parsed: list[tuple[tuple[str, ...], dt.timedelta]] = []
    for text in many(told):
        found = MOMENT.fullmatch(text)
        days = int(found[3] or 0) * (-1 if found[2] == "-" else 1)
        parsed.append((tuple(found[1].split(".")), dt.timedelta(days=days)))

    def days(row: Row) -> list[dt.date]:
        found = []
        for path, shift in parsed:
            day = world.today if path == ("today",) else row.at(path)
            if isinstance(day, dt.date):
                found.append(day + shift)
        return found

    return days


def date(spec: Mapping[str, Any], build: Build) -> Make:
    """A day between two days; see the story's heading."""
    world, stream = build.world, build.stream
    starts, ends = moments(spec["from"], world), moments(spec["to"], world)
    trend, slow, step = spec.get("trend", 1), spec.get("slow", 1), spec.get("step")
    length = max(1, (world.today - world.first_day).days)

    def likely(day: dt.date) -> float:
        """How many rows a day has, against the other days."""
        grown = 1 + (trend - 1) * max(0, (day - world.first_day).days) / length
        return grown * (slow if day.month in world.slow_months else 1)

    def day_of(row: Row) -> Raw:
        lows, highs = starts(row), ends(row)
        if not lows or not highs:
            return None
        high = min(highs)
        low = min(max(lows), high)
        span = (high - low).days
        if step:
            low += min(span, int(step * (row.at(("_nth",)) - 1))) * _DAY
            return _workday(low, low, high, world.weekend, stream)
        most = max(likely(high), likely(low), 1)
        day = low
        for _ in range(16):
            day = low + stream.whole(0, span) * _DAY
            if stream.next() * most <= likely(day):
                break
        return _workday(day, low, high, world.weekend, stream)

    return day_of


def _workday(day: dt.date, low: dt.date, high: dt.date, weekend: set[int], stream: Stream) -> dt.date:
    """The day, mostly moved off a weekend where the bounds leave room."""
    if day.weekday() not in weekend or stream.next() < _STAYS:
        return day
    for shift in (1, -1, 2, -2, 3, -3):
        other = day + shift * _DAY
        if other.weekday() not in weekend and low <= other <= high:
            return other
    return day


def stamp(spec: Mapping[str, Any], build: Build) -> Make:
    """A moment in office hours of the latest of some days, never before a moment among them."""
    reads = [column(name) for name in many(spec["of"])]

    def moment_of(row: Row) -> Raw:
        days = [day for read in reads if isinstance(day := read(row), dt.date)]
        minutes = build.stream.whole(8 * 60, 18 * 60)  # office hours
        if not days:
            return None
        latest = max(days, key=lambda day: day.isoformat()[:10])
        moment = dt.datetime(latest.year, latest.month, latest.day) + dt.timedelta(minutes=minutes)
        return max(moment, *(day for day in days if isinstance(day, dt.datetime)), moment)

    return moment_of
