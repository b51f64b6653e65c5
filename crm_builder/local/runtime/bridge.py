"""Between a script's context and the services: values in JSON, and calls that are counted, allowed and carried out."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Hashable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ..errors import ApiError
from .objects import Choice, Enum, Member, Refused, RunEnded, Scripted, ScriptError, called, mismatch
from .world import World

Json = dict[str, Any]
TAG = "\0"  # the key that marks a value JSON does not know, as in prelude.js
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Half of a pair, escaped as no other sign is: no text of the workspace can hold one, nor would the service keep it.
_HALF = re.compile(rb"(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}")


class Bridge:
    """One run's objects and calls. `failure` is what stopped it that is no affair of the script: a bug, a full disk."""

    def __init__(self, world: World):
        self.world = world
        self.failure: BaseException | None = None
        self.ended: str = ""  # why the run ended, where it did not end by itself
        self._objects: list[Scripted] = []
        self._references: dict[int, int] = {}  # id() of an object → its place in _objects
        self._shapes: dict[Hashable, int] = {}
        # Made once: a run makes thousands of calls.
        self._encoder = json.JSONEncoder(default=self._marked, allow_nan=False, separators=(",", ":"))
        self._decoder = json.JSONDecoder(object_hook=self._unmarked)

    # -- values ----------------------------------------------------------------------------------------------------

    def encode(self, value: Any) -> str:
        """JSON in ASCII. TypeError or ValueError for what no script can be handed."""
        return self._encoder.encode(value)

    def _marked(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return {TAG: "date", "v": round(value.timestamp() * 1000)}
        if isinstance(value, Scripted):
            return self._reference(value)
        if isinstance(value, bytes):  # the service's Byte[]: an array of signed numbers
            return [byte - 256 if byte > 127 else byte for byte in value]
        if isinstance(value, Mapping):
            return dict(value)
        raise TypeError(f"no script can be handed a {type(value).__name__}")

    def _reference(self, value: Scripted) -> Json:
        known = self._references.get(id(value))
        if known is not None:
            return {TAG: "object", "v": known}
        number = self._references[id(value)] = len(self._objects)
        self._objects.append(value)  # and lives as long as the run, so that its id() stays its own
        alone = isinstance(value, Enum | Refused)  # each of these has members of its own
        key: Hashable = id(value) if alone else type(value)
        told: Json = {TAG: "object", "v": number}
        if key not in self._shapes:
            self._shapes[key] = len(self._shapes)
            told["shape"] = _shape(value)
        told["kind"] = self._shapes[key]
        if value.text() != type(value).type:
            told["text"] = value.text()
        if value.fields:
            told["fields"] = dict(value.fields)
        return told

    def decode(self, line: bytes) -> Json:
        if b"\\ud" in line:
            line = _HALF.sub(rb"\1\\ufffd", line)
        found: Json = self._decoder.decode(line.decode())
        return found

    def _unmarked(self, found: Json) -> Any:
        kind = found.get(TAG)
        if kind is None:
            return found
        value = found["v"]
        if kind == "object":
            return self._objects[value]
        if kind == "number":
            return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}[value]
        # A Date of no moment has none.
        return None if value is None else _EPOCH + timedelta(milliseconds=value)

    # -- calls -----------------------------------------------------------------------------------------------------

    def answer(self, told: Json) -> str | None:
        """What to answer to a line of the script; None where it only tells."""
        if "log" in told:
            self.world.log.append(told["log"])
            return None
        answer: Json
        try:
            answer = {"value": self._call(*told["call"])}
        except ScriptError as error:
            answer = {"error": {"name": error.name, "message": str(error)}}
        except ApiError as error:
            answer = {"error": {"name": "Exception", "message": error.message}}
        except RunEnded as error:
            self.ended = str(error)
            answer = {"ended": True}
        except Exception as error:
            self.failure = error
            answer = {"ended": True}
        answer["now"] = milliseconds(self.world.now())
        try:
            return self.encode(answer)
        except (TypeError, ValueError) as error:
            self.failure = error
            return self.encode({"ended": True, "now": answer["now"]})

    def _call(self, reference: int, name: str, arguments: list[Any]) -> Any:
        owner = self._objects[reference]
        member = owner.members[name]
        self.world.count(f"{owner.type}.{name}")
        self._allow(owner, name, member)
        if not member.least <= len(arguments) <= member.most:
            raise mismatch(owner, name, arguments)
        return member.function(owner, *arguments)

    def _allow(self, owner: Scripted, name: str, member: Member) -> None:
        """ScriptError where the manifest lacks what a call needs, or nobody was asked for it (the service's texts)."""
        scopes = owner.scopes if member.scopes is None else member.scopes
        if not scopes:
            return
        world = self.world
        needed = scopes[0] if len(scopes) == 1 else f"({' || '.join(scopes)})"
        if world.granted is not None and not world.granted.intersection(scopes):
            start = "Specified permissions are not sufficient to call"
            raise ScriptError(f"{start} {called(owner, name)}. Required permissions: {needed}")
        if world.authorization != "full" and not (owner.limited if member.limited is None else member.limited):
            start = "You do not have permission to call"
            raise ScriptError(f"{start} {called(owner, name)}. Required permissions: {needed}")


def _shape(value: Scripted) -> Json:
    return {
        "name": value.text() if isinstance(value, Enum | Refused) else value.type,
        "methods": list(value.members),
        "constants": dict(value.values if isinstance(value, Enum) else value.constants),
        **({"refused": value.why} if isinstance(value, Refused) else {}),
        **({"enumerated": True} if isinstance(value, Choice) else {}),
    }


def milliseconds(moment: datetime) -> float:
    return (moment - _EPOCH) / timedelta(milliseconds=1)
