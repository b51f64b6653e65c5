"""A forgotten view keeps what it showed, and the formulas that people wrote into it."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Cell, Column, Sheet, Workbook
from crm_builder.plan import Forget, Id, Rename
from crm_builder.sheets import Layout, Observed
from crm_builder.sheets.change.freeze import freeze_requests, places_to_freeze

VIEW = ("board", "")
OURS = Cell(1, "a", formula="=SUM(names)")


def observed(*cells: Cell, applied: tuple[Cell, ...] = (OURS,)) -> Observed:
    def book(held: tuple[Cell, ...]) -> Workbook:
        columns = tuple(Column(key) for key in "abc")
        return Workbook("CRM", "en_GB", "UTC", (Sheet("board", "Board", "view", columns, cells=held),))

    return Observed(book(cells), Layout.plan(book(cells)), baseline=book(applied))


def grid(*rows: list[Any]) -> dict[str, list[list[Any]]]:
    """What was entered into the view."""
    return {"board": [[{"formula": one} if str(one).startswith("=") else one for one in row] for row in rows]}


def written(requests: list[dict[str, Any]]) -> list[tuple[int, int, list[list[Any]]]]:
    found = []
    for request in requests:
        update = request["updateCells"]
        rows = [
            [next(iter(cell.get("userEnteredValue", {}).values()), None) for cell in row["values"]]
            for row in update["rows"]
        ]
        found.append((update["start"]["rowIndex"], update["start"]["columnIndex"], rows))
    return found


def test_our_formulas_become_values_in_one_block() -> None:
    shown = {VIEW: [[6, "six"], [], ["x"]]}
    entered = grid(["=SUM(names)", "six"], [], ["x"])
    assert written(freeze_requests(shown, entered, observed(OURS))) == [(0, 0, [[6, "six"], [None], ["x"]])]


def test_peoples_own_formulas_stay_also_where_they_show_nothing() -> None:
    own = Cell(2, "b", formula='=IF(1=2;1;"")')
    shown = {VIEW: [[6], [1, "", 3], ["x"]]}
    entered = grid(["=SUM(names)"], [1, '=IF(1=2;1;"")', 3], ["x"])
    requests = freeze_requests(shown, entered, observed(OURS, own))
    assert written(requests) == [(0, 0, [[6]]), (1, 0, [[1]]), (1, 2, [[3]]), (2, 0, [["x"]])]


def test_a_formula_of_theirs_in_our_cell_stays() -> None:
    shown, entered = {VIEW: [[2, 7]]}, grid(["=1+1", 7])
    requests = freeze_requests(shown, entered, observed(Cell(1, "a", formula="=1+1")))
    assert written(requests) == [(0, 1, [[7]])]


def test_a_computed_column_is_found_under_the_key_that_its_table_still_has() -> None:
    columns = (Column("name"), Column("total", formula="=1"), Column("label", formula="=2"))
    book = Workbook("CRM", "en_GB", "UTC", (Sheet("customers", "Customers", "table", columns),))
    renamed = Rename(Id("sheet", "customers"), Id("sheet", "clients"))
    changes = (renamed, Forget(Id("column", "clients", "total")), Forget(Id("column", "clients", "name")))
    assert list(places_to_freeze(changes, book)) == [("customers", "total")]
