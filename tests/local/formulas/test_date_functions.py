"""Date functions case by case, and against Python's calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_builder.local.formulas import functions_date
from crm_builder.local.formulas.values import FormulaError, serial_of


def call(name, *arguments):
    return functions_date.TABLE[name].call(*arguments)


def on(text):
    return serial_of(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("DATE", (2026.0, 1.0, 18.0), 46040.0),
        ("DATE", (2026.0, 14.0, 1.0), on("2027-02-01")),
        ("DATE", (2026.0, 0.0, 1.0), on("2025-12-01")),
        ("DATE", (2026.0, 3.0, 0.0), on("2026-02-28")),
        ("DATE", (2026.0, 1.0, 32.0), on("2026-02-01")),
        ("DATE", (26.0, 1.0, 1.0), on("1926-01-01")),
        ("YEAR", (46040.5,), 2026.0),
        ("YEAR", ("2026-01-18",), 2026.0),
        ("MONTH", (46040.0,), 1.0),
        ("DAY", (46040.0,), 18.0),
        ("YEAR", (None,), 1899.0),
        ("YEAR", (-1.0,), 1899.0),
        ("WEEKDAY", (46040.0,), 1.0),  # a Sunday
        ("WEEKDAY", (46040.0, 2.0), 7.0),
        ("WEEKDAY", (46040.0, 3.0), 6.0),
        ("WEEKNUM", (on("2026-01-03"),), 1.0),
        ("WEEKNUM", (on("2026-01-04"),), 2.0),
        ("WEEKNUM", (on("2026-01-04"), 2.0), 1.0),
        ("WEEKNUM", (on("2026-01-05"), 21.0), 2.0),
        ("WEEKNUM", (on("2026-01-03"), 16.0), 2.0),  # weeks from Saturday
        ("ISOWEEKNUM", (on("2027-01-01"),), 53.0),
        ("EDATE", (on("2026-01-31"), 1.0), on("2026-02-28")),
        ("EDATE", (on("2026-03-31"), -13.0), on("2025-02-28")),
        ("EOMONTH", (on("2026-01-15"), 0.0), on("2026-01-31")),
        ("EOMONTH", (on("2026-01-15"), 1.0), on("2026-02-28")),
        ("DATEDIF", (on("2024-02-29"), on("2026-02-28"), "Y"), 1.0),
        ("DATEDIF", (on("2024-02-29"), on("2026-02-28"), "m"), 23.0),
        ("DATEDIF", (on("2026-01-15"), on("2026-03-10"), "D"), 54.0),
        ("DATEDIF", (on("2026-01-15"), on("2026-03-10"), "MD"), 23.0),
        ("DATEDIF", (on("2025-01-15"), on("2026-03-10"), "YM"), 1.0),
        ("DATEDIF", (on("2025-01-15"), on("2026-03-10"), "YD"), 54.0),
        ("DAYS", (46040.0, 46000.0), 40.0),
        ("DAYS360", (on("2026-01-31"), on("2026-03-31")), 60.0),
        ("DAYS360", (on("2026-02-28"), on("2026-03-31")), 30.0),
        ("DAYS360", (on("2026-02-28"), on("2026-03-31"), True), 32.0),
        ("YEARFRAC", (on("2026-01-01"), on("2026-07-01")), 0.5),
        ("YEARFRAC", (on("2026-01-01"), on("2027-01-01"), 1.0), 1.0),
        ("YEARFRAC", (on("2024-01-01"), on("2024-12-31"), 1.0), 365 / 366),
        ("YEARFRAC", (on("2026-01-01"), on("2026-12-27"), 2.0), 1.0),
        ("YEARFRAC", (on("2027-01-01"), on("2026-01-01"), 3.0), 1.0),
        ("NETWORKDAYS", (on("2026-01-01"), on("2026-01-31")), 22.0),
        ("NETWORKDAYS", (on("2026-01-31"), on("2026-01-01")), -22.0),
        ("NETWORKDAYS", (on("2026-01-01"), on("2026-01-31"), [[on("2026-01-01")], [on("2026-01-03")], [None]]), 21.0),
        ("NETWORKDAYS.INTL", (on("2026-01-01"), on("2026-01-07"), "0001100"), 5.0),
        ("NETWORKDAYS.INTL", (on("2026-01-01"), on("2026-01-07"), 11.0), 6.0),
        ("WORKDAY", (on("2026-01-02"), 1.0), on("2026-01-05")),
        ("WORKDAY", (on("2026-01-05"), -1.0), on("2026-01-02")),
        ("WORKDAY", (on("2026-01-02"), 1.0, [[on("2026-01-05")]]), on("2026-01-06")),
        ("WORKDAY.INTL", (on("2026-01-01"), 1.0, 7.0), on("2026-01-04")),  # Friday and Saturday are free
        ("DATEVALUE", ("2026-01-18",), 46040.0),
        ("DATEVALUE", ("1/18/2026 12:00",), 46040.0),
        ("TIMEVALUE", ("2026-01-18 06:00",), 0.25),
        ("TIMEVALUE", ("6:00 PM",), 0.75),
        ("TIME", (27.0, 0.0, 0.0), 0.125),
        ("TIME", (0.0, 90.0, 0.0), 0.0625),
        ("HOUR", (0.52083333333,), 12.0),
        ("MINUTE", (0.52083333333,), 30.0),
        ("SECOND", (0.52083333333,), 0.0),
        ("EPOCHTODATE", (86400.0,), 25570.0),
        ("EPOCHTODATE", (1768737600000.0, 2.0), 46040.5),
    ],
)
def test_result(name, arguments, result):
    assert call(name, *arguments) == pytest.approx(result, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "arguments", "kind"),
    [
        ("DATE", (-1.0, 1.0, 1.0), "#NUM!"),
        ("DATE", (10000.0, 1.0, 1.0), "#NUM!"),
        ("YEAR", (1e9,), "#NUM!"),
        ("YEAR", ("soon",), "#VALUE!"),
        ("WEEKDAY", (46040.0, 9.0), "#NUM!"),
        ("WEEKNUM", (46040.0, 9.0), "#NUM!"),
        ("DATEDIF", (2.0, 1.0, "D"), "#NUM!"),
        ("DATEDIF", (1.0, 2.0, "W"), "#NUM!"),
        ("YEARFRAC", (1.0, 2.0, 7.0), "#NUM!"),
        ("NETWORKDAYS.INTL", (1.0, 2.0, "11"), "#VALUE!"),
        ("NETWORKDAYS.INTL", (1.0, 2.0, 9.0), "#NUM!"),
        ("NETWORKDAYS", (1.0, 2.0, [[FormulaError("#REF!")]]), "#REF!"),
        ("WORKDAY.INTL", (1.0, 2.0, "1111111"), "#VALUE!"),
        ("WORKDAY", (2958465.0, 5.0), "#NUM!"),
        ("DATEVALUE", ("5",), "#VALUE!"),
        ("DATEVALUE", (None,), "#VALUE!"),
        ("TIME", (-1.0, 0.0, 0.0), "#NUM!"),
        ("EPOCHTODATE", (1.0, 4.0), "#NUM!"),
        ("EDATE", (46040.0, 1e6), "#NUM!"),
    ],
)
def test_error(name, arguments, kind):
    result = call(name, *arguments)
    assert isinstance(result, FormulaError) and result.kind == kind and (result.message or kind == "#REF!")


def test_now_and_today_follow_the_time_zone():
    moment = datetime(2026, 1, 17, 21, 0, tzinfo=UTC)
    tehran = SimpleNamespace(now=moment.astimezone(ZoneInfo("Asia/Tehran")))
    assert call("TODAY", tehran) == on("2026-01-18")
    assert call("NOW", tehran) == pytest.approx(on("2026-01-18") + 0.5 / 24)
    assert call("TODAY", SimpleNamespace(now=moment)) == on("2026-01-17")
    assert functions_date.TABLE["TODAY"].volatile and functions_date.TABLE["NOW"].volatile


DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@given(DAYS)
def test_date_undoes_year_month_day(day):
    serial = serial_of(day)
    parts = [call(name, serial) for name in ("YEAR", "MONTH", "DAY")]
    assert parts == [day.year, day.month, day.day]
    assert call("DATE", *parts) == serial


@given(DAYS, st.integers(-400, 400), st.sets(st.integers(0, 400), max_size=20))
def test_networkdays_counts_days_one_by_one(start, span, offsets):
    end = start + timedelta(days=span)
    holidays = {min(start, end) + timedelta(days=offset) for offset in offsets}
    first, last = min(start, end), max(start, end)
    days = [first + timedelta(days=index) for index in range((last - first).days + 1)]
    count = sum(day.weekday() < 5 and day not in holidays for day in days)
    area = [[serial_of(day)] for day in holidays] or [[None]]
    assert call("NETWORKDAYS", serial_of(start), serial_of(end), area) == (count if span >= 0 else -count)


@given(DAYS, st.integers(1, 120))
def test_workday_lands_on_the_last_of_as_many_working_days(start, count):
    reached = call("WORKDAY", serial_of(start), float(count))
    assert call("NETWORKDAYS", serial_of(start) + 1, reached) == count
    assert call("WEEKDAY", reached, 2.0) <= 5
