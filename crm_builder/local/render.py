"""Cell values as answers show them: formatted, unformatted or as formulas, and a cell as CellData."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crm_builder.formulas.tree import Call

from .batch.values import shown
from .blocks import Formula
from .calc import effective
from .conditional import effective_formats
from .fields import Mask, below, cut, cutter, wants
from .formulas.parse import parse
from .formulas.text_format import format_value
from .formulas.values import FormulaError
from .pivot_tables import number_formats

if TYPE_CHECKING:
    from .a1 import Area
    from .book import Book

FORMATTED, FORMULA = "FORMATTED_VALUE", "FORMULA"
_DATES = frozenset({"DATE", "TIME", "DATE_TIME"})
_LARGEST_WHOLE = 1e15
_ERROR_TYPES = {
    "#ERROR!": "ERROR",
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
}
_BASE = {
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "hyperlinkDisplayType": "PLAIN_TEXT",
}
# Functions whose result is shown as a date, a time, money or a share without any format of the cell (documented).
_FUNCTION_TYPES = {
    **dict.fromkeys(("TODAY", "DATE", "EDATE", "EOMONTH", "TO_DATE", "WORKDAY", "WORKDAY.INTL"), "DATE"),
    "NOW": "DATE_TIME",
    "TIME": "TIME",
    "TO_DOLLARS": "CURRENCY",
    "TO_PERCENT": "PERCENT",
}
_BRINGS_FORMAT = re.compile(r"=\s*(" + "|".join(map(re.escape, _FUNCTION_TYPES)) + r")\(", re.IGNORECASE)
# What CellData holds, in the order of an answer; asked for by a field mask one by one.
CELL_FIELDS = (
    "userEnteredValue",
    "effectiveValue",
    "formattedValue",
    "userEnteredFormat",
    "effectiveFormat",
    "hyperlink",
    "note",
    "textFormatRuns",
    "dataValidation",
    "pivotTable",
    "chipRuns",
)
_PLANES = {"format": "userEnteredFormat", "note": "note", "validation": "dataValidation"}
_EXTRA = ("hyperlink", "textFormatRuns", "pivotTable", "chipRuns")


def number(value: float) -> int | float:
    """A number as JSON shows it: 5, not 5.0."""
    return int(value) if value.is_integer() and abs(value) < _LARGEST_WHOLE else value


def plain(value: Any) -> Any:
    """An effective value as UNFORMATTED_VALUE shows it; blank is ""."""
    if value is None:
        return ""
    if type(value) is float:
        return number(value)
    return value.kind if type(value) is FormulaError else value


def formatted(value: Any, cell_format: dict[str, Any] | None) -> str:
    """An effective value as FORMATTED_VALUE shows it."""
    if type(value) is str and not cell_format:
        return value
    if value is None:
        return ""
    numbers = (cell_format or {}).get("numberFormat") or {}
    return format_value(value, numbers.get("type", ""), numbers.get("pattern", ""))


def rows_of_values(book: Book, area: Area, option: str = FORMATTED, dates: str = "") -> list[list[Any]]:
    """The area's values rendered as valueRenderOption and dateTimeRenderOption say; blank is ""; not yet trimmed."""
    book.recalculate()
    rows = effective(book, *area[:5])
    grid = book.grid(area.sheet_id)
    where = area[1:5]
    if option == FORMATTED:
        formats = shown_formats(book, area)
        return [
            [formatted(value, shape) for value, shape in zip(row, shapes, strict=True)]
            for row, shapes in zip(rows, formats, strict=True)
        ]
    shown = [[plain(value) for value in row] for row in rows]
    if dates == "FORMATTED_STRING":
        formats = shown_formats(book, area)
        for row, values, shapes in zip(shown, rows, formats, strict=True):
            for at, shape in enumerate(shapes):
                if type(values[at]) is float and _is_date(shape):
                    row[at] = formatted(values[at], shape)
    if option == FORMULA:
        for (r, c), text in grid.formulas_in(*where):
            shown[r - area.r0][c - area.c0] = text
    return shown


