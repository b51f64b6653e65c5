"""What hangs on one sheet: banding, filter, views, protections, charts, slicers, pivot tables; updated in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from crm_builder.model import Area, BasicFilter, Chart, Pivot, Sheet, Slicer
from crm_builder.plan.changes import Id, Kind
from crm_builder.sheets import banding, charts, filters, ids, protections, slicers
from crm_builder.sheets.cells import update_cells
from crm_builder.sheets.change.scene import Scene
from crm_builder.sheets.layout import FOREIGN, Layout
from crm_builder.sheets.pivots import set_pivot

Json = dict[str, Any]

_PLACE = "anchorCell,offsetXPixels,offsetYPixels,widthPixels,heightPixels"


@dataclass(frozen=True, slots=True)
class _Family:
    """One kind of thing that the service knows by number, and how each of the three requests is called."""

    kind: Kind
    field: str
    id_of: Callable[[str, str], int]
    encode: Callable[[Any, Layout, str], Json]
    add: Callable[[Any, Layout, str], Json]
    update: tuple[str, str, str]  # request, name of what it holds, fields
    delete: tuple[str, str]  # request, name of the number


_FAMILIES = (
    _Family(
        "banding", "banding", ids.banding_id, banding.encode_banding, banding.add_banding,
        ("updateBanding", "bandedRange", "range,rowProperties"), ("deleteBanding", "bandedRangeId"),
    ),
    _Family(
        "view", "views", ids.view_id, filters.encode_view, filters.add_view,
        ("updateFilterView", "filter", "title,range,criteria,filterSpecs,sortSpecs"),
        ("deleteFilterView", "filterId"),
    ),
    _Family(
        "protection", "protections", ids.protection_id, protections.encode_protection, protections.add_protection,
        ("updateProtectedRange", "protectedRange", "range,description,warningOnly"),
        ("deleteProtectedRange", "protectedRangeId"),
    ),
    _Family(
        "chart", "charts", ids.chart_id, charts.encode_chart, charts.add_chart, ("", "", ""),
        ("deleteEmbeddedObject", "objectId"),
    ),
    _Family(
        "slicer", "slicers", ids.slicer_id, slicers.encode_slicer, slicers.add_slicer, ("", "", ""),
        ("deleteEmbeddedObject", "objectId"),
    ),
)  # fmt: skip


def lost_protections(sheet: Sheet, scene: Scene) -> list[Json]:
    """Deletes those that are aimed elsewhere, or go, before the columns go that they stand on, and take them along."""
    stem = scene.observed.layout.place(scene.former_sheet(sheet.key)).stem
    leaving = {**scene.made("protection", sheet=sheet.key), **scene.unmade("protection", sheet=sheet.key)}
    return [
        {"deleteProtectedRange": {"protectedRangeId": ids.protection_id(stem, one.key)}}
        for one in leaving
        if _doomed(one, scene)
    ]


def _doomed(one: Id, scene: Scene) -> bool:
    """Whether it is a protection on nothing but columns that are deleted."""
    before = scene.things_before.get(one)
    gone = {deleted.key for deleted in scene.unmade("column", sheet=one.sheet)}
    if one.kind != "protection" or before is None or before.area.first_column not in gone:
        return False
    place = scene.observed.layout.place(scene.former_sheet(one.sheet))
    first, last = before.area.first_column, before.area.last_column or before.area.first_column
    if not {first, last} <= place.columns.keys():
        return False
    return all(place.column_key(index) in gone for index in range(place.column(first), place.column(last) + 1))


def restored_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """What the new shape of the grids would cut or aim elsewhere, and what has another number now.

    It belongs to the batch that changes the grids: after a run that was killed in between, it would look as though
    people had changed it.
    """
    requests: list[Json] = []
    old = scene.former_sheet(sheet.key)
    for family in _FAMILIES:
        number, name = family.delete
        kept = {thing.key for thing in getattr(sheet, family.field)}
        for thing in getattr(scene.before.sheet(sheet.key), family.field):
            own = Id(family.kind, old, thing.key)
            later = {new.key for new, was in scene.former.items() if was == own}
            if later & kept or (old != sheet.key and thing.key in kept):
                gone = family.id_of(scene.observed.layout.place(old).stem, thing.key)
                requests.append({number: {name: gone}})
    if sheet.filter and scene.things_before.get(Id("filter", sheet.key)) and scene.loose(sheet.filter.area):
        requests.append(_set_filter(sheet.filter, scene))
    for family in _FAMILIES:
        for thing in getattr(sheet, family.field):
            one = Id(family.kind, sheet.key, thing.key)
            if _reborn(one, scene) or (_doomed(one, scene) and one in scene.updated):
                requests.append(family.add(thing, scene.layout, sheet.key))
            elif one in scene.things_before and _stale(thing, scene):
                requests += _update(family, thing, scene.things_before[one], sheet.key, scene)
    return requests


def hanging_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Deletes, then what is updated in place or new."""
    requests: list[Json] = []
    stem = scene.layout.place(sheet.key).stem
    for family in _FAMILIES:
        number, name = family.delete
        for one, thing in scene.unmade(family.kind, sheet=sheet.key).items():
            if thing is not None and not _doomed(one, scene):
                requests.append({number: {name: family.id_of(stem, one.key)}})
    requests += _filter(sheet, scene)
    for family in _FAMILIES:
        for one, thing in scene.made(family.kind, sheet=sheet.key).items():
            before = scene.things_before.get(one)
            if _reborn(one, scene) or _doomed(one, scene) or (before is not None and _stale(thing, scene)):
                continue  # written along with the grids
            if before is not None or _is_foreign(family, one, stem, scene):
                requests += _update(family, thing, None if scene.again(one) else before, sheet.key, scene)
            else:
                requests.append(family.add(thing, scene.layout, sheet.key))
    return requests


