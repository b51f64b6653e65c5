"""When time triggers fire: at a random but fixed minute of their hour, as the service chooses one for each trigger."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_HOUR = timedelta(hours=1)


def first(plan: Json, now: datetime, random: Random) -> tuple[datetime, Json]:
    """The first moment of a trigger that is made now, and its plan with the minute that was chosen.

    A plan: {every: "minutes" | "hours" | "days" | "weeks" | "months" | "once", number, hour, minute, weekday,
    month_day, zone, at (ISO, for "once")}.
    """
    if plan["every"] == "once":
        # The service promises no more than about a quarter of an hour (documented of nearMinute, seen of after and at).
        return datetime.fromisoformat(plan["at"]), plan
    chosen = random.randrange(60) if plan.get("minute") is None else (plan["minute"] + random.randint(-15, 15)) % 60
    hour = plan["hour"] if plan.get("hour") is not None else random.randrange(24)
    made = {**plan, "minute": chosen, "second": random.randrange(60), "hour": hour}
    local = now.astimezone(ZoneInfo(plan["zone"]))
    if plan["every"] == "minutes":
        return now + timedelta(minutes=plan["number"]), made
    at = local.replace(minute=chosen, second=made["second"], microsecond=0)
    if plan["every"] == "hours":
        return (at if at > local else at + _HOUR), made
    at = at.replace(hour=hour)
    while at <= local or not _fits(made, at):
        at = _on_clock(at + timedelta(days=1), hour)
    return at, made


def following(plan: Json, last: datetime, now: datetime) -> datetime | None:
    """The next moment after the last one that is not past; None for a trigger that fires once."""
    if plan["every"] == "once":
        return None
    if plan["every"] in ("minutes", "hours"):
        step = timedelta(minutes=plan["number"]) if plan["every"] == "minutes" else _HOUR * plan["number"]
        missed = max(0, (now - last) // step)
        return last + step * (missed + 1)
    at = last.astimezone(ZoneInfo(plan["zone"]))
    days = {"days": plan["number"], "weeks": 7 * plan["number"], "months": 1}[plan["every"]]
    while True:
        at = _on_clock(at + timedelta(days=days), plan["hour"])
        if at > now and _fits(plan, at):
            return at


def _on_clock(at: datetime, hour: int) -> datetime:
    """The same day at that hour of its own, whatever summer time does."""
    return at.replace(hour=hour)


def _fits(plan: Json, at: datetime) -> bool:
    if plan["every"] == "weeks":
        return plan.get("weekday") is None or at.weekday() == WEEKDAYS.index(plan["weekday"])
    return plan["every"] != "months" or at.day == plan["month_day"]
