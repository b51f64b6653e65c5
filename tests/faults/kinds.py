"""Every way in which Google and the network fail, as its answers say it."""

from __future__ import annotations

import json
from typing import Any

import httplib2

from crm_builder.google.wire import Unanswered, Unsent
from tests.faults.cloud import FOR_EVER, Answered, Fault

_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
MINUTES, HOURS = 180.0, 7200.0  # seconds
_LINK = "https://console.developers.google.com/apis/api/x/overview?project=1"


def _said(status: int, error: Any, headers: dict[str, str] | None = None) -> Answered:
    content = error if isinstance(error, bytes) else json.dumps({"error": error}).encode()
    return httplib2.Response({"status": str(status), "content-type": "application/json", **(headers or {})}), content


def _refused(
    status: int, word: str, reason: str, message: str, headers: dict[str, str] | None = None, **more: str
) -> Any:
    """Drive says the reason in a list, the other services in their details."""

    known = {"service": "x.googleapis.com", **{key: text for key, text in more.items() if key != "info"}}
    details = [{"@type": _INFO, "reason": more["info"], "metadata": known}] if more else []

    def say(path: str, answer: Answered | None) -> Answered:
        error: dict[str, Any] = {"code": status, "message": message}
        if "/drive/" in path:
            error["errors"] = [{"domain": "global", "reason": reason, "message": message}]
        else:
            error |= {"status": word, "details": details}
        return _said(status, error, headers)

    return say


def _plain(status: int, body: bytes = b"<html>error</html>") -> Any:
    return lambda path, answer: _said(status, body)


def _raised(error: type[OSError], text: str) -> Any:
    def say(path: str, answer: Answered | None) -> Answered:
        raise error(text)

    return say


def _content(change: Any) -> Any:
    def say(path: str, answer: Answered | None) -> Answered:
        assert answer is not None
        response, content = answer
        return response, change(content)

    return say


def _slow(path: str, answer: Answered | None) -> Answered:
    raise Unanswered("no answer came in time")


_RATE = "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute per user'."
_QUOTA = _refused(429, "RESOURCE_EXHAUSTED", "userRateLimitExceeded", _RATE)
_LATER = _refused(429, "RESOURCE_EXHAUSTED", "userRateLimitExceeded", _RATE, {"retry-after": "30"})
_INTERNAL = _refused(500, "INTERNAL", "internalError", "Internal error encountered.")
_AWAY = _refused(503, "UNAVAILABLE", "backendError", "The service is currently unavailable.")
_TOKEN = _refused(401, "UNAUTHENTICATED", "authError", "Request had invalid authentication credentials.")
_NO_SCOPE = _refused(
    403, "PERMISSION_DENIED", "insufficientPermissions", "Request had insufficient authentication scopes.",
    info="ACCESS_TOKEN_SCOPE_INSUFFICIENT",
)  # fmt: skip
_OFF = _refused(
    403, "PERMISSION_DENIED", "accessNotConfigured", "Google Drive API has not been used in project 1 before or it is disabled.",
    info="SERVICE_DISABLED", activationUrl=_LINK,
)  # fmt: skip
_SWITCH = _refused(
    403, "PERMISSION_DENIED", "forbidden",
    "User has not enabled the Apps Script API. Enable it by visiting https://script.google.com/home/usersettings then retry.",
)  # fmt: skip

# (name, alike, …): those that are alike reach everything above the retry in the same way.
ALL = (
    Fault("429", "refused once", _QUOTA),
    Fault("429 that says when", "refused once", _LATER),
    Fault("403 of a user's rate", "refused once", _refused(403, "PERMISSION_DENIED", "userRateLimitExceeded", _RATE, info="RATE_LIMIT_EXCEEDED")),
    Fault("401 once", "refused once", _TOKEN),
    Fault("not sent", "refused once", _raised(Unsent, "connection refused")),
    Fault("a quota that is used up for minutes", "refused once", _QUOTA, lasts=MINUTES),
    Fault("no network for half a minute", "refused once", _raised(Unsent, "no route"), lasts=30),
    Fault("a quota that is used up for hours", "refused for hours", _QUOTA, lasts=HOURS),
    Fault("no network for hours", "refused for hours", _raised(Unsent, "no route"), lasts=HOURS),
    Fault("500 before the effect", "lost before", _INTERNAL),
    Fault("502 of a proxy", "lost before", _plain(502)),
    Fault("503 before the effect", "lost before", _AWAY),
    Fault("reset before the effect", "lost before", _raised(Unanswered, "Connection reset by peer")),
    Fault("500 after the effect", "lost after", _INTERNAL, effect=True),
    Fault("503 after the effect", "lost after", _AWAY, effect=True),
    Fault("reset after the effect", "lost after", _raised(Unanswered, "Connection reset by peer"), effect=True),
    Fault("an answer that is too slow", "lost after", _slow, effect=True),
    Fault("truncated JSON", "lost after", _content(lambda content: content[: len(content) // 2]), effect=True),
    Fault("invalid JSON", "lost after", _content(lambda content: b"<html>Please log in to this network</html>"), effect=True),
    Fault("503 for a minute, before the effect", "lost for long, before", _AWAY, lasts=60),
    Fault("503 for hours, before the effect", "lost for hours, before", _AWAY, lasts=HOURS),
    Fault("503 for hours, after the effect", "lost for hours, after", _AWAY, lasts=HOURS, effect=True),
    Fault("401 for good", "final", _TOKEN, lasts=FOR_EVER),
    Fault("403 of a scope", "final", _NO_SCOPE, lasts=FOR_EVER),
    Fault("403 of an API that is off", "final", _OFF, lasts=FOR_EVER),
    Fault("403 of the Apps Script switch", "script final", _SWITCH, lasts=FOR_EVER, only="/v1/projects"),
    Fault("403 of a scope for scripts", "script final", _NO_SCOPE, lasts=FOR_EVER, only="/v1/projects"),
    Fault("403 of a full Drive", "final", _refused(403, "PERMISSION_DENIED", "storageQuotaExceeded", "The user's Drive storage quota has been exceeded."), lasts=FOR_EVER),
    Fault("403 of a domain", "final", _refused(403, "PERMISSION_DENIED", "domainPolicy", "The domain administrators have disabled Drive apps."), lasts=FOR_EVER),
    Fault("403 of a day", "final", _refused(403, "PERMISSION_DENIED", "dailyLimitExceeded", "Daily Limit Exceeded"), lasts=FOR_EVER),
    Fault("403 of that one request", "final once", _refused(403, "PERMISSION_DENIED", "forbidden", "The caller does not have permission")),
    Fault("404 of that one request", "final once", _refused(404, "NOT_FOUND", "notFound", "Requested entity was not found.")),
    Fault("400 of that one request", "final once", _refused(400, "INVALID_ARGUMENT", "badRequest", "Invalid request")),
)  # fmt: skip
BY_NAME = {one.name: one for one in ALL}
