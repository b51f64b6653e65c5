"""Small things of the model made from rendered templates: formats, validation, conditions, areas."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from crm_builder.model import Area, Border, CellFormat, Condition, Criterion, NumberFormat, SortKey, Validation
from crm_builder.template.specs import ColumnSpec


def cell_format(look: Mapping[str, Any], styles: Mapping[str, Any]) -> CellFormat:
    """A format from a named style and the keys that stand beside it."""
    body = {**styles.get(look.get("style", "input"), {}), **{k: v for k, v in look.items() if k in _FORMAT_KEYS}}
    return style_format(body)


_FORMAT_KEYS = ("number", "align", "direction", "wrap")


def style_format(style: Mapping[str, Any]) -> CellFormat:
    body = dict(style)
    for edge in ("border_bottom", "border_top", "border_left", "border_right"):
        if edge in body:
            body[edge] = Border(**body[edge])
    if "number" in body:
        body["number"] = NumberFormat(**body["number"])
    return CellFormat(**body)


def validation(
    spec: ColumnSpec, dropdown: Callable[[str, str], Area], open_lists: Collection[str]
) -> Validation | None:
    """The validation of a typed column: of its type, pointed at its list, its table or its own choices.

    `dropdown("list" or "table", key)` is where those choices stand.
    A list of `open_lists` has no choices yet, so that anything may be typed.
    """
    raw = spec.look.get("validation")
    if not raw:
        return None
    kind, values = raw["kind"], tuple(raw.get("values", ()))
    if spec.choices:
        kind, values = "one_of_list", spec.choices
    elif spec.list:
        values = (dropdown("list", spec.list),)
    elif spec.table:
        values = (dropdown("table", spec.table),)
    strict = raw.get("strict", False) and not (spec.list and spec.list in open_lists)
    values = tuple(float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in values)
    return Validation(Condition(kind, values), strict, raw.get("dropdown", False), raw.get("message", ""))


def criterion(raw: Mapping[str, Any]) -> Criterion:
    column = raw["column"]
    if "equals" in raw:
        return Criterion(column, Condition("text_eq", (raw["equals"],)))
    if "above" in raw:
        return Criterion(column, Condition("number_greater", (float(raw["above"]),)))
    if "below" in raw:
        return Criterion(column, Condition("number_less", (float(raw["below"]),)))
    if "formula" in raw:
        return Criterion(column, Condition("custom_formula", (raw["formula"],)))
    if raw.get("filled"):
        return Criterion(column, Condition("not_blank"))
    return Criterion(column, hidden=tuple(raw.get("not", ())))


def sort_keys(raw: list[Mapping[str, Any]]) -> tuple[SortKey, ...]:
    return tuple(SortKey(item["column"], item.get("descending", False)) for item in raw)
