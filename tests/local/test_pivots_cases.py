"""Pivot tables as pure functions: the samples of the API's reference, and one case for each part of a definition."""

from __future__ import annotations

from typing import Any

import pytest

from crm_builder.local.formulas.values import FormulaError
from crm_builder.local.pivots import Formats, Source, parsed, tabulated

Json = dict[str, Any]
UNITS = [
    ["Region", "Product", "Units", "Price"],
    ["New York", "Pen", 345.0, 2.0],
    ["New York", "Paper", 98.0, 5.0],
    ["Oregon", "Pen", 234.0, 2.0],
    ["Oregon", "Paper", 123.0, 4.0],
    ["Tennessee", "Pen", 531.0, 3.0],
    ["Tennessee", "Paper", 415.0, 5.0],
]


def group(offset: int, **more: Any) -> Json:
    return {"sourceColumnOffset": offset, "sortOrder": "ASCENDING", **more}


def value(offset: int, function: str = "SUM", **more: Any) -> Json:
    return {"sourceColumnOffset": offset, "summarizeFunction": function, **more}


def made(cells: list[list[Any]], /, **definition: Any) -> list[list[Any]]:
    columns = dict(enumerate(zip(*cells[1:], strict=True)))
    source = Source(cells[0], columns, len(cells) - 1, lambda offset, item: "" if item is None else str(item))
    return tabulated(parsed(definition), source)


def test_labels_stand_as_the_reference_draws_them() -> None:
    table = made(
        UNITS,
        rows=[group(0, showTotals=True)],
        columns=[group(1, sortOrder="DESCENDING")],
        values=[value(2)],
    )
    assert table == [
        ["SUM of Units", "Product", None],
        ["Region", "Pen", "Paper"],
        ["New York", 345.0, 98.0],
        ["Oregon", 234.0, 123.0],
        ["Tennessee", 531.0, 415.0],
        ["Grand Total", 1110.0, 636.0],
    ]


QUARTERS = [["Quarter", "Month", "n"], ["Q1", "1 Jan", 1.0], ["Q1", "2 Feb", 2.0], ["Q1", "3 Mar", 3.0]]


def test_headings_are_written_once_unless_they_are_repeated() -> None:
    definition = {"rows": [group(0), group(1, showTotals=True)], "values": [value(2)]}
    expected = [
        ["Quarter", "Month", "SUM of n"],
        ["Q1", "1 Jan", 1.0],
        [None, "2 Feb", 2.0],
        [None, "3 Mar", 3.0],
        ["Q1 Total", None, 6.0],
    ]
    assert made(QUARTERS, **definition) == expected
    definition["rows"][0]["repeatHeadings"] = True
    assert [row[0] for row in made(QUARTERS, **definition)] == ["Quarter", "Q1", "Q1", "Q1", "Q1 Total"]


def test_a_histogram_rule_makes_the_buckets_of_the_reference() -> None:
    ages = [["Age", "Amount"], *([float(age), 10.0] for age in (16, 25, 44, 45, 64, 65, 66, 90))]
    rule = {"histogramRule": {"start": 25, "interval": 20, "end": 65}}
    table = made(ages, rows=[group(0, groupRule=rule, showTotals=True)], values=[value(1, "COUNT")])
    assert table == [
        ["Grouped Age", "COUNT of Amount"],
        ["< 25", 1.0],
        ["25-45", 2.0],
        ["45-65", 3.0],
        ["> 65", 2.0],
        ["Grand Total", 8.0],
    ]


def test_a_manual_rule_puts_items_together_and_leaves_the_others() -> None:
    states = [["State", "n"], ["AL", 1.0], ["AK", 2.0], ["AR", 4.0], ["NY", 8.0]]
    items = [{"stringValue": "AL"}, {"stringValue": "AR"}]
    rule = {"manualRule": {"groups": [{"groupName": {"stringValue": "Central"}, "items": items}]}}
    table = made(states, rows=[group(0, groupRule=rule, label="Time Zone")], values=[value(1)])
    assert table == [["Time Zone", "SUM of n"], ["AK", 2.0], ["Central", 5.0], ["NY", 8.0]]


