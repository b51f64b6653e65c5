"""Damage that people do: rules in pieces, dropdowns pasted over, names without cells, things that looked at a sheet."""

from __future__ import annotations

import pytest

from tests.local.batch_helper import area, book_in, lines, refused, results, send, typed


def rule(*ranges, formula="=$B2>0"):
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    look = {"condition": condition, "format": {"textFormat": {"bold": True}}}
    return {"addConditionalFormatRule": {"rule": {"ranges": list(ranges), "booleanRule": look}, "index": 0}}


def paste(source, target, kind="PASTE_NORMAL"):
    return {"copyPaste": {"source": source, "destination": target, "pasteType": kind}}


def rules(book, sheet_id=0):
    """(ranges, formula) of every rule."""
    return [
        (one["ranges"], one["booleanRule"]["condition"]["values"][0]["userEnteredValue"])
        for one in book.sheet(sheet_id).get("conditionalFormats", [])
    ]


OPEN = {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}


def test_a_rule_gets_a_hole_where_something_without_it_is_pasted(tmp_path):
    with book_in(tmp_path) as book:
        send(book, rule(OPEN), paste(area(0, 5, 1, 6), area(4, 0, 5, 1)))
        pieces = [area(1, 0, 4, 1), {key: value for key, value in area(5, 0, 0, 1).items() if key != "endRowIndex"}]
        assert rules(book) == [(pieces, "=$B2>0")]


def test_a_hole_at_the_first_cell_gives_the_formula_another_first_cell(tmp_path):
    with book_in(tmp_path) as book:
        send(book, rule(area(1, 0, 9, 2)), paste(area(0, 5, 1, 6), area(1, 0, 2, 1)))
        assert rules(book) == [([area(1, 1, 2, 2), area(2, 0, 9, 2)], "=$B2>0")]
        send(book, paste(area(0, 5, 1, 7), area(1, 0, 3, 2)))
        assert rules(book) == [([area(3, 0, 9, 2)], "=$B4>0")]


def test_rows_pasted_within_a_rule_leave_it_whole_and_all_over_it_remove_it(tmp_path):
    with book_in(tmp_path) as book:
        send(book, rule(area(1, 0, 9, 2)), paste(area(2, 0, 3, 4), area(5, 0, 7, 4)))
        assert rules(book) == [([area(1, 0, 9, 2)], "=$B2>0")]
        send(book, paste(area(12, 0, 13, 1), area(1, 0, 9, 2), "PASTE_VALUES"))
        assert len(rules(book)) == 1
        send(book, paste(area(12, 0, 13, 1), area(1, 0, 9, 2), "PASTE_FORMAT"))
        assert rules(book) == []


def test_cut_cells_take_their_rules_along(tmp_path):
    with book_in(tmp_path, others=("Two",)) as book:
        place = {"sheetId": 1, "rowIndex": 4, "columnIndex": 3}
        send(
            book,
            rule(area(1, 0, 9, 1)),
            rule(area(0, 0, 9, 8, 1), formula="=A1=1"),
            {"cutPaste": {"source": area(1, 0, 3, 1), "destination": place, "pasteType": "PASTE_NORMAL"}},
        )
        assert rules(book) == [([area(3, 0, 9, 1)], "=$B4>0")]
        holed, moved = rules(book, 1)
        assert moved == ([area(4, 3, 6, 4, 1)], "=$B5>0")
        assert holed[0] == [area(0, 0, 4, 8, 1), area(4, 0, 6, 3, 1), area(4, 4, 6, 8, 1), area(6, 0, 9, 8, 1)]


def test_a_dropdown_is_overwritten_by_what_is_pasted(tmp_path):
    choice = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "strict": True}
    with book_in(tmp_path) as book:
        send(
            book,
            {"setDataValidation": {"range": area(1, 0, 9, 1), "rule": choice}},
            paste(area(0, 3, 1, 4), area(4, 0, 6, 1)),
            paste(area(0, 3, 1, 4), area(7, 0, 8, 1), "PASTE_VALUES"),
        )
        there = [row[0] is not None for row in book.grid(0).read("validation", 1, 0, 9, 1)]
        assert there == [True, True, True, False, False, True, True, True]


