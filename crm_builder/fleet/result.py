"""What became of one client of a fleet in one run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from crm_builder.deploy import Beside
from crm_builder.fleet.clients import FleetClient
from crm_builder.plan import Plan

State = Literal[
    "as described", "to be created", "to be finished", "to be changed",
    "created", "finished", "changed", "refused", "failed", "stopped", "not begun",
]  # fmt: skip
PENDING: tuple[State, ...] = ("to be created", "to be finished", "to be changed", "refused")
BROKEN: tuple[State, ...] = ("failed", "stopped", "not begun")


@dataclass
class Result:
    """`told`: sentences that people must know; `click`: what is left to be done in the sheet, by hand; `address`: where
    the spreadsheet is, at Google. `trace` is there only for a bug."""

    client: FleetClient
    state: State
    reason: str = ""
    plan: Plan | None = None
    beside: Beside | None = None
    stays: int | None = None
    snapshot: Path | None = None
    told: tuple[str, ...] = ()
    click: str = ""
    target: str = ""
    address: str = ""
    trace: str = ""
    reads: int = 0
    writes: int = 0

    @property
    def changes(self) -> int:
        """How many things change, in the workbook and beside it."""
        return (len(self.plan.changes) if self.plan else 0) + (len(self.beside.lines) if self.beside else 0)
