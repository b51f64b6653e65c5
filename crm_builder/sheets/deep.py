"""The deep look of `status`: what stands below headers, and what each row accepts; one read with a narrow mask."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crm_builder.a1 import column_index, letters, quote, runs
from crm_builder.model import HEADER_ROW, Condition, Sheet, Workbook
from crm_builder.plan.changes import Id
from crm_builder.plan.things import cell_id
from crm_builder.sheets.conditions import Frame, decode_condition
from crm_builder.sheets.copies import copies_in
from crm_builder.sheets.damage import LostValidation, Span, TypedOver
from crm_builder.sheets.grid import Grid
from crm_builder.sheets.layout import Layout, NotOursError, Place
from crm_builder.sheets.owned import sheet_id_of
from crm_builder.sheets.read import Observed
from crm_builder.sheets.read_cells import Spot, known_spots

Json = dict[str, Any]

VALUE_FIELDS = "sheets(properties(sheetId),data(startRow,startColumn,rowData(values(userEnteredValue))))"
DEEP_FIELDS = (
    "sheets(properties(sheetId),data(startRow,startColumn,"
    "rowData(values(userEnteredValue,dataValidation(condition),effectiveValue(errorValue)))))"
)
_BLOCKED = re.compile(r"overwrite data in \$?([A-Z]+)\$?[0-9]+")
_ROW = re.compile(r"(\$[A-Z]+)([0-9]+)\b")


def deep_ranges(base: Workbook | None, layout: Layout, more: Collection[tuple[str, str]] = ()) -> list[str]:
    """The `ranges` to ask for: computed columns and those with a validation, what formulas of views and helpers fill,
    and `more` columns, of which all below the header is read; an empty column stands for the whole sheet."""
    sheets = {sheet.key: sheet for sheet in base.sheets} if base else {}
    ranges = []
    for key, place in layout.places.items():
        indexes = {place.columns[column] for sheet, column in more if sheet == key and column in place.columns}
        if (key, "") in more:
            indexes |= set(range(place.width))
        if key in sheets:
            indexes |= _asked(sheets[key], place)
        top = 1 if key not in sheets or sheets[key].kind == "view" else place.line(HEADER_ROW) + 1
        ranges += [
            f"{quote(place.title)}!{letters(run[0])}{top}:{letters(run[-1])}{place.rows}" for run in runs(indexes)
        ]
    return ranges


def _asked(sheet: Sheet, place: Place) -> set[int]:
    if sheet.kind == "helper":
        return set(place.columns.values())
    held = {column.key for column in sheet.columns if column.formula or (sheet.kind == "table" and column.validation)}
    if sheet.kind != "table" and any(cell.formula for cell in sheet.cells):
        formulas = {cell.column for cell in sheet.cells if cell.formula}
        held |= formulas | ({column.key for column in sheet.columns} - {cell.column for cell in sheet.cells})
    return {place.columns[key] for key in held if key in place.columns}


@dataclass(frozen=True)
class Deep:
    """An answer to DEEP_FIELDS, by sheets of ours."""

    grids: Mapping[str, Grid]
    layout: Layout

    @classmethod
    def of(cls, answer: Json, layout: Layout) -> Deep:
        blocks = {sheet_id_of(sheet): sheet.get("data", []) for sheet in answer.get("sheets", ())}
        return cls({key: Grid(blocks.get(place.sheet_id, [])) for key, place in layout.places.items()}, layout)

    def values(self, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Any]]:
        """What stands below the header, formulas as such, by (sheet, column); "" stands for a whole sheet."""
        found = {}
        for sheet, column in asked:
            place = self.layout.places.get(sheet)
            if place is None or (column and column not in place.columns):
                continue
            indexes = [place.column(column)] if column else range(place.width)
            lines = range(place.below, place.rows)
            grid = self.grids[sheet]
            found[sheet, column] = [_entered(grid.cell(line, index)) for line in lines for index in indexes]
        return found


def _entered(cell: Json) -> Any:
    return next(iter(cell.get("userEnteredValue", {}).values()), "")


def typed_over(sheet: Sheet, deep: Deep, observed: Observed) -> Iterator[TypedOver]:
    """The formulas of a sheet that typed values keep from filling their cells."""
    place, grid = deep.layout.place(sheet.key), deep.grids[sheet.key]
    spots = known_spots(place, [sheet], _lines(sheet, observed))
    known = {spot: cell for spot, cell in spots.items() if cell.formula or cell.link or cell.value is not None}
    for column in sheet.columns:
        if column.formula and column.key in place.columns and sheet.kind != "view":
            index = place.column(column.key)
            lines = [line for line in range(place.below, place.rows) if _stray(grid, (line, index), known)]
            if lines:
                yield _over(Id("column", sheet.key, column.key), {index: lines}, place)
    if sheet.kind != "table":
        yield from _blocked(sheet, place, grid, known)
    if sheet.kind == "helper" and (copies := copies_in(sheet, place, grid, known)):
        yield _over(Id("sheet", sheet.key), copies, place)


def _blocked(sheet: Sheet, place: Place, grid: Grid, known: Mapping[Spot, Any]) -> Iterator[TypedOver]:
    """Formulas in cells that say themselves what is in their way; all that was typed around goes with it."""
    ours = set(place.columns.values())
    for (line, index), cell in known.items():
        error = grid.cell(line, index).get("effectiveValue", {}).get("errorValue", {}).get("message", "")
        blocker = _BLOCKED.search(error)
        if not blocker or not cell.formula:
            continue
        last = max(index, column_index(blocker[1]))
        while last + 1 < place.width and not any(spot[1] == last + 1 and spot[0] >= line for spot in known):
            last += 1
        below = [spot[0] for spot in known if spot[0] > line and index <= spot[1] <= last]
        end = min(below, default=place.rows)
        strays = {
            column: lines
            for column in range(index, last + 1)
            if column in ours and (lines := [one for one in range(line, end) if _stray(grid, (one, column), known)])
        }
        if strays:
            yield _over(cell_id(sheet.key, cell), strays, place)


def _stray(grid: Grid, spot: Spot, known: Mapping[Spot, Any]) -> bool:
    return spot not in known and "userEnteredValue" in grid.cell(*spot)


def _over(one: Id, lines: Mapping[int, list[int]], place: Place) -> TypedOver:
    cells = sum(map(len, lines.values()))
    return TypedOver(one, cells, *_spans(lines, place))


def lost_validations(
    sheet: Sheet, wanted: Sheet, deep: Deep, observed: Observed
) -> Iterator[tuple[LostValidation, bool]]:
    """Columns of a table of which some rows accept something else than their column, as applied or as `wanted`.

    And whether all rows do, all of them the same: so people may have wanted it.
    """
    place, grid = deep.layout.place(sheet.key), deep.grids[sheet.key]
    known = known_spots(place, [sheet], _lines(sheet, observed))
    apart = {spot for spot, cell in known.items() if cell.validation}
    now = {column.key: column.validation for column in wanted.columns}
    for column in sheet.columns:
        if column.validation is None or column.key not in place.columns or now.get(column.key) is None:
            continue
        index = place.column(column.key)
        good = {rule.condition for rule in (column.validation, now[column.key]) if rule}
        cache: dict[str, Condition | None] = {}
        found: dict[int, Condition | None] = {}
        for line in range(place.below, place.rows):
            if (line, index) not in apart:
                found[line] = _accepts(grid.cell(line, index), line, sheet.key, deep.layout, cache)
        lines = [line for line, rule in found.items() if rule not in good]
        if lines:
            alike = len(lines) == len(found) and len(set(found.values())) == 1
            lost = LostValidation(Id("column", sheet.key, column.key), len(lines), *_spans({index: lines}, place))
            yield lost, alike


def _accepts(cell: Json, line: int, sheet: str, layout: Layout, cache: dict[str, Condition | None]) -> Condition | None:
    """What a cell accepts; a reference to its own row is the same in every row."""
    data = cell.get("dataValidation")
    if data is None:
        return None
    key, own = repr(data), str(line + 1)
    if own in key:
        key = _ROW.sub(lambda match: match[1] if match[2] == own else match[0], key)
    if key not in cache:
        try:
            cache[key] = decode_condition(data.get("condition", {}), Frame(layout, sheet, line + 1))
        except NotOursError:
            cache[key] = None
    return cache[key]


def _lines(sheet: Sheet, observed: Observed) -> dict[str, int]:
    return {item: line for (home, item), line in observed.item_lines.items() if home == sheet.key}


def _spans(lines: Mapping[int, list[int]], place: Place) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    """(addresses, spans) of lines by column."""
    found = [(index, run) for index, numbers in lines.items() for run in runs(numbers)]
    return (
        tuple(address(index, run[0], run[-1]) for index, run in found),
        tuple((place.column_key(index), run.start, run.stop) for index, run in found),
    )


def address(index: int, first: int, last: int | None = None) -> str:
    """`H5` or `H5:H7`, of 0-based numbers."""
    start = f"{letters(index)}{first + 1}"
    return start if last in (None, first) else f"{start}:{letters(index)}{(last or 0) + 1}"
