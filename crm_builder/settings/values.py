"""Settings: what one crm.toml says, checked, with every default filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works in the CRM. `role` is owner, editor or viewer; `was` is the former name."""

    name: str
    email: str
    role: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A custom column of a table. `choices` is empty unless its type is one of choices.

    `was` is its former key. `renames` has (former title, title) of each choice that was called something else.
    """

    table: str
    key: str
    title: str
    type: str
    choices: tuple[str, ...] = ()
    note: str = ""
    required: bool = False
    was: str = ""
    renames: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a choice list.

    `key` is the template's own choice, or None for one that only this CRM has. With a key, an empty title and a
    colour of None stand for the template's own. `was` is its former title, or the key that it had.
    """

    key: str | None
    title: str
    color: str | None = None  # "#RRGGBB"
    was: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """What crm.toml says about one choice list: it replaces the template's list, or changes and `extend`s it."""

    key: str
    choices: tuple[Choice, ...]
    extend: bool = False


@dataclass(frozen=True, slots=True)
class Deletion:
    """Something to delete: (sheet), (sheet, column) or (sheet, column, choice), and its line in crm.toml."""

    parts: tuple[str, ...]
    line: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Changes:
    """What crm.toml says about changes, beside what it describes."""

    delete: tuple[Deletion, ...] = ()
    accept: tuple[str, ...] = ()  # risks taken knowingly


@dataclass(frozen=True, slots=True)
class Google:
    """What is set up in a Google account beside the spreadsheet itself. There is no `mail` without `script`, neither
    `web`, links in mails that stop them, nor `replies`, answers read in the owner's mailbox, without `mail`."""

    script: bool = True
    mail: bool = True
    share: bool = True
    web: bool = True
    replies: bool = False


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
    changes: Changes = Changes()
    google: Google = Google()
