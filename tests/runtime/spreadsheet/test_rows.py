"""Rows and columns inserted, deleted, hidden, sorted, appended: what speaks of the cells goes along."""

from __future__ import annotations

import pytest


def titles(desk, column="A") -> list:
    return [
        row[0]
        for row in desk.sheet.getRange(f"{column}1:{column}{desk.sheet.getMaxRows()}").getValues()
        if row[0] != ""
    ]


@pytest.mark.parametrize(
    ("name", "given", "rows", "formula"),
    [
        ("insertRowsAfter", (1, 2), ["a", "", "", "b"], "=SUM(B1:B4)"),
        ("insertRowAfter", (2,), ["a", "b", ""], "=SUM(B1:B2)"),
        ("insertRowsBefore", (2, 1), ["a", "", "b"], "=SUM(B1:B3)"),
        ("insertRowBefore", (1,), ["", "a", "b"], "=SUM(B2:B3)"),
        ("insertRows", (1,), ["", "a", "b"], "=SUM(B2:B3)"),
        ("deleteRow", (1,), ["b"], "=SUM(B1:B1)"),
        ("deleteRows", (2, 3), ["a"], "=SUM(B1:B1)"),
    ],
)
def test_rows(desk, name, given, rows, formula) -> None:
    desk.write("A1", ["a"], ["b"])
    desk.write("F8", ["=SUM(B1:B2)"])
    before = desk.sheet.getMaxRows()
    count = given[1] if len(given) > 1 else 1
    getattr(desk.sheet, name)(*given)
    grown = count if name.startswith("insert") else -count
    assert desk.sheet.getMaxRows() == before + grown
    assert [row[0] for row in desk.sheet.getRange(1, 1, len(rows)).getValues()] == rows
    assert desk.sheet.getRange(8 + grown, 6).getFormula() == formula


def test_new_rows_look_like_the_one_they_are_named_after(desk) -> None:
    desk.sheet.getRange("A2").setNumberFormat("0.00")
    desk.sheet.insertRowsAfter(2, 1).insertRowsBefore(2, 1)
    assert [row[0] for row in desk.sheet.getRange("A1:A5").getNumberFormats()] == [
        "General",
        "0.00",
        "0.00",
        "0.00",
        "General",
    ]


def test_rows_at_the_end(desk) -> None:
    desk.sheet.insertRowsAfter(20, 5)
    assert desk.sheet.getRange("A25").setValue(1).getValue() == 1


def test_columns_take_their_metadata_along(desk) -> None:
    desk.sheet.getRange("B:B").addDeveloperMetadata("key", "b")
    desk.write("B1", ["x"])
    desk.sheet.insertColumnsBefore(1, 2)
    desk.sheet.insertColumnAfter(4)
    (mark,) = desk.spreadsheet.createDeveloperMetadataFinder().withKey("key").find()
    assert mark.getLocation().getColumn().getA1Notation() == "D1:D20"
    desk.sheet.deleteColumn(1)
    assert mark.getLocation().getColumn().getColumn() == 3
    assert desk.sheet.getRange("C1").getValue() == "x"
    desk.sheet.deleteColumns(3, 1)
    assert desk.spreadsheet.createDeveloperMetadataFinder().withKey("key").find() == []


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("deleteRows", (20, 2), "Those rows are out of bounds."),
        ("deleteRow", (0,), "Those rows are out of bounds."),
        ("deleteColumn", (7,), "Those columns are out of bounds."),
        ("insertRowsAfter", (21, 1), "Those rows are out of bounds."),
        ("deleteRows", (1, 20), "You can't delete all the rows on the sheet."),
        (
            "deleteRow",
            (None,),
            "The parameters (null) don't match the method signature for SpreadsheetApp.Sheet.deleteRow.",
        ),
    ],
)
def test_rows_that_are_not_there(desk, name, given, message) -> None:
    assert desk.refused(getattr(desk.sheet, name), *given) == message
    assert desk.sheet.getMaxRows() == 20


def test_frozen_rows_alone_do_not_stay(desk) -> None:
    properties = {"sheetId": 7, "gridProperties": {"frozenRowCount": 1}}
    desk.batch({"updateSheetProperties": {"properties": properties, "fields": "gridProperties.frozenRowCount"}})
    assert desk.refused(desk.sheet.deleteRows, 2, 19) == "Sorry, it is not possible to delete all non-frozen rows."
    desk.sheet.deleteRows(2, 18)
    assert desk.sheet.getMaxRows() == 2


def test_hiding(desk) -> None:
    desk.sheet.hideRows(2, 2)
    desk.sheet.hideColumns(1)
    assert [desk.sheet.isRowHiddenByUser(at) for at in (1, 2, 3, 4)] == [False, True, True, False]
    assert desk.sheet.isColumnHiddenByUser(1)
    desk.sheet.showRows(2, 2)
    assert not desk.sheet.isRowHiddenByUser(2)


def test_appending(desk) -> None:
    desk.write("A1", ["a"], ["b"])
    desk.write("B4", [False])
    desk.sheet.appendRow(["c", 1, None]).appendRow(["d"])
    assert desk.sheet.getRange("A4:B6").getValues() == [["", False], ["c", 1], ["d", ""]]
    desk.sheet.getRange("A20").setValue("end")
    desk.sheet.appendRow(["e", 1, 2, 3, 4, 5, 6])
    assert (desk.sheet.getMaxRows(), desk.sheet.getMaxColumns(), desk.sheet.getRange("G21").getValue()) == (21, 7, 6)


def test_sorting_leaves_frozen_rows(desk) -> None:
    desk.write("A1", ["title"], ["b"], ["a"])
    assert desk.sheet.getFrozenRows() == 0
    properties = {"sheetId": 7, "gridProperties": {"frozenRowCount": 1}}
    desk.batch({"updateSheetProperties": {"properties": properties, "fields": "gridProperties.frozenRowCount"}})
    desk.sheet.sort(1)
    assert titles(desk) == ["title", "a", "b"]
    desk.sheet.sort(1, False)
    assert titles(desk) == ["title", "b", "a"]


def test_the_filter(desk) -> None:
    assert desk.sheet.getFilter() is None
    desk.write("A1", ["title"], ["a"], ["b"])
    area = {"sheetId": 7, "startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 1}
    desk.batch({"setBasicFilter": {"filter": {"range": area, "criteria": {"0": {"hiddenValues": ["a"]}}}}})
    assert desk.sheet.getFilter().getRange().getA1Notation() == "A1:A3"
    assert [desk.sheet.isRowHiddenByFilter(at) for at in (1, 2, 3)] == [False, True, False]
    assert titles(desk) == ["title", "a", "b"]  # filtered rows are read and written all the same
    desk.sheet.getFilter().remove()
    assert not desk.sheet.isRowHiddenByFilter(2)