MOMENT = 46348 + (19 * 3600 + 45 * 60 + 7) / 86400  # 2026-11-22 19:45:07, a Sunday


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("SECOND", 7.0),
        ("MINUTE", 45.0),
        ("HOUR", 19.0),
        ("HOUR_MINUTE", "19:45"),
        ("HOUR_MINUTE_AMPM", "7:45 PM"),
        ("DAY_OF_WEEK", "Sunday"),
        ("DAY_OF_YEAR", 326.0),
        ("DAY_OF_MONTH", 22.0),
        ("DAY_MONTH", "22-Nov"),
        ("MONTH", "Nov"),
        ("QUARTER", "Q4"),
        ("YEAR", 2026.0),
        ("YEAR_MONTH", "2026-Nov"),
        ("YEAR_QUARTER", "2026 Q4"),
        ("YEAR_MONTH_DAY", "2026-11-22"),
    ],
)
def test_a_date_rule_writes_the_labels_of_the_reference(kind: str, label: Any) -> None:
    rows = [["Date", "n"], [MOMENT, 1.0]]
    assert made(rows, rows=[group(0, groupRule={"dateTimeRule": {"type": kind}})], values=[value(1)]) == [
        ["Grouped Date", "SUM of n"],
        [label, 1.0],
    ]


def test_months_stand_in_the_order_of_the_calendar() -> None:
    rows = [["Date", "n"], *([46023.0 + 31 * at, 1.0] for at in range(5))]
    rule = {"dateTimeRule": {"type": "MONTH"}}
    table = made(rows, rows=[group(0, groupRule=rule)], values=[value(1)])
    assert [row[0] for row in table[1:]] == ["Jan", "Feb", "Mar", "Apr", "May"]


@pytest.mark.parametrize(
    ("function", "result"),
    [
        ("SUM", 9.0),
        ("COUNTA", 4.0),
        ("COUNT", 3.0),
        ("COUNTUNIQUE", 3.0),
        ("AVERAGE", 3.0),
        ("MAX", 5.0),
        ("MIN", 2.0),
        ("MEDIAN", 2.0),
        ("PRODUCT", 20.0),
        ("STDEV", 3**0.5),
        ("STDEVP", 2**0.5),
        ("VAR", 3.0),
        ("VARP", 2.0),
    ],
)
def test_a_figure_is_what_the_function_of_that_name_gives(function: str, result: float) -> None:
    rows = [["n"], [2.0], [5.0], ["x"], [None], [2.0]]
    assert made(rows, values=[value(0, function)]) == [[f"{function} of n"], [pytest.approx(result)]]


def test_a_figure_without_numbers_is_the_error_of_its_function() -> None:
    table = made([["k", "n"], ["a", "x"]], rows=[group(0)], values=[value(1, "AVERAGE"), value(1)])
    assert isinstance(table[1][1], FormulaError) and table[1][1].kind == "#DIV/0!"
    assert table[1][2] == 0.0


def test_an_error_in_the_source_shows_in_the_figures_it_is_part_of() -> None:
    broken = FormulaError("#N/A", "no")
    table = made(
        [["k", "n"], ["a", broken], ["a", 1.0], ["b", 2.0]], rows=[group(0, showTotals=True)], values=[value(1)]
    )
    assert [row[1] for row in table[1:]] == [broken, 2.0, broken]


def test_several_figures_stand_beside_each_other_under_each_column() -> None:
    table = made(
        UNITS,
        rows=[group(0, showTotals=True)],
        columns=[group(1, showTotals=True)],
        values=[value(2), value(3, "MAX", name="Dearest")],
    )
    assert table[:4] == [
        [None, "Product", "Values", None, None, None, None],
        [None, "Paper", None, "Pen", None, "Total SUM of Units", "Total Dearest"],
        ["Region", "SUM of Units", "Dearest", "SUM of Units", "Dearest", None, None],
        ["New York", 98.0, 5.0, 345.0, 2.0, 443.0, 5.0],
    ]
    assert table[-1] == ["Grand Total", 636.0, 5.0, 1110.0, 3.0, 1746.0, 5.0]


def test_several_figures_stand_under_each_other_where_the_layout_says_so() -> None:
    table = made(UNITS, rows=[group(1, showTotals=True)], values=[value(2), value(3, "MIN")], valueLayout="VERTICAL")
    assert table == [
        ["Product", "Values", None],
        ["Paper", "SUM of Units", 636.0],
        [None, "MIN of Price", 4.0],
        ["Pen", "SUM of Units", 1110.0],
        [None, "MIN of Price", 2.0],
        ["Total SUM of Units", None, 1746.0],
        ["Total MIN of Price", None, 2.0],
    ]


def test_column_groups_inside_each_other_have_totals_of_their_own() -> None:
    table = made(UNITS[:5], columns=[group(0, showTotals=True), group(1, showTotals=True)], values=[value(2)], rows=[])
    assert table == [
        [None, "Region", "Product", None, None, None, None, None],
        [None, "New York", None, "New York Total", "Oregon", None, "Oregon Total", "Grand Total"],
        [None, "Paper", "Pen", None, "Paper", "Pen", None, None],
        ["SUM of Units", 98.0, 345.0, 443.0, 123.0, 234.0, 357.0, 800.0],
    ]


