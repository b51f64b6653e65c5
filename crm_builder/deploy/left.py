"""What reads back otherwise than an apply wanted it: nothing, unless people edited meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crm_builder.deploy.gentle import by_number
from crm_builder.deploy.lost_rows import with_rows
from crm_builder.deploy.plan import Prepared
from crm_builder.model import Workbook
from crm_builder.plan import Create, Id, Mend, compare, things
from crm_builder.sheets import Layout
from crm_builder.sheets.places import without_gone_rows


def left_of(prepared: Prepared, found: Workbook) -> list[str]:
    """What is not as the plan wants it, beside what it leaves as people made it and what it refuses."""
    known = {(one.id, _unit(one.difference.name)) for one in prepared.plan.drift}
    coming = {one.id for one in prepared.plan.changes if isinstance(one, Mend) and one.what == "rows"}
    layout = with_rows(prepared.seen.layout, coming)
    untold = {one.id for one in prepared.plan.refusals} | prepared.plan.held | set(_untold(prepared.desired, layout))
    # A new item goes into cells that people may have dressed: their looks stay.
    placed = {one.id for one in prepared.plan.changes if isinstance(one, Create) and one.id.kind == "item"}
    wanted = without_gone_rows(prepared.desired, layout)
    return [
        f"{one.id}: {one.difference.name or 'is gone'}"
        for one in compare(wanted, found, wanted).drift
        if (one.id, _unit(one.difference.name)) not in known
        and one.id not in untold
        # What is taken back stays where people have it.
        and not (prepared.seen.observed.adopted and one.difference.name.startswith("order of "))
        and not (one.id in placed and one.difference.name.partition(".")[2] not in ("", "value", "formula"))
    ]


def _untold(desired: Workbook, layout: Layout) -> Iterator[Id]:
    """What stands where people deleted or moved rows, so that it is not written or cannot be told apart again."""
    for one, thing in things(desired).items():
        place = layout.places.get(one.sheet)
        if by_number(one, thing):
            yield one
        elif place is None or not place.lines:
            continue
        elif (
            # Which of the empty rows of a view is which cannot be told, nor where a chart is in rows without order.
            one.kind == "height"
            or (one.kind in ("chart", "slicer") and place.moved)
            # What is written into a row that people moved among others may be all that it was known by.
            or row_of(one, thing) in place.gone | place.moved
            # Rows that people moved apart are not joined.
            or (one.kind == "merge" and not place.adjoin(thing.first_row, thing.last_row or thing.first_row))
        ):
            yield one


def _unit(name: str) -> str:
    """A property of a thing, where value, formula and link are one: the content of a cell."""
    stem, dot, last = name.rpartition(".")
    return f"{stem}{dot}content" if last in ("value", "formula", "link") else name


def row_of(one: Id, thing: Any) -> int | None:
    """The row of a view or helper that a cell or a height stands for, or at which something begins."""
    match one.kind:
        case "cell":
            return thing.row
        case "chart" | "slicer":
            return thing.place.row
        case "height":
            return thing[0]
        case "merge":
            return thing.first_row
    return None
