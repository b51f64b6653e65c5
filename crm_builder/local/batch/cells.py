"""Requests that write cells: updateCells, repeatCell, appendCells; and the one way cell data gets into the planes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..blocks import Formula
from ..errors import invalid
from ..formulas.references import relative_copy
from . import masks
from .dimensions import grow
from .pivots import checked_pivot
from .ranges import ROWS, Rect, beyond_grid, cell_of, limits, rect, sheet_of
from .validation import checked_rule, fill_rule
from .values import found, paired

if TYPE_CHECKING:
    from ..book import Book

MAX_CHARACTERS = 50_000
_QUOTED = re.compile(r'"[^"]*"|[\\_*].', re.DOTALL)  # what a pattern takes as it stands
EXTRAS = ("textFormatRuns", "pivotTable", "chipRuns", "hyperlink", "dataSourceTable", "dataSourceFormula")
_WRITABLE = ("userEnteredValue", "userEnteredFormat", "note", "dataValidation", *EXTRAS)
_DERIVED = ("effectiveValue", "effectiveFormat", "formattedValue")
_RUNS = ("textFormatRuns", "chipRuns")
_UNSUPPORTED = ("dataSourceTable", "dataSourceFormula")


def entered_value(value: dict[str, Any] | None) -> Any:
    """What an ExtendedValue enters. ApiError 400: an error, a formula without "=", a text that is too long."""
    if not value:
        return None
    if len(value) > 1:
        names = list(value)
        raise invalid(f"oneof field 'value' is already set. Cannot set '{names[1]}'")
    kind, content = next(iter(value.items()))
    if kind == "errorValue":
        raise invalid("ErrorValue cannot be set: it is a result, not an entry.")
    if isinstance(content, str) and len(content) > MAX_CHARACTERS:
        raise invalid(f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell.")
    if kind == "formulaValue":
        if not content.startswith("="):
            raise invalid(f"Invalid formulaValue: {content}. A formula begins with '='.")
        return Formula(content)
    if kind == "numberValue":
        return float(content)
    return content


def checked_format(value: dict[str, Any] | None) -> dict[str, Any]:
    """The canonical CellFormat: colours with their styles.

    ApiError 400: a number format without a type, a pattern whose quote stays open, a font size below 1.
    """
    out = paired(value or {})
    if "numberFormat" in out and not out["numberFormat"].get("type"):
        raise invalid("numberFormat.type must be set.")
    pattern = out.get("numberFormat", {}).get("pattern", "")
    if '"' in _QUOTED.sub("", pattern):
        raise invalid(f"Invalid number format pattern: {pattern}")
    _check_font(out.get("textFormat", {}))
    return out


def _check_font(look: dict[str, Any]) -> None:
    if look.get("fontSize", 1) < 1:
        raise invalid(f"Invalid fontSize: {look['fontSize']}. It must be at least 1.")


def _known_format(value: dict[str, Any] | None, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    key = repr(value)
    if key not in known:
        known[key] = checked_format(value)
    return known[key]


def write_cells(book: Book, area: Rect, rows: list[list[dict[str, Any]]], paths: list[masks.Path]) -> None:
    """Writes dense CellData, as many rows and columns as the area has, through a mask whose root is CellData."""
    wanted = fields_of(paths)
    grid = book.grid(area.sheet_id)
    if "userEnteredFormat" in wanted:
        below = masks.below(paths, "userEnteredFormat")
        known: dict[str, dict[str, Any]] = {}  # thousands of cells of few formats are the rule
        new = [[_known_format(cell.get("userEnteredFormat"), known) or None for cell in row] for row in rows]
        if below != [()]:
            old = grid.read("format", *area.area)
            new = [
                [masks.merged(was or {}, now or {}, below) or None for was, now in zip(*pair, strict=True)]
                for pair in zip(old, new, strict=True)
            ]
        grid.write("format", area.r0, area.c0, new)
    if "note" in wanted:
        grid.write("note", area.r0, area.c0, [[cell.get("note") or None for cell in row] for row in rows])
    if "dataValidation" in wanted:
        checked = [[checked_rule(book, c.get("dataValidation"), area.sheet_id) for c in row] for row in rows]
        grid.write("validation", area.r0, area.c0, checked)
    extras = [key for key in EXTRAS if key in wanted]
    if "userEnteredValue" in wanted:
        values = [[entered_value(cell.get("userEnteredValue")) for cell in row] for row in rows]
        grid.write("entered", area.r0, area.c0, values)
        grid.drop_pivots(*area.area)  # a cell emptied is a pivot table deleted, as values.clear does it (reported)
    if extras:
        new = [[_extra(book, cell, extras, area.sheet_id) for cell in row] for row in rows]
        if set(extras) != set(EXTRAS):
            old = grid.read("extra", *area.area)
            new = [
                [_without(was, extras) | now for was, now in zip(*pair, strict=True)]
                for pair in zip(old, new, strict=True)
            ]
        grid.write("extra", area.r0, area.c0, [[cell or None for cell in row] for row in new])
    old_runs = [key for key in _RUNS if key not in extras]
    if "userEnteredValue" in wanted and old_runs and grid.extent("extra") != (0, 0):
        _drop_runs(grid, area, old_runs)
    if wanted & {"userEnteredValue", "pivotTable"}:
        book.changed(*area)


def fields_of(paths: list[masks.Path]) -> set[str]:
    """The CellData fields a mask writes; derived ones may not be named, "*" leaves them out."""
    wanted = masks.heads(paths, (*_WRITABLE, *_DERIVED))
    for path in paths:
        if path and path[0] in _DERIVED:
            raise invalid(f"The field {path[0]} is computed and cannot be written.")
    return wanted - set(_DERIVED)


def _extra(book: Book, cell: dict[str, Any], keys: list[str], home: int) -> dict[str, Any]:
    out = {}
    for key in keys:
        if not cell.get(key):
            continue
        if key in _UNSUPPORTED:
            raise invalid(f"The field {key} is not supported by a local workspace.")
        for run in cell[key] if key == "textFormatRuns" else ():
            _check_font(run.get("format", {}))
        if key == "chipRuns":
            _check_chips(cell)
        out[key] = checked_pivot(book, cell[key], home) if key == "pivotTable" else paired(cell[key])
    return out


def _without(value: dict[str, Any] | None, keys: list[str]) -> dict[str, Any]:
    return {key: item for key, item in (value or {}).items() if key not in keys}


def _check_chips(cell: dict[str, Any]) -> None:
    """Each chip stands in the text at a placeholder @ (documented); the text stays as it is, nobody is looked up."""
    text = cell.get("userEnteredValue", {}).get("stringValue")
    for run in cell["chipRuns"]:
        at = run.get("startIndex", 0)
        if run.get("chip") and text is not None and text[at : at + 1] != "@":
            raise invalid(f"Invalid chipRuns: there is no placeholder @ at index {at} of the text.")


def _drop_runs(grid: Any, area: Rect, names: list[str]) -> None:
    """A new text has no runs of the old one's formats (documented), nor its chips."""

    def without_runs(value: dict[str, Any] | None) -> dict[str, Any] | None:
        return _without(value, names) or None

    grid.update("extra", *area.area, without_runs)


