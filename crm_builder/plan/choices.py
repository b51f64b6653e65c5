"""Choices: the items of a list, and the columns that take from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crm_builder.model import Cell, Workbook
from crm_builder.plan.changes import Id
from crm_builder.plan.things import things


def list_of(item: Id) -> str:
    """The choice list of an item, `deal_stage` of `deal_stage/won`; empty where it is of no list."""
    name, slash, _ = item.key.partition("/")  # a title may hold slashes
    return name if slash else ""


def leading(item: Mapping[str, Cell], sheet: str, *workbooks: Workbook | None) -> Cell | None:
    """The first cell of an item, in the order of its sheet's columns: it holds what people know the item by."""
    for workbook in workbooks:
        for one in workbook.sheets if workbook else ():
            if one.key == sheet:
                return next((item[column.key] for column in one.columns if column.key in item), None)
    return None


def uses_of(name: str, workbook: Workbook) -> Iterator[tuple[str, str]]:
    """(sheet, column) of all columns of tables that take from a list."""
    for sheet in workbook.sheets:
        for column in sheet.columns:
            if name and column.list == name and sheet.kind == "table" and column.formula is None:
                yield sheet.key, column.key


def titles_of(name: str, workbook: Workbook) -> tuple[set[str], set[tuple[str, str]]]:
    """(the titles of a list's choices, the columns that they stand in; people may type more of them there)."""
    titles, columns = set(), set()
    for one, item in things(workbook).items():
        if one.kind == "item" and name and list_of(one) == name:
            cell = leading(item, one.sheet, workbook)
            if cell is not None:
                titles.add(str(cell.value))
                columns.add((one.sheet, cell.column))
    return titles, columns
