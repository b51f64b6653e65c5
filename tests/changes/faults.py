"""What can go wrong between us and the service, as http objects around another one."""

from __future__ import annotations

from typing import Any, Literal

Json = dict[str, Any]
_SAFE = "GET"


class Killed(BaseException):
    """The process is gone: nothing that runs in it may catch this and go on."""


class Counting:
    """Counts the requests: `calls` lists (method, address), `writes` the numbers (from 1) of those that change something."""

    def __init__(self, http: Any):
        self.http = http
        self.calls: list[tuple[str, str]] = []

    @property
    def count(self) -> int:
        return len(self.calls)

    @property
    def writes(self) -> list[int]:
        return [number for number, (method, _) in enumerate(self.calls, 1) if method != _SAFE]

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        self.calls.append((_method(method, headers), uri))
        return self.http.request(uri, method=method, body=body, headers=headers, **more)


class KillAfter(Counting):
    """Raises Killed at the n-th request (from 1), before or after it took effect; every later one raises as well."""

    def __init__(self, http: Any, n: int, when: Literal["before", "after"] = "after"):
        super().__init__(http)
        self.n, self.when = n, when

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        if self.count >= self.n or (self.count + 1 == self.n and self.when == "before"):
            raise Killed(f"before request {self.n}")
        answer = super().request(uri, method, body, headers, **more)
        if self.count == self.n:
            raise Killed(f"after request {self.n}")
        return answer


class LoseAnswer(Counting):
    """The n-th request (from 1) takes effect, but its answer never comes: TimeoutError, as a socket gives it."""

    def __init__(self, http: Any, n: int):
        super().__init__(http)
        self.n = n

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        answer = super().request(uri, method, body, headers, **more)
        if self.count == self.n:
            raise TimeoutError("The read operation timed out")
        return answer


class Meanwhile(Counting):
    """Does something once, right before the n-th request (from 1): what somebody else does at the same time."""

    def __init__(self, http: Any, n: int, action: Any):
        super().__init__(http)
        self.n, self.action = n, action

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        if self.count + 1 == self.n and self.action is not None:
            action, self.action = self.action, None
            action()
        return super().request(uri, method, body, headers, **more)


def _method(method: str, headers: Any) -> str:
    """A GET that is too long for an address is sent as a POST."""
    given = {str(name).lower(): value for name, value in (headers or {}).items()}
    return given.get("x-http-method-override", method)
