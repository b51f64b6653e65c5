"""Keeps every formula's result right: what is dirty is evaluated, in order, as far as results really change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crm_builder.formulas.scan import cell_name
from crm_builder.formulas.tree import Node
from crm_builder.local.formulas.arrays import first_value
from crm_builder.local.formulas.cells import CellStore, Table
from crm_builder.local.formulas.evaluate import Frame, Session
from crm_builder.local.formulas.graph import Facts, Neighbours, Readers, area_of, cells_of, facts, order, overlap
from crm_builder.local.formulas.parse import parse
from crm_builder.local.formulas.ranges import Reader, Rect
from crm_builder.local.formulas.registry import Cell
from crm_builder.local.formulas.values import Array, FormulaError, Value, reference_error

__all__ = ["Cell", "CellStore", "Engine"]

CIRCULAR = reference_error("Circular dependency detected. To resolve with iterative calculation, see File > Settings.")
BLOCKED = "Array result was not expanded because it would overwrite data in {}."
NO_ROOM = "Result was not automatically expanded, please insert more {} ({})."


@dataclass(slots=True)
class _Formula:
    text: str
    node: Node | Table
    facts: Facts
    blocked: bool = False  # its result found no room: any change may make some


@dataclass(slots=True)
class _Round:
    """One recalculation: what may change, what was done."""

    circular: set[Cell] = field(default_factory=set)
    evaluated: int = 0


class Engine:
    """The formulas of one CellStore. `clock` is the aware instant of NOW and TODAY, None for the system's clock."""

    def __init__(self, store: CellStore, clock: datetime | None = None):
        self._store = store
        self.clock = clock
        self._reader = Reader(store)
        self._formulas: dict[Cell, _Formula] = {}
        self._readers = Readers()
        self._covers: dict[Cell, tuple[int, int]] = {}
        self._dirty: set[Cell] = set(store.dirty())
        self._changed: list[Rect] = []  # since the last recalculation …
        self._unread: list[Rect] = []  # … and since the reader was told
        self._built = False
        self._rebuild = False
        self._unread_structure = False
        self._last_clock: datetime | None = None
        self._local = (datetime.min, "", datetime.min)  # an instant, a time zone, the time there

    # ---- what happened ----

    def invalidate(self, sheet_id: int, r0: int, c0: int, r1: int, c1: int) -> None:
        """Values or formulas in the rectangle changed; what a replaced formula had spilled into counts as changed."""
        rect = (sheet_id, r0, c0, r1, c1)
        self._changed.append(rect)
        self._unread.append(rect)

    def structure_changed(self) -> None:
        """Formulas were rewritten, or sheets, grids or names changed: every formula is evaluated again."""
        self._rebuild = self._unread_structure = True

    # ---- computing ----

    def recalculate(self) -> int:
        """Evaluates what is dirty, in order, writes changed results; returns the number of formulas evaluated."""
        now = self.clock or datetime.now(UTC)
        must = self._collect(now)
        self._last_clock = now
        state = _Round()
        rounds = 0
        while must:
            rounds += 1
            if rounds > len(self._formulas) + 10:
                state.circular |= must
                for cell in must:
                    self._write(cell, [[CIRCULAR]])
                break
            must = self._round(must, now, state) - state.circular
        self._dirty.clear()
        self._store.set_dirty(set())
        return state.evaluated

    def evaluate(self, formula: str | Node, base: Cell, at: Cell) -> Value:
        """A formula that stands in no cell (a conditional format's), written for `base` and read at `at`."""
        self._refresh_values()
        session = self._session(at, self.clock or datetime.now(UTC), at[1] - base[1], at[2] - base[2])
        return first_value(Frame(session).result(parse(formula) if isinstance(formula, str) else formula))

    # ---- collecting ----

    def _refresh_values(self) -> None:
        if self._unread_structure:
            self._reader.forget_structure()
        for rect in self._unread:
            self._reader.forget(rect)
        self._unread, self._unread_structure = [], False

    def _collect(self, now: datetime) -> set[Cell]:
        """The formulas that have to be evaluated first, after the graph was brought up to date."""
        everything = self._rebuild
        fresh = not self._built
        changed = self._changed
        self._refresh_values()
        must = set(self._dirty)
        if everything or fresh:
            self._readers = Readers()
            self._formulas = {}
            self._covers = dict(self._store.spills())
        if everything or fresh or changed:
            must |= self._update_formulas(all_new_dirty=everything)
        self._rebuild, self._built, self._changed = False, True, []
        for rect in changed:
            must |= self._readers.of(rect)
            must |= self._standing_in(rect)
        must = {cell for cell in must if cell in self._formulas}
        another_time = fresh or now != self._last_clock
        for cell, formula in self._formulas.items():
            if (another_time and formula.facts.volatile) or (
                (must or changed) and (formula.facts.dynamic or formula.blocked)
            ):
                must.add(cell)
        return must

    def _update_formulas(self, all_new_dirty: bool) -> set[Cell]:
        """Reads the formula cells; returns those that are new or have another text."""
        current: dict[Cell, str | Table] = dict(self._store.formulas())
        current.update(self._store.tables())
        found: set[Cell] = set()
        for cell in [cell for cell in self._formulas if cell not in current]:
            found |= self._readers.of(self._cover(cell))
            self._reader.forget(self._cover(cell))
            del self._formulas[cell]
            self._covers.pop(cell, None)
            self._readers.set(cell, frozenset())
        first = not self._formulas and not all_new_dirty
        for cell, content in current.items():
            known = self._formulas.get(cell)
            text = content if isinstance(content, str) else content.text
            if known is not None and known.text == text:
                continue
            self._formulas[cell] = formula = self._read(cell, content)
            self._readers.set(cell, formula.facts.reads)
            if first:
                # Opened again: results are as they were stored, only what was dirty then is dirty now.
                formula.blocked = formula.facts.spills and self._was_blocked(cell)
                continue
            found.add(cell)
        return found

    def _read(self, cell: Cell, content: str | Table) -> _Formula:
        if not isinstance(content, str):
            return _Formula(content.text, content, content.facts(self._reader))
        node = parse(content)
        return _Formula(content, node, facts(node, cell[0], self._reader))

    def _was_blocked(self, cell: Cell) -> bool:
        value = self._store.values(cell[0], cell[1], cell[2], cell[1] + 1, cell[2] + 1)[0][0]
        return type(value) is FormulaError and _without_room(value)

    def _standing_in(self, rect: Rect) -> set[Cell]:
        """The formulas that stand in an area, or whose spill reaches into it."""
        if area_of(rect) <= len(self._formulas):
            found = {cell for cell in cells_of(rect) if cell in self._formulas}
        else:
            found = {cell for cell in self._formulas if overlap((*cell, cell[1] + 1, cell[2] + 1), rect)}
        return found | {cell for cell in self._covers if overlap(self._cover(cell), rect)}

    # ---- one round ----

    def _round(self, must: set[Cell], now: datetime, state: _Round) -> set[Cell]:
        """Evaluates these and what depends on changed results; returns what has to be evaluated once more."""
        neighbours = Neighbours(self._formulas)
        hard: dict[Cell, set[Cell]] = {}
        soft: dict[Cell, set[Cell]] = {}
        waiting = list(must)
        while waiting:
            cell = waiting.pop()
            if cell in hard:
                continue
            hard[cell] = self._readers.of(self._cover(cell))
            waiting += hard[cell]
            if cell not in self._covers and self._formulas[cell].facts.spills:
                soft[cell] = self._readers.of(neighbours.room(cell, self._reader.size(cell[0])))
        sequence, circular = order(hard, hard, soft)
        position = {cell: place for place, cell in enumerate(sequence)}
        again: set[Cell] = set()
        for place, cell in enumerate(sequence):
            if cell not in must or cell in state.circular:
                continue
            if cell in circular:
                state.circular.add(cell)
                before, after, differs = self._write(cell, [[CIRCULAR]])
            else:
                before, after, differs = self._compute(cell, now)
            state.evaluated += 1
            if not differs:
                continue
            affected = self._readers.of(after)
            if before != after:
                affected |= self._readers.of(before)
                affected |= {other for other in self._blocked() if other != cell}
            for other in affected:
                (must if position.get(other, -1) > place else again).add(other)
        return again

    def _blocked(self) -> set[Cell]:
        return {cell for cell, formula in self._formulas.items() if formula.blocked}

    def _compute(self, cell: Cell, now: datetime) -> tuple[Rect, Rect, bool]:
        formula = self._formulas[cell]
        if formula.facts.dynamic:
            self._reader.reads = set()
        session, node = self._session(cell, now), formula.node
        array = Frame(session).result(node) if isinstance(node, Node) else node.result(session)
        if formula.facts.dynamic:
            reads = self._reader.reads or set()
            self._reader.reads = None
            self._readers.set(cell, formula.facts.reads | frozenset(reads))
        array = self._fitted(cell, formula, array)
        return self._write(cell, array)

    def _fitted(self, cell: Cell, formula: _Formula, array: Array) -> Array:
        """The result as it can be shown: an error where an array has no room or covers what it is made of."""
        formula.blocked = False
        rows, columns = len(array), len(array[0])
        sheet_id, row, column = cell
        here: Rect = (sheet_id, row, column, row + rows, column + columns)
        if any(overlap(read, here) for read in self._readers.reads(cell)):
            return [[CIRCULAR]]
        if rows == 1 and columns == 1:
            return array
        height, width = self._reader.size(sheet_id)
        if row + rows > height or column + columns > width:
            formula.blocked = True
            what, missing = (
                ("rows", row + rows - height) if row + rows > height else ("columns", column + columns - width)
            )
            return [[reference_error(NO_ROOM.format(what, missing))]]
        other = self._store.entered_in(*here, but=cell)
        if other is None:
            other = self._spilled_in(here, cell)
        if other is not None:
            formula.blocked = True
            return [[reference_error(BLOCKED.format(cell_name(other[1], other[2])))]]
        return array

    def _spilled_in(self, rect: Rect, but: Cell) -> Cell | None:
        """A cell that another formula's spill covers."""
        for cell in self._covers:
            if cell != but and overlap(cover := self._cover(cell), rect):
                return cell[0], max(cover[1], rect[1]), max(cover[2], rect[2])
        return None

    def _write(self, cell: Cell, array: Array) -> tuple[Rect, Rect, bool]:
        """Stores a result; returns the areas covered before and after, and whether anything differs."""
        before = self._cover(cell)
        after: Rect = (cell[0], cell[1], cell[2], cell[1] + len(array), cell[2] + len(array[0]))
        if before == after and self._same(self._store.values(*before), array):
            return before, after, False
        if len(array) == 1 == len(array[0]):
            self._covers.pop(cell, None)
        else:
            self._covers[cell] = len(array), len(array[0])
        self._store.write_result(cell, array)
        self._reader.forget(before)
        self._reader.forget(after)
        return before, after, True

    @staticmethod
    def _same(one: Array, two: Array) -> bool:
        return one == two and all(
            type(a) is type(b) for left, right in zip(one, two, strict=True) for a, b in zip(left, right, strict=True)
        )

    # ---- areas ----

    def _cover(self, cell: Cell) -> Rect:
        rows, columns = self._covers.get(cell, (1, 1))
        return cell[0], cell[1], cell[2], cell[1] + rows, cell[2] + columns

    def _session(self, cell: Cell, now: datetime, down: int = 0, right: int = 0) -> Session:
        zone = self._store.time_zone
        if self._local[:2] != (now, zone):
            self._local = (now, zone, now.astimezone(ZoneInfo(zone)))
        return Session(self._reader, self._local[2], zone, cell, self.clock is not None, down, right)


def _without_room(error: FormulaError) -> bool:
    return error.kind == "#REF!" and "expanded" in error.message
