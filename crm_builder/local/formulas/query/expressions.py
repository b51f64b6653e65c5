"""Expressions and conditions of a query become Python functions of one row.

Nulls: every function of a null is null, and a comparison with a null is false, `!=` too; only `is null` finds them, and
`not` turns the false of such a comparison into true. A division by zero is null.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import re2

from crm_builder.local.formulas.query.data import Row
from crm_builder.local.formulas.query.language import (
    ARITHMETIC,
    DATE_PARTS,
    Aggregate,
    All,
    Any,
    Column,
    Comparison,
    Condition,
    Expression,
    IsNull,
    Literal,
    Not,
    QueryError,
    Scalar,
    constant_name,
)
from crm_builder.local.formulas.query.patterns import PatternError, compiled, covers, readable
from crm_builder.local.formulas.values import Value, to_text

RowFunction = Callable[[Row], Value]
Test = Callable[[Row], bool]

_EPOCH = date(1899, 12, 30).toordinal()
_DAY = 86_400_000  # milliseconds
_LAST_SERIAL = date.max.toordinal() - _EPOCH + 1
_COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the values of a row stand, and what is the same for all rows.

    `places` says at which index a row holds the value of an expression (columns, and after grouping also aggregates and
    grouped functions); `kinds` and `labels` belong to the same expressions; `now` is the serial of the present moment.
    """

    places: Mapping[Expression, int]
    kinds: Mapping[Expression, str]
    labels: Mapping[Expression, str]
    now: float

    def kind(self, expression: Expression) -> str:
        """number, text, bool or date (a number known to be one)."""
        if expression in self.kinds:
            return self.kinds[expression]
        if isinstance(expression, Literal):
            return expression.kind
        if isinstance(expression, Scalar):
            if expression.function in ("upper", "lower"):
                return "text"
            return "date" if expression.function in ("now", "toDate") else "number"
        raise _no_column(expression)

    def label(self, expression: Expression) -> str:
        """The header of a result column: `Region`, `sum Amount`, `year(Date)`, `quotient(sum Amountcount Id)`."""
        if expression in self.labels:
            return self.labels[expression]
        if isinstance(expression, Aggregate):
            return f"{expression.function} {self.label(expression.column)}"
        if isinstance(expression, Literal):
            return f"{constant_name(expression)}()"
        if isinstance(expression, Scalar):
            return f"{expression.function}({''.join(self.label(part) for part in expression.arguments)})"
        raise _no_column(expression)

    def function(self, expression: Expression) -> RowFunction:
        """Raises QueryError for an unknown column or arguments of the wrong kind."""
        if expression in self.places:
            return operator.itemgetter(self.places[expression])
        if isinstance(expression, Literal):
            constant = expression.value
            return lambda row: constant
        if isinstance(expression, Scalar):
            return self._scalar(expression)
        raise _no_column(expression)

    def _scalar(self, expression: Scalar) -> RowFunction:
        name = expression.function
        for argument in expression.arguments:
            _check(name, self.kind(argument))
        parts = [self.function(argument) for argument in expression.arguments]
        if name == "now":
            moment = self.now
            return lambda row: moment
        if len(parts) == 1:
            (only,), one = parts, _ONE[name]
            return lambda row: None if (value := only(row)) is None else one(value)
        left, right = parts
        two = _TWO[name]

        def both(row: Row) -> Value:
            first, second = left(row), right(row)
            return None if first is None or second is None else two(first, second)

        return both

    def test(self, condition: Condition) -> Test:
        """A condition as a function of a row."""
        if isinstance(condition, IsNull):
            operand = self.function(condition.operand)
            return lambda row: operand(row) is None
        if isinstance(condition, Not):
            inner = self.test(condition.condition)
            return lambda row: not inner(row)
        if isinstance(condition, All | Any):
            tests = [self.test(part) for part in condition.conditions]
            joined = all if isinstance(condition, All) else any
            return lambda row: joined(test(row) for test in tests)
        return self._comparison(condition)

    def _comparison(self, condition: Comparison) -> Test:
        left, right = self.function(condition.left), self.function(condition.right)
        if condition.operator in _COMPARE:
            compare = _COMPARE[condition.operator]

            def compared(row: Row) -> bool:
                one, two = left(row), right(row)
                return one is not None and two is not None and type(one) is type(two) and compare(one, two)

            return compared
        matches = _TEXT_TESTS[condition.operator]

        def matched(row: Row) -> bool:
            one, two = left(row), right(row)
            return one is not None and two is not None and matches(str(to_text(one)), str(to_text(two)))

        return matched


