"""The clients of a fleet, each planned or brought up to date by itself, whatever becomes of the others."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_builder import deploy
from crm_builder import deployment as deployments
from crm_builder.deploy.build import is_built, look_up
from crm_builder.deploy.observe import state_of
from crm_builder.deployment import GOOGLE, LOCAL
from crm_builder.errors import CrmError, ProblemsError
from crm_builder.fleet.clients import Fleet, FleetClient
from crm_builder.fleet.files import write_description
from crm_builder.fleet.guard import Guarded, ScriptLimit, Stopped, waiting
from crm_builder.fleet.result import Result, State
from crm_builder.google import Budget, Client, Http
from crm_builder.plan import Delete
from crm_builder.project import Project
from crm_builder.sheets import check_call

Open = Callable[..., AbstractContextManager[Any]]  # as deploy.open_target
_DONE: dict[str, State] = {
    "created": "created", "finished": "finished", "unchanged": "as described", "changed": "changed",
    "refused": "refused",
}  # fmt: skip


@dataclass
class Run:
    """One run over a fleet. `stop` ends it: requests under way are finished, further ones are not sent.

    `account` is for clients that name none of their own. `budget` is shared by all clients; None where what answers has
    no limit.
    `tell` is told of longer waits, by the client's thread.
    """

    fleet: Fleet
    clock: datetime | None = None
    budget: Budget | None = None
    yes: bool = False
    target: str = LOCAL
    account: str = ""
    tell: Callable[[str], object] = lambda text: None
    stop: threading.Event = field(default_factory=threading.Event)
    open_target: Open = deploy.open_target
    limit: ScriptLimit = field(default_factory=ScriptLimit)

    def plan(self, client: FleetClient) -> Result:
        """What `apply` would do to the client."""
        return self._safely(client, self._plan)

    def apply(self, client: FleetClient) -> Result:
        """Makes the client's CRM, finishes it, or carries out its plan."""
        return self._safely(client, self._apply)

    def _safely(self, client: FleetClient, work: Callable[[Result], None]) -> Result:
        result = Result(client, "not begun", target=self.target)
        if self.stop.is_set():
            return result
        try:
            work(result)
        except Stopped:
            result.state = "stopped"
        except ProblemsError as error:
            result.state = "failed"
            told = client.explained(error.problems)
            result.reason = f"{error.title}: " + "; ".join(str(problem) for problem in told)
        except (CrmError, OSError) as error:
            result.state, result.reason = "failed", _reason(error)
        except Exception as error:  # a bug that one client meets must not stop the others; its trace is reported
            result.state, result.reason = "failed", f"{type(error).__name__}: {error}"
            result.trace = traceback.format_exc()
        return result

    def _plan(self, result: Result) -> None:
        client = result.client
        project = self._project(client)
        result.state = "to be created"
        if self.target == LOCAL and not _was_made(client.folder):
            return  # looking would make a workspace
        with self._opened(project, result) as http:
            rest = Client(http, check_call)
            found = look_up(project, rest, deployments.load(client.folder, self.target))
            if found is None:
                return
            state = state_of(project, rest, found)
            if not is_built(project, state):
                result.state = "to be finished"
                return
            prepared = deploy.prepare(project, rest, found, state=state)
            result.plan, result.beside = prepared.plan, prepared.beside
            result.told = tuple(prepared.beside.notes) if prepared.beside else ()
            if not prepared.plan.empty:
                result.stays = deploy.cells_that_stay(rest, found, prepared)
        result.state = "to be changed" if prepared.changes else "refused" if prepared.plan.refusals else "as described"

    def _apply(self, result: Result) -> None:
        project = self._project(result.client)

        def agree(prepared: deploy.Prepared) -> bool:
            result.plan, result.beside = prepared.plan, prepared.beside
            if (going := _going(prepared)) and not self.yes:
                raise CrmError(f"{going}; nothing was changed, say --yes if that is meant")
            return True

        with self._opened(project, result) as http:
            outcome = deploy.up(project, http, sample_data=False, clock=self.clock, tell=lambda text: None, agree=agree)
        result.plan, result.told, result.click = outcome.plan, outcome.told, outcome.click
        result.address = outcome.address if self.target == GOOGLE else ""
        result.state = _DONE[outcome.status]
        if outcome.applied:
            result.snapshot = outcome.applied.snapshot
            if outcome.applied.left:
                result.state = "failed"
                result.reason = "it reads back otherwise than planned: " + "; ".join(outcome.applied.left[:5])

    def _project(self, client: FleetClient) -> Project:
        """LoginError where the client's account is not logged in. Its crm.toml is written, if need be."""
        project = self.fleet.project(client)
        write_description(client, self.fleet.file)
        asked = client.account or self.account or self.fleet.account
        account = deploy.chosen_account(client.folder, self.target, asked or None)
        return project.on(self.target, account)

    @contextmanager
    def _opened(self, project: Project, result: Result) -> Iterator[Http]:
        """What answers for the client, for one thread. The budget counts each attempt of a connection to Google."""
        google = self.target == GOOGLE
        more: dict[str, Any] = {"budget": self.budget, "sleep": waiting(self.stop)} if google else {}

        def tell(text: str) -> None:
            self.tell(f"{result.client.key}: {text}")

        opened = self.open_target(project.folder, self.clock, self.target, project.account, tell, **more)
        with opened as http:
            guarded = Guarded(http, result, self.stop, self.limit, project.account)
            yield guarded if google or not self.budget else self.budget.over(guarded)


def _was_made(folder: Path) -> bool:
    """Whether a CRM on this computer was at least begun."""
    return (folder / deployments.FOLDER / "workspace").exists() or deployments.path_of(folder, LOCAL).exists()


def _going(prepared: deploy.Prepared) -> str:
    """What a plan takes away from people: cells that they filled, and access; empty for nothing."""
    cells = sum(change.cells for change in prepared.plan.changes if isinstance(change, Delete))
    leaving = prepared.beside.leaving if prepared.beside else ()
    words = f"{cells:,} cell{'s' if cells != 1 else ''} that people filled would be deleted" if cells else ""
    people = f"{', '.join(leaving)} would lose access" if leaving else ""
    return "; ".join(part for part in (words, people) if part)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__
