"""The days to come, tried on a copy: which mail the script would send to whom, and which it would keep back and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm_builder.errors import RunError

if TYPE_CHECKING:
    from crm_builder.local.runtime import Outcome, Runtime

# The first of these that is no quiet hour is when nothing but the mails themselves keeps them back.
_ASKED_AT = (time(12), time(16), time(20), time(23))
_YES, _OK = "YES", "OK"
DISPATCH, SET_UP, EXPLAIN, SAVE = "dispatch", "finishSetUp", "explainMail_", "saveSettings_"  # of appsscript/Main.js
_QUIET = "quiet"  # a decision of its Judge.js


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that was sent, at a moment of the CRM's time zone."""

    at: datetime
    to: str
    subject: str


@dataclass(frozen=True, slots=True)
class Held:
    """A mail that is due and was not sent: `why` in the words of the CRM."""

    key: str
    name: str
    to: str
    step: str
    why: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `faults`: what failed, as the script said it."""

    day: date
    mails: tuple[Mail, ...]
    held: tuple[Held, ...]
    faults: tuple[str, ...]


def simulate(runtime: Runtime, zone: ZoneInfo, days: int, mode: str | None = None) -> Iterator[Day]:
    """Day after day, from the runtime's clock on: the first one is what is left of today.

    The set-up is finished first where nobody has; `mode` is the mode of mail to try instead of the one that is set.
    RunError where that fails.
    """
    _set_up(runtime)
    if mode is not None:
        done = _checked(runtime.run(SAVE, {"mail_mode": mode}))
        if not (isinstance(done.value, dict) and done.value.get("good")):
            raise RunError(f"the mode of mail could not be set: {_said(done.value)}")
    first = runtime.now.astimezone(zone).date()
    for number in range(days):
        day = first + timedelta(days=number)
        midnight = datetime.combine(day + timedelta(days=1), time(), zone)
        ran: list[tuple[datetime, str, Outcome]] = []
        for hour in _ASKED_AT:
            ran += runtime.advance(datetime.combine(day, hour, zone))
            held = _checked(runtime.run(EXPLAIN)).value or ()
            if all(one["decision"] != _QUIET for one in held):
                break
        ran += runtime.advance(midnight - timedelta(seconds=1))
        runtime.wait_until(midnight)
        yield Day(
            day,
            tuple(
                Mail(began.astimezone(zone), ", ".join(mail.addresses), mail.subject)
                for began, _, outcome in ran
                for mail in outcome.mails
            ),
            tuple(_held(one) for one in held if one["decision"] != "send"),
            tuple(outcome.error for _, _, outcome in ran if outcome.error),
        )


def _set_up(runtime: Runtime) -> None:
    if not any(told["function"] == DISPATCH for told in runtime.triggers().values()):
        runtime.answers = [_YES, _OK]
        _checked(runtime.run(SET_UP))
        if not runtime.triggers():
            raise RunError(f"{SET_UP} made no trigger: run `crm-builder run {SET_UP}` and see what it says")


def _checked(outcome: Outcome) -> Outcome:
    if outcome.error is not None:
        raise RunError("\n  ".join(["the script failed: " + outcome.error, *outcome.stack.splitlines()]))
    return outcome


def _said(value: Any) -> str:
    return str(value.get("say") or value.get("errors") or value) if isinstance(value, dict) else str(value)


def _held(one: dict[str, Any]) -> Held:
    return Held(one["key"], one["name"], one["to"], f"{one['sequence']} {one['step']}", one["why"])
