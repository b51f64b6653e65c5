"""The grid against a plain list of lists: whatever is written and edited, both hold the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_builder.local.book import Book, create, load
from crm_builder.local.formulas.values import FormulaError
from crm_builder.local.grid import Formula, Grid
from crm_builder.local.store import Store
from crm_builder.local.structure import moved_to


@pytest.fixture
def store(tmp_path: Path):
    store = Store(tmp_path)
    yield store
    store.close()


def fresh(store: Store, rows: int = 1000, columns: int = 26) -> tuple[Book, Grid]:
    doc = {"properties": {}, "sheets": [{"properties": {"sheetId": 7, "title": "A"}}]}
    book = create(store.db, "one", doc)
    return book, book.add_grid(7, rows, columns)


def reopened(store: Store, book: Book) -> Grid:
    book.save()
    again = load(store.db, book.id)
    assert again is not None
    return again.grid(7)


def test_every_kind_of_value_survives_the_store(store):
    book, grid = fresh(store)
    rows = [[1.5, "text", True, None], [Formula("=A1"), FormulaError("#N/A", "no"), "=not a formula", "{}"]]
    grid.write("entered", 300, 14, rows)
    grid.write("format", 300, 14, [[{"textFormat": {"bold": True}}, None]])
    kept = reopened(store, book)
    assert kept.read("entered", 300, 14, 302, 18) == rows
    assert [type(v) for v in kept.read("entered", 301, 14, 302, 17)[0]] == [Formula, FormulaError, str]
    assert kept.read("format", 300, 14, 301, 16) == [[{"textFormat": {"bold": True}}, None]]
    assert kept.formulas() == {(301, 14): "=A1"}
    assert kept.extent() == (302, 18)


def test_reading_a_few_rows_loads_only_their_blocks(store):
    book, grid = fresh(store, 5000, 15)
    grid.write("entered", 0, 0, [[float(r)] * 15 for r in range(5000)])
    kept = reopened(store, book)
    assert kept.read("entered", 4000, 3, 4001, 4) == [[4000.0]]
    assert len(kept._cache) == 1


def test_a_write_outside_the_grid_is_refused(store):
    _, grid = fresh(store, 10, 5)
    with pytest.raises(IndexError):
        grid.write("entered", 9, 4, [["a"], ["b"]])


def test_equal_formats_are_computed_once_and_kept_once(store):
    book, grid = fresh(store)
    grid.fill("format", 0, 0, 1000, 26, {"wrapStrategy": "WRAP"})
    calls = []
    grid.update(
        "format", 0, 0, 500, 26, lambda old: calls.append(old) or {**(old or {}), "hyperlinkDisplayType": "LINKED"}
    )
    assert len(calls) == 1
    assert reopened(store, book).read("format", 499, 25, 501, 26) == [
        [{"wrapStrategy": "WRAP", "hyperlinkDisplayType": "LINKED"}],
        [{"wrapStrategy": "WRAP"}],
    ]


def test_a_spill_is_replaced_as_a_whole(store):
    _, grid = fresh(store)
    grid.write("entered", 0, 0, [[Formula("=SEQUENCE(3)")]])
    grid.set_result(0, 0, [[1.0], [2.0], [3.0]])
    grid.set_result(0, 0, [[7.0, 8.0]])
    assert grid.read("result", 0, 0, 3, 2) == [[7.0, 8.0], [None, None], [None, None]]
    grid.write("entered", 0, 0, [["typed over"]])
    assert grid.read("result", 0, 0, 1, 2) == [[None, None]]


def test_a_formula_inside_a_spill_keeps_its_own_result(store):
    _, grid = fresh(store)
    grid.write("entered", 0, 0, [[Formula("=A")], [Formula("=B")]])
    grid.set_result(1, 0, [[5.0]])
    grid.set_result(0, 0, [[1.0], [2.0]])
    assert grid.read("result", 0, 0, 2, 1) == [[1.0], [5.0]]
    grid.set_result(0, 0, [[9.0]])
    assert grid.read("result", 0, 0, 2, 1) == [[9.0], [5.0]]


def test_a_row_inserted_into_a_spill_takes_it_away_and_says_so(store):
    _, grid = fresh(store)
    grid.write("entered", 5, 2, [[Formula("=SEQUENCE(4)")]])
    grid.set_result(5, 2, [[1.0], [2.0], [3.0], [4.0]])
    grid.insert("ROWS", 7, 8)
    assert grid.read("result", 5, 2, 11, 3) == [[None]] * 6
    assert grid.collapsed == {(5, 2)}
    grid.insert("ROWS", 0, 3)
    assert grid.collapsed == {(8, 2)}


def test_row_properties_move_with_their_rows(store):
    book, grid = fresh(store)
    grid.dimension("ROWS")[4] = {"hiddenByUser": True}
    grid.insert("ROWS", 2, 4)
    grid.move("ROWS", 6, 7, 1)
    grid.delete("ROWS", 0, 1)
    assert grid.dimension("ROWS") == {0: {"hiddenByUser": True}}
    assert reopened(store, book).dimension("ROWS") == {0: {"hiddenByUser": True}}


@given(st.data())
def test_moved_to_agrees_with_moving_a_list(data):
    size = data.draw(st.integers(2, 12))
    start = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(start + 1, size))
    destination = data.draw(st.integers(0, size).filter(lambda at: not start < at < end))
    items = list(range(size))
    moved = [i for i in items[:destination] if not start <= i < end]
    moved += items[start:end] + [i for i in items[destination:] if not start <= i < end]
    assert [moved.index(at) for at in items] == [moved_to(at, start, end, destination) for at in items]


edits = st.lists(
    st.tuples(
        st.sampled_from(["write", "insert", "delete", "move", "resize", "clear"]),
        st.sampled_from(["ROWS", "COLUMNS"]),
        st.integers(0, 10_000),
        st.integers(1, 600),
        st.integers(0, 10_000),
    ),
    max_size=8,
)


@given(edits)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_grid_holds_what_a_list_of_lists_holds(store, steps):
    store.db.execute("BEGIN")
    try:
        book, grid = fresh(store, 300, 20)
        model: list[list] = [[None] * 20 for _ in range(300)]
        for number, (kind, dimension, at, count, other) in enumerate(steps):
            model = _step(grid, model, kind, dimension, at, count, other, number)
            if number % 3 == 2:
                grid.flush()
        for held in (grid, reopened(store, book)):
            assert (held.rows, held.columns) == (len(model), len(model[0]))
            assert held.read("entered", 0, 0, len(model), len(model[0])) == model
            filled = [(r, c) for r, row in enumerate(model) for c, v in enumerate(row) if v is not None]
            extent = (max((r for r, _ in filled), default=-1) + 1, max((c for _, c in filled), default=-1) + 1)
            assert held.extent() == extent
            formulas = {(r, c): str(model[r][c]) for r, c in filled if type(model[r][c]) is Formula}
            assert held.formulas() == formulas
    finally:
        store.db.execute("ROLLBACK")


def _step(grid, model, kind, dimension, at, count, other, number):
    height, width = len(model), len(model[0])
    if kind == "write":
        r, c = at % height, other % width
        rows = [
            [Formula(f"={number}") if (i + j) % 7 == 0 else float(i * 100 + j) for j in range(min(5, width - c))]
            for i in range(min(count, height - r))
        ]
        grid.write("entered", r, c, rows)
        for i, row in enumerate(rows):
            model[r + i][c : c + len(row)] = row
    elif kind == "clear":
        r, c = at % height, other % width
        grid.fill("entered", r, c, r + count, c + count, None)
        for row in model[r : r + count]:
            row[c : c + count] = [None] * len(row[c : c + count])
    elif kind == "resize":
        rows, columns = (max(1, height + other % 500 - 200), width) if dimension == "ROWS" else (height, 1 + other % 40)
        grid.resize(rows, columns)
        model = [(row + [None] * columns)[:columns] for row in model[:rows]]
        model += [[None] * columns for _ in range(rows - len(model))]
    else:
        lines = model if dimension == "ROWS" else [list(line) for line in zip(*model, strict=True)]
        size, start = len(lines), at % len(lines)
        end = min(start + count, size)
        if kind == "insert":
            grid.insert(dimension, start, start + count)
            lines = lines[:start] + [[None] * len(lines[0]) for _ in range(count)] + lines[start:]
        elif kind == "delete" and end - start < size:
            grid.delete(dimension, start, end)
            lines = lines[:start] + lines[end:]
        elif kind == "move":
            target = other % (size + 1)
            grid.move(dimension, start, end, target)
            if not start <= target <= end:
                rest = [line for i, line in enumerate(lines) if not start <= i < end]
                place = target if target < start else target - (end - start)
                lines = rest[:place] + lines[start:end] + rest[place:]
        model = lines if dimension == "ROWS" else [list(line) for line in zip(*lines, strict=True)]
    return model
