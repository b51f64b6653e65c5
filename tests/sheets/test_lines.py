"""Rows that people inserted, moved, copied or deleted change nothing of what is read, but for what they touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crm_builder.model import Area, Cell, ConditionalRule
from crm_builder.model.compare import differences
from crm_builder.sheets import Layout, Place, canonical, compile_new
from crm_builder.sheets.layout import NotOursError
from crm_builder.sheets.rules import encode_rule
from tests.sheets.living import Living, living
from tests.sheets.sample import full


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Living]:
    with living(tmp_path, full()) as made:
        yield made


def found(crm: Living) -> list[str]:
    return differences(canonical(full()), crm.observe().workbook)


def test_lines_and_rows_of_a_place():
    place = Place("v", 1, 0, "V", 20, 1, {"a": 0}, shift=1, lines={1: 0, 2: 2, 3: 3, 4: 3}, gone=frozenset((3,)))
    assert [place.line(row) for row in range(1, 7)] == [0, 2, 3, 3, 5, 6]
    assert [place.row(line) for line in (0, 2, 3, 5)] == [1, 2, 4, 5]
    assert (place.row_from(1), place.row_to(1), place.row_to(4)) == (2, 1, 4)
    for line in (1, 4):
        with pytest.raises(NotOursError):
            place.row(line)


def test_a_place_as_it_was_planned_counts_from_one():
    place = Layout.plan(full()).place("customers")
    assert [place.line(row) for row in (1, 2, 900)] == [0, 1, 899]
    assert [place.row(line) for line in (0, 1, 899)] == [1, 2, 900]


def test_lines_above_a_header(crm: Living):
    crm.insert("customers", 0, 2)
    crm.type("customers", 0, 0, "Our customers")
    observed = crm.observe()
    assert observed.layout.place("customers").shift == 2
    assert found(crm) == []
    assert [(one.kind, one.key) for one in observed.foreign] == [("row", "foreign:0")]


def test_what_is_encoded_for_a_shifted_table_is_what_stands_there(crm: Living):
    """Everything of the shifted table is encoded as the service has carried it along."""
    crm.insert("customers", 0)
    layout = crm.observe().layout
    rule = full().sheet("customers").rules[0]
    encoded = encode_rule(rule, layout)
    assert encoded["ranges"][0]["startRowIndex"] == 2
    assert encoded["booleanRule"]["condition"]["values"][0]["userEnteredValue"] == "=AND($E3<TODAY(); $F3=FALSE)"
    requests = compile_new(full(), layout)
    heads = [
        one["updateCells"]["start"]["rowIndex"]
        for one in requests
        if "updateCells" in one and one["updateCells"]["start"]["sheetId"] == crm.sheet_id("customers")
    ]
    assert heads[0] == 1 and min(heads) == 1


def test_a_row_right_below_a_header_is_not_above_it(crm: Living):
    crm.insert("customers", 1)
    assert crm.observe().layout.place("customers").shift == 0


def test_a_copied_header_is_not_the_header(crm: Living):
    line = {"sheetId": crm.sheet_id("customers"), "startRowIndex": 0, "endRowIndex": 1}
    target = {"sheetId": crm.sheet_id("customers"), "startRowIndex": 3, "endRowIndex": 4}
    crm.do({"copyPaste": {"source": line, "destination": target, "pasteType": "PASTE_VALUES"}})
    assert crm.observe().layout.place("customers").shift == 0
    crm.insert("customers", 0)
    assert crm.observe().layout.place("customers").shift == 1


def test_a_deleted_header_harms_nobody(crm: Living):
    crm.do({"setBasicFilter": {"filter": {"range": {"sheetId": crm.sheet_id("customers")}}}})
    crm.delete("customers", 0)
    observed = crm.observe()
    assert observed.workbook.sheet("customers").column("status").validation is not None


@pytest.mark.parametrize("line", [0, 1, 2, 4, 5, 7])
def test_a_line_inserted_into_a_view(crm: Living, line: int):
    crm.insert("analysis", line)
    crm.type("analysis", line, 1, "mine")
    observed = crm.observe()
    place = observed.layout.place("analysis")
    assert [place.line(row) for row in (line + 1, 30)] == [line + 1, 30]
    assert [one for one in found(crm) if ".rows" not in one and "header_height" not in one] == []
    assert ("row", f"foreign:{line}") in [(one.kind, one.key) for one in observed.foreign]


def test_lines_inserted_and_deleted_leave_the_count_as_it_was(crm: Living):
    crm.delete("analysis", 3)
    crm.insert("analysis", 6)
    place = crm.observe().layout.place("analysis")
    assert [place.line(row) for row in (1, 3, 5, 7, 8)] == [0, 2, 3, 5, 7]
    assert found(crm) == []


def test_a_deleted_row_is_gone_and_the_others_are_found(crm: Living):
    crm.delete("analysis", 2)
    observed = crm.observe()
    assert observed.layout.place("analysis").gone == {3}
    seen = observed.workbook.sheet("analysis")
    expected = canonical(full()).sheet("analysis")
    assert seen.cells == tuple(cell for cell in expected.cells if cell.row != 3)
    assert seen.rules == expected.rules


def test_a_moved_row_is_found_where_it_went(crm: Living):
    crm.move("analysis", 7, 2)
    place = crm.observe().layout.place("analysis")
    assert [place.line(row) for row in (1, 3, 5, 8)] == [0, 3, 5, 2]
    assert sorted(crm.observe().workbook.sheet("analysis").cells, key=_place) == list(
        sorted(canonical(full()).sheet("analysis").cells, key=_place)
    )


def test_a_row_moved_below_all_others_pushes_nothing_up(crm: Living):
    crm.move("analysis", 2, 8)
    place = crm.observe().layout.place("analysis")
    assert [place.line(row) for row in (3, 8, 9, 20)] == [7, 6, 8, 19]


def test_a_copied_row_is_not_the_row(crm: Living):
    crm.insert("analysis", 7)
    source = {"sheetId": crm.sheet_id("analysis"), "startRowIndex": 4, "endRowIndex": 5}
    target = {"sheetId": crm.sheet_id("analysis"), "startRowIndex": 7, "endRowIndex": 8}
    crm.do({"copyPaste": {"source": source, "destination": target}})
    observed = crm.observe()
    assert [observed.layout.place("analysis").line(row) for row in (5, 7, 8)] == [4, 6, 8]
    assert "merge" in {one.kind for one in observed.foreign}
    assert [one for one in found(crm) if ".rows" not in one] == []


def test_a_text_that_people_changed_moves_nothing(crm: Living):
    crm.type("analysis", 2, 0, "Span")
    observed = crm.observe()
    assert observed.layout == crm.layout
    assert [cell.value for cell in observed.workbook.sheet("analysis").cells if cell.row == 3] == ["Span", "This month"]


def test_a_line_inserted_into_a_helper(crm: Living):
    crm.insert("figures", 3)
    observed = crm.observe()
    assert [observed.layout.place("figures").line(row) for row in (3, 4)] == [2, 4]
    assert observed.workbook.sheet("analysis").charts == canonical(full()).sheet("analysis").charts


def test_a_helper_that_has_grown_is_not_read_whole(crm: Living):
    crm.do({"appendDimension": {"sheetId": crm.sheet_id("figures"), "dimension": "ROWS", "length": 500}})
    assert crm.observe().layout.place("figures").lines == {}


def test_what_a_killed_run_wrote_is_not_taken_for_displaced(crm: Living):
    """The description has a line more; it was written, and the baseline does not say so yet."""
    sheet = full().sheet("figures")
    first = Cell(2, "month", "new")
    cells = (first, *(replace(cell, row=cell.row + 1) for cell in sheet.cells))
    desired = replace(
        full(), sheets=tuple(replace(one, cells=cells) if one.key == "figures" else one for one in full().sheets)
    )
    crm.insert("figures", 1)
    crm.type("figures", 1, 0, "new")
    assert crm.observe(desired).layout.place("figures").lines == {}
    assert crm.observe().layout.place("figures").line(2) == 2


def test_a_chart_on_a_line_of_the_users_is_still_ours(crm: Living):
    crm.insert("analysis", 10)
    crm.type("analysis", 10, 0, "mine")
    position = {"anchorCell": {"sheetId": crm.sheet_id("analysis"), "rowIndex": 10, "columnIndex": 0}}
    chart = next(one for one in crm.client.get(crm.id)["sheets"] if one.get("charts"))["charts"][0]["chartId"]
    move = {"objectId": chart, "newPosition": {"overlayPosition": position}, "fields": "anchorCell"}
    crm.do({"updateEmbeddedObjectPosition": move})
    assert len(crm.observe().workbook.sheet("analysis").charts) == 2


def test_a_rule_in_pieces_is_known_by_its_pieces(crm: Living):
    rule = next(one for one in full().sheet("customers").rules if one.key == "active")
    pieces = replace(rule, areas=(Area("customers", "status", None, 2, 9), Area("customers", "status", None, 12)))
    crm.do(
        {
            "updateConditionalFormatRule": {
                "sheetId": crm.sheet_id("customers"), "index": 1, "rule": encode_rule(pieces, crm.layout)
            }
        },
        {
            "addConditionalFormatRule": {
                "index": 0,
                "rule": encode_rule(_over(rule, Area("customers", "status", None, 10, 11)), crm.layout),
            }
        },
    )  # fmt: skip
    observed = crm.observe()
    assert observed.fragments == {("customers", "active"): (0, 2)}
    assert observed.rule_indexes["customers", "active"] == 0
    assert "rule" not in {one.kind for one in observed.foreign}


def _over(rule: ConditionalRule, area: Area) -> ConditionalRule:
    return replace(rule, areas=(area,))


def _place(cell: Cell) -> tuple[int, str]:
    return cell.row, cell.column
