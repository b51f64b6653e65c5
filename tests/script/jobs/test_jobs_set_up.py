"""Finishing the set-up, taking it back, pausing: done twice, killed anywhere, in a copy, by somebody else."""

from __future__ import annotations

from typing import Any

import pytest

START = """
const fresh = (more = {}) => makeWorld({ settings: settingRows({ mail_paused: false }) }, more);
const click = (world, work = runFinishSetUp, ...answers) => { world.answers = answers; world.shown = []; attempt(world, (services) => work(services, CONFIG)); return world.shown; };
const beat = (world) => JSON.parse(world.marks['crm_builder.heartbeat'] ?? '{}');
const what = (world) => ({ entries: world.triggers.map((one) => one.entry), store: Object.keys(world.store).sort(), owner: world.store.owner, at: world.store.spreadsheet, triggers: beat(world).triggers });
"""
CASES = {
    "asked": "const world = fresh(); return [click(world, runFinishSetUp, 'NO'), what(world), click(world), what(world)];",
    "agreed": "const world = fresh(); return [click(world, runFinishSetUp, 'YES'), what(world), beat(world)];",
    "twice": "const world = fresh(); click(world, runFinishSetUp, 'YES'); const secret = world.store.secret; return [click(world, runFinishSetUp, 'YES'), what(world), world.store.secret === secret];",
    "too many triggers": "const world = fresh({ triggers: [{ id: 'A', entry: 'dispatch' }, { id: 'B', entry: 'other' }, { id: 'C', entry: 'dispatch' }] }); click(world, runFinishSetUp, 'YES'); return world.triggers.map((one) => one.id);",
    "trigger lost": "const world = setUpWorld({}, {}, { triggers: [] }); click(world, runFinishSetUp, 'YES'); return what(world);",
    "silent": "const world = fresh(); click(world, runFinishSetUp, 'YES'); const [{ id }] = world.triggers; world.time += 7 * 3600000; const shown = click(world, runFinishSetUp, 'YES'); return [shown[0], world.triggers.length, world.triggers[0].id !== id];",
    "failing": "const world = fresh(); click(world, runFinishSetUp, 'YES'); world.store.jobs = JSON.stringify({ errors: [{ job: 'digest', message: 'It is full.', at: '' }] }); return click(world);",
    "a copy": "const world = setUpWorld({}, {}, { id: 'COPY', triggers: [] }); const shown = click(world, runFinishSetUp, 'YES'); return [shown[0], what(world), world.store.secret === 'x'];",
    "somebody else": "const world = setUpWorld({}, {}, { user: 'omid@example.com', triggers: [] }); const shown = click(world, runFinishSetUp, 'YES'); return [shown[0], what(world), world.store.secret];",
    "busy": "const world = fresh({ busy: true }); return [click(world, runFinishSetUp, 'YES'), what(world)];",
    "removed": "const world = setUpWorld(); const shown = click(world, runRemoveSetUp, 'YES'); return [shown, what(world)];",
    "not removed": "const world = setUpWorld(); click(world, runRemoveSetUp, 'NO'); return what(world);",
    "paused": "const world = setUpWorld({}, { mail_mode: 'live' }); const value = () => recordsIn(world, 'settings').find((row) => row.key === 'mail_paused').value; const first = click(world, runPauseMail); const then = value(); return [first, then, click(world, runResumeMail), value()];",
    "no row": "const world = makeWorld({ settings: [] }); return click(world, runPauseMail);",
    "killed": """
      const wrong = [];
      for (let at = 0; ; at += 1) {
        const world = fresh({ answers: ['YES'] });
        if (attempt(world, (services) => runFinishSetUp(services, CONFIG), at) !== 'killed') return [at, wrong];
        if (world.triggers.length && !world.store.spreadsheet) wrong.push([at, 'a trigger that does nothing']);
        click(world, runFinishSetUp, 'YES'); const now = what(world);
        if (now.entries.join() !== 'dispatch' || now.at !== 'SHEET' || now.triggers !== 1 || !world.store.secret) wrong.push([at, now]);
      }""",
}  # fmt: skip


@pytest.fixture(scope="module")
def found(cases) -> dict[str, Any]:
    return cases({name: START + code for name, code in CASES.items()})


def test_nothing_is_done_unless_it_is_agreed_to(found: dict[str, Any]) -> None:
    shown, after, again, still = found["asked"]
    assert "once an hour, in your name" in shown[0] and "Mail to customers is off." in shown[0] and len(shown) == 1
    assert after == still == {"entries": [], "store": []} and shown == again


def test_one_click_makes_one_trigger_and_leaves_a_sign_of_life(found: dict[str, Any]) -> None:
    shown, after, beat = found["agreed"]
    assert shown[1].startswith("Done.")
    assert after == {"entries": ["dispatch"], "store": ["owner", "secret", "spreadsheet"], "owner": "maya@example.com", "at": "SHEET", "triggers": 1}  # fmt: skip
    assert beat == {"at": "2026-11-24T09:05:00.000Z", "owner": "maya@example.com", "triggers": 1, "mail_mode": "off",
                    "spreadsheet": "SHEET", "every": 60, "unknown": 0, "errors": []}  # fmt: skip


def test_done_twice_it_says_what_is_there(found: dict[str, Any]) -> None:
    shown, after, same_secret = found["twice"]
    assert len(shown) == 1 and "set up already" in shown[0] and after["entries"] == ["dispatch"] and same_secret
    assert found["too many triggers"] == ["A", "B"]
    assert found["trigger lost"]["entries"] == ["dispatch"]
    assert (
        "It ran last on 2026-11-24 10:05." in shown[0] and "Not all went well then: It is full." in found["failing"][0]
    )


def test_a_trigger_that_went_silent_is_made_anew(found: dict[str, Any]) -> None:
    told, triggers, other = found["silent"]
    assert told.startswith("It ran last on 2026-11-24 10:05.") and (triggers, other) == (1, True)


def test_a_copy_and_a_colleague_are_warned(found: dict[str, Any]) -> None:
    told, after, same_secret = found["a copy"]
    assert "is a copy" in told and after["at"] == "COPY" and not same_secret
    told, after, secret = found["somebody else"]
    assert told.startswith("maya@example.com has set it up") and after["owner"] == "omid@example.com" and secret == "x"


def test_it_can_be_taken_back(found: dict[str, Any]) -> None:
    shown, after = found["removed"]
    assert (
        after == {"entries": [], "store": ["secret"], "triggers": 0} and shown[1] == "Nothing runs by itself any more."
    )
    assert found["not removed"]["entries"] == ["dispatch"] and "at work just now" in found["busy"][0][1]
    assert found["busy"][1] == {"entries": [], "store": []}


def test_mail_is_paused_and_resumed(found: dict[str, Any]) -> None:
    first, paused, second, resumed = found["paused"]
    assert (paused, resumed) == (True, False) and first == ["All mail is paused until it is resumed."]
    assert (
        second == ["Mail is resumed. Mail to customers is switched on."]
        and "mail_paused is missing" in found["no row"][0]
    )


def test_killed_at_any_call_the_next_click_completes_it(found: dict[str, Any]) -> None:
    calls, wrong = found["killed"]
    assert calls > 8 and wrong == []
