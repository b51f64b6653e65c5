"""Formula texts and their trees."""

from __future__ import annotations

import pytest

from crm_builder.formulas.parse import SyntaxFault, parse
from crm_builder.formulas.scan import A1, Corner
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
    walk,
)

X, ONE = Name("x"), Number(1.0)
CASES: dict[str, Node] = {
    "=-x%": Unary("-", Unary("%", X)),
    "=1-1-1": Binary("-", Binary("-", ONE, ONE), ONE),
    "=-1^1": Binary("^", Unary("-", ONE), ONE),
    '=if(x; ; "a""b")': Call("IF", (X, Omitted(), Text('a"b'))),
    "={1, true; #N/A, x}": ArrayLiteral(((ONE, Logical(True)), (ErrorValue("#N/A"), X))),
    "=LAMBDA(x; x)(1)": Apply(Call("LAMBDA", (X, X)), (ONE,)),
    "='it''s'!$A2:b": Reference(A1("it's", Corner(1, 0, False, True), Corner(None, 1), "'it''s'!")),
    "=Gone!#REF!": ErrorValue("#REF!"),
    "=0.10": Number(0.1),
}


@pytest.mark.parametrize("text", CASES)
def test_a_formula_has_its_tree(text: str) -> None:
    assert parse(text) == CASES[text]


@pytest.mark.parametrize("text", ["", "1", "=", "=1+", "=(1", "=1)", "=A1 B1", "=1,1", "=@A1", "={}", "={1,}", '="a'])
def test_what_is_no_formula_has_none(text: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse(text)
    assert not caught.value.too_nested


@pytest.mark.parametrize("text", ["=" + "+".join("1" * 5000), "=" + "(" * 500 + "1" + ")" * 500])
def test_what_lies_beyond_the_parser_is_told_apart(text: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse(text)
    assert caught.value.too_nested


def test_walk_goes_from_left_to_right() -> None:
    assert [node.name for node in walk(parse("=a+F(b; {c; -d})")) if isinstance(node, Name)] == ["a", "b", "c", "d"]
