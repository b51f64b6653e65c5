"""Edits in a local workspace, as Google runs the deployed script: limits of simple triggers, rules of cells, both calendars."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from crm_builder.a1 import letters
from crm_builder.local.runtime import Limits, Outcome
from tests.conftest import CLOCK
from tests.living import bare
from tests.living.office import OWNER, Office, opened

_DAY = (date(2026, 11, 21) - date(1899, 12, 30)).days


def paste(office: Office, table: str, row: int, column: str, values: list[list[Any]]) -> Outcome:
    title, columns = office.columns[table]
    outcome = office.runtime.edit(title, f"{letters(columns.index(column))}{row}", values)
    assert outcome.ok, outcome
    return outcome


def test_what_people_paste_is_put_in_order(provisioned: Callable[..., Path]) -> None:
    """In the Jalali calendar; the cases of both are in test_normal.py."""
    with opened(provisioned("fa"), CLOCK) as office:
        people = [[f" Name  {row} ", "", f"P{row}@Example.Com", f"۰۹۱۲ {1000000 + row}"] for row in range(30)]
        paste(office, "leads", 2, "name", people)
        paste(office, "leads", 2, "contact_date_jalali", [["1405.8.30"]] * 3)
        status = [[office.choice("lead_status", "lost")], [" " + office.choice("lead_status", "new")], ["not a choice"]]
        paste(office, "leads", 2, "status", status)
        rows = office.rows("leads")
        assert len({row["id"] for row in rows}) == 30 and all(re.fullmatch("L-[0-9A-Z]{5}", row["id"]) for row in rows)
        first, second, third = rows[:3]
        assert (first["name"], first["email"], first["phone"]) == ("Name 0", "P0@example.com", "09121000000")
        assert first["contact_date"] == _DAY and first["created_at"] and first["status_since"]
        assert [row["status"] for row in (first, second, third)] == [status[0][0], status[1][0].strip(), "not a choice"]
        audit = office.rows("audit")
        assert [one["row"] for one in audit] == [first["id"], second["id"], third["id"]]
        assert {one["who"] for one in audit} == {OWNER}
        assert audit[0]["sheet"] == office.columns["leads"][0] and audit[0]["after"] == status[0][0]


def test_five_thousand_pasted_rows_are_done_in_the_time_of_an_edit(
    provisioned: Callable[..., Path], tmp_path: Path
) -> None:
    """By the virtual clock: an edit that takes longer is killed."""
    limits = Limits()
    bare.make(tmp_path / "bare", provisioned("fa"), limits)
    with bare.opened(tmp_path / "bare", limits) as crm:
        crm.change({"appendDimension": {"sheetId": crm.sheet_ids["leads"], "dimension": "ROWS", "length": 4000}})
        outcome = crm.runtime().edit("leads", "B2", [[f" Name {row} ", f"P{row}@Example.Com"] for row in range(5000)])
        assert outcome.ok and 0 < outcome.elapsed_ms < limits.simple_ms / 2, outcome
        rows = crm.rows("leads")
    assert len({row["id"] for row in rows}) == 5000 and rows[4999]["name"] == "Name 4999" and rows[4999]["created_at"]


def test_people_s_own_columns_and_rows_in_between(provisioned: Callable[..., Path]) -> None:
    """A column put in, the header lower, the sheet called otherwise: all is found by its key."""
    with opened(provisioned("fa"), CLOCK) as office:
        sheet = office.sheet_id("tasks")
        insert = {"range": {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}
        above = {"range": {"sheetId": sheet, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}}
        rename = {"properties": {"sheetId": sheet, "title": "What to do"}, "fields": "title"}
        office.change({"insertDimension": insert}, {"insertDimension": above}, {"updateSheetProperties": rename})
        columns = office.columns["tasks"][1]
        office.columns["tasks"] = (
            "What to do",
            ["mine", *columns] if columns[0] != "id" else ["id", "mine", *columns[1:]],
        )
        paste(office, "tasks", 3, "title", [["Call"], ["Write"]])
        paste(office, "tasks", 3, "done", [[True]])
        paste(office, "tasks", 5, "mine", [["a note"]])
        call, write, note = office.rows("tasks")[1:4]
        assert (
            call["id"].startswith("T-") and call["status"] == office.choice("task_status", "done") and call["done_at"]
        )
        assert write["status"] == office.choice("task_status", "open") and not write.get("done_at")
        assert note["mine"] == "a note" and not note["id"]
