"""Bodies against the discovery document: what is taken, in which form, and what is refused."""

from __future__ import annotations

import pytest

from crm_builder.local.errors import ApiError
from crm_builder.local.schema import checked, parameters


@pytest.mark.parametrize(
    ("schema", "body", "clean"),
    [
        ("GridRange", {"sheet_id": 1, "startRowIndex": None}, {"sheetId": 1}),
        ("GridRange", {"sheetId": "12", "endRowIndex": 3.0}, {"sheetId": 12, "endRowIndex": 3}),
        ("BatchUpdateSpreadsheetRequest", {"requests": {"addSheet": {}}}, {"requests": [{"addSheet": {}}]}),
        ("BatchUpdateSpreadsheetRequest", {"requests": [[{"addSheet": {}}]]}, {"requests": [{"addSheet": {}}]}),
        ("BatchClearValuesRequest", {"ranges": "A1"}, {"ranges": ["A1"]}),
        ("ValueRange", {"values": [[1, None, "x"]]}, {"values": [[1, None, "x"]]}),
        ("Color", {"red": "0.5"}, {"red": 0.5}),
        ("BasicFilter", {"criteria": {"0": {"hiddenValues": ["a"]}}}, {"criteria": {"0": {"hiddenValues": ["a"]}}}),
    ],
)
def test_what_is_taken(schema, body, clean):
    assert checked("sheets", schema, body) == clean


@pytest.mark.parametrize(
    ("schema", "body", "text"),
    [
        ("GridRange", {"sheetId": 1.5}, "Invalid value at 'sheet_id' (TYPE_INT32), 1.5"),
        ("GridRange", {"sheetId": True}, "Invalid value at 'sheet_id' (TYPE_INT32), true"),
        ("GridRange", {"sheetId": 2**31}, "Invalid value at 'sheet_id' (TYPE_INT32), 2147483648"),
        ("Color", {"red": "much"}, "Invalid value at 'red' (TYPE_FLOAT), \"much\""),
        ("NamedRange", {"name": 5}, "Invalid value at 'name' (TYPE_STRING), 5"),
        ("NamedRange", {"range": "A1"}, "Invalid value at 'range' (type.googleapis.com/GridRange), \"A1\""),
        (
            "BasicFilter",
            {"criteria": {"0": {"nope": 1}}},
            "Invalid JSON payload received. Unknown name \"nope\" at 'criteria[0]': Cannot find field.",
        ),
        ("NamedRange", {"nope": 1}, 'Invalid JSON payload received. Unknown name "nope": Cannot find field.'),
    ],
)
def test_what_is_refused(schema, body, text):
    with pytest.raises(ApiError) as caught:
        checked("sheets", schema, body)
    assert caught.value.message == text


def test_an_unknown_enum_word_is_refused():
    with pytest.raises(ApiError, match="'dimension'"):
        checked("sheets", "DimensionRange", {"dimension": "ROWZ"})


def test_parameters_get_their_types():
    declared = {
        "ranges": {"type": "string", "repeated": True},
        "includeGridData": {"type": "boolean"},
        "fields": {"type": "string"},
    }
    given = [("ranges", "A1"), ("ranges", "B1"), ("includeGridData", "False"), ("$fields", "x")]
    assert parameters("sheets", declared, given, frozenset()) == {
        "ranges": ["A1", "B1"],
        "includeGridData": False,
        "fields": "x",
    }
    with pytest.raises(ApiError, match="Cannot bind query parameter"):
        parameters("sheets", declared, [("nope", "1")], frozenset())
