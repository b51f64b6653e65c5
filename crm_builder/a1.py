"""A1 notation's alphabet: column letters, quoted titles, runs of numbers, for every room that speaks of ranges."""

from __future__ import annotations

from collections.abc import Iterable


def letters(index: int) -> str:
    """The letters of a 0-based column: 0 is A, 26 is AA."""
    text, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_index(text: str) -> int:
    """The 0-based column of letters, in either case: A is 0, AA is 26."""
    index = 0
    for letter in text.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def quote(title: str) -> str:
    """A sheet's title as A1 notation takes any title: in apostrophes, those inside doubled."""
    return "'" + title.replace("'", "''") + "'"


def runs(numbers: Iterable[int]) -> list[range]:
    """Lines or columns that follow each other, together; in order."""
    found: list[range] = []
    for number in sorted(numbers):
        if found and number == found[-1].stop:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found
