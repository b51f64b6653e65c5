"""Text functions: cutting, joining, searching, formatting and turning values into text and back."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any
from urllib.parse import quote

from crm_builder.local.formulas.arrays import is_array, read
from crm_builder.local.formulas.registry import Function, table
from crm_builder.local.formulas.text_format import format_number, format_text, format_value
from crm_builder.local.formulas.typed import at_least, typed
from crm_builder.local.formulas.values import (
    TEXT_LIMIT,
    Array,
    FormulaError,
    Value,
    cells,
    joined,
    number_error,
    number_of_text,
    room_for,
    to_bool,
    to_number,
    to_text,
    too_long,
    value_error,
)


def left(text: str, count: int = 1) -> Value:
    return at_least("LEFT", 2, count, 0) or text[:count]


def right(text: str, count: int = 1) -> Value:
    return at_least("RIGHT", 2, count, 0) or (text[-count:] if count else "")


def mid(text: str, start: int, count: int) -> Value:
    wrong = at_least("MID", 2, start, 1) or at_least("MID", 3, count, 0)
    return wrong or text[start - 1 : start - 1 + count]


def proper(text: str) -> str:
    """Every letter after something that is no letter is made large, every other one small."""
    return re.sub(r"[^\W\d_]+", lambda word: word.group()[0].upper() + word.group()[1:].lower(), text)


def trim(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ")


def clean(text: str) -> str:
    """Without the non-printable ASCII characters."""
    return "".join(character for character in text if ord(character) >= 32 and ord(character) != 127)


def _joined(function: str, delimiter: str, values: Any, skip_empty: bool) -> str | FormulaError:
    texts: list[str] = []
    for value in values:
        text = to_text(value)
        if isinstance(text, FormulaError):
            return text
        if text or not skip_empty:
            texts.append(text)
    return joined(function, texts, delimiter)


def concatenate(*arrays: Array) -> str | FormulaError:
    return _joined("CONCATENATE", "", (value for array in arrays for value in cells(array)), False)


def join(delimiter: Value, *arrays: Array) -> str | FormulaError:
    return _joined("JOIN", str(to_text(delimiter)), (value for array in arrays for value in cells(array)), False)


def textjoin(delimiter: Value, ignore_empty: Value, *arrays: Array) -> str | FormulaError:
    skip = to_bool(ignore_empty, "TEXTJOIN", 2)
    if isinstance(skip, FormulaError):
        return skip
    return _joined("TEXTJOIN", str(to_text(delimiter)), (value for array in arrays for value in cells(array)), skip)


def split(values: Any, delimiter: Value, each_character: Value = True, remove_empty: Value = True) -> Value | Array:
    """The parts as a row, numbers among them as numbers; in array context one row for each text."""
    marks = to_text(delimiter)
    if isinstance(marks, FormulaError):
        return marks
    if not marks:
        return value_error("Function SPLIT parameter 2 value should be non-empty.")
    pattern = f"[{re.escape(marks)}]" if each_character else re.escape(marks)
    if not is_array(values):
        row = _split(values, pattern, bool(remove_empty))
        return row[0] if len(row) == 1 else [row]
    rows = [_split(line[0], pattern, bool(remove_empty)) for line in read(values)]
    width = max(map(len, rows))
    room_for(len(rows), width, "SPLIT")
    return [[*row, *([None] * (width - len(row)))] for row in rows]


def _split(value: Value, pattern: str, remove_empty: bool) -> list[Value]:
    text = to_text(value)
    if isinstance(text, FormulaError):
        return [text]
    if not text:
        return [value_error("Function SPLIT parameter 1 value should be non-empty.")]
    parts: list[Value] = []
    for part in re.split(pattern, text):
        number = number_of_text(part)
        if part or not remove_empty:
            parts.append(part if number is None else number)
    return parts or [None]


def substitute(text: str, old: str, new: str, occurrence: int = 0) -> Value:
    if not old:
        return text
    if occurrence < 0:
        return at_least("SUBSTITUTE", 4, occurrence, 0) or text
    if occurrence == 0:
        length = len(text) + text.count(old) * (len(new) - len(old))
        return too_long("SUBSTITUTE") if length > TEXT_LIMIT else text.replace(old, new)
    position = -1
    for _ in range(occurrence):
        position = text.find(old, position + 1)
        if position < 0:
            return text
    return text[:position] + new + text[position + len(old) :]


def replace(text: str, start: int, count: int, new: str) -> Value:
    wrong = at_least("REPLACE", 2, start, 1) or at_least("REPLACE", 3, count, 0)
    return wrong or text[: start - 1] + new + text[start - 1 + count :]


def _find(function: str, part: str, text: str, start: int = 1) -> Value:
    wrong = at_least(function, 3, start, 1)
    if wrong:
        return wrong
    exact = function == "FIND"
    position = text.find(part, start - 1) if exact else text.lower().find(part.lower(), start - 1)
    if position < 0:
        return value_error(f"In {function} evaluation, cannot find '{part}' within '{text}'.")
    return float(position + 1)


def text_of(value: Value, pattern: str) -> str:
    """TEXT: a text that reads as a number is one, any other text passes through the pattern's @ section."""
    if isinstance(value, bool):
        return format_value(value)
    number = number_of_text(value) if isinstance(value, str) else to_number(value)
    if isinstance(number, float):
        return format_number(number, pattern) if pattern else ""
    return format_text(str(value), pattern)


