"""QUERY over random rows gives what plain Python gives."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from crm_builder.local.formulas.query import run

KEYS = st.sampled_from(["a", "b", "c", None])
AMOUNTS = st.one_of(st.none(), st.integers(-50, 50).map(float))
ROWS = st.lists(st.tuples(KEYS, KEYS, AMOUNTS).map(list), min_size=0, max_size=30)
SURE = ["a", "b", 1.0]  # one full row keeps every column at its kind


def ask(rows, text):
    return run([["k", "p", "n"], SURE, *rows], text, 1, ["A", "B", "C"], 0.0)


def first_null(value):
    return (value is not None, value or 0)


@given(ROWS)
def test_group_by(rows):
    groups = defaultdict(list)
    for key, _, amount in [SURE, *rows]:
        groups[key].append(amount)
    expected = []
    for key in sorted(groups, key=lambda key: (key is not None, key or "")):
        known = [amount for amount in groups[key] if amount is not None]
        some = [sum(known), sum(known) / len(known), max(known), min(known)] if known else [None] * 4
        expected.append([key, float(len(known)), *some])
    assert ask(rows, "select A, count(C), sum(C), avg(C), max(C), min(C) group by A")[1:] == expected


@given(ROWS)
def test_pivot_is_a_group_by_laid_flat(rows):
    grouped = {(row[0], row[1]): row[2] for row in ask(rows, "select A, B, sum(C) group by A, B")[1:]}
    header, *lines = ask(rows, "select A, sum(C) group by A pivot B")
    pivots = [None if label == "" else label for label in header[1:]]
    assert {line[0] for line in lines} == {key for key, _ in grouped}
    for line in lines:
        for pivot, value in zip(pivots, line[1:], strict=True):
            assert grouped.get((line[0], pivot)) == value


@given(ROWS, st.integers(-60, 60))
def test_where(rows, limit):
    expected = [row for row in [SURE, *rows] if row[2] is not None and row[2] > limit and row[0] != "a" and row[0]]
    assert ask(rows, f"select A, B, C where C > {limit} and A != 'a'")[1:] == expected


@given(ROWS, st.booleans(), st.integers(0, 5), st.integers(0, 5))
def test_order_limit_offset(rows, descending, limit, offset):
    ordered = sorted([SURE, *rows], key=lambda row: first_null(row[2]), reverse=descending)
    text = f"select A, B, C order by C {'desc' if descending else 'asc'} limit {limit} offset {offset}"
    assert ask(rows, text)[1:] == ordered[offset : offset + limit]


@given(st.text(alphabet="select where AB()<>='\"`,+- 12*/\n", max_size=40))
def test_no_text_breaks_the_parser(text):
    result = ask([], text)
    assert isinstance(result, list) or result.kind in ("#VALUE!", "#N/A")


def test_many_rows():
    rows = [[f"k{index % 500}", "p", float(index)] for index in range(20_000)]
    result = ask(rows, "select A, sum(C), count(B) where C >= 0 group by A order by sum(C) desc limit 1")
    assert result == [["k", "sum n", "count p"], ["k499", float(sum(range(499, 20_000, 500))), 40.0]]
