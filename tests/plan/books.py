"""Tiny workbooks for the tests of plans: one table, a list of choices, a view, a helper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from crm_builder.model import (
    Area,
    Banding,
    BasicFilter,
    Cell,
    CellFormat,
    Chart,
    Column,
    Condition,
    ConditionalRule,
    NamedRange,
    NumberFormat,
    Place,
    Protection,
    Series,
    Sheet,
    Validation,
    Workbook,
)
from crm_builder.plan import Id
from crm_builder.plan.things import Order, assemble, things

STAGES = Validation(Condition("one_of_range", (Area("choices", "stage"),)), strict=True, dropdown=True)
MONEY = CellFormat(number=NumberFormat("currency", "$#,##0"))

Edit = Callable[[Workbook], Workbook]


def item(row: int, key: str, title: str) -> tuple[Cell, Cell]:
    return (
        Cell(row, "stage", title, item=f"stage/{key}"),
        Cell(row, "chance", 0.5, item=f"stage/{key}"),
    )


def choice_rule(key: str, title: str) -> ConditionalRule:
    areas = (Area("people", "stage"),)
    return ConditionalRule(f"stage_{key}", areas, Condition("text_eq", (title,)), CellFormat(background="#EEEEEE"))


PEOPLE = Sheet(
    "people",
    "People",
    "table",
    (
        Column("name", "Name", 170, type="name"),
        Column("phone", "Phone", 120, type="phone"),
        Column("stage", "Stage", validation=STAGES, type="choice", list="stage"),
        Column("paid", "Paid", format=MONEY, type="money"),
        Column("rank", "Rank", formula='=ARRAYFORMULA(IF(people_name=""; ; people_paid/2))', type="number"),
    ),
    rows=100,
    rules=(
        ConditionalRule(
            "late",
            (Area("people", "name"),),
            Condition("custom_formula", ('=AND([phone]=""; [name]<>"")',)),
            CellFormat(color="#CC0000"),
        ),
        choice_rule("lead", "Lead"),
        choice_rule("won", "Won"),
    ),
    banding=(Banding("people", Area("people", first_row=1), "#FFFFFF", "#F7F7F7"),),
    filter=BasicFilter(Area("people", first_row=1)),
    protections=(Protection("people_header", Area.header("people"), "The header"),),
)
CHOICES = Sheet(
    "choices",
    "Choices",
    "table",
    (Column("stage", "Stage", type="title"), Column("chance", "Chance", type="percent")),
    rows=50,
    cells=(*item(2, "lead", "Lead"), *item(3, "won", "Won")),
)
BOARD = Sheet(
    "board",
    "Board",
    "view",
    (Column("a"), Column("b")),
    rows=40,
    cells=(Cell(1, "a", "Revenue"), Cell(2, "a", formula="=SUM(people_paid)"), Cell(3, "a", "Rows", link="people")),
    merges=(Area("board", "a", "b", 1, 1),),
    heights=((1, 40),),
    charts=(
        Chart(
            "trend",
            "Trend",
            "line",
            Place(5, "a", 400, 200),
            Area("sums", "month", first_row=1, last_row=10),
            (Series(Area("sums", "total", first_row=1, last_row=10)),),
        ),
    ),
)
SUMS = Sheet(
    "sums",
    "_sums",
    "helper",
    (Column("month"), Column("total")),
    rows=100,
    hidden=True,
    cells=(Cell(2, "month", formula="=UNIQUE(people_name)"), Cell(2, "total", 1.0)),
)


def names(*sheets: Sheet) -> tuple[NamedRange, ...]:
    found = [
        NamedRange(f"{sheet.key}_{column.key}", Area(sheet.key, column.key, first_row=1))
        for sheet in sheets
        for column in sheet.columns
    ]
    return tuple(sorted(found, key=lambda name: name.name))


BOOK = Workbook(
    "Book",
    "en_US",
    "Europe/Berlin",
    (PEOPLE, CHOICES, BOARD, SUMS),
    names(PEOPLE, SUMS),
    (("calendar", "gregorian"), ("currency", "USD"), ("language", "en")),
)


def on(sheet: str, **changes: Any) -> Edit:
    """An edit of a sheet's own properties, or of whole lists of it."""

    def edit(book: Workbook) -> Workbook:
        sheets = tuple(replace(one, **changes) if one.key == sheet else one for one in book.sheets)
        return replace(book, sheets=sheets)

    return edit


def put(one: Id, thing: Any) -> Edit:
    """An edit that adds a thing, or puts another one in its place."""
    return lambda book: assemble(things(book) | {one: thing}, Order.of(book))


def change(one: Id, **changes: Any) -> Edit:
    return lambda book: put(one, replace(things(book)[one], **changes))(book)


def drop(*ids: Id) -> Edit:
    """An edit that takes things away, sheets and columns with all that stands on them."""

    def edit(book: Workbook) -> Workbook:
        sheets = {one.sheet for one in ids if one.kind == "sheet"}
        columns = {(one.sheet, one.key) for one in ids if one.kind == "column"}
        left = {
            one: thing
            for one, thing in things(book).items()
            if one not in ids and one.sheet not in sheets and not _stands(one, thing, sheets, columns)
        }
        return assemble(left, Order.of(book))

    return edit


def _stands(one: Id, thing: Any, sheets: set[str], columns: set[tuple[str, str]]) -> bool:
    if one.kind == "name":
        return thing.area.sheet in sheets or (thing.area.sheet, thing.area.first_column) in columns
    return one.kind == "cell" and (one.sheet, thing.column) in columns


def order(sheet: str, *keys: str) -> Edit:
    def edit(book: Workbook) -> Workbook:
        by_key = {column.key: column for column in book.sheet(sheet).columns}
        return on(sheet, columns=tuple(by_key[key] for key in keys))(book)

    return edit


def both(*edits: Edit) -> Edit:
    def edit(book: Workbook) -> Workbook:
        for one in edits:
            book = one(book)
        return book

    return edit


def column(sheet: str, key: str) -> Id:
    return Id("column", sheet, key)


def new_key(sheet: str, old: str, new: str) -> Edit:
    """The description's way of another key: the column, its names, and all that speaks of it."""
    from crm_builder.plan.rewrite import Writer

    known: Mapping[str, str] = {f"{sheet}_{old}": f"{sheet}_{new}"}
    writer = Writer(
        column=lambda where, key: new if (where, key) == (sheet, old) else key,
        name=lambda name: known.get(name, name),
    )

    def edit(book: Workbook) -> Workbook:
        written = writer.workbook(book)
        return replace(written, names=tuple(sorted(written.names, key=lambda name: name.name)))

    return edit
