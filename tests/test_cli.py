"""The command line as a person or a script meets it: words, exit codes, JSON; every command of the README is there."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from crm_builder import deploy
from crm_builder.cli import main
from crm_builder.commands.change import agreed
from crm_builder.commands.telling import plan_text, told_lines
from crm_builder.plan import Wishes, compare, judge
from tests.changes.conftest import make_templates
from tests.plan.books import BOOK, column, drop

CLOCK = "2026-11-22T09:00+00:00"
PAID = column("people", "paid")


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    assert run("new", tmp_path / "crm", "--member", "Maya Collins <maya@example.com>").exit_code == 0
    return tmp_path / "crm"


@pytest.fixture(scope="session")
def small_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_templates(tmp_path_factory.mktemp("templates") / "small")


@pytest.fixture
def small(tmp_path: Path, small_templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The description of a small CRM: what is asked of it takes a second."""
    monkeypatch.setenv("CRM_BUILDER_TEMPLATES", str(small_templates))
    assert run("new", tmp_path / "crm", "--member", "Maya Collins <maya@example.com>").exit_code == 0
    return tmp_path / "crm"


def test_new_writes_a_description_once(crm: Path) -> None:
    text = (crm / "crm.toml").read_text("utf-8")
    again = run("new", crm)
    assert again.exit_code == 1
    assert "there is a crm.toml already" in again.stderr
    assert (crm / "crm.toml").read_text("utf-8") == text


