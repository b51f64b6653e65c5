"""Where things are: the ids, titles, sizes and column numbers behind the keys of one workbook."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from crm_builder.model import HEADER_ROW, Workbook
from crm_builder.sheets import ids

FOREIGN = "foreign:"  # keys of what carries no mark of ours


class NotOursError(Exception):
    """Something read that the model cannot express, or that stands on a sheet without our mark."""


@dataclass(frozen=True)
class Place:
    """One sheet: its id, its 0-based index, its title, its grid and the 0-based index of each column.

    Rows of the model are 1-based and stay what the template says; a line is where one stands in the grid, 0-based.
    `shift` says how many lines people inserted above a table's header; -1 where they deleted the header. `lines` holds
    the rows of a view or helper that were displaced, up to its last row; below it `shift` counts. `gone` are rows that
    people deleted: their line is that of the next row.
    """

    key: str
    sheet_id: int
    index: int
    title: str
    rows: int
    width: int
    columns: Mapping[str, int]
    shift: int = 0
    lines: Mapping[int, int] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()

    @property
    def stem(self) -> str:
        """What the ids of all that hangs on the sheet follow from."""
        return ids.stem(self.key, self.sheet_id)

    @cached_property
    def _keys(self) -> Mapping[int, str]:
        return {index: key for key, index in self.columns.items()}

    def column(self, key: str) -> int:
        """0-based index of a column; KeyError where the sheet has none of that key."""
        if key.startswith(FOREIGN) and key not in self.columns:
            return int(key.removeprefix(FOREIGN))
        return self.columns[key]

    def column_key(self, index: int) -> str:
        """The key of the column at a 0-based index; `foreign:<index>` where it carries no mark."""
        return self._keys.get(index) or f"{FOREIGN}{index}"

    @cached_property
    def ends(self) -> tuple[int, int]:
        """The first and the last of our columns; none of them is between (0, -1)."""
        indexes = self.columns.values()
        return (min(indexes), max(indexes)) if indexes else (0, -1)

    @property
    def headless(self) -> bool:
        """Whether people deleted the header."""
        return self.shift < 0 and not self.lines

    @property
    def below(self) -> int:
        """The line right below the header; the first one where that was deleted."""
        return 0 if self.headless else self.line(HEADER_ROW) + 1

    @cached_property
    def _rows(self) -> Mapping[int, int]:
        return {line: row for row, line in self.lines.items() if row not in self.gone}

    @cached_property
    def _last(self) -> int:
        return max(self.lines, default=0)

    def line(self, row: int) -> int:
        """0-based index in the grid of a row of the model."""
        return self.lines[row] if row in self.lines else max(0, row - 1 + self.shift)

    @cached_property
    def moved(self) -> frozenset[int]:
        """The rows that people put before or behind others: the fewest without which the rest is in order."""
        tails: list[tuple[int, int]] = []  # the lowest line that a run of so many rows may end with, and its row
        before: dict[int, int] = {}
        rows = [(line, row) for row, line in sorted(self.lines.items()) if row not in self.gone]
        for line, row in rows:
            at = bisect_left(tails, (line, 0))
            before[row] = tails[at - 1][1] if at else 0
            tails[at:] = [(line, row), *tails[at + 1 :]]
        kept, row = set[int](), tails[-1][1] if tails else 0
        while row:
            kept.add(row)
            row = before[row]
        return frozenset(row for _, row in rows if row not in kept)

    def adjoin(self, first: int, last: int) -> bool:
        """Whether the rows from the one to the other stand right below each other."""
        top = self.line(first)
        return all(self.line(row) == top + row - first for row in range(first, last + 1))

    def row(self, index: int) -> int:
        """The row of the model at a 0-based index of the grid; NotOursError for a line that people inserted."""
        row = self._rows.get(index)
        if row is None:
            row = index - self.shift + 1
            if row <= self._last or index < 0:
                raise NotOursError(f"line {index} of {self.key}")
        return row

    def row_from(self, index: int) -> int:
        """The row at that line, or else the next one below; NotOursError where there is none."""
        return self._nearest(range(index, self.rows))

    def row_to(self, index: int) -> int:
        """The row at that line, or else the next one above; NotOursError where there is none."""
        return self._nearest(range(index, -1, -1))

    def _nearest(self, indexes: range) -> int:
        for index in indexes:
            try:
                return self.row(index)
            except NotOursError:
                continue
        raise NotOursError(f"line {indexes.start} of {self.key}")


@dataclass(frozen=True)
class Layout:
    """The places of all sheets that are ours, by key."""

    places: Mapping[str, Place]

    @classmethod
    def plan(cls, workbook: Workbook) -> Layout:
        """The places that a new workbook is going to have."""
        places = {}
        for index, sheet in enumerate(workbook.sheets):
            columns = {column.key: number for number, column in enumerate(sheet.columns)}
            places[sheet.key] = Place(
                sheet.key, ids.sheet_id(sheet.key), index, sheet.title, sheet.rows, len(sheet.columns), columns
            )
        return cls(places)

    @cached_property
    def _by_id(self) -> Mapping[int, Place]:
        return {place.sheet_id: place for place in self.places.values()}

    @cached_property
    def _by_title(self) -> Mapping[str, Place]:
        return {place.title: place for place in self.places.values()}

    def place(self, sheet: str) -> Place:
        """The place of a sheet; KeyError where there is none of that key."""
        return self.places[sheet]

    def by_id(self, sheet_id: int) -> Place:
        try:
            return self._by_id[sheet_id]
        except KeyError:
            raise NotOursError(f"sheet id {sheet_id}") from None

    def by_title(self, title: str) -> Place:
        try:
            return self._by_title[title]
        except KeyError:
            raise NotOursError(f"sheet {title!r}") from None
