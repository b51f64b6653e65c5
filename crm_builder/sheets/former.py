"""What forgotten sheets held when they were left to people: so that taking them back writes over nothing of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crm_builder.model import Cell, Column, Sheet, Workbook
from crm_builder.plan.changes import Forget, Plan
from crm_builder.sheets.cells import decode_value, encode_value
from crm_builder.sheets.layout import NotOursError, Place
from crm_builder.sheets.read import Observed

Grid = Sequence[Sequence[Any]]
Content = tuple[object, ...]


def former_after(
    former: Workbook | None,
    plan: Plan,
    applied: Workbook,
    observed: Observed,
    shown: Mapping[tuple[str, str], Grid],
    entered: Mapping[str, Grid],
) -> Workbook | None:
    """What to note of forgotten sheets: those known so far without the ones that are `applied`, and those that go now.

    `shown`, `entered`: of the sheets whose formulas become values what the cells show, and what they hold.
    """
    gone = [one.id.sheet for one in plan.changes if isinstance(one, Forget) and one.id.kind == "sheet"]
    if plan.observed is None or plan.baseline is None:
        return former
    there = {sheet.key for sheet in applied.sheets} | set(gone)
    sheets = [sheet for sheet in former.sheets if sheet.key not in there] if former else []
    names = [name for name in former.names if name.area.sheet not in there] if former else []
    base = {sheet.key: sheet for sheet in plan.baseline.sheets}
    for found in plan.observed.sheets:
        if found.key in gone and found.key in base:
            frozen = shown.get((found.key, ""), ())
            place = observed.layout.place(found.key)
            sheets.append(_left(found, base[found.key], place, frozen, entered.get(found.key, ())))
    names += [name for name in plan.observed.names if name.area.sheet in gone]
    return replace(former or applied, sheets=tuple(sheets), names=tuple(names), marks=()) if sheets else None


def _left(found: Sheet, base: Sheet, place: Place, shown: Grid, entered: Grid) -> Sheet:
    """The sheet as it is left. What people had changed is noted as it was applied: it differs, so it stays theirs."""
    values = dict(_frozen(found, place, shown, entered))
    applied = {_spot(cell): cell for cell in base.cells}
    cells = []
    for cell in found.cells:
        was = applied.pop(_spot(cell), None)
        own = values.pop(_spot(cell), None)
        if was is None:
            continue
        if not _same(cell, was):
            cells.append(_with_content(cell, was))
        else:
            cells.append(cell if own is None or cell.item else _with_content(cell, own))
    cells += [cell for cell in applied.values() if not _is_blank(cell)]  # which people emptied
    taken = {_spot(cell) for cell in cells}
    cells += [cell for spot, cell in values.items() if spot not in taken]
    former = {one.key: one for one in base.columns}
    columns = tuple(_with_head(one, former.get(one.key)) for one in _in_order_of(base, found))
    return replace(found, columns=columns, cells=tuple(sorted(cells, key=lambda one: (one.row, one.column, one.item))))


def _frozen(found: Sheet, place: Place, shown: Grid, entered: Grid) -> Iterator[tuple[tuple[str, int | str], Cell]]:
    """The cells that become what they show: those of our formulas, and those that such a formula fills."""
    keys = {column.key for column in found.columns}
    formulas = {_spot(cell) for cell in found.cells if cell.formula is not None or cell.link}
    for line, row in enumerate(shown):
        for index, value in enumerate(row):
            key = place.column_key(index)
            try:
                cell = Cell(place.row(line), key, decode_value(encode_value(value))[0])
            except NotOursError:
                break
            held = line < len(entered) and index < len(entered[line]) and entered[line][index] is not None
            if key in keys and (_spot(cell) in formulas or not (held or cell.value is None)):
                yield _spot(cell), cell


def base_of(found: Sheet, former: Sheet | None, wanted: Sheet | None) -> Sheet:
    """A sheet that is taken back, as it was left: what people changed since then differs from it.

    `former` None where nothing is noted, as of one that an earlier version left. Then a formula in a view is people's,
    as ours became values, and so is another content where a plain one is `wanted`. What stands where a formula is, or
    where it may have filled cells, nobody can tell apart: it counts as ours.
    """
    if former is None:
        view = found.kind == "view" and not found.pivots
        described = wanted.cells if wanted else ()
        plain = {_spot(one) for one in described if one.value is not None and one.formula is None and not one.link}
        own = {_spot(cell) for cell in found.cells if view and cell.formula is not None} | plain
        return replace(found, cells=tuple(cell for cell in found.cells if _spot(cell) not in own))
    left = {_spot(cell) for cell in former.cells}
    known = tuple(cell for cell in found.cells if _spot(cell) in left or _is_blank(cell))
    return as_left(replace(found, cells=known), former)


def as_left(sheet: Sheet, former: Sheet) -> Sheet:
    """A sheet with the contents that were left in it: also of one that is not forgotten yet, as a run was killed."""
    cells = {_spot(cell): cell for cell in sheet.cells}
    for cell in former.cells:
        if _spot(cell) in cells:
            cells[_spot(cell)] = _with_content(cells[_spot(cell)], cell)
        elif not _is_blank(cell):
            cells[_spot(cell)] = cell
    heads = {one.key: one for one in former.columns}
    columns = tuple(_with_head(one, heads.get(one.key)) for one in _in_order_of(former, sheet))
    ordered = sorted(cells.values(), key=lambda one: (one.row, one.column, one.item))
    return replace(sheet, columns=columns, cells=tuple(ordered))


def _in_order_of(known: Sheet, sheet: Sheet) -> list[Column]:
    """The columns of a sheet in the order in which another one has them: where people moved them they are to stay."""
    order = [column.key for column in known.columns]
    mine = iter(sorted((one for one in sheet.columns if one.key in order), key=lambda one: order.index(one.key)))
    return [next(mine) if one.key in order else one for one in sheet.columns]


def _spot(cell: Cell) -> tuple[str, int | str]:
    return cell.column, cell.item or cell.row


def _with_content(cell: Cell, other: Cell) -> Cell:
    return replace(cell, value=other.value, formula=other.formula, link=other.link)


def _with_head(column: Column, other: Column | None) -> Column:
    return replace(column, title=other.title, formula=other.formula) if other else column


def _same(cell: Cell, other: Cell) -> bool:
    return _content(cell) == _content(other)


def _is_blank(cell: Cell) -> bool:
    return _same(cell, Cell(cell.row, cell.column))


def _content(cell: Cell) -> Content:
    value = None if cell.value == "" else cell.value
    return value, isinstance(value, bool), cell.formula, cell.link
