"""What people typed, told from what is ours, and whether all of it is still there and where they put it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_builder.google import Client
from crm_builder.model import Workbook
from crm_builder.sheets import ids
from crm_builder.sheets.marks import COLUMN, FORMER_COLUMN, SHEET, values_of

Json = dict[str, Any]
_FIELDS = (
    "sheets(properties(sheetId,title,sheetType,gridProperties(rowCount)),developerMetadata(metadataId,metadataKey,metadataValue),"
    "data(columnMetadata(developerMetadata(metadataId,metadataKey,metadataValue)),rowData(values(userEnteredValue)))),"
    "namedRanges(range)"
)
_BASELINE = ids.sheet_id("_baseline")


@dataclass(frozen=True)
class ColumnTyped:
    """One column. `mark` and `key` are those of our mark, 0 and "" without one; `blank`: not even ours is in it.

    `former` is the key of a column that was forgotten. `raw` is all that was entered, ours included.
    """

    mark: int
    key: str
    blank: bool
    cells: Mapping[int, Any]  # row → what is entered there
    former: str = ""
    raw: Mapping[int, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetTyped:
    """One sheet. `key` is "" where it is not ours; `header` is the row of a table's header, -1 where there is none."""

    title: str
    key: str
    header: int
    columns: tuple[ColumnTyped, ...]


Typed = Mapping[int, SheetTyped]


@dataclass(frozen=True)
class Asked:
    """What the description asked for in so many words, which is why typed cells may be gone or different."""

    deleted: Collection[str] = ()  # keys of sheets, and of columns as "customers.phone"
    replaced: Mapping[tuple[str, str], Mapping[Any, Any]] = field(default_factory=dict)  # (sheet, column) → old → new
    renamed: Mapping[str, str] = field(default_factory=dict)  # "customers.phone" → its new key
    names: Mapping[str, str] = field(default_factory=dict)  # names in formulas → as they are called now
    going: Collection[str] = ()  # columns of views and helpers that hold nothing of people's and go unasked
    adopted: Collection[str] = ()  # "feedback" or "customers.phone": forgotten before, ours again now
    retitled: Mapping[tuple[str, Any], Any] = field(default_factory=dict)  # (sheet, title of a column) → its new title
    computing: Collection[tuple[str, int]] = ()  # (sheet, index): values that a computed column left, computed again


def typed_cells(client: Client, id: str, *workbooks: Workbook) -> Typed:
    """Every cell that people typed, by sheet id.

    Not theirs are: headers of our columns (the line of a table that holds most of their titles and formulas), and what any of the workbooks (the desired ones before and after) puts into
    a cell of that column: choices and settings, cells of views and helpers. Nor are formulas in columns of views and
    helpers, and the sheet where the baseline is kept.
    """
    own = {
        (sheet.key, cell.column, _plain(cell.formula or cell.value))
        for workbook in workbooks
        for sheet in workbook.sheets
        for cell in sheet.cells
    }
    own |= {
        (s.key, column.key, column.title) for workbook in workbooks for s in workbook.sheets for column in s.columns
    }
    heads = {
        (s.key, column.key, _plain(text))
        for workbook in workbooks
        for s in workbook.sheets
        for column in s.columns
        for text in (column.title, column.formula)
        if text
    }
    tables = {sheet.key for workbook in workbooks for sheet in workbook.sheets if sheet.kind == "table"}
    answer = client.get(id, fields=_FIELDS)
    starts = _starts(answer.get("namedRanges", ()))
    found = {}
    for sheet in answer["sheets"]:
        properties = sheet["properties"]
        number = properties.get("sheetId", 0)
        if number != _BASELINE and properties.get("sheetType", "GRID") == "GRID":
            found[number] = _sheet(sheet, starts.get(number, {}), own, heads, tables)
    return found


def _starts(names: Collection[Json]) -> dict[int, dict[int, list[int]]]:
    """Sheet id → column → first rows of the names that go down to its end: a column's own name begins at its header."""
    found: dict[int, dict[int, list[int]]] = {}
    for one in names:
        area = one["range"]
        column = area.get("startColumnIndex", 0)
        if area.get("endColumnIndex") == column + 1:
            rows = found.setdefault(area.get("sheetId", 0), {}).setdefault(column, [])
            rows.append(area.get("startRowIndex", 0))
    return found


def _sheet(
    sheet: Json,
    starts: Mapping[int, list[int]],
    own: Collection[Any],
    heads: Collection[Any],
    tables: Collection[str],
) -> SheetTyped:
    key = next((value for _, value in values_of(sheet.get("developerMetadata", ()), SHEET)), "")
    data = sheet["data"][0]
    rows = [line.get("values", []) for line in data.get("rowData", ())]
    metadata = [one.get("developerMetadata", ()) for one in data["columnMetadata"]]
    marks = [next(iter(values_of(entries, COLUMN)), (0, "")) if key else (0, "") for entries in metadata]
    seen = Counter(
        row
        for row, line in enumerate(rows)
        for at, (mark, name) in enumerate(marks)
        if mark and at < len(line) and "userEnteredValue" in line[at]
        if (key, name, _plain_of(line[at]["userEnteredValue"])) in heads
    )
    seen = seen or Counter(row for at, (mark, _) in enumerate(marks) if mark for row in starts.get(at, ()))
    header = -1
    if key in tables:
        header = seen.most_common(1)[0][0] if seen else 0
    columns = []
    for at, (mark, name) in enumerate(marks):
        raw = {
            row: _plain_of(line[at]["userEnteredValue"])
            for row, line in enumerate(rows)
            if at < len(line) and "userEnteredValue" in line[at]
        }
        cells = {
            row: value
            for row, value in raw.items()
            if not mark or not (row == header or (key, name, value) in own or (header < 0 and _formula(value)))
        }
        former = next((value for _, value in values_of(metadata[at], FORMER_COLUMN)), "")
        columns.append(ColumnTyped(mark, name, not raw, cells, former, raw))
    return SheetTyped(sheet["properties"]["title"], key, header, tuple(columns))


