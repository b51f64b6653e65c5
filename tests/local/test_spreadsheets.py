"""spreadsheets.create, get and batchUpdate: the recorded shape, field masks, grid data, strictness."""

from __future__ import annotations

import json

import pytest


def batch(local, *requests, **more):
    return local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": list(requests), **more}).execute()


def get(local, **how):
    return local.sheets.get(spreadsheetId=local.id, **how).execute()


def put(local, place, rows, option="USER_ENTERED"):
    body = {"values": rows}
    local.values.update(spreadsheetId=local.id, range=place, valueInputOption=option, body=body).execute()


def test_a_new_spreadsheet_is_as_recorded(local):
    shown = get(local)
    assert list(shown) == ["spreadsheetId", "properties", "sheets", "spreadsheetUrl"]
    properties = shown["properties"]
    assert {name: properties[name] for name in ("title", "locale", "autoRecalc", "timeZone")} == {
        "title": "Test",
        "locale": "en_US",
        "autoRecalc": "ON_CHANGE",
        "timeZone": "Etc/GMT",
    }
    assert properties["defaultFormat"]["textFormat"]["fontFamily"] == "arial,sans,sans-serif"
    assert [one["colorType"] for one in properties["spreadsheetTheme"]["themeColors"]][0:3] == [
        "TEXT",
        "BACKGROUND",
        "ACCENT1",
    ]
    grid = {"rowCount": 1000, "columnCount": 26}
    first = {"sheetId": 0, "title": "Sheet1", "index": 0, "sheetType": "GRID", "gridProperties": grid}
    assert shown["sheets"] == [{"properties": first}]
    assert shown["spreadsheetUrl"] == f"https://docs.google.com/spreadsheets/d/{local.id}/edit"


def test_create_takes_a_whole_spreadsheet(local):
    place = {"sheetId": 7, "startColumnIndex": 0, "endColumnIndex": 1, "startRowIndex": 1}
    body = {
        "properties": {"title": "Whole", "timeZone": "Asia/Tehran"},
        "sheets": [
            {
                "properties": {"sheetId": 7, "title": "People", "gridProperties": {"rowCount": 50, "columnCount": 4}},
                "data": [{"rowData": [{"values": [{"userEnteredValue": {"stringValue": "Name"}, "note": "who"}]}]}],
                "developerMetadata": [{"metadataId": 11, "metadataKey": "k", "visibility": "DOCUMENT"}],
            },
            {"properties": {"title": "Second"}},
        ],
        "namedRanges": [{"namedRangeId": "n1", "name": "people_name", "range": place}],
    }
    id = local.sheets.create(body=body).execute()["spreadsheetId"]
    shown = local.sheets.get(spreadsheetId=id).execute()
    assert shown["properties"]["timeZone"] == "Asia/Tehran"
    assert [one["properties"]["title"] for one in shown["sheets"]] == ["People", "Second"]
    assert shown["sheets"][0]["properties"]["gridProperties"] == {"rowCount": 50, "columnCount": 4}
    assert shown["sheets"][0]["developerMetadata"][0]["location"] == {"locationType": "SHEET", "sheetId": 7}
    assert shown["namedRanges"][0]["range"] == place
    cells = local.sheets.get(spreadsheetId=id, fields="sheets.data.rowData.values(userEnteredValue,note)").execute()
    assert cells["sheets"][0]["data"][0]["rowData"] == [
        {"values": [{"userEnteredValue": {"stringValue": "Name"}, "note": "who"}]}
    ]
    assert local.files.get(fileId=id).execute()["name"] == "Whole"


def test_create_with_a_fault_makes_nothing(local):
    body = {"sheets": [{"properties": {"title": "A"}}, {"properties": {"title": "A"}}]}
    error = local.refused(local.sheets.create(body=body))
    assert error["message"].startswith('A sheet with the name "A" already exists')
    assert len(local.files.list().execute()["files"]) == 1


def test_a_mask_gives_exactly_what_it_names(local):
    assert get(local, fields="sheets(properties(title,gridProperties/rowCount)),properties.title") == {
        "properties": {"title": "Test"},
        "sheets": [{"properties": {"title": "Sheet1", "gridProperties": {"rowCount": 1000}}}],
    }


def test_a_mask_of_something_unknown_is_refused_as_recorded(local):
    error = local.refused(local.sheets.get(spreadsheetId=local.id, fields="sheets.sheetProperties"))
    assert error["message"] == "Request contains an invalid argument."
    assert error["details"][0]["fieldViolations"] == [
        {
            "field": "sheets.sheetProperties",
            "description": "Error expanding 'fields' parameter."
            " Cannot find matching fields for path 'sheets.sheetProperties'.",
        }
    ]


