"""The script as it is deployed in the workspace: its files, manifest, functions, and which version the web sees."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crm_builder.errors import RunError

from .. import scripts_store as stored
from ..scripts_manifest import MANIFEST
from ..scripts_versions import files_of

if TYPE_CHECKING:
    from ..workspace import Workspace

Json = dict[str, Any]


@dataclass(frozen=True)
class Script:
    """One state of a project. `files` are those of scripts_store, the manifest and pages included."""

    document: Json
    files: tuple[Json, ...]

    @property
    def id(self) -> str:
        return str(self.document["scriptId"])

    @cached_property
    def manifest(self) -> Json:
        found: Json = json.loads(next(file["source"] for file in self.files if file["name"] == MANIFEST))
        return found

    @property
    def time_zone(self) -> str:
        return str(self.manifest.get("timeZone") or "Etc/GMT")

    @property
    def scopes(self) -> frozenset[str] | None:
        """What the manifest asks for; None where it says nothing, so that the service finds out by itself."""
        listed = self.manifest.get("oauthScopes")
        return None if listed is None else frozenset(listed)

    @cached_property
    def sources(self) -> list[Json]:
        """[{name, source}] of the script files, in their order; the names are those that stack traces say."""
        return [
            {"name": f"{file['name']}.js", "source": file["source"]}
            for file in self.files
            if file["type"] == "SERVER_JS"
        ]

    @cached_property
    def functions(self) -> frozenset[str]:
        return frozenset(
            one["name"] for file in self.files for one in (file.get("functionSet") or {}).get("values", ())
        )

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.sources).encode()).hexdigest()

    def page(self, name: str) -> str | None:
        """The source of an HTML file, by its name with or without ".html"; None where there is none."""
        short = name.removesuffix(".html")
        return next((one["source"] for one in self.files if one["type"] == "HTML" and one["name"] == short), None)


def load(workspace: Workspace, spreadsheet_id: str, deployed: bool = False) -> Script:
    """The script that is bound to a spreadsheet; `deployed`: the version that its web app shows.

    RunError where the spreadsheet has no script, or no web app.
    """
    found = stored.bound(workspace, spreadsheet_id)
    if not found:
        raise RunError("The spreadsheet has no script here: run up or apply with [google] script = true first.")
    project = found[0]
    if not deployed:
        return Script(project, tuple(project["files"]))
    shown = web_deployment(workspace, project)
    if shown is None:
        raise RunError("The script is not deployed as a web app here.")
    return Script(project, tuple(files_of(workspace, project, shown["deploymentConfig"]["versionNumber"])))


def web_deployment(workspace: Workspace, project: Json) -> Json | None:
    """The deployment whose address serves the web app, the one with the latest version; None where there is none."""
    found = [
        one
        for one in stored.deployments(workspace, project["scriptId"])
        if any(point["entryPointType"] == "WEB_APP" for point in one.get("entryPoints", ()))
    ]
    return max(found, key=lambda one: one["deploymentConfig"]["versionNumber"], default=None)


def web_address(workspace: Workspace, project: Json) -> str | None:
    """Where the web app is found; None where none is deployed."""
    found = web_deployment(workspace, project)
    points = found["entryPoints"] if found else []
    return next((one["webApp"]["url"] for one in points if one["entryPointType"] == "WEB_APP"), None)
