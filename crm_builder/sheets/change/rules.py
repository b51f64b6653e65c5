"""Conditional rules of one sheet: they have no ids, so each request counts with what those before it did."""

from __future__ import annotations

from typing import Any

from crm_builder.model import ConditionalRule, Sheet
from crm_builder.plan.changes import Delete, Id, Move
from crm_builder.sheets.change.scene import Scene
from crm_builder.sheets.rules import add_rule, encode_rule

Json = dict[str, Any]


def rule_requests(sheet: Sheet, scene: Scene) -> list[Json]:
    """Deletes from the last to the first, then updates, then new ones, each right after the one of ours before it.

    Foreign rules keep their order among all. Pieces of a rule that pasting tore apart go when the rule is written.
    """
    indexes = {rule.key: _left(sheet, rule.key, scene) for rule in scene.before.sheet(sheet.key).rules}
    former = {rule.key: _former(rule, sheet, scene) for rule in sheet.rules}
    made = {one.key: rule for one, rule in scene.made("rule", sheet=sheet.key).items()}
    gone = [index for one in scene.unmade("rule", sheet=sheet.key) for index in indexes.pop(one.key, ())]
    for key in made:
        gone += indexes.get(former.get(key, key), [])[1:]
    sheet_id = scene.layout.place(sheet.key).sheet_id
    requests = [
        {"deleteConditionalFormatRule": {"sheetId": sheet_id, "index": index}} for index in sorted(gone, reverse=True)
    ]
    now = {key: held[0] - sum(index < held[0] for index in gone) for key, held in indexes.items() if held}
    for rule in sheet.rules:
        index = now.get(former[rule.key])
        if index is not None and rule.key in made and not scene.loose(*rule.areas):
            requests.append(_update(rule, index, scene))
    moved = scene.keys("rule", sheet.key, Move)
    previous = -1
    for rule in sheet.rules:
        key = former[rule.key]
        if rule.key in moved and key in now:
            source = now.pop(key)
            target = previous + (source > previous)  # where it ends up, once it is taken out
            if source != target:
                requests.append(
                    {"updateConditionalFormatRule": {"sheetId": sheet_id, "index": source, "newIndex": target}}
                )
            now = {one: index - (index > source) for one, index in now.items()}
            now = {one: index + (index >= target) for one, index in now.items()} | {key: target}
        if key not in now:
            if rule.key not in made:
                continue
            now = {one: index + (index > previous) for one, index in now.items()}
            now[key] = previous + 1
            requests.append(add_rule(rule, scene.layout, now[key]))
        previous = now[key]
    return requests


def lost_rules(sheet: Sheet, scene: Scene) -> list[Json]:
    """Deletes what stands over nothing but columns that go, before they do.

    Whether the service would take such a rule along is not said, and the indexes of all others hang on it.
    """
    sheet_id = scene.layout.place(sheet.key).sheet_id
    return [
        {"deleteConditionalFormatRule": {"sheetId": sheet_id, "index": index}}
        for index in sorted(_doomed(sheet, scene), reverse=True)
    ]


def restored_rules(sheet: Sheet, scene: Scene) -> list[Json]:
    """Rules whose areas the new shape of the grid would cut, in the batch that changes it."""
    requests = []
    for rule in sheet.rules:
        pieces = _left(sheet, _former(rule, sheet, scene), scene)
        if pieces and scene.loose(*rule.areas):
            requests.append(_update(rule, pieces[0], scene))
    return requests


def _update(rule: ConditionalRule, index: int, scene: Scene) -> Json:
    return {"updateConditionalFormatRule": {"index": index, "rule": encode_rule(rule, scene.layout)}}


def _former(rule: ConditionalRule, sheet: Sheet, scene: Scene) -> str:
    one = Id("rule", sheet.key, rule.key)
    return scene.former.get(one, one).key


def _doomed(sheet: Sheet, scene: Scene) -> set[int]:
    former = scene.former_sheet(sheet.key)
    columns = scene.observed.layout.place(former).columns
    gone = {columns[key] for key in scene.keys("column", sheet.key, Delete) if key in columns}
    rules = scene.observed.rule_columns.items() if gone else ()
    return {index for (key, index), over in rules if key == former and over <= gone}


def _left(sheet: Sheet, key: str, scene: Scene) -> list[int]:
    """Where a rule stands once those are deleted whose columns go."""
    doomed = _doomed(sheet, scene)
    return [index - sum(one < index for one in doomed) for index in _pieces(sheet, key, scene) if index not in doomed]


def _pieces(sheet: Sheet, key: str, scene: Scene) -> list[int]:
    """Where a rule stands, the whole of it or its pieces, in ascending order."""
    own = (scene.former_sheet(sheet.key), key)
    found = {*scene.observed.fragments.get(own, ())}
    if own in scene.observed.rule_indexes:
        found.add(scene.observed.rule_indexes[own])
    return sorted(found)