def test_a_plan_is_told_where_the_shell_closed_its_output(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = judge(compare(BOOK, BOOK, BOOK, Wishes()), BOOK, BOOK, Wishes(), {})
    monkeypatch.setattr(sys, "stdout", None)
    assert "Nothing to do." in plan_text(plan)
    assert "· People⏎forged" in told_lines(["People\nforged"])[0]


def test_new_refuses_a_member_without_an_address(tmp_path: Path) -> None:
    result = run("new", tmp_path / "crm", "--member", "Maya")
    assert result.exit_code == 1
    assert "Mina Rahimi <mina@example.com>" in result.stderr
    assert not (tmp_path / "crm").exists()


def test_up_reports_for_machines(crm: Path) -> None:
    result = run("up", "-C", crm, "--clock", CLOCK, "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["status"] == "created"
    assert [call["method"] for call in report["calls"]] == [
        "files.list",
        "files.create",
        "projects.create",
        "projects.updateContent",
        "projects.versions.create",
        "projects.deployments.create",
        "spreadsheets.batchUpdate",
        "spreadsheets.get",
    ]
    assert {"bytes_sent", "bytes_received", "seconds", "status"} <= set(report["calls"][0])
    assert report["made"]["sheets"] - report["made"]["hidden_sheets"] == 25
    assert Path(report["page"]).is_file()
    assert report["spreadsheet_id"]


def test_up_tells_people_what_it_made_and_where(crm: Path) -> None:
    result = run("up", "-C", crm, "--clock", CLOCK, "-v")
    assert "is ready: 25 sheets" in result.stdout
    assert "spreadsheets.batchUpdate" in result.stdout
    assert str(crm / ".crm" / "preview" / "index.html") in result.stdout
    assert "nothing to do" in run("up", "-C", crm, "--clock", CLOCK).stdout


def test_a_changed_description_is_planned_and_applied(small: Path) -> None:
    """plan, apply by its digest, plan again: the story of the README."""
    assert run("up", "-C", small, "--clock", CLOCK).exit_code == 0
    add_field(small, "nickname")
    planned = run("plan", "-C", small, "--clock", CLOCK)
    assert planned.exit_code == 3
    assert "+ Customers: column Nickname: new" in planned.stdout
    assert "stay as they are" in planned.stdout
    digest = json.loads(run("plan", "-C", small, "--clock", CLOCK, "--json").stdout)["digest"]
    assert digest in planned.stdout
    stale = run("apply", "-C", small, "--clock", CLOCK, "--digest", "0" * 16)
    assert stale.exit_code == 1
    assert "nothing was changed" in stale.stderr
    applied = run("apply", "-C", small, "--clock", CLOCK, "--digest", digest)
    assert applied.exit_code == 0, applied.output
    assert "made" in applied.stdout
    assert run("plan", "-C", small, "--clock", CLOCK).exit_code == 0


def test_plan_prints_exactly_the_requests_that_apply_sends(small: Path) -> None:
    run("up", "-C", small, "--clock", CLOCK)
    add_field(small, "nickname")
    batches = json.loads(run("plan", "-C", small, "--clock", CLOCK, "--requests").stdout)
    assert [set(batch) for batch in batches] == [{"requests"}]
    kinds = {kind for request in batches[0]["requests"] for kind in request}
    assert "insertDimension" in kinds | {"appendDimension"}
    assert "# Plan" in run("plan", "-C", small, "--clock", CLOCK, "--markdown").stdout


def test_what_to_type_next_names_the_same_crm(small: Path) -> None:
    """The way back after an apply, what a plan says first, and that nobody is taken to agree who cannot be asked."""
    add_field(small, "nickname")
    assert run("up", "-C", small, "--clock", CLOCK).exit_code == 0
    text = (small / "crm.toml").read_text("utf-8")
    add_field(small, "size")
    applied = run("apply", "-C", small, "--clock", CLOCK)
    assert f"`crm-builder undo -C {small}` goes back" in applied.stdout
    (small / "crm.toml").write_text(text, "utf-8")
    planned = run("plan", "-C", small, "--clock", CLOCK)
    assert (planned.exit_code, planned.stdout.splitlines()[0].strip()[:19]) == (3, "Nothing is deleted.")
    assert run("undo", "-C", small, "--clock", CLOCK).exit_code == 1


@pytest.mark.parametrize(
    ("answer", "now", "outcome"), [(False, 2, False), (True, 2, True), (True, 3, deploy.StaleError)]
)
def test_what_was_agreed_to_is_looked_at_again(
    answer: bool, now: int, outcome: bool | type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer may take minutes: people type meanwhile into the column that goes."""

    def prepared(cells: int) -> Any:
        plan = compare(BOOK, BOOK, drop(PAID)(BOOK), Wishes(deletes=frozenset({PAID})))
        values = {("people", "paid"): [1.0] * cells}
        judged = judge(plan, BOOK, plan.result, Wishes(deletes=frozenset({PAID})), values)
        return SimpleNamespace(plan=judged, beside=None)

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(click, "confirm", lambda *words, **more: answer)
    if isinstance(outcome, bool):
        assert agreed(prepared(2), yes=False, look=lambda: prepared(now)) is outcome
    else:
        with pytest.raises(outcome, match="it is 3 cells now; nothing was changed"):
            agreed(prepared(2), yes=False, look=lambda: prepared(now))


def test_a_digest_that_is_none_is_wrong_usage(small: Path) -> None:
    result = run("apply", "-C", small, "--digest", "zzz")
    assert result.exit_code == 2
    assert "`zzz` is no digest; `crm-builder plan` shows one" in result.stderr


def test_help_tells_each_command_in_one_whole_line() -> None:
    lines = [line for line in run("--help").stdout.splitlines() if line.startswith("  ")]
    assert not [line for line in lines if line.endswith("...")]


def add_field(folder: Path, key: str) -> None:
    with (folder / "crm.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[fields.customers]]\nkey = "{key}"\ntitle = "{key.title()}"\ntype = "text"\n')


def test_a_faulty_description_changes_nothing(crm: Path) -> None:
    text = (crm / "crm.toml").read_text("utf-8")
    (crm / "crm.toml").write_text(text.replace('"USD"', '"EURO"').replace('"Europe/London"', '"Berlin"'), "utf-8")
    result = run("up", "-C", crm)
    assert result.exit_code == 1
    assert 'unknown currency "EURO" (did you mean "EUR"?)' in result.stderr
    assert "2 problems; nothing was changed." in result.stderr
    assert not (crm / ".crm").exists()


def test_build_touches_no_crm(crm: Path, tmp_path: Path) -> None:
    result = run("build", "-C", crm, "-o", tmp_path / "out", "--clock", CLOCK)
    assert result.exit_code == 0
    batches = json.loads((tmp_path / "out" / "requests.json").read_text("utf-8"))
    assert [set(batch) for batch in batches] == [{"requests"}]
    assert "Maya Collins" in (tmp_path / "out" / "preview" / "index.html").read_text("utf-8")
    assert (tmp_path / "out" / "workbook.xlsx").read_bytes().startswith(b"PK")
    assert (tmp_path / "out" / "workbook-notes.md").read_text("utf-8").startswith("# ")
    script = {path.name for path in (tmp_path / "out" / "appsscript").iterdir()}
    assert {"appsscript.json", "Config.js", "Main.js"} <= script
    assert not (crm / ".crm").exists()


def test_open_shows_the_crm_as_it_stands(small: Path) -> None:
    assert "there is no CRM" in run("open", "-C", small, "--print").stderr
    run("up", "-C", small, "--clock", CLOCK)
    result = run("open", "-C", small, "--print", "--clock", CLOCK)
    assert result.exit_code == 0
    assert Path(result.stdout.strip()).is_file()


@pytest.mark.parametrize(
    "arguments", [["--nonsense"], ["up", "--target", "moon"], ["up", "--clock", "noon"], ["new"], ["build"]]
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_every_command_explains_itself_and_stands_in_the_readme() -> None:
    readme = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")
    for name in main.commands:
        assert run(name, "--help").exit_code == 0
        assert f"crm-builder {name}" in readme
    assert "general" in run("new", "--help").stdout
