"""What stands before each client's requests: they are counted, end with the run, and mind a limit that all meet."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from crm_builder.errors import RestError
from crm_builder.fleet.result import Result
from crm_builder.google import Http, kind_of
from crm_builder.google.refusals import refusal

_SELDOM = 30.0  # seconds
_TOO_MANY = 429
# Google's answer is that of a limit which passes within minutes ("Resource has been exhausted", rateLimitExceeded:
# github.com/google/clasp/issues/196), so each client would wait for it as long as the connection has patience.
_NO_MORE = (
    "Google makes no more scripts for this account now, and lets it make only so many a day (50 by its quota page); "
    "the spreadsheet is complete, and the next run, tomorrow, makes the script"
)


class Stopped(Exception):
    """The run was asked to end; no further request is sent."""


class ScriptLimit:
    """Whether Google refused an account another script in this run."""

    def __init__(self) -> None:
        self._struck: set[str] = set()

    def check(self, account: str) -> None:
        """RestError without a request where it would be refused once more."""
        if account in self._struck:
            raise RestError(_TOO_MANY, "RESOURCE_EXHAUSTED", "not asked again", told=_NO_MORE)

    def strike(self, account: str, error: RestError) -> RestError:
        self._struck.add(account)
        return RestError(error.status, error.code, error.message, told=_NO_MORE)


class Guarded:
    """The http object of one client. RestError as from the one below, and as ScriptLimit says; Stopped."""

    def __init__(self, http: Http, result: Result, stop: threading.Event, limit: ScriptLimit, account: str = ""):
        self._http, self._result, self._stop, self._limit, self._account = http, result, stop, limit, account

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        if self._stop.is_set():
            raise Stopped
        creates = method == "POST" and urlsplit(uri).path == "/v1/projects"
        if creates:
            self._limit.check(self._account)
        kind = kind_of(method, headers)
        setattr(self._result, kind, getattr(self._result, kind) + 1)
        try:
            answer = self._http.request(uri, method=method, body=body, headers=headers, **more)
        except RestError as error:
            if creates and error.status == _TOO_MANY:
                raise self._limit.strike(self._account, error) from None
            raise
        if creates and int(answer[0].status) == _TOO_MANY:  # the limit of a day is no error to who repeats requests
            said = refusal(_TOO_MANY, answer[1])
            raise self._limit.strike(self._account, RestError(said.status, said.code, said.message))
        return answer


def waiting(stop: threading.Event) -> Callable[[float], None]:
    """A sleep that ends with Stopped as soon as the run is to end."""

    def sleep(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopped

    return sleep


def seldom(tell: Callable[[str], object], clock: Callable[[], float] = time.monotonic) -> Callable[[str], None]:
    """Tells one of many sentences now and then: clients that share a limit all wait for it."""
    turn = threading.Lock()
    last = -_SELDOM

    def told(text: str) -> None:
        nonlocal last
        with turn:
            if clock() - last < _SELDOM:
                return
            last = clock()
        tell(text)

    return told
