"""Items of tables, such as the choices of lists, are found by their leading cell wherever people put their row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crm_builder.model import Area, BasicFilter, Cell, CellFormat, Column, NumberFormat, Sheet, Workbook
from crm_builder.sheets import Observed, canonical
from tests.sheets.living import Living, living

COLUMNS = ("stage", "stage_chance", "source")
ROWS = (("Open", 0.5, "Web"), ("Won", 1.0, "Open"), ("Lost", 0.0, "Radio"))
KEYS = (("stage/open", "source/web"), ("stage/won", "source/open"), ("stage/lost", "source/radio"))


def lists(rows: tuple[tuple[str, float, str], ...] = ROWS) -> Workbook:
    """Two lists beside each other, which share a text, and a cell that belongs to none."""
    cells = []
    for number, ((stage, chance, source), (first, second)) in enumerate(zip(rows, KEYS, strict=True), 2):
        look = CellFormat(number=NumberFormat("percent", "0%"))
        cells.append(Cell(number, "stage", stage, item=first))
        cells.append(Cell(number, "stage_chance", chance, format=look, item=first))
        cells.append(Cell(number, "source", source, item=second))
    cells.append(Cell(6, "source", "note"))
    columns = tuple(Column(key, key.title()) for key in COLUMNS)
    whole = BasicFilter(Area("lists", first_row=1))
    sheet = Sheet("lists", "Lists", "table", columns, 30, cells=tuple(cells), filter=whole)
    return Workbook("Lists", "en_US", "Etc/UTC", (sheet,))


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Living]:
    with living(tmp_path, lists()) as made:
        yield made


def items(observed: Observed) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for cell in observed.workbook.sheet("lists").cells:
        found[cell.item] = (*found.get(cell.item, ()), cell.value)
    return found


def lines(observed: Observed) -> dict[str, int]:
    return {item: line for (_, item), line in observed.item_lines.items()}


def test_items_where_they_were_born(crm: Living):
    observed = crm.observe()
    assert observed.workbook == canonical(lists())
    assert lines(observed) == {key: line for line, keys in enumerate(KEYS, 1) for key in keys}
    assert items(observed)["stage/won"] == ("Won", 1.0)


def test_sorted_items_are_the_same(crm: Living):
    area = {"sheetId": crm.sheet_id("lists"), "startRowIndex": 1, "endRowIndex": 4, "endColumnIndex": 2}
    order = [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]
    crm.do({"sortRange": {"range": area, "sortSpecs": order}})
    observed = crm.observe()
    assert observed.workbook == canonical(lists())
    assert lines(observed) == {
        "stage/won": 1, "stage/open": 2, "stage/lost": 3, "source/web": 1, "source/open": 2, "source/radio": 3
    }  # fmt: skip


def test_items_below_lines_of_the_users(crm: Living):
    crm.insert("lists", 2)
    crm.type("lists", 2, 0, "Asleep", "", "Fair")
    crm.insert("lists", 0, 2)
    observed = crm.observe()
    assert observed.layout.place("lists").shift == 2
    assert lines(observed)["stage/open"] == 3 and lines(observed)["source/radio"] == 6
    assert items(observed)["stage/lost"] == ("Lost", 0.0)
    assert not {"Asleep", "Fair"} & {cell.value for cell in observed.workbook.sheet("lists").cells}


def test_an_item_that_was_moved_far_down(crm: Living):
    crm.move("lists", 1, 20)
    assert lines(crm.observe())["stage/open"] == 19


def test_an_item_that_is_gone(crm: Living):
    crm.delete("lists", 2)
    observed = crm.observe()
    assert lines(observed).keys() == {"stage/open", "source/web", "stage/lost", "source/radio"}


def test_an_emptied_item_is_gone(crm: Living):
    crm.type("lists", 2, 0, "", "", "")
    assert "stage/won" not in lines(crm.observe())


def test_an_item_that_people_called_otherwise_stands_in_its_place(crm: Living):
    crm.type("lists", 2, 0, "Signed")
    observed = crm.observe()
    assert items(observed)["stage/won"] == ("Signed", 1.0)
    assert [cell.row for cell in observed.workbook.sheet("lists").cells if cell.item == "stage/won"] == [3, 3]


def test_a_copied_item_is_not_the_item(crm: Living):
    crm.type("lists", 9, 0, "Won")
    assert lines(crm.observe())["stage/won"] == 2


def test_an_item_is_found_by_the_text_that_is_wanted(crm: Living):
    """A killed run wrote the new title, and not yet that it did."""
    crm.insert("lists", 1)
    crm.type("lists", 3, 0, "Signed")
    desired = lists((ROWS[0], ("Signed", 1.0, "Open"), ROWS[2]))
    assert lines(crm.observe(desired))["stage/won"] == 3


def test_other_cells_of_a_table_stay_where_they_are(crm: Living):
    crm.type("lists", 5, 2, "changed")
    cells = crm.observe().workbook.sheet("lists").cells
    assert cells[-1] == Cell(6, "source", "changed") and not cells[-1].item


def test_items_that_only_the_description_knows(tmp_path: Path):
    """A CRM of an earlier version, whose cells were known by their rows."""
    sheet = lists().sheets[0]
    former = replace(lists(), sheets=(replace(sheet, cells=tuple(replace(one, item="") for one in sheet.cells)),))
    with living(tmp_path, former) as crm:
        observed = crm.observe(lists())
        assert observed.workbook == canonical(lists())
        assert items(observed)["stage/won"] == ("Won", 1.0)
