"""Killed at any point of `up`, the next run ends in the same workspace as an undisturbed one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crm_builder import assets, deploy, deployment
from crm_builder.deploy.script import CREATING
from crm_builder.google import Client
from crm_builder.project import load_project, sample_rows
from crm_builder.settings import write_new
from crm_builder.sheets import check_call
from crm_builder.sheets.marks import SCRIPT, TURN
from crm_builder.template import catalog, read
from tests.changes.conftest import make_templates
from tests.conftest import CLOCK, TEAM

if os.name == "nt":  # pragma: no cover
    pytest.skip("there is no SIGKILL on Windows", allow_module_level=True)

# Kills itself, as the operating system would, at the n-th system call of a kind that changes what lies on disk.
KILLER = """
import os, signal, sqlite3, sys
from datetime import datetime
from pathlib import Path
from crm_builder import deploy
from crm_builder.project import load_project, sample_rows

left = int(sys.argv[2])  # 0: never
def count(event, args):
    global left
    changes = event in ("os.rename", "os.mkdir", "os.remove") or event == "open" and "w" in str(args[1] or "")
    if changes:
        step()
def step():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

folder, clock = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[3])
templates = Path(sys.argv[4])
project = load_project(folder, templates)
project.batches
with deploy.open_target(folder, clock) as http:
    db = http.workspace.db
    db.set_trace_callback(lambda statement: step())
    sys.addaudithook(count)
    deploy.up(project, http, sample_data=(templates / 'sample').is_dir(), clock=clock, tell=lambda text: None)
print(-left)
"""


def run_and_kill(folder: Path, after: int, templates: Path) -> int:
    """Runs `up` and kills it at that step; gives the number of its steps where it reached its end, else 0."""
    command = [sys.executable, "-c", KILLER, str(folder), str(after), CLOCK.isoformat(), str(templates)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return int(done.stdout) if done.returncode == 0 else 0


def content(folder: Path, templates: Path) -> Any:
    """All that the workspace holds, without the ids of spreadsheet and script, after a run that nothing disturbs.

    Where the script may have been made or not, people have to say so once: then it is made.
    """
    project = load_project(folder, templates)
    more = {"sample_data": (templates / "sample").is_dir(), "clock": CLOCK, "tell": lambda text: None}
    with deploy.open_target(folder, CLOCK) as http:
        outcome = deploy.up(project, http, **more)
        if deployment.load(folder, deploy.LOCAL).script == CREATING:
            assert any("--new-script" in told for told in outcome.told)
            deploy.up(project, http, **more, ways=deploy.Ways(new_script=True))
        client = Client(http, check_call)
        values = client.sheets.spreadsheets().values()
        ranges = [f"'{sheet.title}'" for sheet in outcome.workbook.sheets]
        where = {"spreadsheetId": outcome.spreadsheet_id, "ranges": ranges}
        typed = client.call(values.batchGet(**where, valueRenderOption="FORMULA"))
        shown = client.call(values.batchGet(**where, valueRenderOption="FORMATTED_VALUE"))
        everything = client.get(outcome.spreadsheet_id)
        marks = everything["developerMetadata"]
        assert [one["metadataKey"] for one in marks].count(SCRIPT) == 1
        everything["developerMetadata"] = [one for one in marks if one["metadataKey"] not in (SCRIPT, TURN)]
        files = client.call(client.drive.files().list(fields="files(name,mimeType)"))
    assert outcome.plan is None or not outcome.plan.changes
    text = json.dumps([typed, shown, everything, files], sort_keys=True)
    return json.loads(text.replace(outcome.spreadsheet_id, "ID"))


@dataclass(frozen=True)
class Undisturbed:
    """The number of steps of a run that nothing disturbs, and what it leaves."""

    templates: Path
    steps: int
    left: Any


def undisturbed(folder: Path, templates: Path) -> Undisturbed:
    described(folder, templates)
    steps = run_and_kill(folder, 0, templates)
    return Undisturbed(templates, steps, content(folder, templates))


def described(folder: Path, templates: Path) -> None:
    write_new(folder, catalog(read(templates)), name="Test", members=TEAM, templates=templates)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("small")
    return undisturbed(folder / "crm", make_templates(folder / "templates"))


# Every step up to the first answer, then shares of the whole run.
@pytest.mark.parametrize("when", [1, 2, 4, 6, 8, 10, 12, 14, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
def test_killed_anywhere_the_next_run_finishes(tmp_path: Path, small: Undisturbed, when: float) -> None:
    described(tmp_path, small.templates)
    after = when if isinstance(when, int) else int(small.steps * when)
    assert not run_and_kill(tmp_path, after, small.templates), "the run ended before the kill"
    assert content(tmp_path, small.templates) == small.left


def test_killed_again_and_again_it_still_ends(tmp_path: Path, small: Undisturbed) -> None:
    described(tmp_path, small.templates)
    for after in (2, 4, 10, small.steps // 8, small.steps // 4):
        run_and_kill(tmp_path, after, small.templates)
    assert content(tmp_path, small.templates) == small.left


def test_killed_while_its_sample_data_is_written(provisioned: Callable[..., Path]) -> None:
    """No row is written twice, and none is missing."""
    folder, templates = provisioned(), assets.folder("templates")
    for after in (3, 40):
        assert not run_and_kill(folder, after, templates), "the run ended before the kill"
    project = load_project(folder)
    with deploy.open_target(folder, CLOCK) as http:
        made = deploy.up(project, http, sample_data=True, clock=CLOCK, tell=lambda text: None)
        values = Client(http, check_call).values_get(made.spreadsheet_id, "customers_id")
    ids = [row[0] for row in values[1:] if row]
    assert len(ids) == len(set(ids)) == len(sample_rows(project, CLOCK)["customers"])
