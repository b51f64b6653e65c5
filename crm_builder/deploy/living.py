"""The script of a CRM on this computer, run here: on its own workspace, or on a copy that may be thrown away."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from crm_builder.deploy.target import open_target
from crm_builder.deployment import FOLDER, Deployment

if TYPE_CHECKING:
    from crm_builder.local.runtime import Runtime

OUTBOX = "outbox"  # beside the workspace: mails as files, since nothing leaves this computer
Ask = Callable[[dict[str, Any]], Any]


@contextmanager
def running(folder: Path, deployment: Deployment, clock: datetime, *, ask: Ask | None = None) -> Iterator[Runtime]:
    """The script of a CRM on this computer at that instant; what it does stays done, and its mails lie in the outbox.

    `ask` answers what the script asks people. RunError where there is no script or no Node.js; WorkspaceError where
    another process has the workspace.
    """
    with open_target(folder, clock) as http:
        yield _runtime(http, deployment, clock, folder / FOLDER / OUTBOX, ask)


@contextmanager
def rehearsing(folder: Path, deployment: Deployment, clock: datetime) -> Iterator[Runtime]:
    """The same on a copy: nothing of it stays."""
    with TemporaryDirectory(prefix="crm-builder-") as name:
        copy = Path(name)
        with open_target(folder, clock):  # nobody writes while it is copied
            shutil.copytree(folder / FOLDER / "workspace", copy / FOLDER / "workspace")
        with open_target(copy, clock) as http:
            yield _runtime(http, deployment, clock, None, None)


def _runtime(http: Any, deployment: Deployment, clock: datetime, outbox: Path | None, ask: Ask | None) -> Runtime:
    from crm_builder.local.runtime import Runtime  # late: no other command needs it

    return Runtime(http.workspace, deployment.spreadsheet_id, clock=clock, outbox=outbox, ask=ask)
