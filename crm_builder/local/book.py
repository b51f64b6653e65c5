"""One spreadsheet inside one transaction: its document, its grids, its formulas.

`doc` is everything but the grids, in Google's JSON but complete: sheetId and every index always present; properties,
sheets[] {properties, conditionalFormats, bandedRanges, protectedRanges, filterViews, basicFilter, merges, charts,
slicers, tables, developerMetadata, rowGroups, columnGroups}, namedRanges, developerMetadata. A GridRange always has
its sheetId, and start and end only where it is bounded. Lists may be missing: use `.get(name, [])` or `.setdefault`.
Rows' and columns' own properties and metadata are in Grid.dimension(). gridProperties.rowCount and columnCount follow
the grid when the request ends: ask the grid for its size in between.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .bands import Bands
from .blocks import Interner
from .errors import Damaged, invalid
from .grid import Grid
from .store import SheetBlocks, pack, read_json, unpack

if TYPE_CHECKING:
    from .formulas.engine import Engine

Area = tuple[int, int, int, int, int]  # sheet id, r0, c0, r1, c1
_MOST_PENDING = 64  # areas kept apart; more are kept as one area a sheet

_ROWS_A_BLOCK = 256
_COLUMNS_A_BLOCK = 16


class Book:
    """One spreadsheet. `clock` is the aware UTC instant of the request, None for the system's clock."""

    def __init__(self, db: sqlite3.Connection, number: int, id: str, doc: dict[str, Any], state: dict[str, Any]):
        self._db = db
        self.number = number
        self.id = id
        self.doc = doc
        self.state = state
        self.clock: datetime | None = None
        self._grids: dict[int, Grid] = {}
        self._dropped: set[int] = set()
        self._engine: Engine | None = None
        self._saved = ("", "")
        self._saved_grids: dict[int, str] = {}
        found = db.execute("SELECT number, value FROM interned WHERE spreadsheet=?", (number,))
        self.interner = Interner(dict(found.fetchall()))
        # Areas written since the last calculation; kept with the spreadsheet, for another process may calculate.
        self._pending: list[Area] = [tuple(area) for area in state.get("pending", [])]
        self._told = 0  # how many of them the engine was told of
        self._rebuild = bool(state.get("rebuild"))
        self._told_rebuild = False
        self._calculated: datetime | None = None  # the instant for which all results are right
        self.dirty: set[tuple[int, int, int]] = {tuple(cell) for cell in state.get("dirty", [])}
        # Those in use; known only while requests that make metadata follow each other in a batch (batch.apply).
        self.metadata_ids: set[int] | None = None
        self.was_changed = False  # anything but results was written since the book was loaded or last saved

    # -- sheets and grids ------------------------------------------------------------------------------------------

    def sheet(self, sheet_id: int) -> dict[str, Any]:
        """The sheet's document. ApiError 400 when the spreadsheet has no such sheet."""
        for sheet in self.doc["sheets"]:
            if sheet["properties"]["sheetId"] == sheet_id:
                return sheet
        raise invalid(f"No grid with id: {sheet_id}")

    def grid(self, sheet_id: int) -> Grid:
        """The sheet's cells; one object as long as the book lives. ApiError 400 as sheet()."""
        if sheet_id not in self._grids:
            self.sheet(sheet_id)
            found = self._db.execute(
                "SELECT state FROM grids WHERE spreadsheet=? AND sheet=?", (self.number, sheet_id)
            ).fetchone()
            if found is None:
                if self.has_grid(sheet_id):
                    raise Damaged(f"the cells of sheet {sheet_id} are missing")
                raise invalid(f"No grid with id: {sheet_id}")
            state = unpack(found[0], f"the layout of sheet {sheet_id}")
            blocks = self._blocks(sheet_id).count()
            if state.get("blocks", blocks) != blocks:
                raise Damaged(f"{state['blocks']} blocks of cells of sheet {sheet_id} were written, {blocks} are there")
            self._grids[sheet_id] = self._made(sheet_id, state)
            self._saved_grids[sheet_id] = _text({**self._grids[sheet_id].state(), "blocks": blocks})
        return self._grids[sheet_id]

    def has_grid(self, sheet_id: int) -> bool:
        """False for a sheet of another kind than GRID, as a chart on its own sheet."""
        return self.sheet(sheet_id)["properties"].get("sheetType", "GRID") == "GRID"

    def add_grid(self, sheet_id: int, rows: int, columns: int) -> Grid:
        """Makes the cells of a sheet that was, or will be, put into doc."""
        if sheet_id in self._dropped:
            self._forget(sheet_id)
        grid = self._made(sheet_id, {"rows": [0, []], "columns": [0, []], "sparse": {}})
        grid.resize(rows, columns)
        self._grids[sheet_id] = grid
        self._saved_grids[sheet_id] = ""
        return grid

    def drop_grid(self, sheet_id: int) -> None:
        """Takes a sheet's cells away; its document is the caller's to remove."""
        self._grids.pop(sheet_id, None)
        self._saved_grids.pop(sheet_id, None)
        self._dropped.add(sheet_id)

    def copy_grid(self, source_id: int, sheet_id: int) -> Grid:
        """Gives the sheet a copy of another sheet's cells, of all planes."""
        source = self.grid(source_id)
        source.flush()
        self._forget(sheet_id)
        self._grids[sheet_id] = self._made(sheet_id, json.loads(_text(source.state())))
        self._saved_grids[sheet_id] = ""
        self._db.execute(
            "INSERT INTO blocks SELECT spreadsheet, ?, plane, row_band, column_band, height, width, formulas, data"
            " FROM blocks WHERE spreadsheet=? AND sheet=?",
            (sheet_id, self.number, source_id),
        )
        return self._grids[sheet_id]

    def _made(self, sheet_id: int, state: dict[str, Any]) -> Grid:
        bands = [
            Bands(standard, state[name][1], state[name][0])
            for name, standard in (("rows", _ROWS_A_BLOCK), ("columns", _COLUMNS_A_BLOCK))
        ]
        return Grid(self._blocks(sheet_id), self.interner, *bands, state["sparse"])

    def _blocks(self, sheet_id: int) -> SheetBlocks:
        return SheetBlocks(self._db, self.number, sheet_id)

    def _forget(self, sheet_id: int) -> None:
        for table in ("blocks", "grids"):
            self._db.execute(f"DELETE FROM {table} WHERE spreadsheet=? AND sheet=?", (self.number, sheet_id))
        self._dropped.discard(sheet_id)

    # -- formulas --------------------------------------------------------------------------------------------------

    @property
    def engine(self) -> Engine:
        """The formulas of this spreadsheet, told of every change; made when it is first needed."""
        if self._engine is None:
            from .calc import Cells
            from .formulas.engine import Engine

            self._engine = Engine(Cells(self), self.clock)
        self._engine.clock = self.clock
        if self._rebuild and not self._told_rebuild:
            self._engine.structure_changed()
            self._told_rebuild = True
        for area in self._pending[self._told :]:
            self._engine.invalidate(*area)
        self._told = len(self._pending)
        return self._engine

    def changed(self, sheet_id: int, r0: int, c0: int, r1: int, c1: int) -> None:
        """To be called after values or formulas of r0:r1, c0:c1 were written: what depends on them becomes dirty."""
        self.was_changed = True
        self._calculated = None
        self._pending.append((sheet_id, r0, c0, r1, c1))

    def restructured(self) -> None:
        """To be called after sheets, names or the places of cells changed and the formulas were rewritten."""
        self.was_changed = True
        self._calculated = None
        self._rebuild, self._told_rebuild = True, False
        self._pending, self._told = [], 0  # their places may have moved, and everything is computed again anyway
        for grid in self._grids.values():
            grid.collapsed.clear()

    def recalculate(self) -> None:
        """Brings every result up to date; to be called before effective values are read."""
        if self._calculated is not None and self._calculated == self.clock:
            return
        if self._engine is not None or self.has_formulas() or self.interner.pivots:
            self.engine.recalculate()
        self._pending, self._told, self._rebuild = [], 0, False
        self._calculated = self.clock

    def has_formulas(self) -> bool:
        """False as long as no sheet ever held a formula since the book was loaded."""
        return any(grid.has_formulas() for _, grid in self.grids())

    def grids(self) -> list[tuple[int, Grid]]:
        """Id and cells of every sheet that has cells, in order."""
        ids = [sheet["properties"]["sheetId"] for sheet in self.doc["sheets"]]
        return [(sheet_id, self.grid(sheet_id)) for sheet_id in ids if self.has_grid(sheet_id)]

    # -- keeping ---------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Writes what was changed into the open transaction."""
        for sheet_id in list(self._dropped):
            self._forget(sheet_id)
        for sheet_id, grid in self._grids.items():
            grid.flush()
            size = self.sheet(sheet_id)["properties"].setdefault("gridProperties", {})
            size["rowCount"], size["columnCount"] = grid.rows, grid.columns
            state = {**grid.state(), "blocks": self._blocks(sheet_id).count()}  # so that a lost block is noticed
            text = _text(state)
            if text != self._saved_grids.get(sheet_id):
                self._db.execute("INSERT OR REPLACE INTO grids VALUES (?,?,?)", (self.number, sheet_id, pack(state)))
                self._saved_grids[sheet_id] = text
        if self.interner.fresh:
            rows = [(self.number, number, value) for number, value in self.interner.fresh.items()]
            self._db.executemany("INSERT INTO interned VALUES (?,?,?)", rows)
            self.interner.fresh = {}
        self.state = self._state()
        texts = (_text(self.doc), _text(self.state))
        if texts != self._saved:
            self._db.execute(
                "UPDATE spreadsheets SET doc=?, state=? WHERE number=?", (pack(self.doc), texts[1], self.number)
            )
            self._saved = texts
        self.was_changed = False

    def _state(self) -> dict[str, Any]:
        if len(self._pending) > _MOST_PENDING:
            self._pending, self._told = _together(self._pending), 0
        state = {
            "dirty": sorted(list(cell) for cell in self.dirty),
            "pending": [list(area) for area in self._pending],
            "rebuild": self._rebuild,
            "broken": self.state.get("broken", []),
        }
        return {name: value for name, value in state.items() if value}


