"""The functions that dashboards, forecasts and segments are made of, over a small table with a header and gaps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_builder.local.formulas.engine import Engine
from crm_builder.local.formulas.values import FormulaError

from .memory_store import MemoryStore

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TABLE = [
    ["x", "y", "k"],
    [1.0, 2.0, "a"],
    [2.0, 4.0, "b"],
    [3.0, 6.5, "a"],
    [4.0, 8.0, "c"],
    [5.0, 9.5, "B"],
    [None, "text", None],
]


def result(formula: str, table: list[list[Any]] = TABLE) -> Any:
    """The value of a formula in J1, an array where it spills, the kind of an error."""
    store = MemoryStore(rows=max(100, len(table) + 1))
    store.put("A1", table)
    store.put("J1", formula)
    engine = Engine(store, NOW)
    engine.structure_changed()
    engine.recalculate()
    rows, columns = store.covers.get((0, 0, 9), (1, 1))
    array = [
        [value.kind if isinstance(value, FormulaError) else value for value in row]
        for row in store.values(0, 0, 9, rows, 9 + columns)
    ]
    return array if rows * columns > 1 else array[0][0]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=FORECAST(6; B1:B7; A1:A7)", 11.7),
        ("=FORECAST.LINEAR(6; B:B; A:A)", 11.7),
        ("=ARRAYFORMULA(FORECAST(VSTACK(6; 7); B2:B6; A2:A6))", [[11.7], [13.6]]),
        ('=FORECAST("z"; B2:B6; A2:A6)', "#VALUE!"),
        ("=FORECAST(6; B2:B2; A2:A2)", "#DIV/0!"),
        ("=TREND(B2:B6; A2:A6; SEQUENCE(2; 1; 6))", [[11.7], [13.6]]),
        ("=SLOPE(B1:B7; A1:A7)", 1.9),
        ("=INTERCEPT(B1:B7; A1:A7)", 0.3),
        ("=LINEST(B2:B6; A2:A6)", [[1.9, 0.3]]),
        ("=AVERAGE.WEIGHTED(B1:B7; A1:A7)", 109 / 15),
        ("=AVERAGE.WEIGHTED(B2:B3; A2:A3; 10; 2)", 6.0),
        ("=AVERAGE.WEIGHTED(B2:B3; A2:A4)", "#NUM!"),
        ("=AVERAGE.WEIGHTED(B2:B3; VSTACK(0; 0))", "#DIV/0!"),
        ("=AVERAGE.WEIGHTED(B2:B3; VSTACK(1; 0-1))", "#NUM!"),
    ],
)
def test_lines_and_means(formula: str, expected: Any) -> None:
    found = result(formula)
    if isinstance(expected, list):
        assert [[pytest.approx(one) for one in row] for row in expected] == found
    else:
        assert found == (expected if isinstance(expected, str) else pytest.approx(expected))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=PERCENTILE(B1:B7; 1/4)", 4.0),
        ("=PERCENTILE.INC(B2:B6; 9/10)", 8.9),
        ("=QUARTILE(B2:B6; 3)", 8.0),
        ("=PERCENTRANK(A1:A7; 3)", 0.5),
        ("=PERCENTRANK(A1:A7; 7/2)", 0.625),
        ("=PERCENTRANK(A1:A7; 9)", "#N/A"),
        ("=RANK(8; B1:B7)", 2.0),
        ("=RANK(8; B1:B7; TRUE)", 4.0),
        ("=MEDIAN(A1:B7)", 4.0),
        ("=ARRAYFORMULA(PERCENTRANK(A2:A6; A2:A6))", [[0.0], [0.25], [0.5], [0.75], [1.0]]),
        ("=ARRAYFORMULA(RANK(A2:A4; A2:A6))", [[5.0], [4.0], [3.0]]),
    ],
)
def test_places_in_a_column(formula: str, expected: Any) -> None:
    assert result(formula) == (pytest.approx(expected) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=COUNTIF(A1:A7; ">=3")', 3.0),
        ('=COUNTIF(A1:A7; ">3")', 2.0),
        ('=COUNTIF(A:A; "<3")', 2.0),
        ('=COUNTIF(A1:A7; "<=3")', 3.0),
        ('=COUNTIF(C1:C7; ">a")', 4.0),
        ('=ARRAYFORMULA(COUNTIF(A2:A6; "<="&A2:A6))', [[1.0], [2.0], [3.0], [4.0], [5.0]]),
        ("=ARRAYFORMULA(COUNTIFS(C2:C6; C2:C4))", [[2.0], [2.0], [2.0]]),
        ('=SUMIFS(B2:B7; C2:C7; "a"; A2:A7; ">1")', 6.5),
        ('=AVERAGEIFS(B2:B7; C2:C7; "b"; A2:A7; ">2")', 9.5),
        ('=MAXIFS(B2:B7; C2:C7; "a")', 6.5),
        ('=MINIFS(B2:B7; C2:C7; "zz")', 0.0),
        ('=AVERAGEIF(C2:C7; "zz"; B2:B7)', "#DIV/0!"),
        ('=SUMPRODUCT((C2:C6="a")*A2:A6)', 4.0),
        ('=COUNTUNIQUEIFS(C2:C7; A2:A7; ">1")', 3.0),
    ],
)
def test_aggregates_under_criteria(formula: str, expected: Any) -> None:
    assert result(formula) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=ARRAYFORMULA(MATCH(VSTACK(0; 7/2; 9); A2:A7; 1))", [["#N/A"], [3.0], [5.0]]),
        ("=MATCH(7/2; A2:A99; 1)", 3.0),
        ("=XLOOKUP(7/2; A2:A6; C2:C6; ; -1)", "a"),
        ('=ARRAYFORMULA(XLOOKUP(VSTACK("c"; "z"); C2:C6; B2:B6; 0))', [[8.0], [0.0]]),
        ("=XLOOKUP(4; A2:A6; B2:C6)", [[8.0, "c"]]),
        ("=ARRAYFORMULA(LOOKUP(VSTACK(1; 7/2); A2:A6; C2:C6))", [["a"], ["a"]]),
        ("=INDEX(A2:C6; 0; 3)", [["a"], ["b"], ["a"], ["c"], ["B"]]),
        ("=INDEX(A2:C6; 2)", [[2.0, 4.0, "b"]]),
        ("=INDEX(SORT(A2:B6; 2; FALSE); 1; 1)", 5.0),
        ("=ARRAY_CONSTRAIN(SORT(A2:C6; 2; FALSE); 2; 2)", [[5.0, 9.5], [4.0, 8.0]]),
        ("=ARRAY_CONSTRAIN(A2:A3; 9; 9)", [[1.0], [2.0]]),
        ("=SORTN(A2:C6; 1; 0; 2; FALSE)", [[5.0, 9.5, "B"]]),
        ("=CHOOSECOLS(A2:C3; 3; 1)", [["a", 1.0], ["b", 2.0]]),
        ("=CHOOSEROWS(A2:C6; -1)", [[5.0, 9.5, "B"]]),
        ("=TRANSPOSE(A2:A4)", [[1.0, 2.0, 3.0]]),
        ("=UNIQUE(C2:C6)", [["a"], ["b"], ["c"]]),
    ],
)
def test_looking_up_and_cutting_out(formula: str, expected: Any) -> None:
    assert result(formula) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=ARRAYFORMULA(EOMONTH(VSTACK(46000; 46031); VSTACK(0; 1)))", [[46022.0], [46081.0]]),
        ("=ARRAYFORMULA(WEEKDAY(VSTACK(46348; 46349); 2))", [[7.0], [1.0]]),
        ('=DATEDIF(46000; 46348; "YM")', 11.0),
        ('=ARRAYFORMULA(SWITCH(C2:C4; "a"; 1; "b"; 2; 0))', [[1.0], [2.0], [1.0]]),
        ('=ARRAYFORMULA(IFS(A2:A4<2; "low"; TRUE; "high"))', [["low"], ["high"], ["high"]]),
        ("=ARRAYFORMULA(CHOOSE(VSTACK(1; 2); C2; C3))", [["a"], ["b"]]),
        ("=REPT(CHAR(9608); 3)", "███"),
        ('=TEXT(12; "▲ 0;▼ 0;–")', "▲ 12"),
        ('=TEXTJOIN(", "; TRUE; C2:C7)', "a, b, a, c, B"),
        ("=LET(v_a; 2; v_b; v_a*3; v_b+1)", 7.0),
        ("=BYROW(A2:B3; LAMBDA(v_r; SUM(v_r)))", [[3.0], [6.0]]),
        ("=MAP(A2:A3; B2:B3; LAMBDA(v_a; v_b; v_a*v_b))", [[2.0], [8.0]]),
        ('=HYPERLINK("#gid=5"; "Go")', "Go"),
        ("=ARRAYFORMULA(A2:A3*TRANSPOSE(A2:A4))", [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]),
    ],
)
def test_days_choices_texts_and_lambdas(formula: str, expected: Any) -> None:
    assert result(formula) == expected


def test_query_pivots_a_column_into_columns() -> None:
    assert result('=QUERY(A1:C6; "select sum(A) pivot C"; 1)') == [["B", "a", "b", "c"], [5.0, 4.0, 2.0, 4.0]]
    assert result('=QUERY(A1:C4; "select A, max(B) group by A pivot C"; 1)') == [
        ["x", "a", "b"],
        [1.0, 2.0, None],
        [2.0, None, 4.0],
        [3.0, 6.5, None],
    ]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(-5, 5).map(float) | st.sampled_from(["x", None, True]), min_size=1, max_size=12),
    st.integers(-5, 5),
    st.sampled_from(["<", "<=", ">", ">="]),
)
def test_a_comparison_counts_what_a_plain_count_counts(column: list[Any], number: int, sign: str) -> None:
    table = [[value] for value in column]
    numbers = [value for value in column if type(value) is float]
    plain = {
        "<": sum(value < number for value in numbers),
        "<=": sum(value <= number for value in numbers),
        ">": sum(value > number for value in numbers),
        ">=": sum(value >= number for value in numbers),
    }
    assert result(f'=COUNTIF(A1:A{len(table)}; "{sign}{number}")', table) == plain[sign]


def test_ten_thousand_places_are_found_in_ten_thousand_rows() -> None:
    rows = [[float(3 * at), float((at * 7919) % 30000)] for at in range(10_000)]
    found = result("=ARRAYFORMULA(MATCH(B1:B10000; A1:A10000; 1))", rows)
    assert found == [[float(min(int(b // 3), 9_999) + 1)] for _, b in rows]
