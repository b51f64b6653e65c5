"""PropertiesService and CacheService: texts by key, kept among the documents of the workspace under the script's id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from .bridge import milliseconds
from .objects import Scripted, ScriptError, method, mismatch
from .world import World

PROPERTIES = "script_properties"
CACHE = "script_cache"
_FULL = "You have exceeded the property storage quota. Please remove some properties and try again."
_LONGEST_KEY = 250  # of a cache (documented)
_LARGEST_CACHED = 100 * 1024  # bytes (documented)
_STANDARD_LIFE, _LONGEST_LIFE = 600, 21_600  # seconds in a cache (documented)


def _text(owner: Scripted, name: str, key: Any, value: Any) -> str:
    """A value as it is stored: numbers and truth values become texts, as in the language."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else repr(value)
    raise mismatch(owner, name, [key, value])


class Properties(Scripted):
    """One store: of the script, of one user of it, or of the document."""

    type = "Properties"
    service = "PropertiesService"

    def __init__(self, world: World, scope: str):
        self._world, self._scope = world, scope

    def _all(self) -> dict[str, str]:
        found: dict[str, str] = self._world.document(PROPERTIES, self._scope, {})
        return found

    def _keep(self, values: Mapping[str, str]) -> None:
        if (
            sum(len(key.encode()) + len(value.encode()) for key, value in values.items())
            > self._world.limits.store_bytes
        ):
            raise ScriptError(_FULL)
        self._world.keep(PROPERTIES, self._scope, dict(values))

    def _checked(self, name: str, key: Any, value: Any) -> str:
        if not isinstance(key, str):
            raise mismatch(self, name, [key, value])
        text = _text(self, name, key, value)
        if len(text.encode()) > self._world.limits.property_bytes:
            raise ScriptError("Argument too large: value")
        return text

    @method
    def getProperty(self, key: str) -> str | None:
        return self._all().get(key)

    @method
    def setProperty(self, key: str, value: Any) -> Properties:
        self._keep({**self._all(), key: self._checked("setProperty", key, value)})
        return self

    @method
    def deleteProperty(self, key: str) -> Properties:
        self._keep({name: value for name, value in self._all().items() if name != key})
        return self

    @method
    def getProperties(self) -> dict[str, str]:
        return self._all()

    @method
    def setProperties(self, values: dict[str, Any], only_these: bool = False) -> Properties:
        if not isinstance(values, dict):
            raise mismatch(self, "setProperties", [values])
        checked = {key: self._checked("setProperties", key, value) for key, value in values.items()}
        self._keep({**({} if only_these else self._all()), **checked})
        return self

    @method
    def deleteAllProperties(self) -> Properties:
        self._keep({})
        return self

    @method
    def getKeys(self) -> list[str]:
        return list(self._all())


class PropertiesService(Scripted):
    type = "PropertiesService"

    def __init__(self, world: World):
        self._script = Properties(world, "script")
        self._user = Properties(world, f"user:{world.user}")
        self._file = Properties(world, "document")

    @method
    def getScriptProperties(self) -> Properties:
        return self._script

    @method
    def getUserProperties(self) -> Properties:
        return self._user

    @method
    def getDocumentProperties(self) -> Properties:
        return self._file


class Cache(Scripted):
    """Texts that are gone after their time, if not before: a script may never rely on them."""

    type = "Cache"
    service = "CacheService"

    def __init__(self, world: World, scope: str):
        self._world, self._scope = world, scope

    def _living(self) -> dict[str, list[Any]]:
        """key → [text, moment it ends]."""
        now = milliseconds(self._world.now())
        found = self._world.document(CACHE, self._scope, {})
        return {key: value for key, value in found.items() if value[1] > now}

    def _put(self, values: Mapping[str, Any], seconds: float) -> None:
        ends = self._world.now() + timedelta(seconds=min(max(seconds, 1), _LONGEST_LIFE))
        made: dict[str, list[Any]] = {}
        for key, value in values.items():
            text = _text(self, "put", key, value)
            if len(key) > _LONGEST_KEY:
                raise ScriptError("Argument too large: key")
            if len(text.encode()) > _LARGEST_CACHED:
                raise ScriptError("Argument too large: value")
            made[key] = [text, milliseconds(ends)]
        self._world.keep(CACHE, self._scope, {**self._living(), **made})

    @method
    def get(self, key: str) -> str | None:
        found = self._living().get(key)
        return None if found is None else str(found[0])

    @method
    def getAll(self, keys: list[str]) -> dict[str, str]:
        living = self._living()
        return {key: living[key][0] for key in keys if key in living}

    @method
    def put(self, key: str, value: Any, seconds: float = _STANDARD_LIFE) -> None:
        self._put({key: value}, seconds)

    @method
    def putAll(self, values: dict[str, Any], seconds: float = _STANDARD_LIFE) -> None:
        self._put(values, seconds)

    @method
    def remove(self, key: str) -> None:
        self._drop([key])

    @method
    def removeAll(self, keys: list[str]) -> None:
        self._drop(keys)

    def _drop(self, keys: list[str]) -> None:
        self._world.keep(CACHE, self._scope, {key: one for key, one in self._living().items() if key not in keys})


class CacheService(Scripted):
    type = "CacheService"

    def __init__(self, world: World):
        self._script = Cache(world, "script")
        self._user = Cache(world, f"user:{world.user}")
        self._file = Cache(world, "document")

    @method
    def getScriptCache(self) -> Cache:
        return self._script

    @method
    def getUserCache(self) -> Cache:
        return self._user

    @method
    def getDocumentCache(self) -> Cache:
        return self._file
