"""What every sheet of a workbook is made with, and how a template's mistake is noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from crm_builder.errors import Problem
from crm_builder.model import Area
from crm_builder.template.context import Context
from crm_builder.template.formulas import columns_in
from crm_builder.template.lists import ListSpec
from crm_builder.template.strings import Renderer


@dataclass(frozen=True, slots=True)
class Kit:
    """What every sheet is made with."""

    context: Context
    renderer: Renderer
    workbook: Mapping[str, Any]  # workbook.toml
    types: Mapping[str, Any]
    styles: Mapping[str, Any]
    parts: Mapping[str, bool]
    lists: Mapping[str, ListSpec]
    right_to_left: bool
    computed: frozenset[str]  # the names of all computed columns
    keys: Mapping[str, frozenset[str]]  # table → the keys of its columns

    def dropdown(self, kind: str, key: str) -> Area:
        """Where the choices of a list or the rows of a table stand for dropdowns."""
        raw = self.workbook["dropdowns"]
        return Area(raw["sheet"], self.renderer.value(raw[kind], "workbook.toml", f"dropdowns.{kind}", key=key))

    @property
    def open_lists(self) -> frozenset[str]:
        """The lists without any choice."""
        return frozenset(key for key, spec in self.lists.items() if not spec.choices)

    def problem(self, message: str, file: str, path: str, hint: str = "") -> None:
        """Notes a mistake of a template; rendering goes on, so that all of them are reported together."""
        self.renderer.problems.append(Problem(message, f"templates/{file}", path, hint=hint))

    def check_column(self, key: str, table: str, file: str, path: str) -> bool:
        """Whether the table has that column; where not, it is noted."""
        if key in self.keys[table]:
            return True
        self.problem(f"`{key}` is no column of `{table}`", file, path, near(key, self.keys[table]))
        return False

    def check_formula(self, formula: str, table: str, file: str, path: str) -> bool:
        """Whether every `[key]` of the formula is a column of the table; those that are not are noted."""
        return all([self.check_column(key, table, file, path) for key in columns_in(formula)])


def near(word: str, known: Iterable[str]) -> str:
    """A hint: the nearest known word, or all of them."""
    words = sorted(known)
    found = get_close_matches(word, words, 1)
    return f"did you mean `{found[0]}`?" if found else "choose one of: " + ", ".join(words)[:200]
