"""Declared renames: written into the baseline and the observed workbook, so that only what really differs is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crm_builder.model import Area, Sheet, Workbook
from crm_builder.plan.changes import Id, Kind, Refusal, Rename, Wishes
from crm_builder.plan.rewrite import Writer
from crm_builder.plan.things import KEYED, things


@dataclass(frozen=True, slots=True)
class Renamed:
    """Both sides under the new keys. `held`: what must stay as it was applied, since a rename cannot be made."""

    baseline: Workbook | None
    observed: Workbook
    changes: tuple[Rename, ...]
    refusals: tuple[Refusal, ...]
    held: frozenset[Id]


def rename(baseline: Workbook | None, observed: Workbook, desired: Workbook, wishes: Wishes) -> Renamed:
    """Renames what is there under its former key. One that is done is no change; `was` may stay in the description."""
    if not wishes.renames:
        return Renamed(baseline, observed, (), (), frozenset())
    former_sheets = {new.sheet: old.sheet for old, new in wishes.renames.items() if old.kind == "sheet"}
    wanted = {replace(old, sheet=former_sheets.get(old.sheet, old.sheet)): new for old, new in wishes.renames.items()}
    sides = [set(things(side)) for side in (baseline, observed) if side]
    aims = set(things(desired))
    good, refusals, held = {}, [], set[Id]()
    for old, new in wanted.items():
        if new not in aims:
            continue
        before = {new, replace(new, sheet=former_sheets.get(new.sheet, new.sheet))}
        taken = [side for side in sides if old in side and before & side - wanted.keys() - {old}]
        if taken:
            refusals.append(_exists(old, new))
            held.add(replace(old, sheet=new.sheet) if old.kind != "sheet" else old)
        elif any(old in side for side in sides):
            good[old] = new
        elif _home(old, sides) and not any((before | {one for one in wanted if wanted[one] == new}) & s for s in sides):
            refusals.append(_missing(old, new))
            held |= {new} | _leaving(old, new, sides, aims)
    table = _Table.of(good)
    changed = [_rewritten(side, desired, table) for side in (baseline, observed) if side]
    now, pairs = changed[-1]
    base = changed[0][0] if baseline else None
    return Renamed(base, now, tuple(Rename(old, new) for old, new in pairs), tuple(refusals), frozenset(held))


def _home(old: Id, sides: list[set[Id]]) -> bool:
    """Whether there is something that it could have been part of; a new CRM has no past."""
    home = [one for side in sides for one in side if one.kind == "sheet"]
    return bool(home) if old.kind == "sheet" else Id("sheet", old.sheet) in home


def _leaving(old: Id, new: Id, sides: list[set[Id]], aims: set[Id]) -> set[Id]:
    """What the description no longer names, and what might be meant: forgotten now, it could not be renamed later."""
    there = {one for side in sides for one in side if one.kind == old.kind}
    if old.kind == "sheet":
        return there - aims
    return {replace(one, sheet=new.sheet) for one in there if one.sheet == old.sheet} - aims


def _exists(old: Id, new: Id) -> Refusal:
    return Refusal(
        new,
        f"`{old}` cannot become `{new}`: there is one of that key already",
        0,
        f"take `was` out, or give `{new}` another key",
    )


def _missing(old: Id, new: Id) -> Refusal:
    return Refusal(
        new,
        f"`{new}` was `{old}`, says the description, but nothing of that key is there",
        0,
        "correct `was`, or take it out to make it anew",
    )


@dataclass(frozen=True)
class _Table:
    """New keys by former ones; columns and items by (former sheet, former key)."""

    sheets: dict[str, str] = field(default_factory=dict)
    columns: dict[tuple[str, str], str] = field(default_factory=dict)
    items: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, renames: Mapping[Id, Id]) -> _Table:
        table = cls()
        for old, new in renames.items():
            if old.kind == "sheet":
                table.sheets[old.sheet] = new.sheet
            elif old.kind in ("column", "item"):
                (table.columns if old.kind == "column" else table.items)[old.sheet, old.key] = new.key
        return table

    def sheet(self, key: str) -> str:
        return self.sheets.get(key, key)


def _rewritten(side: Workbook, desired: Workbook, table: _Table) -> tuple[Workbook, list[tuple[Id, Id]]]:
    """The workbook under the new keys, and (former, new) of all that has another Id now."""
    if not (table.sheets or table.columns or table.items):
        return side, []
    columns = dict(_with_companions(side, desired, table))
    # `a` and `b` may change places; a rename whose aim is there already is done on this side.
    here = {sheet.key: {column.key for column in sheet.columns} for sheet in side.sheets}
    columns = {
        (sheet, old): new
        for (sheet, old), new in columns.items()
        if old in here.get(sheet, ()) and (new not in here[sheet] or (sheet, new) in columns)
    }
    sheets = {old: new for old, new in table.sheets.items() if new not in here or new in table.sheets}
    table = _Table(sheets, columns, table.items)
    names = _names(side, desired, table)
    writer = Writer(table.sheet, lambda sheet, key: columns.get((sheet, key), key), lambda name: names.get(name, name))
    derived = {sheet.key: _derived(sheet, desired, table) for sheet in side.sheets}
    keyed = replace(side, sheets=tuple(_keyed(sheet, derived[sheet.key], table) for sheet in side.sheets))
    pairs = [(Id("sheet", old), Id("sheet", new)) for old, new in sheets.items() if old in here]
    pairs += [(Id("column", on, old), Id("column", table.sheet(on), new)) for (on, old), new in columns.items()]
    there = things(side)
    pairs += [
        (Id("item", on, old), Id("item", table.sheet(on), new))
        for (on, old), new in table.items.items()
        if Id("item", on, old) in there
    ]
    pairs += [(Id("name", "", old), Id("name", "", new)) for old, new in names.items()]
    pairs += [
        (
            Id(kind, sheet.key, one.key),
            Id(kind, table.sheet(sheet.key), derived[sheet.key].get((kind, one.key), one.key)),
        )
        for sheet in side.sheets
        for kind, name in KEYED.items()
        for one in getattr(sheet, name)
        if sheet.key in sheets or (kind, one.key) in derived[sheet.key]
    ]
    return writer.workbook(keyed), pairs


def _with_companions(side: Workbook, desired: Workbook, table: _Table) -> Iterator[tuple[tuple[str, str], str]]:
    """Column renames, and those of columns that go along: with `born`, `born_jalali` gets the new key too."""
    wanted = {sheet.key: {column.key for column in sheet.columns} for sheet in desired.sheets}
    here = {sheet.key: {column.key for column in sheet.columns} for sheet in side.sheets}
    for (sheet, old), new in table.columns.items():
        yield (sheet, old), new
        aims, there = wanted.get(table.sheet(sheet), set()), here.get(sheet, set())
        for key in there:
            made = new + key.removeprefix(old)
            if key.startswith(f"{old}_") and key not in aims and made in aims and made not in there:
                yield (sheet, key), made


def _names(side: Workbook, desired: Workbook, table: _Table) -> dict[str, str]:
    wanted, there = ({name.name for name in book.names} for book in (desired, side))
    changed = {f"{sheet}_{old}": f"{table.sheet(sheet)}_{new}" for (sheet, old), new in table.columns.items()}
    for name in there:
        for old, new in table.sheets.items():
            made = new + name.removeprefix(old)
            if name.startswith(f"{old}_") and name not in changed and made in wanted and name not in wanted:
                changed[name] = made
    return {old: new for old, new in changed.items() if old in there and (new not in there or new in changed)}


def _derived(sheet: Sheet, desired: Workbook, table: _Table) -> dict[tuple[Kind, str], str]:
    """New keys of things that were called after the sheet, a column or an item, where the description has them so."""
    aim = next((one for one in desired.sheets if one.key == table.sheet(sheet.key)), None)
    if aim is None:
        return {}
    words = {old: new for (on, old), new in table.columns.items() if on == sheet.key}
    endings = {old.rpartition("/")[2]: new.rpartition("/")[2] for (_, old), new in table.items.items()}
    changed: dict[tuple[Kind, str], str] = {}
    for kind, name in KEYED.items():
        wanted = {one.key for one in getattr(aim, name)}
        there = {one.key for one in getattr(sheet, name)}
        for key in sorted(there - wanted):
            for made in _made(key, sheet.key, table.sheet(sheet.key), words, endings):
                if made in wanted - there:
                    changed[kind, key] = made
                    break
    return changed


def _made(key: str, sheet: str, new_sheet: str, words: Mapping[str, str], endings: Mapping[str, str]) -> Iterator[str]:
    starts = [new_sheet + key.removeprefix(sheet)] if key == sheet or key.startswith(f"{sheet}_") else []
    for start in (*starts, key):
        yield start
        for old, new in words.items():
            if f"_{old}_" in f"_{start}_":
                yield f"_{start}_".replace(f"_{old}_", f"_{new}_", 1)[1:-1]
        for old, new in endings.items():
            if start.endswith(f"_{old}"):
                yield start.removesuffix(old) + new


def _keyed(sheet: Sheet, derived: Mapping[tuple[Kind, str], str], table: _Table) -> Sheet:
    written: dict[str, Any] = {
        name: tuple(replace(one, key=derived.get((kind, one.key), one.key)) for one in getattr(sheet, name))
        for kind, name in KEYED.items()
    }
    cells = tuple(
        replace(cell, item=table.items.get((sheet.key, cell.item), cell.item)) if cell.item else cell
        for cell in sheet.cells
    )
    return replace(sheet, cells=cells, **written)


def align(side: Workbook, desired: Workbook) -> Workbook:
    """The rows of items as the description counts them, also where a name or rule speaks of such a cell."""
    aims = {
        (sheet.key, cell.item, cell.column): cell.row for sheet in desired.sheets for cell in sheet.cells if cell.item
    }
    rows: dict[tuple[str, str, int], int] = {}
    for sheet in side.sheets:
        for cell in sheet.cells:
            aim = aims.get((sheet.key, cell.item, cell.column)) if cell.item else None
            if aim is not None and aim != cell.row:
                rows[sheet.key, cell.column, cell.row] = aim
    if not rows:
        return side

    def area(one: Area) -> Area:
        row = rows.get((one.sheet, one.first_column or "", one.first_row)) if one.first_row == one.last_row else None
        return replace(one, first_row=row, last_row=row) if row else one

    moved = Writer(area=area).workbook(side)
    sheets = [
        replace(
            sheet,
            cells=tuple(
                replace(cell, row=rows.get((sheet.key, cell.column, cell.row), cell.row)) if cell.item else cell
                for cell in sheet.cells
            ),
        )
        for sheet in moved.sheets
    ]
    return replace(moved, sheets=tuple(sheets))
