"""Choices: the items of a list, the columns that take from it, and choices that a column has of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crm_builder.model import Cell, Column, Workbook
from crm_builder.plan.changes import Change, Id, Refusal, Rename
from crm_builder.plan.things import Things, things


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


def own_choices(column: Column | None) -> tuple[str, ...]:
    """The titles of the choices that a column has of its own."""
    condition = column.validation.condition if column and column.validation else None
    return tuple(map(str, condition.values)) if condition and condition.kind == "one_of_list" else ()


def rename_choices(renames: Mapping[Id, Id], base: Things, wanted: Things) -> tuple[list[Rename], list[Refusal]]:
    """The choices of columns that have another title than they were applied with; keys of columns are the new ones."""
    changes, refusals = [], []
    for old, new in renames.items():
        former, title = (one.key.partition("/")[2] for one in (old, new))
        home = _home(new, renames, wanted)
        applied = own_choices(base.get(home))
        if old.kind != "item" or new in wanted or title not in own_choices(wanted.get(home)) or not applied:
            continue
        if former in applied and title in applied:
            reason = f"the choice `{former}` cannot become `{title}`: that is another one of its choices already"
            refusals.append(Refusal(home, reason, 0, f"take `was` out, and choose `{title}` in the cells in question"))
        elif former in applied:
            pair = (Id("item", home.sheet, f"{home.key}/{name}") for name in (former, title))
            changes.append(Rename(*pair, cells=0))
        elif title not in applied:
            reason = f"the choice `{title}` was `{former}`, says the description, but there is none of that title"
            refusals.append(Refusal(home, reason, 0, "correct `was`, or take it out to make it anew"))
    return changes, refusals


def _home(choice: Id, renames: Mapping[Id, Id], wanted: Things) -> Id:
    """The column that a choice is one of: where that is renamed along, both are said under one key."""
    name = choice.key.partition("/")[0]
    home = Id("column", choice.sheet, name)
    return home if home in wanted else renames.get(home, home)


def home_of(change: Change) -> Id | None:
    """The column of a choice of its own that gets another title; None for any other change."""
    if not isinstance(change, Rename) or change.cells is None:
        return None
    return Id("column", change.new.sheet, change.new.key.partition("/")[0])
