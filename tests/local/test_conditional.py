"""Alternating colours, conditional formats and filters as cells are seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_builder.local.batch.showing import shown_rows
from crm_builder.local.conditional import effective_formats
from tests.local.batch_helper import area, book_in, send, typed

RED, BLUE = {"red": 1}, {"blue": 1}
NOW = datetime(2026, 9, 5, 12, tzinfo=UTC)


def rule(place, kind, *values, index=0, **look):
    condition = {"type": kind}
    if values:
        condition["values"] = [value if isinstance(value, dict) else {"userEnteredValue": value} for value in values]
    boolean = {"condition": condition, "format": look or {"backgroundColor": RED}}
    return {"addConditionalFormatRule": {"rule": {"ranges": [place], "booleanRule": boolean}, "index": index}}


def hits(book, height, width=1, column=0):
    found = effective_formats(book, 0, 0, column, height, column + width)
    return ["".join("x" if cell.get("backgroundColor") == RED else "." for cell in row) for row in found]


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("NUMBER_GREATER", ["5"], "..x....."),
        ("NUMBER_BETWEEN", ["5", "9"], ".xx....."),
        ("NUMBER_NOT_BETWEEN", ["5", "9"], "x......."),
        ("NUMBER_EQ", ["=2+3"], ".x......"),
        ("NUMBER_NOT_EQ", ["5"], "x.x....."),
        ("TEXT_CONTAINS", ["AN"], "....x..."),
        ("TEXT_NOT_CONTAINS", ["an"], "xxxx.xxx"),
        ("TEXT_STARTS_WITH", ["a"], "...x...."),
        ("TEXT_ENDS_WITH", ["a"], "....x..."),
        ("TEXT_EQ", ["Banana"], "....x..."),
        ("BLANK", [], "......x."),
        ("NOT_BLANK", [], "xxxxxx.x"),
        ("CUSTOM_FORMULA", ["=A1=5"], ".x......"),
        ("CUSTOM_FORMULA", ["=ISNUMBER($A1)"], "xxx....."),
        ("CUSTOM_FORMULA", ["=ROW()=3"], "..x....."),
        ("CUSTOM_FORMULA", ["=A1/0>1"], "........"),
        ("CUSTOM_FORMULA", ["=COUNTIF($A$1:$A;A1)=2"], "........"),
    ],
)
def test_each_kind_of_condition(tmp_path, kind, values, expected):
    with book_in(tmp_path) as book:
        send(book, typed([[-1], [5], [7.5], ["apple"], ["banana"], [True], [None], ["cherry"]]))
        send(book, rule(area(0, 0, 8, 1), kind, *values))
        assert "".join(hits(book, 8)) == expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("DATE_BEFORE", {"relativeDate": "TODAY"}, "xxx..."),
        ("DATE_AFTER", {"relativeDate": "TODAY"}, "....x."),
        ("DATE_EQ", {"relativeDate": "TODAY"}, "...x.."),
        ("DATE_BEFORE", {"relativeDate": "PAST_WEEK"}, "xx...."),
        ("DATE_BEFORE", {"relativeDate": "PAST_MONTH"}, "x....."),
        ("DATE_AFTER", {"relativeDate": "YESTERDAY"}, "...xx."),
        ("DATE_EQ", "2026-09-04", "..x..."),
        ("DATE_BEFORE", "=DATE(2026;8;1)", "x....."),
    ],
)
def test_dates_are_compared_by_the_day_of_the_clock(tmp_path, kind, value, expected):
    with book_in(tmp_path) as book:
        book.clock = NOW
        days = [46270 - 50, 46270 - 20, 46269, 46270.9, 46271]
        send(book, typed([[day] for day in days] + [["soon"]]), rule(area(0, 0, 6, 1), kind, value))
        assert "".join(hits(book, 6)) == expected


def test_a_formula_is_written_for_the_first_cell_of_the_range(tmp_path):
    with book_in(tmp_path) as book:
        send(book, typed([["won", 1, 2], ["lost", 3, 4], ["won", 5, 6]], 2, 1))
        send(book, rule(area(2, 1, 5, 4), "CUSTOM_FORMULA", '=$B3="won"'))
        assert hits(book, 6, 4) == ["....", "....", ".xxx", "....", ".xxx", "...."]


def test_a_relative_column_is_asked_for_each_cell(tmp_path):
    with book_in(tmp_path) as book:
        send(book, typed([[1, 5], [5, 1]]), rule(area(0, 0, 2, 2), "CUSTOM_FORMULA", "=A1=5"))
        assert hits(book, 2, 2) == [".x", "x."]


def test_texts_numbers_and_booleans_of_one_look_are_told_apart(tmp_path):
    with book_in(tmp_path) as book:
        send(book, typed([[1], [True], ["1"]]), rule(area(0, 0, 3, 1), "CUSTOM_FORMULA", "=ISNUMBER(A1)"))
        assert "".join(hits(book, 3)) == "x.."


def test_the_first_rule_that_sets_a_property_sets_it(tmp_path):
    with book_in(tmp_path) as book:
        send(
            book,
            typed([[1]]),
            rule(area(0, 0, 1, 1), "NOT_BLANK", index=0, backgroundColor=RED),
            rule(area(0, 0, 1, 1), "NOT_BLANK", index=1, backgroundColor=BLUE, textFormat={"bold": True}),
            rule(area(0, 0, 1, 1), "BLANK", index=2, textFormat={"italic": True}),
        )
        found = effective_formats(book, 0, 0, 0, 1, 1)[0][0]
        assert found == {
            "backgroundColor": RED,
            "backgroundColorStyle": {"rgbColor": RED},
            "textFormat": {"bold": True},
        }


def test_bands_lie_under_the_own_format_and_that_under_conditional_ones(tmp_path):
    colours = {"headerColor": {"green": 1}, "firstBandColor": BLUE, "secondBandColor": {}}
    own = {"userEnteredFormat": {"backgroundColor": {"red": 1, "green": 1}, "textFormat": {"italic": True}}}
    with book_in(tmp_path) as book:
        send(
            book,
            typed([["h"], [1], [2], [3]]),
            {"addBanding": {"bandedRange": {"range": area(0, 0, 4, 1), "rowProperties": colours}}},
            {"repeatCell": {"range": area(2, 0, 4, 1), "cell": own, "fields": "userEnteredFormat"}},
            rule(area(0, 0, 4, 1), "NUMBER_EQ", "3"),
        )
        found = [row[0] for row in effective_formats(book, 0, 0, 0, 5, 1)]
        assert [cell.get("backgroundColor") for cell in found] == [
            {"green": 1},
            BLUE,
            {"red": 1, "green": 1},
            RED,
            None,
        ]
        assert found[3]["textFormat"] == {"italic": True}


def test_footers_and_column_bands(tmp_path):
    rows = {"firstBandColor": RED, "secondBandColor": BLUE, "footerColor": {"green": 1}}
    columns = {"firstBandColor": {"red": 1, "blue": 1}, "secondBandColor": {"green": 1, "blue": 1}}
    with book_in(tmp_path) as book:
        banding = {"range": area(0, 0, 4, 2), "rowProperties": rows, "columnProperties": columns}
        send(book, {"addBanding": {"bandedRange": banding}})
        found = [[cell["backgroundColor"] for cell in row] for row in effective_formats(book, 0, 0, 0, 4, 2)]
        # The first row colour wins over the first column's, the first column colour over the second row's (documented).
        assert found == [
            [RED, RED],
            [{"red": 1, "blue": 1}, BLUE],
            [RED, RED],
            [{"green": 1}, {"green": 1}],
        ]


def test_a_gradient_lies_between_its_points(tmp_path):
    gradient = {
        "minpoint": {"type": "MIN", "color": {}},
        "maxpoint": {"type": "MAX", "color": RED},
    }
    with book_in(tmp_path) as book:
        send(
            book,
            typed([[0], [5], [10], ["x"]]),
            {"addConditionalFormatRule": {"rule": {"ranges": [area(0, 0, 4, 1)], "gradientRule": gradient}}},
        )
        found = [row[0].get("backgroundColor") for row in effective_formats(book, 0, 0, 0, 4, 1)]
        assert found == [{}, {"red": 0.49803922}, RED, None]


def test_results_of_formulas_are_what_conditions_see(tmp_path):
    with book_in(tmp_path) as book:
        send(book, typed([[1, "=A1*10"], [2, "=A2*10"]]), rule(area(0, 1, 2, 2), "NUMBER_GREATER", "15"))
        assert hits(book, 2, 1, 1) == [".", "x"]
        send(book, typed([[9]]))
        assert hits(book, 2, 1, 1) == ["x", "x"]


def test_a_view_sees_what_the_whole_sheet_shows(tmp_path):
    with book_in(tmp_path) as book:
        send(
            book,
            typed([[float(r * c) for c in range(4)] for r in range(10)]),
            rule(area(1, 0, 9, 4), "CUSTOM_FORMULA", "=AND(A2>3;$B2<8)"),
            rule(area(0, 0, 10, 2), "CUSTOM_FORMULA", "=A1=B1", index=1),
        )
        whole = effective_formats(book, 0, 0, 0, 10, 4)
        for r in range(10):
            for c in range(4):
                assert effective_formats(book, 0, r, c, r + 1, c + 1) == [[whole[r][c]]]


def test_filters_hide_values_and_unmet_conditions(tmp_path):
    more = {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "1"}]}
    with book_in(tmp_path) as book:
        send(book, typed([["h", "n"], ["a", 1], ["b", 2], ["a", 3], ["c", 4]]))
        criteria = {"0": {"hiddenValues": ["a"]}, "1": {"condition": more}}
        assert list(shown_rows(book, 0, 1, 5, criteria)) == [(1, False), (2, True), (3, False), (4, True)]
