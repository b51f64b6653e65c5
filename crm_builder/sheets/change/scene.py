"""What every phase of a compilation looks at: the changes by kind, the workbook before and after, the final layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from crm_builder.model import Area, CellFormat, Column, Sheet, Workbook
from crm_builder.plan.changes import Change, Create, Delete, Forget, Id, Kind, Mend, Rename, Update
from crm_builder.plan.rewrite import Writer
from crm_builder.plan.things import things
from crm_builder.sheets.change.columns import Shift
from crm_builder.sheets.layout import Layout
from crm_builder.sheets.read import Observed

Json = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """`before` and `layout` have the new keys; `layout` is the final one once the grids are brought into order."""

    observed: Observed
    before: Workbook
    result: Workbook
    changes: tuple[Change, ...]
    former: Mapping[Id, Id]  # new → former
    layout: Layout
    shifts: Mapping[str, Shift] = field(default_factory=dict)
    item_lines: Mapping[tuple[str, str], int] = field(default_factory=dict)  # new items included

    @classmethod
    def of_changes(cls, changes: Sequence[Change], observed: Observed, result: Workbook) -> Scene:
        former = {change.new: change.id for change in changes if isinstance(change, Rename)}
        sheets = {old.sheet: new.sheet for new, old in former.items() if new.kind == "sheet"}
        columns = {(old.sheet, old.key): new.key for new, old in former.items() if new.kind == "column"}
        columns |= {(sheets.get(sheet, sheet), key): new for (sheet, key), new in columns.items()}
        names = {old.key: new.key for new, old in former.items() if new.kind == "name"}
        places = {}
        for key, place in observed.layout.places.items():
            own = {columns.get((key, column), column): index for column, index in place.columns.items()}
            places[sheets.get(key, key)] = replace(place, key=sheets.get(key, key), columns=own)
        writer = Writer(
            lambda sheet: sheets.get(sheet, sheet),
            lambda sheet, column: columns.get((sheet, column), column),
            lambda name: names.get(name, name),
        )
        before = writer.workbook(observed.workbook)
        lines = {(sheets.get(sheet, sheet), item): line for (sheet, item), line in observed.item_lines.items()}
        for new, old in former.items():
            if new.kind == "item" and (new.sheet, old.key) in lines:
                lines[(new.sheet, new.key)] = lines.pop((new.sheet, old.key))
        return cls(observed, before, result, tuple(changes), former, Layout(places), item_lines=lines)

    # -- changes

    def of(self, *kinds: Kind, sheet: str | None = None) -> list[Change]:
        """Changes of these kinds, but for those on sheets that are new, deleted or forgotten as a whole."""
        whole = self.created | self.gone
        return [
            change
            for change in self.changes
            if change.id.kind in kinds
            and (sheet is None or _sheet_of(change) == sheet)
            and (change.id.kind == "sheet" or _sheet_of(change) not in whole)
        ]

    def made(self, *kinds: Kind, sheet: str | None = None) -> dict[Id, Any]:
        """What is created, updated or written anew of these kinds, as it is to be."""
        return {one.id: one.thing for one in self.of(*kinds, sheet=sheet) if isinstance(one, Create | Update)} | {
            one.id: one.thing for one in self.of(*kinds, sheet=sheet) if isinstance(one, Mend) and one.what == "again"
        }

    def again(self, one: Id) -> bool:
        """Whether the thing is written anew as it is."""
        return any(isinstance(change, Mend) and change.id == one and change.what == "again" for change in self.changes)

    def unmade(self, *kinds: Kind, sheet: str | None = None) -> dict[Id, Any]:
        """What is deleted of these kinds, as it is now; None where it is gone already."""
        gone = (one.id for one in self.of(*kinds, sheet=sheet) if isinstance(one, Delete))
        return {one: self.things_before.get(one) for one in gone}

    def keys(self, kind: Kind, sheet: str, *types: type) -> set[str]:
        return {change.id.key for change in self.of(kind, sheet=sheet) if isinstance(change, types)}

    def updates(self, one: Id, name: str) -> bool:
        """Whether the property of that thing is updated."""
        return one in self.updated and getattr(self.things_before.get(one), name) != getattr(self.updated[one], name)

    @cached_property
    def updated(self) -> dict[Id, Any]:
        return {one.id: one.thing for one in self.changes if isinstance(one, Update)}

    @cached_property
    def created(self) -> frozenset[str]:
        return self._sheets(Create)

    @cached_property
    def deleted(self) -> frozenset[str]:
        return self._sheets(Delete)

    @cached_property
    def gone(self) -> frozenset[str]:
        return self._sheets(Delete, Forget)

    def _sheets(self, *types: type) -> frozenset[str]:
        return frozenset(one.id.sheet for one in self.changes if one.id.kind == "sheet" and isinstance(one, types))

    # -- sheets

    @property
    def kept(self) -> Iterator[Sheet]:
        """Sheets of the result that were there before."""
        return (sheet for sheet in self.result.sheets if sheet.key not in self.created)

    @property
    def fresh(self) -> Iterator[Sheet]:
        return (sheet for sheet in self.result.sheets if sheet.key in self.created)

    @property
    def touched(self) -> list[Sheet]:
        """Sheets that were there before, of which anything changes, or what they count columns of."""
        keys = {_sheet_of(change) for change in self.changes}
        keys |= {key for key, shift in self.shifts.items() if shift.requests}
        stirred = {key for key, shift in self.shifts.items() if shift.stirred}
        for sheet in self.kept:
            sources = {one.source.sheet for one in sheet.pivots} | {one.area.sheet for one in sheet.slicers}
            keys |= {sheet.key} if sources & stirred else set()
        return [sheet for sheet in self.kept if sheet.key in keys]

    @cached_property
    def things_before(self) -> dict[Id, Any]:
        return things(self.before)

    def thing_before(self, one: Id) -> Any:
        """A thing as it is now, also where its own key was another one; None where it is not there."""
        if one.kind in ("sheet", "column", "name"):
            return self.things_before.get(one)
        former = self.former.get(one, one)
        return self.things_before.get(Id(one.kind, one.sheet, former.key))

    def column_before(self, sheet: str, key: str) -> Column | None:
        return self.things_before.get(Id("column", sheet, key))

    @property
    def defaults(self) -> CellFormat:
        return CellFormat(font=self.result.font, size=self.result.size)

    @property
    def former_defaults(self) -> CellFormat:
        return CellFormat(font=self.before.font, size=self.before.size)

    def former_sheet(self, key: str) -> str:
        return self.former.get(Id("sheet", key), Id("sheet", key)).sheet

    # -- areas

    def loose(self, *areas: Area) -> bool:
        """Whether the grid under one of these areas changed so that the service may have cut it."""
        return any(self._loose(area) for area in areas)

    def _loose(self, area: Area) -> bool:
        shift = self.shifts.get(area.sheet)
        if shift is None:
            return False
        wide = area.first_column is None
        several = wide or area.last_column is not None
        return (shift.edge and wide) or (shift.moved and several) or (shift.grown > 0 and area.last_row is None)


def _sheet_of(change: Change) -> str:
    return change.new.sheet if isinstance(change, Rename) else change.id.sheet
