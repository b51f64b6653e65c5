"""The words in which a plan is told: kinds of things, their properties, values cut short."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from crm_builder.model import Area, NumberFormat
from crm_builder.plan.changes import Difference, Kind

KINDS: dict[Kind, tuple[str, str]] = {
    "workbook": ("workbook", "workbooks"),
    "sheet": ("sheet", "sheets"),
    "column": ("column", "columns"),
    "cell": ("cell", "cells"),
    "item": ("row", "rows"),
    "rule": ("rule", "rules"),
    "banding": ("row colours", "row colours"),
    "filter": ("filter", "filters"),
    "view": ("filter view", "filter views"),
    "protection": ("protection", "protections"),
    "merge": ("merged area", "merged areas"),
    "height": ("row height", "row heights"),
    "chart": ("chart", "charts"),
    "pivot": ("pivot table", "pivot tables"),
    "slicer": ("slicer", "slicers"),
    "name": ("name", "names"),
    "mark": ("mark", "marks"),
}  # fmt: skip
_SHORT = 32
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
FIRST_STRONG, POP = "\u2068", "\u2069"
ISOLATES = FIRST_STRONG + POP
_BREAK = re.compile("\r\n|[\n\v\f\r\x85\u2028\u2029]")
# Controls, those of direction (UAX #9), and halves of characters, which no terminal can be sent.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_PLACES = 5  # so many addresses are told
_WORDS = {"at": "place", "tab_color": "tab colour", "right_to_left": "direction"}


def count(number: int, one: str, many: str = "") -> str:
    """`1 cell`, `12 cells`, `1,200 cells`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def visible(text: str, keep: str = "") -> str:
    """A text on one line that shows what it holds: `⏎` for a line break, `<U+202E>` for what would turn, hide or forge
    text. `keep`: such characters that stay."""
    shown = _BREAK.sub("⏎", text)
    return _UNSEEN.sub(lambda found: found[0] if found[0] in keep else f"<U+{ord(found[0]):04X}>", shown)


def isolated(text: str) -> str:
    """A title or value as it is shown; from right to left, it is kept together in its sentence (UAX #9, FSI, PDI)."""
    text = visible(text)
    return f"{FIRST_STRONG}{text}{POP}" if _RIGHT_TO_LEFT.search(text) else text


def bare(text: str) -> str:
    """The same without what keeps titles together: for pipes, and for terminals that order nothing."""
    return text.replace(FIRST_STRONG, "").replace(POP, "")


def places_text(places: Sequence[str]) -> str:
    """The first of some addresses or titles."""
    return ", ".join(visible(place) for place in places[:_PLACES]) + (" …" if len(places) > _PLACES else "")


def difference_text(difference: Difference) -> str:
    """`title Phone → Mobile`; only the property's name where its values say nothing to people."""
    name = property_text(difference.name)
    if difference.name.rpartition(".")[2] in ("formula", "condition", "validation"):
        return name
    before, after = short(difference.before), short(difference.after)
    return f"{name} {before} → {after}" if before and after else name


def property_text(name: str) -> str:
    words = (_WORDS.get(part, part).replace("_", " ") for part in name.split("."))
    return " ".join(dict.fromkeys(words))


def short(value: Any) -> str:
    """A value in a few letters; empty where it would take too many."""
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, NumberFormat):
        return f"{value.kind} {value.pattern}".strip()
    text = str(value)
    if isinstance(value, Area | tuple | dict | list) or is_dataclass(value) or len(text) > _SHORT:
        return ""
    return isolated(text)


def plain(value: Any) -> Any:
    """Any value of the model as JSON, what is not set left out."""
    if is_dataclass(value):
        kept = {field.name: getattr(value, field.name) for field in fields(value) if field.compare and field.init}
        return {name: plain(one) for name, one in kept.items() if one not in (None, "", (), False)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value
