"""Trees of Google's formulas written for Excel and LibreOffice: operators, references and arguments."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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
from crm_builder.xlsx.book import Area, Book
from crm_builder.xlsx.functions import (
    BRANCHES,
    CHANGING,
    COUNTING,
    LEFT_OUT,
    NUMERIC,
    PASSES_CELLS,
    PLAIN,
    SCALARS,
    SPELLED,
)

LONGEST = 8192  # characters of a formula that Excel takes
_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*|[Cc][0-9]*|[Rr][0-9]*[Cc][0-9]*")
_COMPARING = frozenset({"=", "<>", "<", "<=", ">", ">="})
_COMPUTING = frozenset({"+", "-", "*", "/", "^"})
Scope = Mapping[str, bool]  # names that LET gave, in small letters → whether they may hold a text for nothing


class Untranslatable(ValueError):
    """The formula has no faithful form; the message names what is in the way."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a formula stands. `empties`: areas whose cells may hold an empty text for nothing. `now`: a held clock."""

    book: Book
    sheet: str
    row: int
    column: int
    empties: Sequence[Area] = ()
    now: datetime | None = None
    qualified: bool = False  # whether references name their own sheet too


def excel_name(name: str) -> str:
    """The name of a range as Excel accepts it: one that looks like a cell gets a line before it."""
    return f"_{name}" if _CELL_LIKE.fullmatch(name) else name


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise Untranslatable("1E+308")
    return repr(value).removesuffix(".0").upper()


