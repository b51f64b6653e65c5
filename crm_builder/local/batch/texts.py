"""What a formula's text speaks of: names, other sheets, a block of cells that is moved elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crm_builder.formulas.scan import A1, Corner, Token, quoted_title, read_a1, tokens

from .ranges import Rect

if TYPE_CHECKING:
    from ..book import Book

GONE = "#REF!"


def words(text: str) -> Iterator[tuple[Token, bool]]:
    """The tokens of a formula, each with whether a call follows it."""
    listed = list(tokens(text))
    for at, token in enumerate(listed):
        after = next((other.text for other in listed[at + 1 :] if other.kind != "space"), "")
        yield token, after == "("


def with_name(text: str, old: str, new: str) -> str:
    """The formula with one named range renamed; strings and functions are left alone."""
    return "".join(
        new if token.kind == "word" and not call and token.text.casefold() == old.casefold() else token.text
        for token, call in words(text)
    )


def foreign(book: Book, text: str, home: int) -> bool:
    """True where the formula speaks of another sheet than `home`, by its title or through a named range."""
    own = next(s["properties"]["title"] for s in book.doc["sheets"] if s["properties"]["sheetId"] == home)
    names = {n["name"].casefold(): n["range"]["sheetId"] for n in book.doc.get("namedRanges", [])}
    for token, call in words(text):
        if token.kind == "reference":
            a1 = read_a1(token.text)
            if a1 is not None and a1.sheet is not None and a1.sheet.casefold() != own.casefold():
                return True
        elif token.kind == "word" and not call and names.get(token.text.casefold(), home) != home:
            return True
    return False


@dataclass(frozen=True, slots=True)
class BlockMove:
    """A block of cells that goes elsewhere, to `target` (a sheet's title), so many rows and columns further."""

    source: Rect
    title: str  # of the sheet it was on
    target: str
    rows: int
    columns: int


def carried_block(text: str, home: str, move: BlockMove, new_home: str | None = None) -> str:
    """The formula with references into the block following it; a reference that only cuts it stays.

    `home` is the sheet the formula stands on, `new_home` the one it will stand on when it moves along itself.
    """
    stands = new_home or home
    parts = []
    for token in tokens(text):
        a1 = read_a1(token.text) if token.kind == "reference" else None
        if a1 is None or (a1.sheet or home).casefold() != move.title.casefold():
            if a1 is not None and a1.sheet is None and stands != home:
                a1 = replace(a1, sheet=home, prefix=quoted_title(home) + "!")
                parts.append(str(a1))
            else:
                parts.append(token.text)
            continue
        parts.append(_carried(a1, token.text, home, stands, move))
    return "".join(parts)


def _carried(a1: A1, typed: str, home: str, stands: str, move: BlockMove) -> str:
    corners = [a1.first] + ([a1.last] if a1.last else [])
    sheet, moved = a1.sheet or home, a1
    if all(_within(corner, move.source) for corner in corners):
        sheet = move.target if sheet.casefold() == move.title.casefold() else sheet
        first = _stepped(a1.first, move)
        moved = replace(a1, first=first, last=_stepped(a1.last, move) if a1.last else None)
    if sheet.casefold() == stands.casefold() and a1.sheet is None:
        return str(replace(moved, sheet=None, prefix=""))
    if a1.sheet is not None and sheet == a1.sheet:
        return typed if moved == a1 else str(moved)
    return str(replace(moved, sheet=sheet, prefix=quoted_title(sheet) + "!"))


def _within(corner: Corner, source: Rect) -> bool:
    return (
        corner.row is not None
        and corner.column is not None
        and source.r0 <= corner.row < source.r1
        and source.c0 <= corner.column < source.c1
    )


def _stepped(corner: Corner, move: BlockMove) -> Corner:
    assert corner.row is not None and corner.column is not None
    return replace(corner, row=corner.row + move.rows, column=corner.column + move.columns)


def without_block(text: str, home: str, gone: Rect, title: str) -> str:
    """The formula with references that lie wholly inside a deleted block of the sheet `title` broken."""
    parts = []
    for token in tokens(text):
        a1 = read_a1(token.text) if token.kind == "reference" else None
        inside = a1 is not None and (a1.sheet or home).casefold() == title.casefold()
        if a1 is not None and inside and all(_within(c, gone) for c in (a1.first, a1.last or a1.first)):
            parts.append(GONE)
        else:
            parts.append(token.text)
    return "".join(parts)
