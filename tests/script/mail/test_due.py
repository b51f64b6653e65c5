"""Who is due for which mail, and who of them may not get it and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Play = Callable[..., Any]

# `due(records, today)`: [step, contact, due, reason] of each wish; `why(records)`: {contact: reason} of a judged day.
HELPERS = """
const tablesOf = (world) => { const book = servicesOf(world).book(); return { book, tables: Object.fromEntries(Object.keys(COLUMNS).map((key) => [key, book.table(key)])) }; };
const due = (records, now = MONDAY) => {
  const world = base(records, now);
  const { book, tables } = tablesOf(world);
  const { settings } = checkedSettings(CONFIG, book.settings());
  return dueFollowUps(CONFIG, tables, settings, day(now), mailHistory(CONFIG, tables.mail_log, 'live'))
    .map((wish) => [wish.stepKey, wish.contact, isoText(wish.due), wish.reason]);
};
const why = (records, now = MONDAY) => {
  const world = base(records, now);
  const services = servicesOf(world);
  const told = explainFollowUps(services, CONFIG, services.book());
  return Object.fromEntries(told.map((one) => [one.contact, [one.decision, one.detail].filter(Boolean).join(' ')]));
};
const sent = (step, contact, address, date, more = {}) =>
  ({ key: sendKey(step, contact, more.occasion ?? '', address), email: address, sent_at: date, status: title('mail_status', more.status ?? 'sent') });
