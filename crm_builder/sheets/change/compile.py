"""Typed changes → the requests that make them, against the workbook as it was observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crm_builder.model import Sheet, Workbook
from crm_builder.plan.changes import Change, Create, Delete, Mend, Move
from crm_builder.sheets import cells as new_cells
from crm_builder.sheets import compile as whole
from crm_builder.sheets import dimensions, paint
from crm_builder.sheets.change import cells, columns, hangings, items, looks, marks, naming, rules, tabs
from crm_builder.sheets.change.mend import mend_requests
from crm_builder.sheets.change.merging import apart_requests, merge_requests, unmerge_requests
from crm_builder.sheets.change.scene import Scene
from crm_builder.sheets.layout import Layout
from crm_builder.sheets.merges import merge_requests as join_all
from crm_builder.sheets.pivots import set_pivot
from crm_builder.sheets.read import Observed

Json = dict[str, Any]


def compile_changes(
    changes: Sequence[Change], observed: Observed, result: Workbook, desired: Workbook
) -> list[list[Json]]:
    """Units of requests, in order; each unit is to be applied as a whole.

    First every grid gets its final shape, with the marks that tell whose it is. From there on everything is written
    for the final layout: names before the formulas that speak them, cells before the pivot tables that sum them up,
    and these before the charts that show them. Sheets are deleted last. The last unit belongs to the batch that notes
    what was applied: it holds what could not be told apart from what was before, such as choices that swap titles.
    """
    if not changes:
        return []
    scene = Scene.of_changes(changes, observed, result)
    shape, scene = _shape(scene)
    units = [shape + naming.name_requests(scene) + [one for sheet in scene.kept for one in _restored(sheet, scene)]]
    units += [_new_sheet_cells(sheet, scene) for sheet in scene.fresh]
    touched = scene.touched
    everywhere = scene.former_defaults != scene.defaults
    written = {sheet.key: _cells(sheet, scene) for sheet in (scene.kept if everywhere else touched)}
    last = [one for key in items.retitled(scene) for one in written.pop(key, ())]
    units += written.values()
    units.append([request for sheet in scene.kept for request in hangings.pivot_requests(sheet, scene)])
    units += [[set_pivot(pivot, scene.layout, sheet.key) for pivot in sheet.pivots] for sheet in scene.fresh]
    units += [whole.hanging_requests(sheet, scene.layout) for sheet in scene.fresh]
    for sheet in touched:
        unit = hangings.hanging_requests(sheet, scene) + rules.rule_requests(sheet, scene)
        units.append([*unit, marks.contents_request(sheet, scene)])
    # Marks of an earlier version say nothing of types; no other difference comes of it.
    untyped = [one for one in scene.kept if marks.typed(one, scene) != scene.observed.types.get(one.key, {})]
    units.append([marks.contents_request(one, scene) for one in untyped if one not in touched])
    units.append(last + marks.workbook_marks(scene) + _deleted_sheets(scene))
    return [unit for unit in units if unit]


def _shape(scene: Scene) -> tuple[list[Json], Scene]:
    """Properties, grids, sheets and marks; and the scene with the layout that they lead to."""
    requests = (
        tabs.workbook_requests(scene) + apart_requests(scene) + naming.lost_names(scene) + marks.former_marks(scene)
    )
    scene = replace(scene, item_lines=items.lines_for_items(scene))
    requests += [request for sheet in scene.kept for request in rules.lost_rules(sheet, scene)]
    requests += [request for sheet in scene.kept for request in hangings.lost_protections(sheet, scene)]
    places = dict(scene.layout.places)
    shifts = {}
    for sheet in scene.kept:
        shift = _shift(sheet, scene)
        requests += shift.requests
        shifts[sheet.key], places[sheet.key] = shift, shift.place
    headed = {key for key, shift in shifts.items() if shift.headed}
    lines = {one: line + (one[0] in headed) for one, line in scene.item_lines.items()}
    scene = replace(scene, item_lines=lines, shifts=shifts, layout=Layout(places | tabs.new_places(scene)))
    more, layout = tabs.sheet_requests(scene)
    scene = replace(scene, layout=layout)
    requests += more
    for sheet in scene.kept:
        requests += tabs.property_requests(sheet, scene)
    return requests + marks.new_marks(scene), scene


def _shift(sheet: Sheet, scene: Scene) -> columns.Shift:
    place = scene.layout.place(sheet.key)
    created, moved, deleted = (scene.keys("column", sheet.key, one) for one in (Create, Move, Delete))
    lines = [line for (key, _), line in scene.item_lines.items() if key == sheet.key]
    lines += [place.line(row) for row in _rows(sheet) - place.gone]
    rows = max([place.rows, sheet.rows, *(line + 1 for line in lines)])
    wanted = [column.key for column in sheet.columns if column.key in created or column.key in place.columns]
    lost: tuple[Json, ...] = ()
    if any(isinstance(one, Mend) and one.what == "rows" and one.id.sheet == sheet.key for one in scene.changes):
        rowed = columns.with_gone_rows(place)
        painted = [
            one
            for row in sorted(place.gone)
            for one in looks.ground_line(sheet, rowed.place, rowed.place.line(row), scene)
        ]
        place, lost = rowed.place, (*rowed.requests, *painted)
        rows = max(rows, place.rows)
    headless = place.shift < 0 and bool(scene.made("column", sheet=sheet.key))
    shift = columns.shift_columns(place, wanted, created, moved, deleted & place.columns.keys(), rows, headless)
    bare = (looks.bare_line(place, 0, scene),) if headless else ()
    return replace(shift, requests=(*lost, *shift.requests, *bare))


def _rows(sheet: Sheet) -> set[int]:
    """The rows of a view or helper that something of ours stands in: lines that people inserted push them down."""
    if sheet.kind == "table":
        return set()
    rows = {cell.row for cell in sheet.cells} | {row for row, _ in sheet.heights}
    return rows | {area.last_row for area in sheet.merges if area.last_row}


def _restored(sheet: Sheet, scene: Scene) -> list[Json]:
    return [
        *looks.grown_requests(sheet, scene),
        *hangings.restored_pivots(sheet, scene),
        *hangings.restored_requests(sheet, scene),
        *rules.restored_rules(sheet, scene),
    ]


def _new_sheet_cells(sheet: Sheet, scene: Scene) -> list[Json]:
    return [
        *new_cells.column_requests(sheet, scene.layout, scene.defaults),
        *dimensions.set_widths(sheet, scene.layout),
        *dimensions.set_heights(sheet, scene.layout),
        *new_cells.header_requests(sheet, scene.layout),
        *paint.format_requests(sheet, scene.layout, scene.defaults),
        *new_cells.cell_requests(sheet, scene.layout),
        *paint.validation_requests(sheet, scene.layout),
        *join_all(sheet, scene.layout),
    ]


def _cells(sheet: Sheet, scene: Scene) -> list[Json]:
    place = scene.layout.place(sheet.key)
    wanted = dict(scene.made("height", sheet=sheet.key).values())
    wanted |= dict.fromkeys(int(one.key) for one in scene.unmade("height", sheet=sheet.key))
    heights = [tabs.height_request(place, row, size) for row, size in wanted.items() if row not in place.gone]
    return [
        *unmerge_requests(sheet, scene),
        *items.value_requests(sheet, scene),
        *looks.column_requests(sheet, scene),
        *cells.cell_requests(sheet, scene),
        *merge_requests(sheet, scene),
        *heights,
        *mend_requests(sheet, scene),
    ]


def _deleted_sheets(scene: Scene) -> list[Json]:
    places = (scene.layout.place(key) for key in sorted(scene.deleted) if key in scene.layout.places)
    return [{"deleteSheet": {"sheetId": place.sheet_id}} for place in places]
