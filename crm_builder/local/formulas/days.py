"""Days behind serial numbers: the arithmetic that the date functions share."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterable
from datetime import date

from crm_builder.local.formulas.values import FormulaError, Value, number_error, number_of_text, serial_of

ORIGIN = date(1899, 12, 30).toordinal()  # the day with serial 0
DAY = 86_400_000  # milliseconds
WEEKENDS = {
    **{number: frozenset({(number + 4) % 7, (number + 5) % 7}) for number in range(1, 8)},  # 1 = Saturday and Sunday
    **{number: frozenset({(number - 12) % 7}) for number in range(11, 18)},  # 11 = Sunday alone
}


def day_of(serial: float) -> date | FormulaError:
    """The day of a serial; #NUM! outside of the years 1 to 9999."""
    ordinal = ORIGIN + int(serial // 1)
    if not 1 <= ordinal <= date.max.toordinal():
        return number_error(f"The date value {serial:g} is out of range.")
    return date.fromordinal(ordinal)


def milliseconds_of(serial: float) -> int:
    """The time of day, rounded to the millisecond: serials are floats and fall just short of whole seconds."""
    return round(serial * DAY) % DAY


def add_months(day: date, months: int, last: bool = False) -> float | FormulaError:
    """The same day so many months on, or the last one of a shorter month (`last`: always the last)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return number_error("The result is not a date between the years 1 and 9999.")
    length = monthrange(year, month + 1)[1]
    return serial_of(date(year, month + 1, length if last else min(day.day, length)))


def date_serial(year: int, month: int, day: int) -> float | FormulaError:
    """DATE: months and days outside of their bounds run over; years below 1900 are counted from 1900 (documented)."""
    if not 0 <= year <= 9999:
        return number_error(f"Function DATE parameter 1 value is {year}. It should be between 0 and 9999.")
    if year < 1900:
        year += 1900
    shifted, index = divmod(year * 12 + month - 1, 12)
    if not 1 <= shifted <= 9999:
        return number_error(f"Function DATE parameter 2 value {month} leads out of the calendar.")
    serial = serial_of(date(shifted, index + 1, 1)) + day - 1
    outside = day_of(serial)
    return outside if isinstance(outside, FormulaError) else serial


def days_360(start: date, end: date, european: bool) -> int:
    """Days between two dates in a year of twelve months of thirty days."""
    first, last = start.day, end.day
    if european:
        first, last = min(first, 30), min(last, 30)
    else:
        if start.month == 2 and first == monthrange(start.year, 2)[1]:
            if end.month == 2 and last == monthrange(end.year, 2)[1]:
                last = 30
            first = 30
        if last == 31 and first >= 30:
            last = 30
        first = min(first, 30)
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - first


def year_fraction(start: date, end: date, basis: int) -> float | None:
    """YEARFRAC; None for a basis outside of 0 to 4."""
    if start > end:
        start, end = end, start
    days = (end - start).days
    if basis == 0 or basis == 4:
        return days_360(start, end, european=basis == 4) / 360
    if basis == 1:
        return days / _year_length(start, end)
    return {2: days / 360, 3: days / 365}.get(basis)


def _year_length(start: date, end: date) -> float:
    """The mean length of the years that a span touches; within one year of time, 366 when it holds a 29 February."""
    if (end.year, end.month, end.day) > (start.year + 1, start.month, start.day):
        years = range(start.year, end.year + 1)
        return sum(366 if isleap(year) else 365 for year in years) / len(years)
    leap_days = (date(year, 2, 29) for year in {start.year, end.year} if isleap(year))
    same_year = start.year == end.year and isleap(start.year)
    return 366 if same_year or any(start <= leap <= end for leap in leap_days) else 365


def weekend_of(value: Value) -> frozenset[int] | FormulaError:
    """The free weekdays (Monday = 0) of a weekend number, or of a text like "0000011" that begins with Monday."""
    if isinstance(value, str):
        if len(value) == 7 and set(value) <= {"0", "1"}:
            return frozenset(index for index, mark in enumerate(value) if mark == "1")
        return FormulaError("#VALUE!", f"A weekend text has seven digits 0 or 1, not '{value}'.")
    found = WEEKENDS.get(int(value)) if isinstance(value, float) else WEEKENDS[1] if value is None else None
    return number_error(f"{value:g} is no weekend number: 1 to 7 or 11 to 17.") if found is None else found  # type: ignore


def free_days(values: Iterable[Value]) -> frozenset[int]:
    """Ordinals of holidays; texts that read as dates count, anything else does not."""
    numbers = (number_of_text(value) if isinstance(value, str) else value for value in values)
    return frozenset(ORIGIN + int(one // 1) for one in numbers if type(one) is float)


def working_days(start: date, end: date, weekend: frozenset[int], holidays: frozenset[int]) -> int:
    """Working days from start to end, both counted; negative when end comes first."""
    if end < start:
        return -working_days(end, start, weekend, holidays)
    first, last = start.toordinal(), end.toordinal()
    weeks, rest = divmod(last - first + 1, 7)
    count = weeks * (7 - len(weekend))
    count += sum((start.weekday() + offset) % 7 not in weekend for offset in range(rest))
    free = sum(first <= day <= last and date.fromordinal(day).weekday() not in weekend for day in holidays)
    return count - free


def after_working_days(start: date, count: int, weekend: frozenset[int], holidays: frozenset[int]) -> Value:
    """The serial of the working day so many working days later, or earlier."""
    if len(weekend) == 7:
        return FormulaError("#VALUE!", "A week without working days.")
    ordinal, step = start.toordinal(), 1 if count > 0 else -1
    left = abs(count)
    if left > date.max.toordinal():
        return number_error("The result is not a date between the years 1 and 9999.")
    while left:
        ordinal += step
        if not 1 <= ordinal <= date.max.toordinal():
            return number_error("The result is not a date between the years 1 and 9999.")
        if (ordinal - 1) % 7 not in weekend and ordinal not in holidays:  # ordinal 1 is a Monday
            left -= 1
    return float(ordinal - ORIGIN)
