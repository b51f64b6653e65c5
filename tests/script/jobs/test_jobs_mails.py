"""The daily mail and the report: what stands in them, whom they go to, and when there is none."""

from __future__ import annotations

from typing import Any

import pytest

ROWS = """
const title = (list, key) => choiceTitle(CONFIG, list, key);
const records = {
  customers: [
    { id: 'C-1', name: 'Ann', company: 'Tea', next_follow_up: on(2026, 11, 24), owner: 'Maya Collins' },
    { id: 'C-2', name: 'Gone', next_follow_up: on(2026, 11, 1), owner: 'Maya Collins', status: title('customer_status', 'inactive') },
    { id: 'C-3', name: 'Later', next_follow_up: on(2026, 11, 25), owner: 'Maya Collins' }],
  leads: [
    { id: 'L-1', name: '<img src=x> \\u202ebad\\nname', next_action: 'call', next_action_date: on(2026, 11, 20), owner: ' maya  collins ' },
    { id: 'L-2', name: 'Won', next_action_date: on(2026, 11, 20), owner: 'Maya Collins', status: title('lead_status', 'converted') },
    { id: 'L-3', name: 'Nobodys', next_action_date: on(2026, 11, 20) },
    { id: 'L-4', name: 'Text', next_action_date: 'soon', owner: 'Maya Collins' }],
  tasks: [
    { id: 'T-1', title: 'Offer', due: on(2026, 11, 23), assignee: 'Omid Rahimi', done: false },
    { id: 'T-2', title: 'Ready', due: on(2026, 11, 23), assignee: 'Omid Rahimi', done: true }],
  deals: [
    { id: 'D-1', customer: 'Ann', amount: 5, stage: '', expected_close: on(2026, 11, 23), owner: 'Omid Rahimi' },
    { id: 'D-2', customer: 'Due today', stage: '', expected_close: on(2026, 11, 24), owner: 'Omid Rahimi' },
    { id: 'D-3', customer: 'Sold', stage: title('deal_stage', 'won'), expected_close: on(2026, 11, 1), owner: 'Omid Rahimi' }] };
const tables = (records) => { const book = makeServices(makeWorld(records)).book(); return Object.fromEntries(['customers', 'leads', 'tasks', 'deals', 'interactions', 'mail_log'].map((key) => [key, book.table(key)])); };
"""
DIGEST = f"{ROWS} const mails = (records, team = CONFIG.team) => digestMessages({{ ...CONFIG, team }}, tables(records), 46350, 'https://sheet.example');"


@pytest.fixture(scope="module")
def told(cases) -> dict[str, Any]:
    many = "{ tasks: Array.from({ length: 13 }, (_, number) => ({ id: `T-${number}`, title: `Task ${number}`, due: on(2026, 11, 24 - number), assignee: 'Omid Rahimi' })) }"
    found = cases({
        "all": f"{DIGEST} return mails(records);",
        "nothing": f"{DIGEST} return mails({{}});",
        "unknown": f"{DIGEST} const log = ['sent', 'unknown', 'unknown'].map((key, at) => ({{ key: `a:${{at}}::x@example.com`, status: title('mail_status', key) }})); return mails({{ mail_log: log }});",
        "gone": f"{DIGEST} return mails({{ customers: null, leads: null, tasks: null, deals: null }});",
        "many": f"{DIGEST} return mails({many});",
        "no address": f"{DIGEST} return mails(records, CONFIG.team.map((member) => ({{ ...member, email: '' }})));",
        "one address": f"{DIGEST} return mails(records, CONFIG.team.map((member) => ({{ ...member, email: 'Team@example.com' }})));",
        "editors only": f"{DIGEST} return mails({{ leads: records.leads.slice(2) }}, CONFIG.team.map((member) => ({{ ...member, role: 'editor' }})));",
    })  # fmt: skip
    return found | {"fa": cases({"fa": f"{DIGEST} return mails(records);"}, "fa")["fa"]}


def test_each_gets_what_is_due_of_theirs_and_the_owner_what_is_nobodys(told: dict[str, Any]) -> None:
    maya, omid = told["all"]
    assert (maya["key"], maya["to"], maya["internal"]) == ("digest:46350:maya@example.com", "maya@example.com", True)
    assert maya["text"].splitlines()[2:-2] == [
        "Customers to follow up (1)", "- Ann · Tea · today", "", "Leads to follow up (2)",
        "- <img src=x> bad name · call · since 2026-11-20 (days: 4)", "- Nobodys · since 2026-11-20 (days: 4)",
    ]  # fmt: skip
    assert "Offer" in omid["text"] and "Ann" in omid["text"]
    assert not any(
        word in omid["text"] + maya["text"] for word in ("Ready", "Due today", "Sold", "Gone", "Later", "Won")
    )
    assert "<img" not in maya["html"] and "\u202e" not in maya["html"] and "https://sheet.example" in maya["html"]


def test_who_has_nothing_to_do_gets_no_mail(told: dict[str, Any]) -> None:
    assert told["nothing"] == told["gone"] == told["no address"] == []
    assert [mail["to"] for mail in told["many"]] == ["omid@example.com"]
    assert [mail["to"] for mail in told["editors only"]] == ["maya@example.com"]


def test_the_owner_hears_of_mails_that_may_not_have_arrived(told: dict[str, Any]) -> None:
    (mail,) = told["unknown"]
    said = "Mails of which nobody knows whether they arrived: 2. They are in the sheet “Mail log” with the status “Not known”"
    assert mail["to"] == "maya@example.com" and said in mail["text"] and said in mail["html"]
    assert ": 1 things to do" in mail["subject"]


