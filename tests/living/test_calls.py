"""The calls of a run: each table is read once, and a mail costs its send and one mark, however many rows there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from crm_builder.local.runtime import Outcome
from crm_builder.local.runtime.spreadsheet.range import Range
from tests.living.bare import TABLES, leads
from tests.living.conftest import Bares

BATCH = 20  # mails that are claimed at once
ONCE = ("leads", "customers", "sequences", "mail_templates", "mail_log")
HEARD = ("settings", "suppressions")  # looked at before each batch: mail may have been paused meanwhile
Run = Callable[[int, int], tuple[Outcome, Counter[str]]]


@pytest.fixture
def counted(bares: Bares, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`counted(20, 100)`: a run in which 20 of 100 leads are due, and how often each table was read whole."""

    def run(due: int, rows: int) -> tuple[Outcome, Counter[str]]:
        reads: Counter[str] = Counter()
        values = Range._values

        def noted(asked: Range, area: Any = None) -> Any:
            at = area or asked.area
            table = [*TABLES][at.sheet_id - 1]
            if at.r0 == 0 and at.height > 1 and at.width >= len(TABLES[table]):
                reads[table] += 1
            return values(asked, area)

        with bares(due) as bare:
            one = {
                "email": "somebody@example.com",
                "key": "lead_welcome:L-99999::somebody@example.com",
                "sent_at": 46000,
            }
            status = bare.choice("mail_status", "sent")
            customers = [{**row, "id": f"C-{row['id'][2:]}"} for row in leads(bare, rows)]
            bare.fill(
                {
                    "leads": [*leads(bare, due), *leads(bare, rows, status="lost")[due:]],
                    "customers": [{**row, "status": ""} for row in customers],
                    "suppressions": [one],
                    "mail_log": [{**one, "status": status}],
                }
            )
            with monkeypatch.context() as patch:
                patch.setattr(Range, "_values", noted)
                outcome = bare.dispatch()
        assert outcome.ok and len(outcome.mails) == due and not outcome.value["errors"], outcome
        return outcome, reads

    return run


def test_each_table_is_read_once_and_a_mail_costs_a_send_and_a_mark(counted: Run) -> None:
    few, _ = counted(20, 100)
    long, reads = counted(20, 1000)
    assert long.calls == few.calls
    assert reads == dict.fromkeys((*ONCE, *HEARD), 1)

    many, reads = counted(200, 1000)
    batches = 200 // BATCH
    assert reads == dict.fromkeys(ONCE, 1) | dict.fromkeys(HEARD, batches)
    more = many.calls - long.calls
    assert more.pop("MailApp.sendEmail") == 180 and not long.calls - many.calls
    each, left = divmod(more.total() - 180, batches - 1)  # 180 marks; the rest goes with the batches
    assert more["Properties.setProperty"] == 180 + 2 * (batches - 1)
    assert left == 0 and each < 60, more
