"""What stands in the page: tabs, tables, cells and their marks, in both directions."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from crm_builder.errors import TemplateError
from crm_builder.preview import render
from tests.preview import samples
from tests.preview.reader import Node, read
from tests.preview.samples import cell, sheet


def page(spreadsheet: dict[str, Any], words: dict[str, str] | None = None) -> Node:
    return read(render(spreadsheet, words)["index.html"])


def one_sheet(rows: list[list[dict[str, Any]]], **more: Any) -> Node:
    return page({"properties": {"title": "T"}, "sheets": [sheet("S", rows, **more)]})


def css(root: Node, node: Node) -> str:
    """All declarations that the page's stylesheet gives the classes of a cell."""
    lines = root.one("head").all("style")[0].text.splitlines()
    return ";".join(line for line in lines for name in node.classes if line.startswith(f".{name}{{"))


@pytest.fixture(scope="module")
def english() -> Node:
    return page(samples.workbook(samples.ENGLISH))


@pytest.fixture(scope="module")
def persian() -> Node:
    return page(samples.workbook(samples.PERSIAN), samples.PERSIAN_WORDS)


def test_the_page_is_one_file_and_the_same_every_time() -> None:
    workbook = samples.workbook(samples.ENGLISH)
    before = copy.deepcopy(workbook)
    first = render(workbook)
    assert list(first) == ["index.html"]
    assert render(workbook) == first
    assert workbook == before


def test_the_page_asks_for_nothing_from_outside(english: Node) -> None:
    assert not english.all("link") and not english.all("img") and not english.all("iframe")
    assert all(script["src"] is None for script in english.all("script"))
    policy = next(meta["content"] for meta in english.all("meta") if meta["http-equiv"] == "Content-Security-Policy")
    assert (
        policy
        and "default-src 'none'" in policy
        and "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    )


def test_a_tab_for_each_shown_sheet_in_order(english: Node) -> None:
    tabs = english.one(role="tablist").all(role="tab")
    assert [tab.text.strip() for tab in tabs] == samples.ENGLISH["sheets"]
    assert [tab["aria-selected"] for tab in tabs] == ["true", "false", "false", "false", "false"]
    assert [tab["tabindex"] for tab in tabs] == ["0", "-1", "-1", "-1", "-1"]
    panels = english.all(role="tabpanel")
    assert [panel["id"] for panel in panels] == [tab["aria-controls"] for tab in tabs]
    assert [panel["aria-labelledby"] for panel in panels] == [tab["id"] for tab in tabs]
    assert [panel["hidden"] is None for panel in panels] == [True, False, False, False, False]
    assert "Hidden sheets: 1" in english.text


def test_sheets_follow_their_index_not_their_place_in_the_answer() -> None:
    sheets = [sheet("second", [[cell("b")]], 1), sheet("first", [[cell("a")]], 0)]
    root = page({"properties": {"title": "T"}, "sheets": sheets})
    assert [tab.text.strip() for tab in root.all(role="tab")] == ["first", "second"]


def test_persian_page_runs_right_to_left_in_its_own_words_and_digits(persian: Node) -> None:
    html = persian.one("html")
    assert (html["lang"], html["dir"]) == ("fa", "rtl")
    assert all(table["dir"] == "rtl" for table in persian.all("table"))
    facts = persian.all("dl")[1].text
    assert "سطر" in facts and "۱۰۰۰" in facts and "1000" not in facts


def test_direction_of_the_page_is_that_of_most_sheets() -> None:
    def with_right(flags: list[bool]) -> Node:
        sheets = [sheet(f"S{at}", [], at, properties={"rightToLeft": flag}) for at, flag in enumerate(flags)]
        return page({"properties": {"title": "T", "locale": "de_DE"}, "sheets": sheets}).one("html")

    assert (with_right([True, True, False])["dir"], with_right([True, True, False])["lang"]) == ("rtl", "fa")
    assert (with_right([True, False])["dir"], with_right([True, False])["lang"]) == ("ltr", "de")


def test_each_cell_reads_in_the_direction_of_its_text(persian: Node) -> None:
    row = persian.all("table")[1].one("tbody").all("tr")[0].all("td")
    ways = {td.text: td["dir"] for td in row}
    assert ways["نیلوفر صدری"] is None  # as its sheet
    assert ways["person1@example.com"] == "ltr"
    assert ways["+98 912 000 1000"] == "ltr"  # or its groups would change places
    assert ways["۱۴۰۵/۰۱/۰۱"] == "ltr"


def test_a_text_direction_that_was_set_wins() -> None:
    root = one_sheet([[cell("abc", form={"textDirection": "RIGHT_TO_LEFT"}), cell("سلام"), cell("abc")]])
    assert [td["dir"] for td in root.one("tbody").all("tr")[0].all("td")] == ["rtl", "rtl", None]


def test_only_an_alignment_that_was_set_turns_text_from_the_start_of_its_sheet() -> None:
    left = {"horizontalAlignment": "LEFT"}
    row = [cell("سلام", form=left), cell("سلام", form=left, userEnteredFormat=left), cell(5, form={})]
    root = one_sheet([row], properties={"rightToLeft": True})
    looks = [css(root, td) for td in root.one("tbody").all("tr")[0].all("td")]
    assert ["text-align:left" in look for look in looks] == [False, True, False]
    assert "text-align:right" in looks[2]


def test_frozen_rows_are_in_the_head_and_frozen_columns_stick_at_the_start(english: Node, persian: Node) -> None:
    for root, side in ((english, "left"), (persian, "right")):
        table = root.all("table")[1]
        assert [row.children[0].text for row in table.one("thead").all("tr")] == ["", "1"]
        body_row = table.one("tbody").all("tr")[0]
        assert ["k0" in td.classes or "k1" in td.classes for td in body_row.all("td")] == [True, True] + [False] * 7
        style = root.one("head").all("style")[0].text
        assert f"#t1 .k0{{{side}:46px}}" in style and f"#t1 .k1{{{side}:110px;" in style


def test_hidden_columns_are_left_out_and_marked(english: Node) -> None:
    table = english.all("table")[1]
    letters = table.one("tr", kind="cl").all("th")
    assert [th.text for th in letters] == [*"ABCDEFHIJ"]
    assert [th.one(role="img")["aria-label"] for th in letters if "hid" in th.classes] == ["Hidden columns: G"]
    assert "2026-01-01" not in [td.text for td in table.one("tbody").all("tr")[3].all("td")]
    widths = [col["style"] for col in table.all("col")]
    assert widths[:3] == ["width:46px", "width:64px", "width:150px"] and len(widths) == 10


def test_a_note_can_be_reached_and_read(english: Node) -> None:
    note = english.one("button", kind="nt")
    assert note["title"] == samples.ENGLISH["note"]
    assert note["aria-label"] == "Note: " + samples.ENGLISH["note"]
    assert note.parent is not None and note.parent.text == "Status"


def test_checkboxes_and_nothing_else_are_drawn_as_checkboxes(english: Node) -> None:
    boxes = english.all(role="checkbox")
    assert [box["aria-checked"] for box in boxes[:4]] == ["true", "false", "false", "true"]
    assert boxes[0]["aria-label"] == "checked" and boxes[0].parent is not None and boxes[0].parent.text == ""
    plain = one_sheet([[cell(True)]])
    assert not plain.all(role="checkbox") and plain.one("tbody").all("td")[0].text == "TRUE"


def test_a_checkbox_with_values_of_its_own() -> None:
    rule = {"condition": {"type": "BOOLEAN", "values": [{"userEnteredValue": "yes"}, {"userEnteredValue": "no"}]}}
    root = one_sheet([[cell("yes", dataValidation=rule), cell("no", dataValidation=rule)]])
    assert [box["aria-checked"] for box in root.all(role="checkbox")] == ["true", "false"]


def test_dropdowns_know_their_choices(english: Node) -> None:
    choices = english.one("script", id="choices").text
    status = english.all("table")[1].all("td", kind="dd")
    assert len(status) == 60 and {td["data-c"] for td in status} == {"0"}
    assert choices == '[["Prospect","Active","Inactive"],["High","Normal","Low"]]'


def test_a_list_rule_without_a_dropdown_has_no_chevron() -> None:
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}}
    assert not one_sheet([[cell("a", dataValidation=rule)]]).all("td", kind="dd")


