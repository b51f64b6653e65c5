"""The anchors of a sheet's pivot tables: the cells whose "extra" holds the definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .bands import Bands
    from .blocks import Block, Interner, Rows

Place = tuple[int, int]  # row, column


class Anchors:
    """The part of Grid that knows pivot tables: a definition and typed content are never in one cell."""

    _bands: dict[str, Bands]
    _interner: Interner

    if TYPE_CHECKING:  # given by Grid

        def read(self, plane: str, r0: int, c0: int, r1: int, c1: int) -> Rows: ...
        def fill(self, plane: str, r0: int, c0: int, r1: int, c1: int, value: Any) -> None: ...
        def write(self, plane: str, r0: int, c0: int, rows: Rows) -> None: ...
        def formulas_in(self, r0: int, c0: int, r1: int, c1: int) -> Iterator[tuple[Place, str]]: ...
        def clear_result(self, row: int, column: int) -> None: ...
        def _plane_index(self, plane: str) -> dict[Place, tuple[int, int]]: ...
        def _block(self, plane: str, key: Place) -> Block | None: ...

    def pivots(self) -> Mapping[Place, dict[str, Any]]:
        """Every pivot table's definition by the place of its anchor."""
        numbers = self._interner.pivots
        if not numbers or not self._plane_index("extra"):
            return {}
        found = {}
        rows, columns = self._bands["ROWS"].begins(), self._bands["COLUMNS"].begins()
        for key in list(self._plane_index("extra")):
            block = self._block("extra", key)
            for row, column, number in block.marks(numbers) if block else ():
                found[rows[key[0]] + row, columns[key[1]] + column] = self._interner.value(number)["pivotTable"]
        return found

    def pivots_in(self, r0: int, c0: int, r1: int, c1: int) -> list[Place]:
        """The anchors inside r0:r1, c0:c1."""
        if not self._interner.pivots:
            return []
        return [at for at in self.pivots() if r0 <= at[0] < r1 and c0 <= at[1] < c1]

    def _others(self, row: int, column: int, height: int, width: int) -> list[Place]:
        """What has a result of its own in an area, other than its first cell."""
        area = (row, column, row + height, column + width)
        found = [at for at, _ in self.formulas_in(*area)] + self.pivots_in(*area)
        return [at for at in found if at != (row, column)]

    def drop_pivots(self, r0: int, c0: int, r1: int, c1: int) -> None:
        """Takes away the pivot tables whose anchors are in the area, and their output."""
        for row, column in self.pivots_in(r0, c0, r1, c1):
            extra = self.read("extra", row, column, row + 1, column + 1)[0][0]
            kept = {name: value for name, value in extra.items() if name != "pivotTable"}
            self.write("extra", row, column, [[kept or None]])

    def _anchored(self, plane: str, r0: int, c0: int, r1: int, c1: int) -> list[Place]:
        """What _settle() is to be told of an area: the anchors before a plane of it is written."""
        return self.pivots_in(r0, c0, r1, c1) if plane in ("entered", "extra") else []

    def _settle(self, plane: str, before: list[Place], r0: int, c0: int, r1: int, c1: int) -> None:
        """After a plane was written: the output of what is gone goes; of definition and content the newer one stays."""
        if plane == "extra":
            now = self.pivots_in(r0, c0, r1, c1)
            for at in set(before) - set(now):
                self.clear_result(*at)
            for row, column in now:
                if self.read("entered", row, column, row + 1, column + 1)[0][0] is not None:
                    self.fill("entered", row, column, row + 1, column + 1, None)
        elif plane == "entered":
            for row, column in before:
                if self.read("entered", row, column, row + 1, column + 1)[0][0] is not None:
                    self.drop_pivots(row, column, row + 1, column + 1)
