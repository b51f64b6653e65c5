"""Cuts a formula text into tokens and reads A1 references, keeping every character as typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from crm_builder.a1 import column_index, letters

_SHEET = r"(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!"
_CORNER = r"(?:\$?[A-Za-z]{1,3}\$?\d{1,8}|\$?[A-Za-z]{1,3}|\$?\d{1,8})"
_CELL = r"\$?[A-Za-z]{1,3}\$?\d{1,8}"

_TOKEN = re.compile(
    rf"""(?P<string>"(?:[^"]|"")*")
    |(?P<reference>(?:{_SHEET})?(?:{_CORNER}:{_CORNER}|{_CELL})(?![\w.(!]))
    |(?P<error>(?:{_SHEET})?\#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|ERROR!))
    |(?P<word>(?:{_SHEET})?[^\W\d][\w.]*)
    |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<space>\s+)
    |(?P<operator><>|<=|>=|.)""",
    re.VERBOSE | re.DOTALL,
)
_PARTS = re.compile(rf"(?P<sheet>{_SHEET})?(?P<first>{_CORNER})(?::(?P<last>{_CORNER}))?")
_ENDS = re.compile(r"(?P<fix_c>\$?)(?P<column>[A-Za-z]{1,3})?(?P<fix_r>\$?)(?P<row>\d+)?")


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # string reference error word number space operator
    text: str


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a formula text; joined they are the text again. Stray characters come as operators."""
    for found in _TOKEN.finditer(text):
        yield Token(found.lastgroup or "operator", found.group())


@dataclass(frozen=True, slots=True)
class Corner:
    """One end of a reference: 0-based indices, None where it is open (`B`, `2`), and which of them carry a `$`."""

    row: int | None
    column: int | None
    fixed_row: bool = False
    fixed_column: bool = False

    def __str__(self) -> str:
        column = "" if self.column is None else ("$" if self.fixed_column else "") + letters(self.column)
        return column + ("" if self.row is None else ("$" if self.fixed_row else "") + str(self.row + 1))


@dataclass(frozen=True, slots=True)
class A1:
    """A reference as written. `sheet` is the title without quotes, None when it names none."""

    sheet: str | None
    first: Corner
    last: Corner | None  # None: a single cell
    prefix: str = ""  # the sheet part as typed, with its `!`

    def __str__(self) -> str:
        return self.prefix + str(self.first) + (f":{self.last}" if self.last else "")


@lru_cache(maxsize=65536)
def read_a1(text: str) -> A1 | None:
    """Parses `Sheet!$A1:B`; None when the text is no reference."""
    found = _PARTS.fullmatch(text)
    if not found:
        return None
    first = _corner(found["first"])
    last = _corner(found["last"]) if found["last"] else None
    if first is None or (found["last"] and last is None):
        return None
    if last is None and (first.row is None or first.column is None):
        return None
    prefix = found["sheet"] or ""
    return A1(sheet_title(prefix[:-1]) if prefix else None, first, last, prefix)


def _corner(text: str) -> Corner | None:
    found = _ENDS.fullmatch(text)
    if not found:
        return None
    fix_column, fix_row, letter, digits = found["fix_c"], found["fix_r"], found["column"], found["row"]
    if digits == "0" or (digits and digits[0] == "0"):
        return None
    if letter is None:
        fix_row, fix_column = fix_row or fix_column, ""
    return Corner(
        int(digits) - 1 if digits else None,
        column_index(letter) if letter else None,
        bool(fix_row),
        bool(fix_column),
    )


def sheet_title(text: str) -> str:
    """The title without its quotes."""
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def quoted_title(title: str) -> str:
    """The title as a formula writes it: quoted unless it is a plain ASCII word that is no cell reference."""
    if re.fullmatch(r"[A-Za-z_]\w*", title, re.ASCII) and not re.fullmatch(r"[A-Za-z]{1,3}\d*", title):
        return title
    return "'" + title.replace("'", "''") + "'"


def cell_name(row: int, column: int) -> str:
    """(0, 1) → B1."""
    return letters(column) + str(row + 1)
