"""The discovery documents of the installed google-api-python-client: which methods, parameters and schemas exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

_DOCUMENTS = {"sheets": "sheets.v4.json", "drive": "drive.v3.json", "script": "script.v1.json"}
Json = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """One REST method: id as "sheets.spreadsheets.get", the pattern of its path, its parameters, its body's schema."""

    api: str
    id: str
    http_method: str
    pattern: re.Pattern[str]
    parameters: Json
    request: str  # name of the body's schema, "" without a body
    response: str
    scopes: frozenset[str] = frozenset()  # each of which is enough


@lru_cache
def document(api: str) -> Json:
    """The discovery document of "sheets", "drive" or "script"."""
    folder = files("googleapiclient") / "discovery_cache" / "documents"
    return json.loads((folder / _DOCUMENTS[api]).read_text(encoding="utf-8"))


@lru_cache
def methods() -> tuple[Method, ...]:
    """Every method of the three services, those with the more exact path first."""
    found = [
        Method(
            api,
            method["id"],
            method["httpMethod"],
            _pattern("/" + document(api)["servicePath"] + method["path"]),
            {**document(api)["parameters"], **method.get("parameters", {})},
            method.get("request", {}).get("$ref", ""),
            method.get("response", {}).get("$ref", ""),
            frozenset(method.get("scopes", ())),
        )
        for api in _DOCUMENTS
        for method in _walk(document(api))
    ]
    return tuple(sorted(found, key=lambda method: (method.pattern.groups, -len(method.pattern.pattern))))


@lru_cache
def known_parameters(api: str) -> frozenset[str]:
    """The names of the query parameters that any method of the service takes."""
    return frozenset(name for method in methods() if method.api == api for name in method.parameters)


def _walk(resource: Json) -> Iterator[Json]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _walk(inner)


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{\+?(\w+)\}", path)
    text = ""
    for at, part in enumerate(parts):
        # A range may hold a colon of its own ("A1:B2"); ids never do, and a verb follows them after one.
        text += re.escape(part) if at % 2 == 0 else f"(?P<{part}>{'[^/]+' if part == 'range' else '[^/:]+'})"
    return re.compile(text + r"\Z")
