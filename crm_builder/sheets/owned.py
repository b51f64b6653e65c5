"""Which sheets of an answer are ours, and which row of a sheet stands where by what hangs on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from crm_builder.model import Area, Sheet, Workbook
from crm_builder.sheets import baseline, ids, marks

Json = dict[str, Any]
Anchor = tuple[int, int]  # a row of the model, and the line of the grid where it was seen


def own_sheets(sheets: Iterable[Json], wanted: Collection[str] = ()) -> tuple[dict[str, Json], list[Json]]:
    """Our sheets by key, and the others but for the baseline's.

    A copy of a sheet carries copied marks: the original wins. A sheet that was forgotten is ours again where its key is
    `wanted` and no other sheet has it.
    """
    claims: dict[str, list[Json]] = {}
    others = []
    sheets = list(sheets)
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
            others.append(sheet)
    ours = {}
    for key, claimed in claims.items():
        claimed.sort(key=lambda one: (sheet_id_of(one) != ids.sheet_id(key), one["properties"].get("index", 0)))
        ours[key] = claimed[0]
        others += claimed[1:]
    return ours, others


def key_of(sheet: Json, mark: str = marks.SHEET) -> str:
    """The key that a mark on a sheet says; empty where it bears none."""
    return next((value for _, value in marks.values_of(sheet.get("developerMetadata", ()), mark)), "")


def _is_first(sheet: Json, mark: str) -> bool:
    """Whether the mark is the one that was set, not a copy that came with a copy of the sheet."""
    found = marks.values_of(sheet.get("developerMetadata", ()), mark)
    return bool(found) and found[0][0] == ids.metadata_id(mark, found[0][1])


def sheet_id_of(sheet: Json) -> int:
    return sheet["properties"].get("sheetId", 0)


def contents_of(sheet: Json) -> marks.Contents:
    """What our mark on a sheet says of it."""
    texts = marks.values_of(sheet.get("developerMetadata", ()), marks.CONTENTS)
    return marks.decode_contents(texts[0][1] if texts else "")


def anchors(sheet: Json, names: Iterable[Json], known: Sheet, workbook: Workbook) -> list[Anchor]:
    """Where rows stand by the ranges that the service moves along: names, protections and the filter of ours.

    Of a table only what begins at a row of all its columns: single cells move when people sort.
    """
    table, sheet_id = known.kind == "table", sheet_id_of(sheet)
    pairs = [(area, grid) for area, grid in _named(names, known, workbook) if not (table and area.last_row is not None)]
    protected = {one.get("protectedRangeId", 0): one.get("range", {}) for one in sheet.get("protectedRanges", ())}
    stem = ids.stem(known.key, sheet_id)
    pairs += [(one.area, protected.get(ids.protection_id(stem, one.key), {})) for one in known.protections]
    if known.filter and contents_of(sheet).filter:
        pairs.append((known.filter.area, sheet.get("basicFilter", {}).get("range", {})))
    found = []
    for area, grid in pairs:
        if "startRowIndex" in grid and grid.get("sheetId", 0) == sheet_id:
            found.append((area.first_row, grid["startRowIndex"]))
            if area.last_row is not None and "endRowIndex" in grid and not table:
                found.append((area.last_row, grid["endRowIndex"] - 1))
    return found


def columns_moved(sheet: Json, names: Iterable[Json], known: Sheet, workbook: Workbook) -> bool:
    """Whether a name of ours stands in another column than is known."""
    order = {column.key: index for index, column in enumerate(known.columns)}
    return any(
        grid.get("startColumnIndex", 0) != order.get(area.first_column)
        for area, grid in _named(names, known, workbook)
        if grid and area.first_column
    )


def _named(names: Iterable[Json], known: Sheet, workbook: Workbook) -> list[tuple[Area, Json]]:
    """The areas of our names on a sheet, and where they are now; an empty range for one that is gone."""
    by_id = {name.get("namedRangeId", ""): name.get("range", {}) for name in names}
    return [
        (name.area, by_id.get(ids.name_id(name.name), {})) for name in workbook.names if name.area.sheet == known.key
    ]


def first_rules(sheet: Json, known: Sheet) -> list[Anchor]:
    """The same by the rules, of which most begin at one row: weaker, since others may be among them."""
    rows = [rule.areas[0].first_row for rule in known.rules]
    if not rows:
        return []
    usual = max(set(rows), key=rows.count)
    ranges = [one["ranges"][0] for one in sheet.get("conditionalFormats", ()) if one.get("ranges")]
    return [(usual, grid.get("startRowIndex", 0)) for grid in ranges]
