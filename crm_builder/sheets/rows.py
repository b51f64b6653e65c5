"""Rows of data → requests that write them below a table's header."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_builder.model import CellFormat, Scalar, Sheet
from crm_builder.sheets.cells import added_rows, encode_value, update_cells
from crm_builder.sheets.filters import set_basic_filter
from crm_builder.sheets.layout import Layout

Json = dict[str, Any]


def compile_rows(
    sheet: str, first_row: int, columns: Sequence[str], rows: Sequence[Sequence[Scalar | None]], layout: Layout
) -> list[Json]:
    """Requests that put rows into neighbouring columns from a 1-based row on; None empties a cell. Values go in RAW."""
    place = layout.place(sheet)
    cells = [[encode_value(value) for value in row] for row in rows]
    return [update_cells(place.sheet_id, place.line(first_row), place.column(columns[0]), cells)]


def add_rows(sheet: str, count: int, layout: Layout) -> list[Json]:
    """The request that adds empty rows at the end of a sheet's grid; none for nothing to add."""
    if count <= 0:
        return []
    place = layout.place(sheet)
    return [{"appendDimension": {"sheetId": place.sheet_id, "dimension": "ROWS", "length": count}}]


def add_table_rows(sheet: Sheet, count: int, there: int, layout: Layout, defaults: CellFormat) -> list[Json]:
    """The same for a table that has `there` rows: its new ones look and accept what the others do."""
    added = add_rows(sheet.key, count, layout)
    return (
        [*added, *added_rows(sheet, layout, defaults, there + 1, count), *renewed_filter(sheet, layout)]
        if added
        else []
    )


def renewed_filter(sheet: Sheet, layout: Layout) -> list[Json]:
    """The request that lets a table's filter reach its new last row: the service ends it where the grid ended."""
    return [set_basic_filter(sheet.filter, layout)] if sheet.filter else []
