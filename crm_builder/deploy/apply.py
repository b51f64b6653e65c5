"""Carrying out a plan: a snapshot first, then its batches, then a look at what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_builder.deploy import journal, observe, snapshots
from crm_builder.deploy.beside import settle
from crm_builder.deploy.left import left_of
from crm_builder.deploy.names import either_way
from crm_builder.deploy.plan import Prepared
from crm_builder.deploy.probes import told_of
from crm_builder.deploy.sending import StaleError, send, send_and_get
from crm_builder.deployment import Deployment
from crm_builder.google import Client
from crm_builder.project import Project
from crm_builder.sheets import READ_FIELDS, Layout, Observed, read, read_ranges, state_of
from crm_builder.sheets.marks import HEARTBEAT

Json = dict[str, Any]
Tell = Callable[[str], None]


@dataclass
class Applied:
    """What one apply did. `left`: what reads back otherwise than planned: nothing, unless people edit meanwhile."""

    observed: Observed
    snapshot: Path | None = None
    told: tuple[str, ...] = ()  # what people must know of the script and the team
    deployment: Deployment | None = None  # as it is noted now, where that has changed
    left: list[str] = field(default_factory=list)


def check_digest(prepared: Prepared, digest: str | None) -> None:
    """StaleError where another plan was agreed to."""
    if digest is not None and digest != prepared.plan.digest:
        raise StaleError(
            f"the plan is not the one of digest {digest} any more: the sheet or crm.toml has changed meanwhile (now: "
            f"{prepared.plan.digest}); nothing was changed. Look at `crm-builder plan` again"
        )


def apply(
    project: Project,
    client: Client,
    deployment: Deployment,
    prepared: Prepared,
    *,
    now: datetime,
    tell: Tell,
    what: str = "apply",
    asked: bool = False,
) -> Applied:
    """Sends the batches of a plan. Killed anywhere, the next plan finds what is done and does the rest.

    `asked`: somebody was asked since the plan was made, which may have taken minutes.
    """
    done = Applied(prepared.seen.observed)
    if not prepared.pending:
        former = journal.interrupted(project.home)
        if former and former["what"] == what:  # killed after its last call: nothing is left to be done
            journal.write(project.home, now, what, digest=former.get("digest"), result="done")
        done.told = tuple(prepared.beside.notes) if prepared.beside else ()
        return done
    digest = prepared.plan.digest
    if prepared.plan.changes:
        tell("keeping a snapshot of what is there")
        done.snapshot = snapshots.keep(project, client, deployment, prepared, now, what)
    settles = prepared.beside is not None and prepared.beside.pending
    if not settles and (asked or not prepared.only_adds):
        check_unchanged(project, client, deployment, prepared)
    name = done.snapshot.name if done.snapshot else None
    journal.write(project.home, now, what, digest=digest, result="begun", snapshot=name)
    if prepared.beside is not None:
        settled = settle(project, client, deployment, prepared.beside, prepared.metadata, tell)
        done.told, done.deployment = settled.told, settled.deployment
        if settles and prepared.batches:  # Google may have let us wait for minutes
            check_unchanged(project, client, deployment, prepared)
        prepared = prepared.noting(settled.marks)
    send_all(client, deployment, prepared, done, tell)
    if prepared.batches:
        done.told += told_of(done.observed.probed, done.observed.workbook, project.settings.time_zone, now)
    result = "differs" if done.left else "done"
    journal.write(project.home, now, what, digest=digest, result=result, changes=len(prepared.plan.changes))
    return done


def check_unchanged(project: Project, client: Client, deployment: Deployment, prepared: Prepared) -> None:
    """StaleError where rows, columns or sheets moved since the plan was made: requests speak of places. One call."""
    now = observe.state_of(project, client, deployment)
    if _at_rest(now) != _at_rest(prepared.seen.state):
        raise StaleError(
            f"somebody changed the sheet while the plan {prepared.plan.digest} was being carried out; it was left as "
            "it is, run it again"
        )


def _at_rest(state: Json) -> Json:
    """Without what the script notes by itself."""
    metadata = [one for one in state.get("developerMetadata", ()) if one.get("metadataKey") != HEARTBEAT]
    return {**state, "developerMetadata": metadata}


def send_all(client: Client, deployment: Deployment, prepared: Prepared, done: Applied, tell: Tell) -> None:
    """Sends the batches; `done` gets what is there then, and what is otherwise than planned."""
    if not prepared.batches:
        return
    *first, last = prepared.batches
    where, applied = deployment.spreadsheet_id, prepared.seen.observed.baseline
    for number, batch in enumerate(first, 1):
        tell(f"applying ({number}/{len(prepared.batches)})")
        either_way(lambda requests: send(client, where, requests), batch, prepared.plan.result, applied)
    tell(f"applying ({len(prepared.batches)}/{len(prepared.batches)})")
    ranges = ranges_after(prepared)
    answer = either_way(
        lambda requests: send_and_get(client, where, requests, ranges, READ_FIELDS), last, prepared.plan.result, applied
    )
    done.observed = read(answer, None, prepared.desired)
    done.left = left_of(prepared, done.observed.workbook)


def ranges_after(prepared: Prepared) -> list[str]:
    """What to read of the spreadsheet once the plan is carried out, in the titles that its sheets then have."""
    layout = prepared.seen.layout
    keys = {place.sheet_id: key for key, place in layout.places.items()}
    result = prepared.plan.result
    there = {sheet.key: sheet for sheet in result.sheets}
    sheets = []
    for sheet in prepared.seen.state.get("sheets", ()):
        properties = sheet["properties"]
        key = keys.get(properties.get("sheetId", 0))
        if key is None:
            sheets.append(sheet)
        elif key in there:
            grid = properties.get("gridProperties", {})
            lowest = layout.place(key).line(there[key].rows) + 1  # lines that people inserted push rows down
            size = {**grid, "rowCount": max(grid.get("rowCount", 0), there[key].rows, lowest)}
            sheets.append({**sheet, "properties": {**properties, "title": there[key].title, "gridProperties": size}})
    new = replace(result, sheets=tuple(sheet for sheet in result.sheets if sheet.key not in layout.places))
    sheets += state_of(new, Layout.plan(new))["sheets"] if new.sheets else []
    return read_ranges({**prepared.seen.state, "sheets": sheets}, [prepared.desired])
