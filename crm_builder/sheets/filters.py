"""BasicFilter and FilterView ↔ their JSON; criteria by column ↔ filterSpecs (older answers: criteria)."""

from __future__ import annotations

from typing import Any

from crm_builder.model import Area, BasicFilter, Criterion, FilterView, SortKey
from crm_builder.sheets import ids
from crm_builder.sheets.areas import decode_range, encode_range
from crm_builder.sheets.conditions import Frame, decode_condition, encode_condition
from crm_builder.sheets.layout import Layout, NotOursError

Json = dict[str, Any]


def encode_basic_filter(basic: BasicFilter, layout: Layout) -> Json:
    return _encode(basic, layout)


def decode_basic_filter(data: Json, layout: Layout) -> BasicFilter:
    area, criteria, sort = _decode(data, layout)
    return BasicFilter(area, criteria, sort)


def encode_view(view: FilterView, layout: Layout, sheet: str) -> Json:
    return {
        "filterViewId": ids.view_id(layout.place(sheet).stem, view.key),
        "title": view.title,
        **_encode(view, layout),
    }


def decode_view(data: Json, layout: Layout, key: str) -> FilterView:
    area, criteria, sort = _decode(data, layout)
    return FilterView(key, data.get("title", ""), area, criteria, sort)


def set_basic_filter(basic: BasicFilter, layout: Layout) -> Json:
    return {"setBasicFilter": {"filter": encode_basic_filter(basic, layout)}}


def add_view(view: FilterView, layout: Layout, sheet: str) -> Json:
    return {"addFilterView": {"filter": encode_view(view, layout, sheet)}}


def _frame(sheet: str, top: int, layout: Layout) -> Frame:
    """The first line (0-based) of a filter's range is its header: relative references are written for the row below."""
    return Frame(layout, sheet, top + 2)


def _encode(held: BasicFilter | FilterView, layout: Layout) -> Json:
    place = layout.place(held.area.sheet)
    frame = _frame(place.key, place.line(held.area.first_row), layout)
    data: Json = {"range": encode_range(held.area, layout)}
    if held.criteria:
        data["filterSpecs"] = [
            {"columnIndex": place.column(criterion.column), "filterCriteria": _encode_criterion(criterion, frame)}
            for criterion in held.criteria
        ]
    if held.sort:
        data["sortSpecs"] = [
            {
                "dimensionIndex": place.column(key.column),
                "sortOrder": "DESCENDING" if key.descending else "ASCENDING",
            }
            for key in held.sort
        ]
    return data


def _encode_criterion(criterion: Criterion, frame: Frame) -> Json:
    data: Json = {}
    if criterion.condition is not None:
        data["condition"] = encode_condition(criterion.condition, frame)
    if criterion.hidden:
        data["hiddenValues"] = list(criterion.hidden)
    return data


def _decode(data: Json, layout: Layout) -> tuple[Area, tuple[Criterion, ...], tuple[SortKey, ...]]:
    if "range" not in data:
        raise NotOursError("a filter of a table or a named range")
    area = decode_range(data["range"], layout)
    place = layout.place(area.sheet)
    frame = _frame(area.sheet, data["range"].get("startRowIndex", place.line(area.first_row)), layout)
    if "filterSpecs" in data:
        pairs = [(spec.get("columnIndex", 0), spec.get("filterCriteria", {})) for spec in data["filterSpecs"]]
    else:
        pairs = [(int(index), criteria) for index, criteria in data.get("criteria", {}).items()]
    criteria = []
    for index, found in sorted(pairs, key=lambda pair: pair[0]):
        condition = decode_condition(found["condition"], frame) if "condition" in found else None
        if condition is not None or found.get("hiddenValues"):
            criteria.append(Criterion(place.column_key(index), condition, tuple(found.get("hiddenValues", ()))))
    sort = tuple(
        SortKey(place.column_key(spec.get("dimensionIndex", 0)), spec.get("sortOrder") == "DESCENDING")
        for spec in data.get("sortSpecs", ())
    )
    return area, tuple(criteria), sort
