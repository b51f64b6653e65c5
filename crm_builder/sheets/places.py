"""Where a sheet of an answer stands: its columns by their marks, its rows by what hangs on them and what they hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from crm_builder.model import Area, Sheet, Workbook
from crm_builder.plan.rewrite import Writer
from crm_builder.sheets import marks
from crm_builder.sheets.grid import Grid
from crm_builder.sheets.layout import Layout, NotOursError, Place
from crm_builder.sheets.lines import is_headless, table_shift, with_lines
from crm_builder.sheets.owned import anchors, contents_of, first_rules, sheet_id_of
from crm_builder.sheets.unmarked import Names, columns_without_mark

Json = dict[str, Any]


def place_of(key: str, sheet: Json, grid: Grid, names: Names, books: Sequence[Workbook]) -> Place:
    """The place of one of our sheets; `books` are the workbooks that are known, the one that was applied first."""
    pairs = [(one, book) for book in books for one in sheets_of(key, [book])]
    place = _plain(key, sheet, grid, {column.key for one, _ in pairs for column in one.columns})
    if not pairs or not sheet.get("data"):
        return place
    bare = columns_without_mark(*pairs[0], sheet, names, grid, place.columns)
    place = replace(place, columns={**place.columns, **bare})
    known = [(one, anchors(sheet, names, one, book)) for one, book in pairs]
    contents = contents_of(sheet, [one for one, _ in known])
    if contents.kind != "table":
        resized = place.rows != known[0][0].rows or place.rows != (contents.rows or place.rows)
        return with_lines(place, grid, sheet.get("merges", ()), known, resized)
    seen = known[0][1] or first_rules(sheet, known[0][0])
    shift = table_shift(place, grid, [one for one, _ in known], seen)
    if not shift and is_headless(place, grid, [one for one, _ in known], sheet):
        shift = -1
    return replace(place, shift=shift)


def without_gone_rows(workbook: Workbook, layout: Layout) -> Workbook:
    """The workbook as it reads back where people deleted rows: an area that began or ended at one does so at the next
    row that is there."""
    if not any(place.gone for place in layout.places.values()):
        return workbook

    def area(one: Area) -> Area:
        place = layout.places.get(one.sheet)
        if place is None or not {one.first_row, one.last_row} & place.gone:
            return one
        try:
            first = place.row_from(place.line(one.first_row))
            last = (
                None if one.last_row is None else place.row_to(place.line(one.last_row) - (one.last_row in place.gone))
            )
        except NotOursError:
            return one
        return replace(one, first_row=first, last_row=last) if last is None or last >= first else one

    read = Writer(area=area).workbook(workbook)
    pairs = zip(read.sheets, workbook.sheets, strict=True)  # a merged area is known by its rows
    return replace(read, sheets=tuple(replace(sheet, merges=former.merges) for sheet, former in pairs))


def former_columns(grid: Grid) -> dict[str, int]:
    """The columns that bear the mark of a forgotten one: key → 0-based index."""
    return {
        column: index
        for index, dimension in sorted(grid.columns.items())
        for _, column in marks.values_of(dimension.get("developerMetadata", ()), marks.FORMER_COLUMN)
    }


def sheets_of(key: str, books: Sequence[Workbook]) -> list[Sheet]:
    """The sheet as the workbooks know it, but for those that do not."""
    return [sheet for book in books for sheet in book.sheets if sheet.key == key]


def _plain(key: str, sheet: Json, grid: Grid, wanted: Collection[str]) -> Place:
    """The place with its columns. A copy of a column carries a copied mark: the original wins.

    A column that was forgotten is ours again where its key is `wanted` and no other column has it.
    """
    held, size = sheet["properties"], sheet["properties"].get("gridProperties", {})
    columns: dict[str, tuple[bool, int]] = {}
    for index, dimension in sorted(grid.columns.items()):
        for metadata_id, column in marks.values_of(dimension.get("developerMetadata", ()), marks.COLUMN):
            original = metadata_id == marks.column_mark_id(key, column)
            if column not in columns or original > columns[column][0]:
                columns[column] = (original, index)
    for column, index in former_columns(grid).items():
        if column in wanted:
            columns.setdefault(column, (False, index))
    return Place(
        key,
        sheet_id_of(sheet),
        held.get("index", 0),
        held.get("title", ""),
        size.get("rowCount", 0),
        size.get("columnCount", 0),
        {column: index for column, (_, index) in columns.items()},
    )
