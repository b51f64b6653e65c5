"""Areas of a sheet, named by keys instead of letters, so that they stay true when columns move."""

from __future__ import annotations

from dataclasses import dataclass

HEADER_ROW = 1
FIRST_DATA_ROW = 2


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of one sheet. Rows are 1-based and inclusive; `last_row` None runs to the end of the grid.

    `first_column` None means the whole width; `last_column` None means the same column as the first.
    """

    sheet: str
    first_column: str | None = None
    last_column: str | None = None
    first_row: int = FIRST_DATA_ROW
    last_row: int | None = None

    @classmethod
    def header(cls, sheet: str) -> Area:
        return cls(sheet, first_row=HEADER_ROW, last_row=HEADER_ROW)
