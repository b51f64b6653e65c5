"""A template and a contact make a mail: filled in, harmless whatever people typed, in the direction of its language."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

Play = Callable[..., Any]

HELPERS = """
const way = { link: '', replies: false, replyTo: 'me@example.com' };
const made = (subject, body, fields = {}, out = way) => mergedMail(CONFIG, { subject, body }, { name: 'Sara', company: 'Tea', ...fields }, out);
const missing = (subject, body, fields = {}) => missingFields(CONFIG, { subject, body }, { name: 'Sara', ...fields });
"""
HOSTILE = '\\u202eSara\\r\\nBcc: x@example.org\\u0000 <img src=x onerror=boom()> "\\u2067'

CASES: dict[str, tuple[str, Any]] = {
    "fields are filled in, in any case and with spaces": (
        "return made('Hi {{name}}', '{{ Name }} of {{COMPANY}}').text.split('\\n')[0];",
        "Sara of Tea",
    ),
    "a field that is not known, empty, broken or not closed is missing": (
        "return missing('{{nme}}', '{{product}} {{ region }} {{name}} {{product}} {{rfm}} {{name} {{}}', { product: ' ', region: '#REF!', rfm: '\\u200e' });",
        ["nme", "product", "region", "rfm", "{{name}", ""],
    ),
    "what is inherited is no field": (
        "return missing('', '{{constructor}} {{__proto__}} {{toString}}').length;",
        3,
    ),
    "a name that advertises, or is none, is missing": (
        """const names = ['http://x.example', 'www.x.example', 'x.example/win', 'x.exam\\u200bple/', 'a@example.com', 'x'.repeat(81), 'Sara', 'J.R. Smith', 'Dr.Ali', 'A/B'];
        return names.map((name) => missing('{{name}}', '', { name }).length);""",
        [1, 1, 1, 1, 1, 1, 0, 0, 0, 0],
    ),
    "what a field holds is not filled in again": (
        "return made('{{name}}', '', { name: '{{company}}' }).subject;",
        "{{company}}",
    ),
    "a subject is one short line": (
        f"const name = '{HOSTILE}'.replace('@', ' at '); return [made('A\\r\\nB: {{{{name}}}}', '', {{ name }}).subject, made('x'.repeat(999), '').subject.length];",
        ['A B: Sara Bcc: x at example.org <img src=x onerror=boom()> "', 200],
    ),
    "50,000 signs are cut": (
        "return [plainLine('x'.repeat(50000), 200).length, made('s', 'y'.repeat(50000)).text.length < 20200, made('s', '{{product}}', { product: '\\ud83d\\ude00'.repeat(25000) }).text.length < 600];",
        [200, True, True],
    ),
    "Persian keeps its joiners, and loses what turns directions": (
        "return plainLine('\\u0645\\u06cc\\u200c\\u062e\\u0648\\u0627\\u0647\\u0645\\u202e \\ufeff\\u2066x\\ud800', 50);",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 x",
    ),
    "links are the template's own": (
        "return made('s', 'See https://example.com/a?b=1&c=2. {{product}}', { product: 'http://evil.example' }).html.match(/href=\"[^\"]*\"/g);",
        ['href="https://example.com/a?b=1&#38;c=2"'],
    ),
    "the way out by link, by reply, by writing": (
        """const one = (out) => { const mail = made('s', 'b', {}, { ...way, ...out }); return [mail.text.split('-- ')[1].trim().split('\\n').slice(1), mail.html.includes('href')]; };
        return [one({ link: 'https://example.com/exec?a=1&b=2' }), one({ replies: true }), one({}), one({ replyTo: '' })];""",
        [
            [["Unsubscribe", "https://example.com/exec?a=1&b=2"], True],
            [["To get no more mail from us, answer with “unsubscribe”."], False],
            [["To get no more mail from us, write to me@example.com."], False],
            [[], False],
        ],
    ),
    "a template in another language has its own direction": (
        "return ['Hello', '\\u0633\\u0644\\u0627\\u0645 {{name}}', '123'].map((body) => made('s', body).html.match(/<div dir=\"(\\w+)\"/)[1]);",
        ["ltr", "rtl", "ltr"],
    ),
}


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def told(play: Play) -> dict[str, Any]:
    hostile = f"return made('s', 'Dear {{{{company}}}},\\n\\nyours\\nTea', {{ company: '{HOSTILE}' }}).html;"
    return play({name: HELPERS + code for name, (code, _) in CASES.items()} | {"hostile": HELPERS + hostile})


@pytest.mark.parametrize("case", CASES)
def test_case(told: dict[str, Any], case: str) -> None:
    assert told[case] == CASES[case][1]


def test_hostile_values_are_text_in_the_html(told: dict[str, Any]) -> None:
    page = Tags(told["hostile"])
    assert "img" not in page.tags and "<img src=x onerror=boom()>" in page.text
    assert page.tags.count("p") == 2 and page.tags.count("br") == 2


def test_persian_mails_read_from_right_to_left(play: Play) -> None:
    code = """const mail = mergedMail(CONFIG, { subject: '{{\u0646\u0627\u0645}}', body: '\u0633\u0644\u0627\u0645 {{name}}' }, { name: '\u0633\u0627\u0631\u0627' }, { link: 'https://example.com/exec', replies: false, replyTo: '' });
    return [mail.subject, mail.html.match(/dir="\\w+"/g), mail.html.includes(CONFIG.words.mail.leave_link), mail.text.includes('\u0633\u0644\u0627\u0645 \u0633\u0627\u0631\u0627')];"""
    assert play(code, "fa") == ["\u0633\u0627\u0631\u0627", ['dir="rtl"'] * 3, True, True]
