"""The rows that a pivot table is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crm_builder.local.formulas.values import Value

Show = Callable[[int, Value], str]


@dataclass(frozen=True)
class Source:
    """Names of all columns, and for the rows that count the values of those columns that the table speaks of.

    `show` writes a value of a column as its cells show it; it is what names an item's total.
    """

    names: Sequence[str]
    columns: Mapping[int, Sequence[Value]]
    rows: int
    show: Show

    def has(self, offset: int) -> bool:
        """Whether the source has that column."""
        return 0 <= offset < len(self.names)
