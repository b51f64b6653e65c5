"""A computed column that somebody typed under shows an error, and so does every figure of the views that needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.spine.conftest import Grid, Opened

COLUMNS = [
    ("customers", "orders"), ("customers", "total_value"), ("customers", "segment"), ("customers", "recency_score"),
    ("deals", "region"), ("deals", "weighted"),
]  # fmt: skip


@pytest.fixture
def language() -> str:
    return "en"


def figures(crm: Opened, grids: Mapping[str, Grid]) -> dict[tuple[str, int, int], Any]:
    """The numbers above 0 that the views show, by place, but those of pivots, whose labels move."""
    views = [sheet.key for sheet in crm.sheets if sheet.kind == "view" and not sheet.pivots]
    return {
        (key, row, column): value
        for key in views
        for row, line in enumerate(grids[key])
        for column, value in enumerate(line)
        if isinstance(value, float | int) and value > 0
    }


def _silent(before: Mapping[Any, Any], after: Mapping[str, Grid]) -> Iterator[str]:
    for (key, row, column), value in before.items():
        line = after[key][row] if row < len(after[key]) else []
        now = line[column] if column < len(line) else ""
        if now != value and (now == 0 or isinstance(now, float | int)):
            yield f"{key}, row {row + 1}, column {column + 1}: {value} became {now}"


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_no_figure_of_a_view_changes_silently(sample: Opened, table: str, column: str) -> None:
    before = figures(sample, sample.grids())
    sample.type(table, 5, {column: "X"})
    after = sample.grids()
    assert list(_silent(before, after)) == []
    assert any(
        str(cell).startswith("#")
        for key in ("dashboard", "analysis", "segments", "forecast", "pipeline")
        for line in after[key]
        for cell in line
    )
