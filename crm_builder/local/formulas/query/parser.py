"""The text of a query becomes a Query; clauses in the documented order, each at most once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from crm_builder.local.formulas.query.language import (
    AGGREGATES,
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
    Query,
    QueryError,
    Scalar,
)
from crm_builder.local.formulas.query.lexer import Token, tokens, unexpected
from crm_builder.local.formulas.values import serial_of

T = TypeVar("T")

SCALARS = {name.lower(): name for name in (*DATE_PARTS, "now", "dateDiff", "toDate", "upper", "lower")}
_ARITY = {"now": 0, "dateDiff": 2}
_SIGNS = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def parse(text: str) -> Query:
    """Raises QueryError with a message of the form `PARSE_ERROR: Encountered … at line 1, column 8.`"""
    return _Parser(tokens(text)).query()


class _Parser:
    """A recursive descent over one list of tokens."""

    def __init__(self, found: list[Token]):
        self.tokens = found
        self.position = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.token
        self.position = min(self.position + 1, len(self.tokens) - 1)
        return token

    def accept_word(self, *words: str) -> bool:
        if self.token.is_word(*words):
            self.take()
            return True
        return False

    def accept_operator(self, *operators: str) -> bool:
        if self.token.is_operator(*operators):
            self.take()
            return True
        return False

    def need(self, accepted: bool, expected: str) -> None:
        if not accepted:
            raise unexpected(self.token, expected)

    def listed(self, item: Callable[[], T]) -> tuple[T, ...]:
        items = [item()]
        while self.accept_operator(","):
            items.append(item())
        return tuple(items)

    # ---- clauses ----

    def query(self) -> Query:
        select = self.select() if self.accept_word("select") else None
        where = self.disjunction() if self.accept_word("where") else None
        group = self.by(self.expression) if self.accept_word("group") else ()
        pivot = self.listed(self.expression) if self.accept_word("pivot") else ()
        order = self.by(self.order_item) if self.accept_word("order") else ()
        skipping = self.count("skipping") if self.accept_word("skipping") else 0
        limit = self.count("limit") if self.accept_word("limit") else None
        offset = self.count("offset") if self.accept_word("offset") else 0
        labels = self.listed(self.named) if self.accept_word("label") else ()
        formats = self.listed(self.named) if self.accept_word("format") else ()
        options = self.options() if self.accept_word("options") else ()
        if self.token.kind != "end":
            raise unexpected(self.token)
        return Query(select, where, group, pivot, order, skipping, limit, offset, labels, formats, options)

    def select(self) -> tuple[Expression, ...] | None:
        return None if self.accept_operator("*") else self.listed(self.expression)

    def by(self, item: Callable[[], T]) -> tuple[T, ...]:
        self.need(self.accept_word("by"), '"by"')
        return self.listed(item)

    def order_item(self) -> tuple[Expression, bool]:
        expression = self.expression()
        descending = self.accept_word("desc")
        if not descending:
            self.accept_word("asc")
        return expression, descending

    def count(self, clause: str) -> int:
        negative = self.accept_operator("-")
        token = self.take()
        if token.kind != "integer":
            raise unexpected(token, "<INTEGER_LITERAL>")
        if negative and int(token.text):
            raise QueryError(f"Invalid value for row {clause}: -{token.text}")
        return int(token.text)

    def named(self) -> tuple[Expression, str]:
        expression = self.expression()
        return expression, self.string()

    def options(self) -> tuple[str, ...]:
        found = []
        while self.token.is_word("no_values", "no_format"):
            found.append(self.take().text.lower())
        self.need(bool(found), '"no_values" "no_format"')
        return tuple(found)

    # ---- conditions ----

    def disjunction(self) -> Condition:
        parts = [self.conjunction()]
        while self.accept_word("or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def conjunction(self) -> Condition:
        parts = [self.negation()]
        while self.accept_word("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def negation(self) -> Condition:
        return Not(self.primary()) if self.accept_word("not") else self.primary()

    def primary(self) -> Condition:
        """A comparison, or a condition in parentheses: only what follows tells `(A + 1) > 2` from `(A > 1)`."""
        if not self.token.is_operator("("):
            return self.comparison()
        start = self.position
        try:
            return self.comparison()
        except QueryError as problem:
            furthest = self.position
            self.position = start + 1
            try:
                inner = self.disjunction()
                self.need(self.accept_operator(")"), '")"')
            except QueryError:
                if self.position < furthest:
                    raise problem from None
                raise
            return inner

    def comparison(self) -> Condition:
        left = self.expression()
        if self.accept_word("is"):
            negated = self.accept_word("not")
            self.need(self.accept_word("null"), '"null"')
            return Not(IsNull(left)) if negated else IsNull(left)
        operator = self.operator()
        return Comparison(left, operator, self.expression())

    def operator(self) -> str:
        if self.token.kind == "operator" and self.token.text in _SIGNS:
            return _SIGNS[self.take().text]
        if self.token.is_word("contains", "matches", "like"):
            return self.take().text.lower()
        if self.token.is_word("starts", "ends"):
            word = self.take().text.lower()
            self.need(self.accept_word("with"), '"with"')
            return word
        raise unexpected(self.token, "a comparison")

    # ---- expressions ----

    def expression(self) -> Expression:
        left = self.term()
        while self.token.is_operator("+", "-"):
            left = Scalar(ARITHMETIC[self.take().text], (left, self.term()))
        return left

    def term(self) -> Expression:
        left = self.atom()
        while self.token.is_operator("*", "/", "%"):
            left = Scalar(ARITHMETIC[self.take().text], (left, self.atom()))
        return left

    def atom(self) -> Expression:
        token = self.token
        following = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        if token.kind == "word" and following.is_operator("("):
            return self.call()
        if self.accept_operator("("):
            inner = self.expression()
            self.need(self.accept_operator(")"), '")"')
            return inner
        if token.kind in ("word", "quoted"):
            return Column(self.take().text)
        return self.literal()

    def call(self) -> Expression:
        token = self.take()
        name = token.text.lower()
        self.take()
        if name in AGGREGATES:
            column = self.take()
            if column.kind not in ("word", "quoted"):
                raise unexpected(column, "<ID> <QUOTED_ID>")
            self.need(self.accept_operator(")"), '")"')
            return Aggregate(name, Column(column.text))
        if name not in SCALARS:
            raise unexpected(token)
        arguments = () if self.token.is_operator(")") else self.listed(self.expression)
        self.need(self.accept_operator(")"), '")"')
        function = SCALARS[name]
        if len(arguments) != _ARITY.get(function, 1):
            raise QueryError(f"Number of parameters for the {function} function is wrong: {len(arguments)}")
        return Scalar(function, arguments)

    def string(self) -> str:
        token = self.take()
        if token.kind != "string":
            raise unexpected(token, "<STRING_LITERAL>")
        return token.text

    def literal(self) -> Literal:
        token = self.take()
        if token.kind == "string":
            return Literal(token.text, "text")
        if token.kind in ("integer", "decimal"):
            return Literal(float(token.text), "number")
        if token.is_operator("-") and self.token.kind in ("integer", "decimal"):
            return Literal(-float(self.take().text), "number")
        if token.is_word("true", "false"):
            return Literal(token.text.lower() == "true", "bool")
        if token.is_word("date"):
            return Literal(_date(self.string()), "date")
        if token.is_word("timeofday"):
            return Literal(_time_of_day(self.string()), "date")
        if token.is_word("datetime", "timestamp"):
            return Literal(_datetime(self.string()), "date")
        raise unexpected(token)


def _date(text: str) -> float:
    found = re.fullmatch(r"(\d{1,4})-(\d{1,2})-(\d{1,2})", text)
    try:
        if found:
            return serial_of(date(*map(int, found.groups())))
    except ValueError:
        pass
    raise QueryError(f"Invalid date literal [{text}]. Date literals should be of form yyyy-MM-dd.")


def _time_of_day(text: str) -> float:
    found = re.fullmatch(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,3}))?", text)
    if found:
        hour, minute, second = (int(part) for part in found.groups()[:3])
        milliseconds = int((found.group(4) or "0").ljust(3, "0"))
        if hour < 24 and minute < 60 and second < 60:
            return (((hour * 60 + minute) * 60 + second) * 1000 + milliseconds) / 86_400_000
    raise QueryError(f"Invalid timeofday literal [{text}]. Timeofday literals should be of form HH:mm:ss[.SSS]")


def _datetime(text: str) -> float:
    day, _, time = text.partition(" ")
    try:
        return _date(day) + _time_of_day(time)
    except QueryError:
        message = "Datetime literals should be of form yyyy-MM-dd HH:mm:ss[.SSS]"
        raise QueryError(f"Invalid datetime literal [{text}]. {message}") from None
