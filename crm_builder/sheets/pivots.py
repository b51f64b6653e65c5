"""Pivot ↔ PivotTable, which stands in the top left cell of what it shows. The service gives it no identity."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crm_builder.model import Area, Condition, Criterion, Pivot, PivotGroup, PivotValue
from crm_builder.sheets import ids
from crm_builder.sheets.areas import column_at, decode_source, encode_block, offset_in
from crm_builder.sheets.conditions import Frame, decode_condition, encode_condition
from crm_builder.sheets.layout import Layout, NotOursError

Json = dict[str, Any]

_NO_ROW = 0  # a filter's references are absolute (documented), so none stands for a column of the source


def canonical_pivot(
    pivot: Pivot, area: Callable[[Area], Area], condition: Callable[[Condition], Condition], order: dict[str, int]
) -> Pivot:
    """A pivot table as reading gives it back; `order`: where the columns of its source stand, but for people's own."""
    filters = (replace(one, condition=condition(one.condition)) for one in pivot.filters if one.condition)
    return replace(
        pivot,
        source=area(pivot.source),
        filters=tuple(sorted(filters, key=lambda one: order.get(one.column, len(order)))),
    )


def encode_pivot(pivot: Pivot, layout: Layout) -> Json:
    data: Json = {
        "source": encode_block(pivot.source, layout),
        "values": [_encode_value(value, pivot.source, layout) for value in pivot.values],
        "valueLayout": "HORIZONTAL",
    }
    for name, groups in (("rows", pivot.rows), ("columns", pivot.columns)):
        if groups:
            data[name] = [_encode_group(group, pivot.source, layout) for group in groups]
    if pivot.filters:
        frame = Frame(layout, pivot.source.sheet, _NO_ROW)
        data["filterSpecs"] = [_encode_filter(one, pivot.source, frame) for one in pivot.filters]
    return data


def _encode_group(group: PivotGroup, source: Area, layout: Layout) -> Json:
    data: Json = {
        "sourceColumnOffset": offset_in(source, group.column, layout),
        "sortOrder": "DESCENDING" if group.descending else "ASCENDING",
    }
    if group.totals:
        data["showTotals"] = True
    if group.title:
        data["label"] = group.title
    if group.by is not None:
        data["valueBucket"] = {"valuesIndex": group.by}
    return data


def _encode_value(value: PivotValue, source: Area, layout: Layout) -> Json:
    return {
        "sourceColumnOffset": offset_in(source, value.column, layout),
        "summarizeFunction": value.summary.upper(),
        "name": value.title,
    }


def _encode_filter(criterion: Criterion, source: Area, frame: Frame) -> Json:
    # Without visibleByDefault a filter by condition alone shows nothing (reported).
    criteria: Json = {"visibleByDefault": True}
    if criterion.condition is not None:
        criteria["condition"] = encode_condition(criterion.condition, frame)
    return {"columnOffsetIndex": offset_in(source, criterion.column, frame.layout), "filterCriteria": criteria}


def decode_pivot(data: Json, layout: Layout, key: str, row: int, column: str) -> Pivot:
    """The pivot table at that cell; NotOursError for one that the model cannot express."""
    if "source" not in data:
        raise NotOursError("a pivot table of a data source")
    grid = data["source"]
    return Pivot(
        key,
        row,
        column,
        decode_source(grid, layout),
        rows=tuple(_decode_group(one, grid, layout) for one in data.get("rows", ())),
        values=tuple(_decode_value(one, grid, layout) for one in data.get("values", ())),
        columns=tuple(_decode_group(one, grid, layout) for one in data.get("columns", ())),
        filters=_decode_filters(data, grid, layout),
    )


def _decode_group(data: Json, grid: Json, layout: Layout) -> PivotGroup:
    if "groupRule" in data:
        raise NotOursError("a group of ranges")
    return PivotGroup(
        column_at(grid, data.get("sourceColumnOffset", 0), layout),
        data.get("label", ""),
        descending=data.get("sortOrder") == "DESCENDING",
        totals=data.get("showTotals", False),
        by=data["valueBucket"].get("valuesIndex", 0) if "valueBucket" in data else None,
    )


def _decode_value(data: Json, grid: Json, layout: Layout) -> PivotValue:
    if "formula" in data:
        raise NotOursError("a calculated field")
    column = column_at(grid, data.get("sourceColumnOffset", 0), layout)
    return PivotValue(column, data.get("summarizeFunction", "").lower(), data.get("name", ""))


def _decode_filters(data: Json, grid: Json, layout: Layout) -> tuple[Criterion, ...]:
    """`criteria` is the older spelling; answers hold both (reported)."""
    if "filterSpecs" in data:
        pairs = [(one.get("columnOffsetIndex", 0), one.get("filterCriteria", {})) for one in data["filterSpecs"]]
    else:
        pairs = [(int(offset), criteria) for offset, criteria in data.get("criteria", {}).items()]
    frame = Frame(layout, layout.by_id(grid.get("sheetId", 0)).key, _NO_ROW)
    found = []
    for offset, criteria in sorted(pairs, key=lambda pair: pair[0]):
        if "condition" not in criteria or not criteria.get("visibleByDefault"):
            raise NotOursError("a filter by chosen values")
        found.append(Criterion(column_at(grid, offset, layout), decode_condition(criteria["condition"], frame)))
    return tuple(found)


def anchor_of(pivot: Pivot) -> str:
    return f"{pivot.column} {pivot.row}"


def pivot_digest(pivot: Pivot) -> str:
    """What a pivot table is known by when its place has changed: what it sums up, and by what."""
    groups = [[group.column for group in side] for side in (pivot.rows, pivot.columns)]
    values = [[value.column, value.summary] for value in pivot.values]
    return ids.digest(json.dumps([pivot.source.sheet, groups, values]))


def set_pivot(pivot: Pivot, layout: Layout, sheet: str) -> Json:
    place = layout.place(sheet)
    start = {"sheetId": place.sheet_id, "rowIndex": place.line(pivot.row), "columnIndex": place.column(pivot.column)}
    cell = {"pivotTable": encode_pivot(pivot, layout)}
    return {"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "pivotTable"}}
