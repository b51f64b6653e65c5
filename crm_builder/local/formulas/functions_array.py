"""Functions that make arrays of arrays: ARRAYFORMULA, FILTER, SORT, UNIQUE, VSTACK, TAKE, SEQUENCE …"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_builder.local.formulas.arrays import beside, read, stack, transpose
from crm_builder.local.formulas.ranges import Range
from crm_builder.local.formulas.registry import Context, Function, Passing, table
from crm_builder.local.formulas.values import (
    NOT_AVAILABLE,
    Array,
    FormulaError,
    Value,
    column,
    first_error,
    not_available,
    number_error,
    reference_error,
    room_for,
    to_bool,
    to_number,
    value_error,
)

NO_ROWS = not_available("No matches are found in FILTER evaluation.")
NOTHING_LEFT = reference_error("The result has no rows or no columns.")


def whole(value: Value, name: str, position: int) -> int | FormulaError:
    number = to_number(value, name, position)
    return number if type(number) is FormulaError else int(number)  # type: ignore[arg-type, return-value]


def wholes(name: str, first: int, *values: Value) -> list[int] | FormulaError:
    found = []
    for position, value in enumerate(values, first):
        number = whole(value, name, position)
        if type(number) is FormulaError:
            return number
        found.append(number)
    return found  # type: ignore[return-value]


def _filter(subject: Any, *conditions: Any) -> Any:
    for part in (subject, *conditions):
        if type(part) is FormulaError:
            return part
    array = read(subject)
    # One value as a condition is a column of one: an open range over a sheet with a single row looks like that.
    across = any(len(read(one)[0]) > 1 for one in conditions)
    if across:
        array = transpose(array)
    keep = [True] * len(array)
    for condition in conditions:
        lines = transpose(read(condition)) if across else read(condition)
        if len(lines[0]) != 1 or (len(lines) != len(array) and not _open_ended(subject, condition)):
            return _mismatch(len(lines), len(lines[0]), len(array))
        for place, kept in enumerate(keep):
            if kept:
                value = lines[place][0] if place < len(lines) else None
                # Text and errors as a condition leave the row out.
                keep[place] = value is True or (type(value) is float and value != 0)
    found = [row for row, kept in zip(array, keep, strict=True) if kept]
    if not found:
        return NO_ROWS
    return transpose(found) if across else found


def _open_ended(*parts: Any) -> bool:
    """Whether one of them was read only as far as its sheet is filled: then its size says nothing."""
    return any(type(part) is Range and part.held != (part.rows, part.columns) for part in parts)


def _mismatch(rows: int, columns: int, wanted: int) -> FormulaError:
    return not_available(
        f"FILTER has mismatched range sizes. Expected row count: {wanted}, column count: 1. "
        f"Actual row count: {rows}, column count: {columns}."
    )


def _constrain(subject: Any, rows: Value, columns: Value) -> Any:
    if type(subject) is FormulaError:
        return subject
    numbers = wholes("ARRAY_CONSTRAIN", 2, rows, columns)
    if type(numbers) is FormulaError:
        return numbers
    height, width = numbers  # type: ignore[misc]
    if height < 1 or width < 1:
        return value_error("Function ARRAY_CONSTRAIN expects a size of at least 1 row and 1 column.")
    array = read(subject)
    if width >= len(array[0]):
        return array[:height]
    return [row[:width] for row in array[:height]]


def _chosen(name: str, by_rows: bool) -> Callable[..., Any]:
    def function(array: Array, *choices: Any) -> Any:
        lines = array if by_rows else transpose(array)
        found = []
        for choice in choices:
            for row in read(choice):
                for value in row:
                    number = whole(value, name, 2)
                    if type(number) is FormulaError:
                        return number
                    if number == 0 or abs(number) > len(lines):  # type: ignore[arg-type]
                        return value_error(
                            f"Function {name} parameter 2 value is {number}. "
                            f"Valid values are between 1 and {len(lines)} or -1 and -{len(lines)} inclusive."
                        )
                    room_for(len(found) + 1, len(lines[0]), name)
                    found.append(lines[number - 1 if number > 0 else number])  # type: ignore[operator, index]
        return found if by_rows else transpose(found)

    return function


def _cut(name: str, take: bool) -> Callable[..., Any]:
    def part(lines: list[Any], number: int) -> list[Any]:
        if take:
            return lines[:number] if number >= 0 else lines[number:]
        return lines[number:] if number >= 0 else lines[:number]

    def function(array: Array, rows: Value = None, columns: Value = None) -> Any:
        numbers = wholes(name, 2, rows, columns)
        if type(numbers) is FormulaError:
            return numbers
        if rows is not None:
            array = part(array, numbers[0])  # type: ignore[index]
        if columns is not None and array:
            array = [part(row, numbers[1]) for row in array]  # type: ignore[index]
        return array if array and array[0] else NOTHING_LEFT

    return function


def _stacked(join: Callable[[list[Array], Value], Array]) -> Callable[..., Array]:
    return lambda *arrays: join(list(arrays), NOT_AVAILABLE)


def _flatten(*arrays: Array) -> Array:
    room_for(sum(len(array) * len(array[0]) for array in arrays), 1, "FLATTEN")
    return column([value for array in arrays for row in array for value in row])


def _to_line(name: str, down: bool) -> Callable[..., Any]:
    def function(array: Array, ignore: Value = 0.0, by_column: Value = False) -> Any:
        mode, across = whole(ignore, name, 2), to_bool(by_column, name, 3)
        if type(mode) is FormulaError:
            return mode
        if type(across) is FormulaError:
            return across
        lines = transpose(array) if across else array
        values = [value for line in lines for value in line]
        if mode in (1, 3):
            values = [value for value in values if value is not None]
        if mode in (2, 3):
            values = [value for value in values if type(value) is not FormulaError]
        if not values:
            return not_available(f"{name} has no values to show.")
        return column(values) if down else [values]

    return function


def _wrapped(name: str, by_rows: bool) -> Callable[..., Any]:
    def function(array: Array, count: Value, filler: Value = NOT_AVAILABLE) -> Any:
        number = whole(count, name, 2)
        if type(number) is FormulaError:
            return number
        if number < 1:  # type: ignore[operator]
            return number_error(
                f"Function {name} parameter 2 value is {number}. It should be greater than or equal to 1."
            )
        values = [value for row in array for value in row]
        lines = [values[place : place + number] for place in range(0, len(values), number)]  # type: ignore[operator]
        if len(lines) > 1:
            lines[-1] = lines[-1] + [filler] * (number - len(lines[-1]))  # type: ignore[operator]
        return lines if by_rows else transpose(lines)

    return function


def _sequence(rows: Value, columns: Value = 1.0, start: Value = 1.0, step: Value = 1.0) -> Any:
    numbers = wholes("SEQUENCE", 1, rows, 1.0 if columns is None else columns)
    first, by = to_number(1.0 if start is None else start, "SEQUENCE", 3), to_number(1.0 if step is None else step)
    for part in (numbers, first, by):
        if type(part) is FormulaError:
            return part
    height, width = numbers  # type: ignore[misc]
    if height < 1 or width < 1:
        return number_error("Function SEQUENCE expects at least 1 row and 1 column.")
    room_for(height, width, "SEQUENCE")
    return [[first + by * (row * width + place) for place in range(width)] for row in range(height)]  # type: ignore[operator]


def _transposed(array: Array) -> Array:
    return transpose(array)


def _array_formula(context: Context, value: Any) -> Any:
    return value


def _multiplied(left: Array, right: Array) -> Any:
    for array in (left, right):
        if error := first_error(array):
            return error
    if len(left[0]) != len(right):
        return value_error("MMULT has incompatible matrix sizes.")
    room_for(len(left), len(right[0]), "MMULT")
    if not all(type(value) is float for array in (left, right) for row in array for value in row):
        return value_error("MMULT expects number values.")
    lines = transpose(right)
    return [[float(sum(a * b for a, b in zip(row, line, strict=True))) for line in lines] for row in left]  # type: ignore[operator]


def _array(name: str, call: Callable[..., Any], most: int | None, params: tuple[Passing, ...], **more: Any) -> Function:
    least = more.pop("least", 1)
    return Function(name, call, (least, most), params, spills=True, **more)


TABLE = table(
    _array("ARRAYFORMULA", _array_formula, 1, ("any",), wants_context=True, array_context=True),
    _array("FILTER", _filter, None, ("any",), least=2, array_context=True),
    _array("ARRAY_CONSTRAIN", _constrain, 3, ("any", "scalar", "scalar"), least=3),
    _array("TRANSPOSE", _transposed, 1, ("array",)),
    _array("CHOOSECOLS", _chosen("CHOOSECOLS", False), None, ("array", "any"), least=2),
    _array("CHOOSEROWS", _chosen("CHOOSEROWS", True), None, ("array", "any"), least=2),
    _array("TAKE", _cut("TAKE", True), 3, ("array", "scalar", "scalar"), least=2),
    _array("DROP", _cut("DROP", False), 3, ("array", "scalar", "scalar"), least=2),
    _array("VSTACK", _stacked(stack), None, ("array",)),
    _array("HSTACK", _stacked(beside), None, ("array",)),
    _array("FLATTEN", _flatten, None, ("array",)),
    _array("TOCOL", _to_line("TOCOL", True), 3, ("array", "scalar", "scalar")),
    _array("TOROW", _to_line("TOROW", False), 3, ("array", "scalar", "scalar")),
    _array("WRAPROWS", _wrapped("WRAPROWS", True), 3, ("array", "scalar", "scalar"), least=2),
    _array("WRAPCOLS", _wrapped("WRAPCOLS", False), 3, ("array", "scalar", "scalar"), least=2),
    _array("SEQUENCE", _sequence, 4, ("scalar",)),
    _array("MMULT", _multiplied, 2, ("array",), least=2, array_context=True),
)
