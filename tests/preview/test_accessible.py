"""The page as axe-core judges it (WCAG 2.2 A and AA, and its best practices), every sheet, in the light and the dark."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crm_builder.cli import main
from crm_builder.preview import render
from tests.preview import charted, samples
from tests.preview.browser import checked, needed

AXE = find_spec("axe_playwright_python")  # a package that carries axe.min.js; its own Python is not used
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Sheets that are not open are taken out meanwhile: axe-core walks through all there is, and they are looked at in turn.
CHECK = """
    answer.found = [];
    answer.sheets = 0;
    const panels = [...document.querySelectorAll("[role=tabpanel]")], home = panels[0].parentNode;
    for (const tab of document.querySelectorAll("[role=tab]")) {
      tab.click();
      for (const one of panels) one.hidden ? one.remove() : home.append(one);
      const { violations } = await axe.run(answer.sheets ? panel() : document, { runOnly: RULES, resultTypes: ["violations"] });
      for (const { id, nodes } of violations)
        answer.found.push([open(), id, nodes.length, nodes[0].html.slice(0, 200), nodes[0].failureSummary.slice(0, 300)]);
      answer.sheets += 1;
    }
"""


@pytest.fixture(scope="module", autouse=True)
def browser() -> str:
    return needed()


def violations(folder: Path, html: str, theme: str) -> dict[str, Any]:
    """What axe-core finds on each sheet of a page."""
    assert AXE and AXE.origin, "axe-playwright-python is not installed"
    script = Path(AXE.origin).with_name("axe.min.js").read_text(encoding="utf-8")
    (folder / "axe.js").write_text(script, encoding="utf-8")
    html = html.replace("<html ", f"<html data-theme={theme} ", 1).replace(
        "</head>", "<script src=axe.js></script></head>"
    )
    return checked(folder, html, f"const RULES = {RULES};" + CHECK)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("workbook", "words"),
    [
        (samples.workbook(samples.ENGLISH, 12), None),
        (samples.workbook(samples.PERSIAN, 12), samples.PERSIAN_WORDS),
        (charted.workbook(), None),
        (charted.workbook(rtl=True), samples.PERSIAN_WORDS),
    ],
    ids=["tables-en", "tables-fa", "charts-en", "charts-fa"],
)
def test_nothing_stands_in_anybodys_way(
    tmp_path: Path, workbook: dict[str, Any], words: dict[str, str] | None, theme: str
) -> None:
    answer = violations(tmp_path, render(workbook, words)["index.html"], theme)
    shown = [sheet for sheet in workbook["sheets"] if not sheet["properties"].get("hidden")]
    assert answer == {"found": [], "sheets": len(shown)}


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fa", "dark")])
def test_a_whole_crm_stands_in_nobodys_way(
    tmp_path: Path, describe: Callable[..., Path], language: str, theme: str
) -> None:
    folder = describe(language)
    done = CliRunner().invoke(main, ["up", "-C", str(folder)])
    assert done.exit_code == 0, done.output
    html = (folder / ".crm" / "preview" / "index.html").read_text("utf-8")
    answer = violations(tmp_path, html, theme)
    assert answer["found"] == [] and answer["sheets"] > 10
