"""What each kind of item of a view becomes: cells, merges, rows, rules, charts, names, and where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_builder.model import Area, Place
from tests.template.view_templates import Templates, cell, make_templates, width

SCREEN = 1200  # pixels that a page of 1366 leaves beside row numbers and scroll bar, and some more


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    return make_templates(tmp_path / "templates")


def test_a_view_begins_with_its_title_and_its_note(templates: Templates) -> None:
    sheet = templates.view('tab = "blue"')
    assert [(one.row, one.value) for one in sheet.cells] == [(1, "Trial"), (2, "What is tried here.")]
    assert (sheet.kind, sheet.gridlines, sheet.tab_color, sheet.title) == ("view", False, "#1D4ED8", "Trial")
    assert all(column.title == "" for column in sheet.columns)


def test_twelve_units_are_equally_wide_and_fit_the_screen(templates: Templates) -> None:
    sheet = templates.view("")
    units = {width(sheet, f"edge_{unit}", f"unit_{unit}") for unit in range(1, 13)}
    assert len(units) == 1
    assert sum(column.width for column in sheet.columns) <= SCREEN


def test_text_is_merged_over_its_span_and_as_high_as_it_needs(templates: Templates) -> None:
    item = '[[band.item]]\nkind = "text"\ntext = "{}"\nspan = {}\n'
    sheet = templates.view("[[band]]\n" + item.format("short", 3) + item.format("long " * 60, 4))
    assert Area("trial", "edge_1", "unit_3", 4, 4) in sheet.merges
    assert cell(sheet, "long " * 60).column == "edge_4"
    assert dict(sheet.heights)[4] > 4 * 17  # at least as many lines as its letters fill


def test_text_over_several_rows_with_a_type_a_name_and_a_link(templates: Templates) -> None:
    workbook = templates.workbook(
        '[[band]]\n[[band.item]]\nkind = "text"\ntext = "=SUM(orders_amount)"\ntype = "money"\nrows = 2\nspan = 2\n'
        'name = "trial_sum"\n[[band.item]]\nkind = "text"\ntext = "{{ titles.orders }}"\nlink = "orders"\nspan = 2\n'
    )
    sheet = workbook.sheet("trial")
    found = cell(sheet, "=SUM(orders_amount)")
    assert found.format and found.format.number and found.format.number.kind == "currency"
    assert Area("trial", "edge_1", "unit_2", 4, 5) in sheet.merges
    assert cell(sheet, "Orders").link == "orders"
    assert ("trial_sum", Area("trial", "edge_1", first_row=4, last_row=4)) in [(n.name, n.area) for n in workbook.names]


CARD = """
[[band.item]]
kind = "card"
span = 3
title = "Won"
value = "=SUM(orders_amount)"
type = "money"
change = "=1/2"
better = "up"
note = "against last month"
spark = "=SPARKLINE(orders_amount)"
name = "trial_won"
"""


def test_a_card_stands_in_four_rows_inside_its_edge(templates: Templates) -> None:
    sheet = templates.view("[[band]]" + CARD)
    rows = {one.value or one.formula: (one.row, one.column) for one in sheet.cells if one.row > 3}
    assert rows["Won"] == (4, "unit_1")
    assert rows["=SUM(orders_amount)"] == (5, "unit_1")
    assert (rows["=1/2"], rows["against last month"]) == ((6, "unit_1"), (6, "gutter_2"))
    assert rows["=SPARKLINE(orders_amount)"] == (7, "unit_1")
    grounds = {one.format.background for one in sheet.cells if one.row > 3 and one.format}
    assert len(grounds) == 1 and None not in grounds


def test_cards_of_one_band_have_the_same_rows(templates: Templates) -> None:
    plain = CARD.split("change")[0]
    sheet = templates.view("[[band]]" + CARD + plain + "[[band]]" + plain)
    assert len([row for row, _ in sheet.heights]) == 3 + 4 + 1 + 2 + 1  # title, note, gap; cards; gap; a low one; gap
    assert Area("trial", "unit_4", "unit_6", 7, 7) in sheet.merges  # the second has an empty row for its line


def test_a_change_is_green_or_red_by_what_is_better(templates: Templates) -> None:
    sheet = templates.view("[[band]]" + CARD + CARD.replace('"up"', '"down"').replace("trial_won", "trial_lost"))
    rules = {rule.key: (rule.areas[0].first_column, rule.format.color) for rule in sheet.rules}
    green, red = rules["up_number_greater"][1], rules["up_number_less"][1]
    assert rules == {
        "up_number_greater": ("unit_1", green),
        "up_number_less": ("unit_1", red),
        "down_number_greater": ("unit_4", red),
        "down_number_less": ("unit_4", green),
    }
    pattern = next(one.format.number.pattern for one in sheet.cells if one.formula == "=1/2" and one.format)
    assert "▲" in pattern and "▼" in pattern  # never the colour alone


def test_a_narrow_card_has_a_smaller_number(templates: Templates) -> None:
    sheet = templates.view("[[band]]" + CARD + CARD.replace("span = 3", "span = 2").replace("trial_won", "trial_two"))
    sizes = [one.format.size for one in sheet.cells if one.formula == "=SUM(orders_amount)" and one.format]
    assert sizes[0] > sizes[1]


def test_a_field_is_a_named_cell_with_a_dropdown_free_of_the_warning(templates: Templates) -> None:
    workbook = templates.workbook(
        '[[band]]\n[[band.item]]\nkind = "field"\nspan = 3\nat = 2\ntitle = "Period"\nname = "trial_period"\n'
        'value = "B"\nchoices = ["A", "B"]\n'
        '[[band.item]]\nkind = "field"\nspan = 3\ntitle = "Month"\nname = "trial_month"\nfrom = "numbers_months_month"\n'
    )
    sheet = workbook.sheet("trial")
    field = cell(sheet, "B")
    assert (field.row, field.column) == (5, "edge_2")
    assert field.validation and field.validation.condition.values == ("A", "B")
    month = next(one for one in sheet.cells if one.validation and one is not field)
    assert month.validation and month.validation.condition.values == (
        Area("numbers", "months_month", first_row=2, last_row=4),
    )
    free = {(5, key) for key in ("edge_2", "unit_4", "edge_5", "unit_7")}
    warned = {
        (row, column.key)
        for one in sheet.protections
        for row in range(one.area.first_row, (one.area.last_row or sheet.rows) + 1)
        for column in _columns(sheet.columns, one.area)
    }
    assert not warned & free
    assert {(5, "unit_1"), (5, "gutter_5"), (5, "margin_end"), (4, "unit_2"), (6, "unit_2")} <= warned


def _columns(columns: tuple, area: Area) -> list:
    keys = [column.key for column in columns]
    if area.first_column is None:
        return list(columns)
    return list(columns[keys.index(area.first_column) : keys.index(area.last_column or area.first_column) + 1])


LIST = """
[[band.item]]
kind = "list"
span = 6
rows = 3
[[band.item.column]]
key = "name"
title = "Name"
span = 3
formula = "=ARRAY_CONSTRAIN(FILTER(orders_name; ROW(orders_name)>1); 3; 1)"
[[band.item.column]]
key = "stage"
title = "Stage"
span = 2
for = "list:deal_stage"
only = ["won", "lost"]
cells = ["{{ item.title }}"]
list = "deal_stage"
[[band.item.column]]
key = "sum"
title = "Sum"
type = "money"
cells = [1, "=1+1"]
[[band.item.rule]]
columns = ["name"]
when = "=[sum]>1"
style = "urgent"
"""


def test_a_list_has_a_header_and_rows_merged_over_each_column(templates: Templates) -> None:
    sheet = templates.view("[[band]]" + LIST)
    assert [one.value for one in sheet.cells if one.row == 4] == ["Name", "Stage", "Sum"]
    assert cell(sheet, "=ARRAY_CONSTRAIN(FILTER(orders_name; ROW(orders_name)>1); 3; 1)").row == 5
    assert [(one.row, one.column) for one in sheet.cells if one.value in ("Won", "Lost")] == [
        (5, "edge_4"), (6, "edge_4"),
    ]  # fmt: skip
    assert (cell(sheet, "=1+1").row, cell(sheet, "=1+1").column) == (6, "edge_6")
    assert {area for area in sheet.merges if area.first_row == 7} == {
        Area("trial", "edge_1", "gutter_4", 7, 7),
        Area("trial", "edge_4", "gutter_6", 7, 7),
        Area("trial", "edge_6", "unit_6", 7, 7),
    }


def test_a_rule_of_a_list_speaks_of_its_columns_and_choices_keep_their_colour(templates: Templates) -> None:
    sheet = templates.view("[[band]]" + LIST)
    rule = sheet.rules[0]
    assert rule.condition.values == ("=[edge_6]>1",)
    assert rule.areas == (Area("trial", "edge_1", "gutter_4", 5, 7),)
    colours = {one.condition.values[0]: one.format.background for one in sheet.rules[1:]}
    assert colours["Won"] == "#DCF5E4"


CHART = """
[[band.item]]
kind = "chart"
chart = "line"
at = 7
span = 6
rows = 4
title = "Won by month"
from = "numbers_months"
label = "month"
series = [{ column = "value" }, { column = "count", color = "amber", dashed = true }]
"""


def test_a_chart_covers_its_rows_and_takes_the_header_and_the_rows_of_its_block(templates: Templates) -> None:
    sheet = templates.view("[[band]]" + LIST + CHART)
    (chart,) = sheet.charts
    heights = dict(sheet.heights)
    high = sum(heights[row] for row in range(4, 8))
    assert chart.place == Place(4, "edge_7", width(sheet, "edge_7", "unit_12"), high)
    assert chart.domain == Area("numbers", "months_month", first_row=1, last_row=4)
    assert [one.area.first_column for one in chart.series] == ["months_value", "months_count"]
    assert [one.color for one in chart.series] == ["#2F6FED", "#92400E"]
    assert (chart.reversed, chart.legend) == (False, "top")


def test_from_right_to_left_a_chart_reads_that_way_and_texts_begin_there(templates: Templates) -> None:
    sheet = templates.view("[[band]]" + CHART, "fa")
    assert sheet.right_to_left and sheet.charts[0].reversed
    title = cell(sheet, "Trial")
    assert title.format and title.format.align == "right"


def test_a_block_with_a_height_ends_its_names_and_has_the_titles_of_the_words(templates: Templates) -> None:
    workbook = templates.workbook("")
    names = {name.name: name.area for name in workbook.names}
    assert names["numbers_months_value"] == Area("numbers", "months_value", first_row=2, last_row=4)
    assert names["numbers_endless"].last_row is None
    titles = {column.key: column.title for column in workbook.sheet("numbers").columns}
    assert (titles["months_value"], titles["months_count"]) == ("Won value", "months.count")


PIVOT = """
columns = [{ key = "a", width = 120 }, { key = "b", width = 90 }, { key = "c", width = 30 }, { key = "d", width = 300 }]
[[band]]
[[band.item]]
kind = "pivot"
key = "by_stage"
at = "a"
reserve_columns = 2
rows = 6
head = { title = "By stage" }
table = "orders"
row = [{ column = "stage", totals = true }]
value = [{ column = "amount", summary = "sum", title = "Value" }]
filter = [{ column = "stage", filled = true }]
[[band.item]]
kind = "chart"
chart = "bar"
at = "d"
rows = 7
from = "pivot:by_stage"
label = "stage"
series = [{ column = "amount" }]
"""


def test_a_pivot_stands_on_plain_columns_and_a_chart_beside_it(templates: Templates) -> None:
    sheet = templates.view(PIVOT)
    (pivot,) = sheet.pivots
    assert (pivot.row, pivot.column, cell(sheet, "By stage").row) == (5, "a", 4)
    assert pivot.source == Area("orders", first_row=1)
    (chart,) = sheet.charts
    assert chart.domain == Area("trial", "a", first_row=5, last_row=10)
    assert chart.series[0].area == Area("trial", "b", first_row=5, last_row=10)
    assert chart.place.column == "d"


def test_a_slicer_stands_over_a_whole_table(templates: Templates) -> None:
    sheet = templates.view(
        '[[band]]\n[[band.item]]\nkind = "slicer"\nspan = 2\ntitle = "Stage"\ntable = "orders"\ncolumn = "stage"\n'
    )
    (slicer,) = sheet.slicers
    assert (slicer.area, slicer.column) == (Area("orders", first_row=1), "stage")
    assert slicer.place == Place(4, "edge_1", width(sheet, "edge_1", "unit_2"), 48)


def test_links_stand_once_for_each_sheet_that_people_see(templates: Templates) -> None:
    sheet = templates.view(
        '[[band]]\n[[band.item]]\nkind = "link"\nfor = "sheets"\nexcept = ["lists"]\nspan = 3\ntext = "{{ item.title }}"\n'
        'note = "{{ item.number }} of {{ item.count }}"\nlink = "{{ item.key }}"\n'
    )
    assert [(one.value, one.link) for one in sheet.cells if one.link] == [("Trial", "trial"), ("Orders", "orders")]
    assert cell(sheet, "2 of 2").column == "unit_4"


def test_parts_switch_off_views_bands_and_items(templates: Templates) -> None:
    text = '[[band.item]]\nkind = "text"\ntext = "{}"\n'
    view = "[[band]]\n" + text.format("kept") + text.format("item") + 'part = "mail"\n'
    view += '[[band]]\npart = "mail"\n' + text.format("band")
    values = [one.value for one in templates.view(view, mail=False).cells]
    assert "kept" in values and not {"item", "band"} & set(values)
    workbook = templates.workbook('part = "mail"\n' + view, mail=False)
    assert "trial" not in {sheet.key for sheet in workbook.sheets}


def test_items_go_on_in_a_new_line_where_they_do_not_fit(templates: Templates) -> None:
    item = '[[band.item]]\nkind = "text"\ntext = "{}"\nspan = 5\n'
    sheet = templates.view("[[band]]\n" + "".join(item.format(word) for word in ("one", "two", "three")))
    places = {one.value: (one.row, one.column) for one in sheet.cells if one.row > 3}
    assert places == {"one": (4, "edge_1"), "two": (4, "edge_6"), "three": (6, "edge_1")}


def test_the_calendar_can_be_spoken_of(templates: Templates) -> None:
    sheet = templates.view('[[band]]\n[[band.item]]\nkind = "text"\ntext = "{{ calendar.sheets_off | join }}"\n')
    assert cell(sheet, "calendar")
