"""Rows as people type them, for every table, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.spine.computed_check import check, value
from tests.spine.conftest import CLOCKS, Opened, choice_titles
from tests.spine.reference import JALALI, number_of, to_jalali

CLOCK = CLOCKS["autumn"]
TODAY = {"en": number_of(CLOCK.date()) - 1, "fa": number_of(CLOCK.date())}  # still yesterday in Honolulu
DATES = {
    "customers": ("first_contact", "next_follow_up"),
    "leads": ("contact_date", "next_action_date"),
    "interactions": ("date", "next_action_date"),
    "deals": ("expected_close", "closed_on"),
    "campaigns": ("start", "end"),
    "tasks": ("due",),
    "feedback": ("date",),
}


def written(crm: Opened, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as people type it there: dates given in days from today, choices by key as `list.key`."""
    result = {}
    jalali = crm.project.settings.calendar == "jalali"
    today = TODAY[crm.project.settings.language]
    for key, content in row.items():
        if key in DATES.get(table, ()):
            day = None if content is None else today + content
            result[key + JALALI if jalali else key] = to_jalali(day) if jalali else day
        elif key == "created_at":
            result[key] = None if content is None else today + content + 0.4
        else:
            result[key] = content
    return result


def choice(crm: Opened, list_key: str, key: str) -> str:
    return choice_titles(crm.project.settings.language)[list_key][key]


def typed_rows(crm: Opened) -> dict[str, dict[str, Any]]:
    """One row for each table with computed columns; they refer to each other."""
    return {
        "customers": {
            "id": "C-9001", "name": "Ada Marsh", "email": "ADA@example.com", "phone": "0911", "first_contact": -5,
        },
        "campaigns": {"id": "M-9001", "name": "Spring", "spend": 50, "clicks": 4, "revenue": 75},
        "leads": {
            "id": "L-9001", "name": "Ben Ode", "phone": "0912", "contact_date": -3, "customer": "Ada Marsh · C-9001",
        },
        "interactions": {"id": "I-9001", "date": -2, "customer": "ada marsh"},
        "deals": {
            "id": "D-9001", "customer": "Ada Marsh", "amount": 120, "stage": choice(crm, "deal_stage", "won"),
            "closed_on": -1, "campaign": "Spring · M-9001", "created_at": -9,
        },
        "tasks": {"id": "T-9001", "title": "Call", "due": 4, "customer": "Ada Marsh · C-9001"},
        "feedback": {"id": "F-9001", "date": 0, "customer": "Ada Marsh · C-9001", "score": 4},
    }  # fmt: skip


def proved(crm: Opened, row: int) -> None:
    """What the rows of `typed_rows` come to, in words of their own, at the customer's row."""
    grids = check(crm)
    assert not crm.errors()
    shown = {key: value(crm, grids, "customers", row, key) for key in ("interactions", "orders", "total_value")}
    assert shown == {"interactions": 1, "orders": 1, "total_value": 120}
    assert value(crm, grids, "customers", row, "satisfaction") == 4
    assert value(crm, grids, "customers", row, "last_purchase") == TODAY[crm.project.settings.language] - 1
