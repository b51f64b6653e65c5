"""The cases in which a change could lose or spoil what people typed: what must be read, and what is said then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from crm_builder.model import Column, ConditionalRule
from crm_builder.plan.changes import Change, Create, Delete, Forget, Id, Refusal, Update
from crm_builder.plan.choices import home_of, leading, list_of, titles_of, uses_of
from crm_builder.plan.fits import asked_of, misfits
from crm_builder.plan.scene import Scene

Reads = set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Case:
    """`reads`: (sheet, column) to be read for a change. `verdict`: None, the change with more in it, or a refusal.

    `along`: what must be left as it is together with a refused change.
    """

    reads: Callable[[Scene, Change], Reads]
    verdict: Callable[[Scene, Change], Change | Refusal | None]
    along: Callable[[Scene, Change], set[Id]] = lambda scene, change: set()


# -- a sheet or a column is deleted


def _read_deleted(scene: Scene, change: Change) -> Reads:
    home = isinstance(change, Delete) and change.id.kind in ("sheet", "column") and scene.is_table(change.id.sheet)
    return {(change.id.sheet, change.id.key)} if home else set()


def _deleted(scene: Scene, change: Change) -> Change | Refusal | None:
    if not isinstance(change, Delete) or not _read_deleted(scene, change):
        return None
    cells = len(scene.read(change.id.sheet, change.id.key))
    if change.asked or not cells:
        return replace(change, cells=cells)
    way = f'keep it in the description, or write delete = ["{change.id}"] under [changes]'
    return Refusal(change.id, "it holds what people typed, and nothing asks for its deletion", cells, way)


# -- a column gets another type


def _typed_before(scene: Scene, change: Change) -> tuple[Column, Column] | None:
    """(what the column was, what it becomes) where people typed into it and its type changes."""
    if not isinstance(change, Update) or change.id.kind != "column" or not scene.is_table(change.id.sheet):
        return None
    was, aim = scene.base.get(change.id), scene.wanted[change.id]
    if was is None or was.formula is not None:
        return None
    looks = [(column.format.number, column.validation) for column in (was, aim)]
    same = was.type == aim.type if was.type else looks[0] == looks[1]  # a workbook that was read has no types
    if same and aim.formula is None:
        return None
    return was, aim


def _read_retyped(scene: Scene, change: Change) -> Reads:
    pair = _typed_before(scene, change)
    if pair is None:
        return set()
    return {(change.id.sheet, change.id.key)} | titles_of(pair[1].list, scene.desired)[1]


def _retyped(scene: Scene, change: Change) -> Refusal | None:
    pair = _typed_before(scene, change)
    if pair is None:
        return None
    was, aim = pair
    values = scene.read(change.id.sheet, change.id.key)
    if aim.formula is not None:
        if not values:
            return None
        reason = "it is to be computed, and people typed into it"
        return Refusal(change.id, reason, len(values), "give the computed column another key, or empty this one first")
    titles, columns = titles_of(aim.list, scene.desired)
    for sheet, column in columns:
        titles |= {str(value) for value in scene.read(sheet, column)}
    wrong = misfits(values, aim, titles)
    if not wrong:
        return None
    reason = f"its type becomes `{aim.type}`, and {wrong[0]!r} is not {asked_of(aim)}"
    way = f'leave type = "{was.type}", or change these cells first, or add a column of the new type beside it'
    return Refusal(change.id, reason, len(wrong), way)


# -- a sheet gets a title that people gave to one of theirs


def _entitled(scene: Scene, change: Change) -> Refusal | None:
    if change.id.kind != "sheet" or not isinstance(change, Create | Update):
        return None
    title, now = change.thing.title, scene.found.get(change.id)
    if title.casefold() not in scene.taken or (now is not None and now.title == title):
        return None
    way = f"give your sheet another name, or take `{change.id}` out of the description"
    return Refusal(change.id, f"there is a sheet `{title}` of your own", 0, way)


# -- a sheet has room for one only, and people set theirs

_ONE = {"banding": "row colours", "filter": "a filter"}


def _occupied(scene: Scene, change: Change) -> Refusal | None:
    if not isinstance(change, Create) or (change.id.kind, change.id.sheet) not in scene.occupied:
        return None
    what = _ONE.get(change.id.kind)
    way = f"remove yours from the sheet if ours {'are' if change.id.kind == 'banding' else 'is'} wanted"
    return (what and Refusal(change.id, f"you set {what} of your own there", 0, way)) or None


# -- a column gets a title that people gave to one of theirs


def _twin(scene: Scene, change: Change) -> Change | None:
    if not isinstance(change, Create) or change.id.kind != "column" or not change.thing.title:
        return None
    home, _ = scene.former(change.id.sheet, "")
    return replace(change, twin=True) if (home, change.thing.title.casefold()) in scene.own else None


# -- a choice leaves its list


def _dropped(scene: Scene, change: Change) -> tuple[str, Reads] | None:
    """(title, the columns that take it) of a choice that goes; one that is forgotten stays in its list."""
    if not isinstance(change, Delete) or change.id.kind != "item" or change.id not in scene.found:
        return None
    cell = leading(scene.found[change.id], change.id.sheet, scene.plan.observed)
    uses = {
        use
        for use in uses_of(list_of(change.id), scene.desired)
        if scene.there(*use) and Id("sheet", use[0]) not in scene.deleted and Id("column", *use) not in scene.deleted
    }
    return (str(cell.value), uses) if cell and uses else None


def _read_dropped(scene: Scene, change: Change) -> Reads:
    dropped = _dropped(scene, change)
    return dropped[1] if dropped else set()


def _choice(scene: Scene, change: Change) -> Refusal | None:
    dropped = _dropped(scene, change)
    if dropped is None:
        return None
    title, uses = dropped
    counts = {f"{use[0]}.{use[1]}": sum(str(value) == title for value in scene.read(*use)) for use in sorted(uses)}
    used = [name for name, count in counts.items() if count]
    if not used:
        return None
    way = f'keep it, or say what it is called now: {{ title = "…", was = "{title}" }}, or choose others in these cells'
    return Refusal(change.id, f"the choice `{title}` is in use in {', '.join(used)}", sum(counts.values()), way)


def _colours_of_choice(scene: Scene, change: Change) -> set[Id]:
    """The rules that colour the choice."""
    title, uses = _dropped(scene, change) or ("", set())
    return {
        one.id
        for one in scene.plan.changes
        if one.id.kind == "rule"
        and isinstance(one, Delete | Forget)
        and isinstance(rule := scene.found.get(one.id), ConditionalRule)
        and rule.condition.values == (title,)
        and {(area.sheet, area.first_column) for area in rule.areas} <= uses
    }


# -- a choice of a column's own has another title


def _read_retitled(scene: Scene, change: Change) -> Reads:
    home = home_of(change)
    return {(home.sheet, home.key)} if home else set()


def _retitled(scene: Scene, change: Change) -> Change | None:
    """The change with the cells that follow."""
    home = home_of(change)
    if home is None:
        return None
    title = change.id.key.partition("/")[2]
    return replace(change, cells=sum(str(value) == title for value in scene.read(home.sheet, home.key)))


# -- the language, the calendar or the currency of the whole workbook

_LANGUAGE = "make a new CRM in it and bring the data over"
_SHAPING = {
    "language": f"keep it as it was, or {_LANGUAGE}",
    "calendar": f"keep it as it was, or {_LANGUAGE}",
    "currency": 'keep it, or write accept = ["currency"] under [changes] if the figures are to stay as they are, '
    f"or {_LANGUAGE}",
}
_ACCEPTED = {"currency"}


def _shaping(change: Change) -> bool:
    return isinstance(change, Update | Delete) and change.id.kind == "mark" and change.id.key in _SHAPING


def _read_shaped(scene: Scene, change: Change) -> Reads:
    if not _shaping(change):
        return set()
    return {
        (sheet.key, column.key)
        for sheet, column in scene.typed()
        if change.id.key != "currency" or (column.format.number and column.format.number.kind == "currency")
    }


def _shaped(scene: Scene, change: Change) -> Refusal | None:
    if not _shaping(change) or (change.id.key in _ACCEPTED and change.id.key in scene.wishes.accepts):
        return None
    cells = sum(len(scene.read(*one)) for one in _read_shaped(scene, change))
    if not cells:
        return None
    before = scene.found[change.id][1]
    after = scene.wanted[change.id][1] if change.id in scene.wanted else "none"
    reason = f"the {change.id.key} is to change from {before} to {after}, and data would keep the old one"
    return Refusal(change.id, reason, cells, _SHAPING[change.id.key])


CASES = (
    Case(lambda scene, change: set(), _entitled),
    Case(lambda scene, change: set(), _occupied),
    Case(lambda scene, change: set(), _twin),
    Case(_read_deleted, _deleted),
    Case(_read_retyped, _retyped),
    Case(_read_dropped, _choice, _colours_of_choice),
    Case(_read_retitled, _retitled),
)
WHOLE = (Case(_read_shaped, _shaped),)  # where one of these refuses, nothing else of the plan is made
