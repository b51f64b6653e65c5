"""What can be broken in a CRM that people live in, and how it is told: what is wrong, where, and what `repair` does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm_builder.plan.changes import Id
from crm_builder.plan.words import count, places_text

Span = tuple[str, int, int]  # column, first line, the line after the last; 0-based lines of the grid


@dataclass(frozen=True, slots=True)
class Fragments:
    """A conditional rule that pasting has cut: it stands in `pieces`, or holds for less than it shall."""

    id: Id
    pieces: int


@dataclass(frozen=True, slots=True)
class BrokenName:
    """A named range that is gone or has lost its cells."""

    id: Id


@dataclass(frozen=True, slots=True)
class BrokenFormula:
    """A formula of ours in which a reference was lost (`#REF!`)."""

    id: Id


@dataclass(frozen=True, slots=True)
class TypedOver:
    """A formula that people typed over: values where it spills, or in its own cell (`gone`).

    `places` are the addresses of all that was typed, `spans` where it is to be emptied so that the formula fills it.
    """

    id: Id
    cells: int
    places: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class LostValidation:
    """Cells that do not accept any more what they shall: their dropdown was lost or is another."""

    id: Id
    cells: int
    places: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Something computed or of ours alone that was deleted, or a thing that `needed` others of ours speak of."""

    id: Id
    needed: int = 0


@dataclass(frozen=True, slots=True)
class LostHeader:
    """The header row of a table was deleted, or is there and empty."""

    id: Id
    empty: bool = False


@dataclass(frozen=True, slots=True)
class LostRows:
    """Rows of a helper sheet were deleted."""

    id: Id
    rows: int


@dataclass(frozen=True, slots=True)
class LostMarks:
    """The marks by which things are known were deleted; `places` are the titles of the sheets that lack any."""

    id: Id
    places: tuple[str, ...]


Damage = (
    LostMarks | LostHeader | LostRows | Fragments | BrokenName | BrokenFormula | TypedOver | LostValidation | Missing
)
Titles = Callable[[Id], str]  # what people call a sheet, column or other thing


def sentence(damage: Damage, titles: Titles) -> str:
    """One sentence: what is wrong, and what `repair` will do."""
    name = titles(damage.id)
    match damage:
        case LostMarks(places=places):
            where = places_text(places) or "font and size"
            return f"{name}: marks that tell what is ours were deleted ({where}); repair sets them again"
        case LostHeader(empty=True):
            return f"{name}: its header is empty; repair writes it again"
        case LostHeader():
            return f"{name}: its header row was deleted; repair puts it above the rows again"
        case LostRows(rows=rows):
            return f"{name}: {count(rows, 'row')} of it deleted; repair puts {'it' if rows == 1 else 'them'} back"
        case Fragments(pieces=pieces):
            state = f"lies in {pieces} pieces" if pieces > 1 else "no longer covers all of its cells"
            return f"{name}: {state}; repair gives it its whole area again"
        case BrokenName():
            return f"{name}: it has lost its cells; repair gives them back"
        case BrokenFormula():
            return f"{name}: its formula has lost what it speaks of (#REF!); repair writes it anew"
        case TypedOver(gone=False, cells=cells) if damage.id.kind == "sheet":
            text = f"{name}: {count(cells, 'cell')} {'repeats' if cells == 1 else 'repeat'} what stands elsewhere in it"
            return f"{text} ({places_text(damage.places)}); repair empties them"
        case TypedOver(gone=False, cells=cells):
            return f"{name}: {count(cells, 'value')} typed over it ({places_text(damage.places)}); repair empties them"
        case TypedOver(cells=0):
            return f"{name}: its formula is gone; repair writes it anew"
        case TypedOver(cells=cells):
            text = f"{name}: its formula is gone, {count(cells, 'value')} typed over it ({places_text(damage.places)})"
            return f"{text}; repair puts it back in their place"
        case LostValidation(cells=cells):
            if damage.id.kind == "cell":
                return f"{name}: it lost what it accepts; repair sets it again"
            text = f"{count(cells, 'cell')} lost what {'it accepts' if cells == 1 else 'they accept'}"
            return f"{name}: {text} ({places_text(damage.places)}); repair sets it again"
        case Missing(needed=0):
            return f"{name}: it was deleted; repair makes it anew"
        case Missing(needed=needed):
            return f"{name}: it was deleted, and {count(needed, 'formula')} need it; repair makes it anew, empty"


def damage_data(damage: Damage) -> dict[str, Any]:
    """The same for machines."""
    kind = "".join(f"_{one.lower()}" if one.isupper() else one for one in type(damage).__name__).lstrip("_")
    one = damage.id
    data: dict[str, Any] = {"damage": kind, "id": str(one), "kind": one.kind, "sheet": one.sheet, "key": one.key}
    for name in ("pieces", "rows", "cells", "gone", "needed", "empty"):
        if hasattr(damage, name):
            data[name] = getattr(damage, name)
    if isinstance(damage, LostMarks | TypedOver | LostValidation):
        data["places"] = list(damage.places)
    return data
