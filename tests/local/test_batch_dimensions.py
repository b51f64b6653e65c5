"""Rows and columns: what moves along when they are inserted, deleted, moved; their properties and groups."""

from __future__ import annotations

import copy

import pytest

from tests.local.batch_helper import area, book_in, entered, lines, properties, refused, results, send, typed

CONDITION = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": '=$A3="x"'}]}
WHITE = {"rowProperties": {"firstBandColor": {"red": 1}, "secondBandColor": {}}}


def furnish(book):
    """One of everything that a sheet holds, over rows 2 to 9 and columns A to D."""
    place = area(2, 0, 9, 4)
    send(
        book,
        typed([["=SUM(A3:A9)"]], 0, 5),
        {"addNamedRange": {"namedRange": {"name": "block", "range": place}}},
        {"addNamedRange": {"namedRange": {"name": "open_block", "range": {"startRowIndex": 2, "startColumnIndex": 0}}}},
        {"addProtectedRange": {"protectedRange": {"range": place}}},
        {"addBanding": {"bandedRange": {"range": place, **WHITE}}},
        {"addFilterView": {"filter": {"range": place, "sortSpecs": [{"dimensionIndex": 2}]}}},
        {"setBasicFilter": {"filter": {"range": place}}},
        {"mergeCells": {"range": area(10, 0, 12, 2)}},
        {
            "addConditionalFormatRule": {
                "rule": {"ranges": [place], "booleanRule": {"condition": CONDITION, "format": {}}},
                "index": 0,
            }
        },
        {
            "addChart": {
                "chart": {
                    "spec": {"pieChart": {"series": {"sourceRange": {"sources": [place]}}}},
                    "position": {"overlayPosition": {"anchorCell": {"rowIndex": 12, "columnIndex": 5}}},
                }
            }
        },
    )


def spans(book):
    """First row of everything that `furnish` placed, and the formulas."""
    sheet = book.sheet(0)
    names = {named["name"]: named["range"] for named in book.doc["namedRanges"]}
    return {
        "name": names["block"].get("startRowIndex"),
        "open": names["open_block"].get("startRowIndex"),
        "protected": sheet["protectedRanges"][0]["range"]["startRowIndex"],
        "banded": sheet["bandedRanges"][0]["range"]["startRowIndex"],
        "view": sheet["filterViews"][0]["range"]["startRowIndex"],
        "filter": sheet["basicFilter"]["range"]["startRowIndex"],
        "rule": sheet["conditionalFormats"][0]["ranges"][0]["startRowIndex"],
        "chart": sheet["charts"][0]["spec"]["pieChart"]["series"]["sourceRange"]["sources"][0]["startRowIndex"],
    }


def condition(book):
    return book.sheet(0)["conditionalFormats"][0]["booleanRule"]["condition"]["values"][0]["userEnteredValue"]


def test_everything_moves_down_with_rows_inserted_above(tmp_path):
    with book_in(tmp_path) as book:
        furnish(book)
        send(book, {"insertDimension": {"range": lines(1, 3)}})
        assert set(spans(book).values()) == {4}
        assert condition(book) == '=$A5="x"'
        assert book.sheet(0)["merges"][0]["startRowIndex"] == 12
        assert book.sheet(0)["charts"][0]["position"]["overlayPosition"]["anchorCell"]["rowIndex"] == 14
        assert entered(book, 0, 5, 1, 6) == [["=SUM(A5:A11)"]]
        assert "endRowIndex" not in book.doc["namedRanges"][1]["range"]


def test_everything_shrinks_when_its_first_row_is_deleted(tmp_path):
    with book_in(tmp_path) as book:
        furnish(book)
        send(book, {"deleteDimension": {"range": lines(2, 3)}})
        assert set(spans(book).values()) == {2}
        assert book.doc["namedRanges"][0]["range"]["endRowIndex"] == 8
        assert condition(book) == '=$A3="x"'  # the formula is the one of the row that is the first now
        assert entered(book, 0, 5, 1, 6) == [["=SUM(A3:A8)"]]


def test_what_loses_all_of_its_cells_goes_and_a_name_stays_taken(tmp_path):
    with book_in(tmp_path) as book:
        furnish(book)
        send(book, {"deleteDimension": {"range": lines(2, 12)}})
        sheet = book.sheet(0)
        for key in ("protectedRanges", "bandedRanges", "filterViews", "conditionalFormats", "merges"):
            assert sheet.get(key, []) == []
        assert "basicFilter" not in sheet
        assert sheet["charts"][0]["spec"]["pieChart"] == {}
        assert [named["name"] for named in book.doc["namedRanges"]] == ["open_block"]
        again = {"addNamedRange": {"namedRange": {"name": "block", "range": area(0, 0, 1, 1)}}}
        assert "already exists" in refused(book, again)


