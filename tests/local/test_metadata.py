"""Developer metadata: found by id, key, place and area."""

from __future__ import annotations

import pytest


@pytest.fixture
def marked(local):
    def entry(number, key, place):
        one = {"metadataId": number, "metadataKey": key, "metadataValue": str(number), "visibility": "DOCUMENT"}
        return {"createDeveloperMetadata": {"developerMetadata": {**one, "location": place}}}

    column = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 4, "endIndex": 5}
    requests = [
        entry(1, "mark", {"spreadsheet": True}),
        entry(2, "sheet", {"sheetId": 0}),
        entry(3, "column", {"dimensionRange": column}),
        entry(4, "row", {"dimensionRange": row}),
    ]
    local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": requests}).execute()
    return local


def ids(local, *filters):
    call = local.sheets.developerMetadata().search(spreadsheetId=local.id, body={"dataFilters": list(filters)})
    return sorted(one["developerMetadata"]["metadataId"] for one in call.execute().get("matchedDeveloperMetadata", []))


@pytest.mark.parametrize(
    ("lookup", "found"),
    [
        ({}, [1, 2, 3, 4]),
        ({"metadataId": 3}, [3]),
        ({"metadataKey": "sheet"}, [2]),
        ({"metadataKey": "sheet", "metadataValue": "other"}, []),
        ({"locationType": "COLUMN"}, [3]),
        ({"metadataLocation": {"spreadsheet": True}}, [1]),
        ({"metadataLocation": {"sheetId": 0}}, [2, 3, 4]),
        ({"metadataLocation": {"sheetId": 0}, "locationMatchingStrategy": "EXACT_LOCATION"}, [2]),
    ],
)
def test_lookups(marked, lookup, found):
    assert ids(marked, {"developerMetadataLookup": lookup}) == found


def test_areas_pick_the_rows_and_columns_in_them(marked):
    assert ids(marked, {"a1Range": "Sheet1!C1:D2"}) == [2, 3]
    assert ids(marked, {"gridRange": {"sheetId": 0, "startRowIndex": 4, "endRowIndex": 5, "endColumnIndex": 1}}) == [
        2,
        4,
    ]


def test_each_piece_comes_once_with_the_filters_that_found_it(marked):
    filters = [{"developerMetadataLookup": {"metadataId": 3}}, {"developerMetadataLookup": {"metadataKey": "column"}}]
    call = marked.sheets.developerMetadata().search(spreadsheetId=marked.id, body={"dataFilters": filters})
    (one,) = call.execute()["matchedDeveloperMetadata"]
    assert one["dataFilters"] == filters


def test_get_and_what_it_says_of_a_place(marked):
    one = marked.sheets.developerMetadata().get(spreadsheetId=marked.id, metadataId=4).execute()
    assert one["location"] == {
        "locationType": "ROW",
        "dimensionRange": {"dimension": "ROWS", "startIndex": 4, "endIndex": 5},
    }
    error = marked.refused(marked.sheets.developerMetadata().get(spreadsheetId=marked.id, metadataId=9))
    assert (error["code"], error["message"]) == (404, "No developer metadata with ID 9")


def test_metadata_moves_and_dies_with_its_row(marked):
    place = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 2}
    insert = {"insertDimension": {"range": place}}
    marked.sheets.batchUpdate(spreadsheetId=marked.id, body={"requests": [insert]}).execute()
    one = marked.sheets.developerMetadata().get(spreadsheetId=marked.id, metadataId=4).execute()
    assert one["location"]["dimensionRange"]["startIndex"] == 6
    delete = {"deleteDimension": {"range": {**place, "endIndex": 10}}}
    marked.sheets.batchUpdate(spreadsheetId=marked.id, body={"requests": [delete]}).execute()
    assert ids(marked, {"developerMetadataLookup": {}}) == [1, 2, 3]


def test_a_contradiction_is_refused(marked):
    lookup = {"metadataLocation": {"spreadsheet": True}, "locationMatchingStrategy": "INTERSECTING_LOCATION"}
    body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    error = marked.refused(marked.sheets.developerMetadata().search(spreadsheetId=marked.id, body=body))
    assert "INTERSECTING" in error["message"]
