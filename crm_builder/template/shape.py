"""Which keys each kind of template file may have; a key that is not written here is a mistake, not an idea.

A shape is a type, a list of one shape, a mapping of keys to shapes, `Each(shape)` for keys that the author chooses,
or `Any` for content that another room checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

NUMBER = (int, float)
VALUE = (str, int, float, bool)


@dataclass(frozen=True, slots=True)
class Each:
    """A mapping whose keys the author chooses, each value of one shape."""

    shape: Any


_BORDER = {"style": str, "color": str}
_NUMBER = {"kind": str, "pattern": str}
_STYLE = {
    "background": str, "color": str, "bold": bool, "italic": bool, "strikethrough": bool, "font": str, "size": int,
    "align": str, "vertical": str, "wrap": str, "direction": str, "border_bottom": _BORDER, "border_top": _BORDER,
    "border_left": _BORDER, "border_right": _BORDER, "number": _NUMBER,
}  # fmt: skip
_VALIDATION = {"kind": str, "values": [VALUE], "strict": bool, "dropdown": bool, "message": str}
_COMPANION = {"suffix": str, "place": str, "hidden": bool, "type": str, "formula": str}
_TYPE = {
    "width": (int, str), "style": str, "number": _NUMBER, "align": str, "direction": str, "wrap": str, "field": bool,
    "validation": _VALIDATION, "shows": str, "unread": {"when": str, "style": str}, "companion": [_COMPANION],
    "entry": str,
}  # fmt: skip
_COLUMN = {
    "key": str, "type": str, "title": str, "list": str, "table": str, "formula": str, "width": int, "hidden": bool,
    "style": str, "number": str, "direction": str, "wrap": str, "part": str, "for": str, "fields": bool,
    "required": bool, "validation": _VALIDATION, "was": str, "shows": str,
}  # fmt: skip
_RULE = {"key": str, "columns": [str], "when": str, "style": str, "part": str}
_WHERE = {"column": str, "equals": str, "not": [str], "above": NUMBER, "below": NUMBER, "formula": str, "filled": bool}
_SORT = {"column": str, "descending": bool}
_VIEW = {"for": str, "key": str, "title": str, "where": [_WHERE], "sort": [_SORT], "part": str}
_CELL = {"value": VALUE, "type": str, "list": str, "between": str}
_ROW = {"for": str, "values_from": str, "values": Each((*VALUE, _CELL)), "name": {"name": str, "column": str}}
_CASE = {"column": str, "choices": [str], "checkbox": str}
# What the script keeps in order in a table.
_AUTOMATION = {
    "stamped": {"created": str, "updated": str}, "since": Each(str), "days": [{**_CASE, "sets": str}],
    "paired": {"checkbox": str, "choice": str, "list": str, "on": str, "off": str}, "watched": [str], "unique": [str],
    "defaults": Each(str), "archive": {"when": _CASE, "day": str},
}  # fmt: skip
_TABLE = {
    "prefix": str, "anchor": str, "tab": str, "protect": str, "rows": int, "filter": bool, "hidden": bool,
    "frozen_rows": int, "frozen_columns": int, "column": [_COLUMN], "rule": [_RULE], "view": [_VIEW], "row": [_ROW],
    "was": str, "automation": _AUTOMATION,
}  # fmt: skip
_BLOCK_ROW = {"for": str, "values": [VALUE], "name": str, "type": str}
_BLOCK = {
    "for": str, "key": str, "part": str, "columns": [str], "types": [str], "formula": str, "row": [_BLOCK_ROW],
    "height": int,
}  # fmt: skip
_HELPER = {"hidden": bool, "rows": int, "block": [_BLOCK], "was": str}
_CHOICE = {"key": str, "color": str}
_LOOP = {"for": str, "only": [str], "except": [str], "part": str}
_LIST_COLUMN = {
    **_LOOP, "key": str, "title": str, "span": (int, str), "formula": str, "cells": [VALUE], "type": str, "align": str,
    "style": str, "list": str,
}  # fmt: skip
_SERIES = {
    "column": str, "color": str, "kind": str, "right_axis": bool, "dashed": bool, "labels": bool,
}  # fmt: skip
_VALUE = {"column": str, "summary": str, "title": str}
_GROUP = {"column": str, "title": str, "descending": bool, "totals": bool, "by": int}
# What any kind of item may have; views.py says which of it each kind has.
_ITEM = {
    **_LOOP, "kind": str, "span": (int, str), "at": (int, str), "key": str, "title": str, "text": str, "style": str,
    "background": str, "color": str,
    "rows": (int, str), "type": str, "name": str, "link": str, "align": str, "value": (*VALUE, [_VALUE]), "change": str,
    "change_type": str, "better": str, "note": str, "spark": str, "size": str, "choices": [str], "from": str,
    "column": (str, [_LIST_COLUMN]), "rule": [{"columns": [str], "when": str, "style": str}], "row_height": int,
    "chart": str, "subtitle": str, "description": str, "label": str, "series": [_SERIES], "stacked": str,
    "legend": str, "hole": NUMBER, "axis_title": str, "table": str, "row": [_GROUP], "group": [_GROUP],
    "filter": [_WHERE], "head": {"title": str}, "reserve_columns": (int, str),
}  # fmt: skip
_PAGE = {
    "tab": str, "part": str, "frozen_rows": int, "was": str,
    "columns": (str, [{"key": str, "width": (int, str), "count": (int, str)}]),
    "band": [{**_LOOP, "title": str, "item": [_ITEM]}],
}  # fmt: skip
_LIST = {"required": [str], "from": str, "attributes": Each(str), "choices": [Any]}
_FIELD = {"table": str, "key": str, "type": str, "choices": [str], "required": bool, "was": str}
_WORDS = {
    "language": Each(str), "calendars": Each(str), "messages": Each(str), "filters": Each(str),
    "views": Each({"title": str, "note": str, "texts": Each(str)}),
    "common": {"columns": Each(str), "notes": Each(str)},
    "tables": Each({"title": str, "note": str, "columns": Each(str), "notes": Each(str), "views": Each(str)}),
    "helpers": Each({"title": str, "columns": Each(str)}),
    "lists": Each(str), "attributes": Each(str), "choices": Each(Each(str)),
    "automation": Each(str), "automation_notes": Each(str), "mail_sequences": Each(str),
    "thresholds": Each(str), "threshold_notes": Each(str), "facts": Each(str), "fact_notes": Each(str),
    "parts": Each(str), "presets": Each(str), "months": Each([str]), "periods": Each(str),
    "fields": Each(Each(str)), "field_notes": Each(Each(str)), "field_choices": Each(Each(Each(str))),
    "mails": [{"key": str, "name": str, "subject": str, "body": str}], "preview": Each(str), "xlsx": Each(str),
    "plan": Each(str),
    "script": Each(Each(str)),
}  # fmt: skip

# By folder, or by name for the files at the top.
SHAPES: Mapping[str, Any] = {
    "tables": _TABLE,
    "helpers": _HELPER,
    "views": _PAGE,
    "words": _WORDS,
    "types": Each(_TYPE),
    "lists": Each(_LIST),
    "look": {
        "colours": Each(str), "choices": Each({"background": str, "color": str}), "styles": Each(_STYLE),
        "grid": Each(int), "heights": Each(int), "theme": Each(str),
        "charts": {"ink": str, "font": str, "background": str, "colours": [str]},
    },
    "automation": {"setting": [{
        "key": str, "type": str, "list": str, "default": VALUE, "of": str, "part": str, "between": [NUMBER],
    }]},
    "currencies": Each({"symbol": str, "pattern": str, "unit": NUMBER, "width": int, "fine": str}),
    "calendars": {
        "sheets_off": [str], "suffix": str, "first_year": int, "last_year": int, "first_day": Any,
        "leap_years": [int], "months": [int],
        "input": {**_TYPE, "type": str},
        "behind": {"formula": str},
        "periods": {"months": str, "first_weekday": int, "month_number": str, "month_start": str, "day_text": str},
        "shown": {**_TYPE, "types": [str], "formula": str},
        "weekend": [int], "holidays": [str],
    },
    "preset": {"lists": Each(_LIST), "fields": [_FIELD], "thresholds": Each(NUMBER), "story": Any},
    "preset_words": {"words": _WORDS, "sample": Any},
    "workbook": {
        "sheets": [str], "locale": str, "font": str, "size": int, "version": str,
        "defaults": {
            "rows": int, "frozen_rows": int, "frozen_columns": int, "header_height": int, "gridlines": bool,
            "banding": {"first": str, "second": str},
        },
        "dropdowns": {"sheet": str, "list": str, "table": str},
        "formulas": {"computed": str, "guard": str, "missing": {"when": str, "style": str}},
        "parts": Each({"sheets": [str], "default": bool}),
        "thresholds": Each({"default": NUMBER, "minimum": NUMBER, "maximum": NUMBER, "money": bool}),
        "ascending": [[str]],
    },
    "sample": Any,
}  # fmt: skip


def check(value: Any, shape: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, message) for every place where the value has another shape."""
    if shape is Any:
        return
    if isinstance(shape, tuple):
        inner = next((part for part in shape if isinstance(part, type(value)) and isinstance(part, dict | list)), None)
        if inner:
            yield from check(value, inner, path)
        elif not isinstance(value, tuple(part for part in shape if isinstance(part, type))):
            yield path, f"must be {_names(shape)}, not {_name(type(value))}"
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield path, f"must be a list, not {_name(type(value))}"
        else:
            for number, item in enumerate(value):
                yield from check(item, shape[0], f"{path}[{number}]")
    elif isinstance(shape, Each):
        if not isinstance(value, dict):
            yield path, f"must be a section, not {_name(type(value))}"
        else:
            for key, item in value.items():
                yield from check(item, shape.shape, f"{path}.{key}" if path else key)
    elif isinstance(shape, dict):
        yield from _check_keys(value, shape, path)
    elif not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        yield path, f"must be {_name(shape)}, not {_name(type(value))}"


def _check_keys(value: Any, shape: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield path, f"must be a section, not {_name(type(value))}"
        return
    for key, item in value.items():
        where = f"{path}.{key}" if path else key
        if key in shape:
            yield from check(item, shape[key], where)
        else:
            near = get_close_matches(key, shape, 1)
            yield where, f"unknown key `{key}`" + (f", did you mean `{near[0]}`?" if near else "")


def _name(kind: type) -> str:
    return {str: "text", int: "a whole number", float: "a number", bool: "true or false", dict: "a section",
            list: "a list"}.get(kind, kind.__name__)  # fmt: skip


def _names(kinds: tuple[Any, ...]) -> str:
    names = [_name(kind if isinstance(kind, type) else type(kind)) for kind in kinds]
    return " or ".join(dict.fromkeys(names))
