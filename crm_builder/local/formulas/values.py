"""The values a formula works with, and Google's rules for turning one kind into another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from math import inf


@dataclass(frozen=True, slots=True)
class FormulaError:
    """An error value: it travels through a calculation like a number does."""

    kind: str  # "#N/A" "#REF!" "#VALUE!" "#DIV/0!" "#NAME?" "#NUM!" "#ERROR!" "#NULL!"
    message: str = ""  # the sentence shown to the person; the kind alone decides about equality of meaning


Value = None | bool | float | str | FormulaError  # None = blank; dates are serial floats, 1899-12-30 = 0
Array = list[list[Value]]  # rectangular, never empty: at least [[None]]

NOT_AVAILABLE = FormulaError("#N/A", "Value not available.")
NO_MATCH = FormulaError("#N/A", "Did not find value in lookup evaluation.")
NO_INTERSECTION = FormulaError("#VALUE!", "An array value could not be found.")

EPOCH = datetime(1899, 12, 30)


def value_error(message: str) -> FormulaError:
    return FormulaError("#VALUE!", message)


def number_error(message: str) -> FormulaError:
    return FormulaError("#NUM!", message)


def not_available(message: str) -> FormulaError:
    return FormulaError("#N/A", message)


def reference_error(message: str) -> FormulaError:
    return FormulaError("#REF!", message)


def division_error(function: str = "DIVIDE", position: int = 2) -> FormulaError:
    return FormulaError("#DIV/0!", f"Function {function} parameter {position} cannot be zero.")


TEXT_LIMIT = 50_000  # characters that a cell holds
CELL_LIMIT = 10_000_000  # cells that a spreadsheet holds


class TooLarge(Exception):
    """An array would have more cells than a spreadsheet: `error` is the value of the whole formula."""

    def __init__(self, error: FormulaError):
        super().__init__(error.message)
        self.error = error


def room_for(rows: float, columns: float, function: str = "") -> None:
    """Raises TooLarge for a size that no spreadsheet has, before an array of it is made."""
    if rows * columns > CELL_LIMIT:
        what = f"The result of {function}" if function else "An array"
        raise TooLarge(value_error(f"{what} is larger than the limit of {CELL_LIMIT} cells."))


def too_long(function: str) -> FormulaError:
    return value_error(f"Text result of {function} is longer than the limit of {TEXT_LIMIT} characters.")


def joined(function: str, texts: list[str], delimiter: str = "") -> str | FormulaError:
    """The texts behind each other; #VALUE!, without making the text, where it is too long for a cell."""
    length = sum(map(len, texts)) + len(delimiter) * (len(texts) - 1)
    return too_long(function) if length > TEXT_LIMIT else delimiter.join(texts)


# ---- one kind into another -------------------------------------------------------------------------------------------


def to_number(value: Value, function: str = "", position: int = 1) -> float | FormulaError:
    """A number for arithmetic: blank is 0, TRUE is 1, text that reads as a number counts, other text is #VALUE!.

    `function` and `position` (1-based) only go into the sentence of the error.
    """
    kind = type(value)
    if kind is float:
        return value  # type: ignore[return-value]
    if value is None:
        return 0.0
    if kind is str:
        number = number_of_text(value)  # type: ignore[arg-type]
        if number is not None:
            return number
        return value_error(
            f"{_expects(function, position)} expects number values. But '{value}' is a text and cannot be coerced "
            "to a number."
        )
    if kind is FormulaError:
        return value  # type: ignore[return-value]
    return float(value)  # type: ignore[arg-type]


def to_text(value: Value) -> str | FormulaError:
    """Text as `&` makes it: blank is "", numbers in general format without a trailing .0, booleans in capitals."""
    kind = type(value)
    if kind is str or kind is FormulaError:
        return value  # type: ignore[return-value]
    if value is None:
        return ""
    if kind is bool:
        return "TRUE" if value else "FALSE"
    return general(float(value))  # type: ignore[arg-type]


def to_bool(value: Value, function: str = "", position: int = 1) -> bool | FormulaError:
    """A truth value: blank and 0 are false, "TRUE" and "FALSE" count in any case, other text is #VALUE!."""
    kind = type(value)
    if kind is bool or kind is FormulaError:
        return value  # type: ignore[return-value]
    if kind is str:
        folded = value.strip().lower()  # type: ignore[union-attr]
        if folded in ("true", "false"):
            return folded == "true"
        return value_error(
            f"{_expects(function, position)} expects boolean values. But '{value}' is a text and cannot be coerced "
            "to a boolean."
        )
    return bool(value)


def _expects(function: str, position: int) -> str:
    return f"Function {function} parameter {position}" if function else "An operation"


