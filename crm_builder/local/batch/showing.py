"""Which rows a filter's criteria show, and what cannot be done to those that it hides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..calc import effective
from ..errors import invalid
from ..formulas.text_format import format_value
from .matching import test_of
from .ranges import ROWS, Rect

if TYPE_CHECKING:
    from ..book import Book


def shown_rows(
    book: Book, sheet_id: int, r0: int, r1: int, criteria: dict[str, dict[str, Any]]
) -> Iterator[tuple[int, bool]]:
    """Every row of r0:r1 with whether all criteria (column index as text -> FilterCriteria) show it."""
    book.recalculate()
    hidden: set[int] = set()
    for key, one in criteria.items():
        column = int(key)
        values = [row[0] for row in effective(book, sheet_id, r0, column, r1, column + 1)]
        formats = [row[0] for row in book.grid(sheet_id).read("format", r0, column, r1, column + 1)]
        unwanted = set(one.get("hiddenValues", []))
        test = None
        if "condition" in one:
            test = test_of(book, one["condition"], (sheet_id, r0, column), (r0, column, r1, column + 1))
        for at, (value, look) in enumerate(zip(values, formats, strict=True)):
            kept = test is None or test(value, r0 + at, column)
            if kept and unwanted and _formatted(value, look) in unwanted:
                kept = False
            if not kept:
                hidden.add(r0 + at)
    for row in range(r0, r1):
        yield row, row not in hidden


def check_shown(book: Book, *areas: Rect) -> None:
    """ApiError 400 where a filter hides any of their rows (reported of copyPaste and autoFill)."""
    for area in areas:
        own = book.grid(area.sheet_id).dimension(ROWS)
        if any("hiddenByFilter" in own[row] for row in own if area.r0 <= row < area.r1):
            raise invalid("This operation is not supported on a range with a filtered out row.")


def _formatted(value: Any, look: dict[str, Any] | None) -> str:
    number = (look or {}).get("numberFormat", {})
    return format_value(value, number.get("type", ""), number.get("pattern", ""))
