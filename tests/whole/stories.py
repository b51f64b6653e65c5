"""The tests of one language: every preset at every clock against the reference. The modules test_*.py run them."""

from __future__ import annotations

import pytest

from crm_builder import assets
from tests.spine.computed_check import shown_errors
from tests.whole.checks import business, lookup, wrong_computed, wrong_helpers
from tests.whole.crm import CLOCKS, PRESETS, Whole
from tests.whole.view_checks import wrong_charts, wrong_views

THERE = [preset for preset in PRESETS if (assets.folder("templates") / "presets" / preset).is_dir()]
ALL = [(preset, at) for preset in THERE for at in CLOCKS]
every = pytest.mark.parametrize("crm", ALL, indirect=True, scope="module", ids="-".join)
# One clock of each preset, so that each clock has its turn.
TURNS = [(preset, list(CLOCKS)[at % len(CLOCKS)]) for at, preset in enumerate(THERE)]
some = pytest.mark.parametrize("crm", TURNS, indirect=True, scope="module", ids="-".join)


def told(wrong: list[str]) -> str:
    return f"{len(wrong)} wrong:\n" + "\n".join(wrong[:15])


def wrong_figures(crm: Whole) -> list[str]:
    """Helper blocks, cells of views and charts as they stand now."""
    grids, formulas = crm.grids(), crm.grids("FORMULA")
    b = business(crm, grids)
    reference = lookup(crm, b)
    return [
        *wrong_helpers(crm, grids, b),
        *wrong_views(crm, grids, formulas, b, reference),
        *wrong_charts(crm, b, reference),
    ]


@every
def test_no_cell_shows_an_error(crm: Whole) -> None:
    wrong = shown_errors(crm.grids())
    assert not wrong, told(wrong)


@every
def test_every_computed_column_is_what_its_rows_say(crm: Whole) -> None:
    wrong = wrong_computed(crm, crm.grids())
    assert not wrong, told(wrong)


@every
def test_every_figure_list_and_chart_is_what_the_rows_say(crm: Whole) -> None:
    wrong = wrong_figures(crm)
    assert not wrong, told(wrong)


@some
def test_every_other_period_and_audience(crm: Whole) -> None:
    """The fields of the views are turned through everything they offer."""
    fields, audiences = ("dashboard_period", "report_period", "report_audience"), crm.words["views"]["report"]["texts"]
    grids = crm.grids()
    before = {name: crm.named(grids, name)[0][0] for name in fields}
    wrong = []
    for number, period in enumerate(crm.words["periods"].values()):
        audience = audiences["managers" if number % 2 else "clients"]
        for name, text in zip(fields, (period, period, audience), strict=True):
            crm.choose(name, text)
        wrong += [f"{period}, {audience}: {line}" for line in wrong_figures(crm)]
    for name, text in before.items():
        crm.choose(name, text)
    assert not wrong, told(wrong)
