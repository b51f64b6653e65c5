"""Charts, pivot tables, slicers, merged areas and heights as JSON and back, and what the service makes of them."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_builder.model import (
    Area,
    Cell,
    Chart,
    Column,
    Condition,
    Criterion,
    Pivot,
    PivotGroup,
    PivotValue,
    Place,
    Series,
    Sheet,
    Workbook,
)
from crm_builder.model.compare import differences
from crm_builder.sheets import Foreign, canonical, check_body, read
from crm_builder.sheets.charts import decode_chart, encode_chart
from crm_builder.sheets.dimensions import set_heights
from crm_builder.sheets.links import decode_link, encode_link
from crm_builder.sheets.merges import merge_requests
from crm_builder.sheets.paint import rectangles
from crm_builder.sheets.pivots import decode_pivot, encode_pivot
from crm_builder.sheets.slicers import decode_slicer, encode_slicer
from tests.sheets import objects
from tests.sheets import strategies as some
from tests.sheets.answer import without_zeros
from tests.sheets.sample import full
from tests.sheets.test_read import provisioned, sheet_of

PLACE = Place(3, "b", 600, 371)
COLUMN_A = Area("one", "a", None, 1, 9)
BARS = Chart("c", "Bars", "bar", PLACE, COLUMN_A, (Series(Area("one", "b", None, 1, 9)),), axis_title="Deals")


@given(objects.charts())
def test_charts(chart):
    encoded = encode_chart(chart, some.LAYOUT, "one")
    check_body(encoded, "EmbeddedChart")
    assert decode_chart(without_zeros(encoded), some.LAYOUT, chart.key) == chart


@given(objects.slicers())
def test_slicers(slicer):
    encoded = encode_slicer(slicer, some.LAYOUT, "one")
    check_body(encoded, "Slicer")
    assert decode_slicer(without_zeros(encoded), some.LAYOUT, slicer.key) == slicer


@given(objects.pivots())
def test_pivots(pivot):
    encoded = encode_pivot(pivot, some.LAYOUT)
    check_body(encoded, "PivotTable")
    assert decode_pivot(without_zeros(encoded), some.LAYOUT, pivot.key, pivot.row, pivot.column) == pivot


def test_the_figures_of_bars_run_along_the_bottom():
    basic = encode_chart(BARS, some.LAYOUT, "one")["spec"]["basicChart"]
    assert [one["targetAxis"] for one in basic["series"]] == ["BOTTOM_AXIS"]
    assert basic["axis"] == [{"position": "BOTTOM_AXIS", "title": "Deals"}]


def test_what_the_service_adds_to_a_chart_is_no_change():
    """Documented and recorded: formats of axes, colours in both spellings, no zeros in the anchor."""
    data = encode_chart(BARS, some.LAYOUT, "one")
    data["spec"]["basicChart"] |= {"compareMode": "DATUM", "stackedType": "NOT_STACKED"}
    data["spec"]["basicChart"]["axis"][0]["format"] = {"bold": False, "italic": False}
    data["spec"]["basicChart"]["axis"].append({"position": "LEFT_AXIS", "format": {"bold": False}})
    del data["position"]["overlayPosition"]["widthPixels"], data["position"]["overlayPosition"]["heightPixels"]
    assert decode_chart(data, some.LAYOUT, "c") == BARS


def test_a_legend_of_labels_is_written_at_each_series_of_a_basic_chart():
    sheet = Sheet("one", "One", "view", (Column("a"), Column("b")), 20, charts=(replace(BARS, legend="labels"),))
    (chart,) = canonical(Workbook("", "", "", (sheet,))).sheets[0].charts
    assert (chart.legend, [series.labels for series in chart.series]) == ("none", [True])
    assert encode_chart(replace(BARS, legend="labels"), some.LAYOUT, "one") == encode_chart(chart, some.LAYOUT, "one")


def test_the_source_of_a_pivot_table_is_open_below_and_its_columns_are_counted_from_its_first():
    pivot = Pivot(
        "p",
        2,
        "g",
        Area("one", "b", "e", 1),
        (PivotGroup("c", "By", by=0),),
        (PivotValue("e", "sum", "Total"),),
        filters=(Criterion("b", Condition("not_blank")),),
    )
    encoded = encode_pivot(pivot, some.LAYOUT)
    assert encoded["source"] == {
        "sheetId": some.LAYOUT.place("one").sheet_id,
        "startRowIndex": 0,
        "startColumnIndex": 1,
        "endColumnIndex": 5,
    }
    assert encoded["rows"] == [
        {"sourceColumnOffset": 1, "sortOrder": "ASCENDING", "label": "By", "valueBucket": {"valuesIndex": 0}}
    ]
    assert encoded["values"] == [{"sourceColumnOffset": 3, "summarizeFunction": "SUM", "name": "Total"}]
    criteria = {"visibleByDefault": True, "condition": {"type": "NOT_BLANK"}}
    assert encoded["filterSpecs"] == [{"columnOffsetIndex": 0, "filterCriteria": criteria}]
    older = {key: value for key, value in encoded.items() if key != "filterSpecs"} | {"criteria": {"0": criteria}}
    assert decode_pivot(older, some.LAYOUT, "p", 2, "g") == pivot


def grid(request: dict) -> tuple[int, int, int, int]:
    span = request["range"]
    return tuple(span[f"{end}{what}Index"] for what in ("Row", "Column") for end in ("start", "end"))


def test_equal_merges_below_each_other_share_a_request():
    rows = tuple(Area("one", "a", "c", row, row) for row in (5, 3, 4, 9))
    sheet = replace(some.WORKBOOK.sheets[0], merges=(*rows, Area("one", "e", "f", 3, 4)))
    merges = [request["mergeCells"] for request in merge_requests(sheet, some.LAYOUT)]
    assert [(one["mergeType"], *grid(one)) for one in merges] == [
        ("MERGE_ROWS", 2, 5, 0, 3),
        ("MERGE_ALL", 2, 4, 4, 6),
        ("MERGE_ALL", 8, 9, 0, 3),
    ]


def test_equal_neighbouring_heights_share_a_request():
    sheet = replace(some.WORKBOOK.sheets[0], header_height=40, heights=((2, 40), (3, 24), (5, 24)))
    updates = [request["updateDimensionProperties"] for request in set_heights(sheet, some.LAYOUT)]
    found = [(one["range"]["startIndex"], one["range"]["endIndex"], one["properties"]["pixelSize"]) for one in updates]
    assert found == [(0, 2, 40), (2, 3, 24), (4, 5, 24)]


@given(st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 6)), st.sampled_from("xy")))
def test_rectangles_cover_each_cell_once(cells):
    covered = [(place, look) for look, block in rectangles(cells) for place in block.cells()]
    assert sorted(covered) == sorted(cells.items())


@given(some.texts)
def test_links_come_back_however_arguments_are_separated(text):
    formula = encode_link("two", text, some.LAYOUT)
    assert decode_link(formula, some.LAYOUT) == ("two", text)
    assert decode_link(formula.replace('"; "', '", "', 1), some.LAYOUT) == ("two", text)


@pytest.mark.parametrize(
    "formula", ['=HYPERLINK("#gid=5"; "x")', '=HYPERLINK("https://example.com"; "x")', "=A1", None]
)
def test_other_formulas_are_no_links_of_ours(formula):
    assert decode_link(formula, some.LAYOUT) is None


def test_charts_and_pivot_tables_of_others_are_counted_and_left():
    spreadsheet = provisioned(full())
    view = sheet_of(spreadsheet, "تحلیل")
    view["charts"].append({"chartId": 8, "spec": {"title": "Mine"}})
    view["slicers"] = [{"slicerId": 9, "spec": {"title": "Theirs"}}]
    rows = view["data"][0]["rowData"]
    rows[50]["values"][3] = {"pivotTable": {"source": {"sheetId": 77}}}
    mine = copy.deepcopy(rows[29]["values"][1]["pivotTable"])
    rows[40]["values"][1] = {"pivotTable": mine | {"values": mine["values"][:1]}}
    customers = sheet_of(spreadsheet, "مشتری‌ها")
    customers["merges"] = [{"sheetId": 1, "startRowIndex": 9, "endRowIndex": 11, "endColumnIndex": 1}]
    customers["merges"][0]["sheetId"] = customers["properties"]["sheetId"]
    observed = read(spreadsheet, full())
    assert observed.workbook == canonical(full())
    assert set(observed.foreign) == {
        Foreign("chart", "foreign:8", "Mine", "analysis"),
        Foreign("slicer", "foreign:9", "Theirs", "analysis"),
        Foreign("pivot", "foreign:1", "", "analysis"),
        Foreign("pivot", "foreign:2", "", "analysis"),
        Foreign("merge", "foreign:0", "", "customers"),
    }


def test_a_pivot_table_that_moved_is_still_ours():
    spreadsheet = provisioned(full())
    rows = sheet_of(spreadsheet, "تحلیل")["data"][0]["rowData"]
    rows[31]["values"][1] = rows[29]["values"][1]
    rows[29]["values"][1] = {}
    observed = read(spreadsheet, full())
    assert [(one.key, one.row) for one in observed.workbook.sheet("analysis").pivots] == [("by_status", 32)]
    assert observed.foreign == ()


def test_what_a_pivot_table_and_a_formula_fill_are_no_cells_of_ours():
    spreadsheet = provisioned(full())
    values = sheet_of(spreadsheet, "تحلیل")["data"][0]["rowData"][32]["values"]
    values[1] = {"effectiveValue": {"stringValue": "active"}, "formattedValue": "active"}
    assert read(spreadsheet, full()).workbook == canonical(full())


def test_differences_of_what_lies_on_a_sheet_are_told_by_name():
    wanted = canonical(full())
    sheet = wanted.sheet("analysis")
    share, trend = sheet.charts
    series = (replace(trend.series[0], color="#000000"), trend.series[1])
    found = replace(
        sheet,
        charts=(replace(share, place=replace(share.place, row=12)), replace(trend, series=series)),
        merges=sheet.merges[1:],
        heights=((3, 31), *sheet.heights[1:]),
        pivots=(replace(sheet.pivots[0], rows=(replace(sheet.pivots[0].rows[0], totals=False),)),),
    )
    sheets = tuple(found if one.key == "analysis" else one for one in wanted.sheets)
    assert differences(wanted, replace(wanted, sheets=sheets)) == [
        "sheets.analysis.merges.a3:c3: is missing in the CRM",
        "sheets.analysis.heights.3: the CRM has (3, 31), the description (3, 30)",
        "sheets.analysis.charts.share.place.row: the CRM has 12, the description 10",
        "sheets.analysis.charts.trend.series[0].color: the CRM has '#000000', the description '#1A73E8'",
        "sheets.analysis.pivots.by_status.rows[0].totals: the CRM has False, the description True",
    ]


def test_the_lines_of_a_merged_cell_are_drawn_around_all_of_it():
    """Its format is written to every cell of it, and read from the first alone."""
    rows = sheet_of(provisioned(full()), "تحلیل")["data"][0]["rowData"]
    formats = [rows[4]["values"][column].get("userEnteredFormat") for column in range(4)]
    assert formats[0] == formats[1] == formats[2] and "right" in formats[0]["borders"]
    assert "borders" not in formats[3]
    assert Cell(5, "a", 'Item "5"', format=full().sheet("analysis").cells[3].format) in full().sheet("analysis").cells
