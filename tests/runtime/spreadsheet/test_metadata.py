"""Developer metadata: attached, found, moved along, changed, removed."""

from __future__ import annotations

import pytest

from crm_builder.local.runtime.spreadsheet.enums import LOCATION, VISIBILITY


@pytest.fixture
def marked(desk):
    """One entry each on the spreadsheet, two sheets, a column and a row of the first."""
    desk.batch({"addSheet": {"properties": {"sheetId": 8, "title": "Two"}}})
    desk.spreadsheet.addDeveloperMetadata("of", "spreadsheet")
    desk.sheet.addDeveloperMetadata("of", "sheet", VISIBILITY["PROJECT"])
    desk.spreadsheet.getSheetByName("Two").addDeveloperMetadata("of", "other")
    desk.sheet.getRange("C:C").addDeveloperMetadata("of", "column")
    desk.sheet.getRange("4:4").addDeveloperMetadata("of", VISIBILITY["DOCUMENT"])
    return desk


def found(finder) -> list:
    return [one.getValue() for one in finder.find()]


def test_the_scope_of_a_search(marked) -> None:
    assert found(marked.spreadsheet.createDeveloperMetadataFinder()) == [
        "spreadsheet",
        "sheet",
        None,
        "column",
        "other",
    ]
    assert found(marked.sheet.createDeveloperMetadataFinder()) == ["sheet", None, "column"]
    assert found(marked.sheet.getRange("B:D").createDeveloperMetadataFinder()) == ["column"]
    assert found(marked.sheet.getRange("A1:D5").createDeveloperMetadataFinder()) == []
    assert found(marked.sheet.getRange("1:5").createDeveloperMetadataFinder()) == [None]
    meeting = marked.sheet.getRange("A1:D5").createDeveloperMetadataFinder().onIntersectingLocations()
    assert found(meeting) == ["sheet", None, "column"]


def test_what_a_search_is_narrowed_by(marked) -> None:
    finder = marked.spreadsheet.createDeveloperMetadataFinder
    assert found(finder().withKey("of").withValue("column")) == ["column"]
    assert found(finder().withKey("other key")) == []
    assert found(finder().withVisibility(VISIBILITY["PROJECT"])) == ["sheet"]
    assert found(finder().withLocationType(LOCATION["SHEET"])) == ["sheet", "other"]
    (column,) = finder().withLocationType(LOCATION["COLUMN"]).find()
    assert found(finder().withId(column.getId())) == ["column"]
    assert marked.refused(finder().withKey, 5).endswith("DeveloperMetadataFinder.withKey.")


def test_where_it_is(marked) -> None:
    spreadsheet, sheet, row, column, _ = marked.spreadsheet.createDeveloperMetadataFinder().find()
    assert spreadsheet.getLocation().getSpreadsheet().getId() == marked.world.spreadsheet_id
    assert sheet.getLocation().getSheet().getName() == "One"
    assert sheet.getLocation().getLocationType() is LOCATION["SHEET"]
    assert row.getLocation().getRow().getA1Notation() == "A4:F4"
    assert column.getLocation().getColumn().getColumn() == 3
    assert column.getLocation().getRow() is column.getLocation().getSheet() is None
    marked.sheet.insertRowsBefore(1, 3)
    assert row.getLocation().getRow().getRow() == 7


def test_what_is_attached_to_one_thing(marked) -> None:
    def values(owner) -> list:
        return [one.getValue() for one in owner.getDeveloperMetadata()]

    assert values(marked.spreadsheet) == ["spreadsheet"]
    assert values(marked.sheet) == ["sheet"]
    assert values(marked.sheet.getRange("C:C")) == ["column"]


def test_changing_and_removing(marked) -> None:
    (one,) = marked.sheet.getDeveloperMetadata()
    assert one.setValue("new").setKey("key").getValue() == "new"
    (again,) = marked.spreadsheet.createDeveloperMetadataFinder().withKey("key").find()
    assert (again.getValue(), again.getVisibility(), again.getId()) == ("new", VISIBILITY["PROJECT"], one.getId())
    again.remove()
    assert marked.sheet.getDeveloperMetadata() == []


def test_cells_have_none(desk) -> None:
    assert desk.refused(desk.sheet.getRange("A1:B2").addDeveloperMetadata, "key").startswith(
        "Adding developer metadata"
    )


def test_too_much_of_it(desk) -> None:
    desk.spreadsheet.addDeveloperMetadata("key", "x" * 30_000)
    assert "30000" in desk.refused(desk.app.flush)
    assert desk.spreadsheet.getDeveloperMetadata() == []
