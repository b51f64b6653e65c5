"""Each kind of thing comes back from its JSON as it was, and its JSON is one that the service knows."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_builder.a1 import column_index, letters
from crm_builder.model import Area, Cell, CellFormat, Column, Condition, NumberFormat, Sheet, Validation, Workbook
from crm_builder.sheets import Layout, canonical, check_body
from crm_builder.sheets.areas import decode_a1, decode_range, encode_a1, encode_range
from crm_builder.sheets.banding import decode_banding, encode_banding
from crm_builder.sheets.cells import decode_value, encode_value
from crm_builder.sheets.conditions import Frame, decode_condition, encode_condition
from crm_builder.sheets.dimensions import decode_width, set_heights, set_widths
from crm_builder.sheets.filters import decode_basic_filter, decode_view, encode_basic_filter, encode_view
from crm_builder.sheets.formats import decode_format, encode_format
from crm_builder.sheets.formula_text import canonical as canonical_formula
from crm_builder.sheets.formula_text import keys_in
from crm_builder.sheets.layout import NotOursError
from crm_builder.sheets.marks import Contents, decode_contents, encode_contents
from crm_builder.sheets.names import decode_name, encode_name, trouble_with
from crm_builder.sheets.properties import (
    THEME_COLOURS,
    decode_sheet,
    decode_spreadsheet,
    encode_sheet,
    encode_spreadsheet,
)
from crm_builder.sheets.protections import decode_protection, encode_protection
from crm_builder.sheets.rules import decode_rule, encode_rule, rule_digest
from crm_builder.sheets.validation import decode_validation, encode_validation
from tests.sheets import strategies as some

FRAME = Frame(some.LAYOUT, "one")


def sent(data: dict, schema: str) -> dict:
    """The JSON as it arrives, after the check that every body has to pass."""
    check_body(data, schema)
    return json.loads(json.dumps(data))


@given(some.formats)
def test_formats(cell_format):
    assert decode_format(sent(encode_format(cell_format), "CellFormat")) == cell_format


@given(some.colours, st.sampled_from((int, round)))
def test_colours_survive_however_the_service_makes_bytes_of_them(colour, to_byte):
    rgb = encode_format(CellFormat(background=colour))["backgroundColorStyle"]["rgbColor"]
    kept = {part: to_byte(value * 255) / 255 for part, value in rgb.items()}
    assert decode_format({"backgroundColorStyle": {"rgbColor": kept}}).background == colour


@pytest.mark.parametrize(
    "data",
    [
        {"backgroundColor": {"red": 1}, "textFormat": {"foregroundColor": {}}},
        {"backgroundColorStyle": {"rgbColor": {"red": 1}}, "textFormat": {"foregroundColorStyle": {"rgbColor": {}}}},
        {
            "backgroundColor": {"red": 1},
            "backgroundColorStyle": {"themeColor": "ACCENT2"},
            "textFormat": {"foregroundColor": {"alpha": 1}},
        },
    ],
)
def test_colours_are_read_from_every_spelling(data):
    assert decode_format(data) == CellFormat(background="#FF0000", color="#000000")


def test_the_only_text_pattern_says_nothing():
    data = {"numberFormat": {"type": "TEXT", "pattern": "@"}}
    assert decode_format(data).number == NumberFormat("text")


@given(some.areas())
def test_areas_as_grid_ranges(area):
    assert decode_range(sent(encode_range(area, some.LAYOUT), "GridRange"), some.LAYOUT) == area


@given(some.areas())
def test_a_range_that_comes_back_closed_is_the_same_area(area):
    closed = {"startRowIndex": 0, "endRowIndex": some.ROWS, "startColumnIndex": 0, "endColumnIndex": 7}
    assert decode_range(closed | encode_range(area, some.LAYOUT), some.LAYOUT) == area


@given(some.areas())
def test_areas_as_a1(area):
    assert decode_a1(encode_a1(area, some.LAYOUT), some.LAYOUT, "one") == area


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Plain!$B$2:$B", Area("one", "b")),
        ("'It''s «quoted»'!B2:B40", Area("two", "b")),
        ("$C$5", Area("one", "c", None, 5, 5)),
        ("A:C", Area("one", "a", "c", 1)),
    ],
)
def test_other_spellings_of_a1(text, area):
    assert decode_a1(text, some.LAYOUT, "one") == area


@given(st.integers(0, 18_277))
def test_column_letters(index):
    assert column_index(letters(index)) == index


@pytest.mark.parametrize("use", ["validation", "rule", "filter"])
@given(data=st.data())
def test_conditions(use, data):
    condition = data.draw(some.conditions(use))
    encoded = sent(encode_condition(condition, FRAME), "BooleanCondition")
    assert decode_condition(encoded, FRAME) == condition


def test_a_formula_is_written_for_the_row_it_stands_for():
    condition = Condition("custom_formula", ('=AND([b]>0; $C$1="[b], $B7")',))
    encoded = encode_condition(condition, Frame(some.LAYOUT, "one", 7))
    assert encoded["values"] == [{"userEnteredValue": '=AND($B7>0; $C$1="[b], $B7")'}]


def test_commas_between_arguments_come_back_as_semicolons():
    assert canonical_formula("=IF(a,\"x, y\",{1,2})&'A, B'!A1") == "=IF(a;\"x, y\";{1,2})&'A, B'!A1"


def test_keys_in_texts_are_none():
    assert keys_in("=IF([a]=\"[b]\"; [c]; '[d]'!A1)") == ("a", "c")


def test_references_that_are_no_column_of_the_row_stay():
    text = "=$B2:$B9=Plain!$B2+$B$2+$B3+LOG$B2(1)"
    encoded = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": text}]}
    assert decode_condition(encoded, FRAME).values == (text,)


@given(some.validations)
def test_validations(validation):
    assert decode_validation(sent(encode_validation(validation, FRAME), "DataValidationRule"), FRAME) == validation


def test_only_lists_have_choices_to_show():
    data = {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
    assert decode_validation(data, FRAME) == Validation(Condition("boolean"), strict=True)


@given(some.rules)
def test_rules(rule):
    encoded = sent(encode_rule(rule, some.LAYOUT), "ConditionalFormatRule")
    decoded = decode_rule(encoded, some.LAYOUT, rule.key)
    assert decoded == rule
    assert rule_digest(decoded) == rule_digest(rule)


def test_a_colour_scale_is_not_ours():
    with pytest.raises(NotOursError):
        decode_rule({"ranges": [{}], "gradientRule": {}}, some.LAYOUT)


@given(some.bandings)
def test_bandings(banding):
    encoded = sent(encode_banding(banding, some.LAYOUT, "one"), "BandedRange")
    assert decode_banding(encoded, some.LAYOUT, banding.key) == banding


@given(some.basic_filters)
def test_basic_filters(basic):
    assert decode_basic_filter(sent(encode_basic_filter(basic, some.LAYOUT), "BasicFilter"), some.LAYOUT) == basic


@given(some.views)
def test_views(view):
    encoded = sent(encode_view(view, some.LAYOUT, "one"), "FilterView")
    assert decode_view(encoded, some.LAYOUT, view.key) == view


@given(some.views)
def test_criteria_are_read_from_the_older_field_too(view):
    encoded = encode_view(view, some.LAYOUT, "one")
    encoded["criteria"] = {str(spec["columnIndex"]): spec["filterCriteria"] for spec in encoded.pop("filterSpecs", [])}
    assert decode_view(encoded, some.LAYOUT, view.key) == view


@given(some.protections)
def test_protections(protection):
    encoded = sent(encode_protection(protection, some.LAYOUT, "one"), "ProtectedRange")
    assert decode_protection(encoded, some.LAYOUT, protection.key) == protection


@given(some.named_ranges)
def test_named_ranges(name):
    assert decode_name(sent(encode_name(name, some.LAYOUT), "NamedRange"), some.LAYOUT) == name


@pytest.mark.parametrize("name", ["Q1", "AB12", "R1C1", "r", "C3", "TRUE", "two words", "é", "1st", "a" * 251, ""])
def test_names_that_the_service_refuses(name):
    assert trouble_with(name)


@pytest.mark.parametrize("name", ["deals_amount", "_x", "Q1_sales", "ABCD1", "a" * 250])
def test_names_that_the_service_takes(name):
    assert not trouble_with(name)


@given(texts=some.texts | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.just("=1+1"))
def test_values_stay_what_they_are(texts):
    encoded = sent(encode_value(texts), "CellData")
    value, formula = decode_value(encoded)
    assert (value, formula) == (None if texts == "" else texts, None)
    assert texts == "" or type(value) is type(texts)


def test_formulas_are_told_from_texts():
    assert decode_value(encode_value(None, "=A1; B1")) == (None, "=A1; B1")
    assert encode_value("=A1") == {"userEnteredValue": {"stringValue": "=A1"}}


@given(
    st.builds(
        Sheet,
        st.just("one"),
        some.texts,
        st.just("table"),
        st.just((Column("a"),)),
        st.integers(2, 5000),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        some.maybe(some.colours),
        st.integers(0, 3),
        st.integers(0, 3),
    )
)
def test_sheet_properties(sheet):
    layout = Layout.plan(Workbook("", "", "", (sheet,)))
    decoded = decode_sheet(sent(encode_sheet(sheet, layout), "SheetProperties"))
    assert decoded == {name: getattr(sheet, name) for name in decoded}


def test_spreadsheet_properties():
    decoded = decode_spreadsheet(sent(encode_spreadsheet(some.WORKBOOK), "SpreadsheetProperties"))
    assert decoded == {"title": "Book", "locale": "en_US", "time_zone": "Europe/Berlin", "theme": ()}


def test_the_theme_of_a_spreadsheet():
    theme = tuple(dict.fromkeys(THEME_COLOURS, "#2F6FED").items())
    encoded = sent(encode_spreadsheet(replace(some.WORKBOOK, theme=theme)), "SpreadsheetProperties")
    assert decode_spreadsheet(encoded)["theme"] == theme


@given(st.lists(st.tuples(st.sampled_from((60, 100, 140)), st.booleans()), min_size=1, max_size=7))
def test_widths(looks):
    columns = tuple(Column(f"c{at}", width=width, hidden=hidden) for at, (width, hidden) in enumerate(looks))
    sheet = Sheet("one", "One", "table", columns, header_height=30)
    layout = Layout.plan(Workbook("", "", "", (sheet,)))
    found = [(100, False)] * len(looks)
    requests = set_widths(sheet, layout)
    assert len(requests) <= len([look for look, _ in groupby(looks) if look != (100, False)])
    for request in requests:
        check_body({"requests": [request]})
        update = request["updateDimensionProperties"]
        for index in range(update["range"]["startIndex"], update["range"]["endIndex"]):
            found[index] = decode_width(update["properties"])
    assert found == looks
    assert [one["updateDimensionProperties"]["properties"] for one in set_heights(sheet, layout)] == [{"pixelSize": 30}]


@given(
    st.builds(
        Contents,
        st.sampled_from(("table", "view", "helper")),
        st.lists(some.keys).map(tuple),
        st.lists(some.keys).map(tuple),
        st.lists(some.keys).map(tuple),
        st.lists(st.tuples(some.keys, some.keys)).map(tuple),
        st.booleans(),
        st.booleans(),
    )
)
def test_contents(contents):
    assert decode_contents(encode_contents(contents)) == contents


def test_canonical_form_is_reached_in_one_step():
    sheet = Sheet(
        "one",
        "One",
        "table",
        (Column("a", format=CellFormat(background="#abcdef", bold=True, font="Roboto")), Column("b")),
        rows=9,
        cells=(
            Cell(3, "b", 1.0, format=CellFormat()),
            Cell(2, "a", formula="=IF(1, 2; 3)", format=CellFormat(background="#ABCDEF", italic=True)),
            Cell(4, "a", ""),
        ),
    )
    once = canonical(Workbook("", "", "", (sheet,), font="Roboto"))
    assert once.sheets[0].columns[0].format == CellFormat(background="#ABCDEF", bold=True)
    assert once.sheets[0].cells == (
        Cell(2, "a", formula="=IF(1; 2; 3)", format=CellFormat(italic=True)),
        Cell(3, "b", 1.0),
    )
    assert canonical(once) == once


def test_a_dropdown_over_what_is_gone_is_no_validation_of_ours() -> None:
    data = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=#REF!"}]}, "showCustomUi": True}
    with pytest.raises(NotOursError):
        decode_validation(data, FRAME)
