"""Checks request bodies against the discovery documents that ship with google-api-python-client.

The client itself sends a misspelt field as it is; the service then answers 400 for the whole batch.
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from crm_builder.errors import BodyError, Problem

Json = dict[str, Any]

VERSIONS = {"sheets": "v4", "drive": "v3", "script": "v1", "forms": "v1"}

# Discovery documents do not say which objects are unions: (schema → may it be empty?).
_UNIONS = {"Request": False, "ExtendedValue": True, "ColorStyle": True, "ConditionValue": False}
# Called read-only, yet addProtectedRange documents that it can be chosen, and permissions.create that it must be given.
_WRITABLE = {("ProtectedRange", "protectedRangeId"), ("Permission", "emailAddress")}
_INTEGERS = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1), None: (-(2**63), 2**63 - 1)}


@cache
def document(api: str, version: str) -> Json:
    """The discovery document of an API; FileNotFoundError where the installed client has none."""
    path = files("googleapiclient") / "discovery_cache" / "documents" / f"{api}.{version}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def check_body(
    body: object, schema: str = "BatchUpdateSpreadsheetRequest", api: str = "sheets", version: str = "v4"
) -> None:
    """BodyError with every problem of the body, each with its path such as `requests[3].addSheet.properties.titel`."""
    problems = list(_Checker(document(api, version)["schemas"]).reference(schema, body, ""))
    if problems:
        raise BodyError(problems)


def check_call(method: str, body: object) -> None:
    """The same for the body of a method named as in discovery, e.g. `sheets.spreadsheets.batchUpdate`."""
    api, *path, name = method.split(".")
    holder: Json = document(api, VERSIONS[api])
    for resource in path:
        holder = holder["resources"][resource]
    request = holder["methods"][name].get("request")
    if request:
        check_body({} if body is None else body, request["$ref"], api, VERSIONS[api])
    elif body is not None:
        raise BodyError([Problem(f"{method} takes no body")])


class _Checker:
    def __init__(self, schemas: Json):
        self._schemas = schemas

    def reference(self, name: str, value: object, path: str) -> Iterator[Problem]:
        schema = self._schemas[name]
        yield from self._value(schema, value, path)
        if name in _UNIONS and isinstance(value, dict):
            yield from _union(name, schema, value, path)

    def _value(self, schema: Json, value: object, path: str) -> Iterator[Problem]:
        if "$ref" in schema:
            yield from self.reference(schema["$ref"], value, path)
            return
        kind = schema["type"]
        if kind == "object":
            yield from self._object(schema, value, path)
        elif kind == "array":
            if not isinstance(value, list):
                yield _wrong("an array", value, path)
                return
            for index, item in enumerate(value):
                yield from self._value(schema["items"], item, f"{path}[{index}]")
        elif kind != "any":
            yield from _SCALARS[kind](schema, value, path)

    def _object(self, schema: Json, value: object, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield _wrong("an object", value, path)
            return
        fields, others = schema.get("properties", {}), schema.get("additionalProperties")
        for name, item in value.items():
            below = f"{path}.{name}" if path else str(name)
            if name in fields:
                yield from _unsendable(schema.get("id", ""), name, fields[name], below)
                yield from self._value(fields[name], item, below)
            elif others is not None:
                yield from self._value(others, item, below)
            else:
                yield Problem(
                    f"{schema.get('id', 'the object')} has no field {name!r}", path=below, hint=_near(name, fields)
                )


def _unsendable(schema: str, name: str, field: Json, path: str) -> Iterator[Problem]:
    said = field.get("description", "")
    read_only = field.get("readOnly") or said.startswith("Output only") or "This field is read-only" in said
    if read_only and (schema, name) not in _WRITABLE:
        yield Problem(f"{schema}.{name} is only ever answered, never sent", path=path)
    if field.get("deprecated"):
        yield Problem(f"{schema}.{name} is deprecated", path=path, hint=said.split(":")[-1].strip()[:80])


def _union(name: str, schema: Json, value: Json, path: str) -> Iterator[Problem]:
    known = [field for field in value if field in schema["properties"]]
    if len(known) > 1:
        yield Problem(f"{name} holds one kind, not {len(known)}: {', '.join(known)}", path=path)
    elif not value and not _UNIONS[name]:
        yield Problem(f"{name} holds one kind, and here is none", path=path)


def _string(schema: Json, value: object, path: str) -> Iterator[Problem]:
    if schema.get("format") in ("int64", "uint64") and isinstance(value, int) and not isinstance(value, bool):
        return
    if not isinstance(value, str):
        yield _wrong("a string", value, path)
    elif "enum" in schema and value not in schema["enum"]:
        yield Problem(
            f"{value!r} is none of the {len(schema['enum'])} values", path=path, hint=_near(value, schema["enum"])
        )
    elif schema.get("format") == "google-fieldmask" and not value:
        yield Problem("the mask names no field", path=path)


def _integer(schema: Json, value: object, path: str) -> Iterator[Problem]:
    low, high = _INTEGERS[schema.get("format")]
    if not isinstance(value, int) or isinstance(value, bool):
        yield _wrong("an integer", value, path)
    elif not low <= value <= high:
        yield Problem(f"{value} is outside of {schema['format']}", path=path)


def _number(schema: Json, value: object, path: str) -> Iterator[Problem]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield _wrong("a number", value, path)
    elif not math.isfinite(value):
        yield Problem(f"{value} cannot be written in JSON", path=path)


def _boolean(schema: Json, value: object, path: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield _wrong("true or false", value, path)


_SCALARS: dict[str, Callable[[Json, object, str], Iterator[Problem]]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}

_NAMES = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


def _wrong(expected: str, value: object, path: str) -> Problem:
    return Problem(
        f"expected {expected}, found {_NAMES.get(type(value), 'null' if value is None else 'something else')}",
        path=path,
    )


def _near(name: str, candidates: Any) -> str:
    near = difflib.get_close_matches(str(name), list(candidates), 1)
    return f"did you mean {near[0]}?" if near else ""
