"""What pages and the menu do to records, in V8 without any sheet: conversion, search, timeline, forms, markup."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crm_builder.project import Project
from tests.script.javascript import run

TOOLS = """
const tableOf = (key, columns, rows, types) => ({ key, first: 2, columns: Object.fromEntries(columns.map((one, at) => [one, at])),
  types: types ?? Object.fromEntries(columns.map((one) => [one, 'text'])), rows });
const CUSTOMERS = ['id', 'name', 'company', 'email', 'phone', 'lead_source', 'interests', 'status', 'first_contact', 'owner', 'notes'];
const LEADS = ['id', 'name', 'email', 'phone', 'source', 'contact_date', 'interest', 'status', 'customer', 'notes'];
const customers = (...rows) => tableOf('customers', CUSTOMERS, rows);
const leads = (...rows) => tableOf('leads', LEADS, rows);
const lead = (id, name, email, phone, customer = '') => [id, name, email, phone, 'Website', new Date(2026, 9, 1), 'Design', '', customer, 'hot'];
const someone = (id, name, email = '', phone = '') => [id, name, '', email, phone, '', '', '', '', '', ''];
const converted = (leadTable, customerTable, ids) => conversionOf(CONFIG, leadTable, customerTable, ids, 46000, () => 'C-ZZZZZ');
const DEALS = ['id', 'customer', 'product', 'amount', 'stage', 'closed_on', 'created_at', 'notes'];
const deal = (id, stage, closed = '') => [id, 'Sara \\u00b7 C-1', 'Design', 5000, CONFIG.choices.deal_stage[stage], closed, new Date(2026, 8, 1), ''];
const deals = (...rows) => tableOf('deals', DEALS, rows);
const signing = (store, busy = false) => ({ random: () => '0123456789abcdef0123456789abcdef', sign: (text, secret) => `${text} by ${secret}`,
  store: () => ({ get: (key) => store[key] ?? null, set: (key, text) => { store[key] = text; } }), lock: () => ({ take: () => !busy, free: () => {} }),
  book: () => { throw new Error('the rows'); } });
