"""The cells of one sheet: planes of blocks, read when they are needed, written back when they were changed.

Planes: "entered" (None, bool, float, str, Formula), "result" (what formulas gave, in their own cell and in the cells
they spill into), "format" (userEnteredFormat), "note" (str), "validation" (DataValidationRule), "extra" (dict with
hyperlink, textFormatRuns, pivotTable …). Rectangles are half-open and 0-based. What is read from the four last planes
is shared between cells: build a new value, never change the one you were given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from .bands import Bands
from .blocks import INTERNED, PLANES, Block, Formula, Interner, Rows, decode, empty_block, encode
from .structure import Structure

__all__ = ["Block", "BlockIO", "Formula", "Grid"]

_CACHED = 4096  # blocks kept in memory a sheet; about 16 million cells

Key = tuple[int, int]  # row band, column band
Limits = tuple[int, int]


class BlockIO(Protocol):
    """Where one sheet's blocks are kept."""

    def index(self, plane: int) -> dict[Key, Limits]: ...
    def formulas(self) -> dict[Key, dict[tuple[int, int], str]]: ...
    def load(self, plane: int, key: Key) -> bytes: ...
    def save(self, plane: int, key: Key, data: bytes, limits: Limits, formulas: dict[tuple[int, int], str]) -> None: ...
    def drop(self, plane: int, key: Key) -> None: ...


