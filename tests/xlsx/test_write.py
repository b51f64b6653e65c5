"""The file: what a spreadsheet's JSON says is there when the file is opened."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crm_builder.errors import TemplateError
from crm_builder.xlsx import NOTES, WORKBOOK, workbook_files
from tests.xlsx.reader import MAIN, read

NOW = datetime(2026, 11, 22, 9)
BLUE = {"rgbColor": {"blue": 1}}


def entered(value: Any, **more: Any) -> dict[str, Any]:
    kind = "boolValue" if isinstance(value, bool) else "stringValue" if isinstance(value, str) else "numberValue"
    return {"userEnteredValue": {kind: value}, "effectiveValue": {kind: value}, **more}


def computed(formula: str, value: Any, **more: Any) -> dict[str, Any]:
    return {**entered(value), "userEnteredValue": {"formulaValue": formula}, **more}


def spreadsheet(rows: list[list[dict[str, Any]]], **more: Any) -> dict[str, Any]:
    sheet = {
        "properties": {
            "sheetId": 7, "title": "Sheet", "rightToLeft": True,
            "gridProperties": {"rowCount": 20, "columnCount": 5, "frozenRowCount": 1},
        },
        "data": [{"rowData": [{"values": row} for row in rows], "columnMetadata": [{"pixelSize": 200}]}],
        **more,
    }  # fmt: skip
    return {"properties": {"title": "CRM"}, "sheets": [sheet]}


@pytest.fixture
def build(tmp_path: Path) -> Any:
    def write(source: dict[str, Any], **words: str) -> Any:
        files = workbook_files(source, words, NOW, True, "2026-11-22")
        path = tmp_path / WORKBOOK
        path.write_bytes(files[WORKBOOK])  # type: ignore[arg-type]
        return read(path), zipfile.ZipFile(path), files[NOTES]

    return write


def test_the_same_input_gives_the_same_bytes() -> None:
    source = spreadsheet([[entered("a")]])
    assert workbook_files(source, None, NOW, True, "x") == workbook_files(source, None, NOW, True, "x")


def test_values_keep_their_kind_and_text_never_becomes_a_formula(build: Any) -> None:
    sheets, _, _ = build(spreadsheet([[entered("=1+1"), entered(5.5), entered(True)]]))
    assert sheets["Sheet"].values == {(0, 0): "=1+1", (0, 1): 5.5, (0, 2): True}
    assert not sheets["Sheet"].formulas


def test_a_formula_that_spills_has_its_area_and_its_values(build: Any) -> None:
    rows = [
        [computed("=ARRAYFORMULA(B1:B2*2)", 2.0), entered(1.0)],
        [{"effectiveValue": {"numberValue": 4}}, entered(2.0)],
    ]
    sheets, _, _ = build(spreadsheet(rows))
    assert sheets["Sheet"].formulas == {(0, 0): "B1:B2*2"}
    assert sheets["Sheet"].filled((0, 0)) == [(0, 0), (1, 0)]
    assert sheets["Sheet"].values[1, 0] == 4


def test_what_only_google_computes_is_a_value_and_listed(build: Any) -> None:
    sheets, _, notes = build(spreadsheet([[entered("Head")], [computed('=REGEXEXTRACT("a"; "a")', "a")]]))
    assert sheets["Sheet"].values[1, 0] == "a"
    assert "| Sheet | A2 | Head | REGEXEXTRACT |" in notes
    assert "REGEXEXTRACT" in sheets["About this file"].values.values()


def test_an_array_over_merged_cells_stands_on_a_sheet_of_its_own(build: Any) -> None:
    merge = {"sheetId": 7, "endRowIndex": 1, "endColumnIndex": 2}
    rows = [[computed("=ARRAYFORMULA(SUM(D1:D2*2))", 6.0), {}, {}, entered(1.0)], [{}, {}, {}, entered(2.0)]]
    sheets, _, _ = build(spreadsheet(rows, merges=[merge]))
    assert sheets["Sheet"].formulas[0, 0].startswith("IF('_arrays'!$A$2")
    assert sheets["Sheet"].values[0, 0] == 6
    assert "'Sheet'!D1:D2" in sheets["_arrays"].formulas[1, 0]


def test_direction_widths_and_frozen_rows(build: Any) -> None:
    sheets, _, _ = build(spreadsheet([[entered("a")]]))
    view = sheets["Sheet"].root.find(f".//{MAIN}sheetView")
    assert view.get("rightToLeft") == "1"
    assert view.find(f"{MAIN}pane").get("ySplit") == "1"
    assert float(sheets["Sheet"].root.find(f".//{MAIN}col").get("width")) > 20


def test_dropdowns_colour_rules_notes_and_checkboxes(build: Any) -> None:
    list_of_two = {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}, {"userEnteredValue": "b"}]}
    }
    box = {"condition": {"type": "BOOLEAN"}}
    rule = {
        "ranges": [{"sheetId": 7, "startRowIndex": 0, "endRowIndex": 5, "endColumnIndex": 1}],
        "booleanRule": {
            "condition": {"type": "TEXT_EQ", "values": [{"userEnteredValue": "a"}]},
            "format": {"backgroundColorStyle": BLUE},
        },
    }
    rows = [[entered("a", dataValidation=list_of_two, note="Why"), entered(True, dataValidation=box)]]
    sheets, archive, _ = build(spreadsheet(rows, conditionalFormats=[rule]))
    root = sheets["Sheet"].root
    assert root.find(f".//{MAIN}dataValidation/{MAIN}formula1").text == '"a,b"'
    assert root.find(f".//{MAIN}cfRule/{MAIN}formula").text == 'A1="a"'
    assert "xl/comments1.xml" in archive.namelist()
    assert any("featurePropertyBag" in name for name in archive.namelist())


def test_a_sparkline_and_a_chart_draw_their_cells(build: Any) -> None:
    mark = '\u2063sparkline:{"data":[[1,2]],"options":{"charttype":"column","color":"#ff0000"}}'
    source = {
        "sourceRange": {"sources": [{"sheetId": 7, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}]}
    }
    chart = {
        "spec": {"title": "Figures", "basicChart": {
            "chartType": "COLUMN", "headerCount": 1, "domains": [{"domain": source}], "series": [{"series": source}]}},
        "position": {"overlayPosition": {"anchorCell": {"sheetId": 7}}},
    }  # fmt: skip
    rows = [[computed("=SPARKLINE(B1:C1)", mark), entered(1.0), entered(2.0)], [{}, entered(3.0)]]
    sheets, archive, _ = build(spreadsheet(rows, charts=[chart]))
    assert (0, 0) not in sheets["Sheet"].values
    assert "B1:C1</xm:f>" in archive.read("xl/worksheets/sheet1.xml").decode().replace("$", "")
    assert "!$B$2</c:f>" in archive.read("xl/charts/chart1.xml").decode()


def test_words_come_from_the_templates_and_unknown_ones_are_refused(build: Any) -> None:
    sheets, _, notes = build(spreadsheet([[entered("a")]]), title="Über diese Datei")
    assert "Über diese Datei" in sheets
    assert notes.startswith("# Über diese Datei")
    with pytest.raises(TemplateError):
        workbook_files(spreadsheet([]), {"titel": "x"}, NOW, True, "x")
