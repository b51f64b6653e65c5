"""Requests that rewrite texts in place: findReplace, trimWhitespace, deleteDuplicates, textToColumns, pasteData."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..blocks import Formula
from ..calc import effective
from ..entered import parse_entered
from ..errors import invalid
from ..formulas.text_format import format_value
from ..formulas.values import FormulaError
from .moving import PLANES
from .ranges import Rect, beyond_grid, cell_of, limits, rect, sheet_of, span

if TYPE_CHECKING:
    from ..book import Book

_DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}


def enter(book: Book, area: Rect, texts: list[list[str | None]]) -> None:
    """Enters texts as if typed, with the number formats they bring; None leaves a cell empty."""
    zone = book.doc["properties"].get("timeZone") or "Etc/GMT"
    grid = book.grid(area.sheet_id)
    looks = grid.read("format", *area.area)
    lines = []
    for row, line in enumerate(texts):
        values: list[Any] = []
        for column, text in enumerate(line):
            look = looks[row][column] or {}
            if text is None or text == "":
                values.append(None)
                continue
            if look.get("numberFormat", {}).get("type") == "TEXT":
                values.append(text)
                continue
            value, number = parse_entered(text, zone, book.clock)
            values.append(value)
            if number is not None and "numberFormat" not in look:
                looks[row][column] = look | {"numberFormat": number}
        lines.append(values)
    grid.write("entered", area.r0, area.c0, lines)
    grid.write("format", area.r0, area.c0, looks)
    book.changed(*area)


def _paste_data(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    sheet_id, row, column = cell_of(book, body.get("coordinate"))
    if body.get("html"):
        raise invalid("Pasting HTML is not supported by a local workspace; use a delimiter.")
    delimiter = body.get("delimiter")
    if not delimiter:
        raise invalid("A delimiter must be set.")
    if body.get("type", "PASTE_NORMAL") not in ("PASTE_NORMAL", "PASTE_VALUES", "PASTE_NO_BORDERS"):
        raise invalid(f"Data without formats cannot be pasted as {body['type']}.")
    data = body.get("data", "")
    if len(delimiter) == 1:
        lines = list(csv.reader(io.StringIO(data), delimiter=delimiter))
    else:
        lines = [line.split(delimiter) for line in data.splitlines()]
    width = max(map(len, lines), default=0)
    if not width:
        return {}
    area = Rect(sheet_id, row, column, row + len(lines), column + width)
    rows, columns = limits(book, sheet_id)
    if area.r1 > rows or area.c1 > columns:
        raise beyond_grid(book, area)
    enter(book, area, [[*line, *[None] * (width - len(line))] for line in lines])
    return {}


# -- find and replace --------------------------------------------------------------------------------------------------


def _find_replace(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    scopes = [key for key in ("range", "sheetId", "allSheets") if body.get(key) is not None and body[key] is not False]
    if len(scopes) != 1:
        raise invalid("Exactly one of range, sheetId and allSheets must be set.")
    if not body.get("find"):
        raise invalid("find must not be empty.")
    if scopes == ["range"]:
        areas = [rect(book, body["range"])]
    elif scopes == ["sheetId"]:
        sheet_id = sheet_of(book, body["sheetId"])["properties"]["sheetId"]
        areas = [Rect(sheet_id, 0, 0, *limits(book, sheet_id))]
    else:
        areas = [Rect(sheet_id, 0, 0, grid.rows, grid.columns) for sheet_id, grid in book.grids()]
    pattern = body["find"] if body.get("searchByRegex") else re.escape(body["find"])
    if body.get("matchEntireCell"):
        pattern = rf"\A(?:{pattern})\Z"
    try:
        found = re.compile(pattern, 0 if body.get("matchCase") else re.IGNORECASE)
    except re.error as error:
        raise invalid(f"Invalid regular expression: {body['find']}") from error
    replacement = body.get("replacement", "")
    if body.get("searchByRegex"):
        template = re.sub(r"\$(\d)", r"\\g<\1>", replacement.replace("\\", r"\\"))
    else:
        template = replacement.replace("\\", r"\\")
    counts = {"valuesChanged": 0, "formulasChanged": 0, "rowsChanged": 0, "sheetsChanged": 0, "occurrencesChanged": 0}
    for area in areas:
        _replace_in(book, area, found, template, bool(body.get("includeFormulas")), counts)
    return {"findReplace": {key: number for key, number in counts.items() if number}}


def _replace_in(
    book: Book, area: Rect, found: re.Pattern[str], template: str, formulas: bool, counts: dict[str, int]
) -> None:
    grid = book.grid(area.sheet_id)
    rows, columns = grid.extent("entered")
    r1, c1 = min(area.r1, rows), min(area.c1, columns)
    cells = grid.read("entered", area.r0, area.c0, r1, c1)
    looks = grid.read("format", area.r0, area.c0, r1, c1)
    touched = set()
    for r, row in enumerate(cells, area.r0):
        for c, value in enumerate(row, area.c0):
            if value is None or (isinstance(value, Formula) and not formulas):
                continue
            number = (looks[r - area.r0][c - area.c0] or {}).get("numberFormat", {})
            text = (
                value
                if isinstance(value, str)
                else format_value(value, number.get("type", ""), number.get("pattern", ""))
            )
            try:
                new, times = found.subn(template, text)
            except (re.error, IndexError) as error:
                raise invalid(f"Invalid replacement: {template}") from error
            if not times:
                continue
            counts["occurrencesChanged"] += times
            counts["formulasChanged" if isinstance(value, Formula) else "valuesChanged"] += 1
            touched.add(r)
            enter(book, Rect(area.sheet_id, r, c, r + 1, c + 1), [[new]])
    counts["rowsChanged"] += len(touched)
    counts["sheetsChanged"] += bool(touched)


def _trim(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    area = rect(book, body.get("range"))
    grid = book.grid(area.sheet_id)
    rows, columns = grid.extent("entered")
    r1, c1 = min(area.r1, rows), min(area.c1, columns)
    changed = 0
    for r, row in enumerate(grid.read("entered", area.r0, area.c0, r1, c1), area.r0):
        for c, value in enumerate(row, area.c0):
            if not isinstance(value, str) or isinstance(value, Formula):
                continue
            trimmed = re.sub(r"[ \t\u00a0]+", " ", value).strip(" \t\n\u00a0")
            if trimmed != value:
                changed += 1
                grid.write("entered", r, c, [[trimmed or None]])
    if changed:
        book.changed(*area)
    return {"trimWhitespace": {"cellsChangedCount": changed} if changed else {}}


def _delete_duplicates(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    """Takes later rows of the same values out of the range and moves the rest up; capitals make no difference."""
    area = rect(book, body.get("range"))
    columns = set(range(area.c0, area.c1))
    if body.get("comparisonColumns"):
        columns = set()
        for one in body["comparisonColumns"]:
            chosen = span(book, one, "comparisonColumns")
            if chosen.dimension != "COLUMNS" or chosen.start < area.c0 or chosen.end > area.c1:
                raise invalid("comparisonColumns must be columns of the range.")
            columns |= set(range(chosen.start, chosen.end))
    book.recalculate()
    seen: set[tuple[Any, ...]] = set()
    kept = []
    for at, row in enumerate(effective(book, *area)):
        key = tuple(_comparable(row[column - area.c0]) for column in sorted(columns))
        if key not in seen:
            seen.add(key)
            kept.append(at)
    removed = area.height - len(kept)
    if removed:
        grid = book.grid(area.sheet_id)
        for plane in PLANES:
            old = grid.read(plane, *area.area)
            lines = [old[at] for at in kept] + [[None] * area.width for _ in range(removed)]
            grid.write(plane, area.r0, area.c0, lines)
        book.changed(*area)
    return {"deleteDuplicates": {"duplicatesRemovedCount": removed} if removed else {}}


def _comparable(value: Any) -> Any:
    if isinstance(value, FormulaError):
        return "error", value.kind
    return type(value), value.casefold() if isinstance(value, str) else value


def _text_to_columns(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    area = rect(book, body.get("source"), "source")
    if area.width != 1:
        raise invalid("The source must be exactly one column.")
    kind = body.get("delimiterType", "DELIMITER_TYPE_UNSPECIFIED")
    if ("delimiter" in body) != (kind == "CUSTOM") or kind == "DELIMITER_TYPE_UNSPECIFIED":
        raise invalid("delimiter must be set if, and only if, delimiterType is CUSTOM.")
    cells = [row[0] for row in book.grid(area.sheet_id).read("entered", *area.area)]
    texts = [cell if isinstance(cell, str) and not isinstance(cell, Formula) else None for cell in cells]
    delimiter = body.get("delimiter") if kind == "CUSTOM" else _DELIMITERS.get(kind)
    if kind == "AUTODETECT":
        joined = "\n".join(text for text in texts if text)
        delimiter = next((mark for mark in _DELIMITERS.values() if mark in joined), ",")
    columns = limits(book, area.sheet_id)[1]
    for at, text in enumerate(texts, area.r0):
        parts = text.split(delimiter) if text else []
        if len(parts) < 2:
            continue
        target = Rect(area.sheet_id, at, area.c0, at + 1, area.c0 + len(parts))
        if target.c1 > columns:
            raise beyond_grid(book, target)
        enter(book, target, [[part.strip() for part in parts]])
    return {}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {
        "pasteData": _paste_data,
        "findReplace": _find_replace,
        "trimWhitespace": _trim,
        "deleteDuplicates": _delete_duplicates,
        "textToColumns": _text_to_columns,
    }
)
