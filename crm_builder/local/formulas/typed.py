"""Arguments brought to the kind a function expects, before it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from crm_builder.local.formulas.values import (
    TEXT_LIMIT,
    FormulaError,
    Value,
    number_error,
    to_bool,
    to_number,
    to_text,
    too_long,
)


def _text(value: Value, function: str, position: int) -> str | FormulaError:
    return to_text(value)


def _as_is(value: Value, function: str, position: int) -> Value:
    return value


def _whole(value: Value, function: str, position: int) -> int | FormulaError:
    number = to_number(value, function, position)
    return number if isinstance(number, FormulaError) else int(number)


_COERCE: Mapping[str, Callable[[Value, str, int], Any]] = MappingProxyType(
    {"t": _text, "n": to_number, "i": _whole, "b": to_bool, "v": _as_is}
)


def typed(function: str, kinds: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """`call` with scalar arguments coerced, a letter for each: t text, n number, i whole number (cut off towards 0),
    b boolean, v value as it is; the last letter repeats. What cannot be coerced is the result: Google's #VALUE!;
    so is a text too long for a cell."""
    coerce = [_COERCE[kind] for kind in kinds]

    def coerced(*values: Value) -> Any:
        arguments = []
        for position, value in enumerate(values):
            argument = coerce[min(position, len(coerce) - 1)](value, function, position + 1)
            if type(argument) is FormulaError:
                return argument
            arguments.append(argument)
        result = call(*arguments)
        return too_long(function) if type(result) is str and len(result) > TEXT_LIMIT else result

    return coerced


def at_least(function: str, position: int, value: float, least: int) -> FormulaError | None:
    """#NUM! with Google's sentence when a number is too small; None when it is not."""
    if value >= least:
        return None
    return number_error(
        f"Function {function} parameter {position} value is {value:g}. It should be greater than or equal to {least}."
    )
