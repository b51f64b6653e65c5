"""The Apps Script API of a local workspace: projects that are bound to its spreadsheets, and their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from . import scripts_versions
from .errors import invalid, not_found, refuse
from .permissions import OWNER_EMAIL
from .scripts_functions import functions
from .scripts_manifest import MANIFEST, check_manifest
from .scripts_store import load, new_deployment_id, new_script_id, save
from .workspace import SPREADSHEET

if TYPE_CHECKING:
    from .routes import Call

Json = dict[str, Any]
_TYPES = ("SERVER_JS", "HTML", "JSON")
_LONGEST_NAME = 256  # beyond what any editor shows; the service's own limit is not documented
# What a new project holds: no script file and a base manifest (documented).
_BASE = '{\n  "timeZone": "America/New_York",\n  "dependencies": {},\n  "exceptionLogging": "STACKDRIVER",\n  "runtimeVersion": "V8"\n}'  # noqa: E501
_SHORT = ("scriptId", "title", "parentId", "createTime", "updateTime")
_USER = {"name": "Owner", "email": OWNER_EMAIL, "domain": OWNER_EMAIL.partition("@")[2]}


def _create(call: Call) -> Json:
    """projects.create: a project bound to the parent; another one at every call (documented)."""
    parent = call.body.get("parentId", "")
    if not parent:
        raise refuse("UNIMPLEMENTED", "A local workspace holds scripts that are bound to a spreadsheet: give parentId.")
    file = call.workspace.file(parent)
    if file is None:
        raise not_found()
    if file["mimeType"] != SPREADSHEET:
        raise invalid("Request contains an invalid argument.")
    now = call.workspace.stamp()
    project = {
        "scriptId": new_script_id(),
        "title": call.body.get("title") or "Untitled project",
        "parentId": parent,
        "createTime": now,
        "updateTime": now,
        "files": [_file({"name": MANIFEST, "type": "JSON", "source": _BASE}, now, None)],
        "head": new_deployment_id(),
    }
    save(call.workspace, project)
    return _shown(project)


def _get(call: Call) -> Json:
    return _shown(load(call.workspace, call.path["scriptId"]))


def _shown(project: Json) -> Json:
    return {key: project[key] for key in _SHORT} | {"creator": _USER, "lastModifyUser": _USER}


def _get_content(call: Call) -> Json:
    """projects.getContent: the files as they are, or those of a version."""
    project = load(call.workspace, call.path["scriptId"])
    number = call.query.get("versionNumber")
    files = project["files"] if number is None else scripts_versions.files_of(call.workspace, project, number)
    return {"scriptId": project["scriptId"], "files": files}


def _update_content(call: Call) -> Json:
    """projects.updateContent: these files and no others are then the project's (documented)."""
    project = load(call.workspace, call.path["scriptId"])
    if call.body.get("scriptId", project["scriptId"]) != project["scriptId"]:
        raise invalid("Request contains an invalid argument.")
    given = call.body.get("files", [])
    _check(given)
    now = call.workspace.stamp()
    former = {(file["name"], file["type"]): file for file in project["files"]}
    files = [_file(file, now, former.get((file["name"], file["type"]))) for file in given]
    save(call.workspace, {**project, "files": files, "updateTime": now})
    return {"scriptId": project["scriptId"], "files": files}


def _check(files: list[Json]) -> None:
    """ApiError 400 for files that no project can have."""
    seen: set[str] = set()
    for file in files:
        name, kind = file.get("name", ""), file.get("type", "")
        if kind not in _TYPES or not _is_name(name) or (kind == "JSON") != (name == MANIFEST):
            raise invalid("Request contains an invalid argument.")
        if name in seen:  # whatever the types are: a page and a script of one name exclude each other
            raise invalid(f"A file with this name already exists in the current project: {name}")
        seen.add(name)
    if MANIFEST not in seen:
        raise invalid("Project contents must include a manifest file named appsscript.")
    check_manifest(next(file.get("source", "") for file in files if file["name"] == MANIFEST))


def _is_name(name: str) -> bool:
    """Folders are parts of the name; control characters are in none."""
    parts = name.split("/")
    return 0 < len(name) <= _LONGEST_NAME and name.isprintable() and all(part.strip() for part in parts)


def _file(given: Json, now: str, former: Json | None) -> Json:
    """The file as it is kept; what the service says of it itself (times, functions) is not taken from the caller."""
    source = given.get("source", "")
    same = former is not None and former["source"] == source
    return {
        "name": given["name"],
        "type": given["type"],
        "source": source,
        "createTime": former["createTime"] if former else now,
        "updateTime": former["updateTime"] if former and same else now,
        "lastModifyUser": _USER,
        # An empty set for files without functions (seen of a manifest).
        "functionSet": {"values": found} if given["type"] == "SERVER_JS" and (found := functions(source)) else {},
    }


HANDLERS: Mapping[str, Callable[[Call], Any]] = MappingProxyType(
    {
        "script.projects.create": _create,
        "script.projects.get": _get,
        "script.projects.getContent": _get_content,
        "script.projects.updateContent": _update_content,
        **scripts_versions.HANDLERS,
    }
)
