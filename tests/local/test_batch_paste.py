"""Copying, cutting, filling, replacing, shifting cells."""

from __future__ import annotations

import pytest

from tests.local.batch_helper import area, book_in, cell, entered, refused, results, send, typed


def copy_paste(source, destination, kind="PASTE_NORMAL", orientation="NORMAL"):
    return {
        "copyPaste": {
            "source": source,
            "destination": destination,
            "pasteType": kind,
            "pasteOrientation": orientation,
        }
    }


def test_a_copy_is_repeated_over_a_multiple_and_formulas_step_along(tmp_path):
    with book_in(tmp_path) as book:
        send(book, typed([[1, "=A1*2"]]), copy_paste(area(0, 0, 1, 2), area(2, 0, 4, 4)))
        assert entered(book, 2, 0, 4, 4) == [[1.0, "=A3*2", 1.0, "=C3*2"], [1.0, "=A4*2", 1.0, "=C4*2"]]


def test_values_formats_and_transposed_copies(tmp_path):
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    with book_in(tmp_path) as book:
        send(
            book,
            typed([[1, "=A1*2"]]),
            {"repeatCell": {"range": area(0, 0, 1, 1), "cell": bold, "fields": "userEnteredFormat"}},
            copy_paste(area(0, 0, 1, 2), area(2, 0, 3, 2), "PASTE_VALUES"),
            copy_paste(area(0, 0, 1, 2), area(4, 0, 5, 2), "PASTE_FORMAT"),
            copy_paste(area(0, 0, 1, 2), area(6, 0, 7, 1), orientation="TRANSPOSE"),
        )
        assert entered(book, 2, 0, 3, 2) == [[1.0, 2.0]]
        assert entered(book, 4, 0, 5, 2) == [[None, None]]
        assert book.grid(0).read("format", 4, 0, 5, 2) == [[bold["userEnteredFormat"], None]]
        assert [row[0] for row in entered(book, 6, 0, 8, 1)] == [1.0, "=#REF!*2"]


def test_a_copied_cell_keeps_its_conditional_format(tmp_path):
    rule = {
        "ranges": [area(0, 0, 3, 1)],
        "booleanRule": {
            "condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$B1>0"}]},
            "format": {"textFormat": {"bold": True}},
        },
    }
    with book_in(tmp_path, others=("Two",)) as book:
        send(
            book,
            {"addConditionalFormatRule": {"rule": rule, "index": 0}},
            copy_paste(area(1, 0, 2, 1), area(5, 0, 6, 1)),
            copy_paste(area(1, 0, 2, 1), area(5, 0, 6, 1, 1)),
        )
        assert book.sheet(0)["conditionalFormats"][0]["ranges"] == [area(0, 0, 3, 1), area(5, 0, 6, 1)]
        (copied,) = book.sheet(1)["conditionalFormats"]
        assert copied["ranges"] == [area(5, 0, 6, 1, 1)]
        assert copied["booleanRule"]["condition"]["values"] == [{"userEnteredValue": "=$B6>0"}]


def test_references_and_names_follow_what_is_cut(tmp_path):
    with book_in(tmp_path, others=("Other",)) as book:
        send(
            book,
            typed([[5], [6]]),
            typed([["=A1+A2"], ["=SUM(A1:A2)"], ["=SUM(A1:A3)"]], 0, 3),
            {"addNamedRange": {"namedRange": {"name": "pair", "range": area(0, 0, 2, 1)}}},
            {"cutPaste": {"source": area(0, 0, 2, 1), "destination": {"sheetId": 1, "rowIndex": 3, "columnIndex": 1}}},
        )
        assert entered(book, 0, 0, 2, 1) == [[None], [None]]
        assert entered(book, 3, 1, 5, 2, 1) == [[5.0], [6.0]]
        formulas = [row[0] for row in entered(book, 0, 3, 3, 4)]
        assert formulas == ["=Other!B4+Other!B5", "=SUM(Other!B4:B5)", "=SUM(A1:A3)"]
        assert results(book, 0, 3, 2, 4) == [[11.0], [11.0]]
        assert book.doc["namedRanges"][0]["range"] == area(3, 1, 5, 2, 1)


def test_a_paste_over_the_edge_is_refused(tmp_path):
    with book_in(tmp_path) as book:
        message = refused(book, copy_paste(area(0, 0, 3, 1), area(18, 0, 19, 1)))
        assert "Range (Sheet1!A19:A21) exceeds grid limits. Max rows: 20, max columns: 8" in message


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ([1, 3], [5.0, 7.0]),
        (["Item 1", "Item 2"], ["Item 3", "Item 4"]),
        (["x"], ["x", "x"]),
        ([5], [5.0, 5.0]),
        (["=B1"], ["=B2", "=B3"]),
    ],
)
def test_auto_fill_goes_on_with_a_series(tmp_path, start, expected):
    with book_in(tmp_path) as book:
        source = {"source": area(0, 0, len(start), 1), "dimension": "ROWS", "fillLength": 2}
        send(book, typed([[value] for value in start]), {"autoFill": {"sourceAndDestination": source}})
        assert [row[0] for row in entered(book, len(start), 0, len(start) + 2, 1)] == expected


