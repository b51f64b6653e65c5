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
