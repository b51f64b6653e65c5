"""Error texts that others met at the real services: the same here."""

from __future__ import annotations

import pytest

from .replay import SAMPLES, needs_the_shared_folder
from .sample_helper import area, ask, sample, send, write

pytestmark = needs_the_shared_folder(SAMPLES)


def rule(**more):
    return {"addConditionalFormatRule": {"rule": {"ranges": [area(0, 0, 1, 1)], **more}}}


def gradient(**minpoint):
    return rule(gradientRule={"minpoint": {"color": {}, **minpoint}, "maxpoint": {"color": {}, "type": "MAX"}})


def pivot(**more):
    table = {
        "source": area(0, 0, 6, 4),
        "rows": [{"sourceColumnOffset": 1, "sortOrder": "ASCENDING"}],
        "values": [{"summarizeFunction": "SUM", "sourceColumnOffset": 2}],
        **more,
    }
    start = {"sheetId": 0, "rowIndex": 20, "columnIndex": 5}
    return {"updateCells": {"rows": [{"values": [{"pivotTable": table}]}], "start": start, "fields": "pivotTable"}}


def grouped(**how):
    return pivot(rows=[{"sourceColumnOffset": 1, "sortOrder": "ASCENDING", "groupRule": how}])


def table(**column):
    return {"addTable": {"table": {"name": "T", "range": area(0, 0, 6, 4), "columnProperties": [column]}}}


def mark(**place):
    location = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", **place}}
    return {
        "createDeveloperMetadata": {
            "developerMetadata": {"metadataKey": "k", "visibility": "DOCUMENT", "location": location}
        }
    }


LIST = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "x"}]}}
GUARD = {"addNamedRange": {"namedRange": {"name": "AONE_OUTBOUND_WRITE_GUARD", "range": area(0, 0, 1, 1)}}}
INVOICES = {"addSheet": {"properties": {"title": "Invoices"}}}
FROZEN = {
    "updateSheetProperties": {
        "properties": {"gridProperties": {"frozenColumnCount": 2}},
        "fields": "gridProperties.frozenColumnCount",
    }
}
# The beginning of each reported text, and the requests of which the last one meets it.
REFUSED = [
    ("Cannot add named range with name AONE_OUTBOUND_WRITE_GUARD, a named", GUARD, GUARD),
    (
        "The name given to this range is invalid",
        {"addNamedRange": {"namedRange": {"name": "a b", "range": area(0, 0, 1, 1)}}},
    ),
    ('A sheet with the name "Invoices" already exists.', INVOICES, INVOICES),
    ("Sheet with id 0 already exists", {"addSheet": {"properties": {"sheetId": 0}}}),
    ("No interpolationPointType specified.", gradient()),
    ("InterpolationPoint.value is required.", gradient(type="NUMBER")),
    (
        "Invalid value at 'requests[0].add_conditional_format_rule.rule' (oneof)",
        rule(booleanRule={"condition": {"type": "NOT_BLANK"}, "format": {}}, gradientRule={}),
    ),
    (
        "Invalid ConditionValue.userEnteredValue: Sales!A2:A5",
        {
            "setDataValidation": {
                "range": area(0, 0, 1, 1),
                "rule": {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "Sales!A2:A5"}]}},
            }
        },
    ),
    ("Condition must be set for dropdown column type.", table(columnIndex=0, columnType="DROPDOWN")),
    (
        "Cannot set condition for non-dropdown column type.",
        table(columnIndex=0, columnType="TEXT", dataValidationRule=LIST),
    ),
    (
        "You can't merge cells that are part of a pivot table",
        pivot(),
        {"mergeCells": {"range": area(20, 5, 22, 7), "mergeType": "MERGE_ALL"}},
    ),
    (
        "You can't merge frozen and non-frozen columns",
        FROZEN,
        {"mergeCells": {"range": area(9, 1, 10, 4), "mergeType": "MERGE_ALL"}},
    ),
    ("One of basicChart, pieChart", {"addChart": {"chart": {"spec": {"title": "x"}, "position": {"newSheet": True}}}}),
    (
        "Internal error encountered.",
        {"addChart": {"chart": {"spec": {"basicChart": {"chartType": "LINE"}}, "position": {"newSheet": True}}}},
    ),
    ("No embedded object with id", {"deleteEmbeddedObject": {"objectId": 77}}),
    (
        "Invalid value at 'requests[0].update_cells.rows[0].values[0].pivot_table.values[0]' (oneof)",
        pivot(values=[{"summarizeFunction": "SUM", "formula": "=1", "sourceColumnOffset": 2}]),
    ),
    (
        "Invalid summarizeFunction: AVERAGE.",
        pivot(values=[{"summarizeFunction": "AVERAGE", "name": "x", "formula": "=N*2"}]),
    ),
    ('"CUSTOM" may not be used', pivot(values=[{"summarizeFunction": "CUSTOM", "sourceColumnOffset": 2}])),
    ("Histogram group rules require", grouped(histogramRule={"interval": 0})),
    ("Start must be less than end.", grouped(histogramRule={"interval": 1, "start": 5, "end": 2})),
    (
        "ConditionType 'ONE_OF_LIST' is not supported in filters.",
        pivot(filterSpecs=[{"columnOffsetIndex": 1, "filterCriteria": {**LIST, "visibleByDefault": True}}]),
    ),
    (
        "Found a manual group name of type number.",
        grouped(manualRule={"groups": [{"groupName": {"numberValue": 1}, "items": [{"stringValue": "x"}]}]}),
    ),
    ("DimensionRange must represent a single row or column", mark(startIndex=0, endIndex=2)),
    ("DimensionRange must specify both", mark(startIndex=0)),
    ('Unknown name "noSuchRequest" at', {"noSuchRequest": {}}),
]


@pytest.mark.parametrize(
    ("beginning", "requests"), [(one[0], one[1:]) for one in REFUSED], ids=[one[0][:50] for one in REFUSED]
)
def test_refusals_say_what_the_service_says(local, beginning, requests):
    (reported,) = {
        one["message"] for one in sample("rep_error_messages") if beginning in one["message"] and one["http"].isdigit()
    }
    write(local, "A1", ["Name", "Kind", "N", "D"], ["a", "x", 1, 2], ["b", "y", 2, 3])
    for request in requests[:-1]:
        send(local, request)
    status, answer = ask(local, ":batchUpdate", {"requests": [requests[-1]]})
    assert status == (500 if beginning.startswith("Internal") else 400)
    text = answer["error"]["message"]
    assert reported.partition("…")[0] in text, text
    if reported.startswith(("Invalid requests", "Invalid value at", "Invalid JSON")):
        assert text.startswith(reported.partition("…")[0])


@pytest.mark.parametrize("name", ["rec_error_404_not_found", "rec_error_drive_404", "rec_error_400_bad_field_mask"])
def test_recorded_errors_have_the_recorded_bodies(local, name):
    calls = {
        "rec_error_404_not_found": local.sheets.get(spreadsheetId="NOPE_NOT_A_GOOD_ID"),
        "rec_error_drive_404": local.files.get(fileId="NOPE_NOT_A_GOOD_ID"),
        "rec_error_400_bad_field_mask": local.sheets.get(spreadsheetId=local.id, fields="sheets.sheetProperties"),
    }
    assert local.refused(calls[name]) == sample(name)["error"]