def test_filter_buttons_stand_in_the_filter_row_only(english: Node) -> None:
    table = english.all("table")[1]
    assert len(table.one("thead").all("td", kind="fl")) == 9
    assert not table.one("tbody").all("td", kind="fl")


def test_errors_are_red_and_say_why(english: Node) -> None:
    (error,) = [td for td in english.all("td") if td.text == "#DIV/0!"]
    assert error["title"] == "Function DIVIDE parameter 2 is zero."
    assert "color:#b3261e" in css(english, error)


def test_conditional_colours_and_formats_become_classes(english: Node) -> None:
    status = {td.text: css(english, td) for td in english.all("table")[1].all("td", kind="dd")}
    assert "background-color:#e6f4ea" in status["Active"] and "color:#1b5e20" in status["Active"]
    assert "background-color" not in status["Inactive"]
    total = english.all("table")[1].one("tbody").all("tr")[1].all("td")[-1]
    assert total.text == "1,250"
    for declaration in ("font-style:italic", "text-align:right", "tabular-nums", "border-bottom:1px solid #e5e7eb"):
        assert declaration in css(english, total)


def test_equal_formats_share_one_class() -> None:
    form = {"textFormat": {"bold": True}}
    root = one_sheet([[cell("a", form=form)], [cell("b", form=dict(form))]])
    first, second = (td for td in root.all("td") if td.text in ("a", "b"))
    assert first["class"] == second["class"] != ""


def test_a_line_between_two_cells_is_drawn_once() -> None:
    top = {"borders": {"top": {"style": "SOLID_MEDIUM", "color": {"red": 1}}}}
    root = one_sheet([[cell("above")], [cell("below", form=top)]])
    above, below = (next(td for td in root.all("td") if td.text == text) for text in ("above", "below"))
    assert "border-bottom:2px solid #ff0000" in css(root, above)
    assert "border" not in css(root, below)


