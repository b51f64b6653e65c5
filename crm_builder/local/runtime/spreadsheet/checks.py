"""What refuses a script's write: protected cells, and data validation that rejects."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_builder.a1 import letters

from ...batch.matching import test_of
from ...batch.protection import OWNER
from ...batch.ranges import Rect, known_rect
from ...blocks import Formula
from ..objects import ScriptError

if TYPE_CHECKING:
    from ...book import Book
    from ..world import World

PROTECTED = (
    "You are trying to edit a protected cell or object."
    " Please contact the spreadsheet owner to remove protection if you need to edit."
)
_FIXED = "ONE_OF_RANGE"  # its range is absolute: one test serves all cells of the rule


def check_editable(world: World, book: Book, area: Rect) -> None:
    """ScriptError where somebody who may not edit all of the cells runs the script; warnings stop no script."""
    for one in book.sheet(area.sheet_id).get("protectedRanges", ()):
        if one.get("warningOnly") or world.user in (world.owner, OWNER):
            continue
        if world.user in one.get("editors", {}).get("users", ()):
            continue
        if not known_rect(book, one["range"]).meets(area):
            continue
        free = [known_rect(book, part) for part in one.get("unprotectedRanges", ())]
        if not any(part.holds(area) for part in free):
            raise ScriptError(PROTECTED)


def refused(book: Book, area: Rect, rules: list[list[Any]]) -> tuple[int, int] | None:
    """The first of the cells, written already, whose value its rule rejects; formulas are never rejected."""
    tests: dict[int, Callable[[Any, int, int], bool]] = {}
    grid = book.grid(area.sheet_id)
    for r, (values, listed) in enumerate(zip(grid.read("entered", *area.area), rules, strict=True), area.r0):
        for c, (value, rule) in enumerate(zip(values, listed, strict=True), area.c0):
            if not rule or not rule.get("strict") or value is None or value == "" or type(value) is Formula:
                continue
            condition = rule["condition"]
            given = [one.get("userEnteredValue", "") for one in condition.get("values", ())]
            if condition["type"] != _FIXED and any(text.startswith("=") for text in given):
                book.recalculate()  # the formula may read the cell itself
                test = test_of(book, condition, (area.sheet_id, r, c), (r, c, r + 1, c + 1))
            else:
                test = tests.get(id(rule)) or test_of(book, condition, (area.sheet_id, area.r0, area.c0), area.area)
                tests[id(rule)] = test
            if not test(value, r, c):
                return r, c
    return None


def violation(cell: tuple[int, int]) -> ScriptError:
    where = f"{letters(cell[1])}{cell[0] + 1}"
    return ScriptError(f"The data you entered in cell {where} violates the data validation rules set on this cell.")
