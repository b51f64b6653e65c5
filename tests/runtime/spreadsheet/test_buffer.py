"""Writes wait until something is read that they could touch, until flush() or the end of the run."""

from __future__ import annotations

import pytest


def stored(desk, where="A1") -> object:
    """What the workspace holds, whatever waits."""
    return desk.book().grid(7).read("entered", 0, 0, 1, 1)[0][0]


def test_writes_wait(desk) -> None:
    desk.sheet.getRange("A1").setValue("new")
    assert (stored(desk), len(desk.world.buffer)) == (None, 1)
    desk.app.flush()
    assert (stored(desk), len(desk.world.buffer)) == ("new", 0)


@pytest.mark.parametrize(
    "read",
    [
        lambda desk: desk.sheet.getRange("F6").getValue(),  # formulas may look at any cell
        lambda desk: desk.sheet.getLastRow(),
        lambda desk: desk.sheet.getDataRange(),
        lambda desk: desk.sheet.getRange("A1").getNotes(),
    ],
)
def test_reading_brings_them_about(desk, read) -> None:
    desk.sheet.getRange("A1").setValue("new")
    read(desk)
    assert stored(desk) == "new"


def test_asking_for_places_does_not(desk) -> None:
    for at in range(1, 4):
        desk.sheet.getRange(at, 1).setValue("new")
    desk.sheet.getMaxRows()
    desk.spreadsheet.createDeveloperMetadataFinder().withKey("key").find()
    desk.spreadsheet.getSheetByName("One").getName()
    assert len(desk.world.buffer) == 3


def test_but_does_where_places_may_have_moved(desk) -> None:
    desk.sheet.getRange("A1").setValue("new")
    desk.sheet.insertRowsBefore(1, 2)
    assert stored(desk) is None
    assert desk.sheet.getMaxRows() == 22
    assert desk.sheet.getRange("A3").getValue() == "new"


def test_they_come_about_in_their_order(desk) -> None:
    desk.sheet.getRange("A1").setValue("first")
    desk.sheet.deleteRow(1)
    desk.sheet.getRange("A1").setValue("second")
    desk.sheet.appendRow(["third"])
    assert desk.sheet.getRange("A1:A3").getValues() == [["second"], ["third"], [""]]


def test_what_is_refused_takes_what_follows_with_it(desk) -> None:
    area = {"sheetId": 7, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}
    rule = {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "0"}]}, "strict": True}
    desk.batch({"setDataValidation": {"range": area, "rule": rule}})
    desk.sheet.getRange("A1").setValue("before")
    desk.sheet.getRange("A2").setValue(-1)
    desk.sheet.getRange("A3").setValue("after")
    assert "cell A2 violates" in desk.refused(desk.sheet.getRange("A1").getValue)
    assert desk.sheet.getRange("A1:A3").getValues() == [["before"], [""], [""]]


def test_a_block_written_later_is_what_it_was_then(desk) -> None:
    rows = [["a"], ["b"]]
    desk.sheet.getRange("A1:A2").setValues(rows)
    rows[0][0] = "changed"
    assert desk.sheet.getRange("A1").getValue() == "a"


def test_time_passes_with_the_cells(desk) -> None:
    before = desk.world.elapsed_ms
    desk.sheet.getRange("A1:F20").getValues()
    assert desk.world.elapsed_ms - before == pytest.approx(120 * desk.world.limits.cell_ms)


def test_somebody_deletes_rows_before_a_write_comes_about(desk) -> None:
    desk.sheet.getRange("A20").setValue("last")
    place = {"sheetId": 7, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    desk.batch({"deleteDimension": {"range": place}})
    assert desk.refused(desk.app.flush) == "Range (One!A20) exceeds grid limits. Max rows: 19, max columns: 6"
