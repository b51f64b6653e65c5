"""Date and time functions over serial numbers; TODAY and NOW follow the clock in the spreadsheet's time zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from crm_builder.local.formulas import days
from crm_builder.local.formulas.registry import Context, Function, table
from crm_builder.local.formulas.typed import typed
from crm_builder.local.formulas.values import (
    Array,
    FormulaError,
    Value,
    cells,
    first_error,
    number_error,
    number_of_text,
    serial_of,
    to_number,
    value_error,
)


def today(context: Context) -> float:
    return serial_of(context.now.date())


def now(context: Context) -> float:
    return serial_of(context.now)


def _with_days(kinds: str, call: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Like `typed`, with D for a serial that is handed on as a day; #NUM! when it is none."""

    def dated(*values: Any) -> Any:
        arguments = []
        for kind, value in zip(kinds, values, strict=False):
            argument = days.day_of(value) if kind == "D" else value
            if isinstance(argument, FormulaError):
                return argument
            arguments.append(argument)
        return call(*arguments)

    return typed(name, kinds.replace("D", "n"), dated)


def weekday(day: date, kind: int = 1) -> Value:
    """1: Sunday is 1 … 2: Monday is 1 … 3: Monday is 0 …; other kinds are #NUM! (documented)."""
    if kind not in (1, 2, 3):
        return number_error(f"Function WEEKDAY parameter 2 value is {kind}. It should be between 1 and 3.")
    return float((day.isoweekday() % 7 + 1, day.isoweekday(), day.weekday())[kind - 1])


