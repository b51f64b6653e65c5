"""What a parsed query is: expressions, conditions and clauses as frozen values.

Source: Google's documented "Query Language Reference (Version 0.7)".
"""

from __future__ import annotations

from dataclasses import dataclass

AGGREGATES = ("sum", "avg", "count", "max", "min")
DATE_PARTS = ("year", "month", "day", "hour", "minute", "second", "millisecond", "quarter", "dayofweek")
ARITHMETIC = {"+": "sum", "-": "difference", "*": "product", "/": "quotient", "%": "modulo"}


class QueryError(Exception):
    """A query that cannot be carried out; the text is what stands behind "…parameter 2: " in Google's sentence."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its id: A, B, … or Col1, Col2, …"""

    id: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; dates are serials, times of day fractions of a day."""

    value: float | str | bool
    kind: str  # "number" "text" "bool" "date"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """sum, avg, count, max or min of one column."""

    function: str
    column: Column


@dataclass(frozen=True, slots=True)
class Scalar:
    """A function of each row: year …, upper, or arithmetic as sum, difference, product, quotient, modulo."""

    function: str
    arguments: tuple[Expression, ...]


Expression = Column | Literal | Aggregate | Scalar


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Expression
    operator: str  # = != < <= > >= contains starts ends matches like
    right: Expression


@dataclass(frozen=True, slots=True)
class IsNull:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Not:
    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    conditions: tuple[Condition, ...]


Condition = Comparison | IsNull | Not | All | Any


@dataclass(frozen=True, slots=True)
class Query:
    """One query; `select` None stands for *, `limit` None for no limit."""

    select: tuple[Expression, ...] | None = None
    where: Condition | None = None
    group: tuple[Expression, ...] = ()
    pivot: tuple[Expression, ...] = ()
    order: tuple[tuple[Expression, bool], ...] = ()  # (expression, descending)
    skipping: int = 0
    limit: int | None = None
    offset: int = 0
    labels: tuple[tuple[Expression, str], ...] = ()
    formats: tuple[tuple[Expression, str], ...] = ()
    options: tuple[str, ...] = ()


def columns_of(expression: Expression) -> tuple[Column, ...]:
    """Every plain column an expression reads, those under aggregates left out."""
    if isinstance(expression, Column):
        return (expression,)
    if isinstance(expression, Scalar):
        return tuple(column for argument in expression.arguments for column in columns_of(argument))
    return ()


def aggregates_of(expression: Expression) -> tuple[Aggregate, ...]:
    if isinstance(expression, Aggregate):
        return (expression,)
    if isinstance(expression, Scalar):
        return tuple(found for argument in expression.arguments for found in aggregates_of(argument))
    return ()


def operands_of(condition: Condition | None) -> tuple[Expression, ...]:
    """Every expression that a condition compares."""
    if condition is None:
        return ()
    if isinstance(condition, Comparison):
        return (condition.left, condition.right)
    if isinstance(condition, IsNull):
        return (condition.operand,)
    if isinstance(condition, Not):
        return operands_of(condition.condition)
    return tuple(operand for part in condition.conditions for operand in operands_of(part))


def spelled(expression: Expression) -> str:
    """An expression as a query spells it, for messages."""
    if isinstance(expression, Column):
        return f"`{expression.id}`"
    if isinstance(expression, Aggregate):
        return f"{expression.function.upper()}(`{expression.column.id}`)"
    if isinstance(expression, Literal):
        return constant_name(expression)
    return f"{expression.function}({', '.join(map(spelled, expression.arguments))})"


def constant_name(literal: Literal) -> str:
    """How a constant names itself in a label: 10.0, "text", true."""
    if isinstance(literal.value, bool):
        return "true" if literal.value else "false"
    return f'"{literal.value}"' if isinstance(literal.value, str) else str(literal.value)
