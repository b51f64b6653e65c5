"""Ids that follow from keys, so that two runs from two machines name the same thing alike."""

from __future__ import annotations

import hashlib
from functools import lru_cache

_INT31 = 2**31 - 1
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


@lru_cache(maxsize=50_000)
def int_id(*path: str) -> int:
    """A positive 31-bit integer; the same path gives the same number for ever."""
    return _number("/".join(path)) % (_INT31 - 1) + 1


@lru_cache(maxsize=50_000)
def text_id(*path: str) -> str:
    """Sixteen lower-case letters and digits."""
    rest, letters = _number("/".join(path)), []
    for _ in range(16):
        rest, digit = divmod(rest, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return "".join(letters)


def digest(text: str) -> str:
    """Eight characters that tell two texts of one sheet apart."""
    return text_id("digest", text)[:8]


def sheet_id(sheet: str) -> int:
    return int_id("sheet", sheet)


def stem(sheet: str, number: int) -> str:
    """What the ids of all that hangs on a sheet follow from: its key, and its own id where that is not the key's.

    It is not where the sheet had another key before, or where one of the same key was forgotten and still stands.
    """
    return sheet if number == sheet_id(sheet) else f"{sheet}/{number}"


def banding_id(sheet: str, key: str) -> int:
    return int_id("banding", sheet, key)


def view_id(sheet: str, key: str) -> int:
    return int_id("view", sheet, key)


def protection_id(sheet: str, key: str) -> int:
    return int_id("protection", sheet, key)


def chart_id(sheet: str, key: str) -> int:
    return int_id("chart", sheet, key)


def slicer_id(sheet: str, key: str) -> int:
    return int_id("slicer", sheet, key)


def name_id(name: str) -> str:
    return text_id("name", name)


def metadata_id(*path: str) -> int:
    return int_id("metadata", *path)