def test_a_moved_column_takes_its_name_its_metadata_and_its_filter_along(tmp_path):
    mark = {"metadataKey": "column", "metadataValue": "c", "visibility": "DOCUMENT", "metadataId": 5}
    with book_in(tmp_path) as book:
        furnish(book)
        column = {"startRowIndex": 1, "startColumnIndex": 2, "endColumnIndex": 3}
        send(
            book,
            typed([["h"], [3.0]], 0, 2),
            typed([["=SUM(column_c)+C2"]], 0, 6),
            {"addNamedRange": {"namedRange": {"name": "column_c", "range": column}}},
            {
                "createDeveloperMetadata": {
                    "developerMetadata": mark | {"location": {"dimensionRange": lines(2, 3, "COLUMNS")}}
                }
            },
            {"moveDimension": {"source": lines(2, 3, "COLUMNS"), "destinationIndex": 0}},
        )
        named = {item["name"]: item["range"] for item in book.doc["namedRanges"]}
        assert named["column_c"] == {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
        assert book.grid(0).dimension("COLUMNS")[0]["developerMetadata"][0]["metadataId"] == 5
        assert book.sheet(0)["filterViews"][0]["sortSpecs"][0]["dimensionIndex"] == 0
        assert entered(book, 0, 6, 1, 7) == [["=SUM(column_c)+A2"]]
        assert results(book, 0, 6, 1, 7) == [[6.0]]


@pytest.mark.parametrize(("source", "destination"), [(0, 3), (0, 4), (3, 0), (1, 3)])
def test_a_column_moved_inside_of_an_area_leaves_what_lies_over_it(tmp_path, source, destination):
    with book_in(tmp_path) as book:
        furnish(book)
        send(book, {"unmergeCells": {"range": area(10, 0, 12, 2)}})  # such an area is not torn
        before = {key: copy.deepcopy(book.sheet(0)[key]) for key in ("bandedRanges", "protectedRanges", "basicFilter")}
        send(book, {"moveDimension": {"source": lines(source, source + 1, "COLUMNS"), "destinationIndex": destination}})
        assert {key: book.sheet(0)[key] for key in before} == before
        assert book.sheet(0)["conditionalFormats"][0]["ranges"] == [area(2, 0, 9, 4)]
        assert condition(book) == {0: f'=${"ABCD"[destination - 1]}3="x"', 3: '=$B3="x"', 1: '=$A3="x"'}[source]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"deleteDimension": {"range": lines(18, 30)}}, "Tried to delete row index 29 but there are only 20 rows."),
        ({"deleteDimension": {"range": lines(0, 20)}}, "You can't delete all the rows on the sheet."),
        ({"deleteDimension": {"range": {"sheetId": 0, "startIndex": 1}}}, "it must be ROWS or COLUMNS"),
        ({"insertDimension": {"range": lines(0, 1), "inheritFromBefore": True}}, "inheritFromBefore cannot be true"),
        ({"insertDimension": {"range": lines(25, 26)}}, "is beyond the grid"),
        ({"moveDimension": {"source": lines(1, 4), "destinationIndex": 2}}, "cannot lie inside the source"),
        ({"moveDimension": {"source": lines(1, 4), "destinationIndex": 21}}, "must be between 0 and 20"),
        ({"appendDimension": {"dimension": "ROWS", "length": 2_000_000}}, "above the limit of 10000000 cells"),
        ({"appendDimension": {"dimension": "ROWS"}}, "length must be greater than zero"),
        ({"deleteDimensionGroup": {"range": lines(1, 3)}}, "There is no group"),
    ],
)
def test_refusals(tmp_path, request_, words):
    with book_in(tmp_path) as book:
        assert words in refused(book, request_)


@pytest.mark.parametrize(
    ("start", "end", "destination"), [(3, 4, 8), (2, 4, 8), (4, 6, 0), (7, 8, 3), (7, 8, 4)], ids=str
)
@pytest.mark.parametrize("dimension", ["ROWS", "COLUMNS"])
def test_a_merged_area_is_not_torn_by_a_move(tmp_path, start, end, destination, dimension):
    area = {"startRowIndex": 2, "endRowIndex": 5, "startColumnIndex": 2, "endColumnIndex": 5}
    with book_in(tmp_path) as book:
        send(book, {"mergeCells": {"range": {"sheetId": 0, **area}, "mergeType": "MERGE_ALL"}})
        move = {"source": lines(start, end, dimension), "destinationIndex": destination}
        assert "a part of a merged cell" in refused(book, {"moveDimension": move})


