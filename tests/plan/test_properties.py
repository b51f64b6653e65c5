"""What must hold whatever people and the description change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_builder.model import Area, Cell, CellFormat, Column, Condition, ConditionalRule, Workbook
from crm_builder.plan import (
    Create,
    Id,
    Update,
    Wishes,
    assemble,
    baseline_after,
    compare,
    digest_of,
    judge,
    things,
    tree,
)
from crm_builder.plan.things import Order
from tests.plan.books import BOOK, Edit, change, drop, put

TABLE = st.sampled_from(("people", "board", "sums"))


def _ids(kind: str) -> st.SearchStrategy[Id]:
    return st.sampled_from([one for one in things(BOOK) if one.kind == kind])


def _where(one: Id, edit: Callable[[Workbook], Workbook]) -> Edit:
    """The edit, where the thing is still there."""
    return lambda book: edit(book) if one in things(book) else book


def _new_column(key: str, sheet: str) -> Edit:
    column = Column(key, key.title(), type="text")
    return lambda book: put(Id("column", sheet, key), column)(book) if Id("sheet", sheet) in things(book) else book


def _new_rule(key: str, column: str) -> Edit:
    rule = ConditionalRule(key, (Area("people", column),), Condition("blank"), CellFormat(bold=True))
    return _where(Id("column", "people", column), put(Id("rule", "people", key), rule))


def _new_cell(row: int, value: str) -> Edit:
    return _where(Id("column", "board", "b"), put(Id("cell", "board", f"b row {row}"), Cell(row, "b", value)))


def _shuffle(keys: tuple[str, ...]) -> Edit:
    def edit(book: Workbook) -> Workbook:
        order = Order.of(book)
        if "people" not in order.sheets:
            return book
        columns = tuple(sorted(order.columns["people"], key=lambda key: (*keys, key).index(key)))
        return assemble(things(book), replace(order, columns={**order.columns, "people": columns}))

    return edit


words = st.sampled_from(("A", "B", "C"))
edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(lambda one, text: _where(one, change(one, title=text)), _ids("column"), words),
    st.builds(lambda one, size: _where(one, change(one, width=size)), _ids("column"), st.sampled_from((50, 60))),
    st.builds(lambda one, text: _where(one, change(one, title=text)), _ids("sheet"), words),
    st.builds(lambda one, rows: _where(one, change(one, rows=rows)), _ids("sheet"), st.sampled_from((30, 100, 300))),
    st.builds(lambda one: drop(one), st.sampled_from([one for one in things(BOOK) if one.kind != "workbook"])),
    st.builds(lambda one, text: _where(one, change(one, value=text, formula=None)), _ids("cell"), words),
    st.builds(lambda one, text: _where(one, change(one, note=text)), _ids("cell"), words),
    st.builds(lambda one, color: _where(one, change(one, format=CellFormat(color=color))), _ids("rule"), words),
    st.builds(_new_column, words.map(str.lower), TABLE),
    st.builds(_new_rule, words.map(str.lower), st.sampled_from(("name", "phone"))),
    st.builds(_new_cell, st.integers(1, 4), words),
    st.builds(_shuffle, st.permutations([column.key for column in BOOK.sheet("people").columns]).map(tuple)),
)
several = st.lists(edits, max_size=5)
stays = st.sets(_ids("column") | _ids("sheet"), max_size=2).map(lambda ids: Wishes(deletes=frozenset(ids)))


def _all(made: list[Edit]) -> Workbook:
    book = BOOK
    for edit in made:
        book = edit(book)
    return book


@given(several)
def test_what_is_as_described_needs_nothing(made: list[Edit]) -> None:
    book = _all(made)
    plan = compare(book, book, book, Wishes())
    assert plan.empty
    assert not plan.drift
    assert things(plan.result) == things(book)


@settings(max_examples=300)
@given(several, several, stays)
def test_a_plan_that_was_carried_out_is_done(user: list[Edit], after: list[Edit], wishes: Wishes) -> None:
    observed, desired = _all(user), _all(after)
    plan = judge(compare(BOOK, observed, desired, wishes), BOOK, desired, wishes, {})
    noted = baseline_after(plan, BOOK, desired)
    again = judge(compare(noted, plan.result, desired, wishes), noted, desired, wishes, {})
    assert not again.changes
    assert {one.id for one in again.refusals} <= {one.id for one in plan.refusals}
    assert plan.digest == digest_of(plan)
    assert tree(plan)


@settings(max_examples=300)
@given(several, several)
def test_drift_is_never_changed(user: list[Edit], after: list[Edit]) -> None:
    observed, desired = _all(user), _all(after)
    plan = compare(BOOK, observed, desired, Wishes())
    changed = {(one.id, part.name) for one in plan.changes if isinstance(one, Update) for part in one.differences}
    kept = {(one.id, one.difference.name) for one in plan.drift}
    assert not changed & kept
    assert not {one.id for one in plan.changes} & {one.id for one in plan.drift if not one.difference.name}
    # What people typed into a cell of ours is there afterwards, unless the description took its sheet or column along.
    result, found = things(plan.result), things(observed)
    gone = {one.id for one in plan.changes if not isinstance(one, Create | Update)}
    for one, cell in found.items():
        typed = one.kind == "cell" and _content(cell) != _content(things(BOOK).get(one))
        if typed and not gone & {one, Id("sheet", one.sheet), Id("column", one.sheet, cell.column)}:
            assert _content(result[one]) == _content(cell)


@given(several, several)
def test_repaired_all_is_as_described(user: list[Edit], after: list[Edit]) -> None:
    desired = _all(after)
    plan = compare(BOOK, _all(user), desired, Wishes(repairs="all"))
    assert not plan.drift
    result = things(plan.result)
    assert not [one for one, thing in things(desired).items() if one.kind != "sheet" and result[one] != thing]


def _content(cell: Any) -> Any:
    return cell and (cell.value, cell.formula, cell.link)
