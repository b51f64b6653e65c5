"""Snapshots of a CRM in the backups of its home: its structure, what was last applied, and what people typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crm_builder.deploy.entered import Grid, Spot, read_formats, read_grids
from crm_builder.deploy.gentle import by_number
from crm_builder.deploy.number_formats import Span, formats_all, formats_apart, numbers_in, spans_of
from crm_builder.deploy.observe import Seen
from crm_builder.deploy.plan import Prepared
from crm_builder.deploy.snapshot_file import Snapshot, load, save
from crm_builder.deployment import Deployment
from crm_builder.google import Client
from crm_builder.model import HEADER_ROW, Workbook
from crm_builder.plan import Delete, Forget, Id, Mend, Plan, Rename, things
from crm_builder.plan.result import leaves
from crm_builder.plan.things import Order, assemble
from crm_builder.project import FILE_NAME, Project
from crm_builder.sheets.baseline import SHEET_ID
from crm_builder.sheets.layout import Place
from crm_builder.sheets.owned import sheet_id_of
from crm_builder.sheets.progress import marked_rows

__all__ = ["BACKUP", "Snapshot", "cells_of", "folder_of", "keep", "load", "prune", "save", "take", "write"]

Json = dict[str, Any]
BACKUP = "backup"  # what people asked for: never deleted by us
KEPT = 50  # snapshots of our own that stay
SAMPLE = "sample:"  # what the names of marks of invented rows begin with
_OWN = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-(?!backup[-.])[a-z]+(-\d+)?\.json\.gz")


def folder_of(home: Path) -> Path:
    return home / "backups"


def keep(
    project: Project, client: Client, deployment: Deployment, prepared: Prepared, now: datetime, what: str
) -> Path:
    """Writes what is there before a plan is carried out.

    One call for the values, two where some of them go; none where things are only added.
    """
    path = write(
        folder_of(project.home),
        replace(
            take(project, client, deployment, prepared.seen, now, what, prepared.plan, values=not prepared.only_adds),
            frozen={Id("column", *one): rows for one, rows in prepared.frozen.items()},
        ),
    )
    prune(project.home)
    return path


def take(
    project: Project,
    client: Client,
    deployment: Deployment,
    seen: Seen,
    now: datetime,
    what: str,
    plan: Plan | None = None,
    values: bool = True,
) -> Snapshot:
    """A snapshot of what was seen, with the values of all sheets. `plan`: what is about to be carried out."""
    sheets = [sheet["properties"] for sheet in seen.state.get("sheets", ()) if "gridProperties" in sheet["properties"]]
    sheets = [one for one in sheets if one.get("sheetId", 0) != SHEET_ID]
    ours = {place.sheet_id for place in seen.layout.places.values()}
    titles = [one["title"] for one in sheets]
    grids = read_grids(client, deployment.spreadsheet_id, titles) if values else {}
    description = project.folder / FILE_NAME
    return Snapshot(
        when=now.astimezone(UTC).isoformat(timespec="seconds"),
        what=what,
        digest=plan.digest if plan else "",
        spreadsheet_id=deployment.spreadsheet_id,
        workbook=seen.observed.workbook,
        baseline=seen.observed.baseline,
        former=seen.observed.former,
        result=_result(plan) if plan else None,
        sheets=_sheets(seen),
        foreign={str(one.get("sheetId", 0)): _foreign(one) for one in sheets if one.get("sheetId", 0) not in ours},
        values={str(number): grid for number, grid in grids.items() if grid},
        formats=_formats(client, deployment, seen, grids) if plan is None or _takes_values(plan) else {},
        renames=[(change.id, change.new) for change in plan.changes if isinstance(change, Rename)] if plan else (),
        forgotten=sorted(_forgotten(plan)) if plan else (),
        cleared=_cleared(plan) if plan else (),
        names=_own_names(seen),
        description=description.read_text("utf-8") if description.exists() else "",
    )


def _formats(client: Client, deployment: Deployment, seen: Seen, grids: Mapping[int, Grid]) -> dict[str, list[Span]]:
    """The number formats that are not those of their columns, by sheet id."""
    keys = {place.sheet_id: key for key, place in seen.layout.places.items()}
    titles = {sheet_id_of(sheet): sheet["properties"]["title"] for sheet in seen.state.get("sheets", ())}
    spots = {number: numbers_in(grid, _our_spots(seen, keys.get(number))) for number, grid in grids.items()}
    asked = {titles[number]: part for number, part in spots.items() if part}
    found = {}
    for number, formats in read_formats(client, deployment.spreadsheet_id, asked).items():
        key, part = keys.get(number), spots[number]
        if key:
            apart = formats_apart(part, formats, seen.observed.workbook.sheet(key), seen.layout.place(key))
        else:
            apart = formats_all(part, formats)
        if apart:
            found[str(number)] = spans_of(apart)
    return found


def _our_spots(seen: Seen, key: str | None) -> set[Spot]:
    """The places of our headers and cells, which bring their formats along."""
    if key is None:
        return set()
    place, sheet = seen.layout.place(key), seen.observed.workbook.sheet(key)
    ours = {(place.line(HEADER_ROW), index) for index in place.columns.values()} if sheet.kind != "view" else set()
    for cell in sheet.cells:
        line = seen.observed.item_lines.get((key, cell.item)) if cell.item else place.line(cell.row)
        if line is not None and cell.column in place.columns:
            ours.add((line, place.columns[cell.column]))
    return ours


def _own_names(seen: Seen) -> list[Json]:
    """Named ranges of people's own, and ours that stand on their columns."""
    numbered = {one.name for one in seen.observed.workbook.names if by_number(Id("name", "", one.name), one)}
    ours = {number for name, number in seen.observed.name_ids.items() if name not in numbered}
    return [
        {"name": one["name"], "range": one["range"]}
        for one in seen.state.get("namedRanges", ())
        if one.get("namedRangeId") not in ours and "range" in one
    ]


