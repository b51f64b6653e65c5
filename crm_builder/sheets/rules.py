"""ConditionalRule ↔ addConditionalFormatRule. The service gives rules no identity: see `rule_digest`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from crm_builder.model import Area, ConditionalRule
from crm_builder.sheets import ids
from crm_builder.sheets.areas import decode_range, encode_range
from crm_builder.sheets.conditions import Frame, canonical_value, decode_condition, encode_condition, number_text
from crm_builder.sheets.formats import decode_format, encode_format
from crm_builder.sheets.formula_text import canonical
from crm_builder.sheets.layout import Layout, NotOursError

Json = dict[str, Any]

# The discovery document: a rule can set nothing but these.
RULE_FORMAT = frozenset(("background", "color", "bold", "italic", "strikethrough"))


def encode_rule(rule: ConditionalRule, layout: Layout) -> Json:
    """A ConditionalFormatRule; its formula is written for the first row of the first area."""
    place = layout.place(rule.areas[0].sheet)
    frame = Frame(layout, place.key, place.line(rule.areas[0].first_row) + 1)
    return {
        "ranges": [encode_range(area, layout) for area in rule.areas],
        "booleanRule": {
            "condition": encode_condition(rule.condition, frame),
            "format": encode_format(rule.format),
        },
    }


def decode_rule(data: Json, layout: Layout, key: str = "") -> ConditionalRule:
    """The rule with a key that the caller knows; NotOursError for a colour scale and for other sheets' areas."""
    if "booleanRule" not in data or not data.get("ranges"):
        raise NotOursError("a colour scale")
    areas = _areas(data["ranges"], layout)
    boolean = data["booleanRule"]
    place = layout.place(areas[0].sheet)
    frame = Frame(layout, place.key, data["ranges"][0].get("startRowIndex", place.line(areas[0].first_row)) + 1)
    return ConditionalRule(
        key, areas, decode_condition(boolean.get("condition", {}), frame), decode_format(boolean.get("format", {}))
    )


def _areas(ranges: Iterable[Json], layout: Layout) -> tuple[Area, ...]:
    """The areas but for those on lines that people inserted; NotOursError where there is no other."""
    found, last = [], NotOursError("no area")
    for grid in ranges:
        try:
            found.append(decode_range(grid, layout))
        except NotOursError as error:
            last = error
    if not found:
        raise last
    return tuple(found)


def add_rule(rule: ConditionalRule, layout: Layout, index: int) -> Json:
    return {"addConditionalFormatRule": {"rule": encode_rule(rule, layout), "index": index}}


def rule_digest(rule: ConditionalRule) -> str:
    """What a rule is known by: its columns and its condition, not its rows nor how it looks.

    Written by keys, so that it stays the same when columns move and rows are added; areas are expected in the form
    that reading gives.
    """
    values = [_text(canonical_value(rule.condition.kind, value)) for value in rule.condition.values]
    return ids.digest(json.dumps([[_text(area) for area in rule.areas], rule.condition.kind, values]))


def _text(value: str | float | Area) -> str:
    if isinstance(value, Area):
        return f"{value.sheet}!{value.first_column or ''}:{value.last_column or ''}"
    return canonical(value) if isinstance(value, str) else number_text(value)
