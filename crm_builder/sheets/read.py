"""The answer of spreadsheets.get → Workbook: ours by its marks, and what is foreign counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_builder.model import NamedRange, Workbook
from crm_builder.sheets import ids, marks, names, properties
from crm_builder.sheets.canonical import canonical
from crm_builder.sheets.formats import read_mask
from crm_builder.sheets.grid import Grid
from crm_builder.sheets.layout import FOREIGN, Layout, NotOursError, Place
from crm_builder.sheets.read_sheet import Foreign, SheetReader

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


@dataclass(frozen=True)
class Observed:
    """What a spreadsheet holds: our workbook in canonical form, where its parts are, and what is not ours."""

    workbook: Workbook
    layout: Layout
    foreign: tuple[Foreign, ...] = ()
    rule_indexes: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (sheet, rule) → index on the sheet


def read(spreadsheet: Json, known: Workbook | None = None) -> Observed:
    """Decodes an answer that was asked for with READ_FIELDS.

    `known`, the workbook that was last sent, tells which cells of a table are ours (all others are the users' data)
    and what an answer cannot say, such as the title of a column whose formula shows an error.
    """
    known = canonical(known) if known else None
    foreign: list[Foreign] = []
    layout, ours = _layout(spreadsheet, foreign)
    metadata = spreadsheet.get("developerMetadata", [])
    defaults = marks.decode_defaults(metadata)
    sheets, rule_indexes = [], {}
    for place in sorted(layout.places.values(), key=lambda place: place.index):
        before = next((sheet for sheet in known.sheets if sheet.key == place.key), None) if known else None
        reader = SheetReader(ours[place.key], place, layout, before, defaults)
        sheets.append(reader.sheet())
        foreign += reader.foreign
        rule_indexes.update({(place.key, key): index for key, index in reader.rule_indexes.items()})
    workbook = Workbook(
        **properties.decode_spreadsheet(spreadsheet.get("properties", {})),
        sheets=tuple(sheets),
        names=_names(spreadsheet, layout, known, foreign),
        marks=marks.decode_workbook_marks(metadata),
        font=defaults.font,
        size=defaults.size,
    )
    return Observed(workbook, layout, tuple(foreign), rule_indexes)


def _layout(spreadsheet: Json, foreign: list[Foreign]) -> tuple[Layout, dict[str, Json]]:
    """The places of our sheets and their JSON by key. A copy of a sheet carries copied marks: the original wins."""
    claims: dict[str, list[Json]] = {}
    for sheet in spreadsheet.get("sheets", ()):
        key = next((value for _, value in marks.values_of(sheet.get("developerMetadata", ()), marks.SHEET)), "")
        if key:
            claims.setdefault(key, []).append(sheet)
        else:
            foreign.append(_foreign_sheet(sheet))
    places, ours = {}, {}
    for key, sheets in claims.items():
        sheets.sort(key=lambda one: (_sheet_id(one) != ids.sheet_id(key), one["properties"].get("index", 0)))
        foreign += [_foreign_sheet(sheet) for sheet in sheets[1:]]
        ours[key] = sheets[0]
        places[key] = _place(key, sheets[0])
    return Layout(places), ours


def _sheet_id(sheet: Json) -> int:
    return sheet["properties"].get("sheetId", 0)


def _foreign_sheet(sheet: Json) -> Foreign:
    return Foreign("sheet", f"{FOREIGN}{_sheet_id(sheet)}", sheet["properties"].get("title", ""))


def _place(key: str, sheet: Json) -> Place:
    held, grid = sheet["properties"], sheet["properties"].get("gridProperties", {})
    columns: dict[str, tuple[bool, int]] = {}
    for index, dimension in sorted(Grid(sheet.get("data", [])).columns.items()):
        for metadata_id, column in marks.values_of(dimension.get("developerMetadata", ()), marks.COLUMN):
            original = metadata_id == marks.column_mark_id(key, column)
            if column not in columns or original > columns[column][0]:
                columns[column] = (original, index)
    return Place(
        key,
        _sheet_id(sheet),
        held.get("index", 0),
        held.get("title", ""),
        grid.get("rowCount", 0),
        grid.get("columnCount", 0),
        {column: index for column, (_, index) in columns.items()},
    )


def _names(spreadsheet: Json, layout: Layout, known: Workbook | None, foreign: list[Foreign]) -> tuple[NamedRange, ...]:
    ours = {ids.name_id(name.name) for name in known.names} if known else set()
    found = []
    for data in spreadsheet.get("namedRanges", ()):
        name_id = data.get("namedRangeId", "")
        try:
            if name_id not in ours and name_id != ids.name_id(data["name"]):
                raise NotOursError(name_id)
            found.append(names.decode_name(data, layout))
        except NotOursError:
            foreign.append(Foreign("name", FOREIGN + name_id, data["name"]))
    return tuple(sorted(found, key=lambda name: name.name))
