"""Bodies that the service would refuse are refused before they are sent, with the place of every fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

import pytest

from crm_builder.errors import BodyError
from crm_builder.sheets import READ_FIELDS, check_body, check_call
from crm_builder.sheets.conditions import KINDS
from crm_builder.sheets.discovery import document


def faults(body: object, **where: str) -> list[tuple[str, str, str]]:
    with pytest.raises(BodyError) as caught:
        check_body(body, **where)
    return [(problem.path, problem.message, problem.hint) for problem in caught.value.problems]


def add_sheet(**properties: object) -> dict:
    return {"requests": [{"addSheet": {"properties": properties}}]}


P = "requests[0].addSheet.properties"
CELL = {"range": {"sheetId": 1}, "fields": "note"}

FAULTY = {
    "a misspelt field": (
        add_sheet(titel="Deals"),
        (f"{P}.titel", "SheetProperties has no field 'titel'", "did you mean title?"),
    ),
    "a misspelt request": (
        {"requests": [{"addShet": {}}]},
        ("requests[0].addShet", "Request has no field 'addShet'", "did you mean addSheet?"),
    ),
    "a text for an integer": (add_sheet(sheetId="7"), (f"{P}.sheetId", "expected an integer, found a string", "")),
    "a fraction for an integer": (add_sheet(index=1.5), (f"{P}.index", "expected an integer, found a number", "")),
    "too large an integer": (add_sheet(sheetId=2**31), (f"{P}.sheetId", "2147483648 is outside of int32", "")),
    "a number for a truth value": (add_sheet(hidden=1), (f"{P}.hidden", "expected true or false, found a number", "")),
    "a truth value for a text": (add_sheet(title=True), (f"{P}.title", "expected a string, found true or false", "")),
    "a wrong word": (
        add_sheet(sheetType="GRIDS"),
        (f"{P}.sheetType", "'GRIDS' is none of the 4 values", "did you mean GRID?"),
    ),
    "an array for an object": (
        add_sheet(gridProperties=[]),
        (f"{P}.gridProperties", "expected an object, found an array", ""),
    ),
    "an object for an array": (
        {"requests": {"deleteSheet": {"sheetId": 1}}},
        ("requests", "expected an array, found an object", ""),
    ),
    "null": (add_sheet(title=None), (f"{P}.title", "expected a string, found null", "")),
    "two kinds in one request": (
        {"requests": [{"deleteSheet": {"sheetId": 1}, "deleteChart": {}}]},
        ("requests[0].deleteChart", "Request has no field 'deleteChart'", "did you mean deleteSheet?"),
    ),
    "two known kinds in one request": (
        {"requests": [{"deleteSheet": {"sheetId": 1}, "clearBasicFilter": {"sheetId": 1}}]},
        ("requests[0]", "Request holds one kind, not 2: deleteSheet, clearBasicFilter", ""),
    ),
    "no kind in a request": ({"requests": [{}]}, ("requests[0]", "Request holds one kind, and here is none", "")),
    "an old colour": (
        add_sheet(tabColor={"red": 1}),
        (f"{P}.tabColor", "SheetProperties.tabColor is deprecated", "Use tab_color_style."),
    ),
    "a field of answers": (
        {"requests": [{"repeatCell": {**CELL, "cell": {"formattedValue": "1"}}}]},
        ("requests[0].repeatCell.cell.formattedValue", "CellData.formattedValue is only ever answered, never sent", ""),
    ),
    "no number": (
        {"requests": [{"repeatCell": {**CELL, "cell": {"userEnteredValue": {"numberValue": float("nan")}}}}]},
        ("requests[0].repeatCell.cell.userEnteredValue.numberValue", "nan cannot be written in JSON", ""),
    ),
    "two values in one cell": (
        {"requests": [{"repeatCell": {**CELL, "cell": {"userEnteredValue": {"boolValue": True, "numberValue": 1}}}}]},
        (
            "requests[0].repeatCell.cell.userEnteredValue",
            "ExtendedValue holds one kind, not 2: boolValue, numberValue",
            "",
        ),
    ),
    "an empty mask": (
        {"requests": [{"repeatCell": {"range": {"sheetId": 1}, "cell": {}, "fields": ""}}]},
        ("requests[0].repeatCell.fields", "the mask names no field", ""),
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_one_fault_gives_one_message(name):
    body, expected = FAULTY[name]
    assert faults(body) == [expected]


def test_all_faults_are_told_at_once():
    body = {"requests": [*(body["requests"][0] for body, _ in list(FAULTY.values())[:3]), {}], "request": []}
    assert [path for path, _, _ in faults(body)] == [
        "requests[0].addSheet.properties.titel",
        "requests[1].addShet",
        "requests[2].addSheet.properties.sheetId",
        "requests[3]",
        "request",
    ]


def test_maps_are_followed_by_their_values():
    body = {"name": "x", "appProperties": {"crm_builder": 1}}
    assert faults(body, schema="File", api="drive", version="v3") == [
        ("appProperties.crm_builder", "expected a string, found a number", "")
    ]


def test_the_body_of_a_call_is_found_by_its_name():
    check_call("sheets.spreadsheets.batchUpdate", {"requests": []})
    check_call("sheets.spreadsheets.get", None)
    check_call("drive.files.create", {"name": "CRM", "appProperties": {"crm_builder": "k"}})
    check_call("sheets.spreadsheets.values.update", {"values": [["a", 1, None]]})
    with pytest.raises(BodyError, match="nmae"):
        check_call("drive.files.create", {"nmae": "CRM"})
    with pytest.raises(BodyError, match="takes no body"):
        check_call("sheets.spreadsheets.get", {})


def test_chosen_ids_are_allowed():
    check_body({"requests": [{"addProtectedRange": {"protectedRange": {"protectedRangeId": 7}}}]})


def test_conditions_are_used_where_the_documents_allow_them():
    schema = document("sheets", "v4")["schemas"]["BooleanCondition"]["properties"]["type"]
    words = {"validation": "data validation", "rule": "conditional formatting", "filter": "filters"}
    for name, said in zip(schema["enum"], schema["enumDescriptions"], strict=True):
        if name.lower() not in KINDS:
            continue
        (where,) = [part.split(".")[0] for part in said.split("Supported by ")[1:2]]
        allowed = {use for use, word in words.items() if word in where and "data source" not in where}
        assert KINDS[name.lower()].uses == allowed, name


def test_the_fields_that_are_read_exist():
    schemas = document("sheets", "v4")["schemas"]
    checked = list(_paths(READ_FIELDS, "Spreadsheet", schemas))
    assert len(checked) > 40


def _paths(mask: str, schema: str, schemas: dict) -> Iterator[str]:
    """Every field of a mask such as `a,b(c,d(e))`; KeyError for one that its schema does not have."""
    while mask:
        name = re.match(r"\w+", mask)[0]
        field, mask = schemas[schema]["properties"][name], mask[len(name) :]
        yield f"{schema}.{name}"
        if mask.startswith("("):
            end = _closing(mask)
            yield from _paths(mask[1:end], field.get("items", field)["$ref"], schemas)
            mask = mask[end + 1 :]
        mask = mask.removeprefix(",")


def _closing(text: str) -> int:
    """Index of the bracket that closes the first one."""
    depths = accumulate((letter == "(") - (letter == ")") for letter in text)
    return next(index for index, depth in enumerate(depths) if depth == 0)
