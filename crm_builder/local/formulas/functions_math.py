"""Mathematical functions of single numbers: rounding, powers, MOD, RAND …"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from crm_builder.local.formulas.operators import BINARY, UNARY, power
from crm_builder.local.formulas.registry import Context, Function, Passing, table
from crm_builder.local.formulas.values import FormulaError, Value, division_error, number_error, to_number


def numbers_first(name: str, work: Callable[..., Value]) -> Callable[..., Value]:
    """A function whose arguments are turned into numbers; what has no real result is #NUM!."""

    def function(*arguments: Value) -> Value:
        numbers = []
        for position, argument in enumerate(arguments, 1):
            number = argument if type(argument) is float else to_number(argument, name, position)
            if type(number) is FormulaError:
                return number
            numbers.append(number)
        try:
            result = work(*numbers)
        except (ValueError, OverflowError):
            return number_error(f"Function {name} has no result for {', '.join(f'{number:g}' for number in numbers)}.")
        return float(result) if type(result) is int else result

    return function


def _rounded(mode: str) -> Callable[..., float]:
    def work(number: float, places: float = 0.0) -> float:
        exponent = Decimal(1).scaleb(-int(places))
        if abs(number) >= 1e15 and places >= 0:
            return number
        # repr() is the shortest text of the number: 1.005 rounds to 1.01 as a person sees it.
        exact = Decimal(format(number, ".15g")) if mode == ROUND_HALF_UP else Decimal(repr(number))
        if -int(places) > 30:
            return 0.0
        return float(exact.quantize(exponent, rounding=mode, context=None)) + 0.0 if places < 15 else number

    return work


def _modulo(number: float, divisor: float) -> Value:
    return number - divisor * math.floor(number / divisor) if divisor else division_error("MOD")


def _multiple(mode: str) -> Callable[..., Value]:
    def work(number: float, step: float = 1.0) -> Value:
        if step == 0:
            return 0.0
        if number > 0 > step:
            return number_error("Parameter 2 should be positive where parameter 1 is.")
        return _rounded(mode)(float(f"{number / step:.12g}")) * step

    return work


def _log(number: float, base: float = 10.0) -> Value:
    if base == 1:
        return division_error("LOG")
    return math.log10(number) if base == 10 else math.log(number, base)


def _random_between(context: Context, low: Value, high: Value) -> Value:
    bounds = []
    for position, value in enumerate((low, high), 1):
        number = to_number(value, "RANDBETWEEN", position)
        if type(number) is FormulaError:
            return number
        bounds.append(number)
    least, most = math.ceil(bounds[0]), math.floor(bounds[1])  # type: ignore[arg-type]
    if least > most:
        return number_error("Function RANDBETWEEN expects a lower bound that is not above the upper one.")
    return float(context.random.randint(least, most))


def _random_array(context: Context, rows: Value = 1.0, columns: Value = 1.0) -> Any:
    height, width = to_number(rows, "RANDARRAY", 1), to_number(columns, "RANDARRAY", 2)
    if type(height) is FormulaError:
        return height
    if type(width) is FormulaError:
        return width
    if height < 1 or width < 1:  # type: ignore[operator]
        return number_error("Function RANDARRAY expects at least 1 row and 1 column.")
    return [[context.random.random() for _ in range(int(width))] for _ in range(int(height))]  # type: ignore[arg-type]


def _quotient(number: float, divisor: float) -> Value:
    return float(math.trunc(number / divisor)) if divisor else division_error("QUOTIENT")


def _number(name: str, work: Callable[..., Value], least: int = 1, most: int | None = None) -> Function:
    return Function(name, numbers_first(name, work), (least, least if most is None else most))


def _operator(name: str, sign: str) -> Function:
    return Function(name, BINARY[sign], (2, 2))


_ANY: tuple[Passing, ...] = ("scalar",)

TABLE = table(
    _number("ROUND", _rounded(ROUND_HALF_UP), 1, 2),
    _number("ROUNDUP", _rounded(ROUND_UP), 1, 2),
    _number("ROUNDDOWN", _rounded(ROUND_DOWN), 1, 2),
    _number("TRUNC", _rounded(ROUND_DOWN), 1, 2),
    _number("INT", lambda number: float(math.floor(number))),
    _number("MOD", _modulo, 2),
    _number("QUOTIENT", _quotient, 2),
    _number("ABS", abs),
    _number("SIGN", lambda number: float((number > 0) - (number < 0))),
    _number("SQRT", math.sqrt),
    _number("POWER", power, 2),
    _number("EXP", math.exp),
    _number("LN", math.log),
    _number("LOG", _log, 1, 2),
    _number("LOG10", math.log10),
    _number("PI", lambda: math.pi, 0),
    _number("CEILING", _multiple(ROUND_CEILING), 1, 2),
    _number("FLOOR", _multiple(ROUND_FLOOR), 1, 2),
    Function("RAND", lambda context: context.random.random(), (0, 0), _ANY, wants_context=True, volatile=True),
    Function("RANDBETWEEN", _random_between, (2, 2), _ANY, wants_context=True, volatile=True),
    Function("RANDARRAY", _random_array, (0, 2), _ANY, wants_context=True, volatile=True, spills=True),
    _operator("ADD", "+"),
    _operator("MINUS", "-"),
    _operator("MULTIPLY", "*"),
    _operator("DIVIDE", "/"),
    _operator("POW", "^"),
    _operator("CONCAT", "&"),
    _operator("EQ", "="),
    _operator("NE", "<>"),
    _operator("LT", "<"),
    _operator("LTE", "<="),
    _operator("GT", ">"),
    _operator("GTE", ">="),
    Function("UMINUS", UNARY["-"]),
    Function("UPLUS", UNARY["+"]),
    Function("UNARY_PERCENT", UNARY["%"]),
)
