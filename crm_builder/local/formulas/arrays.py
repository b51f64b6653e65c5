"""Arrays of any shapes against each other: sizes, padding and broadcasting as ARRAYFORMULA does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crm_builder.local.formulas.ranges import Range
from crm_builder.local.formulas.values import NOT_AVAILABLE, Array, FormulaError, Value, room_for


def is_array(value: Any) -> bool:
    """Whether it has rows and columns: a Range or an Array."""
    kind = type(value)
    return kind is list or kind is Range


def read(value: Any) -> Array:
    """The Array of anything; an open range only as far as the sheet holds something."""
    kind = type(value)
    if kind is list:
        return value
    if kind is Range:
        return value.values
    return [[value]]


def read_full(value: Any) -> Array:
    """The Array of anything at its true size: what lies beyond the held cells comes as blanks."""
    if type(value) is not Range:
        return read(value)
    return padded(value.values, value.rows, value.columns, None)


def shape(values: Sequence[Any]) -> tuple[int, int]:
    """Rows and columns of the result when these are broadcast against each other; raises TooLarge."""
    rows = columns = 1
    for value in values:
        if type(value) is Range:
            value = value.values
        if type(value) is list:
            rows, columns = max(rows, len(value)), max(columns, len(value[0]))
    room_for(rows, columns)
    return rows, columns


def expand(value: Any, rows: int, columns: int) -> Array:
    """A value at the common size: single cells, rows and columns repeat, what is missing is #N/A.

    A range that was read only as far as the sheet is filled has blanks behind that, not #N/A.
    """
    filler: Value = NOT_AVAILABLE
    if type(value) is Range:
        held = value.values
        if (value.rows, value.columns) != (1, 1) and (len(held) < value.rows or len(held[0]) < value.columns):
            height = min(rows, value.rows) if value.rows > 1 else 1
            width = min(columns, value.columns) if value.columns > 1 else 1
            held = padded(held, max(height, len(held)), max(width, len(held[0])), None)
        value = held
    elif type(value) is not list:
        return [[value] * columns] * rows
    height, width = len(value), len(value[0])
    if height == rows and width == columns:
        return value
    if width == 1 and columns > 1:
        value = [row * columns for row in value]
    if height == 1 and rows > 1:
        value = [value[0]] * rows
    return padded(value, rows, columns, filler)


def padded(array: Array, rows: int, columns: int, filler: Value) -> Array:
    """The array made larger with a filler; it is never cut."""
    height, width = len(array), len(array[0])
    if width < columns:
        tail = [filler] * (columns - width)
        array = [row + tail for row in array]
    if height < rows:
        blank = [filler] * max(width, columns)
        array = array + [list(blank) for _ in range(rows - height)]
    return array


def each(function: Callable[..., Value], *arguments: Any) -> Any:
    """The function over broadcast arguments; a plain Value when none of them is an array."""
    lifted = [is_array(argument) for argument in arguments]
    if not any(lifted):
        return function(*arguments)
    if len(arguments) == 1:
        return [[function(value) for value in row] for row in read(arguments[0])]
    if len(arguments) == 2:
        one, two = arguments
        if not lifted[1]:
            return [[function(value, two) for value in row] for row in read(one)]
        if not lifted[0]:
            return [[function(one, value) for value in row] for row in read(two)]
    rows, columns = shape(arguments)
    if columns == 1:
        flat = [
            [row[0] for row in expand(argument, rows, 1)] if more else [argument] * rows
            for argument, more in zip(arguments, lifted, strict=True)
        ]
        return [[function(*values)] for values in zip(*flat, strict=True)]
    full = [expand(argument, rows, columns) for argument in arguments]
    return [[function(*values) for values in zip(*lines, strict=True)] for lines in zip(*full, strict=True)]


def strict(function: Callable[..., Value]) -> Callable[..., Value]:
    """The function with errors among its arguments handed through instead."""

    def guarded(*arguments: Value) -> Value:
        for argument in arguments:
            if type(argument) is FormulaError:
                return argument
        return function(*arguments)

    return guarded


def first_value(value: Any) -> Any:
    """The top-left value of an array, anything else as it is."""
    kind = type(value)
    if kind is list:
        return value[0][0]
    return value.values[0][0] if kind is Range else value


def transpose(array: Array) -> Array:
    return [list(line) for line in zip(*array, strict=True)]


def stack(arrays: Sequence[Array], filler: Value) -> Array:
    """Arrays under each other; narrower ones are filled up on their right."""
    width = max(len(array[0]) for array in arrays)
    room_for(sum(map(len, arrays)), width)
    return [row for array in arrays for row in padded(array, len(array), width, filler)]


def beside(arrays: Sequence[Array], filler: Value) -> Array:
    """Arrays next to each other; lower ones are filled up at their bottom."""
    height = max(map(len, arrays))
    room_for(height, sum(len(array[0]) for array in arrays))
    full = [padded(array, height, len(array[0]), filler) for array in arrays]
    return [[value for row in rows for value in row] for rows in zip(*full, strict=True)]
