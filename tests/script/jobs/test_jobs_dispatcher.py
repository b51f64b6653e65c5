"""The dispatcher: what it runs in which order, what stops it, and what it leaves for the next run."""

from __future__ import annotations

from typing import Any

import pytest

# The jobs of others, replaced by what notes that they ran; `minutes` is how long each takes, `fail` which one breaks.
JOBS = """
const ran = [];
const job = (world, name, { fail = '', minutes = 0, end } = {}) => (services) => { ran.push(name); world.time += minutes * 60000; if (fail === name) throw new Error(`${name} broke`); return end; };
const jobs = (world, more = {}) => {
  tidyTables = job(world, 'tidy', more);
  followUpRun = (services, config, book, deadline, audiences) => { job(world, audiences.join(), more)(); return { sent: 0, failed: 0, unknown: 0, left: 0, stopped: '', not: [], ...more.result }; };
  sendAll = (services, config, book, messages) => { for (const one of messages) ran.push(one.key); return { sent: 1, failed: 0, unknown: 0, left: 0, stopped: '' }; };
  archiveRun = () => { ran.push('archive'); return { moved: 0, left: 0, kept: {} }; };
  explainFollowUps = () => [{ key: 'k', table: 'leads', contact: 'L-1', name: 'Ann', to: 'ann@example.com', sequence: 's', step: 1, due: '', decision: 'off', detail: '', why: 'mail is off' }];
};
const go = (world) => attempt(world, (services) => { const outcome = runDispatcher(services, CONFIG); if (services.held()) ran.push('lock held'); return outcome; });
const state = (world) => JSON.parse(world.store.jobs ?? '{}');
const due = { tasks: [{ id: 'T-1', title: 'Offer', due: on(2026, 11, 20), assignee: 'Omid Rahimi' }] };
"""
CASES = {
    "a whole run": "const world = setUpWorld(due); jobs(world); return [go(world), ran, state(world).last, world.marks];",
    "twice in an hour": "const world = setUpWorld(due); jobs(world); go(world); ran.length = 0; go(world); return ran;",
    "an error": "const world = setUpWorld(due); jobs(world, { fail: 'tidy' }); const first = go(world); jobs(world); return [first, JSON.parse(world.marks['crm_builder.heartbeat']).errors, go(world).errors, ran];",
    "busy": "const world = setUpWorld(due, {}, { busy: true }); jobs(world); return [go(world), ran, world.count];",
    "a copy": "const world = setUpWorld(due, {}, { id: 'COPY' }); jobs(world); return [go(world), ran, world.marks];",
    "a copy without properties": "const world = setUpWorld(due, {}, { id: 'COPY', marks: { 'crm_builder.heartbeat': JSON.stringify({ at: 'x', spreadsheet: 'SHEET' }) } }); world.store = {}; jobs(world); return [go(world).status, ran];",
    "never set up": "const world = setUpWorld(due); world.store = {}; jobs(world); return [go(world).status, ran];",
    "taken over": "const world = setUpWorld(due, {}, { user: 'omid@example.com' }); jobs(world); return [go(world).status, ran, world.triggers];",
    "time is up": "const world = setUpWorld(due); jobs(world, { minutes: 3 }); const first = go(world).jobs; const { next } = state(world); ran.length = 0; jobs(world); world.time += 3000000; const second = go(world).jobs; return [first, next, second, ran];",
    "slept for a week": "const world = setUpWorld(due); jobs(world); go(world); ran.length = 0; world.time += 8 * 86400000; go(world); return ran;",
    "held back by a cap": "const world = setUpWorld(due); jobs(world, { result: { not: [{ reason: 'cap' }] } }); const first = go(world).jobs; ran.length = 0; world.time += 86400000; jobs(world); return [first, go(world).jobs, ran];",
    "no log": "const world = setUpWorld(due); jobs(world, { result: { stopped: 'no_log' } }); return go(world).errors.map((one) => one.job);",
    "ticked": "const world = setUpWorld(due, { do_archive: true, do_send: 'TRUE', do_report: true, do_preview: true }); jobs(world); const outcome = go(world); return [outcome.jobs.ticked, ran, recordsIn(world, 'settings').filter((row) => row.key.startsWith('do_')).map((row) => row.value)];",
    "a ticked one that breaks": "const world = setUpWorld(due, { do_archive: true, do_send: true }); jobs(world); archiveRun = () => { throw new Error('full'); }; const outcome = go(world); return [outcome.errors.map((one) => [one.job, one.message]), recordsIn(world, 'settings').filter((row) => row.key.startsWith('do_')).map((row) => row.value)];",
    "a wrong setting": "const world = setUpWorld(due, { mail_mode: 'on' }); jobs(world); return go(world).errors.map((one) => `${one.job}: ${one.message}`);",
    "no mail": "const world = setUpWorld(due, { do_send: true }); jobs(world); const config = { ...CONFIG, google: { ...CONFIG.google, mail: false } }; const outcome = attempt(world, (services) => runDispatcher(services, config)); return [Object.keys(outcome.jobs), ran, JSON.parse(world.marks['crm_builder.heartbeat']).mail_mode];",
    "paused": "const world = setUpWorld(due, { mail_mode: 'live', mail_paused: true }); jobs(world); go(world); return JSON.parse(world.marks['crm_builder.heartbeat']).mail_mode;",
}  # fmt: skip
KILLED = """
const results = [];
for (let at = 0; ; at += 1) {
  const world = setUpWorld(due); jobs(world); ran.length = 0;
  const first = attempt(world, (services) => runDispatcher(services, CONFIG), at);
  if (first !== 'killed') break;
  const before = [...ran]; ran.length = 0; world.time += 3600000;
  const second = go(world);
  results.push([at, before, second.status, ran.slice(), second.errors.length, state(world).running]);
}
return results;
"""
MANY = """
const title = (list, key) => choiceTitle(CONFIG, list, key);
const stamps = { created_at: on(2026, 11, 1), updated_at: on(2026, 11, 1), status_since: on(2026, 11, 1) };
const people = (prefix, more) => Array.from({ length: 2000 }, (_, number) => ({ id: `${prefix}-${String(number).padStart(5, '0')}`, name: `Person ${number}`, email: `${prefix}${number}@example.com`, ...stamps, ...more }));
const world = setUpWorld({
  leads: people('L', { status: title('lead_status', 'new'), contact_date: on(2026, 11, 20), next_action_date: on(2026, 11, 24), owner: 'Omid Rahimi' }),
  customers: people('C', { status: title('customer_status', 'active'), last_purchase: on(2025, 1, 1), next_follow_up: on(2026, 11, 24), consent: true }),
  sequences: [{ key: 'welcome', sequence: 'x', audience: title('mail_audience', 'lead'), step: 1, delay_days: 0, template: 'welcome', active: true }, { key: 'back', sequence: 'y', audience: title('mail_audience', 'inactive'), step: 1, delay_days: 0, template: 'welcome', active: true }],
  mail_templates: [{ key: 'welcome', subject: 'Hello {{name}}', body: 'Hello {{name}}', active: true }],
}, { mail_mode: 'live', report_period: 'weekly', inactive_days: 240 });
const outcome = attempt(world, (services) => runDispatcher(services, CONFIG));
return [outcome, world.sent.map((mail) => mail.to), Object.fromEntries(Object.entries(world.calls).filter(([name]) => name.startsWith('read'))), world.count];
"""


