"""What the charts of the sales views draw: their labels, and the name and numbers of each series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.whole import sales_ledger, sales_outlook, sales_pivots, sales_rfm
from tests.whole.sales_base import Line, Sales

Drawn = tuple[list[str], list[tuple[str, list[Any]]]]
BLOCKS = {"ledger": sales_ledger.BLOCKS, "rfm": sales_rfm.BLOCKS, "outlook": sales_outlook.BLOCKS}

# By view and title: the block, the column of the labels, and each series with its column.
CHARTS: dict[tuple[str, str], tuple[str, str, dict[str, int]]] = {
    ("analysis", "trend_chart"): ("ledger", "trend", {"value": 2, "deals": 1}),
    ("analysis", "top_chart"): ("ledger", "top_customers", {"value": 2}),
    ("analysis", "sources_chart"): ("ledger", "sources", {"value": 3}),
    ("analysis", "products_chart"): ("ledger", "products", {"value": 2, "open": 4}),
    ("analysis", "regions_chart"): ("ledger", "regions", {"customers": 1}),
    ("analysis", "best_chart"): ("ledger", "regions", {"value": 3}),
    ("analysis", "segments_chart"): ("ledger", "segments", {"value": 1}),
    ("segments", "chart"): ("rfm", "segments", {"count": 1}),
    ("segments", "chart_value"): ("rfm", "segments", {"value": 3}),
    ("forecast", "trend_chart"): ("outlook", "months", {"actual": 1, "trend": 2, "target": 4}),
    ("forecast", "pipeline_chart"): ("outlook", "pipeline", {"value": 2, "weighted": 3}),
    ("forecast", "owners_chart"): ("outlook", "owners", {"rate": 3}),
    ("forecast", "products_chart"): ("outlook", "products", {"rate": 3}),
}
PIVOT_CHARTS = {("pivots", "months_chart"): "months", ("pivots", "products_chart"): "products"}


def charts(sales: Sales) -> dict[tuple[str, str], Drawn]:
    """By view and the title that people read."""
    found = {}
    for (view, title), (helper, block, series) in CHARTS.items():
        names = sales.words["helpers"][helper]["columns"]
        lines = BLOCKS[helper][block](sales)
        columns = [(names[f"{block}_{name}"], at) for name, at in series.items()]
        found[view, sales.text(view, title)] = _drawn(lines, columns)
    for (view, title), key in PIVOT_CHARTS.items():
        head, *lines = sales_pivots.PIVOTS[key](sales)
        found[view, sales.text(view, title)] = _drawn(lines, [(head[1], 1)])
    return found


def _drawn(lines: Sequence[Line], columns: Sequence[tuple[str, int]]) -> Drawn:
    labels = ["" if line[0] is None else line[0] for line in lines]
    return labels, [(name, [line[at] for line in lines]) for name, at in columns]
