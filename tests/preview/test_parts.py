"""The small parts of the page: colours, directions, addresses, choices, sparklines, column letters."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_builder.a1 import column_index, letters
from crm_builder.preview import FIELDS, joined, reads, sparkline
from crm_builder.preview.choices import Choices
from crm_builder.preview.grid import grid_of
from crm_builder.preview.styles import cell_css, css_string, rgb, theme_of
from crm_builder.preview.text import direction, web_address
from tests.preview.samples import cell, sheet


@given(st.integers(0, 18_277))
def test_column_letters_are_read_back(column: int) -> None:
    assert column_index(letters(column)) == column


def test_column_letters() -> None:
    assert [letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("hello", "ltr"),
        ("سلام", "rtl"),
        ("۱۲ سلام", "rtl"),
        ("(x) سلام", "ltr"),
        ("+98 912", "ltr"),
        ("۱۴۰۵/۰۸/۳۰", "ltr"),
        ("", "ltr"),
    ],
)
def test_direction_is_that_of_the_first_letter(text: str, way: str) -> None:
    assert direction(text) == way


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "//example.com", "https://", "java\nscript:x", "https://a b", ""]
)
def test_addresses_that_are_not_followed(text: str) -> None:
    assert web_address(text) is None


def test_colours() -> None:
    assert (
        rgb({}) == "#000000" and rgb({"red": 1, "green": 0.5}) == "#ff8000" and rgb({"red": 7, "blue": -1}) == "#ff0000"
    )
    pairs = [{"colorType": "ACCENT1", "color": {"rgbColor": {"blue": 1}}}]
    theme = theme_of({"properties": {"spreadsheetTheme": {"themeColors": pairs}}})
    form = {"backgroundColorStyle": {"themeColor": "ACCENT1"}, "backgroundColor": {"red": 1}}
    assert "background-color:#0000ff" in cell_css(form, theme)
    assert "background-color:#ea4335" in cell_css({"backgroundColorStyle": {"themeColor": "ACCENT2"}}, theme)


def test_a_css_string_cannot_be_left() -> None:
    assert css_string('a"};b') == '"a\\22 \\7d \\3b b"'


def offered(condition_value: str) -> tuple[str, ...]:
    rows = [[cell("head"), cell("other")], [cell("a"), cell("x")], [cell("b")], [cell()], [cell("a")], [cell("c")]]
    names = [
        {"name": "My_List", "range": {"sheetId": 1, "startRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}}
    ]
    choices = Choices({"sheets": [sheet("It's a list", rows)], "namedRanges": names})
    rule = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": condition_value}]}}
    return choices.lists[choices.number(rule, "It's a list")]


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("='It''s a list'!$A$2:$A", ("a", "b", "c")),
        ("='It''s a list'!A2:A3", ("a", "b")),
        ("=$A$2:$B$2", ("a", "x")),
        ("=A:A", ("head", "a", "b", "c")),
        ("=B2", ("x",)),
        ("=my_list", ("b", "a", "c")),
        ("=Nowhere!A1:A9", ()),
        ("=INDIRECT(A1)", ()),
    ],
)
def test_choices_come_from_the_cells_a_rule_points_at(area: str, expected: tuple[str, ...]) -> None:
    assert offered(area) == expected


@pytest.mark.parametrize("text", ["", "[1]", '{"data":3}', "{", "[" * 100_000, '{"data":[1],"options":3}'])
def test_markers_that_cannot_be_read_are_no_sparklines(text: str) -> None:
    assert sparkline.parse(sparkline.MARK + text) is None


def test_a_text_without_the_marker_is_no_sparkline() -> None:
    assert sparkline.parse('{"data":[1]}') is None


def test_options_may_be_a_list_of_pairs() -> None:
    parsed = sparkline.parse(sparkline.MARK + '{"data":[[1,2]],"options":[["ChartType","bar"],["max",4],3]}')
    assert parsed == ([[1, 2]], {"charttype": "bar", "max": 4})


@pytest.mark.parametrize("kind", ["line", "column", "bar", "winloss"])
@pytest.mark.parametrize(
    "data",
    [
        [],
        [None, "x", True],
        [0],
        [0, 0],
        [5, 5, 5],
        [-3, 4],
        [[1, 2], [3, 4]],
        [1e308, -1e308],
        [1e149, 1e149],
        [10**400],
    ],
)
def test_every_kind_draws_whatever_numbers_there_are(kind: str, data: list[Any]) -> None:
    drawn = sparkline.svg(data, {"charttype": kind}, 90, 20)
    assert "nan" not in drawn and "inf" not in drawn and drawn.count("<svg") == drawn.count("</svg>") == 1


def test_a_bar_fills_its_part_of_the_whole() -> None:
    drawn = sparkline.svg([25, 50], {"charttype": "bar", "max": 100, "color1": "red"}, 200, 20)
    assert '<rect x="0.0" y="4.0" width="50.0" height="12.0" fill="red"/>' in drawn
    assert '<rect x="50.0" y="4.0" width="100.0"' in drawn


def test_columns_below_zero_hang_from_the_same_line() -> None:
    drawn = sparkline.svg([2, -2], {"charttype": "column", "color": "#111111", "negcolor": "#ff0000"}, 20, 40)
    assert 'y="0.0" width="7.0" height="20.0" fill="#111111"' in drawn
    assert 'y="20.0" width="7.0" height="20.0" fill="#ff0000"' in drawn


def test_unticked_checkboxes_and_empty_results_are_no_data() -> None:
    rule = {"condition": {"type": "BOOLEAN"}}
    rows = [[cell("x")], *([cell(False, dataValidation=rule), cell("")] for _ in range(700))]
    grid = grid_of(sheet("S", rows))
    assert (len(grid.rows), grid.more_rows) == (11, 0)


def test_hidden_rows_are_left_out() -> None:
    entry = json.loads(json.dumps(sheet("S", [[cell(text)] for text in "abc"])))
    entry["data"][0]["rowMetadata"][1]["hiddenByFilter"] = True
    assert grid_of(entry).rows[:3] == (0, 2, 3)


def test_of_hidden_sheets_only_values_are_read() -> None:
    sheets = [{"properties": {"sheetId": number, "title": f"S{number}", "hidden": number > 1}} for number in (1, 2)]
    shown, hidden = reads(sheets, {"S1": 5})
    assert shown == (["'S1'!1:15"], FIELDS)
    assert hidden[0] == ["'S2'!1:1000"] and "Format" not in hidden[1]
    assert [texts for texts, _ in reads(sheets[:1], {"S1": 5})] == [["'S1'!1:15"]]
    assert reads(sheets[1:], {}) == [(["'S2'!1:1000"], FIELDS)]
    whole = joined([{"properties": {"title": "C"}, "sheets": sheets[:1]}, {"sheets": sheets[1:]}])
    assert whole == {"properties": {"title": "C"}, "sheets": sheets}
