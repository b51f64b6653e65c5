"""Rows as they come about in a CRM that nobody filled in well: gaps wherever a sheet lets somebody leave one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tests.spine.reference import JALALI, number_of, to_jalali
from tests.whole.crm import Whole

_DAYS = ("expected_close", "closed_on", "contact_date", "first_contact", "date")
Typed = Mapping[str, Any]
READERS = 501  # customers who may be written to: more than the view shows, and more than one mail takes


def full_of_gaps(crm: Whole) -> dict[str, list[Typed]]:
    """Customers without a region, deals without a product, a day or a stage, a buyer whom nobody knows, equal amounts, and
    titles that would be patterns, addresses that are none."""
    won, lost = (crm.titles["deal_stage"][key] for key in ("won", "lost"))
    stage, product, source, region = (_first(crm, key) for key in ("deal_stage", "product", "lead_source", "region"))
    ada, cy = "Ada Marsh · C-1", "Cy Lund · C-2"
    return {
        "customers": [
            {"id": "C-1", "name": "Ada Marsh", "region": region, "lead_source": source, "first_contact": -40},
            {"id": "C-2", "name": "Cy Lund", "email": "cy@example.com", "consent": True},
            {"id": "C-3", "name": "Dee Poe", "email": " CY@example.com", "consent": True, "region": region},
            {"id": "C-4", "name": "Eva Rook", "email": "eva@example.com", "consent": True, "unsubscribed": True},
            {"id": "C-5", "name": "Gus Hale", "email": "gus@example.com, hal@example.com", "consent": True},
            {"id": "C-6", "name": "Ida Moss", "email": "ida@example.com", "consent": True, "unsubscribed": "yes"},
            {"id": "C-7", "name": "Jo Lane", "email": "jo\u200b@example.com", "consent": True, "region": ">5"},
            {"id": "C-8", "name": "Kit Dale", "email": "kit@example.com", "consent": "yes", "region": f"{region[:2]}*"},
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
            _deal(11, "Kit Dale · C-8", amount=11, stage=won, closed_on=-1, product=f"{product[:2]}*", created_at=-9),
            _deal(12, "Jo Lane · C-7", amount=13, stage=won, closed_on=-1, product=">5", owner="I*", created_at=-9),
            _deal(13, "Jo Lane · C-7", amount=17, stage=stage, product="?*", owner="Iris Falk"),
        ],
    }


def every_day(crm: Whole) -> dict[str, list[Typed]]:
    """A deal won, lost or hoped for on each day that any limit may lie on, amounts and stays around theirs too."""
    won, lost = (crm.titles["deal_stage"][key] for key in ("won", "lost"))
    stage, products = _first(crm, "deal_stage"), list(crm.titles["product"].values())
    limits = crm.crm(crm.grids()).thresholds
    bands = [limits[f"band_{key}"] + more for key in ("medium", "large", "top") for more in (-1, 0, 1)]
    buyers = [f"Buyer {number} · C-{number}" for number in range(1, 31)]
    deals = [(won, day) for day in range(-400, 3)] + [(lost, day) for day in range(-35, 3)]
    stays = [-limits["stuck_days"] + more for more in (-2, -1, 0, 1)]
    closed = [
        {"stage": kind, "closed_on": day, "created_at": day - number % 5 + 1}
        for number, (kind, day) in enumerate(deals)
    ]
    hoped = [{"stage": stage, "expected_close": day, "stage_since": stays[day % len(stays)]} for day in range(-3, 230)]
    return {
        "customers": [
            *({"id": f"C-{number}", "name": f"Buyer {number}"} for number in range(1, 31)),
            *(
                {"id": f"C-{number}", "name": f"Reader {number}", "email": f"r{number}@example.com", "consent": True}
                for number in range(31, 31 + READERS)
            ),
        ],
        "deals": [
            _deal(
                number,
                buyers[number * number % len(buyers)],
                amount=bands[number % len(bands)],
                product=products[number % len(products)],
                **deal,
            )
            for number, deal in enumerate([*closed, *hoped], 1)
        ],
    }


def falling(crm: Whole) -> dict[str, list[Typed]]:
    """Less and less is won: the trend goes below nothing before its last month."""
    won = crm.titles["deal_stage"]["won"]
    return {
        "customers": [{"id": "C-1", "name": "Ada Marsh"}],
        "deals": [
            _deal(months, "Ada Marsh", amount=max(months - 2, 0) ** 2, stage=won, closed_on=-30 * months)
            for months in range(13)
        ],
    }


def type_in(crm: Whole, tables: Mapping[str, Sequence[Typed]]) -> None:
    """Types rows from the second on; days are told from today."""
    today = number_of(crm.clock.astimezone(ZoneInfo(crm.project.settings.time_zone)).date())
    jalali = crm.project.settings.calendar == "jalali"
    for table, rows in tables.items():
        keys = dict.fromkeys(key for row in rows for key in row)
        written = [dict(_written(key, row.get(key), today, jalali) for key in keys) for row in rows]
        crm.type_rows(table, 2, written)


def _written(key: str, content: Any, today: int, jalali: bool) -> tuple[str, Any]:
    shown = key + JALALI if jalali and key in _DAYS else key
    if content is None:
        return shown, None
    if key in ("created_at", "stage_since"):
        return key, today + content + 0.4
    if key not in _DAYS:
        return key, content
    return shown, to_jalali(today + content) if jalali else today + content


def _deal(number: int, customer: str, **more: Any) -> Typed:
    return {"id": f"D-{number}", "customer": customer, **more}


def _first(crm: Whole, list_key: str) -> str:
    return next(iter(crm.titles[list_key].values()))