def test_cells_come_as_entered_effective_and_formatted(local):
    put(local, "A1", [["=SEQUENCE(2)", "50%", "text", "=1/0"], [None, "TRUE"]])
    data = get(
        local, ranges=["A1:D2"], fields="sheets.data.rowData.values(userEnteredValue,effectiveValue,formattedValue)"
    )
    first, second = data["sheets"][0]["data"][0]["rowData"]
    assert first["values"][0] == {
        "userEnteredValue": {"formulaValue": "=SEQUENCE(2)"},
        "effectiveValue": {"numberValue": 1},
        "formattedValue": "1",
    }
    assert first["values"][1]["formattedValue"] == "50%"
    assert first["values"][3]["effectiveValue"]["errorValue"]["type"] == "DIVIDE_BY_ZERO"
    assert first["values"][3]["formattedValue"] == "#DIV/0!"
    # A cell that a formula spills into has a value and none of its own.
    assert second["values"][0] == {"effectiveValue": {"numberValue": 2}, "formattedValue": "2"}
    assert second["values"][1]["effectiveValue"] == {"boolValue": True}


def test_a_date_function_shows_a_date_without_any_format(local):
    put(local, "A1", [["=TODAY()", "=TODAY()+1"]])
    assert local.values.get(spreadsheetId=local.id, range="A1").execute()["values"] == [["10/30/2026"]]
    plain = local.values.get(spreadsheetId=local.id, range="A1:B1", valueRenderOption="UNFORMATTED_VALUE").execute()
    assert plain["values"] == [[46325, 46326]]


def test_empty_ends_of_grid_data_are_left_out(local):
    put(local, "B2", [["x"]])
    data = get(local, ranges=["A1:C9"], fields="sheets.data(startRow,startColumn,rowData.values.formattedValue)")
    assert data["sheets"][0]["data"] == [{"rowData": [{}, {"values": [{}, {"formattedValue": "x"}]}]}]
    data = get(local, ranges=["B2:C9"], fields="sheets.data(startRow,startColumn,rowData.values.formattedValue)")
    assert data["sheets"][0]["data"] == [
        {"startRow": 1, "startColumn": 1, "rowData": [{"values": [{"formattedValue": "x"}]}]}
    ]
    assert get(local, ranges=["F1:F9"], fields="sheets.data.rowData")["sheets"] == [{"data": [{}]}]


def test_grid_data_brings_rows_and_columns_with_their_metadata(local):
    place = {"dimensionRange": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}
    entry = {"metadataId": 3, "metadataKey": "column", "metadataValue": "email", "location": place}
    batch(
        local,
        {"createDeveloperMetadata": {"developerMetadata": {**entry, "visibility": "DOCUMENT"}}},
        {
            "updateDimensionProperties": {
                "range": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2},
                "properties": {"pixelSize": 40, "hiddenByUser": True},
                "fields": "pixelSize,hiddenByUser",
            }
        },
    )
    data = get(local, ranges=["A1:C2"], includeGridData=True)["sheets"][0]["data"][0]
    assert data["rowMetadata"] == [{"pixelSize": 21}, {"pixelSize": 21}]
    assert data["columnMetadata"][:2] == [{"pixelSize": 100}, {"hiddenByUser": True, "pixelSize": 40}]
    assert data["columnMetadata"][2]["developerMetadata"][0]["location"] == {
        "locationType": "COLUMN",
        "dimensionRange": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3},
    }
    assert "developerMetadata" not in get(local)["sheets"][0]


def test_only_the_sheets_of_the_ranges_are_answered(local):
    batch(local, {"addSheet": {"properties": {"sheetId": 5, "title": "Two words"}}})
    shown = get(local, ranges=["'Two words'!A1"])
    assert [one["properties"]["sheetId"] for one in shown["sheets"]] == [5]
    assert "data" not in shown["sheets"][0]


def test_get_by_data_filter(local):
    put(local, "A1", [["x"]])
    body = {
        "dataFilters": [{"gridRange": {"sheetId": 0, "endRowIndex": 1, "endColumnIndex": 1}}],
        "includeGridData": True,
    }
    shown = local.sheets.getByDataFilter(spreadsheetId=local.id, body=body).execute()
    assert shown["sheets"][0]["data"][0]["rowData"][0]["values"][0]["formattedValue"] == "x"


