"""Sheets that come, go, move and change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_builder.model import Area, Cell, Column, NamedRange, Sheet, Workbook
from crm_builder.plan.changes import Id, Wishes
from crm_builder.plan.rewrite import Writer
from tests.sheets.change.world import HEADER, World, crm, deletes, inserted, table

DEALS = Sheet(
    "deals",
    "Deals",
    "table",
    (Column("title", "Title", header=HEADER), Column("sum", "Sum", header=HEADER)),
    rows=12,
    frozen_rows=1,
    cells=(Cell(2, "title", "First", item="deals/first"),),
)


def with_sheet(workbook: Workbook, index: int, sheet: Sheet = DEALS) -> Workbook:
    sheets = list(workbook.sheets)
    sheets.insert(index, sheet)
    return replace(workbook, sheets=tuple(sheets))


def titles(world: World) -> list[str]:
    answer = world.client.get(world.file, fields="sheets(properties(title))")
    return [one["properties"]["title"] for one in answer["sheets"]]


@pytest.mark.parametrize("index", [0, 1, 3])
def test_a_new_sheet(world: World, index: int):
    named = replace(crm(), names=(*crm().names, NamedRange("deals_sum", Area("deals", "sum"))))
    world.apply(with_sheet(named, index))
    assert titles(world).index("Deals") == index


def test_a_new_sheet_among_foreign_ones(world: World):
    world.do({"addSheet": {"properties": {"title": "Mine", "index": 1}}})
    world.apply(with_sheet(crm(), 2))
    assert titles(world) == ["People", "Mine", "Lists", "Deals", "Board"]


def test_moved_sheets_leave_foreign_ones_in_their_order(world: World):
    world.do({"addSheet": {"properties": {"title": "Mine", "index": 1}}})
    people, lists, board = crm().sheets
    world.apply(replace(crm(), sheets=(board, people, lists)))
    assert titles(world) == ["Board", "People", "Mine", "Lists"]


def test_a_deleted_sheet_goes_last_and_its_name_before(plain: World):
    people, lists, _ = table().sheets
    plain.apply(with_sheet(table(), 3))
    plain.apply(replace(table(), sheets=(people, lists)), deletes(Id("sheet", "board"), Id("sheet", "deals")))
    assert titles(plain) == ["People", "Lists"]
    assert plain.kinds()[-2:] == ["deleteSheet", "deleteSheet"]


def test_a_forgotten_sheet_stays_and_is_taken_back_when_it_is_described_again(plain: World):
    plain.apply(with_sheet(table(), 3))
    plain.type("deals", "title", 5, "Typed")
    plain.apply(table())
    assert titles(plain) == ["People", "Lists", "Board", "Deals"]
    assert [(one.kind, one.title) for one in plain.observe().foreign] == [("sheet", "Deals")]
    plain.apply(with_sheet(table(), 3, replace(DEALS, title="New deals")))
    assert titles(plain) == ["People", "Lists", "Board", "New deals"]
    assert plain.column("deals", "title", 5)[4] == "Typed"


def test_properties_change_alone(world: World):
    people, lists, board = crm().sheets
    people = replace(people, title="Persons", tab_color="#1A73E8", frozen_columns=2)
    board = replace(board, right_to_left=True, gridlines=True, header_height=50, heights=())
    world.apply(replace(crm(), sheets=(people, replace(lists, hidden=True), board)))
    fields = [one["updateSheetProperties"]["fields"] for one in world.sent if "updateSheetProperties" in one]
    assert fields[0] == "title"
    assert "tabColorStyle,gridProperties.frozenColumnCount" in fields


def test_two_sheets_change_titles(world: World):
    people, lists, board = crm().sheets
    world.apply(replace(crm(), sheets=(replace(people, title="Lists"), replace(lists, title="People"), board)))
    assert titles(world) == ["Lists", "People", "Board"]


def test_a_new_sheet_takes_the_title_of_one_that_is_deleted(plain: World):
    people, lists, _ = table().sheets
    desired = replace(table(), sheets=(people, lists, replace(DEALS, title="Board")))
    plain.apply(desired, deletes(Id("sheet", "board")))
    assert titles(plain) == ["People", "Lists", "Board"]


def test_a_grid_that_grows_looks_alike_to_its_end(world: World):
    world.type("people", "name", 30, "Last")
    people, *rest = crm().sheets
    world.apply(replace(crm(), sheets=(replace(people, rows=60), *rest)))
    assert "dataValidation" in world.cell("people", 59, "stage")
    assert world.raw("people")["bandedRanges"][0]["range"].get("endRowIndex", 60) == 60


def test_a_renamed_sheet_keeps_its_values(plain: World):
    people, lists, board = table().sheets
    plain.apply(with_sheet(table(), 3))
    plain.type("deals", "title", 5, "Typed")
    renamed = replace(DEALS, key="orders", title="Orders", cells=(Cell(2, "title", "First", item="deals/first"),))
    plain.apply(
        replace(table(), sheets=(people, lists, board, renamed)),
        Wishes(renames={Id("sheet", "deals"): Id("sheet", "orders")}),
    )
    assert plain.column("orders", "title", 5)[4] == "Typed"


def test_the_spreadsheet_itself(world: World):
    world.apply(replace(crm(), title="My CRM", time_zone="Asia/Tehran", marks=(("language", "fa"), ("version", "2"))))
    properties = next(one["updateSpreadsheetProperties"] for one in world.sent if "updateSpreadsheetProperties" in one)
    assert properties["fields"] == "title,timeZone"
    world.apply(replace(crm(), marks=()))


def hung() -> Sheet:
    """A sheet with something of every kind that has a number."""
    board = crm().sheet("board")
    people = crm().sheet("people")
    view = replace(people.views[0], area=Area("deals", first_row=1), criteria=())
    chart = replace(
        board.charts[0],
        domain=Area("deals", "title", first_row=1, last_row=4),
        series=(replace(board.charts[0].series[0], area=Area("deals", "sum", first_row=1, last_row=4)),),
        place=replace(board.charts[0].place, column="sum"),
    )
    slicer = replace(
        board.slicers[0],
        area=Area("deals", first_row=1),
        column="sum",
        place=replace(board.slicers[0].place, column="sum"),
    )
    return replace(
        DEALS,
        rows=20,
        banding=(replace(people.banding[0], area=Area("deals")),),
        views=(view,),
        protections=(replace(people.protections[0], area=Area("deals", "sum")),),
        charts=(chart,),
        slicers=(slicer,),
    )


def test_what_hangs_on_a_sheet_that_is_taken_back(plain: World):
    plain.apply(with_sheet(table(), 3, hung()))
    plain.apply(table())
    plain.apply(with_sheet(table(), 3, replace(hung(), title="New deals")))
    plain.apply(with_sheet(table(), 3, replace(hung(), title="New deals", banding=())))


def test_what_hangs_on_a_renamed_sheet(plain: World):
    plain.apply(with_sheet(table(), 3, hung()))

    def on(thing: object) -> object:
        return Writer(lambda sheet: "orders" if sheet == "deals" else sheet).workbook(thing)  # type: ignore[arg-type]

    desired = on(with_sheet(table(), 3, hung()))
    plain.apply(desired, Wishes(renames={Id("sheet", "deals"): Id("sheet", "orders")}))  # type: ignore[arg-type]
    assert plain.raw("orders")["charts"]
    plain.apply(inserted(desired, "orders", 1, Column("new", "New")))  # type: ignore[arg-type]


def test_a_deleted_column_comes_back_with_its_name(plain: World):
    plain.type("people", "worth", 2, 5)
    span = {"sheetId": plain.id("people"), "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    plain.do({"deleteDimension": {"range": span}})
    assert plain.plan(table()).changes == ()
    plain.apply(table(), Wishes(repairs="all"))
    assert plain.column("people", "worth", 2) == ["Worth", None]


def test_a_deleted_sheet_comes_back(plain: World):
    plain.do({"deleteSheet": {"sheetId": plain.id("lists")}})
    plain.apply(table(), Wishes(repairs="all"))
    assert titles(plain) == ["People", "Lists", "Board"]