@pytest.fixture(scope="module")
def found(cases) -> dict[str, Any]:
    return cases({name: JOBS + code for name, code in (CASES | {"killed": KILLED}).items()})


DIGEST = "digest:46350:omid@example.com"


def test_all_that_is_due_runs_once(found: dict[str, Any]) -> None:
    outcome, ran, last, marks = found["a whole run"]
    keys = ["hygiene", "ticked", "follow_ups", "re_engage", "digest"]
    assert outcome == {"status": "done", "jobs": dict.fromkeys(keys, "done"), "errors": []}
    assert ran == ["tidy", "lead,won", "inactive", DIGEST] and last == {"re_engage": "46349", "digest": "46350"}
    assert found["twice in an hour"] == ["tidy", "lead,won"]
    (text,) = marks.values()
    assert '"triggers":1,"mail_mode":"off","spreadsheet":"SHEET","every":60,"unknown":0,"errors":[]' in text


def test_the_error_of_a_job_stops_no_other_and_is_shown_until_it_goes_well(found: dict[str, Any]) -> None:
    first, shown, after, ran = found["an error"]
    assert first["jobs"]["hygiene"] == "failed" and first["jobs"]["digest"] == "done"
    assert [(one["job"], one["message"]) for one in shown] == [("hygiene", "tidy broke")] and after == []
    assert ran == ["tidy", "lead,won", "inactive", DIGEST, "tidy", "lead,won"]
    assert found["no log"] == ["follow_ups", "re_engage"]


