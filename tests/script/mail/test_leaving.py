"""Who wants no more mail gets none: by the link, by a reply, and also when the contact is deleted and comes again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Play = Callable[..., Any]

HELPERS = """
const event = (address, token) => ({ parameter: { unsubscribe: address, token } });
const signed = (world, address) => event(address, servicesOf(world).sign(addressKey(address), SECRET));
const get = (world, what) => run(world, (services, config) => answerGet(services, config, what).html).value;
const post = (world, what) => run(world, (services, config) => answerPost(services, config, what).html).value;
const letter = (from, text, subject = 'Re: hello', date = new Date(2026, 10, 23, 9)) => ({ from, subject, text, date });
const replies = (world) => run(world, (services, config, book) => readReplies(services, config, book, inHours(1)(services)));
const mailed = (address, days, status = 'sent') => ({ key: `step:X::${address}`, email: address, sent_at: daysBefore(days), status: title('mail_status', status) });
const meaning = (text, subject = 'Re: hello', from = 'a@example.com') => replyMeaning(CONFIG, letter(from, text, subject));
const quoted = '\\n\\nOn Mon, 23 Nov 2026 at 10:00, Tea <me@example.com> wrote:\\n> Unsubscribe\\n> stop mailing';
"""

CASES: dict[str, tuple[str, Any]] = {
    "to look at the page changes nothing, its button does": (
        """const world = base({ customers: [customer(1)] });
        const page = get(world, signed(world, 'C1@example.com'));
        const before = [rowsOf(world, 'suppressions').length, world.store.size];
        const answer = post(world, signed(world, 'c1@example.com'));
        const [row] = rowsOf(world, 'suppressions');
        return [page.includes('method="post"'), before, answer.includes(CONFIG.words.unsubscribe.done), row.email, row.reason, row.since, row.source, rowsOf(world, 'customers')[0].unsubscribed, world.store.size];""",
        [
            True,
            [0, 2],
            True,
            "c1@example.com",
            "Unsubscribed",
            "2026-11-23",
            "Link in a mail",
            True,
            2,
        ],
    ),
    "a token of another address or none does nothing": (
        """const world = base({ customers: [customer(1)] });
        const token = servicesOf(world).sign('c2@example.com', SECRET);
        const broken = [event('c1@example.com', token), event('c1@example.com', ''), event('', token), {}, event('c1@example.com', undefined)];
        return broken.map((one) => [get(world, one), post(world, one)].every((page) => page.includes(CONFIG.words.unsubscribe.broken) && !page.includes('<form'))).concat(rowsOf(world, 'suppressions').length);""",
        [True, True, True, True, True, 0],
    ),
    "without a secret no token is right": (
        """const world = base({});
        world.store.delete('secret');
        return post(world, event('c1@example.com', servicesOf(world).sign('c1@example.com', ''))).includes(CONFIG.words.unsubscribe.broken);""",
        True,
    ),
    "the answer does not say who is known": (
        "const world = base({ customers: [customer(1)] }); return post(world, signed(world, 'c1@example.com')) === post(world, signed(world, 'x@example.com'));",
        True,
    ),
    "a stranger is not told what is wrong with the sheets, and is left in peace all the same": (
        """const world = base({ leads: [lead(1)] });
        const broken = () => { throw new Error('Customers!A5 of c1@example.com'); };
        const page = (address) => run(world, (services, config) => answerPost({ ...services, book: broken }, config, signed(world, address)).html).value;
        return [page('p1@example.com') === page('x@example.com'), page('p1@example.com').includes(CONFIG.words.unsubscribe.done), run(world, go()).value.not.map((one) => one.reason)];""",
        [True, True, ["suppressed"]],
    ),
    "a link leads to what is published for this very spreadsheet": (
        """const url = (...notes) => publishedUrl_({ getId: () => 'S1', createDeveloperMetadataFinder: () => ({ withKey: (key) => ({
          find: () => (key === CONFIG.marks.script ? notes.map((note) => ({ getValue: () => (typeof note === 'string' ? note : JSON.stringify(note)) })) : []) }) }) }, CONFIG.marks.script);
        const [mine, copied, odd] = [{ spreadsheet: 'S1', deployment: 'AKf-1_x' }, { spreadsheet: 'S0', deployment: 'D' }, { spreadsheet: 'S1', deployment: 'x/../evil?' }];
        return [url(copied, mine), url(copied), url(odd), url({ spreadsheet: 'S1' }), url('no JSON', 'null'), url()];""",
        ["https://script.google.com/macros/s/AKf-1_x/exec", "", "", "", "", ""],
    ),
    "twice is as once": (
        "const world = base({}); post(world, signed(world, 'x@example.com')); post(world, signed(world, 'x@example.com')); return rowsOf(world, 'suppressions').length;",
        1,
    ),
    "while another run has the lock it holds all the same, and comes into the sheet later": (
        """const world = base({ leads: [lead(1)] });
        world.locked = true;
        post(world, signed(world, 'p1@example.com'));
        const before = rowsOf(world, 'suppressions').length;
        const told = run(world, go()).value.not.map((one) => one.reason);
        return [before, told, world.sent.length, rowsOf(world, 'suppressions').length, [...world.store.keys()].filter((key) => key.startsWith('stop:'))];""",
        [0, ["suppressed"], 0, 1, []],
    ),
    "it also reaches a run that is sending": (
        """const world = base({});
        world.at[30] = () => world.store.set('stop:p39@example.com', 'link');
        run(world, send(Array.from({ length: 40 }, (_, at) => message(at + 1))));
        return [world.sent.length, world.sent.some((mail) => mail.to === 'p39@example.com')];""",
        [39, False],
    ),
    "also without the sheet of suppressions nobody is mailed who left": (
        """const world = base({ leads: [lead(1)], suppressions: null });
        post(world, signed(world, 'p1@example.com'));
        return [run(world, go()).value.not.map((one) => one.reason), world.store.has('stop:p1@example.com')];""",
        [["suppressed"], True],
    ),
    "who was deleted and is imported again is still left in peace": (
        """const world = base({ customers: [customer(1, { last_purchase: daysBefore(200) })] });
        post(world, signed(world, 'c1@example.com'));
        world.sheets.customers.saved.splice(1, 1, ['C-NEW', 'Buyer', '', 'C1@example.com', true, false, daysBefore(200), '', '']);
        world.sheets.leads.saved.push(['L-NEW', 'Buyer', 'c1@EXAMPLE.com', '', title('lead_status', 'new'), daysBefore(0), '', '']);
        return [run(world, go()).value.not.map((one) => one.reason), world.sent.length];""",
        [["suppressed", "suppressed"], 0],
    ),
    "killed at any call the button's word holds": (
        """const faults = [];
        const { calls } = run(base({ customers: [customer(1)] }), (services, config) => answerPost(services, config, signed(makeWorld(), 'c1@example.com')));
        for (let n = 3; n <= calls; n += 1) for (const keep of [true, false]) {
          const world = base({ customers: [customer(1, { last_purchase: daysBefore(200) })] });
          const request = signed(makeWorld(), 'c1@example.com');
          Object.assign(world, { killAt: n, killAfter: true });
          run(world, (services, config) => answerPost(services, config, request), keep);
          run(world, go());
          if (world.sent.length || rowsOf(world, 'suppressions').length !== 1 || !rowsOf(world, 'customers')[0].unsubscribed) faults.push([n, keep]);
        }
        return [calls > 10, faults];""",
        [True, []],
    ),
    "letters and what they mean": (
        """return [meaning('Unsubscribe'), meaning('Please UNSUBSCRIBE me.' + quoted), meaning('\\u0644\\u0637\\u0641\\u0627 \\u0644\\u063a\\u0648 \\u0639\\u0636\\u0648\\u064a\\u062a \\u0643\\u0646\\u06cc\\u062f'), meaning('Stop!'), meaning('', 'Unsubscribe'), meaning('', 'Re: unsubscribe'),
          meaning('Yes, let us talk.' + quoted), meaning('The bus stop near you, please.'), meaning('Yes\\n> Unsubscribe'), meaning('Yes\\n-----Original Message-----\\nstop mailing'),
          meaning('\\u0628\\u0644\\u0647\\n\\n\\u062f\\u0631 \\u062a\\u0627\\u0631\\u06cc\\u062e \\u06f1\\u06f4\\u06f0\\u06f5/\\u06f0\\u06f9/\\u06f0\\u06f2 Tea <me@example.com> \\u0646\\u0648\\u0634\\u062a:\\u200f\\nUnsubscribe me'),
          meaning('I am away', 'Automatic reply: hello'), meaning('x', 'Delivery Status Notification (Failure)', 'Mail <mailer-daemon@googlemail.com>'), meaning('x', 'Delivery Status Notification (Delay)', 'mailer-daemon@googlemail.com'), meaning('stop', 'x', 'no-reply@shop.example')];""",
        ["leave"] * 6 + ["reply"] * 5 + ["auto", "bounce", "auto", "auto"],
    ),
    "replies are carried out, once, and only of people we know": (
        """const world = base({ leads: [lead(1), lead(2), lead(3)], customers: [customer(1)] });
        world.letters = [letter('Person <P1@example.com>', 'Yes'), letter('p2@example.com', 'unsubscribe'), letter('news@example.org', 'unsubscribe'), letter('c1@example.com', 'Thanks', 'Re: =1+1'), letter('me@example.com', 'stop')];
        const calls = [replies(world), replies(world)].map(({ calls }) => calls);
        const told = run(world, go()).value.not.map((one) => [one.wish.contact, one.reason]);
        return [rowsOf(world, 'leads').map((row) => row.replied_on), rowsOf(world, 'suppressions').map((row) => [row.email, row.source]), rowsOf(world, 'interactions').map((row) => [row.customer, row.type, row.details]), told];""",
        [
            ["2026-11-23", "2026-11-23", ""],
            [["p2@example.com", "Answer to a mail"]],
            [["Buyer 1 · C-00001", "E-mail", "Answered a mail: Re: =1+1"]],
            [["L-00001", "stopped"], ["L-00002", "stopped"]],
        ],
    ),
    "an address that cannot be reached is suppressed": (
        """const world = base({ leads: [lead(1), lead(2)], customers: [customer(1)], mail_log: [mailed('c1@example.com', 7), mailed('me@example.com', 1), mailed('p2@example.com', 1)] });
        world.letters = [letter('Mail Delivery <mailer-daemon@googlemail.com>', 'Your message was not delivered to c1@example.com. It was from me@example.com, not x@example.com.', 'Delivery Status Notification (Failure)'),
          letter('mailer-daemon@googlemail.com', 'to p2@example.com', 'Delivery Status Notification (Delay)')];
        replies(world);
        return [rowsOf(world, 'suppressions').map((row) => [row.email, row.reason]), rowsOf(world, 'customers')[0].unsubscribed];""",
        [[["c1@example.com", "Bounced"]], ""],
    ),
    "a letter that names everybody as not reached suppresses one that got a mail lately": (
        """const numbers = [1, 2, 3, 4, 5];
        const world = base({ leads: numbers.map((number) => lead(number)), mail_log: [mailed('p2@example.com', 8), mailed('p3@example.com', 2, 'failed'), mailed('p4@example.com', 2, 'unknown'), mailed('p5@example.com', 2)] });
        world.letters = [letter('mailer-daemon@anywhere.example', numbers.map((number) => `p${number}@example.com`).join(' '), 'Failure')];
        replies(world);
        return rowsOf(world, 'suppressions').map((row) => row.email);""",
        ["p4@example.com"],
    ),
    "a mailbox that nobody looked at for a week is read a day at a time, and what was read stays read": (
        """const world = base({ leads: [lead(1), lead(2)] });
        world.store.set('replies_seen', new Date(2026, 10, 16, 10).toISOString());
        world.letters = [letter('p1@example.com', 'unsubscribe', 'x', new Date(2026, 10, 16, 11)), letter('p2@example.com', 'stop', 'x', new Date(2026, 10, 23, 9))];
        world.cost.inbox = 60000;
        const short = (services, config, book) => readReplies(services, config, book, new Date(MONDAY.getTime() + 90000));
        const runs = [1, 2, 3, 4, 5].map(() => { world.now = new Date(MONDAY); const { value, counts } = run(world, short); return [value, counts.inbox, rowsOf(world, 'suppressions').length]; });
        return [runs, world.store.get('replies_seen')];""",
        [
            [["time", 2, 1], ["time", 2, 1], ["time", 2, 1], ["done", 1, 2], ["done", 1, 2]],
            "2026-11-23T09:00:00.000Z",
        ],
    ),
    "letters are read from where the last run ended": (
        """const world = base({ leads: [lead(1), lead(2)] });
        world.letters = [letter('p1@example.com', 'Yes', 'x', new Date(2026, 10, 20, 9)), letter('p2@example.com', 'Yes')];
        replies(world);
        return [rowsOf(world, 'leads').map((row) => row.replied_on), world.store.get('replies_seen')];""",
        [["", "2026-11-23"], "2026-11-23T09:00:00.000Z"],
    ),
}


@pytest.fixture(scope="module")
def told(play: Play) -> dict[str, Any]:
    return play({name: HELPERS + code for name, (code, _) in CASES.items()})


@pytest.mark.parametrize("case", CASES)
def test_case(told: dict[str, Any], case: str) -> None:
    assert told[case] == CASES[case][1]
