"""Field masks of answers."""

from __future__ import annotations

import pytest

from crm_builder.local.errors import ApiError
from crm_builder.local.fields import cut, parse, wants

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
