"""The wheel carries everything: installed alone, it does what the checkout does."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = out.glob("*.whl")
    return path


def test_it_carries_all_data_and_all_code(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {
        path.relative_to(ROOT)
        for folder in ("templates", "appsscript")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    code = {
        path.relative_to(ROOT)
        for path in (ROOT / "crm_builder").rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js"}
    }
    assert {f"crm_builder/_data/{path.as_posix()}" for path in data} <= names
    assert {path.as_posix() for path in code} <= names
    assert not [name for name in names if "test" in name or "node_modules" in name]


def test_installed_alone_it_provisions_a_crm(wheel: Path, tmp_path: Path) -> None:
    """Unpacked away from the checkout, with an empty home folder; its dependencies come from this environment."""
    site, home = tmp_path / "site", tmp_path / "home"
    zipfile.ZipFile(wheel).extractall(site)
    home.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "crm_builder.cli", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = [sys.executable, "-c", "import crm_builder; print(crm_builder.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    assert found.startswith(str(site)), "the wheel must be what is imported"
    run("new", "crm", "--language", "fa", "--name", "آزمون")
    assert "25 sheets" in run("up", "-C", "crm", "--sample-data", "--clock", "2026-11-22T09:00Z")
