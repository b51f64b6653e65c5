"""What a text becomes when it is entered as if typed (USER_ENTERED): a value, and the number format it brings along.

The locale is en_US. Recorded or reported of the service: "007" is 7, "1-2" the second of January of this year with the
format m-d, "2026-09-05" a date with yyyy-mm-dd, "$100.15" a currency. Digits other than 0-9 and years before 1900 stay
text: what the service makes of them is not known, and a text loses nothing.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from .blocks import Formula

Entered = bool | float | str | Formula
NumberFormat = dict[str, Any]

_EPOCH = date(1899, 12, 30).toordinal()
_FIRST_YEAR = 1900
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?"
_PLAIN = re.compile(rf"[+-]?(?=[0-9.,]*[0-9]){_DIGITS}\Z")
_SCIENTIFIC = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]{1,3}\Z")
_PERCENT = re.compile(rf"([+-]?)%?(?=[0-9.,]*[0-9])({_DIGITS})\s?%\Z")
_CURRENCY = re.compile(rf"(?:([+-]?)\$\s?([+-]?)|\$)(?=[0-9.,]*[0-9])({_DIGITS})\Z")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,3}))?)?(?:\s?([AaPp])[Mm])?\Z")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})\Z")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))?\Z")
_DAY_NAMED = re.compile(r"([0-9]{1,2})([- ])([A-Za-z]{3,9})(?:\2([0-9]{4}))?\Z")
_NAMED_DAY = re.compile(r"([A-Za-z]{3,9}) ([0-9]{1,2})(?:, ?([0-9]{4}))?\Z")


def parse_entered(
    text: str, time_zone: str = "Etc/GMT", clock: datetime | None = None
) -> tuple[Entered, NumberFormat | None]:
    """The value a typed text enters, and the number format the cell gets with it, or None.

    Dates and times are serial numbers (1899-12-30 is 0). `time_zone` and `clock` (an aware instant, None for the
    system's clock) say which year a date without one belongs to. A leading apostrophe makes anything text.
    """
    if text.startswith("'"):
        return text[1:], None
    if text.startswith("=") and len(text) > 1:
        return Formula(text), None
    typed = text.strip()
    if typed.upper() in ("TRUE", "FALSE"):
        return typed.upper() == "TRUE", None
    found = _finite_number(typed) or _moment(typed, time_zone, clock)
    if found is not None:
        return found
    if typed.startswith("+") and len(typed) > 1:  # a leading plus begins a formula (documented for conditions)
        return Formula("=" + typed), None
    return text, None


def _finite_number(text: str) -> tuple[float, NumberFormat | None] | None:
    """A number with its format, None where the text is none or stands for one that no cell can hold."""
    found = _number(text)
    return found if found is not None and math.isfinite(found[0]) else None


def _number(text: str) -> tuple[float, NumberFormat | None] | None:
    if _PLAIN.match(text):
        grouped = "," in text
        pattern = "#,##0.00" if "." in text else "#,##0"
        return _float(text), {"type": "NUMBER", "pattern": pattern} if grouped else None
    if _SCIENTIFIC.match(text):
        return float(text), {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    if match := _PERCENT.match(text):
        sign, digits = match.groups()
        pattern = "0.00%" if "." in digits else "0%"
        return float(f"{sign}{digits.replace(',', '')}e-2"), {"type": "PERCENT", "pattern": pattern}
    if match := _CURRENCY.match(text):
        before, after, digits = match.groups()
        pattern = '"$"#,##0.00' if "." in digits else '"$"#,##0'
        return _float((before or after or "") + digits), {"type": "CURRENCY", "pattern": pattern}
    return None


def _float(text: str) -> float:
    return float(text.replace(",", ""))


def _moment(text: str, time_zone: str, clock: datetime | None) -> tuple[float, NumberFormat | None] | None:
    """A date, a time, or a date followed by a time."""
    if time := _time(text):
        return time[0], {"type": "TIME", "pattern": time[1]}
    if day := _date(text, time_zone, clock):
        return day[0], {"type": "DATE", "pattern": day[1]}
    for at in [match.start() for match in re.finditer(r"[ T]", text)]:
        day, time = _date(text[:at], time_zone, clock), _time(text[at + 1 :].strip())
        if day and time:
            return day[0] + time[0], {"type": "DATE_TIME", "pattern": f"{day[1]} {time[1]}"}
    return None


def _time(text: str) -> tuple[float, str] | None:
    match = _TIME.match(text)
    if match is None:
        return None
    hours, minutes, seconds, fraction, half = match.groups()
    hour = int(hours)
    if int(minutes) > 59 or int(seconds or 0) > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half in "Pp" else 0)
    total = hour * 3600 + int(minutes) * 60 + int(seconds or 0) + (float("0." + fraction) if fraction else 0)
    pattern = "h:mm" + (":ss" if seconds else "") + (" am/pm" if half else "")
    return total / 86400, pattern


def _date(text: str, time_zone: str, clock: datetime | None) -> tuple[float, str] | None:
    if match := _YEAR_FIRST.match(text):
        year, mark, month, day = match.groups()
        return _serial(int(year), int(month), int(day), f"yyyy{mark}mm{mark}dd")
    if match := _MONTH_FIRST.match(text):
        month, mark, day, year = match.groups()
        if year is None:
            return _serial(_this_year(time_zone, clock), int(month), int(day), f"m{mark}d")
        full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 30 else 1900)
        return _serial(full, int(month), int(day), "M/d/yyyy" if mark == "/" else "m-d-yyyy")
    if match := _DAY_NAMED.match(text):
        day, mark, name, year = match.groups()
        month, letters = _month(name)
        if month:
            full = int(year) if year else _this_year(time_zone, clock)
            return _serial(full, month, int(day), f"d{mark}{letters}" + (f"{mark}yyyy" if year else ""))
    if match := _NAMED_DAY.match(text):
        name, day, year = match.groups()
        month, letters = _month(name)
        if month:
            full = int(year) if year else _this_year(time_zone, clock)
            return _serial(full, month, int(day), f"{letters} d" + (", yyyy" if year else ""))
    return None


def _month(name: str) -> tuple[int, str]:
    """The month's number, 0 where it is none, and its letters in a pattern."""
    lower = name.lower()
    if lower in _MONTHS:
        return _MONTHS.index(lower) + 1, "mmm"
    if lower in _LONG_MONTHS:
        return _LONG_MONTHS.index(lower) + 1, "mmmm"
    return 0, ""


def _serial(year: int, month: int, day: int, pattern: str) -> tuple[float, str] | None:
    if year < _FIRST_YEAR:
        return None
    try:
        return float(date(year, month, day).toordinal() - _EPOCH), pattern
    except ValueError:
        return None


def _this_year(time_zone: str, clock: datetime | None) -> int:
    return (clock or datetime.now(UTC)).astimezone(ZoneInfo(time_zone)).year
