"""Columns that come, go, move and change, among foreign ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_builder.model import CellFormat, Column, Condition, NumberFormat, Validation
from crm_builder.plan.changes import Id, Wishes
from tests.sheets.change.world import HEADER, World, crm, deletes, edited, inserted, table, with_columns

PHONE = Column("phone", "Phone", 120, "With country", header=HEADER, format=CellFormat(number=NumberFormat("text")))


def test_nothing_to_do_is_no_request(world: World):
    assert world.apply(crm()).changes == ()
    assert world.sent == []


@pytest.mark.parametrize("index", [0, 1, 2, 3, 4])
def test_an_inserted_column(world: World, index: int):
    world.type("people", "name", 2, "Ada", "Bob")
    world.type("people", "worth", 2, 10, 20)
    world.apply(inserted(crm(), "people", index, PHONE))
    assert world.column("people", "name", 3) == ["Name", "Ada", "Bob"]
    assert world.column("people", "double", 3) == ["Double", 20, 40]
    assert world.column("people", "phone", 3) == ["Phone", None, None]
    assert world.observe().layout.place("people").column("phone") == index
    assert world.kinds().count("insertDimension" if index < 4 else "appendDimension") == 1


def test_an_inserted_column_has_no_look_of_its_neighbour(world: World):
    world.apply(inserted(crm(), "people", 2, Column("plain", "Plain")))
    cell = world.cell("people", 5, "plain")
    assert "dataValidation" not in cell
    assert cell["userEnteredFormat"] == {"textFormat": {"fontFamily": "Arial", "fontSize": 10}}


@pytest.mark.parametrize("foreign", [0, 2, 4])
def test_an_inserted_column_beside_a_foreign_one(plain: World, foreign: int):
    if foreign == 4:
        plain.do({"appendDimension": {"sheetId": plain.id("people"), "dimension": "COLUMNS", "length": 1}})
    else:
        plain.insert("people", foreign)
    plain.apply(inserted(table(), "people", 2, PHONE))
    assert [one.kind for one in plain.observe().foreign] == ["column"]


def test_two_columns_inserted_and_one_deleted(world: World):
    world.type("people", "name", 2, "Ada")
    desired = with_columns(crm(), "people", (one for one in crm().sheet("people").columns if one.key != "stage"))
    desired = inserted(inserted(desired, "people", 1, PHONE), "people", 2, Column("mail", "Mail"))
    people = desired.sheet("people")
    people = replace(people, rules=people.rules[1:], views=())
    board = replace(desired.sheet("board"), pivots=(), slicers=())
    desired = replace(desired, sheets=(people, desired.sheet("lists"), board))
    world.apply(desired, deletes(Id("column", "people", "stage")))
    assert list(world.observe().layout.place("people").columns) == ["name", "phone", "mail", "worth", "double"]
    assert "deleteDimension" in world.kinds()


def test_a_forgotten_column_stays_without_its_mark(world: World):
    world.type("people", "stage", 2, "Open")
    desired = with_columns(crm(), "people", (one for one in crm().sheet("people").columns if one.key != "stage"))
    people = replace(desired.sheet("people"), rules=desired.sheet("people").rules[1:], views=())
    board = replace(desired.sheet("board"), pivots=(), slicers=())
    desired = replace(desired, sheets=(people, desired.sheet("lists"), board))
    world.apply(desired)
    assert world.at("people", 1, 2) == ["Stage", "Open"]
    assert [one.title for one in world.observe().foreign if one.kind == "column"] == ["Stage"]
    assert "deleteDimension" not in world.kinds()


def test_a_forgotten_column_that_is_described_again_comes_back_with_its_data(world: World):
    plain = inserted(crm(), "people", 3, PHONE)
    world.apply(plain)
    world.type("people", "phone", 2, "123")
    world.apply(crm())
    world.apply(plain)
    assert world.column("people", "phone", 2) == ["Phone", "123"]
    assert world.observe().foreign == ()


@pytest.mark.parametrize("order", ["stage name worth double", "double name stage worth", "name worth stage double"])
def test_moved_columns(world: World, order: str):
    world.type("people", "name", 2, "Ada")
    world.type("people", "worth", 2, 7)
    people = crm().sheet("people")
    world.apply(with_columns(crm(), "people", (people.column(key) for key in order.split())))
    assert sorted(world.observe().layout.place("people").columns.items(), key=lambda one: one[1]) == [
        (key, index) for index, key in enumerate(order.split())
    ]
    assert world.column("people", "double", 2) == ["Double", 14]
    assert world.kinds().count("moveDimension") == 1


def test_a_moved_column_among_foreign_ones(plain: World):
    plain.insert("people", 1)
    plain.insert("people", 3)
    people = table().sheet("people")
    plain.apply(with_columns(table(), "people", (people.column(key) for key in ("double", "name", "stage", "worth"))))
    assert [one.kind for one in plain.observe().foreign] == ["column", "column"]


def test_columns_moved_and_inserted_at_once(world: World):
    people = crm().sheet("people")
    columns = [people.column(key) for key in ("double", "name", "stage", "worth")]
    world.apply(with_columns(crm(), "people", [PHONE, *columns, Column("mail", "Mail")]))


def test_what_people_moved_stays_and_new_ones_find_their_place(plain: World):
    span = {"sheetId": plain.id("people"), "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    plain.do({"moveDimension": {"source": span, "destinationIndex": 3}})
    plain.apply(inserted(table(), "people", 1, PHONE))
    assert list(plain.observe().layout.place("people").columns) == ["stage", "worth", "name", "phone", "double"]


def test_a_renamed_column_keeps_its_values_and_its_name(world: World):
    world.type("people", "name", 2, "Ada")
    world.type("people", "worth", 2, 5)
    formula = crm().sheet("people").column("double").formula.replace("people_worth", "people_value")
    desired = edited(edited(crm(), "people", "worth", key="value", title="Value"), "people", "double", formula=formula)
    people = desired.sheet("people")
    rules = (people.rules[0], replace(people.rules[1], condition=Condition("custom_formula", ("=[value]>100",)),
             areas=(replace(people.rules[1].areas[0], last_column="value"),)))  # fmt: skip
    board = desired.sheet("board")
    pivot = replace(board.pivots[0], values=(replace(board.pivots[0].values[0], column="value"),))
    desired = replace(
        desired,
        sheets=(replace(people, rules=rules), desired.sheet("lists"), replace(board, pivots=(pivot,))),
        names=tuple(
            replace(name, name="people_value", area=replace(name.area, first_column="value"))
            if name.name == "people_worth"
            else name
            for name in desired.names
        ),
    )
    wishes = Wishes(renames={Id("column", "people", "worth"): Id("column", "people", "value")})
    world.apply(desired, wishes)
    assert world.column("people", "value", 2) == ["Value", 5]
    assert world.column("people", "double", 2) == ["Double", 10]
    renamed = [one["updateNamedRange"] for one in world.sent if "updateNamedRange" in one]
    assert [one["fields"] for one in renamed] == ["name"]


def test_a_new_number_format_leaves_the_colours_that_people_painted(world: World):
    place = world.observe().layout.place("people")
    painted = {
        "sheetId": place.sheet_id,
        "startRowIndex": 3,
        "endRowIndex": 4,
        "startColumnIndex": 2,
        "endColumnIndex": 3,
    }
    red = {"userEnteredFormat": {"backgroundColorStyle": {"rgbColor": {"red": 1}}}}
    world.do({"repeatCell": {"range": painted, "cell": red, "fields": "userEnteredFormat.backgroundColorStyle"}})
    world.apply(edited(crm(), "people", "worth", format=CellFormat(number=NumberFormat("percent", "0%"))))
    look = world.cell("people", 3, "worth")["userEnteredFormat"]
    assert look["backgroundColorStyle"] == {"rgbColor": {"red": 1}}
    assert look["numberFormat"] == {"type": "PERCENT", "pattern": "0%"}
    assert world.kinds() == ["repeatCell", "updateDeveloperMetadata"]


def test_titles_notes_widths_and_formulas_change_alone(world: World):
    formula = crm().sheet("people").column("double").formula.replace("*2", "*3")
    desired = edited(crm(), "people", "name", title="Full name", width=200)
    desired = edited(desired, "people", "stage", note="Where it stands", hidden=True)
    world.type("people", "name", 2, "Ada")
    world.type("people", "worth", 2, 5)
    world.apply(edited(desired, "people", "double", formula=formula))
    assert world.column("people", "double", 2) == ["Double", 15]
    fields = [one["updateCells"]["fields"] for one in world.sent if "updateCells" in one]
    assert fields == ["userEnteredValue", "note", "userEnteredValue"]


def test_a_validation_comes_and_goes(world: World):
    choice = Validation(Condition("one_of_list", ("1", "2")), dropdown=True)
    desired = edited(edited(crm(), "people", "worth", validation=choice), "people", "stage", validation=None)
    world.apply(desired)
    assert "dataValidation" in world.cell("people", 9, "worth")
    assert "dataValidation" not in world.cell("people", 9, "stage")


def test_a_table_with_lines_above_its_header(world: World):
    world.insert("people", 0, "ROWS")
    world.type("people", "name", 1, "My own line")
    world.type("people", "name", 3, "Ada")
    desired = edited(inserted(crm(), "people", 1, PHONE), "people", "name", title="Who")
    world.apply(desired)
    assert world.column("people", "name", 3) == ["My own line", "Who", "Ada"]
    assert world.column("people", "phone", 3) == [None, "Phone", None]


def test_another_font_reaches_every_cell_of_ours(world: World):
    world.insert("people", 1)
    world.apply(replace(crm(), font="Vazirmatn"))
    assert world.cell("people", 5, "worth")["userEnteredFormat"]["textFormat"]["fontFamily"] == "Vazirmatn"
    assert world.cell("board", 0, "a")["userEnteredFormat"]["textFormat"]["fontSize"] == 20
