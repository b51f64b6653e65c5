"""Sheets and the spreadsheet itself: properties, order, adding, deleting, duplicating."""

from __future__ import annotations

import pytest

from crm_builder.local.batch import HANDLERS
from tests.local.batch_helper import area, book_in, entered, lines, properties, refused, results, send, typed


def titles(book):
    return [sheet["properties"]["title"] for sheet in book.doc["sheets"]]


def add(title, **more):
    return {"addSheet": {"properties": {"title": title, **more}}}


def test_a_new_sheet_answers_with_its_id_place_and_size(tmp_path):
    with book_in(tmp_path) as book:
        (reply,) = send(book, add("Deals", sheetId=77, rightToLeft=True, gridProperties={"frozenRowCount": 1}))
        assert reply["addSheet"]["properties"] == {
            "sheetId": 77,
            "title": "Deals",
            "index": 1,
            "sheetType": "GRID",
            "gridProperties": {"rowCount": 1000, "columnCount": 26, "frozenRowCount": 1},
            "rightToLeft": True,
        }


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (add("sheet1"), 'A sheet with the name "sheet1" already exists. Please enter another name.'),
        (add("New", sheetId=0), "Sheet with id 0 already exists."),
        (add("New", gridProperties={"rowCount": 10_000_000}), "above the limit of 10000000 cells"),
        (add("New", gridProperties={"rowCount": 1, "columnCount": 18_279}), "above the limit of 18278 columns"),
        (add("New", gridProperties={"rowCount": 2, "frozenRowCount": 2}), "You can't freeze all visible rows"),
        ({"deleteSheet": {"sheetId": 0}}, "You can't remove all the sheets in a document."),
        ({"deleteSheet": {"sheetId": 9}}, "No grid with id: 9"),
        (
            {"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}},
            "You can't hide all the sheets in a document.",
        ),
        ({"updateSheetProperties": {"properties": {"sheetId": 0}}}, "At least one field must be listed in 'fields'."),
        ({"updateSheetProperties": {"properties": {"sheetId": 0}, "fields": "colour"}}, "Invalid field: colour"),
        (
            {"updateSpreadsheetProperties": {"properties": {"timeZone": "Mars/Base"}, "fields": "timeZone"}},
            "Invalid time zone: Mars/Base",
        ),
    ],
)
def test_refusals_name_the_request_and_the_reason(tmp_path, request_, words):
    with book_in(tmp_path) as book:
        message = refused(book, request_)
        assert message.startswith(f"Invalid requests[0].{next(iter(request_))}: ")
        assert words in message


def test_the_failing_request_is_named_by_its_place(tmp_path):
    with book_in(tmp_path) as book:
        assert refused(book, add("A"), add("B"), add("a")).startswith("Invalid requests[2].addSheet: ")


def test_an_unsupported_kind_is_named(tmp_path):
    with book_in(tmp_path) as book:
        assert "addDataSource" not in HANDLERS
        assert refused(book, {"addDataSource": {}}).startswith("Invalid requests[0].addDataSource: ")
        assert refused(book) == "Must specify at least one request."


@pytest.mark.parametrize(("index", "order"), [(0, "CABD"), (1, "ACBD"), (2, "ABCD"), (3, "ABCD"), (4, "ABDC")])
def test_a_sheet_moves_to_an_index_read_before_it_is_taken_out(tmp_path, index, order):
    with book_in(tmp_path, others=("B", "C", "D")) as book:
        send(
            book,
            {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "A"}, "fields": "title"}},
            {"updateSheetProperties": {"properties": {"sheetId": 2, "index": index}, "fields": "index"}},
        )
        assert "".join(titles(book)) == order
        assert [sheet["properties"]["index"] for sheet in book.doc["sheets"]] == [0, 1, 2, 3]


def test_a_renamed_sheet_is_followed_by_formulas_and_validations(tmp_path):
    rule = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=Lists!A1:A2"}]}}
    with book_in(tmp_path, others=("Lists",)) as book:
        send(
            book,
            typed([[4.0], [5.0]], sheet_id=1),
            typed([["=SUM(Lists!A1:A2)"]]),
            {"setDataValidation": {"range": area(1, 0, 2, 1), "rule": rule}},
            {"updateSheetProperties": {"properties": {"sheetId": 1, "title": "My lists"}, "fields": "title"}},
        )
        assert entered(book, 0, 0, 1, 1) == [["=SUM('My lists'!A1:A2)"]]
        assert results(book, 0, 0, 1, 1) == [[9.0]]
        kept = book.grid(0).read("validation", 1, 0, 2, 1)[0][0]
        assert kept["condition"]["values"] == [{"userEnteredValue": "='My lists'!$A$1:$A$2"}]


