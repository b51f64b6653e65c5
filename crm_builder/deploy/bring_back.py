"""Sheets and columns that were made again get back what people had typed into them, each part once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crm_builder.deploy.entered import Content, Grid, at, is_data, read_grids
from crm_builder.deploy.matching import Rows, match_rows
from crm_builder.deploy.refill import cells_requests, count_of, room_requests, sheet_requests, without_room
from crm_builder.deploy.snapshots import Snapshot
from crm_builder.deployment import Deployment
from crm_builder.google import Client
from crm_builder.model import Sheet, Workbook
from crm_builder.plan import Create, Id, Plan
from crm_builder.sheets import Layout, check_body
from crm_builder.sheets.compile import pack_batches
from crm_builder.sheets.layout import Place
from crm_builder.sheets.progress import mark_rows, marked_rows

Json = dict[str, Any]
Batches = tuple[list[Json], ...]
_BEGUN, _DONE = "begun", "done"


@dataclass(frozen=True)
class Returning:
    """`things`: the sheets and columns that come back. `snapshots` may hold their values, the first that does counts.

    `token` marks what was entered already. `workbook` has the keys and columns as they are once they came back.
    """

    token: str
    snapshots: Sequence[Snapshot]
    workbook: Workbook
    things: frozenset[Id]

    def source(self, one: Id) -> Snapshot | None:
        for snapshot in self.snapshots:
            columns = snapshot.sheets.get(one.sheet, {}).get("columns", {})
            if snapshot.values and columns and (one.kind == "sheet" or one.key in columns):
                return snapshot
        return None


def as_made(workbook: Workbook, source: Snapshot, there: Collection[str]) -> Workbook:
    """The workbook whose sheets that are not there yet come as they are made first."""
    sheets = (
        one if one.key in there or one.key not in source.sheets else without_room(source, one)
        for one in workbook.sheets
    )
    return replace(workbook, sheets=tuple(sheets))


def begun_marks(batches: Batches, plan: Plan, token: str, layout: Layout | None = None) -> Batches:
    """The batches with a mark on each sheet that they make, so that a later run knows whose making it is.

    With a layout the same for new columns of the sheets that it has, in the last batch.
    """
    created = [one for one in plan.changes if isinstance(one, Create)]
    titles = {one.thing.title: one.id.sheet for one in created if one.id.kind == "sheet"}
    marked = []
    for batch in batches:
        more = []
        for request in batch:
            made = request.get("addSheet", {}).get("properties", {})
            if made.get("title") in titles:
                key = titles[made["title"]]
                own = Layout({key: Place(key, made["sheetId"], 0, made["title"], 0, 0, {})})
                more.append(mark_rows(key, f"{token}:{_BEGUN}", own))
        marked.append([*batch, *more])
    for one in created:
        if layout and marked and one.id.kind == "column" and one.id.sheet in layout.places:
            marked[-1].append(mark_rows(one.id.sheet, f"{token}:{one.id.key}:{_BEGUN}", layout))
    return tuple(marked)


def begun_things(sheet: str, token: str, marked: Collection[str], columns: Collection[str]) -> set[Id]:
    """What the marks of a sheet say was made and not filled to its end."""

    def open_(name: str) -> bool:
        return f"{name}:{_BEGUN}" in marked and f"{name}:{_DONE}" not in marked

    found = {Id("column", sheet, key) for key in columns if open_(f"{token}:{key}")}
    return found | ({Id("sheet", sheet)} if open_(token) else set())


def bring_back(
    client: Client, deployment: Deployment, returning: Returning, layout: Layout, state: Json
) -> tuple[int, list[str]]:
    """Enters it; gives the number of cells and what found no place.

    Of a column only empty cells are filled; a sheet gets its parts with marks of their own, each once.
    """
    marked = {sheet["properties"].get("sheetId", 0): marked_rows(sheet) for sheet in state.get("sheets", ())}
    sheets = {one.sheet for one in returning.things if one.kind == "sheet"}
    columns = [one for one in returning.things if one.kind == "column" and one.sheet not in sheets]
    token, units = returning.token, []
    lost: list[str] = []
    count = 0
    for key in sorted(sheets & layout.places.keys()):
        source = returning.source(Id("sheet", key))
        there = marked.get(layout.place(key).sheet_id, set())
        if source is not None and Id("sheet", key) in begun_things(key, token, there, ()):
            for unit, cells in sheet_units(source, source.workbook.sheet(key), layout, there, token):
                units.append(unit)
                count += cells
            units.append([mark_rows(key, f"{token}:{_DONE}", layout)])
    requests, more = _columns(client, deployment, returning, columns, layout, lost)
    units += [[request] for request in requests]
    for one in columns:
        if one.sheet in layout.places:
            there = marked.get(layout.place(one.sheet).sheet_id, set())
            if one in begun_things(one.sheet, token, there, (one.key,)):
                units.append([mark_rows(one.sheet, f"{token}:{one.key}:{_DONE}", layout)])
    for batch in pack_batches(units):
        check_body({"requests": batch})
        client.batch_update(deployment.spreadsheet_id, batch)
    return count + more, lost


def sheet_units(
    source: Snapshot, sheet: Sheet, layout: Layout, marked: Collection[str], token: str
) -> Iterable[tuple[list[Json], int]]:
    """(requests with their mark, cells) of one sheet, without those that are done."""
    place = layout.place(sheet.key)
    parts = [room_requests(source, sheet, place.sheet_id)]
    parts += [[request] for request in sheet_requests(source, sheet, place.sheet_id)]
    for number, part in enumerate(parts):
        name = f"{token}:{number}"
        if part and name not in marked:
            yield [*part, mark_rows(sheet.key, name, layout)], count_of(part)


def _columns(
    client: Client,
    deployment: Deployment,
    returning: Returning,
    columns: Sequence[Id],
    layout: Layout,
    lost: list[str],
) -> tuple[list[Json], int]:
    found: dict[tuple[str, int], tuple[Snapshot, list[str]]] = {}
    for one in sorted(columns):
        source = returning.source(one)
        there = one.sheet in layout.places and one.key in layout.place(one.sheet).columns
        model = returning.workbook.sheet(one.sheet)
        if source and there and model.kind == "table" and model.column(one.key).formula is None:
            found.setdefault((one.sheet, returning.snapshots.index(source)), (source, []))[1].append(one.key)
    titles = sorted({layout.place(sheet).title for sheet, _ in found})
    grids = read_grids(client, deployment.spreadsheet_id, titles)
    requests, count = [], 0
    for (key, _), (source, keys) in found.items():
        place = layout.place(key)
        back = cells_back(source, returning.workbook.sheet(key), keys, place, grids.get(place.sheet_id, []))
        for column, contents in back.cells.items():
            requests += cells_requests(place, column, contents)
            count += len(contents)
        lost += back.told(place.title)
    return requests, count


@dataclass
class CellsBack:
    """`cells`: column → line now → content. `homeless` belong to rows that are gone; `turned` are formulas whose row
    stands in another line now, while they speak of the cells of the former."""

    cells: dict[str, dict[int, Content]] = field(default_factory=dict)
    homeless: int = 0
    turned: int = 0

    def told(self, title: str) -> Iterable[str]:
        if self.homeless:
            yield f"{title}: {self.homeless} cells belong to rows that are gone; they are in the snapshot"
        if self.turned:
            yield f"{title}: {self.turned} formulas of people stand in other lines now; look at what they refer to"


def cells_back(source: Snapshot, sheet: Sheet, keys: Sequence[str], place: Place, grid: Grid) -> CellsBack:
    """What is to be entered into columns that came back; cells that hold something are left out."""
    known, former = source.sheets[sheet.key], source.grid(sheet.key)
    typed = [one.key for one in sheet.columns if one.formula is None and one.key in place.columns]
    common = [key for key in typed if key in known["columns"] and key not in keys]
    old = Rows.of(former, known["header"], {key: known["columns"][key] for key in (*common, *keys)})
    new = Rows.of(grid, place.shift, {key: place.column(key) for key in common})
    lines = match_rows(old, new, common, id_of(sheet, common))
    back = CellsBack()
    for line in range(known["header"] + 1, len(former)):
        now = lines.get(line)
        for key in keys:
            content = at(former, line, known["columns"][key])
            if content is None:
                continue
            if now is None or now >= place.rows:
                back.homeless += is_data(content)
            elif at(grid, now, place.column(key)) is None:
                back.cells.setdefault(key, {})[now] = content
                back.turned += isinstance(content, Mapping) and now != line
    return back


def id_of(sheet: Sheet, columns: Sequence[str]) -> str | None:
    """The column by whose texts the rows of a table are known."""
    return next((one.key for one in sheet.columns if one.type == "id" and one.key in columns), None)