const steps = (...rows) => rows.map(([key, step, delay_days, more = {}]) => ({ key, sequence: 'own', audience: title('mail_audience', 'lead'), step, delay_days, template: 'welcome', active: true, ...more }));
const won = (number, more = {}) => ({ id: `D-${number}`, stage: title('deal_stage', 'won'), customer_id: `C-0000${number}`, product: 'Tea', closed_on: daysBefore(1), ...more });
"""

CASES: dict[str, tuple[str, Any]] = {
    "a lead is welcomed on the day of its first contact": (
        "return due({ leads: [lead(1), lead(2, { contact_date: daysBefore(-1) }), lead(3, { contact_date: '' }), lead(4, { contact_date: '', created_at: daysBefore(2) })] });",
        [["lead_welcome", "L-00004", "2026-11-21", ""], ["lead_welcome", "L-00001", "2026-11-23", ""]],
    ),
    "a date that was typed as a text counts": (
        "return due({ leads: [lead(1, { contact_date: '2026-11-22' }), lead(2, { contact_date: '\\u06f1\\u06f4\\u06f0\\u06f5/\\u06f0\\u06f9/\\u06f0\\u06f2' }), lead(3, { contact_date: 'soon' })] });",
        [["lead_welcome", "L-00001", "2026-11-22", ""], ["lead_welcome", "L-00002", "2026-11-23", ""]],
    ),
    "the next step counts from the former one, however late it was": (
        """const log = [sent('lead_welcome', 'L-00001', 'p1@example.com', daysBefore(12)), sent('lead_welcome', 'L-00002', 'p2@example.com', daysBefore(3))];
        return due({ leads: [lead(1, { contact_date: daysBefore(14) }), lead(2, { contact_date: daysBefore(14) })], mail_log: log });""",
        [["lead_follow_up", "L-00001", "2026-11-21", ""]],
    ),
    "of steps that were held up one goes out at a time": (
        "return due({ sequences: steps(['a', 1, 0], ['b', 2, 1], ['c', 3, 2]), leads: [lead(1, { contact_date: daysBefore(9) })] });",
        [["a", "L-00001", "2026-11-14", ""]],
    ),
    "what is too late is told for a while and then forgotten": (
        "return due({ leads: [lead(1, { contact_date: daysBefore(15) }), lead(2, { contact_date: daysBefore(29) }), lead(3, { contact_date: daysBefore(14) })] });",
        [["lead_welcome", "L-00001", "2026-11-08", "late"], ["lead_welcome", "L-00003", "2026-11-09", ""]],
    ),
    "converted, lost and answered leads are left in peace": (
        """return due({ leads: ['converted', 'lost'].map((key, at) => lead(at + 1, { status: title('lead_status', key) }))
          .concat([lead(3, { replied_on: daysBefore(1) }), lead(4, { replied_on: 'yes' }), lead(5, { status: '' })]) }).map(([, contact, , reason]) => [contact, reason]);""",
        [
            ["L-00001", "stopped"],
            ["L-00002", "stopped"],
            ["L-00003", "stopped"],
            ["L-00004", "stopped"],
            ["L-00005", ""],
        ],
    ),
    "who changed the address does not begin anew": (
        """const log = [sent('lead_welcome', 'L-00001', 'old@example.com', daysBefore(11))];
        return due({ leads: [lead(1, { contact_date: daysBefore(11) })], mail_log: log });""",
        [["lead_follow_up", "L-00001", "2026-11-22", ""]],
    ),
    "who was deleted and comes again does not begin anew": (
        """const log = [sent('lead_welcome', 'L-OLD', 'p1@example.com', daysBefore(5))];
        return due({ leads: [lead(1)], mail_log: log });""",
        [],
    ),
    "a step that people inserted before one that went out is passed": (
        """const log = [sent('b', 'L-00001', 'p1@example.com', daysBefore(5))];
        return due({ sequences: steps(['a', 1, 0], ['b', 2, 1], ['c', 3, 4]), leads: [lead(1, { contact_date: daysBefore(9) })], mail_log: log });""",
        [["c", "L-00001", "2026-11-21", ""]],
    ),
    "a step is left out where it is not active, unfinished or there twice; one that people skipped is passed": (
        """const log = [sent('a', 'L-00001', 'p1@example.com', daysBefore(5), { status: 'skipped' })];
        return due({ sequences: steps(['a', 1, 0], ['b', 2, 0, { active: false }], ['b2', 3, ''], ['', 4, 0], ['a', 5, 0], ['c', 6, 4]), leads: [lead(1, { contact_date: daysBefore(9) })], mail_log: log });""",
        [["c", "L-00001", "2026-11-22", ""]],
    ),
    "numbers of steps may be written in any digits": (
        "return due({ sequences: steps(['a', '\\u06f2', '\\u06f0'], ['b', '\\u06f1', '\\u06f0']), leads: [lead(1)] });",
        [["b", "L-00001", "2026-11-23", ""]],
    ),
    "a deal that was won is thanked for once, each deal for itself": (
        """return due({ customers: [customer(1), customer(2)], deals: [won(1), won(2, { stage: title('deal_stage', 'lost') }), won(1, { id: 'D-3', closed_on: daysBefore(4) }), won(9)],
          mail_log: [sent('won_thanks', 'C-00001', 'c1@example.com', daysBefore(3), { occasion: 'D-3' })] });""",
        [["won_thanks", "C-00001", "2026-11-23", ""]],
    ),
    "an interaction after a mail ends its sequence": (
        """const sequences = steps(['a', 1, 0], ['b', 2, 2]).map((step) => ({ ...step, audience: title('mail_audience', 'won') }));
        const log = [1, 2].map((number) => sent('a', `C-0000${number}`, `c${number}@example.com`, daysBefore(4), { occasion: `D-${number}` }));
        return due({ sequences, deals: [won(1, { closed_on: daysBefore(6) }), won(2, { closed_on: daysBefore(6) })], mail_log: log,
          customers: [customer(1, { last_contact: daysBefore(3) }), customer(2, { last_contact: daysBefore(5) })] });""",
        [["b", "C-00001", "2026-11-21", "stopped"], ["b", "C-00002", "2026-11-21", ""]],
    ),
    "who stays away is invited once for each last purchase": (
        """const away = (days) => [customer(1, { last_purchase: daysBefore(days) })];
        const log = [sent('inactive_re_engage', 'C-00001', 'c1@example.com', daysBefore(40), { occasion: String(day(MONDAY) - 300) })];
        return [due({ customers: away(100) }), due({ customers: away(101) }), due({ customers: away(3000) }), due({ customers: away(300), mail_log: log }), due({ customers: away(150), mail_log: log })];""",
        [
            [],
            [["inactive_re_engage", "C-00001", "2026-11-23", ""]],
            [["inactive_re_engage", "C-00001", "2018-12-16", ""]],
            [],
            [["inactive_re_engage", "C-00001", "2026-10-05", ""]],
        ],
    ),
    "of customers with one address the one who bought last counts": (
        """const twins = (first) => [customer(1, { last_purchase: daysBefore(first) }), customer(2, { email: 'C1@Example.com ', last_purchase: daysBefore(500) })];
        return [due({ customers: twins(5) }), due({ customers: twins(200) }).map((wish) => wish[1])];""",
        [[], ["C-00001"]],
    ),
    "each reason is told": (
        """return why({
          leads: [lead(1), lead(2, { email: '' }), lead(3, { email: 'p3@example' }), lead(4), lead(5, { name: '' }), lead(6, { email: 'c1@example.com' }), lead(7), lead(8), lead(9, { name: 'win www.example.com' }), lead(10, { email: 'a@example.com, c@example.com' })],
          customers: [customer(1, { unsubscribed: true }), customer(2, { consent: false, last_purchase: daysBefore(200) }), customer(3, { last_purchase: daysBefore(200) })],
          suppressions: [{ email: 'P4@Example.com' }],
          mail_log: [sent('lead_welcome', 'L-00007', 'p7@example.com', daysBefore(1), { status: 'failed' }), sent('other', 'L-00008', 'p8@example.com', daysBefore(2))],
        });""",
        {
            "L-00001": "send",
            "L-00002": "no_address",
            "L-00003": "bad_address p3@example",
            "L-00004": "suppressed",
            "L-00005": "missing_field name",
            "L-00006": "unsubscribed",
            "L-00007": "failed",
            "L-00008": "spacing 2026-11-24",
            "L-00009": "missing_field name",
            "L-00010": "bad_address a@example.com, c@example.com",
            "C-00002": "no_consent",
            "C-00003": "send",
        },
    ),
    "two contacts with one address get one mail": (
        "return why({ leads: [lead(1), lead(2, { email: ' P1@EXAMPLE.COM' })] });",
        {"L-00001": "send", "L-00002": "already"},
    ),
    "a mail without a template is told": (
        "return why({ leads: [lead(1)], mail_templates: mail_templates.map((one) => ({ ...one, active: false })) });",
        {"L-00001": "no_template welcome"},
    ),
    "hours, days and settings that keep all back": (
        """const one = (settings, now) => Object.values(why({ leads: [lead(1, { contact_date: daysBefore(0, now) })], settings }, now))[0];
        return [one({}, new Date(2026, 10, 23, 8, 59)), one({}, new Date(2026, 10, 23, 9)), one({}, new Date(2026, 10, 23, 20)), one({}, new Date(2026, 10, 22, 12)), one({ weekend_mail: true }, new Date(2026, 10, 22, 12)),
          one({ holidays: '2026-11-20, 2026-11-23' }, MONDAY), one({ quiet_from: 12, quiet_until: 12 }, new Date(2026, 10, 23, 3)), one({ mail_paused: true }, MONDAY), one({ mail_mode: 'off' }, MONDAY), one({ mail_reserve: 2000 }, MONDAY)];""",
        ["quiet", "send", "quiet", "weekend", "send", "holiday", "send", "paused", "off", "quota"],
    ),
    "a run ends where rest begins": (
        """const end = (day, hour, minute, more = {}) => untilRest(CONFIG, checkedSettings(CONFIG, { quiet_from: 20, quiet_until: 9, ...more }).settings, new Date(2026, 10, day, hour, minute), new Date(2026, 10, day, hour, minute + 5)).toTimeString().slice(0, 5);
        const night = { quiet_from: 3, quiet_until: 5 };
        return [end(23, 19, 58), end(23, 19, 50), end(23, 10, 58), end(27, 23, 58, night), end(26, 23, 58, night)];""",
        ["20:00", "19:55", "11:03", "00:00", "00:03"],
    ),
    "to explain and to preview change nothing": (
        """const world = base({ leads: [lead(1), lead(2, { email: '' })] });
        const services = servicesOf(world);
        const rows = previewFollowUps(services, CONFIG, services.book());
        return [rows.map((row) => [row.decision, row.subject]), rows[0].html.includes('token'), world.sent.length, Object.keys(world.counts).filter((name) => /write|remove|flush|send|sign/.test(name))];""",
        [[["send", "welcome Person 1"], ["no_address", "welcome Person 2"]], False, 0, []],
    ),
    "a step, a contact or a deal of an endless key is left out, and nobody else": (
        """const long = 'k'.repeat(20000);
        const world = base({ sequences: [...steps([long, 1, 0], ['a', 2, 0, { template: 'welcome' }]), ...sequences.slice(2)], leads: [lead(1, { id: long }), lead(2)], customers: [customer(1)], deals: [won(1, { id: long }), won(1)] });
        return [run(world, go()).value.sent, rowsOf(world, 'mail_log').map((row) => row.key)];""",
        [2, ["a:L-00002::p2@example.com", "won_thanks:C-00001:D-1:c1@example.com"]],
    ),
    "where answers are read the way out is an answer, and nowhere else": (
        """const config = { ...CONFIG, google: { ...CONFIG.google, web: false, replies: true } };
        const way = (owner, reply) => {
          const world = base({ leads: [lead(1)], customers: [customer(1, { last_purchase: daysBefore(200) })], settings: { mail_reply_to: reply } });
          world.store.set('owner', owner);
          Object.assign(world, { user: 'bob@example.com' });
          run(world, (services, _, book) => followUpRun(services, config, book, inHours(1)(services)));
          return [world.sent.length, world.sent[0].replyTo, world.sent[0].text.includes(filled(CONFIG.words.mail.leave_reply, CONFIG.words.mail.leave_word)), world.sent[0].text.match(/write to (\\S+)\\./)?.[1] ?? ''];
        };
        return [way('maya@example.com', ''), way('maya@example.com', 'MAYA@example.com'), way('maya@example.com', 'info@example.com'), way('', '')];""",
        [
            [2, "maya@example.com", True, ""],
            [2, "maya@example.com", True, ""],
            [1, "info@example.com", False, "info@example.com"],
            [1, "", False, "bob@example.com"],
        ],
    ),
    "all letters come, however many threads there are": (
        """const asked = [];
        const message = (number) => ({ getDate: () => new Date(MONDAY.getTime() + number), getFrom: () => `p${number}@example.com`, getSubject: () => 's', getPlainBody: () => 't' });
        globalThis.GmailApp = { search: (query, start, most) => (asked.push([query, start]), Array.from({ length: Math.max(0, Math.min(most, 200 - start)) }, (_, at) => start + at)), getMessagesForThreads: (threads) => threads.map((number) => [message(-1), message(number)]) };
        const found = inboxService().since(MONDAY, new Date(MONDAY.getTime() + 150));
        const at = MONDAY.getTime() / 1000;
        return [found.length, new Set(found.map(({ from }) => from)).size, asked.map(([query, start]) => [query === `after:${at} before:${at + 1}`, start])];""",
        [150, 150, [[True, 0], [True, 100], [True, 200]]],
    ),
    "a key is the same however its parts are spelt, and in the sheet": (
        """const written = sendKey(' \\u067e\\u064a\\u06af\\u064a\\u0631\\u064a: \\u06f1 ', 'L-1', '', 'A@Example.Com');
        const world = base({ sequences: steps([' \\u067e\\u064a\\u06af\\u064a\\u0631\\u064a: \\u06f1 ', 1, 0]), leads: [lead(1)] });
        const times = [run(world, go()).value.sent, run(world, go()).value.sent];
        return [written, times, rowsOf(world, 'mail_log').map(statusOf)];""",
        ["\u067e\u06cc\u06af\u06cc\u0631\u06cc_1:L-1::a@example.com", [1, 0], ["sent"]],
    ),
    "addresses": (
        """return ['a@example.com', 'A.B+c@ex-ample.example', 'sara@xn--mgba3a4f16a.example', 'a@b', 'a b@example.com', 'a@example..com', '.a@example.com', 'a.@example.com', 'a@b@example.com', '<a@example.com>', 'a@example.com\\u200e', 'a@example.com\\r\\nBcc: x@example.org', ' a@example.com m.rezai', '\\u00a0a@example.com\\t']
          .map((value) => isAddress(addressKey(value)));""",
        [True, True, True, False, False, False, False, False, False, False, True, False, False, True],
    ),
}

CASES |= {
    "a log whose keys were lost still tells who got what": (
        """const log = (key, more) => [{ ...sent('lead_welcome', 'L-00001', 'p1@example.com', daysBefore(1)), key, template: 'welcome', ...more }];
        const keyed = (key, more) => due({ leads: [lead(1), lead(2)], mail_log: log(key, more) }).map((wish) => wish[1]);
        return [keyed('#REF!'), keyed(''), keyed('x', { status: 'odd' }), keyed('', { status: '' }), keyed('', { status: title('mail_status', 'failed') }), keyed('x', { template: 'other' })];""",
        [["L-00002"], ["L-00002"], ["L-00002"], ["L-00001", "L-00002"], ["L-00001", "L-00002"], ["L-00001", "L-00002"]],
    ),
    "of a mail without a key a later purchase is another occasion": (
        """const told = (days) => due({ customers: [customer(1, { last_purchase: daysBefore(200) })], mail_log: [{ key: 'x', email: 'c1@example.com', template: 're_engage', status: 'Sent', sent_at: daysBefore(days) }] }).length;
        return [told(90), told(300)];""",
        [0, 1],
    ),
    "a day that is read as its neighbour is the same occasion": (
        """const told = (days) => due({ customers: [customer(1, { last_purchase: daysBefore(200) })], mail_log: [sent('inactive_re_engage', 'C-00001', 'c1@example.com', daysBefore(9), { occasion: String(day(MONDAY) - days) })] }).length;
        return [199, 200, 201, 203].map(told);""",
        [0, 0, 0, 1],
    ),
    "a status that nobody knows ends a sequence": (
        "return due({ leads: [lead(1, { status: 'Dead' }), lead(2, { status: '#REF!' }), lead(3, { status: '' })] }).map((wish) => wish[3]);",
        ["stopped", "stopped", ""],
    ),
    "without the column that says who is left in peace nobody is mailed, and it is told": (
        """const without = (table, column) => {
          const world = base({ leads: [lead(1)], customers: [customer(1, { last_purchase: daysBefore(200) })] });
          const sheet = world.sheets[table];
          const place = sheet.columns.indexOf(column);
          sheet.columns.splice(place, 1);
          sheet.saved.forEach((row) => row.splice(place, 1));
          const [one] = [run(world, go()), run(world, go())];
          return [world.sent.map((mail) => mail.to), [...new Set(one.value.not.map((each) => each.reason))]];
        };
        return [without('suppressions', 'email'), without('customers', 'unsubscribed'), without('leads', 'status'), without('mail_log', 'key'), without('mail_log', 'sent_at'), without('mail_log', 'status')];""",
        [
            [[], ["no_log"]],
            [[], ["no_column"]],
            [["c1@example.com"], ["no_column"]],
            [[], ["no_log"]],
            [[], ["no_log"]],
            [[], ["no_log"]],
        ],
    ),
    "where the header was deleted its row still counts": (
        """const world = base({ leads: [lead(1), lead(2), lead(3)] });
        const behead = (key) => world.sheets[key].saved.shift();
        run(world, go());
        world.sheets.leads.saved.push(world.sheets.leads.columns.map((column) => lead(4)[column] ?? ''));
        world.sheets.suppressions.saved[0][0] = 'p4@example.com';
        behead('mail_log');
        return [run(world, go()).value.sent, run(world, go()).value.sent, world.sent.length];""",
        [0, 0, 3],
    ),
    "an address among the suppressions may be written in any way": (
        """const cells = ['Ali <p1@example.com>', 'mailto:P2@example.com', 'p3\\ufeff@example.com', 'p4 @example.com', 'p5@example.com.', 'p6@example.com|p7@example.com/p8@example.com', 'p9@example.com'];
        const world = base({ leads: Array.from({ length: 10 }, (_, at) => lead(at + 1)), suppressions: cells.map((email) => ({ email })) });
        const services = servicesOf(world);
        const now = currentStops(services, CONFIG, services.book(), 'live').suppressed;
        return [run(world, go()).value.sent, world.sent.map((mail) => mail.to), Array.from({ length: 10 }, (_, at) => now.has(`p${at + 1}@example.com`)).lastIndexOf(false)];""",
        [1, ["p10@example.com"], 9],
    ),
    "what is not plainly no is unsubscribed": (
        "return ['yes', 'x', 1, '#REF!', 'TRUE ', true, '', false, 0, 'no', ' FALSE', '\\u06f0'].map(saysUnsubscribed);",
        [True] * 6 + [False] * 6,
    ),
    "days that cannot be read send the least": (
        """const one = (settings, days) => due({ leads: [lead(1, { contact_date: daysBefore(days) })], customers: [customer(1, { last_purchase: daysBefore(4000) })], settings }).map((wish) => wish[3]);
        const wrong = checkedSettings(CONFIG, { mail_late_days: '#REF!', inactive_days: 'x' }).problems.map((problem) => problem.key);
        return [wrong, ...['two weeks', '#REF!', 1e9, -1].map((mail_late_days) => one({ mail_late_days, inactive_days: 'x' }, 2600)), one({ mail_late_days: '' }, 10)];""",
        [["mail_late_days", "inactive_days"], [], [], [], [], ["", ""]],
    ),
}

PERSIAN: dict[str, tuple[str, Any]] = {
    "the weekend, fixed holidays and typed ones are the calendar's": (
        """const one = (settings, now) => restReason(CONFIG, checkedSettings(CONFIG, settings).settings, now);
        return [one({}, new Date(2026, 10, 20, 12)), one({}, new Date(2026, 10, 21, 12)), one({}, new Date(2026, 10, 22, 12)), one({}, new Date(2026, 2, 21, 12)), one({}, new Date(2027, 1, 11, 12)),
          one({ holidays: '\\u06f1\\u06f4\\u06f0\\u06f5/\\u06f0\\u06f9/\\u06f0\\u06f1 1405/9/10' }, new Date(2026, 10, 22, 12)), one({ holidays: '1405/09/02\\u060c 1405/09/03' }, new Date(2026, 10, 23, 12))];""",
        ["weekend", "", "", "holiday", "holiday", "holiday", "holiday"],
    ),
    "choices and names are Persian": (
        "return why({ leads: [lead(1, { name: '\\u0633\\u0627\\u0631\\u0627\\u200c\\u062c\\u0627\\u0646' }), lead(2, { status: title('lead_status', 'converted') })] });",
        {"L-00001": "send", "L-00002": "stopped"},
    ),
}


@pytest.fixture(scope="module")
def told(play: Play) -> dict[str, Any]:
    return play({name: HELPERS + code for name, (code, _) in CASES.items()}, zone="Asia/Tehran")


@pytest.fixture(scope="module")
def told_in_persian(play: Play) -> dict[str, Any]:
    return play({name: HELPERS + code for name, (code, _) in PERSIAN.items()}, "fa", zone="Asia/Tehran")


@pytest.mark.parametrize("case", CASES)
def test_case(told: dict[str, Any], case: str) -> None:
    assert told[case] == CASES[case][1]


@pytest.mark.parametrize("case", PERSIAN)
def test_case_in_persian(told_in_persian: dict[str, Any], case: str) -> None:
    assert told_in_persian[case] == PERSIAN[case][1]