def _no_column(expression: Expression) -> QueryError:
    name = expression.id if isinstance(expression, Column) else getattr(expression, "column", Column("?")).id
    return QueryError(f"NO_COLUMN: {name}")


def _check(function: str, kind: str) -> None:
    if function in ARITHMETIC.values():
        if kind not in ("number", "date"):
            raise QueryError(f"Can't perform the function {function} on values that are not numbers")
    elif function in ("upper", "lower"):
        if kind != "text":
            raise QueryError(f"{function} takes a text parameter")
    elif kind not in ("number", "date"):
        raise QueryError(f"Can't perform the function {function} on a column that is not a Date or a DateTime column")


# ---- functions of values: dates come as serials, whatever their column is formatted like ----------------------------


def _part(name: str) -> Callable[[float], Value]:
    def part(serial: float) -> Value:
        days, milliseconds = divmod(round(serial * _DAY), _DAY)
        if name == "hour":
            return float(milliseconds // 3_600_000)
        if name == "minute":
            return float(milliseconds // 60_000 % 60)
        if name == "second":
            return float(milliseconds // 1000 % 60)
        if name == "millisecond":
            return float(milliseconds % 1000)
        if not 1 <= _EPOCH + days <= date.max.toordinal():
            return None
        day = date.fromordinal(_EPOCH + days)
        if name == "quarter":
            return float((day.month + 2) // 3)
        if name == "dayofweek":
            return float(day.isoweekday() % 7 + 1)  # Sunday is 1
        # month is counted from 0, as documented: month(date '2026-10-01') is 9
        return {"year": float(day.year), "month": float(day.month - 1), "day": float(day.day)}[name]

    return part


def _to_date(value: float) -> float:
    """The day of a serial; a number too great to be one is milliseconds since 1970 (documented for numbers)."""
    if abs(value) > _LAST_SERIAL:
        value = value / _DAY + 25569
    return float(value // 1)


def _divide(left: float, right: float) -> Value:
    return None if right == 0 else left / right


def _modulo(left: float, right: float) -> Value:
    """The rest has the sign of the dividend."""
    return None if right == 0 else left - right * int(left / right)


_ONE: Mapping[str, Callable[..., Value]] = {
    **{name: _part(name) for name in DATE_PARTS},
    "toDate": _to_date,
    "upper": str.upper,
    "lower": str.lower,
}
_TWO: Mapping[str, Callable[..., Value]] = {
    "sum": operator.add,
    "difference": operator.sub,
    "product": operator.mul,
    "quotient": _divide,
    "modulo": _modulo,
    "dateDiff": lambda later, earlier: float(later // 1 - earlier // 1),
}


def _matches(text: str, pattern: str) -> bool:
    """The whole text has to match; an illegal pattern matches nothing."""
    try:
        return covers(compiled(pattern), text)
    except PatternError:
        return False


def _like(text: str, pattern: str) -> bool:
    parts = re.split("([%_])", readable(pattern))
    return _matches(text, "".join({"%": ".*", "_": "."}.get(part) or re2.escape(part) for part in parts))


_TEXT_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "starts": str.startswith,
    "ends": str.endswith,
    "matches": _matches,
    "like": _like,
}
