"""Which rows a pivot table counts: filters of its own, slicers of its sheet; and what is refused."""

from __future__ import annotations

import pytest

from .pivot_helper import DEALS, by_product, cells, group, pivot_at, pivot_request, put, send, shown, value

SOURCE = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 4}


@pytest.fixture
def deals(local):
    put(local, "A1", DEALS)
    return local


def total(local, *specs, **more):
    """The grand total under the filters given as (column, criteria)."""
    filters = [{"columnOffsetIndex": column, "filterCriteria": criteria} for column, criteria in specs]
    pivot_at(local, by_product(filterSpecs=filters, rows=[], **more))
    found = shown(local, "F2")
    return found[0][0] if found else None


def when(kind, *values):
    condition = {"type": kind, **({"values": [{"userEnteredValue": one} for one in values]} if values else {})}
    return {"visibleByDefault": True, "condition": condition}


def test_listed_values_are_shown_and_no_others(deals):
    assert total(deals, (0, {"visibleValues": ["Pen"]})) == 40
    assert total(deals, (0, {"visibleValues": ["Pen", "Ink"]}), (1, {"visibleValues": ["North"]})) == 50
    assert total(deals, (2, {"visibleValues": ["10", "20"]})) == 30
    assert total(deals, (3, {"visibleValues": ["2026-01-05"]})) == 10


def test_without_a_list_everything_is_hidden_unless_visible_by_default(deals):
    assert total(deals, (0, {})) is None
    assert total(deals, (0, {"condition": {"type": "NOT_BLANK"}})) is None
    assert total(deals, (0, {"visibleByDefault": True, "visibleValues": ["Pen"]})) == 100


def test_a_condition_holds_beside_the_list(deals):
    assert total(deals, (2, when("NUMBER_GREATER", "15"))) == 90
    assert total(deals, (2, {"visibleValues": ["10", "30"], "condition": when("NUMBER_LESS", "20")["condition"]})) == 10
    assert total(deals, (1, when("TEXT_EQ", "South"))) == 50
    assert total(deals, (3, when("DATE_AFTER", "2026-01-31"))) == 70


def test_the_older_spelling_of_filters_counts_too_and_both_are_read_back(deals):
    pivot_at(deals, by_product(rows=[], criteria={"0": {"visibleValues": ["Ink"]}}))
    assert shown(deals, "F2") == [[60]]
    found = cells(deals, "F1", "pivotTable")[0][0]["pivotTable"]
    assert found["filterSpecs"] == [{"columnOffsetIndex": 0, "filterCriteria": {"visibleValues": ["Ink"]}}] or found[
        "filterSpecs"
    ] == [{"filterCriteria": {"visibleValues": ["Ink"]}}]


def test_a_condition_follows_the_cell_and_the_name_it_refers_to(deals):
    put(deals, "K1", [[25]])
    place = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 10, "endColumnIndex": 11}
    send(deals, {"addNamedRange": {"namedRange": {"name": "least", "range": place}}})
    assert total(deals, (2, when("NUMBER_GREATER_THAN_EQ", "=K1"))) == 70
    put(deals, "K1", [[35]])
    assert shown(deals, "F2") == [[40]]
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    send(deals, {"insertDimension": {"range": rows}})
    put(deals, "K2", [[15]])
    assert shown(deals, "F3") == [[90]]
    send(deals, {"deleteDimension": {"range": rows}})
    assert total(deals, (2, when("NUMBER_GREATER_THAN_EQ", "=least"))) == 90
    put(deals, "K1", [[31]])
    assert shown(deals, "F2") == [[40]]


def test_a_relative_day_is_that_of_the_clock(deals):
    put(deals, "D5", [["2026-10-30"]])
    today = {"visibleByDefault": True, "condition": {"type": "DATE_EQ", "values": [{"relativeDate": "TODAY"}]}}
    assert total(deals, (3, today)) == 40


# -- slicers -----------------------------------------------------------------------------------------------------------


def slicer(spec, sheet=0, **more):
    position = {"overlayPosition": {"anchorCell": {"sheetId": sheet, "rowIndex": 0, "columnIndex": 9}}}
    return {
        "addSlicer": {"slicer": {"slicerId": 3, "spec": {"dataRange": SOURCE, **spec, **more}, "position": position}}
    }


def hidden(*values):
    return {"columnIndex": 1, "filterCriteria": {"hiddenValues": list(values)}}


