"""The same through a script in V8: proxies, enums, dates, errors that it catches, kills that drop what waits."""

from __future__ import annotations

import pytest

from crm_builder.local.runtime import Kill
from tests.runtime.conftest import Stage

SHEET = "const file = SpreadsheetApp.getActiveSpreadsheet(); const sheet = file.getSheetByName('Rows');"


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (
            "sheet.getRange('A1:B1').setValues([['x', 2]]); return sheet.getRange(1, 1, 1, 3).getValues()",
            [["x", 2, ""]],
        ),
        ("return sheet.getRange('B2').getA1Notation() + sheet.getRange('C:C').getNumRows()", "B21000"),
        (
            "const day = new Date(2026, 9, 30); sheet.getRange('A1').setValue(day);"
            "const read = sheet.getRange('A1').getValue();"
            "return [read instanceof Date, read.getTime() === day.getTime(), sheet.getRange('A1').getDisplayValue()]",
            [True, True, "10/30/2026"],
        ),
        (
            "const kind = SpreadsheetApp.DeveloperMetadataVisibility.DOCUMENT;"
            "sheet.getRange('B:B').addDeveloperMetadata('key', 'value', kind);"
            "const [mark] = file.createDeveloperMetadataFinder().withKey('key').find();"
            "const where = mark.getLocation();"
            "return [mark.getVisibility() === kind, where.getColumn().getColumn(), String(where.getLocationType())]",
            [True, 2, "COLUMN"],
        ),
        (
            "const ui = SpreadsheetApp.getUi();"
            "return [ui.alert('Sure?', ui.ButtonSet.YES_NO) === ui.Button.YES, ui.prompt('Who?').getResponseText()]",
            [True, "me"],
        ),
        (
            "try { sheet.getRange('A1:B1').setValues([[1]]) } catch (error) { return error.message }",
            "The number of columns in the data does not match the number of columns in the range."
            " The data has 1 but the range has 2.",
        ),
        ("try { sheet.getRanges() } catch (error) { return error.message }", "Sheet.getRanges is not a function"),
        ("return [file.getSheetByName('none'), sheet.getRange('A1').getDataValidation()]", [None, None]),
    ],
)
def test_a_script(stage: Stage, body: str, value: object) -> None:
    assert stage.run(SHEET + body, answers=["YES", "me"]) == value


@pytest.mark.parametrize(("keep", "kept"), [(True, [["first"], ["second"]]), (False, [["first"]])])
def test_a_kill_keeps_or_drops_what_waits(stage: Stage, keep: bool, kept: list) -> None:
    stage.push(
        "function main() { const sheet = SpreadsheetApp.getActive().getSheetByName('Rows');"
        "sheet.getRange('A1').setValue('first'); SpreadsheetApp.flush();"
        "sheet.getRange('A2').setValue('second'); sheet.getName(); }"
    )
    outcome = stage.runtime(kill=Kill(8, keep_buffer=keep)).run("main")
    assert outcome.ended and outcome.calls["Range.setValue"] == 2
    assert stage.cells() == kept


def test_a_simple_trigger(stage: Stage) -> None:
    """It hears where somebody typed, writes beside it, and can show no page."""
    stage.push(
        "function onEdit(e) {"
        "  e.range.offset(0, 1).setValue(e.range.getRow() + e.value + e.range.rowEnd + e.range.columnStart + SpreadsheetApp.getActiveRange().getA1Notation());"
        "  SpreadsheetApp.getUi().showSidebar(HtmlService.createHtmlOutput('')); }"
    )
    outcome = stage.runtime().edit("Rows", "A3", "x")
    assert stage.cells() == [[], [], ["x", "3x31A3"]]
    assert outcome.error == (
        "Exception: You do not have permission to call Ui.showSidebar."
        " Required permissions: https://www.googleapis.com/auth/script.container.ui"
    )


def test_files_that_the_manifest_does_not_open(stage: Stage) -> None:
    scopes = ["https://www.googleapis.com/auth/spreadsheets.currentonly"]
    stage.push("function main() { return SpreadsheetApp.openById('1') }", oauthScopes=scopes)
    assert stage.runtime().run("main").error == (
        "Exception: Specified permissions are not sufficient to call SpreadsheetApp.openById."
        " Required permissions: https://www.googleapis.com/auth/spreadsheets"
    )
