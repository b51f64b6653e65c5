"""Many rows at once, and rows that came without an edit: as few calls as for one, and nothing the second time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Leads = Callable[..., Any]
_PASTE = """
  const rows = Array.from({ length: COUNT }, (_none, n) => [n % 3 ? ` Name ${n} ` : `Name ${n}`, `U${n}@Example.Com`,
    n % 2 ? `(0912) ${1000000 + n}` : `0912${1000000 + n}`, 'mine', n % 5 ? '' : 'lost']);
  world.sheets.leads.cells.push(...Array.from({ length: COUNT }, () => Array(12).fill('')));
"""


@pytest.mark.parametrize(
    "entry", ["world.type('leads', 2, 'name', rows);", "IMPORT tidyTables(world.services, CONFIG, world.book);"]
)
def test_calls_do_not_grow_with_rows(leads: Leads, entry: str) -> None:
    imported = (
        "rows.forEach((row, n) => row.forEach((value, place) => (world.sheets.leads.cells[1 + n][1 + place] = value)));"
    )
    code = (
        _PASTE
        + entry.replace("IMPORT", imported)
        + """
      const sheet = world.sheets.leads.cells.slice(1, 1 + COUNT);
      return [world.calls, new Set(sheet.map((row) => row[0])).size, sheet.every((row) => row[4] === 'mine' && row[10]),
        sheet.filter((row) => row[5] === 'Lost').length, sheet[1], world.toasts];
    """
    )
    few, *_ = leads("[]", code.replace("COUNT", "100"))
    calls, ids, others, lost, row, toasts = leads("[]", code.replace("COUNT", "5000"))
    assert calls == few and sum(calls.values()) < 90
    assert ids == 5000 and others and toasts == []
    assert lost == 1000 and row[1:4] == ["Name 1", "U1@example.com", "09121000001"]


def test_what_lies_between_stays_what_it_was(leads: Leads) -> None:
    """A long paste is put right in few writes; cells between that need nothing come out as they went in."""
    code = """
      const held = ['007', '1-2', '2026-01-02', '=A1+1', "'x", 'TRUE', 5, ''];
      const rows = Array.from({ length: 80 }, (_none, n) => [n % 2 ? ' to be put right ' : held[(n / 2) % held.length]]);
      world.sheets.leads.cells.push(...rows.map(() => Array(12).fill('')));
      world.type('leads', 2, 'name', rows);
      return [world.calls.write, rows.map(([value], n) => [value, world.sheets.leads.cells[1 + n][1]])];
    """
    writes, cells = leads("[]", code)
    assert writes < 30
    for typed, held in cells:
        expected = {"formula": typed} if str(typed).startswith("=") else typed
        assert held == ("to be put right" if typed == " to be put right " else expected)


def test_rows_that_came_without_an_edit_are_put_in_order_once(leads: Leads) -> None:
    rows = """[['L-00001', 'Ali', 'a@example.com', '', '', 'Lost', '', 1, '', new Date(2026, 0, 1), new Date(2026, 0, 1), new Date(2026, 0, 1)],
      ['', ' Bea', 'B@EXAMPLE.COM', '(021) 88 77'], ['', '', 'no name'], ['L-00009', 'Cem', '', '', '', '']]"""
    code = """
      const first = tidyTables(world.services, CONFIG, world.book);
      const rows = [2, 3, 4, 5].map((row) => world.row('leads', row));
      const written = world.written.splice(0);
      world.calls = {}; world.book.fresh();
      return [first, tidyTables(world.services, CONFIG, world.book), rows, written, world.written, world.calls];
    """
    first, second, (ali, bea, nameless, cem), written, again, calls = leads(rows, code)
    assert (first, second) == (2, 0) and again == [] and calls == {"layout": 1, "read": 1}
    assert not [one for one in written if one.endswith((":2", ":4"))] and ali["status"] == "Lost"
    assert bea["id"].startswith("L-") and (bea["name"], bea["email"], bea["phone"]) == (
        "Bea",
        "B@example.com",
        "0218877",
    )
    assert bea["status"] == cem["status"] == "New" and cem["id"] == "L-00009" and cem["created_at"] == bea["created_at"]
    assert nameless["id"] == nameless["status"] == ""


def test_a_long_import_of_untidy_cells_is_finished_run_by_run(leads: Leads) -> None:
    code = """
      world.sheets.leads.cells.splice(1, 0, ...Array.from({ length: 300 }, (_none, n) =>
        [`L-${n}`, n % 2 ? ` N${n}` : `N${n}`, '', '', '', 'New', '', '', '', new Date(), new Date(), new Date()]));
      const told = [];
      do { world.calls = {}; world.book.fresh(); told.push([tidyTables(world.services, CONFIG, world.book), world.calls.write ?? 0]); }
      while (told[told.length - 1][0] && told.length < 20);
      return [told, world.sheets.leads.cells.filter((row) => /^ /.test(row[1])).length];
    """
    told, untidy = leads("[]", code)
    assert [count for count, _writes in told] == [40, 40, 40, 30, 0] and untidy == 0
    assert max(writes for _count, writes in told) <= 48


def test_converted_leads_without_a_customer_are_handed_on(leads: Leads) -> None:
    code = """
      const told = [];
      leadsConverted = (_services, _config, _book, ids) => told.push(ids);
      for (const customer of ['', 'Ali · C-1']) {
        world.sheets.leads.cells[1][6] = customer; world.book.fresh();
        tidyTables(world.services, CONFIG, world.book);
      }
      return told;
    """
    assert leads("[['L-00001', 'Ali', '', '', '', 'Converted']]", code) == [["L-00001"]]


def test_the_fewest_rectangles_hold_all_cells(script: Callable[..., Any]) -> None:
    cases = [
        [[1, 0], [1, 1], [2, 0], [2, 1]],
        [[1, 0], [3, 0], [1, 2]],
        [[row, 0] for row in range(0, 60, 3)],
        [],
    ]
    code = f"""
      const cells = {json.dumps(cases)}.map((one) => one.map(([row, place]) => ({{ row, place, value: 'new', asText: false }})));
      const tell = (blocks) => blocks.map((block) => [block.row, block.place, block.values.length, block.values[0].length]);
      return [cells.map((one) => tell(blocksOf(one, null))), tell(blocksOf(cells[2], () => 'old')),
        blocksOf(cells[2], () => undefined).length];
    """
    apart, together, stuck = script(code)
    assert apart[0] == [[1, 0, 2, 2]] and apart[1] == [[1, 0, 1, 1], [3, 0, 1, 1], [1, 2, 1, 1]]
    assert len(apart[2]) == stuck == 20 and apart[3] == []
    assert len(together) == 8 and sum(block[2] for block in together) == 20 + 12 * 2


def test_hidden_sheets_grow_with_the_longest_table(leads: Leads) -> None:
    """What spills over the end of a sheet would show an error until the next apply."""
    code = (
        _PASTE
        + """
      for (const key of ['figures', 'choices']) CONFIG.sheets[key] = { title: key, kind: 'helper', automation: {} };
      fakeSheet(world, 'figures', ['any'], {}, [], { size: 900 });
      fakeSheet(world, 'choices', ['any'], {}, [], { size: 6000 });
      const sizes = () => ['figures', 'choices'].map((key) => world.sheets[key].cells.length);
      world.type('leads', 2, 'name', rows);
      const grown = sizes();
      const calls = JSON.stringify(world.calls);
      growHelpers(world.services, CONFIG, world.book, 1001);
      return [grown, sizes(), JSON.stringify(world.calls) === calls];
    """
    )
    grown, again, still = leads("[]", code.replace("COUNT", "1000"))
    assert grown == again == [1501, 6000]
    assert still, "nothing is asked while there is room"