class Grid(Structure):
    """One sheet's cells. `insert`, `delete`, `move` and `resize` are in structure.py."""

    def __init__(self, io: BlockIO, interner: Interner, rows: Bands, columns: Bands, sparse: dict[str, dict]):
        self._io = io
        self._interner = interner
        self._bands = {"ROWS": rows, "COLUMNS": columns}
        self._sparse = {name: {int(at): value for at, value in sparse.get(name, {}).items()} for name in self._bands}
        self._cache: dict[tuple[str, Key], Block] = {}
        self._index: dict[str, dict[Key, Limits]] = {}
        self._stored_formulas: dict[Key, dict[tuple[int, int], str]] | None = None
        self._dropped: set[tuple[str, Key]] = set()
        self._with_formulas: bool | None = None
        self.collapsed: set[tuple[int, int]] = set()  # formulas whose spill a structural edit cut; to be computed again

    @property
    def rows(self) -> int:
        return len(self._bands["ROWS"])

    @property
    def columns(self) -> int:
        return len(self._bands["COLUMNS"])

    def dimension(self, dimension: str) -> dict[int, dict[str, Any]]:
        """Sparse properties a row or column ("ROWS", "COLUMNS"); change the dictionary itself, it is kept.

        {"pixelSize", "hiddenByUser", "developerMetadata": [{metadataId, metadataKey, metadataValue, visibility}]}.
        """
        return self._sparse[dimension]

    # -- reading ---------------------------------------------------------------------------------------------------

    def read(self, plane: str, r0: int, c0: int, r1: int, c1: int) -> Rows:
        """Dense rows of r0:r1, c0:c1; None is empty, cells beyond the grid are None too."""
        width = max(c1 - c0, 0)
        columns = list(self._bands["COLUMNS"].spans(c0, c1))
        out: Rows = []
        for row_band, low, high in self._bands["ROWS"].spans(r0, r1):
            parts = [(self._block(plane, (row_band, band)), left, right) for band, left, right in columns]
            if all(block is None for block, _, _ in parts):
                out.extend([None] * width for _ in range(high - low))
                continue
            for at in range(low, high):
                row: list[Any] = []
                for block, left, right in parts:
                    row += block.rows[at][left:right] if block else [None] * (right - left)
                row += [None] * (width - len(row))
                out.append(row)
        out.extend([None] * width for _ in range(max(r1 - r0, 0) - len(out)))
        if plane in INTERNED:
            out = self._interner.values(out)
        return out

    def extent(self, plane: str = "entered") -> Limits:
        """Rows and columns up to which the plane holds anything."""
        rows = columns = 0
        starts = {name: bands.begins() for name, bands in self._bands.items()}
        for (row_band, column_band), (height, width) in self._limits(plane):
            if height:
                rows = max(rows, starts["ROWS"][row_band] + height)
                columns = max(columns, starts["COLUMNS"][column_band] + width)
        return rows, columns

    def formulas(self) -> Mapping[tuple[int, int], str]:
        """Every formula's place and text, without reading the blocks."""
        return dict(self.formulas_in(0, 0, self.rows, self.columns))

    def has_formulas(self) -> bool:
        """False as long as no formula was ever in the grid since it was opened."""
        if self._with_formulas is None:
            if self._stored_formulas is None:
                self._stored_formulas = self._io.formulas()
            self._with_formulas = any(self._stored_formulas.values())
        return self._with_formulas

    def formulas_in(self, r0: int, c0: int, r1: int, c1: int) -> Iterator[tuple[tuple[int, int], str]]:
        """Place and text of every formula inside r0:r1, c0:c1."""
        if self._stored_formulas is None:
            self._stored_formulas = self._io.formulas()
        columns = list(self._placed("COLUMNS", c0, c1))
        for row_band, low, high, top in self._placed("ROWS", r0, r1):
            for column_band, left, right, edge in columns:
                key = row_band, column_band
                block = self._cache.get(("entered", key))
                found = block.formulas if block else self._stored_formulas.get(key)
                for (row, column), text in list(found.items()) if found else ():
                    if low <= row < high and left <= column < right:
                        yield (top + row, edge + column), text

    # -- writing ---------------------------------------------------------------------------------------------------

    def write(self, plane: str, r0: int, c0: int, rows: Rows) -> None:
        """Puts dense rows at r0, c0. The grid must hold them (IndexError): grow it first."""
        width = max(map(len, rows), default=0)
        if r0 < 0 or c0 < 0 or r0 + len(rows) > self.rows or c0 + width > self.columns:
            raise IndexError(f"{len(rows)} x {width} cells at {r0}, {c0} leave a grid of {self.rows} x {self.columns}")
        area = (r0, c0, r0 + len(rows), c0 + width)
        before = self._anchored(plane, *area)
        if plane in INTERNED:
            rows = self._interner.numbers(rows)
        if plane == "entered":
            self._forget_results(*area)
            rows = [[float(cell) if type(cell) is int else cell for cell in row] for row in rows]
        self._put(plane, r0, c0, rows, width)
        self._settle(plane, before, *area)

    def fill(self, plane: str, r0: int, c0: int, r1: int, c1: int, value: Any) -> None:
        """Every cell of r0:r1, c0:c1 gets the value; None empties. Cells beyond the grid are left out."""
        r1, c1 = min(r1, self.rows), min(c1, self.columns)
        if value is not None and plane not in INTERNED and r1 > r0 and c1 > c0:
            return self.write(plane, r0, c0, [[value] * (c1 - c0) for _ in range(r1 - r0)])
        before = self._anchored(plane, r0, c0, r1, c1)
        number = self._interner.number(value) if plane in INTERNED else None
        if plane == "entered":
            self._forget_results(r0, c0, r1, c1)
        for key, low, high, left, right in self._areas(r0, c0, r1, c1):
            block = self._block(plane, key)
            if block is None and number is None:
                continue
            block = block or self._create(plane, key)
            for row in block.rows[low:high]:
                row[left:right] = [number] * (right - left)
            if plane == "entered":
                _note_formulas(block, low, high, left, right)
            block.touch()
        self._settle(plane, before, r0, c0, r1, c1)
        return None

    def update(
        self, plane: str, r0: int, c0: int, r1: int, c1: int, function: Callable[[Any], Any], *, empty: bool = True
    ) -> None:
        """Each cell becomes function(old). On the shared planes equal old values are computed once."""
        r1, c1 = min(r1, self.rows), min(c1, self.columns)
        if r1 <= r0 or c1 <= c0:
            return
        if plane not in INTERNED:
            self.write(plane, r0, c0, [[function(cell) for cell in row] for row in self.read(plane, r0, c0, r1, c1)])
            return
        before = self._anchored(plane, r0, c0, r1, c1)
        known: dict[int | None, int | None] = {}

        def computed(old: int | None) -> int | None:
            if old not in known:
                known[old] = self._interner.number(function(self._interner.value(old)))
            return known[old]

        for key, low, high, left, right in self._areas(r0, c0, r1, c1):
            block = self._block(plane, key)
            if block is None and computed(None) is None:
                continue
            block = block or self._create(plane, key)
            for row in block.rows[low:high]:
                row[left:right] = [computed(old) for old in row[left:right]]
            block.touch()
        self._settle(plane, before, r0, c0, r1, c1)

    def clear_result(self, row: int, column: int) -> None:
        """Takes away what the formula at that place gave, the cells it spilled into included."""
        spill = self.read("spill", row, column, row + 1, column + 1)[0][0]
        height, width = spill or (1, 1)
        if spill:
            self._put("spill", row, column, [[None]], 1)
            own = self._others(row, column, height, width)
            kept = [(at, self.read("result", *at, at[0] + 1, at[1] + 1)) for at in own]
            self.fill("result", row, column, row + height, column + width, None)
            for at, value in kept:
                self._put("result", *at, value, 1)
        else:
            self.fill("result", row, column, row + 1, column + 1, None)

    def set_result(self, row: int, column: int, array: Rows) -> None:
        """Stores what the formula at that place gave, in place of what it gave before; what leaves the grid is cut."""
        self.clear_result(row, column)
        width = min(len(array[0]), self.columns - column)
        rows = [list(line[:width]) for line in array[: self.rows - row]]
        if len(rows) > 1 or width > 1:
            self._put("spill", row, column, [[[len(rows), width]]], 1)
            for r, c in self._others(row, column, len(rows), width):
                rows[r - row][c - column] = self.read("result", r, c, r + 1, c + 1)[0][0]
        self._put("result", row, column, rows, width)

    # -- blocks ----------------------------------------------------------------------------------------------------

    def _placed(self, dimension: str, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        """Spans with the index at which their band begins."""
        bands = self._bands[dimension]
        begins = bands.begins()
        for band, low, high in bands.spans(start, end):
            yield band, low, high, begins[band]

    def _areas(self, r0: int, c0: int, r1: int, c1: int) -> Iterator[tuple[Key, int, int, int, int]]:
        columns = list(self._bands["COLUMNS"].spans(c0, c1))
        for row_band, low, high in self._bands["ROWS"].spans(r0, r1):
            for column_band, left, right in columns:
                yield (row_band, column_band), low, high, left, right

    def _put(self, plane: str, r0: int, c0: int, rows: Rows, width: int) -> None:
        row_at = 0
        columns = list(self._bands["COLUMNS"].spans(c0, c0 + width))
        for row_band, low, high in self._bands["ROWS"].spans(r0, r0 + len(rows)):
            part = rows[row_at : row_at + high - low]
            row_at += high - low
            column_at = 0
            for column_band, left, right in columns:
                end = column_at + right - left
                key = row_band, column_band
                block = self._block(plane, key) or self._create(plane, key)
                for target, source in zip(block.rows[low:high], part, strict=True):
                    if len(source) >= end:
                        target[left:right] = source[column_at:end]
                    else:  # a short row leaves the cells after it alone
                        cells = source[column_at:end]
                        target[left : left + len(cells)] = cells
                if plane == "entered":
                    _note_formulas(block, low, high, left, right)
                    if block.formulas:
                        self._with_formulas = True
                block.touch()
                column_at = end

    def _forget_results(self, r0: int, c0: int, r1: int, c1: int) -> None:
        for at, _ in list(self.formulas_in(r0, c0, r1, c1)):
            self.clear_result(*at)

    def _plane_index(self, plane: str) -> dict[Key, Limits]:
        if plane not in self._index:
            self._index[plane] = self._io.index(PLANES[plane])
        return self._index[plane]

    def _limits(self, plane: str) -> list[tuple[Key, Limits]]:
        index = self._plane_index(plane)
        for key in index:
            block = self._cache.get((plane, key))
            if block is not None and block.dirty:
                index[key] = block.limits()
        return list(index.items())

    def _block(self, plane: str, key: Key) -> Block | None:
        block = self._cache.get((plane, key))
        if block is not None or key not in self._plane_index(plane):
            return block
        block = decode(self._io.load(PLANES[plane], key), self._bands["ROWS"].size(key[0]), self._width(key))
        if len(self._cache) >= _CACHED:
            clean = [name for name, held in self._cache.items() if not held.dirty][: _CACHED // 4]
            for name in clean:
                del self._cache[name]
        self._cache[plane, key] = block
        return block

    def _width(self, key: Key) -> int:
        return self._bands["COLUMNS"].size(key[1])

    def _create(self, plane: str, key: Key) -> Block:
        block = empty_block(self._bands["ROWS"].size(key[0]), self._width(key))
        self._place(plane, key, block)
        return block

    def _place(self, plane: str, key: Key, block: Block) -> None:
        self._plane_index(plane)[key] = (0, 0)
        self._cache[plane, key] = block
        self._dropped.discard((plane, key))
        block.touch()

    def _drop(self, plane: str, key: Key) -> None:
        if self._plane_index(plane).pop(key, None) is not None:
            self._cache.pop((plane, key), None)
            self._dropped.add((plane, key))
        if plane == "entered" and self._stored_formulas:
            self._stored_formulas.pop(key, None)

    def state(self) -> dict[str, Any]:
        """What the store keeps beside the blocks: bands and sparse properties."""
        return {
            "rows": [self._bands["ROWS"].next_id, self._bands["ROWS"].items],
            "columns": [self._bands["COLUMNS"].next_id, self._bands["COLUMNS"].items],
            "sparse": self._sparse,
        }

    def flush(self) -> None:
        """Hands every changed block to the store; empty ones are dropped."""
        changed = [(name, block) for name, block in self._cache.items() if block.dirty]
        for (plane, key), block in changed:
            if block.limits() == (0, 0):
                self._drop(plane, key)
                continue
            self._io.save(PLANES[plane], key, encode(block), block.limits(), block.formulas)
            self._plane_index(plane)[key] = block.limits()
            if plane == "entered" and self._stored_formulas is not None:
                self._stored_formulas[key] = block.formulas
            block.dirty = False
        for plane, key in self._dropped:
            self._io.drop(PLANES[plane], key)
        self._dropped.clear()


def _note_formulas(block: Block, low: int, high: int, left: int, right: int) -> None:
    """Brings the block's list of formulas up to date for the cells that were just written."""
    if block.formulas:
        block.formulas = {
            at: text for at, text in block.formulas.items() if not (low <= at[0] < high and left <= at[1] < right)
        }
    for row in range(low, high):
        cells = block.rows[row]
        for column in range(left, right):
            if type(cells[column]) is Formula:
                block.formulas[row, column] = str(cells[column])
