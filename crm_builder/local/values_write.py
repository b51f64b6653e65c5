"""Writing values into cells: RAW as they are, USER_ENTERED as if typed."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from .blocks import Formula
from .entered import parse_entered
from .errors import invalid

if TYPE_CHECKING:
    from .book import Book

_LARGEST = sys.float_info.max
MAX_CHARACTERS = 50_000  # of one cell (recorded)


def cells_of(body: dict[str, Any]) -> list[list[Any]]:
    """The values of a ValueRange as rows; null stays None. ApiError 400 for what no cell can hold."""
    rows: list[list[Any]] = body.get("values", [])
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                if len(value) > MAX_CHARACTERS:
                    raise invalid(
                        f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell"
                    )
            elif isinstance(value, int | float):
                if abs(value) > _LARGEST:
                    raise invalid(f"Invalid values[{r}][{c}]: the number is too large")
            elif isinstance(value, list | dict):
                raise invalid(f"Invalid values[{r}][{c}]: {_as_message(value)}")
    if body.get("majorDimension") == "COLUMNS":
        height = max(map(len, rows), default=0)
        return [[column[r] if r < len(column) else None for column in rows] for r in range(height)]
    return rows


def _as_message(value: Any, depth: int = 0) -> str:
    """A JSON value as the service names it: google.protobuf.Value in the text form of protocol buffers (reported)."""
    inner, margin = "  " * (depth + 1), "  " * depth
    if isinstance(value, list):
        items = "".join(f"{inner}values {{\n{inner}  {_as_message(item, depth + 2)}\n{inner}}}\n" for item in value)
        return f"list_value {{\n{items}{margin}}}"
    if isinstance(value, dict):
        items = "".join(
            f"{inner}fields {{\n{inner}  key: {json.dumps(key, ensure_ascii=False)}\n{inner}  value {{\n"
            f"{inner}    {_as_message(item, depth + 3)}\n{inner}  }}\n{inner}}}\n"
            for key, item in value.items()
        )
        return f"struct_value {{\n{items}{margin}}}"
    if value is None:
        return "null_value: NULL_VALUE"
    kind = "bool" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"
    return f"{kind}_value: {json.dumps(value, ensure_ascii=False)}"


def put(book: Book, sheet_id: int, row: int, column: int, rows: list[list[Any]], option: str) -> None:
    """Writes the rows at row, column: None is skipped, "" empties; option is "RAW" or "USER_ENTERED"."""
    width = max(map(len, rows), default=0)
    if not width:
        return
    grid = book.grid(sheet_id)
    end, right = row + len(rows), column + width
    skipped = any(len(cells) < width or None in cells for cells in rows)
    old = grid.read("entered", row, column, end, right) if skipped else []
    formats: list[list[Any]] = []
    if option == "USER_ENTERED" and any(isinstance(value, str) for cells in rows for value in cells):
        formats = grid.read("format", row, column, end, right)
    fresh: list[tuple[int, int, dict[str, Any]]] = []
    made: list[list[Any]] = []
    for r, cells in enumerate(rows):
        made_row: list[Any] = []
        for c in range(width):
            value = cells[c] if c < len(cells) else None
            if value is None:
                made_row.append(old[r][c])
            elif isinstance(value, str) and formats:
                value, number_format = _entered(book, value, formats[r][c])
                if number_format:
                    fresh.append((r, c, {**(formats[r][c] or {}), "numberFormat": number_format}))
                made_row.append(value)
            else:
                made_row.append(float(value) if type(value) is int else value)
        made.append(made_row)
    grid.write("entered", row, column, made)
    for r, c, shape in fresh:
        grid.write("format", row + r, column + c, [[shape]])
    book.changed(sheet_id, row, column, end, right)


def _entered(book: Book, text: str, cell_format: dict[str, Any] | None) -> tuple[Any, dict[str, Any] | None]:
    """What typing the text gives, and a number format where the cell has none of its own."""
    if text == "":
        return "", None
    own = ((cell_format or {}).get("numberFormat") or {}).get("type", "")
    if own == "TEXT" and not text.startswith("="):
        return text, None
    value, number_format = parse_entered(text, book.doc["properties"].get("timeZone", "Etc/GMT"))
    return value, None if own or type(value) is Formula else number_format
