"""What people see of a fault: one sentence that says what to do, exit code 1, and nothing that is secret."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from crm_builder.cli import main
from tests.faults.kinds import BY_NAME
from tests.faults.world import SECRETS, Descriptions, opened

CASES = [
    (1, "400 of that one request", "crm-builder login"),
    (2, "401 for good", "crm-builder login"),
    (2, "403 of a scope", "ticked"),
    (2, "403 of an API that is off", "switch it on at https://console."),
    (3, "403 of a full Drive", "free some room"),
    (3, "403 of a domain", "administrators"),
    (3, "403 of a day", "tomorrow"),
    (10, "403 of an API that is off", "wait a minute, and run the same command again"),
    (10, "400 of that one request", "spreadsheets.batchUpdate"),
]


@pytest.mark.parametrize(("n", "name", "words"), CASES, ids=lambda one: str(one))
def test_a_fault_that_stays(
    n: int, name: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, descriptions: Descriptions
) -> None:
    with opened(tmp_path / "world", monkeypatch) as world:
        line = world.line(n, BY_NAME[name])
        monkeypatch.setattr("crm_builder.google.wire.Wire", lambda root="", timeout=0: line)
        shutil.copy(descriptions.before.folder / "crm.toml", world.folder / "crm.toml")
        where = ["-C", str(world.folder), "--target", "google", "--templates", str(descriptions.templates)]
        result = CliRunner().invoke(main, ["up", *where, "--yes"], catch_exceptions=False)
        assert line.hits
    said = [one for one in result.stderr.splitlines() if not one.startswith("…")]
    assert (result.exit_code, len(said)) == (1, 1), result.output
    assert said[0].startswith("error: ")
    assert words in said[0]
    for secret in {*SECRETS, *line.tokens} - {""}:
        assert secret not in result.output
