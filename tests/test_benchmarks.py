"""The benchmarks run, on sizes too small to say anything about speed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import fleet, google, mail, provisioning, recalculation, startup, workspace
from benchmarks.report import Figure, Report, text
from crm_builder.google import Limits


def checked(report: Report) -> dict[str, Figure]:
    """The figures by name, after what holds for every report."""
    shown = text(report)
    assert all(figure.name in shown and figure.value >= 0 for figure in report.figures)
    assert json.loads(json.dumps(report.data()))["name"] == report.name
    return {figure.name: figure for figure in report.figures}


def test_recalculation_compares_its_results_with_a_plain_count() -> None:
    figures = checked(recalculation.run(small=3, large=12))
    assert figures["growth of recalculation"].limit == recalculation.LIMIT


def test_startup() -> None:
    assert checked(startup.run(runs=1))["crm-builder --help"].unit == "seconds"


def test_provisioning_keeps_its_limits_of_calls_and_bytes() -> None:
    figures = checked(provisioning.run(languages=("en",)))
    limited = [figure for figure in figures.values() if figure.limit is not None]
    assert len(limited) == 2
    assert all(figure.ok for figure in limited)


def test_workspace_reads_what_it_wrote() -> None:
    assert checked(workspace.run(rows=40, calls=3))["on disk"].value > 0


def test_a_fleet_waits_for_its_budget_and_not_for_its_work() -> None:
    figures = checked(fleet.run(clients=2, limits=Limits(user_reads=2, user_writes=2)))
    limited = [figure for figure in figures.values() if figure.limit is not None]
    assert len(limited) == 4
    assert all(figure.ok for figure in limited)
    assert figures["nothing to do: calls a client"].value == 2
    assert figures["a new column for each: calls a client"].value == 3


def test_google_keeps_its_limits_of_calls_and_gspread_makes_the_same_sheets() -> None:
    figures = checked(google.run(small=True))
    limited = [figure for figure in figures.values() if figure.limit is not None]
    assert [figure.limit for figure in limited] == [10, 3]
    assert all(figure.ok for figure in limited)
    assert figures["gspread: calls for each of ours"].value > 1


def test_mail_reads_a_table_once_and_sends_nothing_twice(provisioned: Callable[..., Path]) -> None:
    figures = checked(mail.run(people=30, mails=4, made=provisioned()))
    limited = [figure for figure in figures.values() if figure.limit is not None]
    assert [figure.limit for figure in limited] == [60, 60, 60, 1, 0, 0, 1]
    assert all(figure.ok for figure in limited)
    assert figures["the same, by mail merge: sent twice"].value > 1


@pytest.mark.parametrize("value, code, words", [(1.0, 0, "ok, limit 2"), (3.0, 1, "over, limit 2")])
def test_a_figure_over_its_limit_ends_with_1(value, code, words, monkeypatch, capsys) -> None:
    report = Report("one", "title", ("step", "seconds"), (("a", 1.5), ("b", None)), (Figure("f", value, "s", 2),))
    monkeypatch.setattr(command, "BENCHMARKS", {"one": lambda: report})
    assert command.main(["one"]) == code
    assert words in capsys.readouterr().out
    assert command.main(["--json"]) == code
    assert json.loads(capsys.readouterr().out)[0]["ok"] is (code == 0)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main(["nonsense"])


def test_a_failing_measurement_says_why() -> None:
    with pytest.raises(RuntimeError, match="there is no such file"):
        recalculation.apart(recalculation.read, folder="/nowhere")