@pytest.mark.parametrize(("start", "end", "destination"), [(2, 5, 8), (1, 6, 0), (8, 9, 2), (8, 9, 5), (0, 1, 9)])
def test_a_merged_area_moves_as_a_whole(tmp_path, start, end, destination):
    area = {"startRowIndex": 2, "endRowIndex": 5, "startColumnIndex": 2, "endColumnIndex": 5}
    with book_in(tmp_path) as book:
        send(book, {"mergeCells": {"range": {"sheetId": 0, **area}, "mergeType": "MERGE_ALL"}})
        send(book, {"moveDimension": {"source": lines(start, end), "destinationIndex": destination}})
        merge = book.doc["sheets"][0]["merges"][0]
        assert merge["endRowIndex"] - merge["startRowIndex"] == 3


def test_all_rows_but_frozen_ones_cannot_be_deleted(tmp_path):
    with book_in(tmp_path) as book:
        frozen = {"sheetId": 0, "gridProperties": {"frozenRowCount": 1}}
        send(book, {"updateSheetProperties": {"properties": frozen, "fields": "gridProperties.frozenRowCount"}})
        message = refused(book, {"deleteDimension": {"range": lines(1, 20)}})
        assert "Sorry, it is not possible to delete all non-frozen rows." in message


def test_new_rows_take_format_and_size_of_their_neighbour(tmp_path):
    look = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    size = {"properties": {"pixelSize": 40}, "fields": "pixelSize", "range": lines(2, 3)}
    with book_in(tmp_path) as book:
        send(
            book,
            {"repeatCell": {"range": area(2, 0, 3, 8), "cell": look, "fields": "userEnteredFormat"}},
            {"updateDimensionProperties": size},
            {"insertDimension": {"range": lines(3, 5), "inheritFromBefore": True}},
        )
        looks = book.grid(0).read("format", 2, 0, 6, 1)
        assert [row[0] for row in looks] == [look["userEnteredFormat"]] * 3 + [None]
        assert book.grid(0).dimension("ROWS")[4] == {"pixelSize": 40}


def test_hiding_and_showing_leaves_nothing_behind(tmp_path):
    def hide(hidden):
        return {
            "updateDimensionProperties": {
                "range": lines(0, 2, "COLUMNS"),
                "properties": {"hiddenByUser": hidden},
                "fields": "hiddenByUser",
            }
        }

    with book_in(tmp_path) as book:
        send(book, hide(True))
        assert book.grid(0).dimension("COLUMNS") == {0: {"hiddenByUser": True}, 1: {"hiddenByUser": True}}
        send(book, hide(False))
        assert book.grid(0).dimension("COLUMNS") == {}


def test_groups_nest_as_documented(tmp_path):
    def groups(reply):
        found = reply["addDimensionGroup"]["dimensionGroups"]
        return [(g["range"]["startIndex"], g["range"]["endIndex"], g["depth"]) for g in found]

    with book_in(tmp_path) as book:
        _, second = send(
            book,
            {"addDimensionGroup": {"range": lines(1, 4, "COLUMNS")}},
            {"addDimensionGroup": {"range": lines(2, 5, "COLUMNS")}},
        )
        assert groups(second) == [(1, 5, 1), (2, 4, 2)]  # [B:D] + [C:E] is [B:E, 1] and [C:D, 2]
        assert properties(book)["gridProperties"]["columnGroupControlAfter"] is True
        (reply,) = send(book, {"deleteDimensionGroup": {"range": lines(3, 5, "COLUMNS")}})
        left = reply["deleteDimensionGroup"]["dimensionGroups"]
        assert [(g["range"]["startIndex"], g["range"]["endIndex"], g["depth"]) for g in left] == [(1, 4, 1), (2, 3, 2)]


def test_the_last_group_answers_with_an_empty_reply(tmp_path):
    with book_in(tmp_path) as book:
        add, delete = {"addDimensionGroup": {"range": lines(0, 2)}}, {"deleteDimensionGroup": {"range": lines(0, 2)}}
        assert send(book, add, delete)[1] == {"deleteDimensionGroup": {}}  # as recorded
        assert "rowGroups" not in book.sheet(0)


def test_a_column_resized_to_its_text_is_wider_for_a_longer_one(tmp_path):
    with book_in(tmp_path) as book:
        send(
            book,
            typed([["short", "a much longer text than the other one"]]),
            {"autoResizeDimensions": {"dimensions": lines(0, 3, "COLUMNS")}},
        )
        sizes = [book.grid(0).dimension("COLUMNS")[at]["pixelSize"] for at in range(3)]
        assert sizes[0] < sizes[1] and sizes[2] == 100
