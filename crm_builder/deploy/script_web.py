"""The script's web app: a version of what was pushed, and the one deployment whose address never changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crm_builder.deploy.script_mark import ScriptMark
from crm_builder.errors import LostAnswer, RestError
from crm_builder.google import Client

Json = dict[str, Any]
_OURS = "crm-builder"  # begins the descriptions of our versions and is that of our deployment
_TRIES = 3


def publish(client: Client, mark: ScriptMark, digest: str, fresh: bool = False) -> tuple[ScriptMark, str]:
    """Brings the web app to what was pushed, whose digest this is; the mark then, and what people must be told or "".

    `fresh`: this very run made the script, so that nothing needs to be looked for: two calls. Otherwise no version is
    made where the last one holds the same: a script has 200 of them, and none can be deleted by program.
    """
    if mark.published == digest and mark.deployment:
        return mark, ""
    try:
        version = _version(client, mark.id, digest, fresh)
    except LostAnswer:
        raise
    except RestError as error:
        if "limit of" not in error.message:
            raise
        return mark, (
            "the script was written, but its web app stays at what it was, as the script has all the versions that "
            f"Google allows; delete old ones at https://script.google.com/d/{mark.id}/edit (Project History) and run "
            "the same command again"
        )
    deployment = _deployment(client, mark, version, fresh)
    return replace(mark, deployment=deployment, version=version, published=digest), ""


def _version(client: Client, script: str, digest: str, fresh: bool) -> int:
    versions = client.script.projects().versions()
    description = f"{_OURS} {digest}"

    def last() -> int:
        found = all_pages(client, versions.list(scriptId=script, pageSize=200), versions.list_next, "versions")
        newest = max(found, key=lambda one: one["versionNumber"], default={})
        return newest["versionNumber"] if newest.get("description") == description else 0

    body = {"description": description}
    return _once(last, lambda: client.call(versions.create(scriptId=script, body=body))["versionNumber"], fresh)


def _deployment(client: Client, mark: ScriptMark, version: int, fresh: bool) -> str:
    """The id of our deployment, at this version; the same one as ever, so that its address stays."""
    deployments = client.script.projects().deployments()
    config = {"versionNumber": version, "manifestFileName": "appsscript", "description": _OURS}

    def ours() -> Json:
        found = all_pages(client, deployments.list(scriptId=mark.id, pageSize=50), deployments.list_next, "deployments")
        versioned = [one for one in found if one["deploymentConfig"].get("versionNumber")]
        same = [one for one in versioned if one["deploymentId"] == mark.deployment]
        same += [one for one in versioned if one["deploymentConfig"].get("description") == _OURS]
        return same[0] if same else {}

    there = _once(ours, lambda: client.call(deployments.create(scriptId=mark.id, body=config)), fresh)
    if there["deploymentConfig"].get("versionNumber") != version:
        body = {"deploymentConfig": {**config, "scriptId": mark.id}}
        client.call(deployments.update(scriptId=mark.id, deploymentId=there["deploymentId"], body=body))
    return there["deploymentId"]


def _once(find: Callable[[], Any], make: Callable[[], Any], fresh: bool) -> Any:
    """What is found, or else made; where the answer was lost it is looked for before it is made again."""
    for number in range(_TRIES):
        if (number or not fresh) and (found := find()):
            return found
        try:
            return make()
        except LostAnswer as error:
            lost = error
    raise lost


def all_pages(client: Client, request: Any, next_page: Callable[[Any, Any], Any], name: str) -> list[Json]:
    """What every page of a list names so; `next_page` makes the request for the next one."""
    found: list[Json] = []
    while request is not None:
        answer = client.call(request)
        found += answer.get(name, [])
        request = next_page(request, answer)
    return found
