"""Objects as scripts see them: which members they have, which scopes these need, and how errors reach a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any, ClassVar

ANY_COUNT = 1_000


class ScriptError(Exception):
    """Becomes a JavaScript Error with that message, which a script may catch. `name` is what stands before the colon.

    Messages are those of the service, word for word where they are known.
    """

    def __init__(self, message: str, name: str = "Exception"):
        self.name = name
        super().__init__(message)


class RunEnded(BaseException):
    """The run stops at this call and no line of the script matters any more; services never catch this."""


@dataclass(frozen=True, slots=True)
class Member:
    """A method that scripts may call, with how many arguments it takes and what it needs."""

    function: Callable[..., Any]
    least: int
    most: int
    scopes: tuple[str, ...] | None  # None: those of the type
    limited: bool | None


def method(
    function: Callable[..., Any] | None = None, *, scopes: Sequence[str] | None = None, limited: bool | None = None
) -> Any:
    """Marks a method that scripts may call by its own (camelCase) name; its arguments come by position.

    `scopes`: any one of these is enough, () where none is needed; `limited`: allowed without anybody's consent too, as
    in a simple trigger. Both are the type's where they are not given.
    """

    def mark(made: Callable[..., Any]) -> Callable[..., Any]:
        given = list(signature(made).parameters.values())[1:]
        some = [one for one in given if one.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)]
        least = sum(one.default is Parameter.empty for one in some)
        most = ANY_COUNT if any(one.kind is Parameter.VAR_POSITIONAL for one in given) else len(some)
        listed = None if scopes is None else tuple(scopes)
        made.__script_member__ = Member(made, least, most, listed, limited)  # type: ignore[attr-defined]
        return made

    return mark if function is None else mark(function)


class Scripted:
    """An object as scripts see it: they get a proxy of it, and Python gets the same instance back.

    `type`: the name in messages ("Range"); `service`: the service it belongs to, where that is another word in messages
    ("SpreadsheetApp"). A member that is neither marked by @method nor in `constants` throws a TypeError that names it.
    """

    type: ClassVar[str] = "Object"
    service: ClassVar[str] = ""
    constants: ClassVar[Mapping[str, Any]] = {}  # enums and other values, read without a call
    scopes: ClassVar[tuple[str, ...]] = ()  # any one of them is enough; () = none is needed
    limited: ClassVar[bool] = True  # usable without consent although scopes are named
    members: ClassVar[Mapping[str, Member]] = {}
    fields: Mapping[str, Any] = {}  # of one instance: values read without a call, as e.range.rowStart

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        own = {
            name: value.__script_member__ for name, value in vars(cls).items() if hasattr(value, "__script_member__")
        }
        cls.members = {**cls.members, **own}

    def text(self) -> str:
        """What toString() gives; no call."""
        return self.type


class Choice(Scripted):
    """One value of an enum; each is one object, so that scripts may compare it by ===."""

    type = "Choice"

    def __init__(self, name: str, place: int):
        self.name, self.place = name, place

    def text(self) -> str:
        return self.name

    @method
    def name_(self) -> str:
        return self.name

    @method
    def ordinal(self) -> int:
        return self.place

    @method
    def compareTo(self, other: Choice) -> int:
        return self.place - other.place


Choice.members = {name.rstrip("_"): member for name, member in Choice.members.items()}


class Enum(Scripted):
    """An enum, such as ScriptApp.WeekDay: `enum.values["MONDAY"]` is what a script gets as its MONDAY."""

    def __init__(self, title: str, *names: str):
        self.title = title
        self.values = {name: Choice(name, place) for place, name in enumerate(names)}

    def text(self) -> str:
        return self.title

    def __getitem__(self, name: str) -> Choice:
        return self.values[name]


class Refused(Scripted):
    """A service that is not there: whatever is asked of it throws one clear sentence."""

    def __init__(self, title: str, why: str = ""):
        self.title = title
        self.why = why or f"{title} is not part of the local run: nothing in this script's tests can rely on it."

    def text(self) -> str:
        return self.title


def called(owner: Scripted, name: str) -> str:
    """How messages name a method: "SpreadsheetApp.Range.getValues", "MailApp.sendEmail"."""
    return ".".join(part for part in (owner.service, owner.type, name) if part)


def mismatch(owner: Scripted, name: str, arguments: Sequence[Any]) -> ScriptError:
    """The error for arguments that no form of the method takes (the service's text)."""
    kinds = ",".join(map(_kind, arguments))
    return ScriptError(f"The parameters ({kinds}) don't match the method signature for {called(owner, name)}.")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, str):
        return "String"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list | bytes):
        return "number[]" if len(value) and all(isinstance(one, int | float) for one in value) else "Object[]"
    return f"{value.service}.{value.type}".lstrip(".") if isinstance(value, Scripted) else "(class)"