def test_it_is_short(told: dict[str, Any]) -> None:
    (mail,) = told["many"]
    assert mail["text"].count("- Task") == 10 and "and 3 more in the sheet" in mail["text"] and "13" in mail["subject"]
    assert "Task 12 " in mail["text"] and "Task 0 " not in mail["text"]  # the oldest first


def test_one_address_gets_one_mail(told: dict[str, Any]) -> None:
    (mail,) = told["one address"]
    assert "Ann" in mail["text"] and "Offer" in mail["text"]


def test_in_persian_it_is_read_from_the_right_with_jalali_dates(told: dict[str, Any]) -> None:
    maya = told["fa"][0]
    assert 'dir="rtl"' in maya["html"] and "۱۴۰۵/۰۸/۲۹" in maya["text"] and "۱۴۰۵/۰۹/۰۳" in maya["subject"]


FIGURES = """
const title = (list, key) => choiceTitle(CONFIG, list, key);
const lead = (day, status) => ({ id: `L-${day}-${status}`, name: 'x', contact_date: day, status: title('lead_status', status) });
const deal = (day, stage, amount) => ({ id: `D-${day}-${amount}`, customer: 'x', amount, stage: title('deal_stage', stage), closed_on: day });
const task = (due, done, done_at) => ({ id: `T-${due}`, title: 'x', due, done, done_at });
const records = {
  leads: [lead(on(2026, 11, 15), 'new'), lead(on(2026, 11, 16), 'new'), lead(on(2026, 11, 22, 23), 'converted'), lead(on(2026, 11, 23), 'new'), lead('', 'new'), lead(on(2026, 11, 9), 'lost')],
  deals: [deal(on(2026, 11, 16), 'won', 1000), deal(on(2026, 11, 20), 'won', 500.5), deal(on(2026, 11, 20), 'lost', 90), deal(on(2026, 11, 9), 'won', 3000), deal(on(2026, 11, 9), 'won', 'many')],
  interactions: [{ id: 'I-1', date: on(2026, 11, 16) }, { id: 'I-2', date: on(2026, 11, 23) }],
  tasks: [task(on(2026, 11, 22), false, ''), task(on(2026, 11, 23), false, ''), task(on(2026, 11, 12), true, on(2026, 11, 18)), task(on(2026, 11, 1), true, ''), task(on(2026, 11, 10), true, on(2026, 11, 11))] };
const book = makeServices(makeWorld(records)).book();
const tables = Object.fromEntries(['leads', 'tasks', 'deals', 'interactions'].map((key) => [key, book.table(key)]));
const mails = (readers, kind = 'weekly', all = tables) => reportMessages(CONFIG, all, kind, 46350, readers, 'https://sheet.example');
"""


def test_the_report_compares_a_period_with_the_one_before(cases) -> None:
    found = cases({
        "figures": f"{FIGURES} const now = periodBefore(CONFIG, 'weekly', 46350); return [now, reportFigures(CONFIG, tables, now), reportFigures(CONFIG, tables, periodBefore(CONFIG, 'weekly', now.start))];",
        "mails": f"{FIGURES} return mails(['Boss@example.com']);",
        "nothing": f"{FIGURES} return mails(['boss@example.com'], 'weekly', {{}});",
        "readers": "const who = (report_to, user) => reportReaders(CONFIG, checkedSettings(CONFIG, { report_to }).settings, user); return [who('a@example.com A@example.com', 'u@example.com'), who('', 'u@example.com'), reportReaders({ ...CONFIG, team: [] }, checkedSettings(CONFIG, {}).settings, 'u@example.com'), reportReaders({ ...CONFIG, team: [] }, checkedSettings(CONFIG, {}).settings, '')];",
    })  # fmt: skip
    period, now, before = found["figures"]
    assert period == {"key": "weekly-46342", "start": 46342, "end": 46349}
    assert now == {"leads": 2, "converted": 1, "conversion": 0.5, "won": 2, "value": 1500.5, "average": 750.25, "activities": 1, "overdue": 1}  # fmt: skip
    assert before == {"leads": 2, "converted": 0, "conversion": 0, "won": 2, "value": 3000, "average": 1500, "activities": 0, "overdue": 1}  # fmt: skip
    (mail,) = found["mails"]
    assert (
        mail["key"] == "report:weekly-46342:boss@example.com"
        and mail["internal"]
        and "2026-11-16 to 2026-11-22" in mail["subject"]
    )
    assert (
        "Their value: 1,501 (before: 3,000) ▼ 50%" in mail["text"]
        and "Conversion rate: 50% (before: 0%)" in mail["text"]
    )
    assert found["nothing"] == []
    assert found["readers"] == [["A@example.com"], ["maya@example.com"], ["u@example.com"], []]


def test_in_persian_the_month_is_a_jalali_one(cases) -> None:
    mail = cases({"mail": f"{FIGURES} return mails(['a@example.com'], 'monthly')[0];"}, "fa")["mail"]
    assert "۱۴۰۵/۰۸/۰۱" in mail["subject"] and "۱۴۰۵/۰۸/۳۰" in mail["subject"] and 'dir="rtl"' in mail["html"]
    assert "۱٬۵۰۱" in mail["text"] or "۴٬۵۰۱" in mail["text"]
