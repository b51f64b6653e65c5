"""QUERY case by case: each a query over one small table and the array it gives."""

from __future__ import annotations

import pytest

from crm_builder.local.formulas.query import run
from crm_builder.local.formulas.values import FormulaError

ORDERS = [
    ["Name", "Region", "Amount", "Date"],
    ["Ann", "East", 10.0, 46000.0],  # 2025-12-09
    ["Bob", "West", 20.0, 46040.0],  # 2026-01-18
    ["Cid", "East", 5.0, None],
    ["Dee", None, 7.5, 46400.0],  # 2027-01-13
    ["ann", "West", None, 46000.75],
]


def ask(text, data=ORDERS, headers=1, now=46000.5):
    return run(data, text, headers, [chr(ord("A") + index) for index in range(len(data[0]))], now)


def body(text):
    return ask(text)[1:]


def problem(text, data=ORDERS):
    result = ask(text, data)
    assert isinstance(result, FormulaError) and result.kind == "#VALUE!"
    prefix = "Unable to parse query string for Function QUERY parameter 2: "
    assert result.message.startswith(prefix)
    return result.message.removeprefix(prefix)


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("C > 7", "Ann Bob Dee"),
        ("7 < C", "Ann Bob Dee"),
        ("C >= 7.5 and C <= 10", "Ann Dee"),
        ("C = 5", "Cid"),
        ("C != 5", "Ann Bob Dee"),
        ("C <> 5", "Ann Bob Dee"),
        ("C = '5'", ""),
        ("B = 'East'", "Ann Cid"),
        ("B = 'east'", ""),
        ("B != 'East'", "Bob ann"),
        ("not B = 'East'", "Bob Dee ann"),
        ("B <> ''", "Ann Bob Cid ann"),
        ("B is null", "Dee"),
        ("B is not null and D is not null", "Ann Bob ann"),
        ("B = 'East' or C = 20 and A = 'Bob'", "Ann Bob Cid"),
        ("(B = 'East' or C = 20) and A = 'Bob'", "Bob"),
        ("(C + 1) * 2 > 20", "Ann Bob"),
        ("((C) > 7)", "Ann Bob Dee"),
        ("C > -1 and C < .5", ""),
        ("A contains 'nn'", "Ann ann"),
        ("A starts with 'A'", "Ann"),
        ("A ends with 'e'", "Dee"),
        ("not A contains 'nn'", "Bob Cid Dee"),
        ("A matches '[AB].*'", "Ann Bob"),
        ("A matches 'n'", ""),
        ("A matches '(?i)ann|bob'", "Ann Bob ann"),
        ("A matches '('", ""),
        ("A like '_o%'", "Bob"),
        ("A like 'ann'", "ann"),
        ("lower(A) = 'ann'", "Ann ann"),
        ("D >= date '2026-01-01'", "Bob Dee"),
        ("D = datetime '2025-12-09 18:00:00'", "ann"),
        ("D - toDate(D) = timeofday '18:00:00'", "ann"),
        ("toDate(D) = date '2025-12-09'", "Ann ann"),
        ("year(D) = 2026", "Bob"),
        ("month(D) = 11", "Ann ann"),
        ("dateDiff(D, now()) > 100", "Dee"),
        ('A = "Bob"', "Bob"),
        ("`A` = 'Bob'", "Bob"),
    ],
)
def test_where(where, names):
    assert [row[0] for row in body(f"select A where {where}")] == names.split()


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("select A limit 2", [["Ann"], ["Bob"]]),
        ("select A limit 2 offset 3", [["Dee"], ["ann"]]),
        ("select A offset 4", [["ann"]]),
        ("select A skipping 2", [["Ann"], ["Cid"], ["ann"]]),
        ("select A skipping 2 limit 1 offset 1", [["Cid"]]),
        ("SELECT C, A WHERE B = 'East'", [[10.0, "Ann"], [5.0, "Cid"]]),
        ("select A order by C", [["ann"], ["Cid"], ["Dee"], ["Ann"], ["Bob"]]),
        ("select A order by C desc", [["Bob"], ["Ann"], ["Dee"], ["Cid"], ["ann"]]),
        ("select A order by B asc, C desc", [["Dee"], ["Ann"], ["Cid"], ["Bob"], ["ann"]]),
        ("select A order by A", [["Ann"], ["Bob"], ["Cid"], ["Dee"], ["ann"]]),
        ("select C * 2 + 1 where B = 'East'", [[21.0], [11.0]]),
        ("select C % 4, C / 0 where A = 'Ann'", [[2.0, None]]),
        ("select C - 1 - 1 where A = 'Ann'", [[8.0]]),
        ("select upper(A), lower(A) limit 1", [["ANN", "ann"]]),
        ("select year(D), month(D), day(D), quarter(D), dayOfWeek(D) limit 1", [[2025.0, 11.0, 9.0, 4.0, 3.0]]),
        ("select hour(D), minute(D), second(D) offset 4", [[18.0, 0.0, 0.0]]),
        ("select now() limit 1", [[46000.5]]),
        ("select dateDiff(D, date '2025-12-01') limit 1", [[8.0]]),
        ("select toDate(C * 0 + 1000 * 60 * 60 * 24 * 365) limit 1", [[25934.0]]),
        ("select A, 'x', 0.5, true limit 1", [["Ann", "x", 0.5, True]]),
        ("select B, sum(C) group by B", [[None, 7.5], ["East", 15.0], ["West", 20.0]]),
        ("select B, count(C), count(D) group by B", [[None, 1.0, 1.0], ["East", 2.0, 1.0], ["West", 1.0, 2.0]]),
        ("select B, avg(C), max(C), min(A) where B is not null group by B order by B desc limit 1",
         [["West", 20.0, 20.0, "Bob"]]),
        ("select sum(C), count(A)", [[42.5, 5.0]]),
        ("select sum(C), avg(C), max(C) where A = 'ann'", [[None, None, None]]),
        ("select B, sum(C) / count(C) group by B order by sum(C) desc", [["West", 20.0], ["East", 7.5], [None, 7.5]]),
        ("select year(D), count(A) group by year(D)", [[None, 1.0], [2025.0, 2.0], [2026.0, 1.0], [2027.0, 1.0]]),
        ("select year(D) + 1, count(A) where D is not null group by year(D) limit 1", [[2026.0, 2.0]]),
        ("select A, count(A) group by A limit 1", [["Ann", 1.0]]),
        ("select A, B format C '0.00' options no_format", None),
        ("select A limit 0", []),
        ("select B, sum(C) where C > 1000 group by B order by sum(C) desc", []),
    ],
)  # fmt: skip
def test_rows(text, result):
    if result is None:  # a format for a column that is not selected
        assert problem(text) == "FORMAT_COL_NOT_IN_SELECT: `C`"
    else:
        assert body(text) == result


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("", ["Name", "Region", "Amount", "Date"]),
        ("select *", ["Name", "Region", "Amount", "Date"]),
        ("where C > 5", ["Name", "Region", "Amount", "Date"]),
        ("select B, sum(C), count(A) group by B", ["Region", "sum Amount", "count Name"]),
        ("select year(D), C * 2", ["year(Date)", "product(Amount2.0())"]),
        ("select B, sum(C)/count(C) group by B", ["Region", "quotient(sum Amountcount Amount)"]),
        ("select A, C label A 'Who', C ''", ["Who", ""]),
        ("select B, sum(C) group by B label sum(C) 'Total'", ["Region", "Total"]),
        ("select 'x', 2", ['"x"()', "2.0()"]),
        ("select A where A = 'nobody'", ["Name"]),
        ("select sum(C) where A = 'nobody'", ["sum Amount"]),
    ],
)
def test_header(text, header):
    assert ask(text)[0] == header


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("select A, B where A = 'Ann'", [["Ann", "East"]]),
        ("select count(A)", [["count "], [5.0]]),
        ("select B, sum(C) group by B limit 1", [["", "sum "], [None, 7.5]]),
        ("select count(A) label count(A) ''", [[5.0]]),
    ],
)
def test_without_header_rows_only_functions_have_labels(text, result):
    assert ask(text, ORDERS[1:], headers=0) == result