def general(number: float) -> str:
    """A number as the general format writes it: at most 15 significant digits, `1E+15` from there on."""
    if number == int(number) if abs(number) < 1e15 else False:
        return str(int(number))
    return format(number, ".15g").upper()


# Serial dates ---------------------------------------------------------------------------------------------------------


def serial_of(moment: datetime | date) -> float:
    """Days since 1899-12-30; the time zone of an aware moment is dropped, its wall clock counts."""
    if not isinstance(moment, datetime):
        return float((moment - EPOCH.date()).days)
    span = moment.replace(tzinfo=None) - EPOCH
    return span.days + (span.seconds + span.microseconds / 1e6) / 86400


_NUMBER = re.compile(r"([+-]?)(\$?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+))?(%?)")
_ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_US_DATE = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")
_TIME = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(?:\s*([AaPp])[Mm])?")


@lru_cache(maxsize=4096)
def number_of_text(text: str) -> float | None:
    """What a text is worth where a number is wanted (en_US): "5", "1,000", "$2.50", "5%", "2026-09-05", "9/5/2026",
    "10:30 PM", a date followed by a time. None when it is no number."""
    stripped = text.strip()
    found = _NUMBER.fullmatch(stripped)
    if found:
        sign, _, digits, exponent, percent = found.groups()
        number = float(digits.replace(",", "") + (f"e{exponent}" if exponent else ""))
        if number == inf:
            return None
        return (-number if sign == "-" else number) / (100 if percent else 1)
    day, _, clock = stripped.partition(" ")
    if (serial := _date_serial(day)) is not None:
        time = _time_serial(clock.strip()) if clock else 0.0
        return None if time is None else serial + time
    return _time_serial(stripped)


def _date_serial(text: str) -> float | None:
    if found := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _US_DATE.fullmatch(text):
        month, day, year = map(int, found.groups())
    else:
        return None
    if year < 1900:  # a Jalali year; what Google makes of it is not known, so it stays text
        return None
    try:
        return serial_of(date(year, month, day))
    except ValueError:
        return None


def _time_serial(text: str) -> float | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds, half = found.groups()
    hour = int(hours)
    if int(minutes) > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half in "Pp" else 0)
    return (hour * 3600 + int(minutes) * 60 + float(seconds or 0)) / 86400


# ---- comparing -------------------------------------------------------------------------------------------------------


def rank(value: Value) -> int:
    """The order of the kinds when sorted or compared: numbers, texts, booleans, errors, blanks."""
    kind = type(value)
    if kind is float or kind is int:
        return 0
    if kind is str:
        return 1
    if kind is bool:
        return 2
    return 4 if value is None else 3


def sort_key(value: Value) -> tuple[int, float | str]:
    """A key for sorting ascending as Google does: numbers before text before booleans before errors, blanks last."""
    kind = type(value)
    if kind is float:
        return (0, value)  # type: ignore[return-value]
    if kind is str:
        return (1, value.lower())  # type: ignore[union-attr]
    if kind is bool:
        return (2, float(value))  # type: ignore[arg-type]
    return (4, 0.0) if value is None else (3, 0.0)


def equality_key(value: Value) -> object:
    """Values that are equal for lookups, UNIQUE and criteria have the same key; 1 and TRUE differ, blank is None."""
    kind = type(value)
    if kind is str:
        return value.lower()  # type: ignore[union-attr]
    if kind is bool:
        return (value,)
    return value


def compare(left: Value, right: Value) -> int:
    """-1, 0 or 1 as `<`, `=` and `>` see it. Blank equals 0, "" and FALSE. Neither side may be an error."""
    if left is None:
        left = _blank_like(right)
    elif right is None:
        right = _blank_like(left)
    one, two = sort_key(left), sort_key(right)
    return (one > two) - (one < two)  # type: ignore[operator]


def _blank_like(other: Value) -> Value:
    kind = type(other)
    if kind is str:
        return ""
    return False if kind is bool else (None if other is None else 0.0)


# ---- arrays ----------------------------------------------------------------------------------------------------------


def size(array: Array) -> tuple[int, int]:
    """Rows and columns."""
    return len(array), len(array[0]) if array else 0


def cells(array: Array) -> Iterator[Value]:
    """All values, row by row."""
    for row in array:
        yield from row


def first_error(array: Array) -> FormulaError | None:
    """The first error value of an array, row by row; None when it has none."""
    return next((value for row in array for value in row if type(value) is FormulaError), None)


def column(values: list[Value]) -> Array:
    """A list as an array of one column; empty becomes one blank cell."""
    return [[value] for value in values] or [[None]]


Scalar = Callable[..., Value]
