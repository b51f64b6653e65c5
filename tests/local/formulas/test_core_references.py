"""References that move along with rows, columns and sheets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_builder.formulas.scan import Corner, read_a1, tokens
from crm_builder.local.formulas.references import (
    DeleteDimension,
    DeleteSheet,
    Edit,
    InsertDimension,
    MoveDimension,
    RenameSheet,
    relative_copy,
    shift,
)

CASES: dict[str, tuple[str, Edit, str]] = {
    "inserted above": ("=A1+b5", InsertDimension("S", "ROWS", 1, 3), "=A1+B7"),
    "inserted inside of a range": ("=SUM(A1:A5)", InsertDimension("S", "ROWS", 2, 3), "=SUM(A1:A6)"),
    "inserted right behind a range": ("=SUM(A1:A5)", InsertDimension("S", "ROWS", 5, 6), "=SUM(A1:A5)"),
    "dollars stay": ("=$B$2:C$3", InsertDimension("S", "COLUMNS", 0, 1), "=$C$2:D$3"),
    "an open range starts later": ("=SUM(B2:B)", InsertDimension("S", "ROWS", 1, 2), "=SUM(B3:B)"),
    "an open range grows unseen": ("=SUM(B2:B)", InsertDimension("S", "ROWS", 7, 9), "=SUM(B2:B)"),
    "a whole column moves": ("=SUM(B:C)", InsertDimension("S", "COLUMNS", 1, 2), "=SUM(C:D)"),
    "a whole row moves": ("=SUM(2:$3)", InsertDimension("S", "ROWS", 0, 1), "=SUM(3:$4)"),
    "texts stay": ('="A9"&A9', InsertDimension("S", "ROWS", 0, 1), '="A9"&A10'),
    "function names stay": ("=LOG10(A1)", InsertDimension("S", "ROWS", 0, 1), "=LOG10(A2)"),
    "spaces and separators stay": ("=IF( A1 ;;\n 2 )", InsertDimension("S", "ROWS", 0, 1), "=IF( A2 ;;\n 2 )"),
    "another sheet stays": ("=Other!A1", InsertDimension("S", "ROWS", 0, 1), "=Other!A1"),
    "the sheet is named": ("='s'!A1", InsertDimension("S", "ROWS", 0, 1), "='s'!A2"),
    "deleted in part": ("=SUM(A2:A10)", DeleteDimension("S", "ROWS", 4, 6), "=SUM(A2:A8)"),
    "deleted at its start": ("=SUM(A2:A10)", DeleteDimension("S", "ROWS", 0, 3), "=SUM(A1:A7)"),
    "deleted at its end": ("=SUM(A2:A10)", DeleteDimension("S", "ROWS", 8, 20), "=SUM(A2:A8)"),
    "deleted wholly": ("=SUM(A5:A6)+A5", DeleteDimension("S", "ROWS", 4, 6), "=SUM(#REF!)+#REF!"),
    "deleted column of an open range": ("=B2:B", DeleteDimension("S", "COLUMNS", 1, 2), "=#REF!"),
    "the end of an open range": ("=B5:B", DeleteDimension("S", "ROWS", 2, 9), "=B3:B"),
    "moved to the right": ("=B2:B+C1+F1+G1", MoveDimension("S", "COLUMNS", 1, 2, 6), "=F2:F+B1+E1+G1"),
    "moved to the left": ("=F1+B1+A1", MoveDimension("S", "COLUMNS", 5, 6, 1), "=B1+C1+A1"),
    "moved inside of a range": ("=SUM(A1:D1)", MoveDimension("S", "COLUMNS", 1, 2, 3), "=SUM(A1:D1)"),
    "renamed": ("='my sheet'!A1+x", RenameSheet("My Sheet", "مشتری‌ها"), "='مشتری‌ها'!A1+x"),
    "renamed with an apostrophe": ("=Old!A1:B", RenameSheet("Old", "it's"), "='it''s'!A1:B"),
    "renamed to a plain word": ("='my sheet'!A1", RenameSheet("my sheet", "Deals"), "=Deals!A1"),
    "a text like a sheet": ('="Old!A1"', RenameSheet("Old", "New"), '="Old!A1"'),
    "sheet deleted": ("=SUM(Gone!A:A;B1)", DeleteSheet("Gone"), "=SUM(#REF!;B1)"),
}


@pytest.mark.parametrize("name", CASES)
def test_shift(name: str) -> None:
    text, edit, wanted = CASES[name]
    assert shift(text, edit, "S") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("=A1+$B$2", "=B3+$B$2"),
        ("=B$3:$C4", "=C$3:$C6"),
        ("=SUM(A:A;1:1;C2:C)", "=SUM(B:B;3:3;D4:D)"),
        ('=names&"A1"', '=names&"A1"'),
        ("='x'!A1", "='x'!B3"),
    ],
)
def test_relative_copy(text: str, wanted: str) -> None:
    assert relative_copy(text, 2, 1) == wanted


def test_relative_copy_off_the_sheet() -> None:
    assert relative_copy("=A1+B2", -1, 0) == "=#REF!+B1"


SIZE = 12
_INDEX = st.integers(0, SIZE - 1)


@st.composite
def edits(draw: st.DrawFn) -> InsertDimension | DeleteDimension | MoveDimension:
    dimension = draw(st.sampled_from(["ROWS", "COLUMNS"]))
    start = draw(_INDEX)
    end = draw(st.integers(start + 1, SIZE))
    kind = draw(st.sampled_from(["insert", "delete", "move"]))
    if kind == "insert":
        return InsertDimension("S", dimension, start, end)
    if kind == "delete":
        return DeleteDimension("S", dimension, start, end)
    return MoveDimension("S", dimension, start, end, draw(st.integers(0, start) | st.integers(end, SIZE)))


def _edited(edit: InsertDimension | DeleteDimension | MoveDimension) -> list[int | None]:
    """Old indices in their new order, None for what was inserted: the list operation itself."""
    line: list[int | None] = list(range(SIZE))
    if isinstance(edit, InsertDimension):
        return line[: edit.start] + [None] * (edit.end - edit.start) + line[edit.start :]
    moving = line[edit.start : edit.end]
    if isinstance(edit, DeleteDimension):
        return line[: edit.start] + line[edit.end :]
    return [
        *(one for one in line[: edit.dest] if one not in moving),
        *moving,
        *(one for one in line[edit.dest :] if one not in moving),
    ]


@settings(max_examples=300)
@given(_INDEX, _INDEX, _INDEX, _INDEX, edits())
def test_a_shifted_reference_reads_the_same_cells(
    row: int, column: int, height: int, width: int, edit: InsertDimension | DeleteDimension | MoveDimension
) -> None:
    rows, columns = edit.dimension == "ROWS", edit.dimension == "COLUMNS"
    if isinstance(edit, MoveDimension):
        height = width = 0  # of a range only the ends are followed, a cell always
    last_row, last_column = min(row + height, SIZE - 1), min(column + width, SIZE - 1)
    text = f"={Corner(row, column)}:{Corner(last_row, last_column)}"
    after = shift(text, edit, "S")
    order = _edited(edit)
    low, high = (row, last_row) if rows else (column, last_column)
    kept = [index for index in range(low, high + 1) if index in order]
    if not kept:
        assert after == "=#REF!"
        return
    a1 = read_a1(after[1:])
    assert a1 is not None and a1.last is not None
    first, last = (a1.first.row, a1.last.row) if rows else (a1.first.column, a1.last.column)
    assert first is not None and last is not None
    assert [index for index in order[first : last + 1] if index is not None] == kept
    assert order[first] == kept[0] and order[last] == kept[-1]
    other = (a1.first.column, a1.last.column) if rows else (a1.first.row, a1.last.row)
    assert other == ((column, last_column) if not columns else (row, last_row))


@given(st.text(alphabet="=A1b$:!'\"#;,(){}+ REF.é۱_", max_size=30))
def test_tokens_keep_every_character(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


@given(st.text(alphabet="=A1b$:!'\"#;,(){}+ REF.", max_size=30))
def test_an_edit_elsewhere_changes_nothing(text: str) -> None:
    assert shift(text, InsertDimension("Elsewhere", "ROWS", 0, 1), "S") == text
    assert relative_copy(text, 0, 0) == text
