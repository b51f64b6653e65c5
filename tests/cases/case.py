"""One case as its file tells it: the description before, what people did, the description after, what is expected.

`before` and `after` hold `text` (sections of crm.toml), `head` (keys of [crm]), `team`, and `templates` (edits: file,
old text, new text); what `after` leaves out is as before. `data = false`: nobody typed anything. Steps of `user` are calls of
tests/changes/user.py; `#customers` stands for a sheet, `@customers.name` for the index of a column, `@customers.name+1` for
the next one, `customers:2` for the second row below a header wherever it is, `&board.charts` for a sheet's first chart.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.changes.crm import TEAM, Crm, description
from tests.changes.typed import Asked

FOLDER = Path(__file__).parent
_KEYS = {"about", "data", "before", "user", "after", "plan", "requests", "asked", "check"}
_SIDE = {"text", "head", "team", "templates"}
_COLUMN = re.compile(r"@([a-z_]+)\.([a-z_0-9]+)(?:([+-])(\d+))?")


@dataclass(frozen=True)
class Side:
    text: str
    templates: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Case:
    name: str
    about: str
    data: bool
    before: Side
    user: Sequence[Sequence[Any]]
    after: Side
    plan: Sequence[str]
    requests: Sequence[str] | None
    asked: Asked = field(default_factory=Asked)
    check: Sequence[Sequence[Any]] = ()  # [formula, what it shows in a cell of a sheet of people's own]


def cases(folder: str = "") -> list[Case]:
    return [_case(path) for path in sorted((FOLDER / folder).glob("*.toml"))]


def _case(path: Path) -> Case:
    raw = tomllib.loads(path.read_text("utf-8"))
    assert raw.keys() <= _KEYS, f"{path.name}: {raw.keys() - _KEYS}"
    before = raw.get("before", {})
    after = before | raw.get("after", {})
    asked = raw.get("asked", {})
    replaced: dict[tuple[str, str], dict[Any, Any]] = {}
    for sheet, column, old, new in asked.get("replaced", ()):
        replaced.setdefault((sheet, column), {})[old] = new
    return Case(
        path.stem,
        raw["about"],
        raw.get("data", True),
        _side(before),
        raw.get("user", ()),
        _side(after),
        raw.get("plan", ()),
        raw.get("requests"),
        Asked(asked.get("deleted", ()), replaced),
        raw.get("check", ()),
    )


def _side(raw: Mapping[str, Any]) -> Side:
    assert raw.keys() <= _SIDE, raw.keys() - _SIDE
    return Side(description(raw.get("text", ""), raw.get("head"), raw.get("team", TEAM)), raw.get("templates", ()))


def act(crm: Crm, steps: Sequence[Sequence[Any]]) -> None:
    """What the user does, step by step."""
    for name, *arguments in steps:
        options = arguments.pop() if arguments and isinstance(arguments[-1], dict) and name != "recolour" else {}
        getattr(crm.user, name)(*(_resolved(crm, one) for one in arguments), **options)


def _resolved(crm: Crm, value: Any) -> Any:
    if isinstance(value, list):
        return [_resolved(crm, one) for one in value]
    if not isinstance(value, str):
        return value
    if value.startswith("#"):
        key = value[1:]
        if key.isidentifier() and key in (marks := crm.marks()):
            return marks[key][0]
        return next(one for one, sheet in crm.user.sheets().items() if sheet["properties"]["title"] == key)
    if found := _COLUMN.fullmatch(value):
        sheet, column, sign, number = found.groups()
        return crm.column(sheet, column) + (int(f"{sign}{number}") if sign else 0)
    if found := re.fullmatch(r"&([a-z_]+)\.(\w+)", value):
        things = crm.user.sheets()[crm.sheet(found[1])][{"banding": "bandedRanges"}.get(found[2], found[2])]
        return things[0][{"banding": "bandedRangeId", "charts": "chartId"}[found[2]]]
    if found := re.fullmatch(r"([a-z_]+):(\d+)", value):
        return crm.header(found[1]) + int(found[2])
    return value
