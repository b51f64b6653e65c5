"""Contents of the cells of one sheet's answer that are ours, and the cells that have a look of their own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from crm_builder.model import Cell, CellFormat, Column, Sheet, Validation
from crm_builder.sheets.cells import decode_value
from crm_builder.sheets.formats import decode_format, difference, overlay, settle
from crm_builder.sheets.grid import Grid, Spot
from crm_builder.sheets.items import known_cells
from crm_builder.sheets.layout import Layout, NotOursError, Place
from crm_builder.sheets.links import decode_link

Json = dict[str, Any]


def known_spots(place: Place, known: Sequence[Sheet], items: Mapping[str, int]) -> dict[Spot, Cell]:
    """Where the cells that we know stand: those of items in the item's line, all others in their row."""
    spots: dict[Spot, Cell] = {}
    for sheet in known[:1]:
        for cell in sheet.cells:
            if not cell.item and cell.column in place.columns:
                spots[place.line(cell.row), place.columns[cell.column]] = cell
    for item, cells in known_cells(known).items():
        for cell in cells.values():
            if item in items and cell.column in place.columns:
                spots[items[item], place.columns[cell.column]] = cell
    return spots


def dressed(spots: Mapping[Spot, Cell]) -> set[Spot]:
    """The cells that were given a look of their own."""
    return {spot for spot, cell in spots.items() if cell.format or cell.validation}


def read_cells(
    grid: Grid,
    layout: Layout,
    place: Place,
    kind: str,
    columns: Sequence[Column],
    spots: Mapping[Spot, Cell],
    covered: Collection[Spot],
    defaults: CellFormat,
    validation: Callable[[Json, int], Validation | None],
) -> tuple[tuple[Cell, ...], set[int]]:
    """Our cells, and the lines of others that hold something.

    Of a table only what is known: the rest is what people typed. `covered` are the cells under merged areas.
    """
    by_key = {column.key: column for column in columns}
    found: list[Cell] = []
    others: set[int] = set()
    for line, index, data, row in _filled(grid, place):
        key, before = place.column_key(index), spots.get((line, index))
        if row is None:
            if "userEnteredValue" in data:
                others.add(line)
            continue
        if (row == 1 and kind != "view") or key not in by_key or (line, index) in covered:
            continue
        if kind == "table" and before is None:
            continue
        value, formula = decode_value(data)
        under = overlay(defaults, by_key[key].format)
        own = decode_format(data.get("userEnteredFormat", {}))
        own = difference(settle(own, before.format) if before and before.format else own, under)
        rule = validation(data, line)
        link = decode_link(formula, layout)
        item = before.item if before else ""
        cell = Cell(
            before.row if before and item else row,
            key,
            link[1] if link else value,
            None if link else formula,
            None if own == CellFormat() else own,
            data.get("note", ""),
            None if rule == by_key[key].validation else rule,
            link[0] if link else "",
            item,
        )
        if cell != Cell(cell.row, key):
            found.append(cell)
    return tuple(sorted(found, key=lambda cell: (cell.row, place.columns[cell.column]))), others


def _filled(grid: Grid, place: Place) -> Iterator[tuple[int, int, Json, int | None]]:
    """(line, column, cell, row) of every cell that holds anything; None for the row of a line that is not ours."""
    rows: dict[int, int | None] = {}
    for line, index, data in grid.filled():
        if line not in rows:
            try:
                row = place.row(line)
                rows[line] = row if row > 0 else None
            except NotOursError:
                rows[line] = None
        yield line, index, data, rows[line]