def test_pasted_data_is_entered_as_if_typed(tmp_path):
    paste = {"coordinate": {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}, "delimiter": ",", "type": "PASTE_NORMAL"}
    with book_in(tmp_path) as book:
        send(book, {"pasteData": paste | {"data": '1,"a, b"\n50%,=B2\n'}})
        assert entered(book, 1, 1, 3, 3) == [[1.0, "a, b"], [0.5, "=B2"]]
        looks = book.grid(0).read("format", 2, 1, 3, 2)
        assert looks == [[{"numberFormat": {"type": "PERCENT", "pattern": "0%"}}]]
        assert "HTML is not supported" in refused(book, {"pasteData": paste | {"html": True, "data": "x"}})


def test_find_and_replace_counts_what_it_changed(tmp_path):
    request = {"find": "a", "replacement": "o", "range": area(0, 0, 3, 2)}
    with book_in(tmp_path) as book:
        send(book, typed([["banana", "A"], ["=LEN(A1)", "x"], [1, "cat"]]))
        (reply,) = send(book, {"findReplace": request})
        assert reply["findReplace"] == {
            "valuesChanged": 3,
            "rowsChanged": 2,
            "sheetsChanged": 1,
            "occurrencesChanged": 5,
        }
        assert entered(book, 0, 0, 3, 2) == [["bonono", "o"], ["=LEN(A1)", "x"], [1.0, "cot"]]
        (reply,) = send(book, {"findReplace": request | {"find": "q"}})
        assert reply == {"findReplace": {}}
        regex = {"find": "(c)(o)", "replacement": "$2$1", "searchByRegex": True, "allSheets": True}
        send(book, {"findReplace": regex})
        assert entered(book, 2, 1, 3, 2) == [["oct"]]
        assert "Invalid regular expression" in refused(book, {"findReplace": regex | {"find": "("}})
        assert "Exactly one of range, sheetId and allSheets" in refused(book, {"findReplace": {"find": "a"}})


def test_white_space_is_trimmed_and_duplicates_go(tmp_path):
    with book_in(tmp_path) as book:
        send(book, typed([["  a   b "], ["A B"], ["c"], ["C"], ["d"]]))
        (reply,) = send(book, {"trimWhitespace": {"range": area(0, 0, 5, 1)}})
        assert reply == {"trimWhitespace": {"cellsChangedCount": 1}}
        (reply,) = send(book, {"deleteDuplicates": {"range": area(0, 0, 5, 1)}})
        assert reply == {"deleteDuplicates": {"duplicatesRemovedCount": 2}}
        assert [row[0] for row in entered(book, 0, 0, 5, 1)] == ["a b", "c", "d", None, None]


def test_texts_are_split_into_columns(tmp_path):
    with book_in(tmp_path) as book:
        send(
            book,
            typed([["a;1"], ["plain"]]),
            {"textToColumns": {"source": area(0, 0, 2, 1), "delimiterType": "AUTODETECT"}},
        )
        assert entered(book, 0, 0, 2, 2) == [["a", 1.0], ["plain", None]]


def test_inserted_cells_push_the_others_on_with_what_speaks_of_them(tmp_path):
    with book_in(tmp_path, rows=3) as book:
        send(
            book,
            typed([[1, "x"], [2, "y"], [3, "z"]]),
            typed([["=A2+A3"]], 0, 4),
            {"addNamedRange": {"namedRange": {"name": "last", "range": area(2, 0, 3, 1)}}},
            {"insertRange": {"range": area(1, 0, 2, 1), "shiftDimension": "ROWS"}},
        )
        assert entered(book, 0, 0, 4, 2) == [[1.0, "x"], [None, "y"], [2.0, "z"], [3.0, None]]
        assert entered(book, 0, 4, 1, 5) == [["=A3+A4"]]
        assert book.doc["namedRanges"][0]["range"] == area(3, 0, 4, 1)


def test_deleted_cells_let_the_others_close_up(tmp_path):
    with book_in(tmp_path) as book:
        send(
            book,
            typed([[1, "x", "p"], [2, "y", "q"]]),
            typed([["=B1"], ["=C1"]], 0, 5),
            {"deleteRange": {"range": area(0, 1, 1, 2), "shiftDimension": "COLUMNS"}},
        )
        assert entered(book, 0, 0, 2, 3) == [[1.0, "p", None], [2.0, "y", "q"]]
        assert entered(book, 1, 5, 2, 6) == [["=B1"]]
        assert entered(book, 0, 4, 1, 5) == [["=#REF!"]]


def test_cells_written_by_append_are_what_a_table_column_reads(tmp_path):
    table = {"name": "T", "tableId": "t", "range": area(0, 0, 2, 2)}
    with book_in(tmp_path) as book:
        send(
            book,
            typed([["a", "b"]]),
            {"addTable": {"table": table}},
            {"appendCells": {"tableId": "t", "rows": [{"values": [cell(1)]}, {"values": [cell(2)]}], "fields": "*"}},
        )
        assert entered(book, 1, 0, 3, 1) == [[1.0], [2.0]]
        assert book.sheet(0)["tables"][0]["range"]["endRowIndex"] == 3
