"""Functions that call a LAMBDA for each part of an array: MAP, BYROW, BYCOL, REDUCE, SCAN, MAKEARRAY."""

from __future__ import annotations

from typing import Any

from crm_builder.local.formulas.arrays import expand, first_value, read, shape, transpose
from crm_builder.local.formulas.registry import Context, Function, table
from crm_builder.local.formulas.values import Array, FormulaError, Value, number_error, room_for, to_number, value_error

NESTED = value_error("A LAMBDA has to give a single value here. Nested arrays are not allowed.")


def _single(context: Context, function: Any, arguments: list[Any]) -> Value:
    value = context.apply(function, arguments)
    array = read(value)
    return NESTED if len(array) > 1 or len(array[0]) > 1 else context.scalar(first_value(value))


def _map(context: Context, *arguments: Any) -> Any:
    *arrays, function = arguments
    rows, columns = shape(arrays)
    full = [expand(array, rows, columns) for array in arrays]
    return [
        [_single(context, function, list(values)) for values in zip(*lines, strict=True)]
        for lines in zip(*full, strict=True)
    ]


def _by_row(context: Context, array: Any, function: Any) -> Any:
    return [[_single(context, function, [[row]])] for row in read(array)]


def _by_column(context: Context, array: Any, function: Any) -> Any:
    return [[_single(context, function, [[[value] for value in line]]) for line in transpose(read(array))]]


def _reduce(context: Context, start: Any, array: Any, function: Any) -> Any:
    result = start
    for row in read(array):
        for value in row:
            result = context.apply(function, [result, value])
    return result


def _scan(context: Context, start: Any, array: Any, function: Any) -> Any:
    result = context.scalar(start)
    found: Array = []
    for row in read(array):
        line: list[Value] = []
        for value in row:
            result = _single(context, function, [result, value])
            line.append(result)
        found.append(line)
    return found


def _make(context: Context, rows: Value, columns: Value, function: Any) -> Any:
    height, width = to_number(rows, "MAKEARRAY", 1), to_number(columns, "MAKEARRAY", 2)
    if type(height) is FormulaError:
        return height
    if type(width) is FormulaError:
        return width
    if height < 1 or width < 1:  # type: ignore[operator]
        return number_error("Function MAKEARRAY expects at least 1 row and 1 column.")
    room_for(int(height), int(width), "MAKEARRAY")  # type: ignore[arg-type]
    return [
        [_single(context, function, [row + 1.0, place + 1.0]) for place in range(int(width))]  # type: ignore[arg-type]
        for row in range(int(height))  # type: ignore[arg-type]
    ]


TABLE = table(
    Function("MAP", _map, (2, None), ("any",), wants_context=True, spills=True),
    Function("BYROW", _by_row, (2, 2), ("any",), wants_context=True, spills=True),
    Function("BYCOL", _by_column, (2, 2), ("any",), wants_context=True, spills=True),
    Function("REDUCE", _reduce, (3, 3), ("any",), wants_context=True, spills=True),
    Function("SCAN", _scan, (3, 3), ("any",), wants_context=True, spills=True),
    Function("MAKEARRAY", _make, (3, 3), ("scalar", "scalar", "any"), wants_context=True, spills=True),
)
