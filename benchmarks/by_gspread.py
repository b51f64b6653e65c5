"""A workbook as it was read → the same one through gspread's documented calls, as far as it has them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from gspread.utils import ValidationConditionType
from requests import Session as PlainSession

from crm_builder.a1 import letters

Json = dict[str, Any]
__all__ = ["FIELDS", "PlainSession", "left_out", "make"]

_CELL = "values(userEnteredValue,userEnteredFormat,dataValidation,note,pivotTable)"
FIELDS = (
    "properties,namedRanges,sheets(properties,merges,protectedRanges,basicFilter,conditionalFormats,bandedRanges,"
    f"charts(chartId),slicers(slicerId),filterViews(filterViewId),data(columnMetadata(hiddenByUser),rowData({_CELL})))"
)
_HIDDEN_SHEET = "_crm"


def left_out(whole: Json) -> dict[str, int]:
    """What it has no call for: name → how many there are."""
    kinds = {
        "conditional formats": "conditionalFormats", "bandings": "bandedRanges", "charts": "charts",
        "slicers": "slicers", "filter views": "filterViews",
    }  # fmt: skip
    found = {name: sum(len(sheet.get(field, ())) for sheet in whole["sheets"]) for name, field in kinds.items()}
    pivots = sum("pivotTable" in cell for sheet in whole["sheets"] for _, _, cell in _cells(sheet))
    return {name: count for name, count in {**found, "pivot tables": pivots}.items() if count}


def one_by_one(whole: Json) -> int:
    """Calls for what it has no joined call for and there is much of: merged cells and named ranges."""
    return len(whole.get("namedRanges", ())) + sum(len(sheet.get("merges", ())) for sheet in whole["sheets"])


def make(client: Any, whole: Json, people: list[str]) -> None:
    """The calls that somebody writes who follows the documentation and joins what it has a joined call for.

    Merged cells and named ranges are left to `one_by_one`: nobody would want to wait for them.
    """
    properties = whole["properties"]
    book = client.create(properties["title"])
    book.update_locale(properties["locale"])
    book.update_timezone(properties["timeZone"])
    first = book.sheet1
    sheets = [one for one in whole["sheets"] if not one["properties"]["title"].startswith(_HIDDEN_SHEET)]
    made = {}
    for sheet in sheets:
        grid = sheet["properties"]["gridProperties"]
        title = sheet["properties"]["title"]
        made[sheet["properties"].get("sheetId", 0)] = book.add_worksheet(title, grid["rowCount"], grid["columnCount"])
    book.del_worksheet(first)
    for sheet in sheets:
        _fill(made[sheet["properties"].get("sheetId", 0)], sheet)
    for address in people:
        book.share(address, perm_type="user", role="writer", notify=False)


def _fill(worksheet: Any, sheet: Json) -> None:
    properties, grid = sheet["properties"], sheet["properties"]["gridProperties"]
    cells = list(_cells(sheet))
    if values := _values(cells):
        worksheet.update(values, "A1", raw=False)
    if formats := [{"range": area, "format": one} for area, one in _areas(cells, "userEnteredFormat")]:
        worksheet.batch_format(formats)
    for area, rule in _areas(cells, "dataValidation"):
        condition = rule["condition"]
        worksheet.add_validation(
            area, ValidationConditionType(condition["type"]),
            [one["userEnteredValue"] for one in condition.get("values", ())], rule.get("inputMessage"),
            rule.get("strict", False), rule.get("showCustomUi", False),
        )  # fmt: skip
    if notes := {_place(row, column): cell["note"] for row, column, cell in cells if "note" in cell}:
        worksheet.update_notes(notes)
    if (frozen := [grid.get(name) for name in ("frozenRowCount", "frozenColumnCount")]) and any(frozen):
        worksheet.freeze(*frozen)
    if "basicFilter" in sheet:
        worksheet.set_basic_filter(_a1(sheet["basicFilter"]["range"], worksheet))
    for one in sheet.get("protectedRanges", ()):
        more = {"description": one.get("description"), "warning_only": one.get("warningOnly", False)}
        worksheet.add_protected_range(_a1(one["range"], worksheet), **more)
    columns = sheet["data"][0].get("columnMetadata", ())
    for hidden, run in groupby(range(len(columns)), lambda at: bool(columns[at].get("hiddenByUser"))):
        if hidden:
            places = list(run)
            worksheet.hide_columns(places[0], places[-1] + 1)
    if color := properties.get("tabColor"):
        parts = (round(255 * color.get(name, 0)) for name in ("red", "green", "blue"))
        worksheet.update_tab_color("#" + "".join(f"{part:02x}" for part in parts))
    if grid.get("hideGridlines"):
        worksheet.hide_gridlines()
    if properties.get("hidden"):
        worksheet.hide()


def _cells(sheet: Json) -> Iterator[tuple[int, int, Json]]:
    """(row, column, cell), both from 0, of every cell that holds anything."""
    for row, line in enumerate(sheet["data"][0].get("rowData", ())):
        for column, cell in enumerate(line.get("values", ())):
            if cell:
                yield row, column, cell


def _values(cells: list[tuple[int, int, Json]]) -> list[list[Any]]:
    entered = {
        (row, column): next(iter(cell["userEnteredValue"].values())) for row, column, cell in cells
        if "userEnteredValue" in cell
    }  # fmt: skip
    rows, width = 1 + max((row for row, _ in entered), default=-1), 1 + max((at for _, at in entered), default=-1)
    return [[entered.get((row, column), "") for column in range(width)] for row in range(rows)]


def _areas(cells: list[tuple[int, int, Json]], part: str) -> Iterator[tuple[str, Json]]:
    """(range, value) for cells that have the same, as few rectangles as columns with equal neighbours allow."""
    runs: dict[tuple[int, int, str], list[Any]] = {}  # (first row, last row, value) → [(first, last column), value]
    done: list[tuple[int, int, int, int, Json]] = []
    columns: dict[int, list[tuple[int, Json]]] = {}
    for row, column, cell in cells:
        if part in cell:
            columns.setdefault(column, []).append((row, cell[part]))
    for column in sorted(columns):
        for first, last, value in _runs(columns[column]):
            key = first, last, repr(value)
            if key in runs and runs[key][1] == column - 1:
                runs[key][1] = column
            else:
                if key in runs:
                    done.append((first, last, *runs[key]))
                runs[key] = [column, column, value]
    done += [(first, last, *run) for (first, last, _), run in runs.items()]
    for first, last, left, right, value in done:
        yield f"{_place(first, left)}:{_place(last, right)}", value


def _runs(lines: list[tuple[int, Json]]) -> Iterator[tuple[int, int, Json]]:
    start, end, value = lines[0][0], lines[0][0], lines[0][1]
    for row, other in lines[1:]:
        if row == end + 1 and other == value:
            end = row
            continue
        yield start, end, value
        start, end, value = row, row, other
    yield start, end, value


def _place(row: int, column: int) -> str:
    return f"{letters(column)}{row + 1}"


def _a1(area: Json, worksheet: Any) -> str:
    """An area without an end goes to the last row or column."""
    last = _place(area.get("endRowIndex", worksheet.row_count) - 1, area.get("endColumnIndex", worksheet.col_count) - 1)
    return f"{_place(area.get('startRowIndex', 0), area.get('startColumnIndex', 0))}:{last}"
