"""A1 notation in both directions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_builder.a1 import column_index, letters
from crm_builder.local.a1 import Bounds, parse_bounds, quoted, written


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("A1", (0, 0, 1, 1)),
        ("$B$2:$C$3", (1, 1, 3, 3)),
        ("C3:B2", (1, 1, 3, 3)),
        ("A:C", (None, 0, None, 3)),
        ("2:3", (1, None, 3, None)),
        ("A5:B", (4, 0, None, 2)),
        ("A1:1", (0, 0, 1, None)),
        ("b2:d", (1, 1, None, 4)),
        ("R2C3", (1, 2, 2, 3)),
        ("R1C1:R2C3", (0, 0, 2, 3)),
    ],
)
def test_what_is_a_range(text, bounds):
    found = parse_bounds(text)
    assert found is not None and found[:4] == bounds


@pytest.mark.parametrize("text", ["", "A", "1", "A0", "A1:", ":B2", "A1:B2:C3", "A-1", "ABCD1", "A:3", "R0C1", "A 1"])
def test_what_is_none(text):
    assert parse_bounds(text) is None


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Sheet1", "Sheet1"),
        ("D3", "'D3'"),
        ("R1C1", "'R1C1'"),
        ("it's", "'it''s'"),
        ("two words", "'two words'"),
        ("1st", "'1st'"),
        ("مشتریان", "'مشتریان'"),
    ],
)
def test_titles_are_quoted_where_they_must_be(title, shown):
    assert quoted(title) == shown


@given(st.integers(0, 18_277))
def test_letters_and_index_agree(index):
    assert column_index(letters(index)) == index


@given(st.tuples(*[st.integers(0, 500)] * 4))
def test_what_is_written_is_read_again(numbers):
    r0, c0, height, width = numbers
    area = (r0, c0, r0 + height + 1, c0 + width + 1)
    text = written("S", *area).removeprefix("S!")
    assert parse_bounds(text) == Bounds(*area, single=height == width == 0)
