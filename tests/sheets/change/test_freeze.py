"""A forgotten view keeps what it showed, and the formulas that people wrote into it."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Cell, Column, Sheet, Workbook
from crm_builder.sheets import Layout, Observed
from crm_builder.sheets.change.freeze import freeze_requests

VIEW = ("board", "")
OURS = Cell(1, "a", formula="=SUM(names)")


def observed(*cells: Cell, applied: tuple[Cell, ...] = (OURS,)) -> Observed:
    def book(held: tuple[Cell, ...]) -> Workbook:
        columns = tuple(Column(key) for key in "abc")
        return Workbook("CRM", "en_GB", "UTC", (Sheet("board", "Board", "view", columns, cells=held),))

    return Observed(book(cells), Layout.plan(book(cells)), baseline=book(applied))


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
    entered = {VIEW: [["=SUM(names)", "six"], [], ["x"]]}
    assert written(freeze_requests(shown, entered, observed(OURS))) == [(0, 0, [[6, "six"], [None], ["x"]])]


def test_peoples_own_formulas_stay_also_where_they_show_nothing() -> None:
    own = Cell(2, "b", formula='=IF(1=2;1;"")')
    shown = {VIEW: [[6], [1, "", 3], ["x"]]}
    entered = {VIEW: [["=SUM(names)"], [1, '=IF(1=2;1;"")', 3], ["x"]]}
    requests = freeze_requests(shown, entered, observed(OURS, own))
    assert written(requests) == [(0, 0, [[6]]), (1, 0, [[1]]), (1, 2, [[3]]), (2, 0, [["x"]])]


def test_a_formula_of_theirs_in_our_cell_stays() -> None:
    shown, entered = {VIEW: [[2, 7]]}, {VIEW: [["=1+1", 7]]}
    requests = freeze_requests(shown, entered, observed(Cell(1, "a", formula="=1+1")))
    assert written(requests) == [(0, 1, [[7]])]
