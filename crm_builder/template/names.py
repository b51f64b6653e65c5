"""Named ranges: one a column, one a block of a helper sheet, one a named cell. Formulas speak in these."""

from __future__ import annotations

from crm_builder.model import HEADER_ROW, Area, NamedRange

LAST = "last"  # no column may be called so: the name with the table is that of a figure


def column_name(table: str, column: str) -> str:
    return f"{table}_{column}"


def last_name(table: str) -> str:
    """The cell that holds the number of the table's last row with content; of an empty table that is the header's."""
    return f"{table}_{LAST}"


def column_range(sheet: str, column: str) -> NamedRange:
    """A column from its header on: a row inserted right below the header is inside, as any other."""
    return NamedRange(column_name(sheet, column), Area(sheet, column, first_row=HEADER_ROW))


def cell_range(name: str, sheet: str, column: str, row: int) -> NamedRange:
    return NamedRange(name, Area(sheet, column, first_row=row, last_row=row))