def shown_formats(book: Book, area: Area) -> list[list[dict[str, Any] | None]]:
    """The cells' own formats; a formula without a number format has the one its outermost function brings, the output
    of a pivot table that of its source."""
    grid, where = book.grid(area.sheet_id), area[1:5]
    formats = grid.read("format", *where)
    for (r, c), text in grid.formulas_in(*where):
        found = _BRINGS_FORMAT.match(text)
        old = formats[r - area.r0][c - area.c0] or {}
        if found and not old.get("numberFormat") and _is_one_call(text, found.end()):
            formats[r - area.r0][c - area.c0] = {**old, "numberFormat": {"type": _FUNCTION_TYPES[found[1].upper()]}}
    for anchor, table in grid.pivots().items():
        _put_pivot_formats(book, area, formats, anchor, table)
    return formats


def _put_pivot_formats(book: Book, area: Area, formats: Any, anchor: tuple[int, int], table: dict[str, Any]) -> None:
    """Where the output of a pivot table has no number format of its own, it has that of its source."""
    size = book.grid(area.sheet_id).read("spill", *anchor, anchor[0] + 1, anchor[1] + 1)[0][0]
    if not size:
        return
    number_format = number_formats(book, table)
    for r in range(max(area.r0, anchor[0]), min(area.r1, anchor[0] + size[0])):
        line = formats[r - area.r0]
        for c in range(max(area.c0, anchor[1]), min(area.c1, anchor[1] + size[1])):
            old = line[c - area.c0] or {}
            brought = None if old.get("numberFormat") else number_format(r - anchor[0], c - anchor[1])
            if brought:
                line[c - area.c0] = {**old, "numberFormat": brought}


def _is_one_call(text: str, start: int) -> bool:
    """True where the bracket before `start` closes at the end of the text."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return not text[at + 1 :].strip()
    return False


def _is_date(cell_format: dict[str, Any] | None) -> bool:
    return ((cell_format or {}).get("numberFormat") or {}).get("type") in _DATES


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without empty cells at the end of each row and empty rows at the end."""
    kept = []
    for row in rows:
        width = len(row)
        while width and row[width - 1] == "" and type(row[width - 1]) is str:
            width -= 1
        kept.append(row[:width])
    while kept and not kept[-1]:
        kept.pop()
    return kept


def extended_value(value: Any) -> dict[str, Any]:
    """A value as ExtendedValue."""
    if type(value) is Formula:
        return {"formulaValue": str(value)}
    if type(value) is bool:
        return {"boolValue": value}
    if type(value) is float:
        return {"numberValue": number(value)}
    if type(value) is FormulaError:
        error = {"type": _ERROR_TYPES.get(value.kind, "ERROR")}
        return {"errorValue": {**error, "message": value.message} if value.message else error}
    return {"stringValue": value}


def rows_of_cells(book: Book, area: Area, mask: Mask) -> list[dict[str, Any]]:
    """The area as RowData: what the mask asks for of CellData, empty cells and rows at the end left out (recorded)."""
    grid, where = book.grid(area.sheet_id), area[1:5]
    height, width = area.r1 - area.r0, area.c1 - area.c0
    cells: list[list[dict[str, Any]]] = [[{} for _ in range(width)] for _ in range(height)]
    wanted = {name for name in CELL_FIELDS if wants(mask, name)}

    if "userEnteredValue" in wanted:
        entered = [[None if value == "" else value for value in row] for row in grid.read("entered", *where)]
        _put_values(cells, entered, "userEnteredValue", below(mask, "userEnteredValue"))
    if wanted & {"effectiveValue", "formattedValue", "effectiveFormat"}:
        book.recalculate()
        values = effective(book, *area[:5])
        if "effectiveValue" in wanted:
            _put_values(cells, values, "effectiveValue", below(mask, "effectiveValue"))
        if wanted & {"formattedValue", "effectiveFormat"}:
            shapes = shown_formats(book, area)
            if "formattedValue" in wanted:
                _put_texts(cells, values, shapes)
            if "effectiveFormat" in wanted:
                _put_effective_formats(book, area, cells, values, shapes, below(mask, "effectiveFormat"))
    for plane, name in _PLANES.items():
        if name in wanted:
            _put(cells, grid.read(plane, *where), name, below(mask, name))
    if wanted & set(_EXTRA):
        for row, extras in zip(cells, grid.read("extra", *where), strict=True):
            for cell, extra in zip(row, extras, strict=True) if any(extras) else ():
                for name in _EXTRA:
                    if extra and name in extra and name in wanted:
                        cell[name] = cut(shown(extra[name]), below(mask, name))
    if "hyperlink" in wanted:
        _put_links(book, area, cells)
    return _row_data(cells)


