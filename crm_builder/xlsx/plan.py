"""What becomes of each formula: it lives, it is a link or a sparkline, or its value is written and listed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crm_builder.a1 import quote
from crm_builder.formulas.parse import SyntaxFault, parse
from crm_builder.formulas.tree import Call, Name, Reference, Text
from crm_builder.xlsx.book import MARK, Area, Book, Place, Sheet, formula_of, value_of
from crm_builder.xlsx.translate import Translation, translate
from crm_builder.xlsx.writer import Home, Untranslatable

_HEADING_ABOVE = 3  # rows in which the heading of a value is looked for
Key = tuple[str, int, int]  # sheet, row, column


@dataclass(frozen=True, slots=True)
class Live:
    """A formula that the file holds. `area`: what it fills; `dynamic`: written as an array formula."""

    text: str
    area: Area
    dynamic: bool
    value: str | float | bool | None


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to another sheet."""

    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """Cells that hold values where Google computes, and what is in the way of a formula."""

    area: Area
    heading: str
    reason: str
    formula: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A formula over merged cells, which no array may fill: it stands on the sheet of arrays, the cells point there.

    `cells`: the merged cells' first ones, each with its place on the sheet of arrays.
    """

    live: Live
    cells: Mapping[Key, Place]
    values: Mapping[Place, str | float | bool | None]


@dataclass(frozen=True, slots=True)
class Plan:
    live: Mapping[Key, Live] = field(default_factory=dict)
    links: Mapping[Key, Link] = field(default_factory=dict)
    sparklines: Mapping[Key, str] = field(default_factory=dict)  # the marker text of each
    held: Sequence[Held] = ()
    stored: Sequence[Stored] = ()
    empties: Sequence[Area] = ()


def make_plan(book: Book, arrays: str, now: datetime | None) -> Plan:
    """Decides over every formula. `arrays`: the title of the sheet for what cannot stand in its own place."""
    areas = {sheet.title: spills(sheet) for sheet in book.sheets}
    links: dict[Key, Link] = {}
    sparklines: dict[Key, str] = {}
    formulas: dict[Key, str] = {}
    for sheet in book.sheets:
        for row, column, cell in sheet.each():
            formula = formula_of(cell)
            if not formula:
                continue
            key, value = (sheet.title, row, column), value_of(cell)
            if isinstance(value, str) and value.startswith(MARK):
                sparklines[key] = value
            elif link := _link(formula, book):
                links[key] = link
            else:
                formulas[key] = formula
    made, refused = _translated(book, formulas, areas, now)
    live: dict[Key, Live] = {}
    stored: list[Stored] = []
    next_column = 0
    for key, translation in made.items():
        title, row, column = key
        sheet = book.by_title[title.lower()]
        area = areas[title][row, column]
        one = Live(translation.text, area, translation.dynamic or not area.single, value_of(sheet.cell(row, column)))
        merges = [merge for merge in sheet.merges if merge.meets(area)]
        if one.dynamic and merges:
            home = Home(book, title, row, column, _empties(made, areas), now, qualified=True)
            text = translate(formulas[key], home).text
            stored.append(_store(sheet, one, text, merges, arrays, next_column))
            next_column += area.right - area.left + 1
        else:
            live[key] = one
    held = []
    for key, reason in refused.items():
        title, row, column = key
        sheet = book.by_title[title.lower()]
        area = areas[title][row, column]
        held.append(Held(area, heading_of(sheet, area), reason, formulas[key]))
    return Plan(live, links, sparklines, tuple(held), tuple(stored), _empties(made, areas))


def _translated(
    book: Book, formulas: Mapping[Key, str], areas: Mapping[str, Mapping[Place, Area]], now: datetime | None
) -> tuple[dict[Key, Translation], dict[Key, str]]:
    """Every formula's translation or refusal. Which cells may hold a text for nothing follows from the translations,
    and they from it: a few rounds until nothing changes."""
    empties: tuple[Area, ...] = ()
    while True:
        made: dict[Key, Translation] = {}
        refused: dict[Key, str] = {}
        for key, formula in formulas.items():
            title, row, column = key
            try:
                made[key] = translate(formula, Home(book, title, row, column, empties, now))
            except Untranslatable as error:
                refused[key] = str(error)
        found = tuple({*empties, *_empties(made, areas)})
        if len(found) == len(empties):
            return made, refused
        empties = found


def _empties(made: Mapping[Key, Translation], areas: Mapping[str, Mapping[Place, Area]]) -> tuple[Area, ...]:
    return tuple(areas[key[0]][key[1], key[2]] for key, one in made.items() if one.empties)


def spills(sheet: Sheet) -> dict[Place, Area]:
    """The area that each formula of a sheet fills: its own cell, and those after it that hold values nobody entered.

    The answer of the REST API names no formula for such a cell. It belongs to the nearest formula above it, or above
    its neighbour to the left; a pivot table's cells belong to none.
    """
    bounds: dict[Place, list[int]] = {}
    above: dict[int, Place | bool] = {}  # by column: the formula, True for entered content, False for a pivot table
    for row, column, cell in sheet.each():
        if formula_of(cell):
            above[column] = (row, column)
            bounds[row, column] = [row + 1, column + 1]
        elif "pivotTable" in cell:
            above[column] = False
        elif cell.get("userEnteredValue"):
            above[column] = True
        elif "effectiveValue" in cell:
            for index in range(column, -1, -1):
                owner = above.get(index, True)
                if owner is False:
                    break
                if isinstance(owner, tuple):
                    found = bounds[owner]
                    found[0], found[1] = max(found[0], row + 1), max(found[1], column + 1)
                    break
    return {(row, column): Area(sheet.title, row, column, *found) for (row, column), found in bounds.items()}


def _link(formula: str, book: Book) -> Link | None:
    try:
        tree = parse(formula)
    except SyntaxFault:
        return None
    match tree:
        case Call("HYPERLINK", (Text(address), Text(text))):
            found = re.fullmatch(r"#gid=([0-9]+)(?:&range=([A-Z]+[0-9]+))?", address)
            sheet = book.by_id.get(int(found[1])) if found else None
            if found and sheet:
                return Link(f"internal:{quote(sheet.title)}!{found[2] or 'A1'}", text)
            if re.match(r"(?:https?|mailto):", address):
                return Link(address, text)
    return None


def sparkline_range(formula: str, book: Book, home: str) -> Area | None:
    """The cells that a sparkline draws, where it draws cells and not the result of a computation."""
    try:
        tree = parse(formula)
    except SyntaxFault:
        return None
    if not (isinstance(tree, Call) and tree.name == "SPARKLINE" and tree.arguments):
        return None
    data = tree.arguments[0]
    if isinstance(data, Reference):
        return book.area(data.a1, home)
    return book.names.get(data.name.lower()) if isinstance(data, Name) else None


def heading_of(sheet: Sheet, area: Area) -> str:
    """What a person calls these cells: the first cell of a column, or the nearest text above or before them."""
    first = value_of(sheet.cell(area.top, area.left))
    if area.top == 0 and isinstance(first, str):
        return first
    for row in range(area.top - 1, max(-1, area.top - 1 - _HEADING_ABOVE), -1):
        value = value_of(sheet.cell(row, area.left))
        if isinstance(value, str) and value and not value.startswith(MARK):
            return value
    for column in range(area.left - 1, -1, -1):
        value = value_of(sheet.cell(area.top, column))
        if isinstance(value, str) and value and not value.startswith(MARK):
            return value
    return ""


def _store(sheet: Sheet, live: Live, text: str, merges: Sequence[Area], arrays: str, left: int) -> Stored:
    """The formula moved to the sheet of arrays, and the cells that show it; free merged rows below show it too."""
    area = live.area
    bottom = area.bottom
    columns = {(merge.left, merge.right) for merge in merges}
    more = {merge.top for merge in sheet.merges if (merge.left, merge.right) in columns}
    while bottom in more and not sheet.cell(bottom, area.left).get("userEnteredValue"):
        bottom += 1
    covered = {
        (row, column)
        for merge in merges
        for row in range(merge.top, merge.bottom)
        for column in range(merge.left, merge.right)
        if (row, column) != (merge.top, merge.left)
    }
    cells, values = {}, {}
    for row in range(area.top, bottom if not area.single else area.bottom):
        for column in range(area.left, area.right):
            place = (row - area.top + 1, left + column - area.left)
            values[place] = value_of(sheet.cell(row, column))
            if (row, column) not in covered:
                cells[sheet.title, row, column] = place
    there = Area(arrays, 1, left, 1 + area.bottom - area.top, left + area.right - area.left)
    return Stored(Live(text, there, True, live.value), cells, values)
