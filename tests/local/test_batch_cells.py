"""Writing cells: updateCells, repeatCell, appendCells, data validation, borders, merges, sorting."""

from __future__ import annotations

import pytest

from crm_builder.local.blocks import Formula
from tests.local.batch_helper import area, book_in, cell, entered, refused, results, send, typed

BOLD = {"textFormat": {"bold": True}}


def update(rows, fields, **place):
    return {"updateCells": {"rows": rows, "fields": fields, **place}}


def cell_formula(text):
    return {"userEnteredValue": {"formulaValue": text}}


def test_each_kind_of_value_is_entered_as_what_it_is(tmp_path):
    values = [[1, 2.5, True, "text", "=A1+1", None]]
    with book_in(tmp_path) as book:
        send(book, typed(values))
        row = entered(book, 0, 0, 1, 6)[0]
        assert row == [1.0, 2.5, True, "text", "=A1+1", None]
        assert isinstance(row[4], Formula) and type(row[0]) is float
        assert results(book, 0, 4, 1, 5) == [[2.0]]


def test_a_text_that_looks_like_a_formula_stays_text(tmp_path):
    with book_in(tmp_path) as book:
        place = {"start": {"rowIndex": 0, "columnIndex": 0}}
        send(book, update([{"values": [{"userEnteredValue": {"stringValue": "=1+1"}}]}], "userEnteredValue", **place))
        assert results(book, 0, 0, 1, 1) == [["=1+1"]]


def test_cells_of_the_range_that_were_not_sent_are_cleared_of_the_masked_fields(tmp_path):
    with book_in(tmp_path) as book:
        send(book, typed([["a", "b"], ["c", "d"]]))
        send(book, update([{"values": [{"note": "n"}]}], "note", range=area(0, 0, 2, 2)))
        assert entered(book, 0, 0, 2, 2) == [["a", "b"], ["c", "d"]]
        send(book, update([{"values": [cell("x")]}], "userEnteredValue", range=area(0, 0, 2, 2)))
        assert entered(book, 0, 0, 2, 2) == [["x", None], [None, None]]
        assert book.grid(0).read("note", 0, 0, 2, 2) == [["n", None], [None, None]]


def test_from_a_start_shorter_rows_leave_the_cells_beside_them_alone(tmp_path):
    with book_in(tmp_path) as book:
        send(book, typed([["a", "b"], ["c", "d"]]))
        rows = [{"values": [cell("x")]}, {"values": [cell("y"), cell("z")]}]
        send(book, update(rows, "userEnteredValue", start={"sheetId": 0}))
        assert entered(book, 0, 0, 2, 2) == [["x", "b"], ["y", "z"]]


def test_a_sub_mask_changes_one_property_of_a_format(tmp_path):
    first = {"userEnteredFormat": {"backgroundColor": {"red": 1}, "textFormat": {"bold": True, "italic": True}}}
    second = {"userEnteredFormat": {"textFormat": {"italic": False}, "horizontalAlignment": "LEFT"}}
    with book_in(tmp_path) as book:
        send(
            book,
            update([{"values": [first]}], "userEnteredFormat", start={"sheetId": 0}),
            update([{"values": [second]}], "userEnteredFormat.textFormat(bold,italic)", start={"sheetId": 0}),
        )
        assert book.grid(0).read("format", 0, 0, 1, 1)[0][0] == {
            "backgroundColor": {"red": 1},
            "backgroundColorStyle": {"rgbColor": {"red": 1}},
            "textFormat": {"italic": False},
        }


def test_a_masked_colour_takes_its_style_along(tmp_path):
    red, clear = {"userEnteredFormat": {"backgroundColor": {"red": 1}}}, {"userEnteredFormat": {}}
    with book_in(tmp_path) as book:
        for look, expected in ((red, {"red": 1}), (clear, None)):
            request = {"range": area(0, 0, 1, 1), "cell": look, "fields": "userEnteredFormat.backgroundColor"}
            send(book, {"repeatCell": request})
            found = book.grid(0).read("format", 0, 0, 1, 1)[0][0] or {}
            assert found.get("backgroundColor") == expected
            assert found.get("backgroundColorStyle", {}).get("rgbColor") == expected


def test_snake_case_and_slashes_in_a_mask_are_read(tmp_path):
    with book_in(tmp_path) as book:
        request = {"range": area(0, 0, 1, 1), "cell": {"userEnteredFormat": BOLD}}
        send(book, {"repeatCell": request | {"fields": "user_entered_format/text_format(bold, italic)"}})
        assert book.grid(0).read("format", 0, 0, 1, 1) == [[BOLD]]


