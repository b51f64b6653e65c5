"""Google's formulas as trees: a small reader that keeps every argument, the empty ones too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


class SyntaxFault(ValueError):
    """Text that this reader does not take for a formula."""


@dataclass(frozen=True, slots=True)
class Number:
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Logical:
    value: bool


@dataclass(frozen=True, slots=True)
class Fault:
    code: str


@dataclass(frozen=True, slots=True)
class Missing:
    """An argument that is left out: `IF(a; ; b)`."""


@dataclass(frozen=True, slots=True)
class Name:
    """A named range, or a name that LET or LAMBDA gives."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells as they are written: `A1`, `$A$2:$B`, `A:A`, `2:2`, with the title of their sheet or None."""

    sheet: str | None
    first: str
    last: str | None


@dataclass(frozen=True, slots=True)
class Call:
    name: str  # in capitals
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `+x`, and `x%` with its sign behind."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Matrix:
    rows: tuple[tuple[Node, ...], ...]


Node = Number | Text | Logical | Fault | Missing | Name | Reference | Call | Unary | Binary | Matrix

_CELL = r"(?:\$?[A-Za-z]{1,3}\$?[0-9]{1,7}|\$?[A-Za-z]{1,3}|\$?[0-9]{1,7})"
_TOKENS = re.compile(
    rf"""(?P<space>\s+)
    |(?P<text>"(?:[^"]|"")*")
    |(?P<reference>(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?
       (?P<first>\$?[A-Za-z]{{1,3}}\$?[0-9]{{1,7}}|{_CELL}(?=:{_CELL}(?![\w(.])))
       (?::(?P<last>{_CELL}))?(?![\w(.]))
    |(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<fault>\#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|ERROR!))
    |(?P<name>[^\W\d][\w.]*)
    |(?P<mark><>|<=|>=|[-+*/^&=<>%:;,(){{}}])""",
    re.VERBOSE,
)
_LEVELS = (("=", "<>", "<", "<=", ">", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    match: re.Match[str]


def parse(formula: str) -> Node:
    """The tree of a formula that begins with `=`. SyntaxFault where it cannot be read."""
    if not formula.startswith("="):
        raise SyntaxFault("a formula begins with =")
    reader = _Reader(formula[1:])
    node = reader.expression()
    if reader.kind != "end":
        raise SyntaxFault(f"unexpected {reader.text!r}")
    return node


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Unary):
        return (node.operand,)
    if isinstance(node, Binary):
        return node.left, node.right
    if isinstance(node, Matrix):
        return tuple(cell for row in node.rows for cell in row)
    return ()


class _Reader:
    """Recursive descent over the tokens; a level of operators calls the tighter one."""

    def __init__(self, text: str):
        self._tokens: list[_Token] = []
        at = 0
        while at < len(text):
            match = _TOKENS.match(text, at)
            if match is None:
                raise SyntaxFault(f"unexpected {text[at]!r}")
            kind = next(k for k in ("space", "text", "reference", "number", "fault", "name", "mark") if match[k])
            if kind != "space":
                self._tokens.append(_Token(kind, match[0], match))
            at = match.end()
        self._at = self._depth = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else "end"

    @property
    def text(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _is(self, *marks: str) -> bool:
        return self.kind == "mark" and self.text in marks

    def _take(self) -> _Token:
        if self._at >= len(self._tokens):
            raise SyntaxFault("the formula ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, mark: str) -> None:
        if not self._is(mark):
            raise SyntaxFault(f"{mark!r} is missing before {self.text!r}")
        self._at += 1

    def expression(self, level: int = 0) -> Node:
        if level == len(_LEVELS):
            return self._sign()
        if level == 0:
            self._depth += 1
            if self._depth > _DEEPEST:
                raise SyntaxFault("nested too deeply")
        node = self.expression(level + 1)
        while self._is(*_LEVELS[level]):
            operator = self._take().text
            node = Binary(operator, node, self.expression(level + 1))
        if level == 0:
            self._depth -= 1
        return node

    def _sign(self) -> Node:
        if self._is("-", "+"):
            operator = self._take().text
            return Unary(operator, self._sign())
        node = self._primary()
        while self._is("%"):
            node = Unary(self._take().text, node)
        return node

    def _primary(self) -> Node:
        node = self._atom()
        while self._is(":"):
            operator = self._take().text
            node = Binary(operator, node, self._atom())
        return node

    def _atom(self) -> Node:
        token = self._take()
        if token.kind == "text":
            return Text(token.text[1:-1].replace('""', '"'))
        if token.kind == "number":
            return Number(token.text)
        if token.kind == "fault":
            return Fault(token.text)
        if token.kind == "reference":
            sheet = token.match["sheet"]
            if sheet and sheet.startswith("'"):
                sheet = sheet[1:-1].replace("''", "'")
            return Reference(sheet, token.match["first"], token.match["last"])
        if token.kind == "name":
            if self._is("("):
                self._at += 1
                return Call(token.text.upper(), self._arguments())
            if token.text.upper() in ("TRUE", "FALSE"):
                return Logical(token.text.upper() == "TRUE")
            return Name(token.text)
        if token.text == "(":
            node = self.expression()
            self._expect(")")
            return node
        if token.text == "{":
            return self._matrix()
        raise SyntaxFault(f"unexpected {token.text!r}")

    def _arguments(self) -> tuple[Node, ...]:
        if self._is(")"):
            self._at += 1
            return ()
        found: list[Node] = []
        while True:
            found.append(Missing() if self._is(";", ",", ")") else self.expression())
            if self._is(")"):
                self._at += 1
                return tuple(found)
            if not self._is(";", ","):
                raise SyntaxFault(f"unexpected {self.text!r} in a list of arguments")
            self._at += 1

    def _matrix(self) -> Node:
        rows: list[list[Node]] = [[]]
        while True:
            rows[-1].append(self.expression())
            if self._is("}"):
                self._at += 1
                return Matrix(tuple(tuple(row) for row in rows))
            if self._is(";"):
                rows.append([])
            elif not self._is(","):
                raise SyntaxFault(f"unexpected {self.text!r} in an array")
            self._at += 1
