"""Conditional format rules: add at an index, update or move, delete. They have no ids, only their place in the list."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..entered import parse_entered
from ..errors import invalid
from .conditions import FORMAT, checked
from .ranges import sheet_of, stored
from .texts import foreign
from .values import paired

if TYPE_CHECKING:
    from ..book import Book

_FORMATS = ("backgroundColor", "backgroundColorStyle", "textFormat")
_TEXT_FORMATS = ("bold", "italic", "strikethrough", "underline", "foregroundColor", "foregroundColorStyle")
_OTHER_SHEET = "Conditional format rule cannot reference a different sheet."


def _checked(book: Book, rule: dict[str, Any] | None) -> dict[str, Any]:
    """The canonical rule. ApiError 400: no ranges or several sheets, a condition or format that cannot be used here."""
    if not rule or not rule.get("ranges"):
        raise invalid("A conditional format rule must have at least one range.")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise invalid("Exactly one of booleanRule and gradientRule must be set.")
    ranges = [stored(book, area, what="ranges") for area in rule["ranges"]]
    home = ranges[0]["sheetId"]
    if any(area["sheetId"] != home for area in ranges):
        raise invalid("All ranges of a conditional format rule must be on the same sheet.")
    if "gradientRule" in rule:
        return {"ranges": ranges, "gradientRule": _gradient(book, rule["gradientRule"], home)}
    boolean = rule["booleanRule"]
    condition = checked(book, boolean.get("condition"), FORMAT, home)
    for value in condition.get("values", []):
        _check_home(book, value.get("userEnteredValue", ""), home)
    return {"ranges": ranges, "booleanRule": {"condition": condition, "format": _format(boolean.get("format", {}))}}


def _check_home(book: Book, text: str, home: int) -> None:
    if text.startswith("=") and foreign(book, text, home):
        raise invalid(_OTHER_SHEET)


def _format(value: dict[str, Any]) -> dict[str, Any]:
    for key in value:
        if key not in _FORMATS:
            raise invalid(f"Conditional formatting cannot set {key}; it sets colors and the style of the text.")
    for key in value.get("textFormat", {}):
        if key not in _TEXT_FORMATS:
            raise invalid(f"Conditional formatting cannot set textFormat.{key}.")
    return paired(value)


def _gradient(book: Book, gradient: dict[str, Any], home: int) -> dict[str, Any]:
    out = {}
    for name in ("minpoint", "midpoint", "maxpoint"):
        point = gradient.get(name)
        if point is None:
            if name == "midpoint":
                continue
            raise invalid(f"gradientRule.{name} must be set.")
        kind = point.get("type", "INTERPOLATION_POINT_TYPE_UNSPECIFIED")
        if kind == "INTERPOLATION_POINT_TYPE_UNSPECIFIED":
            raise invalid("No interpolationPointType specified.")
        made = paired({key: value for key, value in point.items() if key != "value"})
        if kind not in ("MIN", "MAX"):  # the value of those two is dropped (reported)
            text = point.get("value")
            if not text:
                raise invalid("InterpolationPoint.value is required.")
            number = text if text.startswith("=") else parse_entered(text)[0]
            if isinstance(number, bool) or (isinstance(number, str) and not text.startswith("=")):
                raise invalid(f"Invalid InterpolationPoint.value: {text}")
            _check_home(book, text, home)
            made["value"] = text
        out[name] = made
    return out


def _rules(book: Book, sheet_id: int) -> list[dict[str, Any]]:
    return sheet_of(book, sheet_id).setdefault("conditionalFormats", [])


def _at(rules: list[dict[str, Any]], index: int, top: int) -> int:
    if not 0 <= index < top:
        raise invalid(f"There is no conditional format rule at index {index}: the sheet has {len(rules)}.")
    return index


def _add(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    made, index = _checked(book, body.get("rule")), body.get("index", 0)
    rules = _rules(book, made["ranges"][0]["sheetId"])
    rules.insert(_at(rules, index, len(rules) + 1), made)
    return {}


def _update(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    index = body.get("index", 0)
    if ("rule" in body) == ("newIndex" in body):
        raise invalid("Exactly one of rule and newIndex must be set.")
    if "rule" in body:
        made = _checked(book, body["rule"])
        rules = _rules(book, made["ranges"][0]["sheetId"])
        old = rules[_at(rules, index, len(rules))]
        rules[index] = made
        answer = {"oldRule": old, "newRule": made, "oldIndex": index, "newIndex": index}
        return {"updateConditionalFormatRule": copy.deepcopy(answer)}
    rules = _rules(book, body.get("sheetId", 0))
    old = rules.pop(_at(rules, index, len(rules)))
    rules.insert(_at(rules, body["newIndex"], len(rules) + 1), old)
    answer = {"oldIndex": index, "newIndex": body["newIndex"], "newRule": old}
    return {"updateConditionalFormatRule": copy.deepcopy(answer)}


def _delete(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    rules = _rules(book, body.get("sheetId", 0))
    old = rules.pop(_at(rules, body.get("index", 0), len(rules)))
    return {"deleteConditionalFormatRule": {"rule": old}}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {
        "addConditionalFormatRule": _add,
        "updateConditionalFormatRule": _update,
        "deleteConditionalFormatRule": _delete,
    }
)
