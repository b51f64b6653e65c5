"""The spreadsheet itself, its sheets and names."""

from __future__ import annotations

from crm_builder.local import permissions


def test_the_file(desk) -> None:
    assert desk.app.getActiveSpreadsheet() is desk.app.getActive() is desk.spreadsheet
    id = desk.spreadsheet.getId()
    assert desk.spreadsheet.getUrl() == f"https://docs.google.com/spreadsheets/d/{id}/edit"
    assert desk.spreadsheet.getName() == "Test"
    assert (desk.spreadsheet.getSpreadsheetTimeZone(), desk.spreadsheet.getSpreadsheetLocale()) == (
        "Asia/Tehran",
        "en_US",
    )
    assert desk.app.openById(id) is desk.spreadsheet
    assert desk.refused(desk.app.openById, "1x") == "You do not have permission to access the requested document."


def test_who_may_edit(desk) -> None:
    assert desk.spreadsheet.getOwner().getEmail() == "owner@example.com"
    grant = {"type": "user", "role": "writer", "emailAddress": "writer@example.com"}
    permissions.create(desk.world.workspace, desk.world.spreadsheet_id, grant, {})
    grant = {"type": "user", "role": "reader", "emailAddress": "reader@example.com"}
    permissions.create(desk.world.workspace, desk.world.spreadsheet_id, grant, {})
    assert [one.getEmail() for one in desk.spreadsheet.getEditors()] == ["owner@example.com", "writer@example.com"]


def test_sheets(desk) -> None:
    desk.batch({"addSheet": {"properties": {"sheetId": 8, "title": "Two", "hidden": True, "rightToLeft": True}}})
    names = [
        (one.getName(), one.getIndex(), one.getSheetId(), one.isSheetHidden()) for one in desk.spreadsheet.getSheets()
    ]
    assert names == [("One", 1, 7, False), ("Two", 2, 8, True)]
    two = desk.spreadsheet.getSheetByName("Two")
    assert two.isRightToLeft() and two.getType().text() == "GRID"
    assert two.getParent().getNumSheets() == 2
    assert desk.spreadsheet.getSheetByName("two") is None
    assert desk.spreadsheet.getSheetById(8).getName() == "Two"
    assert not two.showSheet().isSheetHidden()
    assert two.setName("Renamed").getName() == "Renamed"


def test_a_sheet_that_is_gone(desk) -> None:
    made = desk.spreadsheet.insertSheet("Three", 0)
    assert (made.getIndex(), desk.spreadsheet.getActiveSheet().getName()) == (1, "Three")
    assert desk.refused(desk.spreadsheet.insertSheet, "three").startswith(
        'A sheet with the name "three" already exists.'
    )
    range = made.getRange("A1")
    desk.spreadsheet.deleteSheet(made)
    assert desk.refused(made.getName) == f"Sheet {made.sheet_id} not found"
    assert desk.refused(range.setValue, 1) == desk.refused(range.getValue) == f"Sheet {made.sheet_id} not found"
    assert desk.spreadsheet.getActiveSheet().getName() == "One"


def test_named_ranges(desk) -> None:
    area = {"sheetId": 7, "startColumnIndex": 1, "endColumnIndex": 2}
    desk.batch({"addNamedRange": {"namedRange": {"name": "things", "range": area}}})
    assert desk.spreadsheet.getRangeByName("Things").getA1Notation() == "B1:B20"
    assert desk.spreadsheet.getRangeByName("nothing") is None
    (named,) = desk.sheet.getNamedRanges()
    assert (named.getName(), named.getRange().getColumn()) == ("things", 2)
    desk.sheet.insertColumnBefore(1)
    assert desk.spreadsheet.getRangeByName("things").getColumn() == 3
    assert desk.spreadsheet.getRange("things").getColumn() == 3
    assert desk.spreadsheet.getRange("'One'!A2:B2").getA1Notation() == "A2:B2"
    assert desk.spreadsheet.getRange("B2").getSheet().getName() == "One"


def test_a_toast(desk) -> None:
    desk.spreadsheet.toast("done")
    desk.spreadsheet.toast("done", "title", 5)
    assert [(one["title"], one["text"]) for one in desk.world.shown] == [("", "done"), ("title", "done")]
