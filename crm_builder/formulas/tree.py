"""The nodes of a formula's tree, and the ways through it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crm_builder.formulas.scan import A1


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Logical:
    value: bool


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error value that stands in the formula (`#REF!`, `#N/A`), or in the place of one."""

    code: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Omitted:
    """An argument left empty: `IF(a; ; b)`."""


@dataclass(frozen=True, slots=True)
class Reference:
    a1: A1


@dataclass(frozen=True, slots=True)
class Name:
    """A named range, or a name bound by LET or LAMBDA."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary:
    operator: str  # - + %
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    name: str  # in capitals
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Apply:
    """A lambda called on the spot: `LAMBDA(x; x+1)(2)`."""

    callee: Node
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ArrayLiteral:
    """`{1, 2; 3, 4}`: at least one row, each with at least one item."""

    rows: tuple[tuple[Node, ...], ...]


Node = (
    Number | Text | Logical | ErrorValue | Omitted | Reference | Name | Unary | Binary | Call | Apply | ArrayLiteral
)  # fmt: skip


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(children(node))


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Binary):
        return node.left, node.right
    if isinstance(node, Unary):
        return (node.operand,)
    if isinstance(node, Apply):
        return node.callee, *node.arguments
    if isinstance(node, ArrayLiteral):
        return tuple(item for row in node.rows for item in row)
    return ()
