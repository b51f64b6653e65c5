"""What was sent is what is read, by its marks: renamed, moved, closed, copied, and beside what is not ours."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_builder.model import Area, CellFormat, Column, FilterView, NamedRange, NumberFormat, Sheet, Workbook
from crm_builder.model.compare import differences
from crm_builder.sheets import Foreign, Layout, canonical, check_workbook, compile_new, read, read_ranges, state_of
from tests.sheets import objects
from tests.sheets import strategies as some
from tests.sheets.answer import answer
from tests.sheets.sample import full, small


def provisioned(workbook: Workbook) -> dict:
    check_workbook(workbook)
    shown = {column.formula: column.title for sheet in workbook.sheets for column in sheet.columns if column.formula}
    return answer(compile_new(workbook, Layout.plan(workbook)), shown)


def sheet_of(spreadsheet: dict, title: str) -> dict:
    return next(sheet for sheet in spreadsheet["sheets"] if sheet["properties"]["title"] == title)


@pytest.mark.parametrize("workbook", [small(), full()], ids=["small", "full"])
def test_what_was_sent_is_read(workbook):
    observed = read(provisioned(workbook), workbook)
    assert observed.workbook == canonical(workbook)
    assert observed.layout == Layout.plan(workbook)
    assert observed.foreign == ()


def test_without_knowledge_only_the_cells_of_tables_are_missing():
    observed = read(provisioned(full()))
    tables = tuple(replace(sheet, cells=()) if sheet.kind == "table" else sheet for sheet in full().sheets)
    bare = canonical(replace(full(), sheets=tables))
    columns = bare.sheets[0].columns
    dressed = replace(columns[1], format=CellFormat(bold=True))  # its first row has a cell with a format of its own
    first = replace(bare.sheets[0], columns=(columns[0], dressed, *columns[2:]))
    assert observed.workbook == replace(bare, sheets=(first, *bare.sheets[1:]))


@st.composite
def workbooks(draw: st.DrawFn) -> Workbook:
    """Workbooks that hold any mixture of things on the first of two sheets."""
    kind = draw(st.sampled_from(("table", "view", "helper")))
    headed = kind != "view"
    columns = tuple(
        Column(
            key,
            draw(some.texts) if headed else "",
            draw(st.sampled_from((60, 100))),
            draw(some.texts) if headed else "",
            draw(st.booleans()),
            format=draw(some.formats),
            header=draw(some.formats) if headed else CellFormat(),
            validation=draw(some.maybe(some.validations)),
        )
        for key in some.COLUMNS
    )
    views = draw(st.lists(some.views, max_size=2, unique_by=lambda view: view.key))
    first = Sheet(
        "one",
        "Plain",
        kind,
        columns,
        some.ROWS,
        rules=tuple(draw(st.lists(some.rules, max_size=3, unique_by=lambda rule: rule.key))),
        filter=draw(some.maybe(some.basic_filters)),
        views=tuple(replace(view, title=view.key) for view in views),
        header_height=draw(some.maybe(st.just(40))),
    )
    first = replace(first, **objects.decked(first, draw))
    names = (NamedRange("any_name", draw(some.areas())),)
    fonts = {"font": draw(some.maybe(st.just("Vazirmatn"))), "size": draw(some.maybe(st.just(11)))}
    return replace(some.WORKBOOK, sheets=(first, some.WORKBOOK.sheets[1]), names=names, **fonts)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(workbooks())
def test_any_mixture_comes_back(workbook):
    observed = read(provisioned(workbook), workbook)
    assert not "\n".join(differences(canonical(workbook), observed.workbook))
    assert observed.workbook == canonical(workbook)
    assert observed.foreign == ()


def test_renamed_and_moved_sheets_are_found():
    spreadsheet = provisioned(small())
    first, second = spreadsheet["sheets"]
    first["properties"] |= {"title": "Sales", "index": 1}
    second["properties"] |= {"index": 0}
    observed = read(spreadsheet, small())
    assert [(sheet.key, sheet.title) for sheet in observed.workbook.sheets] == [("lists", "Lists"), ("deals", "Sales")]
    assert observed.layout.place("deals").index == 1
    assert observed.foreign == ()


def test_moved_columns_are_found_and_areas_follow_their_keys():
    """A user inserts a column at the left: the service shifts everything, the model reads the same."""
    spreadsheet = provisioned(small())
    deals = sheet_of(spreadsheet, "Deals")
    deals["properties"]["gridProperties"]["columnCount"] = 5
    data = deals["data"][0]
    data["columnMetadata"].insert(0, {"pixelSize": 100})
    for row in data["rowData"]:
        row["values"].insert(0, {})
    data["rowData"][0]["values"][0] = {"userEnteredValue": {"stringValue": "Mine"}}
    shifted = [deals["protectedRanges"][0]["range"], *(name["range"] for name in spreadsheet["namedRanges"])]
    for grid in shifted:
        grid["startColumnIndex"] += 1
        grid["endColumnIndex"] += 1
    rule = deals["conditionalFormats"][0]
    rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"] = '=$C2="Won"'
    observed = read(spreadsheet, small())
    assert observed.workbook == canonical(small())
    assert observed.layout.place("deals").columns == {"id": 1, "stage": 2, "amount": 3, "total": 4}
    assert observed.foreign == (Foreign("column", "foreign:0", "Mine", "deals"),)


def test_closed_ranges_still_cover_all_of_ours_when_others_add_columns_and_rows():
    spreadsheet = provisioned(small())
    deals = sheet_of(spreadsheet, "Deals")
    rule = deals["conditionalFormats"][0]
    rule["ranges"][0] |= {"startColumnIndex": 0, "endColumnIndex": 4, "endRowIndex": 50}
    deals["properties"]["gridProperties"] |= {"columnCount": 6, "rowCount": 70}
    seen = read(spreadsheet, small())
    assert seen.workbook.sheet("deals").rules[0].key == "won"
    assert seen.workbook.sheet("deals").rules[0].areas == (Area("deals", last_row=50),)
    assert {one.kind for one in seen.foreign} == {"column"}


def test_open_ranges_that_come_back_closed_are_read_as_open():
    spreadsheet = provisioned(full())
    for name in spreadsheet["namedRanges"]:
        rows = {sheet.key: sheet.rows for sheet in full().sheets}
        sheet = next(one for one in spreadsheet["sheets"] if one["properties"]["sheetId"] == name["range"]["sheetId"])
        key = next(iter(sheet["developerMetadata"]))["metadataValue"]
        name["range"].setdefault("endRowIndex", rows[key])
    assert read(spreadsheet, full()).workbook == canonical(full())


def test_the_service_may_write_commas_and_add_old_fields():
    spreadsheet = provisioned(full())
    customers = spreadsheet["sheets"][0]
    head = customers["data"][0]["rowData"][0]["values"][6]
    head["userEnteredValue"]["formulaValue"] = head["userEnteredValue"]["formulaValue"].replace("; ", ", ")
    rule = customers["conditionalFormats"][0]["booleanRule"]
    rule["condition"]["values"][0]["userEnteredValue"] = "=AND($E2<TODAY(), $F2=FALSE)"
    rule["format"]["textFormat"]["foregroundColor"] = {"red": 0.7}
    for view in customers["filterViews"]:
        view["criteria"] = {"1": {}}
    assert read(spreadsheet, full()).workbook == canonical(full())


def test_a_pattern_that_the_service_fills_in_is_not_a_change():
    spreadsheet = provisioned(full())
    cell = spreadsheet["sheets"][2]["data"][0]["rowData"][1]["values"][0]
    cell["userEnteredFormat"]["numberFormat"]["pattern"] = "M/d/yyyy"
    assert read(spreadsheet, full()).workbook == canonical(full())
    free = read(spreadsheet).workbook.sheet("dashboard").cells[0]
    assert free.format == CellFormat(number=NumberFormat("date", "M/d/yyyy"))


def test_a_formula_that_shows_an_error_keeps_its_title():
    spreadsheet = provisioned(small())
    head = sheet_of(spreadsheet, "Deals")["data"][0]["rowData"][0]["values"][3]
    head["effectiveValue"] = {"errorValue": {"type": "REF"}}
    assert read(spreadsheet, small()).workbook == canonical(small())


def test_what_users_type_into_tables_is_not_the_model():
    spreadsheet = provisioned(small())
    rows = sheet_of(spreadsheet, "Deals")["data"][0]["rowData"]
    for row in rows[1:9]:
        row["values"][0]["userEnteredValue"] = {"stringValue": "D-1"}
    assert read(spreadsheet, small()).workbook == canonical(small())


def test_what_others_made_is_counted_and_left_out():
    spreadsheet = provisioned(small())
    deals = sheet_of(spreadsheet, "Deals")
    theirs = {"sheetId": deals["properties"]["sheetId"], "startRowIndex": 1}
    deals["filterViews"] = [{"filterViewId": 5, "title": "Mine", "range": theirs}]
    deals["protectedRanges"].append({"protectedRangeId": 6, "range": theirs, "description": "Do not"})
    deals["bandedRanges"] = [{"bandedRangeId": 7, "range": theirs, "columnProperties": {}}]
    deals["conditionalFormats"].insert(0, {"ranges": [theirs], "gradientRule": {}})
    deals["conditionalFormats"].append(
        {"ranges": [theirs], "booleanRule": {"condition": {"type": "BLANK"}, "format": {"textFormat": {"bold": True}}}}
    )
    deals["basicFilter"] = {"range": theirs}
    deals["charts"] = [{"chartId": 8}]
    spreadsheet["sheets"].append({"properties": {"sheetId": 9, "title": "Notes", "index": 2}})
    spreadsheet["namedRanges"].append({"namedRangeId": "x", "name": "theirs", "range": {"sheetId": 9}})
    spreadsheet["namedRanges"].append({"namedRangeId": "y", "name": "also", "range": theirs})
    spreadsheet["developerMetadata"].append({"metadataId": 1, "metadataKey": "other.app", "metadataValue": "1"})
    observed = read(spreadsheet, small())
    assert observed.workbook == canonical(small())
    assert observed.rule_indexes == {("deals", "won"): 1}
    assert set(observed.foreign) == {
        Foreign("sheet", "foreign:9", "Notes"),
        Foreign("name", "foreign:x", "theirs"),
        Foreign("name", "foreign:y", "also"),
        Foreign("view", "foreign:5", "Mine", "deals"),
        Foreign("protection", "foreign:6", "Do not", "deals"),
        Foreign("banding", "foreign:7", "", "deals"),
        Foreign("rule", "foreign:0", "", "deals"),
        Foreign("rule", "foreign:2", "", "deals"),
        Foreign("filter", "foreign:0", "", "deals"),
        Foreign("chart", "foreign:8", "", "deals"),
    }


def test_the_copy_of_a_sheet_is_not_the_sheet():
    spreadsheet = provisioned(small())
    double = copy.deepcopy(sheet_of(spreadsheet, "Deals"))
    double["properties"] |= {"sheetId": 4, "title": "Copy of Deals", "index": 0}
    spreadsheet["sheets"].insert(0, double)
    observed = read(spreadsheet, small())
    assert observed.workbook == canonical(small())
    assert observed.foreign == (Foreign("sheet", "foreign:4", "Copy of Deals"),)


def test_what_was_changed_by_hand_shows():
    spreadsheet = provisioned(small())
    deals = sheet_of(spreadsheet, "Deals")
    deals["data"][0]["rowData"][0]["values"][0]["userEnteredValue"] = {"stringValue": "Number"}
    deals["data"][0]["columnMetadata"][1]["pixelSize"] = 150
    deals["conditionalFormats"][0]["booleanRule"]["format"]["textFormat"] = {"bold": True}
    del deals["protectedRanges"]
    seen = read(spreadsheet, small()).workbook.sheet("deals")
    assert (seen.column("id").title, seen.column("stage").width) == ("Number", 150)
    assert seen.rules[0].key == "won" and seen.rules[0].format.bold
    assert seen.protections == ()


def test_a_renamed_named_range_is_still_ours():
    spreadsheet = provisioned(small())
    spreadsheet["namedRanges"][0]["name"] = "deals_money"
    observed = read(spreadsheet, small())
    assert NamedRange("deals_money", Area("deals", "amount")) in observed.workbook.names
    assert observed.foreign == ()


def test_ranges_to_read_are_those_of_what_is_known():
    ranges = read_ranges(state_of(full(), Layout.plan(full())), [full()])
    assert ranges[:2] == ["'مشتری‌ها'!1:4", "'Lists'!1:4"]
    assert ranges[2:6] == ["'It''s live'!1:3", "'It''s live'!B4:C4", "'It''s live'!D6:D7", "'Figures'!1:2"]
    assert ranges[6:9] == ["'Figures'!A3:C5", "'تحلیل'!1:2", "'تحلیل'!A3:A7"]
    assert ranges[9:] == ["'تحلیل'!D3:D3", "'تحلیل'!A3:A8", "'تحلیل'!B30:B30", "'_crm'!A1:D"]


def test_rows_that_are_enough_to_read_are_enough():
    """Only the rows that `read_ranges` asks for are answered, in two blocks as the service may."""
    spreadsheet = provisioned(full())
    for sheet, last in zip(spreadsheet["sheets"][:2], (4, 4), strict=True):
        data = sheet["data"][0]
        below = {"startRow": 1, "columnMetadata": data["columnMetadata"]}
        for part in ("rowData", "rowMetadata"):
            below[part] = data[part][1:last]
            data[part] = data[part][:1]
        sheet["data"].append(below)
    assert read(spreadsheet, full()).workbook == canonical(full())


def test_an_empty_spreadsheet_is_read_as_foreign():
    spreadsheet = {"properties": {"title": "New", "locale": "en_US"}, "sheets": [{"properties": {"title": "Лист1"}}]}
    observed = read(spreadsheet)
    assert observed.workbook == Workbook("New", "en_US", "", ())
    assert observed.foreign == (Foreign("sheet", "foreign:0", "Лист1"),)


def test_a_view_that_filters_what_the_model_cannot_say_is_foreign():
    workbook = small()
    view = FilterView("v", "V", Area("deals", first_row=1))
    workbook = replace(workbook, sheets=(replace(workbook.sheets[0], views=(view,)), workbook.sheets[1]))
    spreadsheet = provisioned(workbook)
    held = sheet_of(spreadsheet, "Deals")["filterViews"][0]
    held["filterSpecs"] = [{"columnIndex": 0, "filterCriteria": {"condition": {"type": "FILTER_EXPRESSION"}}}]
    observed = read(spreadsheet, workbook)
    assert observed.workbook.sheet("deals").views == ()
    assert [one.kind for one in observed.foreign] == ["view"]
