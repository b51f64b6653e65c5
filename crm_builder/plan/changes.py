"""What a plan is made of: typed changes. Report, safety, digest and compiler all read these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crm_builder.model import Workbook

Kind = Literal[
    "workbook", "sheet", "column", "cell", "item", "rule", "banding", "filter", "view", "protection", "merge", "height",
    "chart", "pivot", "slicer", "name", "mark",
]  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Id:
    """What a thing is known by, whatever it is called and wherever it stands."""

    kind: Kind
    sheet: str = ""  # empty for the workbook, its names and its marks
    key: str = ""

    def __str__(self) -> str:
        """The way people write it: `customers.phone`, `customers`, `dashboard.chart trend`."""
        if self.kind in ("sheet", "workbook"):
            return self.sheet or "workbook"
        named = self.key if self.kind == "column" else f"{self.kind} {self.key}".rstrip()
        return f"{self.sheet}.{named}" if self.sheet else named


@dataclass(frozen=True, slots=True)
class Difference:
    """One property of a thing, and its value on two sides."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Create:
    """Something new; `thing` is as it will be.

    `twin`: people have a column of that title there, such as the values that a computed one left when it was forgotten.
    """

    id: Id
    thing: Any
    twin: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """Something that is there gets other properties; `thing` is as it will be, what people changed of it included."""

    id: Id
    thing: Any
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Rename:
    """Something goes on under another key, by a `was` of the description.

    A choice of a column's own, `size/Large`, is known by its title; so many `cells` hold it and follow.
    """

    id: Id
    new: Id
    cells: int | None = None  # None for all else


@dataclass(frozen=True, slots=True)
class Move:
    """A sheet, column or rule goes to stand right after another of ours that is there; None = before all of them."""

    id: Id
    after: str | None


@dataclass(frozen=True, slots=True)
class Forget:
    """It left the description: what is there stays, and is from now on the users' own."""

    id: Id
    title: str = ""


@dataclass(frozen=True, slots=True)
class Delete:
    """It goes. `asked`: the description says so in so many words, since people may have typed into it."""

    id: Id
    asked: bool = False
    title: str = ""
    cells: int = 0  # how many cells hold data of people


@dataclass(frozen=True, slots=True)
class Mend:
    """Something that is as described, and broken nevertheless.

    `clear`: typed values that keep a formula from filling its column go. `accept`: what cells accept is set again.
    `rows`: rows of a sheet of ours alone come back. `again`: the thing is written anew as it is. `marks`: those that
    tell what is ours are set again. `compute`: values that a formula left when it was forgotten go, as it fills these
    cells again. `apart`: an area that people merged over cells of ours is taken apart; its spans are the first and the
    last of its columns.
    `spans`: (column, first line, the line after the last), 0-based lines of the grid as it was observed. `places` are
    the same for people, such as `H5:H7`.
    """

    id: Id
    what: Literal["clear", "accept", "rows", "again", "marks", "compute", "apart"]
    cells: int = 0  # how many typed values go, or how many cells accept again what they shall
    spans: tuple[tuple[str, int, int], ...] = ()
    places: tuple[str, ...] = ()
    thing: Any = None


Change = Create | Update | Rename | Move | Forget | Delete | Mend


@dataclass(frozen=True, slots=True)
class Drift:
    """What people changed and the description did not ask for: it stays. An empty `name` means the thing is gone."""

    id: Id
    difference: Difference


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that is not made: why, how many cells hold data there, and what to write instead."""

    id: Id
    reason: str
    cells: int
    way: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a description says about changes, beside what it describes."""

    renames: dict[Id, Id] = field(default_factory=dict)  # former → new
    deletes: frozenset[Id] = frozenset()
    accepts: frozenset[str] = frozenset()  # risks taken knowingly, such as "currency"
    repairs: frozenset[Id] | Literal["all"] = frozenset()  # drift that is to be mended
    only: Mapping[Id, frozenset[str]] = field(default_factory=dict)  # of these, the properties that are to be mended


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes in the order in which they are told, what stays as people made it, and what cannot be done.

    `result` is the workbook as it stands once the changes are made: the observed one with them, drift included.
    """

    changes: tuple[Change, ...]
    drift: tuple[Drift, ...]
    refusals: tuple[Refusal, ...]
    result: Workbook
    digest: str = ""
    observed: Workbook | None = field(default=None, repr=False)  # what is there, under the new keys
    baseline: Workbook | None = field(default=None, repr=False)  # what was applied last, under the new keys
    held: frozenset[Id] = frozenset()  # what stays as it was applied last, since its change is refused

    @property
    def empty(self) -> bool:
        return not self.changes and not self.refusals
