"""Where a CRM lives: what answers its REST calls."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from crm_builder.deployment import FOLDER

LOCAL = "local"


def open_target(folder: Path, clock: datetime | None) -> Any:
    """The http object of the local workspace in the folder, as a context manager; WorkspaceError where it is taken."""
    from crm_builder.local.transport import open_workspace  # late: only commands that need it pay for it

    return open_workspace(folder / FOLDER / "workspace", clock)
