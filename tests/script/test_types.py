"""The types that stand in the script's comments hold: TypeScript, with the types of Google's own services."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_builder.project import Project
from tests.script.javascript import NODE, NPM

PACKAGES = ("typescript@5.9.3", "@types/google-apps-script@2.0.13")
OPTIONS = {
    "allowJs": True, "checkJs": True, "noEmit": True, "strict": True, "noImplicitReturns": True, "skipLibCheck": True,
    "target": "es2020", "lib": ["es2020"], "module": "none", "types": ["google-apps-script"],
}  # fmt: skip


@pytest.fixture(scope="session")
def packages() -> Path:
    """The folder with TypeScript and the types, installed once into the environment that the tests run in."""
    folder = Path(sys.prefix) / "share" / "crm-builder-types" / "_".join(one.replace("/", "-") for one in PACKAGES)
    if not folder.is_dir():
        draft = folder.with_name(f"new-{os.getpid()}")
        draft.mkdir(parents=True)
        options = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock", "--fetch-retries=1"]
        command = [str(NODE), str(NPM), "install", *options, "--prefix", str(draft), *PACKAGES]
        done = subprocess.run(command, cwd=draft, capture_output=True, text=True, timeout=600)
        if done.returncode:
            shutil.rmtree(draft)
            reason = f"{' and '.join(PACKAGES)} could not be installed: {done.stdout}{done.stderr}"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
        try:
            draft.rename(folder)
        except OSError:  # another run was faster
            shutil.rmtree(draft)
    return folder / "node_modules"


def problems(folder: Path, packages: Path) -> str:
    """What TypeScript says about the scripts of a folder; "" for nothing."""
    options = {**OPTIONS, "typeRoots": [str(packages / "@types")]}
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["*.js"]}), "utf-8")
    command = [str(NODE), str(packages / "typescript" / "bin" / "tsc"), "-p", str(folder), "--pretty", "false"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120).stdout


def write(project: Project, folder: Path) -> Path:
    for file in project.script.files:
        if file.type == "SERVER_JS":
            (folder / f"{file.name}.js").write_text(file.source, "utf-8")
    return folder


def test_types_hold(crm: Callable[..., Project], packages: Path, tmp_path: Path) -> None:
    assert problems(write(crm(), tmp_path), packages) == ""


def test_a_misspelt_word_or_method_is_found(crm: Callable[..., Project], packages: Path, tmp_path: Path) -> None:
    folder = write(crm(), tmp_path)
    wrong = "/** @param {Config} config */\nfunction wrong(config) { services().ui().alret(config.words.menu.hlep); }\n"
    (folder / "Wrong.js").write_text(wrong, "utf-8")
    found = problems(folder, packages)
    assert "'alret'" in found and "'hlep'" in found
