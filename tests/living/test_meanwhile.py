"""A run that meets the limits of the service, another run, or people at work in the sheets: nobody twice, nobody lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crm_builder.local.runtime import Outcome
from crm_builder.local.runtime.limits import COSTS
from crm_builder.local.runtime.quotas import MAIL, use
from tests.living.again import ALL, HOUR, calls_of, check, until_done
from tests.living.bare import MONDAY, OWNER, TABLES, Bare, lead, people
from tests.living.conftest import MANY, Bares
from tests.runtime.sweep import forgotten

# -- the limits of the service -----------------------------------------------------------------------------------------


def test_the_quota_ends_in_the_middle_and_the_next_day_goes_on(bares: Bares) -> None:
    due = [lead(number) for number in range(1, 51)]
    with bares(50, replace(MANY, recipients_a_day=30)) as bare:
        first = bare.dispatch()
        assert people(first) == due[:30] and first.value["jobs"]["follow_ups"] == "later"
        again = bare.dispatch(MONDAY + HOUR)
        assert not again.mails and not again.value["errors"]
        check(bare, until_done(bare, first, timedelta(days=1)), due, unknown=0)


def test_another_script_uses_up_the_quota_between_two_mails(bares: Bares) -> None:
    """What is left was asked for before the batch: the send itself is refused."""
    due = [lead(number) for number in range(1, 16)]
    with bares(15, replace(MANY, recipients_a_day=20)) as bare:
        sends = calls_named(bare, "MailApp.sendEmail")

        def others() -> None:
            with bare.workspace.request():
                use(bare.workspace, MAIL, OWNER, MONDAY, 20)

        first = bare.dispatch(meanwhile={sends[6]: others})
        assert first.ok and 0 < len(first.mails) < 15 and first.value["jobs"]["follow_ups"] == "later"
        check(bare, until_done(bare, first, timedelta(days=1)), due, unknown=0)


@pytest.mark.parametrize(
    ("slow", "ended", "keep_buffer"),
    [
        ({"MailApp.sendEmail": 30_000}, False, True),  # it stops by itself before the six minutes
        ({"MailApp.sendEmail": 200_000}, True, True),
        ({"Properties.setProperty": 40_000}, True, True),
        ({"SpreadsheetApp.flush": 100_000}, True, False),
        ({"Range.setValues": 200_000}, True, False),
    ],
)
def test_six_minutes_are_over(slow: dict[str, float], ended: bool, keep_buffer: bool, bares: Bares) -> None:
    """`slow`: what calls take, in milliseconds."""
    due = [lead(number) for number in range(1, 31)]
    limits = replace(MANY, costs=COSTS | slow, keep_buffer=keep_buffer)
    with bares(30) as bare:
        first = bare.dispatch(limits=limits)
        assert first.ended == ended and len(first.mails) < 30
        assert ended or first.value["jobs"]["follow_ups"] == "time"
        check(bare, until_done(bare, first), due)


# -- others at the same time -------------------------------------------------------------------------------------------


def test_another_run_holds_the_lock(bares: Bares) -> None:
    due = [lead(number) for number in range(1, 4)]
    with bares(3) as bare:
        bare.runtime().hold_lock(MONDAY + HOUR / 2, "script")
        first = bare.dispatch()
        assert first.ok and first.value["status"] == "busy" and not first.mails and not bare.log()
        check(bare, until_done(bare, first), due, unknown=0)


def test_a_second_run_begins_in_the_middle_of_the_first_one(bares: Bares, monkeypatch: pytest.MonkeyPatch) -> None:
    due = [lead(number) for number in range(1, 23)]
    with bares(22) as bare:
        calls = calls_of(bare, monkeypatch)
        for at in spread(calls, 4):
            others: list[Outcome] = []
            with forgotten(bare.workspace):
                first = bare.dispatch(meanwhile={at: lambda others=others: others.append(bare.dispatch())})
                assert first.ok and others[0].ok, (at, first, others)
                sent = until_done(bare, first) + people(others[0])
                check(bare, sent, due, unknown=0)


# What somebody does to a table while the script sends: requests by the table's key.
def _rows(table: str, first: int, last: int) -> dict[str, Any]:
    return {"sheetId": [*TABLES].index(table) + 1, "dimension": "ROWS", "startIndex": first, "endIndex": last}


def _sorted(table: str, column: str) -> list[dict[str, Any]]:
    key = {"dimensionIndex": [*TABLES[table]].index(column), "sortOrder": "DESCENDING"}
    sheet = {"sheetId": [*TABLES].index(table) + 1, "startRowIndex": 1, "startColumnIndex": 0}
    return [{"sortRange": {"range": sheet, "sortSpecs": [key]}}]


def _filtered(table: str, column: str, hidden: str) -> list[dict[str, Any]]:
    sheet = {"sheetId": [*TABLES].index(table) + 1, "startRowIndex": 0, "startColumnIndex": 0}
    criteria = {str([*TABLES[table]].index(column)): {"hiddenValues": [hidden]}}
    return [{"setBasicFilter": {"filter": {"range": sheet, "criteria": criteria}}}]


def _inserted(*tables: str) -> list[dict[str, Any]]:
    return [
        {
            "insertDimension": {
                "range": {**_rows(table, 1, 3), "dimension": "COLUMNS"},
                "inheritFromBefore": False,
            }
        }
        for table in tables
    ]


DISTURBANCES: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "sorts": lambda: [*_sorted("leads", "email"), *_sorted("mail_log", "key"), *_sorted("settings", "key")],
    "filters": lambda: [*_filtered("leads", "name", "Lead 3"), *_filtered("mail_log", "email", lead(2))],
    "inserts columns": lambda: _inserted("leads", "mail_log", "suppressions", "settings", "sequences"),
    "inserts a column before the first": lambda: [
        {"insertDimension": {"range": {**_rows(table, 0, 1), "dimension": "COLUMNS"}, "inheritFromBefore": False}}
        for table in ("leads", "mail_log")
    ],
    "inserts rows": lambda: [
        {"insertDimension": {"range": _rows(table, 1, 4), "inheritFromBefore": False}}
        for table in ("leads", "mail_log", "settings")
    ],
    "deletes leads": lambda: [{"deleteDimension": {"range": _rows("leads", 3, 9)}}],
}


@pytest.mark.parametrize("what", DISTURBANCES)
def test_somebody_works_in_the_sheets_in_the_middle_of_a_run(
    what: str, bares: Bares, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = [lead(number) for number in range(1, 23)]
    deleted = [lead(number) for number in range(3, 9)] if what == "deletes leads" else []
    with bares(22) as bare:
        for at in spread(calls_of(bare, monkeypatch), 10_000 if ALL else 3):
            with forgotten(bare.workspace):
                first = bare.dispatch(meanwhile={at: lambda: bare.change(*DISTURBANCES[what]())})
                try:
                    assert first.ok and not first.value["errors"], first
                    sent = until_done(bare, first)
                    # Who was deleted before the mail went out may get none.
                    kept = [address for address in due if address in sent or address not in deleted]
                    check(bare, sent, kept, unknown=0)
                except AssertionError as error:
                    raise AssertionError(f"{what}, before call {at}: {error}") from error


@pytest.mark.parametrize("where", ["claimed", "marked"])
def test_somebody_deletes_rows_of_the_log_while_their_batch_is_sent(where: str, bares: Bares) -> None:
    """Rows of a batch that is under way are written again: the journal knows them."""
    due = [lead(number) for number in range(1, 13)]
    with bares(12) as bare:
        sends = calls_named(bare, "MailApp.sendEmail")
        at = sends[0] if where == "claimed" else sends[-1] + 2
        first = bare.dispatch(
            meanwhile={at: lambda: bare.change({"deleteDimension": {"range": _rows("mail_log", 2, 9)}})}
        )
        check(bare, until_done(bare, first), due, unknown=0)


def calls_named(bare: Bare, name: str) -> list[int]:
    """The numbers of the calls of that name in a whole run."""
    with pytest.MonkeyPatch.context() as patch:
        return [number for number, (called, _) in enumerate(calls_of(bare, patch), 1) if called == name]


def spread(calls: Sequence[Any], count: int) -> list[int]:
    """So many numbers of calls, from the first to the last."""
    step = max(1, (len(calls) - 1) // (count - 1))
    return [*range(1, len(calls) + 1, step)][:count]
