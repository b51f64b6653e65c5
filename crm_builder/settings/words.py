"""How problems speak of what was found: values on one line, kinds of value, near names, digits, hostile characters."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

_LONGEST_SHOWN = 60
_LONGEST_COMPARED = 80
# Persian and Arabic digits, and the Arabic decimal and thousands separators.
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫٬", "01234567890123456789._")
_OVERRIDES = "\u202d\u202e"  # they turn the text behind them round
_FORBIDDEN = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def show(value: Any, *, quote: bool = True) -> str:
    """A value as one short line without control characters."""
    text = json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, str) else value
    if len(text) > _LONGEST_SHOWN:
        text = text[: _LONGEST_SHOWN - 1] + "…"
    text = "".join(f"\\u{ord(char):04x}" if hostile(char) else char for char in text)
    return f'"{text}"' if quote and isinstance(value, str) else text


def hostile(text: str) -> str:
    """The first character that has no place in a name; "" where all are welcome (half-space and joiners are)."""
    return next((c for c in text if unicodedata.category(c) in _FORBIDDEN or c in _OVERRIDES or c == "\ufeff"), "")


def visible(text: str) -> bool:
    """Whether anything of the text can be seen: joiners and spaces cannot."""
    return any(unicodedata.category(char)[0] not in "CZM" for char in text)


def kind(value: Any) -> str:
    """What a TOML value is, in words."""
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "true or false"),
        (str, "a text"),
        ((int, float), "a number"),
        (list, "a list"),
        (dict, "a table"),
        ((datetime, date, time), "a date or time"),
    )
    return next((name for type_, name in kinds if isinstance(value, type_)), "something else")


def dotted(path: Sequence[str | int]) -> str:
    """A path for people: `lists.deal_stage.choices[2].color`; items are counted from 1."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            name = part if re.fullmatch(r"[\w-]+", part) else show(part)
            text += f".{name}" if text else name
    return text


def latin_digits(text: str) -> str:
    """The text with Persian and Arabic digits as 0-9."""
    return text.translate(_DIGITS)


def same(text: str) -> str:
    """What two texts have in common that a person, or a sheet, takes for the same."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The allowed word that was probably meant; "" where none is near."""
    if len(word) > _LONGEST_COMPARED:
        return ""
    names = list(allowed)
    wanted = same(word).replace("-", "_").replace(" ", "_")
    by_fold: dict[str, str] = {}
    for name in names:
        folded = same(name).replace("-", "_")
        by_fold.setdefault(folded, name)
        if "/" in folded:  # time zones: the city alone
            by_fold.setdefault(folded.rpartition("/")[2], name)
    if wanted in by_fold:
        return by_fold[wanted]
    close = get_close_matches(wanted, by_fold, 1, 0.6)
    return by_fold[close[0]] if close else ""


def did_you_mean(word: str, allowed: Iterable[str], otherwise: str = "") -> str:
    """A hint: the near word, or `otherwise`, or all that is allowed where it is little; "" where none helps."""
    names = list(allowed)
    if near := nearest(word, names):
        return f"did you mean {show(near)}?"
    return otherwise or (f"known are: {', '.join(names)}" if 0 < len(names) <= 15 else "")
