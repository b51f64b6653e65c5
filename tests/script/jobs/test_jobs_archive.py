"""The archive: what goes into it and comes back whole, wherever a run is killed and whatever people do meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

START = """
const done = (number, more = {}) => ({ id: `T-${number}`, title: `Task ${number}`, done: true, done_at: on(2025, 3, number, 14, 30), due: on(2025, 3, 1), status: choiceTitle(CONFIG, 'task_status', 'done'), created_at: on(2025, 1, 1), updated_at: on(2025, 3, 9), ...more });
const rows = () => [done(1), done(2, { done: false }), done(3, { title: "=1+1 '00123\\n{" }), done(4, { done_at: on(2026, 11, 1) }), done(5, { done_at: '' }), done(6)];
const stamps = { status_since: on(2025, 1, 1), created_at: on(2024, 12, 1), updated_at: on(2025, 1, 1) };
const lost = choiceTitle(CONFIG, 'lead_status', 'lost');
const records = () => ({ tasks: rows(), leads: [{ id: 'T-1', name: 'Same id', status: lost, ...stamps }, { id: 'L-2', name: 'New', ...stamps }] });
const choices = checkedSettings(CONFIG, {}).settings;
const archive = (services) => archiveRun(services, CONFIG, services.book(), choices, new Date(9e15));
const back = (ids) => (services) => bringBack(services, CONFIG, services.book(), ids);
const ids = (world, key) => recordsIn(world, key).map((row) => row.id);
const both = (world) => [ids(world, 'tasks'), ids(world, 'leads'), ids(world, 'archive')];
const whole = (world, key) => JSON.stringify(recordsIn(world, key).sort((one, other) => (one.id < other.id ? -1 : 1)));
const inBoth = () => { for (let at = 0; ; at += 1) { const world = makeWorld(records()); const cut = attempt(world, archive, at); if (cut !== 'killed') return null; if (ids(world, 'tasks').includes('T-1') && ids(world, 'archive').includes('tasks:T-1')) return world; } };
const ALL = ['leads:T-1', 'tasks:T-1', 'tasks:T-3', 'tasks:T-6'];
"""
CASES = {
    "what goes": "const world = makeWorld(records()); return [attempt(world, archive), both(world), attempt(world, archive)];",
    "there and back": "const world = makeWorld(records()); const before = [whole(world, 'tasks'), whole(world, 'leads')]; attempt(world, archive); const outcome = attempt(world, back(ALL)); return [outcome, [whole(world, 'tasks'), whole(world, 'leads')].every((text, place) => text === before[place]), ids(world, 'archive')];",
    "what stays": "const twice = { ...records(), tasks: [done(1), done(1), done(2, { id: '' }), done(3, { own: 'mine' }), done(4, { title: 'x'.repeat(46000) })] }; const world = makeWorld(twice); return [attempt(world, archive).kept, ids(world, 'tasks').length];",
    "time is up": "const world = makeWorld(records()); const outcome = attempt(world, (services) => archiveRun(services, CONFIG, services.book(), choices, services.now())); return [outcome, ids(world, 'archive')];",
    "gone sheets": "const world = makeWorld({ ...records(), archive: null }); const other = makeWorld({ ...records(), tasks: null }); return [attempt(world, archive).moved, attempt(other, archive).moved];",
    "back twice": "const world = makeWorld(records()); attempt(world, archive); attempt(world, back(ALL)); return [attempt(world, back(ALL)), ids(world, 'tasks').length];",
    "damaged": "const world = makeWorld({ archive: [{ id: 'tasks:T-1', table: 'tasks', content: '{' }, { id: 'tasks:T-2', table: 'tasks', content: '{\"id\":\"\"}' }, { id: 'nobody:1', table: 'nobody', content: '{}' }, { id: 'tasks:T-9', table: 'tasks', content: '{\"id\":\"T-9\",\"title\":\"x\",\"colour\":\"red\"}' }, { id: 'leads:L-9', table: 'leads', content: '{\"id\":\"L-9\",\"name\":\"x\",\"colour\":\"red\"}' }] }); const outcome = attempt(world, back(ids(world, 'archive'))); return [outcome, ids(world, 'archive'), recordsIn(world, 'leads')[0].notes];",
    "named": "const world = makeWorld({ archive: [{ id: 'tasks:T-1' }, { id: 'leads:L-2' }, { id: 'tasks:T-3' }] }); const table = makeServices(world).book().table('archive'); return [namedInArchive(table, ['t-1, leads:L-2']), namedInArchive(table, ['T-', ''])];",
    "changed meanwhile": """
      const world = inBoth(); const at = world.cells.tasks[0].indexOf('title');
      world.cells.tasks.find((row) => row[0] === 'T-1')[at] = 'Changed';
      const first = attempt(world, back(['tasks:T-1'])); const stays = ids(world, 'archive').includes('tasks:T-1'); attempt(world, archive); attempt(world, back(ALL));
      return [first, stays, recordsIn(world, 'tasks').find((row) => row.id === 'T-1').title, ids(world, 'archive')];""",
    "open again meanwhile": """
      const world = inBoth(); const at = world.cells.tasks[0].indexOf('done');
      world.cells.tasks.find((row) => row[0] === 'T-1')[at] = false;
      attempt(world, archive); const kept = ids(world, 'tasks'); const was = ids(world, 'archive').includes('tasks:T-1'); attempt(world, back(ALL)); return [kept, was, ids(world, 'tasks').sort()];""",
    "edited during the run": """
      const world = makeWorld(records()); const services = makeServices(world); const book = services.book(); const at = world.cells.tasks[0].indexOf('title');
      const flush = book.flush; let edited = false; book.flush = () => { flush(); if (edited || !ids(world, 'archive').includes('tasks:T-3')) return; world.cells.tasks.find((row) => row[0] === 'T-3')[at] = 'Edited'; edited = true; book.fresh(); };
      archiveRun(services, CONFIG, book, choices, new Date(9e15)); const kept = ids(world, 'tasks'); attempt(world, archive); return [kept, JSON.parse(recordsIn(world, 'archive').find((row) => row.id === 'tasks:T-3').content).title];""",
    "many": "const world = makeWorld({ tasks: Array.from({ length: 1200 }, (_, number) => done(1, { id: `T-${number}` })) }); const outcome = attempt(world, archive); return [outcome.moved, ids(world, 'tasks').length, ids(world, 'archive').length, world.count];",
}  # fmt: skip
MENU = """
const world = setUpWorld(records(), { archive_days: 365 }); const shown = [];
const click = (work, ...answers) => { world.answers = answers; world.shown = []; attempt(world, (services) => work(services, CONFIG)); shown.push(world.shown.slice()); };
click(runArchiveNow, 'NO'); const untouched = ids(world, 'archive').length; click(runArchiveNow, 'YES'); click(runArchiveNow);
world.active = [['tasks:T-1', 'tasks', 5], ['', '', '']]; click(runUnarchive, 'YES');
world.active = [['Something']]; click(runUnarchive, 'T-3, leads:T-1'); click(runUnarchive, 'nobody'); click(runUnarchive);
world.busy = true; click(runUnarchive, 'T-6');
return [untouched, shown, both(world)];
"""
SWEEP = """
const results = [];
for (const keep of [true, false]) for (const way of ['in', 'out']) for (let at = 0; ; at += 1) {
  const world = makeWorld(records(), { keep });
  const before = [whole(world, 'tasks'), whole(world, 'leads')];
  const work = way === 'in' ? archive : back(ALL);
  if (way === 'out') attempt(world, archive);
  if (attempt(world, work, at) !== 'killed') { results.push([way, keep, at]); break; }
  const [tasks, leads, kept] = both(world);
  const lost = ALL.filter((id) => !kept.includes(id) && !(id.startsWith('tasks') ? tasks : leads).includes(id.split(':')[1]));
  attempt(world, work);
  if (way === 'in') { if (JSON.stringify(ids(world, 'archive').sort()) !== JSON.stringify(ALL) || ids(world, 'tasks').length !== 3) lost.push(`unsettled ${ids(world, 'tasks')}`); attempt(world, back(ALL)); }
  const same = [whole(world, 'tasks'), whole(world, 'leads')].every((text, place) => text === before[place]);
  if (lost.length || !same || ids(world, 'archive').length) results.push([way, keep, at, lost, both(world)]);
}
return results;
"""


@pytest.fixture(scope="module")
def found(cases) -> dict[str, Any]:
    return cases({name: START + code for name, code in (CASES | {"menu": MENU, "sweep": SWEEP}).items()})


def test_settled_rows_go_once_they_are_old(found: dict[str, Any]) -> None:
    first, (tasks, leads, archive), again = found["what goes"]
    assert first == {"moved": 4, "left": 0, "kept": {}} and again["moved"] == 0
    assert (tasks, leads) == (["T-2", "T-4", "T-5"], ["L-2"])
    assert sorted(archive) == ["leads:T-1", "tasks:T-1", "tasks:T-3", "tasks:T-6"]
    assert found["gone sheets"] == [0, 1] and found["many"][:3] == [1200, 0, 1200] and found["many"][3] < 80


def test_they_come_back_as_they_were(found: dict[str, Any]) -> None:
    outcome, same, archive = found["there and back"]
    assert outcome == {"back": 4, "kept": {}} and same and archive == []
    assert found["back twice"] == [{"back": 0, "kept": {}}, 6]
    assert found["named"] == [["tasks:T-1", "leads:L-2"], []]


def test_what_could_not_come_back_stays_where_it_is(found: dict[str, Any]) -> None:
    assert found["what stays"] == [{"same_id": 2, "no_id": 1, "own_columns": 1, "too_long": 1}, 5]
    outcome, archive, notes = found["damaged"]
    assert outcome == {"back": 1, "kept": {"unreadable": 2, "no_table": 1, "no_column": 1}}
    assert archive == ["tasks:T-1", "tasks:T-2", "nobody:1", "tasks:T-9"] and notes == "colour: red"
    assert found["time is up"] == [{"moved": 0, "left": 4, "kept": {}}, []]


def test_what_people_change_meanwhile_counts(found: dict[str, Any]) -> None:
    assert found["changed meanwhile"] == [{"back": 0, "kept": {"differs": 1}}, True, "Changed", []]
    kept, archived, tasks = found["open again meanwhile"]
    assert "T-1" in kept and archived and tasks == ["T-1", "T-2", "T-3", "T-4", "T-5", "T-6"]
    assert "T-3" in found["edited during the run"][0] and found["edited during the run"][1] == "Edited"


def test_the_menu_asks_and_says_what_came_of_it(found: dict[str, Any]) -> None:
    untouched, shown, (tasks, leads, archive) = found["menu"]
    assert untouched == 0 and shown[0][0].splitlines()[1:] == ["Leads: 1", "Tasks: 3"]
    assert shown[1][1] == "Moved into the archive: 4." and shown[2] == ["No settled row is older than 365 days."]
    assert shown[3][0].endswith("tasks:T-1") and shown[3][1] == "Brought back: 1."
    assert shown[4][1] == "Brought back: 2." and shown[5][1] == "There is no such id in the archive."
    assert len(shown[6]) == 1 and "at work just now" in shown[7][1]
    assert archive == ["tasks:T-6"] and sorted(tasks)[0] == "T-1" and "T-1" in leads


def test_killed_at_any_call_no_row_is_lost_and_the_next_run_settles_it(found: dict[str, Any]) -> None:
    """Each line is a way and whether unflushed writes were kept; a fourth value would tell what went wrong."""
    assert [(way, keep) for way, keep, *_ in found["sweep"]] == [
        ("in", True),
        ("out", True),
        ("in", False),
        ("out", False),
    ]
    assert all(len(line) == 3 and line[2] > 15 for line in found["sweep"]), found["sweep"]
