"""Rewrites the references of a formula text when rows, columns or sheets move, and leaves the rest as typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from crm_builder.formulas.scan import A1, Corner, quoted_title, read_a1, sheet_title, tokens

Dimension = Literal["ROWS", "COLUMNS"]
GONE = "#REF!"


@dataclass(frozen=True, slots=True)
class InsertDimension:
    """Empty rows or columns appear at start … end (half-open)."""

    sheet_title: str
    dimension: Dimension
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DeleteDimension:
    """The rows or columns start … end (half-open) disappear."""

    sheet_title: str
    dimension: Dimension
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MoveDimension:
    """The rows or columns start … end move to before `dest`, an index of the time before the move."""

    sheet_title: str
    dimension: Dimension
    start: int
    end: int
    dest: int


@dataclass(frozen=True, slots=True)
class RenameSheet:
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class DeleteSheet:
    title: str


Edit = InsertDimension | DeleteDimension | MoveDimension | RenameSheet | DeleteSheet


def shift(text: str, edit: Edit, home: str) -> str:
    """The formula text as it reads after the edit; `home` is the title of the sheet that it stands on (before it)."""

    def rewrite(a1: A1, typed: str) -> str:
        title = a1.sheet if a1.sheet is not None else home
        if isinstance(edit, RenameSheet):
            if a1.sheet is None or not _same(a1.sheet, edit.old):
                return typed
            return quoted_title(edit.new) + "!" + typed[len(a1.prefix) :]
        if isinstance(edit, DeleteSheet):
            return GONE if a1.sheet is not None and _same(a1.sheet, edit.title) else typed
        if not _same(title, edit.sheet_title):
            return typed
        moved = _moved(a1, edit)
        if moved is None:
            return GONE
        return typed if moved == a1 else str(moved)

    return _rewritten(text, rewrite, edit)


def relative_copy(text: str, rows: int, columns: int) -> str:
    """The formula text as a copy reads that stands so many rows and columns further: parts without `$` move along."""

    def rewrite(a1: A1, typed: str) -> str:
        first = _carried(a1.first, rows, columns)
        last = _carried(a1.last, rows, columns) if a1.last else None
        if first is None or (a1.last and last is None):
            return GONE
        moved = replace(a1, first=first, last=last)
        return typed if moved == a1 else str(moved)

    return _rewritten(text, rewrite, None)


def _same(one: str, two: str) -> bool:
    return one.lower() == two.lower()


def _rewritten(text: str, rewrite: Callable[[A1, str], str], edit: Edit | None) -> str:
    parts = []
    for token in tokens(text):
        piece = token.text
        if token.kind == "reference":
            a1 = read_a1(piece)
            if a1 is not None:
                piece = rewrite(a1, piece)
        elif token.kind in ("error", "word") and "!" in piece.partition("#")[0]:
            # 'Sheet'!#REF! and names written with a sheet follow the sheet only.
            prefix, _, rest = piece.rpartition("!") if token.kind == "word" else _error_parts(piece)
            if isinstance(edit, RenameSheet) and _same(sheet_title(prefix), edit.old):
                piece = quoted_title(edit.new) + "!" + rest
            elif isinstance(edit, DeleteSheet) and _same(sheet_title(prefix), edit.title):
                piece = GONE
        parts.append(piece)
    return "".join(parts)


def _error_parts(piece: str) -> tuple[str, str, str]:
    place = piece.rindex("#")
    return piece[: place - 1], "!", piece[place:]


def _carried(corner: Corner, rows: int, columns: int) -> Corner | None:
    row = corner.row if corner.row is None or corner.fixed_row else corner.row + rows
    column = corner.column if corner.column is None or corner.fixed_column else corner.column + columns
    if (row is not None and row < 0) or (column is not None and column < 0):
        return None
    return replace(corner, row=row, column=column)


def _moved(a1: A1, edit: InsertDimension | DeleteDimension | MoveDimension) -> A1 | None:
    """The reference after the edit; None when all of its cells are gone."""
    rows = edit.dimension == "ROWS"

    def place(corner: Corner) -> int | None:
        return corner.row if rows else corner.column

    def at(corner: Corner, index: int | None) -> Corner:
        return replace(corner, row=index) if rows else replace(corner, column=index)

    if a1.last is None:
        index = place(a1.first)
        span = None if index is None else span_after(index, index + 1, edit)
        return None if span is None or span[1] is None else replace(a1, first=at(a1.first, span[0]))
    one, two = place(a1.first), place(a1.last)
    if one is None and two is None:
        return a1
    if one is None or two is None:
        start = one if two is None else two
        span = span_after(start, None, edit)  # type: ignore[arg-type]
        if span is None:
            return None
        if two is None:
            return replace(a1, first=at(a1.first, span[0]))
        return replace(a1, last=at(a1.last, span[0]))
    span = span_after(min(one, two), max(one, two) + 1, edit)
    if span is None or span[1] is None:
        return None
    low, high = span[0], span[1] - 1
    first, last = (low, high) if one <= two else (high, low)
    return replace(a1, first=at(a1.first, first), last=at(a1.last, last))


def span_after(
    start: int, end: int | None, edit: InsertDimension | DeleteDimension | MoveDimension
) -> tuple[int, int | None] | None:
    """A half-open span of indices after an edit of its own dimension; `end` None is open; None when all is gone.

    A span grows by what is inserted inside of it, and loses what is deleted.
    """
    if isinstance(edit, InsertDimension):
        count = edit.end - edit.start
        if end is None:
            return start + (count if edit.start <= start else 0), None
        return start + (count if edit.start <= start else 0), end + (count if edit.start < end else 0)
    if isinstance(edit, DeleteDimension):
        count = edit.end - edit.start
        low = start - max(0, min(start, edit.end) - edit.start) if start > edit.start else start
        if end is None:
            return low, None
        high = end - max(0, min(end, edit.end) - edit.start) if end > edit.start else end
        return (low, high) if low < high else None
    return _span_moved(start, end, edit)


def _span_moved(start: int, end: int | None, edit: MoveDimension) -> tuple[int, int | None]:
    """What is wholly moved goes along; of the others the two ends are followed."""
    count = edit.end - edit.start
    target = edit.dest if edit.dest < edit.start else max(edit.dest - count, edit.start)

    def follow(index: int) -> int:
        if edit.start <= index < edit.end:
            return target + index - edit.start
        if edit.end <= index < target + count:
            return index - count
        if target <= index < edit.start:
            return index + count
        return index

    if end is None:
        return follow(start) if not edit.start <= start < edit.end else start, None
    if edit.start <= start and end <= edit.end:
        return follow(start), follow(end - 1) + 1
    inner = [follow(index) for index in (start, end - 1) if not edit.start <= index < edit.end]
    if len(inner) == 2:
        return min(inner), max(inner) + 1
    # One end is among what moves away: the span keeps its other end and closes up, or takes in what comes inside.
    low, high = follow(start), follow(end - 1)
    return min(low, high), max(low, high) + 1
