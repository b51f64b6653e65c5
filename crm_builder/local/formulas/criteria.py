"""Criteria of COUNTIF and its family: ">=5", "<>x", wildcards; equality goes through an index built once."""

from __future__ import annotations

import operator
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from crm_builder.local.formulas.arrays import padded, read
from crm_builder.local.formulas.find import has_wildcards, wildcard
from crm_builder.local.formulas.ranges import Range
from crm_builder.local.formulas.values import FormulaError, Value, equality_key, number_of_text, to_text

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition on a cell. `keys` are the equality keys that meet it, None when it needs `matches`; `bound` is
    the sign and the number of one that compares numbers."""

    matches: Callable[[Value], bool]
    keys: tuple[object, ...] | None = None
    bound: tuple[str, float] | None = None


def criterion(value: Value) -> Criterion:
    """The condition that a criterion value stands for. A blank one means 0, text without an operator means equal."""
    if type(value) is str:
        return _of_text(value)
    if type(value) is FormulaError:
        return Criterion(lambda cell: type(cell) is FormulaError and cell.kind == value.kind)
    if type(value) is bool:
        return _equal((equality_key(value),))
    number = 0.0 if value is None else float(value)
    return _equal((number, str(to_text(number)).lower()))


def _equal(keys: tuple[object, ...]) -> Criterion:
    return Criterion(lambda cell: cell is not None and equality_key(cell) in keys, keys)


@lru_cache(maxsize=16384)
def _of_text(text: str) -> Criterion:
    sign = next((sign for sign in ("<>", "<=", ">=", "<", ">", "=") if text.startswith(sign)), "")
    operand = text[len(sign) :]
    if sign in _COMPARE:
        return _ordering(sign, operand)
    if operand == "":
        if sign == "":
            return Criterion(lambda cell: cell is None or cell == "")
        return Criterion((lambda cell: cell is None) if sign == "=" else (lambda cell: cell is not None))
    equal = _equality(operand)
    if sign == "<>":
        matches = equal.matches
        return Criterion(lambda cell: not matches(cell))
    return equal


def _equality(operand: str) -> Criterion:
    if has_wildcards(operand):
        match = wildcard(operand)
        return Criterion(lambda cell: type(cell) is str and match(cell))
    folded = operand.lower()
    if folded in ("true", "false"):
        return _equal(((folded == "true",), folded))
    number = number_of_text(operand)
    return _equal((folded,)) if number is None else _equal((number, folded))


def _ordering(sign: str, operand: str) -> Criterion:
    number, compare = number_of_text(operand), _COMPARE[sign]
    if number is not None:
        return Criterion(lambda cell: type(cell) is float and compare(cell, number), bound=(sign, number))
    folded = operand.lower()
    if folded == "":
        return Criterion(lambda cell: False)
    return Criterion(lambda cell: type(cell) is str and compare(cell.lower(), folded))


class Selection:
    """The cells of several ranges of one size, chosen by one criterion for each range."""

    def __init__(self, areas: tuple[Any, ...], more: tuple[Any, ...] = ()):
        everything = areas + more
        self.areas = areas
        sizes = [(area.rows, area.columns) if type(area) is Range else _size(area) for area in everything]
        held = [_size(read(area)) for area in everything]
        # An array made of an open range is as high as what the range holds, not as the range.
        self.same_size = len(set(sizes)) == 1 or len(set(held)) == 1
        self.rows, self.columns = max(one[0] for one in held), max(one[1] for one in held)
        self._beyond = sizes[0][0] * sizes[0][1] - self.rows * self.columns  # blank cells behind what was read
        self._identity = tuple(area if type(area) is Range else id(area) for area in areas)
        self._memory: dict[Any, Any] = {}
        cached = all(type(area) is Range for area in everything)
        self._keep = areas[0].index if cached else self._own

    def _own(self, key: Any, build: Callable[[Any], Any]) -> Any:
        if key not in self._memory:
            self._memory[key] = build(None)
        return self._memory[key]

    def flat(self, area: Any) -> list[Value]:
        """The values of one of the ranges, row by row, at the common size."""
        if type(area) is Range:
            key = ("flat", self.rows, self.columns)
            return area.index(key, lambda array: _flat(array, self.rows, self.columns))
        return _flat(read(area), self.rows, self.columns)

    def once(self, what: Any, criteria: tuple[Value, ...], build: Callable[[], Any]) -> Any:
        """build(), remembered for these ranges and criteria."""
        key = ("chosen", what, self._identity, tuple(map(_memory_key, criteria)))
        return self._keep(key, lambda _: build())

    def chosen(self, what: Any, criteria: tuple[Value, ...], build: Callable[[list[int]], Any]) -> Any:
        """build(positions of the chosen cells), remembered likewise."""
        return self.once(what, criteria, lambda: build(self.positions(criteria)))

    def positions(self, criteria: tuple[Value, ...]) -> list[int]:
        """The positions in the flat ranges where every criterion is met, ascending."""
        wanted = [criterion(value) for value in criteria]
        indexed = [place for place, one in enumerate(wanted) if one.keys is not None]
        if indexed:
            groups = self._groups(tuple(indexed))
            combinations = product(*(wanted[place].keys or () for place in indexed))
            lists = [groups[combination] for combination in combinations if combination in groups]
            chosen = lists[0] if len(lists) == 1 else sorted(place for one in lists for place in one)
        else:
            chosen = list(range(self.rows * self.columns))
        for place, one in enumerate(wanted):
            if one.keys is None:
                values, matches = self.flat(self.areas[place]), one.matches
                chosen = [position for position in chosen if matches(values[position])]
        return chosen

    def counted(self, criteria: tuple[Value, ...]) -> int:
        """How many cells meet every criterion; those of one comparison are found in the sorted numbers."""
        bound = criterion(criteria[0]).bound if len(criteria) == 1 else None
        if bound is None:
            return len(self.positions(criteria)) + self.beyond(criteria)
        sign, number = bound
        numbers = self._keep(("sorted numbers", self._identity), lambda _: self._sorted())
        place = (bisect_left if sign in ("<", ">=") else bisect_right)(numbers, number)
        return place if sign in ("<", "<=") else len(numbers) - place

    def _sorted(self) -> list[float]:
        return sorted(value for value in self.flat(self.areas[0]) if type(value) is float)

    def beyond(self, criteria: tuple[Value, ...]) -> int:
        """How many blank cells behind those that were read meet the criteria."""
        return self._beyond if all(criterion(value).matches(None) for value in criteria) else 0

    def _groups(self, places: tuple[int, ...]) -> dict[tuple[object, ...], list[int]]:
        def build(_: Any) -> dict[tuple[object, ...], list[int]]:
            columns = [[equality_key(value) for value in self.flat(self.areas[place])] for place in places]
            groups: dict[tuple[object, ...], list[int]] = {}
            for position, keys in enumerate(zip(*columns, strict=True)):
                groups.setdefault(keys, []).append(position)
            return groups

        return self._keep(("groups", self._identity, places), build)


def _memory_key(value: Value) -> object:
    return (type(value), value)


def _size(array: Any) -> tuple[int, int]:
    return (len(array), len(array[0])) if type(array) is list else (1, 1)


def _flat(array: list[list[Value]], rows: int, columns: int) -> list[Value]:
    if columns == 1:
        values = [row[0] for row in array]
        return values + [None] * (rows - len(values))
    return [value for row in padded(array, rows, columns, None) for value in row]
