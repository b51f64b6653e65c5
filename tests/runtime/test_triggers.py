"""Triggers: made by the script, fired by the virtual clock and by people, as who made them and within their limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from crm_builder.local.runtime import Limits, schedule
from tests.runtime.conftest import NOW, Stage

SCRIPT_APP = "https://www.googleapis.com/auth/script.scriptapp"
MAKE = """
function make() { ScriptApp.newTrigger('tick').timeBased().everyHours(1).create(); }
function tick(e) { return [e.triggerUid, e.authMode === ScriptApp.AuthMode.FULL, e.hour]; }
"""


def test_an_hourly_trigger_fires_in_each_hour_at_a_minute_of_its_own(stage: Stage) -> None:
    stage.push(MAKE)
    minutes = set()
    for seed in range(4):
        runtime = stage.runtime(seed=seed)
        with stage.http.workspace.request():
            for id in runtime.triggers():
                stage.http.workspace.drop_document(f"script_triggers/{stage.script_id}", id)
        assert runtime.run("make").ok
        (id,) = runtime.triggers()
        fired = runtime.advance(NOW + timedelta(hours=5))
        assert [function for _, function, _ in fired] == ["tick"] * 5
        assert [outcome.value for _, _, outcome in fired] == [[id, True, at.hour] for at, _, _ in fired]
        minutes |= {at.minute for at, _, _ in fired}
        assert runtime.now == NOW + timedelta(hours=5)
    assert len(minutes) > 1


def test_due_triggers_fire_in_their_order_and_one_at_a_time(stage: Stage) -> None:
    stage.push("""function make() {
        ScriptApp.newTrigger('later').timeBased().after(120000).create();
        ScriptApp.newTrigger('sooner').timeBased().at(new Date(Date.now() + 60000)).create();
        ScriptApp.newTrigger('often').timeBased().everyMinutes(1).create(); }
      function sooner() { Utilities.sleep(90000); } function later() {} function often() {}""")
    runtime = stage.runtime()
    runtime.run("make")
    fired = runtime.advance(runtime.now + timedelta(minutes=4))
    names = [function for _, function, _ in fired]
    assert names.index("sooner") < names.index("later") and names.count("often") >= 2
    moments = [at for at, _, _ in fired]
    assert moments == sorted(moments) and all(
        later >= at + timedelta(milliseconds=outcome.elapsed_ms) for (at, _, outcome), (later, _, _) in pairwise(fired)
    )
    assert [told["function"] for told in runtime.triggers().values()] == ["often"], "those that fire once are gone"


DAY = {"every": "days", "number": 1, "zone": "Asia/Tehran", "hour": 8}
CASES = [
    ("daily", DAY, ["22T08", "23T08", "24T08"]),
    ("every third day", {**DAY, "number": 3}, ["22T08", "25T08", "28T08"]),
    ("weekly", {**DAY, "every": "weeks", "weekday": "SATURDAY"}, ["28T08", "05T08", "12T08"]),
    ("monthly", {**DAY, "every": "months", "month_day": 31}, ["31T08", "31T08", "31T08"]),
    ("every two hours", {"every": "hours", "number": 2, "zone": "Asia/Tehran"}, ["22T00", "22T02", "22T04"]),
]


@pytest.mark.parametrize(("name", "plan", "expected"), CASES, ids=[case[0] for case in CASES])
def test_when_triggers_fire(name: str, plan: dict, expected: list[str]) -> None:
    now = datetime(2026, 11, 21, 20, 29, 59, tzinfo=UTC)  # one second before midnight in Tehran
    at, made = schedule.first(plan, now, Random(1))
    moments = [at]
    while len(moments) < 3:
        following = schedule.following(made, moments[-1], moments[-1])
        assert following is not None
        moments.append(following)
    zone = ZoneInfo("Asia/Tehran")
    assert [moment.astimezone(zone).strftime("%dT%H") for moment in moments] == expected
    assert len({moment.minute for moment in moments}) == 1


def test_what_was_missed_is_not_made_up_for() -> None:
    last, now = NOW, NOW + timedelta(hours=5, minutes=30)
    plan = {"every": "hours", "number": 1, "zone": "UTC"}
    assert schedule.following(plan, last, now) == NOW + timedelta(hours=6)


def test_summer_time_leaves_the_hour_of_the_day() -> None:
    _, plan = schedule.first({**DAY, "zone": "Europe/Berlin"}, NOW, Random(1))
    last = datetime(2027, 3, 27, 8, plan["minute"], plan["second"], tzinfo=ZoneInfo("Europe/Berlin"))
    following = schedule.following(plan, last, last)
    assert following is not None and (following - last.astimezone(UTC)) == timedelta(hours=23)


def test_a_user_sees_and_deletes_own_triggers(stage: Stage) -> None:
    stage.push("""function make() { ScriptApp.newTrigger('make').forSpreadsheet(SpreadsheetApp.getActive()).onEdit().create(); }
      function look() { return ScriptApp.getProjectTriggers().map((one) => [one.getHandlerFunction(), String(one.getEventType()),
        String(one.getTriggerSource()), one.getTriggerSourceId()]); }
      function clear() { for (const one of ScriptApp.getProjectTriggers()) ScriptApp.deleteTrigger(one); }""")
    mine, theirs = stage.runtime(), stage.runtime(user="b@example.com")
    assert mine.run("make").ok and theirs.run("make").ok
    assert mine.run("look").value == [["make", "ON_EDIT", "SPREADSHEETS", stage.id]]
    assert mine.run("clear").ok and mine.run("look").value == [] and len(theirs.run("look").value) == 1


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("timeBased().everyMinutes(7)", "Exception: The value you passed to everyMinutes was invalid. It must be one of 1, 5, 10, 15 or 30."),
        ("timeBased().everyHours(5)", "Exception: The value you passed to everyHours was invalid. It must be one of 1, 2, 4, 6, 8 or 12."),
        ("timeBased().atHour(24)", "Exception: Hour must be between 0 and 23."),
        ("forForm('x')", "TypeError: TriggerBuilder.forForm is not a function"),
    ],
)  # fmt: skip
def test_builders_refuse(stage: Stage, code: str, error: str) -> None:
    assert stage.error(f"ScriptApp.newTrigger('main').{code}") == error


def test_no_more_than_20(stage: Stage) -> None:
    stage.push(MAKE.replace("function make() {", "function make() { for (let i = 0; i < 21; i++)"))
    runtime = stage.runtime()
    assert str(runtime.run("make").error).startswith("Exception: This script has too many triggers.")
    assert len(runtime.triggers()) == 20


def test_the_days_time_of_triggers_runs_out(stage: Stage) -> None:
    stage.push(MAKE.replace("return [", "Utilities.sleep(200000); return ["))
    runtime = stage.runtime(limits=Limits(triggers_a_day_ms=500_000))
    runtime.run("make")
    fired = runtime.advance(NOW + timedelta(hours=27))
    errors = [outcome.error for _, _, outcome in fired]
    assert errors[:4] == [None, None, None, "Service using too much computer time for one day"]
    assert errors.count(None) == 6, "after 24 hours it begins anew"


def test_a_new_scope_stops_triggers_until_somebody_agrees(stage: Stage) -> None:
    """And so that who made them never ran code that may do more than they were asked for."""
    stage.push(MAKE, oauthScopes=[SCRIPT_APP])
    runtime = stage.runtime()
    assert runtime.run("make").ok
    assert runtime.advance(NOW + timedelta(hours=1))[0][2].ok
    stage.push(MAKE, oauthScopes=[SCRIPT_APP, "https://www.googleapis.com/auth/script.send_mail"])
    fired = runtime.advance(NOW + timedelta(hours=2))
    assert [outcome.error for _, _, outcome in fired] == ["Authorization is required to perform that action."]
    assert stage.runtime(user="b@example.com").run("tick", {}).ok is True
    assert not runtime.advance(NOW + timedelta(hours=3))[0][2].ok, "another's consent is not the maker's"
    runtime.run("tick", {})
    assert runtime.advance(NOW + timedelta(hours=4))[0][2].ok


def test_a_time_trigger_has_nobody_at_the_sheet(stage: Stage) -> None:
    stage.push(MAKE.replace("return [", "SpreadsheetApp.getUi(); return ["))
    runtime = stage.runtime()
    runtime.run("make")
    ((_, _, outcome),) = runtime.advance(NOW + timedelta(hours=1))
    assert outcome.error == "Exception: Cannot call SpreadsheetApp.getUi() from this context."