def test_a_repeated_formula_steps_along(tmp_path):
    with book_in(tmp_path) as book:
        request = {"range": area(1, 1, 4, 3), "cell": cell("=A1+$A$1"), "fields": "userEnteredValue"}
        send(book, {"repeatCell": request})
        assert entered(book, 1, 1, 4, 3) == [  # as in the documentation of repeatCell
            ["=A1+$A$1", "=B1+$A$1"],
            ["=A2+$A$1", "=B2+$A$1"],
            ["=A3+$A$1", "=B3+$A$1"],
        ]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (typed([[1] * 9]), "Range (Sheet1!A1:I1) exceeds grid limits. Max rows: 20, max columns: 8"),
        (typed([[1]], 20, 0), "Range (Sheet1!A21) exceeds grid limits. Max rows: 20, max columns: 8"),
        (typed([[1]], sheet_id=4), "No grid with id: 4"),
        (typed([["x" * 50_001]]), "more than the maximum of 50000 characters in a single cell"),
        (
            update([{"values": [{}, {}]}], "note", range=area(0, 0, 1, 1)),
            "Attempting to write column: 1, beyond the last requested column of: 0",
        ),
        (
            update([{}, {}], "note", range=area(0, 0, 1, 1)),
            "Attempting to write row: 1, beyond the last requested row of: 0",
        ),
        (update([], "", range=area(0, 0, 1, 1)), "At least one field must be listed in 'fields'."),
        (update([], "note"), "Exactly one of 'start' and 'range' must be set."),
        (update([], "effectiveValue", range=area(0, 0, 1, 1)), "effectiveValue is computed"),
        (update([], "note(", range=area(0, 0, 1, 1)), "Invalid field mask: note("),
        ({"repeatCell": {"range": area(3, 0, 3, 1), "fields": "note"}}, "must be at least 0 and less than"),
        (update([{"values": [cell_formula("1")]}], "*", range=area(0, 0, 1, 1)), "A formula begins with '='."),
    ],
)
def test_refusals(tmp_path, request_, words):
    with book_in(tmp_path) as book:
        assert words in refused(book, request_)


def test_appended_rows_follow_the_last_one_with_a_value_and_the_grid_grows(tmp_path):
    rows = [{"values": [cell("x"), cell(1)]}, {"values": [cell("y")]}]
    with book_in(tmp_path, rows=4) as book:
        send(book, typed([["a"], ["b"], ["=1+1"]]))
        send(book, {"appendCells": {"sheetId": 0, "rows": rows, "fields": "*"}})
        assert entered(book, 3, 0, 5, 2) == [["x", 1.0], ["y", None]]
        assert book.grid(0).rows == 5


# -- data validation ---------------------------------------------------------------------------------------------------


def validate(kind, *values, **more):
    rule = {"condition": {"type": kind, "values": [{"userEnteredValue": value} for value in values]}, **more}
    return {"setDataValidation": {"range": area(1, 0, 3, 1), "rule": rule}}


def test_a_range_of_choices_is_read_back_absolute(tmp_path):
    with book_in(tmp_path, others=("Lists", "My lists")) as book:
        for given, kept in (
            ("=Lists!A2:A5", "=Lists!$A$2:$A$5"),
            ("='Lists'!$A2:A", "=Lists!$A$2:$A"),
            ("='my lists'!B:B", "='My lists'!$B:$B"),
        ):
            send(book, validate("ONE_OF_RANGE", given, strict=True, showCustomUi=False))
            assert book.grid(0).read("validation", 1, 0, 2, 1)[0][0] == {
                "condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": kept}]},
                "strict": True,
            }


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("ONE_OF_RANGE", ["A2:A5"], "Invalid ConditionValue.userEnteredValue: A2:A5 for ConditionType: ONE_OF_RANGE"),
        ("ONE_OF_RANGE", ["=Nowhere!A2:A5"], "Invalid ConditionValue.userEnteredValue: =Nowhere!A2:A5"),
        ("BLANK", [], "ConditionType 'BLANK' is not supported in data validation."),
        ("NOT_BLANK", [], "ConditionType 'NOT_BLANK' is not supported in data validation."),
        ("TEXT_STARTS_WITH", ["a"], "ConditionType 'TEXT_STARTS_WITH' is not supported in data validation."),
        ("TEXT_ENDS_WITH", ["a"], "ConditionType 'TEXT_ENDS_WITH' is not supported in data validation."),
        ("NUMBER_BETWEEN", ["1"], "takes 2 values, not 1"),
        ("NUMBER_GREATER", ["many"], "Invalid ConditionValue.userEnteredValue: many"),
        ("DATE_AFTER", ["soon"], "Invalid ConditionValue.userEnteredValue: soon"),
        ("CUSTOM_FORMULA", ["A1>0"], "Invalid ConditionValue.userEnteredValue: A1>0"),
    ],
)
def test_conditions_that_validation_cannot_have(tmp_path, kind, values, words):
    with book_in(tmp_path) as book:
        assert words in refused(book, validate(kind, *values))


