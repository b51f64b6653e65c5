"""Which jobs are due when, in both calendars and over a change of the clock; what the settings say, and what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

START = "const at = (settings, now, state = {}) => dueJobs(CONFIG, checkedSettings(CONFIG, settings).settings, { ...readJobState(null), ...state }, now)"
DUE = {  # settings, the moment, what was done: the jobs that are due besides those of every run, each with its occasion
    "before the hour of reminders": ("{ reminder_hour: 8 }, on(2026, 11, 24, 7, 59)", ""),
    "from that hour on": ("{ reminder_hour: 8 }, on(2026, 11, 24, 8)", "digest=46350"),
    "once a day": ("{}, on(2026, 11, 24, 23), { last: { digest: '46350', re_engage: '46349' } }", ""),
    "slept for a week: one mail": ("{}, on(2026, 11, 24, 8), { last: { digest: '46343', re_engage: '46349' } }", "digest=46350"),
    "no reminders": ("{ reminders: false }, on(2026, 11, 24, 8), { last: { re_engage: '46349' } }", ""),
    "the week's first working day": ("{ reminders: false }, on(2026, 11, 23, 9)", "re_engage=46349"),
    "quiet hours wait": ("{ reminders: false }, on(2026, 11, 23, 8)", ""),
    "later in the week": ("{ reminders: false }, on(2026, 11, 26, 9), { last: { re_engage: '46342' } }", "re_engage=46349"),
    "after a holiday": ("{ reminders: false, holidays: '2026-11-23' }, on(2026, 11, 23, 9)", ""),
    "on the day after it": ("{ reminders: false, holidays: '2026-11-23' }, on(2026, 11, 24, 9)", "re_engage=46349"),
    "a weekly report": ("{ report_period: 'weekly', reminders: false, reminder_hour: 6 }, on(2026, 11, 23, 6)", "report=weekly-46342"),
    "a monthly report": ("{ report_period: 'monthly', reminders: false, reminder_hour: 6 }, on(2026, 11, 2, 6)", "report=monthly-46296"),
    "in January": ("{ report_period: 'monthly', reminders: false, reminder_hour: 6 }, on(2027, 1, 1, 6)", "report=monthly-46357"),
    "a month later": ("{ report_period: 'monthly', reminders: false, reminder_hour: 6 }, on(2026, 11, 2, 6), { last: { report: 'monthly-46235' } }", "report=monthly-46296"),
    "the night of the clock's change": ("{ reminder_hour: 2 }, on(2026, 10, 25, 2, 30)", "digest=46320"),
    "the day after it": ("{ reminder_hour: 2 }, on(2026, 10, 26, 2, 30), { last: { digest: '46320' } }", "digest=46321"),
}  # fmt: skip
PERSIAN = {
    "Saturday is the week's first day": ("{ reminders: false }, on(2026, 11, 21, 10)", "re_engage=46347"),
    "1 Farvardin is a holiday": ("{ reminders: false }, on(2026, 3, 21, 10)", ""),
    "5 Farvardin is not": ("{ reminders: false }, on(2026, 3, 25, 10)", "re_engage=46102"),
    "a Jalali month": ("{ report_period: 'monthly', reminders: false, reminder_hour: 6 }, on(2026, 11, 22, 6)", "report=monthly-46318"),
    "the year's last month": ("{ report_period: 'monthly', reminders: false, reminder_hour: 6 }, on(2026, 3, 21, 6)", "report=monthly-46073"),
    "a holiday typed in Persian": ("{ reminders: false, holidays: '\\u06f1\\u06f4\\u06f0\\u06f5/\\u06f0\\u06f8/\\u06f3\\u06f0' }, on(2026, 11, 21, 10)", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def due(cases) -> dict[str, Any]:
    code = "return at({}).filter((one) => one.occasion).map((one) => `${{one.key}}=${{one.occasion}}`).join(' ');"
    found = {}
    for language, table in (("en", DUE), ("fa", PERSIAN)):
        found |= cases({name: f"{START}; {code.format(given)}" for name, (given, _) in table.items()}, language)
    return found


@pytest.mark.parametrize("name", [*DUE, *PERSIAN])
def test_what_is_due_besides_the_jobs_of_every_run(due: dict[str, Any], name: str) -> None:
    assert due[name] == (DUE | PERSIAN)[name][1]


def test_the_order_of_jobs(cases) -> None:
    at = "on(2026, 11, 24, 10)"
    found = cases({
        "usual": f"{START}; return at({{ report_period: 'weekly' }}, {at}).map((one) => one.key);",
        "cut off": f"{START}; return at({{}}, {at}, {{ next: 'digest' }}).map((one) => one.key);",
        "killed": f"{START}; return at({{}}, {at}, {{ running: 'hygiene', next: 'hygiene' }}).map((one) => one.key);",
        "damaged": "return ['', '[]', '7', 'no', '{\"last\":3}', '{\"errors\":[1]}'].map(readJobState);",
    })  # fmt: skip
    assert found["usual"] == ["hygiene", "ticked", "follow_ups", "re_engage", "digest", "report"]
    assert found["cut off"] == ["digest", "hygiene", "ticked", "follow_ups", "re_engage"]
    assert found["killed"] == ["ticked", "follow_ups", "re_engage", "digest", "hygiene"]
    assert found["damaged"] == [{"last": {}, "next": "", "running": "", "errors": []}] * 6


SETTINGS = {  # what was typed: what counts, and what is told
    "mail_mode": [("'live'", "live", ""), ("'on'", "off", "not one of the choices"), ("''", "off", "")],
    "mail_paused": [("'TRUE'", True, ""), ("'perhaps'", True, "neither ticked"), ("false", False, "")],
    "mail_daily_cap": [("'\\u06f2\\u06f0'", 20, ""), ("'many'", 0, "no number"), ("-1", 0, "between 0 and 2000")],
    "reminders": [("'?'", False, "neither ticked"), ("undefined", True, "")],
    "report_to": [
        ("'a@example.com, c@example.com'", ["a@example.com", "c@example.com"], ""),
        ("'a@example.com x'", ["a@example.com"], "no e-mail address"),
    ],
    "holidays": [("'2026-12-25 2026-02-30'", [46381], "no date"), ("'1405/10/04'", [46381], "")],
    "quiet_from": [("25", 20, "between 0 and 24"), ("20.7", 20, "")],
}


@pytest.mark.parametrize("key", SETTINGS)
def test_a_setting_that_cannot_be_read_counts_as_the_one_that_sends_least(cases, key: str) -> None:
    code = "const {{ settings, problems }} = checkedSettings(CONFIG, {{ {0}: {1} }}); return [settings.{0}, settingSentences(CONFIG, problems, null).join()];"
    found = cases({typed: code.format(key, typed) for typed, _, _ in SETTINGS[key]})
    for typed, value, told in SETTINGS[key]:
        counts, sentence = found[typed]
        assert counts == value and bool(sentence) == bool(told) and told in sentence, found[typed]


def test_what_is_wrong_with_a_setting_is_told_by_its_title(cases) -> None:
    code = """
      const table = { key: 'settings', columns: { key: 0, title: 1, value: 2 }, types: {}, first: 2, rows: [['quiet_from', 'Quiet from', 'x']] };
      return settingSentences(CONFIG, checkedSettings(CONFIG, { quiet_from: 'x', archive_days: 0 }).problems, table);
    """
    assert cases({"told": code})["told"] == [
        "Quiet from: “x” is no number.",
        "archive_days: “0” is not between 1 and 36500.",
    ]
