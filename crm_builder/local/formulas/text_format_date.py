"""Show a serial number through the date and time tokens of one pattern section."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crm_builder.local.formulas.text_format_number import general
from crm_builder.local.formulas.text_format_pattern import Section, Token

EPOCH = date(1899, 12, 30).toordinal()  # the day with serial 0
DAY = 86_400_000  # milliseconds
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def show_date(serial: float, section: Section) -> str:
    """`serial` in days since 1899-12-30; a day before year 1 or after 9999 shows as a plain number.

    Times are rounded to the millisecond first: a serial is a float, and 12:30 may be stored as 12:29:59.9999997.
    """
    total = round(serial * DAY)
    days, milliseconds = divmod(total, DAY)
    ordinal = EPOCH + days
    if not 1 <= ordinal <= date.max.toordinal():
        return general(serial)
    day = date.fromordinal(ordinal)
    tokens = section.tokens
    half_day = any(kind == "date" and text.lower() in ("am/pm", "a/p") for kind, text in tokens)
    shown = (
        _date_token(text, _is_minute(tokens, index), day, total, milliseconds, half_day)
        if kind == "date"
        else _fraction_digit(tokens, index, milliseconds)
        if kind == "digit"
        else text
        for index, (kind, text) in enumerate(tokens)
    )
    body = "".join(shown)
    elapsed = any(kind == "date" and text.startswith("[") for kind, text in tokens)
    return f"-{body}" if elapsed and total < 0 else body


def _date_token(text: str, is_minute: bool, day: date, total: int, milliseconds: int, half_day: bool) -> str:
    token, width = text.lower(), len(text)
    hour, minute, second = milliseconds // 3_600_000, milliseconds // 60_000 % 60, milliseconds // 1000 % 60
    if token.startswith("["):
        unit = {"h": 3_600_000, "m": 60_000, "s": 1000}[token[1]]
        return str(abs(total) // unit).rjust(width - 2, "0")
    if token == "am/pm":
        return "AM" if hour < 12 else "PM"
    if token == "a/p":
        letter = "A" if hour < 12 else "P"
        return letter.lower() if text[0] == "a" else letter
    if token[0] == "y":
        return f"{day.year % 100:02d}" if width <= 2 else f"{day.year:04d}"
    if token[0] == "d":
        name = WEEKDAYS[day.weekday()]
        return str(day.day).rjust(width, "0") if width <= 2 else (name[:3] if width == 3 else name)
    if token[0] == "h":
        shown = (hour % 12 or 12) if half_day else hour
        return str(shown).rjust(min(width, 2), "0")
    if token[0] == "s":
        return str(second).rjust(min(width, 2), "0")
    if is_minute and width <= 2:
        return str(minute).rjust(width, "0")
    name = MONTHS[day.month - 1]
    if width <= 2:
        return str(day.month).rjust(width, "0")
    return name[:3] if width == 3 else (name[0] if width == 5 else name)


def _is_minute(tokens: Sequence[Token], index: int) -> bool:
    """A lower-case m after hours or before seconds means minutes (documented); M always means the month."""
    if not tokens[index][1].startswith("m"):
        return False
    before = next((text for kind, text in reversed(tokens[:index]) if kind == "date"), "")
    after = next((text for kind, text in tokens[index + 1 :] if kind == "date"), "")
    return before.lower().lstrip("[")[:1] == "h" or after.lower().lstrip("[")[:1] == "s"


def _fraction_digit(tokens: Sequence[Token], index: int, milliseconds: int) -> str:
    position = 0
    while index > position and tokens[index - position - 1][0] == "digit":
        position += 1
    digits = f"{milliseconds % 1000:03d}"
    return digits[position] if position < 3 else "0"
