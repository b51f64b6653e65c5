"""A formula that is a little wrong is told, wherever its figure shows: in its block, on its card, in its chart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.spine.conftest import copied
from tests.whole.crm import Whole, Workshop, clock, entered
from tests.whole.stories import wrong_figures


@pytest.fixture(scope="module")
def language() -> str:
    return "en"


@pytest.fixture
def own(workshop: Workshop, language: str, tmp_path: Path) -> Iterator[Whole]:
    """A CRM with sample data, to be spoiled."""
    project = copied(workshop.sample("web_design", language, "autumn"), tmp_path / "crm")
    with entered(project, clock(language, "autumn")) as opened:
        yield opened


# The name of the formula's cell, what is changed in it, and where that has to be noticed.
@pytest.mark.parametrize(
    ("name", "old", "new", "places"),
    [
        ("kpi_won", "SUMIFS(", "1+SUMIFS(", ["kpis.now", "Won value"]),
        ("kpi_pipeline_before", '"<"&period_start', '"<"&period_end', ["kpis.before", "change of Open pipeline"]),
        ("home_open_deals", "SUMPRODUCT(", "1+SUMPRODUCT(", ["Open deals"]),
        ("kpis_sources", "FALSE", "TRUE", ["kpis.sources", "('dashboard', 'sources')"]),
        ("kpis_year", "v_last-24", "v_last-25", ["kpis.year"]),
        ("summary_year", "kpis_monthly_won", "kpis_monthly_deals", ["summary.year", "('report', 'sales')"]),
        (
            "outcomes_all",
            "campaigns_revenue",
            "campaigns_spend",
            ["outcomes.all", "outcomes.year", "('results', 'roi')"],
        ),
        ("period_end", "=", "=1+", ["periods.chosen"]),
    ],
)
def test_a_changed_formula_is_told(own: Whole, name: str, old: str, new: str, places: list[str]) -> None:
    values = own.client.sheets.spreadsheets().values()
    where = {"spreadsheetId": own.id, "range": name}
    ((formula, *_), *_) = own.client.call(values.get(**where, valueRenderOption="FORMULA"))["values"]
    assert old in formula
    body = {"values": [[formula.replace(old, new)]]}
    own.client.call(values.update(**where, valueInputOption="USER_ENTERED", body=body))
    told = "\n".join(wrong_figures(own)).lower()
    assert [place for place in places if place.lower() not in told] == []
