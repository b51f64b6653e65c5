"""The operators on single values: arithmetic, comparison, joining."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crm_builder.local.formulas.values import (
    TEXT_LIMIT,
    FormulaError,
    Value,
    compare,
    division_error,
    number_error,
    to_number,
    to_text,
    too_long,
)


def _arithmetic(function: str, work: Callable[[float, float], Value]) -> Callable[[Value, Value], Value]:
    def operate(left: Value, right: Value) -> Value:
        if type(left) is not float:
            left = to_number(left, function, 1)
            if type(left) is FormulaError:
                return left
        if type(right) is not float:
            right = to_number(right, function, 2)
            if type(right) is FormulaError:
                return right
        return work(left, right)  # type: ignore[arg-type]

    return operate


def _finite(function: str, number: float) -> Value:
    if number - number == 0:  # neither infinite nor not a number
        return number
    return number_error(f"Numeric value is greater than 1.79769e+308 and cannot be displayed properly ({function}).")


def _divide(left: float, right: float) -> Value:
    return left / right if right else division_error()


def power(base: float, exponent: float) -> Value:
    """base ^ exponent; #NUM! where there is no real result, #DIV/0! for 0 to a negative power."""
    if base == 0 and exponent < 0:
        return division_error("POWER")
    if base < 0 and exponent != int(exponent):
        return number_error(f"POWER({base:g}, {exponent:g}) evaluates to an imaginary number.")
    try:
        return float(base**exponent)
    except OverflowError:
        return _finite("POWER", float("inf"))


def _compared(test: Callable[[int], bool]) -> Callable[[Value, Value], Value]:
    def operate(left: Value, right: Value) -> Value:
        if type(left) is FormulaError:
            return left
        if type(right) is FormulaError:
            return right
        return test(compare(left, right))

    return operate


def equal(left: Value, right: Value) -> Value:
    """`=`: texts in any case, blank equal to 0, "" and FALSE."""
    one, two = type(left), type(right)
    if one is str and two is str:
        return left == right or left.lower() == right.lower()  # type: ignore[union-attr]
    if one is FormulaError:
        return left
    if two is FormulaError:
        return right
    if left is None:
        return right is None or right == "" or right == 0
    if right is None:
        return left == "" or left == 0
    return one is two and left == right


def _unequal(left: Value, right: Value) -> Value:
    result = equal(left, right)
    return result if type(result) is FormulaError else not result


def _join(left: Value, right: Value) -> Value:
    one = left if type(left) is str else to_text(left)
    if type(one) is FormulaError:
        return one
    two = right if type(right) is str else to_text(right)
    if type(two) is FormulaError:
        return two
    return too_long("CONCAT") if len(one) + len(two) > TEXT_LIMIT else one + two  # type: ignore[operator, arg-type]


BINARY: Mapping[str, Callable[[Value, Value], Value]] = {
    "+": _arithmetic("ADD", lambda a, b: _finite("ADD", a + b)),
    "-": _arithmetic("MINUS", lambda a, b: _finite("MINUS", a - b)),
    "*": _arithmetic("MULTIPLY", lambda a, b: _finite("MULTIPLY", a * b)),
    "/": _arithmetic("DIVIDE", _divide),
    "^": _arithmetic("POW", power),
    "&": _join,
    "=": equal,
    "<>": _unequal,
    "<": _compared(lambda order: order < 0),
    ">": _compared(lambda order: order > 0),
    "<=": _compared(lambda order: order <= 0),
    ">=": _compared(lambda order: order >= 0),
}


def _negate(value: Value) -> Value:
    number = value if type(value) is float else to_number(value, "UMINUS", 1)
    return number if type(number) is FormulaError else 0.0 - number  # type: ignore[operator]


def _percent(value: Value) -> Value:
    number = value if type(value) is float else to_number(value, "UNARY_PERCENT", 1)
    return number if type(number) is FormulaError else number / 100  # type: ignore[operator]


UNARY: Mapping[str, Callable[[Value], Value]] = {"-": _negate, "%": _percent, "+": lambda value: value}
