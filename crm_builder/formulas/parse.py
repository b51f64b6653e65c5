"""Formula text into a tree. formualizer parses; Google's separators are put into its form before."""

from __future__ import annotations

import re
from typing import Any

import formualizer

from crm_builder.formulas.scan import read_a1, tokens
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

_LIMIT = re.compile("too deep|limit exceeded")  # how the parser's message names its bounds
_ERROR_CALL = "CRM_ERROR_LITERAL"
_SIGNS = frozenset(
    ["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">=", ":", "(", ")", "{", "}", ",", ";", "%"]
)
_BINARY = frozenset(["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">=", ":"])


class SyntaxFault(ValueError):
    """The text cannot be parsed. `too_nested`: it is longer, or nested more deeply, than the parser goes."""

    def __init__(self, message: str, too_nested: bool = False):
        super().__init__(message)
        self.too_nested = too_nested


def parse(text: str) -> Node:
    """The tree of a formula text (with its `=`). SyntaxFault where there is none."""
    try:
        tree = formualizer.parse(_in_excel_form(text)).to_dict()
    except (formualizer.ParserError, formualizer.TokenizerError) as problem:
        raise SyntaxFault(str(problem), bool(_LIMIT.search(str(problem)))) from None
    return _node(tree)


def _in_excel_form(text: str) -> str:
    """`;` between arguments becomes `,` (within braces it goes on separating rows), error values become calls."""
    if not text.startswith("="):
        raise SyntaxFault("a formula begins with =")
    parts: list[str] = []
    open_brackets: list[str] = []
    for token in tokens(text):
        piece = token.text
        if token.kind == "operator":
            if piece not in _SIGNS:
                raise SyntaxFault(f"unexpected {piece}")
            if piece in "({":
                open_brackets.append(piece)
            elif piece in ")}":
                if not open_brackets:
                    raise SyntaxFault(f"unexpected {piece}")
                open_brackets.pop()
            elif piece == ";" and open_brackets[-1:] != ["{"]:
                piece = ","
            elif piece == "," and not open_brackets:
                raise SyntaxFault("unexpected ,")
        elif token.kind == "error":
            piece = f'{_ERROR_CALL}("#{piece.partition("#")[2]}")'
        elif token.kind == "space":
            piece = " "
        parts.append(piece)
    return "".join(parts)


def _node(tree: dict[str, Any]) -> Node:
    kind = tree["node_type"]
    if kind == "Literal":
        return _literal(tree["value"])
    if kind == "Reference":
        text = tree["reference"]
        a1 = read_a1(text)
        return Reference(a1) if a1 else Name(text)
    if kind == "Function":
        name = tree["name"].upper()
        if name == _ERROR_CALL:
            return ErrorValue(tree["args"][0]["value"])
        return Call(name, tuple(map(_node, tree["args"])))
    if kind == "BinaryOp":
        return _chain(tree)
    if kind == "UnaryOp":
        if tree["operator"] not in ("-", "+", "%"):
            raise SyntaxFault(f"unexpected {tree['operator']}")
        return Unary(tree["operator"], _node(tree["operand"]))
    if kind == "Omitted":
        return Omitted()
    if kind == "Array":
        if not tree["rows"]:
            raise SyntaxFault("an array without items")
        return ArrayLiteral(tuple(tuple(map(_node, row)) for row in tree["rows"]))
    if kind == "Call":
        return Apply(_node(tree["callee"]), tuple(map(_node, tree["args"])))
    raise SyntaxFault(f"unexpected {kind}")


def _literal(value: bool | float | str) -> Node:
    if isinstance(value, bool):
        return Logical(value)
    return Text(value) if isinstance(value, str) else Number(float(value))


def _chain(tree: dict[str, Any]) -> Node:
    """Operators from left to right: a long sum leans to the left and needs no depth."""
    links = []
    while tree["node_type"] == "BinaryOp":
        if tree["operator"] not in _BINARY:
            raise SyntaxFault(f"unexpected {tree['operator']}")
        links.append(tree)
        tree = tree["left"]
    node = _node(tree)
    for link in reversed(links):
        node = Binary(link["operator"], node, _node(link["right"]))
    return node
