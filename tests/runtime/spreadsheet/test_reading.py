"""What scripts read of cells."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest


def test_values_are_those_of_the_cells(desk) -> None:
    desk.write("A1", ["text", 5, 2.5, True, False, ""], ["=1/2", "=NA()", "=A1&B1", "=1/0", "50%", "$3"])
    assert desk.sheet.getRange("A1:F2").getValues() == [
        ["text", 5, 2.5, True, False, ""],
        [0.5, "#N/A", "text5", "#DIV/0!", 0.5, 3],
    ]


def test_a_date_is_a_moment_on_the_clocks_of_the_spreadsheet(desk) -> None:
    desk.write("A1", ["2026-10-30", "2026-10-30 18:45", "=DATE(2026,1,2)", "=DATE(2026,1,2)+0"])
    assert desk.sheet.getRange(1, 1, 1, 4).getValues() == [
        [
            datetime(2026, 10, 29, 20, 30, tzinfo=UTC),
            datetime(2026, 10, 30, 15, 15, tzinfo=UTC),
            datetime(2026, 1, 1, 20, 30, tzinfo=UTC),
            46024,
        ]
    ]


def test_a_time_is_of_the_first_day(desk) -> None:
    desk.write("A1", ["6:00"])
    local = desk.sheet.getRange("A1").getValue().astimezone(__import__("zoneinfo").ZoneInfo("Asia/Tehran"))
    assert (local.year, local.month, local.day, local.hour) == (1899, 12, 30, 6)


def test_texts_are_as_people_see_them(desk) -> None:
    desk.write("A1", ["2026-10-30", "$3.50", True, "=NA()", ""])
    assert desk.sheet.getRange("A1:E1").getDisplayValues() == [["2026-10-30", "$3.50", "TRUE", "#N/A", ""]]
    assert desk.sheet.getRange("B1:C1").getDisplayValue() == "$3.50"


def test_formulas_notes_and_formats(desk) -> None:
    desk.write("A1", ["=1+1", 2], ["50%", "2026-10-30"])
    assert desk.sheet.getRange("A1:B1").getFormulas() == [["=1+1", ""]]
    assert desk.sheet.getRange("B1").getFormula() == ""
    assert desk.sheet.getRange("A1:B2").getNumberFormats() == [["General", "General"], ["0%", "yyyy-mm-dd"]]
    assert desk.sheet.getRange("A1:B1").getNotes() == [["", ""]]


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ((), (0, 0)),
        ((["a"], ["", "b"]), (2, 2)),
        ((["a"], [""], [False]), (3, 1)),  # an unticked checkbox is content
        ((["a"], ['=IF(TRUE;"";1)']), (2, 1)),  # so is a formula that shows nothing
        ((['=ARRAYFORMULA(IF(SEQUENCE(5)>2;"";1))'],), (5, 1)),  # and an empty text that a formula spills
        ((["a"], ["", ""], ["", "", ""]), (1, 1)),  # an entered empty text is not
    ],
)
def test_how_far_a_sheet_is_filled(desk, rows, last) -> None:
    if rows:
        desk.write("A1", *rows)
    assert (desk.sheet.getLastRow(), desk.sheet.getLastColumn()) == last
    data = desk.sheet.getDataRange()
    assert (data.getNumRows(), data.getNumColumns()) == (max(last[0], 1), max(last[1], 1))


def test_blank_and_checked(desk) -> None:
    desk.write("A1", ["", "=A5"])
    assert desk.sheet.getRange("A1").isBlank()
    assert not desk.sheet.getRange("B1").isBlank()
    boxes = desk.sheet.getRange("D1:D2").insertCheckboxes()
    assert boxes.isChecked() is False
    boxes.first().check()
    assert boxes.isChecked() is None
    assert desk.sheet.getRange("A1").isChecked() is None


def test_a_rule_tells_its_choices(desk) -> None:
    values = [{"userEnteredValue": text} for text in ("a", "b")]
    area = {"sheetId": 7, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    rule = {"condition": {"type": "ONE_OF_LIST", "values": values}, "strict": True, "showCustomUi": True}
    desk.batch({"setDataValidation": {"range": area, "rule": rule}})
    found = desk.sheet.getRange("A1").getDataValidation()
    assert found.getCriteriaType().text() == "VALUE_IN_LIST"
    assert found.getCriteriaValues() == [["a", "b"], True]
    assert not found.getAllowInvalid()
    assert desk.sheet.getRange("A2").getDataValidation() is None
