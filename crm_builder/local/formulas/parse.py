"""Formula text into a tree. formualizer parses; Google's separators are put into its form before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import formualizer

from crm_builder.local.formulas.scan import A1, read_a1, tokens
from crm_builder.local.formulas.values import FormulaError, Value

PARSE_ERROR = FormulaError("#ERROR!", "Formula parse error.")
TOO_NESTED = FormulaError("#ERROR!", "The formula is too long, or nested too deeply, to be computed here.")
_LIMIT = re.compile("too deep|limit exceeded")  # how the parser's message names its bounds
_ERROR_CALL = "CRM_ERROR_LITERAL"
_SIGNS = frozenset(
    ["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">=", ":", "(", ")", "{", "}", ",", ";", "%"]
)
_BINARY = frozenset(["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">=", ":"])


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


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
class Braces:
    """An array literal."""

    rows: tuple[tuple[Node, ...], ...]


Node = Literal | Omitted | Reference | Name | Unary | Binary | Call | Apply | Braces


class NotAFormula(ValueError):
    """The text cannot be parsed."""


@lru_cache(maxsize=32768)
def parse(text: str) -> Node:
    """The tree of a formula text (with its `=`); a text that is no formula becomes the #ERROR! literal."""
    try:
        return _node(formualizer.parse(_in_excel_form(text)).to_dict())
    except (formualizer.ParserError, formualizer.TokenizerError, NotAFormula) as problem:
        return Literal(TOO_NESTED if _LIMIT.search(str(problem)) and type(problem) is not NotAFormula else PARSE_ERROR)


def _in_excel_form(text: str) -> str:
    """`;` between arguments becomes `,` (within braces it goes on separating rows), error literals become calls."""
    if not text.startswith("="):
        raise NotAFormula(text)
    parts: list[str] = []
    open_brackets: list[str] = []
    for token in tokens(text):
        piece = token.text
        if token.kind == "operator":
            if piece not in _SIGNS:
                raise NotAFormula(text)
            if piece in "({":
                open_brackets.append(piece)
            elif piece in ")}":
                if not open_brackets:
                    raise NotAFormula(text)
                open_brackets.pop()
            elif piece == ";" and open_brackets[-1:] != ["{"]:
                piece = ","
            elif piece == "," and not open_brackets:
                raise NotAFormula(text)
        elif token.kind == "error":
            piece = f'{_ERROR_CALL}("#{piece.partition("#")[2]}")'
        elif token.kind == "space":
            piece = " "
        parts.append(piece)
    return "".join(parts)


def _node(tree: dict[str, Any]) -> Node:
    kind = tree["node_type"]
    if kind == "Literal":
        value = tree["value"]
        return Literal(float(value) if type(value) is int else value)
    if kind == "Reference":
        text = tree["reference"]
        a1 = read_a1(text)
        return Reference(a1) if a1 else Name(text)
    if kind == "Function":
        name = tree["name"].upper()
        if name == _ERROR_CALL:
            return Literal(FormulaError(tree["args"][0]["value"], "Reference does not exist."))
        return Call(name, tuple(map(_node, tree["args"])))
    if kind == "BinaryOp":
        return _chain(tree)
    if kind == "UnaryOp":
        if tree["operator"] not in ("-", "+", "%"):
            raise NotAFormula(tree["operator"])
        return Unary(tree["operator"], _node(tree["operand"]))
    if kind == "Omitted":
        return Omitted()
    if kind == "Array":
        return Braces(tuple(tuple(map(_node, row)) for row in tree["rows"]))
    if kind == "Call":
        return Apply(_node(tree["callee"]), tuple(map(_node, tree["args"])))
    raise NotAFormula(kind)


def _chain(tree: dict[str, Any]) -> Node:
    """Operators from left to right: a long sum leans to the left and needs no depth."""
    links = []
    while tree["node_type"] == "BinaryOp":
        if tree["operator"] not in _BINARY:
            raise NotAFormula(tree["operator"])
        links.append(tree)
        tree = tree["left"]
    node = _node(tree)
    for link in reversed(links):
        node = Binary(link["operator"], node, _node(link["right"]))
    return node


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(_below(node))


def _below(node: Node) -> Sequence[Node]:
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Binary):
        return node.left, node.right
    if isinstance(node, Unary):
        return (node.operand,)
    if isinstance(node, Apply):
        return node.callee, *node.arguments
    if isinstance(node, Braces):
        return [item for row in node.rows for item in row]
    return ()
