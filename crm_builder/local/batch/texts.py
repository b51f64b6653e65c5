"""Small questions about a formula's text: the names it uses, the other sheets it speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..book import Book

_STRING = r'"(?:[^"]|"")*"'
_SHEET = r"(?:'(?:[^']|'')+'|[\w.]+)!"
_WORD = re.compile(rf"({_STRING})|({_SHEET})|([^\W\d][\w.]*)(?=\s*(\(?))")


def with_name(text: str, old: str, new: str) -> str:
    """The formula with one named range renamed; strings, sheets and functions are left alone."""

    def changed(match: re.Match[str]) -> str:
        word = match.group(3)
        return new if word and not match.group(4) and word.casefold() == old.casefold() else match.group(0)

    return _WORD.sub(changed, text)


def foreign(book: Book, text: str, home: int) -> bool:
    """True where the formula speaks of another sheet than `home`, by its title or through a named range."""
    own = next(s["properties"]["title"] for s in book.doc["sheets"] if s["properties"]["sheetId"] == home)
    names = {n["name"].casefold(): n["range"].get("sheetId", 0) for n in book.doc.get("namedRanges", [])}
    for match in _WORD.finditer(text):
        _, sheet, word, call = match.groups()
        if sheet:
            title = sheet[:-1]
            title = title[1:-1].replace("''", "'") if title.startswith("'") else title
            if title.casefold() != own.casefold():
                return True
        elif word and not call and names.get(word.casefold(), home) != home:
            return True
    return False
