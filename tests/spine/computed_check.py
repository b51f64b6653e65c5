"""Compares every computed cell of an opened CRM with the reference, and looks for errors everywhere."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from crm_builder.model import Sheet
from tests.spine.conftest import Grid, Opened, computed
from tests.spine.reference import BLOCKS, JALALI, Block, Crm, from_jalali, to_jalali
from tests.spine.reference_columns import COLUMNS

CHOICES = "choices"  # the helper sheet that dropdowns point at
BEHIND_COLUMNS = ("figures", "calendar")  # the helper sheets that computed columns look up in; views have others
ORDERED = {"last_product", "years", "starts"}  # blocks whose order is part of their meaning


def wanted(crm: Crm, table: str, key: str, row: Mapping[str, Any], typed: set[str]) -> Any:
    """What a computed column shows in a row. KeyError where nobody has written down what it means."""
    if key.endswith(JALALI):
        date = key.removesuffix(JALALI)
        return to_jalali(row.get(date) if date in typed else wanted(crm, table, date, row, typed))
    if key + JALALI in typed:
        return from_jalali(row.get(key + JALALI, ""))
    return COLUMNS[table][key](crm, row)


def same(found: Any, expected: Any) -> bool:
    blank = found is None or found == ""
    if expected is None or blank:
        return expected in (None, "") and blank
    numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in (found, expected)]
    if all(numbers):
        return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    return type(found) is type(expected) and found == expected


def wrong_columns(crm: Opened, grids: Mapping[str, Grid]) -> Iterator[str]:
    """Every cell of a computed column that does not show what it should, those under the data included."""
    given = crm.crm(grids)
    for sheet in crm.sheets:
        if sheet.kind != "table":
            continue
        typed = {column.key for column in sheet.columns if column.formula is None}
        for index, column in enumerate(sheet.columns):
            if column.formula is None:
                continue
            for number, row in enumerate(grids[sheet.key][1:], 2):
                values = given.tables[sheet.key][number]
                is_row = given.is_row(sheet.key, values)
                expected = wanted(given, sheet.key, column.key, values, typed) if is_row else None
                found = row[index] if index < len(row) else None
                if not same(found, expected):
                    yield f"{sheet.key}.{column.key} row {number}: {found!r} instead of {expected!r} for {values}"


def blocks(crm: Opened, grids: Mapping[str, Grid]) -> dict[str, Block]:
    """The rows of every block of the helper sheets; a block ends where nothing stands below."""
    found: dict[str, Block] = {}
    for sheet in crm.sheets:
        if sheet.key not in BEHIND_COLUMNS:
            continue
        names = [column.title.partition(".")[0] for column in sheet.columns]
        for name in dict.fromkeys(names):
            columns = [index for index, other in enumerate(names) if other == name]
            rows = [tuple(row[i] if i < len(row) else "" for i in columns) for row in grids[sheet.key][1:]]
            while rows and not any(value != "" for value in rows[-1]):
                rows.pop()
            found[name] = rows
    return found


def wrong_blocks(crm: Opened, grids: Mapping[str, Grid]) -> Iterator[str]:
    given = crm.crm(grids)
    for name, found in blocks(crm, grids).items():
        expected = BLOCKS[name](given)
        if name == "facts":
            # How far down each table's rows reach, and that each block has no error to pass on to those who look there.
            expected += [(sheet.key, given.last_row(sheet.key)) for sheet in crm.sheets if has_computed(sheet)]
            expected += [(other, 0) for other in BLOCKS if other not in ORDERED | {"facts"}] + [("last_product", 0)]
        if name not in ORDERED:
            found, expected = (sorted(rows, key=lambda row: str(row)) for rows in (found, expected))
        if len(found) != len(expected):
            yield f"block {name}: {len(found)} rows instead of {len(expected)}: {found[:3]} … {expected[:3]}"
        for one, other in zip(found, expected, strict=False):
            if not all(map(same, one, other)):
                yield f"block {name}: {one} instead of {other}"


def wrong_choices(crm: Opened, grids: Mapping[str, Grid]) -> Iterator[str]:
    """What the dropdowns offer: every list and every label, in their order, without headers and gaps."""
    helper, lists = crm.sheet(CHOICES), crm.sheet("lists")
    for index, column in enumerate(helper.columns):
        name = column.key.removesuffix("_choice")
        table, key = (name.removeprefix("all_"), "label") if name.startswith("all_") else (lists.key, name)
        keys = [one.key for one in crm.sheet(table).columns]
        place = keys.index(key if key in keys else "key")  # what has no label is offered by its key
        expected = [row[place] for row in grids[table][1:] if place < len(row) and row[place] != ""]
        found = [row[index] for row in grids[CHOICES][1:] if index < len(row) and row[index] != ""]
        if found != expected:
            yield f"choices of {name}: {found[:5]} instead of {expected[:5]}"


def has_computed(sheet: Sheet) -> bool:
    return sheet.kind == "table" and bool(computed(sheet))


def check(crm: Opened) -> dict[str, Grid]:
    """Everything computed is right and no cell shows an error; gives the values."""
    grids = crm.grids()
    for sheet in (one for one in crm.sheets if one.kind != "view"):
        assert grids[sheet.key][0] == [column.title for column in sheet.columns]
    wrong = [*shown_errors(grids), *wrong_columns(crm, grids), *wrong_blocks(crm, grids), *wrong_choices(crm, grids)]
    assert not wrong, f"{len(wrong)} wrong:\n" + "\n".join(wrong[:12])
    return grids


def shown_errors(grids: Mapping[str, Grid]) -> list[str]:
    return [
        f"{sheet} row {number}: {cell}"
        for sheet, grid in grids.items()
        for number, row in enumerate(grid, 1)
        for cell in row
        if isinstance(cell, str) and re.fullmatch(r"#[A-Z0/]+[!?]?", cell)
    ]


def value(crm: Opened, grids: Mapping[str, Grid], table: str, row: int, key: str) -> Any:
    index = [column.key for column in crm.sheet(table).columns].index(key)
    cells = grids[table][row - 1]
    return cells[index] if index < len(cells) else ""
