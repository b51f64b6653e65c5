"""Checks a JSON body or query against the discovery document, in the way and the words of Google's JSON parser.

Unknown names, wrong types and unknown enum words are collected and refused together in one 400. What the service
tolerates is tolerated (recorded): snake_case names, null for absent, one object where a list is expected, a list
inside a list of objects, a number written as text.
"""

from __future__ import annotations

import json
import math
import re
import sys
from functools import lru_cache
from typing import Any

from .discovery import document
from .errors import bad_fields

Json = dict[str, Any]
Violations = list[tuple[str, str]]

_INTEGERS = {"int32": (-(2**31), 2**31 - 1, "TYPE_INT32"), "uint32": (0, 2**32 - 1, "TYPE_UINT32")}
_LONG = (-(2**63), 2**63 - 1, "TYPE_INT64")
_LARGEST = {"float": 3.4028234663852886e38}  # of single precision; every other number is double
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|-?\.[0-9]+(?:[eE][+-]?[0-9]+)?")
_LONGEST = 1000  # characters of a number written as text; a longer one is out of every range
_LIST = "type.googleapis.com/google.protobuf.ListValue"


# Fields of which only one may be set, which the discovery document does not tell: the union fields of the reference.
_ONE_OF: dict[str, tuple[str, tuple[str, ...]]] = {
    "ExtendedValue": ("value", ("numberValue", "stringValue", "boolValue", "formulaValue", "errorValue")),
    "ColorStyle": ("kind", ("rgbColor", "themeColor")),
    "ConditionalFormatRule": ("rule", ("booleanRule", "gradientRule")),
    "ConditionValue": ("value", ("relativeDate", "userEnteredValue")),
    "PivotValue": ("value", ("sourceColumnOffset", "formula", "dataSourceColumnReference")),
    "PivotGroup": ("reference", ("sourceColumnOffset", "dataSourceColumnReference")),
    "PivotGroupRule": ("rule", ("manualRule", "histogramRule", "dateTimeRule")),
    "EmbeddedObjectPosition": ("location", ("sheetId", "overlayPosition", "newSheet")),
    "DataFilter": ("filter", ("developerMetadataLookup", "a1Range", "gridRange")),
    "DeveloperMetadataLocation": ("location", ("spreadsheet", "sheetId", "dimensionRange")),
    "ChartSpec": (
        "chart",
        (
            *("basicChart", "pieChart", "bubbleChart", "candlestickChart", "orgChart", "histogramChart"),
            *("waterfallChart", "treemapChart", "scorecardChart"),
        ),
    ),
    "AutoFillRequest": ("area", ("range", "sourceAndDestination")),
    "PasteDataRequest": ("kind", ("delimiter", "html")),
    "FindReplaceRequest": ("scope", ("range", "sheetId", "allSheets")),
    "UpdateCellsRequest": ("area", ("start", "range")),
}
_NAMES = {schema: name for schema, (name, _) in _ONE_OF.items()}
_UNIONS = {schema: {field: fields for field in fields} for schema, (_, fields) in _ONE_OF.items()}


def checked(api: str, schema: str, body: Any, field: str = "") -> Json:
    """The body in its plain form: camelCase names, no nulls, lists where lists belong.

    `field` is the name under which the service's own request message holds the body ("data" in values.update).
    ApiError 400 naming every fault.
    """
    faults: Violations = []
    if body is None:
        body = {}
    clean = _object(document(api)["schemas"], schema, body, field, faults)
    if faults:
        raise bad_fields(faults)
    return clean


# gspread's share sends this field of Drive v2 to v3, and is answered.
_PASSED_OVER = {"Permission": ("withLink",)}


def _object(schemas: Json, name: str, value: Any, path: str, faults: Violations) -> Json:
    if not isinstance(value, dict):
        faults.append((path, f"Invalid value at '{path}' (type.googleapis.com/{name}), {_shown(value)}"))
        return {}
    known = schemas[name].get("properties", {})
    clean: Json = {}
    for key, item in value.items():
        right = key if key in known else camel(key)
        if key in _PASSED_OVER.get(name, ()):
            continue
        if right not in known:
            at = f" at '{path}'" if path else ""
            faults.append((path, f'Invalid JSON payload received. Unknown name "{key}"{at}: Cannot find field.'))
        elif right in clean:  # once as sheetId and once as sheet_id
            at = f" at '{path}'" if path else ""
            faults.append((path, f'Invalid JSON payload received. Duplicate name "{key}"{at}.'))
        elif item is not None:
            other = next((one for one in _UNIONS.get(name, {}).get(right, ()) if one in clean), None)
            if other:
                text = (
                    f"Invalid value at '{path}' (oneof), oneof field '{_NAMES[name]}' is already set."
                    f" Cannot set '{right}'"
                )
                faults.append((path, text))
                continue
            inner = f"{path}.{snake(right)}" if path else snake(right)
            clean[right] = _value(schemas, known[right], item, inner, faults, f"{name}.{right}")
    return clean


def _value(schemas: Json, kind: Json, value: Any, path: str, faults: Violations, owner: str) -> Any:
    if "$ref" in kind:
        return _object(schemas, kind["$ref"], value, path, faults)
    if kind["type"] == "array":
        return _array(schemas, kind["items"], value, path, faults, owner)
    if kind["type"] == "object":
        return _map(schemas, kind, value, path, faults, owner)
    if kind["type"] == "any":
        return value
    return _scalar(kind, value, path, faults, owner)


