"""What was entered into cells, as plain JSON: a text that looks like a formula or a number stays a text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from crm_builder.a1 import letters, quote
from crm_builder.google import Client
from crm_builder.sheets.cells import encode_value, update_cells

Json = dict[str, Any]
Content = str | float | bool | Mapping[str, str] | None  # {"formula": "=A1"} for a formula, None for nothing
Grid = list[list[Content]]  # row by row from the grid's first
Spot = tuple[int, int]  # line and column of the grid, 0-based

_FIELDS = "sheets(properties(sheetId),data(startRow,startColumn,rowData(values({}))))"


def read_grids(client: Client, spreadsheet_id: str, titles: Sequence[str]) -> dict[int, Grid]:
    """All that was entered into these sheets, by sheet id. One call; spilled values are nobody's entries."""
    found = _blocks(client, spreadsheet_id, [quote(title) for title in titles], "userEnteredValue")
    return {number: _grid(blocks) for number, blocks in found.items()}


def read_notes(client: Client, spreadsheet_id: str, titles: Sequence[str]) -> dict[int, dict[Spot, str]]:
    """The notes on the cells of these sheets, by sheet id. One call."""
    blocks = _blocks(client, spreadsheet_id, [quote(title) for title in titles], "note")
    return {number: _of_cells(part, lambda cell: cell.get("note")) for number, part in blocks.items()}


def read_formats(
    client: Client, spreadsheet_id: str, spots: Mapping[str, Collection[Spot]]
) -> dict[int, dict[Spot, Json]]:
    """The number formats of cells, by sheet id; `spots` by title. One call, for the part of each column from its first
    spot to its last: empty cells have formats too, and a whole sheet of them is large."""
    ranges = []
    for title, found in spots.items():
        lines: dict[int, list[int]] = {}
        for line, index in found:
            lines.setdefault(index, []).append(line)
        for index, held in sorted(lines.items()):
            column = letters(index)
            ranges.append(f"{quote(title)}!{column}{min(held) + 1}:{column}{max(held) + 1}")
    blocks = _blocks(client, spreadsheet_id, ranges, "userEnteredFormat(numberFormat)")
    return {number: _formats(part) for number, part in blocks.items()}


def _blocks(client: Client, spreadsheet_id: str, ranges: Sequence[str], cell: str) -> dict[int, Sequence[Json]]:
    if not ranges:
        return {}
    answer = client.get(spreadsheet_id, ranges, _FIELDS.format(cell))
    return {sheet["properties"].get("sheetId", 0): sheet.get("data", ()) for sheet in answer["sheets"]}


def _formats(blocks: Sequence[Json]) -> dict[Spot, Json]:
    return _of_cells(blocks, lambda cell: cell.get("userEnteredFormat", {}).get("numberFormat"))


def _of_cells(blocks: Sequence[Json], part: Callable[[Json], Any]) -> dict[Spot, Any]:
    """A part of the cells that have it."""
    return {
        (line, index): found
        for block in blocks
        for line, row in enumerate(block.get("rowData", ()), block.get("startRow", 0))
        for index, cell in enumerate(row.get("values", ()), block.get("startColumn", 0))
        if (found := part(cell)) is not None
    }


def _grid(blocks: Sequence[Json]) -> Grid:
    grid: Grid = []
    for block in blocks:
        top, left = block.get("startRow", 0), block.get("startColumn", 0)
        for index, row in enumerate(block.get("rowData", ()), top):
            contents = [content_of(cell) for cell in row.get("values", ())]
            while contents and contents[-1] is None:
                contents.pop()
            if contents:
                grid += [[] for _ in range(index + 1 - len(grid))]
                grid[index] = [None] * left + contents
    return grid


def content_of(cell: Json) -> Content:
    """The content of one CellData."""
    entered = cell.get("userEnteredValue", {})
    if "formulaValue" in entered:
        return {"formula": entered["formulaValue"]}
    value = next((entered[kind] for kind in ("stringValue", "numberValue", "boolValue") if kind in entered), None)
    return None if value == "" else value


def cell_of(content: Content) -> Json:
    """The CellData that enters it again, RAW; an empty one clears."""
    return encode_value(None, content["formula"]) if isinstance(content, Mapping) else encode_value(content)


def at(grid: Sequence[Sequence[Content]], line: int, column: int) -> Content:
    """The content at a place; None beyond what was read."""
    return grid[line][column] if line < len(grid) and column < len(grid[line]) else None


def is_data(content: Content) -> bool:
    """Whether people put something there; a box that is not ticked says nothing."""
    return content is not None and content is not False


def write(sheet_id: int, line: int, column: int, rows: Sequence[Sequence[Content]]) -> Json:
    """The request that enters a block."""
    return update_cells(sheet_id, line, column, [[cell_of(content) for content in row] for row in rows])
