"""Marks of ownership ↔ developer metadata: by them we find what is ours, whatever it is called, wherever it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from crm_builder.a1 import runs
from crm_builder.model import HEADER_ROW, CellFormat, Sheet, Workbook
from crm_builder.model.workbook import SheetKind
from crm_builder.sheets import ids
from crm_builder.sheets.canonical import canonical_rule
from crm_builder.sheets.dimensions import heights_of
from crm_builder.sheets.layout import Layout, Place
from crm_builder.sheets.offsets import Offsets, offsets_of
from crm_builder.sheets.pivots import anchor_of, pivot_digest
from crm_builder.sheets.rules import rule_digest

Json = dict[str, Any]

PREFIX = "crm_builder."
SHEET = PREFIX + "sheet"  # on a sheet: its key
COLUMN = PREFIX + "column"  # on a column: its key
CONTENTS = PREFIX + "contents"  # on a sheet: what the service cannot hold itself
DEFAULTS = PREFIX + "defaults"  # on the spreadsheet: font and size of all cells
BATCH = PREFIX + "batch"  # on the spreadsheet: a batch of requests that was applied
ROWS = PREFIX + "rows"  # on a sheet: a set of rows that was written as a whole
TURN = PREFIX + "turn"  # on the spreadsheet: a batch that changed it (turns.py)
SHARED = PREFIX + "shared"  # on the spreadsheet: whom it was shared with last (deploy/sharing.py)
SCRIPT = PREFIX + "script"  # on the spreadsheet: its bound script (deploy/script.py)
HEARTBEAT = PREFIX + "heartbeat"  # on the spreadsheet: the script's latest sign of life (deploy/doctor.py)
FORMER_SHEET = PREFIX + "former_sheet"  # on a sheet that was forgotten: its key, should it be described again
FORMER_COLUMN = PREFIX + "former_column"  # the same on a column
# Those that the script looks for.
SCRIPT_MARKS = {"sheet": SHEET, "column": COLUMN, "contents": CONTENTS, "heartbeat": HEARTBEAT, "script": SCRIPT}
_KEPT_APART = (
    *(SHEET, COLUMN, CONTENTS, DEFAULTS, BATCH, ROWS, TURN, FORMER_SHEET, FORMER_COLUMN),
    *(SHARED, SCRIPT, HEARTBEAT),
)
RESERVED = frozenset(key.removeprefix(PREFIX) for key in _KEPT_APART)
_KEYED = ("banding", "views", "protections", "charts", "slicers")
BUDGET = 30_000  # characters of keys and values on the spreadsheet, and on each sheet with its columns
_ROWS = 100_000  # a view has fewer rows


@dataclass(frozen=True, slots=True)
class Contents:
    """What hangs on a sheet of ours: its kind, and the keys of things that the service knows by number or not."""

    kind: SheetKind = "table"
    banding: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    protections: tuple[str, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()  # key, digest
    filter: bool = False
    header_height: bool = False
    charts: tuple[str, ...] = ()
    slicers: tuple[str, ...] = ()
    pivots: tuple[tuple[str, str, str], ...] = ()  # key, cell, digest
    heights: tuple[int, ...] = ()  # rows with a height of their own, but for the header
    rows: int = 0  # of the grid when this was written
    offsets: Offsets = ()
    types: tuple[tuple[str, str], ...] = ()  # of the columns that are typed into: the script goes by them


def contents_of(sheet: Sheet, layout: Layout | None = None) -> Contents:
    """`layout` is that of the moment in which it is written."""
    return Contents(
        sheet.kind,
        tuple(sorted(banding.key for banding in sheet.banding)),
        tuple(sorted(view.key for view in sheet.views)),
        tuple(sorted(protection.key for protection in sheet.protections)),
        tuple((rule.key, rule_digest(canonical_rule(rule, sheet))) for rule in sheet.rules),
        sheet.filter is not None,
        HEADER_ROW in heights_of(sheet),
        tuple(sorted(chart.key for chart in sheet.charts)),
        tuple(sorted(slicer.key for slicer in sheet.slicers)),
        tuple((pivot.key, anchor_of(pivot), pivot_digest(pivot)) for pivot in sheet.pivots),
        tuple(sorted(heights_of(sheet).keys() - {HEADER_ROW})),
        sheet.rows,
        offsets_of(sheet, layout) if layout else (),
        tuple(types_of(sheet).items()),
    )


def types_of(sheet: Sheet) -> dict[str, str]:
    """The template's type of each column of a table that is typed into, in their order."""
    if sheet.kind != "table":
        return {}
    return {column.key: column.type for column in sheet.columns if column.formula is None and column.type}


def encode_contents(contents: Contents) -> str:
    data: Json = {"kind": contents.kind}
    for name in _KEYED:
        if getattr(contents, name):
            data[name] = list(getattr(contents, name))
    for name in ("rules", "pivots"):
        if getattr(contents, name):
            data[name] = [list(known) for known in getattr(contents, name)]
    if contents.heights:
        data["heights"] = _encode_rows(contents.heights)
    if contents.rows:
        data["rows"] = contents.rows
    if contents.offsets:
        data["offsets"] = {name: list(counted) for name, counted in contents.offsets}
    if contents.types:
        data["types"] = dict(contents.types)
    for name in ("filter", "header_height"):
        if getattr(contents, name):
            data[name] = True
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def decode_contents(text: str) -> Contents:
    """The contents; empty ones where the text is not of our making."""
    try:
        return _contents(json.loads(text or "{}"))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return Contents()