def value(text: Value) -> Value:
    if isinstance(text, bool):
        return value_error(f"VALUE parameter '{to_text(text)}' cannot be parsed to number.")
    if text is None or isinstance(text, float):
        return text or 0.0
    number = number_of_text(str(text))
    return value_error(f"VALUE parameter '{text}' cannot be parsed to number.") if number is None else number


def _same(value: Value) -> Value:
    """TO_DATE, TO_PERCENT …: they change how a cell looks, not what it holds."""
    return value


def character(code: int) -> Value:
    if not 1 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return number_error(f"Function CHAR parameter 1 value {code} is out of range.")
    return chr(code)


def code(text: str) -> Value:
    return float(ord(text[0])) if text else value_error("Function CODE parameter 1 value should be non-empty.")


def repeat(text: str, count: int) -> Value:
    wrong = at_least("REPT", 2, count, 0)
    return wrong or (too_long("REPT") if len(text) * count > TEXT_LIMIT else text * count)


def hyperlink(url: str, label: Value = None) -> Value:
    return url if label is None else label


def fixed(number: float, places: int = 2, no_commas: bool = False) -> Value:
    if places > TEXT_LIMIT:
        return too_long("FIXED")
    grouped = "0" if no_commas else "#,##0"
    decimals = "." + "0" * places if places > 0 else ""
    if places < -400:  # no number reaches so far
        number, places = 0.0, 0
    if places < 0:  # rounded to tens, hundreds …
        number = float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    return format_number(number, grouped + decimals)


def dollar(number: float, places: int = 2) -> Value:
    text = fixed(abs(number), places)
    if isinstance(text, FormulaError):
        return text
    return f"-${text}" if number < 0 else f"${text}"


def is_email(value: Value) -> bool:
    """One address of a usual form, without a name around it."""
    pattern = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        return False
    local = value.partition("@")[0]
    return not local.startswith(".") and not local.endswith(".") and ".." not in local


def is_url(value: Value) -> bool:
    """With one of the usual schemes or none: `www.example.com` is a URL, `example` is not."""
    scheme = r"(?:(?:https?|ftp|mailto|news|gopher|telnet|aim):(?://)?)?"
    pattern = scheme + r"(?:[^\s@/]+@)?[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?::\d+)?(?:[/?#]\S*)?"
    return isinstance(value, str) and re.fullmatch(pattern, value, re.IGNORECASE) is not None


def _function(name: str, kinds: str, call: Any, least: int | None = None, most: int | None = None) -> Function:
    """A function of coerced scalars; as many arguments as `kinds` has letters unless told otherwise."""
    count = len(kinds)
    arity = (count if least is None else least, count if most is None else most)
    return Function(name, typed(name, kinds, call), arity)


TABLE = table(
    _function("LEN", "t", lambda text: float(len(text))),
    _function("LEFT", "ti", left, 1),
    _function("RIGHT", "ti", right, 1),
    _function("MID", "tii", mid),
    _function("LOWER", "t", str.lower),
    _function("UPPER", "t", str.upper),
    _function("PROPER", "t", proper),
    _function("TRIM", "t", trim),
    _function("CLEAN", "t", clean),
    _function("CONCAT", "tt", lambda one, two: one + two),
    Function("CONCATENATE", concatenate, (1, None), ("array",)),
    Function("JOIN", join, (2, None), ("scalar", "array")),
    Function("TEXTJOIN", textjoin, (3, None), ("scalar", "scalar", "array")),
    Function("SPLIT", split, (2, 4), ("each", "scalar"), spills=True),
    _function("SUBSTITUTE", "ttti", substitute, 3),
    _function("REPLACE", "tiit", replace),
    _function("FIND", "tti", partial(_find, "FIND"), 2),
    _function("SEARCH", "tti", partial(_find, "SEARCH"), 2),
    _function("TEXT", "vt", text_of),
    _function("VALUE", "v", value),
    _function("TO_TEXT", "v", format_value),
    _function("TO_DATE", "v", _same),
    _function("TO_PURE_NUMBER", "v", _same),
    _function("TO_PERCENT", "v", _same),
    _function("TO_DOLLARS", "v", _same),
    _function("EXACT", "tt", lambda one, two: one == two),
    _function("REPT", "ti", repeat),
    _function("CHAR", "i", character),
    _function("UNICHAR", "i", character),
    _function("CODE", "t", code),
    _function("UNICODE", "t", code),
    _function("HYPERLINK", "tv", hyperlink, 1),
    # a picture has no text of its own; its size and mode do not matter to any other cell
    _function("IMAGE", "tn", lambda url, *sizes: "", 1, 4),
    _function("FIXED", "nib", fixed, 1),
    _function("DOLLAR", "ni", dollar, 1),
    _function("ISEMAIL", "v", is_email),
    _function("ISURL", "v", is_url),
    _function("ENCODEURL", "t", lambda text: quote(text, safe="-_.~")),
    _function("T", "v", lambda value: value if isinstance(value, str) else ""),
)
