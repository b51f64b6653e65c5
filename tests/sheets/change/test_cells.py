"""Cells, items, merged areas and row heights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crm_builder.model import Area, Cell, CellFormat, Condition, NumberFormat, Validation, Workbook
from crm_builder.plan.changes import Id, Wishes
from tests.sheets.change.world import World, changed, crm, item, table


def board(*cells: Cell, without: tuple[tuple[int, str], ...] = (), **fields: Any) -> Workbook:
    """The board with these cells in place of its own."""
    held = {(cell.row, cell.column): cell for cell in table().sheet("board").cells}
    held |= {(cell.row, cell.column): cell for cell in cells}
    left = tuple(cell for place, cell in sorted(held.items()) if place not in without)
    return changed(table(), "board", cells=left, **fields)


def test_a_value_and_a_formula_change_alone(plain: World):
    plain.apply(board(Cell(13, "b", 9), Cell(3, "a", "Persons", link="people")))
    written = [one["updateCells"] for one in plain.sent if "updateCells" in one]
    assert [one["fields"] for one in written] == ["userEnteredValue", "userEnteredValue"]
    assert [cell for row in plain.raw("board")["data"][0]["rowData"][12:13] for cell in row["values"]][1][
        "userEnteredValue"
    ] == {"numberValue": 9}


def test_a_new_cell_with_all_it_can_have(plain: World):
    choice = Validation(Condition("one_of_list", ("a", "b")), strict=True, dropdown=True)
    plain.apply(board(Cell(4, "e", "a", format=CellFormat(italic=True), note="A choice", validation=choice)))
    plain.apply(board(Cell(4, "e", "b", format=CellFormat(bold=True, color="#FF0000"), validation=choice)))
    plain.apply(table())
    assert not plain.raw("board")["data"][0]["rowData"][3]["values"][4].get("userEnteredValue")


def test_many_cells_share_requests(plain: World):
    cells = [Cell(row, column, f"{column}{row}") for row in range(26, 32) for column in "abcd"]
    plain.apply(board(*cells))
    assert plain.kinds() == ["updateCells", "updateDeveloperMetadata"]


def test_what_people_typed_beside_stays(plain: World):
    plain.type("board", "f", 8, "Mine")
    plain.apply(board(Cell(7, "f", "x"), Cell(9, "f", "y")))
    assert plain.column("board", "f", 9)[6:] == ["x", "Mine", "y"]


def test_cells_of_a_view_with_an_inserted_row(plain: World):
    plain.insert("board", 1, "ROWS")
    plain.apply(board(Cell(2, "a", formula="=1+1"), Cell(30, "b", "new")))
    assert plain.at("board", 0, 3) == ["Board", None, 2]
    assert plain.at("board", 1, 31)[30] == "new"


def test_the_look_of_a_column_goes_under_that_of_its_cells(plain: World):
    columns = list(table().sheet("board").columns)
    columns[0] = replace(columns[0], format=CellFormat(bold=False, color="#123456", size=9))
    plain.apply(changed(table(), "board", columns=tuple(columns)))


def test_merged_areas_and_heights(plain: World):
    merges = (Area("board", "a", "d", 1, 1), Area("board", "e", "f", 1, 2))
    title = Cell(1, "a", "Board", format=CellFormat(bold=True, background="#EEEEEE"))
    plain.apply(board(title, merges=merges, heights=((2, 30), (3, 30))))
    assert "unmergeCells" in plain.kinds() and plain.kinds().count("mergeCells") == 2
    plain.apply(board(merges=()))


def lists(*more: Cell, cells: tuple[Cell, ...] | None = None) -> Workbook:
    own = crm().sheet("lists").cells if cells is None else cells
    return changed(crm(), "lists", cells=(*own, *more))


def test_an_item_changes_where_people_sorted_it_to(world: World):
    area = {"sheetId": world.id("lists"), "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}
    world.do({"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}})
    assert world.column("lists", "stage", 3) == ["Stage", "Won", "Open"]
    own = (*item("stage/open", 2, stage="Open", colour="#000000"), *crm().sheet("lists").cells[2:])
    world.apply(lists(cells=own))
    assert world.column("lists", "colour", 3) == ["Colour", "#137333", "#000000"]


def test_a_new_title_reaches_what_people_chose(world: World):
    world.type("people", "stage", 2, "Open", "Won", "Open")
    own = (*item("stage/open", 2, stage="Won", colour="#1A73E8"), *item("stage/won", 3, stage="Open", colour="#137333"))
    world.apply(lists(cells=(*own, *item("city/berlin", 2, city="Berlin"))))
    assert world.column("people", "stage", 4) == ["Stage", "Won", "Open", "Won"]


def test_a_renamed_item_keeps_its_place(world: World):
    world.type("people", "stage", 2, "Won")
    own = (*crm().sheet("lists").cells[:2], *item("stage/done", 3, stage="Done", colour="#137333"))
    wishes = Wishes(renames={Id("item", "lists", "stage/won"): Id("item", "lists", "stage/done")})
    world.apply(lists(cells=(*own, *item("city/berlin", 2, city="Berlin"))), wishes)
    assert world.column("lists", "stage", 4) == ["Stage", "Open", "Done", None]
    assert world.column("people", "stage", 2) == ["Stage", "Done"]


def test_new_items_go_below_what_people_added(world: World):
    world.type("lists", "stage", 4, "My own", "Another")
    fresh = (*item("stage/lost", 4, stage="Lost", colour="#B3261E"), *item("city/rome", 3, city="Rome"))
    world.apply(lists(*fresh))
    assert world.column("lists", "stage", 6) == ["Stage", "Open", "Won", "My own", "Another", "Lost"]
    assert world.column("lists", "city", 3) == ["City", "Berlin", "Rome"]


def test_items_make_a_full_grid_grow(world: World):
    world.type("lists", "stage", 4, *[f"Own {number}" for number in range(5)])
    world.apply(lists(*item("stage/lost", 4, stage="Lost"), *item("stage/late", 5, stage="Late")))
    assert world.column("lists", "stage", 10)[8:] == ["Lost", "Late"]


def test_an_item_that_goes_takes_nothing_along(world: World):
    world.apply(lists(cells=(*crm().sheet("lists").cells[:2], *item("city/berlin", 2, city="Berlin"))))
    assert world.column("lists", "stage", 3) == ["Stage", "Open", None]
    assert world.column("lists", "city", 2) == ["City", "Berlin"]


def test_a_number_format_of_a_cell(plain: World):
    percent = CellFormat(number=NumberFormat("percent", "0%"))
    plain.apply(board(Cell(2, "a", formula='=COUNTIF(people_name; "?*")', format=percent)))
    assert plain.kinds() == ["repeatCell", "updateDeveloperMetadata"]


def test_a_cell_under_an_area_that_is_taken_apart(plain: World):
    plain.apply(board(Cell(1, "b", "Sub", format=CellFormat(italic=True)), Cell(1, "c", "Plain"), merges=()))
    assert plain.raw("board")["data"][0]["rowData"][0]["values"][2]["userEnteredFormat"]["textFormat"] == {
        "fontFamily": "Arial",
        "fontSize": 10,
    }
