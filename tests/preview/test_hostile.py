"""Texts that people or strangers may have typed never become markup, style or script."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_builder.preview import render
from tests.preview import samples
from tests.preview.reader import read
from tests.preview.samples import cell, sheet

TAGS = """
html head meta title style noscript body header svg rect path h1 span div output main section table colgroup col thead
tbody tr th td dl dt dd nav button bdi script i p figure figcaption a polyline g
ul li b strong text tspan line caption
"""
ATTRIBUTES = """
lang dir charset http-equiv content name class viewbox width height aria-hidden x y rx fill d stroke stroke-width
stroke-linejoin stroke-linecap points transform role id aria-labelledby hidden tabindex aria-label style scope title
aria-disabled aria-checked aria-pressed popover popovertarget text-anchor dy x1 x2 y1 y2 font-size opacity
colspan rowspan data-c data-f data-title aria-controls aria-selected type href target rel
fill-opacity stroke-opacity stroke-dasharray
"""


def test_a_hostile_workbook_brings_no_element_of_its_own() -> None:
    html = render(samples.hostile())["index.html"]
    root = read(html)
    for node in root.walk():
        assert not node.tag or node.tag in TAGS.split(), node.tag
        assert set(node.attributes) <= set(ATTRIBUTES.split()), node.attributes
    assert len(root.all("script")) == 2 and [a["href"] for a in root.all("a")] == ["#main"]
    assert len(root.all(role="tab")) == len(samples.HOSTILE_TEXTS)


def test_a_hostile_workbook_can_be_written_and_stays_small() -> None:
    assert len(render(samples.hostile())["index.html"].encode("utf-8")) < 400_000


def test_hostile_fonts_and_colours_add_no_rule() -> None:
    html = render(samples.hostile())["index.html"]
    style = read(html).one("head").all("style")[0].text
    assert "onerror" not in style and "raw" not in style and style.count("{") == style.count("}")


def test_direction_overrides_are_shown_not_obeyed() -> None:
    html = render(
        {"properties": {"title": "\u202eT"}, "sheets": [sheet("\u202eS", [[cell("a\u202eb", note="\u202e")]])]}
    )
    root = read(html["index.html"])
    assert "\u202e" not in root.one("body").text.replace(root.all("script")[-1].text, "")
    assert [mark.text for mark in root.all("i", kind="bidi")] == ["U+202E"] * 3
    assert root.one("button", kind="nt")["title"] == "[U+202E]"


@pytest.mark.parametrize("text", ["x" * 50_000, "کلمه " * 10_000, "\n" * 50_000])
def test_long_texts_are_cut(text: str) -> None:
    wrapped = {"wrapStrategy": "WRAP"}
    workbook = {"sheets": [sheet("S", [[cell(text, note=text), cell(text, form=wrapped)]])]}
    assert len(render(workbook)["index.html"]) < 40_000


READABLE = st.characters(exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\u202a\u202b\u202c\u202d\u202e")


@settings(max_examples=80, deadline=None)
@given(st.text(READABLE, max_size=60))
def test_any_text_comes_out_as_the_same_text(text: str) -> None:
    workbook = {"properties": {"title": "T"}, "sheets": [sheet("S", [[cell("." + text, note="." + text)]])]}
    root = read(render(workbook)["index.html"])
    assert root.one("tbody").all("td")[0].text == "." + text
    assert root.one("button", kind="nt")["title"] == "." + text
