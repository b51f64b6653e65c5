"""The script from the command line: run and simulate, and a page of it in a browser's place."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crm_builder import deploy, deployment
from crm_builder.a1 import letters, quote
from crm_builder.cli import main
from crm_builder.google import Client
from crm_builder.local.runtime.page_server import PageServer
from crm_builder.project import load_project
from crm_builder.sheets import check_call
from tests.conftest import CLOCK


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(one) for one in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def crm(provisioned: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRM_BUILDER_CLOCK", CLOCK.isoformat())
    return provisioned()


def values(folder: Path, where: str) -> list[list[Any]]:
    found = deployment.load(folder, deploy.LOCAL)
    assert found
    with deploy.open_target(folder, CLOCK) as http:
        return Client(http, check_call).values_get(found.spreadsheet_id, where)


def column(folder: Path, table: str, key: str) -> str:
    """`'Leads'!B`: a column of a table as people name it."""
    sheet = load_project(folder).rendered.workbook.sheet(table)
    return f"{quote(sheet.title)}!{letters([one.key for one in sheet.columns].index(key))}"


def test_what_is_typed_gets_its_id(crm: Path) -> None:
    name = column(crm, "leads", "name")
    result = run("run", "onEdit", "-C", crm, "--cell", f"{name}2", "--value", "  Zara  ")
    assert result.exit_code == 0, result.output
    assert values(crm, f"{name}2") == [["Zara"]]
    assert values(crm, f"{column(crm, 'leads', 'id')}2")[0][0].startswith("L-")


def test_the_set_up_asks_and_is_done_where_somebody_agrees(crm: Path) -> None:
    asked = run("run", "finishSetUp", "-C", crm)
    assert asked.exit_code == 1 and "--yes agrees" in asked.output
    assert '"status": "new"' in run("run", "dispatch", "-C", crm).output
    done = run("run", "finishSetUp", "-C", crm, "--yes", "--json")
    assert done.exit_code == 0 and json.loads(done.stdout)["error"] is None
    assert '"hygiene": "done"' in run("run", "dispatch", "-C", crm).output


@pytest.mark.parametrize(
    "arguments, code, said",
    [
        (["finishSetp"], 1, "did you mean finishSetUp"),
        (["onEdit", "--cell", "Leads!B2"], 2, "go together"),
        (["onEdit", "--cell", "B2", "--value", "x"], 2, "names no sheet"),
        (["onEdit", "--cell", "Nowhere!B2", "--value", "x"], 1, "Nowhere"),
        (["onOpen", "--arg", "1e999"], 2, "is no JSON"),
        (["onOpen", "--at", "0001-01-01T00:00"], 2, "too far away"),
        (["onOpen", "--target", "google"], 1, "on this computer"),
    ],
)
def test_bad_input_changes_nothing_and_says_what_to_do(crm: Path, arguments: list[str], code: int, said: str) -> None:
    result = run("run", *arguments, "-C", crm)
    assert (result.exit_code, said in result.output) == (code, True), result.output


def test_a_simulation_changes_nothing(crm: Path) -> None:
    title = column(crm, "settings", "key").partition("!")[0]
    before = values(crm, title)
    result = run("simulate", "-C", crm, "--days", "1", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [day["day"] for day in told["days"]] == ["2026-11-22"]
    assert values(crm, title) == before
    assert not (crm / ".crm" / "outbox").exists()


@pytest.fixture
def page(crm: Path) -> Iterator[PageServer]:
    found = deployment.load(crm, deploy.LOCAL)
    assert found
    with deploy.running(crm, found, CLOCK) as runtime:
        server = PageServer(runtime, runtime.run("showAddLead"))
        calls: list[tuple[Any, ...]] = []
        runtime.call_page = lambda *given: calls.append(given) or runtime.run("onOpen")  # type: ignore[method-assign]
        server.calls = calls  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve)
        thread.start()
        yield server
        server.close()
        thread.join()


def ask(url: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_a_page_is_served_to_who_knows_its_address_alone(page: PageServer) -> None:
    root = page.url.rsplit("/", 2)[0]
    status, content = ask(page.url)
    assert status == 200 and b"google" in content and b"<form" in content
    assert ask(f"{root}/")[0] == ask(page.url, Host="evil.example.com")[0] == 404
    question = json.dumps({"name": "pageAction", "given": ["find", {"text": "x"}]}).encode()
    assert ask(f"{root}/call", question)[0] == ask(f"{page.url}call", question, Host="evil.example.com")[0] == 404
    assert ask(f"{page.url}call", b"{")[0] == ask(f"{page.url}call", b'{"name": "x", "given": [1e999]}')[0] == 400
    assert page.calls == []  # type: ignore[attr-defined]
    status, content = ask(f"{page.url}call", question)
    assert status == 200 and json.loads(content)["error"] is None
    assert page.calls == [("pageAction", "find", {"text": "x"})]  # type: ignore[attr-defined]
