"""Google on this computer without sockets, and the line to it: each request counted, one of them hit by a fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httplib2

from crm_builder.local import access, oauth
from crm_builder.local.errors import ApiError
from crm_builder.local.exchange import Answer, refusal, request_of
from crm_builder.local.transport import LocalTransport
from tests.google.faulty import Time

Answered = tuple[httplib2.Response, bytes]
FOR_EVER = float("inf")


class Cloud:
    """What the server of `serve` does with a request: the token service, the check of the token, the workspace."""

    def __init__(self, transport: LocalTransport):
        self.transport = transport
        self._oauth = oauth.OAuth()

    def answer(self, uri: str, method: str, body: Any, headers: Any) -> Answered:
        content = body.encode() if isinstance(body, str) else body or b""
        request = request_of(method, uri, headers or {}, content)
        try:
            if oauth.takes(request.path):
                return answered(self._oauth.answer(request))
            access.check(request, self._oauth, False)
            return answered(self.transport.answer(request))
        except ApiError as error:
            return answered(refusal(error))


def answered(answer: Answer) -> Answered:
    return httplib2.Response({**answer.headers, "status": str(answer.status)}), answer.content


@dataclass(frozen=True)
class Fault:
    """What happens to a request. `say` answers or raises in the place of the answer, which it is given where the
    request had its effect. `lasts`: virtual seconds from its first hit on, on requests whose path has `only`; none for
    the one request.

    Faults of one `alike` are told apart by nothing above the retry.
    """

    name: str
    alike: str
    say: Callable[[str, Answered | None], Answered]
    effect: bool = False
    lasts: float = 0.0
    only: str = ""


@dataclass
class Line:
    """Stands where google.wire.Wire stands. The n-th request (from 1) is hit by the fault.

    `asked` lists (method, path); `tokens` are all that were seen; `before` is done right before
    the n-th request.
    """

    cloud: Cloud
    time: Time = field(default_factory=Time)
    n: int = 0
    fault: Fault | None = None
    before: Callable[[], object] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    hits: int = 0
    _since: float | None = None

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Answered:
        path = urlsplit(uri).path
        self.asked.append((method, path))
        given = {name.lower(): value for name, value in (headers or {}).items()}
        self.tokens.add(given.get("authorization", "").removeprefix("Bearer "))
        fault = self._fault(path)
        if fault is None:
            return self.cloud.answer(uri, method, body, headers)
        self.hits += 1
        done = self.cloud.answer(uri, method, body, headers) if fault.effect else None
        return fault.say(path, done)

    def _fault(self, path: str) -> Fault | None:
        number = len(self.asked)
        if number == self.n and self.before:
            self.before()
        if self.fault is None or number < self.n or self.fault.only not in path:
            return None
        if number == self.n:
            self._since = self.time.now
            return self.fault
        if self._since is None or self.time.now >= self._since + self.fault.lasts:
            return None
        return self.fault

    def close(self) -> None:
        """Nothing is kept open."""
