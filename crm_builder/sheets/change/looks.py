"""How columns look and what they accept: all of it for new ones, for the others only the fields that change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from crm_builder.model import HEADER_ROW, CellFormat, Column, Sheet, Validation
from crm_builder.sheets.cells import encode_value, update_cells
from crm_builder.sheets.change.scene import Scene
from crm_builder.sheets.conditions import Frame
from crm_builder.sheets.dimensions import update_dimension
from crm_builder.sheets.formats import encode_format, masks_of, overlay
from crm_builder.sheets.layout import Place
from crm_builder.sheets.merges import Block, block_range
from crm_builder.sheets.validation import encode_validation

Json = dict[str, Any]


def changed_names(before: CellFormat, after: CellFormat) -> frozenset[str]:
    """The attributes in which two looks differ."""
    return frozenset(one.name for one in fields(after) if getattr(before, one.name) != getattr(after, one.name))


def only(look: CellFormat, names: Iterable[str]) -> CellFormat:
    return CellFormat(**{name: getattr(look, name) for name in names})


def paint(grid: Json, look: CellFormat, names: Iterable[str]) -> list[Json]:
    """Writes these attributes of a look over a range and leaves all others; one that is not set is taken away."""
    names = sorted(names)
    if not names:
        return []
    cell = {"userEnteredFormat": encode_format(only(look, names))}
    return [{"repeatCell": {"range": grid, "cell": cell, "fields": ",".join(masks_of(names))}}]


def accept(grid: Json, validation: Validation | None, frame: Frame) -> Json:
    """Sets or takes away what a range accepts. A formula is written for its first row and follows each further one."""
    if validation is None:
        return {"setDataValidation": {"range": grid}}
    return {"setDataValidation": {"range": grid, "rule": encode_validation(validation, frame)}}


def first_line(sheet: Sheet, place: Place) -> int:
    """The grid index of the first row that a column's format and validation hold for."""
    return place.line(HEADER_ROW) if sheet.kind == "view" else place.below


def data_range(sheet: Sheet, place: Place, key: str) -> Json:
    """The rows of a column below its header, to the grid's end."""
    index, top = place.column(key), first_line(sheet, place)
    grid: Json = {"sheetId": place.sheet_id, "startColumnIndex": index, "endColumnIndex": index + 1}
    return grid | {"startRowIndex": top} if top else grid


def column_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Looks, validations, widths and header cells of the columns that are new or change."""
    place, requests = scene.layout.place(sheet.key), []
    changed = {one.key for one in scene.made("column", sheet=sheet.key)}
    everywhere = scene.former_defaults != scene.defaults
    for column in sheet.columns:
        before = scene.column_before(sheet.key, column.key)
        if before is None:
            requests += _new(column, sheet, place, scene)
        elif column.key in changed or everywhere:
            requests += _changed(before, column, sheet, place, scene)
    return requests


def grown_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Rows that were added at the end look like those above them."""
    if not scene.shifts[sheet.key].grown:
        return []
    place = scene.layout.place(sheet.key)
    known = [column for column in sheet.columns if scene.column_before(sheet.key, column.key)]
    return [request for column in known for request in _grown(column, sheet, place, scene)]


def bare_line(place: Place, line: int, scene: Scene) -> Json:
    """Takes away from a line that was inserted what its neighbours lent it."""
    whole = {"sheetId": place.sheet_id, "startRowIndex": line, "endRowIndex": line + 1}
    bare = {"userEnteredFormat": encode_format(scene.defaults)}
    return {"repeatCell": {"range": whole, "cell": bare, "fields": "userEnteredFormat,dataValidation,note"}}


def ground_line(sheet: Sheet, place: Place, line: int, scene: Scene) -> list[Json]:
    """Gives a line that was inserted the looks of its columns."""
    requests = [bare_line(place, line, scene)]
    for column in sheet.columns:
        if column.key in place.columns:
            index, look = place.column(column.key), overlay(scene.defaults, column.format)
            grid = block_range(place, Block(line, line + 1, index, index + 1))
            requests += paint(grid, look, changed_names(scene.defaults, look))
    return requests


