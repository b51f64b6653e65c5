"""One block of cells of one plane, and its stored form: compact JSON, compressed.

Planes "entered" and "result" hold plain values; the planes in INTERNED hold numbers that stand for equal values kept
once a spreadsheet (a format that a hundred thousand cells share is stored once).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from typing import Any

from .errors import Damaged
from .formulas.values import FormulaError

PLANES = {"entered": 0, "result": 1, "format": 2, "note": 3, "validation": 4, "extra": 5, "spill": 6}
INTERNED = frozenset({"format", "note", "validation", "extra"})

Rows = list[list[Any]]


class Formula(str):
    """An entered formula; its text begins with "="."""

    __slots__ = ()


class Block:
    """Cells of a band of rows and a band of columns; `rows` is dense, None is an empty cell."""

    __slots__ = ("_limits", "_marks", "dirty", "formulas", "rows")

    def __init__(self, rows: Rows, formulas: dict[tuple[int, int], str] | None = None):
        self.rows = rows
        self.formulas = formulas if formulas is not None else {}
        self.dirty = False
        self._limits: tuple[int, int] | None = None
        self._marks: list[tuple[int, int, int]] | None = None

    def touch(self) -> None:
        """To be called after every change of `rows`."""
        self.dirty = True
        self._limits = self._marks = None

    def marks(self, numbers: Collection[int]) -> list[tuple[int, int, int]]:
        """Row, column and number of the cells of an interned plane that hold one of the numbers, which never leave."""
        if self._marks is None:
            self._marks = _marked(self, numbers)
        return self._marks

    def limits(self) -> tuple[int, int]:
        """Rows and columns up to which the block holds anything; (0, 0) when it is empty."""
        if self._limits is None:
            rows = columns = 0
            for index, row in enumerate(self.rows):
                width = len(row)
                while width and row[width - 1] is None:
                    width -= 1
                if width:
                    rows = index + 1
                    columns = max(columns, width)
            self._limits = rows, columns
        return self._limits


def _marked(block: Block, numbers: Collection[int]) -> list[tuple[int, int, int]]:
    return [
        (row, column, number)
        for row, cells in enumerate(block.rows)
        for column, number in enumerate(cells)
        if number is not None and number in numbers
    ]


def empty_block(height: int, width: int) -> Block:
    return Block([[None] * width for _ in range(height)])


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is Formula:
        return {"f": str(value)}
    if kind is FormulaError:
        return {"e": [value.kind, value.message]}
    return value


def encode(block: Block) -> bytes:
    """The stored form: rows cut after the last filled cell, a formula as {"f": …}, an error as {"e": […]}."""
    height, width = block.limits()
    special = (Formula, FormulaError)
    rows = []
    for row in block.rows[:height]:
        cells = row[:width]
        while cells and cells[-1] is None:
            cells.pop()
        if any(type(value) in special for value in cells):
            cells = [_plain(value) for value in cells]
        rows.append(cells)
    text = json.dumps(rows, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return zlib.compress(text.encode(), 1)


def _rich(value: Any) -> Any:
    if type(value) is not dict:
        return value
    if "f" in value:
        return Formula(value["f"])
    kind, message = value["e"]
    return FormulaError(kind, message)


def decode(data: bytes, height: int, width: int) -> Block:
    """The block stored as `data`, filled up to height x width. Damaged where it is not what was written."""
    try:
        return _decoded(data, height, width)
    except (zlib.error, ValueError, TypeError, KeyError) as error:
        raise Damaged(f"cells cannot be read ({error})") from error


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _decoded(data: bytes, height: int, width: int) -> Block:
    rows: Rows = json.loads(zlib.decompress(data), parse_constant=_no_number)
    formulas: dict[tuple[int, int], str] = {}
    for index, row in enumerate(rows):
        if any(type(value) is dict for value in row):
            row[:] = [_rich(value) for value in row]
            for column, value in enumerate(row):
                if type(value) is Formula:
                    formulas[index, column] = str(value)
        if len(row) < width:
            row.extend([None] * (width - len(row)))
    rows.extend([None] * width for _ in range(height - len(rows)))
    return Block(rows, formulas)


def _is_pivot(value: Any) -> bool:
    return isinstance(value, dict) and "pivotTable" in value


class Interner:
    """Equal JSON values of one spreadsheet, kept once under a number. What is handed out is shared: never change it."""

    def __init__(self, stored: dict[int, str]):
        """`stored` is text by number. Damaged where a number is missing or a text cannot be read."""
        try:
            self._values = {number: json.loads(text) for number, text in stored.items()}
        except (ValueError, TypeError) as error:
            raise Damaged(f"a format, note or rule of cells cannot be read ({error})") from error
        self._numbers = {text: number for number, text in stored.items()}
        if stored.keys() != set(range(len(self._numbers))):  # they are given out in order and never taken back
            raise Damaged("a format, note or rule of cells is missing")
        # By identity: the values handed out live as long as this object, so no other value has their id.
        self._known = {id(value): number for number, value in self._values.items()}
        self.pivots = {number for number, value in self._values.items() if _is_pivot(value)}
        self.fresh: dict[int, str] = {}

    def number(self, value: Any) -> int | None:
        if value is None:
            return None
        number = self._known.get(id(value))
        if number is not None:
            return number
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        number = self._numbers.get(text)
        if number is None:
            number = len(self._numbers)
            self._numbers[text] = number
            self._values[number] = own = json.loads(text)
            self._known[id(own)] = number
            self.fresh[number] = text
            if _is_pivot(own):
                self.pivots.add(number)
        return number

    def numbers(self, rows: Rows) -> Rows:
        """The numbers of a block of values, each object looked at once: often all cells share one."""
        known: dict[int, int | None] = {id(None): None}
        out = []
        for row in rows:
            for cell in row:
                if id(cell) not in known:
                    known[id(cell)] = self.number(cell)
            out.append([known[id(cell)] for cell in row])
        return out

    def values(self, rows: Rows) -> Rows:
        """The values of a block of numbers. Damaged where one is missing."""
        known = self._values
        try:
            return [[None if number is None else known[number] for number in row] for row in rows]
        except KeyError:
            raise Damaged("a format, note or rule of cells is missing") from None

    def value(self, number: int | None) -> Any:
        try:
            return None if number is None else self._values[number]
        except KeyError:
            raise Damaged("a format, note or rule of cells is missing") from None
