"""Split a number format pattern into its sections, and each section into tokens.

Tokens are pairs `(kind, text)`:

    lit    text that is shown as it stands ("…", \\x, and every character with no meaning of its own)
    digit  one of 0 # ?            point  the decimal point      comma  , inside or after digits
    pct    %                       exp    E+ E- e+ e-            slash  /
    text   @                       date   a run of y m d h s, AM/PM, A/P or an elapsed [h] [m] [s]

Source of the grammar: Google's documented "date and number formats" guide.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

Token = tuple[str, str]

_COLOURS = "black|blue|cyan|green|magenta|red|white|yellow"
_PIECES = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|\\(?P<escaped>.)"
    r"|_(?P<space>.)"
    r"|\*(?P<fill>.)"
    r"|\[(?P<elapsed>h+|m+|s+)\]"
    r"|\[(?P<condition>(?:<=|>=|<>|<|>|=)\s*-?\d+(?:\.\d+)?)\]"
    rf"|\[(?P<colour>(?:{_COLOURS})|colou?r\s*\d+)\]"
    r"|\[\$(?P<currency>[^\]\-]*)(?:-[^\]]*)?\]"
    r"|\[[^\]]*\]"
    r"|(?P<half>am/pm|a/p)"
    r"|(?P<general>general)"
    r"|(?P<exp>e[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+)"
    r"|(?P<digit>[0#?])"
    r"|(?P<point>\.)|(?P<comma>,)|(?P<pct>%)|(?P<slash>/)|(?P<text>@)"
    r"|(?P<lit>.)",
    re.IGNORECASE | re.DOTALL,
)
_TESTS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a pattern between semicolons; `condition` is (sign, number) of a [>100] or None."""

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None = None

    def has(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.tokens)

    @property
    def is_date(self) -> bool:
        return self.has("date")

    def accepts(self, number: float) -> bool:
        if self.condition is None:
            return False
        sign, limit = self.condition
        return _TESTS[sign](number, limit)


@lru_cache(maxsize=1024)
def sections(pattern: str) -> tuple[Section, ...]:
    """The sections of a pattern, at most four; colours are read and dropped, as plain text has none."""
    return tuple(_section(text) for text in _split(pattern)[:4])


def choose(parts: tuple[Section, ...], number: float) -> tuple[Section | None, bool]:
    """The section for a number, and whether that section itself stands for the sign of a negative number."""
    if any(part.condition for part in parts):
        for part in parts:
            if part.accepts(number):
                sign, limit = part.condition or ("", 0.0)
                return part, sign in ("<", "<=") and limit <= 0
        plain = [part for part in parts if part.condition is None and not part.has("text")]
        return (plain[-1] if plain else None), False
    numeric = parts[:3]
    if len(numeric) > 1 and number < 0:
        return numeric[1], True
    if len(numeric) > 2 and number == 0:
        return numeric[2], False
    return numeric[0], False


def _split(pattern: str) -> list[str]:
    parts, start, position = [], 0, 0
    while position < len(pattern):
        character = pattern[position]
        if character == '"':
            end = pattern.find('"', position + 1)
            position = len(pattern) if end < 0 else end
        elif character in "\\_*":
            position += 1
        elif character == ";":
            parts.append(pattern[start:position])
            start = position + 1
        position += 1
    parts.append(pattern[start:])
    return parts


def _section(text: str) -> Section:
    tokens: list[Token] = []
    condition = None
    for match in _PIECES.finditer(text):
        kind, part = match.lastgroup, match.group(match.lastgroup or 0)
        if kind in ("quoted", "escaped", "lit", "currency"):
            tokens.append(("lit", part))
        elif kind == "space":
            tokens.append(("lit", " "))
        elif kind == "elapsed":
            tokens.append(("date", f"[{part}]"))
        elif kind == "half":
            tokens.append(("date", part))
        elif kind == "condition":
            sign = re.match(r"[<>=]+", part)
            condition = (sign.group(), float(part[sign.end() :])) if sign else None
        elif kind in ("date", "digit", "point", "comma", "pct", "slash", "text", "general"):
            tokens.append((kind, part))
        elif kind == "exp":
            tokens.append(("exp", part))
        # a fill character (*x) has no width to fill in plain text; colours and unknown brackets show nothing
    return Section(_settle(tokens), condition)


def _settle(tokens: list[Token]) -> tuple[Token, ...]:
    """Punctuation that belongs to neither digits nor a fraction is literal: "dd.mm", "yyyy/mm", "a, b"."""
    has_digit = any(kind == "digit" for kind, _ in tokens)
    has_date = any(kind == "date" for kind, _ in tokens)
    if has_digit and not has_date:
        return tuple(tokens)
    settled: list[Token] = []
    for index, (kind, text) in enumerate(tokens):
        follows_seconds = has_digit and _is_fraction(tokens, index)
        literal = kind in ("comma", "slash", "point", "pct", "exp", "digit") and not follows_seconds
        if kind == "pct" and not has_date:
            literal = False
        settled.append(("lit", text) if literal else (kind, text))
    return tuple(settled)


def _is_fraction(tokens: list[Token], index: int) -> bool:
    """Whether a point or digit at index is part of the fraction of seconds: ss.000."""
    kind, _ = tokens[index]
    if kind == "point":
        return index + 1 < len(tokens) and tokens[index + 1][0] == "digit"
    return kind == "digit"
