"""The answer of spreadsheets.get → Workbook: ours by its marks, and what is foreign counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crm_builder.model import NamedRange, Workbook
from crm_builder.sheets import baseline as baselines
from crm_builder.sheets import ids, marks, names, properties
from crm_builder.sheets.canonical import canonical
from crm_builder.sheets.formats import read_mask
from crm_builder.sheets.grid import Grid
from crm_builder.sheets.items import item_rows
from crm_builder.sheets.layout import FOREIGN, Layout, NotOursError
from crm_builder.sheets.lost import LostMark, lost_marks
from crm_builder.sheets.merges import Block, grid_block
from crm_builder.sheets.owned import key_of, own_sheets, sheet_id_of
from crm_builder.sheets.places import former_columns, place_of, sheets_of
from crm_builder.sheets.probes import Probed, decode_probes
from crm_builder.sheets.read_sheet import Foreign, SheetReader
from crm_builder.sheets.unmarked import Names

Json = dict[str, Any]

_METADATA = "developerMetadata(metadataId,metadataKey,metadataValue)"
READ_FIELDS = (
    "spreadsheetId,spreadsheetUrl,properties(title,locale,timeZone,spreadsheetTheme(themeColors)),"
    f"namedRanges,{_METADATA},"
    f"sheets(properties,{_METADATA},conditionalFormats,bandedRanges,basicFilter,filterViews,protectedRanges,"
    "charts(chartId,spec,position),slicers(slicerId,spec,position),merges,tables(tableId),data(startRow,startColumn,rowMetadata(pixelSize),"
    f"columnMetadata(pixelSize,hiddenByUser,{_METADATA}),"
    f"rowData(values(userEnteredValue,effectiveValue(stringValue),userEnteredFormat({read_mask()}),"
    "dataValidation,note,pivotTable))))"
)


STATE_FIELDS = (
    "spreadsheetId,spreadsheetUrl,properties(title,locale,timeZone,spreadsheetTheme(themeColors)),"
    f"namedRanges,{_METADATA},"
    f"sheets(properties,{_METADATA},conditionalFormats(ranges),basicFilter(range),"
    "protectedRanges(protectedRangeId,range),merges)"
)


@dataclass(frozen=True)
class Observed:
    """What a spreadsheet holds: our workbook in canonical form, where its parts are, and what is not ours.

    `baseline` is the workbook that was last applied; None where the spreadsheet does not say it, and then `damage` says
    why if something is wrong with it. `baseline_rows` are those of its sheet's grid, None where there is no such sheet.
    `probed`: what formulas beside it show.
    """

    workbook: Workbook
    layout: Layout
    foreign: tuple[Foreign, ...] = ()
    rule_indexes: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (sheet, rule) → index on the sheet
    fragments: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)  # the same of rules in pieces
    item_lines: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (sheet, item) → 0-based line
    filled_lines: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (sheet, column) of tables → last line
    name_ids: Mapping[str, str] = field(default_factory=dict)  # of our names as they are now: the id of each
    broken: tuple[str, ...] = ()  # names that were applied and are gone; the service does not answer broken ones
    baseline: Workbook | None = None
    former: Workbook | None = None  # sheets that were forgotten, as they were left
    baseline_rows: int | None = None
    baseline_columns: int = 0
    damage: str = ""
    adopted: tuple[tuple[str, str], ...] = ()  # (sheet, column or "") that were forgotten and are described again
    rule_columns: Mapping[tuple[str, int], frozenset[int]] = field(default_factory=dict)  # (sheet, index), foreign too
    probed: Probed = field(default=Probed(), compare=False)  # a clock among it goes on
    unmarked: tuple[LostMark, ...] = ()  # marks that people deleted from what is ours
    types: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)  # sheet → types in its mark
    merged: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)  # by sheet, people's own included


def read(
    spreadsheet: Json, known: Workbook | None = None, desired: Workbook | None = None, state: Json | None = None
) -> Observed:
    """Decodes an answer that was asked for with READ_FIELDS.

    `known`, the workbook that was last applied, tells which cells of a table are ours (all others are the users' data)
    and what an answer cannot say, such as the title of a column whose formula shows an error. It may come with the
    answer itself, as the baseline. `desired` tells the same of what a run wrote that was killed. `state`, an answer to
    STATE_FIELDS, holds the sheets that no range was asked of.
    """
    spreadsheet = _joined(spreadsheet, state)
    held = baselines.sheet_of(spreadsheet.get("sheets", ()))
    baseline, former, baseline_rows, damage = _baseline(held)
    applied = canonical(known) if known else baseline
    wanted = canonical(desired) if desired and desired is not known else None
    books = tuple(one for one in (applied, wanted) if one)
    ours, others = own_sheets(spreadsheet, books, {sheet.key for sheet in wanted.sheets} if wanted else ())
    foreign = [_foreign_sheet(sheet) for sheet in others]
    left = {sheet.key for sheet in former.sheets} if former else set()
    books_of = {key: (former, *books) if former and key in left else books for key in ours}
    names_now = Names(spreadsheet, (*books, former) if former else books)
    grids = {key: Grid(sheet.get("data", [])) for key, sheet in ours.items()}
    layout = Layout({key: place_of(key, sheet, grids[key], names_now, books_of[key]) for key, sheet in ours.items()})
    metadata = spreadsheet.get("developerMetadata", [])
    defaults = marks.decode_defaults(metadata, books)
    readers = []
    for place in sorted(layout.places.values(), key=lambda place: place.index):
        as_known = sheets_of(place.key, books_of[place.key])
        readers.append(SheetReader(ours[place.key], grids[place.key], layout, place, as_known, defaults))
    sheets = tuple(reader.sheet() for reader in readers)
    found, name_ids = _names(spreadsheet, layout, books, foreign)
    items = {one.place.key: item_rows(one.known, one.items) for one in readers if one.items}
    found = tuple(_at_item(name, layout, items) for name in found)
    workbook = Workbook(
        **properties.decode_spreadsheet(spreadsheet.get("properties", {})),
        sheets=sheets,
        names=found,
        marks=marks.decode_workbook_marks(metadata),
        font=defaults.font,
        size=defaults.size,
    )
    return Observed(
        workbook,
        layout,
        (*foreign, *(one for reader in readers for one in reader.foreign)),
        {(one.place.key, key): index for one in readers for key, index in one.rules.indexes.items()},
        {(one.place.key, key): pieces for one in readers for key, pieces in one.rules.fragments.items()},
        {(one.place.key, item): line for one in readers for item, line in one.items.items()},
        {
            (one.place.key, key): max(one.grid.filled_to(index, one.place.rows), one.covered_to(index))
            for one in readers
            if one.contents.kind == "table"
            for key, index in one.place.columns.items()
        },
        name_ids,
        _broken(applied, name_ids) if applied else (),
        baseline,
        former,
        baseline_rows,
        baselines.columns_of(held) if held else 0,
        damage,
        tuple(one for key, sheet in ours.items() for one in _adopted(key, sheet, grids[key], layout)),
        {(one.place.key, index): over for one in readers for index, over in one.rules.columns.items()},
        decode_probes(spreadsheet.get("properties", {}), held),
        tuple(lost_marks(spreadsheet, ours, layout, books)),
        {one.place.key: dict(one.contents.types) for one in readers},
        {key: tuple(map(grid_block, sheet.get("merges", ()))) for key, sheet in ours.items()},
    )


def with_more_cells(spreadsheet: Json, more: Json) -> Json:
    """One answer with the cells of another."""
    cells = {sheet_id_of(sheet): sheet.get("data", []) for sheet in more.get("sheets", ())}
    there = {sheet_id_of(sheet) for sheet in spreadsheet.get("sheets", ())}
    sheets = [
        {**sheet, "data": [*sheet.get("data", ()), *cells.get(sheet_id_of(sheet), ())]}
        for sheet in spreadsheet.get("sheets", ())
    ]
    sheets += [sheet for sheet in more.get("sheets", ()) if sheet_id_of(sheet) not in there]
    return {**spreadsheet, "sheets": sheets}


def _adopted(key: str, sheet: Json, grid: Grid, layout: Layout) -> Iterator[tuple[str, str]]:
    """What of a sheet is ours by the mark of a forgotten thing alone."""
    if not key_of(sheet) and key_of(sheet, marks.FORMER_SHEET) == key:
        yield key, ""
    for column, index in former_columns(grid).items():
        if layout.place(key).columns.get(column) == index:
            yield key, column


def _joined(spreadsheet: Json, state: Json | None) -> Json:
    """The answer with the sheets of the state that it lacks: only those are answered that a range was asked of."""
    if state is None:
        return spreadsheet
    there = {sheet_id_of(sheet) for sheet in spreadsheet.get("sheets", ())}
    more = [sheet for sheet in state.get("sheets", ()) if sheet_id_of(sheet) not in there]
    return {**spreadsheet, "sheets": [*spreadsheet.get("sheets", ()), *more]}


def _baseline(sheet: Json | None) -> tuple[Workbook | None, Workbook | None, int | None, str]:
    """The workbook that was last applied, the former sheets, the rows of the sheet, and what is wrong with it."""
    if sheet is None:
        return None, None, None, ""
    rows = sheet["properties"].get("gridProperties", {}).get("rowCount", 0)
    try:
        applied, former = baselines.decode_both(baselines.texts_of(sheet))
        return names.numbered(applied), former, rows, ""
    except baselines.BaselineError as error:
        return None, None, rows, str(error)


def _foreign_sheet(sheet: Json) -> Foreign:
    return Foreign("sheet", f"{FOREIGN}{sheet_id_of(sheet)}", sheet["properties"].get("title", ""))


def _names(
    spreadsheet: Json, layout: Layout, books: Sequence[Workbook], foreign: list[Foreign]
) -> tuple[tuple[NamedRange, ...], dict[str, str]]:
    """Our names, and the id of each. One is ours by its id, or by its name: a name goes on under the id of a former."""
    ours = {name.name for book in books for name in book.names}
    own_ids = {names.id_of(name) for book in books for name in book.names} | {ids.name_id(name) for name in ours}
    found, name_ids = [], {}
    for data in spreadsheet.get("namedRanges", ()):
        name_id = data.get("namedRangeId", "")
        try:
            if name_id not in own_ids and data["name"] not in ours and name_id != ids.name_id(data["name"]):
                raise NotOursError(name_id)
            name_ids[data["name"]] = name_id
            found.append(names.decode_name(data, layout))
        except NotOursError:
            foreign.append(Foreign("name", FOREIGN + name_id, data["name"]))
    return tuple(sorted(found, key=lambda name: name.name)), name_ids


def _at_item(name: NamedRange, layout: Layout, items: Mapping[str, Mapping[tuple[int, str], int]]) -> NamedRange:
    """The name; one of a cell of an item is that of the item's row wherever people put it."""
    area = name.area
    if area.sheet not in items or area.first_row != area.last_row or area.first_column is None:
        return name
    row = items[area.sheet].get((layout.place(area.sheet).line(area.first_row), area.first_column))
    return name if row is None else replace(name, area=replace(area, first_row=row, last_row=row))


def _broken(applied: Workbook, name_ids: Mapping[str, str]) -> tuple[str, ...]:
    """Names that are there neither as themselves nor as one that people renamed."""
    there = set(name_ids.values())
    missing = [name for name in applied.names if name.name not in name_ids]
    return tuple(sorted(name.name for name in missing if names.id_of(name) not in there))
