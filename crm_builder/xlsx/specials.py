"""Functions that need a form of their own in Excel and LibreOffice."""

from __future__ import annotations

from crm_builder.formulas.tree import (
    ArrayLiteral,
    Call,
    ErrorValue,
    Logical,
    Name,
    Node,
    Number,
    Omitted,
    Reference,
    Text,
    children,
)
from crm_builder.xlsx.book import Area
from crm_builder.xlsx.functions import ELEMENTWISE, SPELLED
from crm_builder.xlsx.writer import Scope, Untranslatable, Writer


class Translator(Writer):
    """A writer that knows them: `_do_NAME` is called with the function's arguments."""

    def _do_filter(self, arguments: tuple[Node, ...], scope: Scope, instead: str = "") -> str:
        """`instead` stands for an empty answer, which is #N/A in Google and an error of another name in Excel."""
        conditions = [self.write(one, scope) for one in arguments[1:]]
        kept = conditions[0] if len(conditions) == 1 else "*".join(f"({one})" for one in conditions)
        parts = [self.write(arguments[0], scope), kept, *([instead] if instead else [])]
        text = f"{SPELLED['FILTER']}({','.join(parts)})"
        return text if instead or not self.catching else f"IF(SUMPRODUCT(--({kept}))=0,NA(),{text})"

    def _do_ifna(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        first, other = arguments[0], arguments[1] if len(arguments) > 1 else Omitted()
        while isinstance(first, Call) and first.name == "ARRAYFORMULA":
            first = first.arguments[0]
        if isinstance(first, Call) and first.name == "FILTER":
            return self._do_filter(first.arguments, scope, self.write(other, scope))
        outer, self.catching = self.catching, True
        text = self.write(first, scope)
        self.catching = outer
        return f"{SPELLED['IFNA']}({text},{self.write(other, scope)})"

    def _do_array_constrain(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        """The first rows of one column: elements 1 to n of it."""
        data, rows, columns = arguments
        if self.width(data, scope) != 1 and columns != Number(1.0):
            raise Untranslatable("ARRAY_CONSTRAIN")
        text, most = self.write(data, scope), self.write(rows, scope)
        return f"INDEX({text},{SPELLED['SEQUENCE']}(MIN({most},ROWS({text}))),1)"

    def _do_hstack(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        """Columns beside each other, as CHOOSE has made them since long before HSTACK."""
        if any(self.width(one, scope) != 1 for one in arguments):
            raise Untranslatable("HSTACK")
        numbers = ",".join(str(number) for number in range(1, len(arguments) + 1))
        return f"CHOOSE({{{numbers}}},{','.join(self.write(one, scope) for one in arguments)})"

    def width(self, node: Node, scope: Scope) -> int | None:
        """How many columns an expression has; None where that is not known."""
        if isinstance(node, Number | Text | Logical | Omitted | ErrorValue):
            return 1
        if isinstance(node, ArrayLiteral):
            return len(node.rows[0])
        if isinstance(node, Name | Reference):
            area = None if isinstance(node, Name) and node.name.lower() in scope else self._area(node)
            return None if area is None else area.right - area.left
        if isinstance(node, Call):
            if node.name in ("FILTER", "SORT", "UNIQUE", "ARRAY_CONSTRAIN"):
                return self.width(node.arguments[0], scope)
            if node.name == "INDEX" and len(node.arguments) == 3 and node.arguments[2] not in (Omitted(), Number(0.0)):
                return 1
            if node.name == "HSTACK":
                widths = [self.width(one, scope) for one in node.arguments]
                return None if None in widths else sum(one or 0 for one in widths)
            if node.name not in ELEMENTWISE:
                return None
        widths = [self.width(one, scope) for one in children(node)]
        return None if None in widths else max((one or 1 for one in widths), default=1)

    def _do_let(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        inner, parts = dict(scope), []
        for name, value in zip(arguments[:-1:2], arguments[1::2], strict=False):
            if not isinstance(name, Name):
                raise Untranslatable("LET")
            parts += [f"_xlpm.{name.name.lower()}", self.write(value, inner)]
            inner[name.name.lower()] = self.holds_empty(value, inner)
        return f"_xlfn.LET({','.join(parts)},{self.write(arguments[-1], inner)})"

    def _do_row(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        return self._position("ROW", arguments, scope)

    def _do_column(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        return self._position("COLUMN", arguments, scope)

    def _position(self, name: str, arguments: tuple[Node, ...], scope: Scope) -> str:
        """Without an argument it means the formula's cell; LibreOffice would take each cell of the array's area, and
        makes an array of one of ROW(cell), which it does not spread over another's rows: hence the MIN."""
        if arguments:
            return f"{name}({self.write(arguments[0], scope)})"
        home = self.home
        own = Area(home.sheet, home.row, home.column, home.row + 1, home.column + 1)
        text = f"{name}({own.text(absolute=False, sheet=home.qualified)})"
        return f"MIN({text})" if self.dynamic else text

    def _do_today(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        now = self.home.now
        return f"DATE({now.year},{now.month},{now.day})" if now else "TODAY()"

    def _do_now(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        now = self.home.now
        if now is None:
            return "NOW()"
        return f"(DATE({now.year},{now.month},{now.day})+TIME({now.hour},{now.minute},{now.second}))"

    def _do_isbetween(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        open_ends = [isinstance(one, Logical) and not one.value for one in arguments[3:]] + [False, False]
        if any(not isinstance(one, Logical) for one in arguments[3:]):
            raise Untranslatable("ISBETWEEN")
        low, high = (">" if open_ends[0] else ">="), ("<" if open_ends[1] else "<=")
        value, first, last = (self._operand(one, scope) for one in arguments[:3])
        return f"(({value}{low}{first})*({value}{high}{last})=1)"

    def _do_isblank(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        text = self.write(arguments[0], scope)
        return f'({text}="")' if self.holds_empty(arguments[0], scope) else f"ISBLANK({text})"

    def _do_counta(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        if not any(self.holds_empty(one, scope) for one in arguments):
            return f"COUNTA({','.join(self.write(one, scope) for one in arguments)})"
        parts = [self.write(one, scope) for one in arguments]
        return "(" + "+".join(f'SUMPRODUCT(--IFERROR({one}<>"",TRUE))' for one in parts) + ")"

    def _do_join(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        parts = [self.write(one, scope) for one in arguments]
        return f"{SPELLED['TEXTJOIN']}({parts[0]},FALSE,{','.join(parts[1:])})"

    def _do_indirect(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        """Conditional formats may name ranges only through INDIRECT in Google; elsewhere the name itself will do."""
        if len(arguments) == 1 and isinstance(arguments[0], Text):
            return self._reference(Name(arguments[0].value), {})
        raise Untranslatable("INDIRECT")

    def _do_sort(self, arguments: tuple[Node, ...], scope: Scope) -> str:
        """By the columns of the sorted itself, or by columns of equal height."""
        keys = arguments[1:]
        if len(keys) % 2 or not keys:
            raise Untranslatable("SORT")
        pairs = list(zip(keys[::2], keys[1::2], strict=True))
        data = self.write(arguments[0], scope)
        if all(isinstance(key, Number) and isinstance(up, Logical) for key, up in pairs):
            columns = ",".join(self.write(key, scope) for key, _ in pairs)
            orders = ",".join("1" if up == Logical(True) else "-1" for _, up in pairs)
            if len(pairs) > 1:
                columns, orders = f"{{{columns}}}", f"{{{orders}}}"
            return f"{SPELLED['SORT']}({data},{columns},{orders})"
        parts = [data]
        for key, up in pairs:
            if self.width(key, scope) != 1 or isinstance(key, Number):
                raise Untranslatable("SORT")
            parts.append(self.write(key, scope))
            parts.append(f"IF({self.write(up, scope)},1,-1)")
        return f"{SPELLED['SORTBY']}({','.join(parts)})"