def _together(areas: list[Area]) -> list[Area]:
    """One area a sheet that holds all of its areas."""
    found: dict[int, Area] = {}
    for sheet_id, r0, c0, r1, c1 in areas:
        old = found.get(sheet_id, (sheet_id, r0, c0, r1, c1))
        found[sheet_id] = (sheet_id, min(old[1], r0), min(old[2], c0), max(old[3], r1), max(old[4], c1))
    return list(found.values())


def load(db: sqlite3.Connection, id: str) -> Book | None:
    """The spreadsheet with that id, or None."""
    found = db.execute("SELECT number, doc, state FROM spreadsheets WHERE id=?", (id,)).fetchone()
    if found is None:
        return None
    state = read_json(found[2], f"the state of spreadsheet {id}")
    book = Book(db, found[0], id, unpack(found[1], f"the document of spreadsheet {id}"), state)
    book._saved = (_text(book.doc), found[2])
    return book


def create(db: sqlite3.Connection, id: str, doc: dict[str, Any]) -> Book:
    """A new spreadsheet with that document; the caller adds a grid for each of its sheets."""
    cursor = db.execute("INSERT INTO spreadsheets (id, doc, state) VALUES (?,?,?)", (id, pack(doc), "{}"))
    return Book(db, int(cursor.lastrowid or 0), id, doc, {})


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