def test_nothing_at_all_is_not_available():
    result = ask("select A where A = 'nobody' label A ''")
    assert result == FormulaError("#N/A", "Query completed with an empty output.")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("select sum(C) where B is not null pivot B", [["East", "West"], [15.0, 20.0]]),
        (
            "select A, sum(C) where A < 'D' group by A pivot B",
            [["Name", "East", "West"], ["Ann", 10.0, None], ["Bob", None, 20.0], ["Cid", 5.0, None]],
        ),
        (
            "select sum(C), count(A) where B is not null pivot B",
            [["East sum Amount", "West sum Amount", "East count Name", "West count Name"], [15.0, 20.0, 2.0, 2.0]],
        ),
        ("select count(A) where B is not null pivot B, year(D)", [["East,", "East,2025", "West,2025", "West,2026"],
                                                                  [1.0, 1.0, 1.0, 1.0]]),
        ("select count(A) where C > 5 and B <> '' pivot B label count(A) 'n'", [["East n", "West n"], [1.0, 1.0]]),
    ],
)  # fmt: skip
def test_pivot(text, result):
    assert ask(text) == result


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("select Z", "NO_COLUMN: Z"),
        ("select a", "NO_COLUMN: a"),
        ("select A where Col1 = 1", "NO_COLUMN: Col1"),
        ("select sum(Z)", "NO_COLUMN: Z"),
        ("select A order by Z", "NO_COLUMN: Z"),
        ("select sum(A)", "AVG_SUM_ONLY_NUMERIC"),
        ("select A, sum(C)", "ADD_COL_TO_GROUP_BY_OR_AGG: A"),
        ("select A, sum(C) group by B", "ADD_COL_TO_GROUP_BY_OR_AGG: A"),
        ("select A group by A", "CANNOT_GROUP_WITHOUT_AGG"),
        ("select A pivot B", "CANNOT_PIVOT_WITHOUT_AGG"),
        ("select A where sum(C) > 1", "CANNOT_BE_IN_WHERE: SUM(`C`)"),
        ("select B, sum(C) group by B pivot B", "NO_COL_IN_GROUP_AND_PIVOT: B"),
        ("select B, sum(C) group by B pivot A order by sum(C)", "NO_AGG_IN_ORDER_WHEN_PIVOT: C"),
        ("select B, sum(C) group by B order by max(C)", "AGG_IN_ORDER_NOT_IN_SELECT: MAX(`C`)"),
        ("select B, sum(C) group by B order by D", "COL_IN_ORDER_MUST_BE_IN_SELECT: `D`"),
        ("select A label B 'x'", "LABEL_COL_NOT_IN_SELECT: `B`"),
        ("select A, A", "Column [A] cannot appear more than once in SELECT."),
        ("select year(A)", "Can't perform the function year on a column that is not a Date or a DateTime column"),
        ("select A + 1", "Can't perform the function sum on values that are not numbers"),
        ("select dateDiff(D)", "Number of parameters for the dateDiff function is wrong: 1"),
        ("select A limit -1", "Invalid value for row limit: -1"),
        ("selec A", 'PARSE_ERROR: Encountered " <ID> "selec "" at line 1, column 1.'),
        ("select A,", 'PARSE_ERROR: Encountered "<EOF>" at line 1, column 10.'),
        ("select A\nwhere", 'PARSE_ERROR: Encountered "<EOF>" at line 2, column 6.'),
        ("select BY", 'PARSE_ERROR: Encountered " "BY" "BY "" at line 1, column 8.'),
        ("select A limit 1 where C > 1", 'PARSE_ERROR: Encountered " "where" "where "" at line 1, column 18.'),
        ("select median(C)", 'PARSE_ERROR: Encountered " <ID> "median "" at line 1, column 8.'),
    ],
)
def test_problem(text, message):
    assert problem(text) == message


