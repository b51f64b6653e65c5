"""What a view is made of is read back with the masks that readers use: merges, heights, rules, links, objects."""

from __future__ import annotations

from .pivot_helper import cells, put, send, shown

AREA = {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 4, "startColumnIndex": 1, "endColumnIndex": 3}


def sheet_of(local, fields):
    answer = local.sheets.get(spreadsheetId=local.id, ranges=["Sheet1!A1:F9"], fields=f"sheets({fields})").execute()
    return answer["sheets"][0]


def test_merged_rows_are_read_one_by_one(local):
    send(local, {"mergeCells": {"range": AREA, "mergeType": "MERGE_ROWS"}})
    found = sheet_of(local, "merges")["merges"]
    assert [(one["startRowIndex"], one["endRowIndex"], one["startColumnIndex"]) for one in found] == [
        (2, 3, 1),
        (3, 4, 1),
    ]


def test_a_spill_goes_down_through_rows_merged_to_its_right(local):
    send(local, {"mergeCells": {"range": AREA, "mergeType": "MERGE_ROWS"}})
    put(local, "B2", [["=SEQUENCE(4)"]])
    assert shown(local, "B2:B5") == [[1], [2], [3], [4]]
    put(local, "B2", [["=SEQUENCE(4; 2)"]])
    assert shown(local, "B2:B5") == [[1], [3], [5], [7]]


def test_merging_cells_of_a_spill_leaves_it_whole(local):
    put(local, "B2", [["=SEQUENCE(4)"]])
    send(local, {"mergeCells": {"range": AREA, "mergeType": "MERGE_ROWS"}})
    assert shown(local, "B2:B5") == [[1], [2], [3], [4]]


def test_row_heights_are_read(local):
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 3}
    sized = {"range": rows, "properties": {"pixelSize": 40}, "fields": "pixelSize"}
    send(local, {"updateDimensionProperties": sized})
    metadata = sheet_of(local, "data(rowMetadata(pixelSize))")["data"][0]["rowMetadata"]
    assert [one["pixelSize"] for one in metadata[:4]] == [21, 40, 40, 21]


def test_a_cell_has_its_own_rule(local):
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "showCustomUi": True}
    one = AREA | {"endRowIndex": 3, "endColumnIndex": 2}
    send(local, {"setDataValidation": {"range": one, "rule": rule}})
    assert cells(local, "B3:C3", "dataValidation") == [[{"dataValidation": rule}]]


def test_a_link_is_text_and_leads_where_its_formula_says(local):
    put(local, "A1", [['=HYPERLINK("#gid=5"; "Deals")', '=HYPERLINK("https://example.com/"&C1)', "x", "plain"]])
    found = cells(local, "A1:D1", "hyperlink,effectiveValue")[0]
    assert found == [
        {"effectiveValue": {"stringValue": "Deals"}, "hyperlink": "#gid=5"},
        {"effectiveValue": {"stringValue": "https://example.com/x"}, "hyperlink": "https://example.com/x"},
        {"effectiveValue": {"stringValue": "x"}},
        {"effectiveValue": {"stringValue": "plain"}},
    ]


def test_charts_and_slicers_are_read_with_their_places(local):
    place = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 3, "columnIndex": 1}, "offsetYPixels": 4}}
    series = {"series": {"sourceRange": {"sources": [AREA | {"startColumnIndex": 2}]}}, "targetAxis": "LEFT_AXIS"}
    domain = {"domain": {"sourceRange": {"sources": [AREA | {"endColumnIndex": 2}]}}}
    spec = {"title": "t", "basicChart": {"chartType": "LINE", "domains": [domain], "series": [series]}}
    send(
        local,
        {"addChart": {"chart": {"chartId": 4, "spec": spec, "position": place}}},
        {"addSlicer": {"slicer": {"slicerId": 5, "spec": {"dataRange": AREA, "title": "s"}, "position": place}}},
    )
    found = sheet_of(local, "charts(spec(title,basicChart(chartType)),position,chartId),slicers")
    anchor = {"rowIndex": 3, "columnIndex": 1}
    position = {"overlayPosition": {"anchorCell": anchor, "offsetYPixels": 4, "widthPixels": 600, "heightPixels": 371}}
    assert found["charts"] == [
        {"chartId": 4, "spec": {"title": "t", "basicChart": {"chartType": "LINE"}}, "position": position}
    ]
    bounds = {name: value for name, value in AREA.items() if name != "sheetId"}
    assert found["slicers"] == [{"slicerId": 5, "spec": {"dataRange": bounds, "title": "s"}, "position": position}]
