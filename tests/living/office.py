"""A CRM in a local workspace as the people of an office meet it: they type, look, get mail and let time pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crm_builder import deploy, deployment
from crm_builder.a1 import letters, quote
from crm_builder.google import Client
from crm_builder.local.runtime import Limits, Mail, Outcome, Runtime
from crm_builder.local.transport import LocalTransport
from crm_builder.local.workspace import Workspace
from crm_builder.project import load_project

OWNER = "maya@example.com"
MANY = Limits(recipients_a_day=2000)
Record = Mapping[str, Any]


class Office:
    """A CRM of a folder. Tables and columns are given by their keys; a row's number is that of the sheet."""

    def __init__(self, folder: Path, clock: datetime, templates: Path | None = None, limits: Limits = MANY):
        self.project = load_project(folder, templates)
        found = deployment.load(folder, deploy.LOCAL)
        assert found
        self.workspace = Workspace(folder / ".crm" / "workspace", clock)
        self.client = Client(LocalTransport(self.workspace), lambda *given: None)
        self.id = found.spreadsheet_id
        self.words = self.project.rendered.context.words
        self.zone = ZoneInfo(self.project.settings.time_zone)
        self.limits = limits
        self.runtime = self.at(clock)
        self.columns = {
            sheet.key: (sheet.title, [column.key for column in sheet.columns])
            for sheet in self.project.rendered.workbook.sheets
        }

    def at(self, clock: datetime, **named: Any) -> Runtime:
        """The script from that moment on, also one that is past."""
        named = {"limits": self.limits, **named}
        self.runtime = Runtime(self.workspace, self.id, clock=clock, outbox=None, user=OWNER, owner=OWNER, **named)
        return self.runtime

    def local(self, month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
        return datetime(year, month, day, hour, minute, tzinfo=self.zone)

    # -- what people do ----------------------------------------------------------------------------------------------

    def type(self, table: str, row: int, **record: Any) -> None:
        """Types into a row; what runs at each edit runs. Columns that stand side by side are pasted at once."""
        title, columns = self.columns[table]
        left = sorted(record, key=columns.index)
        while left:
            first = columns.index(left[0])
            block = [key for number, key in enumerate(left) if columns.index(key) == first + number]
            left = left[len(block) :]
            outcome = self.runtime.edit(title, f"{letters(first)}{row}", [[record[key] for key in block]])
            assert outcome.ok, outcome

    def choice(self, list_: str, key: str | None = None) -> str:
        """The title of a choice by its key; of the first one without."""
        titles: dict[str, str] = self.project.rendered.context.values["choice"][list_]
        return titles[key] if key else next(iter(titles.values()))

    def set(self, **settings: Any) -> None:
        """Changes rows of the settings."""
        keys = [row.get("key") for row in self.rows("settings")]
        title, columns = self.columns["settings"]
        letter = letters(columns.index("value"))
        self._write(
            [(f"{quote(title)}!{letter}{keys.index(key) + 2}", [[value]]) for key, value in settings.items()],
            "USER_ENTERED",
        )

    # -- what other programs do --------------------------------------------------------------------------------------

    def fill(self, table: str, records: Sequence[Record], row: int = 2) -> None:
        """Writes rows by the API, without any edit; all records have the keys of the first one."""
        title, columns = self.columns[table]
        data = []
        for key in records[0]:
            letter = letters(columns.index(key))
            cells = f"{quote(title)}!{letter}{row}:{letter}{row + len(records) - 1}"
            data.append((cells, [[record[key]] for record in records]))
        self._write(data, "RAW")

    def _write(self, data: Sequence[tuple[str, list[list[Any]]]], option: str) -> None:
        body = {"valueInputOption": option, "data": [{"range": cells, "values": values} for cells, values in data]}
        self.client.call(self.client.sheets.spreadsheets().values().batchUpdate(spreadsheetId=self.id, body=body))

    def change(self, *requests: Record) -> None:
        """Requests of spreadsheets.batchUpdate."""
        self.client.batch_update(self.id, list(requests))

    def sheet_id(self, table: str) -> int:
        asked = self.client.sheets.spreadsheets().get(spreadsheetId=self.id, fields="sheets.properties")
        sheets = self.client.call(asked)["sheets"]
        found: int = next(
            one["properties"]["sheetId"] for one in sheets if one["properties"]["title"] == self.columns[table][0]
        )
        return found

    # -- what is there -----------------------------------------------------------------------------------------------

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows in which anything stands; columns where they stood when the CRM was made."""
        title, columns = self.columns[table]
        values = self.client.sheets.spreadsheets().values()
        asked = values.get(spreadsheetId=self.id, range=quote(title), valueRenderOption="UNFORMATTED_VALUE")
        rows = [dict(zip(columns, row, strict=False)) for row in self.client.call(asked).get("values", [])[1:]]
        return [row for row in rows if any(value not in ("", False) for value in row.values())]

    def log(self) -> list[tuple[str, str]]:
        """(address, key of the status) of each row of the log."""
        keys = {title: key for key, title in self.words["choices"]["mail_status"].items()}
        return [(row["email"], keys[row["status"]]) for row in self.rows("mail_log")]

    # -- runs --------------------------------------------------------------------------------------------------------

    def finish_set_up(self, moment: datetime) -> None:
        outcome = self.at(moment, answers=["YES", "OK"]).run("finishSetUp")
        assert outcome.ok, outcome

    def hour(self, moment: datetime) -> list[Mail]:
        """What the dispatcher sends when it runs at that moment, without any error."""
        self.runtime.wait_until(moment)
        return list(self.fine(self.runtime.run("dispatch")).mails)

    def fine(self, outcome: Outcome) -> Outcome:
        assert outcome.ok and outcome.value["status"] == "done" and not outcome.value["errors"], outcome
        return outcome


@contextmanager
def opened(folder: Path, clock: datetime, templates: Path | None = None, limits: Limits = MANY) -> Iterator[Office]:
    office = Office(folder, clock, templates, limits)
    try:
        yield office
    finally:
        office.workspace.close()
