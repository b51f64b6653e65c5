"""Named ranges: one a column, one a block of a helper sheet, one a named cell. Formulas speak in these."""

from __future__ import annotations

from crm_builder.model import Area, NamedRange


def column_name(table: str, column: str) -> str:
    return f"{table}_{column}"


def rows_name(table: str) -> str:
    """The cell that holds the number of the table's last row with content, header not counted."""
    return f"{table}_rows"


def column_range(sheet: str, column: str) -> NamedRange:
    return NamedRange(column_name(sheet, column), Area(sheet, column))


def cell_range(name: str, sheet: str, column: str, row: int) -> NamedRange:
    return NamedRange(name, Area(sheet, column, first_row=row, last_row=row))
