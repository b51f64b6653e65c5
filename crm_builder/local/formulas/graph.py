"""Which formula reads which cells: dependants of an area, an order of evaluation, and circles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from crm_builder.formulas.tree import ArrayLiteral, Call, Name, Node, Reference, walk
from crm_builder.local.formulas.functions import find
from crm_builder.local.formulas.ranges import Reader, Rect
from crm_builder.local.formulas.registry import Cell
from crm_builder.local.formulas.values import FormulaError

_MEASURING = frozenset(["ROW", "ROWS", "COLUMN", "COLUMNS"])
SMALL = 16  # reads of so many cells or fewer are found by cell, larger ones by comparing rectangles


@dataclass(frozen=True, slots=True)
class Facts:
    """What a formula's tree says about it without computing it."""

    reads: frozenset[Rect]
    volatile: bool  # another result at another time
    dynamic: bool  # reads cells that the text does not name
    spills: bool  # its result may be larger than one cell


def facts(node: Node, home: int, reader: Reader) -> Facts:
    """The Facts of a formula on the sheet `home`."""
    reads: set[Rect] = set()
    volatile = dynamic = spills = False
    measured: set[int] = set()  # references that are only measured: ROW(A2:A) reads no value
    for part in walk(node):
        if id(part) in measured:
            continue
        if isinstance(part, Call) and part.name in _MEASURING:
            measured |= {id(argument) for argument in part.arguments}
        if isinstance(part, Reference):
            area = reader.area(part.a1, home)
            if type(area) is not FormulaError:
                reads.add(reader.closed(area))  # type: ignore[arg-type]
        elif isinstance(part, Name):
            named = reader.name(part.name)
            if named is not None:
                reads.add(reader.closed(named))
        elif isinstance(part, ArrayLiteral):
            spills = True
        elif isinstance(part, Call) and (function := find(part.name)):
            volatile |= function.volatile
            dynamic |= function.dynamic
            spills |= function.spills
    return Facts(frozenset(reads), volatile, dynamic, spills)


def overlap(one: Rect, two: Rect) -> bool:
    return one[0] == two[0] and one[1] < two[3] and two[1] < one[3] and one[2] < two[4] and two[2] < one[4]


def area_of(rect: Rect) -> int:
    return (rect[3] - rect[1]) * (rect[4] - rect[2])


class Readers:
    """An index from areas to the formula cells that read them."""

    def __init__(self) -> None:
        self._reads: dict[Cell, frozenset[Rect]] = {}
        self._by_cell: dict[Cell, set[Cell]] = {}
        self._by_rect: dict[int, dict[Rect, set[Cell]]] = {}

    def set(self, formula: Cell, reads: frozenset[Rect]) -> None:
        """Replaces what a formula reads; nothing removes it."""
        before = self._reads.get(formula, frozenset())
        for rect in before - reads:
            self._discard(formula, rect)
        for rect in reads - before:
            if area_of(rect) <= SMALL:
                for cell in cells_of(rect):
                    self._by_cell.setdefault(cell, set()).add(formula)
            else:
                self._by_rect.setdefault(rect[0], {}).setdefault(rect, set()).add(formula)
        if reads:
            self._reads[formula] = reads
        else:
            self._reads.pop(formula, None)

    def _discard(self, formula: Cell, rect: Rect) -> None:
        if area_of(rect) <= SMALL:
            for cell in cells_of(rect):
                formulas = self._by_cell.get(cell)
                if formulas is not None:
                    formulas.discard(formula)
                    if not formulas:
                        del self._by_cell[cell]
            return
        formulas = self._by_rect[rect[0]][rect]
        formulas.discard(formula)
        if not formulas:
            del self._by_rect[rect[0]][rect]

    def reads(self, formula: Cell) -> frozenset[Rect]:
        return self._reads.get(formula, frozenset())

    def of(self, rect: Rect) -> set[Cell]:
        """The formulas that read any cell of the area."""
        found: set[Cell] = set()
        if area_of(rect) <= len(self._by_cell):
            for cell in cells_of(rect):
                found |= self._by_cell.get(cell, set())
        else:
            sheet_id, r0, c0, r1, c1 = rect
            for (sheet, row, column), formulas in self._by_cell.items():
                if sheet == sheet_id and r0 <= row < r1 and c0 <= column < c1:
                    found |= formulas
        for read, formulas in self._by_rect.get(rect[0], {}).items():
            if overlap(read, rect):
                found |= formulas
        return found


class Neighbours:
    """Where a result may spill: down and right to the next formula, since none is overwritten."""

    def __init__(self, formulas: Iterable[Cell]):
        self._in_row: dict[tuple[int, int], list[int]] = {}
        self._in_column: dict[tuple[int, int], list[int]] = {}
        for sheet_id, row, column in sorted(formulas):
            self._in_row.setdefault((sheet_id, row), []).append(column)
            self._in_column.setdefault((sheet_id, column), []).append(row)

    def room(self, cell: Cell, size: tuple[int, int]) -> Rect:
        """The largest area that a result in the cell may take on a grid of this size."""
        sheet_id, row, column = cell
        down = _next(self._in_column.get((sheet_id, column), []), row, size[0])
        right = _next(self._in_row.get((sheet_id, row), []), column, size[1])
        return sheet_id, row, column, down, right


def _next(places: list[int], place: int, end: int) -> int:
    found = bisect_right(places, place)
    return places[found] if found < len(places) else end


def cells_of(rect: Rect) -> Iterator[Cell]:
    sheet_id, r0, c0, r1, c1 = rect
    return ((sheet_id, row, column) for row in range(r0, r1) for column in range(c0, c1))


def order(
    cells: Iterable[Cell], hard: Mapping[Cell, set[Cell]], soft: Mapping[Cell, set[Cell]]
) -> tuple[list[Cell], set[Cell]]:
    """An order in which every cell comes before its dependants, and the cells that stand in a circle.

    `hard` names the known dependants of a cell, `soft` those that it may get when it spills: soft ones are obeyed as
    long as they make no circle. Cells of a circle come in the order too, before what depends on them.
    """
    nodes = sorted(cells)
    both = {node: (hard.get(node, set()) | soft.get(node, set())) - {node} for node in nodes}
    circular = {node for node in nodes if node in hard.get(node, ())}
    result: list[Cell] = []
    for group in _components(nodes, both.__getitem__):
        if len(group) == 1:
            result += group
            continue
        inside = set(group)
        for part in _components(sorted(group), lambda node, inside=inside: hard.get(node, set()) & inside):
            if len(part) > 1:
                circular |= set(part)
            result += sorted(part)
    return result, circular


def _components(nodes: list[Cell], following: Callable[[Cell], set[Cell]]) -> list[list[Cell]]:
    """Strongly connected components, those before others first (Tarjan's algorithm, without recursion)."""
    known = set(nodes)
    number: dict[Cell, int] = {}
    low: dict[Cell, int] = {}
    on_stack: set[Cell] = set()
    stack: list[Cell] = []
    found: list[list[Cell]] = []
    for root in reversed(nodes):
        if root in number:
            continue
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter(sorted(following(root) & known)))]
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in number:
                    number[other] = low[other] = len(number)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(sorted(following(other) & known))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], number[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    group = []
                    while True:
                        last = stack.pop()
                        on_stack.discard(last)
                        group.append(last)
                        if last == node:
                            break
                    found.append(group)
    found.reverse()
    return found
