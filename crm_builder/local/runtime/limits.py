"""What Google allows a script, and what its calls cost in time: figures that a test may set otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# Milliseconds of the virtual clock, of the order that people report; a name of a type holds for all of its methods.
COSTS: Mapping[str, float] = MappingProxyType(
    {
        "": 1,
        "Range.getValues": 150,
        "Range.getDisplayValues": 200,
        "Range.getFormulas": 150,
        "Range.setValues": 100,
        "Range.setValue": 10,
        "SpreadsheetApp.flush": 300,
        "DeveloperMetadataFinder.find": 150,
        "MailApp.sendEmail": 500,
        "GmailApp.sendEmail": 700,
        "GmailApp.search": 500,
        "Properties": 30,
        "Cache": 20,
        "Lock.tryLock": 30,
        "Lock.waitLock": 30,
        "UrlFetchApp.fetch": 400,
        "ScriptApp.getProjectTriggers": 100,
        "ClockTriggerBuilder.create": 500,
        "SpreadsheetTriggerBuilder.create": 500,
    }
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a consumer account (developers.google.com/apps-script/guides/services/quotas)."""

    run_ms: float = 360_000
    simple_ms: float = 30_000  # simple triggers
    recipients_a_day: int = 100  # cc and bcc count too
    recipients_a_message: int = 50
    property_bytes: int = 9 * 1024
    store_bytes: int = 500 * 1024
    triggers: int = 20  # a user a script
    triggers_a_day_ms: float = 90 * 60_000
    loop_s: float = 300  # seconds of the real clock after which a run that does not end is stopped
    keep_buffer: bool = True  # whether a run that is out of time leaves what it had not flushed; nobody documents it
    costs: Mapping[str, float] = field(default_factory=lambda: COSTS)
    cell_ms: float = 0.002  # of each cell that is read or written, on top

    def cost(self, name: str) -> float:
        """What a call costs; `name` is "Range.getValues"."""
        found = self.costs.get(name)
        return found if found is not None else self.costs.get(name.partition(".")[0], self.costs.get("", 0))


@dataclass(frozen=True, slots=True)
class Kill:
    """The run dies before its call number `at` (the first is 1) takes effect; `keep_buffer`: what was written but not
    flushed by then is in the spreadsheet all the same."""

    at: int
    keep_buffer: bool = True
