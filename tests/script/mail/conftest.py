"""Stories of mails: the script of a CRM among services that count each call and may die at any of them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm_builder.project import Project
from tests.script.javascript import NODE

WORLD = Path(__file__).with_name("world.js").read_text("utf-8")
_RUN = """
const vm = require('node:vm');
const given = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const context = vm.createContext({ TextEncoder });
for (const file of given.files) vm.runInContext(file.source, context, { filename: file.name });
const results = given.stories.map((code) => vm.runInContext(`JSON.stringify((() => { ${code} })())`, context, { timeout: 60000 }));
process.stdout.write(JSON.stringify(results));
"""


@pytest.fixture(scope="session")
def play(crm: Callable[..., Project]) -> Callable[..., Any]:
    """`play("return 1;")`: what a story returns, in a context of its own; `play({...})` plays many in one process."""

    def tell(stories: str | dict[str, str], language: str = "en", more: str = "", zone: str = "UTC") -> Any:
        script = crm(language, more).script
        files = [{"name": file.name, "source": file.source} for file in script.files if file.type == "SERVER_JS"]
        many = stories if isinstance(stories, dict) else {"": stories}
        given = {"files": [*files, {"name": "world", "source": WORLD}], "stories": list(many.values())}
        done = subprocess.run(
            [str(NODE), "-e", _RUN],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "TZ": zone},
        )
        assert done.returncode == 0, done.stderr
        values = [json.loads(one) if one else None for one in json.loads(done.stdout)]
        return dict(zip(many, values, strict=True)) if isinstance(stories, dict) else values[0]

    return tell
