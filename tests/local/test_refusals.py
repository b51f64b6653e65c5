"""Bodies and queries that no service takes: numbers that are none, endless nesting, names given twice, NUL, bad looks."""

from __future__ import annotations

import json

import pytest

from crm_builder.local.calc import Cells
from crm_builder.local.entered import parse_entered
from crm_builder.local.errors import ApiError
from crm_builder.local.schema import checked

from .batch_helper import area, book_in, refused, results, send, typed

SHEETS, DRIVE = "https://sheets.googleapis.com/v4/spreadsheets", "https://www.googleapis.com/drive/v3/files"


def sent(local, body: str, path: str = ":batchUpdate", method: str = "POST") -> tuple[int, dict]:
    """Status and answer of a body sent as it is written."""
    answer, content = local.transport.request(f"{SHEETS}/{local.id}{path}", method, body)
    return answer.status, json.loads(content)


def cell_body(number: str) -> str:
    cell = f'{{"userEnteredValue": {{"numberValue": {number}}}}}'
    return f'{{"requests": [{{"repeatCell": {{"range": {{"sheetId": 0}}, "cell": {cell}, "fields": "*"}}}}]}}'


NO_NUMBERS = ['"NaN"', '"Infinity"', '"-Infinity"', '"inf"', '"1e999"', "1e999", "-1e999", "NaN", "Infinity"]


@pytest.mark.parametrize("number", [*NO_NUMBERS, "1" + "0" * 400, '"' + "9" * 2000 + '"', '"1_0"', '" 1"', '"٣"'])
def test_a_cell_takes_only_finite_numbers(local, number):
    status, answer = sent(local, cell_body(number))
    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")
    read = local.sheets.get(spreadsheetId=local.id, includeGridData=True).execute()
    assert "rowData" not in read["sheets"][0]["data"][0]


@pytest.mark.parametrize("number", ["1", '"1"', '"-1.5e3"', '".5"', "1e300"])
def test_a_finite_number_is_taken_in_every_form(local, number):
    assert sent(local, cell_body(number))[0] == 200


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity", "1" + "0" * 400])
def test_values_take_only_finite_numbers(local, number):
    status, answer = sent(local, f'{{"values": [[{number}]]}}', "/values/A1?valueInputOption=RAW", "PUT")
    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ("GridRange", {"sheetId": "NaN"}),
        ("GridRange", {"sheetId": float("inf")}),
        ("Color", {"red": "NaN"}),
        ("Color", {"red": 1e39}),  # beyond single precision
        ("ExtendedValue", {"numberValue": float("nan")}),
        ("ExtendedValue", {"numberValue": 10**400}),
    ],
)
def test_a_number_that_is_none_fits_no_field(schema, body):
    with pytest.raises(ApiError, match="Invalid value at"):
        checked("sheets", schema, body)


@pytest.mark.parametrize("text", ["9" * 400, "$" + "9" * 400, "9" * 400 + "%", "1e999"])
def test_a_typed_number_that_no_cell_can_hold_stays_text(text):
    assert parse_entered(text) == (text, None)


@pytest.mark.parametrize("formula", ["=1E308*10", "=10^400", "=-1E308*10", "=1E308*10-1E308*10"])
def test_a_result_beyond_all_numbers_is_an_error_and_no_bare_infinity(tmp_path, formula):
    with book_in(tmp_path) as book:
        send(book, typed([[formula]]))
        assert results(book, 0, 0, 1, 1)[0][0].kind == "#NUM!"


def test_what_is_stored_as_a_result_is_never_infinite(tmp_path):
    with book_in(tmp_path) as book:
        Cells(book).write_result((0, 0, 0), [[float("inf"), 1.0, float("nan")]])
        stored = book.grid(0).read("result", 0, 0, 1, 3)[0]
    assert [getattr(value, "kind", value) for value in stored] == ["#NUM!", 1.0, "#NUM!"]


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"requests":' * 5_000 + "{}" + "}" * 5_000,
        '{"a":' * 300 + "[]" + "}" * 300,
        "[" * 101 + "]" * 101,
    ],
    ids=["open lists", "objects", "objects within the parser's reach", "just too deep"],
)
def test_endless_nesting_is_refused(local, body):
    status, answer = sent(local, body)
    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_nested_cell_values_are_refused_as_such(local):
    status, answer = sent(
        local, '{"values": [[' + "[" * 90 + "]" * 90 + "]]}", "/values/A1?valueInputOption=RAW", "PUT"
    )
    assert (status, "list_value" in answer["error"]["message"]) == (400, True)


@pytest.mark.parametrize(
    "q", ["(" * 3000, "(" * 3000 + "name='a'" + ")" * 3000, "not " * 3000 + "name='a'", "not (" * 900 + "name='a'"]
)
def test_an_endless_query_is_refused(local, q):
    assert local.refused(local.files.list(q=q))["code"] == 400


