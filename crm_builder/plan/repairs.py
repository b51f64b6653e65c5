"""Which things are to be mended: those that are asked for, and what they cannot be without."""

from __future__ import annotations

from typing import Literal

from crm_builder.plan.changes import Id
from crm_builder.plan.rewrite import needs_of
from crm_builder.plan.things import Things


def repaired(asked: frozenset[Id] | Literal["all"], base: Things, found: Things, wanted: Things) -> set[Id]:
    """A sheet or column that is gone comes back with all that stood on it, a rule with the columns that it names."""
    if asked == "all":
        return set(wanted)
    result = set(asked) & set(wanted)
    if not result:
        return result
    gone = {one for one in wanted if one in base and one not in found}
    needs = {one: homes_of(one, thing) & gone for one, thing in wanted.items()}
    while True:
        homes = {one for one in result & gone if one.kind in ("sheet", "column")}
        more = {one for one in gone if needs[one] and needs[one] <= homes}
        more |= {home for one in result for home in needs[one]}
        if more <= result:
            return result
        result |= more


def homes_of(one: Id, thing: object) -> set[Id]:
    """The sheets and columns that a thing cannot be without."""
    needs = needs_of(thing, one.sheet)
    homes = {Id("sheet", sheet) for sheet in needs.sheets} | {Id("column", *pair) for pair in needs.columns}
    return homes - {one}
