"""Computed columns that an apply left to people as values: an undo lets those compute again that nobody typed into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crm_builder.a1 import runs
from crm_builder.deploy.bring_back import id_of, lines_now
from crm_builder.deploy.entered import Content, Grid, at, content_of, read_grids
from crm_builder.deploy.observe import Seen
from crm_builder.deploy.snapshot_file import Snapshot
from crm_builder.deployment import Deployment
from crm_builder.google import Client
from crm_builder.model import HEADER_ROW, Sheet, Workbook
from crm_builder.plan import Id, Mend, Plan
from crm_builder.plan.diff import finished
from crm_builder.plan.words import count
from crm_builder.sheets import FOREIGN, ids, marks, read
from crm_builder.sheets.cells import encode_value
from crm_builder.sheets.layout import Place
from crm_builder.sheets.lost import LostMark

Json = dict[str, Any]
Spots = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Frozen:
    """`computing`: the columns that compute again, each with the runs of lines that hold the values it was left with.

    `ours`: all that are found under their keys, those that people typed into before a killed undo went on included.
    `kept` says of the others what stays as people's own.
    """

    computing: Mapping[Id, Spots] = field(default_factory=dict)
    ours: frozenset[Id] = frozenset()
    kept: tuple[str, ...] = ()

    def in_base(self, base: Workbook, found: Workbook) -> Workbook:
        """What was applied last, with these columns as they are found: what is described of them is to be written."""
        return replace(base, sheets=tuple(self._in_sheet(sheet, found) for sheet in base.sheets))

    def _in_sheet(self, sheet: Sheet, found: Workbook) -> Sheet:
        mine = {one.key for one in self.ours if one.sheet == sheet.key}
        if not mine:
            return sheet
        columns, before = [one for one in sheet.columns if one.key not in mine], -1
        for column in found.sheet(sheet.key).columns:
            if column.key in mine:
                columns.insert(before + 1, column)
            before = next((index for index, one in enumerate(columns) if one.key == column.key), before)
        return replace(sheet, columns=tuple(columns))

    def in_plan(self, plan: Plan, desired: Workbook) -> Plan:
        """The plan, which empties the cells that the formulas fill."""
        if not self.computing or plan.observed is None or plan.baseline is None:
            return plan
        made = {change.id for change in plan.changes}
        mends = [
            Mend(one, "compute", sum(end - first for first, end in spots), tuple((one.key, *spot) for spot in spots))
            for one, spots in self.computing.items()
            if spots and one in made
        ]
        changes = (*plan.changes, *mends)
        return finished(changes, plan.drift, plan.refusals, plan.observed, plan.baseline, desired, plan.held)


def find_frozen(
    client: Client, deployment: Deployment, run: Sequence[Snapshot], wanted: Workbook, seen: Seen
) -> tuple[Frozen, Seen]:
    """What became of them, and what was seen with those that compute again as ours. One call where there are any.

    They are known by their names, which move along with them; a name that people deleted, or that stands on a column
    that computes, tells of none.
    """
    latest = {one: snapshot for snapshot in run for one in snapshot.frozen}
    places = {one: index for one in latest if (index := _index(one, wanted, seen)) is not None}
    titles = {seen.layout.place(one.sheet).title for one in places}
    grids = read_grids(client, deployment.spreadsheet_id, sorted(titles))
    computing: dict[Id, Spots] = {}
    kept, ours = [], {one for one in places if one.key in seen.layout.place(one.sheet).columns}
    for one, index in sorted(places.items()):
        place, sheet = seen.layout.place(one.sheet), wanted.sheet(one.sheet)
        lines, typed = _values(one, latest[one], sheet, place, grids.get(place.sheet_id, []), index)
        if not typed:
            computing[one] = tuple((run.start, run.stop) for run in runs(lines))
        elif one not in ours:
            title = sheet.column(one.key).title or one.key
            kept.append(
                f"{place.title}: {count(typed, 'cell')} that people typed into the values of {title}: the column stays "
                "as your own, beside the one that computes"
            )
    found = Frozen(computing, frozenset(ours | computing.keys()), tuple(kept))
    bare = {one: places[one] for one in computing.keys() - ours}
    return found, _as_ours(seen, wanted, bare) if bare else seen


def _index(one: Id, wanted: Workbook, seen: Seen) -> int | None:
    """Where the values stand now; None where the column computes, or nothing says where they are."""
    place = seen.layout.places.get(one.sheet)
    sheet = next((sheet for sheet in wanted.sheets if sheet.key == one.sheet), None)
    if place is None or sheet is None or not any(column.key == one.key for column in sheet.columns):
        return None
    if place.line(HEADER_ROW) < 0:
        return None  # people deleted the header, and with it the title that would tell
    if one.key in place.columns:
        found = seen.observed.workbook.sheet(one.sheet).column(one.key)
        return place.column(one.key) if found.formula is None else None
    own = {
        ids.name_id(name.name)
        for name in wanted.names
        if (name.area.sheet, name.area.first_column) == (one.sheet, one.key) and name.area.last_row is None
    }
    for name in seen.observed.workbook.names:
        column = name.area.first_column or ""
        mine = seen.observed.name_ids.get(name.name) in own and name.area.sheet == one.sheet
        if mine and column.startswith(FOREIGN) and name.area.last_column in (None, column):
            return place.column(column)
    return None


def _values(one: Id, source: Snapshot, sheet: Sheet, place: Place, grid: Grid, index: int) -> tuple[list[int], int]:
    """The lines below the header that hold what was left there, and in how many cells, with the header, people typed
    since. What stood in the way of the formula before is not among them: it stays."""
    former, header = source.frozen[one], place.line(HEADER_ROW)
    back = {now: line for line, now in lines_now(source, sheet, (), place, grid).items()}
    back[header] = source.sheets[one.sheet]["header"]
    lines = [line for line in range(header, len(grid)) if at(grid, line, index) is not None]
    odd = [line for line in lines if line not in back or not _same(at(grid, line, index), at(former, back[line], 0))]
    typed = len(odd)
    if id_of(sheet, list(place.columns)) is None and header not in odd:
        # A row without an id that people edited is known by nothing: its value is one of those that were left.
        known = {back[line] for line in lines if line not in odd}
        left = [number for number, row in enumerate(former) if row and number not in known]
        for line in odd:
            found = next((number for number in left if _same(at(grid, line, index), former[number][0])), None)
            if found is not None:
                left.remove(found)
                typed -= 1
                back[line] = found
    entered, then = source.grid(one.sheet), source.sheets[one.sheet]["columns"].get(one.key)
    mine = {line for line in lines if then is not None and line in back and at(entered, back[line], then) is not None}
    return [line for line in lines if line > header and line not in mine], typed + (at(grid, header, index) is None)


def _same(now: Content, shown: Content) -> bool:
    left = content_of(encode_value(shown))  # as it was written
    return now == left and isinstance(now, bool) == isinstance(left, bool)


def _as_ours(seen: Seen, wanted: Workbook, columns: Mapping[Id, int]) -> Seen:
    """What is seen where these columns bear their marks, which the plan is to set."""
    by_sheet: dict[int, dict[int, Json]] = {}
    for one, index in columns.items():
        mark = {
            "metadataId": marks.column_mark_id(one.sheet, one.key),
            "metadataKey": marks.COLUMN,
            "metadataValue": one.key,
        }
        by_sheet.setdefault(seen.layout.place(one.sheet).sheet_id, {})[index] = mark
    sheets = [
        _marked(sheet, by_sheet.get(sheet["properties"].get("sheetId", 0), {})) for sheet in seen.answer["sheets"]
    ]
    answer = {**seen.answer, "sheets": sheets}
    observed = read(answer, None, wanted, seen.state)
    lost = (LostMark(one.sheet, one.key, marks.COLUMN) for one in sorted(columns))
    return replace(seen, answer=answer, observed=replace(observed, unmarked=(*observed.unmarked, *lost)))


def _marked(sheet: Json, columns: Mapping[int, Json]) -> Json:
    return {**sheet, "data": [_marked_block(block, columns) for block in sheet.get("data", ())]} if columns else sheet


def _marked_block(block: Json, columns: Mapping[int, Json]) -> Json:
    return {**block, "columnMetadata": list(_dimensions(block, columns))}


def _dimensions(block: Json, columns: Mapping[int, Json]) -> Iterator[Json]:
    for index, dimension in enumerate(block.get("columnMetadata", ()), block.get("startColumn", 0)):
        more = [columns[index]] if index in columns else []
        yield (
            {**dimension, "developerMetadata": [*dimension.get("developerMetadata", ()), *more]} if more else dimension
        )
