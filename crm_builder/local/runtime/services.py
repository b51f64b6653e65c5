"""The globals of a script: each service of Apps Script by its name, or a clear refusal where it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .fetch import Fetcher, UrlFetchApp
from .gmail import GmailApp
from .html import ContentService, HtmlService
from .locks import LockService
from .mail import MailApp
from .objects import Refused, Scripted
from .session import Session
from .spreadsheet import SpreadsheetApp
from .storage import CacheService, PropertiesService
from .triggers import ScriptApp
from .utilities import Utilities
from .world import World

if TYPE_CHECKING:
    from .project import Script

# Services that a script may name and that nothing here answers for.
_REFUSED = (
    *("AdminDirectory", "AnalyticsReporting", "Browser", "Calendar", "CalendarApp", "CardService", "Charts"),
    *("ContactsApp", "DataStudioApp", "DocumentApp", "Drive", "DriveApp", "FormApp", "Gmail", "GroupsApp", "Jdbc"),
    *("LanguageApp", "LinearOptimizationService", "Maps", "People", "SitesApp", "Sheets", "SlidesApp", "Tasks"),
    *("XmlService", "YouTube"),
)
_WHY = {
    "FormApp": "FormApp is not part of the local run: there are no forms here. Type their answers into the sheet.",
    "DriveApp": "DriveApp is not part of the local run: a script here sees no files but its own spreadsheet.",
}


def made(world: World, script: Script, fetcher: Fetcher | None = None) -> dict[str, Scripted]:
    """name → object, fresh for one run."""
    found: dict[str, Scripted] = {
        "SpreadsheetApp": SpreadsheetApp(world),
        "MailApp": MailApp(world),
        "GmailApp": GmailApp(world),
        "PropertiesService": PropertiesService(world),
        "CacheService": CacheService(world),
        "LockService": LockService(world),
        "ScriptApp": ScriptApp(world, script),
        "HtmlService": HtmlService(world, script),
        "ContentService": ContentService(),
        "UrlFetchApp": UrlFetchApp(world, fetcher),
        "Utilities": Utilities(world),
        "Session": Session(world),
    }
    return found | {name: Refused(name, _WHY.get(name, "")) for name in _REFUSED}