def test_a_run_leaves_quietly_where_it_has_no_business(found: dict[str, Any]) -> None:
    assert found["busy"] == [{"status": "busy", "jobs": {}, "errors": []}, [], 0]
    assert found["a copy"] == [{"status": "copy", "jobs": {}, "errors": []}, [], {}]
    assert found["a copy without properties"] == ["copy", []] and found["never set up"] == ["new", []]
    assert found["taken over"] == ["other", [], []]


def test_what_the_budget_cuts_off_goes_first_in_the_next_run(found: dict[str, Any]) -> None:
    first, next_, second, ran = found["time is up"]
    assert first == {
        "hygiene": "done",
        "ticked": "done",
        "follow_ups": "done",
        "re_engage": "waiting",
        "digest": "waiting",
    }
    assert next_ == "re_engage" and set(second.values()) == {"done"}
    assert ran == ["inactive", "tidy", "lead,won", DIGEST]


def test_a_week_asleep_is_made_up_for_by_one_mail(found: dict[str, Any]) -> None:
    assert found["slept for a week"] == ["tidy", "lead,won", "inactive", "digest:46358:omid@example.com"]


def test_what_a_cap_held_back_is_tried_again_in_its_turn(found: dict[str, Any]) -> None:
    first, second, ran = found["held back by a cap"]
    assert first["re_engage"] == "later" and second["re_engage"] == "done"
    assert ran == ["tidy", "lead,won", "inactive", "digest:46351:omid@example.com"]


def test_ticked_boxes_are_carried_out_and_unticked(found: dict[str, Any]) -> None:
    end, ran, boxes = found["ticked"]
    minute = 1795511100 // 60
    assert (end, boxes) == ("done", [False] * 4)
    assert ran[1:5] == [f"report:preview-{minute}:maya@example.com", "lead,won,inactive",
                        "report:monthly-46296-46350:maya@example.com", "archive"]  # fmt: skip
    errors, boxes = found["a ticked one that breaks"]
    assert errors == [["ticked", "do_archive: full"]] and boxes == [False] * 4


def test_settings_that_are_wrong_are_told(found: dict[str, Any]) -> None:
    assert found["a wrong setting"] == ["settings: mail_mode: “on” is not one of the choices."]


def test_without_mail_the_rest_runs(found: dict[str, Any]) -> None:
    assert found["no mail"] == [["hygiene", "ticked"], ["tidy"], "off"] and found["paused"] == "off"


def test_a_run_that_is_killed_anywhere_is_made_up_for_by_the_next(found: dict[str, Any]) -> None:
    """What was sent twice would be known by its key; what matters is that every job ran, and nothing hangs."""
    assert len(found["killed"]) > 15
    for at, before, status, after, errors, running in found["killed"]:
        assert status == "done" and errors == 0 and running == "", at
        assert {"inactive", DIGEST} <= {*before, *after} and after[:1] != [], at


def test_thousands_of_customers_and_leads_are_read_once(cases) -> None:
    """With the real jobs. What is written to in the run is read again: the log of mails, for each batch at most."""
    outcome, sent, reads, calls = cases({"many": MANY})["many"]
    assert outcome["status"] == "done" and outcome["errors"] == [] and calls < 120
    # Five to leads and none to customers, as it is the first live run; then the team's daily mails and the report.
    assert outcome["jobs"]["follow_ups"] == outcome["jobs"]["re_engage"] == "later"
    assert sent[:5] == [f"l{number}@example.com" for number in range(5)]
    assert sent[5:] == ["maya@example.com", "omid@example.com", "maya@example.com"]
    log = reads.pop("read mail_log")
    assert log <= 5 and set(reads.values()) == {1} and {"read leads", "read customers"} <= reads.keys()
