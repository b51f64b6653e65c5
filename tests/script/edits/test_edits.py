"""What follows an edit: ids, stamps, pairs, days, hints and the audit; and that it comes to rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

Leads = Callable[..., Any]
NOW = "2026-11-22T09:30:00.000Z"
ALI = "['L-AAAAA', 'Ali', 'ali@example.com', '+989121112233', 'x', 'New', '', 1, 'n', EARLY, EARLY, EARLY]"
EARLY = "const EARLY = new Date(2026, 0, 5);"


@pytest.fixture(scope="session")
def ali(leads: Leads) -> Leads:
    """A world with one lead that is in order, and `code` in it."""
    return lambda code, **more: leads("[]", f"{EARLY} world.sheets.leads.cells[1] = {ALI}; {code}", **more)


def test_a_new_row_gets_what_it_needs_and_nothing_else_is_touched(leads: Leads) -> None:
    row, written, again = leads(
        "[]",
        "world.type('leads', 2, 'name', [['Sara']]); const row = world.row('leads', 2), written = world.written;"
        "world.edited('leads', 2, 1, 1, 1, 'Sara', 'Sara'); return [row, written, world.written];",
    )
    assert re.fullmatch("L-[0-9A-HJKMNP-TV-Z]{5}", row["id"]) and row["status"] == "New"
    assert row["status_since"] == row["created_at"] == row["updated_at"] == NOW
    assert row["email"] == row["mine"] == row["notes"] == ""
    assert written == [f"leads:{one}:2" for one in ("id", "status", "status_since", "created_at", "updated_at")]
    assert again == ["leads:updated_at:2"]


@pytest.mark.parametrize(
    ("column", "typed", "held"),
    [
        ("'name'", "'  Sara   Karimi '", "Sara Karimi"),
        ("'email'", "' Sara@Example.Com '", "Sara@example.com"),
        ("'email'", "'\\u202eevil@example.com'", "evil@example.com"),
        ("'phone'", "'\\u06f0\\u06f9\\u06f1\\u06f2 345 67-89'", "09123456789"),
        ("'phone'", "9123456789", "9123456789"),
        ("'status'", "'lost '", "Lost"),
        ("'notes'", "' as it is '", " as it is "),
        ("'score'", "' 5 '", " 5 "),
        ("4", "' mine '", " mine "),
        ("'name'", "'=A1'", "=A1"),
        ("'phone'", "'=B2'", "=B2"),
    ],
)
def test_what_is_typed_gets_its_one_form(ali: Leads, column: str, typed: str, held: Any) -> None:
    place = column if column.isdigit() else f"world.sheets.leads.columns.indexOf({column})"
    assert (
        ali(
            f"world.type('leads', 2, {column}, [[{typed}]]); const held = world.sheets.leads.cells[1][{place}]; return held.formula ?? held;"
        )
        == held
    )


@pytest.mark.parametrize("column", ["'score'", "4", "'created_at'"])
def test_what_is_not_typed_by_people_makes_nobody_write(ali: Leads, column: str) -> None:
    typed = f"world.type('leads', 2, {column}, [['5']]); return world.written;"
    assert ali(typed) == []


def test_a_header_another_sheet_and_a_view_are_no_business_of_ours(ali: Leads) -> None:
    code = """
      fakeSheet(world, 'board', ['a'], { a: 'text' }, [['x']]);
      const told = ['leads', 'board', 'foreign'].map((key) => world.edited(key, 1, 0, 1, 1, 'x').calls);
      handleEdit(world.services, CONFIG, undefined);
      return [told, world.written, world.row('leads', 1).name];
    """
    told, written, header = ali(code)
    assert told == [{"layout": 1}, {}, {}] and written == [] and header == "Title of name"


def test_a_changed_status_says_since_when(ali: Leads) -> None:
    row, same = ali(
        "world.type('leads', 2, 'status', [['Lost']]); const row = world.row('leads', 2);"
        "world.sheets.leads.cells[1][9] = EARLY; world.type('leads', 2, 'status', [['Lost']]);"
        "return [row, world.written];"
    )
    assert row["status_since"] == row["updated_at"] == NOW and row["created_at"] != NOW
    assert same == ["leads:updated_at:2"]


def test_a_cleared_row_stays_as_it_is_and_an_empty_one_gets_nothing(leads: Leads, ali: Leads) -> None:
    cleared = ali("world.type('leads', 2, 'name', [['', '', '']]); return [world.row('leads', 2), world.written];")
    assert cleared[0]["id"] == "L-AAAAA" and {one.split(":")[0] for one in cleared[1]} == {"audit"}
    assert (
        leads("[]", "world.type('leads', 2, 'email', [['a@example.com']]); return world.row('leads', 2);")["id"] == ""
    )
    assert leads("[]", "world.edited('leads', 1, 0, 60, 12); return world.written;") == []


def test_a_copied_row_is_another_one(ali: Leads) -> None:
    code = """
      world.type('leads', 3, 0, [[...world.sheets.leads.cells[1]]]);
      return [world.row('leads', 2), world.row('leads', 3)];
    """
    first, second = ali(code)
    assert first["id"] == "L-AAAAA" and second["id"] not in ("L-AAAAA", "")
    assert second["created_at"] == NOW != first["created_at"]


def test_an_id_that_was_emptied_comes_back(ali: Leads) -> None:
    assert ali("world.type('leads', 2, 'id', [['']]); return world.row('leads', 2).id;") == "L-AAAAA"


def test_ids_never_meet(leads: Leads) -> None:
    """Those in use are known, wherever the random numbers lead: the same seed a second time."""
    code = """
      world.type('leads', 2, 'name', Array.from({ length: 40 }, (_none, number) => [`N${number}`]));
      world.seed = 0;
      world.type('leads', 42, 'name', [['a'], ['b'], ['c']]);
      return world.sheets.leads.cells.slice(1, 44).map((row) => row[0]);
    """
    ids = leads("[]", code)
    assert len(set(ids)) == 43 and "" not in ids


def test_hints_name_what_is_there_twice(ali: Leads) -> None:
    code = """
      world.type('leads', 3, 'name', [['Sara', 'ALI@example.com']]);
      world.type('leads', 4, 'phone', [['0912 111 22 33']]);
      world.type('leads', 5, 'email', [['new@example.com']]);
      world.type('leads', 6, 'email', [['b@example.com'], ['ali@example.com'], ['b@example.com']]);
      return world.toasts;
    """
    assert ali(code) == ["ALI@example.com is in row 2", "09121112233 is in row 2", "2, first 2"]


def test_the_audit_tells_what_was_and_what_is(ali: Leads) -> None:
    code = """
      world.type('leads', 2, 'status', [['Lost']]);
      world.type('leads', 2, 'name', [['Not watched']]);
      world.type('leads', 2, 'email', [['']]);
      world.type('leads', 3, 'name', [['New one', 'n@example.com']]);
      return world.sheets.audit.cells.slice(1, 5);
    """
    rows = ali(code)
    assert rows[0] == [NOW, "sara@example.com", "Sheet of leads", "L-AAAAA", "Title of status", "New", "Lost"]
    assert rows[1][3:] == ["L-AAAAA", "Title of email", "ali@example.com", ""] and rows[2][0] == rows[3][0] == ""


def test_a_long_paste_is_one_row_of_the_audit(ali: Leads) -> None:
    code = """
      const rows = Array.from({ length: 30 }, (_none, n) => [`L-0000${n}`, 'A', '', '', '', 'New', '', '', '', EARLY, EARLY, EARLY]);
      rows.forEach((row, number) => (world.sheets.leads.cells[1 + number] = row));
      world.type('leads', 2, 'status', rows.map(() => ['Lost']));
      return world.sheets.audit.cells.slice(1, 3);
    """
    rows = ali(code)
    assert rows[0][3:] == ["L-00000 - L-000029", "Title of status", "", "30 rows"] and rows[1][0] == ""


def test_without_an_audit_the_rest_goes_on(ali: Leads) -> None:
    code = "delete world.sheets.audit; world.type('leads', 2, 'status', [['Lost']]); return world.row('leads', 2);"
    assert ali(code)["status_since"] == NOW


def test_where_another_run_goes_the_audit_waits_for_the_next_one(ali: Leads) -> None:
    """Two that append at once would write over each other; what waits is told once, in its order and with its texts cut."""
    code = """
      const told = () => world.sheets.audit.cells.slice(1).map((row) => row.slice(5)).filter(([, after]) => after !== '');
      const steps = [];
      for (const [free, value] of [[false, 'Lost'], [false, 'x'.repeat(9000)], [true, 'New']]) {
        world.lockFree = free;
        world.type('leads', 2, 'status', [[value]]);
        const kept = Object.entries(world.store);
        steps.push([told().length, kept.length, kept.every(([key, text]) => key.startsWith('audit:') && text.length < 3000)]);
      }
      return [steps, told().map(([, after]) => after.slice(0, 4)), world.sheets.audit.cells[1].slice(0, 5)];
    """
    steps, told, first = ali(code)
    assert steps == [[0, 1, True], [0, 2, True], [3, 0, True]] and told == ["Lost", "xxxx", "New"]
    assert first == [NOW, "sara@example.com", "Sheet of leads", "L-AAAAA", "Title of status"]


def test_the_dispatcher_tells_what_waits(ali: Leads) -> None:
    code = """
      world.lockFree = false;
      world.type('leads', 2, 'status', [['Lost']]);
      world.book.fresh();
      const runs = [1, 2].map(() => (tidyTables(world.services, CONFIG, world.book), world.book.fresh(),
        world.sheets.audit.cells.slice(1).filter((row) => row[6] === 'Lost').length));
      return [runs, world.store];
    """
    assert ali(code) == [[1, 1], {}]


def test_a_converted_lead_waits_for_nobody_and_is_left_where_another_run_goes(ali: Leads) -> None:
    code = """
      const told = [];
      leadsConverted = (_services, _config, _book, ids) => told.push(ids);
      world.type('leads', 2, 'status', [['Converted']]);
      world.lockFree = false;
      world.type('leads', 2, 'status', [['Converted']]);
      world.lockFree = true;
      world.sheets.leads.cells[1][6] = 'Ali · C-1';
      world.type('leads', 2, 'status', [['Converted']]);
      return [told, world.sheets.audit.cells.slice(1, 4).map((row) => row[6])];
    """
    assert ali(code) == [[["L-AAAAA"]], ["Converted", "", ""]]


TASKS = "['id', 'title', 'done', 'status', 'done_at'], { id: 'id', title: 'name', done: 'checkbox', status: 'choice', done_at: 'stamp' }"


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("[false, 'Open', '']", "['done', true]", [True, "Done", NOW]),
        ("[true, 'Done', '']", "['done', false]", [False, "Open", ""]),
        ("[true, 'Done', new Date(2026, 10, 22, 8)]", "['done', false]", [False, "Open", ""]),
        ("[true, 'Done', new Date(2026, 10, 2)]", "['done', false]", [False, "Open", ""]),
        ("[false, 'Open', '']", "['status', 'Done']", [True, "Done", NOW]),
        ("[true, 'Done', '']", "['status', 'Doing']", [False, "Doing", ""]),
        ("[true, 'Done', new Date(2026, 10, 2)]", "['done', true]", [True, "Done", "2026-11-02T00:00:00.000Z"]),
        ("['', '', '']", "['done', true]", [True, "Done", NOW]),
        ("[false, 'Doing', '']", "['done', false]", [False, "Doing", ""]),
    ],
)
def test_a_box_and_its_choice_say_the_same(script: Callable[..., Any], before: str, typed: str, after: list) -> None:
    code = f"""
      const world = fakeWorld();
      fakeSheet(world, 'tasks', {TASKS}, [['T-00001', 'Call', ...{before}]]);
      const [column, value] = {typed};
      world.type('tasks', 2, column, [[value]]);
      const once = world.sheets.tasks.cells[1].slice(2);
      const place = world.sheets.tasks.columns.indexOf(column);
      world.edited('tasks', 2, place, 1, 1, value, value);
      return [once, world.written];
    """
    assert script(code) == [after, []]


def test_a_box_notes_its_day_and_an_old_day_stays(script: Callable[..., Any]) -> None:
    code = """
      const world = fakeWorld();
      const types = { id: 'id', title: 'name', agreed: 'checkbox', agreed_on: 'date' };
      const days = ['', new Date(2026, 0, 5), new Date(2026, 10, 22)];
      fakeSheet(world, 'tasks', Object.keys(types), types, days.map((day, n) => [`T-0000${n}`, 'x', n === 2, day]));
      [2, 3, 4].forEach((row) => world.type('tasks', row, 'agreed', [[row !== 4]]));
      return [2, 3, 4].map((row) => world.row('tasks', row).agreed_on);
    """
    assert script(code) == ["2026-11-22T00:00:00.000Z", "2026-01-05T00:00:00.000Z", ""]


def test_an_empty_row_with_a_box_is_no_task(script: Callable[..., Any]) -> None:
    code = f"const world = fakeWorld(); fakeSheet(world, 'tasks', {TASKS}, []); world.type('tasks', 3, 'done', [[true]]); return world.written;"
    assert script(code) == []


@pytest.mark.parametrize(
    ("calendar", "column", "day"),
    [("gregorian", "closed_on", "2026-11-22T00:00:00.000Z"), ("jalali", "closed_on_jalali", "1405/09/01")],
)
def test_the_day_of_closing_is_noted_and_taken_back(
    script: Callable[..., Any], calendar: str, column: str, day: str
) -> None:
    hidden = ", 'closed_on'" if calendar == "jalali" else ""
    code = f"""
      const world = fakeWorld();
      fakeSheet(world, 'deals', ['id', 'customer', 'stage', '{column}'{hidden}],
        {{ id: 'id', customer: 'reference', stage: 'choice', {column}: '{"text" if hidden else "date"}' }},
        [['D-00001', 'Ali', 'Open', ''], ['D-00002', 'Ali', 'Open', '']]);
      const told = [['Won'], ['Lost'], ['Open'], ['Won']].map((value) => {{
        world.type('deals', 2, 'stage', [value]);
        return world.row('deals', 2).{column};
      }});
      world.type('deals', 2, 'stage', [['Won'], ['Won']]);
      return [told, world.row('deals', 3).{column}];
    """
    assert script(code, calendar=calendar) == [[day, day, "", day], day]


def test_titles_and_columns_are_people_s_to_move(leads: Leads) -> None:
    """Columns in another order, one of people's between, the table lower, two columns gone."""
    code = """
      fakeSheet(world, 'leads', ['created_at', null, 'email', 'name', null, 'id'],
        { id: 'id', name: 'name', email: 'email', created_at: 'stamp' }, [], { header: 4 });
      world.type('leads', 5, 'name', [['Sara', 'kept', '']]);
      world.type('leads', 2, 'name', [['above the header']]);
      return [world.row('leads', 5), world.row('leads', 2)];
    """
    row, above = leads("[]", code)
    assert row["id"].startswith("L-") and row["created_at"] == NOW and row["name"] == "Sara" and above["id"] == ""


def test_ranges_that_are_chosen_together_are_all_seen_to(leads: Leads) -> None:
    code = """
      for (const row of [2, 5, 6]) world.sheets.leads.cells[row - 1][1] = `Name ${row}`;
      world.chosen = [[2, 1, 1, 1], [5, 1, 2, 1]];
      world.edited('leads', 5, 1, 2, 1);
      const ids = world.sheets.leads.cells.slice(1, 6).map((row) => row[0]);
      world.sheets.leads.cells[8][1] = 'Name 9';
      world.edited('leads', 9, 1, 1, 1, 'Name 9', '');
      return [ids, world.written.filter((one) => !one.endsWith(':9'))];
    """
    ids, others = leads("[]", code)
    assert [bool(one) for one in ids] == [True, False, False, True, True] and len(set(ids)) == 4 and others == []
