"""Which cells a range stands for, and what is no range."""

from __future__ import annotations

import pytest

OUTSIDE = "The coordinates of the range are outside the dimensions of the sheet."


@pytest.mark.parametrize(
    ("given", "notation"),
    [
        ((2, 3), "C2"),
        ((2, 3, 4), "C2:C5"),
        ((2, 3, 4, 2), "C2:D5"),
        (("B2:A1",), "A1:B2"),
        (("$B$3",), "B3"),
        (("B:C",), "B1:C20"),
        (("3:4",), "A3:F4"),
        (("B2:B",), "B2:B20"),
        (("One!B2",), "B2"),
        (("two",), "B2:C3"),
    ],
)
def test_forms_of_get_range(desk, given, notation) -> None:
    area = {"sheetId": 7, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 3}
    desk.batch({"addNamedRange": {"namedRange": {"name": "two", "range": area}}})
    assert desk.sheet.getRange(*given).getA1Notation() == notation


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((0, 1), "The starting row of the range is too small."),
        ((1, 0), "The starting column of the range is too small."),
        ((1, 1, 0), "The number of rows in the range must be at least 1."),
        ((1, 1, 1, 0), "The number of columns in the range must be at least 1."),
        ((20, 1, 2), OUTSIDE),
        ((1, 7), OUTSIDE),
        (("A21",), OUTSIDE),
        (("nothing",), "Range not found"),
        (("Two!A1",), "Range not found"),
        ((None, 1), "The parameters (null,number) don't match the method signature for SpreadsheetApp.Sheet.getRange."),
        (
            ("A1", 2),
            "The parameters (String,number) don't match the method signature for SpreadsheetApp.Sheet.getRange.",
        ),
    ],
)
def test_what_is_no_range(desk, given, message) -> None:
    assert desk.refused(desk.sheet.getRange, *given) == message


def test_where_a_range_lies(desk) -> None:
    range = desk.sheet.getRange("B3:D6")
    assert (range.getRow(), range.getColumn(), range.getLastRow(), range.getLastColumn()) == (3, 2, 6, 4)
    assert (range.getNumRows(), range.getNumColumns()) == (4, 3)
    assert range.getSheet().getName() == "One"
    assert range.getCell(2, 1).getA1Notation() == "B4"
    assert desk.refused(range.getCell, 5, 1) == "Cell reference out of range"
    assert range.offset(1, -1).getA1Notation() == "A4:C7"
    assert range.offset(0, 0, 1).getA1Notation() == "B3:D3"
    assert range.offset(0, 0, 1, 1).getA1Notation() == "B3"


def test_a_range_of_rows_that_are_gone(desk) -> None:
    range = desk.sheet.getRange("A20")
    desk.sheet.deleteRow(1)
    assert desk.refused(range.getValue) == OUTSIDE
    assert desk.refused(range.setValue, 1) == OUTSIDE


def test_merged_cells(desk) -> None:
    area = {"sheetId": 7, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    desk.batch({"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})
    assert [one.getA1Notation() for one in desk.sheet.getRange("B2:C3").getMergedRanges()] == ["A1:B2"]
    assert desk.sheet.getRange("C3").getMergedRanges() == []


def test_what_is_selected(desk) -> None:
    assert desk.app.getActiveRange().getA1Notation() == "A1"
    desk.sheet.getRange("B2:C3").activate()
    assert desk.spreadsheet.getActiveRange().getA1Notation() == "B2:C3"
    assert desk.spreadsheet.getSelection().getCurrentCell().getA1Notation() == "B2"
    desk.spreadsheet.setActiveSelection("D4")
    assert desk.sheet.getActiveCell().getA1Notation() == "D4"
    desk.app.range(7, 4, 0, 5, 1)
    assert desk.sheet.getActiveRange().getA1Notation() == "A5"
