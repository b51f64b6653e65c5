"""The surroundings of one run, handed to every service: whose run it is, its clock, its pending writes, what it did."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import ApiError
from .limits import Kill, Limits
from .objects import RunEnded, Scripted, ScriptError

if TYPE_CHECKING:
    from ..book import Book
    from ..workspace import Workspace
    from .outbox import Mail

Json = dict[str, Any]
Write = Callable[["Book"], None]
T = TypeVar("T")
TOO_LONG = "Exceeded maximum execution time"


@dataclass(eq=False)
class World:
    """One run. The whole of it is one transaction of the workspace, which the Runtime holds open: services call neither
    request() nor transaction(), they read by book() and write by write() or change()."""

    workspace: Workspace
    spreadsheet_id: str
    project: Json  # the script's document (scripts_store)
    user: str  # the address of who runs it
    owner: str  # of who owns script and spreadsheet
    clock: datetime  # aware; the virtual instant
    time_zone: str  # of the manifest
    authorization: str = "full"  # "full", "limited" (a simple trigger), "none"
    entry: str = "menu"  # what started it: "menu", "page", "open", "edit", "time", "web"
    limits: Limits = field(default_factory=Limits)
    random: Random = field(default_factory=Random)
    kill: Kill | None = None
    granted: frozenset[str] | None = None  # the scopes of the manifest; None where it names none: then all are
    answers: deque[Any] = field(default_factory=deque)  # what people answer to ui.alert and ui.prompt, the next first
    ask: Callable[[Json], Any] | None = None  # gives the answer where none of those is left
    meanwhile: Mapping[int, Callable[[], None]] = field(default_factory=dict)  # call number → what happens just before
    number: int = 0  # of the call under way, from 1
    buffer: list[Write] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    log: list[str] = field(default_factory=list)
    shown: list[Any] = field(default_factory=list)  # dicts: {"kind": "alert" | "prompt" | "dialog" | "sidebar" | …}
    sent: list[Mail] = field(default_factory=list)
    services: Mapping[str, Scripted] = field(default_factory=dict)  # the globals of the script, by name
    run_number: int = 1  # no other run of the script has it
    selected: tuple[str, Sequence[str]] | None = None  # a sheet's title and the ranges that people have selected there

    def __post_init__(self) -> None:
        self.started = self.clock
        self.answers = deque(self.answers)

    @property
    def id(self) -> str:
        """The run's own name, as the holder of a lock and in the names of mails."""
        return f"run{self.run_number:06d}"

    # -- the clock -------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        return self.clock

    @property
    def elapsed_ms(self) -> float:
        return (self.clock - self.started).total_seconds() * 1000

    def spend(self, milliseconds: float) -> None:
        """Lets time pass. RunEnded where the run may take no longer."""
        most = self.limits.simple_ms if self.authorization != "full" else self.limits.run_ms
        if self.elapsed_ms + milliseconds > most:
            self.clock = self.started + timedelta(milliseconds=most)
            raise RunEnded(TOO_LONG)
        self.clock += timedelta(milliseconds=milliseconds)

    # -- calls -----------------------------------------------------------------------------------------------------

    def count(self, name: str) -> None:
        """Notes a call ("Range.getValues") before it takes effect. RunEnded where the run dies here."""
        self.number += 1
        happens = self.meanwhile.get(self.number)
        if happens is not None:
            happens()
        if self.kill is not None and self.number == self.kill.at:
            raise RunEnded(f"killed before call {self.number}, {name}")
        self.calls[name] += 1
        self.spend(self.limits.cost(name))

    # -- the spreadsheet -------------------------------------------------------------------------------------------

    def write(self, change: Write) -> None:
        """Notes a change of the spreadsheet, carried out at the next flush: before anything is read, at
        SpreadsheetApp.flush() or at the end of the run. What can be checked beforehand is the caller's to check."""
        self.buffer.append(change)

    def flush(self) -> None:
        """Carries out what was noted. ScriptError where the workspace refuses; what was noted after that is lost."""
        if not self.buffer:
            return
        book = self.workspace.book(self.spreadsheet_id)
        pending = self.buffer
        self.buffer = []
        for change in pending:
            self._do(change, book)

    def book(self) -> Book:
        """The spreadsheet to read from, with all that was written before; recalculate() before effective values."""
        self.flush()
        return self.workspace.book(self.spreadsheet_id)

    def change(self, change: Callable[[Book], T]) -> T:
        """Carries a change out at once, after what was noted, and gives its result. ScriptError as flush()."""
        return self._do(change, self.book())

    def _do(self, change: Callable[[Book], T], book: Book) -> T:
        try:
            return change(book)
        except ApiError as error:
            raise ScriptError(error.message) from error

    def keeps_buffer(self, ended: bool) -> bool:
        """Whether what was not flushed is kept; `ended`: the run did not come to its end by itself."""
        if not ended:
            return True
        was_killed = self.kill is not None and self.number == self.kill.at
        return self.kill.keep_buffer if was_killed and self.kill is not None else self.limits.keep_buffer

    # -- documents -------------------------------------------------------------------------------------------------

    def document(self, kind: str, id: str, otherwise: Any) -> Any:
        """What is kept of this script: kinds are the script's own, so that a copy of it begins with nothing."""
        found = self.workspace.document(self.kind(kind), id)
        return otherwise if found is None else found

    def keep(self, kind: str, id: str, document: Any) -> None:
        self.workspace.put_document(self.kind(kind), id, document)

    def kind(self, kind: str) -> str:
        return f"{kind}/{self.project['scriptId']}"

    # -- people ----------------------------------------------------------------------------------------------------

    def need_interface(self, call: str) -> None:
        """ScriptError where nobody looks at the sheet: in time triggers and in the web app (the service's text)."""
        if self.entry in ("time", "web"):
            raise ScriptError(f"Cannot call {call} from this context.")

    def answer(self, asked: Json) -> Any:
        """What people answer to a question: what was given beforehand, else what they say now; None: nobody answers."""
        if self.answers:
            return self.answers.popleft()
        return self.ask(asked) if self.ask else None
