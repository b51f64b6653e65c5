"""Structural edits of a grid: rows or columns inserted, deleted, moved, added or taken away at the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from .anchors import Anchors
from .bands import Bands
from .blocks import PLANES, Block

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .blocks import Rows

Key = tuple[int, int]


class Structure(Anchors):
    """The part of Grid that changes its shape; works on bands and on the few blocks in the bands an edit cuts."""

    _bands: dict[str, Bands]
    _sparse: dict[str, dict[int, dict[str, Any]]]
    collapsed: set[tuple[int, int]]

    if TYPE_CHECKING:  # given by Grid

        def formulas(self) -> Mapping[tuple[int, int], str]: ...
        def formulas_in(self, r0: int, c0: int, r1: int, c1: int) -> Iterator[tuple[tuple[int, int], str]]: ...
        def read(self, plane: str, r0: int, c0: int, r1: int, c1: int) -> Rows: ...
        def extent(self, plane: str = "entered") -> tuple[int, int]: ...
        def clear_result(self, row: int, column: int) -> None: ...
        def _plane_index(self, plane: str) -> dict[Key, tuple[int, int]]: ...
        def _block(self, plane: str, key: Key) -> Block | None: ...
        def _place(self, plane: str, key: Key, block: Block) -> None: ...
        def _drop(self, plane: str, key: Key) -> None: ...

    def insert(self, dimension: str, start: int, end: int) -> None:
        """Empty rows or columns at start:end; what was at `start` moves to `end`."""
        bands, count = self._bands[dimension], end - start
        if count <= 0 or not 0 <= start <= len(bands):
            raise IndexError(f"{dimension} {start}:{end} cannot be inserted among {len(bands)}")
        if start == len(bands):
            self.resize(**{"rows" if dimension == "ROWS" else "columns": len(bands) + count})
            return
        self._edit(dimension, start, start, lambda at: at + count if at >= start else at)
        band, offset, _ = next(bands.spans(start, start + 1))
        if bands.size(band) + count <= 2 * bands.standard:
            self._resize_band(
                dimension, band, bands.size(band) + count, lambda block: _insert(block, dimension, offset, count)
            )
        else:
            self._cut(dimension, start)
            bands.add(bands.position(start), count)

    def delete(self, dimension: str, start: int, end: int) -> None:
        """Takes rows or columns start:end away; what was at `end` moves to `start`."""
        bands, count = self._bands[dimension], end - start
        if count <= 0 or start < 0 or end > len(bands):
            raise IndexError(f"{dimension} {start}:{end} cannot be deleted among {len(bands)}")
        self._edit(dimension, start, end, lambda at: None if start <= at < end else at - count if at >= end else at)
        for band, low, high in list(bands.spans(start, end)):
            size = bands.size(band)
            if high - low == size:
                for plane, key in self._blocks_of(dimension, band):
                    self._drop(plane, key)
                bands.items = [item for item in bands.items if item[0] != band]
                bands.changed()
            else:
                self._resize_band(
                    dimension, band, size - high + low, partial(_remove, dimension=dimension, start=low, end=high)
                )

    def move(self, dimension: str, start: int, end: int, destination: int) -> None:
        """Rows or columns start:end go before what is at `destination`, an index before they are taken out."""
        bands, count = self._bands[dimension], end - start
        if count <= 0 or start < 0 or end > len(bands) or not 0 <= destination <= len(bands):
            raise IndexError(f"{dimension} {start}:{end} cannot be moved to {destination} among {len(bands)}")
        if start <= destination <= end:
            return
        self._edit(
            dimension, min(start, destination), max(end, destination), lambda at: moved_to(at, start, end, destination)
        )
        for at in sorted((start, end, destination), reverse=True):
            self._cut(dimension, at)
        first, last, target = bands.position(start), bands.position(end), bands.position(destination)
        taken = bands.items[first:last]
        if target > first:
            bands.items[first:target] = bands.items[last:target] + taken
        else:
            bands.items[target:last] = taken + bands.items[target:first]
        bands.changed()

    def resize(self, rows: int | None = None, columns: int | None = None) -> None:
        """Adds at the end or takes away from the end until the grid has that many rows and columns."""
        for dimension, wanted in (("ROWS", rows), ("COLUMNS", columns)):
            bands = self._bands[dimension]
            size = len(bands)
            if wanted is None or wanted == size:
                continue
            if wanted < size:
                self.delete(dimension, wanted, size)
                continue
            missing = wanted - size
            if bands.items and bands.items[-1][1] < bands.standard:
                band, old = bands.items[-1]
                grown = min(bands.standard - old, missing)
                self._resize_band(
                    dimension, band, old + grown, partial(_insert, dimension=dimension, at=old, count=grown)
                )
                missing -= grown
            bands.add(len(bands.items), missing)

    # -- parts -----------------------------------------------------------------------------------------------------

    def _edit(self, dimension: str, start: int, end: int, shifted: Callable[[int], int | None]) -> None:
        """Carries the sparse properties along, and takes away spills that the edit of start:end cuts through."""
        self._sparse[dimension] = {
            new: value for at, value in self._sparse[dimension].items() if (new := shifted(at)) is not None
        }
        axis = 0 if dimension == "ROWS" else 1
        carried = set()
        for anchor in self.collapsed:
            new = shifted(anchor[axis])
            if new is not None:
                carried.add((new, anchor[1]) if axis == 0 else (anchor[0], new))
        for anchor, size in self.spills():
            first, last = anchor[axis], anchor[axis] + size[axis]
            inside = first < start < last if start == end else first < end and start < last
            if inside:
                self.clear_result(*anchor)
                new = shifted(first)
                if new is not None:
                    carried.add((new, anchor[1]) if axis == 0 else (anchor[0], new))
        self.collapsed = carried

    def spills(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Anchor and size of every formula that spills."""
        found = []
        starts = {name: bands.begins() for name, bands in self._bands.items()}
        for key in list(self._plane_index("spill")):
            block = self._block("spill", key)
            top, left = starts["ROWS"][key[0]], starts["COLUMNS"][key[1]]
            for r, row in enumerate(block.rows if block else ()):
                for c, size in enumerate(row):
                    if size is not None:
                        found.append(((top + r, left + c), (size[0], size[1])))
        return found

    def _blocks_of(self, dimension: str, band: int) -> list[tuple[str, Key]]:
        axis = 0 if dimension == "ROWS" else 1
        return [(plane, key) for plane in PLANES for key in self._plane_index(plane) if key[axis] == band]

    def _resize_band(self, dimension: str, band: int, size: int, change: Callable[[Block], None]) -> None:
        for plane, key in self._blocks_of(dimension, band):
            block = self._block(plane, key)
            if block is not None:
                change(block)
                block.touch()
        bands = self._bands[dimension]
        bands.items = [[name, size if name == band else old] for name, old in bands.items]
        bands.changed()

    def _cut(self, dimension: str, index: int) -> None:
        """Splits the band that `index` lies inside, so that a band begins there."""
        bands = self._bands[dimension]
        span = next(bands.spans(index, index + 1), None)
        if span is None or span[1] == 0:
            return
        band, offset, _ = span
        size, fresh = bands.size(band), bands.next_id
        bands.next_id += 1
        for plane, key in self._blocks_of(dimension, band):
            block = self._block(plane, key)
            if block is None:
                continue
            tail = _copy(block)
            _remove(tail, dimension, 0, offset)
            _remove(block, dimension, offset, size)
            block.touch()
            self._place(plane, (fresh, key[1]) if dimension == "ROWS" else (key[0], fresh), tail)
        at = next(i for i, item in enumerate(bands.items) if item[0] == band)
        bands.items[at : at + 1] = [[band, offset], [fresh, size - offset]]
        bands.changed()


