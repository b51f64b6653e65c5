"""Where things are: the ids, titles, sizes and column numbers behind the keys of one workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from crm_builder.model import Workbook
from crm_builder.sheets import ids

FOREIGN = "foreign:"  # keys of what carries no mark of ours


class NotOursError(Exception):
    """Something read that the model cannot express, or that stands on a sheet without our mark."""


@dataclass(frozen=True)
class Place:
    """One sheet: its id, its 0-based index, its title, its grid and the 0-based index of each column."""

    key: str
    sheet_id: int
    index: int
    title: str
    rows: int
    width: int
    columns: Mapping[str, int]

    @cached_property
    def _keys(self) -> Mapping[int, str]:
        return {index: key for key, index in self.columns.items()}

    def column(self, key: str) -> int:
        """0-based index of a column; KeyError where the sheet has none of that key."""
        if key.startswith(FOREIGN):
            return int(key.removeprefix(FOREIGN))
        return self.columns[key]

    def column_key(self, index: int) -> str:
        """The key of the column at a 0-based index; `foreign:<index>` where it carries no mark."""
        return self._keys.get(index) or f"{FOREIGN}{index}"


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