def test_a_slicer_filters_the_tables_of_its_sheet_and_source(deals):
    pivot_at(deals, by_product(rows=[]))
    send(deals, slicer(hidden("North")))
    assert shown(deals, "F2") == [[50]]
    criteria = {"condition": {"type": "TEXT_EQ", "values": [{"userEnteredValue": "North"}]}}
    send(deals, {"updateSlicerSpec": {"slicerId": 3, "spec": {"filterCriteria": criteria}, "fields": "filterCriteria"}})
    assert shown(deals, "F2") == [[50]]
    put(deals, "B3", [["North"]])
    assert shown(deals, "F2") == [[70]]
    send(deals, {"deleteEmbeddedObject": {"objectId": 3}})
    assert shown(deals, "F2") == [[100]]


def test_a_slicer_of_another_source_or_told_not_to_leaves_tables_alone(deals):
    pivot_at(deals, by_product(rows=[]))
    send(deals, slicer(hidden("North"), applyToPivotTables=False))
    assert shown(deals, "F2") == [[100]]
    spec = {"applyToPivotTables": True, "dataRange": SOURCE | {"endRowIndex": 4}}
    send(deals, {"updateSlicerSpec": {"slicerId": 3, "spec": spec, "fields": "applyToPivotTables,dataRange"}})
    assert shown(deals, "F2") == [[100]]


def test_a_slicer_may_stand_on_another_sheet_than_its_data(deals):
    send(deals, {"addSheet": {"properties": {"sheetId": 7, "title": "View"}}})
    send(deals, slicer(hidden("South"), sheet=7), pivot_request(by_product(rows=[]), sheet=7))
    pivot_at(deals, by_product(rows=[]))
    assert shown(deals, "View!F2") == [[50]]
    assert shown(deals, "Sheet1!F2") == [[100]]
    found = deals.sheets.get(spreadsheetId=deals.id, fields="sheets(slicers)").execute()["sheets"]
    assert [len(sheet.get("slicers", [])) for sheet in found] == [0, 1]


def test_a_slicer_of_a_column_outside_of_its_range_is_refused(deals):
    call = deals.sheets.batchUpdate(spreadsheetId=deals.id, body={"requests": [slicer({"columnIndex": 4})]})
    assert "outside of the data range" in deals.refused(call)["message"]


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"values": [{"formula": "=Amount*2", "summarizeFunction": "CUSTOM"}]}, "Calculated fields"),
        ({"values": [{"formula": "=Amount*2", "summarizeFunction": "AVERAGE"}]}, 'Only "CUSTOM" or "SUM"'),
        ({"values": [value(2, "NONE")]}, "summarizeFunction NONE"),
        ({"rows": [group(0, groupLimit={"countLimit": 3})]}, "groupLimit"),
        ({"rows": [group(0, groupRule={"dateTimeRule": {}})]}, "DateTimeRule.type must be set"),
        ({"rows": [group(0, valueBucket={"valuesIndex": 4})]}, "valuesIndex"),
        (
            {"filterSpecs": [{"columnOffsetIndex": 2, "filterCriteria": when("CUSTOM_FORMULA", "=Amount>5")}]},
            "References to source columns",
        ),
        (
            {"filterSpecs": [{"columnOffsetIndex": 2, "filterCriteria": when("NUMBER_GREATER", "=Amount")}]},
            "References to source columns",
        ),
        (
            {"rows": [group(0, groupRule={"manualRule": {"groups": [{"groupName": {"numberValue": 1}}]}})]},
            "Manual group names must be strings",
        ),
    ],
)
def test_what_is_not_computed_is_refused(deals, change, words):
    body = {"requests": [pivot_request(by_product(**change))]}
    error = deals.refused(deals.sheets.batchUpdate(spreadsheetId=deals.id, body=body))
    assert error["status"] == "INVALID_ARGUMENT"
    assert error["message"].startswith("Invalid requests[0].updateCells: ") and words in error["message"]


def test_cells_of_the_output_cannot_be_merged(deals):
    pivot_at(deals, by_product())
    area = {"sheetId": 0, "startRowIndex": 3, "endRowIndex": 5, "startColumnIndex": 6, "endColumnIndex": 7}
    body = {"requests": [{"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}}]}
    error = deals.refused(deals.sheets.batchUpdate(spreadsheetId=deals.id, body=body))
    assert error["message"] == "Invalid requests[0].mergeCells: You can't merge cells that are part of a pivot table"
