"""The set-up and the dispatcher in a local workspace, as deployed; and what the doctor makes of the sign of life."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from crm_builder import deploy, deployment
from crm_builder.deploy.doctor_facts import heartbeat_of
from crm_builder.google import Client
from crm_builder.local.runtime import Runtime
from crm_builder.project import load_project
from crm_builder.sheets import check_call
from tests.changes.conftest import small_crm, small_templates  # noqa: F401 - fixtures
from tests.conftest import CLOCK


def test_one_click_and_it_runs_every_hour(
    small_crm: Callable[[str], Path],  # noqa: F811
    small_templates: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    folder = Path(shutil.copytree(small_crm("fa"), tmp_path / "crm"))
    found = deployment.load(folder, "local")
    assert found
    with deploy.open_target(folder, CLOCK) as http:
        client = Client(http, check_call)
        runtime = Runtime(http.workspace, found.spreadsheet_id, clock=CLOCK, outbox=tmp_path / "outbox")
        runtime.answers = ["YES", "OK"]
        outcome = runtime.run("finishSetUp")
        assert outcome.ok, outcome
        assert [told["function"] for told in runtime.triggers().values()] == ["dispatch"]
        fired = runtime.advance(CLOCK + timedelta(hours=2))
        assert len(fired) == 2 and all(ran.ok and ran.value["status"] == "done" for _, _, ran in fired), fired
        assert [ran.value["errors"] for _, _, ran in fired] == [[], []]
        beat = heartbeat_of(client.get(found.spreadsheet_id, fields="developerMetadata")["developerMetadata"])
        assert beat and (beat.triggers, beat.mail_mode, beat.spreadsheet) == (1, "off", found.spreadsheet_id)
        assert beat.owner == runtime.owner and timedelta(0) < beat.at - fired[-1][0] < timedelta(minutes=2)
        project = load_project(folder, small_templates)
        assert deploy.prepare(project, client, found).plan.empty  # all of this is no change of what is described
