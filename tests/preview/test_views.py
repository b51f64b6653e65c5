"""What makes sheets pleasant to read: links between them, the dark page, paper, and charts that keep to their box."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from crm_builder.preview import dark, render
from crm_builder.preview.grid import grid_of
from crm_builder.preview.printing import css
from crm_builder.preview.words import WORDS
from tests.preview import charted, samples
from tests.preview.browser import checked, needed
from tests.preview.reader import Node, read
from tests.preview.samples import cell, sheet

Json = dict[str, Any]


def two(*first: Json, **more: Any) -> Node:
    """A page of a sheet with these cells, another shown sheet (2) and a hidden one (3)."""
    sheets = [sheet("Home", [list(first)], **more), sheet("فروش & more", [[cell("there")]], 1)]
    sheets.append(sheet("Helper", [[cell("x")]], 2, properties={"hidden": True}))
    return read(render({"properties": {"title": "T"}, "sheets": sheets})["index.html"])


def test_links_lead_to_shown_sheets_only() -> None:
    formula = {"userEnteredValue": {"formulaValue": '=HYPERLINK("#gid=2"; "go")'}}
    cells = [cell("go", **formula), cell("go", hyperlink="#gid=2&range=A1")]
    cells += [cell("no", hyperlink="#gid=3"), cell("no", hyperlink="#gid=99"), cell("no", hyperlink="#gid=x")]
    links = two(*cells).one("table", id="t0").all("a")
    assert [link["href"] for link in links] == ["#sheet=%D9%81%D8%B1%D9%88%D8%B4%20%26%20more"] * 2


def test_a_link_opens_its_sheet_and_the_keyboard_goes_along(tmp_path: Path) -> None:
    needed()
    sheets = [sheet("Home", [[cell("go", hyperlink="#gid=2")]]), sheet("فروش & more", [[cell("there")]], 1)]
    html = render({"properties": {"title": "T"}, "sheets": sheets})["index.html"]
    check = """
        $("td a").click();
        await new Promise((done) => setTimeout(done, 50));
        answer.open = open();
        answer.focus = document.activeElement === $(".scroll", panel());
        $(".skip").click();
        answer.still = [open(), document.activeElement === $(".scroll", panel())];
    """
    assert checked(tmp_path, html, check) == {
        "open": "فروش & more",
        "focus": True,
        "still": ["فروش & more", True],
    }


def test_the_page_can_be_made_dark_and_light_again(tmp_path: Path) -> None:
    needed()
    check = """
        const paper = () => getComputedStyle($(".grid", panel())).backgroundColor;
        const button = $("#theme");
        answer.seen = [[button.getAttribute("aria-pressed"), paper()]];
        for (let at = 0; at < 2; at++) { button.click(); answer.seen.push([button.getAttribute("aria-pressed"), paper()]); }
    """
    answer = checked(tmp_path, render(samples.workbook(samples.ENGLISH, 12))["index.html"], check)
    light, deep = ["false", "rgb(255, 255, 255)"], ["true", "rgb(29, 33, 38)"]
    assert answer == {"seen": [light, deep, light]}


COLOURS = ["#1f2933", "#6b7280", "#1d4ed8", "#166534", "#92400e", "#b42318", "#5b21b6", "#115e59", "#9d174d", "#ffffff"]
PAPERS = ["#e0ecff", "#dcf5e4", "#fef0c7", "#fde2e1", "#ece6fe", "#ffffff", "#f8fafc", "#1f6f5c", "#000000", "#ffc107"]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_ink_can_be_read_on_every_paper_of_the_dark_page(paper: str) -> None:
    ground = dark.paper(paper)
    assert all(dark.contrast(dark.ink(ink, ground), ground) >= dark.READABLE for ink in COLOURS)


def test_tinted_papers_stay_apart_in_the_dark_and_strong_ones_stay() -> None:
    tints = {dark.paper(paper) for paper in PAPERS[:5]}
    assert len(tints) == 5 and all(dark.contrast(tint, "#ffffff") > 9 for tint in tints)
    assert dark.paper("#1f6f5c") == "#1f6f5c"


def test_contrast_is_that_of_the_standard() -> None:
    assert dark.contrast("#000000", "#ffffff") == 21 and round(dark.contrast("#767676", "#ffffff"), 2) == 4.54


def of(width: int, rows: int, page: bool) -> str:
    grid = {"hideGridlines": page, "rowCount": rows, "columnCount": 1}
    merges = [{"startRowIndex": 0, "endRowIndex": rows, "endColumnIndex": 1}] if page else []
    return css(grid_of(sheet("S", [[cell("x")]] * rows, widths=[width], grid=grid, merges=merges)), "0", page)[0]


@pytest.mark.parametrize(
    ("width", "rows", "page", "way", "smaller"),
    [
        (600, 20, False, "portrait", False),
        (1600, 20, False, "landscape", True),
        (760, 36, True, "portrait", True),
        (1000, 20, True, "landscape", False),
        (690, 400, True, "portrait", False),
    ],
)
def test_sheets_are_fitted_to_their_paper(width: int, rows: int, page: bool, way: str, smaller: bool) -> None:
    rule = of(width, rows, page)
    assert f"page:{way}" in rule and ("zoom" in rule) == smaller


INSIDE = """
    answer.out = [];
    answer.charts = 0;
    for (const figure of panel().querySelectorAll("figure")) {
      const box = figure.getBoundingClientRect();
      answer.charts += 1;
      for (const part of figure.querySelectorAll("figcaption *, li, svg text, svg path, svg line, strong")) {
        const own = part.getBoundingClientRect();
        if (own.left < box.left - 1 || own.right > box.right + 1 || own.top < box.top - 1 || own.bottom > box.bottom + 1)
          answer.out.push([figure.textContent.slice(0, 12), part.tagName, part.textContent, Math.round(own.width)]);
      }
    }
"""


@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize("size", [(420, 250), (260, 180), (900, 400)])
def test_nothing_of_a_chart_leaves_its_box(tmp_path: Path, rtl: bool, size: tuple[int, int]) -> None:
    needed()
    workbook = charted.workbook(rtl)
    for chart in workbook["sheets"][0]["charts"]:
        chart["position"]["overlayPosition"] |= {"widthPixels": size[0], "heightPixels": size[1]}
    words = samples.PERSIAN_WORDS | {name: "{number} میلیون" for name in ("thousands", "millions", "billions")}
    answer = checked(tmp_path, render(workbook, words if rtl else WORDS)["index.html"], INSIDE)
    assert answer == {"out": [], "charts": 15}


def test_figures_of_a_chart_open_as_a_table(tmp_path: Path) -> None:
    needed()
    check = """
        $("figure .tb").click();
        answer.shown = $("[popover]:popover-open caption").textContent;
        key("Escape");
    """
    assert checked(tmp_path, render(charted.workbook())["index.html"], check) == {"shown": "1. Month / Sales"}


def test_a_page_ends_where_its_content_ends() -> None:
    root = read(render(charted.workbook())["index.html"])
    last = charted.view(False)["charts"][-1]["position"]["overlayPosition"]
    rows = len(root.one("table", id="t0").children[-1].children)
    assert last["anchorCell"]["rowIndex"] + 8 < rows < last["anchorCell"]["rowIndex"] + 20
    assert re.search(r'class="scroll bare page"', render(charted.workbook())["index.html"])