@pytest.mark.parametrize(
    "request_",
    [
        paste(area(0, 0, 1, 1), area(1, 3, 4, 4)),
        paste(area(1, 0, 3, 1), area(10, 3, 12, 4)),
        {"autoFill": {"sourceAndDestination": {"source": area(0, 0, 1, 1), "dimension": "ROWS", "fillLength": 3}}},
    ],
)
def test_filtered_out_rows_are_not_copied_nor_filled(tmp_path, request_):
    with book_in(tmp_path) as book:
        criteria = {"filterSpecs": [{"columnIndex": 0, "filterCriteria": {"hiddenValues": ["a"]}}]}
        send(book, typed([["h"], ["b"], ["a"], ["b"]]))
        send(book, {"setBasicFilter": {"filter": {"range": area(0, 0, 4, 1), **criteria}}})
        assert "not supported on a range with a filtered out row" in refused(book, request_)
        send(book, typed([["x"]], 2, 3))  # as the report says: cells can be written


# -- names -------------------------------------------------------------------------------------------------------------

NAME = {"addNamedRange": {"namedRange": {"namedRangeId": "n", "name": "block", "range": area(0, 0, 2, 1)}}}


def test_a_broken_name_is_free_again_when_it_is_deleted(tmp_path):
    with book_in(tmp_path) as book:
        send(book, NAME, typed([["=SUM(block)"]], 0, 5), {"deleteDimension": {"range": lines(0, 1, "COLUMNS")}})
        assert book.doc["namedRanges"] == []
        assert results(book, 0, 4, 1, 5)[0][0].kind == "#REF!"
        assert "a named range with that name already exists" in refused(book, NAME)
        other = {"namedRange": {"namedRangeId": "n", "name": "another", "range": area(0, 0, 1, 1)}}
        assert "a named range with that id already exists" in refused(book, {"addNamedRange": other})
        send(book, {"deleteNamedRange": {"namedRangeId": "n"}}, NAME)
        assert [named["name"] for named in book.doc["namedRanges"]] == ["block"]
        assert results(book, 0, 4, 1, 5) == [[0.0]]


def test_a_broken_name_can_be_given_a_range(tmp_path):
    with book_in(tmp_path, others=("Two",)) as book:
        send(book, NAME, typed([[7]], sheet_id=1), typed([["=SUM(block)"]], 5, 5, sheet_id=1))
        send(book, {"deleteSheet": {"sheetId": 0}})
        new = {"namedRange": {"namedRangeId": "n", "range": area(0, 0, 1, 1, 1)}, "fields": "range"}
        send(book, {"updateNamedRange": new})
        assert results(book, 5, 5, 6, 6, 1) == [[7.0]]
        assert book.state["broken"] == []


def test_formulas_follow_a_renamed_name_and_miss_a_deleted_one(tmp_path):
    with book_in(tmp_path) as book:
        send(book, NAME, typed([[3], [4]]), typed([['=SUM(BLOCK)&"block"']], 0, 5))
        send(book, {"updateNamedRange": {"namedRange": {"namedRangeId": "n", "name": "heap"}, "fields": "name"}})
        assert results(book, 0, 5, 1, 6) == [["7block"]]
        send(book, {"deleteNamedRange": {"namedRangeId": "n"}})
        assert results(book, 0, 5, 1, 6)[0][0].kind == "#NAME?"


# -- sheets ------------------------------------------------------------------------------------------------------------


