"""The blocks of the helper `rfm` in plain Python: limits of the scores, segments, the matrix, and who may be mailed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.whole.sales_base import Line, Sales, ratio

_WELL_FORMED = re.compile(
    r"[a-z0-9_%+'-]+([.][a-z0-9_%+'-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z][a-z0-9-]*[a-z0-9]"
)
_SCORES = ("recency_score", "frequency_score", "monetary_score")


def limits(sales: Sales) -> list[tuple[str, str, float | None]]:
    """What it is, its name in the workbook, the figure."""
    found = []
    for kind, fifths in sales.crm.limits.items():
        for share, limit in zip((20, 40, 60, 80), fifths or [None] * 4, strict=True):
            found.append((f"{kind} {share}", f"rfm_{kind}_{share}", limit))
    return found


def segments(sales: Sales) -> list[Line]:
    whole = sum(row["total_value"] for row in sales.customers)
    lines = []
    for title in sales.listed("segment"):
        rows = sales.in_segment(title)
        value, orders = sum(row["total_value"] for row in rows), sum(row["orders"] for row in rows)
        scores = [sum(row[key] for key in _SCORES) / 3 for row in rows if row["orders"]]
        lines.append(
            (
                *(title, len(rows), ratio(len(rows), len(sales.customers)), value, ratio(value, whole)),
                *(ratio(value, orders), ratio(sum(scores), len(scores))),
            )
        )
    return lines


def matrix(sales: Sales) -> list[Line]:
    found = [(row["recency_score"], row["frequency_score"]) for row in sales.buyers]
    return [(recent, *(found.count((recent, often)) for often in range(1, 6))) for recent in range(5, 0, -1)]


def facts(sales: Sales) -> list[tuple[str, str, float]]:
    return [
        ("customers", "rfm_customers", len(sales.customers)),
        ("value", "rfm_value", sum(row["total_value"] for row in sales.customers)),
        ("fullest", "rfm_fullest", max(count for line in matrix(sales) for count in line[1:])),
        ("mail", "rfm_mail_count", len(mail(sales))),
    ]


def mail(sales: Sales) -> list[Line]:
    """Whom to write to in the chosen segment: agreed, with a well-formed address that nobody barred; each address once."""
    left = [row for row in sales.crm.tables["customers"].values() if row.get("unsubscribed") not in (None, "", False)]
    barred = {_address(row) for row in left}
    barred |= {_address(row) for row in sales.crm.tables.get("suppressions", {}).values()} | {""}
    found: dict[str, dict[str, Any]] = {}
    for row in sales.in_segment(sales.chosen):
        if row.get("consent") is True and _WELL_FORMED.fullmatch(_address(row)) and _address(row) not in barred:
            found.setdefault(_address(row), row)
    agreed = sales.text("segments", "agreed")
    return [
        (row["name"], str(row["email"]).strip(), sales.shown_day(row["last_purchase"]), agreed)
        for _, row in sorted(found.items())
    ]


def _address(row: Any) -> str:
    return str(row.get("email", "")).strip().lower()


BLOCKS: dict[str, Callable[[Sales], list[Line]]] = {
    "limits": lambda sales: [(what, figure) for what, _, figure in limits(sales)],
    "segments": segments,
    "matrix": matrix,
    "facts": lambda sales: [(what, figure) for what, _, figure in facts(sales)],
    "mail": mail,
}
