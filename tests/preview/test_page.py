"""The page in a real browser: its script runs, tabs and keys work, frozen parts stay, colours arrive."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any

import pytest

from crm_builder.preview import render
from tests.preview import samples
from tests.preview.browser import checked, needed, run, states


@pytest.fixture(scope="module", autouse=True)
def browser() -> str:
    return needed()


ENGLISH, PERSIAN = samples.workbook(samples.ENGLISH), samples.workbook(samples.PERSIAN)


@pytest.mark.parametrize(("workbook", "words"), [(ENGLISH, None), (PERSIAN, samples.PERSIAN_WORDS)], ids=["en", "fa"])
def test_the_script_runs_under_its_policy_and_opens_the_sheet_of_the_address(
    tmp_path: Path, workbook: dict[str, Any], words: dict[str, str] | None
) -> None:
    wanted = workbook["sheets"][2]["properties"]["title"]
    dom = run(tmp_path, render(workbook, words)["index.html"], wanted, "--dump-dom")
    assert states(dom) == {"sheet": wanted, "ready": "5"}
    assert re.findall(r'role="tab" id="tab-(\d)"[^>]*aria-selected="true"', dom) == ["2"]
    assert re.findall(r'id="sheet-(\d)" aria-labelledby="tab-\d">', dom) == ["2"]


def test_a_script_that_fails_is_noticed(tmp_path: Path) -> None:
    html = render(ENGLISH)["index.html"]
    with pytest.raises(AssertionError, match="nowhere"):
        checked(tmp_path, html, "setTimeout(() => nowhere()); await new Promise((done) => setTimeout(done, 50));")


def test_an_unknown_sheet_in_the_address_opens_the_first(tmp_path: Path) -> None:
    dom = run(tmp_path, render(ENGLISH)["index.html"], "No%such", "--dump-dom")
    assert states(dom) == {"sheet": "Dashboard", "ready": "5"}


def test_hostile_texts_run_nothing_even_without_the_policy(tmp_path: Path) -> None:
    html = render(samples.hostile())["index.html"]
    assert "owned" not in states(run(tmp_path, html, "", "--dump-dom"))
    answer = checked(
        tmp_path,
        html,
        """
        for (const tab of document.querySelectorAll("[role=tab]")) {
          tab.click();
          for (const part of panel().querySelectorAll("td, button")) {
            part.click();
            part.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
          }
        }
        answer.owned = document.documentElement.dataset.owned ?? "no";
        """,
    )
    assert answer == {"owned": "no"}


TAB_KEYS = """
    $("[role=tab]").focus();
    answer.seen = [];
    for (const name of KEYS) { key(name); answer.seen.push([open(), document.activeElement.dataset.title]); }
    answer.hash = decodeURIComponent(location.hash);
