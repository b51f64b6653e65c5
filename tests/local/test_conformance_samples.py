"""Single documented and recorded requests: the same answers here."""

from __future__ import annotations

import json
import os

import pytest

from .replay import SAMPLES, difference, needs_the_shared_folder
from .sample_helper import area, ask, sample, send, write

pytestmark = needs_the_shared_folder(SAMPLES)
FILES = [file.stem for file in sorted(SAMPLES.glob("*.json"))]
NAMES = {
    "SHEET_ID": 0,
    "SOURCE_SHEET_ID": 0,
    "METADATA_ID": 7,
    "NAMED_RANGE_ID": "n",
    "PROTECTED_RANGE_ID": 3,
    "CHART_ID": 4,
}


def named(value, names=NAMES):
    """The sample with its placeholders filled in."""
    if isinstance(value, dict):
        return {key: named(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [named(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def test_the_samples_are_there():
    assert len(FILES) > 40 or not os.environ.get("CI")


# -- recorded --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("rec_batchUpdate")])
def test_recorded_batches_are_answered_as_recorded(local, name):
    recorded = sample(name)
    local.sheets.batchUpdate(
        spreadsheetId=local.id,
        body={"requests": [{"addSheet": {"properties": {"sheetId": 1762141871, "title": "Own"}}}]},
    ).execute()
    status, given = ask(local, ":batchUpdate", recorded["request"])
    wanted = recorded["response"] | {"spreadsheetId": local.id}
    for old, new in zip(wanted["replies"], given.get("replies", ()), strict=False):
        if "addSheet" in old:  # its id is one of chance, its index follows from the sheets that were there
            old["addSheet"]["properties"] |= {
                name: new["addSheet"]["properties"][name] for name in ("sheetId", "index")
            }
    assert (status, difference(wanted, given)) == (recorded["status"], "")


def test_formulas_come_back_as_they_were_typed(local):
    for name in ("rec_values_update_formulas",):
        recorded = sample(name)
        title = recorded["response"]["updatedRange"].rpartition("!")[0].strip("'")
        send(local, {"updateSheetProperties": {"properties": {"title": title}, "fields": "title"}})
        range_ = recorded["response"]["updatedRange"]
        given = local.values.update(
            spreadsheetId=local.id, range=range_, valueInputOption="USER_ENTERED", body=recorded["request"]
        ).execute()
        assert difference(recorded["response"] | {"spreadsheetId": local.id}, given) == ""


# -- documented ------------------------------------------------------------------------------------------------------


def prepared(local):
    """A table of a shop, a row with a mark, a name, a protection and a chart: what the samples refer to."""
    head = ["Item Category", "Model Number", "Cost", "Quantity", "Region", "Salesperson", "Ship Date"]
    rows = [
        [("Wheel", "Door", "Engine")[at % 3], f"W-{at}", 20 + at, at % 4, ("West", "East")[at % 2], "Beth", 45000 + at]
        for at in range(19)
    ]
    write(local, "A1", head, *rows)
    chart = {
        "pieChart": {
            "domain": {"sourceRange": {"sources": [area(0, 0, 9, 1)]}},
            "series": {"sourceRange": {"sources": [area(0, 2, 9, 3)]}},
        }
    }
    send(
        local,
        {"addNamedRange": {"namedRange": {"namedRangeId": "n", "name": "Old", "range": area(0, 0, 3, 5)}}},
        {
            "addProtectedRange": {
                "protectedRange": {"protectedRangeId": 3, "range": area(3, 0, 4, 5), "warningOnly": True}
            }
        },
        {
            "addChart": {
                "chart": {"chartId": 4, "spec": chart, "position": {"overlayPosition": {"anchorCell": {"sheetId": 0}}}}
            }
        },
    )


@pytest.mark.parametrize(
    "name",
    [
        *("doc_addConditionalFormatRule_custom_formula", "doc_addConditionalFormatRule_text_and_date"),
        *("doc_addNamedRange_addProtectedRange", "doc_pivot_add", "doc_pivot_delete"),
        *("doc_updateEmbeddedObjectPosition", "doc_updateNamedRange_updateProtectedRange"),
        *("doc_updateCells_chipRuns_request", "rep_issue_addConditionalFormat_median_request"),
        "doc_insertRange_then_pasteData_ordered",
    ],
)
def test_documented_requests_are_taken(local, name):
    prepared(local)
    body = json.loads(json.dumps(named(sample(name))).replace("1234567890", "0").replace("116889903", "0"))
    assert len(send(local, *body["requests"])["replies"]) == len(body["requests"])


def test_the_documented_table_reads_back_with_what_was_not_sent(local):
    added = send(local, sample("doc_addTable_dropdown_percent"))["replies"][0]["addTable"]["table"]
    assert added["tableId"] == "123"
    assert [
        (one.get("columnIndex", 0), one["columnName"], one.get("columnType")) for one in added["columnProperties"][:3]
    ] == [
        (0, "Column 1", "PERCENT"),
        (1, "Column 2", "DROPDOWN"),
        (2, "Column 3", None),
    ]


def test_a_table_of_one_unnamed_column_reads_back_as_reported(local):
    write(local, "A1", ["Trennow", "old"])
    reported = sample("rep_table_columnProperties_after_sparse_add")
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Open"}]}}
    column = {"columnIndex": 1, "columnType": "DROPDOWN", "dataValidationRule": rule}
    table = {"name": "T", "range": area(0, 0, 3, 2), "columnProperties": [column]}
    assert (
        send(local, {"addTable": {"table": table}})["replies"][0]["addTable"]["table"]["columnProperties"] == reported
    )


def test_developer_metadata_lives_as_documented(local):
    """Created on a row, found, read, written and cleared by its filter, moved to the sheet, deleted."""
    write(local, "A7", ["W-24", 74])
    created = sample("doc_metadata_create")
    request = named(created["request"])
    request["requests"][0]["createDeveloperMetadata"]["developerMetadata"]["metadataId"] = 7
    send(local, {"updateSheetProperties": {"properties": {"title": "Sheet7"}, "fields": "title"}})
    filled = {**NAMES, "SPREADSHEET_ID": local.id}
    steps = [
        (":batchUpdate", {**created, "request": request}),
        ("/values:batchGetByDataFilter", sample("doc_values_batchGetByDataFilter")),
        ("/values:batchUpdateByDataFilter", sample("doc_values_batchUpdateByDataFilter")),
        ("/values:batchClearByDataFilter", sample("doc_values_batchClearByDataFilter")),
        (":batchUpdate", sample("doc_metadata_update")),
        (":batchUpdate", sample("doc_metadata_delete")),
    ]
    for path, one in steps:
        status, given = ask(local, path, named(one["request"], filled))
        wanted = without_zero_sheets(named(one["response"], filled))
        for response in wanted.get("responses", ()):  # the documentation leaves out what the service says each time
            response.setdefault("spreadsheetId", local.id)
        assert (status, difference(wanted, given)) == (200, ""), path


def without_zero_sheets(value):
    if isinstance(value, dict):
        return {key: without_zero_sheets(item) for key, item in value.items() if key != "sheetId" or item}
    return [without_zero_sheets(item) for item in value] if isinstance(value, list) else value


# -- in no recording -------------------------------------------------------------------------------------------------


def test_randomize_range_changes_the_places_of_whole_rows(local):
    rows = [[f"name {at}", at] for at in range(30)]
    write(local, "A2", *rows)
    assert send(local, {"randomizeRange": {"range": area(1, 0, 60, 2)}})["replies"] == [{}]
    get = local.values.get(spreadsheetId=local.id, range="A1:B60", valueRenderOption="UNFORMATTED_VALUE")
    found = get.execute()["values"][1:]
    assert sorted(found, key=lambda row: row[1]) == rows
    assert found != rows  # by chance once in 30!


def test_the_first_sheet_may_be_searched_by_its_id(local):
    write(local, "A1", ["one", "two"])
    reply = send(local, {"findReplace": {"find": "one", "replacement": "1st", "sheetId": 0}})["replies"][0]
    assert reply["findReplace"]["occurrencesChanged"] == 1


def test_the_title_of_a_chart_has_the_usual_font(local):
    chart = {
        "pieChart": {
            "domain": {"sourceRange": {"sources": [area(0, 0, 9, 1)]}},
            "series": {"sourceRange": {"sources": [area(0, 2, 9, 3)]}},
        }
    }
    position = {"overlayPosition": {"anchorCell": {"sheetId": 0}}}
    reply = send(local, {"addChart": {"chart": {"spec": {"title": "Sales", **chart}, "position": position}}})[
        "replies"
    ][0]
    assert reply["addChart"]["chart"]["spec"]["titleTextFormat"] == {"fontFamily": "Roboto"}


def test_a_colour_sent_channel_by_channel_may_be_black(local):
    """As other clients name every channel in the mask."""
    channels = ("red", "green", "blue", "alpha")
    mask = ",".join(f"userEnteredFormat.backgroundColor.{name}" for name in channels)
    black = dict.fromkeys(channels, 0) | {"alpha": 1}
    send(
        local,
        {
            "repeatCell": {
                "range": area(0, 0, 1, 1),
                "cell": {"userEnteredFormat": {"backgroundColor": black}},
                "fields": mask,
            }
        },
    )
    fields = "sheets.data.rowData.values.userEnteredFormat"
    told = local.sheets.get(spreadsheetId=local.id, ranges="A1", fields=fields).execute()
    (cell,) = told["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert cell["userEnteredFormat"] == {"backgroundColor": {}, "backgroundColorStyle": {"rgbColor": {}}}
