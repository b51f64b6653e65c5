"""A workbook as its single things, each under its Id, and the way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crm_builder.model import Area, Cell, Sheet, Workbook
from crm_builder.model.once import once
from crm_builder.plan.changes import Id, Kind

WORKBOOK = Id("workbook")
# Where a sheet holds the things of each kind that has keys of its own; templates often derive these from their table's.
KEYED: dict[Kind, str] = {
    "rule": "rules", "banding": "banding", "view": "views", "protection": "protections", "chart": "charts",
    "pivot": "pivots", "slicer": "slicers",
}  # fmt: skip
_COLLECTIONS = ("columns", "cells", *KEYED.values(), "merges", "heights")

Things = dict[Id, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """The orders that say something: of sheets, of the columns of a sheet, of its rules."""

    sheets: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, workbook: Workbook) -> Order:
        return cls(
            tuple(sheet.key for sheet in workbook.sheets),
            {sheet.key: tuple(column.key for column in sheet.columns) for sheet in workbook.sheets},
            {sheet.key: tuple(rule.key for rule in sheet.rules) for sheet in workbook.sheets},
        )


def things(workbook: Workbook) -> Things:
    """Every thing of a workbook by its Id.

    The workbook and each sheet come without what stands in them, an item as {column: Cell}, a mark as (name, text), a
    height as (row, pixels), a merge as its Area. Cells of a table that belong to no item are people's: no things.
    """
    return dict(_things(workbook))


@once
def _things(workbook: Workbook) -> Things:
    found: Things = {WORKBOOK: replace(workbook, sheets=(), names=(), marks=())}
    found |= {Id("mark", "", mark[0]): mark for mark in workbook.marks}
    for sheet in workbook.sheets:
        found |= _of_sheet(sheet)
    return found | {Id("name", "", name.name): name for name in workbook.names}


def _of_sheet(sheet: Sheet) -> Things:
    emptied: dict[str, Any] = {name: () for name in _COLLECTIONS}
    found: Things = {Id("sheet", sheet.key): replace(sheet, filter=None, **emptied)}
    found |= {Id("column", sheet.key, column.key): column for column in sheet.columns}
    for cell in sheet.cells:
        if sheet.kind != "table":
            found[cell_id(sheet.key, cell)] = cell
        elif cell.item:
            found.setdefault(Id("item", sheet.key, cell.item), {})[cell.column] = cell
    for kind, name in KEYED.items():
        found |= {Id(kind, sheet.key, one.key): one for one in getattr(sheet, name)}
    if sheet.filter:
        found[Id("filter", sheet.key)] = sheet.filter
    found |= {Id("merge", sheet.key, area_key(area)): area for area in sheet.merges}
    return found | {Id("height", sheet.key, str(height[0])): height for height in sheet.heights}


def cell_id(sheet: str, cell: Cell) -> Id:
    return Id("cell", sheet, f"{cell.column} row {cell.row}")


def area_key(area: Area) -> str:
    """An area as a key: `name 2:phone 4`; an end that is open is left out."""
    first = f"{area.first_column or ''} {area.first_row}".strip()
    last = f"{area.last_column or ''} {area.last_row or ''}".strip()
    return f"{first}:{last}"


def assemble(found: Mapping[Id, Any], order: Order) -> Workbook:
    """The workbook of these things, canonical; what an order does not know comes last. Needs a thing `WORKBOOK`."""
    by_sheet: dict[str, dict[Kind, list[Any]]] = {}
    for one, thing in found.items():
        by_sheet.setdefault(one.sheet, {}).setdefault(one.kind, []).append(thing)
    rest = by_sheet.pop("", {})
    keys = [key for key in by_sheet if "sheet" in by_sheet[key]]
    return replace(
        rest["workbook"][0],
        sheets=tuple(_sheet(by_sheet[key], order) for key in sorted(keys, key=_place(order.sheets))),
        names=tuple(sorted(rest.get("name", ()), key=lambda name: name.name)),
        marks=tuple(sorted(rest.get("mark", ()))),
    )


def _sheet(parts: Mapping[Kind, list[Any]], order: Order) -> Sheet:
    sheet: Sheet = parts["sheet"][0]
    column_place, rule_place = _place(order.columns.get(sheet.key, ())), _place(order.rules.get(sheet.key, ()))
    columns = sorted(parts.get("column", ()), key=lambda column: column_place(column.key))
    number = {column.key: index for index, column in enumerate(columns)}
    last = len(number)
    lists: dict[str, tuple[Any, ...]] = {
        name: tuple(sorted(parts.get(kind, ()), key=lambda one: one.key)) for kind, name in KEYED.items()
    }
    lists["rules"] = tuple(sorted(parts.get("rule", ()), key=lambda rule: rule_place(rule.key)))
    return replace(
        sheet,
        columns=tuple(columns),
        cells=tuple(sorted(_cells(parts), key=lambda cell: (cell.row, number.get(cell.column, last)))),
        filter=next(iter(parts.get("filter", ())), None),
        merges=tuple(
            sorted(
                parts.get("merge", ()),
                key=lambda area: (area.first_row, number.get(area.first_column, last) if area.first_column else 0),
            )
        ),
        heights=tuple(sorted(parts.get("height", ()))),
        **lists,
    )


def _cells(parts: Mapping[Kind, list[Any]]) -> Iterator[Cell]:
    yield from parts.get("cell", ())
    for item in parts.get("item", ()):
        yield from item.values()


def _place(order: Sequence[str]) -> Any:
    places = {key: index for index, key in enumerate(order)}
    return lambda key: places.get(key, len(places))
