"""Room that text takes, estimated from its letters: the page's fonts are the reader's, so nothing is measured."""

from __future__ import annotations

import unicodedata

SIZE = 11.0  # pixels of letters on axes
LINE = 14.0

_NARROW = frozenset("iljtfrI.,:;'|!()[] ٬٫\u200c")


def width(text: str, size: float = SIZE) -> float:
    """Pixels of a text on one line, rather too many than too few."""
    return sum(_letter(char) for char in text) * size


def _letter(char: str) -> float:
    if char in _NARROW:
        return 0.34
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn"):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if unicodedata.bidirectional(char) in ("AL", "R"):
        return 0.5
    return 0.85 if char in "mwMW@%٪" else 0.72 if char.isupper() else 0.6


def cut(text: str, room: float, size: float = SIZE) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if width(text, size) <= room:
        return text
    left, end = room - size, 0
    for end, char in enumerate(text):  # noqa: B007
        left -= _letter(char) * size
        if left < 0:
            break
    text = text[:end]
    return text.rstrip(" \u200c") + "…"


def wrap(text: str, room: float, lines: int, size: float = SIZE) -> list[str]:
    """The text on at most `lines` lines, broken between words; the last one is cut where it must be."""
    out: list[str] = []
    for word in text.split():
        if out and width(f"{out[-1]} {word}", size) <= room:
            out[-1] += f" {word}"
        elif len(out) < lines:
            out.append(word)
        else:
            out[-1] += f" {word}"
    return [cut(line, room, size) for line in out] or [""]


def fits(text: str, room: float, lines: int, size: float = SIZE) -> bool:
    """Whether the wrapped text loses nothing."""
    return " ".join(wrap(text, room, lines, size)) == " ".join(text.split())
