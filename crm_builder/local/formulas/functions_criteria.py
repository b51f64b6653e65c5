"""COUNTIF, SUMIF, AVERAGEIF, MINIFS, MAXIFS and COUNTUNIQUEIFS: aggregates of the cells that meet criteria."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum
from typing import Any

from crm_builder.local.formulas.arrays import each, strict
from crm_builder.local.formulas.criteria import Selection
from crm_builder.local.formulas.ranges import Range
from crm_builder.local.formulas.registry import Function, table
from crm_builder.local.formulas.values import FormulaError, Value, equality_key, value_error

Reduce = Callable[[list[float]], Value]


def _numbers(values: list[Value], positions: list[int]) -> list[float] | FormulaError:
    found: list[float] = []
    for position in positions:
        value = values[position]
        if type(value) is float:
            found.append(value)
        elif type(value) is FormulaError:
            return value
    return found


def _average(name: str) -> Reduce:
    def reduce(numbers: list[float]) -> Value:
        if numbers:
            return fsum(numbers) / len(numbers)
        return FormulaError("#DIV/0!", f"Evaluation of function {name} caused a divide by zero error.")

    return reduce


def _selection(name: str, areas: tuple[Any, ...], more: tuple[Any, ...] = ()) -> Selection | FormulaError:
    for area in areas + more:
        if type(area) is FormulaError:
            return area
    selection = Selection(areas, more)
    return selection if selection.same_size else value_error(f"Array arguments to {name} are of different size.")


def _pairs(name: str, arguments: tuple[Any, ...]) -> FormulaError | None:
    if len(arguments) % 2:
        return FormulaError("#N/A", f"Wrong number of arguments to {name}. Ranges and criteria come in pairs.")
    return None


def _counted(name: str) -> Callable[..., Any]:
    def count(*arguments: Any) -> Any:
        if wrong := _pairs(name, arguments):
            return wrong
        selection = _selection(name, arguments[::2])
        if type(selection) is FormulaError:
            return selection

        def one(*criteria: Value) -> Value:
            return selection.once("count", criteria, lambda: float(selection.counted(criteria)))  # type: ignore[union-attr]

        return each(one, *arguments[1::2])

    return count


def _reduced(name: str, what: str, reduce: Reduce) -> Callable[..., Any]:
    def aggregate(subject: Any, *arguments: Any) -> Any:
        if wrong := _pairs(name, arguments):
            return wrong
        selection = _selection(name, arguments[::2], (subject,))
        if type(selection) is FormulaError:
            return selection
        values = selection.flat(subject)  # type: ignore[union-attr]

        def over(positions: list[int]) -> Value:
            numbers = _numbers(values, positions)
            return numbers if type(numbers) is FormulaError else reduce(numbers)  # type: ignore[arg-type, return-value]

        key = (what, subject if type(subject) is Range else id(subject))
        return each(lambda *criteria: selection.chosen(key, criteria, over), *arguments[1::2])  # type: ignore[union-attr]

    return aggregate


def _single(name: str, aggregate: Callable[..., Any]) -> Callable[..., Any]:
    """SUMIF(range; criterion; [sum range]): the sum range is taken at the size of the range."""

    def function(area: Any, criterion: Any, subject: Any = None) -> Any:
        if subject is None:
            subject = area
        if (
            type(subject) is Range
            and type(area) is Range
            and (subject.rows, subject.columns) != (area.rows, area.columns)
        ):
            down = None if area.area[3] is None and subject.r0 == area.r0 else area.rows
            subject = subject.part(0, 0, down, area.columns)
        return aggregate(subject, area, criterion)

    return function


def _unique_counted(subject: Any, *arguments: Any) -> Any:
    if wrong := _pairs("COUNTUNIQUEIFS", arguments):
        return wrong
    selection = _selection("COUNTUNIQUEIFS", arguments[::2], (subject,))
    if type(selection) is FormulaError:
        return selection
    values = selection.flat(subject)  # type: ignore[union-attr]

    def over(positions: list[int]) -> float:
        return float(len({equality_key(values[place]) for place in positions if values[place] not in (None, "")}))

    key = ("unique", subject if type(subject) is Range else id(subject))
    return each(strict(lambda *criteria: selection.chosen(key, criteria, over)), *arguments[1::2])  # type: ignore[union-attr]


_sum_ifs = _reduced("SUMIFS", "sum", fsum)
_average_ifs = _reduced("AVERAGEIFS", "average", _average("AVERAGEIFS"))

TABLE = table(
    Function("COUNTIF", _counted("COUNTIF"), (2, 2), ("any", "each")),
    Function("COUNTIFS", _counted("COUNTIFS"), (2, None), ("any", "each"), repeat=2),
    Function("SUMIF", _single("SUMIF", _reduced("SUMIF", "sum", fsum)), (2, 3), ("any", "each", "any")),
    Function("SUMIFS", _sum_ifs, (3, None), ("any", "any", "each"), repeat=2),
    Function(
        "AVERAGEIF",
        _single("AVERAGEIF", _reduced("AVERAGEIF", "average", _average("AVERAGEIF"))),
        (2, 3),
        ("any", "each", "any"),
    ),
    Function("AVERAGEIFS", _average_ifs, (3, None), ("any", "any", "each"), repeat=2),
    Function(
        "MINIFS",
        _reduced("MINIFS", "min", lambda numbers: min(numbers, default=0.0)),
        (3, None),
        ("any", "any", "each"),
        repeat=2,
    ),
    Function(
        "MAXIFS",
        _reduced("MAXIFS", "max", lambda numbers: max(numbers, default=0.0)),
        (3, None),
        ("any", "any", "each"),
        repeat=2,
    ),
    Function("COUNTUNIQUEIFS", _unique_counted, (3, None), ("any", "any", "each"), repeat=2),
)
