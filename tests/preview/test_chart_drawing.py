"""Charts in the page: every kind is drawn, the same every time, harmless, mirrored where it should be."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest

from crm_builder.preview import render
from tests.preview import charted, samples
from tests.preview.charted import TABLE, area, basic, book
from tests.preview.reader import Node, read
from tests.preview.samples import cell

Json = dict[str, Any]
KINDS = ["LINE", "AREA", "STEPPED_AREA", "COLUMN", "BAR", "COMBO", "SCATTER"]


def page(spreadsheet: Json, words: dict[str, str] | None = None) -> Node:
    return read(render(spreadsheet, words)["index.html"])


def drawn(*specs: Json, rows: list[list[Json]] = TABLE) -> Node:
    return page(book(rows, *specs))


@pytest.mark.parametrize("rtl", [False, True])
def test_every_kind_of_chart_is_drawn_or_written_as_a_table(rtl: bool) -> None:
    root = page(charted.workbook(rtl), samples.PERSIAN_WORDS if rtl else None)
    figures = root.all("figure")
    assert len(figures) == 15
    plots = [len(figure.all("svg")) for figure in figures]
    assert plots == [1] * 11 + [0, 1, 1, 0]  # a scorecard is a number, the last one of a kind that is not drawn
    assert figures[11].one("strong").text == ("۱۰۸٫۲M" if rtl else "108.2M")
    rest = figures[14].one("table").one("tbody")
    assert [td.text for td in rest.all("td")][:2] == [charted.PRODUCTS[rtl][0], "۴۸" if rtl else "48"]


def test_the_same_charts_give_the_same_page() -> None:
    assert render(charted.workbook()) == render(charted.workbook())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stacked", ["NOT_STACKED", "STACKED", "PERCENT_STACKED"])
@pytest.mark.parametrize(
    "values",
    [[], [None], [0], [0, 0], [5], [-3, 4], [None, 2, None], [1e15, 1e-9], [-1e300, 1e300], [-7, -2]],
)
def test_whatever_numbers_there_are(kind: str, stacked: str, values: list[float | None]) -> None:
    rows = [[cell("n"), cell("a"), cell("b")]]
    rows += [[cell(at), cell(value), cell(value)] for at, value in enumerate(values)]
    spec = {"basicChart": basic(kind, [1, 2], 20, stackedType=stacked, each=[{}, {"targetAxis": "RIGHT_AXIS"}])}
    figure = drawn(spec, rows=rows).one("figure")
    for node in figure.walk():
        assert not any(re.search("nan|infinity|undefined", value, re.I) for value in node.attributes.values())
    assert bool(figure.all("svg")) == any(value is not None for value in values)


def test_a_chart_over_nothing_says_so() -> None:
    figure = drawn({"basicChart": {"chartType": "LINE", "series": []}}, {"altText": "x"}).all("figure")
    assert [one.one("p").text for one in figure] == ["Nothing to show yet."] * 2


def test_a_drawing_has_a_name_and_its_figures_stand_in_a_table() -> None:
    named = {"basicChart": basic("LINE", [1], 6), "altText": "Sales rise."}
    root = drawn({"basicChart": basic("LINE", [1, 2], 6)}, named)
    first, second = (svg for svg in root.all("svg", role="img") if "plot" in svg.classes)
    assert first["aria-label"] == "C0. Sales: Jan 10, Mar 30.00. Cost: Jan 4, Feb typed, Mar 6"
    assert second["aria-label"] == "Sales rise."
    button = root.all("figure")[0].one("button")
    table = root.one("div", id=button["popovertarget"]).one("table")
    assert [th.text for th in table.one("thead").all("th", scope="col")] == ["Name", "Sales", "Cost"]
    assert [[one.text for one in row.children] for row in table.one("tbody").all("tr")] == [
        ["Jan", "10", "4"],
        ["Feb", "", "typed"],
        ["Mar", "30.00", "6"],
    ]


def test_a_legend_stands_where_there_are_several_series() -> None:
    specs: list[Json] = [{"basicChart": basic("LINE", columns, 6)} for columns in ([1], [1, 2])]
    specs.append({"basicChart": basic("LINE", [1, 2], 6, legendPosition="NO_LEGEND")})
    legends = [[item.text for item in figure.all("li")] for figure in drawn(*specs).all("figure")]
    assert legends == [[], ["Sales", "Cost"], []]


def test_parts_of_a_pie_are_named_with_their_share() -> None:
    rows = [[cell(name), cell(value)] for name, value in (("a", 3), ("b", 1), ("none", 0), ("less", -1))]
    figure = drawn({"pieChart": {"domain": area(0, 9), "series": area(1, 9)}}, rows=rows).one("figure")
    assert [item.text for item in figure.all("li")] == ["a75%", "b25%"] and len(figure.one("svg").all("path")) == 2


def test_a_reversed_domain_runs_from_right_to_left() -> None:
    def order(rtl: bool) -> list[str]:
        svg = drawn({"basicChart": basic("COLUMN", [1], 6, rtl=rtl)}).one("figure").one("svg")
        places = {
            text.text: float(re.findall(r"translate\(([\d.]+)", text["transform"] or "")[0])
            for text in svg.all("text")
            if text.text in ("Jan", "Feb", "Mar")
        }
        return sorted(places, key=lambda name: places[name])

    assert order(False) == ["Jan", "Feb", "Mar"] and order(True) == ["Mar", "Feb", "Jan"]


def test_colours_are_those_of_the_chart_in_the_light_and_lifted_in_the_dark() -> None:
    green = {"colorStyle": {"rgbColor": samples.color("#1F6F5C")}}
    root = drawn({"basicChart": basic("COLUMN", [1], 6, each=[green])})
    style = root.one("head").all("style")[0].text
    found = re.search(r"fill:#1f6f5c;fill:light-dark\(#1f6f5c,(#[0-9a-f]{6})\)", style)
    assert found and found[1] != "#1f6f5c"


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_texts_in_a_chart_stay_text(kind: str) -> None:
    rows = [[cell(text), cell(text)] for text in samples.HOSTILE_TEXTS[:1]]
    rows += [[cell(text), cell(at, shown=text)] for at, text in enumerate(samples.HOSTILE_TEXTS, 1)]
    given = {"dataLabel": {"type": "DATA"}, "colorStyle": {"rgbColor": {"red": 7}}}
    for text in samples.HOSTILE_TEXTS:
        axis = [{"position": "LEFT_AXIS", "title": text}]
        whole = book(rows, {"basicChart": basic(kind, [1], 20, each=[given], axis=axis)})
        whole["sheets"][0]["charts"][0]["spec"] |= {"title": text, "subtitle": text, "altText": text, "fontName": text}
        html = render(whole)["index.html"]
        root = read(html)
        assert not root.all("img") and len(root.all("script")) == 2 and len(html) < 200_000
        assert not any(name.startswith("on") for node in root.walk() for name in node.attributes)
        assert "\u202e" not in root.one("figure").text


def test_texts_never_go_through_the_drawing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    import vl_convert

    seen: list[str] = []
    real = vl_convert.vegalite_to_svg
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda spec, **more: seen.append(spec) or real(spec, **more))
    drawn({"basicChart": basic("BAR", [1], 6)})
    assert len(seen) == 1 and not re.search("Jan|Sales|C0", seen[0])


def test_without_the_library_the_figures_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    figure = drawn({"basicChart": basic("LINE", [1], 6)}).one("figure")
    assert not figure.all("svg") and figure.one("table").all("td")[-1].text == "30.00"


def test_a_chart_that_cannot_be_drawn_shows_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    import vl_convert

    def fails(*_: Any, **__: Any) -> str:
        raise ValueError("no")

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", fails)
    assert drawn({"basicChart": basic("LINE", [1], 6)}).one("figure").one("table")


def test_a_chart_over_a_merged_cell_keeps_its_place() -> None:
    whole = book(TABLE, {"basicChart": basic("LINE", [1], 6)})
    view = whole["sheets"][0]
    view["properties"]["gridProperties"] |= {"columnCount": 9}
    view["merges"] = [{"startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 1, "endColumnIndex": 5}]
    view["charts"][0]["position"]["overlayPosition"]["anchorCell"] |= {"rowIndex": 3, "columnIndex": 2}
    figure = page(whole).one("figure")
    assert figure.parent is not None and figure.parent["colspan"] == "4"
    assert str(figure["style"]).startswith("left:100px;top:56px;")


def test_a_slicer_is_shown_where_it_lies() -> None:
    slicer = page(charted.workbook()).one("div", kind="slicer")
    assert slicer.text == "ProductAll" and slicer["style"] == "left:0px;top:0px;width:250px;height:44px"


def test_a_chart_on_a_sheet_of_its_own() -> None:
    whole = book(TABLE, {"basicChart": basic("LINE", [1], 6)})
    whole["sheets"][0] |= {"properties": {"sheetId": 1, "title": "Own", "sheetType": "OBJECT"}, "data": []}
    whole["sheets"][0]["charts"][0]["position"] = {"sheetId": 1}
    assert len(page(whole).one("figure").all("svg")) == 1
