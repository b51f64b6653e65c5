"""Where a CRM lives: what answers its REST calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from crm_builder import deployment, lock
from crm_builder.deployment import FOLDER, GOOGLE, LOCAL
from crm_builder.google import Budget, Http

Tell = Callable[[str], object]


def open_target(
    folder: Path,
    clock: datetime | None,
    target: str = LOCAL,
    account: str = "",
    tell: Tell = lambda text: None,
    *,
    budget: Budget | None = None,
    sleep: Callable[[float], object] = time.sleep,
) -> AbstractContextManager[Http]:
    """The http object that answers for the CRM of a folder, as a context manager.

    WorkspaceError where another process is at it from the same folder; LoginError where the account cannot be used.
    `tell` is told of each longer wait. The clock is that of a local workspace; Google has its own. `budget`: what
    several connections to Google share; their waits are `sleep`'s.
    """
    if target == GOOGLE:
        return _google(folder, account, tell, budget, sleep)
    from crm_builder.local.transport import open_workspace  # late: only commands that need it pay for it

    return open_workspace(folder / FOLDER / "workspace", clock)


@contextmanager
def _google(
    folder: Path, account: str, tell: Tell, budget: Budget | None, sleep: Callable[[float], object]
) -> Iterator[Http]:
    from crm_builder.google import connect

    home = deployment.home(folder, GOOGLE)
    home.mkdir(parents=True, exist_ok=True)
    held = lock.take(home / "lock", f"the CRM of {folder.resolve()} on Google")
    try:
        with connect(account or None, tell=tell, budget=budget, sleep=sleep) as http:
            yield http
    finally:
        lock.release(held)


def chosen_target(folder: Path, asked: str | None, account: str | None = None) -> str:
    """The target that was asked for; else the one that the folder has a CRM on; else Google for who is logged in."""
    if asked or account:
        return asked or GOOGLE
    return deployment.used_target(folder) or (GOOGLE if _logged_in() else LOCAL)


def chosen_account(folder: Path, target: str, asked: str | None) -> str:
    """The account that was asked for; else the one that the CRM was made with; "" for the default one, or none.

    LoginError where it is not logged in, or others can read what is kept of it.
    """
    if target != GOOGLE:
        return ""
    from crm_builder.google.logins import load

    found = deployment.load(folder, GOOGLE) if asked is None else None
    return load(asked or (found.account if found else None) or None).name


def _logged_in() -> bool:
    from crm_builder.errors import LoginError
    from crm_builder.google import accounts

    try:
        return bool(accounts())
    except LoginError:  # whoever wants Google is told why; a CRM on this computer needs no login
        return False
