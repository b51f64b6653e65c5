"""The script of one spreadsheet, run as Google would: by people, by edits, by time, by pages and by the web."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from crm_builder.errors import RunError

from ..permissions import OWNER_EMAIL
from . import events, gmail, locks, quotas, schedule
from .bridge import milliseconds
from .fetch import Fetcher
from .html import HtmlOutput, TextOutput
from .limits import Kill, Limits
from .outcome import Outcome
from .process import Process, shared
from .project import Script, load
from .run import STATE, run
from .triggers import TRIGGERS
from .world import World

if TYPE_CHECKING:
    from ..workspace import Workspace

Json = dict[str, Any]
Event = Callable[[World], Sequence[Any]]
_CONSENTS = "script_consents"  # user → the scopes agreed to
_UNASKED = "Authorization is required to perform that action."
_EXHAUSTED = "Service using too much computer time for one day"
_NO_ANSWER = "The script completed but did not return anything."
_UNSUPPORTED = "The script completed but the returned value is not a supported return type."


class Runtime:
    """Runs the script that is bound to a spreadsheet, on a clock of its own that only runs and advance() move.

    `user` is who sits at the sheet; `answers` are given to the script's questions, one after the other, then `ask` is
    asked; `kill` stops the next run that comes to that call; `meanwhile` maps numbers of calls to what others do just
    before them, once. Mails go to the folder `outbox` as files; None leaves it at Outcome.mails.
    All that is kept lies in the workspace, so that another Runtime goes on from there.
    """

    def __init__(
        self,
        workspace: Workspace,
        spreadsheet_id: str,
        *,
        clock: datetime,
        outbox: Path | None,
        user: str = OWNER_EMAIL,
        owner: str = OWNER_EMAIL,
        limits: Limits | None = None,
        kill: Kill | None = None,
        answers: Sequence[Any] = (),
        ask: Callable[[Json], Any] | None = None,
        meanwhile: Mapping[int, Callable[[], None]] | None = None,
        fetcher: Fetcher | None = None,
        seed: int = 0,
        process: Process | None = None,
    ):
        self.workspace, self.spreadsheet_id, self.outbox = workspace, spreadsheet_id, outbox
        self.user, self.owner, self.fetcher, self.seed = user, owner, fetcher, seed
        self.limits = limits or Limits()
        self.kill = kill
        self.answers = list(answers)
        self.ask = ask
        self.selected: tuple[str, Sequence[str]] | None = None  # a sheet's title, and ranges: ('Leads', ['A2:C3'])
        self.meanwhile = dict(meanwhile or {})
        self._clock = clock.astimezone(UTC)
        self._process = process or shared()
        self._under_way: list[World] = []
        self._moment: tuple[Any, datetime] | None = None
        self._zone = ZoneInfo(workspace.book(spreadsheet_id).doc["properties"].get("timeZone", "Etc/GMT"))

    # -- the clock -------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The virtual instant, of the run that is under way where there is one."""
        return self._under_way[-1].now() if self._under_way else self._clock

    def wait_until(self, moment: datetime) -> None:
        """Moves the clock without firing anything; never back."""
        self._clock = max(self._clock, moment.astimezone(UTC))

    def _instant(self) -> datetime:
        """The instant of the workspace: the same all day, as formulas would be computed anew with every other one."""
        day = self.now.astimezone(self._zone).date()
        if self._moment is None or self._moment[0] != day:
            self._moment = (day, self.now)
        return self._moment[1]

    # -- what runs -------------------------------------------------------------------------------------------------

    @property
    def script(self) -> Script:
        """The script as it is now. RunError where there is none."""
        return load(self.workspace, self.spreadsheet_id)

    def run(self, function: str, *arguments: Any, event: Event | None = None, authorization: str = "full") -> Outcome:
        """Runs a function as its user does from the menu, who then has consented to what the manifest asks for."""
        if authorization == "full":
            self._consent()
        return self._run(function, event or (lambda world: arguments), authorization=authorization)

    def open(self) -> Outcome:
        """Opens the spreadsheet: its onOpen runs, if it has one."""
        return self._simple("onOpen", lambda world: [events.open_event(world)], entry="open")

    def edit(self, sheet: str, a1: str, values: Any, *, user: str | None = None) -> Outcome:
        """Types into cells as a person does (events.type_in); onEdit runs, and what triggers were made for edits.

        Gives what became of onEdit; `then` holds the others.
        """
        self.workspace.clock = self._instant
        with self.workspace.request():
            edit = events.type_in(self.workspace.book(self.spreadsheet_id), sheet, a1, values)
        who = user or self.user
        outcome = self._simple("onEdit", lambda world: [events.edit_event(world, edit)], entry="edit", user=who)
        then = [
            self._triggered(id, told, lambda world, id=id: [events.edit_event(world, edit, id)], "edit")
            for id, told in self.triggers().items()
            if told["event"] == "ON_EDIT"
        ]
        return replace(outcome, then=tuple(then))

    def call_page(self, function: str, *arguments: Any, web: bool = False) -> Outcome:
        """google.script.run of a page, or of the web app's: there anybody may ask, and its owner is who runs it.

        What it returns must be plain: neither dates nor objects of services pass.
        """
        script = load(self.workspace, self.spreadsheet_id, deployed=web)
        if function.endswith("_") or function not in script.functions:
            return Outcome(error=f"Exception: Script function not found: {function}")
        if web:
            outcome = self._run(function, lambda world: arguments, script=script, entry="web", user=self.owner)
        else:
            self._consent()
            outcome = self._run(function, lambda world: arguments, entry="page")
        return (
            outcome if outcome.error or _is_plain(outcome.value) else replace(outcome, value=None, error=_UNSUPPORTED)
        )

    def get(self, parameters: Mapping[str, str | Sequence[str]] | None = None) -> Outcome:
        """Opens the web app. `value` is an HtmlOutput or TextOutput; both have `content`."""
        return self._web("doGet", parameters or {}, None)

    def post(
        self, parameters: Mapping[str, str | Sequence[str]] | None = None, body: str | Mapping[str, str] = ""
    ) -> Outcome:
        """Posts to the web app: a form's fields, which become parameters too, or a text, also one of JSON."""
        if isinstance(body, str):
            kind = "application/json" if body[:1] in ("{", "[") else "text/plain"
            return self._web("doPost", parameters or {}, {"contents": body, "type": kind})
        form = {"contents": urlencode(dict(body)), "type": "application/x-www-form-urlencoded"}
        return self._web("doPost", {**(parameters or {}), **body}, form)

    def _web(self, function: str, parameters: Mapping[str, str | Sequence[str]], body: Json | None) -> Outcome:
        script = load(self.workspace, self.spreadsheet_id, deployed=True)
        if function not in script.functions:
            return Outcome(error=f"Exception: Script function not found: {function}")
        pairs = [
            (name, value)
            for name, given in parameters.items()
            for value in ([given] if isinstance(given, str) else given)
        ]
        event = events.web_event(pairs, urlencode(pairs), body)
        outcome = self._run(function, lambda world: [event], script=script, entry="web", user=self.owner)
        if outcome.error or isinstance(outcome.value, HtmlOutput | TextOutput):
            return outcome
        return replace(outcome, value=None, error=_NO_ANSWER if outcome.value is None else _UNSUPPORTED)

    # -- triggers --------------------------------------------------------------------------------------------------

    def triggers(self) -> dict[str, Json]:
        """The script's triggers by id: {function, event, user, plan, next}, in the order they were made."""
        found = self.workspace.documents(f"{TRIGGERS}/{self.script.id}")
        return dict(sorted(found.items(), key=lambda item: item[1]["made"]))

    def advance(self, to: datetime) -> list[tuple[datetime, str, Outcome]]:
        """Lets time pass: fires what is due on the way, in its order. A moment that was missed is not made up for."""
        fired = []
        while True:
            due = [
                (datetime.fromisoformat(told["next"]), id, told)
                for id, told in self.triggers().items()
                if told["event"] == "CLOCK"
            ]
            moment, id, told = min(due, key=lambda one: one[:2], default=(None, "", {}))
            if moment is None or moment > to:
                break
            self.wait_until(moment)
            began = self.now
            self._plan_next(id, told, moment)
            event = lambda world, id=id: [events.time_event(world, id)]  # noqa: E731 - as the other events
            fired.append((began, told["function"], self._triggered(id, told, event, "time")))
        self.wait_until(to)
        return fired

    def _plan_next(self, id: str, told: Json, fired: datetime) -> None:
        """Before the run, so that a trigger whose run fails here fires again all the same."""
        kind = f"{TRIGGERS}/{self.script.id}"
        following = schedule.following(told["plan"], fired, self.now)
        self.workspace.clock = self._instant
        with self.workspace.request():
            if following is None:
                self.workspace.drop_document(kind, id)
            else:
                self.workspace.put_document(kind, id, {**told, "next": following.isoformat()})

    def _triggered(self, id: str, told: Json, event: Event, entry: str) -> Outcome:
        """One run of an installable trigger: as who made it, while the day's time lasts and no new scope is asked."""
        script, user = self.script, told["user"]
        agreed = set(self.workspace.document(f"{_CONSENTS}/{script.id}", user) or ())
        if script.scopes is not None and not script.scopes <= agreed:
            return Outcome(error=_UNASKED)
        if quotas.used(self.workspace, quotas.TRIGGERS, user, self.now) >= self.limits.triggers_a_day_ms:
            return Outcome(error=_EXHAUSTED)
        began = self.now
        outcome = self._run(told["function"], event, entry=entry, user=user)
        with self.workspace.request():
            quotas.use(self.workspace, quotas.TRIGGERS, user, began, outcome.elapsed_ms)
        return outcome

    # -- one run ---------------------------------------------------------------------------------------------------

    def _simple(self, function: str, event: Event, *, entry: str, user: str | None = None) -> Outcome:
        if function not in self.script.functions:
            return Outcome()
        return self._run(function, event, authorization="limited", entry=entry, user=user)

    def _run(
        self,
        function: str,
        event: Event,
        *,
        script: Script | None = None,
        authorization: str = "full",
        entry: str = "menu",
        user: str | None = None,
    ) -> Outcome:
        self.workspace.clock = self._instant
        script = script or self.script
        # Kept with the run, so that no two runs of a script have the same id and the same chance.
        number: int = (self.workspace.document(f"{STATE}/{script.id}", "runs") or 0) + 1
        world = World(
            self.workspace,
            self.spreadsheet_id,
            script.document,
            user=user or self.user,
            owner=self.owner,
            clock=self.now,
            time_zone=script.time_zone,
            authorization=authorization,
            entry=entry,
            limits=self.limits,
            random=Random(f"{self.seed}/{self.spreadsheet_id}/{number}"),
            kill=self.kill,
            granted=script.scopes,
            answers=deque(self.answers),
            ask=self.ask,
            meanwhile=self.meanwhile,
            run_number=number,
            selected=self.selected,
        )
        outer = self._under_way[-1] if self._under_way else None
        self.meanwhile = {}
        self._under_way.append(world)
        try:
            outcome = run(
                world, script, function, event, process=self._process, outbox=self.outbox, fetcher=self.fetcher
            )
        finally:
            self._under_way.pop()
            self.answers = list(world.answers)
        if self.kill is not None and world.number == self.kill.at and outcome.ended:
            self.kill = None
        if outer is None:
            self.wait_until(world.now())
        return outcome

    def _consent(self) -> None:
        script = self.script
        kind, asked = f"{_CONSENTS}/{script.id}", sorted(script.scopes or ())
        if self.workspace.document(kind, self.user) != asked:
            self.workspace.clock = self._instant
            with self.workspace.request():
                self.workspace.put_document(kind, self.user, asked)

    # -- the world outside -------------------------------------------------------------------------------------------

    def receive(self, sender: str, subject: str, text: str, *, date: datetime | None = None, to: str = "") -> str:
        """A mail arrives in the inbox of whom the script runs for; gives its id."""
        when = milliseconds((date or self.now).astimezone(UTC))
        message = {"from": sender, "to": to or self.owner, "subject": subject, "text": text, "date": when}
        with self.workspace.request():
            return gmail.receive(self.workspace, to or self.owner, message)

    def hold_lock(self, until: datetime, scope: str = "document") -> None:
        """Another run holds the lock ("document", "script" or "user:ADDRESS") until then."""
        with self.workspace.request():
            held = {"holder": "somebody else", "until": milliseconds(until)}
            self.workspace.put_document(f"{locks.LOCKS}/{self.script.id}", scope, held)

    def properties(self, scope: str = "script") -> dict[str, str]:
        """What the script keeps, to look at."""
        return dict(self.workspace.document(f"script_properties/{self.script.id}", scope) or {})

    def shown_page(self, outcome: Outcome) -> HtmlOutput:
        """The last dialog or sidebar of a run. RunError where it showed none."""
        found = [one for one in outcome.shown if one.get("kind") in ("dialog", "sidebar")]
        if not found:
            raise RunError("The run showed no page.")
        page: HtmlOutput = found[-1]["page"]
        return page


def _is_plain(value: Any) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True
