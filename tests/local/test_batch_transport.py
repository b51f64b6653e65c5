"""A batch through the REST client: all of it or nothing, replies in place, what was sent is read back."""

from __future__ import annotations

import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from crm_builder.local.transport import open_workspace


@pytest.fixture
def sheets(tmp_path):
    with open_workspace(tmp_path) as transport:
        yield build("sheets", "v4", http=transport, static_discovery=True).spreadsheets()


def test_a_batch_with_one_bad_request_changes_nothing(sheets):
    made = sheets.create(body={"properties": {"title": "T"}}).execute()
    key = made["spreadsheetId"]
    before = sheets.get(spreadsheetId=key, includeGridData=True).execute()
    title = made["sheets"][0]["properties"]["title"]
    requests = [
        {
            "updateCells": {
                "start": {"sheetId": 0},
                "rows": [{"values": [{"userEnteredValue": {"stringValue": "lost"}, "note": "n"}]}],
                "fields": "userEnteredValue,note",
            }
        },
        {"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 5}}},
        {"addSheet": {"properties": {"title": title}}},
    ]
    with pytest.raises(HttpError) as failure:
        sheets.batchUpdate(spreadsheetId=key, body={"requests": requests}).execute()
    assert failure.value.status_code == 400
    assert failure.value.reason.startswith(f'Invalid requests[2].addSheet: A sheet with the name "{title}" already')
    assert sheets.get(spreadsheetId=key, includeGridData=True).execute() == before


def test_later_requests_may_use_ids_chosen_in_the_same_batch(sheets):
    key = sheets.create(body={"properties": {"title": "T"}}).execute()["spreadsheetId"]
    column = {"sheetId": 7, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    requests = [
        {"addSheet": {"properties": {"sheetId": 7, "title": "مشتریان", "rightToLeft": True}}},
        {"addNamedRange": {"namedRange": {"namedRangeId": "n", "name": "customers_id", "range": column}}},
        {
            "updateCells": {
                "start": {"sheetId": 7},
                "rows": [
                    {"values": [{"userEnteredValue": {"stringValue": "id"}}]},
                    {"values": [{"userEnteredValue": {"stringValue": "c1"}}]},
                    {"values": [{}, {"userEnteredValue": {"formulaValue": "=COUNTA(customers_id)"}}]},
                ],
                "fields": "userEnteredValue",
            }
        },
        {"deleteNamedRange": {"namedRangeId": "n"}},
        {"addNamedRange": {"namedRange": {"namedRangeId": "n", "name": "customers_id", "range": column}}},
    ]
    replies = sheets.batchUpdate(spreadsheetId=key, body={"requests": requests}).execute()["replies"]
    assert [list(reply) for reply in replies] == [["addSheet"], ["addNamedRange"], [], [], ["addNamedRange"]]
    values = sheets.values().get(spreadsheetId=key, range="مشتریان!A1:B3").execute()["values"]
    assert values == [["id"], ["c1"], ["", "1"]]
    read = sheets.get(spreadsheetId=key).execute()
    assert read["namedRanges"] == [{"namedRangeId": "n", "name": "customers_id", "range": column}]


def test_the_spreadsheet_comes_along_as_it_is_asked_for(sheets):
    key = sheets.create(body={"sheets": [{"properties": {"title": title}} for title in ("One", "Two")]}).execute()[
        "spreadsheetId"
    ]
    ids = [one["properties"].get("sheetId", 0) for one in sheets.get(spreadsheetId=key).execute()["sheets"]]
    cell = {"values": [{"userEnteredValue": {"stringValue": "x"}}]}
    body = {
        "requests": [{"updateCells": {"start": {"sheetId": ids[1]}, "rows": [cell], "fields": "userEnteredValue"}}],
        "includeSpreadsheetInResponse": True,
        "responseRanges": ["Two!A1:B2"],
        "responseIncludeGridData": True,
    }
    whole = sheets.batchUpdate(spreadsheetId=key, body=body).execute()
    (two,) = whole["updatedSpreadsheet"]["sheets"]
    assert two["data"][0]["rowData"][0]["values"][0]["formattedValue"] == "x"
    assert len(two["data"][0]["columnMetadata"]) == 2
    fields = "replies,updatedSpreadsheet(sheets(properties(title)))"
    asked = sheets.batchUpdate(spreadsheetId=key, body=body, fields=fields).execute()
    assert asked == {"replies": [{}], "updatedSpreadsheet": {"sheets": [{"properties": {"title": "Two"}}]}}
    fields = "updatedSpreadsheet(sheets(data(rowData(values(userEnteredValue)))))"
    asked = sheets.batchUpdate(
        spreadsheetId=key, body=body | {"responseIncludeGridData": False}, fields=fields
    ).execute()
    assert asked == {"updatedSpreadsheet": {"sheets": [{"data": [{"rowData": [cell]}]}]}}
    body["includeSpreadsheetInResponse"] = False
    assert sheets.batchUpdate(spreadsheetId=key, body=body, fields="updatedSpreadsheet").execute() == {}
