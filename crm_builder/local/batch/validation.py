"""setDataValidation, and the canonical form of a data validation rule."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..formulas.references import relative_copy
from .conditions import VALIDATION, checked
from .ranges import Rect, rect
from .values import without_false

if TYPE_CHECKING:
    from ..book import Book


def checked_rule(book: Book, rule: dict[str, Any] | None, home: int) -> dict[str, Any] | None:
    """The rule as it is read back: falses left out, ranges absolute. None stays None. ApiError 400 as `checked`."""
    if not rule:
        return None
    out = without_false(rule, "strict", "showCustomUi", "inputMessage")
    return {"condition": checked(book, rule.get("condition"), VALIDATION, home)} | {
        key: out[key] for key in ("inputMessage", "strict", "showCustomUi") if key in out
    }


def adapted_rule(rule: dict[str, Any], rows: int, columns: int) -> dict[str, Any]:
    """The rule as it reads so many rows and columns further on: relative references step along."""
    values = rule["condition"].get("values", [])
    if not any(value.get("userEnteredValue", "").startswith("=") for value in values):
        return rule
    out = copy.deepcopy(rule)
    for value in out["condition"]["values"]:
        if value.get("userEnteredValue", "").startswith("="):
            value["userEnteredValue"] = relative_copy(value["userEnteredValue"], rows, columns)
    return out


def fill_rule(book: Book, area: Rect, rule: dict[str, Any] | None) -> None:
    """Gives every cell the data validation rule, relative formulas adapted to each; None takes the rules away."""
    grid, checked = book.grid(area.sheet_id), checked_rule(book, rule, area.sheet_id)
    if checked is None or adapted_rule(checked, 1, 1) == checked:
        grid.fill("validation", *area.area, checked)
        return
    for row in range(area.height):
        line = [adapted_rule(checked, row, column) for column in range(area.width)]
        grid.write("validation", area.r0 + row, area.c0, [line])


def _set(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    fill_rule(book, rect(book, body.get("range")), body.get("rule"))
    return {}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType({"setDataValidation": _set})