const field = (kind, more) => [{ name: 'x', label: 'X', kind, ...more }];
const asked = (fields, value) => readForm(CONFIG, fields, { x: value }, (text) => (text === 'Sara' ? 'Sara \\u00b7 C-1' : null));
"""
SARA = "someone('C-00009', 'Sara', 'sara@example.com', '0912 123 4567')"

CASES: dict[str, tuple[str, Any]] = {
    "a lead becomes a customer with an id that follows from its own": (
        "return converted(leads(lead('L-7K2P9', 'Sara', 's@example.com', '')), customers(), ['L-7K2P9']).customers[0];",
        {
            **{
                "id": "C-7K2P9",
                "name": "Sara",
                "email": "s@example.com",
                "lead_source": "Website",
                "interests": "Design",
            },
            **{"notes": "hot", "status": "Prospect", "first_contact": {"day": 46296}},
        },
    ),
    "the lead refers to it": (
        "return converted(leads(lead('L-7K2P9', 'Sara', '', '')), customers(), ['L-7K2P9']).changes;",
        [{"id": "L-7K2P9", "column": "customer", "value": "Sara · C-7K2P9"}],
    ),
    "the same address is the same person, however it is written": (
        f"const r = converted(leads(lead('L-1', 'S. M.', ' SARA@example.com', '')), customers({SARA}), ['L-1']); return [r.customers, r.done];",
        [[], [{"lead": "L-1", "customer": "C-00009", "name": "Sara", "linked": True}]],
    ),
    "so is the same phone number and name, with its country in front; an office shares one number": (
        f"return ['SARA ', 'S. M.'].map((name) => converted(leads(lead('L-1', name, '', '+98912 123 45 67')), customers({SARA}), ['L-1']).done[0].linked);",
        [True, False],
    ),
    "two leads of one person become one customer": (
        "const r = converted(leads(lead('L-1', 'A', 'a@example.com', ''), lead('L-2', 'A.', 'A@example.com', '')), customers(), ['L-1', 'L-2', 'L-1']);"
        " return [r.customers.length, r.changes.map((one) => one.value)];",
        [1, ["A · C-1", "A · C-1"]],
    ),
    "one that a killed run left is found again": (
        "return converted(leads(lead('L-7', 'Nobody', '', '')), customers(someone('C-7', 'Nobody')), ['L-7']).customers;",
        [],
    ),
    "an id that is somebody else's is not taken": (
        "return converted(leads(lead('L-7', 'Nobody', '', '')), customers(someone('C-7', 'Another')), ['L-7']).customers[0].id;",
        "C-ZZZZZ",
    ),
    "a lead that names its customer is done": (
        "return converted(leads(lead('L-1', 'A', '', '', 'A \\u00b7 C-5')), customers(), ['L-1', 'gone']);",
        {"customers": [], "changes": [], "done": []},
    ),
    "a stage brings its day, and keeps one that is there": (
        "return ['won', 'lost'].map((stage) => stageChanges(CONFIG, deals(deal('D-1', 'proposal'), deal('D-2', 'won', new Date()), deal('D-3', 'proposal', new Date())),"
        " ['D-1', 'D-2', 'D-3', 'gone'], stage, new Date(2026, 10, 22)).changes.map((one) => `${one.id} ${one.column}`));",
        [["D-1 stage", "D-1 closed_on", "D-3 stage"], ["D-1 stage", "D-1 closed_on", "D-2 stage", "D-3 stage"]],
    ),
    "a reference is an id or a name that just one has": (
        "const meant = customersByReference(CONFIG, customers(someone('C-1', 'Sara'), someone('C-2', 'Tom'), someone('C-3', 'Tom')));"
        " return ['Sara \\u00b7 C-1', 'former \\u00b7 C-2', 'sara', 'Tom', 'Sara \\u00b7 C-9', 'C-3', ''].map(meant);",
        ["C-1", "C-2", "C-1", "", "", "C-3", ""],
    ),
    "whole matches and people come first": (
        "return foundRows(CONFIG, [customers(someone('C-1', 'Tom Sara'), someone('C-2', 'Sara')), leads(lead('L-1', 'Sara', '', '')), deals(deal('D-1', 'won'))], 'sara', 9).found.map((one) => one.id);",
        ["C-2", "L-1", "C-1", "D-1"],
    ),
    "phones are found in any digits, names in any letters": (
        "const all = [customers(someone('C-1', 'علی كريمي', '', '+989121234567'))];"
        " return ['۰۹۱۲۱۲۳', '0912 123 4567', 'کریمی', 'كریمي', 'علي', '44'].map((text) => foundRows(CONFIG, all, text, 9).found.length);",
        [1, 1, 1, 1, 1, 0],
    ),
    "what is not shown is counted": (
        "const r = foundRows(CONFIG, [customers(someone('C-1', 'A'), someone('C-2', 'Ab'), someone('C-3', 'Ac'))], 'a', 2); return [r.found.length, r.more];",
        [2, 1],
    ),
    "a timeline has what is ahead first, then the latest": (
        "const of = (key, columns, ...rows) => tableOf(key, columns, rows);"
        " const tables = [of('interactions', ['id', 'date', 'customer', 'type', 'details'], ['I-1', new Date(2026, 1, 1), 'Sara \\u00b7 C-1', 'Call', 'x'], ['I-2', new Date(2026, 2, 1), 'Tom', 'Call', 'y']),"
        " deals(deal('D-1', 'won', new Date(2026, 3, 1)), deal('D-2', 'proposal')), null,"
        " of('tasks', ['id', 'title', 'due', 'customer', 'done'], ['T-1', 'b', new Date(2026, 11, 2), 'sara', false], ['T-2', 'a', new Date(2026, 10, 2), 'Sara', false], ['T-3', 'c', new Date(2025, 1, 1), 'Sara', true]),"
        " of('mail_log', ['key', 'sent_at', 'email', 'subject', 'customer'], ['k', new Date(2026, 4, 1), 'SARA@example.com', 'Hi', ''])];"
        " return timelineOf(CONFIG, tables, customers(someone('C-1', 'Sara', 'sara@example.com'), someone('C-2', 'Tom')), 'C-1').map((one) => one.id || one.title);",
        ["T-2", "T-1", "D-2", "Hi", "D-1", "I-1", "T-3"],
    ),
    "values of a form": (
        "return [asked(field('email'), ' A@EXAMPLE.com '), asked(field('phone'), '۰۹۱۲ 000'), asked(field('date'), '1405/08/30'), asked(field('number'), '۱۲٬۵۰۰'),"
        " asked(field('number', { hint: '%', most: 100 }), '40'), asked(field('number', { hint: '%', most: 100 }), '40%'), asked(field('checkbox'), 'yes'), asked(field('person'), 'Sara'), asked(field('text'), '  ')].map((one) => one.values.x);",
        ["A@example.com", "0912000", {"day": 46347}, 12500, 0.4, 0.4, False, "Sara · C-1", None],
    ),
    "what is wrong in a form": (
        "return [asked(field('email'), 'a@b'), asked(field('phone'), 'call me'), asked(field('date'), '1405/13/01'), asked(field('number'), 'many'), asked(field('number', { least: 0 }), '-1'),"
        " asked(field('number', { least: 1, most: 5 }), '6'), asked(field('person'), 'Nobody'), asked(field('choice', { options: ['a'] }), 'b'), asked(field('text', { needed: true }), ' '),"
        " asked(field('text'), 'x'.repeat(501)), asked(field('text', { needed: true }), { toString: () => '' })].map((one) => Boolean(one.errors.x) && one.values.x === undefined);",
        [True] * 11,
    ),
    "markup escapes what it is given, also in lists": (
        'return markup`<p title="${\'"\'}">${[\'<b>\', markup`<i>${"&"}</i>`, null, false, 0]}</p>`.html;',
        '<p title="&#34;">&#60;b&#62;<i>&#38;</i>0</p>',
    ),
    "typed texts keep to themselves": (
        "return [typed('a\\u202eb\\u2066c').html, typed('x'.repeat(50000)).html.length, typed('\\u0645\\u06cc\\u200c\\u0634\\u0648\\u062f').html.length];",
        ["<bdi>abc</bdi>", 211, 17],
    ),
    "a cut text has no half sign": ("return shortened('😀'.repeat(9), 3);", "😀😀…"),
    "white can be read on the accent": ("return ['#FFE000', '#2F6FED', '', '#000000'].map(inkOf);", None),
    "what no page asks is refused": (
        "return [['constructor', {}], ['toString', {}], [7, {}], ['nothing', null]].map(([name, data]) => runPageAction(signing({ secret: 's' }), CONFIG, name, data, 'page by s').bad);",
        [True] * 4,
    ),
    "a page without the pass gets nothing": (
        "const ask = (pass) => { try { return Boolean(runPageAction(signing({ secret: 's' }), CONFIG, 'suggest', { text: 'a' }, pass).bad); } catch (error) { return error.message; } };"
        " return ['page by t', '', undefined, null, {}, ['page by s'], true, 'page by s'].map(ask);",
        [True] * 7 + ["the rows"],
    ),
    "the secret of the pass is made once, and is no empty one": (
        "const store = {}; const first = pagePass(signing(store)); return [first === pagePass(signing(store)), store.secret.length, pagePass(signing({ secret: '' }, true)).length > 8];",
        [True, 64, True],
    ),
}


@pytest.fixture(scope="module")
def results(crm: Callable[..., Project]) -> dict[str, Any]:
    pieces = ", ".join(f"{name!r}: () => {{ {code} }}" for name, (code, _) in CASES.items())
    every = "Object.fromEntries(Object.entries(cases).map(([name, work]) => { try { return [name, work()]; } catch (error) { return [name, String(error.stack)]; } }))"
    return run(crm().script.files, f"{TOOLS} const cases = {{ {pieces} }}; return {every};")


@pytest.mark.parametrize("name", [name for name, (_, wanted) in CASES.items() if wanted is not None])
def test_action(results: dict[str, Any], name: str) -> None:
    assert results[name] == CASES[name][1]


def test_white_can_be_read_on_the_accent(results: dict[str, Any]) -> None:
    inks = results["white can be read on the accent"]
    assert inks[3] == "#000000" and all(contrast(ink) >= 4.5 for ink in inks)


def contrast(ink: str) -> float:
    parts = [int(ink[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) + 0.05)
