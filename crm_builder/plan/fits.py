"""Whether values that people typed are ones that a column of another type can hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from crm_builder.model import Area, Column, Condition, Scalar

_FIGURES = ("number", "percent", "currency", "scientific", "date", "time", "datetime")
_WORDS = {"date": "a date", "time": "a time", "datetime": "a date", "percent": "a percentage"}
_BOUNDS: dict[str, Callable[[float, Sequence[float]], bool]] = {
    "number_greater": lambda value, bounds: value > bounds[0],
    "number_greater_than_eq": lambda value, bounds: value >= bounds[0],
    "number_less": lambda value, bounds: value < bounds[0],
    "number_less_than_eq": lambda value, bounds: value <= bounds[0],
    "number_between": lambda value, bounds: bounds[0] <= value <= bounds[1],
}


def filled(values: Sequence[Any]) -> list[Scalar]:
    """The values of cells that hold something."""
    return [value for value in values if value is not None and value != ""]


def misfits(values: Sequence[Any], column: Column, choices: Collection[str]) -> list[Scalar]:
    """Values that the column would refuse or could not reckon with. `choices`: the titles of its list, or none."""
    return [value for value in filled(values) if not _fits(value, column, choices)]


def asked_of(column: Column) -> str:
    """What a cell of the column holds, in words."""
    condition = column.validation.condition if column.validation else None
    if condition and condition.kind == "boolean":
        return "a checkbox"
    if _of_list(column):
        return "one of its choices"
    kind = column.format.number.kind if column.format.number else "text"
    return _WORDS.get(kind, "a number" if kind in _FIGURES else "a text")


def _fits(value: Scalar, column: Column, choices: Collection[str]) -> bool:
    condition = column.validation.condition if column.validation else None
    if condition and condition.kind == "boolean":
        return isinstance(value, bool)
    if _of_list(column):
        known = choices or _listed(condition)
        return not known or str(value) in known
    number = column.format.number
    if number and number.kind in _FIGURES:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return not (column.validation and column.validation.strict) or _within(value, condition)
    return True


def _of_list(column: Column) -> bool:
    """Whether only choices are taken; where the list is open, other texts are welcome."""
    if not column.validation or not column.validation.strict:
        return False
    kind = column.validation.condition.kind
    return kind == "one_of_list" or (kind == "one_of_range" and bool(column.list))


def _listed(condition: Condition | None) -> set[str]:
    return {str(value) for value in condition.values if not isinstance(value, Area)} if condition else set()


def _within(value: float, condition: Condition | None) -> bool:
    if condition is None or condition.kind not in _BOUNDS:
        return True
    bounds = [bound for bound in condition.values if isinstance(bound, int | float)]
    return len(bounds) < len(condition.values) or _BOUNDS[condition.kind](value, bounds)
