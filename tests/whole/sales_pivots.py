"""The pivot tables in plain Python: each as the cells it fills from its own corner on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.spine.reference import Row
from tests.spine.reference_columns import COLUMNS
from tests.whole.sales_base import Line, Sales, valued

TOTAL = "Grand Total"
Pair = tuple[Any, Any, float]  # what a row of the table stands for, what a column does, the figure to add there


def _won(sales: Sales) -> list[Row]:
    return [row for _, row in sales.deals if sales.is_stage(row, "won")]


def _month(sales: Sales, row: Row) -> str | None:
    return COLUMNS["deals"]["closed_month"](sales.crm, row)


def _title(sales: Sales, key: str) -> str:
    return sales.text("pivots", key)


def _header(sales: Sales, table: str, column: str) -> str:
    """The header of a table's column."""
    own = sales.words["tables"][table]["columns"]
    return own[column] if column in own else sales.words["common"]["columns"][column]


def months(sales: Sales) -> list[Line]:
    rows = [(month, row) for row in _won(sales) if (month := _month(sales, row))]
    return [tuple(_title(sales, key) for key in ("month", "value", "deals")), *sorted(_sums_and_counts(rows))]


def products(sales: Sales) -> list[Line]:
    rows = [(row.get("product"), row) for row in _won(sales)]
    lines = sorted(_sums_and_counts(rows), key=lambda line: _order(line[0]), reverse=True)
    head = tuple(_title(sales, key) for key in ("product", "value", "deals"))
    return [head, *sorted(lines, key=lambda line: line[1], reverse=True)]


def _sums_and_counts(rows: Sequence[tuple[Any, Row]]) -> list[Line]:
    sums = valued((key, row.get("amount", 0)) for key, row in rows)
    counts = valued((key, "id" in row) for key, row in rows)
    return [(key, sums[key], counts[key]) for key in sums]


def product_region(sales: Sales) -> list[Line]:
    found = [(row.get("product"), sales.customer(row).get("region"), row.get("amount", 0)) for row in _won(sales)]
    return _crossed(found, _title(sales, "product"), _header(sales, "deals", "region"), _title(sales, "value"))


def month_product(sales: Sales) -> list[Line]:
    found = [(month, row.get("product"), row.get("amount", 0)) for row in _won(sales) if (month := _month(sales, row))]
    return _crossed(found, _title(sales, "month"), _header(sales, "deals", "product"), _title(sales, "value"))


def source_status(sales: Sales) -> list[Line]:
    found = [(row.get("source"), row.get("status"), 1) for row in sales.crm.rows("leads")]
    return _crossed(found, _title(sales, "source"), _header(sales, "leads", "status"), _title(sales, "leads"))


def bands(sales: Sales) -> list[Line]:
    found = [
        (band, row.get("stage"), 1)
        for _, row in sales.deals
        if (band := COLUMNS["deals"]["value_band"](sales.crm, row)) and "id" in row
    ]
    return _crossed(found, _title(sales, "band"), _header(sales, "deals", "stage"), _title(sales, "deals"))


def type_owner(sales: Sales) -> list[Line]:
    found = [(row.get("type"), row.get("owner"), 1) for row in sales.crm.rows("interactions") if "customer" in row]
    return _crossed(found, _title(sales, "type"), _header(sales, "interactions", "owner"), _title(sales, "contacts"))


def _crossed(found: Sequence[Pair], down: str, across: str, figure: str) -> list[Line]:
    """A table with a total of every row and column; items ascending, what nobody wrote down first."""
    rows = sorted({one for one, _, _ in found}, key=_order)
    columns = sorted({other for _, other, _ in found}, key=_order)
    cells = valued(((one, other), amount) for one, other, amount in found)

    def total(row: Any = ..., column: Any = ...) -> float | None:
        parts = [amount for (one, other), amount in cells.items() if row in (one, ...) and column in (other, ...)]
        return sum(parts) if parts else None

    return [
        (figure, across, *[None] * len(columns)),
        (down, *columns, TOTAL),
        *((one, *(cells.get((one, other)) for other in columns), total(row=one)) for one in rows),
        (TOTAL, *(total(column=other) for other in columns), total()),
    ]


def _order(item: Any) -> tuple[bool, str, str]:
    return item is not None, str(item or "").lower(), str(item or "")


PIVOTS: dict[str, Callable[[Sales], list[Line]]] = {
    "months": months,
    "products": products,
    "product_region": product_region,
    "month_product": month_product,
    "source_status": source_status,
    "bands": bands,
    "type_owner": type_owner,
}
