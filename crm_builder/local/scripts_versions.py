"""Versions and deployments of a script project: what it was, and which of it others may open at which address."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import scripts_store as stored
from .errors import invalid, not_found, refuse
from .scripts_manifest import MANIFEST

if TYPE_CHECKING:
    from .routes import Call
    from .workspace import Workspace

Json = dict[str, Any]
MOST_VERSIONS = 200
MOST_DEPLOYMENTS = 20
_PAGE = 50  # of both lists, where no pageSize is given (documented)


def files_of(workspace: Workspace, project: Json, number: int) -> list[Json]:
    """The files of a version; number 0 stands for the project as it is. ApiError 404 where there is none."""
    return stored.version_files(workspace, project["scriptId"], number) if number else project["files"]


# -- versions


def _create_version(call: Call) -> Json:
    project = stored.load(call.workspace, call.path["scriptId"])
    former = stored.versions(call.workspace, project["scriptId"])
    if len(former) >= MOST_VERSIONS:
        # The text has been seen by many; which status goes with it has not.
        text = f"Cannot create more versions: Script has reached the limit of {MOST_VERSIONS} versions."
        raise refuse("FAILED_PRECONDITION", text)
    made = {
        "scriptId": project["scriptId"],
        "versionNumber": len(former) + 1,  # none is ever deleted here
        "createTime": call.workspace.stamp(),
        **({"description": call.body["description"]} if call.body.get("description") else {}),
    }
    stored.save_version(call.workspace, made, project["files"])
    return made


def _get_version(call: Call) -> Json:
    project = stored.load(call.workspace, call.path["scriptId"])
    number = call.path["versionNumber"]
    if not number.isdecimal():
        raise invalid(f"Invalid value at 'version_number' (TYPE_INT32), \"{number}\"")
    return stored.version(call.workspace, project["scriptId"], int(number))


def _list_versions(call: Call) -> Json:
    project = stored.load(call.workspace, call.path["scriptId"])
    return _page("versions", stored.versions(call.workspace, project["scriptId"]), call)


# -- deployments


def _head(project: Json) -> Json:
    """The deployment that every project has: what it is just now, for those who may edit it (documented)."""
    config = {"scriptId": project["scriptId"], "manifestFileName": MANIFEST}
    return _deployment(project["head"], config, project["updateTime"], project["files"])


def _deployment(id: str, config: Json, updated: str, files: Sequence[Json]) -> Json:
    manifest = json.loads(next(file["source"] for file in files if file["name"] == MANIFEST))
    points: list[Json] = []
    if "webapp" in manifest:
        address = f"https://script.google.com/macros/s/{id}/{'exec' if config.get('versionNumber') else 'dev'}"
        web = {"access": "MYSELF", "executeAs": "USER_DEPLOYING"} | manifest["webapp"]
        points.append({"entryPointType": "WEB_APP", "webApp": {"url": address, "entryPointConfig": web}})
    if "executionApi" in manifest:
        run = {"access": "MYSELF"} | manifest["executionApi"]
        points.append({"entryPointType": "EXECUTION_API", "executionApi": {"entryPointConfig": run}})
    made = {"deploymentId": id, "deploymentConfig": config, "updateTime": updated}
    return {**made, "entryPoints": points} if points else made


def _config(call: Call, project: Json, given: Json) -> tuple[Json, list[Json]]:
    """What a deployment is to be, with the files of its version. ApiError where there is no such version."""
    if not given.get("versionNumber") or given.get("scriptId", project["scriptId"]) != project["scriptId"]:
        raise invalid("Request contains an invalid argument.")
    if given.get("manifestFileName", MANIFEST) != MANIFEST:
        raise invalid("Request contains an invalid argument.")
    files = files_of(call.workspace, project, given["versionNumber"])
    config = {"scriptId": project["scriptId"], "versionNumber": given["versionNumber"], "manifestFileName": MANIFEST}
    return config | ({"description": given["description"]} if given.get("description") else {}), files


def _create_deployment(call: Call) -> Json:
    project = stored.load(call.workspace, call.path["scriptId"])
    config, files = _config(call, project, call.body)
    if len(stored.deployments(call.workspace, project["scriptId"])) >= MOST_DEPLOYMENTS:
        text = f"Scripts may only have up to {MOST_DEPLOYMENTS} versioned deployments at a time."
        raise refuse("FAILED_PRECONDITION", text)
    made = _deployment(stored.new_deployment_id(), config, call.workspace.stamp(), files)
    stored.save_deployment(call.workspace, made)
    return made


def _all(call: Call) -> list[Json]:
    project = stored.load(call.workspace, call.path["scriptId"])
    return [_head(project), *stored.deployments(call.workspace, project["scriptId"])]


def _found(call: Call) -> Json:
    for one in _all(call):
        if one["deploymentId"] == call.path["deploymentId"]:
            return one
    raise not_found()


def _versioned(call: Call, what: str) -> Json:
    """The deployment that is to be changed. ApiError for the head, which nobody can change."""
    found = _found(call)
    if "versionNumber" not in found["deploymentConfig"]:
        raise invalid(f"Read-only deployments may not be {what}.")
    return found


def _update_deployment(call: Call) -> Json:
    """deployments.update: another version at the same address."""
    found = _versioned(call, "modified")
    project = stored.load(call.workspace, call.path["scriptId"])
    config, files = _config(call, project, call.body.get("deploymentConfig", {}))
    made = _deployment(found["deploymentId"], config, call.workspace.stamp(), files)
    stored.save_deployment(call.workspace, made)
    return made


def _delete_deployment(call: Call) -> Json:
    stored.drop_deployment(call.workspace, call.path["scriptId"], _versioned(call, "deleted")["deploymentId"])
    return {}


def _page(name: str, items: list[Json], call: Call) -> Json:
    """One page of a list, with the token of the next where there is one."""
    size, token = call.query.get("pageSize") or _PAGE, call.query.get("pageToken", "")
    if size < 0 or (token and not token.isdecimal()):
        raise invalid("Request contains an invalid argument.")
    start = int(token or 0)
    answer: Json = {name: items[start : start + size]} if items[start:] else {}
    return answer | ({"nextPageToken": str(start + size)} if start + size < len(items) else {})


HANDLERS: Mapping[str, Callable[[Call], Any]] = {
    "script.projects.versions.create": _create_version,
    "script.projects.versions.get": _get_version,
    "script.projects.versions.list": _list_versions,
    "script.projects.deployments.create": _create_deployment,
    "script.projects.deployments.get": _found,
    "script.projects.deployments.list": lambda call: _page("deployments", _all(call), call),
    "script.projects.deployments.update": _update_deployment,
    "script.projects.deployments.delete": _delete_deployment,
}
