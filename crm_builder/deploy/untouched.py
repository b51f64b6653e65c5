"""Which sheets and columns that came with an apply hold nothing of people's, so that its undo may delete them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from crm_builder.deploy.entered import Grid, Spot, at, content_of, is_data, read_grids, read_notes
from crm_builder.deploy.observe import Seen
from crm_builder.deployment import Deployment
from crm_builder.formulas.scan import A1, read_a1, tokens
from crm_builder.google import Client
from crm_builder.model import HEADER_ROW, Cell, Sheet, Workbook
from crm_builder.plan import Id
from crm_builder.sheets import Observed
from crm_builder.sheets.baseline import SHEET_ID
from crm_builder.sheets.cells import encode_value
from crm_builder.sheets.layout import Place

_MADE = {"chart", "slicer", "pivot", "table"}  # what people make on a sheet and lose with it


def untouched(
    client: Client, deployment: Deployment, seen: Seen, base: Workbook, came: Mapping[Id, Id]
) -> frozenset[Id]:
    """Those of `came` that may go. Its values are the keys that things have now, which `base` has too: what the apply
    led to. Two calls where anything came.

    Nothing of people's is what they typed, a title of theirs, their notes, what they made on the sheet, and formulas
    elsewhere that look at it: those would look at nothing for good.
    """
    if not came:
        return frozenset()
    titles = [sheet["properties"]["title"] for sheet in seen.state["sheets"] if _has_cells(sheet["properties"])]
    grids = read_grids(client, deployment.spreadsheet_id, titles)
    places = {one: seen.layout.place(now.sheet) for one, now in came.items()}
    notes = read_notes(client, deployment.spreadsheet_id, sorted({place.title for place in places.values()}))
    ours = {
        place.sheet_id: _ours(place, seen.observed, grids.get(place.sheet_id, []), base)
        for place in seen.layout.places.values()
    }
    uses = list(_uses(seen, grids, ours))
    made = {one.sheet for one in seen.observed.foreign if one.kind in _MADE}
    known = {sheet.key: _notes_of(sheet) for sheet in base.sheets}
    found = set()
    for one, now in came.items():
        place = places[one]
        index = None if one.kind == "sheet" else place.column(now.key)
        mine = ours[place.sheet_id]
        if (
            not _data(grids.get(place.sheet_id, []), index, mine)
            and not _noted(notes.get(place.sheet_id, {}), index, known.get(now.sheet, set()))
            and not (index is None and now.sheet in made)
            and not any(_looks(use, place, index) for use in uses)
        ):
            found.add(one)
    return frozenset(found)


def _has_cells(properties: Mapping[str, object]) -> bool:
    return "gridProperties" in properties and properties.get("sheetId", 0) != SHEET_ID


def _data(grid: Grid, index: int | None, ours: Collection[Spot]) -> bool:
    """Whether people typed into a column, or anywhere into a sheet, its free cells included."""
    return any(
        is_data(content) and index in (None, column) and (line, column) not in ours
        for line, row in enumerate(grid)
        for column, content in enumerate(row)
    )


def _noted(notes: Mapping[Spot, str], index: int | None, ours: Collection[str]) -> bool:
    return any(index in (None, column) and text not in ours for (_, column), text in notes.items())


def _notes_of(sheet: Sheet) -> set[str]:
    return {one.note for one in sheet.columns} | {one.note for one in sheet.cells}


def _uses(seen: Seen, grids: Mapping[int, Grid], ours: Mapping[int, Collection[Spot]]) -> Iterator[tuple[str, A1]]:
    """What people's formulas look at: the title of the sheet, and the reference."""
    titles = {one["properties"].get("sheetId", 0): one["properties"]["title"] for one in seen.state["sheets"]}
    for number, grid in grids.items():
        for line, row in enumerate(grid):
            for index, content in enumerate(row):
                if isinstance(content, Mapping) and (line, index) not in ours.get(number, ()):
                    for token in tokens(content["formula"]):
                        found = read_a1(token.text) if token.kind == "reference" else None
                        if found:
                            yield found.sheet or titles[number], found


def _looks(use: tuple[str, A1], place: Place, index: int | None) -> bool:
    """Whether a reference is lost with a column, or with a sheet; one that is wider only becomes narrower."""
    title, found = use
    if title.casefold() != place.title.casefold():
        return False
    return index is None or {found.first.column, (found.last or found.first).column} == {index}


def _ours(place: Place, observed: Observed, grid: Grid, base: Workbook) -> set[Spot]:
    """The places of our headers, and of cells that hold what the apply wrote; a title of people's is theirs."""
    header = place.lines.get(HEADER_ROW, place.shift)
    there = observed.workbook.sheet(place.key)
    sheet = next((one for one in base.sheets if one.key == place.key), None)
    written = {one.key: (one.title, one.formula) for one in sheet.columns} if sheet else {}
    found = {
        (header, place.column(one.key))
        for one in there.columns
        if (one.title or one.formula) and written.get(one.key) == (one.title, one.formula)
    }
    cells = {_spot(cell): cell for cell in there.cells}
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
