"""The hourly run of the script over many customers and leads, and what it costs to never mail anybody twice."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from benchmarks import rows
from benchmarks.crm import CLOCK, cells, client_of, describe
from benchmarks.report import Cell, Figure, Report
from benchmarks.watch import Json, apart
from crm_builder import deploy, deployment
from crm_builder.google import Client
from crm_builder.local.runtime import Kill, Limits, Outcome, Runtime
from crm_builder.local.runtime.spreadsheet.range import Range
from crm_builder.local.runtime.world import World
from crm_builder.local.transport import LocalTransport
from crm_builder.project import Project, load_project, row_batches, row_sets

LIMIT = 60.0  # seconds of the script
_OWNER = "maya@example.com"
_MONDAY = CLOCK + timedelta(days=1, hours=2)
_LIMITS = Limits(recipients_a_day=2000)
_IMPORT, _DAY, _NOTHING = "the run after an import", "the run that sends", "the run after it"
_OURS, _MERGE = "ours", "mail merge"
_SEND = "MailApp.sendEmail"
# A mail merge as it is commonly written, and as Google's sample works (googleworkspace/apps-script-samples):
# one look at the sheet, a send for each row without a date of sending, one write of all those dates at the end.
_MERGE_SOURCE = """
function mailMerge() {
  const sheet = SpreadsheetApp.getActiveSpreadsheet().getSheets()[0];
  const [titles, ...people] = sheet.getDataRange().getDisplayValues();
  const [name, address, sent] = ['Name', 'Address', 'Sent'].map((title) => titles.indexOf(title));
  const dates = people.map((person) => {
    if (person[sent]) return [person[sent]];
    MailApp.sendEmail(person[address], `Hello ${person[name]}`, `Dear ${person[name]}, how are you?`);
    return [new Date()];
  });
  sheet.getRange(2, sent + 1, dates.length, 1).setValues(dates);
}
"""


def run(people: int = 10_000, mails: int = 50, made: Path | None = None) -> Report:
    """Measures with so many customers and as many leads, of whom so many get a mail.

    `made`: the folder of an English CRM without rows, of which a copy is taken; without it one is made.
    """
    with TemporaryDirectory() as folder:
        found = apart(measure, folder=folder, people=people, mails=mails, made=made and str(made))
    table: list[tuple[Cell, ...]] = [
        (name, one["calls"], one["reads"], one["mails"], one["script"], one["seconds"])
        for name, one in found["runs"].items()
    ]
    ours, merge = found["runs"][_DAY], found["runs"][_MERGE]
    return Report(
        "mail",
        f"the script's hourly run over {people:,} customers and {people:,} leads, {mails} of them due for a mail",
        ("run", "calls", "getValues", "mails", "s of script", "s here"),
        tuple(table),
        (
            Figure(f"{_IMPORT}: script time", found["runs"][_IMPORT]["script"], "seconds", LIMIT),
            Figure(f"{_DAY}: script time", ours["script"], "seconds", LIMIT),
            Figure(f"{_NOTHING}: script time", found["runs"][_NOTHING]["script"], "seconds", LIMIT),
            Figure(f"times that a table of {people:,} rows was read", found["reads"], "times", 1),
            Figure("killed in the middle: sent twice", found["twice"][_OURS], "mails", 0),
            Figure("killed in the middle: lost", found["lost"], "mails", 0),
            Figure("killed in the middle: not known whether sent", found["unknown"], "mails", 1),
            Figure("the same, by mail merge: sent twice", found["twice"][_MERGE], "mails"),
            Figure("calls of ours for each of mail merge", ours["calls"] / merge["calls"], "times"),
            Figure("script time of ours for each of mail merge", ours["script"] / merge["script"], "times"),
        ),
        (
            "Of the customers it looks once more at a few columns before each further batch of 20 mails.",
            "Script time is that of the local run's clock, on which calls cost what people report of Google's.",
            "Both were killed after half of the mails and run again; mail merge has a list of just those who get one.",
            "Mail merge works as Google's sample does: one read, a send a row, one write of all marks at the end.",
        ),
    )


def measure(folder: str, people: int, mails: int, made: str | None = None) -> Json:
    """Fills the CRM, runs its script hour by hour, and kills a run on a copy."""
    home = Path(folder) / "crm"
    if made:
        shutil.copytree(made, home)
    project = load_project(home) if made else describe(home, "en")
    with deploy.open_target(home, CLOCK) as http:
        if not made:
            deploy.up(project, http, sample_data=False, clock=CLOCK, tell=lambda text: None)
    choices = project.rendered.context.values["choice"]
    _fill(home, project, choices, people, mails)
    runs: Json = {}
    with _opened(home) as runtime:
        runtime.answers = ["YES", "OK"]
        _fine(runtime.run("finishSetUp"))
        runs[_IMPORT] = _timed(runtime)[1]
    with client_of(home) as client:
        # Nobody mails so many at once on the first day: the first run would be one of five mails.
        live = {"mail_mode": choices["mail_mode"]["live"], "mail_first_live": mails, "mail_daily_cap": mails}
        _set(client, project, home, {**live, "reminders": False})
    copy = Path(shutil.copytree(home, Path(folder) / "killed"))
    with _opened(home, hours=1) as runtime:
        with _noted(people) as (names, reads):
            outcome, runs[_DAY] = _timed(runtime)
        due = _people(outcome)
        runs[_NOTHING] = _timed(runtime, hours=1)[1]
    if len(set(due)) != mails or len(due) != mails:
        raise ValueError(f"{len(due)} mails to {len(set(due))} people, not {mails}")
    with _opened(copy, hours=1) as runtime:
        sent = _killed(runtime, "dispatch", names, mails)
        runs[_MERGE], merged = _merge(runtime, mails)
    with client_of(copy) as client:
        unknown = _unknown(client, project, choices, copy)
    return {
        "runs": runs,
        "reads": max(widths[max(widths)] for widths in reads.values()),
        "twice": {_OURS: _twice(sent), _MERGE: _twice(merged)},
        "lost": len(set(due) - {*sent, *unknown}),
        "unknown": len(unknown),
    }


def _fill(home: Path, project: Project, choices: rows.Choices, people: int, mails: int) -> None:
    """Writes the rows by spreadsheets.batchUpdate, as an import does: nobody has edited them."""
    name, customers = next(rows.tables(people, choices))
    for row in customers:
        row["consent_on"] = row["first_contact"] if row["consent"] else None
    content = {name: customers, "leads": [_lead(number, choices, mails) for number in range(1, people + 1)]}
    heights = {key: place.rows for key, place in project.layout.places.items()}
    with client_of(home) as client:
        for batch in row_batches(row_sets(project, content, (), heights, project.layout)):
            client.batch_update(_deployment(home), batch)


def _lead(number: int, choices: rows.Choices, mails: int) -> rows.Row:
    """One of those who asked yesterday, and are due for the welcome, or of those whom nothing is sent to any more."""
    new = number % 7 == 3 and number // 7 < mails
    asked = (CLOCK - timedelta(days=0 if new else 200 + number % 300)).replace(tzinfo=None)
    return {
        "id": f"L-{number:05}",
        "name": f"Lead {number}",
        "email": f"lead{number}@example.com",
        "phone": f"+44 7700 8{number:05}",
        "source": next(iter(choices["lead_source"].values())),
        "contact_date": asked.date(),
        "interest": next(iter(choices["product"].values())),
        "status": choices["lead_status"]["new" if new else "lost"],
        "owner": next(iter(choices["team"].values())),
        "created_at": asked,
        "updated_at": asked,
    }


def _set(client: Client, project: Project, home: Path, settings: Json) -> None:
    """Changes rows of the settings by their keys."""
    place = project.layout.place("settings")
    keys = [
        row[0] if row else ""
        for row in client.values_get(_deployment(home), cells(project, "settings", "key", 1, place.rows))
    ]
    data = [
        {"range": cells(project, "settings", "value", keys.index(key) + 1), "values": [[value]]}
        for key, value in settings.items()
    ]
    body = {"valueInputOption": "USER_ENTERED", "data": data}
    client.call(client.sheets.spreadsheets().values().batchUpdate(spreadsheetId=_deployment(home), body=body))


def _unknown(client: Client, project: Project, choices: rows.Choices, home: Path) -> list[str]:
    """The addresses of which the log says that nobody knows whether their mail went out."""
    rows_ = project.layout.place("mail_log").rows
    columns = [
        client.values_get(_deployment(home), cells(project, "mail_log", key, 2, rows_)) for key in ("email", "status")
    ]
    title = choices["mail_status"]["unknown"]
    return [email for (email,), (status,) in zip(*columns, strict=True) if status == title]


# -- runs --------------------------------------------------------------------------------------------------------------


@contextmanager
def _opened(home: Path, hours: int = 0) -> Iterator[Runtime]:
    with deploy.open_target(home, CLOCK) as http:
        clock = _MONDAY + timedelta(hours=hours)
        yield Runtime(
            http.workspace, _deployment(home), clock=clock, outbox=None, user=_OWNER, owner=_OWNER, limits=_LIMITS
        )


@contextmanager
def _noted(people: int) -> Iterator[tuple[list[str], dict[int, Counter[int]]]]:
    """The names of all calls in their order, and of each sheet of so many rows how often so many columns were read."""
    names: list[str] = []
    reads: dict[int, Counter[int]] = defaultdict(Counter)
    count, values = World.count, Range._values

    def counted(world: World, name: str) -> None:
        names.append(name)
        count(world, name)

    def read(range_: Range, area: Any = None) -> Any:
        asked = area or range_.area
        if asked.r0 == 0 and asked.height > people:
            reads[asked.sheet_id][asked.width] += 1
        return values(range_, area)

    with patch.object(World, "count", counted), patch.object(Range, "_values", read):
        yield names, reads


def _timed(runtime: Runtime, function: str = "dispatch", hours: int = 0) -> tuple[Outcome, Json]:
    runtime.wait_until(runtime.now + timedelta(hours=hours))
    begun = time.perf_counter()
    outcome = _fine(runtime.run(function))
    return outcome, {
        "calls": outcome.number,
        "reads": outcome.calls["Range.getValues"] + outcome.calls["Range.getDisplayValues"],
        "mails": len(outcome.mails),
        "script": outcome.elapsed_ms / 1000,
        "seconds": time.perf_counter() - begun,
    }


def _killed(runtime: Runtime, function: str, names: list[str], mails: int) -> list[str]:
    """Who got a mail, as often as it is so, where a run is killed after half of its sends and two more follow it."""
    sends = [number for number, name in enumerate(names, 1) if name == _SEND]
    runtime.kill = Kill(sends[mails // 2] + 1)
    outcome = runtime.run(function)
    if not outcome.ended:
        raise ValueError(f"{function} was to be killed, and went on to its end: {outcome}")
    sent = _people(outcome)
    for _ in range(2):
        runtime.wait_until(runtime.now + timedelta(hours=1))
        sent += _people(_fine(runtime.run(function)))
    return sent


def _merge(runtime: Runtime, mails: int) -> tuple[Json, list[str]]:
    """A whole run of mail merge over a list of its own, and who got a mail from one that was killed."""
    with _noted(mails) as (names, _):
        _, told = _timed(_list(runtime, mails), "mailMerge")
    return told, _killed(_list(runtime, mails), "mailMerge", names, mails)


def _list(runtime: Runtime, mails: int) -> Runtime:
    """A spreadsheet with so many people and mail merge as its script, in the same workspace."""
    http = LocalTransport(runtime.workspace)

    def call(method: str, path: str, body: Any) -> Json:
        response, answer = http.request(
            f"https://any.googleapis.com{path}", method, json.dumps(body), {"content-type": "application/json"}
        )
        if response.status != 200:
            raise ValueError(answer.decode())
        found: Json = json.loads(answer)
        return found

    made = call("POST", "/v4/spreadsheets", {"sheets": [{"properties": {"title": "List"}}]})["spreadsheetId"]
    people = [[f"Lead {number}", f"lead{number}@example.com"] for number in range(1, mails + 1)]
    values = {"range": "List!A1", "values": [["Name", "Address", "Sent"], *people]}
    call("POST", f"/v4/spreadsheets/{made}/values:batchUpdate", {"valueInputOption": "RAW", "data": [values]})
    script = call("POST", "/v1/projects", {"title": "Mail merge", "parentId": made})["scriptId"]
    manifest = {"name": "appsscript", "type": "JSON", "source": '{"timeZone": "Etc/GMT", "runtimeVersion": "V8"}'}
    code = {"name": "Code", "type": "SERVER_JS", "source": _MERGE_SOURCE}
    call("PUT", f"/v1/projects/{script}/content", {"files": [manifest, code]})
    return Runtime(runtime.workspace, made, clock=runtime.now, outbox=None, user=_OWNER, owner=_OWNER, limits=_LIMITS)


def _fine(outcome: Outcome) -> Outcome:
    errors = outcome.value.get("errors") if isinstance(outcome.value, dict) else None
    if not outcome.ok or errors:
        raise ValueError(f"a run of the script failed: {outcome.error or errors}\n{outcome.stack}")
    return outcome


def _people(outcome: Outcome) -> list[str]:
    return [address for mail in outcome.mails for address in mail.addresses]


def _twice(sent: list[str]) -> int:
    return len(sent) - len(set(sent))


def _deployment(folder: Path) -> str:
    found = deployment.load(folder, deploy.LOCAL)
    if found is None:
        raise ValueError(f"no CRM in {folder}")
    return found.spreadsheet_id
