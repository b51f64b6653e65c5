"""Runs over a fleet: each client by itself, whatever becomes of the others, and the next run goes on."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import httplib2
import pytest

from crm_builder import deployment
from crm_builder.a1 import letters, quote
from crm_builder.deploy import open_target
from crm_builder.fleet import load_fleet, side_by_side, waiting, write_report
from crm_builder.fleet.files import write_description
from crm_builder.fleet.guard import Stopped
from crm_builder.fleet.result import Result
from crm_builder.google import Budget, Client, Limits
from crm_builder.sheets import check_call
from tests.changes.faults import Counting, LoseAnswer
from tests.conftest import CLOCK
from tests.fleet.conftest import BASE, clients
from tests.google.test_budget import most_in_a_minute

COLUMN = '[[fields.customers]]\nkey = "shoe"\ntitle = "Shoe"\ntype = "number"\n'


class Refusing(Counting):
    """Answers every write with an error of the service."""

    def request(self, uri, method="GET", body=None, headers=None, **more):
        if method == "GET":
            return super().request(uri, method, body, headers, **more)
        error = {
            "error": {"code": 403, "message": "The caller does not have permission", "status": "PERMISSION_DENIED"}
        }
        return httplib2.Response({"status": "403"}), json.dumps(error).encode()


def add_column(farm) -> None:
    farm.path.with_name("crm.toml").write_text(BASE + COLUMN, "utf-8")


def test_the_life_of_a_fleet(farm) -> None:
    one = farm(clients("a", "b", "c"))
    assert set(one.states("plan").values()) == {"to be created"}
    assert set(one.states().values()) == {"created"}
    same = one.run()
    assert {(each.state, each.reads, each.writes) for each in same.values()} == {("as described", 2, 0)}
    add_column(one)
    assert {(each.state, each.reads) for each in one.run("plan").values()} == {("to be changed", 3)}
    changed = one.run()
    assert {(each.state, each.reads, each.writes) for each in changed.values()} == {("changed", 2, 1)}
    assert set(one.states("plan").values()) == {"as described"}


def test_a_difference_changes_only_its_client(farm) -> None:
    one = farm(clients("a", "b"))
    one.run()
    one.path.write_text(clients("a", "b") + COLUMN.replace("fields", "client.fields"), "utf-8")
    assert one.states() == {"a": "as described", "b": "changed"}


def test_one_that_fails_stops_no_other_and_is_resumed(farm) -> None:
    """A damaged deployment, a refused write, a lost answer, a broken workspace and a bug, all in one run."""
    one = farm(clients("fine", "damaged", "denied", "lost", "broken", "bug"))
    home = one.path.parent / "clients"
    (home / "damaged" / ".crm").mkdir(parents=True)
    (home / "damaged" / ".crm" / "deployment.json").write_text("{", "utf-8")
    (home / "broken" / ".crm").mkdir(parents=True)
    (home / "broken" / ".crm" / "workspace").write_text("a file where a folder should be", "utf-8")

    def bug(http):
        raise ZeroDivisionError("oops")

    one.wrap = {"denied": Refusing, "lost": lambda http: LoseAnswer(http, 3), "bug": bug}
    found = one.run()
    states = {key: each.state for key, each in found.items()}
    assert states == {key: "created" if key == "fine" else "failed" for key in states}
    assert "is damaged" in found["damaged"].reason
    assert "403 PERMISSION_DENIED" in found["denied"].reason
    assert "timed out" in found["lost"].reason
    assert found["broken"].reason
    assert found["bug"].reason == "ZeroDivisionError: oops" and "Traceback" in found["bug"].trace
    assert not any(found[key].trace for key in states if key != "bug")

    one.wrap = {}
    (home / "damaged" / ".crm" / "deployment.json").unlink()
    (home / "broken" / ".crm" / "workspace").unlink()
    states = one.states()
    assert states["fine"] == "as described"
    assert states["lost"] in ("finished", "as described")
    assert {states[key] for key in ("damaged", "denied", "broken", "bug")} <= {"created", "finished"}
    assert set(one.states().values()) == {"as described"}


def test_an_interrupted_change_is_made_by_the_next_run(farm) -> None:
    one = farm(clients("a", "b"))
    one.run()
    add_column(one)
    one.wrap = {"b": Refusing}
    assert one.states() == {"a": "changed", "b": "failed"}
    one.wrap = {}
    assert one.states() == {"a": "as described", "b": "changed"}


def test_data_is_deleted_only_with_yes(farm, templates) -> None:
    one = farm(clients("a", "b"))
    one.run()
    fleet = load_fleet(one.path, templates)
    client = fleet.clients[0]
    layout = fleet.project(client).layout.place("customers")
    with open_target(client.folder, CLOCK) as http:
        rest = Client(http, check_call)
        found = deployment.load(client.folder, "local")
        update = rest.values.update(
            spreadsheetId=found.spreadsheet_id,
            range=f"{quote(layout.title)}!{letters(layout.column('nickname'))}2",
            valueInputOption="RAW",
            body={"values": [["Lil"]]},
        )
        rest.call(update)
    base = BASE.partition("[[fields")[0] + '[changes]\ndelete = ["customers.nickname"]\n'
    one.path.with_name("crm.toml").write_text(base, "utf-8")
    result = one.run()
    assert (result["a"].state, result["b"].state) == ("failed", "changed")
    assert "1 cell that people filled would be deleted; nothing was changed, say --yes" in result["a"].reason
    result = one.run(yes=True)
    assert (result["a"].state, result["b"].state) == ("changed", "as described")
    assert result["a"].snapshot and result["a"].snapshot.is_file()


def test_clients_run_side_by_side_with_one_budget(farm) -> None:
    now, guard = [0.0], threading.Lock()
    went: dict[str, list[float]] = {"GET": [], "POST": [], "PUT": []}

    def sleep(seconds: float) -> None:
        with guard:
            now[0] += seconds

    def noted(http):
        class Noting(Counting):
            def request(self, uri, method="GET", body=None, headers=None, **more):
                went[method].append(now[0])
                return super().request(uri, method, body, headers, **more)

        return Noting(http)

    keys = [f"c{number}" for number in range(6)]
    one = farm(clients(*keys))
    one.wrap = dict.fromkeys(keys, noted)
    budget = Budget(Limits(user_reads=4, user_writes=4), clock=lambda: now[0], sleep=sleep)
    assert set(one.states(jobs=4, budget=budget).values()) == {"created"}
    writes = sorted(went["POST"] + went["PUT"])
    assert len(writes) == 36
    # All threads share the one time here: whoever sleeps moves it for all, so a few may go later than promised.
    assert now[0] >= 300
    assert most_in_a_minute(writes) <= 4 + 4


def test_an_unchanged_description_is_not_written_again(farm) -> None:
    one = farm(clients("a"))
    one.run("plan")
    path = one.path.parent / "clients" / "a" / "crm.toml"
    assert path.read_text("utf-8").startswith("# Written by crm-builder fleet from ../../clients.toml, client a:")
    before = path.stat().st_mtime_ns
    one.run("plan")
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("text, reason", [('[crm]\nname = "Mine"\n', "written by somebody"), (None, "changed by hand")])
def test_what_people_wrote_is_never_overwritten(text, reason, farm) -> None:
    one = farm(clients("a", "b"))
    path = one.path.parent / "clients" / "a" / "crm.toml"
    if text is None:
        one.run("plan")
        text = path.read_text("utf-8") + "# a note\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    add_column(one)
    found = one.run()
    assert (found["a"].state, found["b"].state) == ("failed", "created")
    assert reason in found["a"].reason
    assert path.read_text("utf-8") == text


def test_a_description_saved_with_other_line_ends_is_still_ours(farm, templates) -> None:
    one = farm(clients("a"))
    one.run("plan")
    path = one.path.parent / "clients" / "a" / "crm.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert write_description(load_fleet(one.path, templates).clients[0], one.path)
    assert b"\r" not in path.read_bytes()


def test_persian_names_are_reported(farm, tmp_path) -> None:
    one = farm('[[client]]\nkey = "shomal"\n[client.crm]\nname = "شرکت شمال"\nlanguage = "fa"\n')
    result = one.run()["shomal"]
    path = write_report(tmp_path / "reports", result)
    assert path.name == "shomal.md"
    assert path.read_text("utf-8").startswith("# شرکت شمال\n\nClient `shomal`")
    before = path.stat().st_mtime_ns
    write_report(tmp_path / "reports", result)
    assert path.stat().st_mtime_ns == before


def test_a_report_holds_plan_reason_and_trace(farm, tmp_path) -> None:
    one = farm(clients("a", "b"))
    one.run()
    add_column(one)

    def bug(http):
        raise ZeroDivisionError("oops")

    one.wrap = {"b": bug}
    texts = {key: write_report(tmp_path / "r", each).read_text("utf-8") for key, each in one.run("plan").items()}
    assert "## Plan" in texts["a"] and "Shoe" in texts["a"] and "cells with data stay as they are" in texts["a"]
    assert "ZeroDivisionError: oops" in texts["b"] and "```\nTraceback" in texts["b"]


def test_a_plan_finds_a_crm_whose_deployment_file_is_lost(farm):
    one = farm(clients("a"))
    assert one.states() == {"a": "created"}
    lost = deployment.path_of(one.path.parent / "clients" / "a")
    lost.unlink()
    assert one.states("plan") == {"a": "as described"}
    assert not lost.exists()


@pytest.fixture
def ctrl_c() -> Iterator[Callable[[], None]]:
    """Presses it. Whoever runs the tests in the background may have it ignored, which they inherit."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield lambda: os.kill(os.getpid(), signal.SIGINT)
    signal.signal(signal.SIGINT, former)


