"""Snapshots of a CRM in `.crm/backups`: its structure, what was last applied, and what people typed."""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crm_builder import __version__
from crm_builder.deploy.entered import Grid, read_grids
from crm_builder.deploy.gentle import by_number
from crm_builder.deploy.observe import Seen
from crm_builder.deploy.plan import Prepared
from crm_builder.deployment import FOLDER, Deployment
from crm_builder.errors import CrmError
from crm_builder.google import Client
from crm_builder.model import Workbook
from crm_builder.plan import Forget, Id, Plan, Rename, things
from crm_builder.plan.result import leaves
from crm_builder.plan.things import Order, assemble
from crm_builder.project import FILE_NAME, Project
from crm_builder.sheets import codec
from crm_builder.sheets.baseline import SHEET_ID
from crm_builder.sheets.layout import Place

Json = dict[str, Any]
FORMAT = 1
_DAMAGE = (
    *(ValueError, LookupError, TypeError, AttributeError, EOFError, RecursionError, MemoryError),
    *(gzip.BadGzipFile, zlib.error),
)
BACKUP = "backup"  # what people asked for: never deleted by us
KEPT = 50  # snapshots of our own that stay
_OWN = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-(?!backup[-.])[a-z]+(-\d+)?\.json\.gz")


@dataclass(frozen=True)
class Snapshot:
    """`values`: of every sheet, by its id, what was entered; row by row from the grid's first. Empty for an apply that
    only added things.

    `result` is what an apply that followed was to lead to, with what it left to people (`forgotten`) still in it; None
    for a backup that people asked for. `renames` are (former, new).
    """

    when: str
    what: str
    digest: str
    spreadsheet_id: str
    workbook: Workbook
    baseline: Workbook | None
    result: Workbook | None
    sheets: Mapping[str, Json]  # key → sheet_id, title, header (0-based line), columns (key → 0-based index), …
    foreign: Mapping[str, Json]  # sheet id → title, index, hidden, rows, columns
    values: Mapping[str, Grid]
    renames: Sequence[tuple[Id, Id]] = ()
    forgotten: Sequence[Id] = ()
    names: Sequence[Json] = field(default=())  # named ranges of people's own: name, range
    description: str = ""  # crm.toml at that time

    def grid(self, sheet: str) -> Grid:
        """What was entered into a sheet of ours."""
        return self.values.get(str(self.sheets[sheet]["sheet_id"]), [])


def folder_of(folder: Path) -> Path:
    return folder / FOLDER / "backups"


def keep(
    project: Project, client: Client, deployment: Deployment, prepared: Prepared, now: datetime, what: str
) -> Path:
    """Writes what is there before a plan is carried out. One call, for the values; none where things are only added."""
    path = write(
        folder_of(project.folder),
        take(project, client, deployment, prepared.seen, now, what, prepared.plan, values=not prepared.only_adds),
    )
    prune(project.folder)
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
    places = seen.layout.places
    ours = {place.sheet_id for place in places.values()}
    titles = [one["title"] for one in sheets]
    grids = read_grids(client, deployment.spreadsheet_id, titles) if values else {}
    numbered = {one.name for one in seen.observed.workbook.names if by_number(Id("name", "", one.name), one)}
    own_names = {number for name, number in seen.observed.name_ids.items() if name not in numbered}
    description = project.folder / FILE_NAME
    return Snapshot(
        now.astimezone(UTC).isoformat(timespec="seconds"),
        what,
        plan.digest if plan else "",
        deployment.spreadsheet_id,
        seen.observed.workbook,
        seen.observed.baseline,
        _result(plan) if plan else None,
        {key: _place(place) for key, place in places.items()},
        {str(one.get("sheetId", 0)): _foreign(one) for one in sheets if one.get("sheetId", 0) not in ours},
        {str(number): grid for number, grid in grids.items() if grid},
        [(change.id, change.new) for change in plan.changes if isinstance(change, Rename)] if plan else (),
        sorted(_forgotten(plan)) if plan else (),
        [
            {"name": one["name"], "range": one["range"]}
            for one in seen.state.get("namedRanges", ())
            if one.get("namedRangeId") not in own_names and "range" in one
        ],
        description.read_text("utf-8") if description.exists() else "",
    )


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


def _place(place: Place) -> Json:
    return {
        "sheet_id": place.sheet_id,
        "title": place.title,
        "index": place.index,
        "header": place.lines.get(1, place.shift),  # -1 where people deleted it
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
    write_to(path, snapshot)
    return path


def write_to(path: Path, snapshot: Snapshot) -> None:
    """The same under a name of one's own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    text = json.dumps(_encode(snapshot), ensure_ascii=False, separators=(",", ":"))
    with draft.open("wb") as file:
        file.write(gzip.compress(text.encode("utf-8", "surrogatepass"), mtime=0))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def load(path: Path) -> Snapshot:
    """CrmError for a file that is none of ours, is damaged, or was written by a later version."""
    try:
        data = json.loads(gzip.decompress(path.read_bytes()))
        if data["format"] > FORMAT:
            raise CrmError(f"{path} was written by crm_builder {data['written']}; this is {__version__}: update it")
        workbooks = {
            name: None if data[name] is None else codec.decode(data[name], Workbook)
            for name in ("workbook", "baseline", "result")
        }
        renames = [(Id(*former), Id(*new)) for former, new in data["renames"]]
        forgotten = [Id(*one) for one in data["forgotten"]]
        plain = {name: data[name] for name in _PLAIN}
        return Snapshot(**workbooks, **plain, renames=renames, forgotten=forgotten)
    except FileNotFoundError:
        raise CrmError(f"there is no file {path}") from None
    except _DAMAGE as error:
        raise CrmError(f"{path} is no backup of a CRM, or is damaged") from error


def prune(folder: Path, kept: int = KEPT) -> None:
    """Deletes the oldest snapshots beyond so many, but for those that people asked for."""
    own = sorted(path for path in folder_of(folder).glob("*.json.gz") if _OWN.fullmatch(path.name))
    for path in own[:-kept]:
        path.unlink(missing_ok=True)


_PLAIN = ("when", "what", "digest", "spreadsheet_id", "sheets", "foreign", "values", "names", "description")


def _encode(snapshot: Snapshot) -> Json:
    data: Json = {"format": FORMAT, "written": __version__}
    data |= {name: getattr(snapshot, name) for name in _PLAIN}
    data["renames"] = [[_id(former), _id(new)] for former, new in snapshot.renames]
    data["forgotten"] = [_id(one) for one in snapshot.forgotten]
    for name in ("workbook", "baseline", "result"):
        workbook = getattr(snapshot, name)
        data[name] = None if workbook is None else codec.encode(workbook, Workbook)
    return data


def _id(one: Id) -> list[str]:
    return [one.kind, one.sheet, one.key]
