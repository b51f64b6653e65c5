"""What is wrong with a sample story: unknown kinds, fields, choices, columns, tables, pools; all of it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import Problem
from ..settings.words import did_you_mean
from .sample_days import MOMENT
from .sample_kinds import FIELDS
from .sample_loops import loops
from .sample_story import STORY, WORDS, Place
from .sample_texts import PLACEHOLDER
from .sample_world import many

_GIVEN = ("_group", "_nth", "_id")
_TABLE_FIELDS = ("prefix", "label", "order", "rows", "columns")
Spec = Mapping[str, Any]


def check(
    story: Spec,
    words: Spec,
    choices: Mapping[str, Mapping[str, str]],
    tables: Mapping[str, Sequence[str]],
    place: Place,
) -> list[Problem]:
    """Every problem of the story, in the story's order. Lists are only looked for in tables that the CRM has."""
    return list(dict.fromkeys(_Check(story, words, choices, tables, place).problems))


class _Check:
    def __init__(
        self, story: Spec, words: Spec, choices: Mapping[str, Mapping[str, str]], tables: Any, place: Place
    ) -> None:
        self.problems: list[Problem] = []
        self.tables: Mapping[str, Any] = story.get("tables", {})
        self.pools: Spec = words.get("pools", {})
        self.choices = choices
        self.present = tables
        self.place = place
        self.part = STORY
        self.path = ""
        self.table = ""
        self._tests: Mapping[str, Callable[[Any], None]] = {
            "any": lambda value: None,
            "number": lambda value: self._is(value, (int, float), "a number"),
            "numbers": self._numbers,
            "flag": lambda value: self._is(value, bool, "true or false"),
            "text": lambda value: self._is(value, str, "a text"),
            "column": self._column,
            "columns": lambda value: self._each(value, self._column),
            "moments": lambda value: self._each(value, self._moment),
            "template": self._template,
            "pool": self._pool,
            "list": self._list,
            "choices": lambda value: None,  # with their list: see _choices
            "table": self._table,
            "branches": self._branches,
            "specs": self._specs,
        }
        for field in ("seed", "days"):
            if not isinstance(story.get(field), int):
                self.path = field
                self._wrong("a whole number is missing")
        for table in self.tables:
            self._one_table(table)
        for path, circle in loops(self.tables, self.pools):
            self.path = path
            self._wrong(f"is made from itself: {' → '.join(circle)}")

    def _wrong(self, message: str, hint: str = "") -> None:
        file, path = self.place(self.part, self.path)
        self.problems.append(Problem(message, file=file, path=path, hint=hint))

    def _unknown(self, what: str, name: Any, known: Sequence[str]) -> None:
        self._wrong(f'there is no {what} "{name}"', did_you_mean(str(name), known))

    def _is(self, value: Any, kind: Any, name: str) -> None:
        if not isinstance(value, kind):
            self._wrong(f"{name} is wanted here")

    def _numbers(self, value: Any) -> None:
        if not isinstance(value, list) or not value or not all(isinstance(item, (int, float)) for item in value):
            self._wrong("a list of numbers is wanted here")

    def _each(self, value: Any, test: Callable[[Any], None]) -> None:
        for item in many(value):
            test(item)

    def _one_table(self, table: str) -> None:
        told, self.table, self.path = self.tables[table], table, f"tables.{table}"
        for field in told:
            if field not in _TABLE_FIELDS:
                self._unknown("field", field, _TABLE_FIELDS)
        missing = [field for field in ("label", "order", "rows", "columns") if field not in told]
        for field in missing:
            self._wrong(f'"{field}" is missing')
        if missing:
            return
        self.path = f"tables.{table}.label"
        self._template(told["label"])
        self.path = f"tables.{table}.order"
        self._column(told["order"])
        for number, group in enumerate(told["rows"], 1):
            self.path = f"tables.{table}.rows[{number}]"
            self._group(group)
        for name, spec in told["columns"].items():
            self.path = f"tables.{table}.columns.{name}"
            self._spec(spec)

    def _group(self, group: Spec) -> None:
        if "group" not in group:
            self._wrong('"group", the name of these rows, is missing')
        if isinstance(group.get("count"), int):
            return
        if "per" not in group or "each" not in group:
            self._wrong('how many rows? Give a "count", or "per" a table and "each" a column of it')
        elif group["per"] not in self.tables:
            self._unknown("table", group["per"], list(self.tables))
        elif group["each"] not in self._columns_of(group["per"]):
            self._unknown("column", group["each"], self._columns_of(group["per"]))

    def _spec(self, spec: Any) -> None:
        if not isinstance(spec, Mapping):
            return
        kind = spec.get("kind", "")
        if not kind or kind not in FIELDS:
            self._unknown("kind", kind, [known for known in FIELDS if known])
            return
        fields = {**FIELDS[kind], **FIELDS[""]}
        for field, wanted in fields.items():
            if wanted.endswith("!") and field not in spec:
                self._wrong(f'the kind "{kind}" needs "{field}"')
        here = self.path
        for field, value in spec.items():
            if field == "kind":
                continue
            self.path = here
            if field not in fields:
                self._wrong(f'the kind "{kind}" has no "{field}"', did_you_mean(field, list(fields)))
                continue
            self.path = f"{here}.{field}"
            self._tests[fields[field].removesuffix("!")](value)
        self.path = here
        self._together(kind, spec)

    def _together(self, kind: str, spec: Spec) -> None:
        """What only shows when several fields are seen together."""
        if kind == "text" and ("text" in spec) == ("pool" in spec):
            self._wrong('a text comes either from "text" or from a "pool"')
        if kind == "choice" and spec.get("list") in self.choices:
            for field in ("choice", "except"):
                self._choices(spec["list"], many(spec.get(field, [])), field)
        if kind == "equals" and (key := self._list_of(self.table, str(spec.get("column", "")))):
            self._choices(key, many(spec.get("choice", [])), "choice")
        if kind == "by" and isinstance(spec.get("of"), Mapping):
            name, keys = str(spec.get("column", "")), [key for key in spec["of"] if key != "*"]
            if key := self._list_of(self.table, name):
                self._choices(key, keys, "of")
            elif groups := self._groups_of(name):
                for group in keys:
                    if group not in groups:
                        self._unknown("group", group, groups)
        if kind == "reference" and (weight := spec.get("weight")):
            self._column_in(spec.get("table", ""), weight)
        if kind == "latest" and "column" in spec:
            self._column_in(spec.get("table", ""), spec["column"])

    def _column_in(self, table: str, name: str) -> None:
        if table in self.tables and name not in self._columns_of(table):
            self._unknown("column", name, self._columns_of(table))

    def _choices(self, key: str, names: Sequence[str], field: str) -> None:
        here = self.path
        self.path = f"{here}.{field}"
        for name in names:
            if not str(name).endswith("?") and name not in self.choices.get(key, {}) and self.table in self.present:
                self._unknown(f"choice in the list {key}", name, list(self.choices.get(key, {})))
        self.path = here

    def _branches(self, value: Any) -> None:
        if not isinstance(value, Mapping):
            self._wrong("a table of branches is wanted here")
            return
        here = self.path
        for key, spec in value.items():
            self.path = f"{here}.{key}"
            self._spec(spec)

    def _specs(self, value: Any) -> None:
        if not isinstance(value, list):
            self._wrong("a list is wanted here")
            return
        here = self.path
        for number, spec in enumerate(value, 1):
            self.path = f"{here}[{number}]"
            self._spec(spec)

    def _list(self, value: Any) -> None:
        if value not in self.choices and self.table in self.present:
            self._unknown("list", value, list(self.choices))

    def _table(self, value: Any) -> None:
        if value not in self.tables:
            self._unknown("table", value, list(self.tables))

    def _pool(self, value: Any) -> None:
        texts = self.pools.get(value)
        if not texts:
            self._unknown("pool of words", value, list(self.pools))
            return
        here, self.part = self.path, WORDS
        for branch, part in texts.items() if isinstance(texts, Mapping) else (("", texts),):
            for number, text in enumerate(part, 1):
                self.path = f"pools.{value}{'.' if branch else ''}{branch}[{number}]"
                self._template(text)
        self.path, self.part = here, STORY

    def _template(self, value: Any) -> None:
        if not isinstance(value, str):
            self._wrong("a text is wanted here")
            return
        for found in PLACEHOLDER.finditer(value):
            self._column(found[1])

    def _moment(self, value: Any) -> None:
        found = MOMENT.fullmatch(value) if isinstance(value, str) else None
        if not found:
            self._wrong(f'"{value}" is no day', 'write for example "today - 30" or "first_contact + 5"')
        elif found[1] != "today":
            self._column(found[1])

    def _column(self, value: Any) -> None:
        table = self.table
        names = str(value).partition(":")[0].split(".")
        for place, name in enumerate(names):
            known = self._columns_of(table)
            if name not in known:
                self._unknown(f"column in {table}", name, known)
                return
            if place + 1 < len(names):
                target = self._target(table, name)
                if target not in self.tables:
                    if not target:  # an unknown table is told where it is named
                        self._wrong(f'the column "{name}" of {table} refers to no other row')
                    return
                table = target

    def _columns_of(self, table: str) -> list[str]:
        return [*self.tables.get(table, {}).get("columns", {}), *_GIVEN]

    def _spec_at(self, table: str, path: str) -> tuple[str, Any]:
        """The description that a column's path leads to, and its table."""
        head, _, rest = path.partition(":")[0].partition(".")
        if rest:
            target = self._target(table, head)
            return self._spec_at(target, rest) if target in self.tables else ("", None)
        return table, self.tables.get(table, {}).get("columns", {}).get(head)

    def _follow(self, table: str, spec: Any, depth: int = 8) -> tuple[str, Any]:
        """The description at the end of copies and of first alternatives."""
        while isinstance(spec, Mapping) and depth:
            depth -= 1
            if spec.get("kind") == "copy":
                table, spec = self._spec_at(table, str(spec.get("column", "")))
            elif spec.get("kind") == "first" and spec.get("of"):
                spec = spec["of"][0]
            elif spec.get("kind") == "by" and spec.get("of"):
                spec = next((told for told in spec["of"].values() if isinstance(told, Mapping)), None)
            else:
                return table, spec
        return table, None

    def _target(self, table: str, name: str) -> str:
        _, spec = self._follow(*self._spec_at(table, name))
        return str(spec.get("table", "")) if spec else ""

    def _list_of(self, table: str, path: str) -> str:
        _, spec = self._follow(*self._spec_at(table, path))
        key = spec.get("list", "") if spec and spec.get("kind") == "choice" else ""
        return key if key in self.choices else ""

    def _groups_of(self, path: str) -> list[str]:
        head, _, last = path.rpartition(".")
        if last != "_group":
            return []
        _, spec = self._follow(*self._spec_at(self.table, head)) if head else ("", {"table": self.table})
        table = self.tables.get(str(spec.get("table", "")) if spec else "", {})
        return [group.get("group", "") for group in table.get("rows", [])]
