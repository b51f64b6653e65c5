"""What an undo aims at: the workbook as it was, but for what people changed, filled or took into use since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crm_builder.deploy.entered import Grid, at, content_of, is_data
from crm_builder.model import HEADER_ROW, Cell, Workbook
from crm_builder.plan import Id, Order, assemble, things
from crm_builder.plan.properties import compare_three, properties, with_properties
from crm_builder.plan.rewrite import needs_of
from crm_builder.sheets import FOREIGN, Observed
from crm_builder.sheets.cells import encode_value
from crm_builder.sheets.layout import Place

_HEAD = {"title", "formula"}  # of a column these are one thing


def labelled(workbook: Workbook, *known: Workbook | None) -> Workbook:
    """The workbook with the labels of columns that no sheet shows, as other workbooks know them."""
    labels: dict[tuple[str, str], tuple[str, str]] = {}
    for book in reversed([one for one in known if one]):
        for sheet in book.sheets:
            labels |= {(sheet.key, one.key): (one.type, one.list) for one in sheet.columns if one.type or one.list}
    sheets = []
    for sheet in workbook.sheets:
        pairs = [(one, labels.get((sheet.key, one.key), (one.type, one.list))) for one in sheet.columns]
        columns = [replace(one, type=type_, list=list_) for one, (type_, list_) in pairs]
        sheets.append(replace(sheet, columns=tuple(columns)))
    return replace(workbook, sheets=tuple(sheets))


def by_number(one: Id, thing: Any) -> bool:
    """Whether a thing speaks of a column of people's own, which has no key but its number, and that changes."""
    if one.kind in ("workbook", "mark", "sheet", "column"):
        return False
    return any(column.startswith(FOREIGN) for _, column in needs_of(thing, one.sheet).columns)


def gentle(wanted: Workbook, base: Workbook, found: Workbook) -> Workbook:
    """`wanted` without what people changed since: there it asks for what the apply led to, which makes it drift."""
    aims, was, now = things(wanted), things(base), things(found)
    for one in aims.keys() & was.keys() & now.keys():
        asked, _ = compare_three(one.kind, was[one], now[one], aims[one], False)
        former = properties(was[one])
        own = {each.name for each in asked if each.before != former.get(each.name)}
        if one.kind == "column" and own & _HEAD:
            own |= _HEAD
        if own:
            aims[one] = with_properties(aims[one], {name: former.get(name) for name in own}, was[one])
    return assemble(aims, Order.of(wanted))


def data_in_column(place: Place, key: str, observed: Observed, grid: Grid, base: Workbook) -> int:
    """How many cells of a column hold what people typed: its header and its items are ours."""
    index, ours = place.column(key), _ours(place, observed, grid, base)
    return sum(is_data(at(grid, line, index)) and (line, index) not in ours for line in range(len(grid)))


def data_in_sheet(place: Place, observed: Observed, grid: Grid, base: Workbook) -> int:
    """The same of a whole sheet, people's own columns and free cells included."""
    ours = _ours(place, observed, grid, base)
    return sum(
        is_data(content) and (line, index) not in ours
        for line, row in enumerate(grid)
        for index, content in enumerate(row)
    )


def _ours(place: Place, observed: Observed, grid: Grid, base: Workbook) -> set[tuple[int, int]]:
    """The places of our headers, and of cells that hold what the apply wrote."""
    header = place.lines.get(HEADER_ROW, place.shift)
    there = observed.workbook.sheet(place.key)
    found = {(header, place.column(one.key)) for one in there.columns if one.title or one.formula}
    cells = {_spot(cell): cell for cell in there.cells}
    sheet = next((one for one in base.sheets if one.key == place.key), None)
    for cell in sheet.cells if sheet else ():
        line = observed.item_lines.get((place.key, cell.item)) if cell.item else _line(place, cell)
        if line is None or cell.column not in place.columns:
            continue
        index = place.column(cell.column)
        now = cells.get(_spot(cell))
        plain = cell.formula is None and not cell.link
        same = at(grid, line, index) == content_of(encode_value(cell.value)) if plain else _says(now) == _says(cell)
        if same:
            found.add((line, index))
    return found


def _spot(cell: Cell) -> tuple[str, str | int]:
    return cell.column, cell.item or cell.row


def _says(cell: Cell | None) -> tuple[object, ...]:
    return (cell.value, cell.formula, cell.link) if cell else ()


def _line(place: Place, cell: Cell) -> int | None:
    return None if cell.row in place.gone else place.line(cell.row)
