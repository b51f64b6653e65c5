"""The script of a whole CRM on a bare spreadsheet: the few tables that mails need, without formulas, so that it is fast."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crm_builder import deploy, deployment
from crm_builder.a1 import quote
from crm_builder.local.runtime import Limits, Outcome, Runtime
from crm_builder.local.transport import LocalTransport, open_workspace
from crm_builder.local.workspace import Workspace

OWNER = "maya@example.com"
MONDAY = datetime.fromisoformat("2026-11-23T10:00+00:00")
TABLES: Mapping[str, Mapping[str, str]] = {  # the columns' types by key; "" for one that is computed
    "leads": {
        **{"id": "id", "name": "name", "email": "email", "interest": "choice", "status": "choice"},
        **{"contact_date": "date", "replied_on": "date", "status_since": "stamp", "created_at": "stamp"},
        "updated_at": "stamp",
    },
    "customers": {
        **{"id": "id", "name": "name", "email": "email", "consent": "checkbox", "unsubscribed": "checkbox"},
        **{"last_purchase": "", "last_contact": "", "status_since": "stamp"},
        **{"created_at": "stamp", "updated_at": "stamp"},
    },
    "sequences": {
        **{"key": "id", "sequence": "name", "audience": "choice", "step": "integer", "delay_days": "integer"},
        **{"template": "choice", "marketing": "checkbox", "active": "checkbox"},
    },
    "mail_templates": {"key": "id", "name": "name", "subject": "text", "body": "long_text", "active": "checkbox"},
    "mail_log": {
        **{"key": "id", "sent_at": "stamp", "email": "email", "customer": "text", "template": "text"},
        **{"subject": "text", "status": "choice", "detail": "long_text"},
    },
    "suppressions": {"email": "email", "reason": "choice", "since": "date", "source": "text"},
    "settings": {"key": "id", "title": "name", "value": "text"},
}
SETTINGS = {
    **{"mail_first_live": 2000, "mail_daily_cap": 2000, "mail_reserve": 0, "mail_spacing_days": 0},
    **{"reminders": False, "inactive_days": 30},
}
_HOST = "https://any.googleapis.com"
_SPARE = 30  # empty rows below what is there
Record = Mapping[str, Any]


def serial(day: date) -> int:
    """A day as sheets hold it."""
    return day.toordinal() - date(1899, 12, 30).toordinal()


@dataclass
class Bare:
    """One such spreadsheet. `config` is the script's own CONFIG."""

    http: LocalTransport
    limits: Limits
    id: str = ""
    sheet_ids: dict[str, int] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    clock: datetime = MONDAY

    @property
    def workspace(self) -> Workspace:
        return self.http.workspace

    def call(self, method: str, path: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body)
        response, answer = self.http.request(_HOST + path, method, content, {"content-type": "application/json"})
        assert response.status == 200, answer
        return json.loads(answer)

    def change(self, *requests: Record) -> None:
        """Requests of spreadsheets.batchUpdate."""
        self.call("POST", f"/v4/spreadsheets/{self.id}:batchUpdate", {"requests": list(requests)})

    def choice(self, list_: str, key: str) -> str:
        title: str = self.config["choices"][list_][key]
        return title

    def fill(self, records: Mapping[str, Sequence[Record]]) -> None:
        """Writes the tables from their first row on."""
        data = [
            {
                "range": f"{quote(table)}!A2",
                "values": [[record.get(column, "") for column in TABLES[table]] for record in rows],
            }
            for table, rows in records.items()
            if rows
        ]
        body = {"valueInputOption": "RAW", "data": data}
        self.call("POST", f"/v4/spreadsheets/{self.id}/values:batchUpdate", body)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows by the titles of the header, wherever its columns stand by now; these are the columns' keys."""
        path = f"/v4/spreadsheets/{self.id}/values/{quote(table)}?valueRenderOption=UNFORMATTED_VALUE"
        header, *rows = self.call("GET", path.replace("'", "%27"))["values"]
        named = [dict(zip(header, row, strict=False)) for row in rows]
        return [row for row in named if any(value not in ("", False) for value in row.values())]

    def log(self) -> dict[str, str]:
        """The key of the status by the address. AssertionError where an address stands there twice."""
        keys = {title: key for key, title in self.config["choices"]["mail_status"].items()}
        rows = [(row["email"], keys[row["status"]]) for row in self.rows("mail_log")]
        assert len(rows) == len(dict(rows)), rows
        return dict(rows)

    def runtime(self, clock: datetime | None = None, **named: Any) -> Runtime:
        named = {"clock": clock or self.clock, "outbox": None, "limits": self.limits, **named}
        return Runtime(self.workspace, self.id, user=OWNER, owner=OWNER, **named)

    def dispatch(self, clock: datetime | None = None, **named: Any) -> Outcome:
        return self.runtime(clock, **named).run("dispatch")


def people(outcome: Outcome) -> list[str]:
    """Who got a mail, as often as it is so."""
    return [address for mail in outcome.mails for address in mail.addresses]


