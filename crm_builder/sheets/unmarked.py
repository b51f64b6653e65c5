"""What is ours although its mark was deleted: known by ids that follow from keys, by names, headers and neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from crm_builder.model import Column, NamedRange, Scalar, Sheet, Workbook
from crm_builder.sheets import ids
from crm_builder.sheets.cells import decode_value
from crm_builder.sheets.dimensions import decode_width
from crm_builder.sheets.formula_text import canonical
from crm_builder.sheets.grid import Grid
from crm_builder.sheets.merges import block_of, grid_block
from crm_builder.sheets.names import id_of

Json = dict[str, Any]
Content = tuple[Scalar | None, str | None]

_SURE = 1000  # more than all that columns can have in common


def sheet_without_mark(key: str, sheets: Iterable[Json], names: Names, known: Sequence[Workbook]) -> Json | None:
    """The one of `sheets`, all without a mark, that was made for the key; None where there is none.

    Its id says it; where it has another one, since it had another key before, what was set on it does.
    """
    by_id = {sheet["properties"].get("sheetId", 0): sheet for sheet in sheets}
    if ids.sheet_id(key) in by_id:
        return by_id[ids.sheet_id(key)]
    votes = Counter(
        grid.get("sheetId", 0)
        for book in known
        for _, grid in names.on(key, book)
        if grid and grid.get("sheetId", 0) in by_id
    )
    protections = {one.key for book in known for sheet in book.sheets if sheet.key == key for one in sheet.protections}
    for number, sheet in by_id.items():
        expected = {ids.protection_id(ids.stem(key, number), one) for one in protections}
        votes[number] += sum(one.get("protectedRangeId") in expected for one in sheet.get("protectedRanges", ()))
    best = max(votes, key=lambda number: votes[number], default=0)
    return by_id[best] if votes[best] else None


class Names:
    """Where the names of ours are now, of all that were applied or are wanted."""

    def __init__(self, spreadsheet: Json, known: Iterable[Workbook]):
        self._ranges = {one.get("namedRangeId", ""): one.get("range", {}) for one in spreadsheet.get("namedRanges", ())}
        self._of: dict[tuple[int, str], list[NamedRange]] = {}
        for book in known:
            for name in book.names:
                self._of.setdefault((id(book), name.area.sheet), []).append(name)

    def on(self, sheet: str, book: Workbook) -> list[tuple[NamedRange, Json]]:
        """The names of a sheet as one of the workbooks knows them, with an empty range for those that are gone."""
        return [(name, self._ranges.get(id_of(name), {})) for name in self._of.get((id(book), sheet), ())]


def columns_without_mark(
    known: Sheet, book: Workbook, sheet: Json, names: Names, grid: Grid, marked: Mapping[str, int]
) -> dict[str, int]:
    """The columns that were applied and bear no mark: key → 0-based index. `marked`: where the others are.

    A column that people deleted lost its name with its mark. So headers and places count only where no column of the
    sheet has a mark any more; and of a view, which has neither, where it is as wide as it was and shows what it did.
    """
    free = set(range(_width(sheet))) - set(marked.values()) - _left_values(known, grid)
    search = _Search(known, free, dict(marked))
    if not search.missing:
        return {}
    number = sheet["properties"].get("sheetId", 0)
    search.add(_by_names(names.on(known.key, book), number, whole=bool(marked)))
    if known.kind == "table":
        if not marked:
            search.add(_by_headers(search.missing, grid))
    elif not marked or _width(sheet) == len(known.columns):
        search.add(_Order(known, sheet, grid, search.found).pairs(_width(sheet), strict=bool(marked)))
    return {key: index for key, index in search.found.items() if key not in marked}


def _left_values(known: Sheet, grid: Grid) -> set[int]:
    """Where the values stand that computed columns left when they were forgotten: their titles are plain texts now."""
    titles = {(one.title, None) for one in known.columns if one.formula is not None and one.title}
    return {index for _, index, cell in grid.filled() if decode_value(cell) in titles} if titles else set()


class _Search:
    """What was found so far, each place once."""

    def __init__(self, known: Sheet, free: set[int], found: dict[str, int]):
        self.columns, self.free, self.found = known.columns, free, found

    @property
    def missing(self) -> list[Column]:
        return [one for one in self.columns if one.key not in self.found]

    def add(self, pairs: Iterable[tuple[str, int]]) -> None:
        keys = {one.key for one in self.missing}
        for key, index in pairs:
            if key in keys - self.found.keys() and index in self.free:
                self.found[key] = index
                self.free.discard(index)


def _width(sheet: Json) -> int:
    return sheet["properties"].get("gridProperties", {}).get("columnCount", 0)


def _by_names(pairs: Iterable[tuple[NamedRange, Json]], number: int, whole: bool) -> Iterator[tuple[str, int]]:
    """By the names of single columns; `whole`: only by those that reach to the end, which no cut cells take along."""
    for name, grid in pairs:
        area = name.area
        single = area.first_column and area.last_column in (None, area.first_column)
        if single and grid and grid.get("sheetId", 0) == number and not (whole and area.last_row):
            yield str(area.first_column), grid.get("startColumnIndex", 0)


def _by_headers(columns: Collection[Column], grid: Grid) -> Iterator[tuple[str, int]]:
    """By what the header says, in the line that says most of it."""
    heads = {_head(one): one.key for one in reversed(list(columns)) if one.title or one.formula}
    lines: dict[int, list[tuple[str, int]]] = {}
    for line, index, cell in grid.filled():
        if (content := decode_value(cell)) in heads:
            lines.setdefault(line, []).append((heads[content], index))
    if lines:
        yield from max(lines.values(), key=len)


def _head(column: Column) -> Content:
    return (None, canonical(column.formula)) if column.formula is not None else (column.title, None)


class _Order:
    """The columns of a view or helper, which stand as they stood where nobody moved them: by what is in them."""

    def __init__(self, known: Sheet, sheet: Json, grid: Grid, found: Mapping[str, int]):
        self.known, self.grid, self.found = known.columns, grid, found
        self.taken = set(found.values())
        self.held: dict[str, set[Content]] = {}
        for cell in known.cells:
            if cell.value not in (None, "") or cell.formula is not None:
                self.held.setdefault(cell.column, set()).add((cell.value, cell.formula))
        self.seen: dict[int, set[Content]] = {}
        for _, index, data in grid.filled():
            self.seen.setdefault(index, set()).add(decode_value(data))
        self.merged = Counter(known.columns[block_of(area, known).left].key for area in known.merges)
        self.merges = Counter(grid_block(data).left for data in sheet.get("merges", ()))

    def pairs(self, width: int, strict: bool) -> Iterator[tuple[str, int]]:
        """`strict`: only where anything stands that is known of the column, if anything is."""
        for column, index in self._aligned(width):
            held = self.held.get(column.key)
            if not strict or not held or held & self.seen.get(index, set()):
                yield column.key, index

    def _aligned(self, width: int) -> Iterator[tuple[Column, int]]:
        """Those that are most alike, in their order."""
        count = len(self.known)
        best = [[0] * (width + 1) for _ in range(count + 1)]
        alike = [[self._alike(column, index) for index in range(width)] for column in self.known]
        for at in range(count - 1, -1, -1):
            for index in range(width - 1, -1, -1):
                pair = best[at + 1][index + 1] + alike[at][index]
                best[at][index] = max(pair, best[at + 1][index], best[at][index + 1])
        at = index = 0
        while at < count and index < width:
            if alike[at][index] and best[at][index] == best[at + 1][index + 1] + alike[at][index]:
                yield self.known[at], index
                at, index = at + 1, index + 1
            elif best[at][index] == best[at][index + 1]:
                index += 1
            else:
                at += 1

    def _alike(self, column: Column, index: int) -> int:
        if column.key in self.found or index in self.taken:
            return _SURE * (self.found.get(column.key) == index)
        same = len(self.held.get(column.key, set()) & self.seen.get(index, set()))
        wide = decode_width(self.grid.columns.get(index, {}))[0] == column.width
        return 1 + 4 * same + 2 * min(self.merged[column.key], self.merges[index]) + wide
