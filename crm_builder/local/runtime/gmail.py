"""GmailApp over an inbox of documents: searching, threads and messages, as far as a script reads replies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from .bridge import milliseconds
from .mail import send_by_gmail
from .objects import Scripted, ScriptError, method, mismatch
from .world import World

if TYPE_CHECKING:
    from ..workspace import Workspace

Json = dict[str, Any]
INBOX = "inbox"
_ALL = "https://mail.google.com/"
# Reading goes with these too, as in add-ons (developers.google.com/workspace/add-ons/concepts/gmail-scopes).
_READ = ("https://www.googleapis.com/auth/gmail.readonly", "https://www.googleapis.com/auth/gmail.modify", _ALL)
_CHANGE = ("https://www.googleapis.com/auth/gmail.modify", _ALL)
_MOST = 500  # threads of one search (documented)
_UNITS = {"d": 1, "m": 30, "y": 365}
_WORD = re.compile(r'(-?)(?:(\w+):)?("[^"]*"|\{[^}]*\}|\([^)]*\)|\S+)')


def receive(workspace: Workspace, user: str, message: Json) -> str:
    """Puts a message into somebody's inbox: {from, to, subject, text, html, date (ms)}. Its thread is that of the
    messages with the same subject, answers included. Gives its id; to be called inside a request()."""
    kind = f"{INBOX}/{user}"
    there = workspace.documents(kind)
    id = f"m{len(there) + 1:06d}"
    stem = _stem(message["subject"])
    thread = next((one["thread"] for one in there.values() if _stem(one["subject"]) == stem), f"t{id[1:]}")
    workspace.put_document(kind, id, {**message, "id": id, "thread": thread, "unread": True})
    return id


def _stem(subject: str) -> str:
    return re.sub(r"^(?:\s*(?:re|fwd?|aw|پاسخ)\s*:)+", "", subject, flags=re.IGNORECASE).strip().casefold()


def _condition(world: World, name: str, value: str) -> Callable[[Json], bool]:
    """One part of a search. ScriptError for an operator that is not known here: it would find something else."""
    text = value.strip('"').casefold()
    if name in ("from", "to", "subject"):
        return lambda one: text in str(one.get(name, "")).casefold()
    if name in ("after", "newer", "before", "older"):
        moment = _moment(world, text)
        if name in ("after", "newer"):
            return lambda one: one["date"] >= moment
        return lambda one: one["date"] < moment
    if name in ("newer_than", "older_than") and re.fullmatch(r"\d+[dmy]", text):
        moment = milliseconds(world.now() - timedelta(days=int(text[:-1]) * _UNITS[text[-1]]))
        return (lambda one: one["date"] >= moment) if name == "newer_than" else (lambda one: one["date"] < moment)
    if (name, text) in (("is", "unread"), ("is", "read")):
        return lambda one: one["unread"] is (text == "unread")
    if (name, text) in (("in", "inbox"), ("in", "anywhere"), ("category", "primary")):
        return lambda one: True
    if not name:
        return lambda one: any(text in str(one.get(part, "")).casefold() for part in ("subject", "text", "from"))
    raise ScriptError(f"The local run knows no {name}:{value} in a search of GmailApp.")


def _moment(world: World, text: str) -> float:
    """Milliseconds of a day (2026/11/22, in the script's zone) or of seconds since 1970."""
    if re.fullmatch(r"\d{9,}", text):
        return int(text) * 1000
    found = re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})", text)
    if not found:
        raise ScriptError(f"The local run knows no day {text!r} in a search of GmailApp.")
    return milliseconds(datetime(*map(int, found.groups()), tzinfo=ZoneInfo(world.time_zone)))  # type: ignore[arg-type]


class GmailMessage(Scripted):
    type = "GmailMessage"
    service = "GmailApp"
    scopes = _READ
    limited = False

    def __init__(self, app: GmailApp, id: str):
        self._app, self.id = app, id

    @property
    def _told(self) -> Json:
        return self._app.messages()[self.id]

    @method
    def getId(self) -> str:
        return self.id

    @method
    def getFrom(self) -> str:
        return str(self._told["from"])

    @method
    def getTo(self) -> str:
        return str(self._told.get("to", ""))

    @method
    def getReplyTo(self) -> str:
        return str(self._told.get("replyTo") or self._told["from"])

    @method
    def getSubject(self) -> str:
        return str(self._told["subject"])

    @method
    def getPlainBody(self) -> str:
        return str(self._told.get("text", ""))

    @method
    def getBody(self) -> str:
        return str(self._told.get("html") or self._told.get("text", ""))

    @method
    def getDate(self) -> datetime:
        return datetime.fromtimestamp(self._told["date"] / 1000, UTC)

    @method
    def isUnread(self) -> bool:
        return bool(self._told["unread"])

    @method(scopes=_CHANGE)
    def markRead(self) -> GmailMessage:
        self._app.mark([self.id], unread=False)
        return self

    @method(scopes=_CHANGE)
    def markUnread(self) -> GmailMessage:
        self._app.mark([self.id], unread=True)
        return self

    @method
    def getThread(self) -> GmailThread:
        return self._app.thread(self._told["thread"])


