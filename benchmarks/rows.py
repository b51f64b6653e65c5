"""Invented rows of any number, the same in every run: customers, what was talked about, what was sold."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from benchmarks.crm import CLOCK

Row = dict[str, Any]
Choices = Mapping[str, Mapping[str, str]]  # list → its choices' keys and titles

_FIRST = ("Ada", "Ben", "Cleo", "Dario", "Elif", "Farid", "Greta", "Hamid", "Ines", "Jonas", "Kira", "Leyla", "Milo")
_LAST = ("Abel", "Brandt", "Castell", "Dorn", "Ekholm", "Faber", "Golani", "Hartwig", "Ilves", "Jansky", "Karimi")
_DAYS = 540  # how far the story goes back
_CAMPAIGNS = 12


def tables(customers: int, choices: Choices) -> Iterator[tuple[str, list[Row]]]:
    """The tables one after the other; twice as many interactions and deals as customers, a tenth as much feedback."""
    yield "customers", [_customer(number, choices) for number in range(1, customers + 1)]
    yield "campaigns", [_campaign(number, choices) for number in range(1, _CAMPAIGNS + 1)]
    yield "interactions", [_interaction(number, customers, choices) for number in range(1, 2 * customers + 1)]
    yield "deals", [_deal(number, customers, choices) for number in range(1, 2 * customers + 1)]
    yield "feedback", [_feedback(number, customers) for number in range(1, customers // 10 + 1)]


def customer_id(number: int) -> str:
    return f"C-{number:05}"


def _name(number: int) -> str:
    return f"{_FIRST[number % len(_FIRST)]} {_LAST[number // len(_FIRST) % len(_LAST)]}"


def _label(number: int) -> str:
    """What a reference to the customer holds."""
    return f"{_name(number)} · {customer_id(number)}"


def _campaign_label(number: int) -> str:
    return f"Campaign {number} · M-{number:04}"


def won(choices: Choices) -> str:
    """The stage of a deal that counts as an order."""
    return choices["deal_stage"]["won"]


def _chance(table: str, number: int) -> random.Random:
    return random.Random(f"{table} {number}")


def _moment(chance: random.Random, earliest: int = _DAYS, latest: int = 1) -> datetime:
    """Some working minute between so many days ago."""
    day = CLOCK.replace(tzinfo=None, hour=9, minute=0) - timedelta(days=chance.randint(latest, earliest))
    return day + timedelta(minutes=chance.randrange(480))


def _one(chance: random.Random, choices: Mapping[str, str]) -> str:
    return chance.choice(list(choices.values()))


def _customer(number: int, choices: Choices) -> Row:
    chance = _chance("customers", number)
    created = _moment(chance)
    return {
        "id": customer_id(number),
        "name": _name(number),
        "company": f"{_LAST[number % len(_LAST)]} & Co" if chance.random() < 0.6 else None,
        "email": f"customer{number if chance.random() < 0.98 else number // 2}@example.com",
        "phone": f"+44 7700 9{chance.randrange(100_000):05}",
        "region": _one(chance, choices["region"]),
        "lead_source": _one(chance, choices["lead_source"]),
        "interests": _one(chance, choices["product"]),
        "status": _one(chance, choices["customer_status"]),
        "first_contact": created.date(),
        "next_follow_up": (CLOCK + timedelta(days=chance.randint(-5, 30))).date() if chance.random() < 0.3 else None,
        "owner": _one(chance, choices["team"]),
        "consent": chance.random() < 0.8,
        "unsubscribed": chance.random() < 0.05,
        "notes": "Prefers to be called in the afternoon." if chance.random() < 0.2 else None,
        "created_at": created,
        "updated_at": created,
    }


def _interaction(number: int, customers: int, choices: Choices) -> Row:
    chance = _chance("interactions", number)
    created = _moment(chance)
    return {
        "id": f"I-{number:05}",
        "date": created.date(),
        "customer": _label(chance.randint(1, customers)),
        "type": _one(chance, choices["interaction_type"]),
        "details": f"Talked about {_one(chance, choices['product'])} and what comes next.",
        "next_action": "Send an offer" if chance.random() < 0.3 else None,
        "owner": _one(chance, choices["team"]),
        "created_at": created,
        "updated_at": created,
    }


def _deal(number: int, customers: int, choices: Choices) -> Row:
    chance = _chance("deals", number)
    created = _moment(chance, latest=30)
    stage = _one(chance, choices["deal_stage"])
    closed = stage in (won(choices), choices["deal_stage"]["lost"])
    return {
        "id": f"D-{number:05}",
        "customer": _label(chance.randint(1, customers)),
        "product": _one(chance, choices["product"]),
        "amount": float(chance.randint(2, 90) * 50),
        "stage": stage,
        "expected_close": (created + timedelta(days=40)).date(),
        "closed_on": (created + timedelta(days=chance.randint(3, 29))).date() if closed else None,
        "campaign": _campaign_label(chance.randint(1, _CAMPAIGNS)) if chance.random() < 0.3 else None,
        "owner": _one(chance, choices["team"]),
        "created_at": created,
        "updated_at": created,
    }


def _campaign(number: int, choices: Choices) -> Row:
    chance = _chance("campaigns", number)
    start = _moment(chance, latest=60)
    return {
        "id": f"M-{number:04}",
        "name": f"Campaign {number}",
        "channel": _one(chance, choices["channel"]),
        "start": start.date(),
        "end": (start + timedelta(days=21)).date(),
        "budget": 1000.0,
        "spend": 900.0,
        "impressions": float(chance.randint(9_000, 90_000)),
        "clicks": float(chance.randint(90, 900)),
        "conversions": float(chance.randint(3, 40)),
        "revenue": float(chance.randint(500, 9_000)),
        "created_at": start,
        "updated_at": start,
    }


def _feedback(number: int, customers: int) -> Row:
    chance = _chance("feedback", number)
    created = _moment(chance)
    return {
        "id": f"F-{number:05}",
        "date": created.date(),
        "customer": _label(chance.randint(1, customers)),
        "score": float(chance.randint(1, 5)),
        "created_at": created,
        "updated_at": created,
    }
