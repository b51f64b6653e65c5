"""What an examination finds: one line for each thing looked at, and what to do where it is not as it should be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["ok", "note", "warning", "error"]
LEVELS: tuple[Level, ...] = ("ok", "note", "warning", "error")  # the worst last


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names what was looked at; `todo` is what to do, "" where there is nothing to be done.

    note: nothing is wrong, but worth knowing. warning: it works, and yet not as crm.toml says, or not for long.
    error: a part of the CRM does not work.
    """

    check: str
    level: Level
    text: str
    todo: str = ""

    def data(self) -> dict[str, Any]:
        return asdict(self)


def worst(findings: Iterable[Finding]) -> Level:
    """ "ok" for none."""
    return max((one.level for one in findings), key=LEVELS.index, default="ok")
