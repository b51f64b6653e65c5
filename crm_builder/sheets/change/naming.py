"""Named ranges that come, go, move and are called otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from crm_builder.model import NamedRange
from crm_builder.plan.changes import Delete, Id, Rename
from crm_builder.sheets import ids
from crm_builder.sheets.areas import encode_range
from crm_builder.sheets.change.items import with_item_rows
from crm_builder.sheets.change.one_by_one import one_by_one
from crm_builder.sheets.change.scene import Scene
from crm_builder.sheets.names import encode_name, id_of

Json = dict[str, Any]


def name_requests(scene: Scene) -> list[Json]:
    """Named ranges keep their ids, since formulas speak of them; an id in use is never given to another name."""
    known = _known_ids(scene)
    requests = [
        {"deleteNamedRange": {"namedRangeId": known.pop(change.id.key)}}
        for change in scene.of("name")
        if isinstance(change, Delete) and change.id.key in known
    ]
    renames = {change.id.key: change.new.key for change in scene.of("name") if isinstance(change, Rename)}
    for former, name in one_by_one(
        {former: name for former, name in renames.items() if former in known},
        {name: name for name in known},
        lambda name: f"{name}_former",
    ):
        renamed = {"namedRangeId": known[former], "name": name}
        requests.append({"updateNamedRange": {"namedRange": renamed, "fields": "name"}})
    known = {renames.get(name, name): name_id for name, name_id in known.items()}
    changed = {one.key for one in scene.made("name")}
    for name in scene.result.names:
        name = replace(name, area=with_item_rows(name.area, scene))
        if name.name in known:
            if name.name in changed or scene.loose(name.area):
                moved = {"namedRangeId": known[name.name], "range": encode_range(name.area, scene.layout)}
                requests.append({"updateNamedRange": {"namedRange": moved, "fields": "range"}})
        elif name.name in changed and _is_broken(name, scene):
            mended = {**encode_name(name, scene.layout), "namedRangeId": _noted_id(name, scene)}
            requests.append({"updateNamedRange": {"namedRange": mended, "fields": "name,range"}})
        elif name.name in changed:
            requests.append(_add(name, scene, known.values()))
    return requests


def _is_broken(name: NamedRange, scene: Scene) -> bool:
    """Whether the name lost what it stood for: no answer shows it, and yet it is taken (reported).

    One whose cells are still there was deleted by people, and is free.
    """
    if name.name not in scene.observed.broken:
        return False
    area = name.area
    if area.sheet in scene.created or Id("column", area.sheet, area.first_column or "") not in scene.things_before:
        return True
    return area.last_row is not None and area.first_row in scene.layout.place(area.sheet).gone


def _noted_id(name: NamedRange, scene: Scene) -> str:
    """The id that it had when it was seen last."""
    applied = scene.observed.baseline.names if scene.observed.baseline else ()
    return next((id_of(one) for one in applied if one.name == name.name), ids.name_id(name.name))


def _add(name: NamedRange, scene: Scene, taken: Collection[str]) -> Json:
    data = encode_name(name, scene.layout)
    if data["namedRangeId"] in taken:
        del data["namedRangeId"]
    return {"addNamedRange": {"namedRange": data}}


def lost_names(scene: Scene) -> list[Json]:
    """Names over what is deleted go before it: left behind broken, they could never be given again (reported)."""
    known = _known_ids(scene)
    deleted = {(one.sheet, one.key) for one in scene.unmade("column")}
    names = {change.new.key: change.id.key for change in scene.of("name") if isinstance(change, Rename)}
    kept = {name.name for name in scene.result.names} | {one.key for one in scene.unmade("name")}
    requests = []
    for name in scene.before.names:
        area = name.area
        alone = area.first_column is not None and area.last_column is None
        over = area.sheet in scene.deleted or (alone and (area.sheet, area.first_column) in deleted)
        if over and name.name not in kept:
            requests.append({"deleteNamedRange": {"namedRangeId": known[names.get(name.name, name.name)]}})
    return requests


def _known_ids(scene: Scene) -> dict[str, str]:
    """The ids of all names that the spreadsheet holds and that we know."""
    ours = {name.name: ids.name_id(name.name) for name in scene.observed.workbook.names}
    return ours | dict(scene.observed.name_ids)
