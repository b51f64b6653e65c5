"""Which sheets of an answer are ours, and which row of a sheet stands where by what hangs on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from crm_builder.model import Sheet, Workbook
from crm_builder.sheets import baseline, ids, marks
from crm_builder.sheets.unmarked import Names, sheet_without_mark

Json = dict[str, Any]
Anchor = tuple[int, int]  # a row of the model, and the line of the grid where it was seen


def own_sheets(
    spreadsheet: Json, known: Sequence[Workbook] = (), wanted: Collection[str] = (), names: Names | None = None
) -> tuple[dict[str, Json], list[Json]]:
    """Our sheets by key, and the others but for the baseline's.

    A copy of a sheet carries copied marks: the original wins. A sheet that was forgotten is ours again where its key is
    `wanted` and no other sheet has it, and one whose mark was deleted where a `known` workbook has it.
    """
    claims: dict[str, list[Json]] = {}
    bare, others = [], []
    sheets = list(spreadsheet.get("sheets", ()))
    forgotten = {key_of(sheet, marks.FORMER_SHEET) for sheet in sheets if _is_first(sheet, marks.FORMER_SHEET)}
    copies = [one for one in sheets if key_of(one) in forgotten and not _is_first(one, marks.SHEET)]
    live = {key_of(sheet) for sheet in sheets if sheet not in copies}
    for sheet in sheets:
        key, former = "" if sheet in copies else key_of(sheet), key_of(sheet, marks.FORMER_SHEET)
        if not key and former in wanted and former not in live:
            key = former
        if key:
            claims.setdefault(key, []).append(sheet)
        elif sheet_id_of(sheet) != baseline.SHEET_ID:
            (others if sheet in copies or former else bare).append(sheet)
    for key in dict.fromkeys(sheet.key for book in known for sheet in book.sheets):
        if not any(_is_first(sheet, marks.SHEET) or not key_of(sheet) for sheet in claims.get(key, ())):
            names = names or Names(spreadsheet, known)
            found = sheet_without_mark(key, bare, names, known)
            if found is not None:
                claims.setdefault(key, []).insert(0, found)
                bare.remove(found)
    ours = {}
    for key, claimed in claims.items():
        claimed.sort(key=lambda one: (sheet_id_of(one) != ids.sheet_id(key), one["properties"].get("index", 0)))
        ours[key] = claimed[0]
        others += claimed[1:]
    return ours, sorted([*others, *bare], key=lambda one: one["properties"].get("index", 0))


def key_of(sheet: Json, mark: str = marks.SHEET) -> str:
    """The key that a mark on a sheet says; empty where it bears none."""
    return next((value for _, value in marks.values_of(sheet.get("developerMetadata", ()), mark)), "")


def _is_first(sheet: Json, mark: str) -> bool:
    """Whether the mark is the one that was set, not a copy that came with a copy of the sheet."""
    found = marks.values_of(sheet.get("developerMetadata", ()), mark)
    return bool(found) and found[0][0] == ids.metadata_id(mark, found[0][1])


def sheet_id_of(sheet: Json) -> int:
    return sheet["properties"].get("sheetId", 0)


def contents_of(sheet: Json, known: Sequence[Sheet] = ()) -> marks.Contents:
    """What our mark on a sheet says of it; where it was deleted, what is `known`."""
    texts = marks.values_of(sheet.get("developerMetadata", ()), marks.CONTENTS)
    if not texts and known:
        return marks.contents_of(known[0])
    return marks.decode_contents(texts[0][1] if texts else "")


def anchors(sheet: Json, names: Names, known: Sheet, workbook: Workbook) -> list[Anchor]:
    """Where rows stand by the ranges that the service moves along: names, protections and the filter of ours.

    Of a table only what begins at a row of all its columns: single cells move when people sort.
    """
    table, sheet_id = known.kind == "table", sheet_id_of(sheet)
    found = [(name.area, grid) for name, grid in names.on(known.key, workbook)]
    pairs = [(area, grid) for area, grid in found if not (table and area.last_row is not None)]
    protected = {one.get("protectedRangeId", 0): one.get("range", {}) for one in sheet.get("protectedRanges", ())}
    stem = ids.stem(known.key, sheet_id)
    pairs += [(one.area, protected.get(ids.protection_id(stem, one.key), {})) for one in known.protections]
    if known.filter and contents_of(sheet, [known]).filter:
        pairs.append((known.filter.area, sheet.get("basicFilter", {}).get("range", {})))
    lines = []
    for area, grid in pairs:
        if "startRowIndex" in grid and grid.get("sheetId", 0) == sheet_id:
            lines.append((area.first_row, grid["startRowIndex"]))
            if area.last_row is not None and "endRowIndex" in grid and not table:
                lines.append((area.last_row, grid["endRowIndex"] - 1))
    return lines


def columns_moved(sheet: Json, names: Names, known: Sheet, workbook: Workbook) -> bool:
    """Whether a name of ours stands in another column than is known."""
    order = {column.key: index for index, column in enumerate(known.columns)}
    return any(
        grid.get("startColumnIndex", 0) != order.get(name.area.first_column)
        for name, grid in names.on(known.key, workbook)
        if grid and name.area.first_column
    )


def first_rules(sheet: Json, known: Sheet) -> list[Anchor]:
    """The same by the rules, of which most begin at one row: weaker, since others may be among them."""
    rows = [rule.areas[0].first_row for rule in known.rules]
    if not rows:
        return []
    usual = max(set(rows), key=rows.count)
    ranges = [one["ranges"][0] for one in sheet.get("conditionalFormats", ()) if one.get("ranges")]
    return [(usual, grid.get("startRowIndex", 0)) for grid in ranges]
