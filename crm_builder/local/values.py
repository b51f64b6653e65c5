"""spreadsheets.values: get, update, append, clear and their batches, by range and by data filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .a1 import Area, exceeds, parse, written
from .append import place_of_append
from .batch import apply
from .errors import ApiError, invalid
from .filters import areas_of
from .render import FORMATTED, rows_of_values, trimmed
from .values_write import cells_of, put

if TYPE_CHECKING:
    from .book import Book

Json = dict[str, Any]


class Touched(NamedTuple):
    """(sheet id, row) and (sheet id, column) of the cells that one request has written."""

    rows: set[tuple[int, int]]
    columns: set[tuple[int, int]]


def get(book: Book, range_text: str, options: Json) -> Json:
    """values.get: one ValueRange; options are valueRenderOption, dateTimeRenderOption, majorDimension."""
    return value_range(book, parse(book, range_text), options)


def batch_get(book: Book, ranges: list[str], options: Json) -> Json:
    areas = [parse(book, text) for text in ranges]
    return {"spreadsheetId": book.id, "valueRanges": [value_range(book, area, options) for area in areas]}


def batch_get_by_filter(book: Book, body: Json) -> Json:
    found = [
        {"valueRange": value_range(book, area, body), "dataFilters": filters}
        for area, filters in areas_of(book, _needed(body, "dataFilters"))
    ]
    return {"spreadsheetId": book.id, "valueRanges": found} if found else {"spreadsheetId": book.id}


def value_range(book: Book, area: Area, options: Json) -> Json:
    """The area as ValueRange: the range in full, the values trimmed; no values key where all are empty (recorded)."""
    by = options.get("majorDimension") or "ROWS"
    if by == "DIMENSION_UNSPECIFIED":
        raise invalid("Invalid majorDimension: DIMENSION_UNSPECIFIED")
    full = area
    if by == "ROWS":  # what lies beyond anything ever stored is empty: it is not even looked at
        area = _filled_part(book, area)
    rows = rows_of_values(
        book, area, options.get("valueRenderOption") or FORMATTED, options.get("dateTimeRenderOption", "")
    )
    if by == "COLUMNS":
        rows = [list(column) for column in zip(*rows, strict=True)]
    kept = trimmed(rows)
    answer: Json = {"range": _name(book, full), "majorDimension": by}
    if kept:
        answer["values"] = kept
    return answer


def _filled_part(book: Book, area: Area) -> Area:
    book.recalculate()
    grid = book.grid(area.sheet_id)
    rows = max(grid.extent("entered")[0], grid.extent("result")[0])
    return area._replace(r1=max(area.r0, min(area.r1, rows)))


def update(book: Book, range_text: str, body: Json, options: Json) -> Json:
    """values.update: the range in the path and the one in the body must agree (documented)."""
    if body.get("range") and body["range"] != range_text and parse(book, body["range"]) != parse(book, range_text):
        raise invalid(f"Requested writing within range [{range_text}], but the body's range is [{body['range']}]")
    return _update(book, parse(book, range_text), body, options, Touched(set(), set()))


def _update(book: Book, area: Area, body: Json, options: Json, touched: Touched) -> Json:
    rows = cells_of(body)
    option = _input_option(options)
    _fits(book, area, rows)
    return _written(book, area, area.r0, area.c0, rows, option, options, touched)


def _fits(book: Book, area: Area, rows: list[list[Any]]) -> None:
    """More values than the range holds are refused, except after a single cell, which names only the start."""
    height, width = len(rows), max(map(len, rows), default=0)
    grid = book.grid(area.sheet_id)
    if area.r0 + height > grid.rows or area.c0 + width > grid.columns:
        raise exceeds(book, area.sheet_id, area.r0, area.c0, area.r0 + height, area.c0 + width)
    if area.single:
        return
    if area.r0 + height > area.r1:
        raise invalid(f"Requested writing within range [{_name(book, area)}], but tried writing to row [{area.r1 + 1}]")
    if area.c0 + width > area.c1:
        column = written("A", 0, area.c1, 1, area.c1 + 1).removeprefix("A!").rstrip("1")
        raise invalid(f"Requested writing within range [{_name(book, area)}], but tried writing to column [{column}]")


def _written(
    book: Book,
    area: Area,
    row: int,
    column: int,
    rows: list[list[Any]],
    option: str,
    options: Json,
    touched: Touched,
) -> Json:
    """Writes the rows and answers as UpdateValuesResponse: counts leave skipped (null) cells out (recorded)."""
    put(book, area.sheet_id, row, column, rows, option)
    height, width = max(len(rows), 1), max(1, *map(len, rows), 1) if rows else 1
    done = Area(area.sheet_id, row, column, row + height, column + width)
    answer: Json = {"spreadsheetId": book.id, "updatedRange": _name(book, done)}
    filled = [[at for at, value in enumerate(cells) if value is not None] for cells in rows]
    columns = {at for cells in filled for at in cells}
    touched.rows.update((area.sheet_id, row + at) for at, cells in enumerate(filled) if cells)
    touched.columns.update((area.sheet_id, column + at) for at in columns)
    counts = {
        "updatedRows": sum(1 for cells in filled if cells),
        "updatedColumns": len(columns),
        "updatedCells": sum(map(len, filled)),
    }
    answer |= {name: count for name, count in counts.items() if count}
    if options.get("includeValuesInResponse"):
        how = {
            "valueRenderOption": options.get("responseValueRenderOption"),
            "dateTimeRenderOption": options.get("responseDateTimeRenderOption", ""),
            "majorDimension": options.get("majorDimension"),
        }
        # The whole range that was asked for, where one was (documented); a single cell names only the start.
        answer["updatedData"] = value_range(book, done if area.single else area, how)
    return answer


def append(book: Book, range_text: str, body: Json, options: Json) -> Json:
    """values.append: after the table that the range lies in, or the last one it holds (recorded)."""
    area = parse(book, range_text)
    option = _input_option(options)
    rows = cells_of(body)
    table, row, column = place_of_append(book, area)
    grid = book.grid(area.sheet_id)
    if rows and options.get("insertDataOption") == "INSERT_ROWS" and row < grid.rows:
        place = {"sheetId": area.sheet_id, "dimension": "ROWS", "startIndex": row, "endIndex": row + len(rows)}
        apply(book, [{"insertDimension": {"range": place, "inheritFromBefore": row > 0}}])
    missing = row + len(rows) - grid.rows
    if missing > 0:
        how = {"sheetId": area.sheet_id, "dimension": "ROWS", "length": missing}
        apply(book, [{"appendDimension": how}])
    missing = column + max(map(len, rows), default=0) - grid.columns
    if missing > 0:
        apply(book, [{"appendDimension": {"sheetId": area.sheet_id, "dimension": "COLUMNS", "length": missing}}])
    answer: Json = {"spreadsheetId": book.id}
    if table is not None:
        answer["tableRange"] = _name(book, table)
    answer["updates"] = _written(
        book, area._replace(single=True), row, column, rows, option, options, Touched(set(), set())
    )
    return answer


def clear(book: Book, range_text: str) -> Json:
    """values.clear: values go, formats, notes and rules stay (documented)."""
    area = parse(book, range_text)
    return {"spreadsheetId": book.id, "clearedRange": _clear(book, area)}


def batch_clear(book: Book, ranges: list[str]) -> Json:
    return {"spreadsheetId": book.id, "clearedRanges": [_clear(book, parse(book, text)) for text in ranges]}


def batch_clear_by_filter(book: Book, body: Json) -> Json:
    areas = [area for area, _ in areas_of(book, _needed(body, "dataFilters"))]
    return {"spreadsheetId": book.id, "clearedRanges": [_clear(book, area) for area in areas]}


def _clear(book: Book, area: Area) -> str:
    grid, where = book.grid(area.sheet_id), area[1:5]
    grid.fill("entered", *where, None)
    grid.drop_pivots(*where)
    book.changed(area.sheet_id, *where)
    return _name(book, area)


def batch_update(book: Book, body: Json) -> Json:
    """values.batchUpdate: all or nothing; a fault names its place as data[i]."""
    responses, touched = [], Touched(set(), set())
    for at, data in enumerate(_needed(body, "data")):
        try:
            responses.append(_update(book, parse(book, data.get("range", "")), data, _of(body, data), touched))
        except ApiError as error:
            raise _within(error, at) from error
    return _totals(book, responses, touched)


def batch_update_by_filter(book: Book, body: Json) -> Json:
    responses, touched = [], Touched(set(), set())
    for at, data in enumerate(_needed(body, "data")):
        try:
            for area, _ in areas_of(book, [data.get("dataFilter", {})]):
                one = _update(book, area, data, _of(body, data), touched)
                responses.append({**one, "dataFilter": data.get("dataFilter", {})})
        except ApiError as error:
            raise _within(error, at) from error
    return _totals(book, responses, touched)


def _of(body: Json, data: Json) -> Json:
    return {**body, "majorDimension": data.get("majorDimension")}


def _within(error: ApiError, at: int) -> ApiError:
    if error.message.startswith(("'valueInputOption'", "Unable to parse range")):
        return error
    return ApiError(error.status, error.code, f"Invalid data[{at}]: {error.message}", error.details)


def _totals(book: Book, responses: list[Json], touched: Touched) -> Json:
    """Rows and columns that several ranges share are counted once (recorded)."""
    cells = sum(one.get("updatedCells", 0) for one in responses)
    totals = {"Rows": len(touched.rows), "Columns": len(touched.columns), "Cells": cells}
    answer: Json = {"spreadsheetId": book.id, **{f"totalUpdated{name}": n for name, n in totals.items() if n}}
    sheets = {one["updatedRange"].rpartition("!")[0] for one in responses if one.get("updatedCells")}
    if sheets:
        answer["totalUpdatedSheets"] = len(sheets)
    for one in responses:
        one.setdefault("spreadsheetId", book.id)
    return {**answer, "responses": responses} if responses else answer


def _input_option(options: Json) -> str:
    option = options.get("valueInputOption") or "INPUT_VALUE_OPTION_UNSPECIFIED"
    if option == "INPUT_VALUE_OPTION_UNSPECIFIED":
        raise invalid("'valueInputOption' is required but not specified")
    return option


def _needed(body: Json, name: str) -> list[Any]:
    if not body.get(name):
        raise invalid(f"Must specify at least one of {name}.")
    return body[name]


def _name(book: Book, area: Area) -> str:
    return written(book.sheet(area.sheet_id)["properties"]["title"], *area[1:5])
