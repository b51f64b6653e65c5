"""Field masks of answers."""

from __future__ import annotations

import pytest

from crm_builder.local.errors import ApiError
from crm_builder.local.fields import cut, cutter, parse, wants

ANSWER = {
    "spreadsheetId": "x",
    "sheets": [
        {"properties": {"title": "A", "index": 0}, "merges": [{"startRowIndex": 1}]},
        {"properties": {"title": "B", "index": 1}},
    ],
}


@pytest.mark.parametrize(
    ("mask", "kept"),
    [
        ("", ANSWER),
        ("*", ANSWER),
        ("spreadsheetId", {"spreadsheetId": "x"}),
        ("sheets.properties.title", {"sheets": [{"properties": {"title": "A"}}, {"properties": {"title": "B"}}]}),
        ("sheets/properties/title", {"sheets": [{"properties": {"title": "A"}}, {"properties": {"title": "B"}}]}),
        ("sheets(merges)", {"sheets": [{"merges": [{"startRowIndex": 1}]}, {}]}),
        ("sheets(merges(start_row_index))", {"sheets": [{"merges": [{"startRowIndex": 1}]}, {}]}),
        ("sheets.properties.title, sheets", {"sheets": ANSWER["sheets"]}),
        ("sheets,sheets.properties.title", {"sheets": ANSWER["sheets"]}),
        ("sheets(properties/*)", {"sheets": [{"properties": s["properties"]} for s in ANSWER["sheets"]]}),
    ],
)
def test_what_is_kept(mask, kept):
    assert cut(ANSWER, parse(mask, "sheets", "Spreadsheet")) == kept


@pytest.mark.parametrize("mask", ["nope", "sheets.nope", "sheets(", "sheets)", "sheets,,properties", "sheets.", "a b"])
def test_what_is_refused(mask):
    with pytest.raises(ApiError) as caught:
        parse(mask, "sheets", "Spreadsheet")
    assert caught.value.status == 400


def test_wants_looks_above_and_below():
    mask = parse("sheets(data.rowData,properties)", "sheets", "Spreadsheet")
    assert wants(mask, "sheets")
    assert wants(mask, "sheets", "data", "rowData", "values", "note")
    assert not wants(mask, "sheets", "data", "columnMetadata")
    assert wants({}, "anything")


def test_an_object_that_comes_again_is_cut_once():
    part = cutter(parse("sheets.properties.title", "sheets", "Spreadsheet"))
    assert part(ANSWER) == cut(ANSWER, {"sheets": {"properties": {"title": {}}}})
    assert part(ANSWER) is part(ANSWER)
    assert cutter({})(ANSWER) is ANSWER


@pytest.mark.parametrize(
    "mask",
    [
        "sheets.data.rowData.values.effectiveFormat(textFormat.bold,padding.top,numberFormat)",
        "sheets.data.rowData.values(userEnteredFormat.textFormat,userEnteredValue.formulaValue,effectiveValue.numberValue)",
        "sheets(data(startRow,rowData.values(formattedValue,note)),properties(title,gridProperties.columnCount))",
        "sheets.data(rowMetadata.pixelSize,columnMetadata(hiddenByUser,developerMetadata.metadataId))",
        "sheets(properties.index),properties.title,spreadsheetId",
        "sheets.data.rowData.values.*",
    ],
)
def test_an_answer_made_for_a_mask_is_the_whole_one_cut(local, mask):
    cell = {"userEnteredValue": {"numberValue": 2}, "userEnteredFormat": {"textFormat": {"bold": True}}, "note": "n"}
    sums = {"userEnteredValue": {"formulaValue": "=TODAY()+B2"}, "userEnteredFormat": {"padding": {"top": 9}}}
    place = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    entry = {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": place}}
    start = {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}
    rows = [{"values": [cell, sums]}, {}, {"values": [{}, cell]}]
    requests = [
        {"updateCells": {"start": start, "fields": "*", "rows": rows}},
        {"updateDimensionProperties": {"range": place, "properties": {"hiddenByUser": True}, "fields": "*"}},
        {"createDeveloperMetadata": {"developerMetadata": entry}},
    ]
    local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": requests}).execute()
    whole = local.sheets.get(spreadsheetId=local.id, ranges=["A1:E6"], includeGridData=True).execute()
    made = local.sheets.get(spreadsheetId=local.id, ranges=["A1:E6"], fields=mask).execute()
    assert any(sheet.get("data") or "properties" in sheet for sheet in made["sheets"])
    # Cells after the last one that has what is asked for are left out: an answer is as short as it can be.
    parsed = parse(mask, "sheets", "Spreadsheet")
    assert _short(made) == _short(cut(whole, parsed))


def _short(answer):
    """Without what stands empty at the end of rows of cells."""
    for data in (data for sheet in answer["sheets"] for data in sheet.get("data", ())):
        for row in data.get("rowData", ()):
            while row.get("values") and not row["values"][-1]:
                row["values"].pop()
            if not row.get("values"):
                row.pop("values", None)
        while data.get("rowData") and not data["rowData"][-1]:
            data["rowData"].pop()
    return answer


def test_an_id_of_metadata_is_free_again_within_the_batch(local):
    entry = {"metadataId": 7, "metadataKey": "k", "visibility": "DOCUMENT", "location": {"spreadsheet": True}}
    create = {"createDeveloperMetadata": {"developerMetadata": entry}}
    gone = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 7}}}}
    local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": [create, gone, create]}).execute()
    twice = local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": [gone, create, create]})
    assert "7 already exists" in local.refused(twice)["message"]
