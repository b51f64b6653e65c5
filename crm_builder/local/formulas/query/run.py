"""Carry out a query: where, group and pivot, order, skipping, offset and limit, select, label; all linear in rows.

What a formula gets back is an array of values. `format` and `options` are read and checked, but change no value: in
Google they choose how the cells look. A header row is given whenever one of the labels is not empty; so aggregates
have one even over data without headers, and `label sum(B) ''` takes it away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_builder.local.formulas.query.check import check
from crm_builder.local.formulas.query.data import Data, Row, read
from crm_builder.local.formulas.query.expressions import RowFunction, Scope
from crm_builder.local.formulas.query.language import (
    Aggregate,
    Column,
    Expression,
    Literal,
    Query,
    QueryError,
    Scalar,
    aggregates_of,
    operands_of,
)
from crm_builder.local.formulas.query.parser import parse
from crm_builder.local.formulas.text_format import format_value
from crm_builder.local.formulas.values import Array, FormulaError, Value, not_available, value_error

EMPTY = not_available("Query completed with an empty output.")


@dataclass(frozen=True, slots=True)
class Output:
    """One column of the result: its header and its value for a row."""

    label: str
    value: RowFunction


def run(array: Array, text: str, headers: int, ids: Sequence[str], now: float) -> Array | FormulaError:
    """The result of a query over `array`, whose columns are named `ids`.

    `headers` is the number of header rows (negative: guessed); `now` the serial of the moment that now() gives. Dates
    are serials and look like any number: year(), toDate(), dateDiff() and comparisons with date literals take numbers.
    Returns #VALUE! with Google's sentence for a query that cannot be carried out, #N/A for one that gives nothing.
    """
    try:
        query = parse(text)
        data = read(array, ids, headers)
        result = _execute(query, data, now)
    except QueryError as problem:
        return value_error(f"Unable to parse query string for Function QUERY parameter 2: {problem}")
    return result or EMPTY


def _execute(query: Query, data: Data, now: float) -> Array:
    columns = [Column(id) for id in data.ids]
    select = list(columns) if query.select is None else list(query.select)
    scope = Scope(
        {column: index for index, column in enumerate(columns)},
        dict(zip(columns, data.kinds, strict=True)),
        dict(zip(columns, data.labels, strict=True)),
        now,
    )
    _check_columns(query, select, scope)
    check(query, select)
    rows: Sequence[Row] = data.rows
    if query.where is not None:
        rows = list(filter(scope.test(query.where), rows))
    aggregates = list(dict.fromkeys(found for expression in select for found in aggregates_of(expression)))
    if aggregates and rows:
        outputs, rows, scope = _grouped(query, select, aggregates, rows, scope)
    elif aggregates:
        outputs = [Output(label, lambda row: None) for label in _labels(query, select, scope)]
    else:
        labels = _labels(query, select, scope)
        outputs = [Output(label, scope.function(one)) for label, one in zip(labels, select, strict=True)]
    if rows:  # without any there is no group that an aggregate of the order could be taken of
        rows = _page(query, _ordered(query, rows, scope))
    body: Array = [[output.value(row) for output in outputs] for row in rows]
    header: list[Value] = [output.label for output in outputs]
    return [header, *body] if any(header) else body


def _check_columns(query: Query, select: Sequence[Expression], scope: Scope) -> None:
    """Every expression of every clause is known and of the right kind, also those that no row will reach."""
    named = [expression for expression, _ in (*query.labels, *query.formats, *query.order)]
    for expression in (*select, *operands_of(query.where), *query.group, *query.pivot, *named):
        _check_expression(expression, scope)


def _check_expression(expression: Expression, scope: Scope) -> None:
    if isinstance(expression, Aggregate):
        kind = scope.kind(expression.column)
        if expression.function in ("sum", "avg") and kind != "number":
            raise QueryError("AVG_SUM_ONLY_NUMERIC")
    elif isinstance(expression, Scalar) and aggregates_of(expression):
        for argument in expression.arguments:
            _check_expression(argument, scope)
    elif not isinstance(expression, Literal):
        scope.function(expression)


# ---- labels ----


def _labels(query: Query, select: Sequence[Expression], scope: Scope) -> list[str]:
    given = dict(query.labels)
    return [given.get(expression, scope.label(expression)) for expression in select]


def _pivot_label(values: Sequence[Value], kinds: Sequence[str]) -> str:
    """The pivoted values joined by a comma: `East` or `East,2026`."""
    shown = (format_value(value, "DATE" if kind == "date" else "") for value, kind in zip(values, kinds, strict=True))
    return ",".join(shown)


# ---- group and pivot ----


def _grouped(
    query: Query, select: Sequence[Expression], aggregates: Sequence[Aggregate], rows: Sequence[Row], scope: Scope
) -> tuple[list[Output], list[Row], Scope]:
    """One row for each group, in ascending order of its keys, and for each pivoted value its own columns."""
    keys = [scope.function(expression) for expression in query.group]
    turns = [scope.function(expression) for expression in query.pivot]
    groups: dict[tuple[Value, ...], dict[tuple[Value, ...], list[Row]]] = {}
    for row in rows:
        parts = groups.setdefault(tuple(key(row) for key in keys), {})
        parts.setdefault(tuple(turn(row) for turn in turns), []).append(row)
    pivots = sorted({turn for parts in groups.values() for turn in parts}, key=_tuple_key)
    sources = [(one.function, scope.places[one.column]) for one in aggregates]
    blank: list[Value] = [None] * len(aggregates)
    table: list[Row] = []
    for key in sorted(groups, key=_tuple_key):
        line: list[Value] = list(key)
        for pivot in pivots:
            part = groups[key].get(pivot)
            line += blank if part is None else [_aggregate(name, part, place) for name, place in sources]
        table.append(line)
    scopes = [_group_scope(query, aggregates, scope, index) for index in range(len(pivots))]
    return _outputs(query, select, len(aggregates), pivots, scopes), table, scopes[0]


def _group_scope(query: Query, aggregates: Sequence[Aggregate], scope: Scope, pivot: int) -> Scope:
    """Where grouped rows hold the keys, and the aggregates of the pivot with that index."""
    start = len(query.group) + pivot * len(aggregates)
    places = {expression: index for index, expression in enumerate(query.group)}
    places |= {expression: start + index for index, expression in enumerate(aggregates)}
    kinds = {expression: scope.kind(expression) for expression in (*query.group, *query.pivot)}
    labels = {expression: scope.label(expression) for expression in (*query.group, *aggregates)}
    for one in aggregates:
        kinds[one] = scope.kind(one.column) if one.function in ("max", "min") else "number"
    return Scope(places, kinds, labels, scope.now)


def _outputs(
    query: Query,
    select: Sequence[Expression],
    aggregates: int,
    pivots: Sequence[tuple[Value, ...]],
    scopes: list[Scope],
) -> list[Output]:
    given = dict(query.labels)
    kinds = [scopes[0].kind(expression) for expression in query.pivot]
    outputs = []
    for expression in select:
        label = given.get(expression, scopes[0].label(expression))
        if not query.pivot or not aggregates_of(expression):
            outputs.append(Output(label, scopes[0].function(expression)))
            continue
        alone = aggregates == 1 and isinstance(expression, Aggregate) and expression not in given
        for pivot, scope in zip(pivots, scopes, strict=True):
            shown = _pivot_label(pivot, kinds)
            named = shown if alone else f"{shown} {label}".strip()
            if expression in given and len(pivots) == 1:
                named = label
            outputs.append(Output(named, scope.function(expression)))
    return outputs


def _aggregate(function: str, rows: Sequence[Row], place: int) -> Value:
    """Nulls do not take part; of none count is 0 and everything else is null."""
    values = [value for row in rows if (value := row[place]) is not None]
    if function == "count":
        return float(len(values))
    if not values:
        return None
    if function == "sum":
        return float(sum(values))  # type: ignore[arg-type]
    if function == "avg":
        return float(sum(values)) / len(values)  # type: ignore[arg-type]
    return max(values) if function == "max" else min(values)  # type: ignore[type-var]


# ---- order and page ----


def _key(value: Value) -> tuple[bool, Value]:
    return (False, False) if value is None else (True, value)


def _tuple_key(values: tuple[Value, ...]) -> tuple[tuple[bool, Value], ...]:
    return tuple(map(_key, values))


def _ordered(query: Query, rows: Sequence[Row], scope: Scope) -> Sequence[Row]:
    """Nulls come first, and last when descending; texts in the order of their characters; equal rows stay in place."""
    for expression, descending in reversed(query.order):
        value = scope.function(expression)
        rows = sorted(rows, key=lambda row: _key(value(row)), reverse=descending)
    return rows


def _page(query: Query, rows: Sequence[Row]) -> Sequence[Row]:
    if query.skipping > 1:
        rows = rows[:: query.skipping]
    end = None if query.limit is None else query.offset + query.limit
    return rows[query.offset : end]
