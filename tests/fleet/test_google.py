"""A fleet on Google: each client's account and connection, one budget, what stays beside the workbook, its limits."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httplib2
import pytest

from crm_builder import deploy
from crm_builder.deployment import GOOGLE, LOCAL, load
from crm_builder.errors import RestError
from crm_builder.fleet import Result, load_fleet, seldom, told, write_report
from crm_builder.fleet.guard import Guarded, ScriptLimit, Stopped, waiting
from crm_builder.google import SCRIPT, Budget, Client, Limits, logins
from crm_builder.google.logins import Login
from crm_builder.google.retry import Retrying
from crm_builder.local.server import Server, serve
from crm_builder.sheets import check_call
from tests.changes.faults import Counting
from tests.conftest import CLOCK
from tests.fleet.conftest import BASE, Farm, clients

TEAM = '[[team]]\nname = "Tom Reed"\nemail = "tom@example.com"\nrole = "editor"\n'
UNSHARED = "\n[google]\nshare = false\n"


def log_in(name: str) -> None:
    later = time.time() + 3000
    logins.save(Login(name, "trial", "trial", "refresh", tuple(SCRIPT), time.time(), f"token-{name}", later))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("CRM_BUILDER_CONFIG", str(tmp_path / "config"))
    with serve(tmp_path / "served", clock=CLOCK) as running:
        monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", running.url)
        log_in("main")
        yield running


@pytest.fixture
def google(farm: Callable[..., Farm], server: Server) -> Callable[..., Callable[..., dict[str, Result]]]:
    """A fleet of these clients, to be run on Google."""

    def made(text: str, base: str = BASE + UNSHARED) -> Callable[..., dict[str, Result]]:
        one = farm(text, base)

        def run(what: str = "apply", **options: object) -> dict[str, Result]:
            more = {"target": GOOGLE, "budget": Budget(Limits(600, 600, 600, 600)), **options}
            return one.run(what, **more)

        run.path, run.wrap = one.path, one.wrap
        return run

    return made


def states(results: dict[str, Result]) -> dict[str, str]:
    return {key: one.state for key, one in results.items()}


def test_a_fleet_on_google_converges_and_a_login_that_is_gone_fails_alone(google, tmp_path) -> None:
    text = clients("a", "b", "c").replace('key = "b"', 'key = "b"\naccount = "second"')
    run = google(text, BASE + TEAM)
    assert states(run("plan")) == {"a": "to be created", "b": "failed", "c": "to be created"}
    first = run()
    assert states(first) == {"a": "created", "b": "failed", "c": "created"}
    assert "crm-builder login --account second" in first["b"].reason
    assert "one click is left" in first["a"].click and "Tom Reed" in first["a"].told[0]
    assert first["a"].address in write_report(tmp_path / "r", first["a"]).read_text("utf-8")
    assert ["a", "c"] in [keys for keys, _ in told(first.values())]
    log_in("second")
    again = run()
    assert states(again) == {"a": "as described", "b": "created", "c": "as described"}
    assert [(again[key].reads, again[key].writes) for key in "ac"] == [(2, 0)] * 2
    accounts = [load(run.path.parent / "clients" / key, GOOGLE).account for key in "abc"]
    assert accounts == ["main", "second", "main"]
    assert set(states(run("plan")).values()) == {"as described"}
    assert set(states(run("plan", target=LOCAL)).values()) == {"to be created"}
    assert not (run.path.parent / "clients" / "a" / ".crm" / "workspace").exists()

    run.path.with_name("crm.toml").write_text(BASE, "utf-8")  # Tom leaves
    planned = run("plan")["a"]
    assert planned.state == "to be changed" and planned.beside.leaving == ["tom@example.com"]
    assert "- tom@example.com loses access" in write_report(tmp_path / "r", planned).read_text("utf-8")
    refused = run()
    assert set(states(refused).values()) == {"failed"}
    assert "tom@example.com would lose access; nothing was changed, say --yes" in refused["c"].reason
    assert set(states(run(yes=True)).values()) == {"changed"}
    assert set(states(run("plan")).values()) == {"as described"}


def test_a_plan_with_nothing_but_script_and_team_is_a_pending_one(google) -> None:
    run = google(clients("a"), BASE + "\n[google]\nscript = false\nshare = false\n")
    assert states(run()) == {"a": "created"}
    run.path.with_name("crm.toml").write_text(BASE, "utf-8")
    planned = run("plan")["a"]
    assert planned.plan.empty and planned.state == "to be changed" and planned.stays is None
    assert [sign for sign, _ in planned.beside.lines] == ["+", "+"]
    assert states(run()) == {"a": "changed"}
    assert states(run("plan")) == {"a": "as described"}


def test_the_folder_of_a_client_is_held_by_one_run_at_a_time(google) -> None:
    run = google(clients("a", "b"))
    with deploy.open_target(run.path.parent / "clients" / "a", CLOCK, GOOGLE, "main"):
        found = run()
    assert states(found) == {"a": "failed", "b": "created"}
    assert "is in use by process" in found["a"].reason
    assert states(run()) == {"a": "created", "b": "as described"}


class NoScripts(Counting):
    """Google makes no more scripts today; what is said is what Retrying says when its patience is over."""

    def request(self, uri, method="GET", body=None, headers=None, **more):
        if method == "POST" and uri.partition("?")[0].endswith("/v1/projects"):
            self.calls.append((method, uri))
            raise RestError(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")
        return super().request(uri, method, body, headers, **more)


def test_where_google_makes_no_more_scripts_the_rest_is_made_and_the_next_run_goes_on(google) -> None:
    run = google(clients("a", "b", "c"))
    asked: list[NoScripts] = []

    def limited(http):
        asked.append(NoScripts(http))
        return asked[-1]

    run.wrap.update(dict.fromkeys("abc", limited))
    found = run(jobs=1)
    assert set(states(found).values()) == {"created"}
    assert all("the next run, tomorrow, makes the script" in one.told[0] for one in found.values())
    assert sum(uri.partition("?")[0].endswith("/v1/projects") for one in asked for _, uri in one.calls) == 1
    run.wrap.clear()
    planned = run("plan")
    assert {tuple(one.beside.lines) for one in planned.values()} == {(("+", "script: new"),)}
    assert set(states(run()).values()) == {"changed"}
    assert set(states(run("plan")).values()) == {"as described"}


def test_a_limit_of_the_day_is_an_answer_and_strikes_too(farm) -> None:
    """No waiting mends it, so who repeats requests passes it on as it came."""
    unit = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "metadata": {"quota_unit": "1/d/{project}/{user}"}}
    error = {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED", "details": [unit]}
    asked: list[str] = []

    class Day:
        def request(self, uri, method="GET", **more):
            asked.append(uri)
            return httplib2.Response({"status": "429"}), json.dumps({"error": error}).encode()

    limit = ScriptLimit()
    for _ in range(2):
        client = Client(Guarded(Retrying(Day()), Result(None, ""), threading.Event(), limit, "main"), check_call)
        with pytest.raises(RestError, match="no more scripts"):
            client.call(client.script.projects().create(body={"title": "x"}))
    assert len(asked) == 1


def test_the_limit_of_scripts_is_that_of_an_account(farm) -> None:
    limit = ScriptLimit()
    limit.strike("main", RestError(429, "", ""))
    limit.check("second")
    with pytest.raises(RestError, match="no more scripts"):
        limit.check("main")


def test_a_stopped_run_ends_the_waits_of_its_connections(google, tmp_path, templates) -> None:
    """The budget and the patience of a connection wait by the run's own sleep."""
    run = google(clients("a"))
    stop = threading.Event()
    budget = Budget(Limits(user_reads=1), sleep=waiting(stop))
    budget.wait("reads", "main")  # the one of this minute is taken
    folder = tmp_path / "folder"
    with deploy.open_target(folder, CLOCK, GOOGLE, "main", budget=budget, sleep=waiting(stop)) as http:
        client = load_fleet(run.path, templates).clients[0]
        guarded = Guarded(http, Result(client, "not begun"), stop, ScriptLimit())
        rest = Client(guarded, check_call)
        threading.Timer(0.05, stop.set).start()
        with pytest.raises(Stopped):
            rest.crm_files()


def test_waits_that_all_share_are_told_now_and_then() -> None:
    now, heard = [0.0], []
    tell = seldom(heard.append, lambda: now[0])
    for at in (0, 1, 29, 30, 31):
        now[0] = at
        tell(f"at {at}")
    assert heard == ["at 0", "at 30"]


def test_where_a_fleet_lives_is_said_in_its_file_or_by_an_account(write, templates, problems) -> None:
    def target(text: str) -> tuple[str, str]:
        fleet = load_fleet(write(text), templates)
        return fleet.target, fleet.account

    one = clients("a")
    assert target(one) == ("", "")
    assert target('target = "google"\n' + one) == ("google", "")
    assert target('account = "main"\n' + one) == ("google", "main")
    assert target('account = "main"\ntarget = "local"\n' + one) == ("local", "main")
    assert target(one.replace("[client.crm]", 'account = "second"\n[client.crm]')) == ("google", "")
    assert "unknown target" in problems('target = "gogle"\n' + one)[0]
    assert "must be a text" in problems("account = 1\n" + one)[0]
