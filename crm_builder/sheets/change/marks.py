"""Marks of ownership that come, go and change along with what they stand on; they are found by their place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crm_builder.model import Sheet
from crm_builder.plan.changes import Create, Delete, Forget, Id, Rename
from crm_builder.sheets import ids, marks
from crm_builder.sheets.change.columns import span_of
from crm_builder.sheets.change.scene import Scene
from crm_builder.sheets.layout import Place
from crm_builder.sheets.offsets import offsets_of
from crm_builder.sheets.read import Observed

Json = dict[str, Any]


def former_marks(scene: Scene) -> list[Json]:
    """Marks that go, written for the grids as they were: of what is forgotten, and of what has another key now.

    An id of a mark follows from its key, so that a new key means a new mark.
    """
    requests: list[Json] = []
    for change in scene.changes:
        if isinstance(change, Forget) and change.id.kind == "sheet":
            place = scene.observed.layout.place(scene.former_sheet(change.id.sheet))
            where = {"sheetId": place.sheet_id}
            requests += _renamed(marks.SHEET, marks.FORMER_SHEET, change.id.sheet, where, change.id.sheet)
            requests += [_delete(marks.COLUMN, _on(place, key)) for key in _computed(place, scene)]
    for sheet in scene.kept:
        old = scene.former_sheet(sheet.key)
        place = scene.observed.layout.place(old)
        forgotten = {one.id.key for one in scene.of("column", sheet=sheet.key) if isinstance(one, Forget)}
        for key in _computed(place, scene):
            if key in forgotten:
                requests.append(_delete(marks.COLUMN, _on(place, key)))
                forgotten -= {key}
        for key in sorted(forgotten & place.columns.keys()):
            requests += _renamed(marks.COLUMN, marks.FORMER_COLUMN, key, _on(place, key), sheet.key, key)
        renamed = {one.id.key for one in scene.of("column", sheet=sheet.key) if isinstance(one, Rename)}
        if old != sheet.key:
            requests += [_delete(key, {"sheetId": place.sheet_id}) for key in (marks.SHEET, marks.CONTENTS)]
            renamed = {*_own(place)} - scene.keys("column", sheet.key, Delete) - forgotten
        requests += [_delete(marks.COLUMN, _on(place, key)) for key in sorted(renamed) if key in place.columns]
    return requests


def new_marks(scene: Scene) -> list[Json]:
    """Marks of new columns, and of sheets and columns that have another key now; written for the final grids."""
    requests: list[Json] = []
    for sheet in scene.fresh:
        requests += marks.sheet_marks(sheet, scene.layout)
    for sheet in scene.kept:
        if scene.former_sheet(sheet.key) != sheet.key:
            requests += marks.sheet_marks(sheet, scene.layout)
            continue
        fresh = scene.keys("column", sheet.key, Create)
        fresh |= {one.new.key for one in scene.of("column", sheet=sheet.key) if isinstance(one, Rename)}
        place = scene.layout.place(sheet.key)
        requests += [marks.column_mark(place, key) for key in sorted(fresh, key=place.column)]
    return requests


def contents_request(sheet: Sheet, scene: Scene) -> Json:
    """What hangs on the sheet now, in the mark that the service holds for it."""
    place = scene.layout.place(sheet.key)
    contents = marks.contents_of(replace(sheet, rows=place.rows))
    made = scene.made("pivot", "slicer", sheet=sheet.key)
    # Offsets that people chose themselves are not noted: they are to stay.
    pivots = tuple(one for one in sheet.pivots if one.untouched or Id("pivot", sheet.key, one.key) in made)
    slicers = tuple(one for one in sheet.slicers if one.untouched or Id("slicer", sheet.key, one.key) in made)
    offsets = offsets_of(replace(sheet, pivots=pivots, slicers=slicers), scene.layout)
    types = tuple(typed(sheet, scene).items())
    value = marks.encode_contents(replace(contents, offsets=offsets, types=types))
    return _set(marks.CONTENTS, value, {"sheetId": place.sheet_id})


def typed(sheet: Sheet, scene: Scene) -> dict[str, str]:
    """The types of a table's typed columns; as they were noted where the description does not know them."""
    noted, known = scene.observed.types.get(scene.former_sheet(sheet.key), {}), marks.types_of(sheet)
    columns = [column.key for column in sheet.columns if column.formula is None] if sheet.kind == "table" else []
    types = {key: known.get(key) or noted.get(key, "") for key in columns}
    return {key: type_ for key, type_ in types.items() if type_}


def workbook_marks(scene: Scene) -> list[Json]:
    """The marks on the spreadsheet that change, those that other parts of the workbook are told by included."""
    known = {mark for mark, _ in scene.before.marks}
    requests = []
    for one, mark in scene.made("mark").items():
        key = marks.PREFIX + one.key
        if one.key in known:
            requests.append(_set(key, mark[1], {"spreadsheet": True}))
        else:
            requests.append(marks.mark(ids.metadata_id(key), key, mark[1], {"spreadsheet": True}))
    requests += [_delete(marks.PREFIX + one.key, {"spreadsheet": True}) for one in scene.unmade("mark")]
    if Id("workbook") in scene.updated and scene.former_defaults != scene.defaults:
        where: Json = {"spreadsheet": True}
        requests.append(_delete(marks.DEFAULTS, where))
        requests += [
            request
            for request in marks.workbook_marks(scene.result)
            if request["createDeveloperMetadata"]["developerMetadata"]["metadataKey"] == marks.DEFAULTS
        ]
    return requests


def _computed(place: Place, scene: Scene) -> list[str]:
    """The computed columns: forgotten, they are plain values, which no description takes back."""
    sheet = scene.observed.workbook.sheet(place.key)
    return [one.key for one in sheet.columns if one.formula is not None and sheet.kind == "table"]


def adoption_marks(observed: Observed) -> list[Json]:
    """What was forgotten and is described again bears its living mark again; written for the grids as they are."""
    requests: list[Json] = []
    for sheet, column in observed.adopted:
        place = observed.layout.place(sheet)
        if column:
            requests += _renamed(marks.FORMER_COLUMN, marks.COLUMN, column, _on(place, column), sheet, column)
        else:
            requests += _renamed(marks.FORMER_SHEET, marks.SHEET, sheet, {"sheetId": place.sheet_id}, sheet)
    return requests


def _renamed(old: str, new: str, value: str, where: Json, *path: str) -> list[Json]:
    """One mark in the place of another."""
    return [_delete(old, where), marks.mark(ids.metadata_id(new, *path), new, value, where)]


def _own(place: Place) -> list[str]:
    return sorted(place.columns, key=place.column)


def _on(place: Place, column: str) -> Json:
    return {"dimensionRange": span_of(place, column)}


def _lookup(key: str, where: Json) -> Json:
    lookup = {
        "metadataKey": key,
        "metadataLocation": where,
        "locationMatchingStrategy": "EXACT_LOCATION",
    }
    return {"developerMetadataLookup": lookup}


def _delete(key: str, where: Json) -> Json:
    return {"deleteDeveloperMetadata": {"dataFilter": _lookup(key, where)}}


def _set(key: str, value: str, where: Json) -> Json:
    mark = {"metadataValue": value}
    request = {"dataFilters": [_lookup(key, where)], "developerMetadata": mark, "fields": "metadataValue"}
    return {"updateDeveloperMetadata": request}