"""


def test_arrows_home_and_end_choose_sheets(tmp_path: Path) -> None:
    keys = ["ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home", "x"]
    answer = checked(tmp_path, render(ENGLISH)["index.html"], f"const KEYS = {keys};" + TAB_KEYS)
    names = ["Customers", "Tasks", "Customers", "Settings", "Dashboard", "Dashboard", "Dashboard"]
    assert answer == {"seen": [[name, name] for name in names], "hash": "#sheet=Dashboard"}


def test_arrows_follow_the_reading_direction(tmp_path: Path) -> None:
    answer = checked(tmp_path, render(PERSIAN)["index.html"], "const KEYS = ['ArrowLeft', 'ArrowRight'];" + TAB_KEYS)
    assert [name for name, _ in answer["seen"]] == ["مشتریان", "داشبورد"]


@pytest.mark.parametrize("workbook", [ENGLISH, PERSIAN], ids=["en", "fa"])
def test_frozen_rows_and_columns_stay_while_the_rest_moves(tmp_path: Path, workbook: dict[str, Any]) -> None:
    answer = checked(
        tmp_path,
        render(workbook)["index.html"],
        """
        const scroll = $(".scroll", panel()), rows = panel().querySelectorAll("tr"), rtl = scroll.dir === "rtl";
        const parts = {
          letter: rows[0].cells[2], head: rows[1].cells[2], number: rows[9].cells[0],
          id: rows[9].cells[1], name: rows[9].cells[2], rest: rows[9].cells[5],
        };
        const where = () => Object.fromEntries(Object.entries(parts).map(([name, cell]) => {
          const box = cell.getBoundingClientRect();
          return [name, [box.x, box.y]];
        }));
        const before = where();
        scroll.scrollTo(rtl ? -200 : 200, 150);
        const after = where();
        const way = (name, at) => Math.abs(Math.round(after[name][at] - before[name][at]));
        for (const name in parts) answer[name] = [way(name, 0), way(name, 1)];
        """,
        workbook["sheets"][1]["properties"]["title"],
    )
    across = answer["rest"][0]
    assert across > 50
    assert answer["letter"] == answer["head"] == [0, 0]
    assert answer["number"] == answer["id"] == answer["name"] == [0, 150]
    assert answer["rest"] == [across, 150]


@pytest.mark.parametrize("workbook", [ENGLISH, PERSIAN], ids=["en", "fa"])
def test_formats_reach_the_cells(tmp_path: Path, workbook: dict[str, Any]) -> None:
    answer = checked(
        tmp_path,
        render(workbook)["index.html"],
        """
        const rows = panel().querySelectorAll("tbody tr"), look = (cell) => getComputedStyle(cell);
        answer.active = [look(rows[1].cells[6]).backgroundColor, look(rows[1].cells[6]).color];
        answer.head = look(panel().querySelectorAll("thead tr")[1].cells[3]).backgroundColor;
        answer.line = look(rows[1].cells[3]).borderBottomColor;
        answer.computed = [look(rows[1].cells[8]).fontStyle, look(rows[1].cells[8]).textAlign];
        answer.chevron = look(rows[1].cells[6]).backgroundPositionX;
        answer.width = Math.round(rows[1].cells[4].getBoundingClientRect().width);
        const note = $(".nt").getBoundingClientRect(), cell = $(".nt").closest("td").getBoundingClientRect();
        answer.note = [Math.round(cell.right - note.right) <= 1, Math.round(note.left - cell.left) <= 1];
        """,
        workbook["sheets"][1]["properties"]["title"],
    )
    rtl = workbook is PERSIAN
    assert answer == {
        "active": ["rgb(230, 244, 234)", "rgb(27, 94, 32)"],
        "head": "rgb(243, 245, 247)",
        "line": "rgb(229, 231, 235)",
        "computed": ["italic", "right"],
        "chevron": "4px" if rtl else "calc(100% - 4px)",
        "width": 190,
        "note": [False, True] if rtl else [True, False],
    }


def test_notes_open_by_keyboard_and_close_with_escape(tmp_path: Path) -> None:
    answer = checked(
        tmp_path,
        render(ENGLISH)["index.html"],
        """
        $(".nt", panel()).focus();
        answer.shown = [$("#pop").hidden, $("#pop").textContent];
        key("Escape");
        answer.closed = $("#pop").hidden;
        """,
        "Customers",
    )
    assert answer == {"shown": [False, samples.ENGLISH["note"]], "closed": True}


def test_a_dropdown_shows_its_choices_and_the_bar_the_cell(tmp_path: Path) -> None:
    answer = checked(
        tmp_path,
        render(ENGLISH)["index.html"],
        """
        panel().querySelectorAll("td[data-c]")[1].click();
        answer.choices = [...$("#pop").querySelectorAll("li")].map((item) => item.textContent);
        answer.now = $("#pop .on").textContent;
        answer.bar = [$(".name").textContent, $(".content").textContent];
        $("td[data-f]", panel()).click();
        answer.formula = [$(".name").textContent, $(".content").textContent.slice(0, 16), $("#pop").hidden];
        """,
        "Customers",
    )
    assert answer == {
        "choices": ["Prospect", "Active", "Inactive"],
        "now": "Active",
        "bar": ["F3", "Active"],
        "formula": ["I1", '=VSTACK("Orders"', True],
    }


@pytest.mark.parametrize(("workbook", "onward"), [(ENGLISH, "ArrowRight"), (PERSIAN, "ArrowLeft")], ids=["en", "fa"])
def test_arrows_move_over_the_cells(tmp_path: Path, workbook: dict[str, Any], onward: str) -> None:
    keys = ["ArrowDown", *[onward] * 5, "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp"]
    answer = checked(
        tmp_path,
        render(workbook)["index.html"],
        f"const KEYS = {keys};"
        """
        $(".scroll", panel()).focus();
        answer.seen = [];
        for (const name of KEYS) { key(name); answer.seen.push($(".name").textContent); }
        key("ArrowDown"); key("Enter");
        answer.choices = $("#pop").querySelectorAll("li").length;
        """,
        workbook["sheets"][1]["properties"]["title"],
    )
    assert answer == {"seen": ["A1", "B1", "C1", "D1", "E1", "F1", "F2", "F1", "F1", "F1", "F1"], "choices": 3}


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (800, 600), (390, 800)])
def test_a_picture_of_the_page_can_be_taken(tmp_path: Path, width: int, height: int) -> None:
    picture = tmp_path / "page.png"
    html = render(PERSIAN, samples.PERSIAN_WORDS)["index.html"]
    run(tmp_path, html, "مشتریان", f"--screenshot={picture}", f"--window-size={width},{height}")
    data = picture.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", data[16:24]) == (width, height)
    assert len(data) > 30_000  # an empty page is far smaller