def test_ctrl_c_finishes_the_requests_under_way(farm, templates, ctrl_c) -> None:
    one = farm(clients("a", "b", "c"))
    fleet = load_fleet(one.path, templates)
    stop, told, done = threading.Event(), [], []

    def work(client):
        ctrl_c()
        assert stop.wait(60), "the run goes on"
        return Result(client, "created")

    results = side_by_side(fleet.clients, work, jobs=1, stop=stop, done=done.append, interrupted=lambda: told.append(1))
    assert [one.state for one in results] == ["created", "not begun", "not begun"]
    assert (told, done) == ([1], results[:1])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_waits_for_nobody(farm, templates, ctrl_c) -> None:
    fleet = load_fleet(farm(clients("a")).path, templates)
    stop, end = threading.Event(), threading.Event()

    def work(client):
        ctrl_c()
        assert end.wait(60)
        return Result(client, "created")

    try:
        with pytest.raises(KeyboardInterrupt):
            side_by_side(fleet.clients, work, jobs=1, stop=stop, done=print, interrupted=ctrl_c)
        assert stop.is_set()
    finally:
        end.set()


def test_a_ctrl_c_that_is_ignored_stays_so(farm, templates, ctrl_c) -> None:
    """As for every program in the background of a shell script."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    fleet = load_fleet(farm(clients("a")).path, templates)

    def work(client):
        ctrl_c()
        return Result(client, "created")

    stop = threading.Event()
    assert [one.state for one in side_by_side(fleet.clients, work, jobs=1, stop=stop, done=print)] == ["created"]
    assert not stop.is_set()


def test_a_stopped_run_sends_nothing_more_and_goes_on_next_time(farm) -> None:
    stop = threading.Event()

    class StopsAfter(Counting):
        def request(self, uri, method="GET", body=None, headers=None, **more):
            answer = super().request(uri, method, body, headers, **more)
            if self.count == 2:
                stop.set()
            return answer

    one = farm(clients("a", "b"))
    one.wrap = {"a": StopsAfter}
    assert one.states(jobs=1, stop=stop) == {"a": "stopped", "b": "not begun"}
    one.wrap = {}
    assert one.states() == {"a": "finished", "b": "created"}


def test_a_wait_for_the_budget_ends_with_the_run() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        waiting(stop)(1000)
    start = time.monotonic()
    waiting(threading.Event())(0.001)
    assert time.monotonic() - start < 60


def test_a_refused_change_is_told_and_the_rest_is_made(farm) -> None:
    one = farm(clients("a"))
    one.run()
    base = BASE.replace('type = "text"', 'type = "number"')
    one.path.with_name("crm.toml").write_text(base.replace("[crm]", '[crm]\ncurrency = "EUR"'), "utf-8")
    planned = one.run("plan")["a"]
    assert planned.state in ("to be changed", "refused")
    assert one.run()["a"].state in ("changed", "refused")


def test_a_folder_that_cannot_be_written_fails_alone(farm) -> None:
    one = farm(clients("a", "b"))
    (one.path.parent / "clients").mkdir()
    (one.path.parent / "clients" / "a").write_text("a file", "utf-8")
    found = one.run()
    assert (found["a"].state, found["b"].state) == ("failed", "created")
    assert "clients/a" in found["a"].reason
