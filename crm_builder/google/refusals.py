"""What an answer that is no success says, in whichever of Google's forms, and what kind of fault it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["quota", "service", "network", "credentials", "final"]
# quota: refused before anything was done, passes within minutes. service: it may or may not have been done, passes.
# network: the connection failed. credentials: refused before anything was done; a fresh token may help. final: no use.

UNAUTHORIZED = 401
_FORBIDDEN, _TOO_MANY, _ABORTED = 403, 429, 409
_PASSING = frozenset({408, 500, 502, 503, 504})
# Drive counts on 403, Sheets on 429; the limits of a day, of sharing and of storage do not pass within minutes.
_RATES = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_LONG = frozenset({"dailyLimitExceeded", "dailyLimitExceededUnreg", "sharingRateLimitExceeded", "storageQuotaExceeded"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """`code` is the status word, or the first reason where there is none. `unit` is the quota's, e.g. "1/min/…"."""

    status: int
    code: str = ""
    message: str = ""
    reasons: frozenset[str] = frozenset()
    link: str = ""
    service: str = ""
    unit: str = ""

    @property
    def kind(self) -> Kind:
        if self.status == UNAUTHORIZED:
            return "credentials"
        if self.status == _TOO_MANY or (self.status == _FORBIDDEN and self.reasons & _RATES):
            return "final" if self.reasons & _LONG or self.unit.startswith("1/d") else "quota"
        if self.status in _PASSING or (self.status == _ABORTED and self.code == "ABORTED"):
            return "service"
        return "final"


def refusal(status: int, content: bytes) -> Refusal:
    """Reads {"error": {code, message, status, details}} of the newer services and {"error": {errors, …}} of Drive."""
    try:
        return _read(status, json.loads(content)["error"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return Refusal(status, "", content.decode(errors="replace")[:200].strip())


def _read(status: int, error: Mapping[str, Any]) -> Refusal:
    listed = [str(one.get("reason", "")) for one in error.get("errors", ())]
    word, details = str(error.get("status", "")), list(error.get("details", ()))
    info = next((one for one in details if str(one.get("@type", "")).endswith("ErrorInfo")), {})
    known = info.get("metadata") or {}
    reasons = {one for one in (*listed, str(info.get("reason", "")), word) if one}
    return Refusal(
        status,
        word or next(iter(listed), ""),
        str(error.get("message", "")),
        frozenset(reasons),
        _link(details, error, known),
        str(known.get("service", "")),
        str(known.get("quota_unit", "")),
    )


def _link(details: list[Mapping[str, Any]], error: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """The page that Google itself names for mending it."""
    for one in details:
        for link in one.get("links", ()):
            return str(link.get("url", ""))
    for one in error.get("errors", ()):
        if one.get("extendedHelp"):
            return str(one["extendedHelp"])
    return str(known.get("activationUrl", ""))