def _dense(rows: list[dict[str, Any]], height: int, width: int) -> list[list[dict[str, Any]]]:
    """RowData as dense CellData; what was not sent is {}, which clears the masked fields (documented)."""
    out = [[cell or {} for cell in row.get("values", [])] for row in rows]
    out += [[] for _ in range(height - len(out))]
    return [row + [{}] * (width - len(row)) for row in out]


def _update_cells(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    paths, rows = masks.parse(body.get("fields"), "CellData"), body.get("rows", [])
    width = max((len(row.get("values", [])) for row in rows), default=0)
    if ("range" in body) == ("start" in body):
        raise invalid("Exactly one of 'start' and 'range' must be set.")
    if "range" in body:
        area = rect(book, body["range"])
        if len(rows) > area.height:
            raise invalid(
                f"Attempting to write row: {area.r0 + area.height}, beyond the last requested row of: {area.r1 - 1}"
            )
        if width > area.width:
            raise invalid(f"Attempting to write column: {area.c1}, beyond the last requested column of: {area.c1 - 1}")
        write_cells(book, area, _dense(rows, area.height, area.width), paths)
        return {}
    sheet_id, row, column = cell_of(book, body["start"], "start")
    fields_of(paths)
    area = Rect(sheet_id, row, column, row + len(rows), column + width)
    height, columns = limits(book, sheet_id)
    if area.r1 > height or area.c1 > columns:
        raise beyond_grid(book, area)
    if len({len(line.get("values", [])) for line in rows}) == 1 and width:
        write_cells(book, area, _dense(rows, area.height, width), paths)
        return {}
    for at, line in enumerate(rows, row):  # a shorter row leaves the cells to its right alone
        cells = line.get("values", [])
        if cells:
            one = Rect(sheet_id, at, column, at + 1, column + len(cells))
            write_cells(book, one, _dense([line], 1, len(cells)), paths)
    return {}


def _repeat_cell(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    area, cell = rect(book, body.get("range")), body.get("cell", {})
    paths = masks.parse(body.get("fields"), "CellData")
    wanted, grid = fields_of(paths), book.grid(area.sheet_id)
    if "userEnteredFormat" in wanted:
        below, new = masks.below(paths, "userEnteredFormat"), checked_format(cell.get("userEnteredFormat"))
        if below == [()]:
            grid.fill("format", *area.area, new or None)
        else:
            grid.update("format", *area.area, lambda old: masks.merged(old or {}, new, below) or None)
    if "note" in wanted:
        grid.fill("note", *area.area, cell.get("note") or None)
    if "dataValidation" in wanted:
        fill_rule(book, area, cell.get("dataValidation"))
    if "userEnteredValue" in wanted:
        _repeat_value(grid, area, entered_value(cell.get("userEnteredValue")))
    extras = [key for key in EXTRAS if key in wanted]
    if extras and (any(key in cell for key in extras) or grid.extent("extra") != (0, 0)):
        fresh = _extra(book, cell, extras, area.sheet_id)
        grid.update("extra", *area.area, lambda old: (_without(old, extras) | fresh) or None)
    if wanted & {"userEnteredValue", "pivotTable"}:
        book.changed(*area)
    return {}


def _repeat_value(grid: Any, area: Rect, value: Any) -> None:
    """Fills the area; the references of a formula move along."""
    if isinstance(value, Formula) and (relative_copy(value, 1, 0) != value or relative_copy(value, 0, 1) != value):
        lines = [
            [Formula(relative_copy(value, row, column)) for column in range(area.width)] for row in range(area.height)
        ]
        grid.write("entered", area.r0, area.c0, lines)
    else:
        grid.fill("entered", *area.area, value)
    grid.drop_pivots(*area.area)


def _append_cells(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    paths, rows = masks.parse(body.get("fields"), "CellData"), body.get("rows", [])
    fields_of(paths)
    if "tableId" in body:
        tables = [(sheet, t) for sheet in book.doc["sheets"] for t in sheet.get("tables", [])]
        table = found((t for _, t in tables), "tableId", body["tableId"], "table")
        return _append_to_table(book, table, rows, paths)
    sheet_id = sheet_of(book, body.get("sheetId"))["properties"]["sheetId"]
    book.recalculate()
    grid = book.grid(sheet_id)
    first = max(grid.extent("entered")[0], grid.extent("result")[0])
    height, columns = limits(book, sheet_id)
    width = max((len(row.get("values", [])) for row in rows), default=0)
    if width > columns:
        raise beyond_grid(book, Rect(sheet_id, first, 0, first + len(rows), width))
    if first + len(rows) > height:
        grow(book, sheet_id, ROWS, first + len(rows) - height)
    if rows and width:
        area = Rect(sheet_id, first, 0, first + len(rows), width)
        write_cells(book, area, _dense(rows, area.height, width), paths)
    return {}


def _append_to_table(
    book: Book, table: dict[str, Any], rows: list[dict[str, Any]], paths: list[masks.Path]
) -> dict[str, Any]:
    area = rect(book, table["range"])
    grid = book.grid(area.sheet_id)
    body = grid.read("entered", area.r0 + 1, area.c0, area.r1, area.c1)
    filled = max((at for at, row in enumerate(body, 1) if any(cell is not None for cell in row)), default=0)
    first = area.r0 + 1 + filled
    width = max((len(row.get("values", [])) for row in rows), default=0)
    if width > area.width:
        raise invalid(f"Attempting to write column: {area.c1}, beyond the last column of the table: {area.c1 - 1}")
    missing = first + len(rows) - limits(book, area.sheet_id)[0]
    if missing > 0:
        grow(book, area.sheet_id, ROWS, missing)
    if rows and width:
        target = Rect(area.sheet_id, first, area.c0, first + len(rows), area.c0 + width)
        write_cells(book, target, _dense(rows, target.height, width), paths)
        table["range"]["endRowIndex"] = max(area.r1, target.r1)
    return {}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"updateCells": _update_cells, "repeatCell": _repeat_cell, "appendCells": _append_cells}
)
