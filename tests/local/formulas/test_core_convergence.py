"""Whatever is edited in whatever order: the results are those of a computation from scratch."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_builder.formulas.scan import cell_name
from crm_builder.local.formulas.engine import Engine
from crm_builder.local.formulas.values import FormulaError

sys.path.insert(0, str(Path(__file__).parent))
from memory_store import MemoryStore

CLOCK = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ROWS, COLUMNS = 4, 3

_CELLS = st.builds(cell_name, st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1))
# Formulas of a row of their own read only what stands left of them, so that no circle arises by itself.
_FORMULAS = st.sampled_from(
    [
        "=A{row}+1",
        "=SUM(A{row}:{before}{row})",
        "=SUM(A1:{before})",
        "={before}2",
        "={before}3+1",
        "=COUNTA(A:{before})",
        "=SEQUENCE(A{row})",
        '=VSTACK("h";ARRAYFORMULA(A1:{before}3*2))',
        '=INDIRECT("{before}"&A1)',
        "=IFERROR(VLOOKUP(2;A:{before};1;FALSE);A2)",
        '=COUNTIF({before}1:{before}6;">=2")',
        "=FILTER(A1:A4;A1:A4>1)",
    ]
)
_VALUES = st.sampled_from([None, None, 1, 2, 3, "x", "2"])


@st.composite
def edit(draw: st.DrawFn) -> tuple[str, object]:
    row, column = draw(st.integers(0, ROWS - 1)), draw(st.integers(0, COLUMNS - 1))
    if column == 0 or draw(st.booleans()):
        return cell_name(row, column), draw(_VALUES)
    text = draw(_FORMULAS).format(row=row + 1, before=chr(64 + column))
    return cell_name(row, column), text


def shown(store: MemoryStore) -> list[list[object]]:
    return [
        [value.kind if type(value) is FormulaError else value for value in row]
        for row in store.values(0, 0, 0, ROWS * 2, COLUMNS * 2)
    ]


def blocked(store: MemoryStore) -> bool:
    """Which of two spills into the same cells comes first depends on who was there before, as it may."""
    return any(type(value) is FormulaError and "overwrite" in value.message for value in store.results.values())


@settings(max_examples=300, deadline=None)
@given(st.lists(edit(), min_size=1, max_size=20), st.booleans())
def test_incremental_results_are_those_of_a_fresh_computation(edits: list[tuple[str, object]], opened: bool) -> None:
    store = MemoryStore(rows=40)
    engine = Engine(store, CLOCK)
    for where, content in edits:
        if opened:
            engine = Engine(store, CLOCK)  # another process goes on with what is stored
        engine.invalidate(*store.put(where, content))  # type: ignore[arg-type]
        engine.recalculate()
    fresh = MemoryStore(rows=40)
    fresh.entered, fresh.texts = dict(store.entered), dict(store.texts)
    again = Engine(fresh, CLOCK)
    again.structure_changed()
    again.recalculate()
    if not blocked(store) and not blocked(fresh):
        assert shown(store) == shown(fresh)


@settings(max_examples=100, deadline=None)
@given(st.lists(edit(), min_size=1, max_size=20))
def test_nothing_is_left_to_do_after_a_recalculation(edits: list[tuple[str, object]]) -> None:
    store = MemoryStore(rows=40)
    for where, content in edits:
        store.put(where, content)  # type: ignore[arg-type]
    engine = Engine(store, CLOCK)
    engine.structure_changed()
    engine.recalculate()
    if blocked(store):
        return
    before = shown(store)
    assert engine.recalculate() == 0
    engine.structure_changed()
    engine.recalculate()
    assert shown(store) == before
