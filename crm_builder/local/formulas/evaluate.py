"""Walks a formula's tree and computes it, with Google's contexts: scalar, where ranges intersect, and array."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from crm_builder.formulas.tree import (
    Apply,
    ArrayLiteral,
    Binary,
    Call,
    ErrorValue,
    Logical,
    Name,
    Node,
    Number,
    Omitted,
    Reference,
    Text,
    Unary,
)
from crm_builder.local.formulas.arrays import beside, each, first_value, is_array, read, stack, strict
from crm_builder.local.formulas.functions import find
from crm_builder.local.formulas.operators import BINARY, UNARY
from crm_builder.local.formulas.ranges import Range, Reader
from crm_builder.local.formulas.registry import Cell, Function
from crm_builder.local.formulas.session import CALL_LIMIT, TOO_DEEP, TOO_MANY_CALLS, Session, TooManyCalls
from crm_builder.local.formulas.values import (
    NO_INTERSECTION,
    Array,
    FormulaError,
    TooLarge,
    Value,
    not_available,
    number_error,
    reference_error,
    value_error,
)

MISSHAPEN = value_error(
    "Function ARRAY_ROW parameter 2 has mismatched row size, or an array literal was missing values."
)
NO_LAMBDA = not_available("A lambda has to be called with arguments to give a value.")


@dataclass(frozen=True, slots=True)
class Lambda:
    """A function made by LAMBDA, with the names that were bound where it was made."""

    parameters: tuple[str, ...]
    body: Node
    frame: Frame


@dataclass(frozen=True)
class Frame:
    """Evaluation of one tree: the Context that functions receive."""

    session: Session
    array: bool = False
    scope: Mapping[str, Any] | None = None  # names bound by LET and LAMBDA, in lower case

    @property
    def now(self) -> datetime:
        return self.session.now

    @property
    def time_zone(self) -> str:
        return self.session.time_zone

    @property
    def cell(self) -> Cell:
        return self.session.cell

    @property
    def random(self) -> random.Random:
        return self.session.random

    @property
    def reader(self) -> Reader:
        return self.session.reader

    @property
    def where(self) -> str:
        return self.session.where

    @cached_property
    def arrayed(self) -> Frame:
        """The same in array context."""
        return self if self.array else replace(self, array=True)

    def result(self, node: Node) -> Array:
        """The formula's result as an array: 1×1 unless it spills. A bare range is intersected with the own cell."""
        try:
            value = self.evaluate(node)
        except RecursionError:
            return [[FormulaError("#ERROR!", TOO_DEEP.format(self.where))]]
        except TooLarge as refused:
            return [[refused.error]]
        except TooManyCalls:
            return [[FormulaError("#ERROR!", TOO_MANY_CALLS.format(CALL_LIMIT, self.where))]]
        if isinstance(node, Reference | Name) and type(value) is Range:
            value = self.scalar(value)
        if type(value) is Lambda:
            value = NO_LAMBDA
        return read(value)

    # ---- Context: what functions may ask ----

    def scalar(self, value: Any) -> Value:
        """One Value of anything: a range is implicitly intersected, an array gives its first value."""
        if type(value) is Range:
            if value.r1 - value.r0 == 1 and value.c1 - value.c0 == 1:
                return value.values[0][0]
            _, row, column = self.session.cell
            if value.columns == 1 and value.r0 <= row < value.r1:
                return value.at(row, value.c0)
            if value.rows == 1 and value.c0 <= column < value.c1:
                return value.at(value.r0, column)
            return NO_INTERSECTION
        if type(value) is Lambda:
            return NO_LAMBDA
        return first_value(value)

    def array_of(self, value: Any) -> Array:
        """The Array of anything: ranges are read, a scalar becomes [[x]]."""
        return read(value)

    def apply(self, function: Any, arguments: Sequence[Any]) -> Any:
        """Calls a Lambda with evaluated arguments."""
        if type(function) is not Lambda:
            if type(function) is FormulaError:
                return function
            return not_available("An argument has to be a LAMBDA.")
        if len(arguments) != len(function.parameters):
            return not_available(
                f"Wrong number of arguments to LAMBDA. Expected {len(function.parameters)} arguments, "
                f"but got {len(arguments)} arguments."
            )
        if next(self.session.calls) > CALL_LIMIT:
            raise TooManyCalls
        scope = {**(function.frame.scope or {}), **dict(zip(function.parameters, arguments, strict=True))}
        return replace(function.frame, scope=scope).evaluate(function.body)

    # ---- the tree ----

    def evaluate(self, node: Node) -> Any:
        """The node's Value, Array, Range or Lambda."""
        return _EVALUATE[type(node)](self, node)

    def _literal(self, node: Number | Text | Logical) -> Value:
        return node.value

    def _error(self, node: ErrorValue) -> FormulaError:
        return FormulaError(node.code, node.message or "Reference does not exist.")

    def _omitted(self, node: Omitted) -> None:
        return None

    def _reference(self, node: Reference) -> Range | FormulaError:
        session = self.session
        area = session.reader.area(node.a1, session.cell[0], session.down, session.right)
        return area if type(area) is FormulaError else session.reader.range(area)  # type: ignore[arg-type]

    def _name(self, node: Name) -> Any:
        name = node.name.lower()
        if self.scope and name in self.scope:
            return self.scope[name]
        area = self.session.reader.name(name)
        if area is None and self.session.reader.broken(name):
            return reference_error("Reference does not exist.")
        if area is None:
            return FormulaError("#NAME?", f"Unknown range name: '{node.name.upper()}'. (in {self.where})")
        return self.session.reader.range(area)

    def _unary(self, node: Unary) -> Any:
        value = self.evaluate(node.operand)
        if node.operator == "+":
            return value
        return each(UNARY[node.operator], self._operand(value))

    def _binary(self, node: Binary) -> Any:
        chain = [node]  # a long sum is a chain of operators to the left: it needs no depth
        while type(node.left) is Binary:
            node = node.left
            chain.append(node)
        value = self.evaluate(node.left)
        for link in reversed(chain):
            right = self.evaluate(link.right)
            if link.operator == ":":
                value = self._span(value, right)
            else:
                value = each(BINARY[link.operator], self._operand(value), self._operand(right))
        return value

    def _operand(self, value: Any) -> Any:
        kind = type(value)
        if kind is Range:
            if not self.array or (value.r1 - value.r0 == 1 and value.c1 - value.c0 == 1):
                return self.scalar(value)
            return value
        if kind is list and (not self.array or (len(value) == 1 and len(value[0]) == 1)):
            return value[0][0]
        return NO_LAMBDA if kind is Lambda else value

    def _span(self, left: Any, right: Any) -> Any:
        for side in (left, right):
            if type(side) is FormulaError:
                return side
        if type(left) is not Range or type(right) is not Range or left.sheet_id != right.sheet_id:
            return value_error("Function RANGE expects references on both sides of ':'.")
        return left.part(
            min(left.r0, right.r0) - left.r0,
            min(left.c0, right.c0) - left.c0,
            max(left.r1, right.r1) - left.r0,
            max(left.c1, right.c1) - left.c0,
        )

    def _array(self, node: ArrayLiteral) -> Any:
        rows: list[Array] = []
        for line in node.rows:
            parts = [read(self._item(item)) for item in line]
            if any(len(part) != len(parts[0]) for part in parts):
                return MISSHAPEN
            rows.append(beside(parts, None))
        if any(len(row[0]) != len(rows[0][0]) for row in rows):
            return MISSHAPEN
        return stack(rows, None)

    def _item(self, node: Node) -> Any:
        value = self.arrayed.evaluate(node) if isinstance(node, Reference | Name) else self.evaluate(node)
        return NO_LAMBDA if type(value) is Lambda else value

    def _apply(self, node: Apply) -> Any:
        return self.apply(self.evaluate(node.callee), [self.evaluate(argument) for argument in node.arguments])

    def _call(self, node: Call) -> Any:
        name = node.name
        if name == "LET":
            return self._let(node)
        if name == "LAMBDA":
            return self._lambda(node)
        if self.scope and name.lower() in self.scope:
            return self.apply(self.scope[name.lower()], [self.evaluate(argument) for argument in node.arguments])
        function = find(name)
        if function is None:
            return FormulaError("#NAME?", f"Unknown function: '{name}' (in {self.where})")
        least, most = function.arity
        if len(node.arguments) < least or (most is not None and len(node.arguments) > most):
            return _wrong_number(function, len(node.arguments))
        try:
            return self._call_function(function, node.arguments)
        except ArithmeticError:  # a sum beyond the greatest number, as many decimal places as there are none
            return number_error(f"Function {name} has a parameter or a result beyond the numbers that a cell holds.")

    def _call_function(self, function: Function, nodes: tuple[Node, ...]) -> Any:
        inner = self.arrayed if function.array_context else self
        arguments: list[Any] = []
        lifted: list[int] = []
        for position, node in enumerate(nodes):
            passing = function.passing(position)
            if passing == "lazy":
                arguments.append(partial(inner.evaluate, node))
                continue
            value = inner.evaluate(node)
            if passing == "scalar" or passing == "each":
                value = self._operand(value)
                if passing == "scalar":
                    if is_array(value):
                        lifted.append(position)
                    elif type(value) is FormulaError and not function.takes_errors:
                        return value
            elif passing == "array":
                value = [[NO_LAMBDA]] if type(value) is Lambda else read(value)
            arguments.append(value)
        call = partial(function.call, self) if function.wants_context else function.call
        if not lifted:
            return call(*arguments)
        if len(lifted) == len(arguments):
            return each(call if function.takes_errors else strict(call), *arguments)

        def lift(*values: Value) -> Value:
            full = list(arguments)
            for position, value in zip(lifted, values, strict=True):
                full[position] = value
            return first_value(call(*full))

        return each(lift if function.takes_errors else strict(lift), *(arguments[position] for position in lifted))

    def _let(self, node: Call) -> Any:
        nodes = node.arguments
        if len(nodes) < 3 or len(nodes) % 2 == 0:
            return not_available("Wrong number of arguments to LET. Names and values come in pairs, before the result.")
        frame = self
        for name, expression in zip(nodes[:-1:2], nodes[1::2], strict=True):
            if not isinstance(name, Name):
                return FormulaError("#NAME?", f"Argument of LET is not a valid name. (in {self.where})")
            frame = replace(frame, scope={**(frame.scope or {}), name.name.lower(): frame.evaluate(expression)})
        return frame.evaluate(nodes[-1])

    def _lambda(self, node: Call) -> Any:
        *names, body = node.arguments
        if not all(isinstance(name, Name) for name in names):
            return FormulaError("#NAME?", f"Argument of LAMBDA is not a valid name. (in {self.where})")
        return Lambda(tuple(name.name.lower() for name in names), body, self)  # type: ignore[union-attr]


def _wrong_number(function: Function, got: int) -> FormulaError:
    least, most = function.arity
    upper = "" if least == most else f" and {most}"
    wanted = f"at least {least}" if most is None else f"{'between ' if upper else ''}{least}{upper}"
    return not_available(
        f"Wrong number of arguments to {function.name}. Expected {wanted} arguments, but got {got} arguments."
    )


_EVALUATE: Mapping[type, Any] = {
    Number: Frame._literal,
    Text: Frame._literal,
    Logical: Frame._literal,
    ErrorValue: Frame._error,
    Omitted: Frame._omitted,
    Reference: Frame._reference,
    Name: Frame._name,
    Unary: Frame._unary,
    Binary: Frame._binary,
    Call: Frame._call,
    Apply: Frame._apply,
    ArrayLiteral: Frame._array,
}