def test_what_looked_at_a_deleted_sheet_stays_without_it(tmp_path):
    chart = {
        "chartId": 3,
        "spec": {"pieChart": {"series": {"sourceRange": {"sources": [area(0, 0, 2, 1)]}}}},
        "position": {"overlayPosition": {"anchorCell": {"sheetId": 1}}},
    }
    pivot = {
        "source": area(0, 0, 2, 1),
        "rows": [{"sourceColumnOffset": 0, "sortOrder": "ASCENDING"}],
    }
    slicer = {
        "slicerId": 4,
        "spec": {"dataRange": area(0, 0, 2, 1), "title": "S"},
        "position": {"overlayPosition": {"anchorCell": {"sheetId": 1, "rowIndex": 3}}},
    }
    place = {
        "start": {"sheetId": 1, "rowIndex": 9},
        "rows": [{"values": [{"pivotTable": pivot}]}],
        "fields": "pivotTable",
    }
    with book_in(tmp_path, others=("Two",)) as book:
        send(
            book,
            NAME,
            typed([["h"], ["a"]]),
            typed([["=Sheet1!A1"]], 0, 5, sheet_id=1),
            {"addChart": {"chart": chart}},
            {"addSlicer": {"slicer": slicer}},
            {"updateCells": place},
            {"deleteSheet": {"sheetId": 0}},
        )
        (sheet,) = book.doc["sheets"]
        assert [one["chartId"] for one in sheet["charts"]] == [3]
        assert sheet["charts"][0]["spec"]["pieChart"] == {}
        assert [one["spec"] for one in sheet["slicers"]] == [{"title": "S"}]
        assert results(book, 0, 5, 1, 6, 1)[0][0].kind == "#REF!"
        assert book.state["broken"] == [{"namedRangeId": "n", "name": "block"}]


def mark(number, place, value="v"):
    body = {
        "metadataId": number,
        "metadataKey": "k",
        "metadataValue": value,
        "visibility": "DOCUMENT",
        "location": place,
    }
    return {"createDeveloperMetadata": {"developerMetadata": body}}


def test_a_mark_is_changed_moved_and_deleted_by_its_id(tmp_path):
    by_id = {"developerMetadataLookup": {"metadataId": 5}}
    with book_in(tmp_path) as book:
        send(book, mark(5, {"dimensionRange": lines(1, 2, "COLUMNS")}))
        new = {"dataFilters": [by_id], "developerMetadata": {"metadataValue": "w"}, "fields": "metadataValue"}
        send(book, {"updateDeveloperMetadata": new}, {"insertDimension": {"range": lines(0, 2, "COLUMNS")}})
        assert book.grid(0).dimension("COLUMNS")[3]["developerMetadata"] == [
            {"metadataId": 5, "metadataKey": "k", "metadataValue": "w", "visibility": "DOCUMENT"}
        ]
        place = {"dimensionRange": lines(0, 1, "COLUMNS")}
        new = {"dataFilters": [by_id], "developerMetadata": {"location": place}, "fields": "location"}
        send(book, {"updateDeveloperMetadata": new})
        assert list(book.grid(0).dimension("COLUMNS")) == [0]
        (reply,) = send(book, {"deleteDeveloperMetadata": {"dataFilter": by_id}})
        assert [one["metadataId"] for one in reply["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]] == [5]
        assert not book.grid(0).dimension("COLUMNS")
        assert send(book, {"deleteDeveloperMetadata": {"dataFilter": by_id}}) == [{"deleteDeveloperMetadata": {}}]


def test_a_duplicated_sheet_has_copies_of_the_marks_with_ids_of_their_own(tmp_path):
    with book_in(tmp_path) as book:
        send(book, mark(5, {"dimensionRange": lines(1, 2, "COLUMNS")}), mark(6, {"sheetId": 0}, "sheet"))
        send(book, {"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 8}})
        (entry,) = book.sheet(8)["developerMetadata"]
        (inner,) = book.grid(8).dimension("COLUMNS")[1]["developerMetadata"]
        assert (entry["metadataValue"], entry["location"]) == ("sheet", {"locationType": "SHEET", "sheetId": 8})
        assert (inner["metadataKey"], inner["metadataValue"]) == ("k", "v")
        assert len({5, 6, entry["metadataId"], inner["metadataId"]}) == 4
        assert [one["metadataId"] for one in book.sheet(0)["developerMetadata"]] == [6]
