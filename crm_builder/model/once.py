"""Remembering what follows from a value for as long as it lives: what is frozen need not be worked out twice."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Value = TypeVar("Value")
Result = TypeVar("Result")


def once(function: Callable[[Value], Result]) -> Callable[[Value], Result]:
    """The function, called once for each value. By identity: to compare two workbooks costs as much as their making.

    A result must not hold the value itself, which would then live for ever.
    """
    held: dict[int, tuple[weakref.ref[Any], Result]] = {}

    @wraps(function)
    def remembered(value: Value) -> Result:
        key = id(value)
        known = held.get(key)
        if known is not None and known[0]() is value:
            return known[1]
        result = function(value)
        held[key] = weakref.ref(value, lambda _: held.pop(key, None)), result
        return result

    return remembered
