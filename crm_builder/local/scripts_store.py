"""Script projects, their versions and deployments among the documents of a workspace."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from .errors import not_found

if TYPE_CHECKING:
    from .workspace import Workspace

Json = dict[str, Any]
_PROJECT = "script"
_OF_A_SCRIPT = (  # kinds that a script's id is added to; the second line is what its runs keep (runtime/)
    *("script_version", "script_files", "script_deployment"),
    *("script_properties", "script_cache", "script_locks", "script_triggers", "script_state", "script_consents"),
)


def new_script_id() -> str:
    """57 characters that fit in a URL, as the service's own ids."""
    return "1" + secrets.token_urlsafe(42)[:56]


def new_deployment_id() -> str:
    return "AKfycb" + secrets.token_urlsafe(51)[:67]


def load(workspace: Workspace, id: str) -> Json:
    """The project with its files and the id of its head deployment. ApiError 404 where there is none."""
    found = workspace.document(_PROJECT, id)
    if found is None:
        raise not_found()
    return found


def save(workspace: Workspace, project: Json) -> None:
    workspace.put_document(_PROJECT, project["scriptId"], project)


def bound(workspace: Workspace, parent: str) -> list[Json]:
    """The projects that are bound to a file, with their files."""
    return [one for one in workspace.documents(_PROJECT).values() if one["parentId"] == parent]


def copy_projects(workspace: Workspace, source: str, target: str) -> None:
    """A copied spreadsheet has copies of its scripts, with neither versions nor deployments of theirs (documented)."""
    now = workspace.stamp()
    for project in bound(workspace, source):
        own = {"scriptId": new_script_id(), "head": new_deployment_id(), "parentId": target}
        save(workspace, {**project, **own, "createTime": now, "updateTime": now})


def drop_projects(workspace: Workspace, parent: str) -> None:
    """A deleted spreadsheet takes its scripts along."""
    for project in bound(workspace, parent):
        for kind in (f"{kind}/{project['scriptId']}" for kind in _OF_A_SCRIPT):
            for id in workspace.documents(kind):
                workspace.drop_document(kind, id)
        workspace.drop_document(_PROJECT, project["scriptId"])


def versions(workspace: Workspace, script: str) -> list[Json]:
    """The versions without their files, the oldest first."""
    return list(workspace.documents(f"script_version/{script}").values())


def version(workspace: Workspace, script: str, number: int) -> Json:
    """One version without its files. ApiError 404 where there is none."""
    found = workspace.document(f"script_version/{script}", _sorted(number))
    if found is None:
        raise not_found()
    return found


def version_files(workspace: Workspace, script: str, number: int) -> list[Json]:
    """The files of a version. ApiError 404 where there is none."""
    found = workspace.document(f"script_files/{script}", _sorted(number))
    if found is None:
        raise not_found()
    return found


def save_version(workspace: Workspace, made: Json, files: list[Json]) -> None:
    script, id = made["scriptId"], _sorted(made["versionNumber"])
    workspace.put_document(f"script_version/{script}", id, made)
    workspace.put_document(f"script_files/{script}", id, files)


def deployments(workspace: Workspace, script: str) -> list[Json]:
    """The versioned deployments, by their ids."""
    return list(workspace.documents(f"script_deployment/{script}").values())


def save_deployment(workspace: Workspace, made: Json) -> None:
    workspace.put_document(f"script_deployment/{made['deploymentConfig']['scriptId']}", made["deploymentId"], made)


def drop_deployment(workspace: Workspace, script: str, id: str) -> None:
    workspace.drop_document(f"script_deployment/{script}", id)


def _sorted(number: int) -> str:
    """Documents come in the order of their ids."""
    return f"{number:05d}"
