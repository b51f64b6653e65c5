"""Conditional rules of one sheet's answer → ConditionalRules, also those that pasting has broken in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm_builder.model import Area, ConditionalRule, Sheet
from crm_builder.sheets.canonical import canonical_rule
from crm_builder.sheets.layout import Layout, NotOursError
from crm_builder.sheets.rules import decode_rule, rule_digest

Json = dict[str, Any]

_ENDLESS = 18_278  # columns that a sheet can have


@dataclass(frozen=True)
class FoundRules:
    """Our rules in their order, the index of each, all indexes of those in pieces, and the indexes of others' rules.

    `columns` says over which columns of the grid each rule stands, ours or not, by its index.
    """

    rules: tuple[ConditionalRule, ...]
    indexes: Mapping[str, int]
    fragments: Mapping[str, tuple[int, ...]]
    foreign: tuple[int, ...]
    columns: Mapping[int, frozenset[int]]


def read_rules(
    data: Sequence[Json], layout: Layout, digests: Iterable[tuple[str, str]], known: Sequence[Sheet]
) -> FoundRules:
    """Rules carry no number: they are known by where and when they hold (`digests`: key, rule_digest).

    Where pasting has cut a rule in pieces, these say and show the same in parts of its columns.
    """
    decoded: dict[int, ConditionalRule] = {}
    foreign: list[int] = []
    for index, one in enumerate(data):
        try:
            decoded[index] = decode_rule(one, layout)
        except NotOursError:
            foreign.append(index)
    keys: dict[str, list[str]] = {}
    for key, digest in dict.fromkeys(digests):
        keys.setdefault(digest, []).append(key)
    held: dict[str, list[int]] = {}
    rest = []
    for index, rule in decoded.items():
        key = next((key for key in keys.get(rule_digest(rule), ()) if key not in held), None)
        if key is None:
            rest.append(index)
        else:
            held[key] = [index]
    whole = frozenset(held)
    originals = {rule.key: canonical_rule(rule, sheet) for sheet in reversed(known) for rule in sheet.rules}
    for index in rest:
        key = next((key for key, rule in originals.items() if _is_piece(decoded[index], rule, layout)), None)
        if key is None:
            foreign.append(index)
        else:
            held.setdefault(key, []).append(index)
    rules = {}
    for key, indexes in held.items():
        parts = indexes[:1] if key in whole else indexes
        areas = tuple(dict.fromkeys(area for index in parts for area in decoded[index].areas))
        rules[indexes[0]] = replace(decoded[indexes[0]], key=key, areas=areas)
    return FoundRules(
        tuple(rule for _, rule in sorted(rules.items())),
        {key: indexes[0] for key, indexes in held.items()},
        {key: tuple(sorted(indexes)) for key, indexes in held.items() if len(indexes) > 1 or key not in whole},
        tuple(sorted(foreign)),
        {index: _grid_columns(one) for index, one in enumerate(data)},
    )


def _grid_columns(rule: Json) -> frozenset[int]:
    ends = [(one.get("startColumnIndex", 0), one.get("endColumnIndex", _ENDLESS)) for one in rule.get("ranges", ())]
    return frozenset(index for start, end in ends for index in range(start, end))


def _is_piece(rule: ConditionalRule, whole: ConditionalRule, layout: Layout) -> bool:
    if (rule.condition, rule.format) != (whole.condition, whole.format):
        return False
    columns = {index for area in whole.areas for index in _columns(area, layout)}
    return all(columns >= set(_columns(area, layout)) for area in rule.areas)


def _columns(area: Area, layout: Layout) -> range:
    """The columns of the grid that an area covers; none where it names one that is gone."""
    place = layout.place(area.sheet)
    if area.first_column is None:
        return range(place.width)
    try:
        return range(place.column(area.first_column), place.column(area.last_column or area.first_column) + 1)
    except KeyError:
        return range(0)
