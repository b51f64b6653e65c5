"""What a case of safety looks at: the plan, both sides of a thing, and the values that were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from crm_builder.model import Column, Sheet, Workbook
from crm_builder.plan.changes import Delete, Id, Plan, Rename, Wishes
from crm_builder.plan.fits import filled
from crm_builder.plan.things import Things, things

Values = Mapping[tuple[str, str], Sequence[Any]]


@dataclass(frozen=True)
class Scene:
    """Keys are the new ones, but in `values`, which were read where they are now."""

    plan: Plan
    desired: Workbook
    wishes: Wishes
    values: Values = field(default_factory=dict)
    taken: frozenset[str] = frozenset()  # titles of people's own sheets, in small letters
    own: frozenset[tuple[str, str]] = frozenset()  # (sheet, title in small letters) of people's own columns
    occupied: frozenset[tuple[str, str]] = frozenset()  # (kind, sheet) where people have one of their own

    @cached_property
    def base(self) -> Things:
        return things(self.plan.baseline) if self.plan.baseline else {}

    @cached_property
    def found(self) -> Things:
        return things(self.plan.observed) if self.plan.observed else {}

    @cached_property
    def wanted(self) -> Things:
        return things(self.desired)

    @cached_property
    def _former(self) -> dict[Id, Id]:
        return {change.new: change.id for change in self.plan.changes if isinstance(change, Rename)}

    @cached_property
    def deleted(self) -> set[Id]:
        return {change.id for change in self.plan.changes if isinstance(change, Delete)}

    def former(self, sheet: str, column: str) -> tuple[str, str]:
        """The keys under which the spreadsheet has a column, or a sheet, now."""
        home = self._former.get(Id("sheet", sheet), Id("sheet", sheet)).sheet
        if not column:
            return home, ""
        return home, self._former.get(Id("column", sheet, column), Id("column", home, column)).key

    def read(self, sheet: str, column: str = "") -> list[Any]:
        """The values of a column, or of a whole sheet, that hold something."""
        return filled(self.values.get(self.former(sheet, column), ()))

    def is_table(self, sheet: str) -> bool:
        thing = self.found.get(Id("sheet", sheet))
        return thing is not None and thing.kind == "table"

    def there(self, sheet: str, column: str) -> bool:
        return Id("column", sheet, column) in self.found

    def typed(self) -> Iterator[tuple[Sheet, Column]]:
        """The columns that people type rows of data into."""
        for sheet in self.plan.observed.sheets if self.plan.observed else ():
            if sheet.kind == "table" and not any(cell.item for cell in sheet.cells):
                yield from ((sheet, column) for column in sheet.columns if column.formula is None)