class GmailThread(Scripted):
    type = "GmailThread"
    service = "GmailApp"
    scopes = _READ
    limited = False

    def __init__(self, app: GmailApp, id: str):
        self._app, self.id = app, id

    def _ids(self) -> list[str]:
        """Of its messages, the oldest first."""
        told = self._app.messages()
        return sorted((id for id, one in told.items() if one["thread"] == self.id), key=lambda id: told[id]["date"])

    @method
    def getId(self) -> str:
        return self.id

    @method
    def getMessages(self) -> list[GmailMessage]:
        return [self._app.message(id) for id in self._ids()]

    @method
    def getMessageCount(self) -> int:
        return len(self._ids())

    @method
    def getFirstMessageSubject(self) -> str:
        return str(self._app.messages()[self._ids()[0]]["subject"])

    @method
    def getLastMessageDate(self) -> datetime:
        return datetime.fromtimestamp(self._app.messages()[self._ids()[-1]]["date"] / 1000, UTC)

    @method
    def isUnread(self) -> bool:
        return any(self._app.messages()[id]["unread"] for id in self._ids())

    @method(scopes=_CHANGE)
    def markRead(self) -> GmailThread:
        self._app.mark(self._ids(), unread=False)
        return self

    @method(scopes=_CHANGE)
    def markUnread(self) -> GmailThread:
        self._app.mark(self._ids(), unread=True)
        return self


class GmailApp(Scripted):
    type = "GmailApp"
    scopes = _READ
    limited = False

    def __init__(self, world: World):
        self._world = world
        self._there: Mapping[str, Json] | None = None
        self._threads: dict[str, GmailThread] = {}
        self._messages: dict[str, GmailMessage] = {}

    # What threads and messages share; no members of a script's.

    def messages(self) -> Mapping[str, Json]:
        """What had arrived when the script looked last."""
        if self._there is None:
            self._look()
        return self._there or {}

    def _look(self) -> None:
        now = milliseconds(self._world.now())
        found = self._world.workspace.documents(f"{INBOX}/{self._world.user}")
        self._there = {id: one for id, one in found.items() if one["date"] <= now}

    def thread(self, id: str) -> GmailThread:
        return self._threads.setdefault(id, GmailThread(self, id))

    def message(self, id: str) -> GmailMessage:
        return self._messages.setdefault(id, GmailMessage(self, id))

    def mark(self, ids: list[str], unread: bool) -> None:
        there = self.messages()
        for id in ids:
            self._world.workspace.put_document(f"{INBOX}/{self._world.user}", id, {**there[id], "unread": unread})
        self._look()

    @method
    def search(self, query: str, start: int = 0, most: int = _MOST) -> list[GmailThread]:
        """Threads with a message that fits, the one with the latest message first."""
        if not isinstance(query, str):
            raise mismatch(self, "search", [query])
        if most > _MOST:
            raise ScriptError(f"Argument cannot exceed {_MOST}.")
        conditions = []
        for minus, name, value in _WORD.findall(query):
            if value[0] in "{(" or value == "OR":
                raise ScriptError("The local run knows no groups and no OR in a search of GmailApp.")
            fits = _condition(self._world, name, value)
            conditions.append((lambda one, fits=fits: not fits(one)) if minus else fits)
        self._look()
        latest: dict[str, float] = {}
        found = set()
        for one in self.messages().values():
            latest[one["thread"]] = max(one["date"], latest.get(one["thread"], 0))
            if all(fits(one) for fits in conditions):
                found.add(one["thread"])
        ordered = sorted(found, key=lambda id: latest[id], reverse=True)
        return [self.thread(id) for id in ordered[start : start + most]]

    @method
    def getInboxThreads(self, start: int = 0, most: int = _MOST) -> list[GmailThread]:
        return self.search("in:inbox", start, most)

    @method
    def getMessagesForThread(self, thread: GmailThread) -> list[GmailMessage]:
        return thread.getMessages()

    @method
    def getMessagesForThreads(self, threads: list[GmailThread]) -> list[list[GmailMessage]]:
        if not isinstance(threads, list) or not all(isinstance(one, GmailThread) for one in threads):
            raise mismatch(self, "getMessagesForThreads", [threads])
        return [one.getMessages() for one in threads]

    @method
    def getMessageById(self, id: str) -> GmailMessage:
        self._look()
        if id not in self.messages():
            raise ScriptError("Not Found")
        return self.message(id)

    @method(scopes=(_ALL,))
    def sendEmail(self, *given: Any) -> None:
        send_by_gmail(self, self._world, given)
