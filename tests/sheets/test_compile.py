"""A workbook compiles to the requests that are written down in cases/, in an order that can succeed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from crm_builder.model import Cell, CellFormat, Column, Sheet, Workbook
from crm_builder.sheets import Layout, check_body, check_workbook, compile_new, split_batches
from tests.sheets.sample import full, small

FOLDER = Path(__file__).parent / "cases"


def compiled(workbook: Workbook, first_sheet_id: int = 0) -> list[dict]:
    check_workbook(workbook)
    return compile_new(workbook, Layout.plan(workbook), first_sheet_id)


def neighbours() -> list[dict]:
    """Columns alike and cells beside and below each other share their requests."""
    bold = CellFormat(bold=True)
    columns = tuple(Column(key, width=70, format=bold if key in "bc" else CellFormat()) for key in "abcd")
    cells = (
        *(Cell(row, key, row) for row in (3, 4, 5) for key in "ab"),
        Cell(4, "d", "apart"),
        Cell(6, "a", "wider"),
        Cell(6, "b", "row", note="n"),
    )
    return compiled(Workbook("Neighbours", "en_US", "Etc/UTC", (Sheet("s", "S", "view", columns, 9, cells=cells),)))


def first_sheet_of_another_id() -> list[dict]:
    """A title that the first sheet could have makes it give its own up."""
    return compiled(Workbook("N", "en_US", "Etc/UTC", (Sheet("s", "Sheet1", "view", (Column("a"),), 2),)), 77)


CASES = {
    "small": lambda: compiled(small()),
    "neighbours": neighbours,
    "first_sheet_of_another_id": first_sheet_of_another_id,
}


@pytest.mark.parametrize("name", CASES)
def test_cases(name):
    assert CASES[name]() == json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("workbook", [small(), full()], ids=["small", "full"])
def test_every_body_is_one_that_the_service_knows(workbook):
    check_body({"requests": compiled(workbook)})


def test_compiling_twice_gives_the_same_ids():
    assert compiled(full()) == compiled(full())


def test_what_is_used_is_made_before():
    kinds = [next(iter(request)) for request in compiled(full())]
    order = ("addSheet", "deleteSheet", "addNamedRange", "repeatCell", "updateCells", "addConditionalFormatRule")
    firsts = [kinds.index(kind) for kind in order]
    assert firsts == sorted(firsts)
    assert len(kinds) - 1 - kinds[::-1].index("addNamedRange") < kinds.index("updateCells")


def test_a_hidden_first_sheet_does_not_leave_the_file_without_a_visible_one():
    workbook = small()
    workbook = replace(
        workbook, sheets=(replace(workbook.sheets[0], hidden=True), replace(workbook.sheets[1], hidden=False))
    )
    kinds = [next(iter(request)) for request in compiled(workbook)]
    assert kinds.index("deleteSheet") > kinds.index("addSheet") + 1


def test_batches_keep_order_and_limit():
    requests = compiled(full())
    batches = split_batches(requests, 3_000)
    assert [request for batch in batches for request in batch] == requests
    assert len(batches) > 3
    bodies = [json.dumps({"requests": batch}, ensure_ascii=False, separators=(",", ":")) for batch in batches]
    assert all(len(body.encode()) <= 3_000 for body in bodies)


def test_one_batch_is_enough_for_a_small_workbook():
    assert split_batches(compiled(small())) == [compiled(small())]


def test_a_request_larger_than_the_limit_stands_alone():
    batches = split_batches([{"a": "x"}, {"b": "x" * 100}, {"c": "x"}], 60)
    assert [len(batch) for batch in batches] == [1, 1, 1]
    assert split_batches([]) == []
