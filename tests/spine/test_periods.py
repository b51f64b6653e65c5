"""Months, weeks and years of both calendars in the helper `periods`, against datetime and jdatetime."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jdatetime
import pytest

from crm_builder.a1 import quote
from crm_builder.project import Project
from tests.spine.conftest import Opened, copied, opened
from tests.spine.reference import number_of

DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
AROUND = range(-36, 13)  # the months that the helper knows, this one being 0
DAYS = [
    date(2026, 3, 20),  # 29 Esfand of a common year, a Friday: a week's last day in Iran
    date(2026, 3, 21),  # 1 Farvardin, a Saturday
    date(2025, 3, 20),  # 30 Esfand of a leap year
    date(2025, 12, 31),
    date(2024, 2, 29),
    date(2024, 3, 31),  # the month before is shorter
    date(2026, 8, 22),  # 31 Mordad
    date(2026, 9, 22),  # 31 Shahrivar, the last month of 31 days
    date(2026, 11, 22),  # 1 Azar, a Sunday
    date(2027, 1, 4),  # a Monday
]


class Gregorian:
    """What a year, a month and a week are, by datetime."""

    years = range(1921, 2122)
    weekday = 0  # Monday

    @staticmethod
    def parts(day: date) -> tuple[int, int, int]:
        return day.year, day.month, day.day

    @staticmethod
    def first(year: int, month: int) -> date:
        return date(year, month, 1)

    @staticmethod
    def text(day: date) -> str:
        return day.isoformat()


class Jalali:
    """What they are by jdatetime."""

    years = range(1300, 1501)
    weekday = 5  # Saturday

    @staticmethod
    def parts(day: date) -> tuple[int, int, int]:
        shown = jdatetime.date.fromgregorian(date=day)
        return shown.year, shown.month, shown.day

    @staticmethod
    def first(year: int, month: int) -> date:
        return jdatetime.date(year, month, 1).togregorian()

    @staticmethod
    def text(day: date) -> str:
        return jdatetime.date.fromgregorian(date=day).strftime("%Y/%m/%d")


CALENDARS: dict[str, Any] = {"en": Gregorian, "fa": Jalali}


def start(calendar: Any, day: date, months: int = 0, of: int = 1) -> date:
    """The first day of the span of `of` months (1, 3 or 12) that holds the day, moved by some months."""
    year, month, _ = calendar.parts(day)
    number = year * 12 + (month - 1) // of * of + months
    return calendar.first(number // 12, number % 12 + 1)


def choices(calendar: Any, day: date) -> list[tuple[date, date, date, date]]:
    """(start, end, start before, end before) of each period, in the order of the dropdown; all time is left out."""

    def running(of: int) -> tuple[date, date, date, date]:
        now, before = start(calendar, day, of=of), start(calendar, day, -of, of)
        return now, day, before, min(before + (day - now), now - timedelta(1))

    def whole(of: int) -> tuple[date, date, date, date]:
        firsts = [start(calendar, day, -of * back, of) for back in (1, 0, 2, 1)]
        return firsts[0], firsts[1] - timedelta(1), firsts[2], firsts[3] - timedelta(1)

    week = day - timedelta((day.weekday() - calendar.weekday) % 7)
    days = [timedelta(number) for number in (29, 0, 59, 30)]
    return [
        (week, day, week - timedelta(7), day - timedelta(7)),
        running(1),
        whole(1),
        (day - days[0], day - days[1], day - days[2], day - days[3]),
        running(3),
        running(12),
        whole(12),
    ]


def columns(crm: Opened) -> dict[str, list[Any]]:
    """What stands in each column of the helper."""
    sheet = crm.sheet("periods")
    body = {"spreadsheetId": crm.id, "range": quote(sheet.title), "valueRenderOption": "UNFORMATTED_VALUE"}
    rows = crm.client.call(crm.client.sheets.spreadsheets().values().get(**body))["values"][1:]
    found = {
        column.key: [row[index] if index < len(row) else "" for row in rows]
        for index, column in enumerate(sheet.columns)
    }
    return {key: [value for value in values if value != ""] for key, values in found.items()}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_months_and_periods_of_a_day(empty_crm: Callable[[str], Project], language: str, day: date) -> None:
    project, calendar = empty_crm(language), CALENDARS[language]
    clock = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(project.settings.time_zone))
    with opened(project, clock) as crm:
        found = columns(crm)
    words = project.rendered.context.words
    names = words["months"][project.rendered.context.calendar["periods"]["months"]]
    firsts = [start(calendar, day, months) for months in (*AROUND, 13)]
    assert found["months_start"] == [number_of(first) for first in firsts[:-1]]
    assert found["months_end"] == [number_of(first) - 1 for first in firsts[1:]]
    labels = [f"{names[calendar.parts(first)[1] - 1]} {calendar.parts(first)[0]}" for first in firsts[:-1]]
    assert found["months_label"] == [label.translate(DIGITS) if language == "fa" else label for label in labels]
    assert found["months_start"][int(found["days_day"][1]) - 1] == number_of(start(calendar, day))
    assert found["choices_title"] == list(words["periods"].values())
    keys = ("choices_start", "choices_end", "choices_before_start", "choices_before_end")
    shown = list(zip(*(found[key] for key in keys), strict=True))
    assert shown[:-1] == [tuple(number_of(one) for one in wanted) for wanted in choices(calendar, day)]
    today = number_of(day)
    assert shown[-1] == (today, today, today, today - 1), "without rows, all time is today, and nothing lies before"


@pytest.fixture
def sheet(empty_crm: Callable[[str], Project], language: str, tmp_path: Path) -> Iterator[Callable[[str], list[Any]]]:
    """Puts a formula into a sheet of its own and gives the column that it spills."""
    project = copied(empty_crm(language), tmp_path / "crm")
    with opened(project, datetime(2026, 11, 22, 9, tzinfo=ZoneInfo("UTC"))) as crm:
        size = {"rowCount": 6000, "columnCount": 3}
        crm.client.batch_update(
            crm.id, [{"addSheet": {"properties": {"sheetId": 99, "title": "Try", "gridProperties": size}}}]
        )
        values = crm.client.sheets.spreadsheets().values()

        def spilled(formula: str) -> list[Any]:
            where = {"spreadsheetId": crm.id, "range": "Try!A1"}
            crm.client.call(values.update(**where, valueInputOption="USER_ENTERED", body={"values": [[formula]]}))
            read = {"spreadsheetId": crm.id, "range": "Try!A1:A", "valueRenderOption": "UNFORMATTED_VALUE"}
            return [row[0] for row in crm.client.call(values.get(**read))["values"]]

        yield spilled


def test_every_month_of_two_centuries(
    empty_crm: Callable[[str], Project], sheet: Callable[[str], list[Any]], language: str
) -> None:
    """The formulas of the calendars/ for the first and the last day of every month, leap years included."""
    calendar = CALENDARS[language]
    formulas = empty_crm(language).rendered.context.calendar["periods"]
    numbers = [year * 12 + month for year in calendar.years for month in range(12)]
    months = f"SEQUENCE({len(numbers)}; 1; {numbers[0]})"
    firsts = [calendar.first(number // 12, number % 12 + 1) for number in numbers]
    found = sheet(f"=ARRAYFORMULA(LET(v_month; {months}; {formulas['month_start']}))")
    assert found == [number_of(first) for first in firsts]
    begun = f"LET(v_month; {months}; {formulas['month_start']})"
    assert sheet(f"=ARRAYFORMULA(LET(v_day; {begun}; {formulas['month_number']}))") == numbers
    ended = [first - timedelta(1) for first in firsts[1:]]
    last = f"LET(v_month; SEQUENCE({len(ended)}; 1; {numbers[1]}); {formulas['month_start']})-1"
    assert sheet(f"=ARRAYFORMULA(LET(v_day; {last}; {formulas['month_number']}))") == numbers[:-1]
    assert sheet(f"=ARRAYFORMULA(LET(v_day; {last}; {formulas['day_text']}))") == [calendar.text(day) for day in ended]
