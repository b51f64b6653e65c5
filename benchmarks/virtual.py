"""A clock for threads that mostly wait: while all of them wait it jumps ahead, while any works it runs as ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any


class Clock:
    """Seconds since it was made: those that passed, and those that were jumped over.

    So many `threads` share `tasks` among them; each says `finished` after one. Work takes the time that it takes,
    waiting takes none.
    """

    def __init__(self, threads: int, tasks: int):
        self._start = time.perf_counter()
        self._jumped = 0.0
        self._awake = min(threads, tasks)
        self._waiting_tasks = tasks - self._awake
        self._turn = threading.Condition()
        self._sleepers: list[list[float]] = []  # [when to wake] of each

    def now(self) -> float:
        return time.perf_counter() - self._start + self._jumped

    def sleep(self, seconds: float) -> None:
        with self._turn:
            sleeper = [self.now() + seconds]
            self._sleepers.append(sleeper)
            self._awake -= 1
            self._jump()
            while (left := sleeper[0] - self.now()) > 0:
                self._turn.wait(left)
            self._sleepers = [one for one in self._sleepers if one is not sleeper]
            self._awake += 1

    def finished(self) -> None:
        """A thread is done with a task: it takes the next one, or ends where there is none."""
        with self._turn:
            if self._waiting_tasks:
                self._waiting_tasks -= 1
            else:
                self._awake -= 1
                self._jump()

    def _jump(self) -> None:
        if self._awake or not self._sleepers:
            return
        ahead = min(one[0] for one in self._sleepers) - self.now()
        if ahead > 0:
            self._jumped += ahead
        self._turn.notify_all()


class Slow:
    """An http object whose answers take so many seconds on the way."""

    def __init__(self, http: Any, clock: Clock, seconds: float):
        self._http, self._clock, self._seconds = http, clock, seconds

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        answer = self._http.request(uri, method=method, body=body, headers=headers, **more)
        self._clock.sleep(self._seconds)
        return answer


@contextmanager
def slowed(opened: AbstractContextManager[Any], clock: Clock, seconds: float) -> Iterator[Slow]:
    """The http object of one task, slowed; the task is finished when it is closed."""
    try:
        with opened as http:
            yield Slow(http, clock, seconds)
    finally:
        clock.finished()
