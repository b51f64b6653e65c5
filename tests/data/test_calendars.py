"""Jalali dates against an independent library, over all of the calendar's years."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_builder.assets import folder
from crm_builder.data.calendars import date_text, parse_date

JALALI = tomllib.loads((folder("templates") / "calendars" / "jalali.toml").read_text("utf-8"))
FIRST, LAST = date(1921, 3, 21), date(2122, 3, 20)


@given(st.dates(FIRST, LAST))
def test_agrees_with_an_independent_library(day: date) -> None:
    other = jdatetime.date.fromgregorian(date=day)
    assert date_text(day, JALALI, "latin") == f"{other.year}/{other.month:02}/{other.day:02}"


@given(st.dates(FIRST, LAST), st.sampled_from(["latin", "persian"]))
def test_text_and_back(day: date, digits: str) -> None:
    assert parse_date(date_text(day, JALALI, digits), JALALI) == day


def test_every_new_year_and_the_day_before() -> None:
    for year in range(1301, 1501):
        first = jdatetime.date(year, 1, 1).togregorian()
        assert date_text(first, JALALI, "latin") == f"{year}/01/01"
        last = 30 if jdatetime.date(year - 1, 1, 1).isleap() else 29
        assert date_text(first - timedelta(days=1), JALALI, "latin") == f"{year - 1}/12/{last}"


@pytest.mark.parametrize(
    "text", ["1405/13/01", "1404/12/30", "1405/07/31", "1405/00/10", "1405-8", "", "1299/12/29", "x/y/z"]
)
def test_refuses_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date(text, JALALI)


def test_reads_both_kinds_of_digits_and_separators() -> None:
    assert parse_date("۱۴۰۵-۸-۳۰", JALALI) == parse_date("1405/08/30", JALALI) == parse_date("١٤٠٥/٠٨/٣٠", JALALI)


@pytest.mark.parametrize("day", [FIRST - timedelta(days=1), LAST + timedelta(days=1)])
def test_outside_the_years(day: date) -> None:
    with pytest.raises(ValueError):
        date_text(day, JALALI, "latin")
