"""What happens to the columns and rows of one sheet, and where each column stands afterwards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm_builder.sheets.layout import FOREIGN, Place

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shift:
    """The requests that bring a sheet's grid into its new order, and the place that it then is.

    `stirred`: columns were added, moved or deleted. `loose`: what spans the whole width may have lost its end, and
    after a move any area of several columns. `grown`: rows that were added at the end. `headed`: a line for the header
    was inserted above all others.
    """

    place: Place
    requests: tuple[Json, ...] = ()
    stirred: bool = False
    moved: bool = False
    edge: bool = False
    grown: int = 0
    headed: bool = False


def shift_columns(
    place: Place,
    wanted: Sequence[str],
    created: Collection[str] = (),
    moved: Collection[str] = (),
    deleted: Collection[str] = (),
    rows: int = 0,
    headless: bool = False,
) -> Shift:
    """`wanted` are the keys of ours in the order that they shall have; foreign columns keep their order among all.

    Each request is written for the grid as those before it leave it. `headless`: people deleted
    the header of a table, and a line for it is inserted first.
    """
    requests: list[Json] = []
    if headless:
        top = {"sheetId": place.sheet_id, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
        requests.append({"insertDimension": {"range": top, "inheritFromBefore": False}})
        place = replace(place, rows=place.rows + 1, shift=0)
    grown = max(0, rows - place.rows)
    if grown:
        requests.append({"appendDimension": {"sheetId": place.sheet_id, "dimension": "ROWS", "length": grown}})
    order = [place.column_key(index) for index in range(place.width)]
    edges = _edges(order, wanted)
    for key in sorted(deleted, key=place.column, reverse=True):
        requests.append({"deleteDimension": {"range": _span(place, order.index(key))}})
        order.remove(key)
    for number, key in enumerate(wanted):
        before = wanted[number - 1] if number else None
        if key in created:
            at = _after(order, before, wanted)
            requests.append(_insert(place, at, len(order)))
            order.insert(at, key)
        elif key in moved:
            source, at = order.index(key), _after(order, before, [one for one in wanted if one != key])
            if at not in (source, source + 1):
                # The destination counts before the column is taken out (documented).
                requests.append({"moveDimension": {"source": _span(place, source), "destinationIndex": at}})
                order.pop(source)
                order.insert(at - (at > source), key)
    stirred = order != [place.column_key(index) for index in range(place.width)]
    columns = {key: index for index, key in enumerate(order) if key != f"{FOREIGN}{index}"}
    after = replace(place, columns=columns, width=len(order), rows=place.rows + grown)
    edge = stirred and _edges(order, wanted) != edges
    return Shift(after, tuple(requests), stirred, stirred and bool(moved), edge, grown, headless)


def _after(order: Sequence[str], before: str | None, ours: Collection[str]) -> int:
    """The index right after the predecessor; for the first of all, that of the first of ours."""
    if before is not None:
        return order.index(before) + 1
    return next((index for index, key in enumerate(order) if key in ours), 0)


def _edges(order: Sequence[str], wanted: Collection[str]) -> tuple[str, ...]:
    ours = [key for key in order if key in wanted]
    return (ours[0], ours[-1]) if ours else ()


def _insert(place: Place, at: int, width: int) -> Json:
    if at == width:
        return {"appendDimension": {"sheetId": place.sheet_id, "dimension": "COLUMNS", "length": 1}}
    # The column on the left lends its width and its formats, which are then written over, all of them.
    return {"insertDimension": {"range": _span(place, at), "inheritFromBefore": at > 0}}


def _span(place: Place, index: int) -> Json:
    return {"sheetId": place.sheet_id, "dimension": "COLUMNS", "startIndex": index, "endIndex": index + 1}


def with_gone_rows(place: Place) -> Shift:
    """Rows that people deleted are inserted where they stood."""
    requests: list[Json] = []
    lines = {}
    for row, line in sorted(place.lines.items()):
        lines[row] = line + len(requests)
        if row in place.gone:
            span = {"sheetId": place.sheet_id, "dimension": "ROWS"}
            span |= {"startIndex": lines[row], "endIndex": lines[row] + 1}
            requests.append({"insertDimension": {"range": span, "inheritFromBefore": lines[row] > 0}})
    more = len(requests)
    after = replace(place, rows=place.rows + more, lines=lines, gone=frozenset(), shift=place.shift + more)
    return Shift(after, tuple(requests))


def span_of(place: Place, key: str) -> Json:
    """The DimensionRange of one column."""
    return _span(place, place.column(key))
