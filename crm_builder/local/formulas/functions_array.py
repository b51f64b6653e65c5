"""Functions that make arrays of arrays: ARRAYFORMULA, FILTER, SORT, UNIQUE, VSTACK, TAKE, SEQUENCE …"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_builder.local.formulas.arrays import beside, expand, is_array, padded, read, stack, transpose
from crm_builder.local.formulas.registry import Context, Function, Passing, table
from crm_builder.local.formulas.values import (
    NOT_AVAILABLE,
    Array,
    FormulaError,
    Value,
    column,
    equality_key,
    first_error,
    not_available,
    number_error,
    reference_error,
    to_bool,
    to_number,
    value_error,
)

NO_ROWS = not_available("No matches are found in FILTER evaluation.")
NOTHING_LEFT = reference_error("The result has no rows or no columns.")


def whole(value: Value, name: str, position: int) -> int | FormulaError:
    number = to_number(value, name, position)
    return number if type(number) is FormulaError else int(number)  # type: ignore[arg-type, return-value]


def _wholes(name: str, first: int, *values: Value) -> list[int] | FormulaError:
    found = []
    for position, value in enumerate(values, first):
        number = whole(value, name, position)
        if type(number) is FormulaError:
            return number
        found.append(number)
    return found  # type: ignore[return-value]


def _filter(subject: Any, *conditions: Any) -> Any:
    if type(subject) is FormulaError:
        return subject
    array = read(subject)
    height, width = len(array), len(array[0])
    by_rows = all(len(read(condition)[0]) == 1 for condition in conditions) or height == 1 == width
    if not by_rows:
        array, height = transpose(array), width
    keep = [True] * height
    for position, condition in enumerate(conditions, 2):
        if type(condition) is FormulaError:
            return condition
        lines = expand(condition, height, 1) if by_rows else transpose(expand(condition, 1, height))
        if len(lines) != height or len(lines[0]) != 1:
            return _mismatch(len(lines), len(lines[0]), height)
        given = len(read(condition)) if by_rows else len(read(condition)[0])
        if is_array(condition) and type(condition) is list and given != height and given != 1:
            return _mismatch(given, 1, height)
        for place, (value,) in enumerate(lines):
            if not keep[place] or value is True:
                continue
            truth = False if value is False or type(value) is str else to_bool(value, "FILTER", position)
            keep[place] = truth is True  # an error as a condition leaves the row out
    found = [row for row, kept in zip(array, keep, strict=True) if kept]
    if not found:
        return NO_ROWS
    return found if by_rows else transpose(found)


def _mismatch(rows: int, columns: int, wanted: int) -> FormulaError:
    return not_available(
        f"FILTER has mismatched range sizes. Expected row count: {wanted}, column count: 1. "
        f"Actual row count: {rows}, column count: {columns}."
    )


def sort_rows(array: Array, keys: list[tuple[list[Value], bool]]) -> list[int]:
    """The order of the rows, stable, by key columns (values, ascending). Blanks come last either way."""
    order = list(range(len(array)))
    for values, ascending in reversed(keys):
        filled = [place for place in order if values[place] is not None]
        empty = [place for place in order if values[place] is None]
        filled.sort(key=lambda place, values=values: _sort_key(values[place]), reverse=not ascending)
        order = filled + empty
    return order


def _sort_key(value: Value) -> tuple[int, Any]:
    kind = type(value)
    if kind is float:
        return 0, value
    if kind is str:
        return 1, value.lower()  # type: ignore[union-attr]
    return (2, value) if kind is bool else (3, 0)


def _sort_keys(name: str, array: Array, pairs: tuple[Any, ...]) -> list[tuple[list[Value], bool]] | FormulaError:
    keys = []
    for place in range(0, len(pairs), 2):
        by, direction = pairs[place], pairs[place + 1] if place + 1 < len(pairs) else True
        ascending = to_bool(read(direction)[0][0], name, place + 3)
        if type(ascending) is FormulaError:
            return ascending
        by = read(by)
        if len(by) > 1:
            if len(by) != len(array):
                return value_error(f"{name} has mismatched range sizes.")
            keys.append(([row[0] for row in by], bool(ascending)))
            continue
        number = whole(by[0][0], name, place + 2)
        if type(number) is FormulaError:
            return number
        if not 1 <= number <= len(array[0]):  # type: ignore[operator]
            return value_error(
                f"Function {name} parameter {place + 2} value is {number}. "
                f"Valid values are between 1 and {len(array[0])} inclusive."
            )
        keys.append(([row[number - 1] for row in array], bool(ascending)))  # type: ignore[operator]
    return keys


def _sort(array: Array, *pairs: Any) -> Any:
    keys = _sort_keys("SORT", array, pairs) if pairs else [([row[i] for row in array], True) for i in range(len(array[0]))]
    if type(keys) is FormulaError:
        return keys
    return [array[place] for place in sort_rows(array, keys)]  # type: ignore[arg-type]


def _sortn(array: Array, count: Any = 1.0, ties: Any = 0.0, *pairs: Any) -> Any:
    numbers = _wholes("SORTN", 2, read(count)[0][0], read(ties)[0][0])
    if type(numbers) is FormulaError:
        return numbers
    limit, mode = numbers  # type: ignore[misc]
    if limit < 1 or mode not in (0, 1, 2, 3):
        return number_error("Function SORTN expects a count of 1 or more and a display mode of 0 to 3.")
    keys = _sort_keys("SORTN", array, pairs) if pairs else [([row[i] for row in array], True) for i in range(len(array[0]))]
    if type(keys) is FormulaError:
        return keys
    order = sort_rows(array, keys)  # type: ignore[arg-type]
    marks = [tuple(equality_key(values[place]) for values, _ in keys) for place in order]  # type: ignore[union-attr]
    if mode in (2, 3):
        seen: dict[object, int] = {}
        for mark in marks:
            seen.setdefault(mark, len(seen))
        if mode == 2:
            first: dict[object, int] = {}
            for place, mark in zip(order, marks, strict=True):
                first.setdefault(mark, place)
            order = list(first.values())[:limit]
        else:
            order = [place for place, mark in zip(order, marks, strict=True) if seen[mark] < limit]
    elif mode == 1 and len(order) > limit:
        order = [place for number, place in enumerate(order) if number < limit or marks[number] == marks[limit - 1]]
    else:
        order = order[:limit]
    return [array[place] for place in order]


def _unique(array: Array, by_column: Any = False, exactly_once: Any = False) -> Any:
    across, once = to_bool(by_column, "UNIQUE", 2), to_bool(exactly_once, "UNIQUE", 3)
    if type(across) is FormulaError:
        return across
    if type(once) is FormulaError:
        return once
    rows = transpose(array) if across else array
    counts: dict[object, int] = {}
    found: dict[object, list[Value]] = {}
    for row in rows:
        key = tuple(map(equality_key, row))
        counts[key] = counts.get(key, 0) + 1
        found.setdefault(key, row)
    kept = [row for key, row in found.items() if not once or counts[key] == 1]
    if not kept:
        return not_available("No unique values.")
    return transpose(kept) if across else kept


def _constrain(subject: Any, rows: Value, columns: Value) -> Any:
    if type(subject) is FormulaError:
        return subject
    numbers = _wholes("ARRAY_CONSTRAIN", 2, rows, columns)
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
                    found.append(lines[number - 1 if number > 0 else number])  # type: ignore[operator, index]
        return found if by_rows else transpose(found)

    return function


def _cut(name: str, take: bool) -> Callable[..., Any]:
    def part(lines: list[Any], number: int) -> list[Any]:
        if take:
            return lines[:number] if number >= 0 else lines[number:]
        return lines[number:] if number >= 0 else lines[:number]

    def function(array: Array, rows: Value = None, columns: Value = None) -> Any:
        numbers = _wholes(name, 2, rows, columns)
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
            return number_error(f"Function {name} parameter 2 value is {number}. It should be greater than or equal to 1.")
        values = [value for row in array for value in row]
        lines = [values[place : place + number] for place in range(0, len(values), number)]  # type: ignore[operator]
        if len(lines) > 1:
            lines[-1] = lines[-1] + [filler] * (number - len(lines[-1]))  # type: ignore[operator]
        return lines if by_rows else transpose(lines)

    return function


def _sequence(rows: Value, columns: Value = 1.0, start: Value = 1.0, step: Value = 1.0) -> Any:
    numbers = _wholes("SEQUENCE", 1, rows, 1.0 if columns is None else columns)
    first, by = to_number(1.0 if start is None else start, "SEQUENCE", 3), to_number(1.0 if step is None else step)
    for part in (numbers, first, by):
        if type(part) is FormulaError:
            return part
    height, width = numbers  # type: ignore[misc]
    if height < 1 or width < 1:
        return number_error("Function SEQUENCE expects at least 1 row and 1 column.")
    return [[first + by * (row * width + place) for place in range(width)] for row in range(height)]  # type: ignore[operator]


def _expanded(array: Array, rows: Value, columns: Value = None, filler: Value = NOT_AVAILABLE) -> Any:
    height, width = len(array), len(array[0])
    numbers = _wholes("EXPAND", 2, height if rows is None else rows, width if columns is None else columns)
    if type(numbers) is FormulaError:
        return numbers
    if numbers[0] < height or numbers[1] < width:  # type: ignore[index]
        return value_error("Function EXPAND cannot make an array smaller.")
    return padded(array, numbers[0], numbers[1], filler)  # type: ignore[index]


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
    _array("SORT", _sort, None, ("array", "any"), array_context=True),
    _array("SORTN", _sortn, None, ("array", "any"), array_context=True),
    _array("UNIQUE", _unique, 3, ("array", "scalar", "scalar")),
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
    _array("EXPAND", _expanded, 4, ("array", "scalar", "scalar", "scalar"), least=2),
    _array("MMULT", _multiplied, 2, ("array",), least=2, array_context=True),
)