def test_a_query_may_nest_a_little(local):
    found = local.files.list(q="not (not (((name = 'Test'))))").execute()["files"]
    assert [file["name"] for file in found] == ["Test"]


def test_an_endless_mask_is_refused(local):
    for mask in ("*(" * 2000 + "*" + ")" * 2000, "sheets(" * 2000):
        assert local.refused(local.sheets.get(spreadsheetId=local.id, fields=mask))["code"] == 400


@pytest.mark.parametrize(
    "body",
    [
        '{"requests": [], "requests": []}',
        '{"requests": [{"addSheet": {"properties": {"title": "a", "title": "b"}}}]}',
        '{"requests": [{"addSheet": {"properties": {"sheetId": 1, "sheet_id": 2}}}]}',
    ],
)
def test_a_name_given_twice_is_refused(local, body):
    status, answer = sent(local, body)
    assert (status, "Duplicate name" in answer["error"]["message"]) == (400, True)


@pytest.mark.parametrize(
    "request_",
    [
        {"repeatCell": {"range": {}, "cell": {"userEnteredValue": {"stringValue": "a\0"}}, "fields": "*"}},
        {"repeatCell": {"range": {}, "cell": {"note": "\\\0"}, "fields": "note"}},
        {"addSheet": {"properties": {"title": "\0"}}},
        {"pasteData": {"coordinate": {}, "data": "a\0b", "delimiter": ","}},
    ],
)
def test_nul_is_refused(local, request_):
    status, answer = sent(local, json.dumps({"requests": [request_]}))
    assert (status, "U+0000" in answer["error"]["message"]) == (400, True)


def test_the_letters_of_an_escaped_nul_are_text(local):
    body = {"values": [["\\u0000", "\\\\u0000"]]}
    local.values.update(spreadsheetId=local.id, range="A1", valueInputOption="RAW", body=body).execute()
    assert local.values.get(spreadsheetId=local.id, range="A1:B1").execute()["values"] == body["values"]


def look(**wanted):
    cell = {"userEnteredFormat": wanted}
    return {"repeatCell": {"range": area(0, 0, 2, 2), "cell": cell, "fields": "userEnteredFormat"}}


@pytest.mark.parametrize("pattern", ['"', '0"x', '"a""', '0;"b', '\\""'])
def test_a_pattern_with_an_open_quote_is_refused(tmp_path, pattern):
    with book_in(tmp_path) as book:
        assert pattern in refused(book, look(numberFormat={"type": "NUMBER", "pattern": pattern}))


@pytest.mark.parametrize("pattern", ['"$"#,##0', '0\\"', '"a""b"', '0_"', '""'])
def test_a_pattern_with_closed_quotes_is_taken(tmp_path, pattern):
    with book_in(tmp_path) as book:
        send(book, look(numberFormat={"type": "NUMBER", "pattern": pattern}))
        assert book.grid(0).read("format", 1, 1, 2, 2)[0][0]["numberFormat"]["pattern"] == pattern


@pytest.mark.parametrize("size", [0, -1])
def test_a_font_without_size_is_refused(tmp_path, size):
    with book_in(tmp_path) as book:
        assert "fontSize" in refused(book, look(textFormat={"fontSize": size}))
        cell = {"textFormatRuns": [{"format": {"fontSize": size}}]}
        runs = {"range": area(0, 0, 1, 1), "cell": cell, "fields": "textFormatRuns"}
        assert "fontSize" in refused(book, {"repeatCell": runs})


@pytest.mark.parametrize("formula", ["=SUM(", "=1+", "=A1)", "="])
def test_a_condition_that_is_no_formula_is_refused(tmp_path, formula):
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    rule = {"ranges": [area(0, 0, 2, 2)], "booleanRule": {"condition": condition, "format": {}}}
    with book_in(tmp_path) as book:
        assert "CUSTOM_FORMULA" in refused(book, {"addConditionalFormatRule": {"rule": rule}})
        setting = {"range": area(0, 0, 2, 2), "rule": {"condition": condition}}
        assert "CUSTOM_FORMULA" in refused(book, {"setDataValidation": setting})


def test_a_property_has_124_bytes_at_most(local):
    for properties in ({"k" * 62: "v" * 63}, {"k": "ش" * 62}):
        assert sum(len((key + value).encode()) for key, value in properties.items()) == 125
        for call in (
            local.files.create(body={"name": "a", "appProperties": properties}),
            local.files.update(fileId=local.id, body={"properties": properties}),
        ):
            assert local.refused(call)["code"] == 400
    local.files.update(fileId=local.id, body={"appProperties": {"k" * 62: "v" * 62, "gone": None}}).execute()
