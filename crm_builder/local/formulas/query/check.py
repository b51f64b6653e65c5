"""What a query may not ask, found before it runs; the words are those of Google's messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crm_builder.local.formulas.query.language import (
    Aggregate,
    Column,
    Expression,
    Query,
    QueryError,
    Scalar,
    aggregates_of,
    columns_of,
    operands_of,
    spelled,
)


def check(query: Query, select: Sequence[Expression]) -> None:
    """Raises QueryError at the first rule that is broken; `select` is the selection with * spelled out."""
    _check_clauses(query, select)
    aggregated = [found for expression in select for found in aggregates_of(expression)]
    if query.group and not aggregated:
        raise QueryError("CANNOT_GROUP_WITHOUT_AGG")
    if query.pivot and not aggregated:
        raise QueryError("CANNOT_PIVOT_WITHOUT_AGG")
    for column in query.group:
        if column in query.pivot:
            raise QueryError(f"NO_COL_IN_GROUP_AND_PIVOT: {_id(column)}")
    if aggregated:
        for expression in select:
            _check_grouped(expression, query)
    _check_order(query, select, aggregated)


def _check_clauses(query: Query, select: Sequence[Expression]) -> None:
    for clause, expressions in (
        ("CANNOT_BE_IN_WHERE", operands_of(query.where)),
        ("CANNOT_BE_IN_GROUP_BY", query.group),
        ("CANNOT_BE_IN_PIVOT", query.pivot),
    ):
        for expression in expressions:
            for found in aggregates_of(expression):
                raise QueryError(f"{clause}: {spelled(found)}")
    for name, expressions in (("SELECT", select), ("GROUP BY", query.group), ("PIVOT", query.pivot)):
        twice = _first_twice(expressions)
        if twice is not None:
            raise QueryError(f"Column [{_id(twice)}] cannot appear more than once in {name}.")
    for name, named in (("LABEL", query.labels), ("FORMAT", query.formats)):
        for expression, _ in named:
            if expression not in select:
                raise QueryError(f"{name}_COL_NOT_IN_SELECT: {spelled(expression)}")


def _first_twice(expressions: Iterable[Expression]) -> Expression | None:
    seen: set[Expression] = set()
    for expression in expressions:
        if expression in seen:
            return expression
        seen.add(expression)
    return None


def _check_grouped(expression: Expression, query: Query) -> None:
    """Beside aggregates only what is grouped by may be selected, or built from it."""
    if expression in query.group or isinstance(expression, Aggregate):
        return
    if isinstance(expression, Scalar):
        for argument in expression.arguments:
            _check_grouped(argument, query)
        return
    for column in columns_of(expression):
        raise QueryError(f"ADD_COL_TO_GROUP_BY_OR_AGG: {column.id}")


def _check_order(query: Query, select: Sequence[Expression], aggregated: Sequence[Aggregate]) -> None:
    for expression, _ in query.order:
        used = aggregates_of(expression)
        if used and query.pivot:
            raise QueryError(f"NO_AGG_IN_ORDER_WHEN_PIVOT: {used[0].column.id}")
        for found in used:
            if found not in aggregated:
                raise QueryError(f"AGG_IN_ORDER_NOT_IN_SELECT: {spelled(found)}")
        if aggregated and not used and expression not in select:
            raise QueryError(f"COL_IN_ORDER_MUST_BE_IN_SELECT: {spelled(expression)}")


def _id(expression: Expression) -> str:
    return expression.id if isinstance(expression, Column) else spelled(expression)