def test_groups_may_be_sorted_by_a_total_or_by_one_bucket() -> None:
    def order(**bucket: Any) -> list[Any]:
        rows = [group(0, sortOrder="DESCENDING", valueBucket=bucket)]
        return [row[0] for row in made(UNITS, rows=rows, columns=[group(1)], values=[value(2)])[2:]]

    assert order() == ["Tennessee", "New York", "Oregon"]
    assert order(buckets=[{"stringValue": "Paper"}]) == ["Tennessee", "Oregon", "New York"]
    assert order(buckets=[{"stringValue": "Ink"}]) == ["New York", "Oregon", "Tennessee"]


def test_items_sort_blanks_numbers_texts_booleans() -> None:
    rows = [["k"], *([item] for item in (True, "b", 2.0, None, "A", -1.0, "", False))]
    items = [None, -1.0, 2.0, "A", "b", False, True]
    assert [row[0] for row in made(rows, rows=[group(0)])[1:]] == items
    assert [row[0] for row in made(rows, rows=[group(0, sortOrder="DESCENDING")])[1:]] == items[::-1]


def test_texts_that_differ_in_case_are_two_items() -> None:
    assert made([["k"], ["a"], ["A"], ["a"]], rows=[group(0)], values=[value(0, "COUNTA")])[1:] == [
        ["A", 1.0],
        ["a", 2.0],
    ]


def test_a_collapsed_item_shows_its_total_alone() -> None:
    folded = [{"value": {"stringValue": "Oregon"}, "collapsed": True}]
    table = made(UNITS[:5], rows=[group(0, valueMetadata=folded), group(1)], values=[value(2)])
    assert table[1:] == [["New York", "Paper", 98.0], [None, "Pen", 345.0], ["Oregon Total", None, 357.0]]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("PERCENT_OF_ROW_TOTAL", [0.25, 0.75, 1.0]),
        ("PERCENT_OF_COLUMN_TOTAL", [0.5, 0.3, 1 / 3]),
        ("PERCENT_OF_GRAND_TOTAL", [1 / 12, 0.25, 1 / 3]),
    ],
)
def test_a_figure_may_be_shown_as_a_share_of_a_total(share: str, expected: list[float]) -> None:
    rows = [["r", "c", "n"], ["a", "x", 1.0], ["a", "y", 3.0], ["b", "x", 1.0], ["b", "y", 7.0]]
    table = made(
        rows,
        rows=[group(0)],
        columns=[group(1, showTotals=True)],
        values=[value(2, calculatedDisplayType=share)],
    )
    assert table[2] == ["a", *(pytest.approx(one) for one in expected)]


def test_a_share_of_nothing_is_a_division_by_zero() -> None:
    table = made(
        [["k", "n"], ["a", 0.0]], rows=[group(0)], values=[value(1, calculatedDisplayType="PERCENT_OF_GRAND_TOTAL")]
    )
    assert table[1][1].kind == "#DIV/0!"


def test_a_source_without_rows_leaves_headers_and_empty_totals() -> None:
    source = Source(["k", "n"], {0: [], 1: []}, 0, lambda offset, item: "")
    definition = {"rows": [group(0, showTotals=True)], "values": [value(1)]}
    assert tabulated(parsed(definition), source) == [["k", "SUM of n"], ["Grand Total", None]]


def test_a_column_outside_of_the_source_is_a_broken_reference() -> None:
    assert made(UNITS, rows=[group(9)], values=[value(2)])[0][0].kind == "#REF!"
    assert made(UNITS, rows=[group(0)], values=[value(9)])[1][1].kind == "#REF!"


def test_a_definition_without_anything_is_one_empty_cell() -> None:
    assert made(UNITS) == [[None]]


def test_figures_and_items_take_the_format_of_their_column_counts_do_not() -> None:
    definition = parsed(
        {
            "rows": [group(4)],
            "columns": [group(5), group(6, groupRule={"dateTimeRule": {"type": "YEAR"}})],
            "values": [value(7), value(8, "COUNTA"), value(9, calculatedDisplayType="PERCENT_OF_ROW_TOTAL")],
        }
    )
    formats = Formats(definition)
    grid = [[formats.source(row, column) for column in range(5)] for row in range(5)]
    assert grid == [
        [None] * 5,
        [None, 5, 5, 5, 5],
        [None] * 5,
        [None] * 5,
        [4, 7, None, "%", 7],
    ]
