"""A spreadsheet with a script in a local workspace, and runs of it at a fixed moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from crm_builder.local.runtime import Runtime
from crm_builder.local.transport import LocalTransport, open_workspace

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)  # 12:30 in Tehran, a Sunday
_HOST = "https://any.googleapis.com"


@dataclass
class Stage:
    """One spreadsheet with one sheet, "Rows", and its script."""

    http: LocalTransport
    folder: Path
    id: str = ""
    script_id: str = ""

    def call(self, method: str, path: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body)
        response, answer = self.http.request(_HOST + path, method, content, {"content-type": "application/json"})
        assert response.status == 200, answer
        return json.loads(answer)

    def push(self, source: str, *, pages: dict[str, str] | None = None, **manifest: Any) -> None:
        """Makes `source` the script's only file beside the manifest."""
        whole = {"timeZone": "Asia/Tehran", "runtimeVersion": "V8", **manifest}
        files = [
            {"name": "appsscript", "type": "JSON", "source": json.dumps(whole)},
            {"name": "Main", "type": "SERVER_JS", "source": source},
            *({"name": name, "type": "HTML", "source": html} for name, html in (pages or {}).items()),
        ]
        self.call("PUT", f"/v1/projects/{self.script_id}/content", {"files": files})

    def deploy(self) -> str:
        """A version as a web app; its address."""
        version = self.call("POST", f"/v1/projects/{self.script_id}/versions", {})["versionNumber"]
        made = self.call("POST", f"/v1/projects/{self.script_id}/deployments", {"versionNumber": version})
        return made["entryPoints"][0]["webApp"]["url"]

    def runtime(self, **named: Any) -> Runtime:
        named = {"clock": NOW, "outbox": self.folder / "outbox", **named}
        return Runtime(self.http.workspace, self.id, **named)

    def run(self, body: str, **named: Any) -> Any:
        """What a function of that body returns; AssertionError with what it throws."""
        self.push(f"function main() {{ {body} }}")
        outcome = self.runtime(**named).run("main")
        assert outcome.error is None, outcome
        return outcome.value

    def error(self, body: str, **named: Any) -> str:
        self.push(f"function main() {{ {body} }}")
        error = self.runtime(**named).run("main").error
        assert error is not None
        return error

    def cells(self, a1: str = "Rows") -> list[list[Any]]:
        """The values of a range as the API answers them."""
        return self.call("GET", f"/v4/spreadsheets/{self.id}/values/{a1}").get("values", [])

    def mails(self) -> list[EmailMessage]:
        """What is in the outbox, in its order."""
        files = sorted((self.folder / "outbox").glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]  # type: ignore[misc]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with open_workspace(tmp_path / "workspace", NOW) as http:
        made = Stage(http, tmp_path)
        properties = {"title": "Test", "timeZone": "Asia/Tehran"}
        body = {"properties": properties, "sheets": [{"properties": {"title": "Rows"}}]}
        made.id = made.call("POST", "/v4/spreadsheets", body)["spreadsheetId"]
        made.script_id = made.call("POST", "/v1/projects", {"title": "Script", "parentId": made.id})["scriptId"]
        yield made
