"""What becomes of what scripts write into cells."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

AREA = {"sheetId": 7, "startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 1}
VIOLATION = "The data you entered in cell {} violates the data validation rules set on this cell."


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("text", "text"),
        ("12", 12),
        ("00123", 123),
        ("'00123", "00123"),
        ("+98 912 000 0000", "#ERROR!"),
        ("=1+1", 2),
        ("'=1+1", "=1+1"),
        ("TRUE", True),
        (False, False),
        ("", ""),
        (None, ""),
        (2.5, 2.5),
        (float("nan"), "#NUM!"),
        ("@handle", "@handle"),
        ("#N/A", "#N/A"),
    ],
)
def test_values_are_entered_as_if_typed(desk, given, read) -> None:
    assert desk.sheet.getRange("A1").setValue(given).getValue() == read


def test_a_cell_of_texts_keeps_them(desk) -> None:
    cell = desk.sheet.getRange("A1").setNumberFormat("@")
    for text in ("00123", "2026-10-30", "'quoted", "1405/08/30"):
        assert cell.setValue(text).getValue() == text


def test_a_moment_gets_a_format_where_there_is_none(desk) -> None:
    desk.sheet.getRange("B1").setNumberFormat("yyyy-mm")
    moment = datetime(2026, 10, 30, 8, 15, tzinfo=UTC)
    midnight = datetime(2026, 10, 29, 20, 30, tzinfo=UTC)
    range = desk.sheet.getRange("A1:C1").setValues([[moment, moment, midnight]])
    assert range.getDisplayValues() == [["10/30/2026 11:45:00", "2026-10", "10/30/2026"]]
    assert range.getValues() == [[moment, moment, midnight]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [[1, 2]],
            "The number of rows in the data does not match the number of rows in the range. The data has 1 but the range has 2.",
        ),
        (
            [[1, 2], [3]],
            "The number of columns in the data does not match the number of columns in the range. The data has 1 but the range has 2.",
        ),
        ([1, 2], "The parameters (number[]) don't match the method signature for SpreadsheetApp.Range.setValues."),
        (
            [[1, {}], [3, 4]],
            "The parameters ((class)) don't match the method signature for SpreadsheetApp.Range.setValues.",
        ),
        (
            [["x" * 50_001, ""], ["", ""]],
            "Your input contains more than the maximum of 50000 characters in a single cell.",
        ),
    ],
)
def test_what_does_not_fit(desk, rows, message) -> None:
    assert desk.refused(desk.sheet.getRange("A1:B2").setValues, rows) == message
    assert desk.sheet.getLastRow() == 0


def test_one_value_for_all_cells(desk) -> None:
    assert desk.sheet.getRange("A1:B2").setValue("x").getValues() == [["x", "x"], ["x", "x"]]


def test_formulas(desk) -> None:
    desk.write("A1", [1], [2])
    assert desk.sheet.getRange("B1:B2").setFormula("SUM(A1:A2)").getValues() == [[3], [3]]
    assert desk.sheet.getRange("C1:C2").setFormulas([["=A1*10"], [""]]).getValues() == [[10], [""]]


def test_an_empty_text_blocks_a_spill(desk) -> None:
    desk.write("A1", ["=SEQUENCE(3)"])
    desk.sheet.getRange("A3").setValue("")
    assert desk.sheet.getRange("A1").getValue() == "#REF!"
    desk.sheet.getRange("A3").clearContent()
    assert desk.sheet.getRange("A1:A3").getValues() == [[1], [2], [3]]


def test_clearing_leaves_formats_and_notes(desk) -> None:
    cell = desk.sheet.getRange("A1").setValue("50%").setNote("kept")
    cell.clearContent()
    assert (cell.getValue(), cell.getNumberFormat(), cell.getNote()) == ("", "0%", "kept")
    assert cell.clearNote().getNote() == ""


def test_notes(desk) -> None:
    range = desk.sheet.getRange("A1:A2").setNotes([["one"], [None]])
    assert range.getNotes() == [["one"], [""]]
    assert range.setNote("all").getNotes() == [["all"], ["all"]]
    assert range.setNote(None).getNotes() == [[""], [""]]


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("@", "TEXT"),
        ("0.00", "NUMBER"),
        ('0 "days"', "NUMBER"),
        ("0%", "PERCENT"),
        ("$#,##0", "CURRENCY"),
        ("yyyy-mm-dd", "DATE"),
        ("yyyy-mm-dd hh:mm", "DATE_TIME"),
        ("h:mm", "TIME"),
        ("0.0E+0", "SCIENTIFIC"),
    ],
)
def test_number_formats(desk, pattern, kind) -> None:
    cell = desk.sheet.getRange("A1").setNumberFormat(pattern)
    assert cell.getNumberFormat() == pattern
    assert desk.book().grid(7).read("format", 0, 0, 1, 1)[0][0]["numberFormat"]["type"] == kind
    assert cell.setNumberFormats([["General"]]).getNumberFormat() == "General"


def test_a_background(desk) -> None:
    desk.sheet.getRange("A1").setBackground("#ff0000").getValue()
    assert desk.book().grid(7).read("format", 0, 0, 1, 1)[0][0]["backgroundColor"] == {"red": 1}
    desk.sheet.getRange("A1").setBackground(None).getValue()
    assert not desk.book().grid(7).read("format", 0, 0, 1, 1)[0][0]


def test_checkboxes(desk) -> None:
    range = desk.sheet.getRange("A1:A2").insertCheckboxes()
    assert range.getValues() == [[False], [False]]
    assert desk.sheet.getRange("A1:B2").check().getValues() == [[True, ""], [True, ""]]
    assert range.uncheck().getValues() == [[False], [False]]
    desk.sheet.getRange("A1").setValue("neither")
    assert desk.refused(desk.app.flush) == VIOLATION.format("A1")


def test_sorting(desk) -> None:
    desk.write("A1", ["b", 1], ["a", 2], ["c", 2])
    range = desk.sheet.getRange("A1:B3")
    assert range.sort(1).getValues() == [["a", 2], ["b", 1], ["c", 2]]
    assert range.sort([{"column": 2, "ascending": False}, 1]).getValues() == [["a", 2], ["c", 2], ["b", 1]]


def test_rich_text_is_refused(desk) -> None:
    assert "Rich text" in desk.refused(desk.sheet.getRange("A1").setRichTextValue, None)


# -- rules and protection ----------------------------------------------------------------------------------------------


def rule(desk, kind, *texts, strict=True) -> None:
    values = [{"userEnteredValue": text} for text in texts]
    made = {"condition": {"type": kind, "values": values}, "strict": strict}
    desk.batch({"setDataValidation": {"range": AREA, "rule": made}})


@pytest.mark.parametrize(
    ("kind", "texts", "good", "bad"),
    [
        ("ONE_OF_LIST", ("open", "done"), "done", "gone"),
        ("ONE_OF_RANGE", ("=One!$C$1:$C$2",), "x", "z"),
        ("NUMBER_BETWEEN", ("1", "5"), 3, 6),
        ("TEXT_IS_EMAIL", (), "a@example.com", "a"),
        ("DATE_IS_VALID", (), "2026-10-30", "soon"),
        ("CUSTOM_FORMULA", ("=LEN(A1)<4",), "abc", "abcd"),
        ("BOOLEAN", (), True, "yes"),
    ],
)
def test_a_rule_that_rejects(desk, kind, texts, good, bad) -> None:
    desk.write("C1", ["x"], ["y"])
    rule(desk, kind, *texts)
    cells = desk.sheet.getRange("A1:A2")
    cells.setValues([[good], [""]])
    desk.app.flush()
    before = cells.getValues()
    cells.setValues([[good], [bad]])
    assert desk.refused(desk.app.flush) == VIOLATION.format("A2")
    assert cells.getValues() == before


def test_a_rule_that_warns_and_formulas_stop_nothing(desk) -> None:
    rule(desk, "ONE_OF_LIST", "a", strict=False)
    assert desk.sheet.getRange("A1").setValue("b").getValue() == "b"
    rule(desk, "ONE_OF_LIST", "a")
    assert desk.sheet.getRange("A1").setValue('="b"').getValue() == "b"


@pytest.mark.parametrize(
    ("user", "more", "may"),
    [
        ("owner@example.com", {}, True),
        ("other@example.com", {}, False),
        ("other@example.com", {"editors": {"users": ["other@example.com"]}}, True),
        ("other@example.com", {"warningOnly": True}, True),
    ],
)
def test_protected_cells(desk, user, more, may) -> None:
    desk.batch({"addProtectedRange": {"protectedRange": {"range": AREA, **more}}})
    app = desk.new(user=user)
    sheet = app.spreadsheet.getSheetByName("One")
    assert sheet.getRange("A1").canEdit() is may
    assert sheet.getRange("B1").setValue(1).getValue() == 1
    for write in (
        lambda: sheet.getRange("A1:B1").setValue(2),
        lambda: sheet.deleteRow(1),
        sheet.getRange("A1").clearContent,
    ):
        write()
        if may:
            app.flush()
        else:
            assert desk.refused(app.flush).startswith("You are trying to edit a protected cell or object.")
