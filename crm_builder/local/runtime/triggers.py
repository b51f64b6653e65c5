"""ScriptApp: triggers of the script among the documents of the workspace, and where its web app is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import schedule
from .objects import Choice, Enum, Scripted, ScriptError, method, mismatch
from .project import web_address
from .world import World

if TYPE_CHECKING:
    from .project import Script

Json = dict[str, Any]
TRIGGERS = "script_triggers"
_SCOPE = ("https://www.googleapis.com/auth/script.scriptapp",)
_TOO_MANY = "This script has too many triggers. Triggers must be deleted from the script before more can be added."
_MINUTES = (1, 5, 10, 15, 30)
_HOURS = (1, 2, 4, 6, 8, 12)
_SPREADSHEET_EVENTS = {
    "onOpen": "ON_OPEN",
    "onEdit": "ON_EDIT",
    "onChange": "ON_CHANGE",
    "onFormSubmit": "ON_FORM_SUBMIT",
}

AUTH_MODES = Enum("AuthMode", "NONE", "CUSTOM_FUNCTION", "LIMITED", "FULL")
_EVENTS = Enum("EventType", "CLOCK", "ON_OPEN", "ON_EDIT", "ON_FORM_SUBMIT", "ON_CHANGE", "ON_EVENT_UPDATED")
_SOURCES = Enum("TriggerSource", "SPREADSHEETS", "CLOCK", "FORMS", "DOCUMENTS", "CALENDAR")
_STATUSES = Enum("AuthorizationStatus", "REQUIRED", "NOT_REQUIRED")
_WEEKDAYS = Enum("Weekday", *schedule.WEEKDAYS)


def stored(world: World) -> dict[str, Json]:
    """The triggers of all users, by id, in the order they were made."""
    found = world.workspace.documents(world.kind(TRIGGERS))
    return dict(sorted(found.items(), key=lambda item: item[1]["made"]))


class Trigger(Scripted):
    """A trigger; `told` is its document: {function, event, user, made, plan, next}."""

    type = "Trigger"
    service = "ScriptApp"

    def __init__(self, id: str, told: Json):
        self.id, self.told = id, told

    @method
    def getUniqueId(self) -> str:
        return self.id

    @method
    def getHandlerFunction(self) -> str:
        return str(self.told["function"])

    @method
    def getEventType(self) -> Choice:
        return _EVENTS[self.told["event"]]

    @method
    def getTriggerSource(self) -> Choice:
        return _SOURCES["CLOCK" if self.told["event"] == "CLOCK" else "SPREADSHEETS"]

    @method
    def getTriggerSourceId(self) -> str | None:
        source: str | None = self.told.get("source")
        return source


def _made(world: World, told: Json) -> Trigger:
    own = [one for one in stored(world).values() if one["user"] == world.user]
    if len(own) >= world.limits.triggers:
        raise ScriptError(_TOO_MANY)
    id = str(world.random.randrange(10**17, 10**18))
    made = {**told, "user": world.user, "made": world.now().isoformat()}
    world.keep(TRIGGERS, id, made)
    return Trigger(id, made)


class ClockTriggerBuilder(Scripted):
    type = "ClockTriggerBuilder"
    service = "ScriptApp"
    scopes = _SCOPE
    limited = False

    def __init__(self, world: World, function: str):
        self._world, self._function = world, function
        self._plan: Json = {"zone": world.time_zone}

    def _every(self, name: str, unit: str, number: Any, allowed: tuple[int, ...] = ()) -> ClockTriggerBuilder:
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise mismatch(self, name, [number])
        if allowed and number not in allowed:
            listed = ", ".join(map(str, allowed[:-1])) + f" or {allowed[-1]}"
            raise ScriptError(f"The value you passed to {name} was invalid. It must be one of {listed}.")
        self._plan.update(every=unit, number=number)
        return self

    @method
    def everyMinutes(self, number: int) -> ClockTriggerBuilder:
        return self._every("everyMinutes", "minutes", number, _MINUTES)

    @method
    def everyHours(self, number: int) -> ClockTriggerBuilder:
        return self._every("everyHours", "hours", number, _HOURS)

    @method
    def everyDays(self, number: int) -> ClockTriggerBuilder:
        return self._every("everyDays", "days", number)

    @method
    def everyWeeks(self, number: int) -> ClockTriggerBuilder:
        return self._every("everyWeeks", "weeks", number)

    @method
    def onWeekDay(self, day: Choice) -> ClockTriggerBuilder:
        self._plan = {"every": "weeks", "number": 1, **self._plan, "weekday": day.text()}
        return self

    @method
    def onMonthDay(self, day: int) -> ClockTriggerBuilder:
        if not 1 <= day <= 31:
            raise ScriptError("Day of month must be between 1 and 31.")
        self._plan.update(every="months", number=1, month_day=day)
        return self

    @method
    def atHour(self, hour: int) -> ClockTriggerBuilder:
        if not 0 <= hour <= 23:
            raise ScriptError("Hour must be between 0 and 23.")
        self._plan["hour"] = hour
        return self

    @method
    def nearMinute(self, minute: int) -> ClockTriggerBuilder:
        if not 0 <= minute <= 59:
            raise ScriptError("Minute must be between 0 and 59.")
        self._plan["minute"] = minute
        return self

    @method
    def inTimezone(self, zone: str) -> ClockTriggerBuilder:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ScriptError(f"Invalid argument: {zone}") from error
        self._plan["zone"] = zone
        return self

    @method
    def after(self, milliseconds: float) -> ClockTriggerBuilder:
        self._plan.update(every="once", at=(self._world.now() + timedelta(milliseconds=milliseconds)).isoformat())
        return self

    @method
    def at(self, moment: datetime) -> ClockTriggerBuilder:
        self._plan.update(every="once", at=moment.isoformat())
        return self

    @method
    def create(self) -> Trigger:
        if "every" not in self._plan:
            raise ScriptError("The trigger must be configured with a frequency before it can be created.")
        due, plan = schedule.first(self._plan, self._world.now(), self._world.random)
        told = {"function": self._function, "event": "CLOCK", "plan": plan, "next": due.isoformat()}
        return _made(self._world, told)


class SpreadsheetTriggerBuilder(Scripted):
    type = "SpreadsheetTriggerBuilder"
    service = "ScriptApp"
    scopes = _SCOPE
    limited = False

    def __init__(self, world: World, function: str):
        self._world, self._function = world, function
        self._event: str | None = None

    def _on(self, event: str) -> SpreadsheetTriggerBuilder:
        self._event = event
        return self

    @method
    def onOpen(self) -> SpreadsheetTriggerBuilder:
        return self._on("ON_OPEN")

    @method
    def onEdit(self) -> SpreadsheetTriggerBuilder:
        return self._on("ON_EDIT")

    @method
    def onChange(self) -> SpreadsheetTriggerBuilder:
        return self._on("ON_CHANGE")

    @method
    def onFormSubmit(self) -> SpreadsheetTriggerBuilder:
        return self._on("ON_FORM_SUBMIT")

    @method
    def create(self) -> Trigger:
        if self._event is None:
            raise ScriptError("The trigger must be configured with an event before it can be created.")
        told = {"function": self._function, "event": self._event, "source": self._world.spreadsheet_id}
        return _made(self._world, told)


class TriggerBuilder(Scripted):
    type = "TriggerBuilder"
    service = "ScriptApp"
    scopes = _SCOPE
    limited = False

    def __init__(self, world: World, function: str):
        self._world, self._function = world, function

    @method
    def timeBased(self) -> ClockTriggerBuilder:
        return ClockTriggerBuilder(self._world, self._function)

    @method
    def forSpreadsheet(self, sheet: Any) -> SpreadsheetTriggerBuilder:
        """`sheet`: the spreadsheet or its id; only the script's own is there."""
        if isinstance(sheet, str) and sheet != self._world.spreadsheet_id:
            raise ScriptError("The local run knows no spreadsheet but the script's own.")
        return SpreadsheetTriggerBuilder(self._world, self._function)


