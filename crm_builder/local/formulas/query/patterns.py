"""Regular expressions for QUERY, the REGEX functions and wildcards, by RE2: its time grows only with the text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2


class PatternError(Exception):
    """A pattern that RE2 refuses: the text says why."""


def _options(**more: Any) -> Any:
    options = re2.Options()
    options.log_errors = False  # a person's mistake is shown in the cell, not on the terminal
    for name, value in more.items():
        setattr(options, name, value)
    return options


_EXACT = _options()
_ANY_CASE = _options(case_sensitive=False, dot_nl=True, max_mem=1 << 26)  # a `.` for each `?` of a long text


@lru_cache(maxsize=1024)
def compiled(pattern: str, any_case: bool = False) -> Any:
    """The compiled pattern; raises PatternError. any_case: letters in any case, and `.` is a line's end too."""
    try:
        return re2.compile(readable(pattern), _ANY_CASE if any_case else _EXACT)
    except re2.error as problem:
        reason = problem.args[0] if problem.args else ""
        raise PatternError(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)) from None


def found(expression: Any, text: str) -> bool:
    """Whether the text holds a match."""
    return expression.search(text.encode("utf-8", "replace")) is not None


def covers(expression: Any, text: str) -> bool:
    """Whether the whole text is a match."""
    return expression.fullmatch(text.encode("utf-8", "replace")) is not None


def readable(text: str) -> str:
    """The text with halves of surrogate pairs as question marks: RE2 reads UTF-8, which has none."""
    return text.encode("utf-8", "replace").decode()