def _plain_of(value: Json) -> Any:
    return _plain(next(iter(value.values())))


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


# -- comparing ---------------------------------------------------------------------------------------------------------


def lost(before: Typed, after: Typed, asked: Asked | None = None) -> list[str]:
    """What a change of ours did to typed cells, one line each; empty is well.

    A column with a mark is followed by it. All others, those that lost their mark included, must stand in the order in
    which they stood, whatever of ours came, went or moved between them. Rows stay where they are.
    """
    return list(_lost(before, after, asked or Asked()))


def _lost(before: Typed, after: Typed, asked: Asked) -> Iterator[str]:
    for number, old in before.items():
        if number in after:
            yield from _lost_of_sheet(old, after[number], asked)
        elif old.key not in asked.deleted and any(column.cells for column in old.columns):
            yield f"{old.title}: the sheet is gone"
    for number in after.keys() - before.keys():
        new = after[number]
        for column in new.columns:
            yield from (f"{new.title}: {value!r} came in row {row + 1}" for row, value in column.cells.items())


def _lost_of_sheet(old: SheetTyped, new: SheetTyped, asked: Asked) -> Iterator[str]:
    by_mark = {column.mark: column for column in new.columns if column.mark}
    by_key = {column.key: column for column in new.columns if column.mark}
    known = {column.mark for column in old.columns if column.mark}
    loose_old: list[ColumnTyped] = []
    if new.key in asked.adopted:
        yield from _lost_of_adopted(old, new, asked)
        return
    for index, column in enumerate(old.columns):
        name = f"{old.key}.{column.key}"
        if not column.mark and (old.key, index) in asked.computing:
            continue
        found = by_mark.get(column.mark) or by_key.get(asked.renamed.get(name, column.key)) if column.mark else None
        if f"{old.key}.{column.former}" in asked.adopted and column.former in by_key:
            known.add(by_key[column.former].mark)
            yield from _differing(old, column, by_key[column.former].raw, {}, asked)
        elif found is not None:
            known.add(found.mark)
            yield from _lost_of_column(old, column, found, asked)
        elif name in asked.going:
            yield from (f"{_place(old, column)}: {value!r} went with its column" for value in column.cells.values())
        elif name not in asked.deleted and not column.blank:
            loose_old.append(column)
    loose_new = [column for column in new.columns if not column.mark and not column.blank]
    if len(loose_old) != len(loose_new):
        yield f"{old.title}: {len(loose_old)} columns of their own, and then {len(loose_new)}"
    for column, found in zip(loose_old, loose_new, strict=False):
        yield from _lost_of_column(old, column, found, asked)
    for column in new.columns:
        if column.mark and column.mark not in known:
            yield from (
                f"{old.title}.{column.key}: {value!r} came in row {row + 1}" for row, value in column.cells.items()
            )


def _lost_of_column(sheet: SheetTyped, old: ColumnTyped, new: ColumnTyped, asked: Asked) -> Iterator[str]:
    yield from _differing(sheet, old, new.cells, asked.replaced.get((sheet.key, old.key), {}), asked)
    if new.mark or not old.mark:  # of a column that lost its mark, header and formulas become people's own
        for row in new.cells.keys() - old.cells.keys():
            yield f"{_place(sheet, old)}: {new.cells[row]!r} came in row {row + 1}"


def _lost_of_adopted(old: SheetTyped, new: SheetTyped, asked: Asked) -> Iterator[str]:
    """Columns of a sheet that is ours again: those that held something, in their order; ours may have come anew."""
    rest = [column for column in new.columns if not column.blank]
    titles = {title: after for (sheet, title), after in asked.retitled.items() if sheet == new.key}

    def same(column: ColumnTyped, one: ColumnTyped) -> bool:
        return any(not list(_differing(old, column, one.raw, replaced, asked)) for replaced in ({}, titles))

    for column in old.columns:
        if column.blank:
            continue
        at = next((at for at, one in enumerate(rest) if same(column, one)), None)
        if at is None:
            yield f"{_place(old, column)}: {dict(column.cells)} is nowhere"
        else:
            del rest[: at + 1]


def _differing(
    sheet: SheetTyped, old: ColumnTyped, new: Mapping[int, Any], replaced: Mapping[Any, Any], asked: Asked
) -> Iterator[str]:
    for row, value in old.cells.items():
        wanted = replaced.get(value, value)
        if _formula(value):
            wanted = re.sub(r"[A-Za-z_]\w*", lambda word: asked.names.get(word[0], word[0]), value)
        if new.get(row) != wanted:
            yield f"{_place(sheet, old)}: {value!r} in row {row + 1} became {new.get(row)!r}"


def _place(sheet: SheetTyped, column: ColumnTyped) -> str:
    return f"{sheet.title}.{column.key or 'their own column'}"
