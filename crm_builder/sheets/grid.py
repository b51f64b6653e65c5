"""Looking up cells and column properties in the GridData blocks of one sheet's answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

Json = dict[str, Any]


class Grid:
    """The blocks of `sheets[].data`, addressed by 0-based rows and columns; what was not read is empty."""

    def __init__(self, blocks: list[Json]):
        self._rows: dict[int, dict[int, Json]] = {}
        self._covered: set[int] = set()
        self.columns: dict[int, Json] = {}
        self.heights: dict[int, int] = {}
        for block in blocks:
            self._take(block)

    def _take(self, block: Json) -> None:
        top, left = block.get("startRow", 0), block.get("startColumn", 0)
        for index, properties in enumerate(block.get("columnMetadata", ()), left):
            self.columns[index] = properties
        for index, properties in enumerate(block.get("rowMetadata", ()), top):
            self._covered.add(index)
            if "pixelSize" in properties:
                self.heights[index] = properties["pixelSize"]
        for index, row in enumerate(block.get("rowData", ()), top):
            self._covered.add(index)
            cells = self._rows.setdefault(index, {})
            cells.update((column, cell) for column, cell in enumerate(row.get("values", ()), left) if cell)

    def cell(self, row: int, column: int) -> Json:
        return self._rows.get(row, {}).get(column, {})

    def filled(self) -> Iterator[tuple[int, int, Json]]:
        """(row, column, cell) of every cell that holds anything."""
        for row, cells in sorted(self._rows.items()):
            for column, cell in sorted(cells.items()):
                yield row, column, cell

    def ground(self, column: int, apart_from: Collection[int], common: bool) -> Json:
        """A cell below the header that shows the format and validation of its whole column.

        The first row that was read, or the `common` look of all of them, `apart_from` rows with a format of their own.
        """
        rows = [row for row in sorted(self._covered) if row > 0 and row not in apart_from]
        if not common:
            return self.cell(rows[0], column) if rows else {}
        looks = Counter(_look(self.cell(row, column)) for row in rows)
        if not looks:
            return {}
        best = looks.most_common(1)[0][0]
        return next(cell for cell in (self.cell(row, column) for row in rows) if _look(cell) == best)


def _look(cell: Json) -> str:
    return repr(cell.get("userEnteredFormat", {})) + repr(cell.get("dataValidation", {}))