def _array(schemas: Json, kind: Json, value: Any, path: str, faults: Violations, owner: str) -> list[Any]:
    if kind.get("type") == "array":  # rows of cell values: nothing is guessed here
        rows = value if isinstance(value, list) else [value]
        for at, row in enumerate(rows):
            if not isinstance(row, list):
                where = f"{path}[{at}]" if isinstance(value, list) else path
                faults.append((where, f"Invalid value at '{where}' ({_LIST}), {_shown(row)}"))
        return rows
    items = value if isinstance(value, list) else [value]
    if "$ref" in kind:
        items = [inner for item in items for inner in (item if isinstance(item, list) else [item])]
    return [_value(schemas, kind, item, f"{path}[{at}]", faults, owner) for at, item in enumerate(items)]


def _map(schemas: Json, kind: Json, value: Any, path: str, faults: Violations, owner: str) -> Json:
    if not isinstance(value, dict):
        faults.append((path, f"Invalid value at '{path}' (Map), {_shown(value)}"))
        return {}
    inner = kind.get("additionalProperties")
    if inner is None:
        return value
    clean = {}
    for key, item in value.items():
        # A null is kept: it takes an entry away where entries are updated one by one (Drive's appProperties).
        where = f"{path}[{key}]"
        clean[key] = None if item is None else _value(schemas, inner, item, where, faults, owner)
    return clean


def _scalar(kind: Json, value: Any, path: str, faults: Violations, owner: str) -> Any:
    right, word = _fits(kind, value, owner)
    if right is None:
        faults.append((path, f"Invalid value at '{path}' ({word}), {_shown(value)}"))
    return right


def _fits(kind: Json, value: Any, owner: str) -> tuple[Any, str]:
    """The value as its kind wants it, or None with the kind's name in the service's words."""
    of, shape = kind["type"], kind.get("format", "")
    if "enum" in kind:
        word = f"type.googleapis.com/google.apps.sheets.v4.{owner[:1].upper()}{owner[1:]}"
        return (value, "") if value in kind["enum"] else (None, word)
    if of == "boolean":
        return (value, "") if isinstance(value, bool) else (None, "TYPE_BOOL")
    if of == "integer" or shape in ("int64", "uint64"):
        low, high, word = _INTEGERS.get(shape, _LONG)
        number = _number(value)
        if number is None or number != int(number) or not low <= number <= high:
            return None, word
        return (int(number) if of == "integer" else str(int(number))), ""
    if of == "number":
        number = _number(value)
        if number is None or abs(number) > _LARGEST.get(shape, sys.float_info.max):
            return None, "TYPE_FLOAT" if shape == "float" else "TYPE_DOUBLE"
        return number, ""
    return (value, "") if isinstance(value, str) else (None, "TYPE_STRING")


def _number(value: Any) -> int | float | None:
    """A finite number, also one written as text; None for everything else: NaN and Infinity fit in no cell."""
    if isinstance(value, str) and len(value) <= _LONGEST and _NUMBER.fullmatch(value):
        value = int(value) if value.lstrip("-").isdecimal() else float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, int) or math.isfinite(value) else None


def parameters(api: str, declared: Json, given: list[tuple[str, str]], lenient: frozenset[str]) -> Json:
    """Query parameters by name, of their declared types; repeated ones as lists. ApiError 400 for what is not declared.

    Names in `lenient` are taken without being declared by the method (recorded of Drive).
    """
    clean: Json = {}
    faults: Violations = []
    for name, text in given:
        right = name.removeprefix("$") if name.startswith("$") and name not in declared else name
        right = right if right in declared else camel(right)
        kind = declared.get(right)
        if kind is None:
            if right not in lenient:
                faults.append(
                    (
                        "",
                        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
                        f" Field '{name}' could not be found in request message.",
                    )
                )
            continue
        value: Any = text
        if kind["type"] == "boolean":
            value = {"true": True, "1": True, "false": False, "0": False, "": False}.get(text.lower(), text)
        elif kind["type"] == "string" and "enum" in kind and text == "":
            continue
        right_value, word = _fits(kind, value, right)
        if right_value is None:
            faults.append((snake(right), f"Invalid value at '{snake(right)}' ({word}), {_shown(text)}"))
        elif kind.get("repeated"):
            clean.setdefault(right, []).append(right_value)
        else:
            clean[right] = right_value
    if faults:
        raise bad_fields(faults)
    return clean


def known_path(api: str, schema: str, path: tuple[str, ...]) -> bool:
    """True where a field path ("sheets", "data", "rowData") exists in the schema."""
    schemas = document(api)["schemas"]
    kind: Json = {"$ref": schema}
    for name in path:
        while kind.get("type") == "array":
            kind = kind["items"]
        if name == "*":
            return True
        if "$ref" in kind:
            kind = schemas[kind["$ref"]].get("properties", {}).get(name)
        elif "properties" in kind:
            kind = kind["properties"].get(name)
        elif "additionalProperties" in kind:
            kind = kind["additionalProperties"]
        else:
            return False
        if kind is None:
            return False
    return True


@lru_cache(maxsize=4096)
def camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda found: found.group(1).upper(), name)


@lru_cache(maxsize=4096)
def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: "_" + found.group().lower(), name)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
