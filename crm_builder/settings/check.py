"""The checks that every section shares: each gives the value, or None after it has reported why there is none."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm_builder.errors import Problem
from crm_builder.settings.lines import Path
from crm_builder.settings.source import Source
from crm_builder.settings.words import did_you_mean, dotted, hostile, kind, latin_digits, same, show, visible

LONGEST_TITLE = 100
LONGEST_KEY = 40
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_SHORT_HEX = re.compile(r"#[0-9A-Fa-f]{3}")
_BARE_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_EMAIL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._%+'-]*@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]")
_LONGEST_EMAIL = 254


def is_key(text: str) -> bool:
    """Whether that is a key: `[a-z][a-z0-9_]*`, at most 40 characters."""
    return bool(_KEY.fullmatch(text)) and len(text) <= LONGEST_KEY


class Checker:
    """Collects the problems of one source; knows on which line each path stands."""

    def __init__(self, source: Source):
        self.source = source
        self.problems: list[Problem] = list(source.problems)

    def report(self, path: Path, message: str, hint: str = "") -> None:
        self.problems.append(
            Problem(message, self.source.file, dotted(path), line=self.source.positions.line(path), hint=hint)
        )

    def missing(self, path: Path, message: str, hint: str = "") -> None:
        """Reports what is absent; not where a statement was left out for its syntax, as it may be that very one."""
        if not self.source.partial:
            self.report(path, message, hint)

    def clean(self, path: Path) -> bool:
        """Whether nothing was reported at that very path."""
        return all(problem.path != dotted(path) for problem in self.problems)

    def sorted(self) -> list[Problem]:
        return sorted(self.problems, key=lambda problem: problem.line)

    def table(self, path: Path, value: Any, hint: str = "") -> Mapping[str, Any]:
        """The table, or an empty one."""
        if isinstance(value, Mapping):
            return value
        self.report(path, f"this must be a section, not {kind(value)}", hint or f"write it as [{dotted(path)}]")
        return {}

    def tables(self, path: Path, value: Any) -> list[tuple[Path, Mapping[str, Any]]]:
        """The tables of a list with their paths; those that are no table are reported and left out."""
        if not isinstance(value, list):
            found = "a single one" if isinstance(value, Mapping) else kind(value)
            self.report(path, f"this must be a repeated section, not {found}", f"write it as [[{dotted(path)}]]")
            return []
        tables = []
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                tables.append(((*path, index), item))
            else:
                self.report((*path, index), f"this must be a section, not {kind(item)}", f"write [[{dotted(path)}]]")
        return tables

    def known(
        self, path: Path, table: Mapping[str, Any], allowed: Iterable[str], elsewhere: Mapping[str, str] | None = None
    ) -> None:
        """Reports each key of the table that is not allowed. `elsewhere` says of keys where they belong instead."""
        names = tuple(allowed)
        for key in table:
            if key in names:
                continue
            hint = did_you_mean(key, names) or "remove it"
            if elsewhere and key in elsewhere:
                hint = elsewhere[key]
            self.report((*path, key), f"{show(key)} is not known here", hint)

    def text(self, path: Path, value: Any, *, longest: int = LONGEST_TITLE, free: bool = False) -> str | None:
        """A text of at most `longest` characters that a cell can hold as it is, without spaces around it.

        A `free` text may be empty and run over several lines.
        """
        if not isinstance(value, str):
            self.report(path, f"this must be a text, not {kind(value)}", f'in quotes: "{show(value, quote=False)}"')
            return None
        text = value.strip()
        if bad := hostile(text.replace("\n", "") if free else text):
            self.report(path, f"the character U+{ord(bad):04X} has no place in a text", "remove it")
        elif not free and not visible(text):
            self.report(path, "this text is empty", "write something between the quotes")
        elif len(text) > longest:
            self.report(path, f"this text has {len(text)} characters", f"{longest} are the most")
        elif text.startswith(("=", "+")):
            self.report(path, f"a text cannot begin with {text[0]}", "a sheet would take it for a formula")
        else:
            return text
        return None

    def key(self, path: Path, value: Any) -> str | None:
        """A key: `[a-z][a-z0-9_]*`, at most 40 characters."""
        if not isinstance(value, str):
            self.report(path, f"this must be a text, not {kind(value)}")
            return None
        if is_key(value):
            return value
        better = re.sub(r"[^a-z0-9]+", "_", latin_digits(value).casefold()).strip("_")[:LONGEST_KEY]
        hint = f"for example {show(better)}" if _KEY.fullmatch(better) else "the title may be in any language"
        self.report(path, f"{show(value)} is not a key: a-z, 0-9 and _, at most {LONGEST_KEY}, a letter first", hint)
        return None

    def one_of(self, path: Path, value: Any, allowed: Iterable[str], what: str, hint: str = "") -> str | None:
        """One of the allowed words. `hint` is given where no word is near."""
        names = tuple(allowed)
        if not isinstance(value, str):
            self.report(path, f"the {what} must be a text, not {kind(value)}", hint or did_you_mean("", names))
        elif value not in names:
            self.report(path, f"unknown {what} {show(value)}", did_you_mean(value, names, hint))
        else:
            return value
        return None

    def flag(self, path: Path, value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        self.report(path, f"this must be true or false, not {show(value)}", "without quotes: true or false")
        return None

    def number(self, path: Path, value: Any, least: float, most: float) -> float | None:
        """A finite number from `least` to `most`, both included."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            hint = f"from {least:.12g} to {most:.12g}"
            if isinstance(value, str) and re.fullmatch(r"\s*-?\d[\d_]*(\.\d+)?\s*", latin_digits(value)):
                hint = f"write it with 0-9 and without quotes: {show(latin_digits(value).strip(), quote=False)}"
            self.report(path, f"this must be a number, not {show(value)}", hint)
        elif isinstance(value, float) and not math.isfinite(value):
            self.report(path, f"this must be a number, not {value}", f"from {least:.12g} to {most:.12g}")
        elif not least <= value <= most:
            # A whole number of thousands of digits cannot be written out.
            shown = f"{value:.12g}" if abs(value) < 1e15 else "this number"
            self.report(path, f"{shown} is out of range", f"from {least:.12g} to {most:.12g}")
        else:
            return value
        return None

    def colour(self, path: Path, value: Any, named: Mapping[str, str]) -> str | None:
        """`#RRGGBB` in capitals, from that or from a named colour."""
        if isinstance(value, str):
            if _HEX.fullmatch(value):
                return value.upper()
            if value in named:
                return named[value].upper()
        hint = ""
        if isinstance(value, str) and _SHORT_HEX.fullmatch(value):
            hint = f'write "#{"".join(digit * 2 for digit in value[1:])}"'
        elif isinstance(value, str) and _BARE_HEX.fullmatch(value):
            hint = f'write "#{value}"'
        elif isinstance(value, str) and not value.startswith("#"):
            hint = did_you_mean(value, named)
        self.report(path, f"{show(value)} is not a colour", hint or 'write it as "#RRGGBB", for example "#2F6FED"')
        return None

    def email(self, path: Path, value: Any) -> str | None:
        """A mail address as it is written; not looked up."""
        text = value.strip() if isinstance(value, str) else ""
        if _EMAIL.fullmatch(text) and ".." not in text and ".@" not in text and len(text) <= _LONGEST_EMAIL:
            return text
        self.report(path, f"{show(value)} is not an e-mail address", 'for example "mina@example.com"')
        return None

    def unique(self, found: Sequence[tuple[Path, str]], what: str) -> None:
        """Reports every word that a person would take for one before it."""
        first: dict[str, Path] = {}
        for path, word in found:
            if (before := first.setdefault(same(word), path)) != path:
                line = self.source.positions.line(before)
                self.report(path, f"the {what} {show(word)} is given twice", f"it is already on line {line}")

    def former(
        self, path: Path, former: str, own: str, others: Iterable[tuple[Path, str]], taken: Iterable[str] = ()
    ) -> None:
        """Reports a former name, at `path`, that cannot be one: its `own`, or what something else is called now.

        `others` stand in this file; `taken` are names that the templates give.
        """
        if former == own:
            self.report(path, f"{show(former)} is what it is called now", "write what it was called before")
            return
        for place, word in others:
            if same(word) == same(former) and place[:-1] != path[:-1]:
                line = self.source.positions.line(place)
                self.report(path, f"{show(former)} is no former name: it is still there", f"it is on line {line}")
                return
        if former in taken:
            self.report(path, f"{show(former)} is no former name: it is still there", "the templates have it")
