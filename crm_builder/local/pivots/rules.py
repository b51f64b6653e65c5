"""Items of a group: which item a value belongs to, how it is sorted and what is written for it.

The labels of rules are those that the API documents for DateTimeRule and HistogramRule, in English.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from math import floor
from typing import Any

from crm_builder.local.formulas.days import day_of, milliseconds_of
from crm_builder.local.formulas.values import FormulaError, Value, general, sort_key
from crm_builder.local.pivots.definition import plain

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
DATE_RULES = frozenset(
    (
        *("SECOND", "MINUTE", "HOUR", "HOUR_MINUTE", "HOUR_MINUTE_AMPM", "DAY_OF_WEEK", "DAY_OF_YEAR"),
        *("DAY_OF_MONTH", "DAY_MONTH", "MONTH", "QUARTER", "YEAR", "YEAR_MONTH", "YEAR_QUARTER", "YEAR_MONTH_DAY"),
    )
)
_BLANK = (-1, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One item of a group; of a column's items each is one object. They sort by `order`, which tells them apart."""

    order: Any
    label: Value


Items = Callable[[Value], Item]


def items_of(rule: dict[str, Any]) -> Items:
    """The function that gives a value its item under a PivotGroupRule, {} = every value is an item of its own."""
    if "dateTimeRule" in rule:
        return partial(_dated, rule["dateTimeRule"].get("type", ""))
    if "histogramRule" in rule:
        return partial(_ranged, rule["histogramRule"])
    if "manualRule" in rule:
        return _by_hand(rule["manualRule"])
    return own


def own(value: Value) -> Item:
    """A value as an item of its own: texts that differ in case only are two. Blanks come before everything."""
    if value is None or value == "":
        return Item(_BLANK, None)
    if type(value) is str:
        return Item((1, value.lower(), value), value)
    if type(value) is FormulaError:
        return Item((3, value.kind), value)
    return Item(sort_key(value), value)


def columns_of(values: Sequence[Value], items: Items) -> list[Item]:
    """The items of a column, each different value looked at once."""
    known: dict[Any, Item] = {}
    equal: dict[Any, Item] = {}
    found = []
    for value in values:
        key = (type(value), value)
        item = known.get(key)
        if item is None:
            item = items(value)
            item = known[key] = equal.setdefault((item.order, item.label), item)
        found.append(item)
    return found


def _dated(kind: str, value: Value) -> Item:
    day = day_of(value) if type(value) is float else None
    if not isinstance(day, date) or type(value) is not float:
        return own(value)
    order, label = _part(kind, day, milliseconds_of(value) // 1000)
    return Item((0, float(order)), label)


def _part(kind: str, day: date, second: int) -> tuple[int, Value]:
    hour, minute = second // 3600, second // 60 % 60
    month = MONTHS[day.month - 1]
    quarter = (day.month + 2) // 3
    numbers = {
        "SECOND": second % 60,
        "MINUTE": minute,
        "HOUR": hour,
        "DAY_OF_YEAR": day.timetuple().tm_yday,
        "DAY_OF_MONTH": day.day,
        "YEAR": day.year,
    }
    if kind in numbers:
        return numbers[kind], float(numbers[kind])
    weekday = day.isoweekday() % 7
    texts: dict[str, tuple[int, str]] = {
        "HOUR_MINUTE": (hour * 60 + minute, f"{hour}:{minute:02}"),
        "HOUR_MINUTE_AMPM": (hour * 60 + minute, f"{hour % 12 or 12}:{minute:02} {'PM' if hour > 11 else 'AM'}"),
        "DAY_OF_WEEK": (weekday, DAYS[weekday]),
        "DAY_MONTH": (day.month * 31 + day.day, f"{day.day}-{month}"),
        "MONTH": (day.month, month),
        "QUARTER": (quarter, f"Q{quarter}"),
        "YEAR_MONTH": (day.year * 12 + day.month, f"{day.year}-{month}"),
        "YEAR_QUARTER": (day.year * 4 + quarter, f"{day.year} Q{quarter}"),
        "YEAR_MONTH_DAY": (day.toordinal(), day.isoformat()),
    }
    return texts[kind]


def _ranged(rule: dict[str, Any], value: Value) -> Item:
    """Buckets of one size from `start`, or 0, on; the last one holds `end` itself, what is beyond is put together."""
    if type(value) is not float:
        return own(value)
    start, end, size = rule.get("start"), rule.get("end"), rule["interval"]
    if start is not None and value < start:
        return Item((0, float("-inf")), f"< {general(float(start))}")
    if end is not None and value > end:
        return Item((0, float("inf")), f"> {general(float(end))}")
    first = float(start or 0)
    place = floor((value - first) / size)
    if end is not None and value == end and value > first and (value - first) % size == 0:
        place -= 1
    low, high = first + place * size, first + (place + 1) * size
    return Item((0, low), f"{general(low)}-{general(high if end is None else min(high, float(end)))}")


def _by_hand(rule: dict[str, Any]) -> Items:
    """Items of groups go by the group's name; those in no group stay on their own."""
    named = {
        own(plain(item)).order: own(plain(group.get("groupName", {})))
        for group in rule.get("groups", [])
        for item in group.get("items", [])
    }

    def item(value: Value) -> Item:
        alone = own(value)
        return named.get(alone.order, alone)

    return item
