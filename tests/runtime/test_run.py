"""One run: what it leaves where it is killed, out of time or in the way of others, and that it then comes to the same end."""

from __future__ import annotations

import pytest

from crm_builder.local.runtime import Kill, Limits
from tests.runtime.conftest import NOW, Stage
from tests.runtime.sweep import forgotten

# A job in the way the CRM's own go about it: what is done is noted after each step, and what is noted is not done again.
JOB = """
function job() {
  const store = PropertiesService.getScriptProperties();
  const sheet = SpreadsheetApp.getActiveSpreadsheet().getSheetByName('Rows');
  for (const name of ['a', 'b', 'c']) {
    if (store.getProperty(name)) continue;
    MailApp.sendEmail(`${name}@example.com`, name, 'text');
    store.setProperty(name, 'done');
    sheet.getRange(name.charCodeAt(0) - 96, 1).setValue(name);
  }
  try {
    Session.getScriptTimeZone();
  } finally {
    store.setProperty('end', 'reached');
  }
}
"""


@pytest.mark.parametrize("keep_buffer", [True, False])
def test_killed_at_any_call_and_run_again(stage: Stage, keep_buffer: bool) -> None:
    """Every mail is there; one at most is there twice, the one whose mark the kill came before. A kill runs no
    `finally`, and what it keeps of unflushed cells is as asked for."""
    stage.push(JOB)
    workspace = stage.http.workspace
    with forgotten(workspace):
        total = stage.runtime(outbox=None).run("job").number
    doubled = 0
    for at in range(1, total + 2):
        with forgotten(workspace):
            runtime = stage.runtime(outbox=None, kill=Kill(at, keep_buffer))
            killed = runtime.run("job")
            assert killed.ended is (at <= total), at
            if at <= total:
                assert killed.number == at and "end" not in runtime.properties()
                marked, written = list(runtime.properties()), [row[0] for row in stage.cells()]
                assert written in ((marked, marked[:-1]) if keep_buffer else ([],)), at
            again = runtime.run("job")
            assert again.ok and list(runtime.properties()) == ["a", "b", "c", "end"]
            sent = [address for mail in (*killed.mails, *again.mails) for address in mail.addresses]
            assert set(sent) == {f"{name}@example.com" for name in "abc"}
            doubled += len(sent) - 3
    assert doubled == 3  # one for each mail: killed between sending and marking
    assert stage.cells() == [] and stage.runtime().properties() == {}


def test_six_minutes_and_no_longer(stage: Stage) -> None:
    stage.push(
        "function main() { for (let i = 0; ; i++) { try { PropertiesService.getScriptProperties().setProperty('i', i); Utilities.sleep(60000); } catch (e) {} } }"
    )
    runtime = stage.runtime(limits=Limits(loop_s=0.3))
    outcome = runtime.run("main")
    assert (outcome.ended, outcome.error, outcome.elapsed_ms) == (True, "Exceeded maximum execution time", 360_000)
    assert runtime.properties() == {"i": "5"}


def test_a_simple_trigger_has_half_a_minute(stage: Stage) -> None:
    stage.push("function onEdit() { Utilities.sleep(20000); Utilities.sleep(20000); }")
    outcome = stage.runtime().edit("Rows", "A1", "x")
    assert (outcome.ended, outcome.elapsed_ms) == (True, 30_000)


@pytest.mark.parametrize("keep", [True, False])
def test_out_of_time_with_unflushed_cells(stage: Stage, keep: bool) -> None:
    stage.push(
        "function main() { SpreadsheetApp.getActiveSheet().getRange('A1').setValue('x'); for (;;) Utilities.sleep(300000); }"
    )
    assert stage.runtime(limits=Limits(keep_buffer=keep)).run("main").ended
    assert stage.cells() == ([["x"]] if keep else [])


def test_an_error_leaves_what_was_written_before(stage: Stage) -> None:
    stage.push(
        "function main() { SpreadsheetApp.getActiveSheet().getRange('A1').setValue('x'); throw new Error('no'); }"
    )
    assert stage.runtime().run("main").error == "Error: no"
    assert stage.cells() == [["x"]]