def _new(column: Column, sheet: Sheet, place: Place, scene: Scene) -> list[Json]:
    """All that its neighbour lent it is written over, from the first row to the last."""
    index = place.column(column.key)
    whole = {"sheetId": place.sheet_id, "startColumnIndex": index, "endColumnIndex": index + 1}
    bare = {"userEnteredFormat": encode_format(scene.defaults)}
    requests: list[Json] = [
        {"repeatCell": {"range": whole, "cell": bare, "fields": "userEnteredFormat,dataValidation,note"}},
        _dimension(place, column.key, {"pixelSize": column.width, "hiddenByUser": column.hidden}),
    ]
    requests += _body(column, sheet, place, data_range(sheet, place, column.key), scene)
    if sheet.kind != "view":
        look = overlay(scene.defaults, column.header)
        requests += paint(_header_range(place, column.key), look, changed_names(scene.defaults, look))
        requests += _header(None, column, place)
    return requests


def _body(column: Column, sheet: Sheet, place: Place, grid: Json, scene: Scene) -> list[Json]:
    """Format and validation of rows that have but the workbook's own look."""
    look = overlay(scene.defaults, column.format)
    requests = paint(grid, look, changed_names(scene.defaults, look))
    if column.validation:
        frame = Frame(scene.layout, sheet.key, grid.get("startRowIndex", 0) + 1)
        requests.append(accept(grid, column.validation, frame))
    return requests


def _grown(column: Column, sheet: Sheet, place: Place, scene: Scene) -> list[Json]:
    grid = data_range(sheet, place, column.key) | {"startRowIndex": place.rows - scene.shifts[sheet.key].grown}
    look = overlay(scene.defaults, column.format)
    requests = paint(grid, look, changed_names(CellFormat(), look))
    if column.validation:
        requests.append(accept(grid, column.validation, Frame(scene.layout, sheet.key, grid["startRowIndex"] + 1)))
    return requests


def _changed(before: Column, after: Column, sheet: Sheet, place: Place, scene: Scene) -> list[Json]:
    old, new = overlay(scene.former_defaults, before.format), overlay(scene.defaults, after.format)
    body = data_range(sheet, place, after.key)
    requests = paint(body, new, changed_names(old, new))
    if before.validation != after.validation:
        requests.append(
            accept(body, after.validation, Frame(scene.layout, sheet.key, body.get("startRowIndex", 0) + 1))
        )
    size: Json = {}
    if before.width != after.width:
        size["pixelSize"] = after.width
    if before.hidden != after.hidden:
        size["hiddenByUser"] = after.hidden
    if size:
        requests.append(_dimension(place, after.key, size))
    if sheet.kind != "view" and not place.headless:
        old, new = overlay(scene.former_defaults, before.header), overlay(scene.defaults, after.header)
        requests += paint(_header_range(place, after.key), new, changed_names(old, new))
        requests += _header(before, after, place)
    return requests


def _header(before: Column | None, after: Column, place: Place) -> list[Json]:
    """The header cell: a title, or the formula whose first value it is, and the note; only what changes."""
    names, cell = [], encode_value(after.title, after.formula)
    same_formula = before is not None and after.formula is not None and before.formula == after.formula
    if before is None or (not same_formula and (before.title, before.formula) != (after.title, after.formula)):
        names.append("userEnteredValue")
    if (before.note if before else "") != after.note:
        names.append("note")
        cell = cell | {"note": after.note} if after.note else cell
    if not names:
        return []
    cell = {name: value for name, value in cell.items() if name in names}
    return [update_cells(place.sheet_id, place.line(HEADER_ROW), place.column(after.key), [[cell]], ",".join(names))]


def _header_range(place: Place, key: str) -> Json:
    line, index = place.line(HEADER_ROW), place.column(key)
    return block_range(place, Block(line, line + 1, index, index + 1))


def _dimension(place: Place, key: str, size: Json) -> Json:
    index = place.column(key)
    return update_dimension(place.sheet_id, "COLUMNS", index, index + 1, size)
