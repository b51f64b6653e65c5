"""Runs that are repeated until nothing is left to send, and what must hold in the end: nobody twice, nobody lost."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta

import pytest

from crm_builder.local.runtime import Outcome
from crm_builder.local.runtime.world import World
from tests.living.bare import MONDAY, Bare, people
from tests.runtime.sweep import forgotten

ALL = bool(os.environ.get("CRM_BUILDER_ALL_FAULTS"))
HOUR = timedelta(hours=1)
MOST_RUNS = 6


def until_done(bare: Bare, first: Outcome, every: timedelta = HOUR) -> list[str]:
    """Everybody who got a mail in a run and in those after it, until one has nothing more to send and says so."""
    sent = people(first)
    for number in range(1, MOST_RUNS):
        outcome = bare.dispatch(MONDAY + number * every)
        assert outcome.ok, outcome
        sent += people(outcome)
        if not outcome.mails and outcome.value["jobs"]["follow_ups"] == "done":
            assert not outcome.value["errors"], outcome
            return sent
    raise AssertionError(f"not done after {MOST_RUNS} runs")


def check(bare: Bare, sent: Sequence[str], due: Sequence[str], unknown: int = 1) -> None:
    """Nobody got it twice; each has it in the log, sent or unknown; who did not get it is listed as unknown."""
    assert len(sent) == len(set(sent)), sorted(address for address in sent if sent.count(address) > 1)
    log = bare.log()
    assert set(log) == {*due, *sent}, set(log) ^ {*due, *sent}
    assert set(log.values()) <= {"sent", "unknown"} and list(log.values()).count("unknown") <= unknown, log
    assert {address for address, status in log.items() if status == "sent"} <= set(sent)


def calls_of(bare: Bare, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Each call of a whole run: its name, and whether anything that was written is not flushed before it."""
    calls: list[tuple[str, bool]] = []
    count = World.count

    def noted(world: World, name: str) -> None:
        calls.append((name, bool(world.buffer)))
        count(world, name)

    with forgotten(bare.workspace), monkeypatch.context() as patch:
        patch.setattr(World, "count", noted)
        outcome = bare.dispatch()
        assert outcome.ok and outcome.number == len(calls), outcome
    return calls