def _is_foreign(family: _Family, one: Id, stem: str, scene: Scene) -> bool:
    """Whether it is there under our number, though people made something of it that the model cannot express."""
    number = f"{FOREIGN}{family.id_of(stem, one.key)}"
    return any(
        (found.sheet, found.kind, found.key) == (one.sheet, one.kind, number) for found in scene.observed.foreign
    )


def _stale(thing: Any, scene: Scene) -> bool:
    """Whether it has to be sent again, since the grid under it changed. Slicers count columns, as pivot tables do."""
    if isinstance(thing, Slicer) and thing.area.sheet in scene.shifts and scene.shifts[thing.area.sheet].stirred:
        return True
    return scene.loose(*_areas(thing))


def _reborn(one: Id, scene: Scene) -> bool:
    """Whether it was there under a number that follows from a former key."""
    if one in scene.former:
        return True
    return one in scene.things_before and scene.former_sheet(one.sheet) != one.sheet


def _update(family: _Family, thing: Any, before: Any, sheet: str, scene: Scene) -> Iterator[Json]:
    data = family.encode(thing, scene.layout, sheet)
    if not isinstance(thing, Chart | Slicer):
        request, name, fields = family.update
        yield {request: {name: data, "fields": fields}}
        return
    number = data["chartId" if isinstance(thing, Chart) else "slicerId"]
    if before is None or replace(before, place=thing.place) != thing or _stale(thing, scene):
        if isinstance(thing, Chart):
            yield {"updateChartSpec": {"chartId": number, "spec": data["spec"]}}
        else:
            fields = "dataRange,columnIndex,applyToPivotTables,title"
            yield {"updateSlicerSpec": {"slicerId": number, "spec": data["spec"], "fields": fields}}
    if before is None or before.place != thing.place:
        moved = {"objectId": number, "newPosition": data["position"], "fields": _PLACE}
        yield {"updateEmbeddedObjectPosition": moved}


def _areas(thing: Any) -> tuple[Area, ...]:
    if isinstance(thing, Chart):
        return (thing.domain, *(one.area for one in thing.series))
    return (thing.area,)


def _filter(sheet: Sheet, scene: Scene) -> list[Json]:
    one = Id("filter", sheet.key)
    if one in scene.unmade("filter", sheet=sheet.key):
        return [{"clearBasicFilter": {"sheetId": scene.layout.place(sheet.key).sheet_id}}]
    made = scene.made("filter", sheet=sheet.key).get(one)
    if made is None or (one in scene.things_before and scene.loose(made.area)):
        return []
    return [_set_filter(made, scene)]


def _set_filter(held: BasicFilter, scene: Scene) -> Json:
    before: BasicFilter | None = scene.things_before.get(Id("filter", held.area.sheet))
    if before is not None and before.sort == held.sort:
        held = replace(held, sort=())  # set again it would sort the rows again, which people have typed into since
    return filters.set_basic_filter(held, scene.layout)


def restored_pivots(sheet: Sheet, scene: Scene) -> list[Json]:
    """Pivot tables count the columns of their source: whenever one came, went or moved, they are written anew."""
    requests = []
    for pivot in sheet.pivots:
        before: Pivot | None = scene.thing_before(Id("pivot", sheet.key, pivot.key))
        if before is not None and _stirred(pivot, scene):
            requests += _set_pivot(pivot, before, sheet, scene)
    return requests


def pivot_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Pivot tables that are new, change or go."""
    requests = []
    for one, pivot in scene.made("pivot", sheet=sheet.key).items():
        before: Pivot | None = scene.thing_before(one)
        if before is None or not _stirred(pivot, scene):
            requests += _set_pivot(pivot, before, sheet, scene)
    for pivot in scene.unmade("pivot", sheet=sheet.key).values():
        requests += _clear(pivot, sheet, scene) if pivot else []
    return requests


def _stirred(pivot: Pivot, scene: Scene) -> bool:
    shift = scene.shifts.get(pivot.source.sheet)
    return shift is not None and (shift.stirred or shift.grown > 0)


def _set_pivot(pivot: Pivot, before: Pivot | None, sheet: Sheet, scene: Scene) -> list[Json]:
    requests = [set_pivot(pivot, scene.layout, sheet.key)]
    if before is not None and (before.row, before.column) != (pivot.row, pivot.column):
        requests += _clear(before, sheet, scene)
    return requests


def _clear(pivot: Pivot, sheet: Sheet, scene: Scene) -> list[Json]:
    place = scene.layout.place(sheet.key)
    if pivot.column not in place.columns:
        return []  # gone along with its column
    return [update_cells(place.sheet_id, place.line(pivot.row), place.column(pivot.column), [[{}]], "pivotTable")]
