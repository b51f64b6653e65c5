"""The book of all tables: rows read once, found again by id, appended where there is room, and texts that stay texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Leads = Callable[..., Any]
ROWS = "[['L-00001', 'Ali', 'a@example.com'], ['L-00002', 'Bea', 'b@example.com'], ['', '', ''], ['L-00003', 'Cem', 'c@example.com']]"


def test_a_table_is_read_once_until_it_is_written_to(leads: Leads) -> None:
    code = """
      const names = () => world.book.table('leads').rows.map((row) => cell(world.book.table('leads'), row, 'name'));
      const before = [names(), names(), { ...world.calls }];
      world.book.write('leads', 'id', [{ id: 'L-00002', column: 'name', value: 'Ben' }]);
      return [...before, names(), world.book.table('nothing'), world.book.id()];
    """
    names, again, calls, after, nothing, number = leads(ROWS, code)
    assert names == again == ["Ali", "Bea", "", "Cem"] and calls == {"layout": 1, "read": 1}
    assert after == ["Ali", "Ben", "", "Cem"] and nothing is None and number == "spreadsheet"


def test_rows_are_found_again_wherever_people_put_them(leads: Leads) -> None:
    """Sorted, a row inserted above the header, a column put in and one moved, a row deleted: all since the reading."""
    code = """
      world.book.table('leads');
      const sheet = world.sheets.leads;
      const [header, ...rows] = sheet.cells;
      sheet.cells = [Array(12).fill('mine'), header, rows[3], rows[0], ...rows.slice(5)];
      sheet.header = 2;
      for (const row of sheet.cells) row.unshift(row.splice(1, 1)[0], 'mine');
      sheet.columns.unshift(sheet.columns.splice(1, 1)[0], null);
      const gone = world.book.write('leads', 'id', ['1', '2', '3'].map((one) => ({ id: `L-0000${one}`, column: 'email', value: `${one}@example.com` })));
      return [gone, world.row('leads', 3), { ...world.row('leads', 4), mine: sheet.cells[3][1] }, world.written.filter((one) => one.includes('email'))];
    """
    gone, third, fourth, written = leads(ROWS, code)
    assert gone == ["L-00002"] and len(written) == 2
    assert (third["name"], third["email"]) == ("Cem", "3@example.com")
    assert (fourth["name"], fourth["email"]) == ("Ali", "1@example.com") and fourth["mine"] == "mine"


def test_what_is_written_is_stamped_and_computed_columns_are_left_alone(leads: Leads) -> None:
    code = """
      world.book.write('leads', 'id', [{ id: 'L-00001', column: 'status', value: 'Lost' }, { id: 'L-00001', column: 'score', value: 9 },
        { id: 'L-00001', column: 'nothing', value: 9 }]);
      return [world.written, world.calls.write];
    """
    written, writes = leads(ROWS, code)
    assert sorted(written) == ["leads:status:2", "leads:status_since:2", "leads:updated_at:2"] and writes == 3


def test_appended_rows_are_whole_and_stand_below_all_others(leads: Leads) -> None:
    code = """
      world.book.table('leads');
      world.sheets.leads.cells[6][2] = 'somebody types here meanwhile';
      const ids = world.book.append('leads', [{ name: ' Sara ', email: 'S@Example.Com', phone: '0912 33 44', status: 'lost', score: 5 },
        { id: 'L-OWN', name: 'Tom', status: '', created_at: new Date(2026, 0, 1) }]);
      return [ids, world.row('leads', 8), world.row('leads', 9), world.book.append('leads', []), world.calls.write];
    """
    ids, sara, tom, nothing, writes = leads(ROWS, code)
    assert ids == [sara["id"], "L-OWN"] and sara["id"].startswith("L-") and nothing == []
    assert (sara["name"], sara["email"], sara["phone"], sara["status"]) == ("Sara", "S@example.com", "09123344", "Lost")
    assert sara["score"] == sara["notes"] == "" and sara["created_at"] == sara["status_since"]
    assert (tom["status"], tom["created_at"]) == ("New", "2026-01-01T00:00:00.000Z") and writes <= 3


def test_a_full_sheet_grows_and_keeps_its_last_row_where_it_can(leads: Leads) -> None:
    code = """
      const full = world.sheets.leads.cells;
      full.splice(6);
      world.book.append('leads', [{ name: 'A' }, { name: 'B' }]);
      const one = [full.length, world.row('leads', 6).name, world.row('leads', 7).name];
      full.splice(7);
      world.book.append('leads', [{ name: 'C' }]);
      return [...one, world.row('leads', 8).name, full.length];
    """
    assert leads(ROWS, code) == [57, "A", "B", "C", 58]


@pytest.mark.parametrize(
    ("ids", "left"),
    [
        (["L-00001", "L-00003", "L-99999"], ["L-00002"]),
        (["L-00002"], ["L-00001", "", "L-00003"]),
        (["L-00001", "L-00002"], ["", "L-00003"]),
    ],
)
def test_rows_are_removed_by_id(leads: Leads, ids: list[str], left: list[str]) -> None:
    code = f"world.book.remove('leads', 'id', {ids}); const t = world.book.table('leads'); return t.rows.map((row) => cell(t, row, 'id'));"
    assert leads(ROWS, code) == left


def test_the_last_rows_of_a_sheet_can_be_removed(leads: Leads) -> None:
    code = "world.sheets.leads.cells.splice(3); world.book.remove('leads', 'id', ['L-00001', 'L-00002']); return world.book.table('leads').rows;"
    assert leads(ROWS, code) == []


HOSTILE = [
    "=1+1",
    "+1",
    "-5",
    "@x",
    "007",
    "1-2",
    "2026-01-02",
    "TRUE",
    "'quoted",
    "12%",
    "3 May",
    "10:30",
    "$5",
    "a 4",
]


def test_texts_stay_texts(leads: Leads) -> None:
    """In cells without a format of their own: none becomes a number, a date or a formula, and none another text."""
    code = f"""
      const texts = {HOSTILE};
      world.book.append('leads', texts.map((name) => ({{ name, notes: name }})));
      const table = world.book.table('leads');
      return [texts, table.rows.map((row) => cell(table, row, 'notes')), table.rows.map((row) => cell(table, row, 'name'))];
    """
    texts, notes, names = leads("[]", code)
    assert texts == notes == names


def test_days_are_dates_in_either_calendar(script: Callable[..., Any]) -> None:
    code = """
      const world = fakeWorld();
      fakeSheet(world, 'deals', ['id', 'customer', 'closed_on', 'closed_on_jalali'],
        CONFIG.calendar === 'jalali' ? { customer: 'text', closed_on_jalali: 'text' } : { customer: 'text', closed_on: 'date' }, []);
      const days = [{ day: 46347 }, 46347, new Date(2026, 10, 21, 15), '2026-11-21', '1405/8/30', 'soon', null];
      world.book.append('deals', days.map((day) => ({ customer: 'x', closed_on: day })));
      world.book.write('deals', 'customer', [{ id: 'x', column: 'closed_on', value: { day: 46348 } }]);
      return world.sheets.deals.cells.slice(1, 8).map((row) => row.slice(2));
    """
    day, soon = "2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z"
    assert script(code) == [[soon, ""], *[[day, ""]] * 4, ["soon", ""], ["", ""]]
    jalali = script(code, calendar="jalali", digits="persian")
    assert jalali == [["", "۱۴۰۵/۰۹/۰۱"], *[["", "۱۴۰۵/۰۸/۳۰"]] * 4, ["", "soon"], ["", ""]]


def test_settings_are_values_by_key(script: Callable[..., Any]) -> None:
    code = """
      const world = fakeWorld();
      fakeSheet(world, 'settings', ['key', 'title', 'value'], { key: 'id', title: 'name', value: 'text' },
        [['mail_mode', 'm', 'live'], ['cap', 'c', '\\u06f5\\u06f0'], ['mine', 't', 'x y'], ['on', '', true], ['', 'v', 3], ['cap', '', 9]]);
      return world.book.settings();
    """
    assert script(code) == {"mail_mode": "live", "cap": 50, "mine": "x y", "on": True}


def test_a_sheet_that_is_gone_is_told_by_its_title(leads: Leads) -> None:
    code = """
      delete world.sheets.leads;
      try { world.book.append('leads', [{ name: 'x' }]); } catch (error) { return [error.message, world.book.table('leads')]; }
    """
    assert leads("[]", code) == ["no sheet Leads", None]


def test_what_rows_are_found_by_is_kept_to_the_letter(leads: Leads) -> None:
    code = """
      const id = 'step:L-1::a\\u200e b@Example.Com ';
      world.book.append('leads', [{ id, name: 'x' }]);
      return [world.row('leads', 2).id === id, world.book.write('leads', 'id', [{ id, column: 'name', value: 'y' }]), world.row('leads', 2).name];
    """
    assert leads("[]", code) == [True, [], "y"]


# What others do just before the writes of a batch arrive: by the name of what happens.
OTHERS = {
    "sorted": "sheet.cells.splice(1, 4, ...sheet.cells.slice(1, 5).reverse());",
    "inserted": "sheet.cells.splice(1, 0, Array(12).fill(''));",
    "deleted": "sheet.cells.splice(1, 1);",
}
STANDING = "[['L-00001', 'Ali', 'a@example.com'], ['L-00002', 'Bea', 'b@example.com'], ['L-00003', 'Cem', 'c@example.com'], ['L-00004', 'Dan', 'd@example.com']]"


@pytest.mark.parametrize("what", OTHERS)
@pytest.mark.parametrize("work", ["append", "write", "remove", "tidy", "tidy cells"])
def test_rows_that_move_just_before_a_change_arrives_lose_nothing(work: str, what: str, leads: Leads) -> None:
    """All that was written goes out at the flush; the rows have moved after the last look."""
    works = {
        "append": "sheet.cells[4][8] = 'of 4'; world.book.append('leads', [{ name: 'Eva', email: 'e@example.com' }, { name: 'Fay', email: 'f@example.com' }]);",
        "write": "world.book.write('leads', 'id', ['2', '3'].map((one) => ({ id: 'L-0000' + one, column: 'notes', value: 'of ' + one })));",
        "remove": "world.book.remove('leads', 'id', ['L-00002', 'L-00003']);",
        "tidy": "sheet.cells[3][0] = ''; sheet.cells[2][2] = ' b@Example.COM '; tidyTables(world.services, CONFIG, world.book);",
        "tidy cells": "sheet.cells[2][2] = ' b@Example.COM '; tidyTables(world.services, CONFIG, world.book);",
    }
    code = f"""
      const sheet = world.sheets.leads;
      world.meanwhile = () => {{ {OTHERS[what]} }};
      {works[work]}
      return [world.meanwhile, sheet.cells.slice(1).filter((row) => row.some((value) => value !== '')).map((row) => [row[0], row[1], row[2], row[8]])];
    """
    happened, rows = leads(STANDING, code)
    assert happened is None
    by_name = {name: (id, email, notes) for id, name, email, notes in rows}
    assert len(by_name) == len(rows) and all(email[0] == name[0].lower() for name, (_, email, _) in by_name.items())
    known = {"Ali": "L-00001", "Bea": "L-00002", "Cem": "L-00003", "Dan": "L-00004"}
    gone = ({"Bea", "Cem"} if work == "remove" else set()) | (set() if what != "deleted" else {"Ali"})
    new = {"Eva", "Fay"} if work == "append" else set()
    # A row that somebody deletes at that very moment may come back; no other row may go.
    assert by_name.keys() - {"Ali"} == (known.keys() | new) - gone - {"Ali"} and ("Ali" in by_name or what == "deleted")
    assert all(row[0] for row in by_name.values()) and len({row[0] for row in by_name.values()}) == len(rows)
    assert all(
        by_name[name][0] == id for name, id in known.items() if name in by_name and (work, name) != ("tidy", "Cem")
    )
    if work == "append":
        assert {name for name, row in by_name.items() if row[2]} == {"Dan"}
    if work == "write":
        assert {name: row[2] for name, row in by_name.items() if row[2]} == {"Bea": "of 2", "Cem": "of 3"}
    if work.startswith("tidy"):
        assert by_name["Bea"][1] == "b@example.com"
