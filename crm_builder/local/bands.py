"""The rows or columns of one grid as a list of bands, so that an insert, delete or move touches one band, not the rest.

A band is [id, size]; blocks of cells are stored under the ids of their row band and column band and therefore stay
where they are when other bands come, go or change places.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

Span = tuple[int, int, int]  # band id, from, to (half-open, inside the band)


class Bands:
    """An ordered list of bands; `standard` is the size a fresh band is given."""

    def __init__(self, standard: int, items: list[list[int]] | None = None, next_id: int = 0):
        self.standard = standard
        self.items = items if items is not None else []
        self.next_id = next_id
        self._starts: list[int] | None = None
        self._size: dict[int, int] | None = None
        self._begins: dict[int, int] | None = None

    def __len__(self) -> int:
        starts = self.starts()
        return starts[-1] + self.items[-1][1] if starts else 0

    def starts(self) -> list[int]:
        """The index at which each band begins."""
        if self._starts is None:
            self._starts = [0, *accumulate(size for _, size in self.items)][: len(self.items)]
        return self._starts

    def changed(self) -> None:
        """Forgets the computed starts and sizes after `items` was edited."""
        self._starts = self._size = self._begins = None

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """The parts of bands that make up start:end, in order; what lies beyond the last band is left out."""
        if start >= end or not self.items:
            return
        starts = self.starts()
        for at in range(max(bisect_right(starts, start) - 1, 0), len(self.items)):
            first = starts[at]
            if first >= end:
                return
            band, size = self.items[at]
            low, high = max(start - first, 0), min(end - first, size)
            if low < high:
                yield band, low, high

    def add(self, at: int, size: int) -> None:
        """Puts fresh bands of together `size` before the band at list position `at`."""
        fresh = []
        while size > 0:
            part = min(size, self.standard)
            fresh.append([self.next_id, part])
            self.next_id += 1
            size -= part
        self.items[at:at] = fresh
        self.changed()

    def position(self, index: int) -> int:
        """The list position of the band that begins exactly at `index` (cut there first), or the end of the list."""
        starts = self.starts()
        at = bisect_right(starts, index) - 1
        return at if at >= 0 and starts[at] == index else at + 1

    def begins(self) -> dict[int, int]:
        """The index at which the band with that id begins."""
        if self._begins is None:
            self._begins = dict(zip((band for band, _ in self.items), self.starts(), strict=True))
        return self._begins

    def size(self, band: int) -> int:
        """The number of rows or columns in the band with that id."""
        return self._sizes()[band]

    def _sizes(self) -> dict[int, int]:
        if self._size is None:
            self._size = {band: size for band, size in self.items}
        return self._size