def moved_to(at: int, start: int, end: int, destination: int) -> int:
    """Where index `at` is found after start:end was moved before `destination` (an index before the move)."""
    count = end - start
    if start <= destination <= end:
        return at
    if start <= at < end:
        return at - start + (destination if destination < start else destination - count)
    if destination <= at < start:
        return at + count
    if end <= at < destination:
        return at - count
    return at


def _copy(block: Block) -> Block:
    return Block([list(row) for row in block.rows], dict(block.formulas))


def _insert(block: Block, dimension: str, at: int, count: int) -> None:
    axis = 0 if dimension == "ROWS" else 1
    if axis == 0:
        width = len(block.rows[0]) if block.rows else 0
        block.rows[at:at] = [[None] * width for _ in range(count)]
    else:
        for row in block.rows:
            row[at:at] = [None] * count
    block.formulas = {_shift(cell, axis, at, count): text for cell, text in block.formulas.items()}


def _remove(block: Block, dimension: str, start: int, end: int) -> None:
    axis = 0 if dimension == "ROWS" else 1
    if axis == 0:
        del block.rows[start:end]
    else:
        for row in block.rows:
            del row[start:end]
    kept = {cell: text for cell, text in block.formulas.items() if not start <= cell[axis] < end}
    block.formulas = {_shift(cell, axis, end, start - end): text for cell, text in kept.items()}


def _shift(cell: tuple[int, int], axis: int, start: int, by: int) -> tuple[int, int]:
    if cell[axis] < start:
        return cell
    return (cell[0] + by, cell[1]) if axis == 0 else (cell[0], cell[1] + by)