def _takes_values(plan: Plan) -> bool:
    """Whether values go with the plan: only then an undo enters any, so that a call is saved otherwise."""
    gone = (isinstance(change, Delete) and change.id.kind in ("sheet", "column") for change in plan.changes)
    return any(gone) or bool(_cleared(plan))


def _cleared(plan: Plan) -> list[list[Any]]:
    """The cells that the plan empties."""
    mends = [change for change in plan.changes if isinstance(change, Mend) and change.what == "clear"]
    return [[mend.id.sheet, *span] for mend in mends for span in mend.spans]


def _forgotten(plan: Plan) -> set[Id]:
    """What the plan leaves to people, but for computed columns: these are left as plain values."""
    found = things(plan.observed) if plan.observed else {}
    gone = {change.id for change in plan.changes if isinstance(change, Forget)}
    return {one for one in gone if one.kind != "column" or found[one].formula is None}


def _result(plan: Plan) -> Workbook:
    """What the plan leads to, and what it only forgets."""
    forgotten = _forgotten(plan)
    if not forgotten or plan.observed is None:
        return plan.result
    found = {one: thing for one, thing in things(plan.observed).items() if leaves(one, thing, forgotten)}
    return assemble(things(plan.result) | found, Order.of(plan.observed))


def _sheets(seen: Seen) -> dict[str, Json]:
    """Where each sheet of ours stood, and which invented rows were written into it."""
    marks = {sheet_id_of(sheet): marked_rows(sheet) for sheet in seen.state.get("sheets", ())}
    found = {}
    for key, place in seen.layout.places.items():
        sample = sorted(name for name in marks.get(place.sheet_id, ()) if name.startswith(SAMPLE))
        found[key] = _place(place) | ({"marks": sample} if sample else {})
    return found


def _place(place: Place) -> Json:
    return {
        "sheet_id": place.sheet_id,
        "title": place.title,
        "index": place.index,
        "header": place.lines.get(1, place.shift),  # -1 where people deleted it
        "shift": place.shift,
        "columns": dict(place.columns),
        "lines": {str(row): line for row, line in place.lines.items() if row not in place.gone},
    }


def _foreign(properties: Json) -> Json:
    grid = properties["gridProperties"]
    return {
        "title": properties["title"],
        "index": properties.get("index", 0),
        "hidden": properties.get("hidden", False),
        "rows": grid.get("rowCount", 1),
        "columns": grid.get("columnCount", 1),
    }


def cells_of(snapshot: Snapshot) -> int:
    """How many cells it holds."""
    return sum(content is not None for grid in snapshot.values.values() for row in grid for content in row)


def write(folder: Path, snapshot: Snapshot) -> Path:
    """The file, written as a whole: `2026-11-22T09-00-00Z-apply.json.gz`; a second of the same moment gets a number."""
    stamp = snapshot.when.replace("+00:00", "Z").replace(":", "-")
    names = (f"{stamp}-{snapshot.what}{more}.json.gz" for more in ("", *(f"-{n}" for n in range(2, 1000))))
    path = next(folder / name for name in names if not (folder / name).exists())
    save(path, snapshot)
    return path


def prune(home: Path, kept: int = KEPT) -> None:
    """Deletes the oldest snapshots beyond so many, but for those that people asked for."""
    own = sorted(path for path in folder_of(home).glob("*.json.gz") if _OWN.fullmatch(path.name))
    for path in own[:-kept]:
        path.unlink(missing_ok=True)
