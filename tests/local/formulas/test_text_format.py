"""Number format kinds and patterns against the texts that Google shows for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_builder.local.formulas.text_format import DEFAULTS, format_value
from crm_builder.local.formulas.values import FormulaError


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        # the examples in the documentation of NumberFormatType
        ("NUMBER", 1000.12, "1,000.12"),
        ("PERCENT", 0.1012, "10.12%"),
        ("CURRENCY", 1000.12, "$1,000.12"),
        ("CURRENCY", -5.0, "-$5.00"),
        ("DATE", 39717.0, "9/26/2008"),
        ("TIME", 15.0 / 24 + 59.0 / 1440, "3:59:00 PM"),
        ("DATE_TIME", 39717.0 + 15.0 / 24, "9/26/2008 15:00:00"),
        ("SCIENTIFIC", 1010.0, "1.01E+03"),
        ("TEXT", 1000.12, "1000.12"),
        ("TEXT", "007", "007"),
    ],
)
def test_default_of_a_kind(kind, value, shown):
    assert format_value(value, kind, "") == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (5.0, "5"),
        (-2.5, "-2.5"),
        (1 / 3, "0.3333333333"),
        (100 / 3, "33.33333333"),
        (0.1 + 0.2, "0.3"),
        (1234567.891234, "1234567.891"),
        (2.0**49, "562949953421312"),
        (2.0**50, "1.1259E+15"),
        (1e16, "1E+16"),
        (0.00001, "0.00001"),
        (-0.0, "0"),
        (True, "TRUE"),
        (False, "FALSE"),
        ("سلام", "سلام"),
        (None, ""),
        (FormulaError("#DIV/0!", "…"), "#DIV/0!"),
    ],
)
def test_automatic_format(value, shown):
    assert format_value(value, "", "") == shown


@pytest.mark.parametrize(
    ("pattern", "value", "shown"),
    [
        ("0", 2.5, "3"),
        ("0", -2.5, "-3"),
        ("0.00", 2.675, "2.68"),
        ("000", 5.0, "005"),
        ("#", 0.0, ""),
        ("#.##", 0.5, ".5"),
        ("0.0#", 1.25, "1.25"),
        ("0.0#", 1.0, "1.0"),
        ("0.??", 1.5, "1.5 "),
        ("??0", 7.0, "  7"),
        ("#,##0", 1234567.0, "1,234,567"),
        ("#,##0", 12.0, "12"),
        ("0,000", 7.0, "0,007"),
        ("#,##0,", 1234567.0, "1,235"),
        ('0.0,,"M"', 1234567.0, "1.2M"),
        ('#,##0,"K"', 1234567.0, "1,235K"),
        ("0%", 0.256, "26%"),
        ("0.0%", -0.0455, "-4.6%"),
        ("(000) 000-0000", 5551234567.0, "(555) 123-4567"),
        ("0.00E+00", 12345.0, "1.23E+04"),
        ("0.0E-0", 0.00012, "1.2E-4"),
        ("##0.0E+0", 12345.678, "12.3E+3"),
        ("0.0E+0", 9.99, "1.0E+1"),
        ("# ?/?", 1.5, "1 1/2"),
        ("?/?", 0.333, "1/3"),
        ("# ??/100", 2.25, "2 25/100"),
        ('_("$"* #,##0.00_)', 1234.0, " $1,234.00 "),
        ("General", 3.25, "3.25"),
        ("@", 12.5, "12.5"),
        ('"fixed"', 3.0, "fixed"),
        ('"fixed"', -3.0, "-fixed"),
    ],
)
def test_number_pattern(pattern, value, shown):
    assert format_value(value, "NUMBER", pattern) == shown


@pytest.mark.parametrize(
    ("pattern", "value", "shown"),
    [
        ('#,##0 "تومان"', 1250000.0, "1,250,000 تومان"),
        ("#,##0 تومان", 1250000.0, "1,250,000 تومان"),
        ("#,##0 \\x", 5.0, "5 x"),
        ('0 "days; late"', 4.0, "4 days; late"),
        ("0;(0)", -5.0, "(5)"),
        ("0;(0)", 0.0, "0"),
        ('0;(0);"zero"', 0.0, "zero"),
        ("[Red]0.0;[Blue]-0.0", -1.25, "-1.3"),
        ("[color 12]0", 3.0, "3"),
        ('"▲" 0%;"▼" 0%;"–"', -0.25, "▼ 25%"),
        ('"▲" 0%;"▼" 0%;"–"', 0.0, "–"),
        ("0;", -1.0, ""),
        (";;;", 7.0, ""),
        ('[>100]"big";[<0]"neg";0', 150.0, "big"),
        ('[>100]"big";[<0]"neg";0', -3.0, "neg"),
        ('[>100]"big";[<0]"neg";0', 50.0, "50"),
        ("[$€]#,##0", 12.0, "€12"),
        ("[$﷼-fa-IR] #,##0", 1200.0, "﷼ 1,200"),
        ('0;0;0;"<"@">"', "x", "<x>"),
        ("0.00", "x", "x"),
        ('@" kg"', "five", "five kg"),
    ],
)
def test_sections_and_literals(pattern, value, shown):
    assert format_value(value, "NUMBER", pattern) == shown


@pytest.mark.parametrize(
    ("pattern", "value", "shown"),
    [
        ("yyyy-mm-dd", 46000.0, "2025-12-09"),
        ("dddd, mmmm d, yyyy", 46000.0, "Tuesday, December 9, 2025"),
        ("ddd d mmm yy", 46000.0, "Tue 9 Dec 25"),
        ("mmmmm", 46000.0, "D"),
        ("d.m.yyyy", 46000.0, "9.12.2025"),
        ("yyyy/mm/dd", -1.5, "1899/12/28"),
        ("yyyy/mm/dd", -180715.0, "1405/03/20"),
        ("hh:mm:ss", 0.5, "12:00:00"),
        ("h:mm am/pm", 0.0, "12:00 AM"),
        ("h:mm AM/PM", 0.5208333333, "12:30 PM"),
        ("h a/p", 0.75, "6 p"),
        ("hh:mm A/P", 0.75, "06:00 P"),
        ("mm:ss.00", 0.5 / 86400 + 65.0 / 86400, "01:05.50"),
        ("ss.000", 1.25 / 86400, "01.250"),
        ("[h]:mm:ss", 1.5, "36:00:00"),
        ("[mm]:ss", 1 / 24, "60:00"),
        ("[hh]:mm", -1.5, "-36:00"),
        ("yyyy-mm-dd hh:mm", 46000.5, "2025-12-09 12:00"),
        ("h:MM", 46000.5, "12:12"),  # MM is always the month
        ('d "de" mmmm', 46000.0, "9 de December"),
        ("yyyy", 1e9, "1000000000"),  # behind the year 9999
    ],
)
def test_date_pattern(pattern, value, shown):
    assert format_value(value, "DATE", pattern) == shown


@given(st.integers(-690_000, 2_900_000))
def test_every_day_shows_as_the_calendar_has_it(serial):
    day = date(1899, 12, 30) + timedelta(days=serial)
    assert format_value(float(serial), "DATE", "yyyy-mm-dd") == day.isoformat()


@given(st.decimals(-10_000_000, 10_000_000, places=2))
def test_grouped_numbers_read_back(number):
    shown = format_value(float(number), "NUMBER", "#,##0.00")
    assert float(shown.replace(",", "")) == float(number)


def test_an_unknown_kind_is_a_bug_of_the_caller():
    with pytest.raises(KeyError):
        format_value(1.0, "MONEY", "")


def test_every_kind_of_the_api_has_a_default():
    kinds = {"TEXT", "NUMBER", "PERCENT", "CURRENCY", "DATE", "TIME", "DATE_TIME", "SCIENTIFIC"}
    assert kinds <= set(DEFAULTS)
