"""A pivot table among the cells: read, recalculated, blocked, healed, moved and deleted, over REST."""

from __future__ import annotations

import pytest

from crm_builder.local.transport import open_workspace

from .conftest import NOW
from .pivot_helper import DEALS, by_product, cells, group, pivot_at, pivot_request, put, send, shown, value

TOTALS = [["Product", "SUM of Amount"], ["Ink", 60], ["Pen", 40], ["Grand Total", 100]]


@pytest.fixture
def deals(local):
    put(local, "A1", DEALS)
    pivot_at(local, by_product())
    return local


def test_the_output_is_read_as_values(deals) -> None:
    assert shown(deals, "F1:G10") == TOTALS
    assert shown(deals, "F2:G2", "FORMULA") == [["Ink", 60]]


def test_the_definition_stands_in_the_anchor_alone_and_nothing_counts_as_entered(deals) -> None:
    found = cells(deals, "F1:G4", "userEnteredValue,effectiveValue,formattedValue,pivotTable")
    assert found[0][0]["pivotTable"]["rows"] == [group(0)]
    assert [[sorted(cell) for cell in row] for row in found[1:]] == [[["effectiveValue", "formattedValue"]] * 2] * 3
    assert "userEnteredValue" not in found[0][0]
    assert found[3][1] == {"effectiveValue": {"numberValue": 100}, "formattedValue": "100"}


def test_an_edit_of_the_source_shows(deals) -> None:
    put(deals, "C2", [[11]])
    assert shown(deals, "F3:G4") == [["Pen", 41], ["Grand Total", 101]]
    put(deals, "A3", [["Quill"]])
    assert shown(deals, "F1:F6") == [["Product"], ["Ink"], ["Pen"], ["Quill"], ["Grand Total"]]
    put(deals, "A3", [["Ink"]])
    assert shown(deals, "F1:F6") == [[row[0]] for row in TOTALS]


def test_formulas_read_the_output_and_follow_it(deals) -> None:
    put(deals, "I1", [["=SUM(G2:G3)"]])
    put(deals, "C2", [[1000]])
    assert shown(deals, "I1") == [[1090]]


def test_a_source_may_be_what_a_formula_spills(deals) -> None:
    put(deals, "C1:C5", [[""], [""], [""], [""], [""]])
    deals.values.clear(spreadsheetId=deals.id, range="C1:C5").execute()
    put(deals, "C1", [['=ARRAYFORMULA(IF(ROW(A1:A5)=1; "Amount"; ROW(A1:A5)*10))']])
    assert shown(deals, "F1:G4") == [["Product", "SUM of Amount"], ["Ink", 80], ["Pen", 60], ["Grand Total", 140]]


def test_typing_into_the_output_breaks_it_until_that_cell_is_cleared(deals) -> None:
    put(deals, "F3", [["mine"]])
    anchor = cells(deals, "F1", "effectiveValue")[0][0]["effectiveValue"]["errorValue"]
    words = "Array result was not expanded because it would overwrite data in F3."
    assert anchor == {"type": "REF", "message": words}
    assert shown(deals, "F1:G4") == [["#REF!"], [], ["mine"]]
    deals.values.clear(spreadsheetId=deals.id, range="F3").execute()
    assert shown(deals, "F1:G10") == TOTALS


def test_clearing_the_anchor_deletes_the_table(deals) -> None:
    deals.values.clear(spreadsheetId=deals.id, range="F1").execute()
    assert shown(deals, "F1:G10") == []
    assert cells(deals, "F1:G4", "pivotTable") == []


def test_an_empty_definition_deletes_the_table(deals) -> None:
    pivot_at(deals, None)
    assert shown(deals, "F1:G10") == []


def test_typing_over_the_anchor_replaces_the_table(deals) -> None:
    put(deals, "F1", [["mine"]])
    assert shown(deals, "F1:G10") == [["mine"]]
    assert cells(deals, "F1", "pivotTable") == [] or "pivotTable" not in cells(deals, "F1", "pivotTable")[0][0]


def test_clearing_beside_the_anchor_changes_nothing(deals) -> None:
    deals.values.clear(spreadsheetId=deals.id, range="F2:G9").execute()
    assert shown(deals, "F1:G10") == TOTALS


def test_a_skipped_cell_of_an_update_leaves_the_table(deals) -> None:
    put(deals, "E1", [["left", None, None, "right"]])
    assert shown(deals, "E1:H1") == [["left", "Product", "SUM of Amount", "right"]]


def test_a_new_definition_takes_the_place_of_the_old_one(deals) -> None:
    pivot_at(deals, by_product(rows=[], values=[value(2, "MAX", name="Most")]))
    assert shown(deals, "F1:G10") == [["Most"], [40]]


def test_inserted_rows_and_columns_move_the_table_with_its_source(deals) -> None:
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 2}
    columns = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 4, "endIndex": 5}
    send(deals, {"insertDimension": {"range": rows}}, {"insertDimension": {"range": columns}})
    assert shown(deals, "G3:H6") == TOTALS
    source = cells(deals, "G3", "pivotTable")[0][0]["pivotTable"]["source"]
    assert (source["startRowIndex"], source["endRowIndex"]) == (2, 7)


