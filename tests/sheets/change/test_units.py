"""Units of requests: after any of them a run may be killed, and the next one ends in the same workbook."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_builder.google import Client
from crm_builder.model import Area, Cell, CellFormat, Column, NamedRange, NumberFormat, Workbook
from crm_builder.model.compare import differences
from crm_builder.plan.diff import compare
from crm_builder.sheets import canonical
from crm_builder.sheets.change import compile_changes
from tests.sheets.change.test_sheets import hung, with_sheet
from tests.sheets.change.world import HEADER, World, crm, edited, inserted, item, rule


def aim() -> Workbook:
    """Changes of every kind at once."""
    phone = Column("phone", "Phone", 120, "With country", header=HEADER, format=CellFormat(number=NumberFormat("text")))
    desired = inserted(inserted(crm(), "people", 0, phone), "people", 5, replace(phone, key="mail", title="Mail"))
    desired = edited(desired, "people", "worth", title="Value", format=CellFormat(number=NumberFormat("percent", "0%")))
    people, lists, board = desired.sheets
    people = replace(people, rules=(rule("open", '=[stage]="Open"', "#FFFFFF"), *people.rules[:1]), title="Persons")
    lists = replace(lists, cells=(*lists.cells, *item("stage/lost", 4, stage="Lost", colour="#B3261E")))
    board = replace(
        board,
        cells=(*board.cells, Cell(30, "b", "New")),
        merges=(Area("board", "a", "d", 1, 1),),
        pivots=(replace(board.pivots[0], row=22),),
        charts=(replace(board.charts[0], title="Turnover"),),
    )
    desired = replace(desired, sheets=(people, board, lists))
    names = (
        *desired.names,
        NamedRange("people_phone", Area("people", "phone")),
        NamedRange("deals_sum", Area("deals", "sum")),
    )
    return with_sheet(replace(desired, names=names, marks=(("version", "2"),)), 1, hung())


@pytest.mark.parametrize("done", range(10))
def test_a_killed_run_is_finished_by_the_next(client: Client, done: int):
    world, desired = World(client), canonical(aim())
    world.type("people", "name", 2, "Ada", "Bob")
    plan = world.plan(desired)
    units = compile_changes(plan.changes, world.observe(desired), plan.result, desired)
    for unit in units[:done]:
        world.do(*unit)
    if done == 0:
        assert world.apply(desired).changes
    else:
        observed = world.observe(desired)
        plan = compare(world.baseline, observed.workbook, desired)
        world.send(plan.changes, plan.result, desired)
    world.baseline = desired
    again = world.observe()
    assert list(differences(desired, again.workbook)) == []
    assert world.column("people", "name", 3) == ["Name", "Ada", "Bob"]
