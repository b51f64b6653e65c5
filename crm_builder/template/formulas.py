"""Formulas as templates write them: `[key]` for this table's column, names for everything else; all of it checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches

# A text literal, a quoted sheet title, a column in brackets, a word, or anything else.
_TOKEN = re.compile(
    r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|\[([A-Za-z0-9_]+)\]|([A-Za-z_][A-Za-z0-9_.]*)(\s*\()?|.', re.DOTALL
)
_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]*\Z")
_CONSTANTS = {"TRUE", "FALSE"}
_LOCAL = "v_"  # names that a LET or LAMBDA of the formula itself gives


def with_names(expression: str, table: str) -> str:
    """The expression with each `[key]` as the name of that column's range: `customers_email`."""
    return "".join(f"{table}_{token[1]}" if token[1] else token[0] for token in _TOKEN.finditer(expression))


def columns_in(expression: str) -> list[str]:
    """The keys that stand in brackets, in order, each once."""
    return list(dict.fromkeys(token[1] for token in _TOKEN.finditer(expression) if token[1]))


def names_in(formula: str) -> list[str]:
    """The words of a formula that may be names of ranges, in order, each once."""
    words = (token[2] for token in _TOKEN.finditer(formula) if token[2] and not token[3])
    return [word for word in dict.fromkeys(words) if not _CELL.match(word) and word.upper() not in _CONSTANTS]


def unknown_names(formula: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """(name, nearest known name or "") for every word that is no function, no cell and no known name."""
    for token in _TOKEN.finditer(formula):
        word, call = token[2], token[3]
        if not word or call or word.upper() in _CONSTANTS or word.startswith(_LOCAL) or _CELL.match(word):
            continue
        if word not in names and word.lower() not in {name.lower() for name in names}:
            near = get_close_matches(word, names, 1)
            yield word, near[0] if near else ""


def one_line(formula: str) -> str:
    """The formula without the line breaks and indents that make a template readable."""
    return "".join(
        re.sub(r"\s*\n\s*", " ", token[0]) if token[0].isspace() else token[0]
        for token in re.finditer(r'"(?:[^"]|"")*"|\s+|[^"\s]+', formula)
    )
