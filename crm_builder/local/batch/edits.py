"""Structural edits as arithmetic: where an index, a span or a GridRange is found after rows or columns changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..formulas.references import MoveDimension, span_after
from ..structure import moved_to
from .ranges import AXES, ROWS

INSERT, DELETE, MOVE = "insert", "delete", "move"


@dataclass(frozen=True, slots=True)
class Edit:
    """Rows or columns start:end of one sheet inserted, deleted or moved before `destination` (read before the move)."""

    kind: str  # INSERT, DELETE or MOVE
    sheet_id: int
    dimension: str  # "ROWS" or "COLUMNS"
    start: int
    end: int
    size: int  # rows or columns of the grid before the edit
    destination: int = 0

    @property
    def count(self) -> int:
        return self.end - self.start

    @property
    def size_after(self) -> int:
        return self.size + {INSERT: self.count, DELETE: -self.count, MOVE: 0}[self.kind]

    def index(self, at: int) -> int | None:
        """Where one row or column is afterwards; None when it is gone."""
        if self.kind == INSERT:
            return at + self.count if at >= self.start else at
        if self.kind == DELETE:
            return at if at < self.start else None if at < self.end else at - self.count
        return moved_to(at, self.start, self.end, self.destination)

    def origin(self, at: int) -> int | None:
        """Where the row or column that is at `at` afterwards was before; None when it is new."""
        if self.kind == INSERT:
            return at if at < self.start else None if at < self.end else at - self.count
        if self.kind == DELETE:
            return at if at < self.start else at + self.count
        landed = moved_to(self.start, self.start, self.end, self.destination)
        return moved_to(at, landed, landed + self.count, self.start if landed > self.start else self.end)

    def span(self, start: int | None, end: int | None) -> tuple[int | None, int | None] | None:
        """The span afterwards, open sides staying open; None when nothing is left of it.

        Cells inserted inside a span belong to it, cells inserted before its first or after its last do not. A span
        that moves whole keeps its cells, of another one the ends are followed.
        """
        low, high = start or 0, self.size if end is None else end
        if self.kind == INSERT:
            first = low + self.count if low >= self.start and (low or start is not None) else low
            last = high + self.count if high > self.start else high
        elif self.kind == DELETE:
            first = low - max(0, min(low, self.end) - self.start)
            last = high - max(0, min(high, self.end) - self.start)
            if first >= last:
                return None
        else:
            first, last = self._moved_span(low, high)
        if start is None and end is None:
            return None, None
        if start is None:
            return None, last
        if end is None:
            return (first, None) if first < self.size_after else None
        return first, last

    def _moved_span(self, low: int, high: int) -> tuple[int, int]:
        """As references in formulas do, so that a name and a reference to the same cells stay the same."""
        after = span_after(low, high, MoveDimension("", self.dimension, self.start, self.end, self.destination))
        assert after is not None and after[1] is not None  # a move takes nothing away
        return after[0], after[1]

    def area(self, grid_range: dict[str, Any]) -> dict[str, Any] | None:
        """As range(), for what lies over an area, such as a filter: what moves inside of it does not change it."""
        if self.kind == MOVE and grid_range.get("sheetId", 0) == self.sheet_id:
            _, first, last = AXES[0 if self.dimension == ROWS else 1]
            low, high = grid_range.get(first, 0), grid_range.get(last, self.size)
            if low <= min(self.start, self.destination) and max(self.end, self.destination) <= high:
                return grid_range
        return self.range(grid_range)

    def range(self, grid_range: dict[str, Any]) -> dict[str, Any] | None:
        """The GridRange afterwards; None when none of its cells is left."""
        if grid_range.get("sheetId", 0) != self.sheet_id:
            return grid_range
        _, first, last = AXES[0 if self.dimension == ROWS else 1]
        if first not in grid_range and last not in grid_range:
            return grid_range
        after = self.span(grid_range.get(first), grid_range.get(last))
        if after is None:
            return None
        out = {key: value for key, value in grid_range.items() if key not in (first, last)}
        if after[0] is not None:
            out[first] = after[0]
        if after[1] is not None:
            out[last] = after[1]
        return {key: out[key] for key in grid_range if key in out} | out
