"""A run that mails many people, killed at its calls and run again: nobody twice, nobody lost, and who is unknown is listed.

CRM_BUILDER_ALL_FAULTS=1 kills a run of 200 recipients at each of its calls; without it, a run of 22 at one call of every
second kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from crm_builder.local.runtime import Kill
from tests.living.again import ALL, calls_of, check, until_done
from tests.living.bare import lead, people
from tests.living.conftest import Bares
from tests.runtime.sweep import forgotten

EFFECTS = {"MailApp.sendEmail", "Properties.setProperty", "Properties.deleteProperty", "SpreadsheetApp.flush"}


def kills(calls: Sequence[tuple[str, bool]]) -> Iterator[Kill]:
    """Every call; where not all is asked for, one of each name, and around an effect one of each neighbour."""
    names = ["", *(name for name, _ in calls)]
    met = set()
    for at, (name, pending) in enumerate(calls, 1):
        before = names[at - 1]
        kind = (before, name, pending) if EFFECTS & {before, name} else (name, pending)
        if not ALL and kind in met:
            continue
        met.add(kind)
        yield Kill(at)
        if pending:
            yield Kill(at, keep_buffer=False)


def test_killed_at_any_call_nobody_gets_it_twice_and_nobody_is_lost(
    bares: Bares, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 200 if ALL else 22
    due = [lead(number) for number in range(1, count + 1)]
    ends = {"kills": 0, "one unknown": 0, "of them sent": 0, "in the middle": 0}
    with bares(count) as bare:
        for kill in [*kills(calls_of(bare, monkeypatch))][:: 1 if ALL else 2]:
            with forgotten(bare.workspace):
                first = bare.dispatch(kill=kill)
                assert first.ended and first.number == kill.at, (kill, first)
                try:
                    sent = until_done(bare, first)
                    check(bare, sent, due)
                except AssertionError as error:
                    raise AssertionError(f"{kill}: {error}") from error
                unknown = [address for address, status in bare.log().items() if status == "unknown"]
                ends["kills"] += 1
                ends["one unknown"] += bool(unknown)
                ends["of them sent"] += bool(set(unknown) & set(sent))
                ends["in the middle"] += len(people(first)) not in (0, count)
    assert ends["in the middle"] and (not ALL or all(ends.values())), ends
    print(ends)
