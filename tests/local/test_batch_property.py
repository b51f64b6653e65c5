"""Random structural edits: cells stay where a plain list of lists has them, names and formulas follow their cells."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.local.batch_helper import area, book_in, entered, lines, results, send, typed

ROWS, COLUMNS = 9, 5
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "move"]),
        st.sampled_from(["ROWS", "COLUMNS"]),
        st.integers(0, 20),
        st.integers(1, 3),
        st.integers(0, 20),
    ),
    max_size=6,
)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def request_of(edit, height, width):
    """The edit brought inside the grid, as a request and as a change of a list of rows; None where it cannot be."""
    kind, dimension, at, count, to = edit
    size = height if dimension == "ROWS" else width
    start = at % size
    if kind == "insert":
        place = lines(start, start + count, dimension)
        return {"insertDimension": {"range": place}}, ("insert", dimension, start, start + count, 0)
    end = min(start + count, size)
    if kind == "delete":
        if end - start >= size:
            return None
        return {"deleteDimension": {"range": lines(start, end, dimension)}}, ("delete", dimension, start, end, 0)
    destination = to % (size + 1)
    if start < destination < end:
        return None
    move = {"source": lines(start, end, dimension), "destinationIndex": destination}
    return {"moveDimension": move}, ("move", dimension, start, end, destination)


def changed(rows, kind, dimension, start, end, destination):
    if dimension == "COLUMNS":
        turned = [list(column) for column in zip(*rows, strict=True)]
        return [list(row) for row in zip(*changed(turned, kind, "ROWS", start, end, destination), strict=True)]
    if kind == "insert":
        return rows[:start] + [[None] * len(rows[0]) for _ in range(end - start)] + rows[start:]
    if kind == "delete":
        return rows[:start] + rows[end:]
    block = rows[start:end]
    if destination <= start:
        return rows[:destination] + block + rows[destination:start] + rows[end:]
    return rows[:start] + rows[end:destination] + block + rows[destination:]


def place_of(rows, value):
    return next(((r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell == value), None)


@QUICK
@given(EDITS, st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1))
def test_cells_names_formulas_and_rules_stay_together(edits, row, column):
    rows = [[float(r * 10 + c) for c in range(COLUMNS)] for r in range(ROWS)]
    wanted = rows[row][column]
    formula = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$A1>0"}]}
    place = area(row, column, row + 1, column + 1)
    with (
        tempfile.TemporaryDirectory() as folder,
        book_in(Path(folder), rows=ROWS, columns=COLUMNS, others=("Other",)) as book,
    ):
        send(
            book,
            typed(rows),
            typed([[f"=Sheet1!{'ABCDE'[column]}{row + 1}"]], sheet_id=1),
            {"addNamedRange": {"namedRange": {"name": "cell_name", "range": place}}},
            {
                "addConditionalFormatRule": {
                    "rule": {"ranges": [place], "booleanRule": {"condition": formula, "format": {}}},
                    "index": 0,
                }
            },
            {
                "createDeveloperMetadata": {
                    "developerMetadata": {
                        "metadataKey": "k",
                        "visibility": "DOCUMENT",
                        "location": {"dimensionRange": lines(column, column + 1, "COLUMNS")},
                    }
                }
            },
        )
        marked = rows[0][column]
        column_cells = {line[column] for line in rows}
        for edit in edits:
            made = request_of(edit, len(rows), len(rows[0]))
            if made is None:
                continue
            send(book, made[0])
            rows = changed(rows, *made[1])
        assert (book.grid(0).rows, book.grid(0).columns) == (len(rows), len(rows[0]))
        assert entered(book, 0, 0, len(rows), len(rows[0])) == rows
        at = place_of(rows, wanted)
        names = [named["range"] for named in book.doc["namedRanges"]]
        ruled = [one for rule in book.sheet(0)["conditionalFormats"] for one in rule["ranges"]]
        expected = [] if at is None else [area(at[0], at[1], at[0] + 1, at[1] + 1)]
        assert names == expected
        assert ruled == expected
        if at is None:
            assert "#REF!" in entered(book, 0, 0, 1, 1, 1)[0][0]
        else:
            assert results(book, 0, 0, 1, 1, 1) == [[wanted]]
        holders = [at for at, own in book.grid(0).dimension("COLUMNS").items() if own.get("developerMetadata")]
        found = {c for line in rows for c, cell in enumerate(line) if cell in column_cells}
        assert set(holders) >= found and len(holders) <= 1
        assert marked in column_cells


@QUICK
@given(EDITS.filter(lambda edits: all(edit[0] != "move" for edit in edits)), st.data())
def test_a_named_block_holds_its_surviving_cells_and_what_came_between(edits, data):
    r0, c0 = data.draw(st.integers(0, ROWS - 2)), data.draw(st.integers(0, COLUMNS - 2))
    r1, c1 = data.draw(st.integers(r0 + 1, ROWS)), data.draw(st.integers(c0 + 1, COLUMNS))
    rows = [[float(r * 10 + c) for c in range(COLUMNS)] for r in range(ROWS)]
    inside = {cell for line in rows[r0:r1] for cell in line[c0:c1]}
    with (
        tempfile.TemporaryDirectory() as folder,
        book_in(Path(folder), rows=ROWS, columns=COLUMNS, others=("Other",)) as book,
    ):
        send(
            book,
            typed(rows),
            {"addNamedRange": {"namedRange": {"name": "block", "range": area(r0, c0, r1, c1)}}},
            typed([["=SUM(block)"]], sheet_id=1),
        )
        for edit in edits:
            made = request_of(edit, len(rows), len(rows[0]))
            if made is not None:
                send(book, made[0])
                rows = changed(rows, *made[1])
        left = [
            (r, c) for r, line in enumerate(rows) for c, cell in enumerate(line) if cell is not None and cell in inside
        ]
        names = [named["range"] for named in book.doc["namedRanges"]]
        if names:
            held = names[0]
            box = (held["startRowIndex"], held["startColumnIndex"], held["endRowIndex"], held["endColumnIndex"])
            if left:
                bounds = (
                    *(min(r for r, _ in left), min(c for _, c in left)),
                    *(max(r for r, _ in left) + 1, max(c for _, c in left) + 1),
                )
                assert box[0] <= bounds[0] and box[1] <= bounds[1] and bounds[2] <= box[2] and bounds[3] <= box[3]
            cells = [cell for line in rows[box[0] : box[2]] for cell in line[box[1] : box[3]]]
            assert all(cell is None or cell in inside for cell in cells)
            assert results(book, 0, 0, 1, 1, 1) == [[float(sum(cell for cell in cells if cell is not None))]]
        else:
            assert not left


@QUICK
@given(st.lists(st.sampled_from([None, 1.0, 2.0, "a", "B", True, False]), min_size=1, max_size=8), st.booleans())
def test_a_sorted_column_holds_the_same_cells_in_order(values, descending):
    order = "DESCENDING" if descending else "ASCENDING"
    with tempfile.TemporaryDirectory() as folder, book_in(Path(folder), rows=8, columns=2) as book:
        place = area(0, 0, len(values), 2)
        send(
            book,
            typed([[value, float(at)] for at, value in enumerate(values)]),
            {"sortRange": {"range": place, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": order}]}},
        )
        found = entered(book, 0, 0, len(values), 2)
        assert sorted(found, key=lambda row: row[1]) == [[value, float(at)] for at, value in enumerate(values)]
        ranks = [(1 if isinstance(v, float) else 2 if isinstance(v, str) else 3) for v, _ in found if v is not None]
        assert ranks == sorted(ranks, reverse=descending)
        assert all(value is None for value, _ in found[len(ranks) :])
        for before, after in pairwise(found):
            if type(before[0]) is type(after[0]) and before[0] == after[0]:
                assert before[1] < after[1]