@pytest.mark.parametrize(
    "text",
    ["select A where A = 'x", "select A; B", "select sum(C*2)", "select A where", "select A where C",
     "select A group B", "select A where C > date '2026-13-01'", "select (A", "select A where A starts 'x'",
     "select A label A",
     "select A where C is", "select A options fast"],
)  # fmt: skip
def test_broken_queries_say_so(text):
    assert problem(text)


def test_the_minority_of_a_column_is_null():
    mixed = [["n"], [1.0], [2.0], ["three"], [True], [None]]
    assert ask("select sum(A), count(A)", mixed)[1] == [3.0, 2.0]
    assert ask("select A", mixed)[1:] == [[1.0], [2.0], [None], [None], [None]]


def test_error_cells_are_null_and_an_empty_column_is_text():
    data = [["n", "e"], [1.0, None], [FormulaError("#N/A"), None]]
    assert ask("select sum(A)", data)[1] == [1.0]
    assert problem("select sum(B)", data) == "AVG_SUM_ONLY_NUMERIC"


@pytest.mark.parametrize(
    ("data", "count"),
    [
        ([["Name", "Amount"], ["Ann", 1.0], ["Bob", 2.0]], 1),
        ([["Ann", 1.0], ["Bob", 2.0]], 0),
        ([["Sales", ""], ["Name", "Amount"], ["Ann", 1.0]], 2),
        ([["Name", "City"], ["Ann", "Rome"]], 0),
        ([["Name", "Amount"], [None, None], ["Ann", 1.0]], 0),
    ],
)
def test_guessed_header_rows(data, count):
    rows = ask("select A", data, headers=-1)
    assert len([row for row in rows if row]) == len(data) - count + (1 if count else 0)


def test_several_header_rows_are_joined():
    assert ask("select B", [["Sales", "in"], ["Name", "Euro"], ["Ann", 1.0]], headers=2) == [["in Euro"], [1.0]]


def test_queries_do_not_change_their_data():
    before = [list(row) for row in ORDERS]
    ask("select B, sum(C) group by B order by sum(C) desc label sum(C) ''")
    assert before == ORDERS
