"""Entering again what people had typed: units of requests, each sent as a whole and once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_builder.deploy.refill import count_of
from crm_builder.deploy.sending import send
from crm_builder.deployment import Deployment
from crm_builder.google import Client
from crm_builder.sheets import check_body
from crm_builder.sheets.compile import LIMIT_BYTES, pack_batches
from crm_builder.sheets.turns import MARK_BYTES, take_turns

Json = dict[str, Any]


@dataclass
class Entering:
    """`lost`: what finds no place, told to people."""

    units: list[Sequence[Json]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def add(self, unit: Sequence[Json]) -> None:
        if unit:
            self.units.append(unit)

    def extend(self, other: Entering) -> None:
        self.units += other.units
        self.lost += other.lost

    @property
    def cells(self) -> int:
        return sum(count_of(unit) for unit in self.units)

    def send(self, client: Client, deployment: Deployment, state: Mapping[str, Any], token: str) -> None:
        """`state` is the latest look at the spreadsheet. StaleError where somebody else came first."""
        packed = pack_batches(self.units, LIMIT_BYTES - MARK_BYTES)
        for batch in take_turns(packed, state.get("developerMetadata", ()), token):
            check_body({"requests": batch})
            send(client, deployment.spreadsheet_id, batch)
