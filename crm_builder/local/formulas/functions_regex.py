"""REGEXMATCH, REGEXEXTRACT and REGEXREPLACE; patterns are RE2's."""

from __future__ import annotations

import re
from typing import Any

from crm_builder.local.formulas.arrays import is_array, read
from crm_builder.local.formulas.query.patterns import PatternError, compiled, found, readable
from crm_builder.local.formulas.registry import Function, table
from crm_builder.local.formulas.values import (
    TEXT_LIMIT,
    Array,
    FormulaError,
    Value,
    joined,
    not_available,
    reference_error,
    to_text,
    too_long,
    value_error,
)


def _subject(function: str, value: Value) -> str | FormulaError:
    """Only texts are searched: a number has to be made text with TO_TEXT first (documented)."""
    if value is None:
        return ""
    if isinstance(value, str | FormulaError):
        return value
    kind = "boolean" if isinstance(value, bool) else "number"
    return value_error(
        f"Function {function} parameter 1 expects text values. But '{to_text(value)}' is a {kind} and cannot be "
        "coerced to a text."
    )


def _pattern(function: str, value: Value) -> Any:
    text = to_text(value)
    if isinstance(text, FormulaError):
        return text
    try:
        return compiled(text)
    except PatternError as problem:
        return reference_error(
            f'Function {function} parameter 2 value "{text}" is not a valid regular expression. ({problem})'
        )


def regexmatch(value: Value, pattern: Value) -> bool | FormulaError:
    text, expression = _subject("REGEXMATCH", value), _pattern("REGEXMATCH", pattern)
    if isinstance(text, FormulaError):
        return text
    return expression if isinstance(expression, FormulaError) else found(expression, text)


def regexextract(values: Any, pattern: Value) -> Value | Array:
    """The match, or its groups as a row; in array context one row for each text."""
    if not is_array(values):
        row = _extract(values, pattern)
        return row[0] if len(row) == 1 else [row]
    rows = [_extract(line[0], pattern) for line in read(values)]
    width = max(map(len, rows))
    return [[*row, *([None] * (width - len(row)))] for row in rows]


def _extract(value: Value, pattern: Value) -> list[Value]:
    text, expression = _subject("REGEXEXTRACT", value), _pattern("REGEXEXTRACT", pattern)
    if isinstance(text, FormulaError):
        return [text]
    if isinstance(expression, FormulaError):
        return [expression]
    match = expression.search(readable(text))
    if match is None:
        return [
            not_available(
                f'Function REGEXEXTRACT parameter 2 value "{to_text(pattern)}" does not match text of Function '
                f'REGEXEXTRACT parameter 1 value "{text}".'
            )
        ]
    return list(match.groups(default="")) or [match.group()]


def regexreplace(value: Value, pattern: Value, replacement: Value) -> Value:
    """Every match replaced; `$1` (or `\\1`) stands for a group, `$0` for the whole match, `\\$` for a dollar sign."""
    text, expression, new = (
        _subject("REGEXREPLACE", value),
        _pattern("REGEXREPLACE", pattern),
        to_text(replacement),
    )
    for part in (text, expression, new):
        if isinstance(part, FormulaError):
            return part
    pieces = _template(new, expression.groups)  # type: ignore[arg-type, union-attr]
    text = readable(text)  # type: ignore[arg-type]
    parts: list[str] = []
    length = end = 0
    for match in expression.finditer(text):  # type: ignore[union-attr]
        parts.append(text[end : match.start()])
        parts += (piece if isinstance(piece, str) else match.group(piece) or "" for piece in pieces)
        length += sum(map(len, parts[-1 - len(pieces) :]))
        if length > TEXT_LIMIT:
            return too_long("REGEXREPLACE")
        end = match.end()
    parts.append(text[end:])
    return joined("REGEXREPLACE", parts)


def _template(replacement: str, groups: int) -> list[str | int]:
    """The replacement cut into texts and group numbers; a number that no group has stays text."""
    pieces: list[str | int] = []
    end = 0
    for token in re.finditer(r"[$\\](\d)|\\(.)", replacement, re.DOTALL):
        pieces.append(replacement[end : token.start()])
        if not token.group(1):
            pieces.append(token.group(2))
        else:
            number = int(token.group(1))
            pieces.append(number if number <= groups else token.group())
        end = token.end()
    return [*pieces, replacement[end:]]


TABLE = table(
    Function("REGEXMATCH", regexmatch, (2, 2)),
    Function("REGEXEXTRACT", regexextract, (2, 2), ("each", "scalar"), spills=True),
    Function("REGEXREPLACE", regexreplace, (3, 3)),
)
