"""Rows as they come about in a CRM that nobody filled in well: gaps wherever a sheet lets somebody leave one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tests.spine.reference import JALALI, number_of, to_jalali
from tests.whole.crm import Whole

_DAYS = ("expected_close", "closed_on", "contact_date", "first_contact", "date")
Typed = Mapping[str, Any]


def one_of_each(crm: Whole) -> dict[str, list[Typed]]:
    """One row in each table; they have to do with each other."""
    return {
        "customers": [{"id": "C-1", "name": "Ada Marsh", "email": "ada@example.com", "consent": True}],
        "leads": [{"id": "L-1", "name": "Ben Ode", "source": _first(crm, "lead_source"), "contact_date": -3}],
        "interactions": [{"id": "I-1", "customer": "Ada Marsh · C-1", "date": -2}],
        "deals": [_deal(1, "Ada Marsh · C-1", amount=120, stage=crm.titles["deal_stage"]["won"], closed_on=-1)],
    }


def full_of_gaps(crm: Whole) -> dict[str, list[Typed]]:
    """Customers without a region, deals without a product, a day or a stage, a buyer whom nobody knows, equal amounts."""
    won, lost = (crm.titles["deal_stage"][key] for key in ("won", "lost"))
    stage, product, source, region = (_first(crm, key) for key in ("deal_stage", "product", "lead_source", "region"))
    ada, cy = "Ada Marsh · C-1", "Cy Lund · C-2"
    return {
        "customers": [
            {"id": "C-1", "name": "Ada Marsh", "region": region, "lead_source": source, "first_contact": -40},
            {"id": "C-2", "name": "Cy Lund", "email": "cy@example.com", "consent": True},
            {"id": "C-3", "name": "Dee Poe", "email": " CY@example.com", "consent": True, "region": region},
            {"id": "C-4", "name": "Eva Rook", "email": "eva@example.com", "consent": True, "unsubscribed": True},
        ],
        "leads": [{"id": "L-1", "name": "Ben Ode"}, {"id": "L-2", "name": "Fay Orr", "source": source}],
        "interactions": [
            {"id": "I-1", "customer": ada, "date": -2, "type": _first(crm, "interaction_type")},
            {"id": "I-2", "customer": cy, "date": -3, "owner": "Iris Falk"},
            {"id": "I-3", "date": -3},
        ],
        "deals": [
            _deal(1, ada, amount=100, stage=won, closed_on=0, product=product, created_at=-9),
            _deal(2, cy, stage=won),
            _deal(3, cy, amount=100, stage=won, closed_on=-45, created_at=-2),
            _deal(4, "Nobody Known", amount=30, stage=won, closed_on=-70, product=product, created_at=-70),
            _deal(5, cy, amount=50),
            _deal(6, ada, amount=50, stage=stage, expected_close=-1, created_at=-200),
            _deal(7, ada, amount=50, stage=stage, expected_close=-2, stage_since=-2),
            _deal(8, cy, stage=stage, expected_close=400),
            _deal(9, cy, amount=70, stage=lost, closed_on=0, product=product),
            _deal(10, cy, amount=70, stage=lost),
        ],
    }


def _deal(number: int, customer: str, **more: Any) -> Typed:
    return {"id": f"D-{number}", "customer": customer, **more}


def _first(crm: Whole, list_key: str) -> str:
    return next(iter(crm.titles[list_key].values()))


def type_in(crm: Whole, tables: Mapping[str, Sequence[Typed]]) -> None:
    """Types rows from the second on; days are told from today."""
    today = number_of(crm.clock.astimezone(ZoneInfo(crm.project.settings.time_zone)).date())
    for table, rows in tables.items():
        for number, row in enumerate(rows, 2):
            crm.type(table, number, dict(_written(crm, key, content, today) for key, content in row.items()))


def _written(crm: Whole, key: str, content: Any, today: int) -> tuple[str, Any]:
    if key in ("created_at", "stage_since"):
        return key, today + content + 0.4
    if key not in _DAYS:
        return key, content
    jalali = crm.project.settings.calendar == "jalali"
    return (key + JALALI, to_jalali(today + content)) if jalali else (key, today + content)
