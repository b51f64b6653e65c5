"""What a folder remembers of its CRM: one small file, `.crm/deployment.json`, that may be lost without loss of data.

The key is written before anything is created, so that a spreadsheet whose creation was interrupted is found again by
its key instead of being made a second time.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from crm_builder.errors import WorkspaceError

FOLDER = ".crm"


@dataclass(frozen=True, slots=True)
class Deployment:
    """`key` names the CRM for ever; `spreadsheet_id` is known once the file exists."""

    key: str
    target: str
    spreadsheet_id: str = ""

    def with_spreadsheet(self, spreadsheet_id: str) -> Deployment:
        return replace(self, spreadsheet_id=spreadsheet_id)


def path_of(folder: Path) -> Path:
    return folder / FOLDER / "deployment.json"


def load(folder: Path, target: str) -> Deployment | None:
    """The deployment of the folder; None where there is none yet. WorkspaceError where the file is damaged."""
    path = path_of(folder)
    try:
        content = json.loads(path.read_text("utf-8"))
        parts = [content[name] for name in ("key", "target", "spreadsheet_id")]
        if not all(isinstance(part, str) for part in parts) or not parts[0]:
            raise ValueError("not what crm-builder wrote")
        deployment = Deployment(*parts)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(f"{path} is damaged ({error}); move it away and run `crm-builder up` again") from error
    if deployment.target != target:
        raise WorkspaceError(f"{path} belongs to the target `{deployment.target}`, not `{target}`; use another folder")
    return deployment


def new(target: str) -> Deployment:
    return Deployment(secrets.token_hex(12), target)


def save(folder: Path, deployment: Deployment) -> None:
    """Writes the file as a whole: a kill in between leaves the former one."""
    path = path_of(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(deployment), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