class Service(Scripted):
    """The script as a web app."""

    type = "Service"
    service = "ScriptApp"

    def __init__(self, world: World):
        self._world = world

    @method
    def getUrl(self) -> str | None:
        """What is published, to the web app alone; all else is told an address that only editors can open
        (pablofelip.online/apps-script-web-app-url-v8)."""
        address = web_address(self._world.workspace, self._world.project)
        if address is None or self._world.entry == "web":
            return address
        return f"https://script.google.com/macros/s/{self._world.project['scriptId']}/dev"

    @method
    def isEnabled(self) -> bool:
        return web_address(self._world.workspace, self._world.project) is not None


class AuthorizationInfo(Scripted):
    type = "AuthorizationInfo"
    service = "ScriptApp"

    def __init__(self, world: World):
        self._world = world

    @method
    def getAuthorizationStatus(self) -> Choice:
        return _STATUSES["NOT_REQUIRED" if self._world.authorization == "full" else "REQUIRED"]

    @method
    def getAuthorizationUrl(self) -> str | None:
        return None


class ScriptApp(Scripted):
    type = "ScriptApp"
    scopes = _SCOPE
    limited = False
    constants: ClassVar[Mapping[str, Any]] = {
        "AuthMode": AUTH_MODES,
        "AuthorizationStatus": _STATUSES,
        "EventType": _EVENTS,
        "TriggerSource": _SOURCES,
        "WeekDay": _WEEKDAYS,
    }

    def __init__(self, world: World, script: Script):
        self._world, self._script = world, script
        self._service = Service(world)

    @method
    def newTrigger(self, function: str) -> TriggerBuilder:
        if not isinstance(function, str):
            raise mismatch(self, "newTrigger", [function])
        return TriggerBuilder(self._world, function)

    @method
    def getProjectTriggers(self) -> list[Trigger]:
        """Those of the user who runs the script; nobody sees another's (documented)."""
        return [Trigger(id, told) for id, told in stored(self._world).items() if told["user"] == self._world.user]

    @method
    def getUserTriggers(self, sheet: Any) -> list[Trigger]:
        return [one for one in self.getProjectTriggers() if one.told["event"] != "CLOCK"]

    @method
    def deleteTrigger(self, trigger: Trigger) -> None:
        if not isinstance(trigger, Trigger):
            raise mismatch(self, "deleteTrigger", [trigger])
        if trigger.id not in stored(self._world):
            raise ScriptError(
                "Unexpected error while getting the method or property deleteTrigger on object ScriptApp."
            )
        self._world.workspace.drop_document(self._world.kind(TRIGGERS), trigger.id)

    @method(scopes=())
    def getService(self) -> Service:
        return self._service

    @method(scopes=())
    def getScriptId(self) -> str:
        return self._script.id

    @method(scopes=())
    def getAuthorizationInfo(self, mode: Choice) -> AuthorizationInfo:
        return AuthorizationInfo(self._world)

    @method(scopes=(), limited=True)
    def getOAuthToken(self) -> str:
        raise ScriptError("ScriptApp.getOAuthToken is not part of the local run: there is no account behind it.")
