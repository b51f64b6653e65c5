"""A budget of requests a minute that several clients share: whoever would go beyond it waits for its turn."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left, insort
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crm_builder.google.client import Http

Kind = Literal["reads", "writes"]
Tell = Callable[[str], object]
MINUTE = 60.0
_NOTICED = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests a minute: of a project, and of each of its users. The defaults are those that Google publishes."""

    reads: int = 300
    writes: int = 300
    user_reads: int = 60
    user_writes: int = 60

    def of(self, kind: Kind) -> tuple[int, int]:
        return (self.reads, self.user_reads) if kind == "reads" else (self.writes, self.user_writes)


class Window:
    """The times of one kind of requests, past and promised: never more than `limit` of them within a minute."""

    def __init__(self, limit: int, minute: float = MINUTE):
        if limit < 1:
            raise ValueError("a budget of nothing would never let anything pass")
        self.limit, self.minute = limit, minute
        self._times: list[float] = []

    def allows(self, when: float) -> bool:
        """Whether one more at that time keeps every minute around it within the limit."""
        times, at = self._times, bisect_left(self._times, when)
        for first in range(max(at - self.limit, 0), at + 1):
            last = first + self.limit - 1
            if last >= len(times):
                return True
            if max(times[last], when) < min(times[first], when) + self.minute:
                return False
        return True

    def openings(self, now: float) -> list[float]:
        """When it may allow one more, if it does not now: each time that something leaves the minute."""
        return [time + self.minute for time in self._times if time + self.minute > now]

    def take(self, when: float, now: float) -> None:
        insort(self._times, when)
        del self._times[: bisect_left(self._times, now - self.minute)]


class Budget:
    """Gives each request the earliest time that is still free for it, in the order in which they ask.

    A promised time is never taken away, so nobody starves; a user whose own limit is used up holds up nobody else.
    What wraps an http object of `over`, such as a retry, has each of its attempts counted.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        minute: float = MINUTE,
    ):
        self.limits = limits or Limits()
        self._clock, self._sleep, self._minute = clock, sleep, minute
        self._turn = threading.Lock()
        self._windows: dict[tuple[Kind, str | None], Window] = {}  # None: the project's own

    def wait(self, kind: Kind, user: str = "", tell: Tell = lambda text: None) -> float:
        """Returns when the request may go; answers how long it waited. Whatever `sleep` raises passes through.

        `tell` is told of a wait that one notices.
        """
        with self._turn:
            start = self._clock()
            when = self._promise(kind, user, start)
        if when - start >= _NOTICED:
            tell(f"{self.limits.of(kind)[1]} {kind} a minute are allowed; going on in {when - start:.0f} s")
        while (left := when - self._clock()) > 0:
            self._sleep(left)
        return when - start

    def over(self, http: Http, user: str = "", tell: Tell = lambda text: None) -> Http:
        """An http object whose requests wait for their turn."""
        return _Waiting(self, http, user, tell)

    def _promise(self, kind: Kind, user: str, now: float) -> float:
        project, own = self.limits.of(kind)
        windows = (self._window((kind, None), project), self._window((kind, user), own))
        times = [now, *sorted({when for window in windows for when in window.openings(now)})]
        when = next(one for one in times if all(window.allows(one) for window in windows))
        for window in windows:
            window.take(when, now)
        return when

    def _window(self, key: tuple[Kind, str | None], limit: int) -> Window:
        return self._windows.setdefault(key, Window(limit, self._minute))


class _Waiting:
    def __init__(self, budget: Budget, http: Http, user: str, tell: Tell):
        self._budget, self._http, self._user, self._tell = budget, http, user, tell

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        self._budget.wait(kind_of(method, headers), self._user, self._tell)
        return self._http.request(uri, method=method, body=body, headers=headers, **more)


def kind_of(method: str, headers: Mapping[str, str] | None) -> Kind:
    """A GET that is too long for an address is sent as a POST, and says so in a header."""
    given = {name.lower(): value for name, value in (headers or {}).items()}
    return "reads" if given.get("x-http-method-override", method).upper() == "GET" else "writes"
