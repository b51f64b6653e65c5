"""A spreadsheet with its bound script, as its owner and as people see it; and what can go wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httplib2

from crm_builder import deployment as deployments
from crm_builder.deploy.script import PreparedScript, Pushed, plan_script, push
from crm_builder.deploy.script_mark import mark_requests
from crm_builder.errors import LostAnswer
from crm_builder.google import Client
from crm_builder.project import Project
from crm_builder.script import ScriptFile, ScriptProject
from crm_builder.sheets import check_call

SWITCHED_OFF = "User has not enabled the Apps Script API. Enable it by visiting https://script.google.com/home/usersettings then retry."
NO_SCOPE = "Request had insufficient authentication scopes."


class Losing:
    """The first request of a kind takes effect, and its answer is lost: as the REST client tells it."""

    def __init__(self, http: Any, method: str, ends: str):
        self.http, self.method, self.ends, self.lost = http, method, ends, False

    def request(self, uri: str, method: str = "GET", **more: Any) -> Any:
        answer = self.http.request(uri, method=method, **more)
        if method == self.method and uri.partition("?")[0].endswith(self.ends) and not self.lost:
            self.lost = True
            raise LostAnswer(0, "", "timed out")
        return answer


class Refusing:
    """Every call to the script service is refused: 403 with this message."""

    def __init__(self, http: Any, message: str):
        self.http, self.message = http, message

    def request(self, uri: str, method: str = "GET", **more: Any) -> Any:
        if "/v1/projects" not in uri:
            return self.http.request(uri, method=method, **more)
        error = {"code": 403, "message": self.message, "status": "PERMISSION_DENIED"}
        return httplib2.Response({"status": "403"}), json.dumps({"error": error}).encode()


@dataclass
class Sheet:
    """A spreadsheet in a workspace, and what its folder remembers."""

    project: Project
    transport: Any
    deployment: deployments.Deployment
    client: Client

    def over(self, http: Any) -> Client:
        self.client = Client(http, check_call)
        return self.client

    @property
    def metadata(self) -> list[dict[str, Any]]:
        client = Client(self.transport, check_call)
        return client.get(self.deployment.spreadsheet_id, fields="developerMetadata").get("developerMetadata", [])

    def plan(self, **asked: Any) -> PreparedScript:
        self.client.calls.clear()
        return plan_script(self.project, self.client, self.deployment, self.metadata, **asked)

    def up(self, **asked: Any) -> tuple[PreparedScript, Pushed]:
        """Plans, pushes, and writes the mark as a batch does."""
        prepared = self.plan(**asked)
        pushed = push(self.project, self.client, self.deployment, prepared, lambda text: None)
        self.deployment = pushed.deployment
        assert deployments.load(self.project.folder, self.deployment.target) == self.deployment
        if pushed.mark and (requests := mark_requests(pushed.mark, self.metadata)):
            self.client.batch_update(self.deployment.spreadsheet_id, requests)
        return prepared, pushed

    def calls(self) -> list[str]:
        return [call.method for call in self.client.calls]

    def projects(self) -> list[str]:
        return list(self.transport.workspace.documents("script"))

    def files(self) -> dict[str, str]:
        got = self.client.call(self.client.script.projects().getContent(scriptId=self.deployment.script))
        return {file["name"]: file["source"] for file in got["files"]}

    def people(self, **sources: str | None) -> None:
        """People write files in the script editor; None deletes one."""
        files = {**self.files(), **sources}
        types = {file.name: file.type for file in self.project.script.files}
        body = [
            {"name": name, "type": types.get(name, "SERVER_JS"), "source": text}
            for name, text in files.items()
            if text is not None
        ]
        update = self.client.script.projects().updateContent(scriptId=self.deployment.script, body={"files": body})
        self.client.call(update)

    def describe(self, change: Callable[[ScriptProject], ScriptProject]) -> None:
        """Another script is desired from now on."""
        desired = change(self.project.script)
        self.project = replace(self.project)
        self.project.__dict__["script"] = desired

    def desires(self) -> bool:
        """Whether all of ours is there as it is desired."""
        there = self.files()
        return all(there.get(file.name) == file.source for file in self.project.script.files)


def with_file(name: str, source: str) -> Callable[[ScriptProject], ScriptProject]:
    """The project with that file instead of one of its name."""
    return lambda script: replace(
        script,
        files=(*(file for file in script.files if file.name != name), ScriptFile(name, "SERVER_JS", source)),
    )


def without_file(name: str) -> Callable[[ScriptProject], ScriptProject]:
    return lambda script: replace(script, files=tuple(file for file in script.files if file.name != name))
