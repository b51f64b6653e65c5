"""spreadsheets.values: what is written, what is read back, and in which words the rest is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from crm_builder.local.transport import open_workspace


def put(local, place, rows, option="RAW", **more):
    body = {"values": rows}
    call = local.values.update(spreadsheetId=local.id, range=place, valueInputOption=option, body=body, **more)
    return call.execute()


def read(local, place, **more):
    return local.values.get(spreadsheetId=local.id, range=place, **more).execute()


def append(local, place, rows, **more):
    body = {"values": rows}
    call = local.values.append(spreadsheetId=local.id, range=place, valueInputOption="RAW", body=body, **more)
    return call.execute()


def test_raw_keeps_text_and_types(local):
    done = put(local, "Sheet1!A1", [["007", "=1+2", 5, 2.5, True, "1405/08/30"]])
    assert done == {
        "spreadsheetId": local.id,
        "updatedRange": "Sheet1!A1:F1",
        "updatedRows": 1,
        "updatedColumns": 6,
        "updatedCells": 6,
    }
    unformatted = read(local, "Sheet1!A1:F1", valueRenderOption="UNFORMATTED_VALUE")["values"]
    assert unformatted == [["007", "=1+2", 5, 2.5, True, "1405/08/30"]]
    assert read(local, "Sheet1!A1:F1")["values"] == [["007", "=1+2", "5", "2.5", "TRUE", "1405/08/30"]]


def test_user_entered_is_read_as_typed(local):
    put(local, "A1", [["007", "=1+2", "$100.15", "TRUE", "plain"]], "USER_ENTERED")
    assert read(local, "A1:E1")["values"] == [["7", "3", "$100.15", "TRUE", "plain"]]
    plain = read(local, "A1:E1", valueRenderOption="UNFORMATTED_VALUE")["values"]
    assert plain == [[7, 3, 100.15, True, "plain"]]
    assert read(local, "A1:E1", valueRenderOption="FORMULA")["values"] == [[7, "=1+2", 100.15, True, "plain"]]


def test_what_is_typed_into_text_cells_stays_text(local):
    shape = {"userEnteredFormat": {"numberFormat": {"type": "TEXT", "pattern": "@"}}}
    area = {"sheetId": 0, "endRowIndex": 1, "endColumnIndex": 1}
    repeat = {"repeatCell": {"range": area, "cell": shape, "fields": "userEnteredFormat.numberFormat"}}
    local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": [repeat]}).execute()
    put(local, "A1", [["0912"]], "USER_ENTERED")
    assert read(local, "A1", valueRenderOption="UNFORMATTED_VALUE")["values"] == [["0912"]]


def test_answers_are_trimmed_inside_and_out(local):
    put(local, "B2", [["x", "", None], ["", "", ""], ["", "y", ""]])
    assert read(local, "A1:E9") == {
        "range": "Sheet1!A1:E9",
        "majorDimension": "ROWS",
        "values": [[], ["", "x"], [], ["", "", "y"]],
    }
    assert read(local, "A1:E9", majorDimension="COLUMNS")["values"] == [[], ["", "x"], ["", "", "", "y"]]
    assert "values" not in read(local, "F1:F9")


def test_null_skips_and_empty_text_empties(local):
    put(local, "A1:C1", [["a", "b", "c"]])
    done = put(local, "A1:C1", [[None, "", "C"]])
    assert (done["updatedRange"], done["updatedColumns"], done["updatedCells"]) == ("Sheet1!A1:C1", 2, 2)
    assert read(local, "A1:C1")["values"] == [["a", "", "C"]]


def test_columns_can_be_written(local):
    body = {"values": [["a", "b"], ["c"]], "majorDimension": "COLUMNS"}
    local.values.update(spreadsheetId=local.id, range="A1", valueInputOption="RAW", body=body).execute()
    assert read(local, "A1:B2")["values"] == [["a", "c"], ["b"]]


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("'Sheet1'!B:C", "Sheet1!B1:C1000"),
        ("B5:C", "Sheet1!B5:C1000"),
        ("C3:B2", "Sheet1!B2:C3"),
        ("A1:ZZ2000", "Sheet1!A1:Z1000"),
        ("sheet1!A1", "Sheet1!A1"),
    ],
)
def test_ranges_are_answered_in_full(local, place, shown):
    assert read(local, place)["range"] == shown


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("Nope!A1", "Unable to parse range: Nope!A1"),
        ("'Nope'!A1:B2", "Unable to parse range: 'Nope'!A1:B2"),
        ("Sheet1!A0", "Unable to parse range: Sheet1!A0"),
        ("A5000", "Range (Sheet1!A5000) exceeds grid limits. Max rows: 1000, max columns: 26"),
    ],
)
def test_ranges_that_do_not_exist_are_refused(local, place, message):
    error = local.refused(local.values.get(spreadsheetId=local.id, range=place))
    assert error == {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}


def test_a_bare_name_wins_over_a_title_and_quotes_over_the_name(local):
    named = {"name": "Sheet1", "range": {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 2, "endColumnIndex": 3}}
    request = {"addNamedRange": {"namedRange": named}}
    local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": [request]}).execute()
    assert read(local, "Sheet1")["range"] == "Sheet1!C2:C1000"
    assert read(local, "'Sheet1'")["range"] == "Sheet1!A1:Z1000"
    assert read(local, "'Sheet1'!Sheet1")["range"] == "Sheet1!C2:C1000"


@pytest.mark.parametrize(
    ("place", "rows", "message"),
    [
        ("A1:B1", [[1, 2, 3]], "Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]"),
        ("A1:B1", [[1], [2]], "Requested writing within range [Sheet1!A1:B1], but tried writing to row [2]"),
        ("A1000", [[1], [2]], "Range (Sheet1!A1000:A1001) exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("A1", [["x" * 50_001]], "Your input contains more than the maximum of 50000 characters in a single cell"),
        ("A1", [[10**400]], "Invalid values[0][0]: the number is too large"),
        ("A1", [[["nested"]]], 'Invalid values[0][0]: list_value {\n  values {\n    string_value: "nested"\n  }\n}'),
    ],
)
def test_writes_that_cannot_be_are_refused(local, place, rows, message):
    call = local.values.update(spreadsheetId=local.id, range=place, valueInputOption="RAW", body={"values": rows})
    assert local.refused(call)["message"] == message
    assert "values" not in read(local, "Sheet1")


def test_the_input_option_is_required(local):
    call = local.values.update(spreadsheetId=local.id, range="A1", body={"values": [[1]]})
    assert local.refused(call)["message"] == "'valueInputOption' is required but not specified"


def test_a_body_that_is_no_list_is_refused_in_the_recorded_words(local):
    call = local.values.update(spreadsheetId=local.id, range="A1", valueInputOption="RAW", body={"values": "X"})
    text = "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    error = local.refused(call)
    assert error["message"] == text
    assert error["details"][0]["fieldViolations"] == [{"field": "data.values", "description": text}]


def test_values_written_can_be_answered_with(local):
    done = put(local, "A1", [["=1/4"]], "USER_ENTERED", includeValuesInResponse=True)
    assert done["updatedData"] == {"range": "Sheet1!A1", "majorDimension": "ROWS", "values": [["0.25"]]}


# The table of the append documentation: two blocks, A1:C2 and B4:D6.
BLOCKS = [["a", "b", "c"], ["d", "e", "f"], [], ["", "g", "h", "i"], ["", "j", "k", "l"], ["", "m", "n", "o"]]


@pytest.mark.parametrize(
    ("place", "table", "written"),
    [
        ("Sheet1", "Sheet1!B4:D6", "Sheet1!B7"),
        ("B4", "Sheet1!B4:D6", "Sheet1!B7"),
        ("C5:D5", "Sheet1!B4:D6", "Sheet1!B7"),
        ("B2:D4", "Sheet1!B4:D6", "Sheet1!B7"),
        ("A3:G10", "Sheet1!B4:D6", "Sheet1!B7"),
        ("A1", "Sheet1!A1:C2", "Sheet1!A3"),
        ("E4", None, "Sheet1!E4"),
        ("A4", None, "Sheet1!A4"),
    ],
)
def test_append_finds_the_table_as_documented(local, place, table, written):
    put(local, "A1", [[value or None for value in row] for row in BLOCKS])
    done = append(local, place, [["new"]])
    assert (done.get("tableRange"), done["updates"]["updatedRange"]) == (table, written)


def test_append_to_an_empty_sheet_starts_at_its_first_cell(local):
    assert append(local, "Sheet1", [["x"]]) == {
        "spreadsheetId": local.id,
        "updates": {
            "spreadsheetId": local.id,
            "updatedRange": "Sheet1!A1",
            "updatedRows": 1,
            "updatedColumns": 1,
            "updatedCells": 1,
        },
    }


def test_append_inserts_rows_where_it_is_asked_to(local):
    put(local, "A1", [["a"], [None], ["below"]])
    append(local, "A1", [["b"]], insertDataOption="INSERT_ROWS")
    assert read(local, "A1:A5")["values"] == [["a"], ["b"], [], ["below"]]


def test_append_overwrites_the_gap_otherwise(local):
    put(local, "A1", [["a"], [None], ["below"]])
    append(local, "A1", [["b"], ["c"]])
    assert read(local, "A1:A5")["values"] == [["a"], ["b"], ["c"]]


def test_append_adds_rows_at_the_end_of_the_grid(local):
    put(local, "A999", [["a"], ["b"]])
    assert append(local, "A1000", [["c"], ["d"]])["updates"]["updatedRange"] == "Sheet1!A1001:A1002"
    shown = local.sheets.get(spreadsheetId=local.id, fields="sheets.properties.gridProperties").execute()
    assert shown["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 1002


def test_results_of_a_spill_count_as_filled(local):
    put(local, "A1", [["id", "=SEQUENCE(5)"], ["x"]], "USER_ENTERED")
    assert append(local, "A1", [["y"]])["updates"]["updatedRange"] == "Sheet1!A6"


def test_clear_takes_values_and_leaves_formats(local):
    put(local, "A1", [["$5", "=A1"]], "USER_ENTERED")
    done = local.values.clear(spreadsheetId=local.id, range="A:B").execute()
    assert done == {"spreadsheetId": local.id, "clearedRange": "Sheet1!A1:B1000"}
    assert "values" not in read(local, "Sheet1")
    put(local, "A1", [[7]])
    assert read(local, "A1")["values"] == [["$7"]]


def test_batch_update_adds_up_and_is_all_or_nothing(local):
    data = [{"range": "A1", "values": [["a", "b"]]}, {"range": "D4:D5", "values": [[1], [2]]}]
    body = {"valueInputOption": "RAW", "data": data}
    done = local.values.batchUpdate(spreadsheetId=local.id, body=body).execute()
    totals = [done[f"totalUpdated{name}"] for name in ("Rows", "Columns", "Cells", "Sheets")]
    assert totals == [3, 3, 4, 1]
    assert [one["updatedRange"] for one in done["responses"]] == ["Sheet1!A1:B1", "Sheet1!D4:D5"]

    body["data"] = [{"range": "A1", "values": [["lost"]]}, {"range": "A1:B1", "values": [[1, 2, 3]]}]
    error = local.refused(local.values.batchUpdate(spreadsheetId=local.id, body=body))
    assert error["message"].startswith("Invalid data[1]: Requested writing within range")
    assert read(local, "A1")["values"] == [["a"]]


def test_batch_get_and_batch_clear(local):
    put(local, "A1", [["a", "b"]])
    got = local.values.batchGet(spreadsheetId=local.id, ranges=["A1", "B:B"]).execute()["valueRanges"]
    assert [(one["range"], one["values"]) for one in got] == [
        ("Sheet1!A1", [["a"]]),
        ("Sheet1!B1:B1000", [["b"]]),
    ]
    done = local.values.batchClear(spreadsheetId=local.id, body={"ranges": ["A1", "B1"]}).execute()
    assert done["clearedRanges"] == ["Sheet1!A1", "Sheet1!B1"]


def test_a_long_list_of_ranges_goes_as_a_form(local):
    ranges = [f"'Sheet1'!A{row}:B{row}" for row in range(1, 301)]
    got = local.values.batchGet(spreadsheetId=local.id, ranges=ranges).execute()["valueRanges"]
    assert [one["range"] for one in got] == [f"Sheet1!A{row}:B{row}" for row in range(1, 301)]


def test_rows_found_by_their_metadata(local):
    place = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 6, "endIndex": 7}}
    entry = {"metadataId": 5, "metadataKey": "Sales", "location": place, "visibility": "DOCUMENT"}
    request = {"createDeveloperMetadata": {"developerMetadata": entry}}
    local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": [request]}).execute()
    lookup = {"developerMetadataLookup": {"metadataId": 5}}
    body = {
        "valueInputOption": "RAW",
        "includeValuesInResponse": True,
        "data": [{"dataFilter": lookup, "values": [["W-24", 84]]}],
    }
    done = local.values.batchUpdateByDataFilter(spreadsheetId=local.id, body=body).execute()["responses"][0]
    assert (done["updatedRange"], done["dataFilter"]) == ("Sheet1!A7:B7", lookup)
    got = local.values.batchGetByDataFilter(spreadsheetId=local.id, body={"dataFilters": [lookup]}).execute()
    assert got["valueRanges"] == [
        {
            "valueRange": {"range": "Sheet1!A7:Z7", "majorDimension": "ROWS", "values": [["W-24", "84"]]},
            "dataFilters": [lookup],
        }
    ]
    cleared = local.values.batchClearByDataFilter(spreadsheetId=local.id, body={"dataFilters": [lookup]}).execute()
    assert cleared["clearedRanges"] == ["Sheet1!A7:Z7"]


def test_formulas_are_right_after_the_workspace_was_opened_again(local):
    put(local, "A1", [[1, "=A1*2"], [2, "=SUM(A1:A)"]], "USER_ENTERED")
    assert read(local, "B1:B2")["values"] == [["2"], ["3"]]
    put(local, "A1", [[10]])  # not calculated before the workspace is closed
    local.transport.close()
    with open_workspace(local.folder) as again:
        uri = f"https://sheets.googleapis.com/v4/spreadsheets/{local.id}/values/B1:B2"
        assert b'"values":[["20"],["12"]]' in again.request(uri)[1]


def test_the_clock_moves_what_depends_on_it(tmp_path):
    now = [datetime(2026, 10, 30, 8, 15, tzinfo=UTC)]
    drive = "https://www.googleapis.com/drive/v3/files"
    with open_workspace(tmp_path, clock=lambda: now[0]) as transport:
        body = json.dumps({"name": "clock", "mimeType": "application/vnd.google-apps.spreadsheet"})
        id = json.loads(transport.request(drive, "POST", body)[1])["id"]
        uri = f"https://sheets.googleapis.com/v4/spreadsheets/{id}/values/A1:B1"
        body = json.dumps({"values": [["=TODAY()", "=A1-DATE(2026;10;1)"]]})
        transport.request(f"{uri}?valueInputOption=USER_ENTERED", "PUT", body)
        assert json.loads(transport.request(uri)[1])["values"] == [["10/30/2026", "29"]]
        now[0] += timedelta(days=2)
        assert json.loads(transport.request(uri)[1])["values"] == [["11/1/2026", "31"]]
        shown = json.loads(transport.request(f"{drive}/{id}?fields=createdTime,modifiedTime")[1])
        assert shown == dict.fromkeys(("createdTime", "modifiedTime"), "2026-10-30T08:15:00.000Z")


def test_a_blocked_spill_says_so_and_heals(local):
    put(local, "A1", [["=SEQUENCE(3)"]], "USER_ENTERED")
    put(local, "A3", [["in the way"]])
    assert read(local, "A1:A3")["values"] == [["#REF!"], [], ["in the way"]]
    local.values.clear(spreadsheetId=local.id, range="A3").execute()
    assert read(local, "A1:A3")["values"] == [["1"], ["2"], ["3"]]
    put(local, "A2", [[""]])  # an empty text blocks too (recorded)
    assert read(local, "A1:A3")["values"] == [["#REF!"]]
