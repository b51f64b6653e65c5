"""A workbook taken apart and put together again; areas and orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_builder.model import Sheet, Workbook
from crm_builder.plan import Id, Order, Wishes, assemble, compare, things
from crm_builder.plan.order import moved, moves, with_new
from crm_builder.project import load_project
from crm_builder.sheets.canonical import canonical
from tests.plan.books import BOOK
from tests.sheets import strategies as shapes


def items_only(book: Workbook) -> Workbook:
    """Without the cells of tables that belong to no item: they are people's."""

    def sheet(one: Sheet) -> Sheet:
        return replace(one, cells=tuple(cell for cell in one.cells if cell.item or one.kind != "table"))

    return replace(book, sheets=tuple(sheet(one) for one in book.sheets))


def again(book: Workbook) -> Workbook:
    return assemble(things(book), Order.of(book))


def test_a_small_workbook() -> None:
    assert again(BOOK) == BOOK
    found = things(BOOK)
    assert {one.kind for one in found} >= {
        "workbook",
        "sheet",
        "column",
        "cell",
        "item",
        "rule",
        "merge",
        "mark",
        "name",
    }
    assert set(found[Id("item", "choices", "stage/won")]) == {"stage", "chance"}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_real_workbook(describe: Callable[..., Path], language: str) -> None:
    book = items_only(canonical(load_project(describe(language)).rendered.workbook))
    assert again(book) == book
    assert compare(book, book, book, Wishes()).empty
    wanted = things(book)
    anew = compare(None, replace(book, sheets=(), names=(), marks=()), book, Wishes())
    assert things(anew.result) == wanted


@given(
    rules=st.lists(shapes.rules, max_size=3, unique_by=lambda rule: rule.key),
    views=st.lists(shapes.views, max_size=3, unique_by=lambda view: view.key),
    bandings=st.lists(shapes.bandings, max_size=2, unique_by=lambda one: one.key),
    protections=st.lists(shapes.protections, max_size=3, unique_by=lambda one: one.key),
    names=st.lists(shapes.named_ranges, max_size=3, unique_by=lambda one: one.name),
)
def test_any_mixture(rules, views, bandings, protections, names) -> None:
    first, *rest = shapes.WORKBOOK.sheets
    sheet = replace(
        first, rules=tuple(rules), views=tuple(views), banding=tuple(bandings), protections=tuple(protections)
    )
    book = canonical(replace(shapes.WORKBOOK, sheets=(sheet, *rest), names=tuple(names)))
    assert again(book) == book
    assert compare(book, book, book, Wishes()).empty


orders = st.permutations(list("abcdef")).flatmap(lambda keys: st.integers(0, 6).map(lambda size: keys[:size]))


@given(orders, orders, orders)
def test_moves_bring_ours_into_order(base, found, wanted) -> None:
    steps, _ = moves(base, found, wanted, set(), True)
    now = list(found)
    for key, after in steps:
        assert after is None or after in now
        now = moved(now, key, after)
    both = [key for key in wanted if key in found]
    assert [key for key in now if key in both] == both
    made = with_new(now, set(wanted) - set(found), wanted)
    assert [key for key in made if key in wanted] == list(wanted)
    assert len(steps) < max(len(both), 1)
