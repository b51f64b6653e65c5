"""A backup that people ask for: everything that is there, in one file that we never delete."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crm_builder.deploy import journal, snapshots
from crm_builder.deploy.observe import observe, state_of
from crm_builder.deployment import Deployment
from crm_builder.errors import CrmError
from crm_builder.google import Client
from crm_builder.project import Project


@dataclass(frozen=True)
class Backup:
    path: Path
    sheets: int
    cells: int  # filled ones, ours included


def backup(project: Project, client: Client, deployment: Deployment, output: Path | None, now: datetime) -> Backup:
    """Writes it to `output`, or to the backups of its home. Four calls; nothing is changed.

    CrmError where `output` is a file that is no backup.
    """
    if output is not None and output.exists():
        _check_ours(output)
    seen = observe(project, client, deployment, state_of(project, client, deployment))
    snapshot = snapshots.take(project, client, deployment, seen, now, snapshots.BACKUP)
    if output is None:
        output = snapshots.write(snapshots.folder_of(project.home), snapshot)
    else:
        snapshots.save(output, snapshot)
    journal.write(project.home, now, snapshots.BACKUP, file=str(output))
    sheets = len(snapshot.sheets) + len(snapshot.foreign)
    return Backup(output, sheets, snapshots.cells_of(snapshot))


def _check_ours(output: Path) -> None:
    try:
        snapshots.load(output)
    except CrmError as error:
        raise CrmError(f"{output} is there and is no backup, so it was left as it is; choose another name") from error
