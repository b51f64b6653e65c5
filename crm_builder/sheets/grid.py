"""Looking up cells and column properties in the GridData blocks of one sheet's answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Any

Json = dict[str, Any]
Spot = tuple[int, int]  # line and column of the grid, 0-based


_REFERENCE = re.compile(r"(\$[A-Z]+)(\d+)\b")


class Grid:
    """The blocks of `sheets[].data`, addressed by 0-based rows and columns; what was not read is empty."""

    def __init__(self, blocks: list[Json]):
        self._rows: dict[int, dict[int, Json]] = {}
        self._read: dict[int, set[int]] = {}  # column → the rows that were read of it
        self.columns: dict[int, Json] = {}
        self.heights: dict[int, int] = {}
        for block in blocks:
            self._take(block)

    def _take(self, block: Json) -> None:
        top, left = block.get("startRow", 0), block.get("startColumn", 0)
        lines = [row.get("values", ()) for row in block.get("rowData", ())]
        width = max(len(block.get("columnMetadata", ())), max(map(len, lines), default=0))
        height = max(len(block.get("rowMetadata", ())), len(lines))
        for column in range(left, left + width):
            self._read.setdefault(column, set()).update(range(top, top + height))
        for index, properties in enumerate(block.get("columnMetadata", ()), left):
            self.columns[index] = properties
        for index, properties in enumerate(block.get("rowMetadata", ()), top):
            if "pixelSize" in properties:
                self.heights[index] = properties["pixelSize"]
        for index, values in enumerate(lines, top):
            cells = self._rows.setdefault(index, {})
            cells.update((column, cell) for column, cell in enumerate(values, left) if cell)

    def cell(self, row: int, column: int) -> Json:
        return self._rows.get(row, {}).get(column, {})

    def filled(self) -> Iterator[tuple[int, int, Json]]:
        """(row, column, cell) of every cell that holds anything."""
        return iter(self._filled)

    @cached_property
    def _filled(self) -> list[tuple[int, int, Json]]:
        return [(row, at, self._rows[row][at]) for row in sorted(self._rows) for at in sorted(self._rows[row])]

    def having(self, name: str) -> Iterator[tuple[int, int, Json]]:
        """(row, column, cell) of every cell with that field."""
        return ((row, column, cell) for row, column, cell in self.filled() if name in cell)

    def filled_to(self, column: int, rows: int) -> int:
        """The last line of a column that holds a value; -1 where none does.

        It is the grid's last where the column was read so far only and is full: what is below may hold values too.
        """
        held = [row for row, cells in self._rows.items() if "userEnteredValue" in cells.get(column, {})]
        read = max(self._read.get(column, ()), default=-1)
        return rows - 1 if max(held, default=-1) >= read else max(held, default=-1)

    def ground(self, column: int, apart_from: Collection[Spot], common: bool, rows: range) -> Spot | None:
        """The place of a cell that shows the format and validation of its whole column; None where none does.

        The first of the `rows` that was read, or the `common` look of all of them, `apart_from` cells with a look of
        their own.
        """
        plain = [row for row in sorted(self._read.get(column, ())) if row in rows and (row, column) not in apart_from]
        if not plain:
            return None
        if not common:
            return plain[0], column
        looks = {row: _look(self.cell(row, column), row) for row in plain}
        best = Counter(looks.values()).most_common(1)[0][0]
        return next((row, column) for row in plain if looks[row] == best)


def _look(cell: Json, row: int) -> str:
    """The cell's look; a reference to its own row is the same in every row."""
    own = str(row + 1)
    validation = _REFERENCE.sub(
        lambda found: found[1] if found[2] == own else found[0], repr(cell.get("dataValidation", {}))
    )
    return repr(cell.get("userEnteredFormat", {})) + validation
