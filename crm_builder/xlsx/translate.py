"""One formula of Google's in the words of Excel and LibreOffice, or the reason why it has none.

Two differences run through all of it. Google's empty argument and empty cell stay empty in a result, while Excel makes
0 of them; so a live formula answers an empty text instead, and whoever computes with such a cell reads it as 0 again.
And Google takes ranges to the end of the sheet, which would make other programs crawl; so they end with the grid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm_builder.formulas.parse import SyntaxFault, parse
from crm_builder.formulas.tree import Binary, Call, Name, Node, Unary, walk
from crm_builder.xlsx.functions import SPILLING
from crm_builder.xlsx.specials import Translator
from crm_builder.xlsx.writer import LONGEST, Home, Untranslatable

MOST_REPLACED = 8  # LibreOffice needs minutes for a column whose every digit is replaced, as dates written in words are


@dataclass(frozen=True, slots=True)
class Translation:
    """`dynamic`: it answers, or computes with, an array. `empties`: it may write an empty text for nothing."""

    text: str
    dynamic: bool
    empties: bool


def translate(formula: str, home: Home, result: bool = True) -> Translation:
    """The formula without its `=`. Untranslatable where no faithful form is known.

    `result`: its answer is shown in a cell, so that an empty cell it passes on must not become 0.
    """
    try:
        return _translated(inlined(parse(formula)), home, result)
    except SyntaxFault as fault:
        raise Untranslatable("nesting" if fault.too_nested else "syntax") from None
    except RecursionError:  # a sum of hundreds of terms is written with as many brackets
        raise Untranslatable("nesting") from None


def _translated(tree: Node, home: Home, result: bool) -> Translation:
    calls = [node for node in walk(tree) if isinstance(node, Call)]
    dynamic = any(_spills(call) for call in calls)
    replaced = sum(call.name == "SUBSTITUTE" for call in calls)
    if dynamic and replaced > MOST_REPLACED:
        raise Untranslatable(f"SUBSTITUTE × {replaced}")
    writer = Translator(home, dynamic)
    text = writer.write(tree, {})
    empties = writer.holds_empty(tree, {})
    if result and writer.passes_cell(tree, {}):
        empties = True
        text = f'IF({text}="","",{text})'
    if len(text) >= LONGEST:
        raise Untranslatable("length")
    return Translation(text, dynamic, empties)


def _spills(call: Call) -> bool:
    """INDEX too computes with whole ranges in what it is given."""
    return call.name in SPILLING or (call.name == "INDEX" and isinstance(call.arguments[0], Binary))


def inlined(node: Node, names: Mapping[str, Node] | None = None, inside: bool = False) -> Node:
    """The tree without a LET inside of a LET, which LibreOffice 25.2 does not read: names become what they name."""
    known = names or {}
    if isinstance(node, Name):
        return known.get(node.name.lower(), node)
    if isinstance(node, Call) and node.name == "LET":
        pairs = list(zip(node.arguments[:-1:2], node.arguments[1::2], strict=False))
        inner = dict(known)
        if inside:
            for name, value in pairs:
                if isinstance(name, Name):
                    inner[name.name.lower()] = inlined(value, inner, True)
            return inlined(node.arguments[-1], inner, True)
        arguments: list[Node] = []
        for name, value in pairs:
            arguments += [name, inlined(value, inner, True)]
            if isinstance(name, Name):
                inner.pop(name.name.lower(), None)
        return Call("LET", (*arguments, inlined(node.arguments[-1], inner, True)))
    if isinstance(node, Call):
        return Call(node.name, tuple(inlined(one, known, inside) for one in node.arguments))
    if isinstance(node, Unary):
        return Unary(node.operator, inlined(node.operand, known, inside))
    if isinstance(node, Binary):
        return Binary(node.operator, inlined(node.left, known, inside), inlined(node.right, known, inside))
    return node