def test_others_at_work_in_the_middle(stage: Stage) -> None:
    """They see what was flushed, the run sees what they did, and an edit of theirs runs its own trigger meanwhile."""
    stage.push("""
      function main() {
        const sheet = SpreadsheetApp.getActiveSpreadsheet().getSheetByName('Rows');
        sheet.getRange('A1').setValue('mine');
        SpreadsheetApp.flush();
        return [sheet.getRange('B1').getValue(), PropertiesService.getScriptProperties().getProperty('seen')];
      }
      function onEdit(e) { PropertiesService.getScriptProperties().setProperty('seen', e.value); }""")
    seen: list[object] = []

    def people() -> None:
        seen.append(stage.cells())
        seen.append(runtime.edit("Rows", "B1", "theirs").ok)

    runtime = stage.runtime()
    runtime.meanwhile = {6: people}
    assert runtime.run("main").value == ["theirs", "theirs"]
    assert seen == [[["mine"]], True]


def test_a_lock_that_another_run_holds(stage: Stage) -> None:
    stage.push("""
      function main() {
        const lock = LockService.getDocumentLock();
        const first = [lock.tryLock(1000), lock.hasLock(), Date.now()];
        try { lock.waitLock(2000); } catch (error) { first.push(error.message); }
        return [...first, lock.tryLock(60000), Date.now()];
      }
      function next() { return LockService.getDocumentLock().tryLock(1); }""")
    runtime = stage.runtime()
    start = int(NOW.timestamp() * 1000)
    runtime.hold_lock(NOW.replace(minute=1))
    taken, has, then, error, at_last, end = runtime.run("main").value
    assert (taken, has, error, at_last) == (
        False,
        False,
        "Lock timeout: another process was holding the lock for too long.",
        True,
    )
    assert 1000 <= then - start < 1100 and 60_000 <= end - start < 60_100
    assert runtime.run("next").value is True, "a run that is over holds nothing"


def test_a_lock_between_two_runs_that_overlap(stage: Stage) -> None:
    stage.push("""
      function main() { const lock = LockService.getScriptLock(); const had = lock.tryLock(1); Utilities.sleep(1); return had; }
      function other() { return [LockService.getScriptLock().tryLock(1), LockService.getUserLock().tryLock(1)]; }""")
    runtime, seen = stage.runtime(), []
    runtime.meanwhile = {3: lambda: seen.append(runtime.run("other").value)}
    assert runtime.run("main").value is True and seen == [[False, True]]


def test_calls_are_counted_and_cost_time(stage: Stage) -> None:
    stage.push("function main() { Utilities.getUuid(); Utilities.getUuid(); MailApp.getRemainingDailyQuota(); }")
    runtime = stage.runtime(limits=Limits(costs={"": 5, "Utilities": 7, "MailApp.getRemainingDailyQuota": 20}))
    outcome = runtime.run("main")
    assert dict(outcome.calls) == {"Utilities.getUuid": 2, "MailApp.getRemainingDailyQuota": 1}
    assert outcome.elapsed_ms == 34 and (runtime.now - NOW).total_seconds() == 0.034


def test_formulas_are_not_computed_anew_within_a_day(stage: Stage) -> None:
    """The workspace's instant stands still until the virtual day changes, and TODAY follows it."""
    stage.call(
        "PUT", f"/v4/spreadsheets/{stage.id}/values/Rows!A1?valueInputOption=USER_ENTERED", {"values": [["=TODAY()"]]}
    )
    stage.push("function main() { return SpreadsheetApp.getActiveSheet().getRange('A1').getValue().getDate(); }")
    runtime = stage.runtime()
    assert runtime.run("main").value == 22
    instant = stage.http.workspace.now()
    runtime.wait_until(NOW.replace(hour=20, minute=29))
    assert runtime.run("main").value == 22 and stage.http.workspace.now() == instant
    runtime.wait_until(NOW.replace(hour=20, minute=31))  # after midnight in the spreadsheet's zone
    assert runtime.run("main").value == 23