def test_a_batch_is_applied_as_a_whole_or_not_at_all(local):
    good = {"addSheet": {"properties": {"title": "New"}}}
    bad = {"deleteSheet": {"sheetId": 99}}
    call = local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": [good, bad]})
    assert local.refused(call)["message"].startswith("Invalid requests[1].deleteSheet: ")
    assert len(get(local)["sheets"]) == 1
    assert batch(local, good)["replies"][0]["addSheet"]["properties"]["title"] == "New"


def test_a_batch_can_answer_with_the_spreadsheet(local):
    request = {"updateSpreadsheetProperties": {"properties": {"title": "Renamed"}, "fields": "title"}}
    done = batch(local, request, includeSpreadsheetInResponse=True)
    assert done["updatedSpreadsheet"]["properties"]["title"] == "Renamed"
    assert local.files.get(fileId=local.id).execute()["name"] == "Renamed"


@pytest.mark.parametrize(
    ("requests", "field", "text"),
    [
        (
            [{"noSuchRequest": {}}],
            "requests[0]",
            "Invalid JSON payload received. Unknown name \"noSuchRequest\" at 'requests[0]': Cannot find field.",
        ),
        (
            [{"addSheet": {"properties": {"sheetId": "x"}}}],
            "requests[0].add_sheet.properties.sheet_id",
            "Invalid value at 'requests[0].add_sheet.properties.sheet_id' (TYPE_INT32), \"x\"",
        ),
        (
            [{"addSheet": {"properties": {"hidden": "yes"}}}],
            "requests[0].add_sheet.properties.hidden",
            "Invalid value at 'requests[0].add_sheet.properties.hidden' (TYPE_BOOL), \"yes\"",
        ),
    ],
)
def test_what_the_discovery_document_does_not_know_is_refused(local, requests, field, text):
    error = local.refused(local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": requests}))
    assert error["message"] == text
    assert error["details"][0]["fieldViolations"] == [{"field": field, "description": text}]


def test_every_fault_of_a_body_is_named(local):
    body = {"requests": [{"a": {}}, {"b": {}}], "c": 1}
    error = local.refused(local.sheets.batchUpdate(spreadsheetId=local.id, body=body))
    assert error["message"].count("Cannot find field.") == 3


def test_snake_case_names_and_single_objects_are_taken(local):
    request = {"update_sheet_properties": {"properties": {"sheet_id": 0, "title": "Snake"}, "fields": "title"}}
    local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": request}).execute()
    assert get(local)["sheets"][0]["properties"]["title"] == "Snake"


@pytest.mark.parametrize(
    ("method", "uri", "status"),
    [
        ("GET", "https://sheets.googleapis.com/v4/spreadsheets/none", 404),
        ("GET", "https://sheets.googleapis.com/v5/spreadsheets", 404),
        ("PATCH", "https://sheets.googleapis.com/v4/spreadsheets", 404),
        ("GET", "https://sheets.googleapis.com/v4/spreadsheets/{id}?unknown=1", 400),
        ("GET", "https://sheets.googleapis.com/v4/spreadsheets/{id}?includeGridData=perhaps", 400),
        ("GET", "https://sheets.googleapis.com/v4/spreadsheets/{id}/values/A1?valueRenderOption=PRETTY", 400),
        ("POST", "https://sheets.googleapis.com/v4/spreadsheets/{id}/sheets/0:copyTo", 404),
        ("GET", "https://www.googleapis.com/drive/v3/drives", 501),
    ],
)
def test_what_is_not_answered_is_refused_in_the_services_form(local, method, uri, status):
    body = "{}" if method == "POST" else None
    answer, content = local.transport.request(uri.format(id=local.id), method, body)
    assert (answer.status, json.loads(content)["error"]["code"]) == (status, status)


def test_a_body_that_is_no_json_is_refused(local):
    uri = f"https://sheets.googleapis.com/v4/spreadsheets/{local.id}:batchUpdate"
    for body in ("{", '{"requests": NaN}', "[]", '{"requests": [{"addSheet": {"properties": {"title": "\\ud800"}}}]}'):
        answer, content = local.transport.request(uri, "POST", body)
        assert (answer.status, json.loads(content)["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_any_host_is_answered(local):
    answer, content = local.transport.request(f"http://127.0.0.1:9999/v4/spreadsheets/{local.id}?fields=spreadsheetId")
    assert (answer.status, json.loads(content)) == (200, {"spreadsheetId": local.id})
