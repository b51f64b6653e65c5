"""Moments as scripts have them, and the serial numbers that cells hold: days since 1899-12-30 in the sheet's zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1899, 12, 30)
_DAY_MS = 86_400_000
DAY = {"type": "DATE", "pattern": "M/d/yyyy"}
MOMENT = {"type": "DATE_TIME", "pattern": "M/d/yyyy H:mm:ss"}


def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name or "Etc/GMT")


def moments(time_zone: str) -> Callable[[float], datetime | float]:
    """serial number → moment, whole days computed once; a number beyond the calendar stays one."""
    zone = zone_of(time_zone)
    known: dict[float, datetime | float] = {}

    def moment(serial: float) -> datetime | float:
        found = known.get(serial)
        if found is None:
            try:
                naive = _EPOCH + timedelta(milliseconds=round(serial * _DAY_MS))
                found = naive.replace(tzinfo=zone).astimezone(UTC)
            except (OverflowError, ValueError):
                found = serial
            known[serial] = found
        return found

    return moment


def serial(moment: datetime, time_zone: str) -> float:
    """The serial number of an aware moment on the clocks of the zone, to the millisecond."""
    since = moment.astimezone(zone_of(time_zone)).replace(tzinfo=None) - _EPOCH
    return round(since / timedelta(milliseconds=1)) / _DAY_MS
