"""What a folder remembers of its CRM: one small file for each target, that may be lost without loss of data.

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
LOCAL, GOOGLE = "local", "google"
TARGETS = (LOCAL, GOOGLE)
_OPTIONAL = ("account", "script")


@dataclass(frozen=True, slots=True)
class Deployment:
    """`key` names the CRM for ever; `spreadsheet_id` is known once the file exists.

    `account`: the name of the Google account that owns it. `script`: the id of its bound script; "creating" while
    nobody can know whether there is one; "" where there is none.
    """

    key: str
    target: str
    spreadsheet_id: str = ""
    account: str = ""
    script: str = ""

    def with_spreadsheet(self, spreadsheet_id: str) -> Deployment:
        return replace(self, spreadsheet_id=spreadsheet_id)


def home(folder: Path, target: str = LOCAL) -> Path:
    """Where the deployment, the journal and the backups of a target lie: `.crm/`, or `.crm/google/`."""
    return folder / FOLDER if target == LOCAL else folder / FOLDER / target


def path_of(folder: Path, target: str = LOCAL) -> Path:
    return home(folder, target) / "deployment.json"


def load(folder: Path, target: str) -> Deployment | None:
    """The deployment of the folder; None where there is none yet. WorkspaceError where the file is damaged."""
    path = path_of(folder, target)
    try:
        content = json.loads(path.read_text("utf-8"))
        named = {name: content[name] for name in ("key", "target", "spreadsheet_id")}
        named |= {name: content.get(name, "") for name in _OPTIONAL}
        if not all(isinstance(part, str) and part.isprintable() for part in named.values()) or not named["key"]:
            raise ValueError("not what crm-builder wrote")
        deployment = Deployment(**named)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        way = f"move it away and run `crm-builder up --target {target}` again"
        raise WorkspaceError(f"{path} is damaged ({error}); {way}") from error
    if deployment.target != target:
        raise WorkspaceError(f"{path} belongs to the target `{deployment.target}`, not `{target}`; use another folder")
    return deployment


def used_target(folder: Path) -> str | None:
    """The target that the folder has a CRM on, the one on Google before the local one; None where it has none."""
    if path_of(folder, GOOGLE).exists():
        return GOOGLE
    return LOCAL if path_of(folder).exists() or has_workspace(folder) else None


def has_workspace(folder: Path) -> bool:
    """Whether a CRM may lie on this computer, be its deployment noted or lost."""
    return (folder / FOLDER / "workspace").is_dir()


def new(target: str, account: str = "") -> Deployment:
    return Deployment(secrets.token_hex(12), target, account=account)


def save(folder: Path, deployment: Deployment) -> None:
    """Writes the file as a whole: a kill in between leaves the former one."""
    path = path_of(folder, deployment.target)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(deployment), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
