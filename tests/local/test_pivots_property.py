"""Pivot tables against a plain grouping that knows nothing of how they are laid out or computed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_builder.local.pivots import Source, parsed, tabulated

_KEYS = st.sampled_from(["a", "b", "c", 1.0, 2.0, True])
_NUMBERS = st.one_of(st.integers(-50, 50).map(float), st.sampled_from([None, "text"]))
_ROWS = st.lists(st.tuples(_KEYS, _KEYS, _KEYS, _NUMBERS), min_size=1, max_size=40)
_REDUCE = {
    "SUM": lambda numbers, cells: float(sum(numbers)),
    "COUNT": lambda numbers, cells: float(len(numbers)),
    "COUNTA": lambda numbers, cells: float(sum(cell is not None for cell in cells)),
    "COUNTUNIQUE": lambda numbers, cells: float(len({str(cell) for cell in cells if cell is not None})),
    "MAX": lambda numbers, cells: max(numbers) if numbers else 0.0,
    "MIN": lambda numbers, cells: min(numbers) if numbers else 0.0,
}


def _table(rows: list[tuple[Any, ...]], definition: dict[str, Any]) -> list[list[Any]]:
    columns = dict(enumerate(zip(*rows, strict=True)))
    source = Source(["R", "S", "C", "N"], columns, len(rows), lambda offset, item: str(item))
    return tabulated(parsed(definition), source)


def _group(offset: int, descending: bool, totals: bool = True) -> dict[str, Any]:
    order = "DESCENDING" if descending else "ASCENDING"
    return {"sourceColumnOffset": offset, "sortOrder": order, "showTotals": totals, "repeatHeadings": True}


@settings(deadline=None)
@given(_ROWS, st.sampled_from(sorted(_REDUCE)), st.booleans(), st.booleans())
def test_every_figure_is_that_of_a_plain_grouping(rows, function, descending, down) -> None:
    definition = {
        "rows": [_group(0, descending), _group(1, not descending)],
        "columns": [_group(2, down)],
        "values": [{"sourceColumnOffset": 3, "summarizeFunction": function}],
    }
    table = _table(rows, definition)
    heads = table[1][2:]
    buckets: dict[Any, list[Any]] = defaultdict(list)
    for one, two, column, cell in rows:
        for row_key in ((repr(one), repr(two)), (f"{one} Total",), ("Grand Total",)):
            for column_key in (repr(column), "Grand Total"):
                buckets[row_key, column_key].append(cell)
    seen = {}
    for line in table[2:]:
        key = (line[0],) if line[1] is None else (repr(line[0]), repr(line[1]))
        for head, figure in zip(heads, line[2:], strict=True):
            if figure is not None:
                seen[key, head if head == "Grand Total" else repr(head)] = figure
    assert seen == {
        key: _REDUCE[function]([cell for cell in cells if type(cell) is float], cells) for key, cells in buckets.items()
    }


@settings(deadline=None)
@given(_ROWS, st.booleans())
def test_the_order_of_rows_by_total_is_that_of_the_totals(rows, descending) -> None:
    group = _group(0, descending, totals=False) | {"valueBucket": {}}
    definition = {"rows": [group], "values": [{"sourceColumnOffset": 3, "summarizeFunction": "SUM"}]}
    totals = [line[1] for line in _table(rows, definition)[1:]]
    assert totals == sorted(totals, reverse=descending)


@settings(deadline=None)
@given(_ROWS)
def test_the_layout_moves_figures_without_changing_them(rows) -> None:
    values = [{"sourceColumnOffset": 3, "summarizeFunction": name} for name in ("SUM", "COUNT", "MAX")]
    definition = {"rows": [_group(0, False)], "columns": [_group(2, False)], "values": values}
    beside = _table(rows, definition)
    under = _table(rows, definition | {"valueLayout": "VERTICAL"})
    flat = [line[1 + at :: 3] for line in beside[3:] for at in range(3)]
    assert [line[2:] for line in under[2:]] == flat
