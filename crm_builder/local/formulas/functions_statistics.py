"""Statistics of an array: LARGE, RANK, PERCENTILE, QUARTILE, and lines through points: FORECAST, TREND, CORREL."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from math import fsum
from typing import Any

from crm_builder.local.formulas.arrays import each, expand, read
from crm_builder.local.formulas.functions_aggregate import divide_by_zero
from crm_builder.local.formulas.ranges import Range
from crm_builder.local.formulas.registry import Context, Function, Passing, table
from crm_builder.local.formulas.values import (
    NOT_AVAILABLE,
    Array,
    FormulaError,
    Value,
    first_error,
    not_available,
    number_error,
    size,
    to_bool,
    to_number,
)

Points = tuple[list[float], list[float]]


def _sorted_numbers(area: Any) -> list[float] | FormulaError:
    """The numbers of an area in ascending order, sorted once for a range."""

    def build(array: Array) -> list[float] | FormulaError:
        error = first_error(array)
        return error or sorted(value for row in array for value in row if type(value) is float)

    return area.index("sorted numbers", build) if type(area) is Range else build(read(area))


def _of_sorted(name: str, work: Callable[[list[float], float], Value]) -> Callable[..., Value]:
    def function(area: Any, parameter: Value) -> Value:
        numbers = _sorted_numbers(area)
        if type(numbers) is FormulaError:
            return numbers
        wanted = to_number(parameter, name, 2)
        if type(wanted) is FormulaError:
            return wanted
        if not numbers:
            return number_error(f"{name} has no valid input data.")
        return work(numbers, wanted)  # type: ignore[arg-type]

    return function


def _nth(name: str, largest: bool) -> Callable[[list[float], float], Value]:
    def work(numbers: list[float], wanted: float) -> Value:
        place = int(wanted)
        if not 1 <= place <= len(numbers):
            return number_error(f"Function {name} parameter 2 value {place} is out of range.")
        return numbers[-place] if largest else numbers[place - 1]

    return work


def _percentile(numbers: list[float], share: float) -> Value:
    if not 0 <= share <= 1:
        return number_error("Function PERCENTILE expects a share between 0 and 1.")
    place = share * (len(numbers) - 1)
    low = math.floor(place)
    high = min(low + 1, len(numbers) - 1)
    return numbers[low] + (numbers[high] - numbers[low]) * (place - low)


def _percentile_exclusive(numbers: list[float], share: float) -> Value:
    place = share * (len(numbers) + 1)
    if not 1 <= place <= len(numbers):
        return number_error("Function PERCENTILE.EXC has no result for this share.")
    low = math.floor(place)
    high = min(low, len(numbers) - 1)
    return numbers[low - 1] + (numbers[high] - numbers[low - 1]) * (place - low)


def _quartile(numbers: list[float], number: float) -> Value:
    if not 0 <= int(number) <= 4:
        return number_error("Function QUARTILE expects a number between 0 and 4.")
    return _percentile(numbers, int(number) / 4)


def _quartile_exclusive(numbers: list[float], number: float) -> Value:
    return _percentile_exclusive(numbers, int(number) / 4)


def _percent_rank(numbers: list[float], value: float) -> Value:
    if not numbers[0] <= value <= numbers[-1]:
        return NOT_AVAILABLE
    if len(numbers) == 1:
        return 1.0
    below = bisect_left(numbers, value)
    if numbers[below] == value:
        share = below / (len(numbers) - 1)
    else:
        low, high = numbers[below - 1], numbers[below]
        first = bisect_left(numbers, low)
        share = (first + (value - low) / (high - low)) / (len(numbers) - 1)
    return math.floor(share * 1000 + 1e-9) / 1000


def _rank(average: bool) -> Callable[..., Value]:
    def function(value: Value, area: Any, ascending: Value = False) -> Value:
        number, upwards = to_number(value, "RANK", 1), to_bool(ascending, "RANK", 3)
        numbers = _sorted_numbers(area)
        for part in (number, upwards, numbers):
            if type(part) is FormulaError:
                return part

        def build(_: Array) -> dict[float, tuple[int, int]]:
            places: dict[float, tuple[int, int]] = {}
            for place, one in enumerate(numbers):  # type: ignore[arg-type]
                places[one] = (places.get(one, (place, 0))[0], place)
            return places

        places = area.index("places", build) if type(area) is Range else build([])
        if number not in places:
            return not_available(f"Did not find value '{number:g}' in RANK evaluation.")
        first, last = places[number]  # type: ignore[index]
        count = len(numbers)  # type: ignore[arg-type]
        best = first + 1 if upwards else count - last
        return float(best) + ((last - first) / 2 if average else 0)

    return function


def _weighted(*arguments: Any) -> Value:
    """The mean of values, each times its weight; values and weights come in pairs of one size."""
    if len(arguments) % 2:
        return not_available("Wrong number of arguments to AVERAGE.WEIGHTED. Values and weights come in pairs.")
    total, weights = [], []
    for values, factors in zip(arguments[::2], arguments[1::2], strict=True):
        if size(read(values)) != size(read(factors)):
            return number_error("AVERAGE.WEIGHTED expects values and weights of one size.")
        points = _points(values, factors)
        if type(points) is FormulaError:
            return points
        for value, weight in zip(*points, strict=True):  # type: ignore[misc]
            if weight < 0:
                return number_error("AVERAGE.WEIGHTED expects weights that are not negative.")
            total.append(value * weight)
            weights.append(weight)
    return fsum(total) / fsum(weights) if any(weights) else divide_by_zero("AVERAGE.WEIGHTED")


def _points(ys: Any, xs: Any) -> Points | FormulaError:
    rows = max(len(read(ys)), len(read(xs)))
    columns = max(len(read(ys)[0]), len(read(xs)[0]))
    found: Points = ([], [])
    for line_y, line_x in zip(expand(ys, rows, columns), expand(xs, rows, columns), strict=True):
        for y, x in zip(line_y, line_x, strict=True):
            for value in (y, x):
                if type(value) is FormulaError:
                    return value
            if type(y) is float and type(x) is float:
                found[0].append(y)
                found[1].append(x)
    return found


def _line(name: str, ys: list[float], xs: list[float]) -> tuple[float, float] | FormulaError:
    """Slope and intercept of the line of least squares."""
    if not xs:
        return divide_by_zero(name)
    mean_x, mean_y = fsum(xs) / len(xs), fsum(ys) / len(ys)
    spread = fsum((x - mean_x) ** 2 for x in xs)
    if spread == 0:
        return divide_by_zero(name)
    slope = fsum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
    return slope, mean_y - slope * mean_x


def _of_line(name: str, work: Callable[[float, float], float]) -> Callable[..., Value]:
    def function(ys: Any, xs: Any) -> Value:
        points = _points(ys, xs)
        if type(points) is FormulaError:
            return points
        line = _line(name, *points)  # type: ignore[misc]
        return line if type(line) is FormulaError else work(*line)  # type: ignore[misc, return-value]

    return function


def _forecast(value: Any, ys: Any, xs: Any) -> Any:
    points = _points(ys, xs)
    line = points if type(points) is FormulaError else _line("FORECAST", *points)  # type: ignore[misc]

    def at(place: Value) -> Value:
        wanted = to_number(place, "FORECAST", 1)
        if type(wanted) is FormulaError or type(line) is FormulaError:
            return wanted if type(wanted) is FormulaError else line  # type: ignore[return-value]
        slope, intercept = line  # type: ignore[misc]
        return slope * wanted + intercept  # type: ignore[operator]

    return each(at, value)


def _correlation(ys: Any, xs: Any) -> Value:
    points = _points(ys, xs)
    if type(points) is FormulaError:
        return points
    one, two = points  # type: ignore[misc]
    up, down = _line("CORREL", one, two), _line("CORREL", two, one)
    for line in (up, down):
        if type(line) is FormulaError:
            return line
    return math.copysign(math.sqrt(up[0] * down[0]), up[0])  # type: ignore[index]


def _r_squared(ys: Any, xs: Any) -> Value:
    found = _correlation(ys, xs)
    return found if type(found) is FormulaError else found**2  # type: ignore[operator]


def _trend(context: Context, ys: Any, xs: Any = None, new: Any = None) -> Any:
    """The line through one series of known values, at the new places (or the known ones)."""
    known = read(ys)
    if xs is None:
        xs = [[float(place + 1)] for place in range(len(known))]
        if len(known) == 1:
            xs = [[float(place + 1) for place in range(len(known[0]))]]
    points = _points(ys, xs)
    if type(points) is FormulaError:
        return points
    line = _line("TREND", *points)  # type: ignore[misc]
    if type(line) is FormulaError:
        return line
    slope, intercept = line  # type: ignore[misc]
    result = []
    for row in read(xs if new is None else new):
        numbers = [to_number(value, "TREND", 3) for value in row]
        result.append([one if type(one) is FormulaError else slope * one + intercept for one in numbers])  # type: ignore[operator]
    return result


_FIRST: tuple[Passing, ...] = ("any", "scalar")
_LAST: tuple[Passing, ...] = ("scalar", "any", "scalar")

TABLE = table(
    Function("LARGE", _of_sorted("LARGE", _nth("LARGE", True)), (2, 2), _FIRST),
    Function("SMALL", _of_sorted("SMALL", _nth("SMALL", False)), (2, 2), _FIRST),
    *(
        Function(name, _of_sorted(name, work), (2, 2), _FIRST)
        for name, work in (
            ("PERCENTILE", _percentile),
            ("PERCENTILE.INC", _percentile),
            ("PERCENTILE.EXC", _percentile_exclusive),
            ("QUARTILE", _quartile),
            ("QUARTILE.INC", _quartile),
            ("QUARTILE.EXC", _quartile_exclusive),
            ("PERCENTRANK", _percent_rank),
            ("PERCENTRANK.INC", _percent_rank),
        )
    ),
    Function("RANK", _rank(False), (2, 3), _LAST),
    Function("RANK.EQ", _rank(False), (2, 3), _LAST),
    Function("RANK.AVG", _rank(True), (2, 3), _LAST),
    Function("AVERAGE.WEIGHTED", _weighted, (2, None), ("any",)),
    Function("SLOPE", _of_line("SLOPE", lambda slope, _: slope), (2, 2), ("any",)),
    Function("INTERCEPT", _of_line("INTERCEPT", lambda _, intercept: intercept), (2, 2), ("any",)),
    Function("CORREL", _correlation, (2, 2), ("any",)),
    Function("PEARSON", _correlation, (2, 2), ("any",)),
    Function("RSQ", _r_squared, (2, 2), ("any",)),
    Function("FORECAST", _forecast, (3, 3), ("each", "any", "any")),
    Function("FORECAST.LINEAR", _forecast, (3, 3), ("each", "any", "any")),
    Function("TREND", _trend, (1, 3), ("any",), wants_context=True, array_context=True, spills=True),
)
