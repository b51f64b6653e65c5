"""Locale and time zone of a spreadsheet as its formulas show them, beside what the CRM was made for."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm_builder.deploy.doctor_finding import Finding
from crm_builder.model import Workbook
from crm_builder.sheets.probes import Probed

LOCALE, ZONE, CLOCK = "locale", "time zone", "clock"

# What formulas show in a locale: the decimal sign, and the month of the day 2/3. Of others only the name is compared.
_SHOWS = {"en_US": (".", "2"), "en_GB": (".", "3")}
_NEAR = timedelta(minutes=3)  # a call and its answer, and clocks that are a little wrong
_QUARTER = timedelta(minutes=15)  # every time zone is whole quarters of an hour away from every other
_FARTHEST = timedelta(hours=26)  # the first and the last time zone of the world


def judge(probed: Probed, locale: str, time_zone: str, now: datetime) -> list[Finding]:
    """What is otherwise than the CRM's `locale` and `time_zone` (IANA); none where all is well.

    `now`: the caller's clock, with its time zone. What was not read right after a change is judged `at_rest`.
    """
    found = [*_locale(probed, locale), *_zone(probed, time_zone, now)]
    if not any(one.check == ZONE for one in found):
        found += _clock(probed, time_zone, now)
    return found


def told_of(probed: Probed, workbook: Workbook, time_zone: str, now: datetime) -> tuple[str, ...]:
    """The same as sentences with what to do."""
    found = judge(probed, workbook.locale, time_zone, now)
    return tuple(f"{one.text}; {one.todo}" for one in found)


def _locale(probed: Probed, locale: str) -> list[Finding]:
    todo = f"choose the locale {locale} again in the spreadsheet: File > Settings > Locale"
    effect = []
    if probed.decimal == ",":
        effect += ["numbers are typed as 0,5", "arguments of formulas are parted by ; (not by ,)"]
    if probed.month == "3":
        effect.append("days are typed with the day before the month")
    told = f": {', '.join(effect)}" if effect else ""
    if probed.locale and probed.locale != locale:
        text = f"the spreadsheet has the locale {probed.locale}, and the CRM was made for {locale}{told}"
        return [Finding(LOCALE, "warning", text, todo)]
    decimal, month = _SHOWS.get(locale, (probed.decimal, probed.month))
    if (probed.decimal or decimal) != decimal or (probed.month or month) != month:
        return [Finding(LOCALE, "warning", f"formulas do not calculate as in the locale {locale}{told}", todo)]
    return []


def _zone(probed: Probed, time_zone: str, now: datetime) -> list[Finding]:
    if not probed.time_zone or same_zone(probed.time_zone, time_zone, now):
        return []
    text = f"the spreadsheet has the time zone {probed.time_zone}, and crm.toml says {time_zone}"
    todo = (
        f"choose {time_zone} in the spreadsheet: File > Settings > Time zone; or write time_zone = "
        f'"{probed.time_zone}" in crm.toml'
    )
    return [Finding(ZONE, "warning", f"{text}: days begin at another hour than the CRM takes it to be", todo)]


def same_zone(one: str, other: str, now: datetime) -> bool:
    """Whether two time zones show the same time all year: some have several names."""
    if one == other:
        return True
    try:
        first, second = ZoneInfo(one), ZoneInfo(other)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    days = (now + timedelta(days=30 * month) for month in range(12))
    return all(day.astimezone(first).utcoffset() == day.astimezone(second).utcoffset() for day in days)


def _clock(probed: Probed, time_zone: str, now: datetime) -> list[Finding]:
    if probed.clock is None:
        return []
    here = now.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
    away = probed.clock - here
    if abs(away) <= _NEAR:
        return []
    quarters = round(away / _QUARTER)
    shown, right = f"{probed.clock:%Y-%m-%d %H:%M}", f"{here:%Y-%m-%d %H:%M}"
    if quarters and abs(away) <= _FARTHEST and abs(away - quarters * _QUARTER) <= _NEAR:
        text = f"formulas take it to be {shown}, and in {time_zone} it is {right}"
        return [Finding(CLOCK, "warning", text, f"choose {time_zone} in the spreadsheet: File > Settings > Time zone")]
    text = f"this computer takes it to be {right}, and the spreadsheet {shown}"
    return [Finding(CLOCK, "warning", text, "set this computer's clock: a wrong one also makes Google refuse logins")]
