"""What every sheet of a workbook is made with, and how a template's mistake is noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from crm_builder.errors import Problem
from crm_builder.model import Area
from crm_builder.template.context import Context
from crm_builder.template.formulas import columns_in
from crm_builder.template.lists import ListSpec
from crm_builder.template.strings import Renderer


@dataclass(frozen=True, slots=True)
class Block:
    """Where a helper's block stands; `height` is the number of its rows, None where it has no end."""

    sheet: str
    key: str
    columns: tuple[str, ...]
    height: int | None = None


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
    look: Mapping[str, Any] = field(default_factory=dict)  # of views: grid, heights, charts of look.toml
    blocks: Mapping[str, Block] = field(default_factory=dict)  # <helper>_<block> → where it stands
    sheets: frozenset[str] = frozenset()  # the keys of all sheets of this CRM
    loop_keys: Mapping[str, frozenset[str]] = field(default_factory=dict)  # loop → keys that other settings give it

    def dropdown(self, kind: str, key: str) -> Area:
        """Where the choices of a list or the rows of a table stand for dropdowns."""
        raw = self.workbook["dropdowns"]
        return Area(raw["sheet"], self.renderer.value(raw[kind], "workbook.toml", f"dropdowns.{kind}", key=key))

    @property
    def open_lists(self) -> frozenset[str]:
        """The lists without any choice."""
        return frozenset(key for key, spec in self.lists.items() if not spec.choices)

    def sided(self, look: Mapping[str, Any]) -> dict[str, str]:
        """`align` with "start" and "end" as the sides that they are in the CRM's language."""
        sides = {"start": "left", "end": "right"}
        if self.right_to_left:
            sides = {"start": "right", "end": "left"}
        return {"align": sides.get(look["align"], look["align"])} if "align" in look else {}

    def switchable(self, loop: str) -> frozenset[str]:
        """Keys that a loop has with other settings, so that naming one of them is no mistake."""
        return self.loop_keys.get(loop, frozenset())

    def check_table(self, key: str, file: str, path: str) -> bool:
        """Whether there is that table; where not, it is noted."""
        if key in self.keys:
            return True
        self.problem(f"there is no table `{key}`", file, path, near(key, self.keys))
        return False

    def block_area(self, name: str, file: str, path: str) -> Area | None:
        """The rows of `<helper>_<block>_<column>`; a name that is none is noted."""
        for known, block in self.blocks.items():
            for column in block.columns:
                if name == f"{known}_{column}" or (name == known and len(block.columns) == 1):
                    last = None if block.height is None else 1 + block.height
                    return Area(block.sheet, f"{block.key}_{column}", first_row=2, last_row=last)
        names = [f"{known}_{column}" for known, block in self.blocks.items() for column in block.columns]
        self.problem(f"there is no column `{name}` of a helper", file, path, near(name, names))
        return None

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
