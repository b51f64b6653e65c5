"""A spreadsheet in a folder of its own, and short ways to send requests to it, for the tests of batch requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crm_builder.local import store
from crm_builder.local.batch import apply
from crm_builder.local.book import Book, create
from crm_builder.local.calc import effective
from crm_builder.local.errors import ApiError

Json = dict[str, Any]


@contextmanager
def book_in(folder: Path, rows: int = 20, columns: int = 8, *, others: tuple[str, ...] = ()) -> Iterator[Book]:
    """A book with Sheet1 (id 0) and further sheets (ids 1, 2 …) of the same size, inside one transaction."""
    titles = ("Sheet1", *others)
    sheets = [
        {
            "properties": {
                "sheetId": at,
                "title": title,
                "index": at,
                "sheetType": "GRID",
                "gridProperties": {"rowCount": rows, "columnCount": columns},
            }
        }
        for at, title in enumerate(titles)
    ]
    properties = {"title": "Test", "locale": "en_US", "timeZone": "Etc/GMT", "autoRecalc": "ON_CHANGE"}
    opened = store.Store(folder)
    try:
        with opened.transaction() as db:
            book = create(db, "book", {"properties": properties, "sheets": sheets})
            for at in range(len(titles)):
                book.add_grid(at, rows, columns)
            yield book
    finally:
        opened.close()


def send(book: Book, *requests: Json) -> list[Json]:
    return apply(book, list(requests))


def refused(book: Book, *requests: Json) -> str:
    """The message of the refusal that the requests meet."""
    try:
        apply(book, list(requests))
    except ApiError as error:
        assert error.status == 400
        return error.message
    raise AssertionError("the requests were accepted")


def area(r0: int, c0: int, r1: int, c1: int, sheet_id: int = 0) -> Json:
    return {
        "sheetId": sheet_id,
        "startRowIndex": r0,
        "endRowIndex": r1,
        "startColumnIndex": c0,
        "endColumnIndex": c1,
    }


def lines(start: int, end: int, dimension: str = "ROWS", sheet_id: int = 0) -> Json:
    return {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}


def cell(value: Any) -> Json:
    if value is None:
        return {}
    if isinstance(value, str) and value.startswith("="):
        return {"userEnteredValue": {"formulaValue": value}}
    kind = "boolValue" if isinstance(value, bool) else "stringValue" if isinstance(value, str) else "numberValue"
    return {"userEnteredValue": {kind: value}}


def typed(values: list[list[Any]], row: int = 0, column: int = 0, sheet_id: int = 0) -> Json:
    """An updateCells request that enters the values at a place."""
    return {
        "updateCells": {
            "start": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column},
            "rows": [{"values": [cell(value) for value in line]} for line in values],
            "fields": "userEnteredValue",
        }
    }


def entered(book: Book, r0: int, c0: int, r1: int, c1: int, sheet_id: int = 0) -> list[list[Any]]:
    return book.grid(sheet_id).read("entered", r0, c0, r1, c1)


def results(book: Book, r0: int, c0: int, r1: int, c1: int, sheet_id: int = 0) -> list[list[Any]]:
    book.recalculate()
    return effective(book, sheet_id, r0, c0, r1, c1)


def properties(book: Book, sheet_id: int = 0) -> Json:
    return book.sheet(sheet_id)["properties"]
