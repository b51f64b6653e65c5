"""Formulas as texts: `[key]` ↔ `$C2`, and `,` between arguments read as `;`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from crm_builder.a1 import column_index, letters
from crm_builder.sheets.layout import Place

_QUOTED = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")
_KEY = re.compile(r"\[([a-z][a-z0-9_]*)\]")
_WORD = re.compile(r"(?<![\w$.\[])[A-Za-z_]\w*(?![\w(.!\]])")
_CELL = re.compile(r"(?<![\w!.$:\]])\$([A-Z]{1,3})(\d+)(?![\w(:!.])")


def keys_in(formula: str) -> tuple[str, ...]:
    """The column keys that a formula writes as `[key]`, outside of its texts."""
    return tuple(key for code, piece in _pieces(formula) if code for key in _KEY.findall(piece))


def names_in(formula: str) -> set[str]:
    """Words that could be named ranges: no function, no text, no part of another sheet's address."""
    return {word for code, piece in _pieces(formula) if code for word in _WORD.findall(piece)}


def speaks_of_sheets(formula: str) -> bool:
    """Whether an address on a named sheet stands in it, outside of its texts."""
    return any("!" in piece for code, piece in _pieces(formula) if code)


def to_letters(formula: str, place: Place, row: int) -> str:
    """`[status]` → `$H2`. KeyError for a column that the sheet does not have."""
    return _in_code(formula, lambda code: _KEY.sub(lambda m: f"${letters(place.column(m[1]))}{row}", code))


def to_keys(formula: str, place: Place, row: int) -> str:
    """`$H2` → `[status]` for the row that the formula is written for; other references stay as they are."""

    def key(match: re.Match[str]) -> str:
        name = place.column_key(column_index(match[1]))
        return f"[{name}]" if int(match[2]) == row and _KEY.fullmatch(f"[{name}]") else match[0]

    return _in_code(formula, lambda code: _CELL.sub(key, code))


@lru_cache(maxsize=20_000)
def canonical(formula: str) -> str:
    """The formula with `;` between arguments. The service hands `,` back in locales that write so."""
    depth, out = 0, []
    for code, piece in _pieces(formula):
        if not code:
            out.append(piece)
            continue
        for letter in piece:
            depth += (letter == "{") - (letter == "}")
            out.append(";" if letter == "," and depth == 0 else letter)
    return "".join(out)


def _in_code(formula: str, change: Callable[[str], str]) -> str:
    return "".join(change(piece) if code else piece for code, piece in _pieces(formula))


def _pieces(formula: str) -> Iterator[tuple[bool, str]]:
    """The formula cut into code (True) and quoted texts or titles (False)."""
    start = 0
    for match in _QUOTED.finditer(formula):
        if match.start() > start:
            yield True, formula[start : match.start()]
        yield False, match[0]
        start = match.end()
    if start < len(formula):
        yield True, formula[start:]
