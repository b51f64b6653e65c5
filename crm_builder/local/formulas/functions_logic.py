"""Logical and information functions: IF and its family, AND, OR, IS…, error handling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_builder.local.formulas.arrays import each, is_array, read
from crm_builder.local.formulas.ranges import Range
from crm_builder.local.formulas.registry import Context, Function, table
from crm_builder.local.formulas.values import (
    NOT_AVAILABLE,
    FormulaError,
    Value,
    compare,
    not_available,
    to_bool,
    to_number,
    value_error,
)

Lazy = Callable[[], Any]
NO_MATCH = not_available("No match.")


def _condition(context: Context, value: Any) -> Any:
    """A condition as one value, or as an array where arrays are broadcast."""
    return value if context.array and is_array(value) else context.scalar(value)


def _choose(condition: Value, yes: Value, no: Value) -> Value:
    truth = condition if type(condition) is bool else to_bool(condition, "IF", 1)
    if type(truth) is FormulaError:
        return truth
    return yes if truth else no


def _if(context: Context, condition: Lazy, yes: Lazy, no: Lazy | None = None) -> Any:
    test = _condition(context, condition())
    if is_array(test):
        return each(_choose, test, yes(), no() if no else False)
    truth = to_bool(test, "IF", 1)
    if type(truth) is FormulaError:
        return truth
    if truth:
        return yes()
    return no() if no else False


def _ifs(context: Context, *parts: Lazy) -> Any:
    if len(parts) % 2:
        return not_available("Wrong number of arguments to IFS. Conditions and values come in pairs.")
    tests = []
    for condition, result in zip(parts[::2], parts[1::2], strict=True):
        test = _condition(context, condition())
        tests.append(test)
        if is_array(test):
            break
        truth = to_bool(test, "IFS", 1)
        if type(truth) is FormulaError:
            return truth
        if truth:
            return result()
    else:
        return NO_MATCH
    rest: Any = NO_MATCH
    for position in range(len(parts) - 2, 2 * len(tests) - 3, -2):
        rest = each(_choose, _condition(context, parts[position]()), parts[position + 1](), rest)
    return rest


def _switch(context: Context, subject: Lazy, *parts: Lazy) -> Any:
    value = _condition(context, subject())
    pairs, default = parts, None
    if len(parts) % 2:
        pairs, default = parts[:-1], parts[-1]
    if not is_array(value):
        if type(value) is FormulaError:
            return value
        for case, result in zip(pairs[::2], pairs[1::2], strict=True):
            wanted = context.scalar(case())
            if type(wanted) is FormulaError:
                return wanted
            if compare(value, wanted) == 0:
                return result()
        return default() if default else NO_MATCH
    rest: Any = default() if default else NO_MATCH
    for position in range(len(pairs) - 2, -1, -2):
        rest = each(_switch_one, value, pairs[position](), pairs[position + 1](), rest)
    return rest


def _switch_one(value: Value, case: Value, result: Value, rest: Value) -> Value:
    if type(value) is FormulaError:
        return value
    if type(case) is FormulaError:
        return case
    return result if compare(value, case) == 0 else rest


def _choose_from(context: Context, index: Lazy, *choices: Lazy) -> Any:
    position = _condition(context, index())
    if is_array(position):
        values = [choice() for choice in choices]
        return each(lambda number, *row: _nth(number, row), position, *values)
    number = to_number(position, "CHOOSE", 1)
    if type(number) is FormulaError:
        return number
    if not 1 <= int(number) <= len(choices):  # type: ignore[arg-type]
        return _nth(number, choices)  # type: ignore[arg-type]
    return choices[int(number) - 1]()  # type: ignore[arg-type]


def _nth(position: Value, values: tuple[Any, ...]) -> Value:
    number = to_number(position, "CHOOSE", 1)
    if type(number) is FormulaError:
        return number
    if not 1 <= int(number) <= len(values):  # type: ignore[arg-type]
        return FormulaError(
            "#NUM!",
            f"Function CHOOSE parameter 1 value is {int(number)}. "  # type: ignore[arg-type]
            f"Valid values are between 1 and {len(values)} inclusive.",
        )
    return values[int(number) - 1]  # type: ignore[arg-type]


def _rescue(wrong: Callable[[FormulaError], bool]) -> Callable[..., Any]:
    def function(context: Context, subject: Lazy, fallback: Lazy | None = None) -> Any:
        value = subject()
        if type(value) is Range:
            value = _condition(context, value)
        if not is_array(value):
            if type(value) is FormulaError and wrong(value):
                return fallback() if fallback else None
            return value
        array = read(value)
        if not any(type(item) is FormulaError and wrong(item) for row in array for item in row):
            return value
        other = fallback() if fallback else None
        if not is_array(other):
            return [[other if type(item) is FormulaError and wrong(item) else item for item in row] for row in array]
        return each(lambda item, rest: rest if type(item) is FormulaError and wrong(item) else item, array, other)

    return function


def _logical(name: str, reduce: Callable[[list[bool]], bool]) -> Callable[..., Value]:
    def function(*arguments: Any) -> Value:
        found: list[bool] = []
        for position, argument in enumerate(arguments, 1):
            if not is_array(argument):
                truth = to_bool(argument, name, position)
                if type(truth) is FormulaError:
                    return truth
                found.append(truth)  # type: ignore[arg-type]
                continue
            for row in read(argument):
                for value in row:
                    kind = type(value)
                    if kind is FormulaError:
                        return value
                    if kind is bool or kind is float:
                        found.append(bool(value))
        if not found:
            return value_error(f"{name} has no valid input data.")
        return reduce(found)

    return function


def _not(value: Value) -> Value:
    truth = to_bool(value, "NOT", 1)
    return truth if type(truth) is FormulaError else not truth


def _is(name: str, test: Callable[[Value], bool]) -> Function:
    return Function(name, test, takes_errors=True)


def _parity(name: str, odd: bool) -> Function:
    def function(value: Value) -> Value:
        number = to_number(value, name, 1)
        return number if type(number) is FormulaError else (int(abs(number)) % 2 == 1) == odd  # type: ignore[arg-type]

    return Function(name, function)


def _n(value: Value) -> Value:
    kind = type(value)
    if kind is float or kind is FormulaError:
        return value
    return float(value) if kind is bool else 0.0  # type: ignore[arg-type]


def _type(value: Any) -> float:
    if is_array(value):
        return 64.0
    return {float: 1.0, str: 2.0, bool: 4.0, FormulaError: 16.0}.get(type(value), 1.0)


_ERROR_TYPES = {"#NULL!": 1.0, "#DIV/0!": 2.0, "#VALUE!": 3.0, "#REF!": 4.0, "#NAME?": 5.0, "#NUM!": 6.0, "#N/A": 7.0}


def _error_type(value: Value) -> Value:
    return _ERROR_TYPES.get(value.kind, 8.0) if type(value) is FormulaError else NOT_AVAILABLE


def _is_between(value: Value, low: Value, high: Value, low_in: Value = True, high_in: Value = True) -> Value:
    with_low, with_high = to_bool(low_in, "ISBETWEEN", 4), to_bool(high_in, "ISBETWEEN", 5)
    if type(with_low) is FormulaError:
        return with_low
    if type(with_high) is FormulaError:
        return with_high
    below, above = compare(value, low), compare(value, high)
    return (below > 0 or (with_low and below == 0)) and (above < 0 or (with_high and above == 0))


TABLE = table(
    Function("IF", _if, (2, 3), ("lazy",), wants_context=True),
    Function("IFS", _ifs, (2, None), ("lazy",), wants_context=True),
    Function("SWITCH", _switch, (3, None), ("lazy",), wants_context=True),
    Function("CHOOSE", _choose_from, (2, None), ("lazy",), wants_context=True),
    Function("IFERROR", _rescue(lambda error: True), (1, 2), ("lazy",), wants_context=True),
    Function("IFNA", _rescue(lambda error: error.kind == "#N/A"), (1, 2), ("lazy",), wants_context=True),
    Function("AND", _logical("AND", all), (1, None), ("any",)),
    Function("OR", _logical("OR", any), (1, None), ("any",)),
    Function("XOR", _logical("XOR", lambda values: sum(values) % 2 == 1), (1, None), ("any",)),
    Function("NOT", _not),
    Function("TRUE", lambda: True, (0, 0)),
    Function("FALSE", lambda: False, (0, 0)),
    Function("NA", lambda: not_available(""), (0, 0)),
    _is("ISBLANK", lambda value: value is None),
    _is("ISNUMBER", lambda value: type(value) is float),
    _is("ISTEXT", lambda value: type(value) is str),
    _is("ISNONTEXT", lambda value: type(value) is not str),
    _is("ISLOGICAL", lambda value: type(value) is bool),
    _is("ISERROR", lambda value: type(value) is FormulaError),
    _is("ISERR", lambda value: type(value) is FormulaError and value.kind != "#N/A"),
    _is("ISNA", lambda value: type(value) is FormulaError and value.kind == "#N/A"),
    Function("ISREF", lambda value: type(value) is Range, params=("any",)),
    _parity("ISODD", True),
    _parity("ISEVEN", False),
    Function("ISBETWEEN", _is_between, (3, 5), ("scalar",)),
    Function("N", _n, takes_errors=True),
    Function("T", lambda value: value if type(value) in (str, FormulaError) else "", takes_errors=True),
    Function("TYPE", _type, params=("any",)),
    Function("ERROR.TYPE", _error_type, takes_errors=True),
)
