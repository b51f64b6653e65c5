"""Sample rows: an invented, believable business, made from templates/sample/ by a small deterministic interpreter.

    story (how each column is made) + words (the language's pools) ─ check ─► tables of rows ─► values by table

Every column has a random stream of its own, seeded by its name, and columns are made when somebody asks for them: so
neither the order of the files' keys nor a column added elsewhere changes a value.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from ..errors import TemplateError
from .sample_check import check
from .sample_kinds import make
from .sample_story import Place, for_all
from .sample_values import Choice, Pick, Raw, Row, Stream, Value, plain
from .sample_world import Build

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def generate(
    story: Mapping[str, Any],
    words: Mapping[str, Any],
    choices: Mapping[str, Mapping[str, str]],
    team: Sequence[str],
    unit: float,
    now: dt.datetime,
    tables: Mapping[str, Sequence[str]],
    place: Place = for_all,
) -> dict[str, list[dict[str, Value]]]:
    """The sample rows of each table, in the order of their sheets' rows.

    story, words: templates/sample/story.toml and the language's file beside it, parsed. choices: of every list, key to
    title. team: the names that owners are drawn from. unit: how much of the currency is about one dollar. now: the
    clock in the CRM's time zone; only its day counts, and what has happened ends with the day before. tables: the input
    columns that this CRM has; what the story has beyond them is left out, what it lacks stays empty (None). place: in
    which file a part of the story stands, so that its faults are told there.
    Raises TemplateError with every problem of the story.
    """
    problems = check(story, words, choices, tables, place)
    if problems:
        raise TemplateError(problems)
    world = _World(story, words, choices, team, unit, now.date())
    return {
        table: [{column: plain(row.cells.get(column)) for column in columns} for row in world.rows(table)]
        for table, columns in tables.items()
        if table in story["tables"]
    }


class _World:
    """Everything that the makers of values may ask for, and the tables made so far."""

    def __init__(
        self,
        story: Mapping[str, Any],
        words: Mapping[str, Any],
        choices: Mapping[str, Mapping[str, str]],
        team: Sequence[str],
        unit: float,
        today: dt.date,
    ) -> None:
        self.team = list(team)
        self.unit = unit
        self.today = today
        self.first_day = today - dt.timedelta(days=int(story["days"]))
        calendar = words.get("calendar", {})
        self.weekend = {_WEEK.index(day) for day in calendar.get("weekend", [])}
        self.slow_months = set(calendar.get("slow_months", []))
        self.used: set[str] = set()  # addresses and numbers given away
        self._seed = int(story["seed"])
        self._tables: Mapping[str, Mapping[str, Any]] = story["tables"]
        self._pools: Mapping[str, Any] = words.get("pools", {})
        self._decks: dict[str, list[str]] = {}
        self._dealt: dict[str, int] = {}
        self._rows: dict[str, list[Row]] = {}
        self._finished: set[str] = set()
        self._odds: dict[tuple[str, str], list[float]] = {}
        self._lists = {
            key: [Choice(key, name, place, title) for place, (name, title) in enumerate(titles.items())]
            for key, titles in choices.items()
        }

    def choices(self, key: str) -> list[Choice]:
        """The choices of a list in their order; none where this CRM has no such list."""
        return self._lists.get(key, [])

    def stream(self, name: str) -> Stream:
        return Stream(self._seed, name)

    def deal(self, pool: str, branch: str) -> str | None:
        """The next text of a pool: all come once, in an order of their own, before any comes again."""
        key = f"{pool}/{branch}"
        if key not in self._decks:
            texts = self._pools[pool]
            if isinstance(texts, Mapping):
                texts = texts.get(branch, texts.get("*", []))
            self._decks[key] = self.stream(f"pool {key}").shuffled(texts)
            self._dealt[key] = 0
        deck = self._decks[key]
        if not deck:
            return None
        self._dealt[key] += 1
        return deck[(self._dealt[key] - 1) % len(deck)]

    def rows(self, table: str) -> list[Row]:
        """All rows of a table in order; of a table that is being made, those made so far."""
        if table not in self._rows:
            self._rows[table] = []
            self._make(table)
        return self._rows[table]

    def draw_row(self, table: str, weight: str, chance: float) -> Row | None:
        """The row at `chance` (0 to 1) of a table, each as likely as its column `weight` says; "" = all alike."""
        rows = self.rows(table)
        if table in self._finished and (table, weight) in self._odds:
            sums = self._odds[table, weight]
        else:
            sums = list(accumulate(float(row.at((weight,)) or 0) if weight else 1.0 for row in rows))
            if table in self._finished:
                self._odds[table, weight] = sums
        if not sums or not sums[-1]:
            return None
        return rows[bisect_right(sums, chance * sums[-1])]

    def _make(self, table: str) -> None:
        told = self._tables[table]
        label = make({"kind": "text", "text": told["label"]}, Build(self, f"{table} label"))
        makers = {name: make(spec, Build(self, f"{table}.{name}")) for name, spec in told["columns"].items()}
        rows = self._rows[table]
        for group in told["rows"]:
            for parent, number in self._places(group):
                row = Row(table, makers, parent, {"_group": group["group"], "_nth": float(number)})
                for column in makers:
                    row.at((column,))
                rows.append(row)
        order = told["order"]
        rows.sort(key=lambda row: _sortable(row.cells[order]))
        prefix = told.get("prefix", "")
        for number, row in enumerate(rows, 1):
            row.cells["_id"] = f"{prefix}-{number:04}" if prefix else ""
            for name, spec in told["columns"].items():
                if isinstance(spec, Mapping) and spec["kind"] == "id":
                    row.cells[name] = row.cells["_id"]
        for row in rows:
            row.label = str(label(row) or row.cells["_id"])
        self._finished.add(table)

    def _places(self, group: Mapping[str, Any]) -> list[tuple[Row | None, int]]:
        if "count" in group:
            return [(None, number) for number in range(1, group["count"] + 1)]
        each = group["each"]
        return [
            (parent, number)
            for parent in self.rows(group["per"])
            for number in range(1, int(_count(parent.at((each,)))) + 1)
        ]


def _count(value: Raw) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _sortable(value: Raw) -> str:
    return value.isoformat() if isinstance(value, dt.date) else Pick.text(value) or ""
