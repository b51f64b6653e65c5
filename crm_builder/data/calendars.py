"""Dates as the text of a calendar that lists its years (calendars/NAME.toml), and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from crm_builder.data.digits import latin, persian


def date_text(day: date, calendar: Mapping[str, Any], digits: str) -> str:
    """The date as `1405/08/30` in `latin` or `persian` digits. ValueError outside the calendar's years."""
    year, start = _year_of(day, calendar)
    passed = (day - start).days
    month = 1
    for length in _months(year, calendar):
        if passed < length:
            break
        passed -= length
        month += 1
    text = f"{year}/{month:02}/{passed + 1:02}"
    return persian(text) if digits == "persian" else text


def parse_date(text: str, calendar: Mapping[str, Any]) -> date:
    """The day that a text such as `۱۴۰۵/۸/۳۰` names. ValueError where it names none."""
    parts = latin(text).strip().replace("-", "/").split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(f"`{text}` is no date such as 1405/08/30")
    year, month, day = (int(part) for part in parts)
    if not calendar["first_year"] <= year <= calendar["last_year"]:
        raise ValueError(f"the year of `{text}` is outside {calendar['first_year']} to {calendar['last_year']}")
    months = _months(year, calendar)
    if not 1 <= month <= len(months) or not 1 <= day <= months[month - 1]:
        raise ValueError(f"`{text}` is no day of the calendar")
    return _start(year, calendar) + timedelta(days=sum(months[: month - 1]) + day - 1)


def _months(year: int, calendar: Mapping[str, Any]) -> list[int]:
    months = list(calendar["months"])
    months[-1] += year in calendar["leap_years"]
    return months


def _start(year: int, calendar: Mapping[str, Any]) -> date:
    """The first day of a year: whole common years since the first one, and a day more for each leap year between."""
    common = sum(calendar["months"])
    leap = sum(1 for leap in calendar["leap_years"] if leap < year)
    return calendar["first_day"] + timedelta(days=common * (year - calendar["first_year"]) + leap)


def _year_of(day: date, calendar: Mapping[str, Any]) -> tuple[int, date]:
    common = sum(calendar["months"])
    guess = calendar["first_year"] + (day - calendar["first_day"]).days // common
    for year in (guess, guess - 1):  # leap days can make the guess one year too late, never more in these 200 years
        start = _start(year, calendar)
        if calendar["first_year"] <= year <= calendar["last_year"] and start <= day < _start(year + 1, calendar):
            return year, start
    raise ValueError(f"{day} is outside the calendar's years")
