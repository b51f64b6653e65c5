"""Waiting and asking again: for what passes, as long as it may pass, and only where a second time does no harm."""

from __future__ import annotations

import json
import random
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crm_builder.errors import LostAnswer, RestError
from crm_builder.google.client import Http
from crm_builder.google.hosts import endpoint
from crm_builder.google.messages import GAVE_UP, LOST, NO_SERVER, SILENT, TOO_LONG, UNREACHABLE, UNTRUSTED, told
from crm_builder.google.refusals import Kind, Refusal, refusal
from crm_builder.google.repeats import case_of
from crm_builder.google.wire import Unanswered, Unsent

Tell = Callable[[str], object]
_GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. The n-th wait is drawn from 0 … min(cap, first · 2ⁿ), so that many who were refused do not return at
    once; `quota`, `service` and `network` are how long a request may take in all, by what hinders it."""

    first: float = 1.0
    cap: float = 64.0
    quota: float = 600.0
    service: float = 240.0
    network: float = 60.0

    def of(self, kind: Kind) -> float:
        return {"quota": self.quota, "service": self.service}.get(kind, self.network)


@dataclass(frozen=True, slots=True)
class Fault:
    """`certain`: nothing took effect. `after` is what Retry-After asks for, in seconds."""

    kind: Kind
    refusal: Refusal
    certain: bool
    after: float = 0.0


class Retrying:
    """An http object over one that may raise Unsent and Unanswered; it raises RestError and LostAnswer in their place.

    Answers that no waiting mends are passed on as they came. Where a write's answer is lost it waits as before a
    repeat, so that a caller that looks and sends again does not hurry either.
    """

    def __init__(
        self,
        http: Http,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        random: Callable[[], float] = random.random,
        now: Callable[[], float] = time.time,
        tell: Tell = lambda text: None,
        renew: Callable[[], object] | None = None,
        patience: Patience | None = None,
    ):
        self._http, self._clock, self._sleep, self._random, self._now = http, clock, sleep, random, now
        self._tell, self._renew, self._patience = tell, renew, patience or Patience()
        self._lost = 0  # answers lost in a row

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        """The last answer. `renew` is called once where the token is refused."""
        start, turn, renewed, doubtful = self._clock(), 0, False, False
        case = case_of(method, uri, headers)
        while True:
            fault, answer = self._attempt(uri, method, body, headers, more)
            if fault is None:
                self._lost = 0
                return answer
            if doubtful and method == "DELETE" and fault.refusal.status in _GONE:
                return _done(answer)
            if fault.kind == "credentials" and self._renew is not None and not renewed:
                renewed = True
                self._renew()
                continue
            if fault.kind in ("credentials", "final"):
                return answer
            if not fault.certain and not case.repeat:
                self._lose(fault)
            doubtful = doubtful or not (fault.certain or case.reads)
            self._wait(fault, turn, start, doubtful)
            turn += 1

    def _attempt(
        self, uri: str, method: str, body: Any, headers: Any, more: Mapping[str, Any]
    ) -> tuple[Fault | None, Any]:
        try:
            response, content = self._http.request(uri, method=method, body=body, headers=headers, **more)
        except Unsent as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise RestError(0, "UNTRUSTED", str(error), told=UNTRUSTED) from None
            return Fault("network", Refusal(0, "UNSENT", str(error)), certain=True), None
        except Unanswered as error:
            return Fault("service", Refusal(0, "UNANSWERED", str(error)), certain=False), None
        answer = response, content
        if response.status < 300:
            if _is_whole(uri, response, content):
                return None, answer
            said = Refusal(int(response.status), "UNREADABLE", "the answer was cut off or is no JSON")
            return Fault("service", said, certain=False), answer
        found = refusal(int(response.status), content)
        certain = found.kind == "quota"
        return Fault(found.kind, found, certain, seconds(response.get("retry-after"), self._now())), answer

    def _wait(self, fault: Fault, turn: int, start: float, doubtful: bool) -> None:
        """RestError where the request would take longer than it may."""
        pause, passed, limit = self._pause(fault, turn), self._clock() - start, self._patience.of(fault.kind)
        if passed + pause > limit:
            said = fault.refusal
            if doubtful:
                raise LostAnswer(said.status, said.code, said.message, told=LOST)
            tried = {"tries": turn + 1, "time": _time(passed)}
            if fault.kind == "network":
                words = NO_SERVER.format(root=root) if (root := endpoint()) else UNREACHABLE.format(**tried)
            elif fault.after > limit:
                words = TOO_LONG.format(said=told(said), time=_time(fault.after))
            else:
                words = GAVE_UP.format(said=told(said) or SILENT, **tried)
            raise RestError(said.status, said.code, said.message, told=words)
        if pause >= 2:
            self._tell(f"{_WHY[fault.kind]}; going on in {_time(pause)} (for at most {_time(limit - passed)})")
        self._sleep(pause)

    def _lose(self, fault: Fault) -> None:
        pause = min(self._pause(fault, self._lost), self._patience.cap)
        self._lost += 1
        if pause >= 2:
            self._tell(f"{_WHY[fault.kind]}; looking in {_time(pause)} what became of it")
        with suppress(Exception):  # such as the end of the run: that the answer was lost is what the caller must know
            self._sleep(pause)
        said = fault.refusal
        raise LostAnswer(said.status, said.code, said.message, told=LOST)

    def _pause(self, fault: Fault, turn: int) -> float:
        own = self._random() * min(self._patience.cap, self._patience.first * 2**turn)
        # Everybody was told the same time: the jitter comes on top of it, not below.
        return fault.after + self._random() * self._patience.first if fault.after else own


_WHY = {
    "quota": "Google's limit of requests is reached",
    "service": "Google's service does not answer as it should",
    "network": "Google is not reached",
}


def seconds(header: str | None, now: float) -> float:
    """How long a Retry-After header asks to wait: a number of seconds, or an HTTP date; 0 for none or nonsense."""
    if not header:
        return 0.0
    text = header.strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.fromtimestamp(now, UTC)).total_seconds())


def _is_whole(uri: str, response: Any, content: bytes) -> bool:
    """An answer of success is JSON, but for downloads, no content and batches, whose end says that it is theirs."""
    parts = urlsplit(uri)
    if response.status == 204 or parts.path.endswith(("/export", "/revoke")):
        return True
    if parts.path.startswith("/batch"):
        said = Message()
        said["content-type"] = response.get("content-type", "")
        boundary = said.get_boundary()
        return boundary is not None and content.rstrip().endswith(f"--{boundary}--".encode())
    if parse_qs(parts.query).get("alt") == ["media"]:
        return True
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


def _done(answer: Any) -> Any:
    """The answer to a deletion that turns out to have worked the first time."""
    response, _ = answer
    response.status = 204
    response["status"] = "204"
    return response, b""


def _time(number: float) -> str:
    return f"{number:.0f} s" if number < 120 else f"{number / 60:.0f} min"