def weeknum(day: date, kind: int = 1) -> Value:
    """The week with 1 January is week 1 (kinds 1, 2, 11 to 17: the day a week begins on); 21 counts as ISO does."""
    if kind == 21:
        return float(day.isocalendar().week)
    starts = {1: 6, 2: 0, **{11 + index: index for index in range(7)}}
    if kind not in starts:
        return number_error(f"Function WEEKNUM parameter 2 value is {kind}. It should be 1, 2, 11 to 17 or 21.")
    first = date(day.year, 1, 1)
    lead = (first.weekday() - starts[kind]) % 7
    return float(((day - first).days + lead) // 7 + 1)


def datedif(start: date, end: date, unit: str) -> Value:
    """Y, M, D: whole years, months, days; MD, YM, YD: what is left of days or months after those."""
    if start > end:
        return number_error("Function DATEDIF parameter 1 should be on or before parameter 2.")
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    unit = unit.upper()
    if unit == "D":
        return float((end - start).days)
    if unit in ("Y", "M", "YM"):
        return float({"Y": months // 12, "M": months, "YM": months % 12}[unit])
    if unit in ("MD", "YD"):
        whole = months if unit == "MD" else months // 12 * 12
        reached = days.add_months(start, whole)
        return reached if isinstance(reached, FormulaError) else serial_of(end) - reached
    return number_error(f"Function DATEDIF parameter 3 value is '{unit}'. It should be one of Y, M, D, MD, YM, YD.")


def yearfrac(start: date, end: date, basis: int = 0) -> Value:
    fraction = days.year_fraction(start, end, basis)
    if fraction is None:
        return number_error(f"Function YEARFRAC parameter 3 value is {basis}. It should be between 0 and 4.")
    return fraction


def _parsed(function: str, value: Value) -> float | FormulaError:
    """A text that holds a date or time as a serial; plain numbers in texts are none."""
    if isinstance(value, float):
        return value
    number = number_of_text(value) if isinstance(value, str) and re.search(r"\d[-/:]\d", value) else None
    if number is None:
        shown = "" if value is None else value
        return value_error(f"{function} parameter '{shown}' cannot be parsed to date/time.")
    return number


def datevalue(value: Value) -> Value:
    number = _parsed("DATEVALUE", value)
    return number if isinstance(number, FormulaError) else float(number // 1)


def timevalue(value: Value) -> Value:
    number = _parsed("TIMEVALUE", value)
    return number if isinstance(number, FormulaError) else number % 1


def time(hour: int, minute: int, second: int) -> Value:
    """Overflow runs over, whole days fall away; less than midnight is #NUM!."""
    total = (hour * 60 + minute) * 60 + second
    if total < 0:
        return number_error("Function TIME gives a time before midnight.")
    return total % 86400 / 86400


def epochtodate(stamp: float, unit: int = 1) -> Value:
    """Unit 1: seconds since 1970 (UTC), 2: milliseconds, 3: microseconds."""
    if unit not in (1, 2, 3):
        return number_error(f"Function EPOCHTODATE parameter 2 value is {unit}. It should be between 1 and 3.")
    return 25569 + int(stamp) / (86400 * 1000 ** (unit - 1))


def _working(function: str, start: Value, other: Value, weekend: Value, holidays: Array | None) -> Value:
    """NETWORKDAYS (other = the last day) and WORKDAY (other = how many days)."""
    arguments = []
    for position, value in enumerate((start, other), 1):
        number = to_number(value, function, position)
        if isinstance(number, FormulaError):
            return number
        arguments.append(number)
    broken = first_error(holidays) if holidays else None
    first, free = days.day_of(arguments[0]), days.weekend_of(weekend)
    for part in (broken, first, free):
        if isinstance(part, FormulaError):
            return part
    off = days.free_days(cells(holidays)) if holidays else frozenset()
    if function.startswith("WORKDAY"):
        return days.after_working_days(first, int(arguments[1]), free, off)  # type: ignore[arg-type]
    last = days.day_of(arguments[1])
    if isinstance(last, FormulaError):
        return last
    return float(days.working_days(first, last, free, off))  # type: ignore[arg-type]


def networkdays(start: Value, end: Value, holidays: Array | None = None) -> Value:
    return _working("NETWORKDAYS", start, end, None, holidays)


def networkdays_intl(start: Value, end: Value, weekend: Value = None, holidays: Array | None = None) -> Value:
    return _working("NETWORKDAYS.INTL", start, end, weekend, holidays)


def workday(start: Value, count: Value, holidays: Array | None = None) -> Value:
    return _working("WORKDAY", start, count, None, holidays)


def workday_intl(start: Value, count: Value, weekend: Value = None, holidays: Array | None = None) -> Value:
    return _working("WORKDAY.INTL", start, count, weekend, holidays)


def _function(name: str, kinds: str, call: Callable[..., Any], least: int | None = None) -> Function:
    return Function(name, _with_days(kinds, call, name), (len(kinds) if least is None else least, len(kinds)))


def _part_of_time(divisor: int, size: int, serial: float) -> float:
    return float(days.milliseconds_of(serial) // divisor % size)


TABLE = table(
    Function("TODAY", today, (0, 0), (), wants_context=True, volatile=True),
    Function("NOW", now, (0, 0), (), wants_context=True, volatile=True),
    _function("DATE", "iii", days.date_serial),
    _function("YEAR", "D", lambda day: float(day.year)),
    _function("MONTH", "D", lambda day: float(day.month)),
    _function("DAY", "D", lambda day: float(day.day)),
    _function("WEEKDAY", "Di", weekday, 1),
    _function("WEEKNUM", "Di", weeknum, 1),
    _function("ISOWEEKNUM", "D", lambda day: float(day.isocalendar().week)),
    _function("EDATE", "Di", days.add_months),
    _function("EOMONTH", "Di", partial(days.add_months, last=True)),
    _function("DATEDIF", "DDt", datedif),
    _function("DAYS", "DD", lambda end, start: float((end - start).days)),
    _function("DAYS360", "DDb", lambda start, end, european=False: float(days.days_360(start, end, european)), 2),
    _function("YEARFRAC", "DDi", yearfrac, 2),
    Function("NETWORKDAYS", networkdays, (2, 3), ("scalar", "scalar", "array")),
    Function("NETWORKDAYS.INTL", networkdays_intl, (2, 4), ("scalar", "scalar", "scalar", "array")),
    Function("WORKDAY", workday, (2, 3), ("scalar", "scalar", "array")),
    Function("WORKDAY.INTL", workday_intl, (2, 4), ("scalar", "scalar", "scalar", "array")),
    Function("DATEVALUE", datevalue),
    Function("TIMEVALUE", timevalue),
    _function("TIME", "iii", time),
    _function("HOUR", "n", partial(_part_of_time, 3_600_000, 24)),
    _function("MINUTE", "n", partial(_part_of_time, 60_000, 60)),
    _function("SECOND", "n", partial(_part_of_time, 1000, 60)),
    _function("EPOCHTODATE", "ni", epochtodate, 1),
)
