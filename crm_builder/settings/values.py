"""Settings: what one crm.toml says, checked, with every default filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works in the CRM. `role` is owner, editor or viewer."""

    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class Field:
    """A custom column of a table. `choices` is empty unless its type is one of choices."""

    table: str
    key: str
    title: str
    type: str
    choices: tuple[str, ...] = ()
    note: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a choice list.

    `key` is the template's own choice, or None for one that only this CRM has. With a key, an empty title and a
    colour of None stand for the template's own.
    """

    key: str | None
    title: str
    color: str | None = None  # "#RRGGBB"


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """What crm.toml says about one choice list: it replaces the template's list, or changes and `extend`s it."""

    key: str
    choices: tuple[Choice, ...]
    extend: bool = False


@dataclass(frozen=True)
class Settings:
    """The settings of one CRM. The two mappings are read-only and left out of the hash."""

    name: str
    language: str
    calendar: str
    currency: str
    time_zone: str  # IANA name
    preset: str
    accent: str  # "#RRGGBB"
    digits: str
    team: tuple[Member, ...] = ()
    fields: tuple[Field, ...] = ()  # in the order of the file
    lists: tuple[ChoiceList, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict, hash=False)
    parts: Mapping[str, bool] = field(default_factory=dict, hash=False)
    file: str = ""  # where it was read
