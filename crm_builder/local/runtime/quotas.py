"""What a user may still do today: counted from the first use on, for 24 hours (as the service documents it)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .bridge import milliseconds

if TYPE_CHECKING:
    from datetime import datetime

    from ..workspace import Workspace

_DAY_MS = 86_400_000
MAIL = "mail_recipients"  # recipients, over all scripts of a user
TRIGGERS = "trigger_time"  # milliseconds, over all triggers of a user


def used(workspace: Workspace, what: str, user: str, now: datetime) -> float:
    """How much the user has used of it in the day that is running."""
    found = workspace.document(f"quota/{what}", user)
    if found is None or milliseconds(now) - found["since"] >= _DAY_MS:
        return 0
    amount: float = found["used"]
    return amount


def use(workspace: Workspace, what: str, user: str, now: datetime, amount: float) -> None:
    so_far = used(workspace, what, user, now)
    since = workspace.document(f"quota/{what}", user)["since"] if so_far else milliseconds(now)
    workspace.put_document(f"quota/{what}", user, {"since": since, "used": so_far + amount})
