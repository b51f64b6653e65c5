"""Whatever is edited, what is computed step by step is what computing everything anew gives."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_builder.local.calc import effective

from .batch_helper import book_in, cell, send
from .pivot_helper import group, pivot_request, value

# Formulas stand beside the source, never in it: what a circle shows depends on what was there first.
_VALUES = st.sampled_from(["a", "b", 1, 2, None])
_FORMULAS = st.sampled_from(["=E2", "=SEQUENCE(2)", "=COUNTA(D1:H6)", None])
_EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("type"), st.integers(0, 11), st.integers(0, 7), _VALUES),
        st.tuples(st.just("type"), st.integers(0, 11), st.just(2), _FORMULAS),
        st.tuples(st.just("pivot"), st.integers(0, 8), st.integers(3, 5), st.booleans()),
        st.tuples(st.sampled_from(["insert", "delete"]), st.integers(0, 9), st.just(0), st.just(0)),
    ),
    max_size=8,
)


def _request(edit: tuple[Any, ...]) -> dict[str, Any]:
    kind, one, two, three = edit
    if kind == "type":
        start = {"sheetId": 0, "rowIndex": one, "columnIndex": two}
        rows = [{"values": [cell(three)]}]
        return {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}
    if kind == "pivot":
        source = {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 2}
        if three:
            source |= {"startRowIndex": 0, "endRowIndex": 5}
        table = {"source": source, "rows": [group(0)], "values": [value(1), value(1, "COUNTA")]}
        return pivot_request(table, one, two)
    place = {"sheetId": 0, "dimension": "ROWS", "startIndex": one, "endIndex": one + 1}
    return {"insertDimension" if kind == "insert" else "deleteDimension": {"range": place}}


@settings(deadline=None, max_examples=60)
@given(_EDITS)
def test_step_by_step_is_the_same_as_all_anew(edits) -> None:
    with TemporaryDirectory() as folder, book_in(Path(folder)) as book:
        book.grid(0).write("entered", 0, 0, [["k", "n"], ["a", 1.0], ["b", 2.0], ["a", 3.0]])
        book.changed(0, 0, 0, 4, 2)
        for edit in [("pivot", 0, 4, False), *edits]:
            send(book, _request(edit))
            book.recalculate()
        grid = book.grid(0)
        stepwise = effective(book, 0, 0, 0, grid.rows, grid.columns)
        book.restructured()
        book.recalculate()
        assert effective(book, 0, 0, 0, grid.rows, grid.columns) == stepwise