@dataclass
class Writer:
    """Writes a tree; the forms of single functions are its subclass's."""

    home: Home
    dynamic: bool
    catching: bool = False  # inside of an IFNA

    # what an expression may answer

    def holds_empty(self, node: Node, scope: Scope) -> bool:
        """Whether it may answer an empty text where Google answers nothing."""
        if isinstance(node, Omitted):
            return True
        if isinstance(node, Name) and node.name.lower() in scope:
            return scope[node.name.lower()]
        if isinstance(node, Name | Reference):
            area = self._area(node)
            return area is not None and any(area.meets(one) for one in self.home.empties)
        if isinstance(node, Call):
            if node.name in BRANCHES:
                lone = node.name in ("IFERROR", "IFNA") and len(node.arguments) == 1
                return lone or any(self.holds_empty(one, scope) for one in node.arguments[BRANCHES[node.name]])
            if node.name == "LET":
                inner = dict(scope)
                for name, value in zip(node.arguments[:-1:2], node.arguments[1::2], strict=False):
                    if isinstance(name, Name):
                        inner[name.name.lower()] = self.holds_empty(value, inner)
                return self.holds_empty(node.arguments[-1], inner)
            if node.name in PASSES_CELLS:
                return any(self.holds_empty(one, scope) for one in node.arguments if not isinstance(one, Omitted))
        return False

    def passes_cell(self, node: Node, scope: Scope) -> bool:
        """Whether its answer may be an empty cell."""
        if isinstance(node, Name):
            return node.name.lower() not in scope or scope[node.name.lower()]
        if isinstance(node, Reference):
            return True
        if isinstance(node, Call):
            if node.name in PLAIN:
                return self.passes_cell(node.arguments[0], scope)
            if node.name in BRANCHES:
                return any(self.passes_cell(one, scope) for one in node.arguments[BRANCHES[node.name]])
            if node.name == "LET":
                inner = dict(scope)
                for name, value in zip(node.arguments[:-1:2], node.arguments[1::2], strict=False):
                    if isinstance(name, Name):
                        inner[name.name.lower()] = self.passes_cell(value, inner)
                return self.passes_cell(node.arguments[-1], inner)
            if node.name in ("ARRAY_CONSTRAIN", "FILTER", "SORT", "SORTBY", "UNIQUE", "INDEX", "TRANSPOSE"):
                return self.passes_cell(node.arguments[0], scope)
            if node.name == "HSTACK":
                return any(self.passes_cell(one, scope) for one in node.arguments)
            return node.name in PASSES_CELLS
        return False

    def _is_text(self, node: Node) -> bool:
        return isinstance(node, Text) or (isinstance(node, Binary) and node.operator == "&")

    # how it is written

    def write(self, node: Node, scope: Scope) -> str:
        match node:
            case Number(value):
                return _number(value)
            case Text(value):
                return '"' + value.replace('"', '""') + '"'
            case Logical(value):
                return "TRUE" if value else "FALSE"
            case ErrorValue(code):
                if code == "#ERROR!":
                    raise Untranslatable(code)
                return code
            case Omitted():
                return '""'
            case Name() | Reference():
                return self._reference(node, scope)
            case Unary("%", operand):
                return f"{self._operand(operand, scope)}%"
            case Unary(operator, operand):
                return f"{operator}{self._operand(operand, scope)}"
            case Binary():
                return self._binary(node, scope)
            case ArrayLiteral(rows):
                return self._array(rows)
            case Call():
                return self._call(node, scope)
            case Apply():
                raise Untranslatable("LAMBDA")

    def _binary(self, node: Binary, scope: Scope) -> str:
        left, right = node.left, node.right
        if node.operator in _COMPUTING:
            return f"{self._operand(left, scope)}{node.operator}{self._operand(right, scope)}"
        if node.operator in _COMPARING and not (self._is_text(left) or self._is_text(right)):
            return f"{self._operand(left, scope)}{node.operator}{self._operand(right, scope)}"
        return f"{self._closed(left, scope)}{node.operator}{self._closed(right, scope)}"

    def _closed(self, node: Node, scope: Scope) -> str:
        text = self.write(node, scope)
        return f"({text})" if isinstance(node, Binary | Unary) else text

    def _operand(self, node: Node, scope: Scope) -> str:
        """As a number: an empty text that stands for nothing is 0."""
        if not self.holds_empty(node, scope):
            return self._closed(node, scope)
        if isinstance(node, Omitted):
            return "0"
        text = self.write(node, scope)
        if len(text) >= LONGEST:
            raise Untranslatable("length")
        return f'IF({text}="",0,{text})'

    def _array(self, rows: Sequence[Sequence[Node]]) -> str:
        if any(not isinstance(cell, Number | Text | Logical) for row in rows for cell in row):
            raise Untranslatable("{…}")
        return "{" + ";".join(",".join(self.write(cell, {}) for cell in row) for row in rows) + "}"

    def _area(self, node: Name | Reference) -> Area | None:
        if isinstance(node, Name):
            return self.home.book.names.get(node.name.lower())
        return self.home.book.area(node.a1, self.home.sheet)

    def _reference(self, node: Name | Reference, scope: Scope) -> str:
        if isinstance(node, Name):
            key = node.name.lower()
            if key in scope:
                return f"_xlpm.{key}"
            if key not in self.home.book.names:
                raise Untranslatable(node.name)
            return excel_name(self.home.book.spelled[key])
        area = self._area(node)
        if area is None:
            raise Untranslatable("#REF!")
        first, last = node.a1.first, node.a1.last
        if last is not None and any(one.row is None or one.column is None for one in (first, last)):
            cells = area.text(sheet=False)  # an open range ends with the grid
        else:
            cells = str(first) if last is None else f"{first}:{last}"
        far = self.home.qualified or area.sheet.lower() != self.home.sheet.lower()
        return f"{area.text().rpartition('!')[0]}!{cells}" if far else cells

    def _call(self, node: Call, scope: Scope) -> str:
        name, arguments = node.name, node.arguments
        if name in CHANGING:
            raise Untranslatable(name)
        special: Callable[[tuple[Node, ...], Scope], str] | None = getattr(self, f"_do_{name.lower()}", None)
        if special is not None:
            return special(arguments, scope)
        if name in PLAIN:
            return self.write(arguments[0], scope)
        if name not in SPELLED:
            raise Untranslatable(name)
        if name in COUNTING:
            self._refuse_criteria(name, arguments, scope)
        parts = []
        for index, one in enumerate(arguments):
            if isinstance(one, Omitted) and name not in BRANCHES and (name, index) != ("XLOOKUP", 3):
                if index not in LEFT_OUT.get(name, ()):
                    raise Untranslatable(f"{name}( ; )")
                parts.append("")
            elif name in NUMERIC or (name == "IF" and index == 0):
                text = self._operand(one, scope) if self.holds_empty(one, scope) else self.write(one, scope)
                bare = self.dynamic and name in SCALARS and isinstance(one, Name | Reference)
                parts.append(f"{text}+0" if bare else text)
            else:
                parts.append(self.write(one, scope))
        if name in ("IFERROR", "IFNA") and len(parts) == 1:
            parts.append('""')
        return f"{SPELLED[name]}({','.join(parts)})"

    def _refuse_criteria(self, name: str, arguments: Sequence[Node], scope: Scope) -> None:
        if any(isinstance(one, Text) and one.value == "<>" for one in arguments) and any(
            self.holds_empty(one, scope) for one in arguments
        ):
            raise Untranslatable(f'{name}(…"<>")')
