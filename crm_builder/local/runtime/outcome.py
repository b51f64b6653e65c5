"""What came of one run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .outbox import Mail


@dataclass(frozen=True, slots=True)
class Outcome:
    """`value` is what the function returned; `error` what it threw, as "TypeError: …", or why it ended; None where all
    is well. `elapsed_ms` is of the virtual clock; `number` counts all calls, `calls` by "Type.method"."""

    value: Any = None
    error: str | None = None
    stack: str = ""  # of the error: the script's own lines, "at name (File.js:line:column)"
    calls: Counter[str] = field(default_factory=Counter)
    number: int = 0
    elapsed_ms: float = 0
    log: tuple[str, ...] = ()
    shown: tuple[Any, ...] = ()  # World.shown
    mails: tuple[Mail, ...] = ()
    ended: bool = False  # it did not end by itself: killed, or out of time
    then: tuple[Outcome, ...] = ()  # of the installable triggers that the same edit fired

    @property
    def ok(self) -> bool:
        return self.error is None
