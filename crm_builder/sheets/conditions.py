"""Condition ↔ BooleanCondition, and which condition is allowed where (as the discovery document states)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from crm_builder.model import FIRST_DATA_ROW, Area, Condition
from crm_builder.sheets import formula_text
from crm_builder.sheets.areas import decode_a1, encode_a1
from crm_builder.sheets.layout import Layout, NotOursError

Json = dict[str, Any]
Use = Literal["validation", "rule", "filter"]

RELATIVE_DATES = ("past_year", "past_month", "past_week", "yesterday", "today", "tomorrow")


@dataclass(frozen=True, slots=True)
class Kind:
    """How many values a kind of condition takes (least, most) and where it may be used."""

    values: tuple[int, int | None]
    uses: frozenset[Use]


def _kinds() -> dict[str, Kind]:
    everywhere: frozenset[Use] = frozenset(("validation", "rule", "filter"))
    shown: frozenset[Use] = frozenset(("rule", "filter"))
    entered: frozenset[Use] = frozenset(("validation",))
    table: dict[str, Kind] = {}
    for name in ("greater", "greater_than_eq", "less", "less_than_eq", "eq", "not_eq"):
        table[f"number_{name}"] = Kind((1, 1), everywhere)
    for name in ("number_between", "number_not_between"):
        table[name] = Kind((2, 2), everywhere)
    for name in ("text_contains", "text_not_contains", "text_eq", "date_eq", "date_before", "date_after"):
        table[name] = Kind((1, 1), everywhere)
    for name in ("text_starts_with", "text_ends_with"):
        table[name] = Kind((1, 1), shown)
    for name in ("blank", "not_blank"):
        table[name] = Kind((0, 0), shown)
    for name in ("text_is_email", "text_is_url", "date_is_valid"):
        table[name] = Kind((0, 0), entered)
    for name in ("date_on_or_before", "date_on_or_after"):
        table[name] = Kind((1, 1), entered)
    table["date_between"] = Kind((2, 2), entered)
    table["text_not_eq"] = Kind((1, 1), frozenset())  # only on connected data sources, which a workbook has not
    table["one_of_range"] = Kind((1, 1), entered)
    table["one_of_list"] = Kind((1, None), entered)
    table["boolean"] = Kind((0, 2), entered)
    table["custom_formula"] = Kind((1, 1), everywhere)
    return table


KINDS = _kinds()


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a condition stands: the sheet, and the row that its relative references are written for.

    The row is that of the grid, 1-based, wherever the model's own stands.
    """

    layout: Layout
    sheet: str
    row: int = FIRST_DATA_ROW


def encode_condition(condition: Condition, frame: Frame) -> Json:
    """A BooleanCondition; numbers are written as the locale en_US writes them."""
    data: Json = {"type": condition.kind.upper()}
    if condition.values:
        data["values"] = [_encode_value(condition.kind, value, frame) for value in condition.values]
    return data


def _encode_value(kind: str, value: str | float | Area, frame: Frame) -> Json:
    if isinstance(value, Area):
        return {"userEnteredValue": "=" + encode_a1(value, frame.layout)}
    if isinstance(value, str):
        if kind.startswith("date_") and value in RELATIVE_DATES:
            return {"relativeDate": value.upper()}
        if value.startswith("=") and kind != "one_of_list":
            value = formula_text.to_letters(value, frame.layout.place(frame.sheet), frame.row)
        return {"userEnteredValue": value}
    return {"userEnteredValue": number_text(value)}


def decode_condition(data: Json, frame: Frame) -> Condition:
    kind = data.get("type", "").lower()
    if kind not in KINDS:
        raise NotOursError(f"condition {kind!r}")
    return Condition(kind, tuple(_decode_value(kind, value, frame) for value in data.get("values", ())))


def _decode_value(kind: str, data: Json, frame: Frame) -> str | float | Area:
    if "relativeDate" in data:
        return data["relativeDate"].lower()
    text = data.get("userEnteredValue", "")
    if kind == "one_of_range":
        try:
            return decode_a1(text.removeprefix("="), frame.layout, frame.sheet)
        except NotOursError:
            return text  # a list that somebody keeps on a sheet of their own
    if text.startswith("=") and kind != "one_of_list":
        return formula_text.canonical(formula_text.to_keys(text, frame.layout.place(frame.sheet), frame.row))
    return canonical_value(kind, text)


def canonical_value(kind: str, value: str | float | Area) -> str | float | Area:
    """A value as reading gives it back: numbers for conditions over numbers, text for all others."""
    if isinstance(value, Area):
        return value
    if kind.startswith("number_"):
        return float(value) if not isinstance(value, str) or _NUMBER.fullmatch(value) else value
    return value if isinstance(value, str) else number_text(value)


_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")


def number_text(value: float) -> str:
    """5.0 → `5`, 0.5 → `0.5`."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
