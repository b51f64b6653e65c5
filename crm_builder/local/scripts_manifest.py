"""The manifest of a script project, checked as strictly as the service does: an unknown field is an error."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import ApiError, invalid

Json = dict[str, Any]
MANIFEST = "appsscript"

# The fields at the top, with the words that those of fixed words may hold (documented: apps-script/manifest).
_FIELDS: Json = {
    "addOns": {},
    "chat": {},
    "dependencies": {"enabledAdvancedServices": None, "libraries": None},
    "exceptionLogging": ("NONE", "STACKDRIVER", "CLOUD"),
    "executionApi": {"access": ("MYSELF", "DOMAIN", "ANYONE", "ANYONE_ANONYMOUS")},
    "oauthScopes": [str],
    "runtimeVersion": ("STABLE", "V8", "DEPRECATED_ES5"),
    "sheets": {"macros": None},
    "timeZone": str,
    "urlFetchWhitelist": [str],
    "webapp": {
        "access": ("MYSELF", "DOMAIN", "ANYONE", "ANYONE_ANONYMOUS"),
        "executeAs": ("USER_ACCESSING", "USER_DEPLOYING"),
    },
}


def check_manifest(source: str) -> None:
    """ApiError 400 for a manifest that the service refuses."""
    try:
        manifest = json.loads(source)
    except ValueError as error:
        raise _wrong(f"Invalid JSON: {error}") from error
    if not isinstance(manifest, dict):
        raise _wrong("Invalid manifest: not an object")
    unknown = list(_unknown(manifest, _FIELDS, ""))
    if unknown:
        raise _wrong(f"Invalid manifest: unknown fields: [{', '.join(unknown)}]")
    for name, value in manifest.items():
        _check_value(name, value, _FIELDS[name])
    if "timeZone" in manifest:
        try:
            ZoneInfo(manifest["timeZone"])
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise _wrong(f"Invalid manifest: timeZone: {manifest['timeZone']}") from error
    for scope in manifest.get("oauthScopes", ()):
        if not scope.startswith("https://"):
            raise _wrong(f"Invalid manifest: oauthScopes: {scope}")


def _unknown(value: Json, known: Json, path: str) -> list[str]:
    """The names that are not known, with those of the sections whose fields are."""
    found: list[str] = []
    for name, inner in value.items():
        if name not in known:
            found.append(path + name)
        elif isinstance(known[name], dict) and known[name] and isinstance(inner, dict):
            found += _unknown(inner, known[name], f"{path}{name}.")
    return found


def _check_value(path: str, value: Any, shape: Any) -> None:
    if shape is None:
        return
    if isinstance(shape, tuple):
        fits = value in shape
    elif isinstance(shape, list):
        fits = isinstance(value, list) and all(isinstance(one, shape[0]) for one in value)
    else:
        fits = isinstance(value, dict if isinstance(shape, dict) else shape)
    if not fits:
        raise _wrong(f"Invalid manifest: {path}: {json.dumps(value)}")
    if isinstance(shape, dict):
        for name, inner in value.items():
            _check_value(f"{path}.{name}", inner, shape.get(name))


def _wrong(text: str) -> ApiError:
    # Seen: "appsscript.json" has errors: Invalid manifest: unknown fields: [filePushOrder].
    return invalid(f'"appsscript.json" has errors: {text}.')
