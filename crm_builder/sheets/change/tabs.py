"""Sheets as wholes: which are new, in which order they stand, their titles and properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crm_builder.model import HEADER_ROW, Sheet
from crm_builder.plan.changes import Id, Move
from crm_builder.sheets import ids, properties
from crm_builder.sheets.change.one_by_one import one_by_one
from crm_builder.sheets.change.scene import Scene
from crm_builder.sheets.dimensions import update_dimension
from crm_builder.sheets.formats import encode_colour
from crm_builder.sheets.layout import FOREIGN, Layout, Place

Json = dict[str, Any]

_SPARE = "{} (crm_builder {})"


def new_places(scene: Scene) -> dict[str, Place]:
    """The places of new sheets; their indexes are given by `order_requests`."""
    taken = {place.sheet_id for place in scene.observed.layout.places.values()}
    taken |= {
        int(one.key.removeprefix(FOREIGN))
        for one in scene.observed.foreign
        if one.kind == "sheet" and one.key.removeprefix(FOREIGN).isdigit()
    }
    places = {}
    for sheet in scene.result.sheets:
        if sheet.key in scene.created:
            columns = {column.key: index for index, column in enumerate(sheet.columns)}
            number = _free_id(sheet.key, taken)
            taken.add(number)
            places[sheet.key] = Place(sheet.key, number, 0, sheet.title, sheet.rows, len(columns), columns)
    return places


def _free_id(key: str, taken: set[int]) -> int:
    """A sheet that was forgotten keeps its id, so that a new one of the same key needs another."""
    number, attempt = ids.sheet_id(key), 1
    while number in taken:
        attempt += 1
        number = ids.int_id("sheet", key, str(attempt))
    return number


def sheet_requests(scene: Scene) -> tuple[list[Json], Layout]:
    """Titles, new sheets and the order of all; and the layout with them."""
    places = dict(scene.layout.places)
    current = {key: place.title for key, place in places.items() if key not in scene.created}
    wanted = {sheet.key: sheet.title for sheet in scene.kept if _asks(scene, sheet.key, "title")}
    fresh = {key: place.title for key, place in places.items() if key in scene.created}
    spare = {}
    for key, title in current.items():  # a sheet that is going to be deleted gives its title away
        if key in scene.gone and title.casefold() in {one.casefold() for one in (*fresh.values(), *wanted.values())}:
            spare[key] = _SPARE.format(title, places[key].sheet_id)
    requests = []
    for key, title in one_by_one(wanted | spare, current, lambda title: _SPARE.format(title, 1)):
        data = {"sheetId": places[key].sheet_id, "title": title}
        requests.append({"updateSheetProperties": {"properties": data, "fields": "title"}})
        places[key] = replace(places[key], title=title)
    return requests + _order(scene, places), Layout(places)


def _asks(scene: Scene, key: str, name: str) -> bool:
    """Whether an update of the sheet changes that property."""
    return scene.updates(Id("sheet", key), name)


def _order(scene: Scene, places: dict[str, Place]) -> list[Json]:
    """Each sheet that is new or moved goes right after the one of ours before it; `places` get the new indexes."""
    requests: list[Json] = []
    moved = {change.id.sheet for change in scene.of("sheet") if isinstance(change, Move)}
    known = {key for key in places if key not in scene.created}
    previous = None
    for sheet in scene.result.sheets:
        key = sheet.key
        others = [places[one].index for one in known if one != key]
        at = min(others, default=0) if previous is None else places[previous].index + 1
        if key in scene.created:
            _shift(places, known, at, 1)
            places[key] = replace(places[key], index=at)
            requests.append(properties.add_sheet(sheet, Layout(places)))
            known.add(key)
        elif key in moved and at not in (places[key].index, places[key].index + 1):
            # The index counts before the sheet is taken out (documented).
            data = {"sheetId": places[key].sheet_id, "index": at}
            requests.append({"updateSheetProperties": {"properties": data, "fields": "index"}})
            old = places[key].index
            _shift(places, known - {key}, old, -1)
            at -= at > old
            _shift(places, known - {key}, at, 1)
            places[key] = replace(places[key], index=at)
        previous = key
    return requests


def _shift(places: dict[str, Place], known: set[str], start: int, by: int) -> None:
    for key in known:
        if places[key].index >= start:
            places[key] = replace(places[key], index=places[key].index + by)


def property_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """The properties of one sheet that change, and how many columns stay in view where columns came or went."""
    before, place = scene.before.sheet(sheet.key), scene.layout.place(sheet.key)
    held: dict[str, Any] = {}
    for name, path, value in (
        ("right_to_left", "rightToLeft", sheet.right_to_left),
        ("hidden", "hidden", sheet.hidden),
        ("gridlines", "gridProperties.hideGridlines", not sheet.gridlines),
        ("tab_color", "tabColorStyle", encode_colour(sheet.tab_color) if sheet.tab_color else None),
        ("frozen_rows", "gridProperties.frozenRowCount", _frozen(sheet, place)),
        ("frozen_columns", "gridProperties.frozenColumnCount", sheet.frozen_columns),
    ):
        if _asks(scene, sheet.key, name):
            held[path] = value
    shift = scene.shifts[sheet.key]
    if shift.stirred and (sheet.frozen_columns or before.frozen_columns):
        held["gridProperties.frozenColumnCount"] = sheet.frozen_columns
    requests = [_update(place.sheet_id, held)] if held else []
    if _asks(scene, sheet.key, "header_height"):
        requests.append(height_request(place, HEADER_ROW, sheet.header_height))
    return requests


def _frozen(sheet: Sheet, place: Place) -> int:
    """The lines that stay in view, those that people inserted above included."""
    return place.line(sheet.frozen_rows) + 1 if sheet.frozen_rows else 0


def _update(sheet_id: int, held: Mapping[str, Any]) -> Json:
    data: Json = {"sheetId": sheet_id}
    for path, value in held.items():
        inner = data
        *steps, last = path.split(".")
        for step in steps:
            inner = inner.setdefault(step, {})
        if value is not None:
            inner[last] = value
    return {"updateSheetProperties": {"properties": data, "fields": ",".join(held)}}


_ROW_HEIGHT = 21  # pixels of a row that nobody changed


def height_request(place: Place, row: int, pixels: int | None) -> Json:
    line = place.line(row)
    size = {"pixelSize": _ROW_HEIGHT if pixels is None else pixels}
    return update_dimension(place.sheet_id, "ROWS", line, line + 1, size)


def workbook_requests(scene: Scene) -> list[Json]:
    """The properties of the spreadsheet that change."""
    if Id("workbook") not in scene.updated:
        return []
    before, after = (properties.encode_spreadsheet(one) for one in (scene.before, scene.result))
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    if not changed:
        return []
    return [{"updateSpreadsheetProperties": {"properties": changed, "fields": ",".join(changed)}}]
