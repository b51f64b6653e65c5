"""The cells behind a chart: every sheet's grid data, read by the ranges that a chart names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """One cell of a chart's source: its text as a person reads it, and its number if it is one."""

    text: str = ""
    number: float | None = None
    row_hidden: bool = False
    column_hidden: bool = False


class Source:
    """All grid data of a spreadsheet's JSON, hidden sheets included."""

    def __init__(self, spreadsheet: Json):
        self._cells: dict[tuple[int, int, int], Json] = {}
        self._ends: dict[int, tuple[int, int]] = {}  # rows and columns that hold data
        self._hidden: set[tuple[int, str, int]] = set()
        for sheet in spreadsheet.get("sheets", []):
            self._read(sheet.get("properties", {}).get("sheetId", 0), sheet.get("data", []))

    def _read(self, sheet: int, blocks: Sequence[Json]) -> None:
        rows = columns = 0
        for block in blocks:
            top, left = block.get("startRow", 0), block.get("startColumn", 0)
            for row, line in enumerate(block.get("rowData", []), top):
                for column, cell in enumerate(line.get("values", []), left):
                    if cell.get("formattedValue") or cell.get("effectiveValue"):
                        self._cells[sheet, row, column] = cell
                        rows, columns = max(rows, row + 1), max(columns, column + 1)
            for name, start in (("rowMetadata", top), ("columnMetadata", left)):
                for index, entry in enumerate(block.get(name, []), start):
                    if entry.get("hiddenByUser") or entry.get("hiddenByFilter"):
                        self._hidden.add((sheet, name, index))
        self._ends[sheet] = rows, columns

    def values(self, data: Json) -> tuple[Value, ...]:
        """The cells of a ChartData, in order; what lies below or after all data of a sheet is left out."""
        ranges = data.get("sourceRange", {}).get("sources", [])
        return tuple(value for area in ranges for value in self._area(area))

    def _area(self, area: Json) -> Iterator[Value]:
        sheet = area.get("sheetId", 0)
        rows, columns = self._ends.get(sheet, (0, 0))
        bottom, right = area.get("endRowIndex", rows), area.get("endColumnIndex", columns)
        # A bounded range keeps its length, so that the columns of a chart stay beside each other.
        for row in range(area.get("startRowIndex", 0), min(bottom, rows)):
            for column in range(area.get("startColumnIndex", 0), min(right, max(columns, 1))):
                yield self._value(sheet, row, column)

    def _value(self, sheet: int, row: int, column: int) -> Value:
        cell = self._cells.get((sheet, row, column), {})
        value = cell.get("effectiveValue", {})
        number = value.get("numberValue")
        row_hidden = (sheet, "rowMetadata", row) in self._hidden
        column_hidden = (sheet, "columnMetadata", column) in self._hidden
        text = cell.get("formattedValue")
        if text is None:
            text = str(value.get("stringValue", "" if number is None else f"{number:g}"))
        figure = None if number is None or "errorValue" in value else float(number)
        return Value(text, figure, row_hidden, column_hidden)
