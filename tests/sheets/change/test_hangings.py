"""What hangs on sheets: rules, banding, filters, charts, pivot tables, names and marks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_builder.model import (
    Area,
    Banding,
    BasicFilter,
    Column,
    Condition,
    Criterion,
    FilterView,
    NamedRange,
    Place,
    Protection,
    Sheet,
    Slicer,
    SortKey,
    Workbook,
)
from crm_builder.plan.changes import Id
from tests.sheets.change.world import World, changed, crm, inserted, rule, table

Json = dict[str, Any]


def people(workbook: Workbook) -> Sheet:
    return workbook.sheet("people")


def foreign_rule(world: World, index: int, text: str) -> None:
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": text}]}
    made = {
        "ranges": [{"sheetId": world.id("people"), "startRowIndex": 4, "endRowIndex": 7}],
        "booleanRule": {"condition": condition, "format": {"textFormat": {"bold": True}}},
    }
    world.do({"addConditionalFormatRule": {"rule": made, "index": index}})


def rules(world: World) -> list[str]:
    found = world.raw("people")["conditionalFormats"]
    return [one["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for one in found]


def test_rules_come_and_go_among_foreign_ones(world: World):
    for index, text in enumerate(("x", "y", "z")):
        foreign_rule(world, 2 * index, text)
    assert rules(world) == ["x", '=$B2="Won"', "y", "=$C2>100", "z"]
    won, rich = people(crm()).rules
    fresh = rule("open", '=[stage]="Open"', "#FFFFFF")
    world.apply(changed(crm(), "people", rules=(won, fresh, rich)))
    assert rules(world) == ["x", '=$B2="Won"', '=$B2="Open"', "y", "=$C2>100", "z"]
    world.apply(changed(crm(), "people", rules=(fresh,)))
    assert rules(world) == ["x", '=$B2="Open"', "y", "z"]


def test_a_first_rule_comes_before_all(world: World):
    foreign_rule(world, 0, "x")
    world.apply(changed(crm(), "people", rules=(rule("open", '=[stage]="Open"', "#FFFFFF"), *people(crm()).rules)))
    assert rules(world)[0] == '=$B2="Open"'


def test_rules_change_in_place_and_places(world: World):
    _, rich = people(crm()).rules
    foreign_rule(world, 1, "x")
    world.apply(changed(crm(), "people", rules=(rich, rule("won", '=[stage]="Won"', "#000000"))))
    assert rules(world) == ["x", "=$C2>100", '=$B2="Won"']


def test_a_rule_follows_an_inserted_column(world: World):
    world.apply(inserted(crm(), "people", 0, Column("phone", "Phone")))
    assert rules(world) == ['=$C2="Won"', "=$D2>100"]


def test_banding_that_is_there_is_updated(world: World):
    banding = Banding("rows", Area("people"), "#FFFFFF", "#FFEEEE", "#333333")
    world.apply(changed(crm(), "people", banding=(banding,)))
    assert world.kinds() == ["updateBanding", "updateDeveloperMetadata"]
    world.apply(changed(crm(), "people", banding=()))
    assert world.kinds() == ["deleteBanding", "updateDeveloperMetadata"]


def test_banding_reaches_a_column_at_the_edge(world: World):
    world.apply(inserted(crm(), "people", 4, Column("phone", "Phone")))
    area = world.raw("people")["bandedRanges"][0]["range"]
    assert area.get("endColumnIndex", 5) == 5


def test_a_filter_keeps_what_people_chose(plain: World):
    plain.type("people", "stage", 2, "Open", "Won")
    area = {"sheetId": plain.id("people"), "startRowIndex": 0}
    chosen = [{"columnIndex": 1, "filterCriteria": {"hiddenValues": ["Won"]}}]
    plain.do({"setBasicFilter": {"filter": {"range": area, "filterSpecs": chosen}}})
    plain.apply(inserted(table(), "people", 0, Column("phone", "Phone")))
    assert plain.observe().workbook.sheet("people").filter == BasicFilter(
        Area("people", first_row=1), (Criterion("stage", hidden=("Won",)),)
    )


def test_a_filter_that_is_sent_again_sorts_nothing(plain: World):
    plain.type("people", "name", 2, "Bob", "Ada")
    area = {"sheetId": plain.id("people"), "startRowIndex": 0}
    plain.do(
        {"setBasicFilter": {"filter": {"range": area, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}}}
    )
    plain.type("people", "name", 4, "Aaron")
    desired = inserted(table(), "people", 4, Column("phone", "Phone"))
    plan = plain.plan(desired)
    plain.send(plan.changes, plan.result, desired)
    assert plain.column("people", "name", 4) == ["Name", "Ada", "Bob", "Aaron"]


def test_a_filter_goes_and_comes(world: World):
    world.apply(changed(crm(), "people", filter=None))
    assert "basicFilter" not in world.raw("people")
    world.apply(crm())


def test_filter_views(world: World):
    view = people(crm()).views[0]
    other = FilterView("rich", "Rich", view.area, (Criterion("worth", Condition("number_greater", (10.0,))),))
    lighter = replace(view, title="Closed", criteria=(), sort=(SortKey("name"),))
    world.apply(changed(crm(), "people", views=(other, lighter)))
    assert world.kinds() == ["addFilterView", "updateFilterView", "updateDeveloperMetadata"]
    world.apply(changed(crm(), "people", views=(other,)))
    assert world.kinds() == ["deleteFilterView", "updateDeveloperMetadata"]


def test_protections(world: World):
    (double,) = people(crm()).protections
    header = Protection("header", Area.header("people"), "Header")
    world.apply(changed(crm(), "people", protections=(replace(double, description="Computed"), header)))
    assert world.kinds()[:2] == ["updateProtectedRange", "addProtectedRange"]
    world.apply(changed(crm(), "people", protections=(header,)))


def board(**fields: Any) -> Workbook:
    return changed(crm(), "board", **fields)


def test_a_chart_is_updated_in_place(world: World):
    (chart,) = crm().sheet("board").charts
    world.apply(board(charts=(replace(chart, title="Turnover", kind="line"),)))
    assert world.kinds() == ["updateChartSpec", "updateDeveloperMetadata"]
    world.apply(board(charts=(replace(chart, title="Turnover", kind="line", place=Place(6, "c", 300, 250, dy=3)),)))
    assert world.kinds() == ["updateEmbeddedObjectPosition", "updateDeveloperMetadata"]
    world.apply(board(charts=()))
    assert world.kinds() == ["deleteEmbeddedObject", "updateDeveloperMetadata"]


def test_a_chart_is_aimed_at_an_inserted_column(world: World):
    (chart,) = crm().sheet("board").charts
    desired = inserted(crm(), "board", 1, Column("new", width=90))
    domain = replace(chart.domain, first_column="new")
    world.apply(changed(desired, "board", charts=(replace(chart, domain=domain),)))
    (found,) = world.raw("board")["charts"]
    source = found["spec"]["basicChart"]["domains"][0]["domain"]["sourceRange"]["sources"][0]
    assert (source["startColumnIndex"], source["endColumnIndex"]) == (1, 2)


def test_a_chart_that_people_turned_into_another_kind_is_mended(world: World):
    from crm_builder.plan.changes import Wishes

    number = world.raw("board")["charts"][0]["chartId"]
    series = {"data": {"sourceRange": {"sources": [{"sheetId": world.id("board"), "endColumnIndex": 1}]}}}
    world.do({"updateChartSpec": {"chartId": number, "spec": {"histogramChart": {"series": [series]}}}})
    plan = world.plan(crm())
    assert plan.changes == ()
    world.apply(crm(), Wishes(repairs=frozenset((Id("chart", "board", "sales"),))))
    assert world.kinds()[0] == "updateChartSpec"


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_pivot_table_and_a_slicer_are_aimed_anew(world: World, index: int):
    world.type("people", "stage", 2, "Open", "Won", "Open")
    world.type("people", "worth", 2, 1, 2, 3)
    world.apply(inserted(crm(), "people", index, Column("phone", "Phone")))
    assert world.at("board", 1, 23)[19:] == ["Worth", 0, 4, 2]


def test_a_pivot_table_goes_elsewhere_and_away(world: World):
    (pivot,) = crm().sheet("board").pivots
    world.apply(board(pivots=(replace(pivot, row=25, column="c"),)))
    world.apply(board(pivots=()))
    assert not [
        cell
        for row in world.raw("board")["data"][0]["rowData"]
        for cell in row.get("values", ())
        if "pivotTable" in cell
    ]


def test_a_slicer(world: World):
    (slicer,) = crm().sheet("board").slicers
    second = Slicer("name", "Name", Place(20, "f", 200, 40), slicer.area, "name")
    world.apply(board(slicers=(replace(slicer, title="Step"), second)))
    assert sorted(world.kinds()) == ["addSlicer", "updateDeveloperMetadata", "updateSlicerSpec"]


def test_names_come_move_and_go(world: World):
    name, worth, stage = crm().names
    moved = replace(worth, area=Area("people", "double"))
    fresh = NamedRange("people_all", Area("people"))
    desired = replace(crm(), names=(name, moved, stage, fresh))
    world.apply(desired)
    assert world.kinds() == ["updateNamedRange", "addNamedRange"] or "addNamedRange" in world.kinds()
    assert [one["updateNamedRange"]["fields"] for one in world.sent if "updateNamedRange" in one] == ["range"]


def test_the_contents_mark_is_written_once(world: World):
    world.apply(changed(crm(), "people", rules=(), banding=(), views=()))
    assert world.kinds().count("updateDeveloperMetadata") == 1
    assert world.kinds()[:2] == ["deleteBanding", "deleteFilterView"]
    assert [
        one["deleteConditionalFormatRule"]["index"] for one in world.sent if "deleteConditionalFormatRule" in one
    ] == [
        1,
        0,
    ]