def _put_links(book: Book, area: Area, cells: list[list[dict[str, Any]]]) -> None:
    """A cell whose formula is HYPERLINK() points where that leads (documented of CellData.hyperlink)."""
    for (r, c), text in book.grid(area.sheet_id).formulas_in(*area[1:5]):
        node = parse(text) if "HYPERLINK" in text.upper() else None
        if isinstance(node, Call) and node.name == "HYPERLINK" and node.arguments:
            book.recalculate()
            at = (area.sheet_id, r, c)
            address = book.engine.evaluate(node.arguments[0], at, at)
            if isinstance(address, str) and address:
                cells[r - area.r0][c - area.c0]["hyperlink"] = address


def _put(cells: Any, plane: Any, name: str, mask: Mask) -> None:
    part = cutter(mask)
    for row, values in zip(cells, plane, strict=True):
        for cell, value in zip(row, values, strict=True) if any(values) else ():
            if value:
                cell[name] = part(value)


def _put_values(cells: Any, plane: Any, name: str, mask: Mask) -> None:
    for row, values in zip(cells, plane, strict=True):
        for cell, value in zip(row, values, strict=True):
            if value is not None:
                whole = extended_value(value)
                cell[name] = cut(whole, mask) if mask else whole


def _put_texts(cells: Any, values: Any, formats: Any) -> None:
    known: dict[tuple[Any, int], str] = {}  # the same days and words stand in many rows; formats are known by identity
    for row, given, shapes in zip(cells, values, formats, strict=True):
        for cell, value, shape in zip(row, given, shapes, strict=True):
            if value is None:
                continue
            if not value or type(value) not in (float, str):  # 0 and -0, 1 and TRUE are one key
                cell["formattedValue"] = formatted(value, shape)
                continue
            key = value, id(shape)
            if key not in known:
                known[key] = formatted(value, shape)
            cell["formattedValue"] = known[key]


def _put_effective_formats(book: Book, area: Area, cells: Any, values: Any, formats: Any, mask: Mask) -> None:
    """effectiveFormat of every cell that has a value or any format: defaults, overlaid with what applies to it."""
    default = {**_BASE, **book.doc["properties"].get("defaultFormat", {})}
    known: dict[
        tuple[int, int, type], Any
    ] = {}  # by identity: many cells share their formats, which live until the end
    overlaid = effective_formats(book, *area[:5])
    for row, over, given, shapes in zip(cells, overlaid, values, formats, strict=True):
        for cell, top, value, shape in zip(row, over, given, shapes, strict=True):
            if value is None and not top and not shape:
                continue
            key = id(top), id(shape), type(value)
            if key not in known:
                side = "RIGHT" if type(value) is float else "CENTER" if type(value) in (bool, FormulaError) else "LEFT"
                brought = None if "numberFormat" in top else (shape or {}).get("numberFormat")
                under = {**default, "horizontalAlignment": side, **({"numberFormat": brought} if brought else {})}
                known[key] = cut(merged(under, top), mask)
            cell["effectiveFormat"] = known[key]


def merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Both, inner objects likewise; `over` wins. Colours are taken whole."""
    out = dict(under)
    for name, value in over.items():
        inner = isinstance(value, dict) and not name.lower().endswith(("color", "colorstyle"))
        out[name] = merged(out.get(name) or {}, value) if inner else value
    return out


def _row_data(cells: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for row in cells:
        while row and not row[-1]:
            row.pop()
        rows.append({"values": row} if row else {})
    while rows and not rows[-1]:
        rows.pop()
    return rows
