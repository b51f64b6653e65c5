"""Which form of an overloaded method a script has called, and its arguments as that form takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..objects import Enum, Scripted, mismatch

Kind = type | Enum  # int stands for every number, as scripts know only one kind


def fitting(owner: Scripted, name: str, given: Sequence[Any], *forms: tuple[Kind, ...]) -> tuple[Any, ...]:
    """The arguments, numbers as int. ScriptError where no form takes them, as the service words it."""
    for form in forms:
        if len(form) == len(given) and all(map(_is, given, form)):
            return tuple(int(value) if kind is int else value for value, kind in zip(given, form, strict=True))
    raise mismatch(owner, name, given)


def _is(value: Any, kind: Kind) -> bool:
    if isinstance(kind, Enum):
        return any(value is one for one in kind.values.values())
    if kind is int:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind)