def test_merged_cells_span_what_is_shown_of_them() -> None:
    merge = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 3}
    rows = [[cell("wide"), cell(), cell(), cell("x")], [cell(), cell(), cell(), cell("y")]]
    root = one_sheet(rows, merges=[merge], hidden=(1,))
    first = root.one("tbody").all("tr")[0].all("td")
    assert [(td.text, td["colspan"], td["rowspan"]) for td in first] == [("wide", "2", "2"), ("x", None, None)]
    assert [td.text for td in root.one("tbody").all("tr")[1].all("td")] == ["y"]


def test_only_web_addresses_are_links() -> None:
    addresses = [
        "https://example.com/a?b=1&c=2",
        "HTTP://example.com",
        "javascript:alert(1)",
        "mailto:a@example.com",
        "#gid=0",
    ]
    root = one_sheet([[cell("x", hyperlink=address) for address in addresses]])
    assert [a["href"] for a in root.one("table").all("a")] == addresses[:2]
    assert {a["rel"] for a in root.one("table").all("a")} == {"noopener noreferrer"}


def test_long_sheets_are_cut_with_a_line_that_says_so() -> None:
    root = page(samples.workbook(samples.ENGLISH, 1060))
    rows = root.all("table")[1].all("tr")
    assert len(rows) == 1001 and "… 61 more rows" in root.text
    assert len(root.all("table")[2].one("tbody").all("tr")) == 22  # 12 tasks, 10 spare rows, no row of empty checkboxes


def test_facts_of_a_sheet(english: Node) -> None:
    facts = english.all("dl")[1]
    assert [(dt.text) for dt in facts.all("dt")] == ["Rows", "Columns", "Colour rules", "Protected", "Filter views"]
    assert [dd.text for dd in facts.all("dd")] == ["1000", "10", "3", "1", *samples.ENGLISH["views"]]


def test_formulas_go_with_their_cell(english: Node) -> None:
    (holder,) = [td for td in english.all("td") if td["data-f"]]
    assert holder.text == "Orders" and str(holder["data-f"]).startswith('=VSTACK("Orders";')


def test_charts_have_their_room(english: Node) -> None:
    figure = english.one("figure")
    assert (
        figure.one("figcaption").text == "Sales by month"
        and figure["style"] == "left:0px;top:0px;width:760px;height:260px"
    )


def test_sparklines_are_drawn(english: Node) -> None:
    drawings = [svg for svg in english.all("svg") if "spark" in svg.classes]
    assert [svg["aria-label"] for svg in drawings] == ["3, 5, 4, 8, 7, 11, 9, 14", "3, 5, -2, 8, -1, 6", "62, 38"]
    assert [len(svg.all("polyline")) + len(svg.all("rect")) for svg in drawings] == [1, 6, 2]
    assert "sparkline:" not in english.one("main").text


def test_text_runs_over_empty_neighbours_only() -> None:
    text = "a long heading that is wider than its own narrow column"
    free = one_sheet([[cell(text), cell(), cell()]]).one("tbody").all("td")[0]
    assert free.one("div", kind="run")["style"] == "width:289px"
    stopped = one_sheet([[cell(text), cell("x"), cell()]]).one("tbody").all("td")[0]
    assert not stopped.all("div")


@pytest.mark.parametrize(
    "spreadsheet",
    [
        {},
        {"properties": {}, "sheets": []},
        {"sheets": [{}]},
        {"sheets": [{"properties": {"title": "no data"}}]},
        {"sheets": [{"properties": {"title": "chart", "sheetType": "OBJECT"}, "charts": [{"spec": {"title": "Pie"}}]}]},
        {
            "sheets": [
                {"data": [{"startRow": 3, "startColumn": 2, "rowData": [{}, {"values": [{"formattedValue": "x"}]}]}]}
            ]
        },
    ],
)
def test_answers_with_parts_missing_still_make_a_page(spreadsheet: dict[str, Any]) -> None:
    root = page(spreadsheet)
    assert len(root.all(role="tab")) == len(spreadsheet.get("sheets", []))


def test_grid_data_that_begins_elsewhere_keeps_its_place() -> None:
    block = {"startRow": 3, "startColumn": 2, "rowData": [{}, {"values": [{"formattedValue": "x"}]}]}
    rows = page({"sheets": [{"data": [block]}]}).one("tbody").all("tr")
    assert [td.text for td in rows[4].all("td")] == ["", "", "x"]


def test_words_the_page_does_not_know_are_refused_together() -> None:
    with pytest.raises(TemplateError) as caught:
        render({}, {"rosw": "Rows", "digits": "012"})
    assert [problem.path for problem in caught.value.problems] == ["preview.rosw", "preview.digits"]


def test_a_busy_firm_stays_under_ten_megabytes() -> None:
    assert len(render(samples.large())["index.html"].encode()) < 10_000_000
