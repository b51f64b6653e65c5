"""sortRange and randomizeRange: rows in another order; and the sort of a basic filter."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..blocks import Formula
from ..calc import effective
from ..errors import invalid
from ..formulas.references import relative_copy
from ..formulas.values import FormulaError
from .ranges import ROWS, Rect, rect

if TYPE_CHECKING:
    from ..book import Book

PLANES = ("entered", "format", "note", "validation", "extra")
_BLANK = 4


def order(value: Any) -> tuple[int, Any]:
    """Where a value stands: numbers, texts without regard to capitals, FALSE and TRUE, errors, blanks."""
    if value is None or value == "":
        return _BLANK, 0
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, float):
        return 0, value
    if isinstance(value, FormulaError):
        return 3, value.kind
    return 1, (value.casefold(), value)


def sorted_rows(values: list[list[Any]], keys: list[tuple[int, bool]]) -> list[int]:
    """The old row of every new row; keys are (column, descending). Blanks stay last, ties keep their order."""
    rows = list(range(len(values)))
    for column, descending in reversed(keys):
        ranks = [order(values[row][column]) for row in range(len(values))]
        full = [row for row in rows if ranks[row][0] != _BLANK]
        blank = [row for row in rows if ranks[row][0] == _BLANK]
        full.sort(key=ranks.__getitem__, reverse=descending)
        rows = full + blank
    return rows


def put_in_order(book: Book, area: Rect, order_of: list[int]) -> None:
    """Rows of an area in another order, each with everything in its cells; order_of is the old row of every new one."""
    grid = book.grid(area.sheet_id)
    for plane in PLANES:
        old = grid.read(plane, *area.area)
        if not any(cell is not None for row in old for cell in row):
            continue
        new = [list(old[row]) for row in order_of]
        if plane == "entered":
            for at, row in enumerate(order_of):
                new[at] = [
                    Formula(relative_copy(cell, at - row, 0)) if isinstance(cell, Formula) else cell for cell in new[at]
                ]
        grid.write(plane, area.r0, area.c0, new)
    _carry_metadata(grid.dimension(ROWS), area.r0, order_of)
    book.changed(*area)


def sort_rows(book: Book, area: Rect, specs: list[dict[str, Any]]) -> None:
    """Sorts the rows of an area by columns of the sheet; everything in a cell moves along but conditional formats."""
    keys = []
    for spec in specs:
        column = spec.get("dimensionIndex", 0)
        if not area.c0 <= column < area.c1:
            raise invalid(f"The sorted column {column} is outside of the range.")
        if spec.get("backgroundColor") or spec.get("foregroundColor") or "dataSourceColumnReference" in spec:
            raise invalid("Only sorting by value is supported by a local workspace.")
        keys.append((column - area.c0, spec.get("sortOrder") == "DESCENDING"))
    book.recalculate()
    order_of = sorted_rows(effective(book, *area), keys)
    if order_of != list(range(area.height)):
        put_in_order(book, area, order_of)


def _carry_metadata(own: dict[int, dict[str, Any]], first: int, order_of: list[int]) -> None:
    """Developer metadata of rows goes where its row goes (reported of the service)."""
    lists = {at: own[at].pop("developerMetadata") for at in list(own) if "developerMetadata" in own[at]}
    for new, old in enumerate(order_of):
        if first + old in lists:
            own[first + new] = own.get(first + new, {}) | {"developerMetadata": lists.pop(first + old)}
    for at, entries in lists.items():
        own[at] = own.get(at, {}) | {"developerMetadata": entries}
    for at in [at for at in own if not own[at]]:
        del own[at]


def _sort(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    if not body.get("sortSpecs"):
        raise invalid("At least one sort spec must be given.")
    sort_rows(book, rect(book, body.get("range")), body["sortSpecs"])
    return {}


def _randomize(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    """randomizeRange: whole rows of the range change places; empty ones at its end stay where they are."""
    area = rect(book, body.get("range"))
    book.recalculate()
    values = effective(book, *area)
    filled = max((at + 1 for at, row in enumerate(values) if any(v not in (None, "") for v in row)), default=0)
    shuffled = list(range(filled))
    random.SystemRandom().shuffle(shuffled)
    put_in_order(book, area, [*shuffled, *range(filled, area.height)])
    return {}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"sortRange": _sort, "randomizeRange": _randomize}
)