def test_a_deleted_sheet_leaves_broken_references_and_a_name_that_stays_taken(tmp_path):
    named = {"namedRange": {"name": "prices", "range": area(0, 0, 2, 1, 1)}}
    with book_in(tmp_path, others=("Lists",)) as book:
        send(book, {"addNamedRange": named}, typed([["=Lists!A1"]]), {"deleteSheet": {"sheetId": 1}})
        assert titles(book) == ["Sheet1"]
        assert "#REF!" in entered(book, 0, 0, 1, 1)[0][0]
        assert book.doc["namedRanges"] == []
        again = {"namedRange": {"name": "Prices", "range": area(0, 0, 2, 1)}}
        assert "a named range with that name already exists" in refused(book, {"addNamedRange": again})


def test_a_smaller_grid_loses_its_last_cells_and_a_larger_one_gains_empty_ones(tmp_path):
    fields = "gridProperties/rowCount,gridProperties/columnCount"
    with book_in(tmp_path, rows=4, columns=3) as book:
        send(book, typed([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
        small = {"sheetId": 0, "gridProperties": {"rowCount": 1, "columnCount": 2}}
        large = {"sheetId": 0, "gridProperties": {"rowCount": 2, "columnCount": 3}}
        send(book, {"updateSheetProperties": {"properties": small, "fields": fields}})
        send(book, {"updateSheetProperties": {"properties": large, "fields": fields}})
        assert entered(book, 0, 0, 2, 3) == [[1.0, 2.0, None], [None, None, None]]
        assert properties(book)["gridProperties"] == {"rowCount": 2, "columnCount": 3}


def test_colours_come_back_in_255_steps_and_an_empty_style_clears(tmp_path):
    def tab(rgb):
        new = {"sheetId": 0, "tabColorStyle": {"rgbColor": rgb}}
        return {"updateSheetProperties": {"properties": new, "fields": "tabColorStyle"}}

    with book_in(tmp_path) as book:
        send(book, tab({"red": 1, "green": 0, "blue": 0.5}))
        assert properties(book)["tabColorStyle"] == {"rgbColor": {"red": 1, "blue": 0.49803922}}  # as recorded
        assert properties(book)["tabColor"] == {"red": 1, "blue": 0.49803922}
        send(book, tab(None))
        assert "tabColor" not in properties(book) and "tabColorStyle" not in properties(book)


def test_a_duplicate_has_the_cells_and_ids_of_its_own(tmp_path):
    chart = {"chartId": 3, "spec": {"pieChart": {"domain": {"sourceRange": {"sources": [area(0, 0, 2, 1)]}}}}}
    with book_in(tmp_path) as book:
        send(book, typed([["a", "=A1&1"]]), {"addChart": {"chart": chart}})
        (reply,) = send(book, {"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 8, "insertSheetIndex": 1}})
        assert reply["duplicateSheet"]["properties"]["title"] == "Copy of Sheet1"
        assert results(book, 0, 0, 1, 2, 8) == [["a", "a1"]]
        (copied,) = book.sheet(8)["charts"]
        assert copied["chartId"] != 3
        assert copied["spec"]["pieChart"]["domain"]["sourceRange"]["sources"][0]["sheetId"] == 8
        send(book, typed([["b"]], sheet_id=8))
        assert results(book, 0, 0, 1, 2) == [["a", "a1"]]


def test_frozen_rows_grow_with_rows_inserted_among_them(tmp_path):
    with book_in(tmp_path) as book:
        frozen = {"sheetId": 0, "gridProperties": {"frozenRowCount": 2}}
        send(book, {"updateSheetProperties": {"properties": frozen, "fields": "gridProperties.frozenRowCount"}})
        send(book, {"insertDimension": {"range": lines(1, 2)}}, {"deleteDimension": {"range": lines(0, 2)}})
        assert properties(book)["gridProperties"]["frozenRowCount"] == 1


def test_a_theme_is_set_with_all_its_colours_or_not_at_all(tmp_path):
    names = ["TEXT", "BACKGROUND", *(f"ACCENT{number}" for number in range(1, 7)), "LINK"]
    pairs = [{"colorType": name, "color": {"rgbColor": {"red": 1}}} for name in names]
    body = {"properties": {"spreadsheetTheme": {"primaryFontFamily": "Inter", "themeColors": pairs}}}
    with book_in(tmp_path) as book:
        send(book, {"updateSpreadsheetProperties": {**body, "fields": "spreadsheetTheme"}})
        assert book.doc["properties"]["spreadsheetTheme"]["themeColors"] == pairs
        pairs.pop()
        wrong = refused(book, {"updateSpreadsheetProperties": {**body, "fields": "spreadsheetTheme"}})
        assert "all theme color pairs" in wrong
