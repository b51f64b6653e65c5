"""Tests of the figures of sales; a module of each language takes them in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spine.conftest import CLOCKS, copied
from tests.whole.crm import PRESETS, Whole, Workshop, entered
from tests.whole.sales_check import sales_of, wrong, wrong_blocks, wrong_views
from tests.whole.sales_rows import full_of_gaps, one_of_each, type_in

ALL = pytest.mark.parametrize("crm", [(preset, at) for preset in PRESETS for at in CLOCKS], ids="-".join, indirect=True)
SOME = pytest.mark.parametrize("crm", [("seo", "nowruz"), ("web_design", "midnight")], ids="-".join, indirect=True)
ROWS = {"nothing": lambda crm: {}, "one_of_each": one_of_each, "full_of_gaps": full_of_gaps}


def right(found: list[str]) -> None:
    assert not found, f"{len(found)} wrong:\n" + "\n".join(found[:12])


@ALL
def test_every_figure_of_sales(crm: Whole) -> None:
    grids = crm.grids()
    right(wrong(crm, grids))
    sales = sales_of(crm, grids)
    assert min(map(len, (sales.won, sales.open, sales.late, sales.buyers))) > 5, "too few rows to prove anything"


@SOME
def test_whom_to_write_to_in_each_segment(crm: Whole) -> None:
    [[before]] = crm.named(crm.grids(), "segment_chosen")
    reached = 0
    for title in crm.titles["segment"].values():
        crm.choose("segment_chosen", title)
        grids = crm.grids()
        sales = sales_of(crm, grids)
        assert sales.chosen == title
        right([*wrong_blocks(crm, grids, sales), *wrong_views(crm, grids, sales)])
        reached += bool(crm.named(grids, "rfm_mail"))
    crm.choose("segment_chosen", before)
    assert reached >= 4, "too few segments with people to write to"


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("at", CLOCKS)
def test_hardly_any_rows(workshop: Workshop, language: str, at: str, rows: str, tmp_path: Path) -> None:
    project = copied(workshop.empty("seo", language), tmp_path / "crm")
    with entered(project, CLOCKS[at]) as crm:
        type_in(crm, ROWS[rows](crm))
        right(wrong(crm, crm.grids()))
        assert not crm.errors()
