"""Cells that are read without a calculation hold what they would hold after one."""

from __future__ import annotations

import pytest


@pytest.fixture
def table(desk):
    """Typed columns A and E, computed ones B (of A) and C:D (a formula two columns wide), and a total in F1."""
    desk.write("A1", [1, "=ARRAYFORMULA(A1:A5*10)", "=HSTACK(A1:A3;A1:A3)", None, "typed", "=SUM(A:A)"], [2], [3])
    assert desk.sheet.getRange("A1:F3").getValues()[2] == [3, 30, 3, 3, "", ""]
    return desk


def calculations(desk, monkeypatch) -> list:
    made = []
    book = desk.book()
    original = type(book).recalculate
    monkeypatch.setattr(type(book), "recalculate", lambda book: (made.append(1), original(book))[1])
    return made


@pytest.mark.parametrize(
    ("where", "values", "calculated"),
    [
        ("A1:A3", [[1], [20], [3]], False),
        ("E1:E2", [["typed"], [""]], False),
        ("B1:B3", [[10], [200], [30]], True),
        ("C1:D2", [[1, 1], [20, 20]], True),
        ("D2", [[20]], True),  # spilled into
        ("F1", [[24]], True),
        ("B4", [[0]], True),
        ("A1:F2", [[1, 10, 1, 1, "typed", 24], [20, 200, 20, 20, "", ""]], True),
    ],
)
def test_what_is_calculated_first(table, monkeypatch, where, values, calculated) -> None:
    table.sheet.getRange("A2").setValue(20)
    made = calculations(table, monkeypatch)
    assert table.sheet.getRange(where).getValues() == values
    assert bool(made) is calculated


def test_a_new_formula_beside(table) -> None:
    table.sheet.getRange("A10").setFormula("=SEQUENCE(1;6)")
    assert table.sheet.getRange("E10").getValue() == 5


def test_rows_that_are_deleted_take_no_typed_column_along(table, monkeypatch) -> None:
    table.sheet.deleteRow(2)
    made = calculations(table, monkeypatch)
    assert table.sheet.getRange("A1:A2").getValues() == [[1], [3]]
    assert table.sheet.getRange("E1").getValue() == "typed"
    assert not made
    assert table.sheet.getRange("B1:F2").getValues() == [[10, 1, 1, "typed", 4], [30, 3, 3, "", ""]]


def test_columns_that_move(table) -> None:
    table.sheet.deleteRow(2)
    table.sheet.insertColumnBefore(1)
    table.sheet.getRange("A1").setValue("first")
    assert table.sheet.getRange("A1:G2").getValues() == [["first", 1, 10, 1, 1, "typed", 4], ["", 3, 30, 3, 3, "", ""]]