def test_a_row_inserted_through_the_output_only_makes_it_stand_elsewhere(deals) -> None:
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 6, "endIndex": 7}
    pivot_at(deals, None)
    pivot_at(deals, by_product(), row=5)
    send(deals, {"insertDimension": {"range": rows}})
    assert shown(deals, "F6:G9") == TOTALS


def test_deleting_the_row_of_the_anchor_deletes_the_table(deals) -> None:
    pivot_at(deals, None)
    pivot_at(deals, by_product(), row=7)
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 7, "endIndex": 8}
    send(deals, {"deleteDimension": {"range": rows}})
    assert shown(deals, "F1:G20") == []


def test_deleting_the_source_leaves_a_broken_reference(deals) -> None:
    send(deals, {"addSheet": {"properties": {"sheetId": 7, "title": "Pivots"}}}, pivot_request(by_product(), sheet=7))
    assert shown(deals, "Pivots!F4:G4") == [["Grand Total", 100]]
    send(deals, {"deleteSheet": {"sheetId": 0}})
    assert shown(deals, "Pivots!F1:G9") == [["#REF!"]]


def test_a_duplicated_sheet_has_a_table_of_its_own(deals) -> None:
    send(deals, {"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 9, "newSheetName": "Copy"}})
    assert shown(deals, "Copy!F1:G10") == TOTALS


def test_a_copied_anchor_is_a_second_table(deals) -> None:
    anchor = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 5, "endColumnIndex": 6}
    target = anchor | {"startColumnIndex": 8, "endColumnIndex": 9}
    send(deals, {"copyPaste": {"source": anchor, "destination": target}})
    assert shown(deals, "I1:J10") == TOTALS


def test_two_tables_do_not_write_over_each_other(deals) -> None:
    pivot_at(deals, by_product(), row=2)
    assert shown(deals, "F1:G2") == [["#REF!"]]
    assert shown(deals, "F3:G6") == TOTALS
    pivot_at(deals, None, row=2)
    assert shown(deals, "F1:G10") == TOTALS


def test_a_formula_does_not_spill_over_an_anchor(deals) -> None:
    put(deals, "E1", [["=SEQUENCE(1; 2)"]])
    assert shown(deals, "E1:G1") == [["#REF!", "Product", "SUM of Amount"]]


def test_an_anchor_inside_its_source_is_a_circle(deals) -> None:
    pivot_at(deals, by_product(), column=3)
    assert cells(deals, "D1", "effectiveValue")[0][0]["effectiveValue"]["errorValue"]["message"].startswith("Circular")


def test_a_table_without_room_says_how_much_is_missing(deals) -> None:
    pivot_at(deals, by_product(), row=998)
    message = cells(deals, "F999", "effectiveValue")[0][0]["effectiveValue"]["errorValue"]["message"]
    assert message == "Result was not automatically expanded, please insert more rows (2)."


def test_an_open_source_takes_new_rows_and_has_an_item_for_blank_ones(deals) -> None:
    pivot_at(deals, by_product(source={"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 4}))
    assert shown(deals, "F1:G5") == [["Product", "SUM of Amount"], ["", 0], *TOTALS[1:]]
    filled = {"visibleByDefault": True, "condition": {"type": "NOT_BLANK"}}
    source = {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 4}
    pivot_at(deals, by_product(source=source, filterSpecs=[{"columnOffsetIndex": 0, "filterCriteria": filled}]))
    put(deals, "A6", [["Quill", "East", 5]])
    assert shown(deals, "F1:G9") == [*TOTALS[:3], ["Quill", 5], ["Grand Total", 105]]


def test_formats_come_from_the_source_unless_the_cell_has_one(deals) -> None:
    money = {"userEnteredFormat": {"numberFormat": {"type": "CURRENCY", "pattern": "#,##0 €"}}}
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 5, "startColumnIndex": 2, "endColumnIndex": 3}
    plain = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0.0"}}}
    total = area | {"startRowIndex": 4, "startColumnIndex": 6, "endColumnIndex": 7}
    by_day = by_product(rows=[group(3)], values=[value(2), value(2, "COUNT"), share()])
    send(
        deals,
        {"repeatCell": {"range": area, "cell": money, "fields": "userEnteredFormat"}},
        {"repeatCell": {"range": total, "cell": plain, "fields": "userEnteredFormat"}},
        pivot_request(by_day),
    )
    assert shown(deals, "F2:I2", "FORMATTED_VALUE") == [["2026-01-05", "10 €", "1", "10.00%"]]
    assert shown(deals, "G5:G6", "FORMATTED_VALUE") == [["40.0"], ["100 €"]]
    looks = cells(deals, "G2", "userEnteredFormat,effectiveFormat(numberFormat)")[0][0]
    assert looks == {"effectiveFormat": {"numberFormat": {"type": "CURRENCY", "pattern": "#,##0 €"}}}


def share() -> dict:
    return value(2, calculatedDisplayType="PERCENT_OF_GRAND_TOTAL", name="Share")


def test_the_table_is_there_again_when_the_workspace_is_opened_again(deals) -> None:
    shown(deals, "F1")
    put(deals, "C2", [[60]])  # not computed before the workspace is closed
    deals.transport.close()
    with open_workspace(deals.folder, clock=NOW) as transport:
        deals.sheets._http.transport = transport
        assert shown(deals, "F1:G4") == [["Product", "SUM of Amount"], ["Ink", 60], ["Pen", 90], ["Grand Total", 150]]
