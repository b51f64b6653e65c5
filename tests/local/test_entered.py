"""What typed texts become."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_builder.local.blocks import Formula
from crm_builder.local.entered import parse_entered

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def number(kind, pattern):
    return {"type": kind, "pattern": pattern}


@pytest.mark.parametrize(
    ("text", "value", "look"),
    [
        ("007", 7.0, None),
        ("-5", -5.0, None),
        ("+5", 5.0, None),
        (" 12.50 ", 12.5, None),
        ("1,000", 1000.0, number("NUMBER", "#,##0")),
        ("1,234.5", 1234.5, number("NUMBER", "#,##0.00")),
        ("$100.15", 100.15, number("CURRENCY", '"$"#,##0.00')),
        ("-$5", -5.0, number("CURRENCY", '"$"#,##0')),
        ("50%", 0.5, number("PERCENT", "0%")),
        ("12.5%", 0.125, number("PERCENT", "0.00%")),
        ("1e5", 100000.0, number("SCIENTIFIC", "0.00E+00")),
        ("2026-09-05", 46270.0, number("DATE", "yyyy-mm-dd")),
        ("1-2", 46024.0, number("DATE", "m-d")),
        ("9/5/2026", 46270.0, number("DATE", "M/d/yyyy")),
        ("5-Sep-2026", 46270.0, number("DATE", "d-mmm-yyyy")),
        ("Sep 5, 2026", 46270.0, number("DATE", "mmm d, yyyy")),
        ("18:00", 0.75, number("TIME", "h:mm")),
        ("6:00 PM", 0.75, number("TIME", "h:mm am/pm")),
        ("2026-09-05 18:00", 46270.75, number("DATE_TIME", "yyyy-mm-dd h:mm")),
        ("true", True, None),
        ("FALSE", False, None),
        ("'007", "007", None),
        ("'", "", None),
    ],
)
def test_a_typed_text_becomes_a_value_and_a_format(text, value, look):
    found = parse_entered(text, "Etc/GMT", NOW)
    assert found == (value, look)
    assert type(found[0]) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "=",
        "@handle",
        "1405/08/30",
        "۱۲۳",
        "31/12/2026",
        "2026-13-01",
        "1,00",
        "12:75",
        "13:00 PM",
        "%",
        "$",
        "a-5",
    ],
)
def test_what_cannot_be_read_stays_text(text):
    assert parse_entered(text, "Etc/GMT", NOW) == (text, None)


@pytest.mark.parametrize(("text", "formula"), [("=A1+1", "=A1+1"), ("+98 912 000", "=+98 912 000")])
def test_formulas_begin_with_an_equals_or_a_plus_sign(text, formula):
    value, look = parse_entered(text)
    assert isinstance(value, Formula) and value == formula and look is None


def test_a_date_without_a_year_is_in_the_year_of_the_time_zone():
    new_year = datetime(2026, 12, 31, 22, tzinfo=UTC)
    assert parse_entered("1-2", "Asia/Tehran", new_year)[0] == parse_entered("2027-01-02")[0]
    assert parse_entered("1-2", "Etc/GMT", new_year)[0] == parse_entered("2026-01-02")[0]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_iso_dates_and_american_dates_agree(day):
    iso, _ = parse_entered(day.isoformat())
    american, _ = parse_entered(f"{day.month}/{day.day}/{day.year}")
    assert iso == american == float(day.toordinal() - date(1899, 12, 30).toordinal())


@given(st.text(max_size=20))
def test_an_apostrophe_makes_anything_text(text):
    assert parse_entered("'" + text) == (text, None)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_written_out_is_that_number(value):
    assert parse_entered(repr(value))[0] == value
