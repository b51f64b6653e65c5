"""Utilities.formatDate and formatString: patterns of Java and of sprintf, as far as they mean the same everywhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .objects import ScriptError

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_PART = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+", re.S)
_OFFSET = re.compile(r"(?:GMT|UTC)(?:([+-])(\d{1,2}):?(\d{2})?)?")
_TOKEN = re.compile(r"%(?:%|([-+ 0]*)(\d+)?(?:\.(\d+))?([sdifxXeoc]))")


def zone(name: str) -> tzinfo:
    """A zone by its name or as GMT+3:30. ScriptError for one that is not known: Java would silently take GMT."""
    found = _OFFSET.fullmatch(name)
    if found:
        sign, hours, minutes = found.groups()
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        return timezone(-offset if sign == "-" else offset) if offset else UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ScriptError(f"Invalid argument: timeZone. Should be of type: String ({name})") from error


def format_date(moment: datetime, zone_name: str, pattern: str) -> str:
    """A moment by a pattern of java.text.SimpleDateFormat, in English. ScriptError for letters not known here."""
    local = moment.astimezone(zone(zone_name))
    made, at = [], 0
    while at < len(pattern):
        found = _PART.match(pattern, at)
        if found is None:
            raise ScriptError("Unterminated quote")
        at = found.end()
        if found[1] is not None:
            made.append(found[1].replace("''", "'") or "'")
        elif found[2] is not None:
            made.append(_field(local, found[2], len(found[0])))
        else:
            made.append(found[0])
    return "".join(made)


def _field(at: datetime, letter: str, width: int) -> str:
    offset = at.utcoffset() or timedelta(0)
    sign, minutes = ("-" if offset < timedelta(0) else "+"), abs(offset) // timedelta(minutes=1)
    clock = f"{sign}{minutes // 60:02d}{minutes % 60:02d}"
    numbers = {
        "d": at.day,
        "D": at.timetuple().tm_yday,
        "u": at.isoweekday(),
        "H": at.hour,
        "k": at.hour or 24,
        "K": at.hour % 12,
        "h": at.hour % 12 or 12,
        "m": at.minute,
        "s": at.second,
        "S": at.microsecond // 1000,
    }
    if letter in numbers:
        return str(numbers[letter]).zfill(width)
    if letter == "y":
        return f"{at.year % 100:02d}" if width == 2 else str(at.year).zfill(width)
    if letter in "ML":
        name = _MONTHS[at.month - 1]
        return str(at.month).zfill(width) if width < 3 else name[:3] if width == 3 else name
    if letter == "E":
        name = _DAYS[at.weekday()]
        return name if width > 3 else name[:3]
    if letter == "a":
        return "AM" if at.hour < 12 else "PM"
    if letter == "Z":
        return clock
    if letter == "X":
        if not minutes:
            return "Z"
        return clock[:3] if width == 1 else clock if width == 2 else f"{clock[:3]}:{clock[3:]}"
    if letter == "z":
        return at.tzname() or ""
    raise ScriptError(f"The local run knows no letter {letter} in the pattern of a date.")


def format_string(template: str, values: tuple[Any, ...]) -> str:
    """A template of sprintf with its values."""
    left = list(values)

    def filled(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if not left:
            raise ScriptError(f"Format specifier '{found[0]}'")
        value, kind = left.pop(0), found[4].replace("i", "d")
        if kind == "s":
            value = "null" if value is None else str(value).lower() if isinstance(value, bool) else _plain(value)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise ScriptError(f"Invalid argument for the format specifier '{found[0]}'")
        elif kind in "dxXoc":
            value = int(value)
        return ("%" + found[1] + (found[2] or "") + (f".{found[3]}" if found[3] else "") + kind) % value

    return _TOKEN.sub(filled, template)


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
