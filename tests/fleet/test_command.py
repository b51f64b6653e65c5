"""fleet plan and fleet apply on the command line: what they print, write and exit with."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from crm_builder.cli import main
from tests.fleet.conftest import BASE, clients


@pytest.fixture
def run(templates):
    def run(*arguments: object) -> Result:
        fixed = ["--templates", templates, "--clock", "2026-11-22T09:00+00:00"]
        return CliRunner().invoke(main, ["fleet", *map(str, [*arguments, *fixed])])

    return run


def test_plan_apply_and_their_exit_codes(run, write) -> None:
    path = write(clients("north", "south"))
    result = run("plan", path)
    assert result.exit_code == 3
    assert "+ north  to be created  Client north" in result.stdout
    assert "2 to be created." in result.stdout
    result = run("apply", path)
    assert result.exit_code == 0, result.output
    assert "✔ south  created  Client south" in result.stdout
    assert "4 reads and 12 writes" in result.stdout  # of each: file, script, its content, version, web app, workbook
    result = run("plan", path)
    assert (result.exit_code, "2 as described." in result.stdout) == (0, True)
    assert {one.name for one in (path.parent / "reports").iterdir()} == {"north.md", "south.md"}


def test_one_failure_is_told_at_the_end_and_exits_with_1(run, write) -> None:
    path = write(clients("north", "south"))
    (path.parent / "clients" / "north").mkdir(parents=True)
    (path.parent / "clients" / "north" / "crm.toml").write_text(BASE, "utf-8")
    result = run("apply", path)
    assert result.exit_code == 1
    assert "✗ north  failed" in result.stdout and "✔ south  created" in result.stdout
    assert result.stderr.index("north: failed") < result.stderr.index("was written by somebody")
    assert "go on with the rest" in result.stderr
    assert "was written by somebody" in (path.parent / "reports" / "north.md").read_text("utf-8")


def test_only_and_reports_and_json(run, write, tmp_path) -> None:
    path = write(clients("north", "south"))
    result = run("apply", path, "--only", "south", "--json", "--reports", tmp_path / "r")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert [(one["key"], one["state"], one["writes"]) for one in data["clients"]] == [("south", "created", 6)]
    assert data["clients"][0]["report"] == str(tmp_path / "r" / "south.md")
    assert not (path.parent / "clients" / "north").exists()
    assert "did you mean" in run("plan", path, "--only", "sooth").stderr


def test_a_client_is_an_ordinary_crm_too(run, write, templates) -> None:
    path = write("[budget]\nuser_reads = 100\n" + clients("north"))
    assert run("apply", path, "--jobs", 1).exit_code == 0
    folder = path.parent / "clients" / "north"
    result = CliRunner().invoke(main, ["plan", "-C", str(folder), "--templates", str(templates)])
    assert result.exit_code == 0, result.output
    assert "Nothing to do." in result.stdout


def test_mistakes_are_told_before_anything_is_touched(run, write) -> None:
    path = write(clients("north") + '[[client]]\nkey = "south"\n[client.crm]\nlanguage = "xx"\n')
    result = run("apply", path)
    assert result.exit_code == 1
    assert "clients.toml cannot be used" in result.stderr and "client south" in result.stderr
    assert not (path.parent / "clients").exists() and not (path.parent / "reports").exists()


def test_the_documented_example_can_be_read(run, write) -> None:
    from pathlib import Path

    text = (Path(__file__).resolve().parents[2] / "docs" / "fleet.md").read_text("utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    result = run("plan", write(example))
    assert result.exit_code == 3, result.output


def test_on_google_who_is_not_logged_in_is_told_how_to(run, write, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("CRM_BUILDER_CONFIG", str(tmp_path / "config"))
    path = write('target = "google"\n' + clients("north"))
    result = run("apply", path)
    assert (result.exit_code, "1 failed." in result.stdout) == (1, True)
    assert "north: no Google account is logged in; run `crm-builder login`" in result.stderr
    result = run("plan", path, "--account", "other")
    assert "crm-builder login --account other" in result.stderr
    assert "go on with the rest:  crm-builder fleet plan" in result.stderr and "--account other" in result.stderr
    assert run("plan", path, "--target", "local").exit_code == 3


def test_what_lies_beside_the_workbook_is_told_to_people_and_to_programs(run, write) -> None:
    path = write(clients("north", "south"), BASE + "\n[google]\nscript = false\n")
    assert run("apply", path).exit_code == 0
    path.with_name("crm.toml").write_text(BASE, "utf-8")
    result = run("plan", path)
    assert result.exit_code == 3
    assert "~ north  to be changed  1 of script and team" in result.stdout
    (north, _) = json.loads(run("plan", path, "--json").stdout)["clients"]
    assert (north["script"]["lines"], north["sharing"], north["told"]) == ([["+", "script: new"]], None, [])
    assert run("apply", path).exit_code == 0
    assert run("plan", path).exit_code == 0
