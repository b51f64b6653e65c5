"""The graph: what is evaluated after which edit, spills, circles, and a second opinion on arithmetic."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import formualizer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_builder.local.formulas.engine import Engine
from crm_builder.local.formulas.values import FormulaError, Value

sys.path.insert(0, str(Path(__file__).parent))
from memory_store import MemoryStore

CLOCK = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Book:
    """A store with its engine: every edit recalculates."""

    def __init__(self, contents: dict[str, Value], **grid: int):
        self.store = MemoryStore({"Sheet1": 0, "Other": 1}, **grid)
        self.engine = Engine(self.store, CLOCK)
        for where, content in contents.items():
            self.store.put(where, content)
        self.engine.structure_changed()
        self.first = self.engine.recalculate()

    def put(self, where: str, content: object) -> int:
        self.engine.invalidate(*self.store.put(where, content))  # type: ignore[arg-type]
        return self.engine.recalculate()

    def shown(self, where: str) -> object:
        values = [
            value.kind if type(value) is FormulaError else value for row in self.store.block(where) for value in row
        ]
        return values[0] if len(values) == 1 else values


def message(book: Book, where: str) -> str:
    value = book.store.get(where)
    assert type(value) is FormulaError
    return value.message


def test_a_chain_is_evaluated_once_each_in_order() -> None:
    book = Book({"A1": 1, "D1": "=C1+1", "C1": "=B1+1", "B1": "=A1+1"})
    assert (book.first, book.shown("D1")) == (3, 4.0)


def test_an_edit_evaluates_only_its_dependants() -> None:
    book = Book({"A1": 1, "A2": 2, "B1": "=A1*2", "B2": "=A2*2", "C1": "=B1+1"})
    assert book.put("A1", 5) == 2
    assert book.shown("B1:C1") == [10.0, 11.0]


def test_an_unchanged_result_stops_the_wave() -> None:
    book = Book({"A1": 1, "B1": "=A1>0", "C1": '=IF(B1;"yes";"no")'})
    assert book.put("A1", 2) == 1
    assert book.put("A1", -2) == 2
    assert book.shown("C1") == "no"


def test_a_diamond_is_evaluated_once() -> None:
    book = Book({"A1": 1, "B1": "=A1+1", "C1": "=A1+2", "D1": "=B1+C1"})
    assert book.put("A1", 2) == 3
    assert book.shown("D1") == 7.0


def test_spills_feed_spills_in_one_pass() -> None:
    book = Book(
        {
            "A1": 1,
            "A2": 2,
            "A3": 3,
            "D1": "=SUM(C1:C)",
            "C1": '=VSTACK("c"; ARRAYFORMULA(B2:B4+1))',
            "B1": '=VSTACK("b"; ARRAYFORMULA(A1:A3*10))',
        }
    )
    assert (book.first, book.shown("D1")) == (3, 63.0)
    assert book.shown("C1:C4") == ["c", 11.0, 21.0, 31.0]


def test_dependants_of_one_spilled_cell_follow() -> None:
    book = Book({"A1": 3, "B1": "=SEQUENCE(A1)", "D1": "=B3", "E1": "=D1"})
    assert book.put("A1", 2) == 3
    assert (book.shown("D1"), book.shown("B1:B3")) == (None, [1.0, 2.0, None])
    assert book.put("A1", 4) == 3
    assert book.shown("E1") == 3.0
    assert book.put("A1", 4) == 1


def test_a_growing_spill_is_found_by_those_who_read_below_it() -> None:
    book = Book({"A1": 1, "B1": "=SEQUENCE(A1)", "D1": "=SUM(B4:B9)"})
    assert book.put("A1", 5) == 2
    assert book.shown("D1") == 9.0


def test_a_circle_is_an_error_and_heals() -> None:
    book = Book({"A1": "=B1", "B1": "=A1", "C1": "=A1+1", "D1": "=1"})
    assert book.shown("A1:D1") == ["#REF!", "#REF!", "#REF!", 1.0]
    assert message(book, "A1").startswith("Circular dependency detected")
    book.put("B1", 5)
    assert book.shown("A1:C1") == [5.0, 5.0, 6.0]


def test_a_formula_that_reads_its_own_spill_is_a_circle() -> None:
    book = Book({"A1": 1, "A2": 2, "B1": "=ARRAYFORMULA(A1:A2+B2)"})
    assert book.shown("B1:B2") == ["#REF!", None]


def test_two_spills_into_each_other_are_a_circle() -> None:
    book = Book({"A1": '=VSTACK("a"; B2)', "B1": '=VSTACK("b"; A2)'})
    assert book.shown("A1:B2") == ["#REF!", "#REF!", None, None]


def test_a_blocked_spill_names_the_cell_and_heals() -> None:
    book = Book({"F3": "mine", "F1": "=SEQUENCE(4)", "G1": "=SUM(F1:F4)"})
    assert message(book, "F1") == "Array result was not expanded because it would overwrite data in F3."
    assert book.shown("F1:F4") == ["#REF!", None, "mine", None]
    book.put("F3", None)
    assert (book.shown("F1:F4"), book.shown("G1")) == ([1.0, 2.0, 3.0, 4.0], 10.0)


def test_typing_under_a_spill_takes_it_back() -> None:
    book = Book({"F1": "=SEQUENCE(4)"})
    book.put("F2", "")
    assert book.shown("F1:F4") == ["#REF!", "", None, None]


def test_two_spills_over_the_same_cells() -> None:
    book = Book({"A2": "=SEQUENCE(1;3)", "B1": "=SEQUENCE(3)"})
    kinds = [book.shown("A2"), book.shown("B1")]
    assert kinds.count("#REF!") == 1


def test_a_spill_beyond_the_grid_asks_for_rows() -> None:
    book = Book({"A8": "=SEQUENCE(5)"}, rows=10)
    assert message(book, "A8") == "Result was not automatically expanded, please insert more rows (2)."


def test_removing_a_formula_removes_its_dependence() -> None:
    book = Book({"A1": 1, "B1": "=A1"})
    assert book.put("B1", 7) == 0
    assert book.put("A1", 2) == 0
    assert book.shown("B1") == 7.0


def test_a_value_in_place_of_a_spill_reaches_those_who_read_the_spill() -> None:
    book = Book({"B1": "=SEQUENCE(3)", "D1": "=B3"})
    book.engine.invalidate(*book.store.put("B1", 7)[:3], 1, 2)  # only the cell itself
    book.engine.recalculate()
    assert book.shown("D1") is None


def test_indirect_follows_the_cells_it_names_at_the_time() -> None:
    book = Book({"A1": "B1", "B1": "=C1*2", "C1": 3, "D1": "=INDIRECT(A1)", "E1": "=D1+1"})
    assert book.shown("E1") == 7.0
    book.put("C1", 4)
    assert book.shown("E1") == 9.0
    book.put("A1", "C1")
    assert book.shown("E1") == 5.0


def test_the_clock_moves_only_what_reads_it() -> None:
    book = Book({"A1": "=TODAY()", "B1": "=A1+1", "C1": "=1+1"})
    book.engine.clock = CLOCK + timedelta(hours=1)
    assert book.engine.recalculate() == 1  # the same day: the wave stops at TODAY
    book.engine.clock = CLOCK + timedelta(days=1)
    assert book.engine.recalculate() == 2
    assert book.engine.recalculate() == 0


def test_other_sheets_and_names_are_followed() -> None:
    book = Book({"Other!A1": 2, "B1": "=Other!A1+amounts"})
    assert book.shown("B1") == "#NAME?"
    book.store.named["Amounts"] = (1, 0, 0, None, 1)
    book.engine.structure_changed()
    assert book.engine.recalculate() == 1
    assert book.shown("B1") == 4.0
    assert book.put("Other!A1", 5) == 1
    assert book.shown("B1") == 10.0


def test_a_store_that_is_opened_again_evaluates_what_was_dirty() -> None:
    book = Book({"A1": 1, "B1": "=A1+1", "C1": "=SEQUENCE(2)", "D1": "=C2"})
    again = Engine(book.store, CLOCK)
    assert again.recalculate() == 0
    again.invalidate(*book.store.put("A1", 2))
    assert again.recalculate() == 1
    book.store.stored_dirty = {(0, 0, 2)}
    assert Engine(book.store, CLOCK).recalculate() == 1


def test_a_new_formula_in_an_opened_store_is_evaluated() -> None:
    book = Book({"A1": 1})
    again = Engine(book.store, CLOCK)
    again.invalidate(*book.store.put("B1", "=A1+1"))
    again.invalidate(*book.store.put("C1", "=B1+1"))
    assert again.recalculate() == 2
    assert book.shown("C1") == 3.0


def test_a_table_of_ten_thousand_rows_counts_its_own_rows() -> None:
    rows = 10_000
    book = Book({}, rows=rows + 10)
    book.store.named["ids"] = (0, 1, 0, None, 1)
    book.store.put("A1", [["id"], *([f"C{number // 2}"] for number in range(rows))])
    book.store.put("B1", '=VSTACK("n"; ARRAYFORMULA(IF(ids=""; ; COUNTIF(ids; ids))))')
    book.engine.structure_changed()
    assert book.engine.recalculate() == 1
    assert book.store.get("B2") == 2.0
    assert book.shown("B10001:B10002") == [2.0, None]


_NUMBERS = st.integers(-50, 50).map(str)
_EXPRESSIONS = st.recursive(
    _NUMBERS,
    lambda inner: (
        st.builds("({}{}{})".format, inner, st.sampled_from(["+", "-", "*", "/", "=", "<", ">="]), inner)
        | st.builds("-{}".format, inner)
        | st.builds("{}%".format, inner)
        | st.builds("IF({},{},{})".format, inner, inner, inner)
    ),
    max_leaves=8,
)
_KINDS = {"Div": "#DIV/0!", "Num": "#NUM!", "Value": "#VALUE!"}


@settings(max_examples=150, deadline=None)
@given(_EXPRESSIONS)
def test_arithmetic_agrees_with_a_second_engine(expression: str) -> None:
    other = formualizer.Workbook()
    other.add_sheet("S")
    other.set_formula("S", 1, 1, "=" + expression)
    theirs = other.evaluate_cell("S", 1, 1)
    if isinstance(theirs, dict):
        theirs = _KINDS[theirs["kind"]]
    ours = Engine(MemoryStore(), CLOCK).evaluate("=" + expression, (0, 0, 0), (0, 0, 0))
    if type(ours) is FormulaError:
        ours = ours.kind
    if isinstance(theirs, str) or isinstance(ours, str):
        assert ours == theirs
    else:
        assert ours == pytest.approx(theirs, rel=1e-9)
