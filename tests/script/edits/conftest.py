"""The script's files with a small configuration, and sheets in memory behind the seam of the book."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm_builder import assets
from crm_builder.script import ScriptFile
from tests.script.javascript import run

CONFIG: dict[str, Any] = {
    "name": "Tea",
    "language": "en",
    "calendar": "gregorian",
    "digits": "latin",
    "textTypes": ["id", "email", "phone", "url", "choice"],
    "choices": {
        "lead_status": {"new": "New", "converted": "Converted", "lost": "Lost"},
        "deal_stage": {"open": "Open", "won": "Won", "lost": "Lost"},
        "task_status": {"open": "Open", "doing": "Doing", "done": "Done"},
        "mail_mode": {"off": "Off", "live": "Live"},
    },
    "sheets": {
        "leads": {
            "title": "Leads",
            "kind": "table",
            "prefix": "L",
            "anchor": "name",
            "lists": {"status": "lead_status"},
            "automation": {
                "stamped": {"created": "created_at", "updated": "updated_at"},
                "since": {"status": "status_since"},
                "watched": ["status", "email"],
                "unique": ["email", "phone"],
                "defaults": {"status": "new"},
            },
        },
        "deals": {
            "title": "Deals",
            "kind": "table",
            "prefix": "D",
            "anchor": "customer",
            "lists": {"stage": "deal_stage"},
            "automation": {"days": [{"column": "stage", "choices": ["won", "lost"], "sets": "closed_on"}]},
        },
        "tasks": {
            "title": "Tasks",
            "kind": "table",
            "prefix": "T",
            "anchor": "title",
            "lists": {"status": "task_status"},
            "automation": {
                "paired": {"checkbox": "done", "choice": "status", "list": "task_status", "on": "done", "off": "open"},
                "since": {"done": "done_at"},
                "days": [{"checkbox": "agreed", "sets": "agreed_on"}],
            },
        },
        "audit": {"title": "Audit", "kind": "table", "prefix": "", "anchor": "at", "lists": {}, "automation": {}},
        "settings": {
            "title": "Settings",
            "kind": "table",
            "prefix": "",
            "anchor": "title",
            "lists": {},
            "automation": {},
        },
        "board": {"title": "Board", "kind": "view", "prefix": "", "anchor": "", "lists": {}, "automation": {}},
    },
    "words": {
        "edits": {"double": "%s is in row %s", "doubles": "%s, first %s", "rows": "%s rows"},
        "book": {"gone": "no sheet %s"},
    },
}

LEADS = (
    "['id', 'name', 'email', 'phone', null, 'status', 'customer', 'score', 'notes', 'status_since', 'created_at', "
    "'updated_at'], { id: 'id', name: 'name', email: 'email', phone: 'phone', status: 'choice', customer: 'reference', "
    "notes: 'long_text', status_since: 'stamp', created_at: 'stamp', updated_at: 'stamp' }"
)
AUDIT = (
    "['at', 'who', 'sheet', 'row', 'column', 'before', 'after'], { at: 'stamp', who: 'email', sheet: 'text', row: 'id', "
    "column: 'text', before: 'long_text', after: 'long_text' }"
)
_FAKES = (Path(__file__).parent / "fakes.js").read_text("utf-8")


def config_with(**more: Any) -> dict[str, Any]:
    return {**CONFIG, **more}


@pytest.fixture(scope="session")
def sources_only() -> tuple[ScriptFile, ...]:
    paths = sorted(assets.folder("appsscript").glob("*.js"))
    return tuple(ScriptFile(path.stem, "SERVER_JS", path.read_text("utf-8")) for path in paths)


@pytest.fixture(scope="session")
def script(sources_only: tuple[ScriptFile, ...]) -> Callable[..., Any]:
    """`script(code, **config)`: what the code returns, among the script's files and the fakes."""

    def go(code: str, **more: Any) -> Any:
        config = ScriptFile("Config", "SERVER_JS", f"const CONFIG = {json.dumps(config_with(**more))};\n")
        return run((config, *sources_only, ScriptFile("fakes", "SERVER_JS", _FAKES)), code)

    return go


@pytest.fixture(scope="session")
def leads(script: Callable[..., Any]) -> Callable[..., Any]:
    """The same with a world in which there are leads and the audit: `leads(rows, code)`."""

    def go(rows: str, code: str, **more: Any) -> Any:
        made = f"const world = fakeWorld(); fakeSheet(world, 'leads', {LEADS}, {rows}); fakeSheet(world, 'audit', {AUDIT}, []);"
        return script(f"{made} {code}", **more)

    return go
