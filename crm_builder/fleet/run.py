"""The clients of a fleet side by side: each planned or brought up to date by itself, whatever becomes of the others."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Literal

from crm_builder import deploy
from crm_builder import deployment as deployments
from crm_builder.deploy.build import is_built
from crm_builder.deploy.observe import state_of
from crm_builder.errors import CrmError, ProblemsError
from crm_builder.fleet.clients import Fleet, FleetClient
from crm_builder.fleet.files import write_description
from crm_builder.google import Budget, Client, Http, kind_of
from crm_builder.plan import Delete, Plan
from crm_builder.sheets import check_call
from crm_builder.sheets.progress import marked_batches

Open = Callable[[Path, datetime | None], AbstractContextManager[Any]]
State = Literal[
    "as described", "to be created", "to be finished", "to be changed",
    "created", "finished", "changed", "refused", "failed", "stopped", "not begun",
]  # fmt: skip
PENDING: tuple[State, ...] = ("to be created", "to be finished", "to be changed", "refused")
BROKEN: tuple[State, ...] = ("failed", "stopped", "not begun")
_DONE: dict[str, State] = {
    "created": "created", "finished": "finished", "unchanged": "as described", "changed": "changed",
    "refused": "refused",
}  # fmt: skip


class Stopped(Exception):
    """The run was asked to end; no further request is sent."""


@dataclass
class Result:
    """What became of one client. `trace` is there only for a bug."""

    client: FleetClient
    state: State
    reason: str = ""
    plan: Plan | None = None
    stays: int | None = None
    snapshot: Path | None = None
    trace: str = ""
    reads: int = 0
    writes: int = 0


@dataclass
class Run:
    """One run over a fleet. `stop` ends it: requests under way are finished, further ones are not sent.

    `budget` is shared by all clients; None where what answers has no limit.
    """

    fleet: Fleet
    clock: datetime | None = None
    budget: Budget | None = None
    yes: bool = False
    stop: threading.Event = field(default_factory=threading.Event)
    open_target: Open = deploy.open_target

    def plan(self, client: FleetClient) -> Result:
        """What `apply` would do to the client."""
        return self._safely(client, self._plan)

    def apply(self, client: FleetClient) -> Result:
        """Makes the client's CRM, finishes it, or carries out its plan."""
        return self._safely(client, self._apply)

    def _safely(self, client: FleetClient, work: Callable[[Result], None]) -> Result:
        result = Result(client, "not begun")
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
        project = self.fleet.project(client)
        write_description(client, self.fleet.file)
        found = deployments.load(client.folder, deploy.LOCAL)
        if found is None or not found.spreadsheet_id:
            result.state = "to be created"
            return
        with self.open_target(client.folder, self.clock) as http:
            rest = Client(self._over(http, result), check_call)
            state = state_of(project, rest, found)
            if not is_built(marked_batches(state.get("developerMetadata", ()))):
                result.state = "to be finished"
                return
            prepared = deploy.prepare(project, rest, found, state=state)
            result.plan = prepared.plan
            if prepared.plan.empty:
                result.state = "as described"
                return
            result.stays = deploy.cells_that_stay(rest, found, prepared)
        result.state = "to be changed" if prepared.plan.changes else "refused"

    def _apply(self, result: Result) -> None:
        client = result.client
        project = self.fleet.project(client)
        write_description(client, self.fleet.file)

        def agree(prepared: deploy.Prepared) -> bool:
            result.plan = prepared.plan
            cells = sum(change.cells for change in prepared.plan.changes if isinstance(change, Delete))
            if cells and not self.yes:
                raise CrmError(f"{cells} cells that people filled would be deleted; say --yes if that is meant")
            return True

        with self.open_target(client.folder, self.clock) as http:
            outcome = deploy.up(
                project,
                self._over(http, result),
                sample_data=False,
                clock=self.clock,
                tell=lambda text: None,
                agree=agree,
            )
        result.plan = outcome.plan
        result.state = _DONE[outcome.status]
        if outcome.applied:
            result.snapshot = outcome.applied.snapshot
            if outcome.applied.left:
                result.state = "failed"
                result.reason = "it reads back otherwise than planned: " + "; ".join(outcome.applied.left[:5])

    def _over(self, http: Http, result: Result) -> Http:
        guarded = _Guarded(http, result, self.stop)
        return self.budget.over(guarded) if self.budget else guarded


class _Guarded:
    """Counts the requests of one client, and sends none once the run is to end."""

    def __init__(self, http: Http, result: Result, stop: threading.Event):
        self._http, self._result, self._stop = http, result, stop

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        if self._stop.is_set():
            raise Stopped
        kind = kind_of(method, headers)
        setattr(self._result, kind, getattr(self._result, kind) + 1)
        return self._http.request(uri, method=method, body=body, headers=headers, **more)


def waiting(stop: threading.Event) -> Callable[[float], None]:
    """A sleep for a Budget that ends with Stopped as soon as the run is to end."""

    def sleep(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopped

    return sleep


def side_by_side(
    clients: Sequence[FleetClient],
    work: Callable[[FleetClient], Result],
    *,
    jobs: int,
    stop: threading.Event,
    done: Callable[[Result], None],
    interrupted: Callable[[], None] = lambda: None,
) -> list[Result]:
    """The result of every client, in their order. `done` is called with each as it comes, in this thread.

    At Ctrl-C the requests under way are finished and no others are sent; at a second one it ends at once.
    """
    _ = Client(_Nothing(), check_call).values  # the services are made once, before all threads would make them
    results: dict[str, Result] = {}  # filled by the threads: a Ctrl-C in this one loses none of them
    begun: set[str] = set()
    told: set[str] = set()
    finished: SimpleQueue[str | BaseException] = SimpleQueue()

    def one(client: FleetClient) -> None:
        begun.add(client.key)
        try:
            results[client.key] = work(client)
            finished.put(client.key)
        except BaseException as error:
            begun.discard(client.key)
            finished.put(error)

    def tell(key: str) -> None:
        if key in results and key not in told:
            told.add(key)
            done(results[key])

    with ThreadPoolExecutor(max(1, min(jobs, len(clients))), "client") as pool:
        try:
            for client in clients:
                pool.submit(one, client)
            for _ in clients:
                found = _next(finished)
                if isinstance(found, BaseException):
                    raise found
                tell(found)
        except BaseException as error:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            if not isinstance(error, KeyboardInterrupt):
                raise
            interrupted()
            while begun - results.keys():  # the pool may not know of a thread that it was just starting
                finished.get()
    for client in clients:
        tell(client.key)
    return [results.get(client.key) or Result(client, "not begun") for client in clients]


def _next(queue: SimpleQueue[Any]) -> Any:
    """What the queue gives next. Looks up now and then: a Ctrl-C that reaches another thread wakes this one not."""
    while True:
        with suppress(Empty):
            return queue.get(timeout=0.5)


class _Nothing:
    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        raise TypeError("nothing answers here")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__
