"""What was applied last, what is there and what is described → a plan of typed changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from crm_builder.model import Workbook
from crm_builder.plan.changes import (
    Change,
    Create,
    Delete,
    Difference,
    Drift,
    Forget,
    Id,
    Kind,
    Move,
    Plan,
    Refusal,
    Rename,
    Update,
    Wishes,
)
from crm_builder.plan.choices import rename_choices
from crm_builder.plan.digest import digest_of
from crm_builder.plan.growth import is_shifted, settled, with_usual_rows, without_growth
from crm_builder.plan.order import moves
from crm_builder.plan.properties import compare_three, with_properties
from crm_builder.plan.renames import align, rename
from crm_builder.plan.repairs import homes_of, repaired
from crm_builder.plan.result import leaves, result_of
from crm_builder.plan.things import WORKBOOK, Order, Things, things

_KINDS: tuple[Kind, ...] = (
    "workbook", "mark", "sheet", "column", "cell", "item", "rule", "banding", "filter", "view", "protection", "merge",
    "height", "chart", "pivot", "slicer", "name",
)  # fmt: skip

# What counts columns, and the properties that do.
COUNTING: dict[Kind, tuple[str, ...]] = {
    "pivot": ("source", "rows", "values", "columns", "filters"),
    "slicer": ("area", "column"),
}


def compare(baseline: Workbook | None, observed: Workbook, desired: Workbook, wishes: Wishes | None = None) -> Plan:
    """The plan, not yet judged. Without a baseline all that is there counts as it was applied last."""
    wishes = wishes or Wishes()
    renamed = rename(baseline, observed, desired, wishes)
    now = align(renamed.observed, desired)
    base = align(renamed.baseline, desired) if renamed.baseline else None
    now = without_growth(now, base)
    base = base or now
    choices, refusals = rename_choices(wishes.renames, things(base), things(desired))
    held = renamed.held | {one.id for one in refusals}
    diff = _Diff(base, now, desired, wishes, held)
    diff.run()
    changes = diff.told((*renamed.changes, *choices))
    return finished(changes, tuple(diff.drift), (*renamed.refusals, *refusals), now, base, desired, held)


def finished(
    changes: tuple[Change, ...],
    drift: tuple[Drift, ...],
    refusals: tuple[Refusal, ...],
    observed: Workbook,
    baseline: Workbook,
    desired: Workbook,
    held: frozenset[Id],
) -> Plan:
    """A plan with its result and its digest."""
    result = result_of(observed, desired, changes)
    plan = Plan(changes, drift, refusals, result, "", observed, baseline, held)
    return replace(plan, digest=digest_of(plan))


@dataclass
class _Diff:
    baseline: Workbook
    observed: Workbook
    desired: Workbook
    wishes: Wishes
    held: frozenset[Id]
    changes: list[Change] = field(default_factory=list)
    drift: list[Drift] = field(default_factory=list)

    def run(self) -> None:
        base, found, wanted = self.base, self.found, self.wanted = (
            things(self.baseline),
            things(self.observed),
            things(self.desired),
        )
        self.mend = repaired(self.wishes.repairs, base, found, wanted)
        missing = {one for one in wanted if one in base and one not in found and one not in self.mend}
        self.lost = {one for one in missing if one.kind in ("sheet", "column")}
        self.tables = {one.sheet for one, thing in found.items() if one.kind == "sheet" and thing.kind == "table"}
        self._leave()
        leaving = {change.id for change in self.changes}
        for one, thing in wanted.items():
            if one in self.held or (one not in found and leaves(one, thing, set(self.held))):
                continue
            if one in found:
                self._compare(one)
            elif one in missing and one.kind != "mark":
                if not homes_of(one, thing) & self.lost:
                    self.drift.append(Drift(one, Difference("", base[one], None)))
            elif not leaves(one, thing, self.lost) and not self._over_lost(one, thing):
                self.changes.append(Create(one, thing))
        self._orders(leaving)

    def _over_lost(self, one: Id, thing: Any) -> bool:
        """Whether a name speaks of nothing but what people deleted: it went with it."""
        if one.kind != "name":
            return False
        area = thing.area
        return Id("sheet", area.sheet) in self.lost or Id("column", area.sheet, area.first_column or "") in self.lost

    def _compare(self, one: Id) -> None:
        base, found, wanted = self.base.get(one), self.found[one], self.wanted[one]
        if found == wanted:
            return
        mend = self._mended(one)
        if mend is not True:
            found = settled(found, base or wanted, one.sheet, self.tables)
            found = settled(found, wanted, one.sheet, self.tables)
        if one.kind == "mark":
            base = found  # marks are ours alone
        if one.kind == "sheet":
            base, wanted = with_usual_rows(base, found, wanted)
        asked, drift = compare_three(one.kind, base, found, wanted, mend)
        if asked:
            thing = with_properties(found, {one.name: one.after for one in asked}, wanted)
            if one.kind == "column":
                thing = replace(thing, type=wanted.type, list=wanted.list)
            self.changes.append(Update(one, thing, asked))
        self.drift += [Drift(one, difference) for difference in drift]

    def _mended(self, one: Id) -> bool | Collection[str]:
        """Whether what people changed of a thing goes: all, or which properties. What speaks of rows and columns by
        their number is put right unasked where people inserted some."""
        if one in self.mend:
            return self.wishes.only.get(one) or True
        base, found = self.base.get(one), self.found[one]
        if one.kind in COUNTING and found.untouched and not homes_of(one, self.wanted[one]) & self.lost:
            return COUNTING[one.kind]
        if one.kind in ("filter", "view") and base is not None and is_shifted(found, base):
            return ("criteria",)
        return False

    # -- what left the description

    def _leave(self) -> None:
        left = [
            one
            for one, thing in self.found.items()
            if one in self.base and one not in self.wanted and not leaves(one, thing, set(self.held))
        ]
        homes = [one for one in left if one.kind in ("sheet", "column")]
        gone: set[Id] = set()
        for one in sorted(homes, key=lambda one: one.kind, reverse=True):  # sheets before columns
            if Id("sheet", one.sheet) not in gone:
                gone.add(one)
                self.changes.append(self._leaving_home(one))
        deleted = {change.id for change in self.changes if isinstance(change, Delete)}
        for one in left:
            thing = self.found[one]
            if one in gone or one.kind in ("sheet", "column") or leaves(one, thing, gone):
                continue
            title = str(getattr(thing, "title", ""))
            asked = one in self.wishes.deletes
            if one.kind == "name":
                if self._on(thing.area.sheet, thing.area.first_column, set(self.held)):
                    continue
                goes = self._on(thing.area.sheet, thing.area.first_column, deleted)
            else:
                goes = thing == self.base[one] or one.kind == "mark"
            self.changes.append(Delete(one, asked, title) if goes or asked else Forget(one, title))

    def _leaving_home(self, one: Id) -> Change:
        thing = self.found[one]
        if one in self.wishes.deletes:
            return Delete(one, True, thing.title)
        if one.kind == "column" and self._kind_of(one.sheet) != "table" and self._untouched(one):
            return Delete(one, False, thing.title)  # where a formula fills the columns beside it, it must not stay
        return Forget(one, thing.title)

    def _kind_of(self, sheet: str) -> str:
        return self.found[Id("sheet", sheet)].kind

    def _untouched(self, one: Id) -> bool:
        def part(side: Things) -> dict[Id, Any]:
            return {
                other: thing
                for other, thing in side.items()
                if other.kind == "cell" and other.sheet == one.sheet and thing.column == one.key
            }

        return self.base[one] == self.found[one] and part(self.base) == part(self.found)

    @staticmethod
    def _on(sheet: str, column: str | None, homes: set[Id]) -> bool:
        return Id("sheet", sheet) in homes or Id("column", sheet, column or "") in homes

    # -- orders

    def _orders(self, leaving: set[Id]) -> None:
        base, found, wanted = (Order.of(side) for side in (self.baseline, self.observed, self.desired))
        gone = {one.sheet for one in leaving if one.kind == "sheet"}
        steps, drift = moves(base.sheets, found.sheets, wanted.sheets, gone, WORKBOOK in self.mend)
        self.changes += [Move(Id("sheet", key), after) for key, after in steps]
        if drift:
            self.drift.append(Drift(WORKBOOK, Difference("order of sheets", base.sheets, found.sheets)))
        for key in wanted.sheets:
            home = Id("sheet", key)
            if key not in found.sheets:
                continue
            kinds: tuple[tuple[Kind, Any], ...] = (("column", "columns"), ("rule", "rules"))
            for kind, name in kinds:
                was, now, aim = (getattr(order, name).get(key, ()) for order in (base, found, wanted))
                gone = {one.key for one in leaving if one.kind == kind and one.sheet == key}
                steps, drift = moves(was, now, aim, gone, home in self.mend)
                self.changes += [Move(Id(kind, key, moved), after) for moved, after in steps]
                if drift:
                    self.drift.append(Drift(home, Difference(f"order of {name}", was, now)))

    # -- in the order in which people are told

    def told(self, renames: tuple[Rename, ...]) -> tuple[Change, ...]:
        sheets = {sheet.key: index for index, sheet in enumerate(self.desired.sheets)}
        places = {one: index for index, one in enumerate(self.wanted)}

        def place(change: Change) -> tuple[int, int, int]:
            one = change.new if isinstance(change, Rename) else change.id
            home = sheets.get(one.sheet, len(sheets)) if one.sheet else (len(sheets) + 1 if one.kind == "name" else -1)
            return home, _KINDS.index(one.kind), places.get(one, len(places))

        self.drift.sort(key=lambda drift: place(Delete(drift.id)))
        changes = sorted((change for change in (*renames, *self.changes) if not isinstance(change, Move)), key=place)
        # Moves follow each other: each says after which one it stands once those before it are made.
        steps = [change for change in self.changes if isinstance(change, Move)]
        return tuple(sorted([*changes, *steps], key=lambda change: place(change)[:2]))
