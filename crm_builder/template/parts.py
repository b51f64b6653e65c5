"""Small things of the model made from rendered templates: formats, validation, conditions, areas."""

from __future__ import annotations

from collections.abc import Mapping
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
    for edge in ("border_bottom", "border_top"):
        if edge in body:
            body[edge] = Border(**body[edge])
    if "number" in body:
        body["number"] = NumberFormat(**body["number"])
    return CellFormat(**body)


def validation(spec: ColumnSpec, lists_sheet: str | None) -> Validation | None:
    """The validation of a typed column: of its type, pointed at its list, its table or its own choices."""
    raw = spec.look.get("validation")
    if not raw:
        return None
    kind, values = raw["kind"], tuple(raw.get("values", ()))
    if spec.choices:
        kind, values = "one_of_list", spec.choices
    elif spec.list:
        values = (Area(lists_sheet, spec.list),) if lists_sheet else ()
    elif spec.table:
        values = (Area(spec.table, spec.look["shows"]),)
    values = tuple(float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in values)
    return Validation(
        Condition(kind, values), raw.get("strict", False), raw.get("dropdown", False), raw.get("message", "")
    )


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
    return Criterion(column, hidden=tuple(raw.get("not", ())))


def sort_keys(raw: list[Mapping[str, Any]]) -> tuple[SortKey, ...]:
    return tuple(SortKey(item["column"], item.get("descending", False)) for item in raw)
