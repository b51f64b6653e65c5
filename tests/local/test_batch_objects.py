"""What lies over cells: names, protections, bands, conditional formats, filters, metadata, charts, slicers, tables."""

from __future__ import annotations

import pytest

from tests.local.batch_helper import area, book_in, lines, refused, send, typed

BANDS = {"firstBandColor": {"red": 1}, "secondBandColor": {"green": 1}}
COUNT = {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "5"}]}


def rule(condition=None, place=None, **look):
    boolean = {"condition": condition or COUNT, "format": look or {"textFormat": {"bold": True}}}
    return {"ranges": [place or area(0, 0, 3, 3)], "booleanRule": boolean}


def custom(text):
    return {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": text}]}


def add_rule(index=0, *rest, **more):
    return {"addConditionalFormatRule": {"rule": rule(*rest, **more), "index": index}}


def name(text, place=None, **more):
    return {"addNamedRange": {"namedRange": {"name": text, "range": place or area(0, 0, 1, 1), **more}}}


def mark(place, **more):
    entry = {"metadataKey": "k", "metadataValue": "v", "visibility": "DOCUMENT", "location": place}
    return {"createDeveloperMetadata": {"developerMetadata": entry | more}}


def pie(**more):
    return {"chart": {"spec": {"pieChart": {"series": {"sourceRange": {"sources": [area(0, 0, 2, 1)]}}}}, **more}}


@pytest.mark.parametrize(
    ("requests", "words"),
    [
        ([name("a b")], "The name given to this range is invalid"),
        ([name("Q1")], "The name given to this range is invalid"),
        (
            [name("taken"), name("TAKEN")],
            "Cannot add named range with name TAKEN, a named range with that name already exists.",
        ),
        ([name("one", namedRangeId="x"), name("two", namedRangeId="x")], "with that id already exists"),
        ([name("far", area(0, 0, 21, 1))], "Range (Sheet1!A1:A21) exceeds grid limits. Max rows: 20, max columns: 8"),
        ([{"deleteNamedRange": {"namedRangeId": "no"}}], "No named range with id: no"),
        ([{"addProtectedRange": {"protectedRange": {}}}], "must have a range or a namedRangeId"),
        ([{"deleteProtectedRange": {"protectedRangeId": 4}}], "No protected range with id: 4"),
        (
            [
                {"addBanding": {"bandedRange": {"range": place, "rowProperties": BANDS}}}
                for place in [area(0, 0, 3, 3)] * 2
            ],
            "You cannot add alternating background colors to a range that already has alternating background colors.",
        ),
        ([{"addBanding": {"bandedRange": {"range": area(0, 0, 1, 1)}}}], "must have rowProperties or columnProperties"),
        ([add_rule(1)], "There is no conditional format rule at index 1"),
        ([{"deleteConditionalFormatRule": {"sheetId": 0}}], "There is no conditional format rule at index 0"),
        ([add_rule(0, {"type": "ONE_OF_LIST"})], "ConditionType 'ONE_OF_LIST' is not supported in conditional"),
        ([add_rule(0, custom("=Other!A1>0"))], "Conditional format rule cannot reference a different sheet."),
        (
            [name("elsewhere", area(0, 0, 1, 1, 1)), add_rule(0, custom("=A1=elsewhere"))],
            "Conditional format rule cannot reference a different sheet.",
        ),
        ([add_rule(0, None, area(0, 0, 1, 1, 7))], "No grid with id: 7"),
        ([add_rule(0, horizontalAlignment="LEFT")], "Conditional formatting cannot set horizontalAlignment"),
        (
            [{"addConditionalFormatRule": {"rule": {"ranges": [area(0, 0, 1, 1)], "gradientRule": {"minpoint": {}}}}}],
            "No interpolationPointType specified.",
        ),
        (
            [
                {
                    "addConditionalFormatRule": {
                        "rule": {"ranges": [area(0, 0, 1, 1)], "gradientRule": {"minpoint": {"type": "NUMBER"}}}
                    }
                }
            ],
            "InterpolationPoint.value is required.",
        ),
        ([mark({"dimensionRange": lines(0, 2)})], "DimensionRange must represent a single row or column"),
        (
            [mark({"dimensionRange": {"dimension": "ROWS", "startIndex": 1}})],
            "DimensionRange must specify both a startIndex and an endIndex",
        ),
        ([mark({"sheetId": 0}, metadataId=4), mark({"spreadsheet": True}, metadataId=4)], "4 already exists"),
        ([mark({"sheetId": 0}, metadataValue="x" * 30_000)], "the limit is 30000"),
        ([mark({})], "Exactly one of spreadsheet, sheetId and dimensionRange"),
        ([mark({"sheetId": 0}, visibility="DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED")], "visibility must be set"),
        ([{"addChart": {"chart": {"spec": {"title": "x"}}}}], "candelstickChart"),
        ([{"addChart": pie(chartId=3)}, {"addChart": pie(chartId=3)}], "3 already exists"),
        ([{"deleteEmbeddedObject": {"objectId": 8}}], "No embedded object with id: 8"),
        (
            [{"addChart": pie(position={"overlayPosition": {"anchorCell": {"rowIndex": 40}}})}],
            "Range (Sheet1!A41) exceeds grid limits",
        ),
        (
            [{"addTable": {"table": {"range": area(0, 0, 2, 1), "columnProperties": [{"columnType": "DROPDOWN"}]}}}],
            "Condition must be set for dropdown column type.",
        ),
        (
            [typed([["=1"]]), {"addTable": {"table": {"range": area(0, 0, 2, 1)}}}],
            "Formulas are not supported in a table header row.",
        ),
        ([{"deleteTable": {"tableId": "t"}}], "No table with id: t"),
        (
            [{"addFilterView": {"filter": {"range": area(0, 0, 3, 3), "criteria": {"5": {}}}}}],
            "is outside of the range",
        ),
    ],
)
def test_refusals(tmp_path, requests, words):
    with book_in(tmp_path, others=("Other",)) as book:
        *before, last = requests
        if before:
            send(book, *before)
        assert words in refused(book, last)


def test_an_open_named_range_stays_open_and_a_chosen_id_is_kept(tmp_path):
    with book_in(tmp_path) as book:
        place = {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 2, "endColumnIndex": 3}
        (reply,) = send(book, name("customers_status", place, namedRangeId="abc"))
        shown = {"startRowIndex": 1, "startColumnIndex": 2, "endColumnIndex": 3}  # sheetId 0 is left out, as recorded
        assert reply["addNamedRange"]["namedRange"] == {
            "namedRangeId": "abc",
            "name": "customers_status",
            "range": shown,
        }
        assert book.doc["namedRanges"][0]["range"] == place
        send(book, name("whole", {"sheetId": 0, "startRowIndex": 0, "startColumnIndex": 2, "endColumnIndex": 3}))
        assert book.doc["namedRanges"][1]["range"] == {"sheetId": 0, "startColumnIndex": 2, "endColumnIndex": 3}


def test_a_renamed_range_is_followed_by_formulas(tmp_path):
    new = {"namedRange": {"namedRangeId": "n", "name": "total"}, "fields": "name"}
    with book_in(tmp_path) as book:
        send(book, name("sum_all", namedRangeId="n"), typed([['=sum_all&"sum_all"&SUM(1)']]))
        send(book, {"updateNamedRange": new})
        assert book.grid(0).read("entered", 0, 0, 1, 1) == [['=total&"sum_all"&SUM(1)']]
        assert send(book, {"deleteNamedRange": {"namedRangeId": "n"}}) == [{}]
        assert book.doc["namedRanges"] == []


def test_a_protection_answers_as_recorded(tmp_path):
    asked = {"range": area(0, 0, 2, 2), "description": None, "warningOnly": True, "editors": None}
    with book_in(tmp_path) as book:
        (reply,) = send(book, {"addProtectedRange": {"protectedRange": asked}})
        made = reply["addProtectedRange"]["protectedRange"]
        number = made.pop("protectedRangeId")
        shown = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
        assert made == {"range": shown, "warningOnly": True, "requestingUserCanEdit": True, "editors": {}}
        change = {"protectedRangeId": number, "warningOnly": False, "editors": {"users": ["ann@example.com"]}}
        send(book, {"updateProtectedRange": {"protectedRange": change, "fields": "warningOnly,editors"}})
        (kept,) = book.sheet(0)["protectedRanges"]
        assert "warningOnly" not in kept and kept["editors"] == {"users": ["owner@example.com", "ann@example.com"]}
        send(book, {"deleteProtectedRange": {"protectedRangeId": number}})
        assert book.sheet(0)["protectedRanges"] == []


def test_bands_are_changed_and_deleted_by_their_id(tmp_path):
    with book_in(tmp_path) as book:
        new = {"bandedRangeId": 6, "range": area(0, 0, 3, 3), "rowProperties": BANDS}
        change = {"bandedRangeId": 6, "rowProperties": {"headerColorStyle": {"rgbColor": {"blue": 1}}}}
        send(
            book,
            {"addBanding": {"bandedRange": new}},
            {"updateBanding": {"bandedRange": change, "fields": "rowProperties.headerColorStyle"}},
        )
        (kept,) = book.sheet(0)["bandedRanges"]
        assert kept["rowProperties"]["headerColor"] == {"blue": 1}
        assert kept["rowProperties"]["firstBandColorStyle"] == {"rgbColor": {"red": 1}}
        send(book, {"deleteBanding": {"bandedRangeId": 6}})
        assert book.sheet(0)["bandedRanges"] == []


def test_rules_have_places_in_a_list(tmp_path):
    def order():
        rules = book.sheet(0)["conditionalFormats"]
        return [r["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for r in rules]

    with book_in(tmp_path) as book:
        send(book, *(add_rule(0, custom(f"={letter}1")) for letter in "CBA"), add_rule(3, custom("=D1")))
        assert order() == ["=A1", "=B1", "=C1", "=D1"]
        (moved,) = send(book, {"updateConditionalFormatRule": {"index": 0, "newIndex": 2, "sheetId": 0}})
        assert order() == ["=B1", "=C1", "=A1", "=D1"]
        assert moved["updateConditionalFormatRule"]["newIndex"] == 2
        (changed,) = send(book, {"updateConditionalFormatRule": {"index": 1, "rule": rule(custom("=Z1>0"))}})
        answer = changed["updateConditionalFormatRule"]
        assert answer["oldRule"]["booleanRule"]["condition"] == custom("=C1")
        assert answer["newRule"]["booleanRule"]["condition"] == custom("=Z1>0")
        (gone,) = send(book, {"deleteConditionalFormatRule": {"index": 0, "sheetId": 0}})
        assert gone["deleteConditionalFormatRule"]["rule"]["booleanRule"]["condition"] == custom("=B1")
        assert order() == ["=Z1>0", "=A1", "=D1"]


def test_the_basic_filter_is_closed_by_the_grid_and_hides_rows(tmp_path):
    with book_in(tmp_path, rows=4, columns=2) as book:
        send(book, typed([["h"], ["a"], ["b"], ["a"]]))
        criteria = {"0": {"hiddenValues": ["a"]}}
        assert send(book, {"setBasicFilter": {"filter": {"range": {"sheetId": 0}, "criteria": criteria}}}) == [{}]
        made = book.sheet(0)["basicFilter"]
        assert made["range"] == area(0, 0, 4, 2)  # recorded: open sides come back closed
        assert made["filterSpecs"] == [{"columnIndex": 0, "filterCriteria": criteria["0"]}]
        assert book.grid(0).dimension("ROWS") == {1: {"hiddenByFilter": True}, 3: {"hiddenByFilter": True}}
        send(book, {"clearBasicFilter": {"sheetId": 0}})
        assert "basicFilter" not in book.sheet(0) and book.grid(0).dimension("ROWS") == {}


def test_filter_views_are_named_copied_and_deleted(tmp_path):
    view = {"filterViewId": 3, "range": {"sheetId": 0}, "filterSpecs": [{"filterCriteria": {"condition": COUNT}}]}
    with book_in(tmp_path) as book:
        (reply,) = send(book, {"addFilterView": {"filter": view}})
        made = reply["addFilterView"]["filter"]
        assert made["title"] == "Filter 1" and made["criteria"] == {"0": {"condition": COUNT}}
        (copied,) = send(book, {"duplicateFilterView": {"filterId": 3}})
        assert copied["duplicateFilterView"]["filter"]["title"] == "Copy of Filter 1"
        change = {"filterViewId": 3, "title": "VIPs", "criteria": {"1": {"hiddenValues": ["x"]}}}
        send(book, {"updateFilterView": {"filter": change, "fields": "title,criteria"}})
        first = book.sheet(0)["filterViews"][0]
        assert first["title"] == "VIPs" and [spec["columnIndex"] for spec in first["filterSpecs"]] == [1]
        send(book, {"deleteFilterView": {"filterId": 3}})
        assert [one["title"] for one in book.sheet(0)["filterViews"]] == ["Copy of Filter 1"]


def test_metadata_is_found_changed_and_deleted_wherever_it_lies(tmp_path):
    with book_in(tmp_path) as book:
        replies = send(
            book,
            mark({"spreadsheet": True}, metadataKey="a"),
            mark({"sheetId": 0}, metadataKey="b"),
            mark({"dimensionRange": lines(2, 3, "COLUMNS")}, metadataKey="c", metadataId=9),
        )
        kinds = [r["createDeveloperMetadata"]["developerMetadata"]["location"]["locationType"] for r in replies]
        assert kinds == ["SPREADSHEET", "SHEET", "COLUMN"]
        change = {
            "dataFilters": [{"developerMetadataLookup": {"metadataId": 9}}],
            "developerMetadata": {"location": {"sheetId": 0}, "metadataKey": "moved"},
            "fields": "location,metadataKey",
        }
        (reply,) = send(book, {"updateDeveloperMetadata": change})
        assert reply["updateDeveloperMetadata"]["developerMetadata"] == [  # as documented, sheetId 0 left out
            {
                "metadataId": 9,
                "metadataKey": "moved",
                "metadataValue": "v",
                "location": {"locationType": "SHEET"},
                "visibility": "DOCUMENT",
            }
        ]
        assert book.grid(0).dimension("COLUMNS") == {}
        (gone,) = send(
            book, {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataValue": "v"}}}}
        )
        assert len(gone["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]) == 3
        assert "developerMetadata" not in book.doc and "developerMetadata" not in book.sheet(0)


def test_charts_have_a_default_size_and_may_have_a_sheet_of_their_own(tmp_path):
    position = {"overlayPosition": {"anchorCell": {"rowIndex": 1, "columnIndex": 2}}}
    with book_in(tmp_path) as book:
        first, second = send(
            book,
            {"addChart": pie(chartId=1, position=position)},
            {"addChart": pie(chartId=2, position={"newSheet": True})},
        )
        assert first["addChart"]["chart"]["position"] == {
            "overlayPosition": position["overlayPosition"] | {"widthPixels": 600, "heightPixels": 371}
        }
        assert first["addChart"]["chart"]["spec"]["hiddenDimensionStrategy"] == "SKIP_HIDDEN_ROWS_AND_COLUMNS"
        own = book.doc["sheets"][1]["properties"]
        assert (own["title"], own["sheetType"], "gridProperties" in own) == ("Chart1", "OBJECT", False)
        assert second["addChart"]["chart"]["position"] == {"sheetId": own["sheetId"]}
        move = {
            "objectId": 1,
            "newPosition": {"overlayPosition": {"anchorCell": {"rowIndex": 4}, "widthPixels": 900}},
            "fields": "anchorCell(rowIndex,columnIndex),widthPixels",
        }
        (reply,) = send(book, {"updateEmbeddedObjectPosition": move})
        assert reply["updateEmbeddedObjectPosition"]["position"]["overlayPosition"] == {
            "anchorCell": {"rowIndex": 4},
            "widthPixels": 900,
            "heightPixels": 371,
        }
        border = {"objectId": 1, "border": {"color": {"red": 1}}, "fields": "color"}
        send(book, {"updateEmbeddedObjectBorder": border})
        assert book.sheet(0)["charts"][0]["border"]["colorStyle"] == {"rgbColor": {"red": 1}}
        assert send(book, {"deleteEmbeddedObject": {"objectId": 2}}) == [{}]
        assert len(book.doc["sheets"]) == 1


def test_a_chart_of_a_deleted_column_has_no_series_left(tmp_path):
    def source(column):
        return {"sourceRange": {"sources": [area(0, column, 5, column + 1)]}}

    basic = {"chartType": "COLUMN", "domains": [{"domain": source(0)}], "series": [{"series": source(1)}]}
    with book_in(tmp_path) as book:
        send(book, {"addChart": {"chart": {"spec": {"basicChart": basic}}}})
        send(book, {"deleteDimension": {"range": lines(1, 2, "COLUMNS")}})
        kept = book.sheet(0)["charts"][0]["spec"]["basicChart"]
        assert kept["series"] == [] and kept["domains"] == [{"domain": source(0)}]


def test_slicers_are_kept_with_their_range(tmp_path):
    spec = {"dataRange": area(0, 0, 5, 2), "columnIndex": 1, "title": "s"}
    with book_in(tmp_path) as book:
        send(book, {"addSlicer": {"slicer": {"slicerId": 5, "spec": spec, "position": {}}}})
        send(book, {"updateSlicerSpec": {"slicerId": 5, "spec": {"title": "t"}, "fields": "title"}})
        assert book.sheet(0)["slicers"][0]["spec"] == spec | {"title": "t"}


def test_a_table_takes_its_names_from_the_header_and_its_deletion_takes_rules_along(tmp_path):
    with book_in(tmp_path) as book:
        send(book, typed([["Name", None]]), add_rule(0, None, area(0, 0, 3, 2)))
        (reply,) = send(book, {"addTable": {"table": {"tableId": "t", "name": "T", "range": area(0, 0, 3, 2)}}})
        names = [column["columnName"] for column in reply["addTable"]["table"]["columnProperties"]]
        assert names == ["Name", "Column 1"]
        assert book.grid(0).read("entered", 0, 0, 1, 2) == [["Name", "Column 1"]]
        overlapping = {"addBanding": {"bandedRange": {"range": area(0, 0, 1, 1), "rowProperties": BANDS}}}
        assert "alternating background colors" in refused(book, overlapping)
        send(book, {"deleteTable": {"tableId": "t"}})
        assert book.sheet(0)["conditionalFormats"] == [] and book.sheet(0)["tables"] == []


def test_a_pivot_table_is_kept_at_its_anchor(tmp_path):
    def pivot(**more):
        table = {
            "source": area(0, 0, 5, 3),
            "rows": [{"sourceColumnOffset": 0, "sortOrder": "ASCENDING"}],
            "values": [{"sourceColumnOffset": 1, "summarizeFunction": "SUM"}],
            **more,
        }
        rows = [{"values": [{"pivotTable": table}]}]
        start = {"sheetId": 0, "rowIndex": 8, "columnIndex": 4}
        return {"updateCells": {"rows": rows, "start": start, "fields": "pivotTable"}}

    with book_in(tmp_path) as book:
        send(book, pivot(criteria={"2": {"visibleValues": ["x"]}}))
        kept = book.grid(0).read("extra", 8, 4, 9, 5)[0][0]["pivotTable"]
        assert kept["filterSpecs"] == [{"columnOffsetIndex": 2, "filterCriteria": {"visibleValues": ["x"]}}]
        send(book, {"insertDimension": {"range": lines(0, 1)}})
        assert book.grid(0).read("extra", 9, 4, 10, 5)[0][0]["pivotTable"]["source"] == area(1, 0, 6, 3)
        assert "summarizeFunction must be set" in refused(book, pivot(values=[{"sourceColumnOffset": 1}]))
        assert "sortOrder must be set" in refused(book, pivot(rows=[{"sourceColumnOffset": 1}]))
