"""What of the drift is damage: broken by accident, not changed on purpose; with what only the deep look shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from crm_builder.model import Sheet, Workbook
from crm_builder.plan import Drift, Id, Plan, compare
from crm_builder.plan.repairs import homes_of
from crm_builder.plan.rewrite import Needs, needs_of
from crm_builder.plan.things import Things, things
from crm_builder.sheets.damage import (
    BrokenFormula,
    BrokenName,
    Damage,
    Fragments,
    LostHeader,
    LostMarks,
    LostRows,
    LostValidation,
    Missing,
    TypedOver,
)
from crm_builder.sheets.deep import Deep, address, lost_validations, typed_over
from crm_builder.sheets.lost import titles_of
from crm_builder.sheets.read import Observed

_LOST = "#REF!"
_SPEAKING = ("cell", "item", "column", "chart", "pivot")  # kinds that show an error where what they speak of is gone


@dataclass(frozen=True)
class Diagnosis:
    """`base` is the healthy workbook, under the keys that the spreadsheet has now; `desired` what is described.

    `plan` is that of what people changed of the healthy one; `damage` is what of it is broken, and what it cannot say.
    """

    base: Workbook
    desired: Workbook
    observed: Observed
    plan: Plan
    damage: tuple[Damage, ...] = ()

    @cached_property
    def things(self) -> Things:
        return things(self.base)


def header_of(drift: Drift, known: Things) -> str:
    """The table whose lost header would show so: by what it said, how it looked, and what began at it; or empty."""
    one, name = drift.id, drift.difference.name
    if one.kind == "column":
        said = name in ("title", "formula", "note") and not drift.difference.after
        shows = said or name.startswith("header.")
    elif name:
        shows = name in ("area", "areas", "criteria", "header_height", "frozen_rows")
    else:
        shows = one.kind in ("protection", "filter", "banding", "name")
    home = known[one].area.sheet if one.kind == "name" and one in known else one.sheet
    return home if shows else ""


def diagnose(observed: Observed, base: Workbook, desired: Workbook, deep: Deep) -> Diagnosis:
    plan = compare(base, observed.workbook, base)
    found = Diagnosis(base, desired, observed, plan)
    damage = [*_Look(found, deep).damage()]
    return replace(found, damage=tuple(sorted(damage, key=lambda one: _place(one.id, base))))


def _place(one: Id, base: Workbook) -> tuple[int, Id]:
    order = [sheet.key for sheet in base.sheets]
    return (order.index(one.sheet) if one.sheet in order else len(order), one)


@dataclass
class _Look:
    diagnosis: Diagnosis
    deep: Deep
    gone: set[Id] = field(default_factory=set)  # sheets and columns
    coming: set[Id] = field(default_factory=set)  # those of them that are damage

    def damage(self) -> Iterator[Damage]:
        one = self.diagnosis
        self.base, self.desired = one.things, things(one.desired)
        self.found = things(one.plan.observed or one.observed.workbook)
        self.needs = {key: needs_of(thing, key.sheet) for key, thing in self.base.items() if key.kind in _SPEAKING}
        drift = [one for one in one.plan.drift if self._counts(one.id)]
        self.gone = {one.id for one in drift if not one.difference.name and one.id.kind in ("sheet", "column")}
        missing = [*self._missing()]
        self.coming = {one.id for one in missing}
        yield from missing
        if unmarked := one.observed.unmarked:
            yield LostMarks(Id("workbook"), titles_of(unmarked, one.observed.layout))
        headers = self._headers()
        yield from headers.values()
        drift = [
            one
            for one in drift
            if one.id.sheet not in headers or one.id.kind != "column" or not header_of(one, self.base)
        ]
        shorter = self._shorter()
        yield from (LostRows(Id("sheet", sheet), rows) for sheet, rows in shorter.items())
        drift = [one for one in drift if one.id.sheet not in shorter and self._home(one.id) not in shorter]
        looked = {one.id: one for one in self._deep()}
        for change in drift:
            if change.id not in self.gone and self._stands(change.id):
                for damage in self._drifted(change, looked.get(change.id)):
                    if isinstance(damage, TypedOver) or not self._follows(damage.id):
                        looked[damage.id] = damage
        for sheet, rule in one.observed.fragments:
            key = Id("rule", sheet, rule)
            pieces = len(one.observed.fragments[sheet, rule])
            known = key in self.base and self._counts(key) and self._stands(key)
            if known and (pieces > 1 or not self._follows(key)):
                looked.setdefault(key, Fragments(key, pieces))
        yield from looked.values()

    def _counts(self, one: Id) -> bool:
        """Whether the description still has the thing, and it is not as described already."""
        return one.kind == "workbook" or (one in self.desired and self._unlike(one))

    def _unlike(self, one: Id) -> bool:
        now = self.found.get(one)
        return now is None or now != self.desired[one] or one.kind == "rule"

    def _stands(self, one: Id) -> bool:
        """Whether all that the thing speaks of is there, or comes back."""
        return one in self.base and not (homes_of(one, self.base[one]) & self.gone) - self.coming

    def _follows(self, one: Id) -> bool:
        """Whether it is broken since what it speaks of is missing, with which it comes back."""
        return bool(homes_of(one, self.base[one]) & self.coming)

    def _headers(self) -> dict[str, LostHeader]:
        """Tables of which people deleted or emptied the header."""
        places = self.diagnosis.observed.layout.places
        tables = [one for one in self.diagnosis.base.sheets if one.kind == "table" and one.key in places]
        lost = {one.key: LostHeader(Id("sheet", one.key)) for one in tables if places[one.key].shift < 0}
        empty = [one for one in tables if one.key not in lost and self._is_emptied(one)]
        return lost | {one.key: LostHeader(Id("sheet", one.key), empty=True) for one in empty}

    def _is_emptied(self, sheet: Sheet) -> bool:
        """Whether half of the titles are gone, or any together with the rows in view: as an apply leaves a table whose
        header row was deleted, to which it added a column with its title."""
        there = [Id("column", sheet.key, one.key) for one in sheet.columns if one.title or one.formula]
        there = [one for one in there if one in self.found]
        blank = sum(not self.found[one].title and self.found[one].formula is None for one in there)
        home = self.found[Id("sheet", sheet.key)]
        return blank > 0 and (2 * blank >= len(there) or home.frozen_rows < sheet.frozen_rows)

    def _shorter(self) -> dict[str, int]:
        """Helper sheets of which rows were deleted, and how many."""
        places = self.diagnosis.observed.layout.places
        helpers = [sheet.key for sheet in self.diagnosis.base.sheets if sheet.kind == "helper"]
        return {key: len(places[key].gone) for key in helpers if key in places and places[key].gone}

    def _home(self, one: Id) -> str:
        return self.base[one].area.sheet if one.kind == "name" and one in self.base else one.sheet

    # -- what is gone

    def _missing(self) -> Iterator[Missing]:
        for home in sorted(self.gone):
            if self._kind(home.sheet) == "helper" or (home.kind == "column" and self.base[home].formula):
                yield Missing(home)
            elif needed := sum(self._needs(one, needs, home) for one, needs in self.needs.items()):
                yield Missing(home, needed)

    def _needs(self, one: Id, needs: Needs, home: Id) -> bool:
        if one not in self.found or one == home:
            return False
        if needs.words & self._names(home):
            return True
        if home.kind == "sheet":
            return home.sheet in needs.sheets and one.sheet != home.sheet
        return (home.sheet, home.key) in needs.columns and one.kind != "cell"

    def _names(self, home: Id) -> set[str]:
        return {
            name.name
            for name in self.diagnosis.base.names
            if name.area.sheet == home.sheet and home.key in ("", name.area.first_column)
        }

    def _kind(self, sheet: str) -> str:
        return self.base[Id("sheet", sheet)].kind

    # -- what drifted

    def _drifted(self, drift: Drift, known: Damage | None) -> Iterator[Damage]:
        one, difference = drift.id, drift.difference
        name = difference.name.rpartition(".")[2]
        if not difference.name:
            if one.kind == "name":
                yield BrokenName(one)
            elif one.kind == "cell" and self._kind(one.sheet) == "helper" and self._line(one) is not None:
                yield Missing(one)
        elif one.kind == "rule" and name == "areas":
            pieces = self.diagnosis.observed.fragments.get((one.sheet, one.key), ())
            yield Fragments(one, max(1, len(pieces)))
        elif name in ("formula", "value") and one.kind in ("cell", "item", "column"):
            yield from self._content(drift, known)
        elif name == "validation" and one.kind in ("cell", "item"):
            place = self._address(one)
            if place is not None:
                yield LostValidation(one, 1, (place,))

    def _content(self, drift: Drift, known: Damage | None) -> Iterator[Damage]:
        one, before, after = drift.id, drift.difference.before, drift.difference.after
        if isinstance(after, str) and after.startswith("=") and _LOST in after:
            yield BrokenFormula(one)
        elif before is None or (one.kind == "item") or self._kind(one.sheet) == "view":
            return
        elif one.kind == "column" and after is not None:
            return  # another formula of their own
        elif one.kind == "column" or (one.kind == "cell" and self._kind(one.sheet) == "helper"):
            now, place = self.found[one], self._address(one)
            typed = now.title != self.base[one].title if one.kind == "column" else now.value is not None
            typed = typed and bool(now.title if one.kind == "column" else True)
            if one.kind == "cell" and not typed:
                yield Missing(one)
                return
            held = known if isinstance(known, TypedOver) else TypedOver(one, 0)
            places = ((place,) if typed and place else ()) + held.places
            yield TypedOver(one, held.cells + typed, places, held.spans, True)

    def _address(self, one: Id) -> str | None:
        """Where the thing stands; None where its row is gone."""
        line = self._line(one)
        thing = self.found[one]
        key = one.key if one.kind == "column" else next(iter(thing)) if one.kind == "item" else thing.column
        place = self.diagnosis.observed.layout.place(one.sheet)
        return None if line is None or key not in place.columns else address(place.columns[key], line)

    def _line(self, one: Id) -> int | None:
        place = self.diagnosis.observed.layout.place(one.sheet)
        if one.kind == "item":
            return self.diagnosis.observed.item_lines.get((one.sheet, one.key))
        row = 1 if one.kind == "column" else self.base[one].row
        return None if row in place.gone else place.line(row)

    # -- what only the deep look shows

    def _deep(self) -> Iterator[Damage]:
        observed = self.diagnosis.observed
        wanted = {sheet.key: sheet for sheet in self.diagnosis.desired.sheets}
        for sheet in self.diagnosis.base.sheets:
            if sheet.key not in observed.layout.places or sheet.key not in wanted:
                continue
            computed = {column.key for column in wanted[sheet.key].columns if column.formula}
            for over in typed_over(sheet, self.deep, observed):
                if over.id.kind != "column" or over.id.key in computed:
                    yield over
            if sheet.kind == "table":
                for lost, alike in lost_validations(sheet, wanted[sheet.key], self.deep, observed):
                    if not alike:
                        yield lost
