"""Functions that make one number of many: SUM, COUNT, AVERAGE, MIN, MAX, SUMPRODUCT, SUBTOTAL …"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable
from math import fsum, gcd, lcm, prod, sqrt
from typing import Any

from crm_builder.local.formulas.arrays import expand, is_array, read, shape
from crm_builder.local.formulas.ranges import Range
from crm_builder.local.formulas.registry import Context, Function, table
from crm_builder.local.formulas.values import (
    FormulaError,
    Value,
    equality_key,
    not_available,
    number_error,
    to_number,
    value_error,
)

Reduce = Callable[[list[float]], Value]


def gather(name: str, arguments: tuple[Any, ...]) -> list[float] | FormulaError:
    """The numbers among arguments: of cells only real numbers count, a plain argument is turned into a number.

    The first error stops it.
    """
    found: list[float] = []
    for position, argument in enumerate(arguments, 1):
        if is_array(argument):
            for row in read(argument):
                for value in row:
                    if type(value) is float:
                        found.append(value)
                    elif type(value) is FormulaError:
                        return value
            continue
        number = to_number(argument, name, position)
        if type(number) is FormulaError:
            return number
        found.append(number)  # type: ignore[arg-type]
    return found


def numeric(name: str, reduce: Reduce) -> Callable[..., Value]:
    """A function over all the numbers of its arguments."""

    def function(*arguments: Any) -> Value:
        numbers = gather(name, arguments)
        return numbers if type(numbers) is FormulaError else reduce(numbers)  # type: ignore[arg-type, return-value]

    return function


def divide_by_zero(name: str) -> FormulaError:
    return FormulaError("#DIV/0!", f"Evaluation of function {name} caused a divide by zero error.")


def _at_least(name: str, count: int, reduce: Reduce) -> Reduce:
    return lambda numbers: reduce(numbers) if len(numbers) >= count else divide_by_zero(name)


def _some(name: str, reduce: Reduce) -> Reduce:
    return lambda numbers: reduce(numbers) if numbers else number_error(f"{name} has no valid input data.")


def _mean(numbers: list[float]) -> float:
    return fsum(numbers) / len(numbers)


def _mode(numbers: list[float]) -> Value:
    counts = Counter(numbers)
    value, count = max(counts.items(), key=lambda item: item[1], default=(0.0, 0))
    return value if count > 1 else not_available("MODE has no value that occurs more than once.")


def _geometric(numbers: list[float]) -> Value:
    if not numbers or min(numbers) <= 0:
        return number_error("GEOMEAN expects positive numbers.")
    return statistics.geometric_mean(numbers)


def _harmonic(numbers: list[float]) -> Value:
    if not numbers or min(numbers) <= 0:
        return number_error("HARMEAN expects positive numbers.")
    return statistics.harmonic_mean(numbers)


def _deviations(numbers: list[float]) -> float:
    mean = _mean(numbers)
    return fsum((number - mean) ** 2 for number in numbers)


def _whole(name: str, work: Callable[..., int]) -> Reduce:
    def reduce(numbers: list[float]) -> Value:
        if any(number < 0 for number in numbers):
            return number_error(f"{name} expects numbers that are not negative.")
        return float(work(*map(int, numbers)))

    return reduce


_VAR: Reduce = _at_least("VAR", 2, lambda numbers: _deviations(numbers) / (len(numbers) - 1))
_VARP: Reduce = _at_least("VARP", 1, lambda numbers: _deviations(numbers) / len(numbers))
_STDEV: Reduce = _at_least("STDEV", 2, lambda numbers: sqrt(_deviations(numbers) / (len(numbers) - 1)))
_STDEVP: Reduce = _at_least("STDEVP", 1, lambda numbers: sqrt(_deviations(numbers) / len(numbers)))

_REDUCE: dict[str, Reduce] = {
    "SUM": fsum,
    "AVERAGE": _at_least("AVERAGE", 1, _mean),
    "MIN": lambda numbers: min(numbers, default=0.0),
    "MAX": lambda numbers: max(numbers, default=0.0),
    "PRODUCT": lambda numbers: float(prod(numbers)) if numbers else 0.0,
    "MEDIAN": _some("MEDIAN", statistics.median),
    "MODE": _mode,
    "MODE.SNGL": _mode,
    "GCD": _whole("GCD", gcd),
    "LCM": _whole("LCM", lcm),
    "SUMSQ": lambda numbers: fsum(number * number for number in numbers),
    "DEVSQ": _some("DEVSQ", _deviations),
    "AVEDEV": _some("AVEDEV", lambda numbers: _mean([abs(number - _mean(numbers)) for number in numbers])),
    "GEOMEAN": _geometric,
    "HARMEAN": _harmonic,
    "VAR": _VAR,
    "VAR.S": _VAR,
    "VARP": _VARP,
    "VAR.P": _VARP,
    "STDEV": _STDEV,
    "STDEV.S": _STDEV,
    "STDEVP": _STDEVP,
    "STDEV.P": _STDEVP,
}


def _each_value(arguments: tuple[Any, ...]) -> Any:
    for argument in arguments:
        if is_array(argument):
            for row in read(argument):
                yield from row
        else:
            yield argument


def _count(*arguments: Any) -> float:
    found = 0
    for argument in arguments:
        if is_array(argument):
            found += sum(type(value) is float for row in read(argument) for value in row)
        elif type(argument) is not FormulaError and type(to_number(argument)) is float and argument is not None:
            found += 1
    return float(found)


def _count_all(*arguments: Any) -> float:
    return float(sum(value is not None for value in _each_value(arguments)))


def _count_blank(*arguments: Any) -> float:
    found = sum(value is None or value == "" for value in _each_value(arguments))
    for argument in arguments:
        if type(argument) is Range:
            rows, columns = argument.held
            found += argument.rows * argument.columns - rows * columns
    return float(found)


def _count_unique(*arguments: Any) -> float:
    return float(len({equality_key(value) for value in _each_value(arguments) if value is not None}))


def _sum_product(*arguments: Any) -> Value:
    if len(arguments) == 1:
        numbers = gather("SUMPRODUCT", arguments)
        return numbers if type(numbers) is FormulaError else fsum(numbers)  # type: ignore[arg-type, return-value]
    rows, columns = shape(arguments)
    full = []
    for argument in arguments:
        height, width = (argument.rows, argument.columns) if type(argument) is Range else shape([argument])
        other = arguments[0]
        wanted = (other.rows, other.columns) if type(other) is Range else shape([other])
        if (height, width) != wanted and not (type(argument) is Range or type(other) is Range):
            return value_error("SUMPRODUCT has mismatched range sizes.")
        full.append(expand(argument, rows, columns))
    total = []
    for lines in zip(*full, strict=True):
        for values in zip(*lines, strict=True):
            factor = 1.0
            for value in values:
                kind = type(value)
                if kind is FormulaError:
                    return value
                factor *= value if kind is float else 0.0
            total.append(factor)
    return fsum(total)


_SUBTOTALS = {
    1: "AVERAGE",
    2: "COUNT",
    3: "COUNTA",
    4: "MAX",
    5: "MIN",
    6: "PRODUCT",
    7: "STDEV",
    8: "STDEVP",
    9: "SUM",
    10: "VAR",
    11: "VARP",
}


def _subtotal(context: Context, code: Value, *areas: Any) -> Value:
    """Hidden and filtered rows count too: visibility is no part of the computation here."""
    number = to_number(code, "SUBTOTAL", 1)
    if type(number) is FormulaError:
        return number
    name = _SUBTOTALS.get(int(number) % 100)  # type: ignore[arg-type]
    if name is None or not (1 <= number <= 11 or 101 <= number <= 111):  # type: ignore[operator]
        return value_error(
            f"Function SUBTOTAL parameter 1 value is {number:g}. Valid values are 1 to 11 and 101 to 111."
        )
    if name == "COUNT":
        return _count(*areas)
    if name == "COUNTA":
        return _count_all(*areas)
    return numeric(name, _REDUCE[name])(*areas)


def _with_text(name: str, reduce: Reduce) -> Callable[..., Value]:
    """AVERAGEA and its like: text counts as 0, TRUE as 1."""

    def function(*arguments: Any) -> Value:
        found = []
        for value in _each_value(arguments):
            if type(value) is FormulaError:
                return value
            if value is not None:
                found.append(float(value) if type(value) in (float, bool) else 0.0)
        return reduce(found)

    return function


TABLE = table(
    *(Function(name, numeric(name, reduce), (1, None), ("any",)) for name, reduce in _REDUCE.items()),
    *(
        Function(name, _with_text(name, _REDUCE[plain]), (1, None), ("any",))
        for name, plain in (
            ("AVERAGEA", "AVERAGE"),
            ("MINA", "MIN"),
            ("MAXA", "MAX"),
            ("STDEVA", "STDEV"),
            ("STDEVPA", "STDEVP"),
            ("VARA", "VAR"),
            ("VARPA", "VARP"),
        )
    ),
    Function("COUNT", _count, (1, None), ("any",)),
    Function("COUNTA", _count_all, (1, None), ("any",)),
    Function("COUNTBLANK", _count_blank, (1, None), ("any",)),
    Function("COUNTUNIQUE", _count_unique, (1, None), ("any",)),
    Function("SUMPRODUCT", _sum_product, (1, None), ("any",), array_context=True),
    Function("SUBTOTAL", _subtotal, (2, None), ("scalar", "any"), wants_context=True),
)
