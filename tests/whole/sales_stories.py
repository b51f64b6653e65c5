"""Tests of the figures of sales; the module of each language takes them in beside those of stories.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spine.computed_check import BEHIND_COLUMNS, CHOICES, shown_errors, wrong_columns
from tests.spine.conftest import copied
from tests.whole.checks import HELPERS
from tests.whole.crm import Whole, Workshop, clock, entered
from tests.whole.sales_charts import BLOCKS
from tests.whole.sales_check import CHARTED, CHOSEN, sales_of, wrong, wrong_choice
from tests.whole.sales_rows import every_day, falling, full_of_gaps, type_in
from tests.whole.sales_views import VIEWS
from tests.whole.stories import every, some, told
from tests.whole.view_checks import VIEWS as OTHER_VIEWS

ROWS = {"full_of_gaps": full_of_gaps, "every_day": every_day, "falling": falling}


@every
def test_every_figure_of_sales_is_what_the_rows_say(crm: Whole) -> None:
    grids = crm.grids()
    sales = sales_of(crm, grids)
    found = wrong(crm, grids, sales)
    assert not found, told(found)
    assert min(map(len, (sales.won, sales.open, sales.buyers))) > 20 and sales.late, "too few rows to prove anything"


@some
def test_each_segment_is_written_to_as_its_rows_allow(crm: Whole) -> None:
    grids = crm.grids()
    sales = sales_of(crm, grids)
    found = []
    for segment in sales.listed("segment"):
        found += [f"{segment}: {line}" for line in wrong_choice(crm, grids, sales, segment)]
    crm.choose(CHOSEN, sales.chosen)
    assert not found, told(found)


@some
def test_no_sheet_has_figures_that_nobody_looks_at(crm: Whole) -> None:
    known = {*HELPERS, *BLOCKS, *BEHIND_COLUMNS, CHOICES, *OTHER_VIEWS, *VIEWS}
    with_formulas = {
        sheet.key for sheet in crm.sheets if sheet.kind != "table" and any(cell.formula for cell in sheet.cells)
    }
    assert with_formulas <= known
    assert {sheet.key for sheet in crm.sheets if sheet.charts} <= {*OTHER_VIEWS, *CHARTED}


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("at", ["autumn", "nowruz"])
def test_figures_of_sales_from_rows_at_the_limits(
    workshop: Workshop, language: str, at: str, rows: str, tmp_path: Path
) -> None:
    project = copied(workshop.empty("seo", language), tmp_path / "crm")
    with entered(project, clock(language, at)) as crm:
        type_in(crm, ROWS[rows](crm))
        crm.choose("setting_monthly_target", 500)
        crm.choose(CHOSEN, crm.titles["segment"]["prospect"])
        grids = crm.grids()
        found = [*shown_errors(grids), *wrong_columns(crm, grids), *wrong(crm, grids, sales_of(crm, grids))]
        assert not found, told(found)
        assert not crm.errors()
