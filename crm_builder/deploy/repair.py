"""Repair: damage goes, and of what people changed on purpose only what is named. A plan like any other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from crm_builder.deploy.apart import apart
from crm_builder.deploy.examine import Health, examine
from crm_builder.deploy.left import row_of
from crm_builder.deploy.observe import Seen, values_of
from crm_builder.deploy.plan import Prepared
from crm_builder.deployment import Deployment
from crm_builder.errors import CrmError
from crm_builder.google import Client
from crm_builder.plan import Change, Create, Id, Mend, Plan, Update, Wishes, compare, judge, needed
from crm_builder.plan import things as things_of
from crm_builder.plan.diff import finished
from crm_builder.plan.repairs import homes_of, repaired
from crm_builder.plan.rewrite import needs_of
from crm_builder.project import Project
from crm_builder.sheets import check_body
from crm_builder.sheets.change import compile_changes
from crm_builder.sheets.compile import LIMIT_BYTES, pack_batches
from crm_builder.sheets.damage import (
    BrokenFormula,
    BrokenName,
    Damage,
    Fragments,
    LostHeader,
    LostMarks,
    LostRows,
    LostValidation,
    Missing,
    TypedOver,
)
from crm_builder.sheets.diagnose import header_of
from crm_builder.sheets.lost import mark_requests
from crm_builder.sheets.turns import MARK_BYTES, take_turns

Json = dict[str, Any]

# The properties that go wrong where what a thing speaks of is gone; the rest is people's own taste.
_SPEAKING = frozenset(
    ("area", "areas", "criteria", "sort", "condition", "validation", "formula", "value", "kind", "domain", "series")
) | {"source", "rows", "columns", "values", "filters", "column"}
_AGAIN = ("cell", "item", "column", "pivot", "chart", "slicer")


def prepare_repair(
    project: Project, client: Client, deployment: Deployment, things: Sequence[str] = (), everything: bool = False
) -> Prepared:
    """The plan that mends all damage, or these things and whatever people changed of them, or all that they changed.

    It leads to what was applied last: what is pending in the description stays pending. CrmError for a thing that is
    not there.
    """
    health = examine(project, client, deployment)
    named = None if everything else _named(things, health)
    wishes, mends = _wishes(health, named, everything)
    plan = _plan(health, wishes, mends, client, deployment)
    return Prepared(plan, health.seen, health.diagnosis.base, _batches(plan, health))


@dataclass
class _Asked:
    """`only`: the properties of a thing that are mended; all of those that are not in it."""

    repairs: set[Id] = field(default_factory=set)
    only: dict[Id, set[str]] = field(default_factory=dict)
    mends: list[Mend] = field(default_factory=list)

    def add(self, one: Id, *properties: str) -> None:
        self.repairs.add(one)
        if properties:
            self.only.setdefault(one, set()).update(properties)


def _wishes(health: Health, named: set[Id] | None, everything: bool) -> tuple[Wishes, list[Mend]]:
    """`named` empty: all damage and nothing else."""
    asked = _Asked()
    for damage in health.damage:
        if not named or everything or damage.id in named:
            _of_damage(damage, health, asked)
    if everything:
        return Wishes(repairs="all"), asked.mends
    for one in named or ():
        asked.add(one)
        asked.only.pop(one, None)
    _with_speakers(health, asked)
    only = {one: frozenset(names) for one, names in asked.only.items()}
    return Wishes(repairs=frozenset(asked.repairs), only=only), asked.mends


def _of_damage(damage: Damage, health: Health, asked: _Asked) -> None:
    one = damage.id
    columns = [""] if one.kind != "item" else [f"{key}." for key in health.diagnosis.things[one]]
    match damage:
        case LostMarks():
            asked.mends.append(Mend(one, "marks", places=damage.places))
        case LostHeader():
            _of_header(one.sheet, health, asked)
        case LostRows():
            asked.mends.append(Mend(one, "rows", damage.rows))
            for drift in health.diagnosis.plan.drift:
                thing = health.diagnosis.things.get(drift.id)
                speaks = thing is not None and one in homes_of(drift.id, thing) and drift.id.kind != "sheet"
                if speaks and (drift.id.kind != "column" or drift.id.sheet == one.sheet):
                    asked.add(drift.id)
        case Missing() | BrokenName():
            asked.add(one)
        case BrokenFormula():
            asked.add(one, *(f"{column}formula" for column in columns))
        case Fragments():
            asked.add(one, "areas")
            rule = next(rule for rule in health.diagnosis.base.sheet(one.sheet).rules if rule.key == one.key)
            asked.mends.append(Mend(one, "again", thing=rule))
        case TypedOver():
            if damage.gone:
                asked.add(one, "formula", "value")
            if damage.cells:
                asked.mends.append(Mend(one, "clear", damage.cells, damage.spans, damage.places))
        case LostValidation():
            asked.add(one, *(f"{column}validation" for column in columns))
            if damage.spans:
                thing = health.diagnosis.things[one]
                asked.mends.append(Mend(one, "accept", damage.cells, damage.spans, damage.places, thing))


def _of_header(sheet: str, health: Health, asked: _Asked) -> None:
    """The titles and looks of a header, and what began at it."""
    for drift in health.diagnosis.plan.drift:
        if header_of(drift, health.diagnosis.things) == sheet:
            asked.add(drift.id, *filter(None, [drift.difference.name]))


def _with_speakers(health: Health, asked: _Asked) -> None:
    """What speaks of sheets, columns and names that come back: its references are written again."""
    things = health.diagnosis.things
    observed = health.diagnosis.plan.observed
    assert observed is not None
    found = things_of(observed)
    coming = repaired(frozenset(asked.repairs), things, found, things) - found.keys()
    homes = {one for one in coming if one.kind in ("sheet", "column")}
    names = {one.key for one in coming if one.kind == "name"}
    if not homes and not names:
        return
    for one, thing in things.items():
        if one not in found or one in homes or one.kind in ("sheet", "workbook", "mark", "name"):
            continue
        needs = homes_of(one, thing)
        if not (needs & homes or needs_of(thing, one.sheet).words & names):
            continue
        if one not in asked.repairs:
            prefixes = [f"{key}." for key in thing] if one.kind == "item" else [""]
            asked.add(one, *(prefix + name for prefix in prefixes for name in _SPEAKING))
        elif one in asked.only:
            asked.only[one] |= _SPEAKING
        if one.kind in _AGAIN:
            asked.mends.append(Mend(one, "again", thing=thing))


def _plan(health: Health, wishes: Wishes, mends: list[Mend], client: Client, deployment: Deployment) -> Plan:
    base, seen = health.diagnosis.base, health.seen
    plan = compare(base, seen.observed.workbook, base, wishes)
    values = values_of(client, deployment, seen.layout, needed(plan, base, base))
    plan = judge(plan, base, base, wishes, values, seen.taken, seen.occupied, seen.own)
    assert plan.observed is not None and plan.baseline is not None
    made = {change.id for change in plan.changes}
    accepting = {change.id for change in plan.changes if _sets_validation(change)}
    result = things_of(plan.result)
    kept: list[Mend] = []
    for number, one in enumerate(mends):
        if one in mends[:number]:
            continue
        if one.what == "again":
            # What is written because it changes need not be written a second time.
            if one.id not in made and one.id in result:
                kept.append(Mend(one.id, "again", thing=result[one.id]))
        elif one.what in ("clear", "rows", "marks") or one.id not in (accepting if one.what == "accept" else made):
            kept.append(one)
    kept += apart(plan, base, seen)
    kept += _rows_back(plan, seen, {one.id for one in kept if one.what == "rows"})
    changes = tuple(sorted([*plan.changes, *kept], key=lambda change: _order(change, health)))
    return finished(changes, plan.drift, plan.refusals, plan.observed, plan.baseline, base, plan.held)


def _sets_validation(change: Change) -> bool:
    """Whether what all cells of a thing accept is written with the change."""
    if isinstance(change, Update):
        return any(one.name.rpartition(".")[2] == "validation" for one in change.differences)
    return isinstance(change, Create)


def _rows_back(plan: Plan, seen: Seen, coming: Collection[Id]) -> Iterator[Mend]:
    """The rows that people deleted of sheets on which something is to stand in one of them."""
    for key, place in seen.layout.places.items():
        home = Id("sheet", key)
        made = [one for one in plan.changes if isinstance(one, Create) and one.id.sheet == key]
        if home not in coming and any(row_of(one.id, one.thing) in place.gone for one in made):
            yield Mend(home, "rows", len(place.gone))


def _order(change: Change, health: Health) -> int:
    """Sheet by sheet; names last."""
    keys = [sheet.key for sheet in health.diagnosis.base.sheets]
    return keys.index(change.id.sheet) if change.id.sheet in keys else (len(keys) if change.id.key else -1)


def _batches(plan: Plan, health: Health) -> tuple[list[Json], ...]:
    """What was applied last stays noted as it is: a repair applies nothing new."""
    if not plan.changes:
        return ()
    base, observed = health.diagnosis.base, health.seen.observed
    units = [mark_requests(observed.unmarked, observed.layout, base, observed.workbook)]
    units += compile_changes(plan.changes, observed, plan.result, base)
    packed = pack_batches([unit for unit in units if unit], LIMIT_BYTES - MARK_BYTES)
    batches = take_turns(packed, health.seen.state.get("developerMetadata", ()), plan.digest)
    for batch in batches:
        check_body({"requests": batch})
    return tuple(batches)


# -- what people name


def _named(texts: Iterable[str], health: Health) -> set[Id]:
    """The things of these texts, each with all that stands on it. CrmError where there is none of that name."""
    things = health.diagnosis.things
    words: dict[str, Id] = {}
    for one, thing in things.items():
        if one.kind != "mark":
            words.setdefault(str(one), one)
            if one.kind == "name":
                words.setdefault(one.key, one)
        if one.kind in ("sheet", "column") and thing.title:
            home = things[Id("sheet", one.sheet)].title
            words.setdefault(home if one.kind == "sheet" else f"{home}.{thing.title}", one)
    folded = {word.casefold(): one for word, one in words.items()}
    found: set[Id] = set()
    for text in texts:
        one = words.get(text) or folded.get(text.strip().casefold())
        if one is None:
            near = get_close_matches(text, words, 3, 0.6)
            hint = f"; did you mean {' or '.join(f'`{word}`' for word in near)}?" if near else ""
            raise CrmError(
                f"nothing here is called `{text}`{hint} Sheets are called by their keys, columns as `sheet.column`: "
                "`crm-builder status` lists what can be repaired"
            )
        found |= {one, *_parts(one, health)}
    return found


def _parts(home: Id, health: Health) -> set[Id]:
    """All that stands on a sheet; of a column the names that are its own."""
    if home.kind not in ("sheet", "column"):
        return set()
    parts = {one for one in health.diagnosis.things if home.kind == "sheet" and one.sheet == home.sheet}
    areas = {name.name: name.area for name in health.diagnosis.base.names}
    return parts | {
        Id("name", "", name)
        for name, area in areas.items()
        if area.sheet == home.sheet and home.key in ("", area.first_column)
    }