def test_relative_dates_are_not_for_validation(tmp_path):
    rule = {"condition": {"type": "DATE_AFTER", "values": [{"relativeDate": "TODAY"}]}}
    with book_in(tmp_path) as book:
        message = refused(book, {"setDataValidation": {"range": area(0, 0, 1, 1), "rule": rule}})
        assert "Relative dates are not supported" in message


def test_a_relative_formula_steps_along_and_no_rule_clears(tmp_path):
    with book_in(tmp_path) as book:
        send(book, validate("CUSTOM_FORMULA", "=B2>$B$1"))
        kept = book.grid(0).read("validation", 1, 0, 3, 1)
        texts = [row[0]["condition"]["values"][0]["userEnteredValue"] for row in kept]
        assert texts == ["=B2>$B$1", "=B3>$B$1"]
        send(book, {"setDataValidation": {"range": area(1, 0, 3, 1)}})
        assert book.grid(0).read("validation", 1, 0, 3, 1) == [[None], [None]]


# -- looks -------------------------------------------------------------------------------------------------------------


def test_borders_lie_on_the_edges_and_between(tmp_path):
    line = {"style": "SOLID", "color": {}}
    with book_in(tmp_path) as book:
        send(book, {"updateBorders": {"range": area(0, 0, 2, 2), "top": line, "innerVertical": line}})
        sides = [[sorted(c["borders"]) if c else [] for c in row] for row in book.grid(0).read("format", 0, 0, 2, 2)]
        assert sides == [[["right", "top"], ["left", "top"]], [["right"], ["left"]]]
        send(book, {"updateBorders": {"range": area(0, 0, 2, 2), "top": {"style": "NONE"}}})
        assert book.grid(0).read("format", 0, 0, 1, 1)[0][0]["borders"].keys() == {"right"}
        assert "must have a style" in refused(book, {"updateBorders": {"range": area(0, 0, 1, 1), "top": {}}})


def test_merged_rows_become_one_merge_and_keep_the_first_value(tmp_path):
    def merge(kind, *place):
        return {"mergeCells": {"range": area(*place), "mergeType": kind}}

    with book_in(tmp_path) as book:
        send(book, typed([[42, 43], [43, 44]]), merge("MERGE_ROWS", 0, 0, 2, 2))
        assert [m["startRowIndex"] for m in book.sheet(0)["merges"]] == [0, 1]
        assert entered(book, 0, 0, 2, 2) == [[42.0, None], [43.0, None]]
        send(book, merge("MERGE_ALL", 0, 0, 2, 2))
        assert book.sheet(0)["merges"] == [area(0, 0, 2, 2)]
        assert "You must select all cells in a merged range" in refused(book, merge("MERGE_ALL", 1, 1, 3, 3))
        assert "You must select all cells" in refused(book, {"unmergeCells": {"range": area(0, 0, 1, 2)}})
        send(book, {"unmergeCells": {"range": area(0, 0, 6, 6)}})
        assert "merges" not in book.sheet(0)


# -- sorting -----------------------------------------------------------------------------------------------------------


def sort(*specs, place=None):
    return {
        "sortRange": {
            "range": place or area(0, 0, 6, 2),
            "sortSpecs": [{"dimensionIndex": column, "sortOrder": order} for column, order in specs],
        }
    }


def test_numbers_come_before_texts_before_booleans_and_blanks_last(tmp_path):
    with book_in(tmp_path) as book:
        send(book, typed([[True], ["b"], [None], [2], ["A"], [-1]]), sort((0, "ASCENDING"), place=area(0, 0, 6, 1)))
        assert [row[0] for row in entered(book, 0, 0, 6, 1)] == [-1.0, 2.0, "A", "b", True, None]
        send(book, sort((0, "DESCENDING"), place=area(0, 0, 6, 1)))
        assert [row[0] for row in entered(book, 0, 0, 6, 1)] == [True, "b", "A", 2.0, -1.0, None]


def test_ties_keep_their_order_and_notes_and_formulas_move_along(tmp_path):
    values = [["b", 1], ["a", 2], ["b", 3], ["a", "=B3*10"]]
    with book_in(tmp_path) as book:
        send(book, typed(values), update([{"values": [{"note": "first"}]}], "note", start={"sheetId": 0}))
        send(book, sort((0, "ASCENDING"), place=area(0, 0, 4, 2)))
        assert [row[0] for row in entered(book, 0, 0, 4, 1)] == ["a", "a", "b", "b"]
        assert [row[1] for row in entered(book, 0, 0, 4, 2)] == [2.0, "=B1*10", 1.0, 3.0]
        assert [row[0] for row in book.grid(0).read("note", 0, 0, 4, 1)] == [None, None, "first", None]


def test_a_column_outside_of_the_range_cannot_sort_it(tmp_path):
    with book_in(tmp_path) as book:
        assert "is outside of the range" in refused(book, sort((5, "ASCENDING")))
