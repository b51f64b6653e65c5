"""Sheets and columns that were made again get back what people had typed into them, each part once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crm_builder.deploy.entered import Content, Grid, Spot, at, is_data
from crm_builder.deploy.entering import Entering
from crm_builder.deploy.matching import Rows, match_rows
from crm_builder.deploy.number_formats import Formats
from crm_builder.deploy.refill import cells_requests, room_requests, sheet_parts, without_room
from crm_builder.deploy.snapshots import Snapshot
from crm_builder.model import NumberFormat, Sheet, Workbook
from crm_builder.plan import Create, Id, Plan
from crm_builder.plan.words import count
from crm_builder.sheets import Layout
from crm_builder.sheets.layout import Place
from crm_builder.sheets.progress import mark_rows, marked_rows

Json = dict[str, Any]
Batches = tuple[list[Json], ...]
Grids = Mapping[int, Grid]  # by sheet id
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
    rows: Mapping[str, Collection[int]] = field(default_factory=dict)  # lines that come back as whole rows, by table

    @property
    def sheets(self) -> set[str]:
        return {one.sheet for one in self.things if one.kind == "sheet"}

    @property
    def columns(self) -> list[Id]:
        """Those that come back alone."""
        return sorted(one for one in self.things if one.kind == "column" and one.sheet not in self.sheets)

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


def entered_units(returning: Returning, layout: Layout, state: Json, grids: Grids) -> Entering:
    """What enters it: of a sheet parts with marks of their own, each once; of a column empty cells only.

    `grids`: what is in the sheets that `read_for` names.
    """
    marked = {sheet["properties"].get("sheetId", 0): marked_rows(sheet) for sheet in state.get("sheets", ())}
    entering = Entering()
    for key in sorted(returning.sheets & layout.places.keys()):
        source = returning.source(Id("sheet", key))
        there = marked.get(layout.place(key).sheet_id, set())
        if source is not None and Id("sheet", key) in begun_things(key, returning.token, there, ()):
            for unit in sheet_units(source, source.workbook.sheet(key), layout, there, returning.token):
                entering.add(unit)
            entering.add([mark_rows(key, f"{returning.token}:{_DONE}", layout)])
    for (key, _), (source, keys) in _by_source(returning, layout).items():
        sheet, place = returning.workbook.sheet(key), layout.place(key)
        back = cells_back(source, sheet, keys, place, grids.get(place.sheet_id, []), returning.rows.get(key, ()))
        entering.add(cells_requests(place.sheet_id, back.cells, back.formats))
        entering.lost += back.told(place.title)
    for one in returning.columns:
        if one.sheet in layout.places:
            there = marked.get(layout.place(one.sheet).sheet_id, set())
            if one in begun_things(one.sheet, returning.token, there, (one.key,)):
                entering.add([mark_rows(one.sheet, f"{returning.token}:{one.key}:{_DONE}", layout)])
    return entering


def read_for(returning: Returning, layout: Layout) -> set[str]:
    """The sheets of which must be known what is in them."""
    return {sheet for sheet, _ in _by_source(returning, layout)}


def sheet_units(
    source: Snapshot, sheet: Sheet, layout: Layout, marked: Collection[str], token: str
) -> Iterator[list[Json]]:
    """The requests of one sheet with their marks, without those that are done."""
    place = layout.place(sheet.key)
    room = room_requests(source, sheet, place.sheet_id)
    room += [mark_rows(sheet.key, name, layout) for name in source.sheets[sheet.key].get("marks", ())]
    for number, part in enumerate([room, *sheet_parts(source, sheet, place.sheet_id)]):
        name = f"{token}:{number}"
        if part and name not in marked:
            yield [*part, mark_rows(sheet.key, name, layout)]


def _by_source(returning: Returning, layout: Layout) -> dict[tuple[str, int], tuple[Snapshot, list[str]]]:
    """The columns that people type into, by their sheet and by the snapshot that holds them."""
    found: dict[tuple[str, int], tuple[Snapshot, list[str]]] = {}
    for one in returning.columns:
        source = returning.source(one)
        there = one.sheet in layout.places and one.key in layout.place(one.sheet).columns
        model = returning.workbook.sheet(one.sheet)
        if source and there and model.kind == "table" and model.column(one.key).formula is None:
            found.setdefault((one.sheet, returning.snapshots.index(source)), (source, []))[1].append(one.key)
    return found


@dataclass
class CellsBack:
    """What is to be entered, by its place now. `homeless` belong to rows that are gone; `turned` are formulas whose row
    stands in another line now, while they speak of the cells of the former; `taken` cells were typed into since."""

    cells: dict[Spot, Content] = field(default_factory=dict)
    formats: dict[Spot, NumberFormat | None] = field(default_factory=dict)
    homeless: int = 0
    turned: int = 0
    taken: int = 0

    def told(self, title: str) -> Iterator[str]:
        if self.homeless:
            one = self.homeless == 1
            rows = "a row that is" if one else "rows that are"
            yield f"{title}: {count(self.homeless, 'cell')} of {rows} gone {'is' if one else 'are'} not entered again"
        if self.turned:
            stand = "stands in another line" if self.turned == 1 else "stand in other lines"
            yield f"{title}: {count(self.turned, 'formula')} of people {stand} now; look at what is referred to"
        if self.taken:
            stay = "stays as it is" if self.taken == 1 else "stay as they are"
            yield f"{title}: {count(self.taken, 'cell')} that people typed into since {stay}"

    def enter(self, spot: Spot, content: Content, former: Spot, formats: Formats) -> None:
        self.cells[spot] = content
        if former in formats:
            self.formats[spot] = formats[former]
        self.turned += isinstance(content, Mapping) and spot[0] != former[0]


def cells_back(
    source: Snapshot, sheet: Sheet, keys: Sequence[str], place: Place, grid: Grid, coming: Collection[int] = ()
) -> CellsBack:
    """What is to be entered into columns that came back; cells that hold something are left out.

    `coming`: lines of the snapshot that come back as whole rows.
    """
    former, formats = source.grid(sheet.key), source.formats_of(source.sheets[sheet.key]["sheet_id"])
    columns, lines = source.sheets[sheet.key]["columns"], lines_now(source, sheet, keys, place, grid)
    back = CellsBack()
    for line in range(source.sheets[sheet.key]["header"] + 1, len(former)):
        now = lines.get(line)
        for key in keys:
            content = at(former, line, columns[key])
            if content is None:
                continue
            if now is None or now >= place.rows:
                back.homeless += is_data(content) and line not in coming
            elif at(grid, now, place.column(key)) is None:
                back.enter((now, place.column(key)), content, (line, columns[key]), formats)
    return back


def lines_now(source: Snapshot, sheet: Sheet, keys: Collection[str], place: Place, grid: Grid) -> dict[int, int]:
    """Line then → line now of the rows of a table, known by all that people type but these columns."""
    known = source.sheets[sheet.key]
    typed = [one.key for one in sheet.columns if one.formula is None and one.key in place.columns]
    common = [key for key in typed if key in known["columns"] and key not in keys]
    there = [key for key in keys if key in known["columns"]]
    old = Rows.of(source.grid(sheet.key), known["header"], {key: known["columns"][key] for key in (*common, *there)})
    new = Rows.of(grid, place.shift, {key: place.column(key) for key in common})
    return match_rows(old, new, common, id_of(sheet, common))


def id_of(sheet: Sheet, columns: Sequence[str]) -> str | None:
    """The column by whose texts the rows of a table are known."""
    return next((one.key for one in sheet.columns if one.type == "id" and one.key in columns), None)
