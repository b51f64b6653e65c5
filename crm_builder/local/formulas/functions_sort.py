"""Functions that put rows in order or leave out repeated ones: SORT, SORTN, UNIQUE."""

from __future__ import annotations

from typing import Any

from crm_builder.local.formulas.arrays import read, transpose
from crm_builder.local.formulas.functions_array import whole, wholes
from crm_builder.local.formulas.registry import Function, table
from crm_builder.local.formulas.values import (
    Array,
    FormulaError,
    Value,
    equality_key,
    not_available,
    number_error,
    sort_key,
    to_bool,
    value_error,
)


def sort_rows(array: Array, keys: list[tuple[list[Value], bool]]) -> list[int]:
    """The order of the rows, stable, by key columns (values, ascending). Blanks come last either way."""
    order = list(range(len(array)))
    for values, ascending in reversed(keys):
        filled = [place for place in order if values[place] is not None]
        empty = [place for place in order if values[place] is None]
        filled.sort(key=lambda place, values=values: sort_key(values[place]), reverse=not ascending)
        order = filled + empty
    return order


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


def _lone_error(array: Array) -> FormulaError | None:
    """The error that stands where an array was meant, such as that of a FILTER that found nothing."""
    lone = array[0][0] if len(array) == 1 and len(array[0]) == 1 else None
    return lone if isinstance(lone, FormulaError) else None


def _sort(array: Array, *pairs: Any) -> Any:
    if error := _lone_error(array):
        return error
    keys = (
        _sort_keys("SORT", array, pairs) if pairs else [([row[i] for row in array], True) for i in range(len(array[0]))]
    )
    if type(keys) is FormulaError:
        return keys
    return [array[place] for place in sort_rows(array, keys)]  # type: ignore[arg-type]


def _sortn(array: Array, count: Any = 1.0, ties: Any = 0.0, *pairs: Any) -> Any:
    if error := _lone_error(array):
        return error
    numbers = wholes("SORTN", 2, read(count)[0][0], read(ties)[0][0])
    if type(numbers) is FormulaError:
        return numbers
    limit, mode = numbers  # type: ignore[misc]
    if limit < 1 or mode not in (0, 1, 2, 3):
        return number_error("Function SORTN expects a count of 1 or more and a display mode of 0 to 3.")
    keys = (
        _sort_keys("SORTN", array, pairs)
        if pairs
        else [([row[i] for row in array], True) for i in range(len(array[0]))]
    )
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


TABLE = table(
    Function("SORT", _sort, (1, None), ("array", "any"), array_context=True, spills=True),
    Function("SORTN", _sortn, (1, None), ("array", "any"), array_context=True, spills=True),
    Function("UNIQUE", _unique, (1, 3), ("array", "scalar", "scalar"), spills=True),
)
