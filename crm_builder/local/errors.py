"""The errors of the local side: refusals in Google's own form, and the word for a damaged store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_builder.errors import WorkspaceError

_BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"

_STATUS = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
}


class ApiError(Exception):
    """A request that is refused: the whole request is rolled back and `body()` is its answer.

    status is the HTTP status, code Google's status word, details the optional list of google.rpc details.
    """

    def __init__(self, status: int, code: str, message: str, details: list[dict[str, Any]] | None = None):
        self.headers: dict[str, str] = {}  # of the answer, beside the usual ones
        self.reasons: list[dict[str, str]] = []  # errors[] as Drive has them, beside the newer form
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        super().__init__(f"{status} {code}: {message}")

    def body(self) -> dict[str, Any]:
        """Google's error body: {"error": {code, message, status[, details]}}."""
        error: dict[str, Any] = {"code": self.status, "message": self.message, "status": self.code}
        if self.reasons:
            error["errors"] = self.reasons
        if self.details:
            error["details"] = self.details
        return {"error": error}


class DriveError(ApiError):
    """A Drive refusal; Drive's bodies carry errors[] with domain and reason and no status word (recorded)."""

    def __init__(self, status: int, reason: str, message: str, location: str = "", location_type: str = "parameter"):
        super().__init__(status, "", message)
        self.reason = reason
        self.location = location
        self.location_type = location_type

    def body(self) -> dict[str, Any]:
        one = {"domain": "global", "reason": self.reason, "message": self.message}
        if self.location:
            one |= {"locationType": self.location_type, "location": self.location}
        return {"error": {"errors": [one], "code": self.status, "message": self.message}}


class Damaged(WorkspaceError):
    """What the store holds is not what was written; the message says what. Store.transaction adds file and remedy."""


def refuse(code: str, message: str) -> ApiError:
    """An error by Google's status word, e.g. refuse("NOT_FOUND", "…")."""
    return ApiError(_STATUS[code], code, message)


def invalid(message: str) -> ApiError:
    """400 INVALID_ARGUMENT without details."""
    return refuse("INVALID_ARGUMENT", message)


def bad_fields(violations: Sequence[tuple[str, str]], message: str = "") -> ApiError:
    """400 INVALID_ARGUMENT with one fieldViolation for each (field, description); the message lists the descriptions.

    A field "" is left out, as recorded for an unknown name at the top of a body.
    """
    listed = [{"field": field, "description": text} if field else {"description": text} for field, text in violations]
    details = [{"@type": _BAD_REQUEST, "fieldViolations": listed}]
    return ApiError(400, "INVALID_ARGUMENT", message or "\n".join(text for _, text in violations), details)


def not_found() -> ApiError:
    """404 as recorded for a spreadsheet that does not exist."""
    return refuse("NOT_FOUND", "Requested entity was not found.")


def not_shared() -> ApiError:
    """403 as recorded for a spreadsheet of another account."""
    return refuse("PERMISSION_DENIED", "The caller does not have permission")
