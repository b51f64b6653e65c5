"""A view that was left to people: what they typed into it stays when it is described again, all else computes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_builder.model import Cell, Column, Sheet
from crm_builder.sheets.former import base_of
from tests.changes.crm import description, make
from tests.changes.faults import Counting, Killed
from tests.changes.keeping import Keeping

OFF = "[parts]\nboard = false\n"
TYPED = {"card": 4321, "formula": {"formula": "=1+2"}, "field": "Lost", "below": "below", "beside": "beside"}
Spot = tuple[int, int]


@pytest.fixture(scope="module")
def templates(small_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small templates, whose board is a part."""
    folder = Path(shutil.copytree(small_templates, tmp_path_factory.mktemp("views") / "templates"))
    path = folder / "workbook.toml"
    text = path.read_text("utf-8")
    assert text.count("[parts]\n") == 1
    path.write_text(text.replace("[parts]\n", '[parts]\nboard = { sheets = ["board"] }\n'), "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("views") / "crm", templates, description())


@pytest.fixture
def crm(made: Path, templates: Path, tmp_path: Path) -> Keeping:
    return Keeping(Path(shutil.copytree(made, tmp_path / "crm")), templates)


def board(crm: Keeping) -> list[list[Any]]:
    return crm.grids()["Board"]


def spots_of(crm: Keeping) -> dict[str, Spot]:
    """Where is typed: over a card, over the head of a list, over a field, below the view and beside it."""
    observed = crm.observed()
    place, names = observed.layout.place("board"), {one.name: one.area for one in observed.workbook.names}
    number, stage = names["board_customers"], names["board_stage"]
    card = (place.line(number.first_row), place.column(number.first_column or ""))
    grid = board(crm)
    line, index = next(
        (line, index)
        for line, row in enumerate(grid)
        for index, cell in enumerate(row)
        if isinstance(cell, dict) and "figures_stages_amount" in cell["formula"]
    )
    field = (place.line(stage.first_row), place.column(stage.first_column or ""))
    return {"card": card, "formula": (line, index), "field": field, "below": (len(grid) + 3, 1), "beside": (4, 30)}


def type_all(crm: Keeping, spots: dict[str, Spot], down: int = 0) -> None:
    with crm.user() as (user, _):
        number = next(one for one in user.sheets() if user.title(one) == "Board")
        for name, (line, index) in spots.items():
            value = TYPED[name]
            user.type(number, line + down, index, value["formula"] if isinstance(value, dict) else value)


def at(grid: list[list[Any]], spot: Spot, down: int = 0) -> Any:
    line, index = spot[0] + down, spot[1]
    return grid[line][index] if line < len(grid) and index < len(grid[line]) else None


def expect(crm: Keeping, before: list[list[Any]], spots: dict[str, Spot], down: int = 0) -> None:
    """All that was typed is there, and every other cell is what it was before the view was forgotten."""
    now = board(crm)
    assert {name: at(now, spot, down) for name, spot in spots.items()} == {name: TYPED[name] for name in spots}
    rest = {
        (line, index): cell
        for line, row in enumerate(before)
        for index, cell in enumerate(row)
        if (line, index) not in spots.values()
    }
    assert {spot: at(now, spot, down) for spot in rest} == rest
    assert crm.pending() == ()


def test_typed_over_and_described_again(crm: Keeping) -> None:
    before, spots = board(crm), spots_of(crm)
    crm.apply(OFF)
    type_all(crm, spots)
    crm.apply("")
    expect(crm, before, spots)
    crm.undo()
    crm.apply("")
    expect(crm, before, spots)


def test_undone_after_people_typed(crm: Keeping) -> None:
    before, spots = board(crm), spots_of(crm)
    crm.apply(OFF)
    type_all(crm, spots)
    crm.undo()
    crm.describe()
    expect(crm, before, spots)


def test_rows_inserted_a_cell_emptied_and_a_field_chosen_before(crm: Keeping) -> None:
    before, spots = board(crm), spots_of(crm)
    type_all(crm, {"field": spots.pop("field")})
    line, index = spots.pop("card")
    crm.apply(OFF)
    with crm.user() as (user, _):
        number = next(one for one in user.sheets() if user.title(one) == "Board")
        user.clear(number, (line, index, line + 1, index + 1))
        user.insert_rows(number, 1, 2)
        user.type(number, 1, 1, "a row of people's own")
    type_all(crm, spots, 2)
    prepared = crm.apply("")
    now = board(crm)
    assert {name: at(now, spot, 2) for name, spot in spots.items()} == {name: TYPED[name] for name in spots}
    assert at(now, (line, index), 2) is None
    assert (now[1][1], at(now, (4, 19), 2)) == ("a row of people's own", "Lost")
    stages = next((8, index) for index, cell in enumerate(before[8]) if "figures_stages_stage" in str(cell))
    assert at(now, stages, 2) == at(before, stages) and now[:1] == before[:1]
    assert {"board.cell unit_1 row 5"} <= {str(one.id) for one in prepared.plan.drift}
    assert crm.pending() == ()


class KillAtFirstWrite(Counting):
    """Raises Killed once the first request that changes something took effect."""

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        answer = super().request(uri, method, body, headers, **more)
        if self.writes:
            raise Killed("after the first batch")
        return answer


def killed(crm: Keeping, more: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An apply that is killed right after the first of its batches."""
    monkeypatch.setattr("crm_builder.deploy.plan.LIMIT_BYTES", 12_000)
    with pytest.raises(Killed):
        crm.apply(more, KillAtFirstWrite)
    assert crm.pending() != ()


@pytest.mark.parametrize("then", ["again", "described", "undone"])
def test_killed_while_it_is_left(crm: Keeping, monkeypatch: pytest.MonkeyPatch, then: str) -> None:
    before, spots = board(crm), spots_of(crm)
    killed(crm, OFF, monkeypatch)
    type_all(crm, spots)
    if then == "again":
        crm.apply(OFF)
    if then == "undone":
        crm.undo()
    crm.apply("")
    expect(crm, before, spots)


def test_killed_while_it_is_taken_back(crm: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    before, spots = board(crm), spots_of(crm)
    crm.apply(OFF)
    type_all(crm, spots)
    killed(crm, "", monkeypatch)
    crm.apply("")
    expect(crm, before, spots)


def test_without_a_note_formulas_and_plain_cells_stay() -> None:
    """As of a view that an earlier version left."""
    cells = (Cell(1, "a", "left or typed"), Cell(2, "a", formula="=1+2"), Cell(3, "a", "Lost"))
    view = Sheet("board", "Board", "view", (Column("a"),), cells=cells)
    wanted = (Cell(1, "a", formula="=B1"), Cell(2, "a", formula="=B2"), Cell(3, "a", "Won"))
    assert base_of(view, None, replace(view, cells=wanted)).cells == cells[:1]


def test_a_head_that_people_typed_over_differs_from_what_was_left() -> None:
    helper = Sheet("figures", "Figures", "helper", (Column("a", formula="=B1:B"), Column("b", "Sum")))
    now = replace(helper, columns=(Column("a", "typed"), Column("b", "Sum")))
    assert base_of(now, helper, helper).columns == helper.columns