def leads(bare: Bare, count: int, status: str = "new", day: date | None = None) -> list[dict[str, Any]]:
    """Leads of a day, MONDAY where nothing is said."""
    since = {
        name: serial(day or MONDAY.date()) for name in ("contact_date", "status_since", "created_at", "updated_at")
    }
    title = bare.choice("lead_status", status)
    return [
        {"id": f"L-{number:05}", "name": f"Lead {number}", "email": lead(number), "status": title, **since}
        for number in range(1, count + 1)
    ]


def lead(number: int) -> str:
    return f"lead{number}@example.com"


def make(folder: Path, script_of: Path, limits: Limits) -> None:
    """Makes the spreadsheet with the script of another CRM, set up, with mails on and one step for leads."""
    found = deployment.load(script_of, deploy.LOCAL)
    assert found and found.script
    with open_workspace(script_of / ".crm" / "workspace", MONDAY) as http:
        files = Bare(http, limits).call("GET", f"/v1/projects/{found.script}/content")["files"]
    folder.mkdir(parents=True)
    with open_workspace(folder / "workspace", MONDAY) as http:
        bare = Bare(http, limits)
        (folder / "id").write_text(_spreadsheet(bare), "utf-8")
        project = bare.call("POST", "/v1/projects", {"title": "Script", "parentId": bare.id})["scriptId"]
        kept = [{name: file[name] for name in ("name", "type", "source")} for file in files]
        told = {"name": "Told", "type": "SERVER_JS", "source": "function told() { return CONFIG; }"}
        bare.call("PUT", f"/v1/projects/{project}/content", {"files": [*kept, told]})
        bare.config = bare.runtime().run("told").value
        (folder / "config").write_text(json.dumps(bare.config), "utf-8")
        settings = SETTINGS | {"mail_mode": bare.choice("mail_mode", "live")}
        step = {"sequence": "lead", "audience": bare.choice("mail_audience", "lead"), "step": 1, "delay_days": 0}
        bare.fill(
            {
                "settings": [{"key": key, "title": key, "value": value} for key, value in settings.items()],
                "sequences": [{"key": "lead_welcome", **step, "template": "welcome", "active": True}],
                "mail_templates": [
                    {"key": "welcome", "name": "W", "subject": "Hello {{name}}", "body": "Hello.", "active": True}
                ],
            }
        )
        outcome = bare.runtime(answers=["YES", "OK"]).run("finishSetUp")
        assert outcome.ok and bare.runtime().properties()["spreadsheet"] == bare.id, outcome


def _spreadsheet(bare: Bare) -> str:
    body = {
        "properties": {"title": "Bare", "timeZone": "Europe/London"},
        "sheets": [
            {
                "properties": {
                    "title": key,
                    "sheetId": number,
                    "gridProperties": {"frozenRowCount": 1, "rowCount": 1_100},
                }
            }
            for number, key in enumerate(TABLES, 1)
        ],
    }
    bare.id = bare.call("POST", "/v4/spreadsheets", body)["spreadsheetId"]
    bare.change(*(request for number, key in enumerate(TABLES, 1) for request in _marked(number, key)))
    bare.call(
        "POST",
        f"/v4/spreadsheets/{bare.id}/values:batchUpdate",
        {
            "valueInputOption": "RAW",
            "data": [{"range": f"{quote(key)}!A1", "values": [list(columns)]} for key, columns in TABLES.items()],
        },
    )
    return bare.id


def _marked(sheet: int, key: str) -> Iterator[dict[str, Any]]:
    """The marks by which the script finds a sheet and its columns, and formats as the CRM has them."""
    types = {column: type_ for column, type_ in TABLES[key].items() if type_}

    def mark(name: str, value: str, **location: Any) -> dict[str, Any]:
        told = {"metadataKey": f"crm_builder.{name}", "metadataValue": value, "visibility": "DOCUMENT"}
        return {"createDeveloperMetadata": {"developerMetadata": {**told, "location": location}}}

    yield mark("sheet", key, sheetId=sheet)
    yield mark("contents", json.dumps({"types": types}), sheetId=sheet)
    for number, (column, type_) in enumerate(TABLES[key].items()):
        range_ = {"sheetId": sheet, "startIndex": number, "endIndex": number + 1}
        yield mark("column", column, dimensionRange={**range_, "dimension": "COLUMNS"})
        kind = {"id": "TEXT", "date": "DATE", "stamp": "DATE_TIME"}.get(type_ or "date")
        if kind:
            cells = {"sheetId": sheet, "startRowIndex": 1, "startColumnIndex": number, "endColumnIndex": number + 1}
            format_ = {"userEnteredFormat": {"numberFormat": {"type": kind}}}
            yield {"repeatCell": {"range": cells, "cell": format_, "fields": "userEnteredFormat.numberFormat"}}


@contextmanager
def opened(folder: Path, limits: Limits) -> Iterator[Bare]:
    with open_workspace(folder / "workspace", MONDAY) as http:
        config = json.loads((folder / "config").read_text("utf-8"))
        sheets = {key: number for number, key in enumerate(TABLES, 1)}
        yield Bare(http, limits, (folder / "id").read_text("utf-8"), sheets, config)