def _contents(data: Json) -> Contents:
    kind = data.get("kind", "table")
    if kind not in get_args(SheetKind):
        raise ValueError(kind)
    return Contents(
        kind,
        tuple(data.get("banding", ())),
        tuple(data.get("views", ())),
        tuple(data.get("protections", ())),
        tuple((key, digest) for key, digest in data.get("rules", ())),
        bool(data.get("filter")),
        bool(data.get("header_height")),
        tuple(data.get("charts", ())),
        tuple(data.get("slicers", ())),
        tuple((key, cell, digest) for key, cell, digest in data.get("pivots", ())),
        _decode_rows(data.get("heights", "")),
        int(data.get("rows", 0)),
        tuple((name, tuple(map(int, counted))) for name, counted in data.get("offsets", {}).items()),
        tuple((str(column), str(type_)) for column, type_ in data.get("types", {}).items()),
    )


def _encode_rows(rows: Iterable[int]) -> str:
    """`2-5,8`: a view has many rows, and marks little room."""
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs(rows))


def _decode_rows(text: str) -> tuple[int, ...]:
    rows: list[int] = []
    for run in text.split(",") if text else ():
        first, _, last = run.partition("-")
        rows += range(int(first), min(int(last or first), _ROWS) + 1)
    return tuple(rows)


def workbook_marks(workbook: Workbook) -> list[Json]:
    """createDeveloperMetadata requests for the spreadsheet itself."""
    return [mark(ids.metadata_id(key), key, value, {"spreadsheet": True}) for key, value in _workbook_texts(workbook)]


def sheet_marks(sheet: Sheet, layout: Layout) -> list[Json]:
    """createDeveloperMetadata requests for a sheet and its columns."""
    return [*own_marks(sheet, layout), *(column_mark(layout.place(sheet.key), one.key) for one in sheet.columns)]


def own_marks(sheet: Sheet, layout: Layout) -> list[Json]:
    """The same for the sheet alone."""
    where = {"sheetId": layout.place(sheet.key).sheet_id}
    return [mark(ids.metadata_id(key, sheet.key), key, value, where) for key, value in _sheet_texts(sheet, layout)]


def column_mark(place: Place, column: str) -> Json:
    """The createDeveloperMetadata request for one column."""
    index = place.column(column)
    span = {"sheetId": place.sheet_id, "dimension": "COLUMNS", "startIndex": index, "endIndex": index + 1}
    return mark(column_mark_id(place.key, column), COLUMN, column, {"dimensionRange": span})


def sheet_mark_id(sheet: str) -> int:
    return ids.metadata_id(SHEET, sheet)


def column_mark_id(sheet: str, column: str) -> int:
    return ids.metadata_id(COLUMN, sheet, column)


def _workbook_texts(workbook: Workbook) -> list[tuple[str, str]]:
    texts = [(PREFIX + mark, value) for mark, value in workbook.marks]
    defaults = {name: getattr(workbook, name) for name in ("font", "size") if getattr(workbook, name) is not None}
    if defaults:
        texts.append((DEFAULTS, json.dumps(defaults, ensure_ascii=False, separators=(",", ":"))))
    return texts


def _sheet_texts(sheet: Sheet, layout: Layout) -> list[tuple[str, str]]:
    return [(SHEET, sheet.key), (CONTENTS, encode_contents(contents_of(sheet, layout)))]


def mark(metadata_id: int, key: str, value: str, location: Json) -> Json:
    """The createDeveloperMetadata request for one entry."""
    entry = {
        "metadataId": metadata_id,
        "metadataKey": key,
        "metadataValue": value,
        "location": location,
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


def characters(workbook: Workbook) -> dict[str, int]:
    """Characters of metadata that the spreadsheet ("") and each sheet, by key, need."""
    used = {"": sum(len(key) + len(value) for key, value in _workbook_texts(workbook))}
    layout = Layout.plan(workbook)
    for sheet in workbook.sheets:
        used[sheet.key] = sum(len(key) + len(value) for key, value in _sheet_texts(sheet, layout)) + sum(
            len(COLUMN) + len(column.key) for column in sheet.columns
        )
    return used


def values_of(metadata: Iterable[Json], key: str) -> list[tuple[int, str]]:
    """(metadata id, value) of all entries with that key."""
    return [
        (entry.get("metadataId", 0), entry.get("metadataValue", ""))
        for entry in metadata
        if entry.get("metadataKey") == key
    ]


def decode_workbook_marks(metadata: Iterable[Json]) -> tuple[tuple[str, str], ...]:
    """Our marks on the spreadsheet, sorted by key."""
    found = {
        entry["metadataKey"].removeprefix(PREFIX): entry.get("metadataValue", "")
        for entry in metadata
        if entry.get("metadataKey", "").startswith(PREFIX) and entry["metadataKey"].removeprefix(PREFIX) not in RESERVED
    }
    return tuple(sorted(found.items()))


def decode_defaults(metadata: Iterable[Json], known: Sequence[Workbook] = ()) -> CellFormat:
    """Font and size of all cells of the workbook; where there is no such mark, what is `known`, or nothing."""
    found = values_of(metadata, DEFAULTS)
    if not found and known:
        return CellFormat(font=known[0].font, size=known[0].size)
    for _, text in found:
        try:
            data = json.loads(text)
            return CellFormat(font=data.get("font"), size=data.get("size"))
        except (ValueError, AttributeError, RecursionError):
            continue
    return CellFormat()
