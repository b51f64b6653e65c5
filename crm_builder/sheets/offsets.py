"""Pivot tables and slicers count the columns of their source: how far each one stands from its first column."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Pivot, Sheet, Slicer
from crm_builder.sheets.areas import offset_in
from crm_builder.sheets.layout import Layout

Json = dict[str, Any]
Offsets = tuple[tuple[str, tuple[int, ...]], ...]  # `pivot stages` or `slicer stage`, and where its columns stand


def offsets_of(sheet: Sheet, layout: Layout) -> Offsets:
    """Those of all pivot tables and slicers of a sheet, but for one that speaks of a column that is not there."""
    found = []
    for name, thing in ((f"{_kind(one)} {one.key}", one) for one in (*sheet.pivots, *sheet.slicers)):
        try:
            found.append((name, _offsets(thing, layout)))
        except KeyError:
            continue
    return tuple(found)


def _kind(thing: Pivot | Slicer) -> str:
    return "pivot" if isinstance(thing, Pivot) else "slicer"


def _offsets(thing: Pivot | Slicer, layout: Layout) -> tuple[int, ...]:
    if isinstance(thing, Slicer):
        return (offset_in(thing.area, thing.column, layout),)
    groups = (*thing.rows, *thing.columns, *thing.values)
    filters = sorted(offset_in(thing.source, one.column, layout) for one in thing.filters)
    return (*(offset_in(thing.source, one.column, layout) for one in groups), *filters)


def pivot_offsets(data: Json) -> tuple[int, ...]:
    """The same of the JSON of a pivot table."""
    groups = [one for name in ("rows", "columns", "values") for one in data.get(name, ())]
    if "filterSpecs" in data:
        filters = [one.get("columnOffsetIndex", 0) for one in data["filterSpecs"]]
    else:
        filters = [int(offset) for offset in data.get("criteria", {})]
    return (*(one.get("sourceColumnOffset", 0) for one in groups), *sorted(filters))


def slicer_offsets(data: Json) -> tuple[int, ...]:
    """The same of the JSON of a slicer."""
    return (data.get("spec", {}).get("columnIndex", 0),)
